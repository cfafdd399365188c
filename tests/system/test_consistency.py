# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is said in two places is the same in both: plugins, their documentation, the README and the metadata."""

from __future__ import annotations

import importlib
import inspect
import re
import subprocess
import textwrap
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.loader import fragment_loader
from ansible.utils.plugin_docs import get_docstring
from jinja2 import Environment, TemplateSyntaxError, nodes

from ansible_collections.huaweicloud.drs.plugins.module_utils import _version
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.bounds import BOUNDS
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.cloud_region import REGION_ENVIRONMENT
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.job_info import NET_TYPES
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.masking import SECRET_OPTIONS
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.stop_report import Outcome
from ansible_collections.huaweicloud.drs.plugins.module_utils._module.arguments import ModuleSpec
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory_options import (
    inventory_spec,
    parse_inventory_settings,
)
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.unit.plugins.environment import READ
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    MISSING,
    RUNNING,
    InfoModule,
    ModuleRunner,
    StopModule,
)

CHECKOUT = Path(__file__).resolve().parents[2]
FOLDERS = {"module": "modules", "lookup": "lookup", "filter": "filter", "inventory": "inventory"}
PLUGINS = sorted(
    (kind, path.stem) for kind, folder in FOLDERS.items() for path in (CHECKOUT / "plugins" / folder).glob("[!_]*.py")
)
MODULES = [name for kind, name in PLUGINS if kind == "module"]
INVENTORIES = [name for kind, name in PLUGINS if kind == "inventory"]
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
GUIDES = sorted((CHECKOUT / "docs" / "docsite" / "rst").glob("*.rst"))
EXAMPLES = sorted(path.relative_to(CHECKOUT).as_posix() for path in (CHECKOUT / "examples").rglob("*.yml"))

# What makes AWX mask an environment variable that no custom credential sets: awx/main/models/credential/__init__.py,
# build_safe_env(). Of one that such a credential sets, it masks what comes from a secret field, whatever its name is.
MASKED = re.compile("TOKEN|KEY|SECRET|PASS")
SECRETS = ("token", "password", "secret_key", "security_token", "totp_passcode")
# In every result, or asked for with --diff: nothing that RETURN has to tell.
ANSIBLES_OWN = {"changed", "failed", "invocation", "diff", "warnings", "deprecations"}


class Docs(NamedTuple):
    """What a plugin says of itself."""

    documentation: dict[str, Any]
    examples: str
    returns: dict[str, Any]


@cache
def docs_of(kind: str, name: str) -> Docs:
    """Give the documentation of a plugin, with its fragments."""
    path = CHECKOUT / "plugins" / FOLDERS[kind] / f"{name}.py"
    documentation, examples, returns, _metadata = get_docstring(
        str(path), fragment_loader, collection_name="huaweicloud.drs", plugin_type=kind
    )
    return Docs(documentation, examples, returns)


@cache
def own_options(kind: str, name: str) -> dict[str, Any]:
    """Give the documented options of a plugin, without those that Ansible itself documents and reads."""
    options = docs_of(kind, name).documentation["options"]
    fragments = ("constructed", "inventory_cache") if kind == "inventory" else ()
    of_ansible = {"plugin"} if fragments else set()
    for fragment in fragments:
        of_ansible |= yaml.safe_load(fragment_loader.get(fragment).DOCUMENTATION)["options"].keys()
    return {option: definition for option, definition in options.items() if option not in of_ansible}


def spec_of(name: str) -> ModuleSpec:
    """Return what a module accepts; that the module itself takes the same is for its own tests."""
    action = importlib.import_module(f"ansible_collections.huaweicloud.drs.plugins.action.{name}")
    spec: ModuleSpec = action.ActionModule.spec()
    return spec


def from_yaml(path: str) -> Any:
    """Give the content of a YAML file of the checkout."""
    return yaml.safe_load((CHECKOUT / path).read_text(encoding="utf-8"))


# Plugins and where they are listed


def test_the_action_group_holds_every_module() -> None:
    assert from_yaml("meta/runtime.yml")["action_groups"]["all"] == MODULES


def test_every_module_has_an_action_and_no_action_is_without_one() -> None:
    assert sorted(path.stem for path in (CHECKOUT / "plugins" / "action").glob("[!_]*.py")) == MODULES


