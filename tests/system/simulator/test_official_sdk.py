# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Huawei Cloud's own Python SDK against the simulated cloud: it signs, sends and reads what the real cloud takes."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from types import ModuleType
from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.tests.simulator import Fault, ManualClock, Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.signature import Authorization, Signable, is_signed_by
from ansible_collections.huaweicloud.drs.tests.system.simulator.client import MISSING, OTHER, REFUSED, RUNNING, Client
from ansible_collections.huaweicloud.drs.tests.system.simulator.official_sdk import PACKAGES, Sdk

pytestmark = [
    # Looked for, not imported: that has to wait for another home folder, see below.
    pytest.mark.skipif(not all(map(find_spec, PACKAGES)), reason="the official SDK is not installed"),
    # The SDK marks the v3 calls as deprecated, and asks for the time in a way that newer Pythons deprecate.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

BEFORE = "INCRE_TRANSFER_STARTED"
DURING = "RELEASE_RESOURCE_STARTED"
AFTER = "RELEASE_RESOURCE_COMPLETE"


@pytest.fixture(scope="module")
def sdk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sdk]:
    """The SDK; when it is imported it writes a file into the home folder, so it gets another one."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("NO_PROXY", "127.0.0.1")
        yield Sdk()


Connect = Callable[..., Any]


@pytest.fixture
def connect(sdk: Sdk, sim: Simulator) -> Iterator[Connect]:
    """Makes clients of the SDK, which are closed in the end."""
    clients = []

    def make(api: ModuleType, credentials: Any = None) -> Any:
        if api is sdk.iam:
            # It signs with an access key whatever it asks for; a token counts before that.
            kind, default = api.IamClient, sdk.credentials.GlobalCredentials("demo-ak", "demo-sk", "demo")
        else:
            kind, default = api.DrsClient, sdk.credentials.BasicCredentials("demo-ak", "demo-sk", PROJECT_ID)
        client = kind.new_builder().with_credentials(credentials or default).with_endpoints([sim.url]).build()
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.get_http_client().close()


def test_all_calls_agree_on_every_status(sdk: Sdk, sim: Simulator, connect: Connect, clock: ManualClock) -> None:
    v3, v5 = connect(sdk.v3), connect(sdk.v5)

    def statuses() -> set[str]:
        """Read the status of the running job in each of the ways that there are."""
        body = sdk.v3.BatchQueryJobReqPage(jobs=[RUNNING])
        batch = v3.batch_list_job_status(sdk.v3.BatchListJobStatusRequest(body=body))
        listed = v5.list_jobs(sdk.v5.ListJobsRequest(job_type="sync", name=RUNNING))
        detail = v5.show_job_detail(sdk.v5.ShowJobDetailRequest(job_id=RUNNING, type="detail"))
        assert (batch.count, listed.total_count) == (1, 1)
        return {batch.results[0].status, listed.jobs[0].status, detail.job.status, sim.cloud.job(RUNNING).status}

    assert statuses() == {BEFORE}
    v5.batch_stop_jobs_action(sdk.stop_request((RUNNING, None)))
    assert statuses() == {DURING}
    clock.advance(3)
    assert statuses() == {AFTER}


def test_a_batch_stop_with_all_kinds_of_results(sdk: Sdk, sim: Simulator, connect: Connect) -> None:
    request = sdk.stop_request((RUNNING, None), (MISSING, False), (OTHER, True))
    response = connect(sdk.v5).batch_stop_jobs_action(request)

    assert response.status_code == 200
    assert [(job.id, job.name, job.status, job.error_code) for job in response.jobs] == [
        (RUNNING, "DRS-1234", "success", None),
        (MISSING, None, "failed", "DRS.10020102"),
        (OTHER, "DRS-3456", "success", None),
    ]
    assert [stop[:2] for stop in sim.cloud.accepted_stops] == [(RUNNING, False), (OTHER, True)]


def test_a_single_stop(sdk: Sdk, sim: Simulator, connect: Connect) -> None:
    body = sdk.v5.StopJobActionReq(is_force_stop=True)
    response = connect(sdk.v5).stop_job_action(sdk.v5.StopJobActionRequest(job_id=RUNNING, body=body))
    assert (response.id, response.name, response.status) == (RUNNING, "DRS-1234", "success")
    assert [stop[:2] for stop in sim.cloud.accepted_stops] == [(RUNNING, True)]


def test_pages_of_statuses(sdk: Sdk, sim: Simulator, connect: Connect) -> None:
    ids = [f"job-{number}" for number in range(7)]
    for job_id in ids:
        sim.cloud.add_job(job_id)
    client = connect(sdk.v3)

    def page(**page_req: int) -> list[str]:
        body = sdk.v3.BatchQueryJobReqPage(jobs=ids)
        if page_req:
            body.page_req = sdk.v3.PageReq(**page_req)
        response = client.batch_list_job_status(sdk.v3.BatchListJobStatusRequest(body=body))
        return [result.id for result in response.results]

    assert page() == ids[:5]
    assert page(cur_page=2) == ids[5:]
    assert page(cur_page=1, per_page=100) == ids


class TestV3:
    """What a region without v5 is left with."""

    def test_stops_and_deletes(self, sdk: Sdk, sim: Simulator, connect: Connect, clock: ManualClock) -> None:
        client = connect(sdk.v3)
        request = sdk.delete_request((RUNNING, "terminate"), (MISSING, "terminate"), (OTHER, "force_terminate"))
        response = client.batch_delete_jobs(request)

        assert (response.status_code, response.count) == (202, 3)
        assert [(job.id, job.status, job.error_code) for job in response.results] == [
            (RUNNING, "success", None),
            (MISSING, "failed", "DRS.M00289"),
            (OTHER, "success", None),
        ]
        assert [stop[:2] for stop in sim.cloud.accepted_stops] == [(RUNNING, False), (OTHER, True)]
        clock.advance(3)
        assert client.batch_delete_jobs(sdk.delete_request((RUNNING, "delete"))).results[0].status == "success"
        assert [job.job_id for job in sim.cloud.jobs.all()] == [OTHER]

    def test_a_stop_that_pauses(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        body = sdk.v3.BatchPauseJobReq(jobs=[sdk.v3.PauseInfo(job_id=RUNNING, pause_mode="all")])
        response = connect(sdk.v3).batch_stop_jobs(sdk.v3.BatchStopJobsRequest(body=body))
        assert [(job.id, job.status) for job in response.results] == [(RUNNING, "success")]
        assert (sim.cloud.job(RUNNING).status, sim.cloud.accepted_stops) == ("PAUSING", [])

    def test_a_list(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.add_job("child", parent_id=OTHER, status="CHILD_TRANSFER_STARTED")
        body = sdk.v3.QueryJobsReq(db_use_type="sync", name=f"{RUNNING},{OTHER}", status=BEFORE, cur_page=1, per_page=0)
        response = connect(sdk.v3).show_job_list(sdk.v3.ShowJobListRequest(body=body))
        assert response.total_record == 2
        assert [(job.id, job.name, job.status, job.db_use_type) for job in response.jobs] == [
            (RUNNING, "DRS-1234", BEFORE, "sync"),
            (OTHER, "DRS-3456", BEFORE, "sync"),
        ]
        assert response.jobs[0].node_new_framework is False
        assert [[child.id for child in job.children] for job in response.jobs] == [[], ["child"]]

    def test_details(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.add_job("job", engine_type="mysql-to-kafka", tags={"env": "prod"}, parent_id=RUNNING)
        response = connect(sdk.v3).batch_list_job_details(sdk.detail_request("job", MISSING))
        assert response.count == 2
        job, missing = response.results
        assert (job.id, job.name, job.status, job.parent_id) == ("job", "DRS-job", BEFORE, RUNNING)
        assert (job.source_endpoint.db_type, job.target_endpoint.db_type) == ("mysql", "kafka")
        assert [(tag.key, tag.value) for tag in job.tags] == [("env", "prod")]
        assert (missing.id, missing.error_code) == (MISSING, "DRS.M00289")

    def test_the_progress(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.job(RUNNING).lag = 17.771
        response = connect(sdk.v3).batch_list_progresses(sdk.progress_request(RUNNING, MISSING))
        assert response.count == 2
        job, missing = response.results
        assert (job.job_id, job.transfer_status, job.task_mode) == (RUNNING, BEFORE, "FULL_INCR_TRANS")
        assert (job.incre_trans_delay, job.incre_trans_delay_millis) == ("17", "17771")
        assert job.progress_map["data"].completed == "100%"
        assert (missing.job_id, missing.error_code) == (MISSING, "DRS.M00289")

    def test_rpo_and_rto(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.add_job("dr-job", job_type="cloudDataGuard", rpo=1.5, rto=0.25)
        response = connect(sdk.v3).batch_list_rpos_and_rtos(sdk.rpo_and_rto_request("dr-job"))
        assert (response.count, response.status_code) == (1, 202)
        (job,) = response.results
        assert (job.job_id, job.rpo_info.delay, job.rto_info.delay) == ("dr-job", "1500", "250")


class TestIam:
    """Tokens; the SDK signs even these calls."""

    def test_by_password_and_mfa(self, sdk: Sdk, sim: Simulator, connect: Connect, client: Client) -> None:
        user = sim.cloud.add_user("guarded", "secret", "demo", mfa_seed="GEZDGNBVGY3TQOJQ")
        request = sdk.mfa_request(user, user.passcode(sim.cloud.clock.time()))
        response = connect(sdk.iam).keystone_create_user_token_by_password_and_mfa(request)

        assert response.status_code == 201
        assert response.token.methods == ["password", "totp"]
        assert (response.token.user.name, response.token.project.id) == ("guarded", PROJECT_ID)
        client.token = response.x_subject_token
        assert client.batch_status(RUNNING).status_code == 200

    def test_a_wrong_passcode(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        user = sim.cloud.add_user("guarded", "secret", "demo", mfa_seed="GEZDGNBVGY3TQOJQ")
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            connect(sdk.iam).keystone_create_user_token_by_password_and_mfa(sdk.mfa_request(user, "12345"))
        assert (caught.value.status_code, caught.value.error_code) == (400, "IAM.1061")

    def test_of_an_agency(self, sdk: Sdk, sim: Simulator, connect: Connect, client: Client) -> None:
        sim.cloud.add_project("theirs", "eu-de", domain="customer")
        sim.cloud.add_agency("operators", "customer", "demo")
        request = sdk.agency_request("customer", "operators", "eu-de")
        call = connect(sdk.iam).keystone_create_agency_token_invoker(request)
        response = call.add_header("X-Auth-Token", client.token).invoke()

        assert response.status_code == 201
        token = response.token
        assert token.methods == ["assume_role"]
        assert (token.user.name, token.assumed_by.user.name) == ("customer/operators", "demo")
        assert (token.project.id, token.project.domain.name) == ("theirs", "customer")
        headers = {"X-Auth-Token": response.x_subject_token}
        answer = client.send("GET", "/v5/theirs/jobs?job_type=sync", headers=headers)
        assert (answer.status_code, answer.json()["total_count"]) == (200, 0)

    def test_of_an_agency_with_a_signature(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.add_project("theirs", "eu-de", domain="customer")
        sim.cloud.add_agency("operators", "customer", "demo")
        request = sdk.agency_request("customer", "operators", "eu-de")
        response = connect(sdk.iam).keystone_create_agency_token(request)
        assert (response.token.project.id, response.token.assumed_by.user.name) == ("theirs", "demo")
        assert "X-Auth-Token" not in sim.requests[0].headers

    def test_the_check_of_ones_own(self, sdk: Sdk, connect: Connect, client: Client) -> None:
        request = sdk.iam.KeystoneValidateTokenRequest(x_subject_token=client.token, nocatalog="true")
        for call in (
            connect(sdk.iam).keystone_validate_token_invoker(request),
            connect(sdk.iam).keystone_validate_token_invoker(request).add_header("X-Auth-Token", client.token),
        ):
            response = call.invoke()
            assert (response.x_subject_token, response.token.project.id) == (client.token, PROJECT_ID)
            assert response.token.user.name == "demo"

    def test_what_somebody_may_use(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        iam, client = sdk.iam, connect(sdk.iam)
        sim.cloud.add_project("theirs", "eu-de", domain="customer")
        sim.cloud.add_project("off", "eu-nl", domain="demo").enabled = False
        (user,) = sim.cloud.accounts.users("demo")
        user.may_list_projects = True
        listed = client.keystone_list_projects(iam.KeystoneListProjectsRequest()).projects
        within = client.keystone_list_auth_projects(iam.KeystoneListAuthProjectsRequest()).projects
        own = client.keystone_list_projects_for_user(iam.KeystoneListProjectsForUserRequest(user_id=user.id)).projects
        for projects in (listed, within, own):
            assert [(project.id, project.enabled) for project in projects] == [(PROJECT_ID, True), ("off", False)]
        (domain,) = client.keystone_list_auth_domains(iam.KeystoneListAuthDomainsRequest()).domains
        assert (domain.name, domain.enabled) == ("demo", True)

        user.may_list_projects = False
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            client.keystone_list_projects(iam.KeystoneListProjectsRequest())
        assert caught.value.status_code == 403
        assert client.keystone_list_auth_projects(iam.KeystoneListAuthProjectsRequest()).projects

    def test_a_refused_login(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        user = sim.cloud.add_user("guarded", "secret", "demo", mfa_seed="GEZDGNBVGY3TQOJQ")
        request = sdk.mfa_request(user, user.passcode(sim.cloud.clock.time()))
        user.password = "another"
        request.body.auth.identity.methods = ["totp", "password"]
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            connect(sdk.iam).keystone_create_user_token_by_password_and_mfa(request)
        assert (caught.value.status_code, caught.value.error_msg) == (401, REFUSED)

    def test_temporary_keys(self, sdk: Sdk, sim: Simulator, connect: Connect, client: Client) -> None:
        sim.cloud.add_project("theirs", "eu-de", domain="customer")
        sim.cloud.add_job("job", project_id="theirs")
        sim.cloud.add_agency("operators", "customer", "demo")
        iam = connect(sdk.iam)
        of_user = sdk.key_of_user_request(900)
        of_agency = sdk.key_of_agency_request("customer", "operators", 3600)
        for answer, project_id, job_id in (
            (iam.create_temporary_access_key_by_token(of_user), PROJECT_ID, RUNNING),
            (iam.create_temporary_access_key_by_agency(of_agency), "theirs", "job"),
            (
                iam.create_temporary_access_key_by_agency_invoker(of_agency)
                .add_header("X-Auth-Token", client.token)
                .invoke(),
                "theirs",
                "job",
            ),
        ):
            key = answer.credential
            credentials = sdk.credentials.BasicCredentials(key.access, key.secret, project_id)
            drs = connect(sdk.v5, credentials.with_security_token(key.securitytoken))
            assert drs.show_job_detail(sdk.v5.ShowJobDetailRequest(job_id=job_id, type="detail")).job.id == job_id

    def test_which_versions_there_are(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        client = connect(sdk.iam)
        shown = client.keystone_show_version(sdk.iam.KeystoneShowVersionRequest())
        assert shown.version.links[0].href == f"{sim.url}/v3/"


def test_a_temporary_key(sdk: Sdk, sim: Simulator, connect: Connect) -> None:
    sim.cloud.add_access_key("temp", "secret", security_token="tok")
    credentials = sdk.credentials.BasicCredentials("temp", "secret", PROJECT_ID).with_security_token("tok")
    assert connect(sdk.v5, credentials).batch_stop_jobs_action(sdk.stop_request((RUNNING, None))).jobs
    assert sim.requests[0].headers["X-Security-Token"] == "tok"


def test_it_finds_the_project_by_the_region(sdk: Sdk, sim: Simulator) -> None:
    sim.cloud.add_project("second", "simulated-1")
    sim.cloud.accounts.users("demo")[0].may_list_projects = True
    sim.cloud.add_job("theirs", project_id="second")
    credentials = sdk.credentials.BasicCredentials("demo-ak", "demo-sk").with_iam_endpoint(sim.url)
    builder = sdk.v5.DrsClient.new_builder().with_credentials(credentials)
    client = builder.with_region(sdk.region.Region("simulated-1", sim.url)).build()
    assert client.batch_stop_jobs_action(sdk.stop_request(("theirs", None))).jobs[0].status == "success"
    client.get_http_client().close()
    assert [request.endpoint for request in sim.requests] == ["projects", "batch-stop"]
    assert sim.requests[0].query == {"name": "simulated-1"}


class TestErrors:
    """What the SDK makes of refusals."""

    def test_of_the_service(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.job(RUNNING).poison = True
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            connect(sdk.v5).batch_stop_jobs_action(sdk.stop_request((RUNNING, None)))
        error = caught.value
        assert (error.status_code, error.error_code, error.error_msg) == (400, "DRS.10000001", "Failed.")
        assert error.request_id == sim.requests[0].request_id

    def test_of_the_gateway(self, sdk: Sdk, connect: Connect) -> None:
        credentials = sdk.credentials.BasicCredentials("demo-ak", "wrong", PROJECT_ID)
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            connect(sdk.v5, credentials).batch_stop_jobs_action(sdk.stop_request((RUNNING, None)))
        error = caught.value
        assert (error.status_code, error.error_code) == (401, "APIGW.0301")
        assert "verify aksk signature fail" in error.error_msg
        assert error.request_id

    def test_of_a_region_without_v5(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.cloud.generations = ("v3",)
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            connect(sdk.v5).batch_stop_jobs_action(sdk.stop_request((RUNNING, None)))
        assert (caught.value.status_code, caught.value.error_code) == (404, "APIGW.0101")
        assert connect(sdk.v3).batch_delete_jobs(sdk.delete_request((RUNNING, "terminate"))).count == 1

    def test_of_a_single_missing_job(self, sdk: Sdk, connect: Connect) -> None:
        request = sdk.v5.ShowJobDetailRequest(job_id=MISSING, type="detail")
        with pytest.raises(sdk.exceptions.ClientRequestException) as caught:
            connect(sdk.v5).show_job_detail(request)
        assert (caught.value.status_code, caught.value.error_code) == (400, "DRS.10000010")

    def test_of_a_backend_that_is_down(self, sdk: Sdk, sim: Simulator, connect: Connect) -> None:
        sim.faults.add(Fault("batch-stop", status=503, body="<html></html>"))
        with pytest.raises(sdk.exceptions.ServerResponseException) as caught:
            connect(sdk.v5).batch_stop_jobs_action(sdk.stop_request((RUNNING, None)))
        assert caught.value.status_code == 503


@pytest.mark.parametrize(
    ("method", "path", "query", "body"),
    [
        ("POST", "/v5/p/jobs/batch-stop", [], '{"jobs": [{"job_id": "\u00e4"}]}'),
        ("GET", "/v5/p/jobs", [("name", "a,b c~d"), ("limit", 10), ("enterprise_project_id", "")], ""),
        ("GET", "/v5/p/jobs/a%20b%2Bc", [("type", "detail")], ""),
        ("GET", "/v3/projects", [("name", "b"), ("name", "a"), ("enabled", True)], ""),
    ],
)
def test_the_signatures_of_the_sdk_are_verified(
    sdk: Sdk, method: str, path: str, query: list[tuple[str, object]], body: str
) -> None:
    headers = {"Content-Type": "application/json", "User-Agent": " sdk  1 ", "X-Project-Id": "p"}
    request = sdk.request.SdkRequest(
        method=method,
        schema="https",
        host="drs.example.com",
        resource_path=path,
        header_params=headers,
        query_params=query,
        body=body,
    )
    signed = sdk.signer.Signer(sdk.credentials.BasicCredentials("ak", "sk")).sign(request)
    authorization = Authorization.parse(signed.header_params["Authorization"])
    assert authorization is not None
    assert authorization.access == "ak"
    received = Signable(method, signed.uri, signed.header_params, signed.body or b"")
    assert is_signed_by(received, authorization, "sk")
    assert not is_signed_by(received, authorization, "another")
