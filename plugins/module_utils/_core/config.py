# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""The options for the endpoint, the credential and HTTP, checked before any request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from .bounds import parse_integer, parse_number
from .cloud_region import DRS, IAM, REGION_ENVIRONMENT, Setting, Settings, merge_settings, resolve_cloud_region
from .credentials import AccessKeyCredential, Credential, PasswordCredential, Scope, TokenCredential
from .endpoints import is_insecure
from .errors import ConfigurationError
from .option_values import format_value
from .text_options import TextOptions, check_not_blank

OptionGetter = Callable[[str], Any]
"""Returns the value of an option by its name, for modules and lookups alike."""

# The variables of a credential that the task does not name. None is called ANSIBLE_*, which AWX refuses to inject. The
# names of secrets hold TOKEN, KEY, SECRET or PASS; AWX shows all others. HUAWEICLOUD_SDK_* are the names of the
# official SDK, for users who have set them already; AWX shows HUAWEICLOUD_SDK_SK in clear text.
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
    """Settings of the HTTP client. ``timeout`` is in seconds, for connecting and for each wait on the socket."""

    timeout: float = 30.0
    retries: int = 5
    verify: bool | str = True
    """Whether to check certificates, or the path of the CA bundle to check them with."""
    language: str = "en-us"
    pool_size: int = 4


class ClientConfig(NamedTuple):
    """Endpoints, project and credential. ``iam_url`` and ``scope`` are None unless IAM is needed."""

    credential: Credential
    drs_url: str
    project_id: str | None
    iam_url: str | None = None
    scope: Scope | None = None
    region: str | None = None


def parse_client_config(get: OptionGetter, environ: Mapping[str, str]) -> ClientConfig:
    """Return the configuration that the options of a module describe. Raise ConfigurationError."""
    credential = parse_credential(get, environ)
    settings = _parse_settings(get)
    services = (DRS, IAM) if isinstance(credential, PasswordCredential) else (DRS,)
    target = resolve_cloud_region([settings], environ, services)
    if IAM not in target.urls:
        return ClientConfig(credential, target.urls[DRS], target.project_id, region=target.region)
    return ClientConfig(
        credential, target.urls[DRS], target.project_id, target.urls[IAM], target.scope(), target.region
    )


def parse_credential(get: OptionGetter, environ: Mapping[str, str]) -> Credential:
    """Return the credential to use. Raise ConfigurationError if there is none, or only half of one.

    The task takes precedence over the environment as a whole: its token is used whatever the environment holds, and
    halves of two identities are never combined. A ``domain_name`` alone may complete a user of the environment.
    """
    options = {name: get(name) for name in CREDENTIAL_ENVIRONMENT if get(name) is not None}
    for name, value in options.items():
        check_not_blank(name, value)
    if not set(options) <= {"domain_name"}:
        return build_credential(TextOptions(options, {}))
    environment = read_environment_credentials(environ)
    variables = {name: variable for name, variable in environment.variables.items() if name not in options}
    return build_credential(TextOptions({**environment.values, **options}, variables))


def merge_options(preferred: Mapping[str, Any], fallback: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that two sources set, for example an entry of an inventory and the inventory as a whole.

    Credential and location of the preferred source take precedence as a whole, as they do over the environment.
    """
    has_credential = preferred.keys() & CREDENTIAL_ENVIRONMENT.keys() - {"domain_name"}
    ignored = {*REGION_ENVIRONMENT, *(CREDENTIAL_ENVIRONMENT if has_credential else ())}
    kept = {name: value for name, value in fallback.items() if name not in ignored}
    location = merge_settings(_parse_settings(preferred.get), _parse_settings(fallback.get))
    return {**kept, **preferred, **{option: setting.value for option, setting in location.items()}}


def _parse_settings(get: OptionGetter) -> Settings:
    """Return the options of the location that are set."""
    texts = {option: parse_text(get, option) for option in REGION_ENVIRONMENT}
    return {option: Setting(option, text) for option, text in texts.items() if text is not None}


def build_credential(texts: TextOptions) -> Credential:
    """Return the credential in the options: a token, else an access key, else a user. Raise ConfigurationError."""
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
    """Return the access key. Raise ConfigurationError, which names the missing options."""
    missing = [name for name in ("access_key", "secret_key") if not get(name)]
    if missing:
        variables = ", ".join(CREDENTIAL_ENVIRONMENT[name][0] for name in missing)
        raise ConfigurationError(f"{' and '.join(missing)} missing ({variables}): the access key is incomplete")
    return AccessKeyCredential(get("access_key"), get("secret_key"), get("security_token"))


def build_password_credential(get: OptionGetter) -> PasswordCredential:
    """Return the IAM user, by name and account or by ID. Raise ConfigurationError, which names the missing options."""
    required = ("password",) if get("user_id") else USER_OPTIONS
    missing = [name for name in required if not get(name)]
    if missing:
        variables = ", ".join(CREDENTIAL_ENVIRONMENT[name][0] for name in missing)
        raise ConfigurationError(f"{' and '.join(missing)} missing ({variables}): the IAM user is incomplete")
    passcode = parse_text(get, "totp_passcode")
    return PasswordCredential(get("username"), get("password"), get("domain_name"), get("user_id"), passcode)


def read_environment_credentials(environ: Mapping[str, str]) -> TextOptions:
    """Return the credentials of the environment. HW_* and HUAWEICLOUD_SDK_* are never combined to one access key."""
    variables: dict[str, str] = {}
    for index in range(2):
        if index == 1 and variables.keys() & set(KEY_OPTIONS):
            break
        for option, names in CREDENTIAL_ENVIRONMENT.items():
            if len(names) > index and environ.get(names[index], "").strip():
                variables[option] = names[index]
    return TextOptions({option: environ[variable] for option, variable in variables.items()}, variables)


def security_warnings(settings: HttpSettings, *urls: str | None) -> list[str]:
    """Return one warning for each setting that exposes the credential to others on the network."""
    warnings = []
    if settings.verify is False:
        warnings.append("validate_certs is false: anyone on the network can pose as the cloud and read the credential")
    for url in urls:
        if url is not None and is_insecure(url):
            warnings.append(f"{url} is not encrypted: anyone on the network can read the credential")
    return warnings


def parse_http_settings(get: OptionGetter, *, pool_size: int = 1, language: str = "en-us") -> HttpSettings:
    """Return the settings of the HTTP client. Raise ConfigurationError."""
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
    except (OSError, ValueError):  # too long, in a directory without access, or with a character that no path has
        return False


def parse_text(get: OptionGetter, name: str) -> str | None:
    """Return an option that is a text; None for an empty text, since a template makes one of an unset variable."""
    value = get(name)
    return str(value).strip() or None if value is not None else None
