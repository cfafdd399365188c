# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Let ansible-lint check the options of tasks.

Its rule `args` calls `main()` of a module, up to the point where AnsibleModule has validated the options. If there is
an action of the same name, the rule takes that, because an action may have other options, and checks nothing if it has
no `main()`. Ours have the options of their modules. Their `main()` makes an OptionLint and nothing else: linting must
never stop a job.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible.module_utils.basic import AnsibleModule

from ..module_utils._core.errors import ConfigurationError
from ..module_utils._module.arguments import ModuleSpec
from ..module_utils._module.raw_options import normalize_options

_VALID = {"bool": True, "dict": {}, "float": 1.0, "int": 1, "list": []}


class OptionLint(AnsibleModule):
    """Validates options as the module does, and prints what is wrong as a module does."""

    def __init__(self, spec: ModuleSpec) -> None:
        """Exit the process if an option is invalid."""
        # Otherwise AnsibleModule writes the options to the system log.
        super().__init__(**spec._asdict(), no_log=True)

    def _load_params(self) -> None:
        """Normalize the options as DrsModule does."""
        super()._load_params()
        try:
            self.params = normalize_options(self.argument_spec, replace_templates(self.argument_spec, self.params))
        except ConfigurationError as error:
            self.fail_json(str(error))


def replace_templates(spec: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options with a valid value in place of each template, whose value is not known yet."""
    definitions = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    return {name: _without_templates(definitions.get(name, {}), value) for name, value in options.items()}


def _without_templates(option: Mapping[str, Any], value: Any) -> Any:
    if _is_template(value):
        return (option.get("choices") or [_VALID.get(option.get("type", "str"), "x")])[0]
    if isinstance(value, dict) and "options" in option:
        return replace_templates(option["options"], value)
    if isinstance(value, list):
        # A list may be empty.
        return [_without_templates({**option, "type": "dict"}, each) for each in value if not _is_template(each)]
    return value


def _is_template(value: object) -> bool:
    return isinstance(value, str) and ("{{" in value or "{%" in value)
