"""What must be done, and by when."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from db import lists, mandates, money, preferences, steps, store, team
from db.ids import now
from db.schema import Dossier, Reminder

NEXT = """LEFT JOIN reminder r ON r.id = (
    SELECT id FROM reminder WHERE dossier_id = d.id AND done_at IS NULL AND removed_at IS NULL
    ORDER BY due_on, id LIMIT 1)"""
"""The next reminder of a dossier `d`, in its lists."""


@dataclass(frozen=True)
class Line:
    """A reminder; or, with a `section` (voie, argent, mandat), a date of that side of the dossier."""

    id: str
    due_on: date
    due_at: str
    label: str
    detail: str
    dossier: str | None
    visit: str | None
    section: str = ""


def todo(day: date) -> tuple[Line, ...]:
    """What the home screen shows: the dates about to be lost, then the reminders that say something else."""
    found = dates(day)
    known = {(line.dossier, line.due_on) for line in found if line.section == "voie"}
    return found + tuple(line for line in due(day) if (line.dossier, line.due_on) not in known)


def dates(day: date) -> tuple[Line, ...]:
    """Last days near, mandates ending, payments late: one line for a dossier, its side and a day.

    Those to come first, the soonest first, then those gone by. As many queries for a thousand dossiers as for one.
    """
    found: dict[tuple[str, str, date], str] = {}
    for step in steps.near(day):
        found.setdefault((step.dossier, "voie", step.last), step.step)
    for mandate in mandates.expiring(day):
        if mandate.dossier:
            found[mandate.dossier, "mandat", mandate.ends_on] = f"Mandat pour {lists.label('partner', mandate.partner)}"
    late = money.late_payments(day)
    counts, firsts = Counter(dossier for dossier, _ in late), dict(reversed(late))
    for dossier, payment in firsts.items():
        some = counts[dossier] > 1
        found[dossier, "argent", payment.due_on] = (
            f"{counts[dossier]} paiements en retard" if some else "Paiement en retard"
        )
    names = _dossiers({dossier for dossier, _, _ in found})
    lines = []
    for (dossier, section, on), label in found.items():
        partner, detail = names[dossier]
        label = partner if detail == team.HIDDEN else label
        lines.append(Line(f"{section} {on} {dossier}", on, "", label, detail, dossier, None, section))
    return tuple(sorted(lines, key=lambda line: (line.due_on < day, line.due_on)))


def _dossiers(ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Dossier → its partner, and whose it is; nobody's name when it is not to be read."""
    rows = store.rows(
        f"SELECT d.id, d.partner, p.last_name, d.kind, {team.VISIBLE} FROM dossier d JOIN person p ON p.id = d.person_id "
        "WHERE d.id IN (SELECT value FROM json_each(?2))",
        (store.mediator(), json.dumps(list(ids))),
    )
    return {
        id: (lists.label("partner", partner), _whose(name, kind) if visible else team.HIDDEN)
        for id, partner, name, kind, visible in rows
    }


def _whose(name: str, kind: str) -> str:
    return f"{name}, {kind.casefold()}"


_DUE = f"""
SELECT r.id, r.due_on, r.due_at, r.label, r.detail, r.dossier_id, r.visit_id, p.last_name, d.kind, {team.VISIBLE}
FROM reminder r LEFT JOIN dossier d ON d.id = r.dossier_id LEFT JOIN person p ON p.id = d.person_id
WHERE r.due_on <= ?2 AND r.done_at IS NULL AND r.removed_at IS NULL ORDER BY r.due_on, r.due_at
"""


def due(day: date) -> tuple[Line, ...]:
    """What is to be done on `day` or should have been done before, the oldest first."""
    found = []
    for id, on, at, label, detail, dossier, visit, name, kind, visible in store.rows(
        _DUE, (store.mediator(), day.isoformat())
    ):
        if dossier:
            detail = f"Dossier {_whose(name, kind)}" if visible else team.HIDDEN
        elif visit:
            detail = "Visite à suivre"
        found.append(Line(id, date.fromisoformat(on), at, label, detail, dossier, visit))
    return tuple(found)


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


def plan(dossier: str, day: date, *, met: bool = False) -> None:
    """Move the dossier's reminder to this open day; `met`: the one before was honoured, a new one is written."""
    waiting = (
        Reminder.select(Reminder.id, Reminder.due_on)
        .where(Reminder.dossier == dossier, Reminder.done_at.is_null(), Reminder.removed_at.is_null())
        .order_by(Reminder.due_on, Reminder.id)
    )
    if waiting and not met:
        if waiting[0].due_on != day:
            postpone(waiting[0].id, day)
        return
    partner = lists.label("partner", Dossier.get_by_id(dossier).partner)
    with store.act("Relance notée"):
        for row in waiting:
            store.update(Reminder, row.id, done_at=now())
        store.insert(Reminder, dossier=dossier, label=f"Relancer {partner}", due_on=day)


def done(id: str) -> None:
    row = Reminder.get_by_id(id)
    with store.act(f"Fait : {row.label}"):
        store.update(Reminder, id, done_at=now())


def open_days(today: date, offsets: Iterable[int]) -> tuple[date, ...]:
    """The day that many days ahead, or the first open one after it; the place's hours are read once."""
    calendar = preferences.calendar()
    return tuple(calendar.next(today + timedelta(days=offset)) for offset in offsets)
