"""The shipped templates: list them, say what is missing, fill them. Printing is in `letter`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from desktop.documents import content, references
from desktop.documents.content import BOX, CELL, HEAD, ITEM, NOBODY, RULE, Block, Letter, Party, blank, clean
from desktop.documents.fields import Blank, Field
from desktop.documents.template_files import SENDINGS, Template, parse
from desktop.documents.typography import typeset
from desktop.french import euros, fold, long_date, phone
from desktop.holidays import working_day
from desktop.instalments import instalments, months_later
from desktop.paths import RESOURCES

LETTERS = RESOURCES / "letters"


@dataclass(frozen=True)
class Deadline:
    """What must happen by a day; not `settled` means the screen says « à faire vérifier »."""

    day: date  # the prudent day: no extension counted
    action: str
    settled: bool
    until: date  # with what the rule adds: a free day, the next working day
    rule: str  # calendaire · franc · fin_annee_2
    source: str


@cache
def shipped(folder: Path = LETTERS) -> dict[str, Template]:
    """The templates that come with Guichet, by id."""
    found = (parse(path.read_text("utf-8")) for path in folder.glob("*/*.md"))
    return {template.id: template for template in found}


_LOCAL: dict[str, Template] = {}


def read_local(folder: Path) -> dict[str, str]:
    """Take the place's own templates, again after each change; file name → why it is left out."""
    _LOCAL.clear()
    refused: dict[str, str] = {}
    for path in sorted(folder.glob("*.md")):
        try:
            template = parse(path.read_text("utf-8"))
        except (ValueError, OSError) as problem:
            refused[path.name] = str(problem)
            continue
        if template.id != path.stem:
            refused[path.name] = f"Le fichier doit s’appeler « {template.id}.md »."
        else:
            _LOCAL[template.id] = template
    return refused


def templates() -> tuple[Template, ...]:
    """Every template, the place's own instead of the shipped one of the same id; by theme then title."""
    known = shipped() | _LOCAL
    replaced = {template.replaces for template in known.values()}
    return tuple(sorted((t for t in known.values() if t.id not in replaced), key=lambda t: (t.theme, fold(t.title))))


def read_template(id: str) -> Template:
    """The template of that id; raises LookupError."""
    if found := _LOCAL.get(id) or shipped().get(id):
        return found
    raise LookupError(f"Le modèle « {id} » n’existe pas.")


def is_local(template: Template) -> bool:
    return template.id in _LOCAL


def parent_moved(template: Template) -> bool:
    """Whether the shipped template a local one was copied from is no longer that version."""
    id, _, version = template.derived_from.partition("@")
    parent = shipped().get(id)
    return bool(template.derived_from) and (parent is None or str(parent.version) != version)


def expired(template: Template, today: date) -> bool:
    return template.expires_on is not None and template.expires_on < today


def _read(template: Template, typed: Mapping[str, object], today: date) -> tuple[dict[str, Any], dict[str, str]]:
    """The values and the day, a blank where one is missing or wrong, and one sentence for each of those."""
    values: dict[str, Any] = {"jour": today}
    wrong: dict[str, str] = {}
    for field in template.fields:
        if field.when and not _holds(field.when, values):
            values[field.name] = False if field.type == "oui_non" else ""
            continue
        try:
            value = field.read(typed.get(field.name), today)
            if value == "" and field.required:
                raise ValueError(f"À remplir : {field.label}.{field.as_example}")
        except ValueError as problem:
            value, wrong[field.name] = "", str(problem)
        values[field.name] = field.blank if value == "" and field.name in wrong else value
    return values, wrong


def asked(template: Template, values: Mapping[str, object], today: date | None = None) -> tuple[Field, ...]:
    """The fields this variant needs; one whose condition does not hold is left out."""
    read, _ = _read(template, values, today or date.today())
    return tuple(f for f in template.fields if not f.when or _holds(f.when, read))


def missing(template: Template, values: Mapping[str, object], today: date | None = None) -> dict[str, str]:
    """Say what is missing or wrong, field by field, with an example; empty means it may be printed."""
    today = today or date.today()
    read, wrong = _read(template, values, today)
    broken = {c.field: c.message for c in template.checks if c.blocking and _holds(c.when, read)}
    return {**broken, **wrong}


def unchosen(template: Template, values: Mapping[str, object], today: date | None = None) -> tuple[Field, ...]:
    """Choices still open that decide what the page says: no dotted line can stand for a paragraph."""
    from desktop.documents import sandbox

    deciding = frozenset().union(*map(sandbox.deciding, template.texts))
    wrong = missing(template, values, today)
    return tuple(
        f for f in asked(template, values, today) if f.type == "choix" and f.name in deciding and f.name in wrong
    )


