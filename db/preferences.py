"""What the place settled once: name, opening hours, desk, look. Kept in the file, so that it travels with the backup."""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise

from db import store
from db.opening import Calendar
from db.schema import Preference
from desktop.french import parse_time

DEFAULT_HOURS = {
    "0": [["09:00", "12:00"]],
    **{str(day): [["09:00", "12:00"], ["13:30", "17:30"]] for day in range(1, 5)},
}
"""Weekday (0 = Monday) → opening ranges: those of the PIMMS of Villeurbanne."""


@dataclass(frozen=True)
class Place:
    name: str = "PIMMS de Villeurbanne"
    address: str = ""
    town: str = "Villeurbanne"
    desk: str = "A1"


def get(name: str, default: object = None) -> object:
    found = store.rows("SELECT value FROM preference WHERE name = ?", (name,))
    return Preference.value.python_value(found[0][0]) if found else default


def put(name: str, value: object) -> None:
    Preference.replace(name=name, value=value).execute()


def place() -> Place:
    return Place(**get("place", {}))


def hours() -> dict[str, list[list[str]]]:
    return get("hours", DEFAULT_HOURS)


def calendar() -> Calendar:
    """The hours read once, for whoever counts many days."""
    return Calendar(hours())


def opening(day: date) -> tuple[tuple[time, time], ...]:
    """The opening ranges of a day; none on a public holiday."""
    return calendar().ranges(day)


def hours_problem(text: str) -> str | None:
    """Check « 9:00-12:00, 13:30-17:30 »; empty means closed."""
    return None if parse_hours(text) is not None else "Écrivez les heures ainsi : 9:00-12:00, 13:30-17:30."


def parse_hours(text: str) -> list[list[str]] | None:
    ranges: list[list[str]] = []
    for part in filter(str.strip, text.split(",")):
        ends = [parse_time(end) for end in part.replace("–", "-").split("-")]
        if len(ends) != 2 or None in ends or ends[0] >= ends[1]:
            return None
        ranges.append([f"{hour:02}:{minute:02}" for hour, minute in ends])
    in_order = all(before[1] <= after[0] for before, after in pairwise(ranges))
    return ranges if in_order else None


def next_open_day(day: date) -> date:
    """`day` itself when the place is open, else the first open day after it."""
    return calendar().next(day)


def is_open_at(moment: datetime) -> bool:
    return any(start <= moment.time() <= end for start, end in opening(moment.date()))