@pytest.mark.parametrize("name", MODULES)
def test_an_action_has_the_options_of_its_module(name: str) -> None:
    module = importlib.import_module(f"ansible_collections.huaweicloud.drs.plugins.modules.{name}")
    source = inspect.getsource(module.main)
    (spec_function,) = re.findall(r"DrsModule\((\w+)\(\)\)", source)
    assert getattr(module, spec_function)() == spec_of(name)


def test_the_readme_lists_every_plugin() -> None:
    listed = re.findall(r"^\| `huaweicloud\.drs\.(\w+)` \| (\w+) \|", README, re.MULTILINE)
    assert sorted((kind, name) for name, kind in listed) == PLUGINS


@pytest.mark.parametrize("path", ["README.md", *EXAMPLES])
def test_what_is_named_exists(path: str) -> None:
    named = re.findall(r"\bhuaweicloud\.drs\.([a-z]\w*)", (CHECKOUT / path).read_text(encoding="utf-8"))
    playbooks = {path.stem for path in (CHECKOUT / "playbooks").glob("*.yml")}
    assert set(named) <= {name for _kind, name in PLUGINS} | playbooks | {"all", "git"}


# Examples


def tasks_in(content: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Find the tasks that use a module of ours, in whatever is around them."""
    if isinstance(content, list):
        for each in content:
            yield from tasks_in(each)
    elif isinstance(content, Mapping):
        for key, value in content.items():
            if str(key).startswith("huaweicloud.drs.") and isinstance(value, dict):
                yield str(key).removeprefix("huaweicloud.drs."), value
            else:
                yield from tasks_in(value)


def resolved(value: Any, option: Mapping[str, Any]) -> Any:
    """Give the value, with something of the right type in place of each template."""
    if isinstance(value, str) and ("{{" in value or "{%" in value):
        examples = {"bool": True, "int": 1, "float": 1.0, "list": [], "dict": {}}
        return (option.get("choices") or [examples.get(option.get("type", "str"), "x")])[0]
    inner = option.get("options")
    if inner and isinstance(value, list):
        return [resolved_all(each, inner) if isinstance(each, dict) else each for each in value]
    return resolved_all(value, inner) if inner and isinstance(value, dict) else value


def resolved_all(arguments: Mapping[str, Any], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Give the arguments of a task, without templates."""
    by_name = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    return {name: resolved(value, by_name.get(name, {})) for name, value in arguments.items()}


def errors_in(name: str, arguments: Mapping[str, Any]) -> list[str]:
    """Give what a module would say of these arguments before it does anything."""
    spec = spec_of(name)
    validator = ArgumentSpecValidator(**spec._asdict())
    messages: list[str] = validator.validate(resolved_all(arguments, spec.argument_spec)).error_messages
    return messages


def texts_with_tasks() -> Iterator[tuple[str, str]]:
    """Give every text whose tasks users copy, and where it is."""
    for kind, name in PLUGINS:
        yield f"EXAMPLES of {name}", docs_of(kind, name).examples
    blocks = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    yield from ((f"README, YAML block {number}", block) for number, block in enumerate(blocks, start=1))
    # The others are data, for AWX and ansible-builder, and the set up of AWX, which uses no module of ours.
    playbooks = (path for path in EXAMPLES if isinstance(from_yaml(path), list) and path != "examples/awx/setup.yml")
    yield from ((path, (CHECKOUT / path).read_text(encoding="utf-8")) for path in playbooks)


@pytest.mark.parametrize("name", INVENTORIES)
def test_examples_of_inventories_are_valid(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_AUTH_TOKEN", "token")  # of the first one
    of_ansible = docs_of("inventory", name).documentation["options"].keys() - own_options("inventory", name).keys()
    files = list(yaml.safe_load_all(docs_of("inventory", name).examples))
    assert files
    for file in files:
        assert file["plugin"] == f"huaweicloud.drs.{name}"
        assert parse_inventory_settings({key: value for key, value in file.items() if key not in of_ansible}).regions


def blocks_of_guides() -> Iterator[tuple[str, str]]:
    """Give every YAML block of the guides, and where it is."""
    for path in GUIDES:
        blocks = yaml_blocks(path.read_text(encoding="utf-8"))
        yield from ((f"{path.name}, YAML block {number}", block) for number, block in enumerate(blocks, start=1))


def yaml_blocks(text: str) -> list[str]:
    """Give the YAML blocks of a page in reStructuredText: what is indented deeper than the line that announces it."""
    block = re.compile(
        r"^( *)\.\. code-block:: +(?:yaml|yaml\+jinja)\n((?:\1 +.*\n| *\n)+)", re.MULTILINE | re.IGNORECASE
    )
    bodies = (textwrap.dedent(body) for _indent, body in block.findall(f"{text}\n"))
    return [re.sub(r"\A(?::\w.*\n)+", "", body) for body in bodies]


@pytest.mark.parametrize(("where", "text"), [pytest.param(*each, id=each[0]) for each in texts_with_tasks()])
def test_examples_pass_the_argument_spec(where: str, text: str) -> None:
    tasks = list(tasks_in(list(yaml.safe_load_all(text))))
    other_uses = ("'huaweicloud.drs.", "| huaweicloud.drs.", "import_playbook: huaweicloud.drs.", "\nplugin: ")
    assert tasks or any(use in text for use in other_uses), f"{where}: no task, lookup, filter or playbook of ours"
    assert [error for name, arguments in tasks for error in errors_in(name, arguments)] == []


@pytest.mark.parametrize(("where", "text"), [pytest.param(*each, id=each[0]) for each in blocks_of_guides()])
def test_what_guides_show_passes_the_argument_spec(where: str, text: str) -> None:
    content = yaml.safe_load(text)
    assert isinstance(content, list | dict), f"{where}: neither a list nor a mapping"
    assert [error for name, arguments in tasks_in(content) for error in errors_in(name, arguments)] == []


def test_every_yaml_block_of_a_guide_is_found() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in GUIDES)
    assert len(list(blocks_of_guides())) == len(re.findall(r"code-block::\s*yaml", pages)) > 0


def test_a_block_is_what_is_indented_and_not_its_options() -> None:
    page = """
Text::

   no

.. code-block:: yaml
   :caption: c

   - a: 1

     b: 2

* Text

  .. code-block:: yaml

    c: 3

  more
.. code-block:: shell

   no
.. code-block:: yaml

   d: 4"""
    assert [yaml.safe_load(block) for block in yaml_blocks(page)] == [[{"a": 1, "b": 2}], {"c": 3}, {"d": 4}]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({}, "one of the following is required: jobs, job_ids"),
        ({"jobs": [{"job_id": "a", "speed": 1}]}, "speed"),
        ({"jobs": "{{ jobs }}", "wait": "perhaps"}, "perhaps"),
    ],
)
def test_a_wrong_example_would_be_found(arguments: dict[str, Any], expected: str) -> None:
    (error,) = errors_in("drs_job_batch_stop", arguments)
    assert expected in error


