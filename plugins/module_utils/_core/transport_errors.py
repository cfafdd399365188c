# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: whether a request that ended in an exception can have reached the cloud.

The exceptions of requests, urllib3 (1.26 and 2), http.client and PySocks are told apart by the names of their classes:
urllib3 belongs to requests, and its versions define the classes in different modules. Two things prove that nothing was
sent: a row of `_NOT_SENT_RULES`, and that the exception was raised while the connection was made. A ``ProxyError``
proves nothing: urllib3 also raises one when the proxy closes the connection after it has forwarded the request. An
error of TLS proves nothing either: an attacker can break into a connection at any time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .error_codes import one_line
from .errors import CloudError, ConfigurationError, InvalidResponseError, NoResponseError
from .masking import Mask
from .proxies import describe_proxy_status, unusable
from .response_body import MAX_RESPONSE_BYTES


class ExceptionInfo(NamedTuple):
    """One exception of those that ended a request: the names of its class and base classes, and its text."""

    names: frozenset[str]
    text: str
    frames: frozenset[str] = frozenset()
    """The names of the functions that it went through until somebody caught it."""


class _NotSentRule(NamedTuple):
    """A class of exceptions that is raised before a byte of the request is sent, and what the user reads of it."""

    name: str
    problem: str
    is_configuration: bool = False
    """Whether the options cannot work, so that another attempt would end in the same way."""
    text: str = ""
    """How the text of the exception begins; other texts of the class prove nothing."""


class _HandshakeRule(NamedTuple):
    """Words in what TLS says of a handshake that failed, and what the user reads of it."""

    words: frozenset[str]
    problem: str
    is_configuration: bool = False


_CERTIFICATE = "the certificate is not trusted{reason}. Give the CA with ca_path, or check the endpoint"
_NOT_FOUND = "the host name could not be resolved. Check region, cloud and endpoint"
_REFUSED = "the connection was refused, or there is no way to the host. Check the endpoint, firewalls and proxies"
_TIMED_OUT = "no connection within {timeout:g} seconds. Check the endpoint, firewalls and proxies"
_URL = "the URL holds characters that cannot be sent. Check region, cloud and endpoint"
_SPEAKS_HTTPS = "does the port speak HTTPS? Check scheme and port of the endpoint"

# The functions of http.client and urllib3 that make a connection, all of it: with the tunnel of a proxy, and with TLS.
# What is raised in them is raised before the request is written.
_CONNECTING = "connect"
_SOCKS = "_negotiate_SOCKS"
_WITH_PROXY = frozenset(("_tunnel", "_connect_tls_proxy"))

# The first that fits counts: the newer urllib3 derives NameResolutionError from NewConnectionError.
_NOT_SENT_RULES = (
    _NotSentRule("SSLCertVerificationError", _CERTIFICATE, is_configuration=True),
    _NotSentRule("CertificateError", _CERTIFICATE, is_configuration=True),  # urllib3's own, for another host name
    _NotSentRule(
        "OSError",
        "the CA bundle (ca_path or REQUESTS_CA_BUNDLE) cannot be read",
        is_configuration=True,
        text="Could not find a suitable TLS CA certificate bundle",
    ),
    _NotSentRule("InvalidProxyURL", "{proxy}", is_configuration=True),
    _NotSentRule("InvalidURL", _URL, is_configuration=True),
    _NotSentRule("LocationValueError", _URL, is_configuration=True),
    _NotSentRule(
        "InvalidSchema",
        "the environment names a SOCKS proxy{variable}, which needs the Python library PySocks",
        is_configuration=True,
        text="Missing dependencies for SOCKS support",
    ),
    _NotSentRule("InvalidSchema", _URL, is_configuration=True),
    _NotSentRule("MissingSchema", _URL, is_configuration=True),
    _NotSentRule("gaierror", _NOT_FOUND),
    _NotSentRule("NameResolutionError", _NOT_FOUND),
    # The older urllib3 derives this from ConnectTimeoutError. SOCKS proxies that refuse end here too.
    _NotSentRule("NewConnectionError", _REFUSED),
    _NotSentRule("ConnectTimeoutError", _TIMED_OUT),
    _NotSentRule("ConnectTimeout", _TIMED_OUT),
    # What http.client raises where a proxy answers CONNECT with anything but a success.
    _NotSentRule("OSError", "{proxy}", text="Tunnel connection failed"),
    _NotSentRule("ClosedPoolError", "the connections were closed before it was sent"),
)

