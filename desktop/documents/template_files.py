"""The file of a template: TOML between « +++ » lines, then the text. `resources/letters/README.md` tells the format."""

import hashlib
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.documents.fields import TYPES, Field
from desktop.french import short_date

LIMIT = 64 * 1024
KINDS = ("lettre", "attestation", "fiche")
SENDINGS = {
    "simple": "",
    "suivi": "Lettre suivie",
    "recommande_ar": "Lettre recommandée avec accusé de réception",
    "recommande_electronique": "Lettre recommandée électronique",
    "main_propre": "Remise en main propre contre décharge",
}


class BadTemplate(ValueError):
    """A template file breaks the format; the message says where."""


@dataclass(frozen=True)
class Enclosure:
    label: str
    when: str = ""  # a condition; empty means always


@dataclass(frozen=True)
class Check:
    """A rule between fields; `blocking` forbids printing, otherwise it only warns."""

    when: str
    field: str
    message: str
    blocking: bool


@dataclass(frozen=True)
class Phrase:
    """A sentence the mediator may add with one digit."""

    label: str
    text: str


@dataclass(frozen=True)
class Destination:
    """Whom the letter goes to when the condition holds."""

    when: str
    organism: str


@dataclass(frozen=True)
class DeadlineRule:
    """What must be done, within the time its source gives from a date field; an empty condition always holds."""

    source: str
    start: str
    action: str
    when: str = ""