# Lookups in examples

_LOOKUP = re.compile(r"\b(?:lookup|query|q)\(\s*[\"']huaweicloud\.drs\.(\w+)[\"']")
# What every call of a lookup may say besides the options of the plugin.
ANY_LOOKUP = {"wantlist", "errors"}


def calls_of_lookups(text: str) -> Iterator[tuple[str, set[str]]]:
    """Give the name and the keywords of each call of a lookup of ours, in a text of any kind."""
    for start in _LOOKUP.finditer(text):
        yield start[1], {keyword.key for keyword in _call_at(text, start.start()).kwargs}


def _call_at(text: str, start: int) -> nodes.Call:
    """Read a call as Jinja does: it ends at the first parenthesis that makes it complete."""
    for end in re.finditer(r"\)", text[start:]):
        try:
            template = Environment(autoescape=True).parse("{{ " + text[start : start + end.end()] + " }}")
        except TemplateSyntaxError:
            continue
        (call, *_inner) = template.find_all(nodes.Call)
        return call
    raise AssertionError(f"no complete call: {text[start : start + 80]}")


def wrong_lookups(text: str) -> list[str]:
    """Give what is wrong with the calls of lookups in a text."""
    problems = []
    for name, keywords in calls_of_lookups(text):
        if ("lookup", name) in PLUGINS:
            options = docs_of("lookup", name).documentation["options"]
            known = {
                alias for option, definition in options.items() for alias in (option, *definition.get("aliases", ()))
            }
            problems += [f"{name}: {keyword}" for keyword in sorted(keywords - known - ANY_LOOKUP)]
        else:
            problems.append(f"no lookup {name}")
    return problems