# What OpenSSL says, in its names of reasons; the first that fits counts. Another attempt may help only where the
# connection ended: a server that is restarted, or that is too busy.
_HANDSHAKE_RULES = (
    _HandshakeRule(
        frozenset(
            "WRONG_VERSION_NUMBER UNKNOWN_PROTOCOL HTTP_REQUEST HTTPS_PROXY_REQUEST PACKET_LENGTH_TOO_LONG "
            "RECORD_LAYER_FAILURE".split()
        ),
        f"the TLS handshake failed, since what answers there is not TLS: {_SPEAKS_HTTPS}, firewalls and proxies",
        is_configuration=True,
    ),
    _HandshakeRule(
        frozenset(
            "PROTOCOL_VERSION UNSUPPORTED_PROTOCOL NO_PROTOCOLS_AVAILABLE HANDSHAKE_FAILURE NO_SHARED_CIPHER "
            "NO_CIPHERS NO_CIPHER_MATCH INSUFFICIENT_SECURITY VERSION_TOO_LOW INAPPROPRIATE_FALLBACK WRONG_SSL_VERSION "
            "UNSAFE_LEGACY_RENEGOTIATION_DISABLED DH_KEY_TOO_SMALL NO_SUITABLE_SIGNATURE_ALGORITHM".split()
        ),
        "the TLS handshake failed, since this machine and the server have no TLS version and cipher in common. Check "
        "the endpoint, and which ones OpenSSL may use on this machine",
        is_configuration=True,
    ),
    _HandshakeRule(
        frozenset(("EOF", "RESET", "CLOSED", "ABORTED", "BROKEN_PIPE")),
        "the connection was closed in the TLS handshake. Check that the port speaks HTTPS, firewalls and proxies",
    ),
    _HandshakeRule(frozenset(("",)), f"the TLS handshake failed: {_SPEAKS_HTTPS}, firewalls and proxies"),
)

# Our own, for a body or a head; and what http.client has against a head, and urllib3 against lines between chunks.
_TOO_LARGE = (
    ("ResponseTooLargeError", ""),
    ("LineTooLong", ""),
    ("ProtocolError", "Response chunk "),
    ("HTTPException", "got more than "),
)
# What a port with TLS does to a request without.
_ENDED_AT_ONCE = ("RemoteDisconnected", "ConnectionResetError")


def build_send_error(
    request_line: str,
    exceptions: Sequence[ExceptionInfo],
    *,
    timeout: float,
    proxy: str | None = None,
    mask: Mask = str,
) -> CloudError:
    """Return the error for a request without an answer.

    ``request_line`` is method, host and path; ``causes`` are the exception and all that it wraps; ``timeout`` is in
    seconds, ``proxy`` the variable that names the proxy of the request. The texts of the exceptions are not repeated,
    since they hold queries and the passwords of proxies; but for that of an untrusted certificate, from which ``mask``
    keeps secrets out.
    """
    for proof in _NOT_SENT_RULES:
        cause = _first(exceptions, proof.name, proof.text)
        if cause is None:
            continue
        said = {
            "timeout": timeout,
            "proxy": _proxy_problem(exceptions, proxy),
            "variable": f" ({proxy})" if proxy else "",
        }
        if proof.is_configuration:
            is_told = proof.name == "SSLCertVerificationError" and cause.text
            reason = f" ({one_line(mask(cause.text))})" if is_told else ""
            return ConfigurationError(f"{request_line}: {proof.problem.format(reason=reason, **said)}")
        problem = "{proxy}" if _is_of_proxy(proof, cause, exceptions, proxy) else proof.problem
        return NoResponseError(f"{request_line}: {problem.format(**said)}", sent=False)
    connecting = [cause for cause in exceptions if _CONNECTING in cause.frames]
    if connecting:
        return _connecting_error(request_line, connecting, timeout, proxy)
    if _first(exceptions, "BadStatusLine") and not _first(exceptions, "RemoteDisconnected"):
        hint = f". Check that {proxy} names an HTTP proxy" if proxy else f": {_SPEAKS_HTTPS}"
        return NoResponseError(f"{request_line}: the answer is not HTTP{hint}", sent=True)
    return build_read_error(request_line, exceptions, timeout=timeout, proxy=proxy)


def build_read_error(
    request_line: str, exceptions: Sequence[ExceptionInfo], *, timeout: float, proxy: str | None = None
) -> CloudError:
    """Return the error for an answer that could not be read to its end. The request was sent, or may have been."""
    if any(_first(exceptions, name, text) for name, text in _TOO_LARGE):
        return InvalidResponseError(
            f"{request_line} answered with more than {MAX_RESPONSE_BYTES} bytes, or too long a head"
        )
    if _first(exceptions, "ResponseTooLateError"):
        return NoResponseError(f"{request_line} had not answered completely when time was over", sent=True)
    return build_connection_error(request_line, exceptions, timeout=timeout, proxy=proxy)


