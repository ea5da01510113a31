"""What must be done, and by when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from db import preferences, store, team
from db.ids import now
from db.schema import Dossier, Person, Reminder


@dataclass(frozen=True)
class Line:
    id: str
    due_on: date
    due_at: str
    label: str
    detail: str
    dossier: str | None
    visit: str | None


def due(day: date) -> tuple[Line, ...]:
    """What is to be done on `day` or should have been done before, the oldest first."""
    rows = (
        Reminder.select(Reminder, Dossier, Person)
        .left_outer_join(Dossier)
        .left_outer_join(Person)
        .where(Reminder.due_on <= day, Reminder.done_at.is_null(), Reminder.removed_at.is_null())
        .order_by(Reminder.due_on, Reminder.due_at)
    )
    return tuple(_line(row) for row in rows)


def _line(row: Reminder) -> Line:
    if row.dossier_id and row.dossier.confidential and not team.may_see(row.dossier.referent):
        detail = "Dossier confidentiel"
    elif row.dossier_id:
        detail = f"Dossier {row.dossier.person.last_name}, {row.dossier.kind.casefold()}"
    else:
        detail = "Visite à suivre" if row.visit_id else row.detail
    return Line(row.id, row.due_on, row.due_at, row.label, detail, row.dossier_id, row.visit_id)


def add(label: str, due_on: date, *, dossier: str | None = None, due_at: str = "") -> str:
    """A closed day is skipped: the reminder falls on the next open one."""
    with store.act(f"Rappel noté : {label}"):
        return store.insert(
            Reminder, label=label, due_on=preferences.next_open_day(due_on), due_at=due_at, dossier=dossier
        )


def postpone(id: str, due_on: date) -> date:
    day = preferences.next_open_day(due_on)
    with store.act("Rappel repoussé"):
        store.update(Reminder, id, due_on=day, due_at="")
    return day


def done(id: str) -> None:
    row = Reminder.get_by_id(id)
    with store.act(f"Fait : {row.label}"):
        store.update(Reminder, id, done_at=now())


def open_days(today: date, offsets: Iterable[int]) -> tuple[date, ...]:
    """The day that many days ahead, or the first open one after it; the place's hours are read once."""
    calendar = preferences.calendar()
    return tuple(calendar.next(today + timedelta(days=offset)) for offset in offsets)
