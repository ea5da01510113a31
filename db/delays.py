"""How long things take: a partner to answer, a dossier to end."""

import statistics
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db import lists, preferences, store

ENOUGH_ANSWERS = 3


@dataclass(frozen=True)
class Followed:
    """How a dossier went: delays in opening hours of the place, None for what has not come; `won` in cents."""

    id: str
    partner: str
    kind: str
    state: str
    result: str
    useful: str
    won: int | None
    first_answer: timedelta | None
    closing: timedelta | None


@dataclass(frozen=True)
class Delay:
    """How long a partner takes to answer; `answers` were measured, 0 when it is only the usual delay."""

    days: int
    answers: int


def of_partner(partner: str) -> Delay:
    """The median delay of the answers received, or the usual one while there are fewer than three."""
    rows = store.rows(
        "SELECT julianday(e.at) - julianday((SELECT max(o.at) FROM dossier_event o WHERE o.dossier_id = e.dossier_id "
        "AND o.removed_at IS NULL AND o.kind IN ('ouverture', 'appel', 'courrier') AND o.at < e.at)) "
        "FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id "
        "WHERE d.partner = ? AND e.kind = 'reponse' AND e.removed_at IS NULL AND d.removed_at IS NULL",
        (partner,),
    )
    days = [row[0] for row in rows if row[0] is not None]
    if len(days) < ENOUGH_ANSWERS:
        return Delay(lists.value("partner", partner).extra.get("answer_days", 10), 0)
    return Delay(max(1, round(statistics.median(days))), len(days))


_FOLLOWED = """
SELECT d.id, d.partner, d.kind, d.state, d.result, d.useful, d.won, min(e.at),
       min(CASE WHEN e.kind = 'reponse' THEN e.at END), max(CASE WHEN e.kind = 'cloture' THEN e.at END)
FROM dossier d JOIN dossier_event e ON e.dossier_id = d.id AND e.removed_at IS NULL
WHERE d.removed_at IS NULL AND {which} GROUP BY d.id ORDER BY d.id
"""


def followed(start: date, end: date) -> tuple[Followed, ...]:
    """The dossiers opened or closed between two days, both included, for the activity report. Two queries."""
    days = (start.isoformat(), end.isoformat())
    return _followed("(d.opened_on BETWEEN ?1 AND ?2 OR d.closed_on BETWEEN ?1 AND ?2)", days)


def followed_one(id: str) -> Followed:
    return _followed("d.id = ?", (id,))[0]


def _followed(which: str, values: tuple) -> tuple[Followed, ...]:
    calendar = preferences.calendar()

    def since(begin: datetime, text: str | None) -> timedelta | None:
        return calendar.open_time(begin, store.instant(text)) if text else None

    return tuple(
        Followed(id, partner, kind, state, result, useful, won, since(begin := store.instant(opened), answered),
                 since(begin, closed if state == "clos" else None))
        for id, partner, kind, state, result, useful, won, opened, answered, closed in store.rows(
            _FOLLOWED.format(which=which), values
        )
    )  # fmt: skip
