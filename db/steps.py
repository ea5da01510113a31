"""The steps each dossier took on its path, those about to be lost, and the letter that takes one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from db import journal, partners, paths, preferences, standings, store, timeline
from db.ids import now
from db.opening import Calendar
from db.paths import Path
from db.schema import Dossier, DossierStep
from db.standings import Facts, Standing

FREE = ("courrier-libre",)
"""Letters that may be about anything."""


@dataclass(frozen=True)
class Near:
    """A date about to be lost, for the home screen."""

    dossier: str
    step: str
    last: date
    text: str


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
    return standings.standing(path, facts, preferences.calendar(), today)


def last_days(id: str, calendar: Calendar, today: date, *, answered: bool = False) -> tuple[date, ...]:
    """The last days still to come of the steps left; `answered`: as if an answer came today."""
    path, facts = _read("d.id = ?", (id,))[id]
    if answered:
        facts = replace(facts, answered_on=today)
    left = standings.steps(path, facts, calendar, today) if path else ()
    return tuple(step.last for step in left if step.pending and step.last and step.last >= today)


def near(today: date) -> tuple[Near, ...]:
    """Every last day within two weeks, before or after today, of the dossiers still open; the soonest first."""
    calendar = preferences.calendar()
    found = [
        Near(id, step.label, step.last, step.warning)
        for id, (path, facts) in _read(_STARTED).items()
        if path
        for step in standings.steps(path, facts, calendar, today, ending=True)
        if step.warning and step.last + standings.WARNED >= today
    ]
    return tuple(sorted(found, key=lambda each: each.last))


def _read(which: str, values: tuple = ()) -> dict[str, tuple[Path | None, Facts]]:
    done: dict[str, dict[str, date]] = {}
    for id, step, day in store.rows(_STEPS.format(which=which), values):
        done.setdefault(id, {})[step] = date.fromisoformat(day)
    known, guessed, found = paths.paths(archived=True), {}, {}
    sectors = {each.code: each.sector for each in partners.partners(archived=True)}
    for id, partner, kind, code, opened, notified, notice, protected, fsl, answered in store.rows(
        _FACTS.format(which=which), values
    ):
        if code not in known and (partner, kind) not in guessed:
            guessed[partner, kind] = next(iter(paths.suggest(partner, kind)), None)
        facts = Facts(
            partner, sectors.get(partner, "administration"), kind, date.fromisoformat(opened), store.day(notified), notice,
            frozenset(Dossier.protected.python_value(protected) or ()), done.get(id, {}),
            answered and store.instant(answered).date(), store.day(fsl),
        )  # fmt: skip
        found[id] = (known.get(code) or guessed.get((partner, kind)), facts)
    return found


def mark_done(dossier: str, step: str, day: date, letter: str | None = None, *, told: bool = False) -> None:
    """A step was taken; a line on the timeline says it, unless its letter already does (`told`)."""
    path, _ = _read("d.id = ?", (dossier,))[dossier]
    label = next((each.label for each in path.steps if each.code == step), step) if path else step
    with store.act(f"Étape faite : {label}"):
        store.insert(DossierStep, dossier=dossier, step=step, done_on=day, letter=letter)
        if letter is None and not told:
            timeline.tell(dossier, "etape", label)
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
    own = (step for step in of_dossier(dossier, today).steps if step.pending and step.letter == letter)
    fit = [step for step in own if step.values.items() <= values.items()]
    left = [step.code for step in fit if step.values] or [step.code for step in fit]
    if begun in left:
        return begun
    return left[0] if len(left) == 1 and letter not in FREE else ""


def choose(dossier: str, code: str) -> None:
    """Follow another path; the steps taken stay."""
    with store.act(f"Parcours choisi : {paths.paths(archived=True)[code].label}"):
        store.update(Dossier, dossier, path=code)
