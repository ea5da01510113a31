"""The questions of a visit, in the order they are asked; each answered by one digit."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from db import lists, preferences, visits
from desktop import french

YES_NO = (("oui", "Oui"), ("non", "Non"), ("NC", "Ne sait pas"))


@dataclass(frozen=True)
class Option:
    code: str
    label: str
    icon: str = ""


@dataclass(frozen=True)
class Step:
    """A question: `options(draft, n)` for demand n, `read` its answer, `write` the draft with it."""

    name: str
    title: str
    options: Callable[[visits.Draft, int], tuple[Option, ...]]
    read: Callable[[visits.Draft, int], str]
    write: Callable[[visits.Draft, int, str], visits.Draft]


def _of_list(kind: str) -> Callable[[visits.Draft, int], tuple[Option, ...]]:
    """The values of a list, under their short labels when they have some."""

    def options(draft: visits.Draft, n: int) -> tuple[Option, ...]:
        short = {v.code: v.label for v in lists.values(f"{kind}_short")}
        return tuple(Option(v.code, short.get(v.code, v.label)) for v in lists.values(kind) if v.code != "NC")

    return options


def with_demand(draft: visits.Draft, n: int, **changes: object) -> visits.Draft:
    demands = list(draft.demands)
    demands[n] = replace(demands[n], **changes)
    return replace(draft, demands=tuple(demands))


def _demand_step(name: str, title: str, kind: str) -> Step:
    return Step(
        name, title, _of_list(kind),
        lambda draft, n: getattr(draft.demands[n], name),
        lambda draft, n, code: with_demand(draft, n, **{name: code}),
    )  # fmt: skip


def _profile_step(name: str, title: str, kind: str) -> Step:
    return Step(
        name, title, _of_list(kind),
        lambda draft, n: "" if draft.profile is None or getattr(draft.profile, name) == "NC" else getattr(draft.profile, name),
        lambda draft, n, code: replace(draft, profile=replace(draft.profile or visits.Profile(), **{name: code})),
    )  # fmt: skip


def _families(draft: visits.Draft, n: int) -> tuple[Option, ...]:
    return tuple(Option(str(f.digit), f.label, f.icon) for f in lists.families())


def _precisions(draft: visits.Draft, n: int) -> tuple[Option, ...]:
    chosen = draft.demands[n].family
    if not chosen:
        return ()
    return tuple(Option(f"{p.theme}.{p.subtheme}", p.label) for p in lists.family(chosen).precisions)


def _read_precision(draft: visits.Draft, n: int) -> str:
    demand = draft.demands[n]
    if not demand.theme:
        return ""
    exact = f"{demand.theme}.{demand.subtheme}"
    options = [option.code for option in _precisions(draft, n)]
    return exact if exact in options else next((c for c in options if c.startswith(f"{demand.theme}.")), exact)


def _write_family(draft: visits.Draft, n: int, code: str) -> visits.Draft:
    same = draft.demands[n].family == int(code)
    return with_demand(draft, n, family=int(code), **({} if same else {"theme": "", "subtheme": "", "organism": ""}))


def _write_precision(draft: visits.Draft, n: int, code: str) -> visits.Draft:
    theme, subtheme = code.split(".")
    return with_demand(draft, n, theme=theme, subtheme=subtheme)


def _write_nature(draft: visits.Draft, n: int, code: str) -> visits.Draft:
    return with_demand(draft, n, nature=code, online=draft.demands[n].online or code == "en_ligne")


DELAYS = ((1, ""), (3, "3 jours"), (7, "7 jours"), (14, "14 jours"), (30, "1 mois"))


def _delays(draft: visits.Draft, n: int) -> tuple[Option, ...]:
    """Two delays may fall on the same open day: each keeps its digit."""
    found: list[Option] = []
    today = date.today()
    for days, text in DELAYS:
        day = preferences.next_open_day(today + timedelta(days=days))
        label = french.reopening(day, today) if days == 1 else text
        found.append(Option(day.isoformat(), f"{label} · {french.DAYS[day.weekday()][:3]}. {day.day}"))
    return tuple(found)


def _read_delay(draft: visits.Draft, n: int) -> str:
    day = draft.demands[n].follow_up
    return day.isoformat() if day else ""


FAMILY = Step("family", "Motif", _families, lambda d, n: str(d.demands[n].family or ""), _write_family)
PRECISION = Step("theme", "Précision", _precisions, _read_precision, _write_precision)
NATURE = Step("nature", "Fait", _of_list("nature"), lambda d, n: d.demands[n].nature, _write_nature)
OUTCOME = _demand_step("outcome", "Suite", "outcome")
FOLLOW_UP = Step("follow_up", "Quand", _delays, _read_delay,
                 lambda d, n, code: with_demand(d, n, follow_up=date.fromisoformat(code)))  # fmt: skip
REFERRED = _demand_step("referred_to", "Vers", "referred_to")
PROFILE = (
    _profile_step("gender", "Genre", "gender"),
    _profile_step("age", "Âge", "age"),
    _profile_step("status", "Situation", "status"),
)


def plan(draft: visits.Draft, n: int, *, with_profile: bool) -> tuple[Step, ...]:
    """The steps of demand `n` as answered so far: a follow-up asks its date, a referral its direction."""
    demand = draft.demands[n]
    steps = [FAMILY, PRECISION, NATURE, OUTCOME]
    if demand.outcome == "a_suivre":
        steps.append(FOLLOW_UP)
    if demand.outcome == "oriente":
        steps.append(REFERRED)
    return (*steps, *(PROFILE if with_profile else ()))
