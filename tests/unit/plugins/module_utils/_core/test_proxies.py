# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What is wrong with a proxy, in sentences without anything of its address. In real runs: tests/system/faults."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.proxies import (
    address_problem,
    describe_proxy_status,
    describe_unusable_proxy,
    find_proxy_variable,
)


@pytest.mark.parametrize(
    "address",
    [
        "http://proxy",
        "HTTP://proxy:3128/",
        "//proxy:3128",
        "proxy",
        "https://me:pass%23word@proxy:3128",
        "http://me:p\u00e4ss@proxy",
        "socks5h://me:\u65e5@[2001:db8::1]:1080",
        "http://[2001:db8::1]",
    ],
)
def test_an_address_that_can_work_has_no_problem(address: str) -> None:
    assert address_problem(address) is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://canary proxy", "holds a blank or another character that is not valid in an address"),
        ("http://canary\x07", "holds a blank or another character that is not valid in an address"),
        ("canary:3128", "has no scheme: it must begin with http://"),
        ("me@canary", "has no scheme: it must begin with http://"),
        ("ftp://canary", "has an unsupported scheme"),
        ("http://me:canary#1@proxy", "holds #, /, ? or \\ in its user name or password"),
        ("http://me:canary/1@proxy", "holds #, /, ? or \\ in its user name or password"),
        ("http://me:canary\u65e5@proxy", "holds a character in its user name or password that cannot be sent"),
        ("http://canary@", "names no host"),
        ("http://:3128", "names no host"),
        ("http://2001:db8::1", "names no valid host: an IPv6 address must be in brackets"),
        ("http://canary]:1", "names no valid host"),
        ("http://canary:0", "has a port that is not a number from 1 to 65535"),
        ("http://canary:65536", "has a port that is not a number from 1 to 65535"),
        ("http://canary:\u0663", "has a port that is not a number from 1 to 65535"),
        (f"http://canary:{'9' * 5000}", "has a port that is not a number from 1 to 65535"),
        ("http://canary..example", "names an invalid host"),
    ],
)
def test_a_problem_is_told_without_the_address(address: str, expected: str) -> None:
    problem = address_problem(address)
    assert problem is not None
    assert problem.startswith(expected)
    assert "canary" not in problem


@pytest.mark.parametrize(
    ("environ", "scheme", "expected"),
    [
        ({"HTTPS_PROXY": "p"}, "https", "HTTPS_PROXY"),
        ({"HTTPS_PROXY": "p", "https_proxy": "p"}, "https", "https_proxy"),
        ({"ALL_PROXY": "p", "HTTPS_PROXY": "p"}, "https", "HTTPS_PROXY"),
        ({"ALL_PROXY": "p", "HTTPS_PROXY": "other"}, "https", "ALL_PROXY"),
        ({"HTTPS_PROXY": "p"}, "http", None),
        ({}, "http", None),
    ],
)
def test_the_variable_that_counts_is_the_one_with_the_address(
    environ: dict[str, str], scheme: str, expected: str | None
) -> None:
    assert find_proxy_variable("p", scheme, environ) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (407, "it requires a user name and a password"),
        (403, "it refuses to connect to this host (HTTP 403)"),
        (502, "it cannot reach this host (HTTP 502)"),
        (200, "it opens no tunnel to this host (HTTP 200). Is it a proxy?"),
    ],
)
def test_a_refused_tunnel_has_a_reason(status: int, expected: str) -> None:
    assert describe_proxy_status(status).startswith(expected)


def test_the_sentence_names_what_to_look_at() -> None:
    assert describe_unusable_proxy("HTTPS_PROXY", "it is closed") == (
        "the proxy of the environment could not be used. Check HTTPS_PROXY: it is closed"
    )
    assert describe_unusable_proxy(None) == (
        "the proxy of the environment could not be used. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"
    )
