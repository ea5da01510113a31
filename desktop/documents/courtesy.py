"""Courtesy copies: the words of the take-away sheet in other languages, and translated bodies of letters.

Nothing here is sent: the French version alone is. A body is shown only when a named person has read it again, and only
beside the very version of the French template it translates.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from desktop.french import parse_date, weekday_date
from desktop.paths import RESOURCES

FRENCH = "fr"
ROWS = ("fait", "a_faire", "apporter", "prochaine_etape", "prochaine_date", "appeler")
"""The fields of the take-away sheet (W13), in the order of the page."""
FILE = RESOURCES / "lists" / "courtesy.toml"
BODIES = RESOURCES / "courtesy"


@dataclass(frozen=True)
class Language:
    """One language: who answers for its words, and the words."""

    code: str
    name: str
    right_to_left: bool
    status: str
    translated_by: str
    reviewed_by: str  # empty: the sheet says « traduction à relire »
    read_on: date | None
    words: dict[str, str]


@cache
def _every(file: Path) -> dict[str, Language]:
    return {
        code: Language(
            code, given["nom"], given.get("sens") == "droite", given.get("statut", ""), given.get("traduit_par", ""),
            given.get("relu_par", "").strip(), given.get("lu_le"), given["mots"],
        )
        for code, given in tomllib.loads(file.read_text("utf-8")).items()
    }  # fmt: skip


def languages() -> dict[str, Language]:
    """The languages a sheet can be copied in, French apart."""
    return {code: language for code, language in _every(FILE).items() if code != FRENCH}


def french() -> dict[str, str]:
    """The same words in French."""
    return _every(FILE)[FRENCH].words


def rows(values: Mapping[str, object], today: date) -> list[tuple[str, str]]:
    """What is typed in the take-away sheet, for its courtesy copy; a day is written out."""
    found = {name: str(values.get(name) or "").strip() for name in ROWS}
    day = parse_date(found["prochaine_date"], today)
    return list((found | {"prochaine_date": weekday_date(day) if day else ""}).items())


def courtesy_body(template_id: str, version: int, language: str, folder: Path = BODIES) -> str | None:
    """The translated body of that version of a template; None when there is none, or stale, or signed by nobody."""
    try:
        text = (folder / f"{template_id}.{language}.md").read_text("utf-8")
        front = re.fullmatch(r"\+\+\+\n(.*?\n)\+\+\+\n(.*)", text.replace("\r\n", "\n"), re.DOTALL)
        given = tomllib.loads(front[1]) if front else {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None
    signed = str(given.get("relu_par", "")).strip()
    return front[2].strip() or None if signed and given.get("version") == version else None