def advice(template: Template, values: Mapping[str, object], today: date | None = None) -> dict[str, str]:
    """Field → what to look at again; it never forbids printing."""
    today = today or date.today()
    read, wrong = _read(template, values, today)
    return {
        c.field: c.message for c in template.checks if not c.blocking and c.field not in wrong and _holds(c.when, read)
    }


def _holds(condition: str, values: Mapping[str, Any]) -> bool:
    from desktop.documents import sandbox

    return sandbox.holds(condition, values)


def organism(template: Template, values: Mapping[str, object], today: date | None = None) -> str:
    """Whom this variant goes to; empty when the template leaves it to the mediator."""
    if not template.destinations:
        return template.organism
    today = today or date.today()
    read, _ = _read(template, values, today)
    held = (d.organism for d in template.destinations if _holds(d.when, read))
    return next(held, template.organism)


def by_mandate(template: Template, values: Mapping[str, object], today: date | None = None) -> bool:
    """Whether this variant acts in the person's name, by her mandate."""
    return bool(template.by_mandate) and _holds(template.by_mandate, _read(template, values, today or date.today())[0])


def deadline(template: Template, values: Mapping[str, object], today: date | None = None) -> Deadline | None:
    """When this variant's deadline ends; None when nothing says when it starts, or the source gives no length."""
    if not template.deadlines:
        return None
    today = today or date.today()
    read, _ = _read(template, values, today)
    held = (rule for rule in template.deadlines if not rule.when or _holds(rule.when, read))
    rule = next(held, None)
    if rule is None:
        return None
    day, source = read[rule.start], references.sources()[rule.source]
    if not isinstance(day, date) or not (source.months or source.days or source.rule_of_days == "fin_annee_2"):
        return None
    if source.rule_of_days == "fin_annee_2":
        end = until = date(day.year + 2, 12, 31)
    else:
        end = months_later(day, source.months) + timedelta(days=source.days)
        until = working_day(end + timedelta(days=source.rule_of_days == "franc"))
    return Deadline(end, rule.action, source.settled, until, source.rule_of_days, rule.source)


def _plan(template: Template, values: Mapping[str, Any]) -> dict[str, object]:
    given = [values[name] for name in template.plan]
    if any(isinstance(value, str) for value in given):
        unknown = Blank(blank("Montant"))
        return {"nombre": given[1], "mensualite": unknown, "paiements": unknown}
    payments = instalments(*given)
    return {"nombre": given[1], "mensualite": euros(payments[0].cents), "paiements": payments}


def _citation(key: str) -> str:
    source = references.sources()[key]
    return source.citation if source.settled else ""


def _figure(key: str) -> str:
    source = references.sources()[key]
    return source.figure if source.settled else ""


def _context(
    template: Template, values: Mapping[str, Any], sender: Party, addressee: Party, place: str, day: date
) -> dict[str, Any]:
    def person(party: Party) -> dict[str, str]:
        return {
            "nom": clean(party.name) or blank("Nom et prénom"),
            "adresse_ligne": clean(", ".join(party.lines)) or blank("Adresse"),
            "telephone": phone(clean(party.phone)),
            "courriel": clean(party.email),
        }

    return {
        **values,
        "usager": person(sender),
        "destinataire": person(addressee),
        "appel": clean(addressee.appeal),
        "e": content.ending(sender.civility),
        "pluriel": sender.plural,
        "nous": lambda one, several: several if sender.plural else one,
        "jour": day,
        "lieu": place,
        "source": _citation,
        "chiffre": _figure,
        "lignes": lambda count: "\n".join([RULE] * count),
        **({"plan": _plan(template, values)} if template.plan else {}),
    }


_LISTED = {ITEM: "items", BOX: "boxes", RULE: "ruled"}


def _blocks(text: str) -> tuple[Block, ...]:
    """Paragraphs, lists, rows and headings; a row whose value is empty disappears."""
    found: list[Block] = []
    for chunk in re.split(r"\n[ \t]*\n", text):
        lines = [line.strip() for line in chunk.split("\n") if line.strip()]
        if rows := [line for line in lines if CELL in line]:
            cells = (tuple(map(typeset, row.split(CELL, 1))) for row in rows)
            found.append(Block("rows", tuple(CELL.join(pair) for pair in cells if pair[1])))
        elif lines and lines[0].startswith(HEAD):
            found.append(Block("heading", (typeset(lines[0].strip(HEAD)),)))
        elif lines and (listed := _LISTED.get(lines[0][0])) and all(line[0] == lines[0][0] for line in lines):
            found.append(Block(listed, tuple(typeset(line.strip(ITEM + BOX)) for line in lines)))
        elif lines:
            found.append(Block("text", (typeset(" ".join(lines)),)))
    return _tidy([block for block in found if block.lines])


