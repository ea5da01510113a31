"""A draft and its template → the letter, what is missing in it, what the register keeps of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from db import (
    dossiers,
    letters,
    lifts,
    lists,
    mandates,
    meetings,
    money,
    people,
    preferences,
    steps,
    store,
    team,
    timeline,
)
from db.letters import Draft
from desktop import french
from desktop.documents import references, templates
from desktop.documents.content import Letter, Party, address_problems
from desktop.documents.fields import Field
from desktop.documents.template_files import Template
from desktop.instalments import months_later

SENDER = ("name", "civility", "address", "town", "phone")
"""The fields of whoever writes, before those of the template."""
_ORGANISMS = {
    "fournisseur": "fournisseur-energie", "eau_grand_lyon": "eau-grand-lyon", "tcl_keolis": "tcl-keolis",
    "tcl_ratp": "tcl-ratp-dev", "sncf_reseau": "sncf-reseau", "bailleur_social": "bailleur", "bailleur_prive": "bailleur",
    "la_poste": "la-poste", "banque_postale": "banque-postale", "banque_de_france": "banque-de-france-compte",
    "caf": "caf-rhone", "cpam": "cpam-rhone", "prefecture": "prefecture-rhone", "dgfip": "sip", "mdph": "mdmph",
    "france_travail": "france-travail", "metropole": "metropole-lyon", "mairie": "mairie-villeurbanne",
    "operateur_telecom": "operateur-telecom", "commercant": "vendeur",
}  # fmt: skip
"""Partner of a dossier → organism of the address book, where their codes differ."""
_THEMES = {
    "caf": "caf", "cpam": "sante", "mdph": "handicap", "dgfip": "impots", "france_travail": "emploi",
    "employeur": "travail", "operateur_telecom": "telecom", "fournisseur": "energie", "reseau": "energie",
    "bailleur": "logement", "poste_banque": "banque",
}  # fmt: skip
"""Partner, or its sector → theme of the letters it receives."""
_DATED = {
    "courrier": ("date_reclamation", "date_premiere", "date_demande", "date_lettre", "date_envoi"),
    "reponse": ("date_reponse",),
}  # fmt: skip
"""What happened in a dossier → the date fields it answers."""
_ADDRESSES = "letters.addresses"
MANDATE_MONTHS = 1
"""How long a mandate lasts unless one says otherwise (domain.md, scenario 6)."""


def folder() -> Path:
    """Where the place keeps its own templates, beside its file."""
    return store.place() / "modeles"


def wants_sender(template: Template) -> bool:
    """Whether the person signs it; otherwise the place writes."""
    return template.kind != "fiche" and not template.from_place


def organisms(template: Template) -> list[tuple[str, str]]:
    """Code and name of everybody in the template's address books."""
    return [(o.id, o.name) for o in references.organisms().values() if o.is_in(template.directory)]


def home() -> Party:
    place = preferences.place()
    return Party(place.name, lines=tuple(filter(None, (place.address, place.town))))


def expired(template: Template, today: date) -> str:
    """Why no letter may leave with this model; nothing while it may."""
    if not templates.expired(template, today) or lifts.lifted(template.sha256, today):
        return ""
    until = french.short_date(template.expires_on)
    who = "Prolongez-le" if team.is_responsable() else "Demandez au responsable de le prolonger"
    return f"Ce modèle a expiré. Il valait jusqu’au {until}. {who} dans « Mes modèles »."


def sender(values: Mapping[str, object]) -> Party:
    lines = tuple(str(values[name]) for name in ("address", "town") if values.get(name))
    return Party(str(values.get("name", "")), str(values.get("civility", "")), lines, str(values.get("phone", "")))


def addressee(values: Mapping[str, object]) -> Party:
    """The first line typed is the name, the others the address."""
    name, *lines = [line for line in str(values.get("addressee", "")).splitlines() if line.strip()] or [""]
    organism = references.organisms().get(str(values.get("organism", "")))
    return Party(name, lines=tuple(lines), opening=organism.opening if organism else "")


def written_to(organism: str) -> str:
    """The organism as one writes it on the envelope: its address is the one last copied here from a letter received."""
    known = references.organisms()[organism]
    return "\n".join((known.name, *(known.lines or preferences.get(_ADDRESSES, {}).get(organism, ()))))


