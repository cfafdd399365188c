# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of docs/architecture.md that a program can check, read from the syntax tree of every file in plugins/."""

from __future__ import annotations

import ast
import io
import re
import sys
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import KNOWN_STATUSES

CHECKOUT = Path(__file__).resolve().parents[2]
PLUGINS = CHECKOUT / "plugins"
TESTS = CHECKOUT / "tests" / "unit" / "plugins"
FILES = sorted(str(path.relative_to(PLUGINS)) for path in PLUGINS.rglob("*.py"))

UTILS = "module_utils"
CORE, CLIENT, MODULE = f"{UTILS}/_core", f"{UTILS}/_client", f"{UTILS}/_module"
VERSION = f"{UTILS}/_version"
# What each layer may import besides the standard library. The first that fits a path counts.
MAY_IMPORT = {
    CORE: (CORE,),
    CLIENT: (CLIENT, CORE, VERSION, "requests"),
    MODULE: (MODULE, CLIENT, CORE, VERSION, "ansible"),
    VERSION: (),
    "modules": (MODULE, CLIENT, CORE, "ansible"),
    "action": ("plugin_utils", MODULE),
    "plugin_utils": ("plugin_utils", MODULE, CLIENT, CORE, "ansible", "cryptography"),
    "lookup": ("plugin_utils", CLIENT, CORE, "ansible"),
    "inventory": ("plugin_utils",),
    "filter": (MODULE, CORE),
    "doc_fragments": (),
}
# The core decides; it gets what it needs to know, the time and randomness included.
NOT_FOR_CORE = frozenset("asyncio http logging os random secrets socket ssl subprocess threading time urllib3".split())
ONLY_IN = {"time": (f"{CLIENT}/clock.py",), "random": (f"{CLIENT}/http_client.py",)}

# IAM and DRS are neighbours: neither imports the other, and what both use imports neither. So a lookup of tokens loads
# nothing of DRS. Which files belong to a service, without their suffix.
SERVICES = {
    "DRS": (
        *(f"{CORE}/{name}" for name in ("batch_message", "drs_*", "job_*", "jobs", "pending_stops")),
        *(f"{CORE}/*_{name}" for name in ("guard", "lines", "plan", "progress", "records", "report")),
        *(f"{CLIENT}/{name}" for name in ("batch_bisect", "drs", "drs_*", "waiter")),
    ),
    "IAM": (f"{CLIENT}/iam_*", f"{CLIENT}/login", "lookup/*", "plugin_utils/_iam_*", "plugin_utils/_lookup_options"),
}
NEIGHBOURS = (CORE, CLIENT, "plugin_utils", "lookup")
# It logs in and lists jobs, as modules do, so it is about both. Nothing that is about one of them imports it.
COMPOSITION = "plugin_utils/_jobs_inventory*"

# Names of the core that stand for statuses and error codes.
VERDICTS = {"DELETED", "NOT_FOUND", "Phase", "STOP_COMPLETE", "STOP_FAILED", "STOP_STARTED", "TOO_FREQUENT"}
ERROR_CODE = re.compile(r"(?:APIGW|APIG|DRS|IAM)\.[A-Z]?[0-9]{4,8}")

# A module, and what ansible-lint calls in place of one.
MAY_EXIT = (f"{MODULE}/base.py", "plugin_utils/_option_lint.py")
# Ansible's Display may warn, in one place; it has many ways to show values. At -vv lookups, actions and the inventory
# show which requests are repeated, masked. An action shows its progress, and the inventory where its jobs are from.
MAY_WARN = "plugin_utils/"
MAY_SHOW = {
    "plugin_utils/_iam_lookup.py": "Display().vv(self._masker.mask(str(retry)))",
    "plugin_utils/_in_process_action.py": "Display().vv(retry)",
    "plugin_utils/_jobs_inventory.py": "Display().vv(self._masker.mask(line))",
    "plugin_utils/_task_output.py": (
        "Display().display(self._text(line), color, self._uses_stderr, log_only=log_only)"
    ),
}
SHOWS = "_display display vv vvv vvvv vvvvv vvvvvv verbose banner".split()
DOCUMENTATION = ("DOCUMENTATION", "EXAMPLES", "RETURN")
LONGEST_FILE = 250
LONGEST_FUNCTION = 40
LONGEST_MAIN = 20


