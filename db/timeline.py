"""What happened to a dossier, in order: calls, letters, answers and notes; and who opened it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from db import store, team
from db.ids import now
from db.schema import DossierEvent, DossierReading, InstantField
from desktop import french

QUICK = {
    "appel": {"sans_reponse": "Sans réponse", "message": "Message laissé", "transmis": "Demande transmise",
              "rappelle": "Le partenaire rappelle"},
    "reponse": {"accord": "Accord", "proposition": "Proposition", "pieces": "Pièces demandées", "refus": "Refus"},
}  # fmt: skip
"""Summaries given by one digit, for each kind of event."""


@dataclass(frozen=True)
class Event:
    at: datetime
    kind: str
    summary: str
    by: str = ""


@dataclass(frozen=True)
class Read:
    """Somebody opened a dossier."""

    at: datetime
    by: str


def problem(kind: str, summary: str) -> str:
    """One sentence when the line cannot go on the timeline, else nothing."""
    if kind == "note" and not summary.strip():
        return "Écrivez la note. Exemple : attend un justificatif."
    if len(summary) > 280:
        return f"Le résumé a {french.counted(len(summary) - 280, 'signe')} de trop (280 au plus)."
    return ""


_EVENTS = f"""
SELECT e.at, e.kind, e.summary, coalesce(m.name, '') FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id
LEFT JOIN mediator m ON m.id = e.mediator
WHERE e.dossier_id = ?2 AND e.removed_at IS NULL AND {team.VISIBLE} ORDER BY e.at DESC, e.id DESC
"""


def events(id: str) -> tuple[Event, ...]:
    """The timeline, the newest first; nothing of a confidential dossier for those who may not read it."""
    return tuple(Event(store.instant(at), *rest) for at, *rest in store.rows(_EVENTS, (store.mediator(), id)))


_READ = """
SELECT d.mediator, d.created_at, EXISTS (SELECT 1 FROM dossier_reading r WHERE r.dossier_id = d.id
       AND r.mediator = ?1 AND r.created_at >= ?3) FROM dossier d WHERE d.id = ?2
"""


def mark_read(id: str, today: date) -> None:
    """Write down that it was opened, once a day for each mediator; its author needs no line on its first day."""
    midnight = InstantField().db_value(datetime.combine(today, time.min).astimezone())
    (author, created, known) = store.rows(_READ, (store.mediator(), id, midnight))[0]
    if known or (author == store.mediator() and created >= midnight):
        return
    with store.act(""):
        store.insert(DossierReading, dossier=id)


def readings(id: str) -> tuple[Read, ...]:
    """Who opened it, the last first; for who answers for the place only."""
    if not team.is_responsable():
        return ()
    rows = store.rows(
        "SELECT r.created_at, coalesce(m.name, '') FROM dossier_reading r LEFT JOIN mediator m ON m.id = r.mediator "
        "WHERE r.dossier_id = ? AND r.removed_at IS NULL ORDER BY r.created_at DESC",
        (id,),
    )
    return tuple(Read(store.instant(at), by) for at, by in rows)


def waiting_since(events: Iterable[Event]) -> date | None:
    """The day of the first call or letter that nobody answered yet; `events` newest first."""
    since = None
    for event in events:
        if event.kind == "reponse":
            break
        if event.kind in ("appel", "courrier"):
            since = event.at.astimezone().date()
    return since


def tell(dossier: str, kind: str, summary: str) -> None:
    """A line more, within the act that makes it true."""
    store.insert(DossierEvent, dossier=dossier, at=now(), kind=kind, summary=summary)
