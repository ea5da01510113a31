"""The way up: where a dossier stands between its first letter and the last remedy, not before when, not after when.

Dates are prudent: a last day falls on an open day or before it, a first day on an open day or after it. The law's own
words are in `sources.toml`, read here as any list: `db` and `desktop.documents` ignore each other. A date whose source is
not settled, or is due for review, says « à faire vérifier »; none ever says that it is too late.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from functools import cache, lru_cache

from db import journal, lists, partners, preferences, store
from db.ids import now
from db.opening import Calendar
from db.schema import Dossier, DossierEvent, DossierStep
from desktop import french
from desktop.instalments import months_later

SETTLED = ("lu", "établi")
WARNED = timedelta(days=14)
FREE = ("courrier-libre",)
"""Letters that may be about anything."""
DONE, SKIPPED, POSSIBLE, WAITING, PAST = "fait", "passe", "possible", "attend", "a_verifier"
_ANCHORS = ("notification", "ouverture", "menace", "aide_fsl")
_DELAY = re.compile(r"(?:(?P<anchor>[a-z0-9_]+)\s*\+\s*)?(?P<count>\d{1,3})\s+(?P<unit>jours?|mois|fins? d’année)")
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """One rule of law and how sure we are of it."""

    key: str
    citation: str = ""
    rule: str = ""
    status: str = "à vérifier"
    source: str = ""
    checked_on: date | None = None
    review_before: date | None = None

    def settled(self, today: date) -> bool:
        return self.status in SETTLED and self.review_before is not None and today <= self.review_before

    def line(self, today: date) -> str:
        """« article L. 115-3 du code… · établi, vérifié le 23/11/2026 »."""
        said = self.citation or self.source or "source à compléter"
        if self.checked_on is None:
            return f"{said} · à vérifier"
        stale = "" if self.review_before is None or today <= self.review_before else ", à revoir"
        return f"{said} · {self.status}, vérifié le {french.short_date(self.checked_on)}{stale}"


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


@dataclass(frozen=True)
class Facts:
    """What the deadlines of a dossier are counted from; `fsl_on`: an FSL help asked and not answered yet."""

    partner: str = ""
    sector: str = ""
    kind: str = ""
    opened_on: date | None = None
    notified_on: date | None = None
    notice: str = ""
    protected: frozenset[str] = frozenset()
    done: Mapping[str, date] = field(default_factory=dict, hash=False)
    answered_on: date | None = None
    fsl_on: date | None = None


@dataclass(frozen=True)
class Planned:
    """A step in its time. `state`: fait · passe · possible · attend · a_verifier; `doubtful`: à faire vérifier."""

    code: str
    label: str
    letter: str
    note: str
    optional: bool
    state: str
    done_on: date | None
    earliest: date | None
    last: date | None
    warning: str
    doubtful: bool
    source: str
    values: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def pending(self) -> bool:
        return self.state in (POSSIBLE, WAITING, PAST)


@dataclass(frozen=True)
class Alert:
    """One sentence above the path, with its source. `tone`: menace · protege · attention."""

    code: str
    text: str
    tone: str
    doubtful: bool
    source: str
    on: date | None = None


@dataclass(frozen=True)
class Standing:
    """Where a dossier stands; `path` is None when none is written for its kind."""

    path: Path | None
    steps: tuple[Planned, ...]
    next: Planned | None
    alerts: tuple[Alert, ...]

    @property
    def warnings(self) -> tuple[Planned, ...]:
        """Steps whose last day is near, the soonest first; then those whose day is gone."""
        return _pressing(self.steps)


@dataclass(frozen=True)
class Near:
    """A date about to be lost, for the home screen."""

    dossier: str
    step: str
    last: date
    text: str


# What is written in the lists


@cache
def sources() -> dict[str, Source]:
    return {
        key: Source(key, s.get("citation", ""), s["regle"], s["statut"], s["source"], s["lu_le"], s["a_revoir_avant"])
        for key, s in lists.read("sources").items()
    }


def source(key: str) -> Source:
    """An unknown key is never settled."""
    return sources().get(key) or Source(key)


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
    read = _DELAY.fullmatch(text)
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


# Where it stands


def standing(path: Path | None, facts: Facts, calendar: Calendar, today: date) -> Standing:
    """Pure: the same facts on the same day stand at the same place."""
    if path is None:
        return Standing(None, (), None, _alerts(None, facts, None, today))
    steps = _steps(path, facts, calendar, today)
    return Standing(path, steps, _next(steps), _alerts(path, facts, _threat(path, facts), today))


def _steps(path: Path, facts: Facts, calendar: Calendar, today: date, *, ending: bool = False) -> tuple[Planned, ...]:
    """Each step in its time; or only those that have a last day."""
    threat = _threat(path, facts)
    wanted = [step for step in path.steps if not step.partners or facts.partner in step.partners]
    reached = max((place for place, step in enumerate(wanted) if step.code in facts.done), default=-1)
    befores = ["ouverture", *(step.code for step in wanted)]
    return tuple(
        _planned(step, befores[place], facts, threat, calendar, today, passed=place < reached)
        for place, step in enumerate(wanted)
        if not ending or step.before or step.answer_before
    )


def _pressing(planned: Iterable[Planned]) -> tuple[Planned, ...]:
    return tuple(sorted((step for step in planned if step.warning), key=lambda step: (step.state == PAST, step.last)))


def _next(planned: tuple[Planned, ...]) -> Planned | None:
    """The step that presses most, else the first left.

    One that may be left out gives way when its time is over, unknown, or another's has come.
    """
    if pressing := _pressing(planned):
        return pressing[0]
    left = [step for step in planned if step.pending]
    for place, step in enumerate(left):
        if not step.optional:
            return step
        timely = step.state == POSSIBLE or (step.state == WAITING and step.earliest is not None)
        if timely and not any(_has_come(other) for other in left[place + 1 :]):
            return step
    return left[0] if left else None


def _has_come(step: Planned) -> bool:
    """It must be taken, it had to wait, and it may be taken now."""
    return not step.optional and step.state == POSSIBLE and step.earliest is not None


def _planned(
    step: Step, before: str, facts: Facts, threat: date | None, calendar: Calendar, today: date, *, passed: bool
) -> Planned:
    doubtful, law = _law(source(step.source), today) if step.source else (False, "")
    done = facts.done.get(step.code)
    answer = _answer(step, before, facts)
    first = answer if step.or_answer and answer else _counted(step.after, before, facts, threat)
    final = _counted(step.before, before, facts, threat)
    if step.before == "menace" and final:
        final -= _DAY
    if step.answer_before and answer:
        final = min(filter(None, (final, _add(answer, _DELAY.fullmatch(step.answer_before)))))
    earliest, last = first and calendar.next(first), final and calendar.previous(final)
    if done:
        state = DONE
    elif passed:
        state = SKIPPED
    elif last and today > last:
        state = PAST
    elif (step.after and earliest is None) or (earliest and today < earliest):
        state = WAITING
    else:
        state = POSSIBLE
    silent = done or passed or last is None or (step.optional and state == PAST)
    warning = "" if silent else _warning(last, today, doubtful)
    return Planned(
        step.code, step.label, step.letter, step.note, step.optional, state, done, earliest, last, warning, doubtful, law,
        step.values,
    )  # fmt: skip


@lru_cache(maxsize=256)
def _law(law: Source, today: date) -> tuple[bool, str]:
    """Whether a rule is to be checked on this day, and its line."""
    return not law.settled(today), law.line(today)


def _answer(step: Step, before: str, facts: Facts) -> date | None:
    """The answer received after the step this one waits for: the same day, it is what that step answers to."""
    read = _DELAY.fullmatch(step.after)
    waited = facts.done.get((read and read["anchor"]) or before)
    return facts.answered_on if waited and facts.answered_on and facts.answered_on > waited else None


def _counted(text: str, before: str, facts: Facts, threat: date | None) -> date | None:
    """The day a written delay falls on; None while what it starts from has not happened."""
    if not text:
        return None
    read = _DELAY.fullmatch(text)
    anchor = (read["anchor"] or before or "ouverture") if read else text
    start = {"notification": facts.notified_on, "ouverture": facts.opened_on, "menace": threat,
             "aide_fsl": facts.fsl_on}.get(anchor) or facts.done.get(anchor)  # fmt: skip
    return _add(start, read) if start and read else start


def _add(start: date, read: re.Match) -> date:
    count = int(read["count"])
    if read["unit"].startswith("jour"):
        return start + count * _DAY
    if read["unit"] == "mois":
        return months_later(start, count)
    return date(start.year + count, 12, 31)


def _warning(last: date, today: date, doubtful: bool) -> str:
    """One sentence within two weeks of the last day, and after it; never « trop tard »."""
    check = " Délai à faire vérifier." if doubtful else ""
    if today > last:
        return f"La date prudente du {french.long_date(last)} est passée : à faire vérifier avant de renoncer."
    if last - today > WARNED:
        return ""
    if last == today:
        return f"À faire aujourd’hui : c’est le dernier jour prudent.{check}"
    return f"À faire avant le {french.long_date(last)} : il reste {french.counted((last - today).days, 'jour')}.{check}"


def _notice(path: Path, facts: Facts) -> Notice | None:
    """The letter named on the dossier; unknown, the one that leaves the least time."""
    if facts.notified_on is None or not path.notices:
        return None
    named = next((notice for notice in path.notices if notice.code == facts.notice), None)
    return named or min(path.notices, key=lambda notice: sum(notice.delays(facts.protected)))


def _threat(path: Path, facts: Facts) -> date | None:
    """The first day on which what threatens may happen."""
    notice = _notice(path, facts)
    return facts.notified_on + sum(notice.delays(facts.protected)) * _DAY if notice else None


# Alerts


def _alerts(path: Path | None, facts: Facts, threat: date | None, today: date) -> tuple[Alert, ...]:
    found = [_threat_alert(path, facts, threat, today)] if path and threat else []
    if path and path.clock and facts.notified_on is None and _counts_from_notice(path):
        text = f"{path.clock} : notez-la, les délais se comptent à partir d’elle."
        found.append(Alert("date_a_noter", text, "attention", False, ""))
    return tuple(found + [alert for each in protections() if (alert := _alert(each, facts, threat, today))])


def _counts_from_notice(path: Path) -> bool:
    written = [text for step in path.steps for text in (step.after, step.before)]
    return any(text == "menace" or text.startswith("notification") for text in written)


def _threat_alert(path: Path, facts: Facts, threat: date, today: date) -> Alert:
    notice = _notice(path, facts)
    days = " + ".join(str(count) for count in notice.delays(facts.protected))
    law = source(path.notice_source)
    text = (
        f"{path.threat} possible à partir du {french.long_date(threat)} : {days} jours après {notice.label} "
        f"du {french.long_date(facts.notified_on)}."
    )
    if not facts.notice and len(path.notices) > 1:
        text += " Courrier non précisé : le délai le plus court est compté."
    doubtful = not law.settled(today)
    return Alert("menace", _checked(text, doubtful), "menace", doubtful, law.line(today), threat)


def _alert(each: Protection, facts: Facts, threat: date | None, today: date) -> Alert | None:
    if not _concerns(each, facts):
        return None
    until = _until(each, facts, threat, today)
    if (each.season or each.delay) and (until is None or until < today):
        return None
    law = source(each.source)
    doubtful = not law.settled(today)
    text = each.text.replace("{date}", french.long_date(until)) if until else each.text
    return Alert(each.code, _checked(text, doubtful), each.tone, doubtful, law.line(today), until)


def _concerns(each: Protection, facts: Facts) -> bool:
    has = facts.protected
    return (
        (not each.sectors or facts.sector in each.sectors)
        and (not each.partners or facts.partner in each.partners)
        and (not each.kinds or facts.kind in each.kinds)
        and (not each.needs or bool(has & set(each.needs)))
        and has >= set(each.all)
        and not has & set(each.unless)
        and not (each.unless_all and has >= set(each.unless_all))
    )


def _until(each: Protection, facts: Facts, threat: date | None, today: date) -> date | None:
    if each.season:
        return _season_end(each.season, today) or (_season_end(each.season, threat) if threat else None)
    return _counted(each.delay, "", facts, threat) if each.delay else None


def _season_end(season: tuple[str, ...], day: date) -> date | None:
    """The last day of the season this day is in; a season may run over the new year."""
    (first_month, first), (last_month, last) = (tuple(map(int, text.split("-"))) for text in season)
    for year in (day.year, day.year + 1):
        end = date(year, last_month, last)
        start = date(year - (season[0] > season[1]), first_month, first)
        if start <= day <= end:
            return end
    return None


def _checked(text: str, doubtful: bool) -> str:
    return f"{text} À faire vérifier." if doubtful else text


# The dossiers

_FACTS = """
SELECT d.id, d.partner, d.kind, d.path, d.opened_on, d.notified_on, d.notice, d.protected,
       (SELECT max(h.asked_on) FROM help h WHERE h.dossier_id = d.id AND h.kind = 'fsl' AND h.answered_on IS NULL
        AND h.removed_at IS NULL),
       (SELECT max(e.at) FROM dossier_event e WHERE e.dossier_id = d.id AND e.kind = 'reponse'
        AND e.removed_at IS NULL)