def layer_of(path: str) -> str:
    """Give the layer that a file or module belongs to."""
    return next(layer for layer in MAY_IMPORT if path.startswith(layer))


def imported(path: str, tree: ast.AST) -> Iterator[str]:
    """Give what a file imports: other files of plugins/ by their paths, the rest by the names of modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (_as_path(alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level:
            folder = Path(path).parents[node.level - 1]
            inside = (node.module or "").replace(".", "/")
            names = [inside] if inside else [alias.name for alias in node.names]
            yield from ((folder / name).as_posix() for name in names)
        elif isinstance(node, ast.ImportFrom):
            yield _as_path(node.module or "")


def _as_path(module: str) -> str:
    ours = "ansible_collections.huaweicloud.drs.plugins."
    return module.removeprefix(ours).replace(".", "/") if module.startswith(ours) else module


def import_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find imports that point the wrong way."""
    layer = layer_of(path)
    for name in imported(path, tree):
        package = name.partition(".")[0]
        if package in sys.stdlib_module_names:
            if layer == CORE and (package in NOT_FOR_CORE or name == "urllib.request"):
                yield f"imports {name}, but the core does nothing itself"
            if package in ONLY_IN and path not in ONLY_IN[package]:
                yield f"imports {name}, which only {ONLY_IN[package]} may: take it as an argument"
        elif not any(_is_part_of(name, allowed) for allowed in MAY_IMPORT[layer]):
            yield f"imports {name}, which {layer} must not"


def _is_part_of(name: str, allowed: str) -> bool:
    return name == allowed or name.startswith((f"{allowed}.", f"{allowed}/"))


def service_of(path: str) -> str | None:
    """Return the service that a file is about, None for one that is about neither."""
    stem = path.removesuffix(".py")
    if fnmatch(stem, COMPOSITION):
        return "both"
    return next((service for service, names in SERVICES.items() if any(fnmatch(stem, name) for name in names)), None)


def neighbour_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find imports from one service to the other, and from what both use to either."""
    service = service_of(path)
    if service == "both":
        return
    for name in imported(path, tree) if layer_of(path) in NEIGHBOURS else ():
        other = service_of(name)
        if other is not None and other != service:
            yield f"imports {name}, which is about {other}"


def verdict_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find statuses, phases and error codes outside the core: what they mean is decided there."""
    for node in ast.walk(tree) if layer_of(path) not in (CORE, "modules", "doc_fragments") else ():
        names = [_name_of(node), *(alias.name for alias in getattr(node, "names", ()) if isinstance(alias, ast.alias))]
        text, line = getattr(node, "value", None), getattr(node, "lineno", 0)
        yield from (f"knows {name} in line {line}" for name in VERDICTS.intersection(names))
        if isinstance(text, str) and (text in KNOWN_STATUSES or ERROR_CODE.fullmatch(text)):
            yield f"knows {text} in line {line}"


def exit_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find ways to end the module that are not the outermost."""
    for node in ast.walk(tree):
        named = _name_of(node)
        if named == "exit" or (named in ("exit_json", "fail_json") and not path.startswith(MAY_EXIT)):
            yield f"uses {named} in line {getattr(node, 'lineno', 0)}"


def output_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find output: a module has none but its result, and a lookup none but warnings, which hold no value."""
    forbidden = SHOWS if path.startswith(MAY_WARN) else (*SHOWS, "Display")
    shown = MAY_SHOW.get(path)
    allowed = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node) == shown]
    for node in ast.walk(tree):
        named, line = _name_of(node), getattr(node, "lineno", 0)
        if named == "print":
            yield f"prints in line {line}"
        if named in forbidden and node not in allowed:
            yield f"displays something in line {line}"


def _name_of(node: ast.AST) -> str | None:
    name = getattr(node, "attr", None) or getattr(node, "id", None)
    return name if isinstance(name, str) else None


