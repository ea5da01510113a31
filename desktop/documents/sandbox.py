"""Template text → plain text: a Jinja2 reduced by an allow list to values, conditions and our own filters."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from desktop.documents import content
from desktop.documents.fields import Blank, Cents
from desktop.french import NBSP, day_of_month, euros, long_date
from desktop.instalments import Instalment

LIMIT = 64 * 1024  # characters, of a template as of what it gives
TABLE = 6  # payments listed one by one; beyond, they are grouped
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.If, nodes.CondExpr, nodes.Compare,
    nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.Filter, nodes.Call, nodes.Getattr,
)  # fmt: skip
FUNCTIONS = frozenset({"nous", "source", "chiffre", "lignes"})
ATTRIBUTES = {
    "usager": frozenset({"nom", "adresse_ligne", "telephone", "courriel"}),
    "destinataire": frozenset({"nom", "adresse_ligne"}),
    "plan": frozenset({"nombre", "mensualite", "paiements"}),
}
NAMES = FUNCTIONS | ATTRIBUTES.keys() | {"appel", "e", "pluriel", "jour", "lieu"}


class Forbidden(ValueError):
    """A template asks for more than values and conditions."""


def written(value: object) -> str:
    """Any value as a letter writes it."""
    if isinstance(value, Cents):
        return euros(value)
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}".replace(",", NBSP)
    if isinstance(value, str):
        return value
    raise Forbidden(f"Cette valeur ne s’écrit pas : {type(value).__name__}.")


def _euros_in_words(cents: Cents | Blank) -> str:
    if isinstance(cents, Blank):
        return cents
    from num2words import num2words  # slow to import, rarely needed

    whole, rest = divmod(cents, 100)
    words = num2words(whole, lang="fr") + (
        " d’euros" if whole and whole % 1_000_000 == 0 else " euro" + "s" * (whole > 1)
    )
    return words + (f" et {num2words(rest, lang='fr')} centime" + "s" * (rest > 1) if rest else "")


def _listed(text: str) -> str:
    """« un, deux et trois », from lines."""
    *first, last = text.replace(content.ITEM, "").split("\n") if text else [""]
    return " et ".join(filter(None, (", ".join(filter(None, first)), last)))


def _each(mark: str):
    """Every line typed becomes an entry of a list."""
    return lambda text: "\n".join(mark + line for line in text.replace(content.ITEM, "").split("\n") if line)


def _tabled(payments: tuple[Instalment, ...] | Blank) -> str:
    """Rows « date, amount »; the equal ones on one row when there are many."""
    if isinstance(payments, Blank):
        return "\n".join([content.blank("Date du paiement") + content.CELL + content.blank("Montant")] * 3)
    rows = [(long_date(p.day), euros(p.cents)) for p in payments]
    if len(rows) > TABLE:
        equal = f"{len(rows) - 1} paiements de {rows[0][1]}"
        day = day_of_month(payments[0].day)
        rows = [(f"Le {day} de chaque mois, du {rows[0][0]} au {rows[-2][0]}", equal), rows[-1]]
    rows.append((f"{content.BOLD}Total{content.LIGHT}", euros(sum(p.cents for p in payments))))
    return "\n".join(content.CELL.join(row) for row in rows)


FILTERS = {
    "date": written,
    "euros": written,
    "euros_lettres": _euros_in_words,
    "majuscules": str.upper,
    "liste": _listed,
    "de": content.of,
    "accorde": lambda word, civility: word + content.ending(civility),
    "tableau": _tabled,
    "puces": _each(content.ITEM),
    "cases": _each(content.BOX),
}


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined,
        finalize=written,
        autoescape=False,  # plain text here; `letter` escapes everything it draws
    )
    made.globals.clear()
    made.tests.clear()
    made.filters = dict(FILTERS)
    return made


def _check(node: nodes.Node) -> None:
    if not isinstance(node, _ALLOWED):
        raise Forbidden(f"Ligne {node.lineno} : « {type(node).__name__} » n’existe pas dans un modèle.")
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        raise Forbidden(f"Ligne {node.lineno} : le filtre « {node.name} » n’existe pas.")
    if isinstance(node, nodes.Filter | nodes.Call) and (node.kwargs or node.dyn_args or node.dyn_kwargs):
        raise Forbidden(f"Ligne {node.lineno} : des arguments simples seulement.")
    if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Name) and node.node.name in FUNCTIONS):
        raise Forbidden(f"Ligne {node.lineno} : cette fonction n’existe pas.")
    if isinstance(node, nodes.Getattr) and not (
        isinstance(node.node, nodes.Name) and node.attr in ATTRIBUTES.get(node.node.name, ())
    ):
        raise Forbidden(f"Ligne {node.lineno} : « .{node.attr} » n’existe pas.")
    for child in node.iter_child_nodes():
        _check(child)


def tree(source: str) -> nodes.Template:
    """The checked syntax tree; raises Forbidden with one French sentence."""
    if len(source) > LIMIT:
        raise Forbidden("Ce modèle est trop long.")
    try:
        parsed = _environment().parse(content.marked(source))
    except (TemplateError, RecursionError) as problem:
        raise Forbidden(f"Ce modèle ne se lit pas : {problem}") from problem
    _check(parsed)
    return parsed


@lru_cache(maxsize=512)
def names(source: str) -> frozenset[str]:
    """The names a text asks for."""
    return frozenset(meta.find_undeclared_variables(tree(source)))


@lru_cache(maxsize=512)
def deciding(source: str) -> frozenset[str]:
    """The names a text only exists in one variant by: those its conditions test."""
    tests = (node.test for node in tree(source).find_all((nodes.If, nodes.CondExpr)))
    return frozenset(
        name.name for test in tests for name in (test, *test.find_all(nodes.Name)) if isinstance(name, nodes.Name)
    )


@lru_cache(maxsize=128)
def _compiled(source: str) -> Template:
    return _environment().from_string(tree(source))


def write(source: str, values: Mapping[str, object]) -> str:
    """The text with its values, marks included; raises Forbidden."""
    try:
        text = _compiled(source).render(values)
    except (TemplateError, TypeError, ValueError) as problem:
        raise Forbidden(f"Ce modèle ne se remplit pas : {problem}") from problem
    if len(text) > LIMIT:
        raise Forbidden("Le texte obtenu est trop long.")
    return text


def holds(condition: str, values: Mapping[str, object]) -> bool:
    """Whether « a < b » is true; with a blank among its names it is not."""
    text = "{% if " + condition + " %}oui{% endif %}"
    return not any(isinstance(values.get(name), Blank) for name in names(text)) and write(text, values) == "oui"
