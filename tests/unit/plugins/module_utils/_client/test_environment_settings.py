# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The proxy that the environment names for a request: its variable, what is wrong with it, whether it reads along."""

from __future__ import annotations

import pytest
import requests

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.environment_settings import (
    Environment,
    read_environment_settings,
)

SERVICE = "://drs.example.com/v3"


def environment_for(scheme: str) -> Environment:
    """Return the environment of requests to a service with URLs of this scheme."""
    with requests.Session() as session:
        settings = session.merge_environment_settings(f"{scheme}{SERVICE}", {}, None, True, None)
    return read_environment_settings(scheme, f"{scheme}{SERVICE}", dict(settings))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_without_a_proxy_there_is_nothing_to_say(scheme: str) -> None:
    found = environment_for(scheme)
    assert (found.proxy, found.forwards, found.problem) == (None, None, None)


@pytest.mark.parametrize(
    ("scheme", "variable", "address", "forwards"),
    [
        ("http", "HTTP_PROXY", "http://proxy:3128", True),
        ("http", "http_proxy", "http://proxy:3128", True),
        ("http", "ALL_PROXY", "socks5h://proxy:1080", False),
        # Through a tunnel it sees nothing.
        ("https", "HTTPS_PROXY", "http://proxy:3128", False),
        ("https", "all_proxy", "http://proxy:3128", False),
    ],
)
def test_the_variable_of_a_proxy_is_named_and_whether_it_reads_the_request(
    monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str, address: str, forwards: bool
) -> None:
    monkeypatch.setenv(variable, address)
    found = environment_for(scheme)
    assert (found.proxy, found.forwards, found.problem) == (variable, variable if forwards else None, None)


def test_a_host_that_is_excepted_has_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "example.com")
    assert environment_for("https").proxy is None


def test_an_address_that_cannot_work_is_told_with_its_variable_and_without_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:canary@proxy:99999")
    problem = environment_for("https").problem
    assert problem == "HTTPS_PROXY has a port that is no number from 1 to 65535"
