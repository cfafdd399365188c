# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Lines of a task: how they look, and where they go. Workers of a real Ansible: tests/system/ecosystem."""

from __future__ import annotations

import io
import logging
import sys
from unittest import mock

import pytest
from ansible import constants as C
from ansible.utils import display as ansible_display

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.progress_line import LineKind, ProgressLine
from ansible_collections.huaweicloud.drs.plugins.plugin_utils import _task_output
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._task_output import TaskOutput

LINE = ProgressLine("2 jobs: 2 to stop")


def test_a_line_is_displayed_at_normal_verbosity(capsys: pytest.CaptureFixture[str]) -> None:
    TaskOutput(None).show(LINE)
    assert capsys.readouterr() == ("2 jobs: 2 to stop\n", "")


def test_a_line_begins_with_the_host_where_there_are_more(capsys: pytest.CaptureFixture[str]) -> None:
    TaskOutput("db1").show(LINE)
    assert capsys.readouterr().out == "db1: 2 jobs: 2 to stop\n"


def test_a_line_stays_one_line_whatever_the_cloud_says(capsys: pytest.CaptureFixture[str]) -> None:
    TaskOutput(None).show(ProgressLine("a\nb\x1b[2Jc\u2028d"))
    assert capsys.readouterr().out == "a b [2Jc d\n"


@pytest.mark.parametrize("callback", ["json", "ansible.posix.json", "ansible.posix.jsonl"])
def test_output_that_programs_read_gets_no_lines(callback: str, capsys: pytest.CaptureFixture[str]) -> None:
    real = C.config.get_config_value

    def get_config_value(name: str, *arguments: object, **options: object) -> object:
        return callback if name == "DEFAULT_STDOUT_CALLBACK" else real(name, *arguments, **options)

    with mock.patch.object(C.config, "get_config_value", get_config_value):
        TaskOutput(None).show(LINE)
    assert capsys.readouterr() == ("", "2 jobs: 2 to stop\n")


@pytest.mark.parametrize("kind", LineKind)
def test_a_line_has_the_color_of_its_kind(kind: LineKind) -> None:
    with mock.patch.object(ansible_display.Display, "display") as display:
        TaskOutput(None).show(ProgressLine("text", kind))
    assert (
        display.call_args.args[-2]
        == {
            LineKind.INFORMATION: C.config.get_config_value("COLOR_OK"),
            LineKind.CHANGE: C.config.get_config_value("COLOR_CHANGED"),
            LineKind.PROBLEM: C.config.get_config_value("COLOR_ERROR"),
        }[kind]
    )


def test_a_line_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    with mock.patch.object(ansible_display, "logger", logging.getLogger("ansible")), caplog.at_level(logging.INFO):
        TaskOutput(None).show(LINE)
    assert caplog.messages == ["2 jobs: 2 to stop"]


def test_the_last_line_outside_of_a_worker_is_one_like_others(capsys: pytest.CaptureFixture[str]) -> None:
    TaskOutput(None).write(LINE)
    assert capsys.readouterr().out == "2 jobs: 2 to stop\n"


def test_lines_to_a_pipe_are_written_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    stdout = io.TextIOWrapper(written, line_buffering=False)
    monkeypatch.setattr(sys, "stdout", stdout)
    print("before", file=stdout)
    assert written.getvalue() == b""
    _task_output._write_lines_at_once()
    print("after", file=stdout)
    assert written.getvalue() == b"before\nafter\n"
