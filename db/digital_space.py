"""The digital space: stations with their clocks, and the day's counters."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from peewee import fn

from db import store
from db.ids import now
from db.schema import Counter, Station, StationSession

PRICES = {"nb": 10, "couleur": 30, "copie": 10}
"""Cents a page, where the place asks for money; everything else is free."""


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

    def remaining(self, moment: datetime) -> timedelta:
        """Negative once the time is over."""
        return self.started_at + timedelta(minutes=self.planned_minutes) - moment


def add_station(number: int, name: str = "") -> str:
    with store.act(f"Poste {number} ajouté"):
        return store.insert(Station, number=number, name=name or f"Poste {number}")


def posts() -> tuple[Post, ...]:
    running = {s.station_id: s for s in StationSession.select().where(
        StationSession.ended_at.is_null(), StationSession.removed_at.is_null())}  # fmt: skip
    stations = Station.select().where(Station.archived_at.is_null(), Station.removed_at.is_null())
    return tuple(_post(station, running.get(station.id)) for station in stations.order_by(Station.number))


def _post(station: Station, session: StationSession | None) -> Post:
    if session is None:
        return Post(station.id, station.number, station.name, station.fault)
    return Post(
        station.id, station.number, station.name, station.fault, session.id, session.label,
        session.uses[0] if session.uses else "", session.started_at, session.planned_minutes,
    )  # fmt: skip


def start(station: str, use: str, minutes: int, label: str = "", visit: str | None = None) -> str:
    row = Station.get_by_id(station)
    with store.act(f"{row.name} attribué"):
        return store.insert(
            StationSession, station=station, day=date.today(), started_at=now(), planned_minutes=minutes,
            uses=[use], label=label, visit=visit,
        )  # fmt: skip


def extend(session: str, minutes: int = 15) -> None:
    row = StationSession.get_by_id(session)
    with store.act(f"{minutes} minutes ajoutées"):
        store.update(StationSession, session, planned_minutes=row.planned_minutes + minutes)


def add_use(session: str, use: str, support: str = "") -> None:
    row = StationSession.get_by_id(session)
    with store.act("Usage ajouté"):
        changes = {"uses": list(dict.fromkeys([*row.uses, use]))}
        store.update(StationSession, session, **changes, **({"support": support} if support else {}))


def finish(session: str) -> None:
    """The mediator has seen that the person's accounts are signed out: there is no ending without it."""
    row = StationSession.get_by_id(session)
    with store.act(f"{row.station.name} libéré, déconnexion vérifiée"):
        store.update(StationSession, session, ended_at=now(), signed_out=True, label="")


def set_fault(station: str, fault: str) -> None:
    row = Station.get_by_id(station)
    with store.act(f"{row.name} {'hors service' if fault else 'remis en service'}"):
        store.update(Station, station, fault=fault)


def count(kind: str, quantity: int, reason: str = "administratif") -> None:
    """Add pages, copies, scans or faxes to the day; a negative quantity takes them back."""
    with store.act(f"{'+' if quantity > 0 else '−'}{abs(quantity)} au compteur"):
        store.insert(
            Counter, day=date.today(), kind=kind, quantity=quantity, reason=reason, cents=PRICES.get(kind, 0) * quantity
        )


def counters(day: date) -> dict[str, int]:
    rows = Counter.select(Counter.kind, fn.SUM(Counter.quantity)).where(
        Counter.day == day, Counter.removed_at.is_null()
    )
    return dict(rows.group_by(Counter.kind).tuples())


def takings(day: date) -> int:
    """What the till should hold, in cents."""
    return Counter.select(fn.SUM(Counter.cents)).where(Counter.day == day, Counter.removed_at.is_null()).scalar() or 0
