"""A partner's list as it comes: which column holds what, each line before it is taken, and whom it repeats.

The table itself is read by `desktop.exports.tables`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from db import call_lists, journal, lists, partners, store
from db.schema import CallLine, CallList
from desktop import french

DETAILS_MAX = 6
_KNOWN = {
    "reference": ("reference client", "numero client", "n client", "ref client", "code client", "id client",
                  "identifiant client", "compte client", "numero abonne", "n abonne", "reference contrat",
                  "numero contrat", "n contrat", "reference", "ref", "client id", "matricule", "contrat"),
    "name": ("nom prenom", "nom et prenom", "nom client", "nom complet", "nom titulaire", "nom famille", "nom usage",
             "nom", "titulaire", "client", "abonne", "usager"),
    "first_name": ("prenom", "prenom client", "prenoms", "prenom titulaire"),
    "phone": ("telephone portable", "tel portable", "portable", "mobile", "gsm", "telephone mobile", "tel mobile",
              "telephone", "tel", "numero telephone", "n telephone", "n tel", "telephone 1", "tel 1", "telephone fixe",
              "fixe"),
}  # fmt: skip
"""Field → the titles partners give to its column, the likeliest first."""


@dataclass(frozen=True)
class Columns:
    """Which column holds what, by rank; `details`: those kept besides, as few as the calls need."""

    reference: int | None = None
    name: int | None = None
    first_name: int | None = None
    phone: int | None = None
    details: tuple[int, ...] = ()


@dataclass(frozen=True)
class Preview:
    """A line before it is taken. `duplicate`: why it may not be worth calling; `keep`: whether it is proposed."""

    position: int
    reference: str = ""
    name: str = ""
    phone: str = ""
    detail: Mapping[str, str] = field(default_factory=dict, hash=False)
    problems: tuple[str, ...] = ()
    duplicate: str = ""
    person: str | None = None
    usable: bool = True
    keep: bool = True


def guess_columns(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    """By their titles, else by what they hold: ten digits that begin with 0 are a telephone."""
    taken: dict[str, int] = {}
    titles = [_title(title) for title in columns]

    def free() -> list[int]:
        return [rank for rank in range(len(columns)) if rank not in taken.values()]

    for name in ("first_name", "name", "phone", "reference"):
        found = [(likely, rank) for rank in free() if (likely := _likely(name, titles[rank])) is not None]
        if found:
            taken[name] = min(found)[1]
    if "phone" not in taken:
        looks = {rank: _share(rows, rank, _is_phone) for rank in free()}
        best = max(looks, key=looks.get, default=None)
        if best is not None and looks[best] > 0.5:
            taken["phone"] = best
    if "name" not in taken:
        wordy = [rank for rank in free() if _share(rows, rank, _is_name) > 0.5]
        if wordy:
            taken["name"] = wordy[0]
    return Columns(**taken)


def _title(text: str) -> str:
    """« Nº de client » and « N° client » → « n client »."""
    words = [word for word in french.fold(text).split() if word not in ("de", "du", "des", "la", "le", "l", "d")]
    return " ".join("n" if word in ("no", "num") else word for word in words)


def _likely(field: str, title: str) -> int | None:
    """How far down the known titles of a field this one is; a telephone or a reference may be told at more length."""
    known = _KNOWN[field]
    if title in known:
        return known.index(title)
    begins = [rank for rank, one in enumerate(known) if title.startswith(f"{one} ")]
    return len(known) + begins[0] if begins and field in ("phone", "reference") else None


def _share(rows: Sequence[Sequence[str]], rank: int, test: Callable[[str], bool]) -> float:
    """How many of the filled cells of a column pass a test, from 0 to 1."""
    cells = [row[rank] for row in rows[:200] if row[rank]]
    return sum(map(test, cells)) / len(cells) if cells else 0.0


def _is_name(text: str) -> bool:
    return re.sub(r"[\s'’.-]", "", text).isalpha()


def _is_phone(text: str) -> bool:
    digits = french.phone_digits(text)
    return not re.search(r"[^\W\d_]", text) and (
        (len(digits) == 10 and digits[0] == "0") or (len(digits) == 9 and digits[0] in "1234567")
    )


def columns_problems(columns: Columns) -> dict[str, str]:
    """Say what is missing before the lines can be read."""
    found: dict[str, str] = {}
    if columns.name is None and columns.reference is None:
        found["name"] = "Dites quelle colonne donne le nom ou la référence."
    if columns.phone is None:
        found["phone"] = "Dites quelle colonne donne le téléphone."
    chosen = [columns.reference, columns.name, columns.first_name, columns.phone]
    if any(rank in columns.details for rank in chosen if rank is not None):
        found["details"] = "Une colonne est choisie deux fois."
    elif len(columns.details) > DETAILS_MAX:
        found["details"] = f"Gardez {DETAILS_MAX} colonnes au plus : seulement ce qui sert à l’appel."
    return found


def preview(
    titles: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int], columns: Columns, partner: str
) -> tuple[Preview, ...]:
    """Each line as it would be taken, with what is wrong in it and whom it repeats. Two queries."""
    lines = [_read(titles, row, number, columns, partner) for row, number in zip(rows, numbers, strict=True)]
    earlier, known = _earlier(partner), _known()
    seen: dict[str, int] = {}
    found = []
    for line in lines:
        keys = _keys(line.reference, line.name, line.phone)
        again = next((seen[key] for key in keys if key in seen), None)
        before = next((earlier[key] for key in keys if key in earlier), "")
        person = known.get((french.fold(line.name), line.phone)) if line.name and line.phone else None
        if again is not None:
            line = replace(line, duplicate=f"Déjà à la ligne {again} de ce fichier.", keep=False)
        elif before:
            line = replace(line, duplicate=before, keep=False)
        elif person:
            line = replace(line, duplicate="A déjà une fiche ici.", person=person)
        for key in keys:
            seen.setdefault(key, line.position)
        found.append(replace(line, person=person, keep=line.keep and line.usable))
    return tuple(found)


def _read(titles: Sequence[str], row: Sequence[str], number: int, columns: Columns, partner: str) -> Preview:
    def cell(rank: int | None) -> str:
        return row[rank].strip() if rank is not None else ""

    problems = []
    if any(partners.is_nir(text) for text in row):
        problems.append("Un numéro de sécurité sociale est dans cette ligne : il n’est pas gardé.")
    row = ["" if partners.is_nir(text) else text for text in row]
    reference, phone = cell(columns.reference)[:40], _phone(cell(columns.phone))
    name = " ".join(f"{cell(columns.name)} {cell(columns.first_name)}".split())[:120]
    if problem := partners.reference_problem(partner, reference) or partners.reference_warning(partner, reference):
        problems.append(problem)
    if not phone:
        problems.append("Pas de numéro de téléphone.")
    elif problem := french.phone_problem(phone):
        problems.append(problem)
    usable = bool(name or reference)
    if not usable:
        problems.append("Ni nom ni référence : cette ligne ne sera pas reprise.")
    detail = {titles[rank]: row[rank] for rank in columns.details if row[rank]}
    return Preview(number, reference, name, phone, detail, tuple(problems), usable=usable)


def _phone(text: str) -> str:
    """The digits of a French number, with the 0 that a spreadsheet takes away; a foreign one as it is."""
    digits = french.phone_digits(text)
    if re.fullmatch(r"[1-7]\d{8}", digits) and not re.search(r"[^\d\s.-]", text):
        return f"0{digits}"
    return digits if re.fullmatch(r"0\d{9}", digits) and not re.search(r"[^\W\d_]", text) else text[:40]


def _keys(reference: str, name: str, phone: str) -> tuple[str, ...]:
    """What makes two lines the same customer: a reference, or a name with a telephone."""
    compact = re.sub(r"[\s.–-]", "", reference).upper()
    by_name = f"{french.fold(name)}/{french.phone_digits(phone)}" if name and french.phone_digits(phone) else ""
    return tuple(filter(None, (compact and f"#{compact}", by_name)))


def _earlier(partner: str) -> dict[str, str]:
    """Key → what an earlier list of the same partner says of this customer, the latest one."""
    found: dict[str, str] = {}
    for title, received, state, reference, name, phone in store.rows(
        "SELECT c.title, c.received_on, l.state, l.reference, l.name, l.phone FROM call_line l "
        "JOIN call_list c ON c.id = l.list_id WHERE c.partner = ? AND c.removed_at IS NULL AND l.removed_at IS NULL "
        "AND (l.reference <> '' OR l.name <> '') ORDER BY c.received_on, c.id, l.position",
        (partner,),
    ):
        day = french.short_date(date.fromisoformat(received))
        told = f"Déjà dans « {title} » du {day} : {call_lists.STATES[state].casefold()}."
        found |= dict.fromkeys(_keys(reference, name, phone), told)
    return found


def _known() -> dict[tuple[str, str], str]:
    """(folded name, telephone) → the person's file, the name either way round."""
    found: dict[tuple[str, str], str] = {}
    for id, last, first, phone in store.rows(
        "SELECT id, last_name, first_name, phone FROM person "
        "WHERE phone <> '' AND removed_at IS NULL AND merged_into IS NULL"
    ):
        found |= {(french.fold(name), phone): id for name in (f"{last} {first}", f"{first} {last}")}
    return found


def title_problem(title: str) -> str:
    if not title.strip():
        return "Donnez un titre à la liste. Exemple : semaine 48."
    return f"Le titre a {french.counted(len(title) - 80, 'signe')} de trop (80 au plus)." if len(title) > 80 else ""


def import_list(partner: str, title: str, kept: Sequence[str], lines: Iterable[Preview], today: date) -> str:
    """Take the lines to keep; `kept`: the titles of the columns kept besides. The list's id."""
    taken = [line for line in lines if line.keep]
    counted = french.counted(len(taken), "personne")
    with store.act(f"Liste reçue de {lists.label('partner', partner)} : {counted}"):
        id = store.insert(CallList, partner=partner, title=title.strip(), received_on=today, columns=list(kept))
        for line in taken:
            store.insert(
                CallLine, list=id, position=line.position, reference=line.reference, name=line.name, phone=line.phone,
                detail=dict(line.detail),
            )  # fmt: skip
        journal.write("liste.recue", id)
    return id
