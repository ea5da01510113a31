"""The mediators of the place."""

from dataclasses import dataclass

from db import store
from db.ids import now
from db.schema import Mediator


@dataclass(frozen=True)
class Line:
    id: str
    name: str
    initials: str
    role: str
    may_sign_mandate: bool


def initials(name: str) -> str:
    return "".join(word[0] for word in name.replace("-", " ").split() if word).upper()[:3]


def short_name(name: str) -> str:
    """« Nadia R. », what a badge shows."""
    first, *rest = name.split() or [""]
    return f"{first} {rest[0][0]}." if rest else first


def members() -> tuple[Line, ...]:
    rows = (
        Mediator.select().where(Mediator.archived_at.is_null(), Mediator.removed_at.is_null()).order_by(Mediator.name)
    )
    return tuple(Line(r.id, r.name, r.initials, r.role, r.may_sign_mandate) for r in rows)


def member(id: str) -> Line | None:
    return next((line for line in members() if line.id == id), None)


def is_responsable() -> bool:
    """Whether whoever is at work answers for the place."""
    known = member(store.mediator())
    return known is not None and known.role == "responsable"


def may_see(referent: str) -> bool:
    """A confidential dossier is read by its referent and by who answers for the place."""
    return (bool(referent) and referent == store.mediator()) or is_responsable()


VISIBLE = """(d.confidential = 0 OR d.referent = ?1 OR EXISTS (SELECT 1 FROM mediator WHERE id = ?1
    AND role = 'responsable' AND archived_at IS NULL AND removed_at IS NULL))"""
"""The same as `may_see`, for a query whose dossier is `d` and whose first value is the mediator at work."""
HIDDEN = "Dossier confidentiel"
"""What others read in the place of its person."""


def add(id: str, name: str, role: str = "mediateur", *, may_sign_mandate: bool = True) -> None:
    """`id` is the one of the key slot, so that who opens is who acts."""
    with store.act(f"Médiateur ajouté : {name}"):
        store.insert(Mediator, id=id, name=name, initials=initials(name), role=role, may_sign_mandate=may_sign_mandate)


def archive(id: str) -> None:
    with store.act("Médiateur retiré"):
        store.update(Mediator, id, archived_at=now())
