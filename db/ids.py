"""Identifiers and instants every record carries."""

import os
from datetime import UTC, datetime


def uuid7(now: datetime | None = None) -> str:
    """A time-ordered UUID (RFC 9562, version 7) as 32 hexadecimal digits; unique even if the clock lies.

    The twelve bits after the milliseconds hold their fraction (§ 6.2, method 3): two records of one act keep their order.
    """
    millis, micros = divmod(round((now or datetime.now(UTC)).timestamp() * 1_000_000), 1000)
    value = millis << 80 | (micros * 4096 // 1000) << 64 | int.from_bytes(os.urandom(8))
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return f"{value:032x}"


def now() -> datetime:
    return datetime.now(UTC)
