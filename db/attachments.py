"""Scanned papers of a dossier: bytes nobody here ever reads, in the encrypted file, until their day.

What a paper is comes from its file's name only; its content is never parsed, and is opened outside this program.
"""

import hashlib
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePath

from db import store, team, timeline
from db.ids import now
from db.schema import Attachment, Dossier
from desktop import french
from desktop.french import NBSP

SIZE_MAX = 10_000_000
TOTAL_MAX = 500_000_000
"""Of all papers kept: each backup holds them again."""
FREE_MIN = 200_000_000
KINDS = {"pdf": "PDF", "jpg": "Image", "png": "Image"}
_SUFFIXES = {".pdf": "pdf", ".jpg": "jpg", ".jpeg": "jpg", ".png": "png"}
KEPT_CLOSED = timedelta(days=30)
KEPT_MAX = timedelta(days=5 * 366)
WITH_DOSSIER = date.max
"""The date of a paper kept as long as its dossier is open, then for thirty days."""


class Refused(Exception):
    """The paper is not kept; the message says why."""


@dataclass(frozen=True)
class Line:
    """A paper as listed, without its content; `keep_until` None: as long as the dossier is open."""

    id: str
    title: str
    kind: str
    size: int
    sha256: str
    added_on: date
    keep_until: date | None
    kept: bool

    @property
    def file_name(self) -> str:
        """A name for a copy, from the title and the kind only."""
        words = french.fold(self.title).replace(" ", "-")[:60].strip("-")
        return f"{words or 'document'}.{self.kind}"


def kind_of(name: str) -> str:
    """« pdf », « jpg » or « png », by the file's name; nothing for another."""
    return _SUFFIXES.get(PurePath(name).suffix.casefold(), "")


def title_of(name: str) -> str:
    """A title to start from: the file's name without its ending."""
    return " ".join(PurePath(name).stem.replace("_", " ").split())[:80]


def problems(
    title: str, name: str, size: int, today: date, keep_until: date | None = None, *, free: int | None = None
) -> dict[str, str]:
    """Say what is wrong before the file is even read; `free`: the room left on the disk, else it is looked at."""
    found: dict[str, str] = {}
    if not title.strip():
        found["title"] = "Donnez un titre. Exemple : facture du 3 novembre."
    elif len(title) > 80:
        found["title"] = f"Le titre a {french.counted(len(title) - 80, 'signe')} de trop (80 au plus)."
    if problem := _file_problem(name, size, shutil.disk_usage(store.place()).free if free is None else free):
        found["file"] = problem
    if keep_until and keep_until <= today:
        found["keep_until"] = f"Donnez un jour à venir. Exemple : {french.short_date(today + timedelta(days=90))}."
    elif keep_until and keep_until > today + KEPT_MAX and keep_until != WITH_DOSSIER:
        found["keep_until"] = "Une pièce se garde cinq ans au plus : vérifiez l’année."
    return found


def _file_problem(name: str, size: int, free: int) -> str:
    if not kind_of(name):
        return "Seuls les fichiers PDF, JPG et PNG se rangent. Exemple : facture.pdf."
    if size <= 0:
        return "Ce fichier est vide. Numérisez la pièce de nouveau."
    if size > SIZE_MAX:
        return (
            f"Ce fichier fait {megabytes(size)}, 10{NBSP}Mo au plus. Numérisez en gris à 150 points, ou page par page."
        )
    if free < FREE_MIN + 2 * size:
        return "Le disque est presque plein. Libérez de la place, puis rangez la pièce."
    if _kept_total() + size > TOTAL_MAX:
        return f"Les pièces rangées font déjà {megabytes(TOTAL_MAX)}. Retirez celles qui ne servent plus."
    return ""


def megabytes(size: int) -> str:
    """« 40 Mo », « 1,4 Mo », « 320 ko », rounded up."""
    if size < 1_000_000:
        return f"{max(1, -(-size // 1000))}{NBSP}ko"
    tenths = -(-size // 100_000)
    whole = f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10}"
    return f"{whole}{NBSP}Mo"


