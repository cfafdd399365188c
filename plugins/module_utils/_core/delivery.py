# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: whether a request that ended in an exception can have reached the cloud.

The exceptions of requests, urllib3 (1.26 and 2), http.client and PySocks are told apart by the names of their classes:
urllib3 belongs to requests, and moves its classes about between its versions. Only a row of `_PROOFS` proves that
nothing was sent. A ``ProxyError``, for example, proves nothing: both generations of urllib3 also raise one when the
proxy closes the connection after it has passed the request on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .errors import CloudError, ConfigurationError, NoAnswerError
from .masking import Mask
from .service_errors import one_line


class Cause(NamedTuple):
    """One exception of those that ended a request: the names of its class and base classes, and its text."""

    names: frozenset[str]
    text: str


class _Proof(NamedTuple):
    """A class of exceptions that is raised before a byte of the request is sent, and what the user reads of it."""

    name: str
    problem: str
    is_configuration: bool = False
    """Whether the options cannot work, so that another attempt would end in the same way."""
    text: str = ""
    """How the text of the exception begins; other texts of the class prove nothing."""


_CERTIFICATE = "the certificate is not trusted{reason}. Give the CA with ca_path, or check the endpoint"
_NOT_FOUND = "the host name could not be resolved. Check region, cloud and endpoint"
_REFUSED = "the connection was refused, or there is no way to the host. Check the endpoint, firewalls and proxies"
_TIMED_OUT = "no connection within {timeout:g} seconds. Check the endpoint, firewalls and proxies"
_URL = "the URL holds characters that cannot be sent. Check region, cloud and endpoint"
_PROXY = "the proxy of the environment could not be used. Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY"

# The first that fits counts: the newer urllib3 derives NameResolutionError from NewConnectionError.
_PROOFS = (
    _Proof("SSLCertVerificationError", _CERTIFICATE, is_configuration=True),
    _Proof("CertificateError", _CERTIFICATE, is_configuration=True),  # urllib3's own, for another host name
    _Proof(
        "OSError",
        "the CA bundle (ca_path or REQUESTS_CA_BUNDLE) cannot be read",
        is_configuration=True,
        text="Could not find a suitable TLS CA certificate bundle",
    ),
    _Proof("InvalidProxyURL", _PROXY, is_configuration=True),
    _Proof("InvalidURL", _URL, is_configuration=True),
    _Proof("LocationValueError", _URL, is_configuration=True),
    _Proof(
        "InvalidSchema",
        "the environment names a SOCKS proxy, which needs the Python library PySocks",
        is_configuration=True,
        text="Missing dependencies for SOCKS support",
    ),
    _Proof("InvalidSchema", _URL, is_configuration=True),
    _Proof("MissingSchema", _URL, is_configuration=True),
    _Proof("gaierror", _NOT_FOUND),
    _Proof("NameResolutionError", _NOT_FOUND),
    # The older urllib3 derives this from ConnectTimeoutError. SOCKS proxies that refuse end here too.
    _Proof("NewConnectionError", _REFUSED),
    _Proof(
        "ConnectTimeoutError", "no connection within {timeout:g} seconds. Check the endpoint, firewalls and proxies"
    ),
    _Proof("ConnectTimeout", _TIMED_OUT),
    # What http.client raises where a proxy answers CONNECT with anything but a success.
    _Proof("OSError", _PROXY, text="Tunnel connection failed"),
    _Proof("ClosedPoolError", "the connections were closed before it was sent"),
)


def delivery_error(request_line: str, causes: Sequence[Cause], *, timeout: float, mask: Mask = str) -> CloudError:
    """Return the error for a request without an answer.

    ``request_line`` is method, host and path; ``causes`` are the exception and all that it wraps; ``timeout`` is in
    seconds. The texts of the exceptions are not repeated, since they hold queries and the passwords of proxies; but for
    that of an untrusted certificate, from which ``mask`` keeps secrets out.
    """
    for proof in _PROOFS:
        cause = _first(causes, proof.name, proof.text)
        if cause is None:
            continue
        if proof.is_configuration:
            reason = (
                f" ({one_line(mask(cause.text))})" if proof.name == "SSLCertVerificationError" and cause.text else ""
            )
            return ConfigurationError(f"{request_line}: {proof.problem.format(reason=reason)}")
        problem = _PROXY if _first(causes, "ProxyError") else proof.problem.format(timeout=timeout)
        return NoAnswerError(f"{request_line}: {problem}", sent=False)
    return broken_error(request_line, causes, timeout=timeout)


def broken_error(request_line: str, causes: Sequence[Cause], *, timeout: float) -> NoAnswerError:
    """Return the error for a request that may have been sent, or whose answer could not be read to its end."""
    if any(_first(causes, name) for name in ("TimeoutError", "Timeout", "ReadTimeoutError")):
        return NoAnswerError(f"{request_line}: no answer within {timeout:g} seconds", sent=True)
    through = " to or through the proxy of the environment" if _first(causes, "ProxyError") else ""
    return NoAnswerError(f"{request_line}: the connection{through} broke before the answer was complete", sent=True)


def _first(causes: Sequence[Cause], name: str, text: str = "") -> Cause | None:
    return next((cause for cause in causes if name in cause.names and cause.text.startswith(text)), None)
