"""The partners of the place: who to call, how they number their customers, what was agreed with them.

Shipped as `partners.toml`; what the place changes is kept in its list of partners, never deleted.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import cache

from db import lists, store
from desktop import french

SETTLED = ("lu", "établi")
ENDING = timedelta(days=60)
_BLANKS = re.compile(r"[\s.\u2013-]")


@dataclass(frozen=True)
class Contact:
    """A role, never a private person: « Correspondant solidarité »."""

    role: str
    phone: str = ""
    hours: str = ""
    note: str = ""


@dataclass(frozen=True)
class Reference:
    """How a partner numbers its customers: « 9999999999 » is ten digits, « A » a letter, « ou » another shape."""

    label: str = "Référence client"
    example: str = ""
    shape: str = ""
    status: str = "à vérifier"
    source: str = ""

    @property
    def settled(self) -> bool:
        return self.status in SETTLED

    def fits(self, text: str) -> bool:
        """Whether it has the partner's shape; anything does when no shape is known."""
        shapes = [part.strip() for part in self.shape.split(" ou ") if part.strip()]
        compact = _BLANKS.sub("", text).upper()
        return not shapes or any(re.fullmatch(_pattern(shape), compact) for shape in shapes)


@dataclass(frozen=True)
class Partner:
    """`families` are digits of the keypad; `funding` in cents, for the whole agreement."""

    code: str
    name: str
    sector: str = "administration"
    families: tuple[int, ...] = ()
    themes: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    contacts: tuple[Contact, ...] = ()
    reference: Reference = Reference()
    answer_days: int = 10
    agreement_from: date | None = None
    agreement_until: date | None = None
    funding: int | None = None
    archived: bool = False


def _pattern(shape: str) -> str:
    """A shape as a regular expression that no shape can make slow."""
    return "".join({"9": "[0-9]", "A": "[A-Z]"}.get(sign, re.escape(sign)) for sign in _BLANKS.sub("", shape).upper())


def partners(*, archived: bool = False) -> tuple[Partner, ...]:
    """Those one may choose today; with `archived`, also those only history still shows."""
    return tuple(_partner(value) for value in lists.values("partner", archived=archived))


def partner(code: str) -> Partner:
    """A partner by its code; an unknown one is shown as it is."""
    return _partner(lists.value("partner", code))


def _partner(value: lists.Value) -> Partner:
    extra = value.extra
    return Partner(
        value.code, value.label, extra.get("sector", "administration"), tuple(extra.get("families", ())),
        tuple(extra.get("themes", ())), lists.dossier_kinds(value.code),
        tuple(Contact(**contact) for contact in extra.get("contacts", ())), Reference(**extra.get("reference", {})),
        extra.get("answer_days", 10), store.day(extra.get("agreement_from")), store.day(extra.get("agreement_until")),
        extra.get("funding"), value.archived,
    )  # fmt: skip


@cache
def sectors() -> Mapping[str, str]:
    """Sector → its label: « fournisseur » → « Fournisseur d’énergie »."""
    return {code: entry["label"] for code, entry in lists.read("partners")["sector"].items()}


def problems(draft: Partner) -> dict[str, str]:
    """Say what is wrong, field by field; « contacts » speaks of the first contact that does not go."""
    found: dict[str, str] = {}
    others = [value for value in lists.values("partner", archived=True) if value.code != draft.code]
    if not draft.name.strip():
        found["name"] = "Écrivez le nom du partenaire. Exemple : EDF."
    elif any(french.fold(value.label) == french.fold(draft.name) for value in others):
        found["name"] = "Changez ce nom : il est déjà dans la liste."
    if draft.sector not in lists.sectors():
        found["sector"] = "Choisissez le secteur. Exemple : fournisseur d’énergie."
    if any(family not in range(1, 10) for family in draft.families):
        found["families"] = "Une famille est un chiffre de 1 à 9. Exemple : 1, 4."
    if not 1 <= draft.answer_days <= 365:
        found["answer_days"] = "Le délai de réponse va de 1 à 365 jours. Exemple : 10."
    if problem := _kinds_problem(draft.kinds):
        found["kinds"] = problem
    if problem := next(filter(None, map(_contact_problem, draft.contacts)), ""):
        found["contacts"] = problem
    if draft.reference.example and not draft.reference.fits(draft.reference.example):
        found["reference"] = "L’exemple n’a pas la forme écrite à côté. Forme : 9 pour un chiffre, A pour une lettre."
    begin, end = draft.agreement_from, draft.agreement_until
    if begin and end and end < begin:
        found["agreement_until"] = f"La convention finit avant son début, le {french.long_date(begin)}."
    elif end and not begin:
        found["agreement_from"] = "Donnez aussi le début de la convention. Exemple : 01/01/2026."
    if draft.funding is not None and draft.funding < 0:
        found["funding"] = "Écrivez un montant en euros. Exemple : 12 000."
    return found


