"""The lists beside the templates: legal sources, organisms, closing formulas, Cerfa forms, each with its status."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache

from desktop.documents.content import Party
from desktop.paths import RESOURCES

SETTLED = ("lu", "établi")  # « à vérifier » is shown on screen and never printed


@dataclass(frozen=True)
class Source:
    """One rule of law: `citation` and `figure` are what a letter may print."""

    key: str
    citation: str
    rule: str
    figure: str
    months: int  # the deadline in months, or in days; 0 when there is none
    days: int
    rule_of_days: str  # calendaire · franc · fin_annee_2
    status: str
    source: str
    checked_on: date
    review_before: date

    @property
    def settled(self) -> bool:
        return self.status in SETTLED


@dataclass(frozen=True)
class Organism:
    """Who letters are sent to; the address may be empty, for the mediator to type."""

    id: str
    name: str
    directory: str
    lines: tuple[str, ...]
    opening: str
    status: str
    source: str
    checked_on: date
    generic: bool  # stands for any company of its kind: a known one takes its place

    def is_in(self, directories: str) -> bool:
        """Whether one of these address books, separated by spaces, holds it."""
        return not set(self.directory.split()).isdisjoint(directories.split())

    def party(self) -> Party:
        return Party(self.name, lines=self.lines, opening=self.opening)


@dataclass(frozen=True)
class Form:
    """An official form; `printed` leaves out a suffix nobody has checked."""

    key: str
    number: str
    suffix: str
    sort: str  # Cerfa, or « imprimé » for a form of one administration
    title: str
    status: str
    source: str
    checked_on: date

    @property
    def printed(self) -> str:
        return f"{self.sort} n° {self.number}" + (f"*{self.suffix}" if self.suffix and self.status in SETTLED else "")


def _read(name: str) -> dict:
    return tomllib.loads((RESOURCES / "lists" / f"{name}.toml").read_text("utf-8"))


@cache
def sources() -> dict[str, Source]:
    return {
        key: Source(
            key, s.get("citation", ""), s["regle"], s.get("chiffre", ""), s.get("mois", 0), s.get("jours", 0),
            s.get("calcul", "calendaire"), s["statut"], s["source"], s["lu_le"], s["a_revoir_avant"],
        )
        for key, s in _read("sources").items()
    }  # fmt: skip


@cache
def organisms() -> dict[str, Organism]:
    return {
        key: Organism(
            key, o["nom"], o["carnet"], tuple(o.get("lignes", ())), o.get("appel", ""), o["statut"], o["source"],
            o["lu_le"], o.get("generique", False),
        )
        for key, o in _read("organisms").items()
    }  # fmt: skip


@cache
def closings() -> dict[str, tuple[str, str]]:
    """Key → the formula of one person, then of several; « {appel} » stands for the opening words."""
    return {key: (c["singulier"], c["pluriel"]) for key, c in _read("closings").items()}


@cache
def forms() -> dict[str, Form]:
    return {
        key: Form(
            key,
            f["numero"],
            f.get("suffixe", ""),
            f.get("sorte", "Cerfa"),
            f["titre"],
            f["statut"],
            f["source"],
            f["lu_le"],
        )
        for key, f in _read("cerfa").items()
    }
