"""Usagers: found from a few letters, recorded in one line, merged without losing anything."""

import re
from dataclasses import asdict, dataclass, replace
from datetime import date

from peewee import fn

from db import store
from db.schema import Dossier, Letter, Mandate, Person, PersonKey, Visit, database
from desktop import french

LAST = "\U0010ffff"
ALIKE = 88
"""Of 100: « Benali Samira » and « Benaly Samira » are alike, « Benali Karim » is not."""


@dataclass(frozen=True)
class Draft:
    """A person as typed."""

    last_name: str = ""
    first_name: str = ""
    civility: str = ""
    birth_year: int | None = None
    phone: str = ""
    without_phone: bool = False
    email: str = ""
    address: str = ""
    postcode: str = ""
    town: str = ""
    informed_on: date | None = None


@dataclass(frozen=True)
class Line:
    """A person as listed: « Benali Samira », « 1985 · 69100 »."""

    id: str
    name: str
    detail: str


@dataclass(frozen=True)
class Moved:
    """What a merge carried from one file to the other."""

    visits: int
    dossiers: int
    letters: int
    mandates: int = 0


def parse(text: str) -> Draft:
    """« Benali Samira 06 12 34 56 78 1985 » in one line; capitals or the first word give the family name."""
    rest = text
    year = re.search(r"(?<!\S)(19|20)\d\d(?!\S)", rest)
    if year:
        rest = rest.replace(year[0], " ", 1)
    phone = re.search(r"(?:\+|00)?\d[\d .()/-]{7,}\d", rest)
    if phone:
        rest = rest.replace(phone[0], " ", 1)
    civility = ""
    words = []
    for word in rest.split():
        title = {"m": "Monsieur", "mr": "Monsieur", "mme": "Madame", "mlle": "Madame", "monsieur": "Monsieur",
                 "madame": "Madame"}.get(word.casefold().rstrip("."))  # fmt: skip
        if title and not civility:
            civility = title
        else:
            words.append(word.strip(","))
    capitals = [w for w in words if len(w) > 1 and w.isupper()]
    last = capitals if capitals and len(capitals) < len(words) else words[:1]
    first = [w for w in words if w not in last]
    return Draft(
        last_name=" ".join(_capitalised(w) for w in last),
        first_name=" ".join(_capitalised(w) for w in first),
        civility=civility,
        birth_year=int(year[0]) if year else None,
        phone=french.phone_digits(phone[0]) if phone else "",
    )


def _capitalised(word: str) -> str:
    return re.sub(r"[^\W\d_]+", lambda part: part[0][:1].upper() + part[0][1:].lower(), word)


def problems(draft: Draft, today: date) -> dict[str, str]:
    """Say what is wrong, field by field; empty means the person may be recorded."""
    found: dict[str, str] = {}
    if not draft.last_name.strip():
        found["last_name"] = "Écrivez le nom. Exemple : Benali Samira."
    if draft.birth_year is not None and not today.year - 120 <= draft.birth_year <= today.year:
        found["birth_year"] = f"Cette année est impossible. Exemple : {today.year - 40}."
    if problem := french.phone_problem(draft.phone):
        found["phone"] = problem
    if draft.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", draft.email):
        found["email"] = "Cette adresse est incomplète. Exemple : samira@exemple.fr."
    if draft.postcode and not re.fullmatch(r"\d{5}", draft.postcode):
        found["postcode"] = "Le code postal a 5 chiffres. Exemple : 69100."
    if draft.informed_on is None:
        found["informed_on"] = "Informez la personne de ses droits, puis cochez la case."
    return found


def record(draft: Draft, today: date) -> str:
    fields = asdict(_clean(draft))
    with store.act(f"Fiche créée : {draft.last_name} {draft.first_name}".strip()):
        id = store.insert(Person, last_contact_on=today, **fields)
        _index(id, draft)
    return id


def change(id: str, draft: Draft) -> None:
    with store.act(f"Fiche modifiée : {draft.last_name} {draft.first_name}".strip()):
        store.update(Person, id, **asdict(_clean(draft)))
        _index(id, draft)


def _clean(draft: Draft) -> Draft:
    return replace(draft, phone=french.phone_digits(draft.phone), email=draft.email.strip())


def draft(id: str) -> Draft:
    row = Person.get_by_id(id)
    return Draft(**{name: getattr(row, name) for name in Draft.__dataclass_fields__})


def line(id: str) -> Line:
    row = Person.get_by_id(id)
    return Line(row.id, _label(row.last_name, row.first_name), _detail(row.birth_year, row.postcode))


