"""Identifiers: time-ordered so that keyset paging is an index walk, random enough not to be guessed."""

from __future__ import annotations

import os
import time
import uuid
from datetime import datetime


def uuid7() -> uuid.UUID:
    """A UUID version 7 (RFC 9562, method 3): 48 bits of milliseconds, 12 of their fraction, 62 random bits.

    The fraction keeps what is made in one go, such as the photos of a batch, in its order.
    """
    value = int.from_bytes(os.urandom(8), "big")
    milliseconds, nanoseconds = divmod(time.time_ns(), 1_000_000)
    fraction = nanoseconds * 4096 // 1_000_000
    value |= (milliseconds << 80) | (0x7 << 76) | (fraction << 64)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return uuid.UUID(int=value)


def first_id_at(moment: datetime) -> uuid.UUID:
    """What every `uuid7` of that moment and later is greater than."""
    return uuid.UUID(int=int(moment.timestamp() * 1000) << 80)


def age(made: uuid.UUID) -> float:
    """Seconds since that `uuid7` was made, by the clock of the machine that made it; never below 0."""
    return max(0.0, time.time() - (made.int >> 80) / 1000)
