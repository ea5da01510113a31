"""The digital space: stations with their clocks, and the day's counters."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import fn

from db import drafts, preferences, store, visits
from db.ids import now
from db.schema import Counter, Station, StationSession, Visit
from desktop import french

PRICES = {"nb": 10, "couleur": 30, "copie": 10}
"""Cents a page, where the place asks for money; everything else is free."""
UNITS = {"nb": "page", "couleur": "page", "copie": "page", "fax_emis": "fax", "fax_recu": "fax", "scan": "page"}
"""What one stroke counts: a fax is one fax, however many pages it has, and is not a printed page."""
REASONS = {"administratif": "Administratif", "emploi": "Emploi", "scolaire": "Scolaire", "personnel": "Personnel"}
NEARLY_OVER = timedelta(minutes=5)
PENDING = "counters"
"""The draft of what is being counted."""


@dataclass(frozen=True)
class Post:
    """A station as its tile shows it; `session` is None when it is free."""

    id: str
    number: int
    name: str
    fault: str
    session: str | None = None
    label: str = ""
    use: str = ""
    started_at: datetime | None = None
    planned_minutes: int = 0
    uses: tuple[str, ...] = ()
    support: str = "autonome"
    visit: str | None = None

    def remaining(self, moment: datetime) -> timedelta:
        """Negative once the time is over."""
        return self.started_at + timedelta(minutes=self.planned_minutes) - moment

    @property
    def free(self) -> bool:
        return self.session is None and not self.fault


def add_station(number: int, name: str = "") -> str:
    with store.act(f"Poste {number} ajouté"):
        return store.insert(Station, number=number, name=name or f"Poste {number}")


_POSTS = """
SELECT p.id, p.number, p.name, p.fault, s.id, s.label, s.started_at, s.planned_minutes, s.uses, s.support, s.visit_id
FROM station p LEFT JOIN station_session s
  ON s.station_id = p.id AND s.ended_at IS NULL AND s.removed_at IS NULL
WHERE p.archived_at IS NULL AND p.removed_at IS NULL ORDER BY p.number
"""


def posts() -> tuple[Post, ...]:
    """Every station with who sits there. One query."""
    return tuple(_post(row) for row in store.rows(_POSTS))


def _post(row: tuple) -> Post:
    id, number, name, fault, session, label, started, minutes, uses, support, visit = row
    if session is None:
        return Post(id, number, name, fault)
    uses = tuple(json.loads(uses))
    return Post(
        id, number, name, fault, session, label, uses[0] if uses else "", store.instant(started), minutes, uses,
        support, visit,
    )  # fmt: skip


def over_time(moment: datetime) -> int:
    """How many stations are used beyond the time given."""
    return sum(post.session is not None and post.remaining(moment) < timedelta() for post in posts())


def start(station: str, use: str, minutes: int, label: str = "", visit: str | None = None) -> str:
    """Somebody sits down; a visit that waits in the queue is called by the same act."""
    row = Station.get_by_id(station)
    with store.act(f"{row.name} attribué"):
        if visit and Visit.get_by_id(visit).state == "waiting":
            visits.call(visit)
        return store.insert(
            StationSession, station=station, day=date.today(), started_at=now(), planned_minutes=minutes,
            uses=[use], label=label.strip(), visit=visit,
        )  # fmt: skip


def extend(session: str, minutes: int = 15) -> None:
    row = StationSession.get_by_id(session)
    with store.act(f"{minutes} minutes ajoutées"):
        store.update(StationSession, session, planned_minutes=row.planned_minutes + minutes)


def add_use(session: str, use: str, support: str = "") -> None:
    """One more thing done at this station; the same use twice counts two."""
    row = StationSession.get_by_id(session)
    with store.act("Usage ajouté"):
        changes = {"uses": [*row.uses, use]}
        store.update(StationSession, session, **changes, **({"support": support} if support else {}))


def note_support(session: str, support: str) -> None:
    """The person asked for help once, or was helped all along."""
    with store.act({"ponctuelle": "Aide ponctuelle notée", "accompagne": "Accompagnement noté"}[support]):
        store.update(StationSession, session, support=support)


def finish(session: str) -> None:
    """The mediator has seen that the person's accounts are signed out: there is no ending without it."""
    row = StationSession.get_by_id(session)
    with store.act(f"{row.station.name} libéré, déconnexion vérifiée"):
        store.update(StationSession, session, ended_at=now(), signed_out=True, label="")


def set_fault(station: str, fault: str) -> None:
    row = Station.get_by_id(station)
    with store.act(f"{row.name} {'hors service' if fault else 'remis en service'}"):
        store.update(Station, station, fault=fault)


def prices() -> dict[str, int]:
    """Cents a unit: the place's own prices, else the shipped ones."""
    return {**PRICES, **preferences.get("prices", {})}


def amount(kind: str, quantity: int, known: Mapping[str, int]) -> int:
    return known.get(kind, 0) * quantity


def count(kind: str, quantity: int, reason: str = "administratif") -> None:
    """Add pages, copies, scans or faxes to the day; a negative quantity takes them back."""
    with store.act(f"{'+' if quantity > 0 else '−'}{abs(quantity)} au compteur"):
        _count(kind, quantity, reason, prices())


def _count(kind: str, quantity: int, reason: str, known: Mapping[str, int]) -> None:
    cents = amount(kind, quantity, known)
    store.insert(Counter, day=date.today(), kind=kind, quantity=quantity, reason=reason, cents=cents)


def settle(pending: Mapping[str, int], reason: str = "administratif") -> int:
    """Enter what was counted for one person, in one act; the cents to pay."""
    known = prices()
    cents = sum(amount(kind, quantity, known) for kind, quantity in pending.items())
    with store.act(f"Compteur enregistré, {french.euros(cents)} à régler" if cents else "Compteur enregistré"):
        for kind, quantity in pending.items():
            if quantity:
                _count(kind, quantity, reason, known)
        drafts.forget(PENDING)
    return cents


def counters(day: date) -> dict[str, int]:
    rows = Counter.select(Counter.kind, fn.SUM(Counter.quantity)).where(
        Counter.day == day, Counter.removed_at.is_null()
    )
    return dict(rows.group_by(Counter.kind).tuples())


def takings(day: date) -> int:
    """What the till should hold, in cents."""
    return Counter.select(fn.SUM(Counter.cents)).where(Counter.day == day, Counter.removed_at.is_null()).scalar() or 0
