"""A model past its last day, allowed for a while by who answers for the place: who, when, until when and why."""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from db import journal, preferences, store
from db.ids import uuid7
from desktop.french import counted, short_date

LONGEST = timedelta(days=31)
REASON_MAX = 280
_KEPT = "letters.lifts"


@dataclass(frozen=True)
class Lift:
    """`sha256` is the model's file: another version of it was not allowed."""

    id: str
    template: str
    sha256: str
    until: str
    reason: str
    mediator: str
    day: str


def problems(until: date | None, reason: str, today: date) -> dict[str, str]:
    found = {}
    if until is None or not today <= until <= today + LONGEST:
        found["until"] = f"Un mois au plus. Exemple : {short_date(today + LONGEST)}."
    if not reason.strip():
        found["reason"] = "Dites pourquoi. Exemple : délai de recours demain, texte relu ce matin."
    elif len(reason.strip()) > REASON_MAX:
        found["reason"] = f"Le motif a {counted(len(reason.strip()) - REASON_MAX, 'signe')} de trop."
    return found


def lift(template: str, sha256: str, until: date, reason: str, today: date) -> None:
    """Allow it; every lift is kept, the last one holds."""
    made = Lift(uuid7(), template, sha256, until.isoformat(), reason.strip(), store.mediator(), today.isoformat())
    with store.act(""):
        preferences.put(_KEPT, [*preferences.get(_KEPT, []), asdict(made)])
        journal.write("modele.prolonge", made.id)


def lifted(sha256: str, today: date) -> Lift | None:
    """What allows this file today."""
    last = next((Lift(**kept) for kept in reversed(preferences.get(_KEPT, [])) if kept["sha256"] == sha256), None)
    return last if last and date.fromisoformat(last.until) >= today else None
