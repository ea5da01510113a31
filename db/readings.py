"""Meter readings of a dossier: what was used, what a year will use, what the bill says, and what doubles.

A series is what the meter showed, and what bills said as long as no reading contradicts them. Everything is whole numbers
and fractions: nothing is rounded before it is shown.
"""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor

from db import store
from db.ids import now
from db.schema import Reading
from desktop import french
from desktop.french import NBSP
from desktop.instalments import months_later

METERS = {"electricite": "Électricité", "gaz": "Gaz", "eau": "Eau"}
UNITS = {"electricite": ("kWh",), "gaz": ("m³", "kWh"), "eau": ("m³",)}
"""The first is the usual one; gas is read in cubic metres and billed in kWh, by a coefficient."""

VALUE_MAX = 99_999_999
COEFFICIENTS = (7_000, 15_000)
YEAR = 365
WHOLE_YEAR = 300
"""Days of readings from which a year's estimate no longer depends much on the season."""
ENOUGH_DAYS = 7
REFERENCE_DAYS = 30
REFERENCE_YEARS = 3
SAME_MONTHS, BEFORE = "mêmes mois", "périodes précédentes"


@dataclass(frozen=True)
class Draft:
    """A reading as typed; `coefficient` in thousandths of kWh for a cubic metre."""

    meter: str = ""
    day: date | None = None
    value: int | None = None
    unit: str = ""
    billed: bool = False
    changed: bool = False
    coefficient: int | None = None


@dataclass(frozen=True)
class Line:
    id: str
    meter: str
    day: date
    value: int
    unit: str
    billed: bool = False
    changed: bool = False
    coefficient: int | None = None


@dataclass(frozen=True)
class Period:
    """What was used between two readings."""

    start: date
    end: date
    amount: int
    unit: str
    coefficient: int | None = None

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def per_day(self) -> Fraction:
        return Fraction(self.amount, self.days)

    @property
    def kwh(self) -> int | None:
        return _kwh(self.amount, self.unit, self.coefficient)


@dataclass(frozen=True)
class Estimate:
    """A year at the pace of the last twelve months; `seasonal`: less than ten months are known, a season is missing."""

    amount: int
    unit: str
    days: int
    kwh: int | None = None
    seasonal: bool = False


@dataclass(frozen=True)
class Comparison:
    """What the last bill says the meter showed, and what it should have shown; `exact`: it was read that very day."""

    day: date
    billed: int
    expected: int
    unit: str
    exact: bool

    @property
    def difference(self) -> int:
        """Above zero, the bill asks for more than was used."""
        return self.billed - self.expected


@dataclass(frozen=True)
class Alert:
    """A period above the double of the average; `average` is for as many days."""

    period: Period
    average: Fraction
    reference: str
    source: str = ""


def problems(draft: Draft, earlier: Iterable[Line], today: date) -> dict[str, str]:
    """Say what is wrong, field by field; `earlier`: the readings the dossier already has."""
    found: dict[str, str] = {}
    if draft.meter not in METERS:
        found["meter"] = "Choisissez le compteur. Exemple : eau."
    if draft.day is None:
        found["day"] = f"Cette date n’existe pas. Exemple : {french.short_date(today)}."
    elif draft.day > today:
        found["day"] = f"Ce jour n’est pas encore venu. Exemple : {french.short_date(today)}."
    elif (today - draft.day).days > 3653:
        found["day"] = "Ce relevé a plus de dix ans : vérifiez l’année."
    if draft.value is None or draft.value < 0:
        found["value"] = "Écrivez l’index en chiffres, sans virgule. Exemple : 12345."
    elif draft.value > VALUE_MAX:
        found["value"] = "Cet index a trop de chiffres : 8 au plus. Exemple : 12345."
    if draft.coefficient is not None and not COEFFICIENTS[0] <= draft.coefficient <= COEFFICIENTS[1]:
        found["coefficient"] = "Le coefficient se lit sur la facture, entre 7 et 15. Exemple : 11,2."
    same = [line for line in earlier if line.meter == draft.meter]
    if draft.meter in METERS and (problem := _unit_problem(draft, same)):
        found["unit"] = problem
    if not found and (problem := _order_problem(draft, same)):
        found["day" if problem.startswith("Un relevé") else "value"] = problem
    return found


