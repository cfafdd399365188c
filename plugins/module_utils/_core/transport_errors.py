# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This file is private to the collection: do not import it from elsewhere.
"""Errors for exceptions that ended a request: was the request sent, what went wrong, and can another attempt help?

The exceptions of requests, urllib3 (1.26 and 2), http.client and PySocks are told apart by the names of their classes:
urllib3 is a dependency of requests, and its versions define the classes in different modules. Two facts prove that
nothing was sent: the exception matches a row of `_NOT_SENT_RULES`, or it was raised while the connection was made. A
``ProxyError`` proves nothing: urllib3 also raises it when the proxy closes the connection after it has forwarded the
request. A TLS error proves nothing either: an attacker can break a connection at any time.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from .error_codes import one_line
from .errors import CloudError, ConfigurationError, InvalidResponseError, NoResponseError
from .masking import Mask
from .proxies import describe_proxy_status, describe_unusable_proxy
from .response_body import MAX_RESPONSE_BYTES


class ExceptionInfo(NamedTuple):
    """One of the chained exceptions that ended a request: the names of its class and base classes, and its text."""

    names: frozenset[str]
    text: str
    frames: frozenset[str] = frozenset()
    """The names of the functions in its traceback."""


class _NotSentRule(NamedTuple):
    """A class of exceptions that are raised before a byte of the request is sent, and the message for the user."""

    class_name: str
    message: str
    is_configuration: bool = False
    """Whether the options are wrong, so that another attempt would fail in the same way."""
    prefix: str = ""
    """How the text of the exception begins. Exceptions of the class with another text do not match."""


class _HandshakeRule(NamedTuple):
    """Words in the exception of a failed TLS handshake, and the message for the user."""

    words: frozenset[str]
    message: str
    is_configuration: bool = False


_UNTRUSTED_CERTIFICATE = "the certificate is not trusted{reason}. Give the CA with ca_path, or check the endpoint"
_UNKNOWN_HOST = "the host name could not be resolved. Check region, cloud and endpoint"
_REFUSED = "the connection was refused, or there is no route to the host. Check the endpoint, firewalls and proxies"
_TIMED_OUT = "no connection within {timeout:g} seconds. Check the endpoint, firewalls and proxies"
_INVALID_URL = "the URL holds characters that cannot be sent. Check region, cloud and endpoint"
_CHECK_SCHEME = "does the port speak HTTPS? Check scheme and port of the endpoint"

# Functions of http.client, urllib3 and PySocks. ``connect`` makes a connection, with the tunnel of a proxy and TLS:
# the request is written after it has returned.
_CONNECT_FRAME = "connect"
_PROXY_FRAMES = frozenset(("_tunnel", "_connect_tls_proxy"))
_SOCKS_FRAME_PREFIX = "_negotiate_SOCKS"

# The first match counts: urllib3 2 derives NameResolutionError from NewConnectionError.
_NOT_SENT_RULES = (
    _NotSentRule("SSLCertVerificationError", _UNTRUSTED_CERTIFICATE, is_configuration=True),
    _NotSentRule("CertificateError", _UNTRUSTED_CERTIFICATE, is_configuration=True),  # of urllib3: another host name
    _NotSentRule(
        "OSError",
        "the CA bundle (ca_path or REQUESTS_CA_BUNDLE) cannot be read",
        is_configuration=True,
        prefix="Could not find a suitable TLS CA certificate bundle",
    ),
    _NotSentRule("InvalidProxyURL", "{proxy}", is_configuration=True),
    _NotSentRule("InvalidURL", _INVALID_URL, is_configuration=True),
    _NotSentRule("LocationValueError", _INVALID_URL, is_configuration=True),
    _NotSentRule(
        "InvalidSchema",
        "the environment names a SOCKS proxy{variable}, which needs the Python library PySocks",
        is_configuration=True,
        prefix="Missing dependencies for SOCKS support",
    ),
    _NotSentRule("InvalidSchema", _INVALID_URL, is_configuration=True),
    _NotSentRule("MissingSchema", _INVALID_URL, is_configuration=True),
    _NotSentRule("gaierror", _UNKNOWN_HOST),
    _NotSentRule("NameResolutionError", _UNKNOWN_HOST),
    # urllib3 1.26 derives it from ConnectTimeoutError. It is also raised where a SOCKS proxy refuses.
    _NotSentRule("NewConnectionError", _REFUSED),
    _NotSentRule("ConnectTimeoutError", _TIMED_OUT),
    _NotSentRule("ConnectTimeout", _TIMED_OUT),
    # http.client raises it where the response of a proxy to CONNECT is not a success.
    _NotSentRule("OSError", "{proxy}", prefix="Tunnel connection failed"),
    _NotSentRule("ClosedPoolError", "the connections were closed before it was sent"),
)

# Reason codes of OpenSSL. The first match counts. Another attempt can only help where the connection was closed: the
# server may have been restarted, or may have been too busy.
_HANDSHAKE_RULES = (
    _HandshakeRule(
        frozenset(
            "WRONG_VERSION_NUMBER UNKNOWN_PROTOCOL HTTP_REQUEST HTTPS_PROXY_REQUEST PACKET_LENGTH_TOO_LONG "
            "RECORD_LAYER_FAILURE".split()
        ),
        f"the TLS handshake failed, since the response is not TLS: {_CHECK_SCHEME}, firewalls and proxies",
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
    _HandshakeRule(frozenset(("",)), f"the TLS handshake failed: {_CHECK_SCHEME}, firewalls and proxies"),
)

# For a body or a header; http.client: for a line, for the number of headers; urllib3: for a line between chunks.
_SIZE_ERRORS = (
    ("ResponseTooLargeError", ""),
    ("LineTooLong", ""),
    ("ProtocolError", "Response chunk "),
    ("HTTPException", "got more than "),
)
# How a port with TLS ends a connection without TLS.
_CLOSED_ERRORS = ("RemoteDisconnected", "ConnectionResetError")

# The first match counts. The classes with SOCKS in their names are those of PySocks.
_PROXY_REASONS = (
    ("SOCKS5AuthError", "it requires a user name and a password, or other ones"),
    ("SOCKS5Error", "it refuses to connect to this host, or cannot reach it"),
    ("SOCKS4Error", "it refuses to connect to this host, or cannot reach it"),
    ("GeneralProxyError", "it does not speak SOCKS of this version"),
    ("gaierror", "its host name could not be resolved"),
    ("NameResolutionError", "its host name could not be resolved"),
    ("SSLError", "it does not speak TLS, or no TLS that this machine accepts. Must its address begin with http://?"),
    ("NewConnectionError", "it cannot be reached"),
    ("ConnectTimeoutError", "it cannot be reached in time"),
    ("ConnectTimeout", "it cannot be reached in time"),
    ("TimeoutError", "it did not answer in time"),
    ("ReadTimeoutError", "it did not answer in time"),
)


def build_send_error(
    request_line: str,
    exceptions: Sequence[ExceptionInfo],
    *,
    timeout: float,
    proxy: str | None = None,
    mask: Mask = str,
) -> CloudError:
    """Return the error for a request that got no response.

    ``request_line`` is method, host and path; ``exceptions`` are the exception and all that it wraps; ``timeout`` is in
    seconds; ``proxy`` is the variable that names the proxy of the request. The error does not repeat the texts of the
    exceptions, which hold queries and passwords of proxies. It repeats that of an untrusted certificate, masked.
    """
    for rule in _NOT_SENT_RULES:
        exception = _find(exceptions, rule.class_name, rule.prefix)
        if exception is None:
            continue
        has_reason = rule.class_name == "SSLCertVerificationError" and exception.text
        message = "{proxy}" if _is_proxy_failure(rule, exception, exceptions, proxy) else rule.message
        text = message.format(
            reason=f" ({one_line(mask(exception.text))})" if has_reason else "",
            timeout=timeout,
            proxy=_describe_proxy_failure(exceptions, proxy),
            variable=f" ({proxy})" if proxy else "",
        )
        if rule.is_configuration:
            return ConfigurationError(f"{request_line}: {text}")
        return NoResponseError(f"{request_line}: {text}", sent=False)
    connect_errors = [exception for exception in exceptions if _CONNECT_FRAME in exception.frames]
    if connect_errors:
        return _build_connect_error(request_line, connect_errors, timeout, proxy)
    if _find(exceptions, "BadStatusLine") and not _find(exceptions, "RemoteDisconnected"):
        hint = f". Check that {proxy} names an HTTP proxy" if proxy else f": {_CHECK_SCHEME}"
        return NoResponseError(f"{request_line}: the response is not HTTP{hint}", sent=True)
    return build_read_error(request_line, exceptions, timeout=timeout, proxy=proxy)


def build_read_error(
    request_line: str, exceptions: Sequence[ExceptionInfo], *, timeout: float, proxy: str | None = None
) -> CloudError:
    """Return the error for a response that could not be read completely. The request was sent, or may have been."""
    if any(_find(exceptions, class_name, prefix) for class_name, prefix in _SIZE_ERRORS):
        return InvalidResponseError(
            f"{request_line} answered with more than {MAX_RESPONSE_BYTES} bytes, or with too long a header"
        )
    if _find(exceptions, "ResponseTooLateError"):
        return NoResponseError(f"{request_line}: the response was not complete before the deadline", sent=True)
    return build_connection_error(request_line, exceptions, timeout=timeout, proxy=proxy)


def build_connection_error(
    request_line: str, exceptions: Sequence[ExceptionInfo], *, timeout: float, proxy: str | None = None
) -> NoResponseError:
    """Return the error for a request that may have been sent, whose connection broke or timed out."""
    if _is_timeout(exceptions):
        return NoResponseError(f"{request_line}: no answer within {timeout:g} seconds", sent=True)
    through, hint = "", ""
    if proxy or _find(exceptions, "ProxyError"):
        through = " to or through the proxy of the environment" + (f" ({proxy})" if proxy else "")
    elif " http://" in request_line and any(_find(exceptions, class_name) for class_name in _CLOSED_ERRORS):
        hint = f": {_CHECK_SCHEME}"
    return NoResponseError(
        f"{request_line}: the connection{through} broke before the answer was complete{hint}", sent=True
    )


def _build_connect_error(
    request_line: str, exceptions: Sequence[ExceptionInfo], timeout: float, proxy: str | None
) -> CloudError:
    """Return the error for exceptions that were raised while the connection was made."""
    frames = frozenset().union(*(exception.frames for exception in exceptions))
    if frames & _PROXY_FRAMES or (proxy and " http://" in request_line):
        return NoResponseError(f"{request_line}: {_describe_proxy_failure(exceptions, proxy)}", sent=False)
    if _is_timeout(exceptions):
        return NoResponseError(f"{request_line}: {_TIMED_OUT.format(timeout=timeout)}", sent=False)
    words = [word for exception in exceptions for word in (*exception.names, exception.text)]
    text = re.sub("[^A-Z]+", "_", " ".join(words).upper())
    rule = next(rule for rule in _HANDSHAKE_RULES if any(word in text for word in rule.words))
    if rule.is_configuration:
        return ConfigurationError(f"{request_line}: {rule.message}")
    return NoResponseError(f"{request_line}: {rule.message}", sent=False)


def _is_proxy_failure(
    rule: _NotSentRule, exception: ExceptionInfo, exceptions: Sequence[ExceptionInfo], proxy: str | None
) -> bool:
    """Return whether the proxy could not be reached, or did not forward the request."""
    if rule.is_configuration:
        return False
    if rule.message is _UNKNOWN_HOST:
        # A SOCKS client may resolve the name of the host itself, while it negotiates with the proxy.
        is_host = any(frame.startswith(_SOCKS_FRAME_PREFIX) for frame in exception.frames)
        return not is_host and (proxy is not None or _find(exceptions, "ProxyError") is not None)
    return _find(exceptions, "ProxyError") is not None or (proxy is not None and rule.message is _TIMED_OUT)


def _describe_proxy_failure(exceptions: Sequence[ExceptionInfo], variable: str | None) -> str:
    return describe_unusable_proxy(variable, _find_proxy_reason(exceptions) if variable else None)


def _find_proxy_reason(exceptions: Sequence[ExceptionInfo]) -> str:
    """Return why the proxy could not be used, as far as the exceptions show it."""
    tunnel = _find(exceptions, "OSError", "Tunnel connection failed: ")
    status = re.search("[0-9]{3}", tunnel.text) if tunnel else None
    if status:
        return describe_proxy_status(int(status.group()))
    for class_name, reason in _PROXY_REASONS:
        if _find(exceptions, class_name):
            return reason
    return "it closed the connection, or sent what no proxy of this kind sends. Is it a proxy?"


def _is_timeout(exceptions: Sequence[ExceptionInfo]) -> bool:
    return any(_find(exceptions, class_name) for class_name in ("TimeoutError", "Timeout", "ReadTimeoutError"))


def _find(exceptions: Sequence[ExceptionInfo], class_name: str, prefix: str = "") -> ExceptionInfo | None:
    """Return the first exception of a class whose text begins with ``prefix``."""
    return next((each for each in exceptions if class_name in each.names and each.text.startswith(prefix)), None)