def usual_organism(template: Template, values: Mapping[str, object]) -> str:
    """Whom this variant goes to: as the template says, else the only one of its address book."""
    known = organisms(template)
    return templates.organism(template, values) or (known[0][0] if len(known) == 1 else "")


def readdressed(template: Template, values: Mapping[str, object]) -> dict[str, object]:
    """What is typed, for another model or variant: a letter to one organism never leaves with the address of another.

    The address left aside comes back with what is written there again.
    """
    found = dict(values)
    if template.kind != "lettre":
        return found
    usual, before = usual_organism(template, values), str(found.get("organism", ""))
    if before == usual or (not usual and before in dict(organisms(template))):
        return found
    found[_ASIDE + before] = found.pop("addressee", "")
    aside = found.get(_ASIDE + usual, "")
    return found | {"organism": usual} | ({"addressee": aside} if aside else {})


def searched(template: Template, values: Mapping[str, object], words: str) -> dict[str, object]:
    """Whom one searched the model with is whom it goes to, « edf » for EDF, when nothing else says."""
    starts = tuple(word for word in french.fold(words).split() if len(word) > 2)
    named = [code for code, name in organisms(template) if french.fold(name).startswith(starts)]
    if len(named) != 1 or usual_organism(template, values) or values.get("organism") or values.get("addressee"):
        return dict(values)
    return {name: value for name, value in values.items() if name != "addressee"} | {"organism": named[0]}


def misaddressed(template: Template, values: Mapping[str, object]) -> str:
    """One sentence when this variant goes to another organism than the one chosen by hand."""
    chosen, usual = str(values.get("organism", "")), templates.organism(template, values)
    if not (template.destinations and chosen and usual) or chosen == usual:
        return ""
    return f"Cette lettre va d’habitude ici : {references.organisms()[usual].name}. Vérifiez le destinataire."


_ASIDE = "addressee of "


def keep_address(values: Mapping[str, object]) -> None:
    """An address copied once from a letter received serves the next one; never that of somebody named otherwise."""
    organism = references.organisms().get(str(values.get("organism", "")))
    party = addressee(values)
    if organism and not organism.lines and party.name == organism.name and party.lines and not address_problems(party):
        preferences.put(_ADDRESSES, preferences.get(_ADDRESSES, {}) | {organism.id: party.lines})


def is_for(draft: Draft, person: str | None, visit: str | None) -> bool:
    """Whether a letter begun may go on for who is at the counter now."""
    if draft.person:
        return draft.person == person
    named = draft.values.get("name") or draft.values.get("personne")
    return not named and draft.visit in (None, visit)


def letter(template: Template, draft: Draft, day: date) -> Letter:
    return templates.fill(
        template, draft.values, sender=sender(draft.values) if wants_sender(template) else home(),
        addressee=addressee(draft.values), place=preferences.place().town, day=day, phrases=draft.phrases,
        addition=draft.addition,
    )  # fmt: skip


def batch(template: Template, draft: Draft) -> tuple[Draft, ...]:
    """The letter, then the same to each of the others named in it: « CAF ; 7 654 321 », the number there after a « ; »."""
    others = str(draft.values.get(template.others, "")).splitlines() if template.others else []
    found = [draft]
    for name, _, number in (line.partition(";") for line in others if line.strip(" ;")):
        organism = organism_named(name)
        known = {"organism": organism, "addressee": written_to(organism) if organism else name.strip()}
        found.append(replace(draft, values=draft.values | known | {"reference_client": number.strip()}))
    return tuple(found)


def organism_named(text: str) -> str:
    """The first organism whose name begins its words with these; empty when none does."""
    wanted = french.fold(text).split()
    return next((o.id for o in references.organisms().values() if wanted and _holds(french.fold(o.name), wanted)), "")


def _holds(name: str, wanted: list[str]) -> bool:
    words = name.split()
    return all(any(word.startswith(each) for word in words) for each in wanted)


