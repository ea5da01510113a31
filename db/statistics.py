"""Figures of a day, each with its definition."""

import statistics
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db import digital_space, store
from db.schema import Dossier, Letter, StationSession


@dataclass(frozen=True)
class Day:
    """Visits are comings received; demands are things asked; waits are medians of those received, in minutes."""

    day: date
    visits: int
    demands: int
    waiting: int
    left: int
    redirected: dict[str, int]
    median_wait: int | None
    letters: int
    dossiers: int
    sessions: int
    pages: int
    entry_seconds: int | None

    @property
    def demands_per_visit(self) -> float:
        return self.demands / self.visits if self.visits else 0.0


def of_day(day: date) -> Day:
    """Six short queries, whatever the number of visits in the file."""
    text = day.isoformat()
    rows = store.rows(
        "SELECT state, redirected_to, arrived_at, started_at, entry_seconds, late FROM visit "
        "WHERE day = ? AND removed_at IS NULL",
        (text,),
    )
    received = [row for row in rows if row[0] == "recorded"]
    waits = [_seconds(row[2], row[3]) for row in rows if row[0] in ("recorded", "open") and row[3] and not row[5]]
    entries = [row[4] for row in received if row[4] is not None]
    redirected: dict[str, int] = {}
    for row in rows:
        if row[0] == "redirected":
            redirected[row[1]] = redirected.get(row[1], 0) + 1
    counted = digital_space.counters(day)
    return Day(
        day=day,
        visits=len(received),
        demands=store.rows(
            "SELECT count(*) FROM demand d JOIN visit v ON v.id = d.visit_id "
            "WHERE v.day = ? AND v.state = 'recorded' AND d.removed_at IS NULL AND v.removed_at IS NULL",
            (text,),
        )[0][0],
        waiting=sum(row[0] == "waiting" for row in rows),
        left=sum(row[0] == "left" for row in rows),
        redirected=redirected,
        median_wait=round(statistics.median(waits) / 60) if waits else None,
        letters=Letter.select().where(Letter.day == day, Letter.removed_at.is_null()).count(),
        dossiers=Dossier.select().where(Dossier.opened_on == day, Dossier.removed_at.is_null()).count(),
        sessions=StationSession.select().where(StationSession.day == day, StationSession.removed_at.is_null()).count(),
        pages=sum(counted.get(kind, 0) for kind in ("nb", "couleur", "copie")),
        entry_seconds=round(statistics.median(entries)) if entries else None,
    )


def _seconds(start: str, end: str) -> float:
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()


def blocks(day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Start and end of each visit of the day, for the day band; an open one ends now."""
    rows = store.rows(
        "SELECT started_at, ended_at FROM visit WHERE day = ? AND removed_at IS NULL AND started_at IS NOT NULL "
        "AND state IN ('recorded', 'open') ORDER BY started_at",
        (day.isoformat(),),
    )
    current = datetime.now().astimezone()
    found = []
    for start, end in rows:
        begun = store.instant(start)
        found.append((begun, max(store.instant(end) or current, begun + timedelta(minutes=1))))
    return tuple(found)
