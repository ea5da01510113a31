"""The official forms the place imported: blank PDF files beside its own file, each with what we know of its boxes."""

import re
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from db import store, team
from db.files import write_durably
from desktop import french
from desktop.documents import forms
from desktop.documents.form_mappings import BadMapping, Mapping, known, parse_mapping, shipped, write_mapping
from desktop.documents.forms import BadForm

UNTITLED = "Formulaire sans titre"
RESERVED = "Demandez au responsable : lui seul change les formulaires."


@dataclass(frozen=True)
class Shelved:
    """A form of the list."""

    id: str  # its fingerprint
    title: str
    number: str
    boxes: int  # known by us or placed here
    changed: bool  # another version than the one whose boxes we know


@dataclass(frozen=True)
class Opened:
    """A form ready to be filled."""

    id: str
    pdf: bytes
    inspection: forms.Inspection
    given: Mapping  # the boxes we know
    whole: Mapping  # and all those the file names by itself
    changed: bool = False
    lost: tuple[str, ...] = ()

    @cached_property
    def questions(self) -> tuple[forms.Question, ...]:
        return forms.questions(self.whole, self.inspection)


def folder() -> Path:
    return store.place() / "formulaires"


def may_change() -> bool:
    member = team.member(store.mediator())
    return member is not None and member.role == "responsable"


def shelved() -> tuple[Shelved, ...]:
    """Every form there is, by title."""
    noted = {file.stem: _noted(file) for file in folder().glob("*.toml")}
    found = []
    for file in folder().glob("*.pdf"):
        own = noted.get(file.stem, Mapping(UNTITLED))
        given, changed = _given(file.stem, own, noted)
        found.append(Shelved(file.stem, own.title, own.number, len(given.spots), changed))
    return tuple(sorted(found, key=lambda line: french.fold(line.title)))


def _noted(file: Path) -> Mapping:
    """What was noted here of a form: its title, its number, and the boxes placed by hand."""
    try:
        return parse_mapping(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, BadMapping):
        return Mapping(UNTITLED)


def _given(id: str, own: Mapping, noted: dict[str, Mapping]) -> tuple[Mapping, bool]:
    """The boxes placed here, else ours; and whether they are those of another version."""
    if own.spots:
        return own, False
    others = (mapping for other, mapping in noted.items() if other != id and mapping.spots)
    found, changed = known(id, own.number, (*others, *shipped()))
    return (replace(found, title=own.title, number=own.number), changed) if found else (own, False)


def open_form(id: str) -> Opened:
    """Raises OSError or BadForm."""
    pdf = (folder() / f"{id}.pdf").read_bytes()
    if forms.fingerprint(pdf) != id:
        raise BadForm("Ce fichier a été changé depuis son import. Importez-le de nouveau.")
    inspection = forms.inspect(pdf)
    noted = {file.stem: _noted(file) for file in folder().glob("*.toml")}
    given, changed = _given(id, noted.get(id, Mapping(UNTITLED)), noted)
    given, lost = forms.usable(given, inspection)
    return Opened(id, pdf, inspection, given, forms.automatic(inspection, given), changed, lost)


def bring(path: Path) -> str:
    """Import a blank form; its id. Raises OSError, or BadForm with a sentence."""
    if path.stat().st_size > forms.LIMIT:
        raise BadForm("Ce fichier dépasse 30 Mo. Un formulaire est plus léger.")
    pdf = path.read_bytes()
    inspection = forms.inspect(pdf)
    if inspection.written_in:
        raise BadForm("Ce formulaire est déjà rempli. Importez un formulaire vierge.")
    forms.fill(pdf, Mapping(UNTITLED), {})  # what cannot be written on is refused today, not before somebody
    id = inspection.fingerprint
    folder().mkdir(exist_ok=True)
    write_durably(folder() / f"{id}.pdf", pdf)
    if not (folder() / f"{id}.toml").exists():
        alike, changed = known(id, inspection.number, shipped())
        title = alike.title if alike else title_of(path.stem)
        number = inspection.number or (alike.number if alike and not changed else "")
        keep(id, Mapping(title, number=number, fingerprints=(id,)))
    return id


def title_of(name: str) -> str:
    """« cerfa_15692-01 (2) » → « Cerfa 15692-01 »."""
    words = " ".join(re.sub(r"\(\d+\)$", "", name.replace("_", " ")).split())
    return (words[:1].upper() + words[1:])[:80] or "Formulaire"


def keep(id: str, mapping: Mapping) -> None:
    """Note what we know of a form now; raises OSError."""
    write_durably(folder() / f"{id}.toml", write_mapping(replace(mapping, fingerprints=(id,))).encode())


def take_out(id: str) -> None:
    """The file goes; the boxes placed by hand stay, for the day it comes back. Raises OSError."""
    (folder() / f"{id}.pdf").unlink(missing_ok=True)