FROM dossier d WHERE {which}
"""
_STEPS = """
SELECT s.dossier_id, s.step, max(s.done_on) FROM dossier_step s JOIN dossier d ON d.id = s.dossier_id
WHERE s.removed_at IS NULL AND {which} GROUP BY 1, 2
"""
_STARTED = """d.removed_at IS NULL AND d.state <> 'clos' AND (d.notified_on IS NOT NULL
    OR EXISTS (SELECT 1 FROM dossier_step t WHERE t.dossier_id = d.id AND t.removed_at IS NULL))"""
"""Open, and something runs: before a letter's date or a first step there is no day to lose."""


def of_dossier(id: str, today: date) -> Standing:
    """Where one dossier stands, in three queries."""
    found = _read("d.id = ?", (id,))
    if not found:
        raise LookupError(id)
    path, facts = found[id]
    return standing(path, facts, preferences.calendar(), today)


def last_days(id: str, calendar: Calendar, today: date, *, answered: bool = False) -> tuple[date, ...]:
    """The last days still to come of the steps left; `answered`: as if an answer came today."""
    path, facts = _read("d.id = ?", (id,))[id]
    if answered:
        facts = replace(facts, answered_on=today)
    steps = _steps(path, facts, calendar, today) if path else ()
    return tuple(step.last for step in steps if step.pending and step.last and step.last >= today)


