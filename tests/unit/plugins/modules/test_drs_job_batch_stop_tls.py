# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""TLS of drs_job_batch_stop: whom it trusts, and what it says of those it does not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import (
    RUNNING,
    ModuleRun,
    StopModule,
    module_and_action,
)


@pytest.fixture(scope="module")
def cloud() -> Iterator[Simulator]:
    """A cloud with a certificate of an authority of its own. Making one takes a while."""
    with Simulator(clock=ManualClock(), tls=True) as simulator:
        seed_demo(simulator.cloud)
        yield simulator


@pytest.fixture
def secure_stop(cloud: Simulator, as_action: bool) -> StopModule:
    """The module for that cloud, whose job runs."""
    assert isinstance(cloud.cloud.clock, ManualClock)
    cloud.cloud.job(RUNNING).status = "INCRE_TRANSFER_STARTED"
    return StopModule(cloud, cloud.cloud.clock, as_action)


def assert_refused(run: ModuleRun) -> None:
    """Check that a run did not trust the cloud, and says what to do."""
    assert run.failed
    assert not run.changed
    assert run.requests == []
    assert "certificate" in run.msg
    assert "ca_path" in run.msg


def test_the_authority_of_ca_path_is_trusted(secure_stop: StopModule) -> None:
    assert secure_stop(RUNNING, ca_path=secure_stop.sim.ca_path).outcomes == ["stopped"]


def test_an_unknown_authority_is_not_trusted(secure_stop: StopModule) -> None:
    assert_refused(secure_stop(RUNNING))


def test_a_login_goes_to_nobody_that_is_not_trusted(secure_stop: StopModule) -> None:
    secure_stop.log_in_as()
    assert_refused(secure_stop(RUNNING))


def test_certificates_may_go_unchecked(secure_stop: StopModule) -> None:
    run = secure_stop(RUNNING, validate_certs=False)
    assert run.outcomes == ["stopped"]
    assert "Unverified" not in run.warnings


def test_without_checks_ca_path_does_not_matter(secure_stop: StopModule) -> None:
    assert secure_stop(RUNNING, validate_certs=False, ca_path="/nowhere/ca.pem").outcomes == ["stopped"]


@module_and_action
def test_ca_path_may_come_from_the_environment(secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_CA_PATH", str(secure_stop.sim.ca_path))
    assert secure_stop(RUNNING).outcomes == ["stopped"]


def test_requests_ca_bundle_counts_where_there_is_no_ca_path(
    secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(secure_stop.sim.ca_path))
    assert secure_stop(RUNNING).outcomes == ["stopped"]


@module_and_action
@pytest.mark.parametrize("option", ["ca_path", "validate_certs"])
def test_the_options_win_over_requests_ca_bundle(
    secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch, option: str
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    secure_stop.arguments[option] = secure_stop.sim.ca_path if option == "ca_path" else False
    assert secure_stop(RUNNING).outcomes == ["stopped"]


def test_a_bundle_that_cannot_be_read_is_named(secure_stop: StopModule, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere/ca.pem")
    run = secure_stop(RUNNING)
    assert run.failed
    assert "REQUESTS_CA_BUNDLE" in run.msg
    assert run.requests == []
