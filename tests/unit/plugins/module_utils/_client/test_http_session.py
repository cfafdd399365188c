# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""One request in a session of requests: what the environment says of its proxy. Real proxies: tests/system/faults."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from requests.adapters import BaseAdapter

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import Auth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_session import HttpSession
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.error_codes import HintContext
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    NoResponseError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.masking import Masker
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock


class UnreachableAdapter(BaseAdapter):
    """An adapter that connects to nothing, and notes the proxies that it was to use."""

    def __init__(self) -> None:
        """Start without a request."""
        super().__init__()
        self.proxies: list[dict[str, str]] = []

    def send(self, request: requests.PreparedRequest, *_arguments: Any, **options: Any) -> requests.Response:
        """Raise what requests raises where nothing answers."""
        self.proxies.append(dict(options["proxies"]))
        raise requests.exceptions.ConnectTimeout

    def close(self) -> None:
        """Close nothing."""


def send(scheme: str) -> tuple[CloudError, UnreachableAdapter]:
    """Send a request, and return its error, and the adapter that it came to."""
    clock, adapter = ManualClock(), UnreachableAdapter()
    session = HttpSession(HttpSettings(), clock, Deadline(clock, 100.0), Masker(), adapter)
    with pytest.raises(CloudError) as caught:
        session.send("GET", f"{scheme}://drs.example.com/v3", Auth().for_request(), None, HintContext("drs", "token"))
    session.close()
    return caught.value, adapter


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_without_a_proxy_no_error_speaks_of_one(scheme: str) -> None:
    error, adapter = send(scheme)
    assert isinstance(error, NoResponseError)
    assert "of the environment" not in str(error)
    assert adapter.proxies == [{}]


@pytest.mark.parametrize(
    ("scheme", "variable", "address"),
    [
        ("http", "HTTP_PROXY", "http://proxy:3128"),
        ("http", "http_proxy", "http://proxy:3128"),
        ("http", "ALL_PROXY", "socks5h://proxy:1080"),
        ("https", "HTTPS_PROXY", "http://proxy:3128"),
        ("https", "all_proxy", "http://proxy:3128"),
    ],
)
def test_an_error_names_the_variable_of_the_proxy(
    monkeypatch: pytest.MonkeyPatch, scheme: str, variable: str, address: str
) -> None:
    monkeypatch.setenv(variable, address)
    error, adapter = send(scheme)
    assert f"Check {variable}" in str(error)
    assert address in adapter.proxies[0].values()


def test_a_host_that_is_excepted_has_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    monkeypatch.setenv("NO_PROXY", "example.com")
    error, _adapter = send("https")
    assert "HTTPS_PROXY" not in str(error)


def test_an_invalid_address_is_an_error_with_its_variable_before_anything_is_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:canary@proxy:99999")
    error, adapter = send("https")
    assert isinstance(error, ConfigurationError)
    assert str(error).endswith(": HTTPS_PROXY has a port that is not a number from 1 to 65535")
    assert adapter.proxies == []
