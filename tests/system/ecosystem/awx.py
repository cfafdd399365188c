# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX does with a custom credential type, as far as its source tells: which it takes, and what it injects.

Sources: awx/main/fields.py (CredentialTypeInputField, CredentialTypeInjectorField), awx/main/models/credential.py
(inject_credential, build_safe_env) and awx/main/constants.py (ENV_BLOCKLIST) of AWX 24.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, sandbox

KINDS = ("net", "cloud")
"""The only kinds that a custom type may have."""

_OF_A_FIELD = set("type format choices id label help_text multiline secret ask_at_runtime default".split())
_ONLY_OF_STRINGS = ("choices", "multiline", "format", "secret")
_NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
_BLOCKED = set(
    "VIRTUAL_ENV PATH PYTHONPATH JOB_ID INVENTORY_ID INVENTORY_SOURCE_ID INVENTORY_UPDATE_ID AD_HOC_COMMAND_ID "
    "REST_API_URL REST_API_TOKEN MAX_EVENT_RES CALLBACK_QUEUE CALLBACK_CONNECTION CACHE JOB_CALLBACK_DEBUG "
    "INVENTORY_HOSTVARS AWX_HOST PROJECT_REVISION SUPERVISOR_CONFIG_PATH".split()
)
_MASKED = re.compile("API|TOKEN|KEY|SECRET|PASS", re.IGNORECASE)
_HIDDEN = "**********"


def problems(credential_type: Mapping[str, Any]) -> list[str]:
    """Give what AWX would say of a credential type, and what it would not say but show."""
    found = [
        f"unknown key {key}" for key in credential_type.keys() - {*("name description kind inputs injectors".split())}
    ]
    if credential_type.get("kind") not in KINDS:
        found.append("the kind is not for custom types")
    inputs, injectors = credential_type.get("inputs", {}), credential_type.get("injectors", {})
    found += [f"unknown input {key}" for key in inputs.keys() - {"fields", "required"}]
    found += [f"unknown injector {key}" for key in injectors.keys() - {"env", "file", "extra_vars"}]
    fields = inputs.get("fields", [])
    ids = [field.get("id") for field in fields]
    found += [f"{each} is there twice" for each in set(ids) if ids.count(each) > 1]
    found += [f"{each} is required and no field" for each in set(inputs.get("required", [])) - set(ids)]
    found += [problem for field in fields for problem in _problems_of_field(field)]
    secret = [field["id"] for field in fields if field.get("secret") is True]
    for name, template in injectors.get("env", {}).items():
        found += _problems_of_variable(name, template, ids, secret)
    return found


def _problems_of_field(field: Mapping[str, Any]) -> Iterator[str]:
    name = field.get("id", "")
    if not _NAME.fullmatch(name) or name == "tower":
        yield f"{name!r} is no name of a field"
    if not field.get("label"):
        yield f"{name} has no label"
    for key in field.keys() - _OF_A_FIELD:
        yield f"{name} has an unknown key {key}"
    kind = field.get("type", "string")
    if kind not in ("string", "boolean"):
        yield f"{name} has an unknown type {kind}"
    for key in _ONLY_OF_STRINGS:
        if key in field and kind != "string":
            yield f"{name} has {key}, which only strings have"
    if "default" in field and not isinstance(field["default"], bool if kind == "boolean" else str):
        yield f"{name} has a default of another type"


def _problems_of_variable(name: str, template: Any, ids: list[Any], secret: list[str]) -> Iterator[str]:
    if not _NAME.fullmatch(name) or name.startswith("ANSIBLE_") or name in _BLOCKED:
        yield f"the variable {name} is not allowed"
    if not isinstance(template, str) or not template.isascii():
        yield f"the template of {name} is not ASCII"
        return
    environment = sandbox.ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    try:
        shown = environment.from_string(template).render({each: f"value of {each}" for each in ids})
    except TemplateError as error:
        yield f"the template of {name} does not work: {error}"
        return
    if not _MASKED.search(name) and any(f"value of {each}" in shown for each in secret):
        yield f"{name} holds a secret, and AWX would show it"


def inject(credential_type: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Give the environment that a job gets. A field that is left empty makes an empty variable."""
    filled = {name: value for name, value in inputs.items() if value}
    return _rendered(credential_type, filled)


def shown(credential_type: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Give the environment that AWX shows with a job."""
    fields = credential_type["inputs"]["fields"]
    secret = {field["id"] for field in fields if field.get("secret") is True}
    safe = _rendered(credential_type, {name: _HIDDEN if name in secret else value for name, value in inputs.items()})
    return {name: _HIDDEN if _MASKED.search(name) else value for name, value in safe.items()}


def _rendered(credential_type: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    environment = sandbox.ImmutableSandboxedEnvironment()
    templates = credential_type["injectors"]["env"]
    return {name: environment.from_string(template).render(values) for name, template in templates.items()}
