"""Closing a day: what stands in the way, and the day's own copy."""

from dataclasses import asdict
from datetime import date
from pathlib import Path

from db import digital_space, journal, place, retention, statistics, store, visits
from db.ids import now
from db.schema import Closing, Station, StationSession, Visit


def running_sessions() -> tuple[str, ...]:
    """Stations still in use."""
    rows = (
        StationSession.select(Station.name)
        .join(Station)
        .where(StationSession.ended_at.is_null(), StationSession.removed_at.is_null())
    )
    return tuple(name for (name,) in rows.tuples())


def finish_sessions() -> None:
    """Free every station; the mediator has walked round and signed the accounts out."""
    for post in digital_space.posts():
        if post.session:
            digital_space.finish(post.session)


def leave_queue() -> None:
    """Those still waiting left without being received: it is noted, all in one act."""
    with store.act("File d’attente vidée"):
        for ticket in visits.queue():
            store.update(Visit, ticket.id, state="left", triage="reparti", ended_at=now(), label="")


def close_day(day: date, bundle: str = "") -> Path:
    """Cut what must not stay linked, note the figures, and make the verified copy; its path."""
    retention.end_day(day)
    figures = asdict(statistics.of_day(day))
    figures["day"] = day.isoformat()
    row = Closing.get_or_none(Closing.day == day, Closing.desk == store.desk())
    with store.act(""):
        if row is None:
            store.insert(Closing, day=day, bundle=bundle, figures=figures)
        else:
            store.update(Closing, row.id, bundle=bundle or row.bundle, figures=figures)
        journal.write("journee.close")
    store.seal()  # redone, an act would link again what was cut
    return place.back_up()


def closed(day: date) -> bool:
    return Closing.select().where(Closing.day == day, Closing.desk == store.desk()).exists()
