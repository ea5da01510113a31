"""The dossiers in a list: by deadline, whose they are, and those that hold what is searched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from db import lists, reminders, store, team
from db.dossiers import CLOSED
from desktop import french

SECTIONS = ("À relancer", "Cette semaine", "En attente d’une réponse", "Clos")
KEPT_CLOSED = timedelta(days=30)


@dataclass(frozen=True)
class Line:
    id: str
    person: str
    person_name: str
    partner: str
    kind: str
    state: str
    section: str
    next_on: date | None
    next_at: str
    reminder: str | None
    reference: str = ""
    waiting_since: date | None = None
    closed_on: date | None = None
    result: str = ""
    short_name: str = ""
    urgency: str = "normale"
    urgent_on: date | None = None
    referent: str = ""
    hidden: bool = False


_LINES = f"""
SELECT d.id, d.person_id, trim(p.last_name || ' ' || p.first_name), d.partner, d.kind, d.state,
       r.due_on, coalesce(r.due_at, ''), r.id, d.reference, d.closed_on, d.result,
       CASE WHEN d.state <> 'clos' THEN (
        SELECT min(e.at) FROM dossier_event e
        WHERE e.dossier_id = d.id AND e.removed_at IS NULL AND e.kind IN ('ouverture', 'appel', 'courrier')
          AND e.at > coalesce((SELECT max(a.at) FROM dossier_event a
                               WHERE a.dossier_id = d.id AND a.removed_at IS NULL AND a.kind = 'reponse'), '')) END,
       trim(p.last_name || ' ' || substr(p.first_name, 1, 1)), d.urgency, d.urgent_on, d.referent, NOT {team.VISIBLE}
FROM dossier d JOIN person p ON p.id = d.person_id {reminders.NEXT}
WHERE d.removed_at IS NULL AND (d.state <> 'clos' OR d.closed_on >= ?2)
ORDER BY r.due_on IS NULL, r.due_on, r.due_at = '', r.due_at, d.closed_on DESC, p.last_name
"""


def lines(today: date, *, all_closed: bool = False) -> tuple[Line, ...]:
    """Open dossiers by deadline, then those closed in the last 30 days, or ever. One query."""
    oldest = date.min if all_closed else today - KEPT_CLOSED
    found = [_line(row, today) for row in store.rows(_LINES, (store.mediator(), oldest.isoformat()))]
    return tuple(sorted(found, key=lambda line: SECTIONS.index(line.section)))


def _line(row: tuple, today: date) -> Line:
    (id, person, name, partner, kind, state, due_on, due_at, reminder_id, reference, closed, result, since, short,
     urgency, urgent, referent, hidden) = row  # fmt: skip
    due = store.day(due_on)
    if hidden:
        person, name, short, kind, reference = "", team.HIDDEN, team.HIDDEN, "", ""
    return Line(
        id, person, name, lists.label("partner", partner), kind, state, _section(state, due, today), due, due_at,
        reminder_id, reference, since and store.instant(since).date(), store.day(closed), result,
        short if short == name else f"{short}.", urgency, store.day(urgent), referent, bool(hidden),
    )  # fmt: skip


def _section(state: str, due: date | None, today: date) -> str:
    if state == CLOSED:
        return SECTIONS[3]
    if due is None or due > today + timedelta(days=7):
        return SECTIONS[2]
    return SECTIONS[0] if due <= today else SECTIONS[1]


def matching(lines: Iterable[Line], text: str) -> Iterator[Line]:
    """Those whose person, partner and kind contain each word of the text, or whose client's reference contains it."""
    words = french.fold(text).split()
    for line in lines:
        names = french.fold(f"{line.person_name} {line.partner} {line.kind}")
        if all(word in names for word in words) or "".join(words) in french.fold(line.reference).replace(" ", ""):
            yield line


def search(text: str, limit: int = 5) -> tuple[Line, ...]:
    """Dossiers whose person, partner or reference contains the text."""
    if not french.fold(text):
        return ()
    return tuple(islice(matching(lines(date.today(), all_closed=True), text), limit))


def count_due(today: date) -> int:
    """How many dossiers wait for a reminder today or are late."""
    return store.rows(
        "SELECT count(DISTINCT d.id) FROM reminder r JOIN dossier d ON d.id = r.dossier_id WHERE r.due_on <= ? "
        "AND r.done_at IS NULL AND r.removed_at IS NULL AND d.removed_at IS NULL AND d.state <> 'clos'",
        (today.isoformat(),),
    )[0][0]