def missing(template: Template, values: Mapping[str, object], day: date) -> dict[str, str]:
    """Every blank the page would show, and every wrong value, field by field."""
    found = {}
    if wants_sender(template):
        needs_address = template.kind == "lettre" or "usager.adresse_ligne" in template.body
        asked = {"name": _NAME} | ({"address": _STREET, "town": _TOWN} if needs_address else {})
        found |= {name: sentence for name, sentence in asked.items() if not str(values.get(name, "")).strip()}
        found |= _town(values)
    if template.kind == "lettre" and not addressee(values).lines:
        found["addressee"] = _ADDRESSEE
    return found | templates.missing(template, values, day)


_NAME = "À remplir : nom et prénom. Exemple : Aïcha Œuvrard-Nguyễn."
_STREET = "À remplir : rue et numéro. Exemple : 12 rue des Exemples."
_TOWN = "À remplir : code postal et ville. Exemple : 69100 Villeurbanne."
_ADDRESSEE = "À remplir : le nom, puis l’adresse en dessous, comme sur le dernier courrier reçu."


def wrong(template: Template, values: Mapping[str, object], day: date) -> dict[str, str]:
    """What is typed and cannot stand, field by field; what is still empty is not wrong yet."""
    found = {name: text for name, text in templates.missing(template, values, day).items() if values.get(name)}
    if len(str(values.get("addressee", "")).strip().splitlines()) > 1:  # once more than a name is typed
        problems = address_problems(addressee(values))
        found |= {"addressee": problems[0]} if problems else {}
    phone = french.phone_problem(str(values.get("phone", "")))
    return found | _town(values) | ({"phone": phone} if phone else {})


def _town(values: Mapping[str, object]) -> dict[str, str]:
    """A code alone is no place a letter comes back to."""
    alone = re.fullmatch(r"\d{5}", str(values.get("town", "")).strip())
    return {"town": "Ajoutez la ville. Exemple : 69100 Villeurbanne."} if alone else {}


def notes(fields: tuple[Field, ...], values: Mapping[str, object], today: date) -> dict[str, str]:
    """Date field → its day in full, so that a wrong month or year is seen."""
    days = {f.name: french.parse_date(str(values.get(f.name, "")), today) for f in fields if f.type == "date"}
    return {name: french.weekday_date(day) for name, day in days.items() if day}


def entry(template: Template, draft: Draft) -> letters.Entry:
    step = steps.taken_by(draft.dossier, template.id, draft.values, date.today(), draft.step) if draft.dossier else ""
    return letters.Entry(
        template.id, template.version, template.sha256, template.title, template.theme,
        addressee=addressee(draft.values).name, person=draft.person, dossier=draft.dossier, visit=draft.visit,
        sensitive=template.sensitive, step=step, sent=template.kind == "lettre", by_mandate=templates.by_mandate(template, draft.values),
    )  # fmt: skip


@dataclass(frozen=True)
class Due:
    """What the letter makes one do, the day the rule ends, and the open day it is brought back to mind."""

    action: str
    day: date
    remind_on: date
    past: bool
    status: str
    rule: str

    @property
    def sentence(self) -> str:
        if self.past:
            return f"{self.action} : le {french.weekday_date(self.day)} est passé. Faites vérifier le délai."
        return f"{self.action} : avant le {french.weekday_date(self.day)} ({self.status})."


def due(template: Template, values: Mapping[str, object], today: date) -> Due | None:
    found = templates.deadline(template, values, today)
    if found is None:
        return None
    source = references.sources()[found.source]
    remind_on = last_open_day(found.day, today)
    status = _STATUSES.get(source.status, "à faire vérifier")
    return Due(found.action, found.day, remind_on, found.day < today, status, source.rule)


_STATUSES = {"lu": "texte lu", "établi": "règle établie"}


def last_open_day(day: date, today: date) -> date:
    """The day itself when the place is open, else the open day before it: a deadline is never brought back too late."""
    return max(today, preferences.calendar().previous(day))


# prefilling


def of_person(id: str | None) -> dict[str, str]:
    """Field name → what the person's file knows; nothing of somebody unknown."""
    if not people.is_known(id):
        return {}
    person = people.draft(id)
    name, town = f"{person.first_name} {person.last_name}".strip(), f"{person.postcode} {person.town}".strip()
    return {
        "civility": person.civility, "name": name, "address": person.address, "town": town,
        "phone": french.phone(person.phone), "personne": name, "telephone": french.phone(person.phone),
        "courriel": person.email, "adresse": ", ".join(filter(None, (person.address, town))),
    }  # fmt: skip


