# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The base URLs of DRS and IAM."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.endpoints import (
    CLOUDS,
    build_service_url,
    cloud_domain,
    format_request_line,
    is_in_cloud,
    is_insecure,
    parse_base_url,
    parse_region,
    strip_version,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError

# The regions of the official SDK's map for DRS; only those that start with eu-west-1 are in the EU cloud.
REGIONS = """
cn-north-1 cn-north-2 cn-north-4 cn-north-9 cn-north-11 cn-north-12 cn-south-1 cn-south-2 cn-south-4 cn-east-2
cn-east-3 cn-east-4 cn-east-5 cn-southwest-2 cn-southwest-3 ap-southeast-1 ap-southeast-2 ap-southeast-3
ap-southeast-4 ap-southeast-5 sa-brazil-1 la-south-2 la-north-2 na-mexico-1 af-south-1 af-north-1 tr-west-1
eu-west-0 ru-moscow-1 ru-northwest-2 ae-ad-1 my-kualalumpur-1 me-east-1
""".split()


@pytest.mark.parametrize("region", REGIONS)
def test_a_region_has_its_hosts(region: str) -> None:
    assert cloud_domain(region) == "myhuaweicloud.com"
    for service in ("drs", "iam"):
        url = build_service_url(service, region, None, None, option="endpoint")
        assert url == f"https://{service}.{region}.myhuaweicloud.com"


@pytest.mark.parametrize("region", ["eu-west-101", "eu-west-1", "eu-west-102"])
def test_the_eu_cloud_has_its_own_domain(region: str) -> None:
    url = build_service_url("drs", region, None, None, option="endpoint")
    assert url == f"https://drs.{region}.myhuaweicloud.eu"


def test_a_cloud_that_is_given_wins() -> None:
    assert (
        build_service_url("drs", "eu-de", "otc.t-systems.com", None, option="x")
        == "https://drs.eu-de.otc.t-systems.com"
    )
    assert (
        build_service_url("drs", "eu-west-101", "example.org", None, option="x")
        == "https://drs.eu-west-101.example.org"
    )


def test_an_endpoint_that_is_given_wins_over_region_and_cloud() -> None:
    assert build_service_url("drs", "a b", "c/d", "http://localhost:8080/", option="x") == "http://localhost:8080"


def test_without_region_and_endpoint_both_are_named() -> None:
    with pytest.raises(ConfigurationError, match=r"region.*iam_endpoint"):
        build_service_url("iam", None, "example.org", None, option="iam_endpoint")


@pytest.mark.parametrize(
    "text",
    [
        "a/b",
        "a b",
        "a@b",
        "a:1",
        "a?b",
        "a#b",
        "-a",
        "a-",
        ".a",
        "a.",
        "",
        "ä",
        "a\n",
        "a..b",
        "a-.b",
        "a.-b",
        "a" * 64,
    ],
)
def test_only_parts_of_host_names_go_into_a_host_name(text: str) -> None:
    with pytest.raises(ConfigurationError, match="region"):
        build_service_url("drs", text, None, None, option="endpoint")
    if text:
        with pytest.raises(ConfigurationError, match="cloud"):
            build_service_url("drs", "cn-north-4", text, None, option="endpoint")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://drs.example.com", "https://drs.example.com"),
        ("https://drs.example.com/", "https://drs.example.com"),
        (" https://drs.example.com// ", "https://drs.example.com"),
        ("http://127.0.0.1:8080/a/b/", "http://127.0.0.1:8080/a/b"),
        ("https://[::1]:8443", "https://[::1]:8443"),
        ("HTTPS://drs.example.com", "https://drs.example.com"),
        ("https://drs.example.com.", "https://drs.example.com."),
        ("https://drs_internal:8443", "https://drs_internal:8443"),
        ("https://xn--bcher-kva.example", "https://xn--bcher-kva.example"),
        ("https://bücher.example", "https://bücher.example"),
    ],
)
def test_a_base_url_comes_without_trailing_slashes(url: str, expected: str) -> None:
    assert parse_base_url(url, "endpoint") == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "drs.example.com",
        "drs.example.com:443",
        "//drs.example.com",
        "https://",
        "https:///path",
        "https:drs.example.com",
        "ftp://drs.example.com",
        "file:///etc/passwd",
        "https://drs example.com",
        "https://drs.example.com:port",
        "https://drs.example.com:99999",
        "https://[::1",
        "https://me@drs.example.com",
        "https://me:secret@drs.example.com",
        "https://:secret@drs.example.com",
        "https://drs.example.com?a=b",
        "https://drs.example.com/#a",
        "https://drs..example.com",
        "https://.example.com",
        "https://*.example.com",
        "https://drs.example.com\\.evil.example",
        f"https://{'a' * 64}.example.com",
        "https://drs{}.example.com",
        "https://[example]",
    ],
)
def test_what_is_no_base_url_is_one_line_that_names_the_option(url: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^endpoint ") as caught:
        parse_base_url(url, "endpoint")
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://iam.example.com", "https://iam.example.com"),
        ("https://iam.example.com/v3", "https://iam.example.com"),
        ("https://iam.example.com/proxy/v3", "https://iam.example.com/proxy"),
        ("https://iam.example.com/v3.0", "https://iam.example.com/v3.0"),
        ("https://iam.example.com/av3", "https://iam.example.com/av3"),
    ],
)
def test_the_base_url_of_iam_is_without_v3(url: str, expected: str) -> None:
    assert strip_version(url, ("/v3",)) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://drs.example.com", "https://drs.example.com"),
        ("https://drs.example.com/v3", "https://drs.example.com"),
        ("https://drs.example.com/v5", "https://drs.example.com"),
        ("https://drs.example.com/proxy/v5", "https://drs.example.com/proxy"),
        ("https://drs.example.com/v4", "https://drs.example.com/v4"),
        ("https://drs.example.com/av5", "https://drs.example.com/av5"),
    ],
)
def test_the_base_url_of_drs_is_without_a_version(url: str, expected: str) -> None:
    assert strip_version(url, ("/v3", "/v5")) == expected


