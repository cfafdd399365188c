# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What AWX does with a custom credential type: which it takes, what it injects, and what of it is shown with a job.

From the source of AWX 24.6.1, commit 94e5795dfc37b95c576d61f3e3b4e936c021548c. Each function names its places there:
file, class and function. Only what the type of this collection uses is here: no files, no extra variables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateError, sandbox

KINDS = ("net", "cloud")
"""The only kinds of a custom type: awx/api/serializers.py, CredentialTypeSerializer.validate()."""

# awx/main/fields.py, CredentialTypeInputField.schema(): the properties of a field.
_OF_A_FIELD = set("type format choices id label help_text multiline secret ask_at_runtime default".split())
# awx/main/fields.py, CredentialTypeInputField.validate().
_ONLY_OF_STRINGS = ("choices", "multiline", "format", "secret")
# awx/main/fields.py: the pattern of IDs in CredentialTypeInputField.schema(), and of variables in
# CredentialTypeInjectorField.schema().
_NAME = re.compile(r"[a-zA-Z_]+[a-zA-Z0-9_]*")
# awx/main/constants.py, ENV_BLOCKLIST.
_BLOCKED = set(
    "VIRTUAL_ENV PATH PYTHONPATH JOB_ID INVENTORY_ID INVENTORY_SOURCE_ID INVENTORY_UPDATE_ID AD_HOC_COMMAND_ID "
    "REST_API_URL REST_API_TOKEN MAX_EVENT_RES CALLBACK_QUEUE CALLBACK_CONNECTION CACHE JOB_CALLBACK_DEBUG "
    "INVENTORY_HOSTVARS AWX_HOST PROJECT_REVISION SUPERVISOR_CONFIG_PATH".split()
)
# awx/main/models/credential/__init__.py, CredentialType.inject_credential(), where it fills safe_namespace.
_HIDDEN = "**********"


def problems(credential_type: Mapping[str, Any]) -> list[str]:
    """Return what AWX would refuse, and what it would take and ignore.

    * Keys: awx_collection/plugins/modules/credential_type.py, main(). The API ignores others.
    * Kind, and what is asked for at launch: awx/api/serializers.py, CredentialTypeSerializer.validate().
    * Inputs and injectors: awx/main/fields.py, CredentialTypeInputField and CredentialTypeInjectorField, schema() and
      validate().
    * A required field that does not exist: awx/main/models/unified_jobs.py, UnifiedJob.pre_start(), ignores it.
    """
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
    found += [f"{field['id']} cannot be asked for at launch" for field in fields if field.get("ask_at_runtime")]
    for name, template in injectors.get("env", {}).items():
        found += _problems_of_variable(name, template, ids)
    return found


def _problems_of_field(field: Mapping[str, Any]) -> Iterator[str]:
    """Return what is wrong with a field: awx/main/fields.py, CredentialTypeInputField.schema() and validate()."""
    name = field.get("id", "")
    if not _NAME.fullmatch(name) or name == "tower":
        yield f"{name!r} is no name of a field"
    if "label" not in field:
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


def _problems_of_variable(name: str, template: Any, ids: list[Any]) -> Iterator[str]:
    """Return what is wrong with an environment variable.

    awx/main/fields.py, CredentialTypeInjectorField: schema(), validate_env_var_allowed(), and
    validate_template_string() in validate().
    """
    if not _NAME.fullmatch(name) or name.startswith("ANSIBLE_") or name in _BLOCKED:
        yield f"the variable {name} is not allowed"
    if not isinstance(template, str) or not template.isascii():
        yield f"the template of {name} is not ASCII"
        return
    environment = sandbox.ImmutableSandboxedEnvironment(undefined=StrictUndefined)
    try:
        environment.from_string(template).render(dict.fromkeys(ids, "EXAMPLE"))
    except TemplateError as error:
        yield f"the template of {name} does not work: {error}"


def inject(credential_type: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that a job gets. A field that is left empty makes an empty variable.

    awx/main/models/credential/__init__.py, CredentialType.inject_credential(): ``namespace`` and ``env``.
    """
    return _rendered(credential_type, {name: value for name, value in inputs.items() if value})


def shown(credential_type: Mapping[str, Any], inputs: Mapping[str, str]) -> dict[str, str]:
    """Return the variables of a credential as AWX shows them with a job.

    A secret field is masked wherever it is used, any other is shown, whatever the name of the variable is:
    awx/main/models/credential/__init__.py, CredentialType.inject_credential(): ``safe_namespace`` and ``safe_env``.
    The words that mask other variables by their names, in build_safe_env() of the same file, come before that:
    awx/main/tasks/jobs.py, BaseTask.run(), overwrites what they have masked. awx/main/tasks/callback.py,
    RunnerCallback.status_handler(), stores the result.
    """
    fields = credential_type["inputs"]["fields"]
    secret = {field["id"] for field in fields if field.get("secret") is True}
    safe = {name: _HIDDEN if name in secret else value for name, value in inputs.items() if name in secret or value}
    return _rendered(credential_type, safe)


def _rendered(credential_type: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    environment = sandbox.ImmutableSandboxedEnvironment()
    templates = credential_type["injectors"]["env"]
    return {name: environment.from_string(template).render(values) for name, template in templates.items()}
