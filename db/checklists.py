"""Lists of the documents a heavy file asks for: which are there, which are missing, which are too old.

The lists are data (`checklists.toml`), none of them read over by the administration that asks: each says what it is worth.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from db import lists, store, timeline
from db.ids import now
from db.schema import ChecklistItem
from desktop import french
from desktop.instalments import months_later

MISSING, GIVEN, NOT_NEEDED = "manque", "fourni", "sans_objet"
STATES = {MISSING: "Manque", GIVEN: "Fourni", NOT_NEEDED: "Sans objet"}
SETTLED = ("lu", "établi")
SOON = timedelta(days=30)


@dataclass(frozen=True)
class Item:
    """A document; `months`: how old it may be, None when it does not age; `condition`: « si… », else always asked for."""

    code: str
    label: str
    months: int | None = None
    condition: str = ""
    note: str = ""
    optional: bool = False


@dataclass(frozen=True)
class Checklist:
    code: str
    label: str
    items: tuple[Item, ...]
    partners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    source: str = ""
    status: str = "à vérifier"
    checked_on: date | None = None
    review_before: date | None = None

    def settled(self, today: date) -> bool:
        return self.status in SETTLED and self.review_before is not None and today <= self.review_before

    def notice(self, today: date) -> str:
        """What the list is worth, to show and to print beside it."""
        told = f"Liste {self.status}" if self.status not in SETTLED else f"Liste relue le {_short(self.checked_on)}"
        if self.review_before and today > self.review_before:
            told += ", à revoir"
        return f"{told} : celle que l’organisme vous a donnée l’emporte."


@dataclass(frozen=True)
class Line:
    """One document of a dossier's list, and where it stands."""

    checklist: str
    item: Item
    state: str = MISSING
    valid_until: date | None = None

    def stale(self, day: date) -> bool:
        return self.state == GIVEN and self.valid_until is not None and self.valid_until < day

    def ends_soon(self, day: date) -> bool:
        """Still good, for a month at most: it may be too old when the file is sent."""
        return self.state == GIVEN and self.valid_until is not None and day <= self.valid_until <= day + SOON

    def ready(self, day: date) -> bool:
        return self.state == GIVEN and not self.stale(day)


@dataclass(frozen=True)
class Progress:
    """`total`: what must be gathered, without what does not apply nor what is optional and not there."""

    ready: int
    total: int
    missing: int
    stale: int

    @property
    def complete(self) -> bool:
        return self.ready == self.total


@cache
def checklists() -> tuple[Checklist, ...]:
    return tuple(_checklist(code, entry) for code, entry in lists.read("checklists").items())


def _checklist(code: str, entry: dict) -> Checklist:
    return Checklist(
        code, entry["label"], tuple(_item(item) for item in entry["item"]), tuple(entry.get("partners", ())),
        tuple(entry.get("kinds", ())), entry.get("source", ""), entry.get("statut", "à vérifier"), entry.get("lu_le"),
        entry.get("a_revoir_avant"),
    )  # fmt: skip


def _item(entry: dict) -> Item:
    return Item(
        entry["code"], entry["label"], entry.get("mois"), entry.get("si", ""), entry.get("note", ""),
        entry.get("facultatif", False),
    )  # fmt: skip


def checklist(code: str) -> Checklist:
    """A list by its code; one that a release dropped is shown as it was named."""
    return next((known for known in checklists() if known.code == code), Checklist(code, code, ()))


def suggested(partner: str, kind: str) -> tuple[Checklist, ...]:
    """The lists for this partner and kind first, then those for the partner, then the others."""

    def rank(known: Checklist) -> int:
        if partner not in known.partners:
            return 3
        return 0 if kind in known.kinds else 2 if known.kinds else 1

    return tuple(sorted(checklists(), key=rank))


