"""Where a dossier stands on its path: not before when, not after when, and what holds the threat back. Nothing is read.

Dates are prudent: a last day falls on an open day or before it, a first day on an open day or after it. A date whose
source is not settled, or is due for review, says « à faire vérifier »; none ever says that it is too late.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from db.opening import Calendar
from db.paths import DELAY, Notice, Path, Protection, Step, protections
from db.sources import Source, source
from desktop import french
from desktop.instalments import months_later

WARNED = timedelta(days=14)
DONE, SKIPPED, POSSIBLE, WAITING, PAST = "fait", "passe", "possible", "attend", "a_verifier"
_DAY = timedelta(days=1)


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


def standing(path: Path | None, facts: Facts, calendar: Calendar, today: date) -> Standing:
    """Pure: the same facts on the same day stand at the same place."""
    if path is None:
        return Standing(None, (), None, _alerts(None, facts, None, today))
    found = steps(path, facts, calendar, today)
    return Standing(path, found, _next(found), _alerts(path, facts, _threat(path, facts), today))


def steps(path: Path, facts: Facts, calendar: Calendar, today: date, *, ending: bool = False) -> tuple[Planned, ...]:
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
        final = min(filter(None, (final, _add(answer, DELAY.fullmatch(step.answer_before)))))
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
    read = DELAY.fullmatch(step.after)
    waited = facts.done.get((read and read["anchor"]) or before)
    return facts.answered_on if waited and facts.answered_on and facts.answered_on > waited else None


def _counted(text: str, before: str, facts: Facts, threat: date | None) -> date | None:
    """The day a written delay falls on; None while what it starts from has not happened."""
    if not text:
        return None
    read = DELAY.fullmatch(text)
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