def size_problems(path: str, tree: ast.Module, source: str) -> Iterator[str]:
    """Find files and functions that nobody reads on one screen, or in one go."""
    lines = lines_of_code(tree, source)
    if lines > LONGEST_FILE and not path.startswith("doc_fragments"):
        yield f"has {lines} lines of code, more than {LONGEST_FILE}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            longest = LONGEST_MAIN if path.startswith("modules/") else LONGEST_FUNCTION
            if length > longest:
                yield f"{node.name} has {length} lines, more than {longest}"


def lines_of_code(tree: ast.Module, source: str) -> int:
    """Count the lines that are code: no comments, no docstrings, no documentation of plugins."""
    words: set[int] = set()
    for node in ast.walk(tree):
        is_documentation = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in DOCUMENTATION
        is_docstring = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if isinstance(node, ast.Assign | ast.Expr) and (is_documentation or is_docstring):
            words.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    nothing = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)
    code: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in nothing:
            code.update(range(token.start[0], token.end[0] + 1))
    return len(code - words)


def main_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find modules that do more than to compose."""
    if not path.startswith("modules/"):
        return
    defined = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)]
    if [node.name for node in defined] != ["main"]:
        yield f"defines {[node.name for node in defined]}, not just main"


def check_mode_problems(path: str, tree: ast.Module) -> Iterator[str]:
    """Find code that acts differently in check mode; `stop_jobs` does, see the test of that."""
    if layer_of(path) == CORE:
        return  # builds results and does nothing
    for node in ast.walk(tree):
        if isinstance(node, ast.If | ast.IfExp | ast.While | ast.BoolOp):
            asked = node.values if isinstance(node, ast.BoolOp) else [node.test]
            if any(_name_of(part) == "check_mode" for each in asked for part in ast.walk(each)):
                yield f"decides about check_mode in line {node.lineno}"


def problems(path: str, source: str) -> list[str]:
    """Give all that is wrong with one file; ``path`` is relative to plugins/."""
    tree = ast.parse(source)
    rules: tuple[Callable[[str, ast.Module], Iterator[str]], ...] = (
        import_problems,
        neighbour_problems,
        verdict_problems,
        exit_problems,
        output_problems,
        main_problems,
    )
    found = [problem for rule in rules for problem in rule(path, tree)]
    return found + list(size_problems(path, tree, source))


@pytest.mark.parametrize("path", FILES)
def test_the_file_keeps_the_rules(path: str) -> None:
    assert problems(path, (PLUGINS / path).read_text(encoding="utf-8")) == []


def test_what_happens_in_check_mode_is_decided_once() -> None:
    found = {
        path: len(list(check_mode_problems(path, ast.parse((PLUGINS / path).read_text(encoding="utf-8")))))
        for path in FILES
    }
    assert {path: number for path, number in found.items() if number} == {f"{MODULE}/stop_jobs.py": 1}


def test_every_layer_has_files() -> None:
    # Otherwise a folder has been renamed, and its rules have gone with it.
    assert {layer_of(path) for path in FILES} == set(MAY_IMPORT)


def test_every_name_of_a_service_has_files() -> None:
    names = [name for names in SERVICES.values() for name in names]
    assert [name for name in names if not any(fnmatch(path, f"{name}.py") for path in FILES)] == []


# Each file has a test file of its name; more of them, which begin with it, are welcome: `test_drs_job_info_lists.py`.


def needs_tests(path: str) -> bool:
    """Return whether a file has a function. An action has none, and the tests of its module run it."""
    tree = ast.parse((PLUGINS / path).read_text(encoding="utf-8"))
    return any(isinstance(node, ast.FunctionDef) for node in ast.walk(tree))


def untested(paths: Iterable[str], tests: Collection[str]) -> list[str]:
    """Return the files without a test file. Those of tests are relative to tests/unit/plugins."""
    return [path for path in paths if not any(_is_test_of(test, path) for test in tests)]


def _is_test_of(test: str, path: str) -> bool:
    name = f"test_{Path(path).stem.lstrip('_')}"
    is_named_after = Path(test).stem == name or Path(test).stem.startswith(f"{name}_")
    return is_named_after and Path(test).parent == Path(path).parent


def test_every_file_has_a_test_file_of_its_name() -> None:
    tests = [path.relative_to(TESTS).as_posix() for path in TESTS.rglob("test_*.py")]
    assert untested(filter(needs_tests, FILES), tests) == []


@pytest.mark.parametrize(
    ("test", "is_found"),
    [
        ("module_utils/_core/test_jobs.py", True),
        ("module_utils/_core/test_jobs_of_v3.py", True),
        ("module_utils/_core/test_jobsite.py", False),
        ("module_utils/_client/test_jobs.py", False),
        ("module_utils/_core/jobs.py", False),
    ],
)
def test_a_file_without_a_test_file_would_be_found(test: str, is_found: bool) -> None:
    assert untested([f"{CORE}/jobs.py"], [test]) == ([] if is_found else [f"{CORE}/jobs.py"])


LONG = "def f():\n" + "    x = 1\n" * 40
OURS = "ansible_collections.huaweicloud.drs.plugins"


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        (f"{CORE}/a.py", "import requests", "imports requests"),
        (f"{CORE}/a.py", "import yaml.nodes", "imports yaml.nodes"),
        (f"{CORE}/a.py", "from ansible.module_utils.basic import AnsibleModule", "imports ansible"),
        (f"{CORE}/a.py", "from .._client import http", "imports module_utils/_client"),
        (f"{CORE}/a.py", "from .._client.http_client import HttpClient", "imports module_utils/_client/http"),
        (f"{CORE}/a.py", f"from {OURS}.{UTILS}._client.http_client import x", "imports module_utils/_client/http"),
        (f"{CORE}/a.py", "def f():\n    from time import sleep", "imports time"),
        (f"{CORE}/a.py", "import urllib.request", "imports urllib.request"),
        (f"{CLIENT}/a.py", "from .._module.task import x", "imports module_utils/_module/task"),
        (f"{CLIENT}/a.py", "from ansible.errors import AnsibleError", "imports ansible.errors"),
        (
            f"{CLIENT}/login.py",
            "from .drs_api import DrsApi",
            "imports module_utils/_client/drs_api, which is about DRS",
        ),
        (
            f"{CLIENT}/iam_tokens.py",
            "from .._core.jobs import x",
            "imports module_utils/_core/jobs, which is about DRS",
        ),
        (f"{CLIENT}/drs.py", "from .login import log_in", "imports module_utils/_client/login, which is about IAM"),
        (f"{CLIENT}/http_client.py", "from .._core.drs_responses import x", "drs_responses, which is about DRS"),
        (f"{CORE}/masking.py", "from . import jobs", "imports module_utils/_core/jobs, which is about DRS"),
        (
            "plugin_utils/_iam_session.py",
            "from ..module_utils._core.stop_plan import x",
            "stop_plan, which is about DRS",
        ),
        ("lookup/a.py", f"from {OURS}.{CORE.replace('/', '.')}.jobs import x", "jobs, which is about DRS"),
        ("lookup/a.py", f"from {OURS}.plugin_utils._jobs_inventory_regions import x", "regions, which is about both"),
        ("plugin_utils/_run_cache.py", "from ._jobs_inventory import x", "_jobs_inventory, which is about both"),
        ("inventory/a.py", f"from {OURS}.{MODULE.replace('/', '.')}.session import x", "_module/session"),
        (f"{CLIENT}/drs.py", "from .._core.error_codes import NOT_FOUND", "knows NOT_FOUND in line 1"),
        (f"{MODULE}/a.py", "x = 1\ny = jobs.Phase.MISSING", "knows Phase in line 2"),
        (f"{CLIENT}/drs.py", "x = status == 'RELEASE_RESOURCE_FAILED'", "knows RELEASE_RESOURCE_FAILED in line 1"),
        (f"{CLIENT}/drs.py", "x = error.error_code in ('DRS.M00289',)", "knows DRS.M00289 in line 1"),
        (f"{CLIENT}/a.py", "import random", "take it as an argument"),
        (f"{CLIENT}/a.py", "module.fail_json(msg='')", "uses fail_json in line 1"),
        (f"{MODULE}/a.py", "import requests", "imports requests"),
        (f"{MODULE}/a.py", "x = module\nx.exit_json()", "uses exit_json in line 2"),
        (f"{MODULE}/run.py", "import sys\nsys.exit(1)", "uses exit in line 2"),
        (f"{MODULE}/run.py", "module.exit_json()", "uses exit_json in line 1"),
        ("modules/a.py", "def main():\n    module.fail_json(msg='')", "uses fail_json in line 2"),
        ("action/a.py", f"from {OURS}.{CLIENT.replace('/', '.')}.drs import x", "imports module_utils/_client/drs"),
        (f"{MODULE}/run.py", "from ...plugin_utils._iam_lookup import tokens", "imports plugin_utils/_iam_lookup"),
        ("lookup/a.py", f"from {OURS}.{MODULE.replace('/', '.')}.task import x", "imports module_utils/_module/task"),
        ("lookup/a.py", "from ansible.utils.display import Display\nDisplay()", "displays something in line 2"),
        ("lookup/a.py", "def run(self):\n    self._display.vvv('')", "displays something in line 2"),
        ("plugin_utils/a.py", "Display().vvv('')", "displays something in line 1"),
        ("plugin_utils/a.py", "Display().display('')", "displays something in line 1"),
        ("plugin_utils/a.py", "Display().vv(retry)", "displays something in line 1"),
        *((path, "Display().vv(str(retry))", "displays something in line 1") for path in MAY_SHOW),
        *((path, "Display().vvv(retry)", "displays something in line 1") for path in MAY_SHOW),
        (f"{CLIENT}/a.py", "print('hello')", "prints in line 1"),
        (f"{CLIENT}/a.py", LONG, "f has 41 lines"),
        (f"{CLIENT}/a.py", "x = 1\n" * 251, "has 251 lines of code"),
        ("modules/a.py", "def main():\n" + "    x = 1\n" * 20, "main has 21 lines"),
        ("modules/a.py", "def main(): pass\ndef helper(): pass", "defines ['main', 'helper']"),
    ],
)
def test_the_checker_finds_a_planted_fault(path: str, source: str, expected: str) -> None:
    assert any(expected in problem for problem in problems(path, source)), problems(path, source)


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (f"{CORE}/a.py", "import json\nfrom .errors import CloudError\nfrom . import bounds"),
        (f"{CLIENT}/a.py", "import requests.adapters\nfrom .._version import VERSION\nfrom .._core.bounds import x"),
        (f"{MODULE}/run.py", "from .._client.http_client import HttpClient"),
        (f"{MODULE}/session.py", "from .._client.drs_api import DrsApi\nfrom .._client.login import log_in"),
        (f"{CLIENT}/drs.py", "from .._core.jobs import Observation\nfrom .auth import Auth"),
        (f"{MODULE}/base.py", "module.exit_json()"),
        ("action/a.py", f"from {OURS}.plugin_utils._in_process_action import InProcessAction"),
        ("lookup/a.py", f"from {OURS}.plugin_utils._iam_lookup import tokens"),
        ("inventory/a.py", f"from {OURS}.plugin_utils._jobs_inventory import JobsInventory"),
        (
            "plugin_utils/_jobs_inventory_regions.py",
            "from ._iam_run_tokens import x\nfrom ..module_utils._core.job_info import y",
        ),
        ("plugin_utils/a.py", "from ansible.utils.display import Display\nDisplay().warning('')"),
        *MAY_SHOW.items(),
        (f"{CLIENT}/a.py", "# words\n" * 300 + '"""words"""\n' + "\n" * 300),
        ("modules/a.py", 'DOCUMENTATION = r"""\n' + "words\n" * 300 + '"""\ndef main(): pass'),
    ],
)
def test_the_checker_leaves_good_files_alone(path: str, source: str) -> None:
    assert problems(path, source) == []


@pytest.mark.parametrize(
    "source",
    ["if settings.check_mode: pass", "x = 1 if module.check_mode else 2", "x = not check_mode and f()"],
)
def test_the_checker_finds_a_decision_about_check_mode(source: str) -> None:
    assert list(check_mode_problems(f"{MODULE}/a.py", ast.parse(source)))