def of_place() -> dict[str, str]:
    """Field name → what the desk knows of itself."""
    member = team.member(store.mediator())
    today = date.today()
    return {
        "mediateur": member.name if member else "", "date_passage": french.short_date(today),
        "fin_mandat": french.short_date(months_later(today, MANDATE_MONTHS)),
    }  # fmt: skip


def of_step(dossier: str, code: str) -> dict[str, str]:
    """Field name → what the letter of this step says."""
    found = steps.of_dossier(dossier, date.today()).steps if code else ()
    return next((dict(step.values) for step in found if step.code == code), {})


def of_dossier(id: str, template: Template, values: Mapping[str, object]) -> dict[str, str]:
    """Field name → what the dossier knows: its partner, its money, its mandate, its meeting, its last exchanges."""
    sheet = dossiers.sheet(id)
    known = {"reference_client": sheet.reference, "partenaire": sheet.partner_name, "sujet": sheet.subject}
    known |= _partner(template, sheet, usual_organism(template, values))
    known |= {"dette": french.euros(sheet.amount_due)} if sheet.amount_due else {}
    known |= {"date_notification": french.short_date(sheet.notified_on)} if sheet.notified_on else {}
    if payments := money.of_dossier(id).payments:
        known |= {"nombre": str(len(payments)), "premier_jour": french.short_date(payments[0].due_on)}
    if given := next(iter(mandates.of_dossier(id)), None):
        signed = french.short_date(given.signed_on)
        known |= {"sujet": given.scope, "date_mandat": signed, "date_autorisation": signed}
        known |= {"fin_mandat": french.short_date(given.ends_on)} if given.valid(date.today()) else {}
    return known | _of_mediation(id, template) | _of_events(id)


def _partner(template: Template, sheet: dossiers.Sheet, usual: str) -> dict[str, str]:
    """The dossier's partner as addressee, unless the letter goes to somebody the law names: a mediator, a commission."""
    if template.kind != "lettre" or (usual and not references.organisms()[usual].generic):
        return {}
    organism = _ORGANISMS.get(sheet.partner, sheet.partner)
    if organism in dict(organisms(template)):
        return {"organism": organism}
    if not wants_sender(template):
        return {}
    known = organism in references.organisms()
    return {"addressee": written_to(organism) if known else sheet.partner_name}


def _of_mediation(id: str, template: Template) -> dict[str, str]:
    other, met = meetings.other_party(id), meetings.of_dossier(id)
    known = {"autre_personne": other.name} if other.name else {}
    if other.name and template.from_place and not template.directory:
        known["addressee"] = f"{other.name}\n{other.address}".strip()
    if met:
        held = [each for each in met if each.outcome] or met
        coming = [each for each in met if not each.outcome] or met
        first, last = french.short_date(held[0].at.date()), french.short_date(held[-1].at.date())
        known |= {"date_premiere": first, "date_mediation": last, "date_derniere": last}
        known |= {"date_proposee": french.short_date(coming[-1].at.date()), "endroit": coming[-1].place}
        known["heure"] = french.time_of_day(coming[-1].at)
    return known


def _of_events(id: str) -> dict[str, str]:
    """The last of each kind is the one meant."""
    known: dict[str, str] = {}
    for event in reversed(timeline.events(id)):
        known |= dict.fromkeys(_DATED.get(event.kind, ()), french.short_date(event.at.date()))
    return known


def template_of(dossier: str) -> Template | None:
    """The letter of the dossier's sector that says most of what it is about."""
    sheet = dossiers.sheet(dossier)
    sector = lists.value("partner", sheet.partner).extra.get("sector", "")
    theme = _THEMES.get(sheet.partner) or _THEMES.get(sector, sector)
    words = [word for word in french.fold(f"{sheet.kind} {sheet.subject}").split() if len(word) > 3]
    found = [t for t in templates.templates() if t.theme == theme and t.kind == "lettre"]
    return min(found, key=lambda t: (-sum(word in _about(t) for word in words), t.code), default=None)


def _about(template: Template) -> str:
    return french.fold(f"{template.id} {template.title} {template.summary}")
