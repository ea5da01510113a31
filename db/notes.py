"""Hand-over notes between shifts (transmissions): dated, for a colleague or for all, archived when read."""

from dataclasses import dataclass
from datetime import date, datetime

from db import store
from db.ids import now
from db.schema import Note


@dataclass(frozen=True)
class Line:
    id: str
    body: str
    author: str
    addressee: str
    written_at: datetime


def unread() -> tuple[Line, ...]:
    """Notes for the mediator at work, or for all, that nobody has archived."""
    rows = store.rows(
        "SELECT n.id, n.body, coalesce(m.name, ''), n.addressee, n.created_at FROM note n "
        "LEFT JOIN mediator m ON m.id = n.mediator "
        "WHERE n.read_at IS NULL AND n.removed_at IS NULL AND n.addressee IN ('', ?) ORDER BY n.created_at",
        (store.mediator(),),
    )
    return tuple(Line(*row[:4], store.instant(row[4])) for row in rows)


def problem(body: str) -> str | None:
    return None if body.strip() else "Écrivez la transmission. Exemple : rappeler EDF avant 16 h."


def write(body: str, addressee: str = "") -> str:
    with store.act("Transmission écrite"):
        return store.insert(Note, body=body.strip(), addressee=addressee, day=date.today())


def archive(id: str) -> None:
    with store.act("Transmission lue"):
        store.update(Note, id, read_at=now())
