# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the frame of the IAM lookups: options in, values out, one line where something is wrong.

Nothing here displays a value: a lookup has no ``no_log``, so what it shows stays shown.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import asdict
from typing import Any

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display

from ..module_utils._client.clock import Clock, SystemClock
from ..module_utils._client.iam import Token
from ..module_utils._client.requirements import missing_requests
from ..module_utils._core.bounds import number_of
from ..module_utils._core.credentials import Scope
from ..module_utils._core.errors import CloudError
from ..module_utils._core.given import without_aliases
from ..module_utils._core.place import IAM, PLACE_ENVIRONMENT, Layer, Place, Said, place_from
from ._iam_session import IamSession, Surroundings


class IamLookup(LookupBase):
    """A lookup of this collection."""

    clock: Clock = SystemClock()
    given: frozenset[str] = frozenset()
    """The options that the task names, by keyword or play variable; the others are from the environment."""
    _said: tuple[Layer, ...] = ()
    """What the task says of the place: its keywords, then the play variables."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Give the values. Raises AnsibleLookupError."""
        missing = missing_requests("run ansible-playbook, and with it all lookups, with a Python that has it")
        if missing is not None:
            raise AnsibleLookupError(missing)
        try:
            self._read_options(variables or {}, kwargs)
            return self.find([str(term) for term in terms])
        except CloudError as error:
            raise AnsibleLookupError(str(error)) from None

    def get_option(self, option: str, hostvars: dict[str, Any] | None = None) -> Any:
        """Give an option. Of several variables of the environment the first counts, and an empty one is not set.

        Ansible would take the last, and the current directory for an empty path. AWX sets an empty variable for each
        field of a credential that is left empty.
        """
        names = [each["name"] for each in self.option_definitions.get(option, {}).get("env") or ()]
        if option in self.given or not any(name in os.environ for name in names):
            return super().get_option(option, hostvars)
        first = next((os.environ[name] for name in names if os.environ.get(name, "").strip()), None)
        if first is None:
            return self.option_definitions[option].get("default")
        return first if len(names) > 1 else super().get_option(option, hostvars)

    @abstractmethod
    def find(self, terms: list[str]) -> list[Any]:
        """Give the values for the terms. Raises CloudError."""

    def place(self, *, is_project_named: bool) -> Place:
        """Give the place to ask; ``is_project_named`` says that the terms name the projects. Raises ConfigurationError.

        Whatever names the project in the task, a project of the environment does not count.
        """
        terms: Layer = {"project_name": Said("terms", "")} if is_project_named else {}
        return place_from([terms, *self._said], os.environ, (IAM,))

    def session(self, place: Place, requests: int) -> closing[IamSession]:
        """Give IAM at its place, for so many requests. Raises ConfigurationError."""
        # Ansible shows a warning once a run.
        world = Surroundings(self.clock, bool(self.get_option("cache")), Display().warning)
        return closing(IamSession(place, self.get_option, world, requests))

    def scopes(self, place: Place, terms: list[str]) -> list[Scope]:
        """Give the projects that tokens are asked for: one for each term, or that of the place."""
        return [Scope(project_name=term) for term in terms] or [place.scope()]

    def shown(self, tokens: list[Token]) -> list[Any]:
        """Give the tokens in the form that the options ask for."""
        return [asdict(token) if self.get_option("detail") else token.token for token in tokens]

    def _read_options(self, variables: Mapping[str, Any], kwargs: Mapping[str, Any]) -> None:
        """Take the options; play variables are evaluated first, for Ansible hands them over as they are written."""
        names = {
            option: each["name"]
            for option, definition in self.option_definitions.items()
            for each in definition.get("vars") or ()
            if each["name"] in variables
        }
        values = {name: variables[name] for name in names.values()}
        if self._templar is not None:
            values = {name: self._templar.template(value) for name, value in values.items()}
        aliases = {
            alias: option
            for option, definition in self.option_definitions.items()
            for alias in definition.get("aliases") or ()
        }
        keywords = {name: value for name, value in kwargs.items() if value is not None}
        direct = without_aliases(keywords, aliases, lambda _option, value: str(value))
        # An empty path names no file, and Ansible would make the current directory of it.
        direct = {name: value for name, value in direct.items() if name != "ca_path" or value != ""}
        values = {name: value for name, value in values.items() if name != names.get("ca_path") or value != ""}
        self._check_numbers({**{option: values.get(name) for option, name in names.items()}, **direct})
        self.set_options(var_options=values, direct=direct)
        for name in kwargs.keys() - self.option_definitions.keys() - aliases.keys():
            # Ansible takes any keyword without a word, a mistyped one too. Its value may be a secret, so only its name.
            Display().warning(f"{name} is no option of this lookup (huaweicloud.drs) and has no effect")
        named = [*((option, values.get(name)) for option, name in names.items()), *direct.items()]
        self.given = frozenset(name for name, value in named if value is not None)
        self._said = (
            self._place_in((aliases.get(name, name), name, value) for name, value in keywords.items()),
            self._place_in((option, name, values.get(name)) for option, name in names.items()),
        )

    def _place_in(self, named: Iterable[tuple[str, str, Any]]) -> Layer:
        """Give what one source says of the place, from options, their names there, and values. Empty texts say nothing.

        Names of options that this lookup does not have are in it as little.
        """
        known = PLACE_ENVIRONMENT.keys() & self.option_definitions.keys()
        texts = ((option, name, str(value).strip()) for option, name, value in named if value is not None)
        return {option: Said(name, text) for option, name, text in texts if text and option in known}

    def _check_numbers(self, given: Mapping[str, Any]) -> None:
        """Raise ConfigurationError for a number that is none, or too large, from the task or the environment."""
        for option, definition in self.option_definitions.items():
            if definition.get("type") in ("int", "float"):
                variables = [each["name"] for each in definition.get("env") or ()]
                source = next((name for name in variables if os.environ.get(name, "").strip()), None)
                if given.get(option) is not None:
                    number_of(option, given[option])
                elif source is not None:
                    number_of(option, os.environ[source], source)
