"""Closed lists: shipped as TOML, seeded into one editable table, read from memory."""

import tomllib
from dataclasses import dataclass, field
from functools import cache

from db import store
from db.ids import now
from db.schema import ListValue
from desktop.paths import RESOURCES


@dataclass(frozen=True)
class Value:
    code: str
    label: str
    archived: bool = False
    extra: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Precision:
    theme: str
    subtheme: str
    label: str


@dataclass(frozen=True)
class Family:
    digit: int
    label: str
    icon: str
    precisions: tuple[Precision, ...]


@dataclass(frozen=True)
class Theme:
    code: str
    label: str
    coop: str
    subthemes: dict[str, str] = field(hash=False)
    sensitive: frozenset[str]


EDITABLE = ("structure", "partner", "contact", "path")
"""Kinds a place changes for itself; the others are the trade's, so that figures stay comparable."""

MINUTES = (5, 10, 15, 30, 45, 60, 90, 120)
_values: dict[str, tuple[Value, ...]] = {}


def read(name: str) -> dict:
    """One shipped list file, as it is."""
    return tomllib.loads((RESOURCES / "lists" / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def families() -> tuple[Family, ...]:
    """The nine families of the keypad, digit 1 first."""
    return tuple(
        Family(
            digit,
            entry["label"],
            entry["icon"],
            tuple(Precision(*code.split("."), label) for code, label in entry["precisions"]),
        )
        for digit, entry in enumerate(read("families")["family"], 1)
    )


def family(digit: int) -> Family:
    return families()[digit - 1]


@cache
def themes() -> dict[str, Theme]:
    return {
        code: Theme(code, entry["label"], entry["coop"], entry["sub"], frozenset(entry.get("sensible", ())))
        for code, entry in read("themes").items()
    }


def is_sensitive(theme: str, subtheme: str) -> bool:
    return theme in themes() and subtheme in themes()[theme].sensitive


@cache
def _shipped() -> dict[str, tuple[Value, ...]]:
    closed = read("visit") | read("dossier")
    found = {kind: tuple(Value(code, label) for code, label in entries.items()) for kind, entries in closed.items()}
    partners = read("partners")["partner"]
    found["partner"] = tuple(Value(code, entry["name"], extra=_rest(entry)) for code, entry in partners.items())
    return found


def _rest(entry: dict) -> dict:
    return {name: value for name, value in entry.items() if name != "name"}


def _shipped_extra(kind: str, code: str) -> dict:
    return next((value.extra for value in _shipped().get(kind, ()) if value.code == code), {})


@cache
def sectors() -> dict[str, tuple[str, ...]]:
    """Sector → the kinds of dossier it knows."""
    return {code: tuple(entry["kinds"]) for code, entry in read("partners")["sector"].items()}


def dossier_kinds(partner: str) -> tuple[str, ...]:
    """A partner's own kinds, else those of its sector."""
    extra = value("partner", partner).extra
    return tuple(extra.get("kinds", ())) or sectors()[extra.get("sector", "administration")]


def seed() -> None:
    """Put the shipped values of editable lists into the place's table, once each.

    What comes with a value is not copied: a later release may correct it, and the place keeps only what it changed.
    """
    known = {(row.kind, row.code) for row in ListValue.select(ListValue.kind, ListValue.code)}
    with store.act(""):
        for kind in EDITABLE:
            for position, shipped in enumerate(_shipped().get(kind, ())):
                if (kind, shipped.code) not in known:
                    store.insert(
                        ListValue,
                        kind=kind,
                        code=shipped.code,
                        label=shipped.label,
                        position=position,
                    )
    reload()


def reload() -> None:
    """Read the editable lists again, after a change."""
    _values.clear()
    _values.update(_shipped())
    rows = ListValue.select().where(ListValue.removed_at.is_null()).order_by(ListValue.position, ListValue.label)
    for kind in EDITABLE:
        _values[kind] = tuple(
            Value(row.code, row.label, row.archived_at is not None, _shipped_extra(kind, row.code) | row.extra)
            for row in rows
            if row.kind == kind
        )


def forget() -> None:
    """The place is left: its own values go with it, those shipped remain."""
    _values.clear()


def values(kind: str, *, archived: bool = False) -> tuple[Value, ...]:
    """The values one may choose today; with `archived`, also those that only history still shows."""
    return tuple(v for v in (_values or _shipped()).get(kind, ()) if archived or not v.archived)


def value(kind: str, code: str) -> Value:
    return next((v for v in values(kind, archived=True) if v.code == code), Value(code, code))


def label(kind: str, code: str) -> str:
    return value(kind, code).label if code else ""


def save(
    kind: str, code: str, label: str, *, position: int = 0, archived: bool = False, extra: dict | None = None
) -> None:
    """Add, rename or archive a value of an editable list; `extra`: all that comes with it, else what it has stays."""
    row = ListValue.get_or_none((ListValue.kind == kind) & (ListValue.code == code))
    changes: dict[str, object] = {"label": label, "position": position, "archived_at": now() if archived else None}
    if extra is not None:
        shipped = _shipped_extra(kind, code)
        changes["extra"] = {
            name: value
            for name, value in extra.items()
            if shipped.get(name) != value and (name in shipped or value not in (None, [], ""))
        }
    with store.act(f"Liste modifiée : {label}"):
        if row is None:
            store.insert(ListValue, kind=kind, code=code, **changes)
        else:
            store.update(ListValue, row.id, **changes)
    reload()


def theme_label(theme: str, subtheme: str = "") -> str:
    """« Énergie · Impayé »."""
    found = themes().get(theme)
    if found is None:
        return theme
    detail = found.subthemes.get(subtheme, "")
    return f"{found.label} · {detail}" if detail else found.label