def texts_with_lookups() -> Iterator[tuple[str, str]]:
    """Give every text from which users copy calls of lookups, and where it is."""
    yield from ((f"EXAMPLES of {name}", docs_of(kind, name).examples) for kind, name in PLUGINS)
    playbooks = sorted((CHECKOUT / "playbooks").rglob("*.yml"))
    for path in (CHECKOUT / "README.md", *GUIDES, *playbooks, *(CHECKOUT / name for name in EXAMPLES)):
        yield path.relative_to(CHECKOUT).as_posix(), path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("where", "text"), [pytest.param(*each, id=each[0]) for each in texts_with_lookups()])
def test_keywords_of_lookups_are_their_options(where: str, text: str) -> None:
    assert wrong_lookups(text) == [], where


def test_every_lookup_is_shown_in_its_examples() -> None:
    for name in (name for kind, name in PLUGINS if kind == "lookup"):
        assert name in [called for called, _keywords in calls_of_lookups(docs_of("lookup", name).examples)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("token: \"{{ lookup('huaweicloud.drs.iam_token', user='x') }}\"", ["iam_token: user"]),
        ("{{ query('huaweicloud.drs.iam_project_id', 'a',\n  regoin=(b | d(')'))) }}", ["iam_project_id: regoin"]),
        ('{{ q("huaweicloud.drs.iam_token", password=lookup("env", "X"), a=1) }}', ["iam_token: a"]),
        ("when: lookup('huaweicloud.drs.iam_tokens') == ''", ["no lookup iam_tokens"]),
        ("{{ lookup('huaweicloud.drs.iam_token', region='a', wantlist=true) ~ lookup('env', 'A', user='x') }}", []),
    ],
)
def test_a_wrong_keyword_would_be_found(text: str, expected: list[str]) -> None:
    assert wrong_lookups(text) == expected


# Documentation


