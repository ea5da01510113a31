"""Check a template before anyone prints it: names, sources, words, and its real pages. Empty means fit to ship."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pypdfium2
from jinja2 import nodes

from desktop.documents import letter, references, sandbox
from desktop.documents.content import BLANK, CELL, LINES, MARKS, Letter, Party, address_problems
from desktop.documents.fields import Field
from desktop.documents.template_files import Template
from desktop.documents.templates import advice, asked, fill, missing
from desktop.documents.typography import typeset
from desktop.french import NBSP, counted, fold

DAY = date(2026, 11, 23)
ADDRESSEE = Party("Organisme de l’Exemple", lines=("Service des réclamations", "18 rue Fictive", "69100 Villeurbanne"))
SENDER = Party(
    "Aïcha Œuvrard-Nguyễn", lines=("Apt 12, 3e étage", "18 rue des Exemples", "69100 Villeurbanne"),
    phone="06 00 00 00 00", email="aicha@exemple.fr",
)  # fmt: skip
LONG_ADDRESS = (
    "APPARTEMENT 1204 ETAGE 12 ESCALIER WEST", "RESIDENCE DES GRANDS MARRONNIERS BAT W", "118 BIS AVENUE DU MARECHAL D EXEMPLE",
    "LIEU DIT LE GRAND MOULIN DES MODELES", "69100 VILLEURBANNE CEDEX EXEMPLE LONG",
)  # fmt: skip
LONG_ADDRESS = tuple(line[:38] for line in LONG_ADDRESS)
STRESS = Party(
    "Ÿsée-Łucja Œuvrard d’Exemple-Țepeș-Nguyỗn", lines=LONG_ADDRESS, phone="0600000000", email="x" * 30 + "@exemple.fr"
)
_SOURCES = ("source", "chiffre")
_WORDS = "exemple Œuvré à l’hôtel d’Exemple, "
_BAD = {
    "apostrophe droite": r"'",
    "guillemet droit": r'"',
    "espace fine": r"\u202f",
    "double espace": rf"[ {NBSP}]{{2}}",
    "espace sécable avant une ponctuation": r" [:;?!»]",
    "espace sécable après «": r"« ",
    "date en chiffres": r"\b\d{1,2}/\d{1,2}/\d{2,4}\b",
    "« ème »": r"\d(?:ème|eme)\b",
    "espace avant un point ou une virgule": rf"[ {NBSP}][.,](?:\s|$)",
    "parenthèses vides": r"\(\s*\)",
    "reste de modèle": r"\{\{|\{%|None|\ufffd",
}


def lint(template: Template) -> list[str]:
    """Every fault found, in French; empty means fit to ship."""
    return glance(template) or _faults(template, _printed)


def glance(template: Template) -> list[str]:
    """The faults that show without drawing a page: quick enough for each key press."""
    return _faults(template, _keys, _names, _sources)


def _faults(template: Template, *checks: Callable[[Template], Iterator[str]]) -> list[str]:
    faults: list[str] = []
    try:
        for check in checks:
            faults.extend(check(template))
    except (ValueError, KeyError, TypeError) as problem:
        faults.append(f"{problem}")
    return list(dict.fromkeys(faults))


def values(template: Template) -> dict[str, dict[str, object]]:
    """The ways a template is tried: its example, each choice, everything at its longest, nothing optional."""
    choices = {
        f"{field.name} = {choice}": {**template.example, field.name: choice}
        for field in template.fields
        if field.type == "choix"
        and any(field.name in sandbox.names(f"{{% if {c} %}}{{% endif %}}") for c in template.conditions)
        for choice in field.choices
    }
    return {
        "exemple": template.example,
        **choices,
        "charge": {field.name: _heaviest(field) for field in template.fields},
        **({"phrases": template.example} if template.phrases else {}),
        "minimum": {f.name: f.example for f in template.fields if f.required and f.type != "oui_non"},
    }


def notes(template: Template) -> list[str]:
    """What reads badly: long sentences, hard words, capitals. Advice, never a fault."""
    written = fill(template, template.example, sender=SENDER, addressee=ADDRESSEE, day=DAY)
    prose = [re.sub(f"[{''.join(MARKS)}]", "", line) for b in written.body if b.kind == "text" for line in b.lines]
    sentences = [s for line in prose for s in re.split(r"(?<=[.!?…])\s+", line) if len(s.split()) > 2]
    words = [word for s in sentences for word in re.findall(r"[\w’]+", s)]
    if not words:
        return []
    mean = len(words) / len(sentences)
    ease = 207 - 1.015 * mean - 73.6 * sum(map(_syllables, words)) / len(words)
    found = [f"Phrase de {n} mots : {s}" for s in sentences if (n := len(s.split())) > 30]
    if mean > 20:
        found.append(f"{mean:.0f} mots par phrase en moyenne : 20 au plus.")
    if ease < 50:
        found.append(f"Lisibilité {ease:.0f} (Kandel et Moles) : 50 au moins.")
    return found


def _syllables(word: str) -> int:
    """Groups of vowels, the silent « e » at the end left out."""
    groups = len(re.findall(r"[aeiouy]+", plain := fold(word)))
    silent = groups > 1 and re.search(r"[^aeiouy](?:es?|ent)$", plain) is not None
    return max(1, groups - silent)


def _heaviest(field: Field) -> object:
    if field.type == "oui_non":
        return True
    if field.type in ("texte", "texte_long", "adresse"):
        return (_WORDS * 60)[: field.longest].strip(" ,")
    heavy = {"entier": str(field.most), "montant": "123 456,78", "choix": max(field.choices, key=len, default="")}
    return heavy.get(field.type, field.example)


def _keys(template: Template) -> Iterator[str]:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", template.id) or not re.fullmatch(r"[A-Z]\d\d", template.code):
        yield "L’id s’écrit en minuscules et tirets, le code comme H01."
    if template.closing not in references.closings():
        yield f"La formule « {template.closing} » n’existe pas."
    for organism in filter(None, (template.organism, *(d.organism for d in template.destinations))):
        known = references.organisms().get(organism)
        if known is None:
            yield f"L’organisme « {organism} » n’existe pas."
        elif not known.is_in(template.directory):
            yield f"L’organisme « {organism} » n’est pas dans le carnet « {template.directory} »."
    if template.others and template.others not in {f.name for f in template.fields if not f.required}:
        yield f"« autres » nomme un champ facultatif : « {template.others} » n’en est pas un."
    if template.review_before <= template.checked_on:
        yield "« a_revoir_avant » vient après « verifie_le »."
    if template.kind == "lettre" and not template.subject:
        yield "Une lettre a un objet."
    doubled = [f.name for f in template.fields if [g.name for g in template.fields].count(f.name) > 1]
    clashing = [f.name for f in template.fields if f.name in sandbox.NAMES or not f.name.isidentifier()]
    yield from (f"Champ « {name} » : nom déjà pris." for name in {*doubled, *clashing})
    for name, problem in missing(template, template.example, DAY).items():
        yield f"Champ « {name} », exemple : {problem}"
    for i, field in enumerate(template.fields):
        earlier = {f.name for f in template.fields[:i]} | {"jour"}
        late = sandbox.names(f"{{% if {field.when} %}}{{% endif %}}") - earlier if field.when else set()
        yield from (
            f"Champ « {field.name} » : sa condition parle de « {name} », qui ne le précède pas." for name in late
        )
    if len(template.phrases) > 9:
        yield "Neuf phrases à ajouter au plus : une par chiffre."
    if template.level == 3 and not template.referral:
        yield "Un modèle de niveau 3 dit vers qui orienter ([orientation])."


def _names(template: Template) -> Iterator[str]:
    declared = {field.name for field in template.fields}
    known = declared | sandbox.NAMES
    printed = set().union(*map(sandbox.names, template.texts))
    asked = set().union(*(sandbox.names("{% if " + c + " %}{% endif %}") for c in template.conditions))
    yield from (f"« {name} » n’est pas un champ." for name in sorted((printed | asked) - known))
    yield from (
        f"Champ « {name} » : jamais imprimé."
        for name in sorted(
            declared - printed - asked - {*template.plan, template.others, *(rule.start for rule in template.deadlines)}
        )
    )
    optional = {f.name for f in template.fields if (not f.required or f.when) and f.type != "oui_non"}
    conditions = {f.name: _test(f.when) for f in template.fields if f.when and f.required}
    for text in template.texts:
        alone = re.sub(r"^(.+ :: )?\{\{ *\w+ *\}\}$", "", text, flags=re.MULTILINE)  # such a line vanishes by itself
        loose = set(_unguarded(sandbox.tree(alone), optional, frozenset(), conditions))
        yield from (f"Champ facultatif « {name} » : à entourer de {{% if {name} %}}." for name in sorted(loose))


def _test(condition: str) -> nodes.Node:
    return sandbox.tree(f"{{% if {condition} %}}x{{% endif %}}").body[0].test


def _unguarded(
    node: nodes.Node, watched: set[str], safe: frozenset[str], conditions: dict[str, nodes.Node]
) -> Iterator[str]:
    """Names printed outside any condition on them; a field asked under a condition is safe under the same one."""
    if isinstance(node, nodes.Name) and node.name in watched - safe:
        yield node.name
    elif isinstance(node, nodes.If):
        tested = safe | {
            name.name for name in (*node.test.find_all(nodes.Name), node.test) if isinstance(name, nodes.Name)
        }
        tested |= {name for name, test in conditions.items() if test == node.test}
        for child in node.body:
            yield from _unguarded(child, watched, tested, conditions)
        for child in (*node.elif_, *node.else_):
            yield from _unguarded(child, watched, safe, conditions)
    elif isinstance(node, nodes.Filter) and node.name == "accorde":
        yield from _unguarded(node.node, watched, safe, conditions)
    else:
        for child in node.iter_child_nodes():
            yield from _unguarded(child, watched, safe, conditions)


def _sources(template: Template) -> Iterator[str]:
    known = references.sources()
    used = {*template.sources, *(rule.source for rule in template.deadlines)}
    yield from (f"La source « {key} » n’existe pas." for key in sorted(used - known.keys()))
    for text in template.texts:
        tree = sandbox.tree(text)
        for call in tree.find_all(nodes.Call):
            if call.node.name not in _SOURCES:
                continue
            key = call.args[0].value if call.args and isinstance(call.args[0], nodes.Const) else "?"
            if key not in template.sources:
                yield f"La source « {key} » est citée sans être déclarée."
            elif not known[key].settled:
                yield f"La source « {key} » est à vérifier : elle ne s’imprime pas."
            if f'{{% if source("{key}") %}}' not in text:
                yield f'La source « {key} » se cite dans {{% if source("{key}") %}}.'
        if template.kind != "fiche" and not template.from_place and "pimms" in fold(text):
            yield "Le PIMMS n’écrit pas à la place de la personne : il n’est pas nommé."
        words = "".join(data.data for data in tree.find_all(nodes.TemplateData))
        if "porte plainte" in fold(words) and template.code != "T10":
            yield "« Je porte plainte » ne s’écrit que dans T10."
        words = re.sub(r"\b[A-Z]\d\d\b", "", words)  # another template, by its code
        if figure := re.search(r"[0-9]|\b(?:quinze|trente|huit|deux|trois|un) (?:jours|mois)\b", words):
            yield f"« {figure[0]} » : un chiffre vient d’un champ ou d’une source, jamais du texte."


def _printed(template: Template) -> Iterator[str]:
    """Many variants and civilities give the same pages: each is looked at once."""
    place = replace(SENDER, name="PIMMS de l’Exemple")
    seen: set[tuple[bool, Letter]] = set()
    for (variant, given), civility in product(
        values(template).items(), ("Madame", "Monsieur", "Madame et Monsieur", "")
    ):
        sender = replace(STRESS if variant == "charge" else SENDER, civility=civility)
        addressee = replace(ADDRESSEE, lines=LONG_ADDRESS) if variant == "charge" else ADDRESSEE
        sender = place if template.kind == "fiche" or template.from_place else sender
        advice(template, given, DAY)
        phrases = range(len(template.phrases)) if variant == "phrases" else ()
        written = fill(template, given, sender=sender, addressee=addressee, day=DAY, phrases=phrases)
        key = (variant in ("exemple", "charge"), written)  # these two are looked at in their own way
        if key in seen:
            continue
        seen.add(key)
        faults = [
            *(["L’objet dépasse 90 caractères."] if variant != "charge" and len(written.subject) > 90 else []),
            *_typography(written),
            *_page(written, template, given if variant == "exemple" else {}),
            *_address(addressee),
        ]
        yield from (f"{variant}, {civility or 'neutre'} : {fault}" for fault in faults)


def _address(addressee: Party) -> tuple[str, ...]:
    return address_problems(addressee) if len(addressee.lines) < LINES else ("L’adresse a trop de lignes.",)


def _typography(written: Letter) -> Iterator[str]:
    for text in written.texts:
        for name, pattern in _BAD.items():
            if re.search(pattern, text):
                yield f"{name} : {text}"
    if BLANK in "".join(text for text in written.texts if text != written.place_and_date):
        yield "un blanc reste alors que tout est rempli."


def _page(written: Letter, template: Template, given: dict[str, object]) -> Iterator[str]:
    pdf = letter.render(written)
    if not all("+" in name for name in re.findall(r"/BaseFont /(\S+)", pdf.decode("latin-1"))):
        yield "une police n’est pas embarquée."
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) > template.pages:
            yield f"{counted(len(document), 'page')} : {template.pages} au plus."
        if document.get_metadata_value("Title") != written.title or b"/Lang (fr-FR)" not in pdf:
            yield "le titre ou la langue du document manque."
        boxes = text_boxes(document)
        text = _flat(" ".join(page.get_textpage().get_text_bounded() for page in document))
    outputs = (node for text in template.texts for node in sandbox.tree(text).find_all(nodes.Output))
    shown = {name.name for output in outputs for name in output.find_all(nodes.Name)}
    for field in template.fields:
        if field.type not in ("oui_non", "civilite") and field.name in given:
            if field.name not in shown or field not in asked(template, given, DAY):
                continue
            value = field.read(given[field.name], DAY)
            parts = sandbox.written(value).split("\n\n") if field.name not in template.plan[1:] else []
            yield from (f"« {part} » ne se lit pas." for part in parts if _flat(typeset(part)) not in text)
    yield from (f"le texte sort de la marge : {box}" for box in boxes if box[2] > (190 if box[1] < 80 else 185.5))
    if written.kind == "lettre":
        zone = [box for box in boxes if box[2] > 100 and box[0] < 200 and box[3] > 40 and box[1] < 80]
        yield from (f"hors de la fenêtre : {box}" for box in zone if box[0] < 105 or box[1] < 45 or box[3] > 79)
        if len(zone) != len(written.addressee):
            yield f"la fenêtre contient {len(zone)} lignes pour {len(written.addressee)}."


def text_boxes(document: pypdfium2.PdfDocument, page: int = 0) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of each run of text, in millimetres from the top left corner."""
    sheet = document[page]
    text, tall = sheet.get_textpage(), sheet.get_height()
    found = (text.get_rect(i) for i in range(text.count_rects()))
    return [tuple(round(v / 72 * 25.4, 1) for v in (x1, tall - y2, x2, tall - y1)) for x1, y1, x2, y2 in found]


def _flat(text: str) -> str:
    """One line, plain spaces, without our marks: as a PDF gives text back."""
    return " ".join(re.sub(f"[{''.join(MARKS)}]", " ", text).split()).replace(CELL, " ")
