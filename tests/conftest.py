# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make ``ansible_collections.huaweicloud.drs`` importable for plain ``pytest``, from any directory.

Ansible finds a collection only below a folder ``ansible_collections/NAMESPACE/NAME``, and a checkout rarely lies
there. So the checkout is linked into a temporary tree of that shape, which is removed when pytest ends.
``ansible-test units`` runs the tests in such a tree, and needs other things; see ``_configure_for_ansible_test``.

Besides: the fixtures that all tests share, a simulated cloud and a module that share a clock which stands still. They
import the collection inside, because pytest reads this file before there is one to import.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator
    from ansible_collections.huaweicloud.drs.tests.system.faults.ways import Authority
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import InfoModule, StopModule

CHECKOUT = Path(__file__).resolve().parents[1]

# ansible-test reads this file from a tree of its own, and has set up what it takes to import the collection.
_IS_ANSIBLE_TEST = __name__.startswith("ansible_collections.")
_COLLECTION = "ansible_collections.huaweicloud.drs"
# What it runs with all but ansible.module_utils hidden.
_WITHOUT_CONTROLLER = [CHECKOUT / "tests" / "unit" / "plugins" / name for name in ("modules", "module_utils")]

_OURS = ("HW_", "HUAWEICLOUD_")
_FOR_REQUESTS = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NETRC")


def pytest_configure(config: pytest.Config) -> None:
    """Link the checkout and start Ansible's plugin loader, before any test module is imported.

    Each worker of pytest-xdist comes here in its own process and gets its own tree.
    """
    if _IS_ANSIBLE_TEST:
        _configure_for_ansible_test(config)
        return
    tree = tempfile.TemporaryDirectory(prefix="huaweicloud-drs-tests-")
    config.add_cleanup(tree.cleanup)
    link = Path(tree.name, "ansible_collections", "huaweicloud", "drs")
    link.parent.mkdir(parents=True)
    link.symlink_to(CHECKOUT, target_is_directory=True)

    # The environment, so that an ansible-playbook started by a test sees the same collection.
    os.environ["ANSIBLE_COLLECTIONS_PATH"] = tree.name
    # The path, so that a plain Python started with this sys.path (multiprocessing) sees it too.
    sys.path.insert(0, tree.name)
    from ansible.plugins.loader import init_plugin_loader  # noqa: PLC0415  importing it reads the environment

    init_plugin_loader([tree.name])


def _configure_for_ansible_test(config: pytest.Config) -> None:
    """Do what pyproject.toml does, which ansible-test does not read, and have every test run.

    Tests of modules and module_utils that run with an action need the controller, so they run with those of actions.
    """
    config.addinivalue_line("filterwarnings", "error")
    if any("tests/unit/plugins/action/" in path for path in config.args):
        config.args.extend(str(path) for path in _WITHOUT_CONTROLLER if str(path) not in config.args)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what ansible-test runs without the controller."""
    if _IS_ANSIBLE_TEST and find_spec("ansible.parsing"):
        items[:] = [item for item in items if _is_as_action(item) or not {*_WITHOUT_CONTROLLER} & {*item.path.parents}]


def pytest_collection_finish() -> None:
    """Load once what else each test would load anew: ansible-test gives it a process of its own, by a fork."""
    if not _IS_ANSIBLE_TEST:
        return
    for path in (CHECKOUT / "plugins" / "module_utils").rglob("*.py"):
        import_module(".".join([_COLLECTION, *path.relative_to(CHECKOUT).with_suffix("").parts]))
    if find_spec("ansible.parsing"):
        from ansible.plugins import loader  # noqa: PLC0415  is not there for the tests of modules

        loader.connection_loader.get("ansible.builtin.local", class_only=True)
        for plugins, folder in ((loader.lookup_loader, "lookup"), (loader.action_loader, "action")):
            for path in (CHECKOUT / "plugins" / folder).glob("[!_]*.py"):
                plugins.get(f"huaweicloud.drs.{path.stem}", class_only=True)


def _is_as_action(item: pytest.Item) -> bool:
    return (
        isinstance(item, pytest.Function) and hasattr(item, "callspec") and bool(item.callspec.params.get("as_action"))
    )


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say of the tests that draw scenarios how many they have drawn in all their parts, and what there was in them."""
    drawn: dict[str, Counter[str]] = defaultdict(Counter)
    for report in terminalreporter.getreports("passed"):
        for name, counts in getattr(report, "user_properties", []):
            if name == "drawn":
                drawn[report.nodeid.rpartition("::")[2].partition("[")[0]].update(counts)
    for test, total in drawn.items():
        terminalreporter.write_line(f"{test}: {', '.join(f'{count} {what}' for what, count in total.items())}")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what the machine says about credentials, endpoints, proxies and CAs."""
    for name in list(os.environ):
        if name.startswith(_OURS) or name.upper() in _FOR_REQUESTS:
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> ManualClock:
    """The only time that passes, in the cloud and in the module."""
    from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock  # noqa: PLC0415

    return ManualClock()


@pytest.fixture
def sim(clock: ManualClock) -> Iterator[Simulator]:
    """A cloud with the jobs of the API page."""
    from ansible_collections.huaweicloud.drs.tests.simulator import Simulator, seed_demo  # noqa: PLC0415

    with Simulator(clock=clock) as simulator:
        seed_demo(simulator.cloud)
        yield simulator


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate for this machine."""
    from ansible_collections.huaweicloud.drs.tests.system.faults.ways import Authority  # noqa: PLC0415

    return Authority.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def as_action() -> bool:
    """Whether the action of its name does the work of a module. `module_and_action` of the harness tries both."""
    return False


@pytest.fixture
def stop(sim: Simulator, clock: ManualClock, as_action: bool) -> StopModule:
    """drs_job_batch_stop with a token for that cloud."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import StopModule  # noqa: PLC0415

    return StopModule(sim, clock, as_action)


@pytest.fixture
def info(sim: Simulator, clock: ManualClock, as_action: bool) -> InfoModule:
    """drs_job_info with a token for that cloud."""
    from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import InfoModule  # noqa: PLC0415

    return InfoModule(sim, clock, as_action)
