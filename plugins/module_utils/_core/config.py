# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: the options that say where and as whom, checked without a network.

``Get`` is how modules and lookups alike hand over their options: a function from a name to a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .bounds import parse_integer, parse_number
from .cloud_region import DRS, IAM, REGION_ENVIRONMENT, Setting, resolve_cloud_region
from .credentials import AccessKeyCredential, Credential, PasswordCredential, Scope, TokenCredential
from .endpoints import is_insecure
from .errors import ConfigurationError
from .option_values import format_value
from .text_options import TextOptions, check_not_blank

OptionGetter = Callable[[str], Any]

# Where credentials come from when the task names none. Never ANSIBLE_*, which AWX refuses to inject; the secret ones
# hold TOKEN, KEY, SECRET or PASS, without which AWX shows them. HUAWEICLOUD_SDK_* are the official SDK's names, read
# for people who have them already; AWX shows HUAWEICLOUD_SDK_SK in clear.
CREDENTIAL_ENVIRONMENT: Mapping[str, tuple[str, ...]] = {
    "token": ("HW_AUTH_TOKEN",),
    "access_key": ("HW_ACCESS_KEY", "HUAWEICLOUD_SDK_AK"),
    "secret_key": ("HW_SECRET_KEY", "HUAWEICLOUD_SDK_SK"),
    "security_token": ("HW_SECURITY_TOKEN", "HUAWEICLOUD_SDK_SECURITY_TOKEN"),
    "username": ("HW_USER_NAME",),
    "password": ("HW_USER_PASSWORD",),
    "domain_name": ("HW_DOMAIN_NAME",),
}
KEY_OPTIONS = ("access_key", "secret_key", "security_token")
USER_OPTIONS = ("username", "password", "domain_name")


class HttpSettings(NamedTuple):
    """How to send. ``timeout`` is in seconds, for connecting and for each wait on the socket."""

    timeout: float = 30.0
    retries: int = 5
    verify: bool | str = True
    """Whether to check certificates; or the path of the CA bundle to check them with."""
    language: str = "en-us"
    pool_size: int = 4


class ClientConfig(NamedTuple):
    """Where DRS is and as whom to talk to it. ``iam_url`` and ``scope`` are there where IAM is needed."""

    credential: Credential
    drs_url: str
    project_id: str | None
    iam_url: str | None = None
    scope: Scope | None = None
    region: str | None = None


def parse_client_config(get: OptionGetter, environ: Mapping[str, str]) -> ClientConfig:
    """Give the connection that a module's options describe. Raises ConfigurationError."""
    credential = parse_credential(get, environ)
    said = {
        option: Setting(option, text) for option in REGION_ENVIRONMENT if (text := parse_text(get, option)) is not None
    }
    place = resolve_cloud_region([said], environ, (DRS, IAM) if isinstance(credential, PasswordCredential) else (DRS,))
    if IAM not in place.urls:
        return ClientConfig(credential, place.urls[DRS], place.project_id)
    return ClientConfig(credential, place.urls[DRS], place.project_id, place.urls[IAM], place.scope(), place.region)


def parse_credential(get: OptionGetter, environ: Mapping[str, str]) -> Credential:
    """Give the credential to use. Raises ConfigurationError where there is none, or only half of one.

    The task's beats the environment's as a whole, so that a token in the task is used whatever the environment holds,
    and halves of two identities never meet. ``domain_name`` alone names no identity and may complete the environment's.
    """
    given = {name: get(name) for name in CREDENTIAL_ENVIRONMENT if get(name) is not None}
    for name, value in given.items():
        check_not_blank(name, value)
    if not set(given) <= {"domain_name"}:
        return build_credential(TextOptions(given, {}))
    found = read_environment_credentials(environ)
    variables = {name: variable for name, variable in found.variables.items() if name not in given}
    return build_credential(TextOptions({**found.values, **given}, variables))


def build_credential(texts: TextOptions) -> Credential:
    """Return the credential of one source: the token, else the access key, else the user. Raise ConfigurationError."""
    token = texts.get("token")
    if token is not None:
        return TokenCredential(token)
    if texts.values.keys() & set(KEY_OPTIONS):
        return build_access_key_credential(texts.get)
    if not texts.values.keys() & {"username", "password"}:
        raise ConfigurationError(
            "no credential: give token (HW_AUTH_TOKEN), or access_key and secret_key (HW_ACCESS_KEY, HW_SECRET_KEY), "
            "or username, password and domain_name (HW_USER_NAME, HW_USER_PASSWORD, HW_DOMAIN_NAME)"
        )
    return build_password_credential(texts.get)


def build_access_key_credential(get: OptionGetter) -> AccessKeyCredential:
    """Give the access key. Raises ConfigurationError that names what is missing."""
    missing = [name for name in ("access_key", "secret_key") if not get(name)]
    if missing:
        variables = ", ".join(CREDENTIAL_ENVIRONMENT[name][0] for name in missing)
        raise ConfigurationError(f"{' and '.join(missing)} missing ({variables}): the access key is incomplete")
    return AccessKeyCredential(get("access_key"), get("secret_key"), get("security_token"))


def build_password_credential(get: OptionGetter) -> PasswordCredential:
    """Give the IAM user, by name and account or by ID. Raises ConfigurationError that names what is missing."""
    needed = ("password",) if get("user_id") else USER_OPTIONS
    missing = [name for name in needed if not get(name)]
    if missing:
        variables = ", ".join(CREDENTIAL_ENVIRONMENT[name][0] for name in missing)
        raise ConfigurationError(f"{' and '.join(missing)} missing ({variables}): the IAM user is incomplete")
    passcode = parse_text(get, "totp_passcode")
    return PasswordCredential(get("username"), get("password"), get("domain_name"), get("user_id"), passcode)


def read_environment_credentials(environ: Mapping[str, str]) -> TextOptions:
    """Give what the environment holds. The two sets of names for access keys are never mixed."""
    found: dict[str, str] = {}
    for place in range(2):
        if place == 1 and found.keys() & set(KEY_OPTIONS):
            break
        for option, variables in CREDENTIAL_ENVIRONMENT.items():
            if len(variables) > place and environ.get(variables[place], "").strip():
                found[option] = variables[place]
    return TextOptions({option: environ[variable] for option, variable in found.items()}, found)


def security_warnings(settings: HttpSettings, *urls: str | None) -> list[str]:
    """Give a line for each way in which somebody on the network could read the credential."""
    risks = []
    if settings.verify is False:
        risks.append("validate_certs is false: anybody on the way can pretend to be the cloud and read the credential")
    for url in urls:
        if url is not None and is_insecure(url):
            risks.append(f"{url} is not encrypted: anybody on the way can read the credential")
    return risks


def parse_http_settings(get: OptionGetter, *, pool_size: int = 1, language: str = "en-us") -> HttpSettings:
    """Give how to send. Raises ConfigurationError."""
    ca_path = parse_text(get, "ca_path")
    verify: bool | str = bool(get("validate_certs"))
    if verify and ca_path is not None:
        if not _exists(ca_path):
            raise ConfigurationError(f"ca_path {format_value(ca_path)} does not exist")
        verify = ca_path
    timeout, retries = parse_number("timeout", get("timeout")), parse_integer("retries", get("retries"))
    return HttpSettings(timeout, retries, verify, language, pool_size)


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except (OSError, ValueError):  # too long, in a folder that nobody may enter, or with a character that no path has
        return False


def parse_text(get: OptionGetter, name: str) -> str | None:
    """Give an option that is a text; None for an empty one, which is what an unset variable often becomes."""
    value = get(name)
    return str(value).strip() or None if value is not None else None