def is_known(id: str | None) -> bool:
    """False for nobody, and for a file whose creation was undone."""
    return id is not None and Person.select().where(Person.id == id, Person.removed_at.is_null()).exists()


def search(text: str, limit: int = 20) -> tuple[Line, ...]:
    """People whose name begins so, either way round, or whose phone does; accents and hyphens do not count."""
    digits = french.phone_digits(text)
    key = digits if len(digits) >= 4 and not re.search(r"[^\W\d_]", text) else french.fold(text)
    if not key:
        return ()
    found = database.execute_sql(
        "SELECT person, label, detail FROM person_key WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
        (key, key + LAST, limit * 2),
    )
    lines = dict.fromkeys(Line(*row) for row in found)
    return tuple(lines)[:limit]


def town_of(postcode: str) -> str:
    """The town most files have under this code; nothing when none has."""
    known = Person.select(Person.town).where(
        Person.postcode == postcode, Person.town != "", Person.removed_at.is_null()
    )
    return known.group_by(Person.town).order_by(fn.COUNT(Person.id).desc(), Person.town).limit(1).scalar() or ""


def duplicates(draft: Draft, limit: int = 3) -> tuple[Line, ...]:
    """Who this may already be: same phone, or a name that reads alike with no contrary birth year."""
    from rapidfuzz import fuzz

    name, phone = french.fold(f"{draft.last_name} {draft.first_name}"), french.phone_digits(draft.phone)
    found: dict[Line, float] = {}
    for initial in {word[0] for word in name.split()} | ({phone} if phone else set()):
        rows = store.rows(
            "SELECT key, person, label, detail FROM person_key WHERE key >= ? AND key < ?", (initial, initial + LAST)
        )
        for key, *shown in rows:
            line = Line(*shown)
            score = 100.0 if key == phone else fuzz.ratio(name, key)
            year = line.detail[:4]
            other_year = (
                draft.birth_year and line.detail[4:5] in ("", " ") and year.isdigit() and int(year) != draft.birth_year
            )
            if score >= ALIKE and (key == phone or not other_year):
                found[line] = max(score, found.get(line, 0))
    return tuple(sorted(found, key=lambda line: (-found[line], line.name))[:limit])


def merge(kept: str, dropped: str) -> Moved:
    """Carry everything from `dropped` to `kept`, fill what `kept` lacks, and hide `dropped`."""
    keep, drop = draft(kept), draft(dropped)
    filled = replace(keep, **{name: value for name, value in asdict(drop).items() if not getattr(keep, name) and value})
    with store.act(f"Fiches réunies : {_label(keep.last_name, keep.first_name)}"):
        counts = []
        for model in (Visit, Dossier, Letter, Mandate):
            ids = [row.id for row in model.select(model.id).where(model.person == dropped)]
            for id in ids:
                store.update(model, id, person=kept)
            counts.append(len(ids))
        latest = max(Person.get_by_id(id).last_contact_on for id in (kept, dropped))
        store.update(Person, kept, last_contact_on=latest, **asdict(filled))
        store.update(Person, dropped, merged_into=kept)
        PersonKey.delete().where(PersonKey.person == dropped).execute()
        _index(kept, filled)
    return Moved(*counts)


def visits_before(id: str, day: date) -> int:
    return Visit.select().where(Visit.person == id, Visit.day <= day, Visit.state == "recorded").count()


def rebuild_keys() -> None:
    """Make the search keys again from the files: after an undo, a restore or an import."""
    with database.atomic():
        PersonKey.delete().execute()
        for row in Person.select().where(Person.removed_at.is_null(), Person.merged_into.is_null()):
            _index(
                row.id,
                Draft(row.last_name, row.first_name, birth_year=row.birth_year, phone=row.phone, postcode=row.postcode),
            )


def _index(id: str, draft: Draft) -> None:
    label, detail = _label(draft.last_name, draft.first_name), _detail(draft.birth_year, draft.postcode)
    words = french.fold(label).split()
    turns = (" ".join(words[i:] + words[:i]) for i in range(len(words)))
    keys = {*turns, french.phone_digits(draft.phone)} - {""}
    PersonKey.delete().where(PersonKey.person == id).execute()
    PersonKey.insert_many([(key, id, label, detail) for key in keys], fields=PersonKey._meta.sorted_fields).execute()


def _label(last_name: str, first_name: str) -> str:
    return f"{last_name} {first_name}".strip()


def _detail(birth_year: int | None, postcode: str) -> str:
    return " · ".join(str(part) for part in (birth_year, postcode) if part)
