"""A curriculum vitæ: what it says, what is wrong with it, and its dates. No photo, age, nationality or family."""

import re
from dataclasses import asdict, dataclass, fields, replace
from typing import Literal, NamedTuple

from desktop.documents.content import clean
from desktop.documents.months import month_number
from desktop.documents.typography import typeset
from desktop.french import MONTHS, NBSP, fold, phone, phone_problem

Layout = Literal["chronologique", "competences"]
LAYOUTS = {"chronologique": "Par dates", "competences": "Par compétences"}
LEVELS = ("langue maternelle", "courant, parlé et écrit", "courant à l’oral", "conversation simple", "quelques mots")

_NOW = ("aujourd hui", "en cours", "en poste", "actuellement", "maintenant", "a ce jour")


@dataclass(frozen=True)
class Experience:
    """One job, or a volunteer's work; dates as people say them: « 2019 », « mars 2019 », « aujourd’hui »."""

    job: str = ""
    employer: str = ""
    place: str = ""
    start: str = ""
    end: str = ""
    tasks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Training:
    title: str = ""
    school: str = ""
    place: str = ""
    start: str = ""
    end: str = ""


@dataclass(frozen=True)
class Skills:
    """A group of things the person can do."""

    title: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Language:
    name: str = ""
    level: str = ""


@dataclass(frozen=True)
class CV:
    name: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    title: str = ""  # the job aimed at
    profile: str = ""
    experiences: tuple[Experience, ...] = ()
    trainings: tuple[Training, ...] = ()
    languages: tuple[Language, ...] = ()
    skills: tuple[Skills, ...] = ()
    licence: str = ""
    availability: str = ""
    interests: str = ""


_LISTS = {"experiences": Experience, "trainings": Training, "skills": Skills, "languages": Language}


def from_values(values: dict[str, object]) -> CV:
    """What the form holds, entry by entry in its order: lines of a text box become tuples."""
    plain = {f.name: str(values.get(f.name, "")) for f in fields(CV) if f.name not in (*_LISTS, "address")}
    address = tuple(line for name in ("address", "town") if (line := str(values.get(name, "")).strip()))
    lists = {name: tuple(_entry(kind, typed) for typed in values.get(name, ())) for name, kind in _LISTS.items()}
    return CV(**plain, address=address, **lists)


def _entry(kind: type, typed: dict[str, str]) -> object:
    several = {f.name for f in fields(kind) if f.name in ("tasks", "items")}
    return kind(**{f.name: _lines(typed.get(f.name, "")) if f.name in several else typed.get(f.name, "")
                   for f in fields(kind)})  # fmt: skip


def _lines(text: str) -> tuple[str, ...]:
    bare = (re.sub(r"^\s*[-–•*]\s*", "", line).strip() for line in text.splitlines())
    return tuple(filter(None, bare))


# what is wrong


def problems(cv: CV) -> dict[str, str]:
    """One sentence for each field: « name », « experiences.0.start »…; empty means it may go out."""
    found: dict[str, str] = {}
    if not cv.name.strip():
        found["name"] = "Écrivez le nom et le prénom."
    if sentence := phone_problem(cv.phone):
        found["phone"] = sentence
    if cv.email.strip() and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]{2,}", cv.email.strip()):
        found["email"] = "Écrivez l’adresse entière. Exemple : prenom@exemple.fr."
    if not cv.phone.strip() and not cv.email.strip():
        found["phone"] = "Écrivez un téléphone ou un courriel : l’employeur doit pouvoir répondre."
    shown = tidy(cv)
    if not (shown.experiences or shown.trainings or shown.skills):
        found["experiences"] = "Ajoutez une expérience, une formation ou une compétence."
    for name in _LISTS:
        for place, entry in enumerate(getattr(cv, name)):
            wrong = {} if _is_empty(entry) else _entry_problems(entry)
            found |= {f"{name}.{place}.{field}": sentence for field, sentence in wrong.items()}
    return found