def build_connection_error(
    request_line: str, exceptions: Sequence[ExceptionInfo], *, timeout: float, proxy: str | None = None
) -> NoResponseError:
    """Return the error for a request that may have been sent, and whose connection broke or has brought no answer."""
    if _is_timeout(exceptions):
        return NoResponseError(f"{request_line}: no answer within {timeout:g} seconds", sent=True)
    through, hint = "", ""
    if proxy or _first(exceptions, "ProxyError"):
        through = " to or through the proxy of the environment" + (f" ({proxy})" if proxy else "")
    elif " http://" in request_line and any(_first(exceptions, name) for name in _ENDED_AT_ONCE):
        hint = f": {_SPEAKS_HTTPS}"
    return NoResponseError(
        f"{request_line}: the connection{through} broke before the answer was complete{hint}", sent=True
    )


def _connecting_error(
    request_line: str, exceptions: Sequence[ExceptionInfo], timeout: float, proxy: str | None
) -> CloudError:
    """Return the error for what was raised while the connection was made."""
    frames = frozenset().union(*(cause.frames for cause in exceptions))
    if frames & _WITH_PROXY or (proxy and " http://" in request_line):
        return NoResponseError(f"{request_line}: {_proxy_problem(exceptions, proxy)}", sent=False)
    if _is_timeout(exceptions):
        return NoResponseError(f"{request_line}: {_TIMED_OUT.format(timeout=timeout)}", sent=False)
    words = [word for cause in exceptions for word in (*cause.names, cause.text)]
    said = re.sub("[^A-Z]+", "_", " ".join(words).upper())
    shake = next(shake for shake in _HANDSHAKE_RULES if any(word in said for word in shake.words))
    if shake.is_configuration:
        return ConfigurationError(f"{request_line}: {shake.problem}")
    return NoResponseError(f"{request_line}: {shake.problem}", sent=False)


def _is_of_proxy(
    proof: _NotSentRule, cause: ExceptionInfo, exceptions: Sequence[ExceptionInfo], proxy: str | None
) -> bool:
    """Return whether it is the proxy that was not reached, or did not go on."""
    if proof.problem is _NOT_FOUND:
        # A client of SOCKS may look up the host behind the proxy itself, when it speaks with the proxy.
        is_beyond = any(frame.startswith(_SOCKS) for frame in cause.frames)
        return not is_beyond and (proxy is not None or _first(exceptions, "ProxyError") is not None)
    return _first(exceptions, "ProxyError") is not None or (proxy is not None and proof.problem is _TIMED_OUT)


def _proxy_problem(exceptions: Sequence[ExceptionInfo], variable: str | None) -> str:
    """Return the sentence about the proxy that a request did not get beyond."""
    return unusable(variable, _reason_of_proxy(exceptions) if variable else None)


def _reason_of_proxy(exceptions: Sequence[ExceptionInfo]) -> str:
    """Return what the proxy did, as far as the exceptions tell it."""
    tunnel = _first(exceptions, "OSError", "Tunnel connection failed: ")
    status = re.search("[0-9]{3}", tunnel.text) if tunnel else None
    if status:
        return describe_proxy_status(int(status.group()))
    for name, reason in _REASONS:
        if _first(exceptions, name):
            return reason
    return "it ended the connection, or said what no proxy of this kind says. Is it one?"


# The first that fits counts. Those of SOCKS are PySocks'.
_REASONS = (
    ("SOCKS5AuthError", "it wants a user name and a password, or others than those that are there"),
    ("SOCKS5Error", "it forbids the way to this host, or finds none"),
    ("SOCKS4Error", "it forbids the way to this host, or finds none"),
    ("GeneralProxyError", "it does not speak SOCKS of this version"),
    ("gaierror", "its host name could not be resolved"),
    ("NameResolutionError", "its host name could not be resolved"),
    ("SSLError", "it does not speak TLS, or no TLS that this machine takes. Has its address to begin with http://?"),
    ("NewConnectionError", "it cannot be reached"),
    ("ConnectTimeoutError", "it cannot be reached in time"),
    ("ConnectTimeout", "it cannot be reached in time"),
    ("TimeoutError", "it did not answer in time"),
    ("ReadTimeoutError", "it did not answer in time"),
)


def _is_timeout(exceptions: Sequence[ExceptionInfo]) -> bool:
    return any(_first(exceptions, name) for name in ("TimeoutError", "Timeout", "ReadTimeoutError"))


def _first(exceptions: Sequence[ExceptionInfo], name: str, text: str = "") -> ExceptionInfo | None:
    return next((cause for cause in exceptions if name in cause.names and cause.text.startswith(text)), None)