@dataclass(frozen=True)
class Template:
    """One document the desk knows how to write."""

    id: str
    code: str
    version: int
    title: str
    theme: str
    kind: str
    level: int
    summary: str
    limits: str  # what it does not cover, for the screen
    sending: str
    sending_when: tuple[str, str] | tuple[()]  # a condition, and how it is then sent
    dated_by_hand: bool
    closing: str
    heading: str  # of an attestation or a sheet
    subject: str
    reference: str
    signatures: tuple[str, ...]
    alone: bool  # one person only may sign: no « nous »
    directory: str
    organism: str  # when no destination holds
    destinations: tuple[Destination, ...]
    others: str  # the field that names who else gets this letter, one a line
    fields: tuple[Field, ...]
    sources: tuple[str, ...]
    enclosures: tuple[Enclosure, ...]
    checks: tuple[Check, ...]
    plan: tuple[str, str, str] | tuple[()]  # fields: total, number of payments, first day
    deadlines: tuple[DeadlineRule, ...]  # the first that holds
    phrases: tuple[Phrase, ...]
    after: str  # the text of « Et maintenant ? », for the sheet the person takes home
    referral: str  # who to send the person to, for the screen
    from_place: bool  # the place writes, not the person
    by_mandate: str  # a condition: it then acts in the person's name, by her mandate
    copies: int  # usually printed
    copied_to: tuple[str, ...]
    pages: int  # at most, with the example
    replaces: str
    expires_on: date | None
    derived_from: str  # « id@version » of the shipped template a local one was copied from
    checked_on: date
    review_before: date
    body: str
    sha256: str

    @property
    def sensitive(self) -> bool:
        return any(field.sensitive or field.type == "nir" for field in self.fields)

    @property
    def example(self) -> dict[str, object]:
        """The typed values of the example."""
        return {f.name: f.example == "oui" if f.type == "oui_non" else f.example for f in self.fields}

    @property
    def conditions(self) -> tuple[str, ...]:
        parts = (*self.enclosures, *self.checks, *self.fields, *self.destinations, *self.deadlines)
        alone = (*self.sending_when[:1], self.by_mandate)
        return (*(part.when for part in parts if part.when), *filter(None, alone))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every text with marks in it."""
        return (
            self.body, self.heading, self.subject, self.reference, self.after, *self.signatures, *self.copied_to,
            *(e.label for e in self.enclosures), *(p.text for p in self.phrases),
        )  # fmt: skip


_FIELD_KEYS = {
    "nom": "name", "type": "type", "libelle": "label", "aide": "help", "obligatoire": "required", "max": "longest",
    "de": "least", "a": "most", "choix": "choices", "exemple": "example", "sensible": "sensitive",
    "si": "when",
}  # fmt: skip


def _as_typed(example: object) -> str:
    if isinstance(example, bool):
        return "oui" if example else "non"
    return short_date(example) if isinstance(example, date) else str(example)


def _field(raw: dict[str, Any]) -> Field:
    if unknown := raw.keys() - _FIELD_KEYS.keys():
        raise BadTemplate(f"Champ « {raw.get('nom', '?')} » : clé inconnue {', '.join(sorted(unknown))}.")
    if raw["type"] not in TYPES:
        raise BadTemplate(f"Champ « {raw['nom']} » : le type « {raw['type']} » n’existe pas.")
    given = {"longest": 600} if raw["type"] in ("texte_long", "adresse") else {}
    given |= {_FIELD_KEYS[key]: tuple(value) if key == "choix" else value for key, value in raw.items()}
    given["example"] = _as_typed(raw.get("exemple", ""))
    return Field(**{"required": raw["type"] != "oui_non"} | given)


def parse(text: str) -> Template:
    """A template from the text of its file; raises BadTemplate."""
    front = re.fullmatch(r"\+\+\+\n(.*?\n)\+\+\+\n(.*)", text.replace("\r\n", "\n"), re.DOTALL)
    if not front or len(text) > LIMIT:
        raise BadTemplate("Un modèle commence par des lignes TOML entre deux lignes « +++ » et tient en 64 Ko.")
    try:
        given = tomllib.loads(front[1])
        take = given.pop
        subject, addressee, plan, other = (take(key, {}) for key in ("objet", "destinataire", "plan", "envoi_si"))
        deadlines = take("delai", [])
        template = Template(
            id=take("id"), code=take("code"), version=take("version"), title=take("titre"), theme=take("theme"),
            kind=take("type"), level=take("niveau", 1), summary=take("resume"), limits=take("limites", ""),
            sending=take("envoi", "simple"), sending_when=(other["si"], other["envoi"]) if other else (),
            dated_by_hand=take("date_a_la_main", False), closing=take("formule", "neutre"), heading=take("en_tete", ""),
            subject=subject.get("texte", ""), reference=subject.get("reference", ""),
            signatures=tuple(take("signatures", ("{{ usager.nom }}",))),
            alone=take("seul", False),
            directory=addressee.get("carnet", ""), organism=addressee.get("defaut", ""),
            others=addressee.get("autres", ""),
            destinations=tuple(Destination(d["si"], d["organisme"]) for d in addressee.get("selon", ())),
            fields=tuple(_field(raw) for raw in take("champs", ())), sources=tuple(take("sources", ())),
            enclosures=tuple(Enclosure(p["libelle"], p.get("si", "")) for p in take("pieces", ())),
            checks=tuple(
                Check(c["si"], c["champ"], c["message"], c["niveau"] == "bloquant") for c in take("controles", ())
            ),
            plan=(plan["total"], plan["nombre"], plan["premier_jour"]) if plan else (),
            deadlines=tuple(
                DeadlineRule(d["source"], d["depuis"], d["action"], d.get("si", ""))
                for d in (deadlines if isinstance(deadlines, list) else [deadlines])
            ),
            phrases=tuple(Phrase(p["libelle"], p["texte"]) for p in take("phrases", ())),
            after=take("suite", {}).get("texte", ""), referral=take("orientation", {}).get("texte", ""),
            from_place=take("expediteur", "usager") == "structure", by_mandate=take("par_mandat", ""), copies=take("exemplaires", 1),
            copied_to=tuple(take("copie_a", ())), pages=take("pages", 1), replaces=take("remplace", ""),
            expires_on=take("expire_le", None), derived_from=take("derive_de", ""), checked_on=take("verifie_le"), review_before=take("a_revoir_avant"),
            body=front[2].strip(), sha256=hashlib.sha256(text.encode()).hexdigest(),
        )  # fmt: skip
    except KeyError as key:
        raise BadTemplate(f"Il manque la clé {key}.") from key
    except (tomllib.TOMLDecodeError, TypeError, AttributeError) as problem:
        raise BadTemplate(f"L’en-tête ne se lit pas : {problem}") from problem
    if given:
        raise BadTemplate(f"Clé inconnue : {', '.join(sorted(given))}.")
    if template.kind not in KINDS or not {template.sending, *template.sending_when[1:]} <= SENDINGS.keys():
        raise BadTemplate("Le type ou l’envoi n’existe pas.")
    return template
