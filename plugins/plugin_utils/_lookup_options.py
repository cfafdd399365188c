# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the options that only lookups have, or understand in their own way."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ..module_utils._core.config import (
    CREDENTIAL_ENVIRONMENT,
    KEY_OPTIONS,
    USER_OPTIONS,
    OptionGetter,
    build_credential,
    build_password_credential,
    parse_credential,
    parse_text,
    read_environment_credentials,
)
from ..module_utils._core.credentials import Agency, Credential
from ..module_utils._core.errors import ConfigurationError
from ..module_utils._core.option_values import format_value
from ..module_utils._core.text_options import TextOptions, check_text

IDENTITY_OPTIONS = (*CREDENTIAL_ENVIRONMENT, "user_id", "totp_passcode")
"""The options of lookups that say who asks."""

AGENCY_ENVIRONMENT = {
    "agency_name": "HW_ASSUME_ROLE_AGENCY_NAME",
    "agency_domain_name": "HW_ASSUME_ROLE_DOMAIN_NAME",
}
"""Where the agency is from when the task names none."""


def parse_lookup_credential(
    get: OptionGetter, given: Collection[str], environ: Mapping[str, str], *, keys: bool = True
) -> Credential:
    """Give the credential of a lookup: ``get`` also looks into the environment, ``given`` are the task's own options.

    What the task names decides between token, access key and user; what is missing of a user may come from the
    environment, option by option, as for every lookup. Without ``keys`` access keys do not count.
    Raises ConfigurationError.
    """
    first = {"token", *(KEY_OPTIONS if keys else ())}
    task = {name: get(name) for name in given if name in CREDENTIAL_ENVIRONMENT and get(name)}
    if task.keys() & first:
        return parse_credential(task.get, {})
    is_user = task.keys() & {"username", "password"} or ("user_id" in given and get("user_id"))
    values, variables = read_environment_credentials(environ)
    found = {name: value for name, value in values.items() if keys or name not in KEY_OPTIONS}
    is_nobody = not found.keys() & set(USER_OPTIONS) and not get("user_id")
    if not is_user and (found.keys() & first or is_nobody):
        return build_credential(TextOptions(found, variables))
    return build_password_credential(get)


def parse_agency(get: OptionGetter) -> Agency:
    """Give the agency to act as. Raises ConfigurationError that names what is missing."""
    name, domain_name = parse_text(get, "agency_name"), parse_text(get, "agency_domain_name")
    if name is None or domain_name is None:
        missing = "agency_name" if name is None else "agency_domain_name"
        raise ConfigurationError(f"{missing} is missing ({AGENCY_ENVIRONMENT[missing]})")
    return Agency(name, domain_name)


def parse_terms(lookup: str, terms: list[Any]) -> list[str]:
    """Return the names of projects that the terms of a lookup are. Raise ConfigurationError for what can be none.

    A name that is empty is none, too: IAM would give a token for no project, or for another one than was meant.
    """
    names = []
    for number, term in enumerate(terms, start=1):
        if not isinstance(term, str) or not term.strip():
            kind = "empty" if isinstance(term, str) else "null or omit" if term is None else format_value(term)
            raise ConfigurationError(
                f"term {number} is {kind}, and no name of a project: give each name as a text and a term of its own, "
                f"as in query('{lookup}', *names), or no term at all"
            )
        names.append(term.strip())
        check_text(f"term {number}", names[-1])
    return names


def parse_project_names(region: str | None, names: list[str]) -> list[str]:
    """Give the names, or that of the region's own project. Raises ConfigurationError where there is neither."""
    if not names and region is None:
        raise ConfigurationError("no project: name one, or give region")
    return names or [str(region)]