def _tidy(blocks: list[Block]) -> tuple[Block, ...]:
    """Neighbouring lists made one; a heading with nothing under it removed."""
    tidy: list[Block] = []
    for block in reversed(blocks):
        following = tidy[-1].kind if tidy else "heading"
        if block.kind == following and block.kind in ("items", "boxes", "rows", "ruled"):
            tidy[-1] = Block(block.kind, block.lines + tidy[-1].lines)
        elif (block.kind, following) != ("heading", "heading"):
            tidy.append(block)
    return tuple(reversed(tidy))


def _sender_lines(party: Party) -> list[str]:
    address = [line for raw in party.lines if (line := clean(raw))] or [blank("Adresse"), blank("Code postal et ville")]
    reach = [line for raw in (phone(party.phone), party.email) if (line := clean(raw))]
    return [clean(party.name) or blank("Nom et prénom"), *address, *reach]


def _addressee_lines(party: Party) -> tuple[str, ...]:
    lines = content.postal(party)
    return (
        lines if party.lines else ((lines or (blank("Destinataire"),)) + (blank("Rue"), blank("Code postal et ville")))
    )


def fill(
    template: Template,
    values: Mapping[str, object],
    *,
    sender: Party = NOBODY,
    addressee: Party = NOBODY,
    place: str = "",
    day: date,
    phrases: Sequence[int] = (),
    addition: str = "",
) -> Letter:
    """The document with its values; what is missing or wrong is a blank, an empty optional field disappears.

    `phrases` are positions in the template's list; they and the free `addition` come before the last paragraph.
    """
    from desktop.documents import sandbox

    if template.alone and sender.plural:
        sender = replace(sender, civility="")
    place = clean(place) or clean(sender.town) or blank("Lieu")
    read, _ = _read(template, values, day)
    context = _context(template, read, sender, addressee, place, day)

    def line(source: str) -> str:
        return typeset(sandbox.write(source, context))

    chosen = (sandbox.write(template.phrases[i].text, context) for i in phrases if i < len(template.phrases))
    added = _blocks("\n\n".join((*chosen, clean(addition, long=True))))
    one, several = references.closings()[template.closing]
    closing = (several if sender.plural or template.from_place else one).replace("{appel}", context["appel"])
    is_letter = template.kind == "lettre"
    dated = f"{place}, le {long_date(day)}" if not template.dated_by_hand else f"{blank('lieu')}, le {blank('date')}"
    when, otherwise = template.sending_when or ("", "")
    sending = otherwise if when and _holds(when, context) else template.sending
    return Letter(
        template=template.id,
        version=template.version,
        kind=template.kind,
        title=line(template.heading) if template.heading else typeset(template.title),
        sender=tuple(map(typeset, _sender_lines(sender))) if template.kind != "attestation" else (),
        addressee=_addressee_lines(addressee) if is_letter else (),
        place_and_date=typeset(f"Fait à {dated}" if template.kind == "attestation" else dated),
        sending=SENDINGS[sending] if is_letter else "",
        subject=line(template.subject),
        reference=line(template.reference),
        body=_joined(_blocks(sandbox.write(template.body, context)), added, template.kind),
        closing=typeset(closing) if is_letter else "",
        signatures=tuple(line(source) for source in template.signatures),
        enclosures=tuple(line(p.label) for p in template.enclosures if not p.when or _holds(p.when, context)),
        countersigned=sending == "main_propre" and is_letter,
        copies=tuple(map(line, template.copied_to)),
        after=_blocks(sandbox.write(template.after, context)),
    )


def _joined(body: tuple[Block, ...], added: tuple[Block, ...], kind: str) -> tuple[Block, ...]:
    """What is added stands before the last paragraph, or at the end of a sheet."""
    if not added:
        return body
    last = len(body) - 1 if kind != "fiche" and body and body[-1].kind == "text" else len(body)
    return _tidy([*body[:last], *added, *body[last:]])


def stale(template: Template, today: date) -> bool:
    """Whether the template, or a source it leans on, should have been read again."""
    dates = [template.review_before, *(references.sources()[key].review_before for key in template.sources)]
    return min(dates) <= today