def _unit_problem(draft: Draft, same: list[Line]) -> str:
    units = UNITS[draft.meter]
    if draft.unit and draft.unit not in units:
        return f"Ce compteur se relève en {' ou en '.join(units)}."
    kept = same[-1].unit if same else ""
    if kept and (draft.unit or units[0]) != kept:
        return f"Ce compteur est déjà suivi en {kept} : gardez cette unité."
    return ""


def _order_problem(draft: Draft, same: list[Line]) -> str:
    """A meter never goes back, unless it is another; a bill may, when it corrects the one before."""
    alike = sorted((line for line in same if line.billed == draft.billed), key=_order)
    if any(_order(line) == _order(draft) for line in alike):
        return f"Un relevé est déjà noté le {french.short_date(draft.day)}. Retirez-le pour le corriger."
    if draft.billed:
        return ""
    before = next((line for line in reversed(alike) if _order(line) < _order(draft)), None)
    after = next((line for line in alike if _order(line) > _order(draft)), None)
    if before and before.value > draft.value and not draft.changed:
        return (
            f"L’index baisse : il était de {_number(before.value)} le {french.short_date(before.day)}. "
            "Corrigez-le, ou cochez « compteur changé »."
        )
    if after and after.value < draft.value and not after.changed:
        return (
            f"L’index dépasse celui du {french.short_date(after.day)}, qui est de {_number(after.value)}. Corrigez-le."
        )
    return ""


def parse_index(text: str) -> int | None:
    """« 12 345 », « 123,456 » (what follows the comma is left out), or day and night added: « 8000 + 4345 »."""
    found = [re.fullmatch(r"([0-9]+)(,[0-9]*)?", "".join(part.split())) for part in text.split("+")]
    return sum(int(part[1]) for part in found) if all(found) else None


def parse_coefficient(text: str) -> int | None:
    """« 11,2 » or « 11.20 kWh/m³ » → 11200."""
    found = re.fullmatch(r"([0-9]{1,3})(?:[.,]([0-9]{1,6}))?(?:kWh/m[³3])?", "".join(text.split()))
    return int(found[1]) * 1000 + int(((found[2] or "") + "000")[:3]) if found else None


def add(dossier: str, draft: Draft) -> str:
    """Note a reading; its id."""
    fields = asdict(replace(draft, unit=draft.unit or UNITS[draft.meter][0]))
    with store.act(f"Relevé noté : {METERS[draft.meter].casefold()}"):
        return store.insert(Reading, dossier=dossier, **fields)


def remove(reading: str) -> None:
    with store.act("Relevé retiré"):
        store.update(Reading, reading, removed_at=now())


def of_dossier(dossier: str, meter: str = "") -> tuple[Line, ...]:
    """The readings of a dossier, or of one of its meters, the oldest first. One query."""
    rows = store.rows(
        "SELECT id, meter, day, value, unit, billed, changed, coefficient FROM reading "
        "WHERE dossier_id = ?1 AND removed_at IS NULL AND (?2 = '' OR meter = ?2) ORDER BY day, changed, id",
        (dossier, meter),
    )
    return tuple(
        Line(id, kind, date.fromisoformat(day), value, unit, bool(billed), bool(changed), coefficient)
        for id, kind, day, value, unit, billed, changed, coefficient in rows
    )


def meters(lines: Iterable[Line]) -> tuple[str, ...]:
    """The meters that were read, in the order of METERS."""
    known = {line.meter for line in lines}
    return tuple(code for code in METERS if code in known)


