"""The public holidays of France, computed: the library that knows all countries costs a tenth of a second at start."""

from datetime import date, timedelta
from functools import cache

_FIXED = {
    (1, 1): "Jour de l’an", (5, 1): "Fête du Travail", (5, 8): "Victoire de 1945", (7, 14): "Fête nationale",
    (8, 15): "Assomption", (11, 1): "Toussaint", (11, 11): "Armistice", (12, 25): "Noël",
}  # fmt: skip
_AFTER_EASTER = {1: "Lundi de Pâques", 39: "Ascension", 50: "Lundi de Pentecôte"}


@cache
def easter(year: int) -> date:
    """Easter Sunday, Gregorian (Meeus, Astronomical Algorithms, chapter 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def name(day: date) -> str:
    """« Toussaint », or nothing on an ordinary day."""
    return _FIXED.get((day.month, day.day)) or _AFTER_EASTER.get((day - easter(day.year)) // timedelta(days=1), "")


def working_day(day: date) -> date:
    """That day, or the next that is neither Saturday, Sunday nor holiday (art. 642 of the code of civil procedure)."""
    while day.weekday() > 4 or name(day):
        day += timedelta(days=1)
    return day
