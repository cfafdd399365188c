# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The options of the inventory plugin: what counts if file, entry and environment say something."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.credentials import (
    PasswordCredential,
    TokenCredential,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import ConfigurationError
from ansible_collections.huaweicloud.drs.plugins.plugin_utils._jobs_inventory_options import (
    InventorySettings,
    check_option_type,
    find_secrets,
    parse_inventory_settings,
)

USER = {"username": "me", "password": "secret", "domain_name": "account"}


def parse(**options: Any) -> InventorySettings:
    """Return the settings of a file with a user."""
    return parse_inventory_settings({**USER, **options})


def test_defaults() -> None:
    settings = parse(region="a-1")
    (source,) = settings.regions
    assert settings[1:] == (None, None, frozenset(), ("name", "id"), True)
    assert source.label == ""
    assert source.config.credential == PasswordCredential("me", "secret", "account")
    assert (source.config.region, source.config.drs_url) == ("a-1", "https://drs.a-1.myhuaweicloud.com")
    assert (source.params["timeout"], source.params["retries"], source.params["api_version"]) == (30.0, 5, "auto")


def test_an_entry_counts_before_the_file_and_the_file_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HW_MAX_RETRIES", "1")
    monkeypatch.setenv("HW_CA_PATH", "/dev/null")
    monkeypatch.setenv("HW_PROJECT_ID", "of-environment")
    monkeypatch.setenv("HW_REGION_NAME", "c-1")
    monkeypatch.setenv("HW_AUTH_TOKEN", "of-environment")
    settings = parse(
        retries=2,
        timeout=7,
        region="a-1",
        project_name="of-file",
        regions=[{}, {"retries": 3, "region": "b-1"}, {"token": "of-entry", "region": "c-1"}],
    )
    found = [
        (each.params["retries"], each.params["timeout"], each.params["ca_path"], each.config.region)
        for each in settings.regions
    ]
    assert found == [(2, 7.0, "/dev/null", "a-1"), (3, 7.0, "/dev/null", "b-1"), (2, 7.0, "/dev/null", "c-1")]
    user, token = PasswordCredential("me", "secret", "account"), TokenCredential("of-entry")
    assert [each.config.credential for each in settings.regions] == [user, user, token]
    scopes = [each.config.scope and each.config.scope.project_name for each in settings.regions]
    assert scopes == ["of-file", "b-1", None]
    # The environment is of the region of the third entry, so its project counts there.
    assert settings.regions[2].config.project_id == "of-environment"


def test_messages_call_an_entry_by_its_place() -> None:
    settings = parse(
        endpoint="https://drs.private",
        iam_endpoint="https://iam.private",
        regions=[{"region": "a-1"}, {"region": "a-1", "project_name": "a-1_x"}, {"project_id": "p"}, {"region": None}],
        project_name="of-file",
    )
    assert [each.label for each in settings.regions] == [
        "regions: entry 1 (a-1, of-file)",
        "regions: entry 2 (a-1, a-1_x)",
        "regions: entry 3 (p)",
        "regions: entry 4 (of-file)",
    ]


def test_texts_with_commas_are_lists_but_for_an_expression() -> None:
    settings = parse(region="a-1", job_types="sync,replay,sync", details="lag", hostnames="[name, id] | first")
    assert settings.job_types == ("sync", "replay")
    assert settings.details == {"lag"}
    assert settings.hostnames == ("[name, id] | first",)


@pytest.mark.parametrize(
    ("option_type", "good", "bad"),
    [
        ("bool", [True, "yes", 0], ["perhaps", None, [], 2]),
        ("int", [0, "10"], [1.5, "1h", True, -1, None]),
        ("dict", [{}], [[], "a", None]),
        ("list", [[]], [{}, "a", None]),
        ("str", ["a"], [1, [], None]),
    ],
)
def test_types(option_type: str, good: list[Any], bad: list[Any]) -> None:
    for value in good:
        check_option_type("name", option_type, value)
    for value in bad:
        with pytest.raises(ConfigurationError, match=r"^name must be .*, it is "):
            check_option_type("name", option_type, value)


def test_secrets_are_found_wherever_they_are() -> None:
    options = {
        "password": "a",
        "endpoint": "https://user:b@drs.private",
        "regions": [{"token": "c", "secret_key": ["no text"]}, "no entry", {"iam_endpoint": "https://user:d@iam.test"}],
    }
    assert sorted(find_secrets(options)) == ["a", "b", "c", "d"]
    assert find_secrets({"regions": "none"}) == []
