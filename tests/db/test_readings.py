"""What a meter says: nothing is lost nor invented between two readings, and what doubles is told."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import dossiers, people, readings, store
from db.readings import Draft, Line

TODAY = date(2026, 11, 23)
FIRST = date(2023, 1, 1)


def line(day: date, value: int, meter: str = "eau", *, billed: bool = False, changed: bool = False, unit: str = "",
         coefficient: int | None = None) -> Line:  # fmt: skip
    unit = unit or readings.UNITS[meter][0]
    return Line(f"{day}-{value}-{billed}-{changed}", meter, day, value, unit, billed, changed, coefficient)


def paced(*values: int, meter: str = "eau", step: int = 91, start: date = FIRST) -> list[Line]:
    """One reading each quarter; each value is what was used since the one before."""
    totals = [sum(values[: rank + 1]) for rank in range(len(values))]
    return [line(start + timedelta(days=step * rank), total, meter) for rank, total in enumerate(totals)]


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(dossiers.Draft(who, "eau_grand_lyon", "Surconsommation, fuite", "", "fuite"), TODAY)


# kept in the dossier


def test_readings_are_kept_in_order_and_removed_in_one_act(dossier):
    readings.add(dossier, Draft("eau", TODAY, 180))
    first = readings.add(dossier, Draft("eau", date(2026, 5, 2), 100))
    readings.add(dossier, Draft("gaz", TODAY, 900, coefficient=11_200))
    assert [(each.value, each.unit) for each in readings.of_dossier(dossier, "eau")] == [(100, "m³"), (180, "m³")]
    assert readings.meters(readings.of_dossier(dossier)) == ("gaz", "eau")
    readings.remove(first)
    assert [each.value for each in readings.of_dossier(dossier, "eau")] == [180]
    assert store.undo() == "Relevé retiré" and len(readings.of_dossier(dossier, "eau")) == 2


# bad input


def wrong(draft: Draft, *earlier: Line) -> dict[str, str]:
    found = readings.problems(draft, earlier, TODAY)
    assert all(sentence.endswith(".") for sentence in found.values())
    return found


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft("", TODAY, 1), "meter"),
        (Draft("eau", None, 1), "day"),
        (Draft("eau", TODAY + timedelta(days=1), 1), "day"),
        (Draft("eau", date(2006, 11, 23), 1), "day"),
        (Draft("eau", TODAY, None), "value"),
        (Draft("eau", TODAY, -1), "value"),
        (Draft("eau", TODAY, 100_000_000), "value"),
        (Draft("eau", TODAY, 1, "kWh"), "unit"),
        (Draft("gaz", TODAY, 1, coefficient=112), "coefficient"),
    ],
)
def test_what_is_wrong_gets_a_sentence(draft, field):
    assert list(wrong(draft)) == [field]


def test_an_index_never_goes_back_unless_the_meter_changed():
    known = line(date(2026, 5, 2), 500)
    assert "500" in wrong(Draft("eau", TODAY, 480), known)["value"]
    assert wrong(Draft("eau", TODAY, 500), known) == {}
    assert wrong(Draft("eau", TODAY, 3, changed=True), known) == {}
    assert wrong(Draft("gaz", TODAY, 480), known) == {}, "another meter"


def test_an_older_reading_stays_under_the_next_one():
    known = line(date(2026, 5, 2), 500)
    assert "500" in wrong(Draft("eau", date(2026, 1, 2), 501), known)["value"]
    new = line(date(2026, 5, 2), 3, changed=True)
    assert wrong(Draft("eau", date(2026, 1, 2), 501), new) == {}
    assert wrong(Draft("eau", date(2026, 5, 2), 501), new) == {}, "the old meter's last index, the day of the change"


def test_two_readings_a_day_are_one_too_many_but_a_bill_may_be_of_that_day():
    known = line(TODAY, 500)
    assert "déjà noté" in wrong(Draft("eau", TODAY, 500), known)["day"]
    assert wrong(Draft("eau", TODAY, 300, billed=True), known) == {}
    assert "déjà noté" in wrong(Draft("eau", TODAY, 300, billed=True), line(TODAY, 310, billed=True))["day"]


def test_a_gas_meter_keeps_its_unit():
    known = line(date(2026, 5, 2), 500, "gaz")
    assert "m³" in wrong(Draft("gaz", TODAY, 9000, "kWh"), known)["unit"]


@pytest.mark.parametrize(
    ("text", "value"),
    [("12 345", 12345), ("00123,456", 123), ("8000 + 4345", 12345), ("12.345", None), ("", None), ("12+", None),
     ("douze", None), ("１２", None), ("-5", None)],
)  # fmt: skip
def test_an_index_is_read_as_people_write_it(text, value):
    assert readings.parse_index(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("11,2", 11200), ("11.25 kWh/m³", 11250), ("9", 9000), ("11,2345", 11234), ("", None), ("onze", None)],
)
def test_a_gas_coefficient_is_read_as_the_bill_writes_it(text, value):
    assert readings.parse_coefficient(text) == value


# what was used


def test_each_period_says_what_was_used_and_how_much_a_day():
    (one, two) = readings.consumption(
        [line(date(2026, 1, 1), 100), line(date(2026, 1, 11), 103), line(date(2026, 1, 31), 104)]
    )
    assert (one.amount, one.days, one.per_day) == (3, 10, Fraction(3, 10))
    assert (two.amount, two.per_day) == (1, Fraction(1, 20))
    assert readings.quantity(one.per_day, "m³", 1) == "0,3\u00a0m³"


def test_nothing_is_counted_across_a_change_of_meter():
    found = readings.consumption([
        line(date(2026, 1, 1), 900), line(date(2026, 2, 1), 950), line(date(2026, 2, 1), 2, changed=True),
        line(date(2026, 3, 1), 30),
    ])  # fmt: skip
    assert [period.amount for period in found] == [50, 28]


def test_gas_is_counted_in_kwh_by_the_coefficient_of_the_bill():
    (period,) = readings.consumption(
        [line(date(2026, 1, 1), 100, "gaz"), line(date(2026, 2, 1), 150, "gaz", coefficient=11_250)]
    )
    assert (period.amount, period.kwh) == (50, 563)
    (bare,) = readings.consumption([line(date(2026, 1, 1), 100, "gaz"), line(date(2026, 2, 1), 150, "gaz")])
    assert bare.kwh is None
    (power,) = readings.consumption(
        [line(date(2026, 1, 1), 100, "electricite"), line(date(2026, 2, 1), 150, "electricite")]
    )
    assert power.kwh == 50


def test_a_bill_that_guessed_too_high_is_left_out_once_the_meter_is_read():
    bills = [line(date(2026, 1, 1), 100, billed=True), line(date(2026, 4, 1), 190, billed=True)]
    assert [period.amount for period in readings.consumption(bills)] == [90]
    assert [period.amount for period in readings.consumption([*bills, line(date(2026, 6, 1), 150)])] == [50]


LINES = st.lists(
    st.builds(
        lambda days, value, billed, changed: line(FIRST + timedelta(days=days), value, billed=billed, changed=changed),
        st.integers(0, 900), st.integers(0, 2000), st.booleans(), st.booleans(),
    ),
    max_size=12,
)  # fmt: skip


@given(LINES)
def test_whatever_is_noted_periods_follow_each_other_and_use_nothing_negative(lines):
    periods = readings.consumption(lines)
    assert all(period.amount >= 0 and period.days > 0 for period in periods)
    assert all(one.end <= other.start for one, other in pairwise(periods))
    readings.yearly_estimate(lines), readings.compare_with_bill(lines), readings.doubled(lines)


@given(st.lists(st.integers(0, 500), min_size=1, max_size=20), st.integers(1, 120))
def test_what_was_used_is_the_last_index_less_the_first(used, step):
    lines = paced(*used, step=step)
    assert sum(period.amount for period in readings.consumption(reversed(lines))) == sum(used[1:])


@given(st.permutations(range(8)), st.lists(st.tuples(st.integers(0, 300), st.booleans()), min_size=8, max_size=8))
def test_readings_accepted_in_any_order_never_make_the_meter_go_back(order, drawn):
    kept: list[Line] = []
    for rank in order:
        value, changed = drawn[rank]
        draft = Draft("eau", FIRST + timedelta(days=30 * rank), value, changed=changed)
        if not readings.problems(draft, kept, TODAY):
            kept.append(line(draft.day, value, changed=changed))
    series = readings.series(kept)
    assert set(series) == set(kept)
    assert all(other.changed or other.value >= one.value for one, other in pairwise(series))


# a year


def test_a_year_is_reckoned_on_the_last_twelve_months():
    lines = paced(0, 900, 900, 900, 900, 91, 91, 91, 91, 91)
    found = readings.yearly_estimate(lines)
    assert (found.amount, found.days, found.seasonal) == (365, 365, False)
    assert "365\u00a0m³ par an" in readings.estimate_sentence(found)


def test_some_months_only_make_an_estimate_that_says_so():
    found = readings.yearly_estimate(paced(0, 182))
    assert (found.amount, found.days, found.seasonal) == (730, 91, True)
    assert "saison" in readings.estimate_sentence(found)
    assert readings.yearly_estimate([line(FIRST, 1), line(FIRST + timedelta(days=6), 9)]) is None
    assert readings.yearly_estimate([]) is None


@given(st.integers(0, 50), st.integers(2, 9), st.integers(7, 200))
def test_a_steady_pace_gives_its_own_year(pace, count, step):
    found = readings.yearly_estimate(paced(0, *[pace * step] * count, step=step))
    assert found.amount == pace * 365


# the bill


def test_the_bill_is_compared_with_the_reading_of_the_same_day():
    lines = [line(date(2026, 1, 1), 100), line(date(2026, 11, 1), 150), line(date(2026, 11, 1), 190, billed=True)]
    found = readings.compare_with_bill(lines)
    assert (found.expected, found.difference, found.exact) == (150, 40, True)
    assert "40\u00a0m³ de trop" in readings.bill_sentence(found)


def test_the_bill_is_compared_with_what_the_meter_had_to_show_that_day():
    lines = [line(date(2026, 1, 1), 100), line(date(2026, 1, 21), 120)]
    between = readings.compare_with_bill([*lines, line(date(2026, 1, 11), 104, billed=True)])
    assert (between.expected, between.difference, between.exact) == (110, -6, False)
    assert "de moins" in readings.bill_sentence(between)
    after = readings.compare_with_bill([*lines, line(date(2026, 1, 31), 130, billed=True)])
    assert (after.expected, after.difference) == (130, 0) and "c’est ce que" in readings.bill_sentence(after)
    before = readings.compare_with_bill([*lines, line(date(2025, 12, 22), 80, billed=True)])
    assert before.expected == 90


def test_without_a_reading_near_it_the_bill_is_not_judged():
    lines = [line(date(2023, 1, 1), 100), line(date(2023, 2, 1), 120)]
    assert readings.compare_with_bill([*lines, line(date(2026, 1, 1), 900, billed=True)]) is None
    assert readings.compare_with_bill(lines) is None
    assert readings.compare_with_bill([line(TODAY, 4, billed=True)]) is None
    assert readings.compare_with_bill([line(TODAY, 4), line(date(2026, 1, 1), 4, billed=True)]) is None


# the double of the average


def test_water_above_the_double_of_the_average_is_told_with_its_source():
    (alert,) = readings.doubled(paced(0, 30, 30, 61))
    assert (alert.period.amount, alert.average, alert.source) == (61, 30, "eau_ecretement")
    assert "plus du double" in readings.alert_sentence(alert)


def test_exactly_the_double_is_not_above_it():
    assert readings.doubled(paced(0, 30, 30, 60)) == ()


def test_the_same_months_of_the_years_before_count_first():
    summer_leak = paced(0, 20, 60, 20, 20, 20, 61, 20)
    assert readings.doubled(summer_leak) == (readings.doubled(summer_leak)[0],)
    assert readings.doubled(summer_leak)[0].period.amount == 60, "the first summer had no other to be compared with"
    (alert,) = (a for a in readings.doubled(paced(0, 20, 20, 20, 20, 20, 50)) if a.reference == readings.SAME_MONTHS)
    assert alert.period.amount == 50


def test_a_winter_of_heating_is_not_a_leak():
    heated = paced(0, 100, 900, meter="electricite")
    assert readings.doubled(heated) == ()
    worse = paced(0, 900, 100, 100, 100, 1900, meter="electricite", step=91)
    (alert,) = readings.doubled(worse)
    assert (alert.reference, alert.source) == (readings.SAME_MONTHS, "")


def test_one_period_or_nothing_used_before_says_nothing():
    assert readings.doubled([]) == readings.doubled(paced(5)) == readings.doubled(paced(0, 500)) == ()
    assert readings.doubled(paced(0, 0, 500)) == (), "an empty home that fills is not a leak"


def test_bills_serve_while_the_meter_was_read_less_than_three_times():
    bills = [line(each.day, each.value, billed=True) for each in paced(0, 30, 30)]
    leak = line(FIRST + timedelta(days=273), 60 + 100)
    (alert,) = readings.doubled([*bills, leak])
    assert alert.period.amount == 100


@given(st.lists(st.integers(0, 90), min_size=3, max_size=12), st.integers(2, 50))
def test_the_alert_does_not_depend_on_the_size_of_the_home(used, times):
    alerted = [alert.period.end for alert in readings.doubled(paced(*used))]
    assert [alert.period.end for alert in readings.doubled(paced(*(times * each for each in used)))] == alerted


@given(st.integers(0, 90), st.integers(2, 12), st.integers(7, 120))
def test_a_steady_pace_never_alerts(pace, count, step):
    assert readings.doubled(paced(0, *[pace] * count, step=step)) == ()
