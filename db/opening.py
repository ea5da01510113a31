"""When the place is open: arithmetic over its hours and the public holidays, without reading anything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desktop import holidays

_FAR = 366
"""A place that never opens: the day asked for is given back."""


@dataclass(frozen=True)
class Calendar:
    """`hours`: weekday (« 0 » is Monday) → ranges such as ["09:00", "12:00"]."""

    hours: Mapping[str, list[list[str]]]

    def ranges(self, day: date) -> tuple[tuple[time, time], ...]:
        """The opening ranges of a day; none on a public holiday."""
        ranges = self.hours.get(str(day.weekday()))
        if not ranges or holidays.name(day):
            return ()
        return tuple((time.fromisoformat(start), time.fromisoformat(end)) for start, end in ranges)

    def is_open(self, day: date) -> bool:
        return bool(self.hours.get(str(day.weekday()))) and not holidays.name(day)

    def next(self, day: date) -> date:
        """`day` itself when the place is open, else the first open day after it."""
        return self._nearest(day, timedelta(days=1))

    def previous(self, day: date) -> date:
        """`day` itself when the place is open, else the last open day before it."""
        return self._nearest(day, timedelta(days=-1))

    def _nearest(self, day: date, step: timedelta) -> date:
        return next((found for n in range(_FAR) if self.is_open(found := day + n * step)), day)

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """How long the place was open between two instants, by its own clock; nothing when they are in disorder."""
        begin, finish = start.astimezone().replace(tzinfo=None), end.astimezone().replace(tzinfo=None)
        total = timedelta()
        for n in range((finish.date() - begin.date()).days + 1):
            day = begin.date() + timedelta(days=n)
            for opens, closes in self.ranges(day):
                since, until = max(begin, datetime.combine(day, opens)), min(finish, datetime.combine(day, closes))
                total += max(until - since, timedelta())
        return total
