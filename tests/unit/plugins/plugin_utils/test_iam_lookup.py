# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Options of lookups are what they have to be, wherever they are from, and are checked before any request."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from ansible.errors import AnsibleLookupError
from ansible.plugins.loader import lookup_loader
from ansible.utils.display import Display

from ansible_collections.huaweicloud.drs.tests.simulator import Simulator
from ansible_collections.huaweicloud.drs.tests.simulator.demo import PROJECT_ID

pytestmark = pytest.mark.usefixtures("run_folder")

USER: dict[str, Any] = {"username": "demo", "password": "demo", "domain_name": "demo"}
WHO: dict[str, dict[str, Any]] = {
    "iam_token": USER,
    "iam_agency_token": {**USER, "agency_name": "migration", "agency_domain_name": "customer"},
    "iam_project_id": USER,
}
LOOKUPS = sorted(WHO)

# What Ansible up to ansible-core 2.18 puts in the place of `omit`.
OMIT = "__omit_place_holder__" + "0123456789" * 4


@pytest.fixture(autouse=True)
def fixture_agency(sim: Simulator) -> None:
    sim.cloud.add_agency("migration", "customer", "demo")
    sim.cloud.add_project("customers-project", "demo", "customer")


def definitions_of(name: str) -> dict[str, dict[str, Any]]:
    """Give what the documentation says of the options of a lookup."""
    found = lookup_loader.get(f"huaweicloud.drs.{name}").option_definitions
    return {option: definition for option, definition in found.items() if option != "_terms"}


def options_of(kind: str) -> list[tuple[str, str]]:
    """Give each lookup with each of its options of a type."""
    return [
        (name, option)
        for name in LOOKUPS
        for option, definition in definitions_of(name).items()
        if definition.get("type", "str") == kind
    ]


def look_up(
    sim: Simulator, name: str, *terms: Any, variables: dict[str, Any] | None = None, **options: Any
) -> list[Any]:
    """Run a lookup that works without these options."""
    place = {"iam_endpoint": sim.url, "region": "demo"}
    given = {**place, **WHO[name], **options}
    played = {} if variables is None else variables
    keywords = {option: value for option, value in given.items() if f"huaweicloud_{option}" not in played}
    found: list[Any] = lookup_loader.get(f"huaweicloud.drs.{name}").run(list(terms), played, **keywords)
    return found


def refused(sim: Simulator, name: str, *terms: Any, **options: Any) -> str:
    """Give the line with which a lookup refuses, before any request."""
    with pytest.raises(AnsibleLookupError) as failure:
        look_up(sim, name, *terms, **options)
    assert not sim.requests
    message = str(failure.value)
    assert "\n" not in message
    assert "canary" not in message
    return message


def each_way(sim: Simulator, name: str, option: str, value: Any) -> Iterator[str]:
    """Give what is said of a value that an option has by keyword, and then by play variable."""
    said = refused(sim, name, **{option: value})
    assert said.startswith(f"{option} ")
    yield said
    variable = f"huaweicloud_{option}"
    if definitions_of(name)[option].get("vars"):
        said = refused(sim, name, variables={variable: value})
        assert said.startswith(f"{option} ({variable}) ")
        yield said


@pytest.mark.parametrize("value", ["", " ", "None", "none", "flase", "2", 2, -1, 0.5, [], [True], {}, date(2026, 1, 1)])
def test_what_is_no_boolean_is_an_error_and_never_false(sim: Simulator, value: Any) -> None:
    assert len(options_of("bool")) == 8
    for name, option in options_of("bool"):
        for said in each_way(sim, name, option, value):
            assert "must be true or false, it is " in said


@pytest.mark.parametrize("value", [True, "true", "yes", "on", "1", 1, "Yes", " true ", False, "no", "off", 0, "0"])
def test_all_that_is_a_boolean_for_modules_is_one(sim: Simulator, value: Any) -> None:
    for name, option in options_of("bool"):
        assert look_up(sim, name, **{option: value})


