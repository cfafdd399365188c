# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Private to this collection: what the head of an answer says, without the secrets that it may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .._core.masking import Mask, Masker
from .._core.service_errors import one_line

if TYPE_CHECKING:
    from requests import Response


def mask_for(response: Response, masker: Masker) -> Mask:
    """Return what masks the texts of an answer: it may also hold its new token, and the signature of its request."""
    signed = str(getattr(response.request, "headers", {}).get("Authorization", ""))
    own = (response.headers.get("X-Subject-Token", ""), signed.rpartition("Signature=")[2])
    return Masker(own, known=masker).mask if any(own) else masker.mask


def header_of(response: Response, name: str, mask: Mask) -> str | None:
    """Return a header on one line; None where there is none."""
    value = response.headers.get(name)
    return one_line(mask(value)) if value else None


def host_of(location: str | None, mask: Mask) -> str:
    """Name the host of a redirect."""
    try:
        return repr(urlsplit(mask(location or "")).hostname or "the same host")
    except ValueError:
        return "an unreadable address"
