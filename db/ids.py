"""Identifiers and instants every record carries."""

import os
from datetime import UTC, datetime


def uuid7(now: datetime | None = None) -> str:
    """A time-ordered UUID (RFC 9562, version 7) as 32 hexadecimal digits; unique even if the clock lies."""
    millis = int((now or datetime.now(UTC)).timestamp() * 1000)
    value = millis << 80 | int.from_bytes(os.urandom(10))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return f"{value:032x}"


def now() -> datetime:
    return datetime.now(UTC)
