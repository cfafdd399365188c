# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Whatever comes back, the client gives a value or an error of our tree, on one line and without a secret.

10,000 generated answers in all, most of them bytes that go through the whole of HTTP, since what reads an answer is
mostly not ours; the environment variable ``FUZZ_EXAMPLES`` asks for another number.
"""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from typing import Any, TypeVar

import pytest
import requests
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from requests.adapters import BaseAdapter
from urllib3.exceptions import MaxRetryError, ProtocolError, ReadTimeoutError

from ansible_collections.huaweicloud.drs.plugins.module_utils._client.auth import TokenAuth
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.clock import Deadline
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_client import HttpClient
from ansible_collections.huaweicloud.drs.plugins.module_utils._client.http_responses import HttpResponse
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.config import HttpSettings
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.drs_responses import (
    StopReply,
    parse_status_response,
    parse_stop_response,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.error_codes import parse_error
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import CloudError
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.jobs import JobError, Observation
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.response_body import decode_json
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.retry import RequestKind
from ansible_collections.huaweicloud.drs.tests.simulator import ManualClock, Simulator, seed_demo
from ansible_collections.huaweicloud.drs.tests.system.faults.checks import assert_true
from ansible_collections.huaweicloud.drs.tests.system.faults.noise import Noise, Values
from ansible_collections.huaweicloud.drs.tests.system.faults.raw_server import (
    End,
    RawRequest,
    RawServer,
    Reply,
    Script,
    just,
)
from ansible_collections.huaweicloud.drs.tests.unit.plugins.harness import StopModule

# Whatever urllib3 gives up on while it reads a head, it leaves to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "10000"))
# Code, text and request ID have 512 characters each at most; the rest is the URL and our own words.
LONGEST_LINE = 2000
LONGEST_TEXT = 512

QUERY, TOKEN, PASSWORD = "Canary-of-the-query", "Canary-of-the-token", "Canary-of-the-body"
URL = f"https://drs.model.invalid/v5/project/jobs/batch-stop?ticket={QUERY}"

T = TypeVar("T")

# What is drawn is made from a number, which takes a tenth of the time of drawing each piece.
numbers = st.integers(0, 2**64 - 1)


def fuzz(share: float) -> Callable[[T], T]:
    """Run a test with this share of the examples."""
    return settings(
        max_examples=max(1, round(EXAMPLES * share)),
        # A smaller number makes nothing simpler.
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        print_blob=True,
    )


def assert_one_line(text: str, longest: int = LONGEST_LINE) -> None:
    """Check that a text can stand in a message."""
    assert text.isprintable(), "more than one line"
    assert len(text) <= longest


def or_refused(parse: Callable[[], T]) -> T | None:
    """Give what a parser gives, None where it says in one line that it cannot read this."""
    try:
        return parse()
    except ValueError as refused:
        event("refused")
        assert not isinstance(refused, UnicodeError)
        assert_one_line(str(refused))
        return None


@fuzz(0.18)
@given(number=numbers)
def test_any_body_is_a_value_or_one_line(number: int) -> None:
    content = Values(number).content()
    value = or_refused(lambda: decode_json(content)[0])
    assert value is None or isinstance(value, bool | int | float | str | list | dict)


@fuzz(0.17)
@given(number=numbers)
def test_any_error_answer_has_a_code_and_a_text_that_can_be_shown(number: int) -> None:
    for text in parse_error(Values(number).body()):
        if text is not None:
            assert_one_line(text, LONGEST_TEXT)


@fuzz(0.17)
@given(number=numbers)
def test_any_answer_to_a_stop_says_something_of_asked_jobs_or_nothing(number: int) -> None:
    values = Values(number)
    body, asked = values.body(), values.asked()
    answers = or_refused(lambda: parse_stop_response(body, asked, "request-1"))
    for job_id, answer in (answers or {}).items():
        assert job_id in asked
        assert isinstance(answer, StopReply)
        assert_shown(answer.name, answer.refusal)
        if answer.refusal is None:
            event("accepted")
            assert _results_of(body, job_id) == {"success"}


@fuzz(0.17)
@given(number=numbers)
def test_any_answer_about_statuses_says_something_of_asked_jobs_or_nothing(number: int) -> None:
    values = Values(number)
    body, asked = values.body(), values.asked()
    looks = or_refused(lambda: parse_status_response(body, asked, "request-1"))
    for job_id, look in (looks or {}).items():
        assert job_id in asked
        assert isinstance(look, Observation)
        assert_shown(look.name, look.reason)
        assert_one_line(look.status or "", LONGEST_TEXT)
        assert (look.status is None) == (look.reason is not None)
        event("status" if look.status else "missing" if look.missing else "no status")


def assert_shown(name: str | None, reason: JobError | None) -> None:
    """Check that these can stand in a row of the result."""
    assert_one_line(name or "", LONGEST_TEXT)
    if reason is not None:
        assert_one_line(reason.error_code or "", LONGEST_TEXT)
        assert_one_line(reason.error_msg, LONGEST_TEXT)


def _results_of(body: Any, job_id: str) -> set[object]:
    """Give all that a body says of the stop of just this job, lower case; written without a look at the parser."""
    said = [item for item in body["jobs"] if isinstance(item, dict)]
    results = [item.get("status") for item in said if item.get("id") == job_id]
    return {result.casefold() if isinstance(result, str) else repr(result) for result in results}


# Whole answers, as bytes on a socket.

# Seconds that a read may take, which is how long it takes to see that an answer without an end has none.
HURRY = 0.1
_job_numbers = count()


class Pipe:
    """A server of bytes that says what a test tells it, and the requests that it got."""

    def __init__(self, server: RawServer) -> None:
        """Take the server."""
        self.server = server
        self.url = f"http://127.0.0.1:{server.port}"

    def says(self, script: Script) -> None:
        """Answer like this from now on, and forget what came before."""
        self.server.script = script
        self.server.seen.clear()


@pytest.fixture(scope="module")
def pipe(cloud: StopModule) -> Iterator[Pipe]:
    """A server of bytes before the cloud."""
    # pytest would write down thousands of lines about heads that make no sense.
    logging.getLogger("urllib3").setLevel(logging.CRITICAL)
    with RawServer(cloud.sim.url) as server:
        yield Pipe(server)
    logging.getLogger("urllib3").setLevel(logging.NOTSET)
    gc.collect()


@pytest.fixture(scope="module")
def cloud() -> Iterator[StopModule]:
    """A module and its cloud, for all examples."""
    clock = ManualClock()
    with Simulator(clock=clock) as sim:
        seed_demo(sim.cloud)
        yield StopModule(sim, clock)


def drawn(first: Noise, most: int) -> list[Reply]:
    """Give a few answers that the cloud has nothing to do with."""
    count = first.random.randint(1, most)
    return [Reply(just(*first.answer()), acts=False, end=first.end()) for _each in range(count)]


@fuzz(0.28)
@given(number=numbers, kind=st.sampled_from(RequestKind), can_log_in=st.booleans())
def test_any_bytes_are_an_answer_or_an_error_of_ours(
    pipe: Pipe, number: int, kind: RequestKind, can_log_in: bool
) -> None:
    replies = drawn(Noise(number), most=3)
    pipe.says(lambda _request, nth: replies[min(nth, len(replies)) - 1])
    clock = ManualClock(1_700_000_000.0)
    with closing(
        HttpClient(HttpSettings(timeout=HURRY, retries=3), clock, Deadline(clock, 600.0), jitter=lambda: 0.5)
    ) as client:
        auth = TokenAuth(TOKEN, refresh_using=(lambda: f"{TOKEN}-2") if can_log_in else None)
        url = f"{pipe.url}/v5/{number}/jobs/batch-stop"
        try:
            answer = client.request("POST", f"{url}?ticket={QUERY}", kind=kind, auth=auth, body={"password": PASSWORD})
        except CloudError as error:
            assert_tells_no_secret(error, f"POST {url}")
        else:
            assert isinstance(answer, HttpResponse)
            assert isinstance(answer.body, dict)
            assert answer.status in (200, 201, 202)
            assert_one_line(answer.request_id or "")
    assert clock.monotonic() < 600.0
    # What an earlier example was too impatient for may come late.
    sent = [request for request in pipe.server.seen if f"/v5/{number}/" in request.target]
    # A renewal may add one to the attempts.
    assert len(sent) <= 1 + 3 + 1
    assert all(request.headers["X-Auth-Token"].startswith(TOKEN) for request in sent)
    assert all("Cookie" not in request.headers for request in sent)


def assert_tells_no_secret(error: CloudError, tried: str) -> None:
    """Check what may be shown of an error."""
    for text in (str(error), error.error_msg, error.error_code or "", error.request_id or ""):
        assert_one_line(text)
        assert not any(canary in text for canary in (QUERY, TOKEN, PASSWORD))
    assert tried in str(error)
    assert error.retry_after is None or error.retry_after >= 0
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


# A whole task over such bytes. No answer tells a lie that nobody can see through: that a job was refused by name, or
# that the gateway does not take the credential.


@fuzz(0.03)
@given(number=numbers)
def test_a_stop_over_any_bytes_is_told_as_it_is(cloud: StopModule, pipe: Pipe, number: int) -> None:
    noise = Noise(number)
    ids = [f"c7debc9c-8e09-4a5d-8dd6-{next(_job_numbers):08}jb2r" for _job in range(noise.random.randint(1, 3))]
    for job_id in ids:
        cloud.sim.cloud.add_job(job_id, release_seconds=noise.random.choice((0.0, 30.0)))
    stops, looks = noise.random.randint(1, 3), noise.random.choice((0, 0, 1, 3))

    def script(request: RawRequest, nth: int) -> Reply:
        is_stop = request.call in ("batch-stop", "batch-jobs")
        is_hit = nth <= stops if is_stop else 1 < nth <= 1 + looks
        if not is_hit:
            return Reply()
        acts = not is_stop or noise.random.random() < 0.5
        # Closed in any case: a client that waits has another time than its clock, which stands still.
        end: End = "rst" if noise.end() == "rst" else "fin"
        return Reply(lambda answer: noise.answer(_bodies_of(answer), not_status=b"401"), acts, end)

    pipe.says(script)
    run = cloud(*ids, endpoint=pipe.url, batch_size=2, concurrency=1, retries=1, wait_timeout=200)

    assert_true(run, cloud.sim, ids)
    assert not run.failed or run.msg.isprintable()
    assert cloud.arguments["token"] not in run.stdout


def _bodies_of(answer: bytes) -> list[bytes]:
    return [answer.partition(b"\r\n\r\n")[2]] if answer else []


# What the network itself has to say.

SHOWN_URL = f"/v5/project?ticket={QUERY}&token={TOKEN}"
FAILURES: list[Callable[[], Exception]] = [
    lambda: requests.ConnectionError(MaxRetryError(None, SHOWN_URL, ProtocolError(SHOWN_URL))),  # type: ignore[arg-type]
    lambda: requests.exceptions.ProxyError(f"http://user:{PASSWORD}@proxy {SHOWN_URL}"),
    lambda: requests.exceptions.SSLError(SHOWN_URL),
    lambda: requests.exceptions.InvalidHeader(TOKEN),
    lambda: requests.exceptions.InvalidURL(SHOWN_URL),
    lambda: requests.ReadTimeout(ReadTimeoutError(None, SHOWN_URL, TOKEN)),  # type: ignore[arg-type]
    lambda: requests.ConnectTimeout(SHOWN_URL),
    lambda: requests.exceptions.ChunkedEncodingError(ProtocolError(SHOWN_URL)),
    lambda: requests.exceptions.ContentDecodingError(SHOWN_URL),
    lambda: requests.exceptions.RetryError(SHOWN_URL),
    lambda: OSError(f"Could not find a suitable TLS CA certificate bundle, {SHOWN_URL}"),
    lambda: TimeoutError(110, SHOWN_URL),
    lambda: ConnectionResetError(104, SHOWN_URL),
    lambda: UnicodeEncodeError("latin-1", TOKEN, 0, 1, PASSWORD),
    # Not what these libraries promise, but what comes out of them all the same.
    lambda: ValueError(SHOWN_URL),
    lambda: AttributeError(SHOWN_URL),
    lambda: RuntimeError(SHOWN_URL),
    lambda: OverflowError(SHOWN_URL),
    lambda: MemoryError(SHOWN_URL),
]


class Broken(BaseAdapter):
    """Raises what a test gives, in the place of a network."""

    def __init__(self, failure: Callable[[], Exception]) -> None:
        """Take what makes the exception."""
        super().__init__()
        self._failure = failure

    def send(self, *_: Any, **__: Any) -> requests.Response:
        """Raise it."""
        raise self._failure()

    def close(self) -> None:
        """Do nothing: there is no connection."""


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("kind", RequestKind)
def test_each_failure_of_the_network_is_an_error_of_ours(failure: Callable[[], Exception], kind: RequestKind) -> None:
    clock = ManualClock(0.0)
    client = HttpClient(HttpSettings(retries=0), clock, Deadline(clock, 10.0), adapter=Broken(failure))
    with pytest.raises(CloudError) as caught:
        client.request("POST", URL, kind=kind, auth=TokenAuth(TOKEN), body={"password": PASSWORD})
    assert_tells_no_secret(caught.value, "POST https://drs.model.invalid/v5/project/jobs/batch-stop")