def warnings_of(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the warnings that come from now on."""
    warned: list[str] = []
    monkeypatch.setattr(Display, "warning", lambda _self, text, **_options: warned.append(text))
    return warned


@pytest.mark.parametrize("name", LOOKUPS)
@pytest.mark.parametrize("nothing", [None, OMIT])
def test_certificates_are_checked_where_nothing_is_said(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, name: str, nothing: object
) -> None:
    warned = warnings_of(monkeypatch)
    assert look_up(sim, name, validate_certs=nothing, cache=nothing)
    assert look_up(sim, name, variables={"huaweicloud_validate_certs": nothing, "huaweicloud_cache": nothing})
    assert warned == []
    # Both lookups have logged in once, so the cache was on, too.
    assert len(sim.requests_to("auth-tokens")) == (2 if name == "iam_agency_token" else 1)
    look_up(sim, name, validate_certs="no", cache="off")
    assert "validate_certs is false" in " ".join(warned)


@pytest.mark.parametrize("value", ["", "a", "1m", True, None, [1], {}, date(2026, 1, 1), -1, 10**9, "nan", 10**400])
@pytest.mark.parametrize("kind", ["int", "float"])
def test_what_is_no_number_within_its_bounds_is_an_error(sim: Simulator, kind: str, value: Any) -> None:
    for name, option in options_of(kind):
        if value is None:
            assert look_up(sim, name, **{option: None})
            sim.clear_requests()
            continue
        for said in each_way(sim, name, option, value):
            assert "must be a " in said


@pytest.mark.parametrize("value", [["canary"], [], {"canary": 1}, {}, True, False, 1.5, ("canary",), date(2026, 1, 1)])
@pytest.mark.parametrize("kind", ["str", "path"])
def test_what_is_no_text_is_an_error(sim: Simulator, kind: str, value: Any) -> None:
    for name, option in options_of(kind):
        for said in each_way(sim, name, option, value):
            assert f"must be a {'path' if kind == 'path' else 'text'}, it is " in said


def test_neither_a_generator_nor_a_number_without_end_is_a_text(sim: Simulator) -> None:
    assert "something else" in refused(sim, "iam_token", password=(each for each in ["canary"]))
    assert "too many digits" in refused(sim, "iam_token", password=10**5000)


def test_a_whole_number_stands_for_a_text(sim: Simulator) -> None:
    sim.cloud.add_user("7", "12345678", "demo")
    (token,) = look_up(sim, "iam_token", username=7, password=12345678, detail=True)
    assert token["user_name"] == "7"


def test_a_mistake_of_a_variable_is_told_only_where_the_variable_counts(sim: Simulator) -> None:
    variables = {"huaweicloud_validate_certs": "", "huaweicloud_password": ["canary"]}
    with pytest.raises(AnsibleLookupError, match="huaweicloud_validate_certs"):
        lookup_loader.get("huaweicloud.drs.iam_token").run([], variables, iam_endpoint=sim.url, region="demo", **USER)
    assert lookup_loader.get("huaweicloud.drs.iam_token").run(
        [], variables, iam_endpoint=sim.url, region="demo", validate_certs=True, **USER
    )


def test_keywords_that_are_for_ansible_are_no_options(sim: Simulator) -> None:
    # A loop hands on the first, and ansible-core 2.19 the second.
    assert look_up(sim, "iam_token", wantlist=True, allow_unsafe=True)


# omit


@pytest.mark.parametrize("name", LOOKUPS)
def test_what_is_omitted_is_not_given(sim: Simulator, name: str) -> None:
    needed = {"iam_endpoint", "region", *WHO[name]}
    others: dict[str, Any] = dict.fromkeys([*(definitions_of(name).keys() - needed), "auth_url"], OMIT)
    plain = look_up(sim, name)
    assert look_up(sim, name, **others) == plain
    variables = {f"huaweicloud_{option}": OMIT for option in others}
    assert look_up(sim, name, variables=variables) == plain
    for option in WHO[name]:
        assert "missing" in refused_again(sim, name, **{option: OMIT})


def refused_again(sim: Simulator, name: str, **options: Any) -> str:
    """Give the line with which a lookup refuses after others that did not."""
    sim.clear_requests()
    return refused(sim, name, **options)


@pytest.mark.parametrize("omitted", [f"a{OMIT}", f"{OMIT}-b", "a<<Omit>>"])
@pytest.mark.parametrize("option", ["project_name", "password", "username", "region"])
def test_a_text_with_what_is_left_of_omit_is_an_error(sim: Simulator, option: str, omitted: str) -> None:
    for said in each_way(sim, "iam_token", option, omitted):
        assert "omit" in said


# Terms


@pytest.mark.parametrize("name", LOOKUPS)
@pytest.mark.parametrize(
    ("term", "kind"),
    [
        (["demo"], "a list"),
        ([], "a list"),
        (("demo",), "a list"),
        ({"name": "demo"}, "a dictionary"),
        (None, "null"),
        (OMIT, "omit"),
        (True, "true"),
        (5, "5"),
        (1.5, "1.5"),
        ("", "empty"),
        (" \n", "empty"),
        (date(2026, 1, 1), "something else"),
        ((each for each in ["demo"]), "something else"),
    ],
    ids=range(13),
)
def test_a_term_is_the_name_of_one_project(sim: Simulator, name: str, term: Any, kind: str) -> None:
    for terms in ((term,), ("demo", term)):
        if kind != "something else" or len(terms) == 1:
            said = refused(sim, name, *terms)
            assert said.startswith(f"term {len(terms)} is ")
            assert kind in said
            assert f"query('huaweicloud.drs.{name}', *names)" in said


@pytest.mark.parametrize("name", LOOKUPS)
@pytest.mark.parametrize("odd", ["de\nmo", "demo\x00!", "demo\udcff"])
def test_a_term_with_an_odd_character_is_an_error(sim: Simulator, name: str, odd: str) -> None:
    assert refused(sim, name, "demo", odd).startswith("term 2 holds ")


def test_without_terms_the_options_name_the_project(sim: Simulator) -> None:
    (token,) = look_up(sim, "iam_token", *[], detail=True)
    assert token["project_id"] == PROJECT_ID
    # Blanks around a name are none of it, as for the option.
    assert look_up(sim, "iam_project_id", " demo ") == [PROJECT_ID]


# Texts


@pytest.mark.parametrize("odd", ["can\nary", "can\0ary", "can\udcffary", "can\u2028ary"])
def test_an_odd_character_is_told_with_the_option(sim: Simulator, odd: str) -> None:
    for name, option in options_of("str"):
        for said in each_way(sim, name, option, odd):
            assert "holds" in said or "six digits" in said


@pytest.mark.parametrize("odd", ["can\nary", b"can\xe4ry".decode(errors="surrogateescape")])
def test_and_with_the_variable_of_the_environment(sim: Simulator, monkeypatch: pytest.MonkeyPatch, odd: str) -> None:
    for name in LOOKUPS:
        definitions = definitions_of(name)
        for option in [*WHO[name], "user_id", "region"]:
            variable = definitions[option]["env"][0]["name"]
            monkeypatch.setenv(variable, odd)
            assert refused(sim, name, **{option: None}).startswith(f"{option} ({variable}) holds ")
            monkeypatch.delenv(variable)


@pytest.mark.parametrize("form", ["{}\n", "\n{}", "{}\t", "\ufeff{}"])
def test_a_line_break_at_an_end_is_told_of_credentials(sim: Simulator, form: str) -> None:
    for name in LOOKUPS:
        for option in (*USER, "token", "access_key", "secret_key", "security_token", "user_id"):
            if option in definitions_of(name):
                for said in each_way(sim, name, option, form.format("canary")):
                    assert "a line break at its end?" in said


@pytest.mark.parametrize(("option", "other"), [("token", {}), ("secret_key", {"access_key": "demo-ak"})])
def test_a_key_of_the_environment_is_checked_where_it_is_used(
    sim: Simulator, monkeypatch: pytest.MonkeyPatch, option: str, other: dict[str, str]
) -> None:
    variable = definitions_of("iam_project_id")[option]["env"][0]["name"]
    monkeypatch.setenv(variable, "canary\n")
    for name, value in other.items():
        monkeypatch.setenv(definitions_of("iam_project_id")[name]["env"][0]["name"], value)
    nobody: dict[str, Any] = dict.fromkeys(USER)
    assert refused(sim, "iam_project_id", **nobody).startswith(f"{option} ({variable}) holds a control character")
    assert look_up(sim, "iam_project_id")


# Blank credentials


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
@pytest.mark.parametrize(
    "option",
    "token access_key secret_key security_token username password domain_name user_id totp_passcode".split(),
)
def test_a_blank_credential_of_the_task_is_an_error(sim: Simulator, option: str, blank: str) -> None:
    for name in LOOKUPS:
        if option in definitions_of(name):
            for said in each_way(sim, name, option, blank):
                assert " is empty" in said


@pytest.mark.parametrize("name", LOOKUPS)
def test_a_blank_variable_of_the_environment_is_not_set(
    sim: Simulator, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for definition in definitions_of(name).values():
        for each in definition.get("env") or ():
            monkeypatch.setenv(each["name"], " \t")
    assert look_up(sim, name)


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", "123 456", 12345, "\uff11" * 6])
def test_a_passcode_is_six_digits(sim: Simulator, code: Any) -> None:
    said = refused(sim, "iam_token", user_id="id", totp_passcode=code)
    assert said == "totp_passcode must be the six digits that the device shows, in quotes"