def _kept_total() -> int:
    return store.rows("SELECT coalesce(sum(size), 0) FROM attachment WHERE content IS NOT NULL")[0][0]


def add(dossier: str, title: str, name: str, content: bytes, today: date, keep_until: date | None = None) -> str:
    """Keep a paper; its id. Raises Refused with a sentence. `name`: the file's; `keep_until` None: with the dossier."""
    if found := problems(title, name, len(content), today, keep_until):
        raise Refused(next(iter(found.values())))
    with store.act(""):  # written hidden, then shown: what Ctrl+Z remembers is a date, not megabytes
        id = store.insert(
            Attachment, dossier=dossier, title=title.strip(), kind=kind_of(name), size=len(content),
            sha256=hashlib.sha256(content).hexdigest(), keep_until=keep_until or WITH_DOSSIER, content=content,
            removed_at=now(),
        )  # fmt: skip
    with store.act(f"Pièce rangée : {title.strip()}"):
        store.update(Attachment, id, removed_at=None)
        timeline.tell(dossier, "document", f"Pièce rangée : {title.strip()}")
    return id


_LINES = f"""
SELECT a.id, a.title, a.kind, a.size, a.sha256, a.created_at, a.keep_until, d.closed_on, a.content IS NOT NULL
FROM attachment a JOIN dossier d ON d.id = a.dossier_id
WHERE a.dossier_id = ?2 AND a.removed_at IS NULL AND {team.VISIBLE} ORDER BY a.created_at, a.id
"""


def of_dossier(dossier: str) -> tuple[Line, ...]:
    """The papers of a dossier, the oldest first; none of a confidential one for those who may not read it. One query."""
    return tuple(
        Line(id, title, kind, size, sha256, store.instant(added).date(), _last_day(keep, closed), bool(kept))
        for id, title, kind, size, sha256, added, keep, closed, kept in store.rows(_LINES, (store.mediator(), dossier))
    )


def _last_day(keep_until: str, closed_on: str | None) -> date | None:
    if keep_until != WITH_DOSSIER.isoformat():
        return date.fromisoformat(keep_until)
    return date.fromisoformat(closed_on) + KEPT_CLOSED if closed_on else None


def content(id: str) -> bytes | None:
    """The very bytes that were kept, while they are and for those who may read them."""
    rows = store.rows(
        f"SELECT a.content FROM attachment a JOIN dossier d ON d.id = a.dossier_id "
        f"WHERE a.id = ?2 AND a.removed_at IS NULL AND {team.VISIBLE}",
        (store.mediator(), id),
    )
    return bytes(rows[0][0]) if rows and rows[0][0] is not None else None


def remove(id: str) -> None:
    """Take it out of the dossier; its content is erased when the day ends, so that Ctrl+Z brings it back until then."""
    with store.act("Pièce retirée"):
        store.update(Attachment, id, removed_at=now())


def keep_until(id: str, day: date | None) -> None:
    """Change how long it is kept; None: as long as the dossier is open, then thirty days."""
    with store.act("Durée de garde changée"):
        store.update(Attachment, id, keep_until=day or WITH_DOSSIER)


def purge(day: date) -> int:
    """Erase the content of what was removed or whose time is over at the end of `day`; how many."""
    over = (
        (Attachment.keep_until < day)
        | Attachment.removed_at.is_null(False)
        | ((Attachment.keep_until == WITH_DOSSIER) & (Dossier.closed_on < day - KEPT_CLOSED))
        | Dossier.removed_at.is_null(False)
    )
    rows = list(Attachment.select(Attachment.id).join(Dossier).where(Attachment.content.is_null(False), over))
    with store.act(""):
        for row in rows:
            store.update(Attachment, row.id, content=None)
    return len(rows)