def near(today: date) -> tuple[Near, ...]:
    """Every last day within two weeks, before or after today, of the dossiers still open; the soonest first."""
    calendar = preferences.calendar()
    found = [
        Near(id, step.label, step.last, step.warning)
        for id, (path, facts) in _read(_STARTED).items()
        if path
        for step in _steps(path, facts, calendar, today, ending=True)
        if step.warning and step.last + WARNED >= today
    ]
    return tuple(sorted(found, key=lambda each: each.last))


def _read(which: str, values: tuple = ()) -> dict[str, tuple[Path | None, Facts]]:
    done: dict[str, dict[str, date]] = {}
    for id, step, day in store.rows(_STEPS.format(which=which), values):
        done.setdefault(id, {})[step] = date.fromisoformat(day)
    known, guessed, found = paths(archived=True), {}, {}
    sectors = {each.code: each.sector for each in partners.partners(archived=True)}
    for id, partner, kind, code, opened, notified, notice, protected, fsl, answered in store.rows(
        _FACTS.format(which=which), values
    ):
        if code not in known and (partner, kind) not in guessed:
            guessed[partner, kind] = next(iter(suggest(partner, kind)), None)
        facts = Facts(
            partner, sectors.get(partner, "administration"), kind, date.fromisoformat(opened), _day(notified), notice,
            frozenset(Dossier.protected.python_value(protected) or ()), done.get(id, {}),
            answered and store.instant(answered).date(), _day(fsl),
        )  # fmt: skip
        found[id] = (known.get(code) or guessed.get((partner, kind)), facts)
    return found


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def mark_done(dossier: str, step: str, day: date, letter: str | None = None, *, told: bool = False) -> None:
    """A step was taken; a line on the timeline says it, unless its letter already does (`told`)."""
    path, _ = _read("d.id = ?", (dossier,))[dossier]
    label = next((each.label for each in path.steps if each.code == step), step) if path else step
    with store.act(f"Étape faite : {label}"):
        store.insert(DossierStep, dossier=dossier, step=step, done_on=day, letter=letter)
        if letter is None and not told:
            store.insert(DossierEvent, dossier=dossier, at=now(), kind="etape", summary=label)
        journal.write("dossier.etape", dossier)


def mark_undone(dossier: str, step: str) -> None:
    """It was not taken after all."""
    with store.act("Étape remise à faire"):
        for row in DossierStep.select(DossierStep.id).where(
            DossierStep.dossier == dossier, DossierStep.step == step, DossierStep.removed_at.is_null()
        ):
            store.update(DossierStep, row.id, removed_at=now())


def taken_by(dossier: str, letter: str, values: Mapping[str, object], today: date, begun: str = "") -> str:
    """The step that this letter surely takes: the one it was begun from, else the only one left for it and what it says.

    A free letter may be about anything: it takes no step but the one it was begun from.
    """
    steps = (step for step in of_dossier(dossier, today).steps if step.pending and step.letter == letter)
    fit = [step for step in steps if step.values.items() <= values.items()]
    left = [step.code for step in fit if step.values] or [step.code for step in fit]
    if begun in left:
        return begun
    return left[0] if len(left) == 1 and letter not in FREE else ""


def choose(dossier: str, code: str) -> None:
    """Follow another path; the steps taken stay."""
    with store.act(f"Parcours choisi : {paths(archived=True)[code].label}"):
        store.update(Dossier, dossier, path=code)