def start(dossier: str, code: str) -> None:
    """Begin a list in a dossier, or complete it with what a later release asks for."""
    known, rows = checklist(code), _rows(dossier, code)
    with store.act(f"Liste commencée : {known.label}"):
        for item in known.items:
            if item.code not in rows:
                store.insert(ChecklistItem, dossier=dossier, checklist=code, item=item.code)
        if not rows:
            timeline.tell(dossier, "document", f"Liste de pièces commencée : {known.label}")


def stop(dossier: str, code: str) -> None:
    """Take a list out of a dossier."""
    with store.act(f"Liste retirée : {checklist(code).label}"):
        for row in _select(dossier, code):
            store.update(ChecklistItem, row.id, removed_at=now())


def started(dossier: str) -> tuple[str, ...]:
    """The lists of a dossier, in the order they were begun."""
    rows = store.rows(
        "SELECT checklist FROM checklist_item WHERE dossier_id = ? AND removed_at IS NULL "
        "GROUP BY checklist ORDER BY min(created_at), checklist",
        (dossier,),
    )
    return tuple(code for (code,) in rows)


def _select(dossier: str, code: str):
    return ChecklistItem.select().where(
        ChecklistItem.dossier == dossier, ChecklistItem.checklist == code, ChecklistItem.removed_at.is_null()
    )


def _rows(dossier: str, code: str) -> dict[str, ChecklistItem]:
    """Item → its row; of two desks' rows for one document, what was said last."""
    return {row.item: row for row in _select(dossier, code).order_by(ChecklistItem.changed_at, ChecklistItem.id)}


def items(dossier: str, code: str = "") -> tuple[Line, ...]:
    """The documents of a dossier's lists, or of one, in the order of the lists; nothing for a list not begun."""
    found: list[Line] = []
    for begun in [code] if code else started(dossier):
        rows = _rows(dossier, begun)
        known = {item.code: item for item in checklist(begun).items} if rows else {}
        dropped = {name: Item(name, name) for name in rows if name not in known}
        for item in (known | dropped).values():
            row = rows.get(item.code)
            found.append(Line(begun, item, row.state, row.valid_until) if row else Line(begun, item))
    return tuple(found)


def valid_until(item: Item, issued_on: date | None) -> date | None:
    """Until when a document of that date is good; None when it does not age, or when its date is not known."""
    return months_later(issued_on, item.months) if item.months and issued_on else None


def problem(state: str, until: date | None, today: date) -> str:
    """One sentence when this cannot be noted, else nothing."""
    if state not in STATES:
        return "Choisissez : manque, fourni ou sans objet."
    if until and abs((until - today).days) > 20 * 366:
        return f"Cette date est trop lointaine. Exemple : {_short(months_later(today, 3))}."
    return ""


def issued_problem(issued_on: date | None, today: date) -> str:
    if issued_on and issued_on > today:
        return f"Ce document porte une date à venir. Exemple : {_short(today)}."
    return ""


def set_item(dossier: str, code: str, item: str, state: str, until: date | None = None) -> None:
    """Say where a document stands; `until` is kept for one that was given."""
    label = next((known.label for known in checklist(code).items if known.code == item), item)
    fields = {"state": state, "valid_until": until if state == GIVEN else None}
    row = _rows(dossier, code).get(item)
    with store.act(f"{STATES[state]} : {label}"):
        if row:
            store.update(ChecklistItem, row.id, **fields)
        else:
            store.insert(ChecklistItem, dossier=dossier, checklist=code, item=item, **fields)


def progress(lines: Iterable[Line], day: date) -> Progress:
    asked = [line for line in lines if line.state != NOT_NEEDED and not (line.item.optional and line.state == MISSING)]
    ready = sum(line.ready(day) for line in asked)
    stale = sum(line.stale(day) for line in asked)
    return Progress(ready, len(asked), len(asked) - ready - stale, stale)


def progress_words(found: Progress) -> str:
    """« 7 sur 12, 2 périmés »."""
    told = f"{found.ready} sur {found.total}"
    return f"{told}, {french.counted(found.stale, 'périmé')}" if found.stale else told


def _short(day: date | None) -> str:
    return french.short_date(day) if day else "une date inconnue"
