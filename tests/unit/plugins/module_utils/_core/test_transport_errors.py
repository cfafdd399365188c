# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What an exception proves: only the rows of one table prove that nothing was sent. Real ones: tests/system/faults."""

from __future__ import annotations

import pytest

from ansible_collections.huaweicloud.drs.plugins.module_utils._core.errors import (
    CloudError,
    ConfigurationError,
    NoResponseError,
)
from ansible_collections.huaweicloud.drs.plugins.module_utils._core.transport_errors import (
    ExceptionInfo,
    build_connection_error,
    build_send_error,
)

LINE = "POST https://drs.invalid/v5/jobs"
SECRET = "http://user:Canary@proxy/?ticket=Canary"


def cause(*names: str, text: str = SECRET) -> ExceptionInfo:
    """Give an exception of these classes."""
    return ExceptionInfo(frozenset(names), text)


BROKE = "the connection broke"
MAX_RETRIES = cause("MaxRetryError", "RequestError", "HTTPError")
CONNECTION_ERROR = cause("ConnectionError", "RequestException", "OSError")
PROXY_ERROR = cause("ProxyError", "HTTPError")
REQUESTS_PROXY_ERROR = cause("ProxyError", "ConnectionError", "RequestException", "OSError")
OF_PROXY = (REQUESTS_PROXY_ERROR, MAX_RETRIES, PROXY_ERROR)

# The exception and all that it wraps, as urllib3 1.26 or 2 raises it -> nothing was sent, and the text.
NOT_SENT: dict[str, tuple[tuple[ExceptionInfo, ...], str]] = {
    "no such host, urllib3 1": (
        (CONNECTION_ERROR, cause("NewConnectionError", "ConnectTimeoutError", "TimeoutError"), cause("gaierror")),
        "the host name could not be resolved",
    ),
    "no such host, urllib3 2": (
        (CONNECTION_ERROR, cause("NameResolutionError", "NewConnectionError", "HTTPError")),
        "the host name could not be resolved",
    ),
    "refused, urllib3 1": (
        (CONNECTION_ERROR, cause("NewConnectionError", "ConnectTimeoutError", "TimeoutError"), cause("OSError")),
        "the connection was refused",
    ),
    "refused, urllib3 2": ((CONNECTION_ERROR, cause("NewConnectionError", "HTTPError")), "the connection was refused"),
    "too late": (
        (cause("ConnectTimeout", "ConnectionError", "Timeout"), cause("ConnectTimeoutError", "TimeoutError")),
        "no connection within 7 seconds",
    ),
    "proxy refused": ((*OF_PROXY, cause("NewConnectionError")), "the proxy of the environment could not be used"),
    "no such proxy": ((*OF_PROXY, cause("NameResolutionError")), "the proxy of the environment could not be used"),
    "no tunnel": (
        (*OF_PROXY, cause("OSError", text="Tunnel connection failed: 407 Canary")),
        "the proxy of the environment could not be used",
    ),
    "closed by ourselves": ((CONNECTION_ERROR, cause("ClosedPoolError")), "the connections were closed"),
}
# As above, and no attempt can succeed.
WRONG: dict[str, tuple[tuple[ExceptionInfo, ...], str]] = {
    "certificate": (
        (cause("SSLError", "ConnectionError"), cause("SSLCertVerificationError", "OSError", text="self-signed")),
        "the certificate is not trusted (self-signed)",
    ),
    "certificate of another host": (
        (cause("SSLError", "ConnectionError"), cause("CertificateError", "ValueError")),
        "the certificate is not trusted. Give",
    ),
    "bundle": (
        (cause("OSError", text="Could not find a suitable TLS CA certificate bundle, invalid path: /Canary"),),
        "the CA bundle (ca_path or REQUESTS_CA_BUNDLE) cannot be read",
    ),
    "URL": ((cause("InvalidURL", "RequestException", "ValueError"),), "the URL holds characters"),
    "host name": ((cause("LocationParseError", "LocationValueError", "ValueError"),), "the URL holds characters"),
    "proxy URL": (
        (cause("InvalidProxyURL", "InvalidURL", "RequestException", "ValueError"),),
        "the proxy of the environment could not be used",
    ),
    "no PySocks": (
        (cause("InvalidSchema", "ValueError", text="Missing dependencies for SOCKS support."),),
        "the environment names a SOCKS proxy",
    ),
}
# What looks like a proof and is none.
IN_DOUBT: dict[str, tuple[tuple[ExceptionInfo, ...], str]] = {
    "reset": (
        (CONNECTION_ERROR, cause("ProtocolError"), cause("ConnectionResetError", "OSError")),
        "the connection broke",
    ),
    "closed by the proxy after it passed the request on": (
        (*OF_PROXY, cause("RemoteDisconnected", "ConnectionResetError", "OSError", "BadStatusLine")),
        "the connection to or through the proxy of the environment broke",
    ),
    "reset by the proxy": (
        (*OF_PROXY, cause("ConnectionResetError", "OSError", text="[Errno 104] Connection reset by peer")),
        "the connection to or through the proxy of the environment broke",
    ),
    "a proxy error of unknown cause": (OF_PROXY, "the connection to or through the proxy of the environment broke"),
    "too late": (
        (cause("ReadTimeout", "Timeout"), cause("ReadTimeoutError", "TimeoutError")),
        "no answer within 7 seconds",
    ),
    "two lengths": ((cause("InvalidHeader", "RequestException", "ValueError"),), BROKE),
    "odd type": ((cause("AttributeError"),), BROKE),
    "odd chunk": ((cause("ValueError"),), BROKE),
    "TLS in the middle": (
        (cause("SSLError", "ConnectionError"), cause("SSLEOFError", "SSLError")),
        "the connection broke",
    ),
    "no memory": ((cause("MemoryError"),), BROKE),
    "nothing known": ((), BROKE),
}


def checked(error: CloudError, text: str) -> CloudError:
    """Check the text of an error, and that it repeats nothing of the exceptions."""
    assert str(error).startswith(f"{LINE}: {text}")
    assert "Canary" not in str(error)
    return error


@pytest.mark.parametrize("row", NOT_SENT)
def test_what_proves_that_nothing_was_sent(row: str) -> None:
    exceptions, text = NOT_SENT[row]
    error = checked(build_send_error(LINE, exceptions, timeout=7.0), text)
    assert isinstance(error, NoResponseError)
    assert not error.sent


@pytest.mark.parametrize("row", WRONG)
def test_what_proves_besides_that_it_cannot_be(row: str) -> None:
    exceptions, text = WRONG[row]
    assert isinstance(checked(build_send_error(LINE, exceptions, timeout=7.0), text), ConfigurationError)


@pytest.mark.parametrize("row", IN_DOUBT)
def test_anything_else_may_have_been_sent(row: str) -> None:
    exceptions, text = IN_DOUBT[row]
    error = checked(build_send_error(LINE, exceptions, timeout=7.0), text)
    assert isinstance(error, NoResponseError)
    assert error.sent


@pytest.mark.parametrize("row", [*NOT_SENT, *WRONG, *IN_DOUBT])
def test_nothing_proves_it_once_an_answer_has_begun(row: str) -> None:
    exceptions, _text = {**NOT_SENT, **WRONG, **IN_DOUBT}[row]
    assert build_connection_error(LINE, exceptions, timeout=7.0).sent
