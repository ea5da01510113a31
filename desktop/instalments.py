"""A debt paid month by month, and months counted as people count them. No Qt, no database."""

from calendar import monthrange
from datetime import date
from typing import NamedTuple


class Instalment(NamedTuple):
    day: date
    cents: int


def months_later(day: date, months: int) -> date:
    """The same day some months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def instalments(total: int, count: int, first: date) -> tuple[Instalment, ...]:
    """Equal monthly payments in cents; the last one takes the remainder, so that the sum is exact."""
    monthly = total // count
    amounts = [monthly] * (count - 1) + [total - monthly * (count - 1)]
    return tuple(Instalment(months_later(first, i), cents) for i, cents in enumerate(amounts))
