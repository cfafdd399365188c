# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the frame of the IAM lookups: options in, values out, one line where something is wrong.

Nothing here displays a value: a lookup has no ``no_log``, so what it shows stays shown. At -vv it shows retries.
"""

from __future__ import annotations

import os
from abc import abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import closing
from dataclasses import asdict
from types import MappingProxyType
from typing import Any, NamedTuple

from ansible.errors import AnsibleLookupError
from ansible.plugins.lookup import LookupBase
from ansible.utils.display import Display
from ansible.utils.path import unfrackpath

from ..module_utils._client.clock import Clock, SystemClock
from ..module_utils._client.iam_tokens import Token
from ..module_utils._core.cloud_region import (
    IAM,
    REGION_ENVIRONMENT,
    CloudRegion,
    Setting,
    Settings,
    resolve_cloud_region,
)
from ..module_utils._core.credentials import Scope
from ..module_utils._core.errors import CloudError, ConfigurationError
from ..module_utils._core.masking import SECRET_OPTIONS, Masker, find_proxy_passwords, find_url_passwords
from ..module_utils._core.option_values import resolve_aliases
from ..module_utils._core.retry import Retry
from ..module_utils._core.text_options import check_not_blank, check_text
from ..module_utils._module.raw_options import validate_value
from ..plugin_utils._lookup_options import IDENTITY_OPTIONS, parse_terms
from ._iam_session import IamSession, LookupContext
from ._template_values import evaluated, plain

# What Ansible hands on to a lookup though it is for itself: with a loop, and up to ansible-core 2.18 else, too.
_FOR_ANSIBLE = ("wantlist", "allow_unsafe")


class _Variable(NamedTuple):
    """A variable of the play or the environment, and what it comes to."""

    name: str
    value: Any


class IamLookup(LookupBase):
    """A lookup of this collection."""

    clock: Clock = SystemClock()
    given: frozenset[str] = frozenset()
    """The options that the task names, by keyword or play variable; the others are from the environment."""
    _values: Mapping[str, Any] = MappingProxyType({})
    _variables: Mapping[str, str] = MappingProxyType({})
    """The variables that options are from, of the play or the environment."""
    _masker: Masker
    _said: tuple[Settings, ...] = ()
    """What the task says of the place: its keywords, then the play variables."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Give the values. Raises AnsibleLookupError."""
        self._masker = Masker((*find_proxy_passwords(os.environ), *find_url_passwords(kwargs.values())))
        self._learn(kwargs.get)
        try:
            self._read_options(variables or {}, kwargs)
            self._learn(self._values.get)
            return self.find(self._names_in(terms))
        except CloudError as error:
            raise AnsibleLookupError(self._masker.mask(str(error))) from None

    def get_option(self, option: str, hostvars: dict[str, Any] | None = None) -> Any:
        """Give an option. Raise ConfigurationError for a text that cannot be sent.

        Ansible takes what is no boolean for false, and of several variables of the environment the last.
        """
        value = self._values[option]
        if isinstance(value, str) and option != "ca_path":
            check_text(option, value, self._variables.get(option))
        return value

    @property
    def lookup_name(self) -> str:
        """How the lookup is called in a template."""
        return f"huaweicloud.drs.{type(self).__module__.rpartition('.')[2]}"

    @abstractmethod
    def find(self, terms: list[str]) -> list[Any]:
        """Give the values for the terms. Raises CloudError."""

    def place(self, *, is_project_named: bool) -> CloudRegion:
        """Give the place to ask; ``is_project_named`` says that the terms name the projects. Raises ConfigurationError.

        Whatever names the project in the task, a project of the environment does not count.
        """
        terms: Settings = {"project_name": Setting("terms", "")} if is_project_named else {}
        return resolve_cloud_region([terms, *self._said], os.environ, (IAM,))

    def session(self, place: CloudRegion, requests: int) -> closing[IamSession]:
        """Give IAM at its place, for so many requests. Raises ConfigurationError."""
        context = LookupContext(self.clock, bool(self.get_option("cache")), self._warn, self._show_retry, self._masker)
        return closing(IamSession(place, self.get_option, context, requests))

    def scopes(self, place: CloudRegion, terms: list[str]) -> list[Scope]:
        """Give the projects that tokens are asked for: one for each term, or that of the place."""
        return [Scope(project_name=term) for term in terms] or [place.scope()]

    def shown(self, tokens: list[Token]) -> list[Any]:
        """Give the tokens in the form that the options ask for."""
        return [asdict(token) if self.get_option("detail") else token.token for token in tokens]

    def _names_in(self, terms: Any) -> list[str]:
        """Return the names of projects that the terms are. Raise ConfigurationError."""
        given = terms if isinstance(terms, list | tuple) else [terms]
        return parse_terms(self.lookup_name, [plain(term) for term in given])

    def _read_options(self, variables: Mapping[str, Any], kwargs: Mapping[str, Any]) -> None:
        """Take the options: keywords, else play variables, else the environment. Raises ConfigurationError."""
        definitions = {name: each for name, each in self.option_definitions.items() if name != "_terms"}
        aliases = {alias: name for name, each in definitions.items() for alias in each.get("aliases") or ()}
        self._refuse_unknown(kwargs, [*definitions, *aliases])
        keywords = {}
        for name, value in kwargs.items():
            option = aliases.get(name, name)
            if option in definitions and (given := self._checked(option, plain(value), name)) is not None:
                keywords[name] = given
        direct = resolve_aliases(keywords, aliases, lambda _option, value: value)
        played = self._played(definitions, variables, direct)
        self.given = frozenset((*direct, *played))
        found = self._in_environment({name: each for name, each in definitions.items() if name not in self.given})
        held = {**found, **{name: each for name, each in played.items() if name not in direct}}
        self._variables = {name: each.name for name, each in held.items()}
        defaults = {name: each.get("default") for name, each in definitions.items()}
        self._values = {**defaults, **{name: each.value for name, each in held.items()}, **direct}
        self._said = (
            self._place_in((aliases.get(name, name), name, value) for name, value in keywords.items()),
            self._place_in((option, *each) for option, each in played.items()),
        )

    def _refuse_unknown(self, kwargs: Mapping[str, Any], known: Collection[str]) -> None:
        """Raise ConfigurationError for a keyword that is no option. Its value may be a secret, so only its name."""
        unknown = [name for name in kwargs if name not in known and name not in _FOR_ANSIBLE]
        if unknown:
            raise ConfigurationError(
                f"{' and '.join(unknown)} {'are no options' if unknown[1:] else 'is no option'} of the lookup "
                f"{self.lookup_name}, which has {', '.join(known)}"
            )

    def _played(
        self, definitions: Mapping[str, Any], variables: Mapping[str, Any], direct: Collection[str]
    ) -> dict[str, _Variable]:
        """Return what play variables say, as far as it counts: also of the place that keywords say something of."""
        played = {}
        for option, definition in definitions.items():
            for name in (each["name"] for each in definition.get("vars") or ()):
                if name in variables and (option not in direct or option in REGION_ENVIRONMENT):
                    value = self._checked(option, evaluated(self._templar, variables[name]), name)
                    if value is not None:
                        played[option] = _Variable(name, value)
        return played

    def _in_environment(self, definitions: Mapping[str, Any]) -> dict[str, _Variable]:
        """Return what the environment says: the first variable that is set. AWX sets empty ones for empty fields."""
        found = {}
        for option, definition in definitions.items():
            names = (each["name"] for each in definition.get("env") or ())
            name = next((name for name in names if os.environ.get(name, "").strip()), None)
            if name is not None:
                found[option] = _Variable(name, self._checked(option, os.environ[name], name))
        return found

    def _checked(self, option: str, value: Any, name: str) -> Any:
        """Return a value as its option wants it, None for one that says nothing. Raise ConfigurationError."""
        if value is None:
            return None
        definition = self.option_definitions[option]
        checked = validate_value(definition, option, value, name)
        if isinstance(checked, str) and option in IDENTITY_OPTIONS:
            check_not_blank(option, checked, name)
        if option in (*REGION_ENVIRONMENT, "ca_path") and not checked.strip():
            return None
        # As Ansible reads a path of a lookup; a module reads one where it runs.
        return unfrackpath(checked, follow=False) if definition.get("type") == "path" else checked

    def _learn(self, get: Callable[[str], Any]) -> None:
        """Take the secrets among the options, as far as they are known by now."""
        for option in SECRET_OPTIONS & self.option_definitions.keys():
            value = get(option)
            if isinstance(value, str):  # whatever else it is, it is refused or made one
                self._masker.add_secret(value)

    def _warn(self, warning: str) -> None:
        """Show a warning, which Ansible does once a run."""
        Display().warning(self._masker.mask(warning))

    def _show_retry(self, retry: Retry) -> None:
        """Show at -vv that a request is about to be repeated."""
        Display().vv(self._masker.mask(str(retry)))

    def _place_in(self, named: Iterable[tuple[str, str, Any]]) -> Settings:
        """Give what one source says of the place, from options, their names there, and values.

        Names of options that this lookup does not have are in it as little.
        """
        return {option: Setting(name, value.strip()) for option, name, value in named if option in REGION_ENVIRONMENT}
