"""What the meters of a dossier say, in words: for the table of the screen, for its curve, and for the printed page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from db import dossiers, lists, preferences, readings

TITLE = "Page des consommations"
HIGH = "plus du double"
DOUBLED = {
    "eau": (
        "Relisez l’index et cherchez la fuite : toilettes, robinets, tuyau après le compteur.",
        "Fuite réparée après le compteur : gardez l’attestation du plombier, elle date et situe la réparation.",
        "Elle se remet au service de l’eau dans le mois qui suit son information.",
    ),
    "": (
        "Relisez l’index : un chiffre de trop suffit.",
        "Cherchez ce qui a changé : chauffage, appareil, personnes au foyer.",
        "Si rien n’explique, demandez une vérification au gestionnaire du réseau.",
    ),
}
"""What to do when a period is above the double of the average; for water, as source « eau_ecretement » says it."""


@dataclass(frozen=True)
class Row:
    """One reading, in words."""

    id: str
    day: str
    index: str
    used: str = ""
    per_day: str = ""
    note: str = ""


@dataclass(frozen=True)
class Span:
    """What was used each day, from one reading to the next."""

    start: date
    end: date
    per_day: Fraction
    high: bool


@dataclass(frozen=True)
class Meter:
    """All there is to say of one meter; `alerts` the latest first."""

    code: str
    name: str
    unit: str
    rows: tuple[Row, ...] = ()
    spans: tuple[Span, ...] = ()
    sentences: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()

    @property
    def todo(self) -> tuple[str, ...]:
        return DOUBLED.get(self.code, DOUBLED[""]) if self.alerts else ()


def meter(code: str, lines: Sequence[readings.Line]) -> Meter:
    """One meter, from its readings."""
    same = [line for line in lines if line.meter == code]
    if not same:
        return Meter(code, readings.METERS[code], readings.UNITS[code][0])
    periods = readings.consumption(same)
    alerts = readings.doubled(same)
    high = {alert.period for alert in alerts}
    spans = tuple(Span(p.start, p.end, p.per_day, p in high) for p in _compared(same))
    estimate, bill = readings.yearly_estimate(same), readings.compare_with_bill(same)
    sentences = [readings.estimate_sentence(estimate)] if estimate else []
    sentences += [readings.bill_sentence(bill)] if bill else []
    return Meter(
        code, readings.METERS[code], same[-1].unit, tuple(_rows(same, periods)), spans, tuple(sentences),
        tuple(readings.alert_sentence(alert) for alert in alerts),
    )  # fmt: skip


def _compared(same: Sequence[readings.Line]) -> tuple[readings.Period, ...]:
    """The periods that are compared: what the meter showed, or what bills say when it was hardly read."""
    shown = readings.consumption(line for line in same if not line.billed)
    return shown if len(shown) > 1 else readings.consumption(same)


def is_high(code: str, lines: Sequence[readings.Line]) -> bool:
    """Whether the latest period of this meter is above the double of the average."""
    same = [line for line in lines if line.meter == code]
    alerts = readings.doubled(same)
    return bool(alerts) and alerts[0].period == _compared(same)[-1]


def _rows(same: list[readings.Line], periods: tuple[readings.Period, ...]) -> list[Row]:
    """The latest first; a bill that the meter contradicts has no amount beside it."""
    followed = {line.id for line in readings.series(same)}
    ends = {period.end: period for period in periods}
    found = []
    for line in reversed(same):
        period = ends.get(line.day) if line.id in followed and not line.changed else None
        note = "nouveau compteur" if line.changed else "facture" if line.billed else ""
        if line.billed and line.id not in followed:
            note = "facture, contredite par le compteur"
        index = readings.quantity(line.value, "").strip()
        day = f"{line.day:%d/%m/%Y}"
        if period is None:
            found.append(Row(line.id, day, index, note=note))
            continue
        used = readings.quantity(period.amount, period.unit)
        pace = readings.quantity(period.per_day, period.unit, 2 if period.per_day < 1 else 1)
        found.append(Row(line.id, day, index, used, pace, note))
    return found


def printed(dossier: str) -> tuple[str, bytes]:
    """One page for the person, with what can be done at home: its title and its page. Raises Unprintable."""
    from desktop.documents.dossier_readings import MeterPage, Row, Stretch, render_readings

    lines = readings.of_dossier(dossier)
    acts = lists.read("eco_gestes")
    pages = []
    for code in readings.meters(lines):
        said = meter(code, lines)
        pages.append(
            MeterPage(
                said.name, said.unit, tuple(Row(r.day, r.index, r.used, r.per_day, r.note) for r in said.rows),
                tuple(Stretch(s.start, s.end, s.per_day, s.high) for s in said.spans), said.sentences,
                said.alerts[:1] + said.todo, tuple(acts[code]["acts"]),
            )
        )  # fmt: skip
    place = preferences.place()
    where = tuple(line for line in (place.name, place.address, place.town) if line)
    return TITLE, render_readings(dossiers.sheet(dossier).person_name, pages, where, date.today())
