# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The base class of the IAM lookups: reads the options, returns values, and raises errors of one line.

It displays warnings, and retries at -vv, but no value: a lookup has no ``no_log``, so a value could not be hidden.
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
from ._template_values import evaluate_template, resolve_value

# Keywords that Ansible passes to a lookup for its own use: in loops, and up to ansible-core 2.18 everywhere.
_ANSIBLE_KEYWORDS = ("wantlist", "allow_unsafe")


class _Variable(NamedTuple):
    """The name of a play or environment variable, and its validated value."""

    name: str
    value: Any


class IamLookup(LookupBase):
    """A lookup of this collection."""

    clock: Clock = SystemClock()
    explicit_options: frozenset[str] = frozenset()
    """The options that keywords or play variables set, and not the environment."""
    _values: Mapping[str, Any] = MappingProxyType({})
    _variables: Mapping[str, str] = MappingProxyType({})
    """The play or environment variables that hold the values of options, by option."""
    _masker: Masker
    _location: tuple[Settings, ...] = ()
    """The region, project and endpoints that the task sets: by keywords, then by play variables."""

    def run(self, terms: list[Any], variables: Mapping[str, Any] | None = None, **kwargs: Any) -> list[Any]:
        """Return the values. Raise AnsibleLookupError."""
        self._masker = Masker((*find_proxy_passwords(os.environ), *find_url_passwords(kwargs.values())))
        self._add_secrets(kwargs.get)
        try:
            self._read_options(variables or {}, kwargs)
            self._add_secrets(self._values.get)
            return self.get_values(self._parse_terms(terms))
        except CloudError as error:
            raise AnsibleLookupError(self._masker.mask(str(error))) from None

    def get_option(self, option: str, hostvars: dict[str, Any] | None = None) -> Any:
        """Return an option. Raise ConfigurationError for a text that cannot be sent.

        This replaces Ansible's method, which converts invalid booleans to false, and prefers the last of several
        environment variables.
        """
        value = self._values[option]
        if isinstance(value, str) and option != "ca_path":
            check_text(option, value, self._variables.get(option))
        return value

    @property
    def lookup_name(self) -> str:
        """The full name of the lookup."""
        return f"huaweicloud.drs.{type(self).__module__.rpartition('.')[2]}"

    @abstractmethod
    def get_values(self, terms: list[str]) -> list[Any]:
        """Return the values for the terms. Raise CloudError."""

    def cloud_region(self, *, terms_are_projects: bool) -> CloudRegion:
        """Return the region, project and IAM endpoint. Raise ConfigurationError.

        If terms name the projects, a project of the environment is ignored, as it is with a project in the task.
        """
        terms: Settings = {"project_name": Setting("terms", "")} if terms_are_projects else {}
        return resolve_cloud_region([terms, *self._location], os.environ, (IAM,))

    def open_session(self, cloud_region: CloudRegion, max_requests: int) -> closing[IamSession]:
        """Return a session of IAM for up to ``max_requests`` requests. Raise ConfigurationError."""
        context = LookupContext(self.clock, bool(self.get_option("cache")), self._warn, self._show_retry, self._masker)
        return closing(IamSession(cloud_region, self.get_option, context, max_requests))

    def build_scopes(self, cloud_region: CloudRegion, terms: list[str]) -> list[Scope]:
        """Return the scopes of the tokens: one project for each term, or that of the options."""
        return [Scope(project_name=term) for term in terms] or [cloud_region.scope()]

    def format_tokens(self, tokens: list[Token]) -> list[Any]:
        """Return the tokens as plain strings, or as dictionaries with the option ``detail``."""
        return [asdict(token) if self.get_option("detail") else token.token for token in tokens]

    def _parse_terms(self, terms: Any) -> list[str]:
        """Return the project names in the terms. Raise ConfigurationError."""
        listed = terms if isinstance(terms, list | tuple) else [terms]
        return parse_terms(self.lookup_name, [resolve_value(term) for term in listed])

    def _read_options(self, variables: Mapping[str, Any], kwargs: Mapping[str, Any]) -> None:
        """Read the options from keywords, else play variables, else the environment. Raise ConfigurationError."""
        definitions = {name: each for name, each in self.option_definitions.items() if name != "_terms"}
        aliases = {alias: name for name, each in definitions.items() for alias in each.get("aliases") or ()}
        self._check_keywords(kwargs, [*definitions, *aliases])
        keywords = {}
        for name, value in kwargs.items():
            option = aliases.get(name, name)
            if option in definitions and (valid := self._validate(option, resolve_value(value), name)) is not None:
                keywords[name] = valid
        direct = resolve_aliases(keywords, aliases, lambda _option, value: value)
        play_variables = self._read_play_variables(definitions, variables, direct)
        self.explicit_options = frozenset((*direct, *play_variables))
        environment = self._read_environment([name for name in definitions if name not in self.explicit_options])
        indirect = {**environment, **{name: each for name, each in play_variables.items() if name not in direct}}
        self._variables = {name: each.name for name, each in indirect.items()}
        defaults = {name: each.get("default") for name, each in definitions.items()}
        self._values = {**defaults, **{name: each.value for name, each in indirect.items()}, **direct}
        self._location = (
            _location_settings((aliases.get(name, name), name, value) for name, value in keywords.items()),
            _location_settings((option, *each) for option, each in play_variables.items()),
        )

    def _check_keywords(self, kwargs: Mapping[str, Any], known: Collection[str]) -> None:
        """Raise ConfigurationError for a keyword that is not an option. Its value may be secret and is not shown."""
        unknown = [name for name in kwargs if name not in known and name not in _ANSIBLE_KEYWORDS]
        if unknown:
            raise ConfigurationError(
                f"{' and '.join(unknown)} {'are no options' if unknown[1:] else 'is no option'} of the lookup "
                f"{self.lookup_name}, which has {', '.join(known)}"
            )

    def _read_play_variables(
        self, definitions: Mapping[str, Any], variables: Mapping[str, Any], direct: Collection[str]
    ) -> dict[str, _Variable]:
        """Return the options in play variables. Those that keywords set are left out, except the location's."""
        options = {}
        for option, definition in definitions.items():
            for name in (each["name"] for each in definition.get("vars") or ()):
                if name in variables and (option not in direct or option in REGION_ENVIRONMENT):
                    value = self._validate(option, evaluate_template(self._templar, variables[name]), name)
                    if value is not None:
                        options[option] = _Variable(name, value)
        return options

    def _read_environment(self, options: Collection[str]) -> dict[str, _Variable]:
        """Return the options in the environment: of each the first variable that is not empty.

        AWX sets an empty variable for each empty field of a credential.
        """
        variables = {}
        for option in options:
            names = (each["name"] for each in self.option_definitions[option].get("env") or ())
            name = next((name for name in names if os.environ.get(name, "").strip()), None)
            if name is not None:
                variables[option] = _Variable(name, self._validate(option, os.environ[name], name))
        return variables

    def _validate(self, option: str, value: Any, name: str) -> Any:
        """Return the converted value of an option, None for one that counts as not set. Raise ConfigurationError."""
        if value is None:
            return None
        definition = self.option_definitions[option]
        valid = validate_value(definition, option, value, name)
        if isinstance(valid, str) and option in IDENTITY_OPTIONS:
            check_not_blank(option, valid, name)
        if option in (*REGION_ENVIRONMENT, "ca_path") and not valid.strip():
            return None
        # Ansible expands paths of lookups itself; a module expands them where it runs.
        return unfrackpath(valid, follow=False) if definition.get("type") == "path" else valid

    def _add_secrets(self, get: Callable[[str], Any]) -> None:
        """Register the secret options for masking."""
        for option in SECRET_OPTIONS & self.option_definitions.keys():
            value = get(option)
            if isinstance(value, str):  # other types are rejected, or converted before the second call
                self._masker.add_secret(value)

    def _warn(self, warning: str) -> None:
        Display().warning(self._masker.mask(warning))

    def _show_retry(self, retry: Retry) -> None:
        Display().vv(self._masker.mask(str(retry)))


def _location_settings(options: Iterable[tuple[str, str, Any]]) -> Settings:
    """Return the settings of the location among options, each with the name that the user sees, and its value."""
    return {option: Setting(name, value.strip()) for option, name, value in options if option in REGION_ENVIRONMENT}
