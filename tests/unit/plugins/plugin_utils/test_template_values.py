# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What templates hand to lookups: values of every kind, what is omitted, and what has yet to be evaluate_template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.errors import AnsibleError

from ansible_collections.huaweicloud.drs.plugins.plugin_utils._template_values import evaluate_template, resolve_value

PLACEHOLDER = "__omit_place_holder__" + "0123456789abcdef" * 2


class _OmitType:
    """Stands for the object of ansible-core 2.19 and newer: only its name counts."""


class AnsibleValueOmittedError(AnsibleError):
    """Stands for what ansible-core 2.19 and newer raises where a template comes to that object."""


class Vaulted:
    """Stands for a value that Ansible Vault has encrypted, which opens when it is read."""

    __ENCRYPTED__ = True

    def __str__(self) -> str:
        """Open it."""
        return "opened"


class Undefined:
    """Stands for what is undefined, which says so when it is read."""

    def __str__(self) -> str:
        """Say so."""
        raise AnsibleError("'nosuch' is undefined")


class Template:
    """Evaluates everything to what a function gives."""

    def __init__(self, give: Callable[[], Any]) -> None:
        """Take the function."""
        self._give = give

    def template(self, _variable: Any) -> Any:
        """Evaluate."""
        return self._give()


def omitted() -> Any:
    """Do what ansible-core does where a template comes to nothing."""
    raise AnsibleValueOmittedError


@pytest.mark.parametrize("value", ["text", "", PLACEHOLDER + "-x", None, True, 5, 1.5, ["a"], ("a",), {"a": 1}])
def test_a_value_is_itself(value: object) -> None:
    assert resolve_value(value) is value
    assert evaluate_template(None, value) is value


@pytest.mark.parametrize("value", [PLACEHOLDER, _OmitType()], ids=["placeholder", "object"])
def test_what_is_omitted_is_none(value: object) -> None:
    assert resolve_value(value) is None
    assert evaluate_template(Template(lambda: value), "{{ omit }}") is None


def test_what_is_omitted_within_a_template_is_none() -> None:
    assert evaluate_template(Template(omitted), "{{ omit }}") is None


def test_a_template_comes_to_its_value() -> None:
    assert evaluate_template(Template(lambda: "value"), "{{ variable }}") == "value"


def test_what_is_vaulted_is_opened() -> None:
    assert resolve_value(Vaulted()) == "opened"


def test_what_is_undefined_says_so() -> None:
    with pytest.raises(AnsibleError, match="'nosuch' is undefined"):
        resolve_value(Undefined())
    with pytest.raises(AnsibleError, match="'nosuch' is undefined"):
        evaluate_template(Template(Undefined), "{{ nosuch }}")
