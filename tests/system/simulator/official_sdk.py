# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Huawei Cloud's own Python SDK, and how to write its requests."""

from __future__ import annotations

import importlib
from typing import Any

from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID
from ansible_collections.huaweicloud.drs.tests.simulator.principals import User

PACKAGES = ("huaweicloudsdkdrs", "huaweicloudsdkiam")


class Sdk:
    """The parts of the SDK that the tests use; without type information, so everything in it is Any."""

    def __init__(self) -> None:
        """Import them."""
        self.v3: Any = importlib.import_module("huaweicloudsdkdrs.v3")
        self.v5: Any = importlib.import_module("huaweicloudsdkdrs.v5")
        self.iam: Any = importlib.import_module("huaweicloudsdkiam.v3")
        self.credentials: Any = importlib.import_module("huaweicloudsdkcore.auth.credentials")
        self.exceptions: Any = importlib.import_module("huaweicloudsdkcore.exceptions.exceptions")
        self.region: Any = importlib.import_module("huaweicloudsdkcore.region.region")
        self.signer: Any = importlib.import_module("huaweicloudsdkcore.signer.signer")
        self.request: Any = importlib.import_module("huaweicloudsdkcore.sdk_request")

    def stop_request(self, *jobs: tuple[str, bool | None]) -> Any:
        """Make a batch-stop request."""
        infos = [self.v5.StopJobActionInfo(job_id=job_id, is_force_stop=force) for job_id, force in jobs]
        return self.v5.BatchStopJobsActionRequest(body=self.v5.BatchStopJobActionReq(jobs=infos))

    def delete_request(self, *jobs: tuple[str, str]) -> Any:
        """Make the request of v3 that stops or deletes jobs."""
        infos = [self.v3.DeleteJobReq(delete_type=delete_type, job_id=job_id) for job_id, delete_type in jobs]
        return self.v3.BatchDeleteJobsRequest(body=self.v3.BatchDeleteJobReq(jobs=infos))

    def detail_request(self, *job_ids: str) -> Any:
        """Make the request of v3 for details."""
        return self.v3.BatchListJobDetailsRequest(body=self.v3.BatchQueryJobReqPage(jobs=list(job_ids)))

    def progress_request(self, *job_ids: str) -> Any:
        """Make the request of v3 for the progress."""
        return self.v3.BatchListProgressesRequest(body=self.v3.BatchQueryProgressReq(jobs=list(job_ids)))

    def rpo_and_rto_request(self, *job_ids: str) -> Any:
        """Make the request of v3 for RPO and RTO."""
        return self.v3.BatchListRposAndRtosRequest(body=self.v3.BatchQueryRpoAndRtoReq(jobs=list(job_ids)))

    def mfa_request(self, user: User, passcode: str) -> Any:
        """Make the request for a token by password and passcode."""
        iam = self.iam
        domain = iam.PwdPasswordUserDomain(name=user.domain)
        password = iam.PwdPassword(iam.PwdPasswordUser(domain=domain, name=user.name, password=user.password))
        totp = iam.MfaTotp(iam.MfaTotpUser(id=user.id, passcode=passcode))
        identity = iam.MfaIdentity(methods=["password", "totp"], password=password, totp=totp)
        auth = iam.MfaAuth(identity=identity, scope=iam.AuthScope(project=iam.AuthScopeProject(id=PROJECT_ID)))
        body = iam.KeystoneCreateUserTokenByPasswordAndMfaRequestBody(auth)
        return iam.KeystoneCreateUserTokenByPasswordAndMfaRequest(nocatalog="true", body=body)

    def agency_request(self, domain: str, agency: str, project_name: str) -> Any:
        """Make the request for a token of an agency; it has no place for the caller's token."""
        iam = self.iam
        role = iam.AgencyTokenAssumerole(domain_name=domain, agency_name=agency)
        identity = iam.AgencyTokenIdentity(methods=["assume_role"], assume_role=role)
        scope = iam.AgencyTokenScope(project=iam.AgencyTokenScopeProject(name=project_name))
        body = iam.KeystoneCreateAgencyTokenRequestBody(iam.AgencyTokenAuth(identity=identity, scope=scope))
        return iam.KeystoneCreateAgencyTokenRequest(body=body)

    def key_of_user_request(self, seconds: int) -> Any:
        """Make the request for a temporary access key of the caller."""
        iam = self.iam
        identity = iam.TokenAuthIdentity(methods=["token"], token=iam.IdentityToken(duration_seconds=seconds))
        body = iam.CreateTemporaryAccessKeyByTokenRequestBody(iam.TokenAuth(identity=identity))
        return iam.CreateTemporaryAccessKeyByTokenRequest(body=body)

    def key_of_agency_request(self, domain: str, agency: str, seconds: int) -> Any:
        """Make the request for a temporary access key of an agency."""
        iam = self.iam
        role = iam.IdentityAssumerole(domain_name=domain, agency_name=agency, duration_seconds=seconds)
        identity = iam.AgencyAuthIdentity(methods=["assume_role"], assume_role=role)
        body = iam.CreateTemporaryAccessKeyByAgencyRequestBody(iam.AgencyAuth(identity=identity))
        return iam.CreateTemporaryAccessKeyByAgencyRequest(body=body)