def _kinds_problem(kinds: tuple[str, ...]) -> str:
    if not kinds:
        return "Donnez au moins un type de dossier. Exemple : Impayé, échéancier."
    if len(kinds) > 9:
        return "Gardez 9 types de dossier au plus : un chiffre répond à chacun."
    if len({french.fold(kind) for kind in kinds}) < len(kinds) or not all(map(str.strip, kinds)):
        return "Un type de dossier est vide ou écrit deux fois."
    return ""


def _contact_problem(contact: Contact) -> str:
    if not contact.role.strip():
        return "Dites le rôle du contact, pas son nom. Exemple : correspondant solidarité."
    if re.fullmatch(r"[13]\d{1,3}", french.phone_digits(contact.phone)):
        return ""
    problem = french.phone_problem(contact.phone)
    return f"{contact.role} : {problem[0].lower()}{problem[1:]}" if problem else ""


def save(draft: Partner) -> str:
    """Record a partner, a new one when its code is empty; only what differs from the shipped list is kept."""
    known = lists.values("partner", archived=True)
    codes = [value.code for value in known]
    code = draft.code or _new_code(draft.name, codes)
    extra = {name: value for name, value in asdict(draft).items() if name not in ("code", "name", "archived")}
    extra["contacts"] = [asdict(contact) | {"phone": _kept_phone(contact.phone)} for contact in draft.contacts]
    for name in ("families", "themes", "kinds"):
        extra[name] = list(extra[name])
    if tuple(extra["kinds"]) == lists.sectors().get(draft.sector, ()):
        extra["kinds"] = []
    for name in ("agreement_from", "agreement_until"):
        extra[name] = extra[name] and extra[name].isoformat()
    position = codes.index(code) if code in codes else len(codes)
    lists.save("partner", code, draft.name.strip(), position=position, archived=draft.archived, extra=extra)
    return code


def _kept_phone(text: str) -> str:
    digits = french.phone_digits(text)
    return digits if digits and not text.strip().startswith("+") else text.strip()


def _new_code(name: str, taken: list[str]) -> str:
    first = french.fold(name).replace(" ", "_")[:40] or "partenaire"
    numbered = (f"{first}_{number}" for number in range(2, len(taken) + 3))
    return next(code for code in (first, *numbered) if code not in taken)


def reference_problem(code: str, text: str) -> str:
    """Why a reference cannot be kept: the partner's shape is settled and this is not it, or it is a NIR."""
    if is_nir(text):
        return "C’est un numéro de sécurité sociale : il ne se garde jamais. Écrivez la référence du dossier."
    form = partner(code).reference if code else Reference()
    if not text.strip() or not form.settled or form.fits(text):
        return ""
    return f"{form.label} : {_expected(form)}."


def reference_warning(code: str, text: str) -> str:
    """What to look at again in a reference that may be kept: its shape is only the usual one."""
    form = partner(code).reference if code else Reference()
    if not text.strip() or form.settled or form.fits(text) or is_nir(text):
        return ""
    return f"À vérifier : {form.label[0].lower()}{form.label[1:]} d’habitude en {_expected(form)}."


def _expected(form: Reference) -> str:
    """« 10 chiffres, par exemple 6 000 000 000 »."""
    shapes = [_BLANKS.sub("", shape) for shape in form.shape.split(" ou ")]
    counts = " ou ".join(dict.fromkeys(_spoken(shape) for shape in shapes))
    return f"{counts}, par exemple {form.example}" if form.example else counts


def _spoken(shape: str) -> str:
    digits, letters = shape.count("9"), shape.count("A")
    fixed = "".join(sign for sign in shape if sign not in "9A")
    parts = [fixed and f"« {fixed} »", letters and french.counted(letters, "lettre"),
             digits and french.counted(digits, "chiffre")]  # fmt: skip
    return " et ".join(part for part in parts if part)


def is_nir(text: str) -> bool:
    """A social security number with its key (97 − n mod 97), spaces or not."""
    compact = _BLANKS.sub("", text).upper()
    found = re.fullmatch(r"([12]\d{4}(?:\d\d|2A|2B)\d{6})(\d\d)", compact)
    if not found:
        return False
    number = int(found[1].replace("2A", "19").replace("2B", "18"))
    return 97 - number % 97 == int(found[2])


def agreement_warning(known: Partner, today: date) -> str:
    """One sentence when the agreement ended, or ends within 60 days."""
    end = known.agreement_until
    if end is None or end > today + ENDING:
        return ""
    if end < today:
        return f"La convention avec {known.name} a fini le {french.long_date(end)}."
    left = (end - today).days
    when = f"dans {french.counted(left, 'jour')}" if left else "aujourd’hui"
    return f"La convention avec {known.name} finit le {french.long_date(end)}, {when}."