def _order(line: Line | Draft) -> tuple:
    return line.day, line.changed, line.billed


def series(readings: Iterable[Line]) -> tuple[Line, ...]:
    """One meter's readings in order; a bill that a reading contradicts is left out."""
    kept: list[Line] = []
    for line in sorted(readings, key=_order):
        while kept and not line.changed and kept[-1].billed and _contradicts(kept[-1], line):
            kept.pop()
        if line.billed and kept and not line.changed and (kept[-1].value > line.value or kept[-1].day == line.day):
            continue
        kept.append(line)
    return tuple(kept)


def _contradicts(bill: Line, line: Line) -> bool:
    return bill.value > line.value or (bill.day == line.day and not line.billed)


def consumption(readings: Iterable[Line]) -> tuple[Period, ...]:
    """What was used between each two readings of one meter; nothing across a change of meter."""
    return tuple(
        Period(one.day, other.day, other.value - one.value, other.unit, other.coefficient or one.coefficient)
        for one, other in pairwise(series(readings))
        if not other.changed and other.day > one.day and other.value >= one.value
    )


def yearly_estimate(readings: Iterable[Line]) -> Estimate | None:
    """A year at the pace of the last twelve months; None under a week of readings."""
    periods = consumption(readings)
    if not periods:
        return None
    since = periods[-1].end - timedelta(days=YEAR)
    recent = [period for period in periods if period.end > since]
    days = sum(_overlap(period, since, period.end) for period in recent)
    if days < ENOUGH_DAYS:
        return None
    used = sum(period.per_day * _overlap(period, since, period.end) for period in recent)
    last, amount = periods[-1], used / days * YEAR
    return Estimate(
        rounded(amount), last.unit, days, _kwh(amount, last.unit, last.coefficient), days < WHOLE_YEAR
    )  # fmt: skip


def compare_with_bill(readings: Iterable[Line]) -> Comparison | None:
    """The last bill against the meter: read that day, or reckoned from the readings around it; None without both."""
    lines = sorted(readings, key=_order)
    bill = next((line for line in reversed(lines) if line.billed), None)
    shown = [line for line in lines if not line.billed]
    if bill is None or len(shown) == 0:
        return None
    same = next((line for line in reversed(shown) if line.day == bill.day), None)
    if same:
        return Comparison(bill.day, bill.value, same.value, bill.unit, True)
    expected = _reckoned(shown, bill.day)
    return None if expected is None else Comparison(bill.day, bill.value, rounded(expected), bill.unit, False)


def _reckoned(shown: list[Line], day: date) -> Fraction | None:
    """What the meter must have shown a day that nobody read it, on its pace; at most a year away from a reading."""
    periods = consumption(shown)
    inside = next((period for period in periods if period.start < day < period.end), None)
    if inside:
        before = max((line for line in shown if line.day == inside.start), key=_order)
        return before.value + inside.per_day * (day - inside.start).days
    near = shown[-1] if day > shown[-1].day else shown[0] if day < shown[0].day else None
    if not periods or near is None or abs((day - near.day).days) > YEAR:
        return None
    pace = (periods[-1] if day > near.day else periods[0]).per_day
    return max(Fraction(0), near.value + pace * (day - near.day).days)


def doubled(readings: Iterable[Line]) -> tuple[Alert, ...]:
    """The periods of one meter above the double of the average before them, the latest first.

    The average is that of the same months of the three years before; for water, when they are not known, that of all
    that was used in these three years.
    """
    lines = tuple(readings)
    meter = lines[0].meter if lines else ""
    shown = consumption(line for line in lines if not line.billed)
    periods = shown if len(shown) > 1 else consumption(lines)
    found = [_alert(period, periods[:rank], meter == "eau") for rank, period in enumerate(periods)]
    return tuple(alert for alert in reversed(found) if alert)