def _entry_problems(entry: Experience | Training | Skills | Language) -> dict[str, str]:
    head, sentence = {
        Experience: ("job", "Écrivez le poste. Exemple : agent d’entretien."),
        Training: ("title", "Écrivez le nom de la formation. Exemple : CAP cuisine."),
        Skills: ("title", "Donnez un nom à ce groupe. Exemple : Accueil."),
        Language: ("name", "Écrivez la langue. Exemple : portugais."),
    }[type(entry)]
    found = {} if getattr(entry, head).strip() else {head: sentence}
    if isinstance(entry, Skills) and not any(map(str.strip, entry.items)):
        found["items"] = "Écrivez au moins une chose que la personne sait faire."
    if isinstance(entry, Experience | Training):
        for name in ("start", "end"):
            typed = getattr(entry, name)
            if typed.strip() and not _is_date(typed) and not (name == "end" and _is_now(typed)):
                found[name] = "Écrivez une année, ou un mois et une année. Exemples : 2019, mars 2019."
        start, end = month(entry.start), month(entry.end)
        if start and end and (end.year, end.month or 12) < (start.year, start.month or 1):
            found["end"] = "La fin est avant le début."
    return found


def _is_empty(entry: object) -> bool:
    return not any(map(str.strip, every_text(asdict(entry))))


def every_text(value: object) -> tuple[str, ...]:
    """Every string of a nested value."""
    if isinstance(value, str):
        return (value,)
    values = value.values() if isinstance(value, dict) else value
    return tuple(text for inside in values for text in every_text(inside))


# dates


class Month(NamedTuple):
    year: int
    month: int = 0  # 0 when only the year is known

    @property
    def said(self) -> str:
        return f"{MONTHS[self.month - 1]}{NBSP}{self.year}" if self.month else str(self.year)


def month(text: str) -> Month | None:
    """« 2019 », « 03/2019 », « 12/03/2019 », « mars 2019 »; None when it is something else."""
    words = fold(re.sub(r"[./-]", " ", text)).split()
    if not words or not words[-1].isdecimal() or len(words[-1]) not in (2, 4) or len(words) > 3:
        return None
    year = int(words[-1])
    if len(words[-1]) == 2:
        year += 2000 if year < 50 else 1900
    if not 1940 <= year <= 2100:
        return None
    if len(words) == 1:
        return Month(year) if len(words[0]) == 4 else None
    if len(words) == 3 and not (words[0].removesuffix("er").isdecimal() and int(words[0].removesuffix("er")) <= 31):
        return None
    number = month_number(words[-2])
    return Month(year, number) if number else None


def _is_date(text: str) -> bool:
    """A month, a year, or words and a year: « été 2019 »."""
    return month(text) is not None or bool(re.fullmatch(r"\D+ (19|20)\d\d", text.strip()))


def _is_now(text: str) -> bool:
    return fold(text) in _NOW


def period(start: str, end: str) -> str:
    """« mars 2019 – juin 2021 », « depuis 2022 », « 2020 »; what is not a date stays as it was typed."""
    first, last = month(start), month(end)
    began = first.said if first else typeset(clean(start))
    ended = "" if _is_now(end) else last.said if last else typeset(clean(end))
    if began and not ended:
        if not _is_now(end) and (not first or end.strip()):
            return began
        return f"{'depuis'}{NBSP}{began}"
    if not began or began == ended:
        return ended or ("en cours" if _is_now(end) else "")
    if first and last and first.year == last.year and first.month and last.month:
        began = MONTHS[first.month - 1]
    return f"{began}{NBSP}– {ended}"


def tidy(cv: CV) -> CV:
    """As it will be read: typeset, without empty lines or empty entries."""
    lists = {name: tuple(_tidy(entry) for entry in getattr(cv, name) if not _is_empty(entry)) for name in _LISTS}
    shown = _tidy(replace(cv, **dict.fromkeys(_LISTS, ())))
    return replace(shown, phone=phone(clean(cv.phone)), email=clean(cv.email), **lists)


def _tidy(entry):
    """Every string of one dataclass set as a typographer does."""
    texts = {name: value for f in fields(entry) if (value := getattr(entry, name := f.name)) and name in _typed(entry)}
    return replace(entry, **{name: _set(value) for name, value in texts.items()})


def _typed(entry) -> set[str]:
    return {f.name for f in fields(entry)} - {"start", "end", *_LISTS}


def _set(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    if isinstance(value, str):
        return typeset(clean(value))
    return tuple(text for line in value if (text := typeset(clean(line))))
