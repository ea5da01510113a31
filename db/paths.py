"""The ways up, as written in the lists: from the first letter to the last remedy, and what holds a threat back.

Shipped in `paths.toml`, each replaced by the place's own version if it has one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache

from db import lists, partners
from desktop import french

DELAY = re.compile(r"(?:(?P<anchor>[a-z0-9_]+)\s*\+\s*)?(?P<count>\d{1,3})\s+(?P<unit>jours?|mois|fins? d’année)")
_ANCHORS = ("notification", "ouverture", "menace", "aide_fsl")


@dataclass(frozen=True)
class Notice:
    """Which letter the date on the dossier is, and the days it leaves before the threat."""

    code: str
    label: str
    days: tuple[int, ...]
    protected: tuple[int, ...] = ()
    by: tuple[str, ...] = ()

    def delays(self, facts: Iterable[str]) -> tuple[int, ...]:
        return self.protected if self.protected and set(self.by) & set(facts) else self.days


@dataclass(frozen=True)
class Step:
    """`after` and `before` as written in the list: « 10 jours », « reclamation + 2 mois », « menace ».

    `values`: what its letter says in this step, by field of the template.
    """

    code: str
    label: str
    letter: str = ""
    after: str = ""
    before: str = ""
    source: str = ""
    note: str = ""
    optional: bool = False
    or_answer: bool = False
    answer_before: str = ""
    partners: tuple[str, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Path:
    """For which dossiers, what its clock is, what threatens, and its steps in order."""

    code: str
    label: str
    sectors: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    clock: str = ""
    threat: str = ""
    notice_source: str = ""
    notices: tuple[Notice, ...] = ()
    steps: tuple[Step, ...] = ()
    archived: bool = False


@dataclass(frozen=True)
class Protection:
    """What holds the threat back: a season each year, or a delay; for whom, by which facts."""

    code: str
    text: str
    source: str
    sectors: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    season: tuple[str, ...] = ()
    delay: str = ""
    needs: tuple[str, ...] = ()
    all: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    unless_all: tuple[str, ...] = ()
    tone: str = "protege"


@cache
def _shipped() -> dict[str, Path]:
    return {code: _path(code, entry) for code, entry in lists.read("paths")["path"].items()}


@cache
def protections() -> tuple[Protection, ...]:
    return tuple(Protection(**_tuples(entry)) for entry in lists.read("paths")["protection"])


def _path(code: str, entry: Mapping) -> Path:
    rest = {name: value for name, value in entry.items() if name not in ("notice", "step")}
    return Path(
        code,
        notices=tuple(Notice(**_tuples(notice)) for notice in entry.get("notice", ())),
        steps=tuple(Step(**_tuples(step)) for step in entry.get("step", ())),
        **_tuples(rest),
    )


def _tuples(entry: Mapping) -> dict:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in entry.items()}


def paths(*, archived: bool = False) -> dict[str, Path]:
    """The paths as shipped, each replaced by the place's own version if it has one."""
    own = {
        value.code: replace(_path(value.code, {"label": value.label, **value.extra}), archived=value.archived)
        for value in lists.values("path", archived=True)
    }
    return {code: path for code, path in (_shipped() | own).items() if archived or not path.archived}


def save(path: Path) -> None:
    """Keep the place's own version of a path."""
    entry = asdict(path)
    entry["notice"], entry["step"] = entry.pop("notices"), entry.pop("steps")
    extra = {name: value for name, value in entry.items() if name not in ("code", "label", "archived")}
    lists.save("path", path.code, path.label, archived=path.archived, extra=extra)


def problems(path: Path) -> dict[str, str]:
    """What is wrong in a path, by field: « step.mediateur », « notice.relance2 »…"""
    found: dict[str, str] = {}
    codes = [step.code for step in path.steps]
    if not path.label.strip():
        found["label"] = "Donnez un nom à ce parcours. Exemple : Eau, fuite."
    if not path.steps:
        found["steps"] = "Un parcours a au moins une étape. Exemple : réclamer par écrit."
    for place, step in enumerate(path.steps):
        known = (*_ANCHORS, *codes[:place])
        if not step.label.strip() or not re.fullmatch(r"[a-z0-9_]+", step.code) or codes.count(step.code) > 1:
            found[f"step.{step.code}"] = "Chaque étape a un nom et un code à elle. Exemple : reclamation."
        elif not all(_readable(text, known) for text in (step.after, step.before, step.answer_before) if text):
            found[f"step.{step.code}"] = "Ce délai ne se lit pas. Exemples : 10 jours ; reclamation + 2 mois."
    for notice in path.notices:
        if not notice.days or min((*notice.days, *notice.protected)) < 1:
            found[f"notice.{notice.code}"] = "Donnez les délais en jours. Exemple : 14, 15, 20."
    return found


def _readable(text: str, anchors: Iterable[str]) -> bool:
    read = DELAY.fullmatch(text)
    return text in anchors or bool(read and (read["anchor"] is None or read["anchor"] in anchors))


def suggest(partner: str, kind: str) -> tuple[Path, ...]:
    """The paths of this partner and kind, the partner's own first."""
    sector, wanted = partners.partner(partner).sector, french.fold(kind)
    fit = [
        path
        for path in paths().values()
        if (partner in path.partners or (not path.partners and sector in path.sectors))
        and wanted in map(french.fold, path.kinds)
    ]
    return tuple(sorted(fit, key=lambda path: partner not in path.partners))