def _alert(period: Period, before: tuple[Period, ...], water: bool) -> Alert | None:
    seasons = [(_years_before(period.start, n), _years_before(period.end, n)) for n in range(1, REFERENCE_YEARS + 1)]
    reference = SAME_MONTHS
    used, days = _used(before, seasons)
    if days * 2 < period.days or days < ENOUGH_DAYS:
        if not water:
            return None
        reference = BEFORE
        used, days = _used(before, [(_years_before(period.start, REFERENCE_YEARS), period.start)])
        if days < REFERENCE_DAYS:
            return None
    average = used / days * period.days
    if average == 0 or period.amount <= 2 * average:
        return None
    return Alert(period, average, reference, "eau_ecretement" if water else "")


def _years_before(day: date, years: int) -> date:
    return months_later(day, -12 * years)


def _used(periods: Iterable[Period], spans: list[tuple[date, date]]) -> tuple[Fraction, int]:
    """What was used within these spans, and how many of their days are known."""
    used, days = Fraction(0), 0
    for period in periods:
        for start, end in spans:
            known = _overlap(period, start, end)
            used, days = used + period.per_day * known, days + known
    return used, days


def _overlap(period: Period, start: date, end: date) -> int:
    return max(0, (min(period.end, end) - max(period.start, start)).days)


def rounded(value: Fraction | int) -> int:
    """To the nearest, halves upwards."""
    return floor(Fraction(value) + Fraction(1, 2))


def _kwh(amount: Fraction | int, unit: str, coefficient: int | None) -> int | None:
    if unit == "kWh":
        return rounded(amount)
    return rounded(Fraction(amount) * coefficient / 1000) if coefficient else None


def _number(value: int) -> str:
    return f"{value:,}".replace(",", NBSP)


def quantity(value: Fraction | int, unit: str, places: int = 0) -> str:
    """« 1 234 kWh », « 0,4 m³ »."""
    whole = rounded(Fraction(value) * 10**places)
    sign, whole = ("−" if whole < 0 else ""), abs(whole)
    head, tail = divmod(whole, 10**places)
    return f"{sign}{_number(head)}{f',{tail:0{places}}' if places else ''}{NBSP}{unit}"


def estimate_sentence(found: Estimate) -> str:
    """« À ce rythme, environ 180 m³ par an, d’après 240 jours : la saison peut changer ce chiffre. »"""
    gas = f" ({quantity(found.kwh, 'kWh')})" if found.kwh is not None and found.unit != "kWh" else ""
    season = " : la saison peut changer ce chiffre" if found.seasonal else ""
    known = french.counted(found.days, "jour")
    return f"À ce rythme, environ {quantity(found.amount, found.unit)}{gas} par an, d’après {known} de relevés{season}."


def bill_sentence(found: Comparison) -> str:
    """What the bill says against the meter, in one sentence."""
    told = f"La facture indique {_number(found.billed)} au {french.short_date(found.day)}"
    meter = "le compteur affichait" if found.exact else "d’après les relevés, le compteur devait afficher environ"
    if found.difference == 0:
        return f"{told} : c’est ce que le compteur {'affichait' if found.exact else 'devait afficher'}."
    gap = quantity(abs(found.difference), found.unit)
    way = "de trop" if found.difference > 0 else "de moins, qui viendront sur une autre facture"
    return f"{told}, {meter} {_number(found.expected)} : {gap} {way}."


def alert_sentence(found: Alert) -> str:
    """What doubled, without a word of law: its source is shown beside."""
    period = found.period
    average = quantity(found.average, period.unit, 0 if found.average >= 10 else 1)
    same = "aux mêmes mois des années passées" if found.reference == SAME_MONTHS else "pour la même durée avant"
    return (
        f"Du {french.short_date(period.start)} au {french.short_date(period.end)} : "
        f"{quantity(period.amount, period.unit)}, plus du double de la moyenne ({average} {same})."
    )
