# Copyright (c) 2026 huaweicloud.drs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The passcodes of a virtual MFA device: RFC 6238 with 30 seconds, 6 digits and SHA-1.

Written from the RFC, independently of client code. The tests include the test values of the RFC.
"""

from __future__ import annotations

import base64
import hmac

_STEP = 30
_DIGITS = 6
# RFC 6238, 5.2: the clock of the device may be wrong, and typing takes time.
_STEPS_OFF = (-1, 0, 1)


def secret_of(seed: str) -> bytes:
    """Return the secret of a seed in base32, with or without padding. Raise ValueError."""
    return base64.b32decode(seed + "=" * (-len(seed) % 8), casefold=True)


def passcode(seed: str, time: float) -> str:
    """Return the passcode at a time (epoch seconds)."""
    counter = int(time) // _STEP
    digest = hmac.digest(secret_of(seed), counter.to_bytes(8, "big"), "sha1")
    # RFC 4226, 5.3: the last 4 bits are the offset of the 31 bits of the code.
    offset = digest[-1] & 0xF
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def is_passcode(seed: str, given: str, time: float) -> bool:
    """Return whether a passcode is valid in the current step, or in the one before or after."""
    return any(hmac.compare_digest(passcode(seed, time + off * _STEP).encode(), given.encode()) for off in _STEPS_OFF)