@pytest.mark.parametrize(
    ("url", "region"),
    [
        *((f"https://drs.{region}.{cloud_domain(region)}", region) for region in [*REGIONS, "eu-west-101"]),
        ("https://iam.cn-north-4.myhuaweicloud.com:443/v3", "cn-north-4"),
        ("HTTPS://DRS.CN-NORTH-4.MYHUAWEICLOUD.COM/", "cn-north-4"),
        ("https://drs.eu-de.otc.t-systems.com", "eu-de"),
        ("https://drs.demo.private.example", "demo"),
        ("https://drs.demo.other.example", None),
        ("https://drs.internal.example.com", None),
        ("https://drs.example.com", None),
        ("https://drs.my-host.example", None),
        ("https://iam.myhuaweicloud.com", None),
        ("https://proxy.cn-north-4.myhuaweicloud.com", None),
        ("https://cn-north-4.myhuaweicloud.com", None),
        ("https://drs", None),
        ("http://127.0.0.1:8080", None),
        ("http://[::1", None),
        ("no URL", None),
        ("", None),
    ],
)
def test_an_endpoint_of_the_usual_form_names_its_region(url: str, region: str | None) -> None:
    assert parse_region(url, [*CLOUDS, "Private.example"]) == region


@pytest.mark.parametrize(
    ("url", "cloud", "is_in"),
    [
        ("https://iam.cn-north-4.myhuaweicloud.com/v3", "myhuaweicloud.com", True),
        ("https://myhuaweicloud.com:8443", "MyHuaweiCloud.com", True),
        ("https://iam.cn-north-4.myhuaweicloud.eu", "myhuaweicloud.com", False),
        ("https://iam.notmyhuaweicloud.com", "myhuaweicloud.com", False),
        ("https://myhuaweicloud.com.example", "myhuaweicloud.com", False),
        ("http://127.0.0.1", "myhuaweicloud.com", False),
        ("https://[::1", "myhuaweicloud.com", False),
    ],
)
def test_a_host_is_in_a_cloud_by_its_domain(url: str, cloud: str, is_in: bool) -> None:
    assert is_in_cloud(url, cloud) == is_in


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "127.0.0.1:8080", "127.255.0.9", "[::1]", "[0:0:0:0:0:0:0:1]:1"]
)
def test_this_machine_needs_no_encryption(host: str) -> None:
    assert not is_insecure(f"http://{host}/a")
    assert not is_insecure(f"https://{host}/a")


@pytest.mark.parametrize(
    "host",
    [
        "localhost.example.com",
        "localhosts",
        "127.example.com",
        "127.0.0.1.example.com",
        "127.evil.com",
        "127.0.0.1.nip.io",
        "localhost-drs",
        "notlocalhost",
        "localhost.localdomain",
        "0.0.0.0",  # noqa: S104  no socket listens there
        "0",
        "2130706433",
        "0x7f.1",
        "[::]",
        "[::ffff:7f00:1]",
        # These are this machine, as a rule; what is not sure is told.
        "localhost.",
        "ip6-localhost",
        "126.0.0.1",
        "127.1",
        "10.0.0.1",
        "[::2]",
        "[::11]",
        "[::ffff:127.0.0.1]",
        "drs.example.com",
    ],
)
def test_every_other_host_needs_it(host: str) -> None:
    assert is_insecure(f"http://{host}/a")
    assert not is_insecure(f"https://{host}/a")


def test_what_may_be_shown_of_a_request_is_method_host_and_path() -> None:
    assert format_request_line("GET", "https://me:secret@drs.example.com:8443/a/b?c=secret#secret") == (
        "GET https://drs.example.com:8443/a/b"
    )
