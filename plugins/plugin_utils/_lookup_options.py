# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Options that only lookups have, or that they parse in another way than modules."""

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
"""The options of lookups for the identity."""

AGENCY_ENVIRONMENT = {
    "agency_name": "HW_ASSUME_ROLE_AGENCY_NAME",
    "agency_domain_name": "HW_ASSUME_ROLE_DOMAIN_NAME",
}
"""The environment variables of an agency that the task does not name."""


def parse_lookup_credential(
    get: OptionGetter, explicit_options: Collection[str], environ: Mapping[str, str], *, allow_access_key: bool = True
) -> Credential:
    """Return the credential of a lookup. Raise ConfigurationError.

    ``get`` returns options of the task or the environment, ``explicit_options`` are those of the task. The options of
    the task decide between token, access key and user. Options of a user that are missing there may come from the
    environment, one by one, as for every lookup. Access keys are ignored unless ``allow_access_key``.
    """
    preferred = {"token", *(KEY_OPTIONS if allow_access_key else ())}
    task = {name: get(name) for name in explicit_options if name in CREDENTIAL_ENVIRONMENT and get(name)}
    if task.keys() & preferred:
        return parse_credential(task.get, {})
    is_user = task.keys() & {"username", "password"} or ("user_id" in explicit_options and get("user_id"))
    values, variables = read_environment_credentials(environ)
    environment = {name: value for name, value in values.items() if allow_access_key or name not in KEY_OPTIONS}
    has_user = environment.keys() & set(USER_OPTIONS) or get("user_id")
    if not is_user and (environment.keys() & preferred or not has_user):
        return build_credential(TextOptions(environment, variables))
    return build_password_credential(get)


def parse_agency(get: OptionGetter) -> Agency:
    """Return the agency. Raise ConfigurationError, which names the missing option."""
    name, domain_name = parse_text(get, "agency_name"), parse_text(get, "agency_domain_name")
    if name is None or domain_name is None:
        missing = "agency_name" if name is None else "agency_domain_name"
        raise ConfigurationError(f"{missing} is missing ({AGENCY_ENVIRONMENT[missing]})")
    return Agency(name, domain_name)


def parse_terms(lookup: str, terms: list[Any]) -> list[str]:
    """Return the project names in the terms of a lookup. Raise ConfigurationError for a term that is not a name.

    An empty name is an error, too: IAM would return a token without a project, or for another project.
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
    """Return the names, or that of the region's default project. Raise ConfigurationError if there is neither."""
    if not names and region is None:
        raise ConfigurationError("no project: name one, or give region")
    return names or [str(region)]
