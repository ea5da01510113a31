"""A partner's list of customers to call: called line by line, given back without a name, then erased."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from db import dossiers, lists, people, preferences, store
from db.ids import now
from db.schema import CallLine, CallList
from desktop import french

KEPT_DAYS = 60
TO_CALL = "a_appeler"
STATES = {TO_CALL: "À appeler", "joint": "Joint", "absent": "Absent", "refus": "Refus", "dossier": "Dossier ouvert",
          "rien": "Sans suite"}  # fmt: skip
OUTCOMES = {code: STATES[code] for code in ("joint", "absent", "refus", "rien")}
"""What a call may end with, by one digit; « dossier » is `to_dossier`."""
NOTE_MAX = 280


@dataclass(frozen=True)
class Sheet:
    """A list and where its calls stand: state → how many."""

    id: str
    partner: str
    partner_name: str
    title: str
    received_on: date
    erased_after: date
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def to_call(self) -> int:
        """Never called, or not reached."""
        return self.counts[TO_CALL] + self.counts["absent"]


@dataclass(frozen=True)
class Line:
    """A customer to call; `name` is empty once erased."""

    id: str
    list: str
    position: int
    reference: str
    name: str
    phone: str
    detail: Mapping[str, str]
    state: str
    note: str
    called_at: datetime | None
    called_by: str
    dossier: str | None


_SHEETS = f"""
SELECT c.id, c.partner, c.title, c.received_on, {", ".join(f"coalesce(sum(l.state = '{state}'), 0)" for state in STATES)}
FROM call_list c LEFT JOIN call_line l ON l.list_id = c.id AND l.removed_at IS NULL
WHERE c.removed_at IS NULL AND (?1 = '' OR c.id = ?1) GROUP BY c.id ORDER BY c.received_on DESC, c.id DESC
"""


def sheets() -> tuple[Sheet, ...]:
    """The lists received, the latest first. One query."""
    return _sheets("")


def sheet(id: str) -> Sheet:
    found = _sheets(id)
    if not found:
        raise LookupError(id)
    return found[0]


def _sheets(id: str) -> tuple[Sheet, ...]:
    kept = timedelta(days=kept_days())
    return tuple(
        Sheet(id, partner, lists.label("partner", partner), title, day := date.fromisoformat(received), day + kept,
              dict(zip(STATES, counts, strict=True)))
        for id, partner, title, received, *counts in store.rows(_SHEETS, (id,))
    )  # fmt: skip


def kept_days() -> int:
    """How long the names of a list are kept after it was received."""
    return int(preferences.get("call_lists_kept_days", KEPT_DAYS))


_LINES = """
SELECT l.id, l.list_id, l.position, l.reference, l.name, l.phone, l.detail, l.state, l.note, l.called_at,
       CASE WHEN l.called_at IS NULL THEN '' ELSE coalesce(m.name, '') END, l.dossier_id
FROM call_line l LEFT JOIN mediator m ON m.id = l.mediator
WHERE l.removed_at IS NULL AND {which} ORDER BY l.position, l.id
"""


def lines(list: str) -> tuple[Line, ...]:
    """A list's customers, in the order of the partner's file. One query."""
    return _lines("l.list_id = ?", list)


def line(id: str) -> Line:
    found = _lines("l.id = ?", id)
    if not found:
        raise LookupError(id)
    return found[0]


def _lines(which: str, value: str) -> tuple[Line, ...]:
    return tuple(
        Line(*known, CallLine.detail.python_value(detail), state, note, store.instant(called), by, dossier)
        for *known, detail, state, note, called, by, dossier in store.rows(_LINES.format(which=which), (value,))
    )


def call_problem(outcome: str, note: str) -> str:
    if outcome not in OUTCOMES:
        return "Choisissez la suite de l’appel. Exemple : joint."
    if len(note) > NOTE_MAX:
        return f"La note a {french.counted(len(note) - NOTE_MAX, 'signe')} de trop ({NOTE_MAX} au plus)."
    return ""


def log_call(line: str, outcome: str, note: str = "") -> None:
    """What the call ended with, by whoever is at work; the note never goes back to the partner."""
    with store.act(f"Appel noté : {STATES[outcome].casefold()}"):
        store.update(
            CallLine, line, state=outcome, note=note.strip(), called_at=now(), mediator=store.mediator()
        )  # fmt: skip


def person_draft(line: Line) -> people.Draft:
    """The file this customer calls for; the telephone as the partner gave it."""
    return replace(people.parse(line.name), phone=line.phone)


def dossier_draft(line: Line, person: str) -> dossiers.Draft:
    """The dossier this customer calls for, with the partner and the reference of the list."""
    known = sheet(line.list)
    kinds = lists.dossier_kinds(known.partner)
    return dossiers.Draft(person, known.partner, kinds[0] if kinds else "", line.reference)


def to_dossier(line: str, draft: dossiers.Draft, today: date) -> str:
    """Open a dossier from a call; the dossier's id."""
    partner = lists.label("partner", draft.partner)
    with store.act(f"Dossier {partner} ouvert après un appel"):
        id = dossiers.open_dossier(draft, today)
        store.update(
            CallLine, line, state="dossier", dossier=id, called_at=now(), mediator=store.mediator()
        )  # fmt: skip
    return id


def return_rows(list: str) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """What the partner gets back: the reference, the outcome and its day; no name, no telephone, no note."""
    rows = tuple(
        (line.reference or f"ligne {line.position}", STATES[line.state], _day(line.called_at)) for line in lines(list)
    )
    return ("Référence", "Résultat", "Jour"), rows


def _day(moment: datetime | None) -> str:
    return french.short_date(moment.date()) if moment else ""


def remove(list: str) -> None:
    """Take a list away; its names are erased when the day ends."""
    with store.act("Liste retirée"):
        store.update(CallList, list, removed_at=now())


def purge(day: date) -> int:
    """A list keeps its counts; whom nobody opened a dossier for leaves no name. How many were erased."""
    over = (CallList.received_on < day - timedelta(days=kept_days())) | CallList.removed_at.is_null(False)
    named = (CallLine.reference != "") | (CallLine.name != "") | (CallLine.phone != "")
    found = [*CallLine.select(CallLine.id).join(CallList).where(over, CallLine.dossier.is_null(), named)]
    with store.act(""):
        for row in found:
            store.update(CallLine, row.id, reference="", name="", phone="", detail={}, note="")
    return len(found)