def documented(options: Mapping[str, Any], inner: str) -> dict[str, Any]:
    """Give what users rely on of each option, from documentation or argument spec."""
    return {
        name: {
            "type": option.get("type", "str"),
            "elements": option.get("elements"),
            "required": option.get("required", False),
            "default": option.get("default"),
            "choices": option.get("choices"),
            "aliases": sorted(option.get("aliases", ())),
            "options": documented(option.get(inner) or {}, inner),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("name", MODULES)
def test_the_documentation_is_the_argument_spec(name: str) -> None:
    described = documented(docs_of("module", name).documentation["options"], "suboptions")
    assert described == documented(spec_of(name).argument_spec, "options")


@pytest.mark.parametrize("name", INVENTORIES)
def test_the_documentation_of_an_inventory_is_its_spec(name: str) -> None:
    assert documented(own_options("inventory", name), "suboptions") == documented(inventory_spec(), "options")


def numbers_of(kind: str, name: str) -> dict[str, dict[str, Any]]:
    """Give the options of a plugin that are numbers, also those of entries of lists."""
    options = own_options(kind, name)
    inner = [option["suboptions"] for option in options.values() if "suboptions" in option]
    every = [*options.items(), *(each for suboptions in inner for each in suboptions.items())]
    return {option: definition for option, definition in every if definition.get("type") in ("int", "float")}


@pytest.mark.parametrize(("kind", "name"), PLUGINS)
def test_the_documentation_says_the_bounds_of_every_number(kind: str, name: str) -> None:
    for option, definition in numbers_of(kind, name).items():
        assert BOUNDS[option].is_integer == (definition["type"] == "int"), option
        said = " ".join(
            [definition["description"]] if isinstance(definition["description"], str) else definition["description"]
        )
        assert re.search(rf"{BOUNDS[option].text}\b", said, re.IGNORECASE), option


def test_every_number_with_bounds_is_an_option() -> None:
    assert {option for kind, name in PLUGINS for option in numbers_of(kind, name)} == set(BOUNDS)


@pytest.mark.parametrize(("kind", "name"), PLUGINS)
def test_defaults_are_within_their_bounds(kind: str, name: str) -> None:
    for option, definition in numbers_of(kind, name).items():
        if definition.get("default") is not None:
            assert BOUNDS[option].parse(definition["default"]) is not None, option


def test_the_filters_that_are_known_are_documented() -> None:
    description = docs_of("module", "drs_job_info").documentation["options"]["net_type"]["description"]
    assert set(re.findall(r"V\((\w+)\)", " ".join(description))) == set(NET_TYPES)


def read_environment_settings(option: Mapping[str, Any]) -> set[str]:
    """Give the environment variables that the documentation of an option names: in E(...), or as ``env``."""
    described = re.findall(r"E\((\w+)\)", " ".join([*option.get("description", ())]))
    return {*described, *(each["name"] for each in option.get("env", ()))}


@pytest.mark.parametrize(("kind", "name"), PLUGINS)
def test_awx_takes_the_environment_variables_and_masks_the_secret_ones(kind: str, name: str) -> None:
    options = own_options(kind, name)
    for option, definition in options.items():
        variables = read_environment_settings(definition)
        assert not [variable for variable in variables if variable.startswith("ANSIBLE_")]
        if option in SECRETS:
            # A code of a virtual MFA device is too short-lived to be in an environment.
            assert variables or option == "totp_passcode"
            # Read for people who have it already; the documentation says that AWX shows it.
            assert [variable for variable in variables if not MASKED.search(variable)] in ([], ["HUAWEICLOUD_SDK_SK"])


@pytest.mark.parametrize("name", MODULES)
def test_secret_options_are_known_as_such(name: str) -> None:
    spec = spec_of(name).argument_spec
    assert {option for option, rules in spec.items() if rules.get("no_log")} == set(SECRETS) & set(spec)


def test_secret_options_of_lookups_are_known_as_such() -> None:
    assert set(SECRETS) == SECRET_OPTIONS


@pytest.mark.parametrize(("kind", "name"), [each for each in PLUGINS if each[0] in ("module", "inventory")])
def test_the_documentation_names_the_environment_variables_that_are_read(kind: str, name: str) -> None:
    options = docs_of(kind, name).documentation["options"]
    assert READ.keys() <= options.keys()
    for option, definition in options.items():
        assert set(READ.get(option, ())) <= read_environment_settings(definition), option


@pytest.mark.parametrize("name", [name for kind, name in PLUGINS if kind == "lookup"])
def test_lookups_read_the_place_from_the_variables_that_their_documentation_names(name: str) -> None:
    # Ansible shows them to users; what reads them is the code that the modules use, too.
    options = docs_of("lookup", name).documentation["options"]
    for option in options.keys() & REGION_ENVIRONMENT.keys():
        assert tuple(each["name"] for each in options[option]["env"]) == REGION_ENVIRONMENT[option]
        assert options[option]["vars"] == [{"name": f"huaweicloud_{option}"}]


@pytest.fixture
def modules(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[StopModule, InfoModule]]:
    """The modules against a simulated cloud."""
    monkeypatch.setenv("NO_PROXY", "*")
    clock = ManualClock()
    with Simulator(clock=clock) as sim:
        seed_demo(sim.cloud)
        yield StopModule(sim, clock), InfoModule(sim, clock)


def keys_returned(name: str, *conditions: str) -> set[str]:
    """Give the keys that RETURN tells of every result, and those that it tells of results under these conditions."""
    returned = {key: f"{each['returned']}," for key, each in docs_of("module", name).returns.items()}
    return {
        key
        for key, when in returned.items()
        if when == "when the options are valid," or any(condition in when for condition in conditions)
    }


def test_return_tells_the_keys_of_a_real_result(modules: tuple[StopModule, InfoModule]) -> None:
    stop, info = modules
    runs: list[tuple[ModuleRunner, dict[str, Any]]] = [
        (stop, {"jobs": [{"job_id": RUNNING}]}),
        (info, {"job_ids": [RUNNING]}),
    ]
    for module, options in runs:
        name = module.name.removeprefix("huaweicloud.drs.")
        conditions: dict[str, dict[str, Any]]
        conditions = {"": {}, "in check mode,": {"_ansible_check_mode": True}, "at C(-v),": {"_ansible_verbosity": 1}}
        for condition, given in conditions.items():
            result = module.run(**options, **given).result
            assert result.keys() - ANSIBLES_OWN == keys_returned(name, *filter(None, [condition])), (name, condition)


def test_return_tells_the_keys_of_a_row(modules: tuple[StopModule, InfoModule]) -> None:
    stop, _info = modules
    returns = docs_of("module", "drs_job_batch_stop").returns
    result = stop(RUNNING, MISSING, _ansible_verbosity=1).result
    assert result.keys() - ANSIBLES_OWN == returns.keys() - {"retries"}
    assert [list(row) for row in result["jobs"]] == [list(returns["jobs"]["contains"])] * 2
    assert list(result["summary"]) == list(returns["summary"]["sample"])


def test_the_outcomes_are_those_of_the_code() -> None:
    outcomes = [outcome.value for outcome in Outcome]
    table = README.partition("| `outcome` |")[2].partition("\n\n")[0]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == outcomes
    described = docs_of("module", "drs_job_batch_stop").returns["jobs"]["contains"]["outcome"]["description"]
    assert re.findall(r"V\((\w+)\)", " ".join(described)) == outcomes


def test_the_readme_shows_a_result_as_it_is() -> None:
    sample = yaml.safe_load(README.partition("```json\n")[2].partition("```")[0])
    returns = docs_of("module", "drs_job_batch_stop").returns
    assert sample.keys() - ANSIBLES_OWN == keys_returned("drs_job_batch_stop", "when the task fails,")
    assert [set(row) for row in sample["jobs"]] == [set(returns["jobs"]["contains"])] * len(sample["jobs"])


# Versions


def test_the_version_is_the_same_everywhere() -> None:
    version = from_yaml("galaxy.yml")["version"]
    assert version == _version.VERSION
    assert f"huaweicloud-drs-{version}.tar.gz" in README
    assert f"Version {version}" in README


def test_the_newest_release_of_the_changelog_is_this_version() -> None:
    releases = from_yaml("changelog.yml")["releases"]
    newest = max(releases, key=_as_numbers, default=None)
    assert newest in (None, from_yaml("galaxy.yml")["version"])


def test_the_readme_requires_what_the_metadata_requires() -> None:
    core = from_yaml("meta/runtime.yml")["requires_ansible"].removeprefix(">=").removesuffix(".0")
    python = from_yaml("tests/config.yml")["modules"]["python_requires"].removeprefix(">=")
    (needed,) = re.findall(r"^requests>=(.+)$", (CHECKOUT / "requirements.txt").read_text(), re.MULTILINE)
    assert f"ansible-core {core} or newer, Python {python} or newer" in README
    assert f"[requests](https://pypi.org/project/requests/) {needed} or newer" in README
    # A filter talks to nobody.
    for kind, name in (each for each in PLUGINS if each[0] != "filter"):
        assert docs_of(kind, name).documentation["requirements"] == [f"requests >= {needed}"]


def _as_numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]


def test_the_readme_tests_as_continuous_integration_does() -> None:
    assert re.search(r"^exec make test\b", (CHECKOUT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)
    assert re.search(r"^make test\b", README, re.MULTILINE)


# Files


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md"])
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    # In full where a page leads out of the tarball, into the repository.
    repository = f"{from_yaml('galaxy.yml')['repository']}/blob/main/"
    found = re.findall(r"\]\(([^)]+)\)", (CHECKOUT / page).read_text(encoding="utf-8"))
    links = [link.removeprefix(repository) for link in found]
    assert links
    assert [link for link in links if "://" not in link and not _leads_somewhere(link)] == []


def test_the_readme_leads_out_of_the_tarball_in_full() -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    left_out = from_yaml("galaxy.yml")["build_ignore"]
    assert [link for link in links if any(fnmatch(link, pattern) for pattern in left_out)] == []


def _leads_somewhere(link: str) -> bool:
    """Say whether the file is there, and in it the heading that comes after a hash, as GitHub spells it."""
    name, _hash, anchor = link.partition("#")
    path = CHECKOUT / name
    if not anchor:
        return path.exists()
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return anchor in [re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings]


def test_files_that_the_architecture_names_exist() -> None:
    text = (CHECKOUT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\b(_(?:core|client|module)/\w+\.py)", text))
    assert named
    assert [name for name in named if not (CHECKOUT / "plugins" / "module_utils" / name).exists()] == []
    assert [name for name in re.findall(r"\btests/\w+/\w+\.py", text) if not (CHECKOUT / name).exists()] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    machine = re.compile(rb"(?<![\w.~:/})-])/(?:root|work|home|Users)(?:/\w|$)", re.MULTILINE)
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=CHECKOUT, check=False, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip("not a git checkout")
    files = [CHECKOUT / name for name in filter(None, listed.stdout.split("\0"))]
    assert [path for path in files if path.is_file() and machine.search(path.read_bytes())] == []
