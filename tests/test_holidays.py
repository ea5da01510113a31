"""The public holidays, against the library that knows them all."""

from datetime import date, timedelta

import pytest

from db import preferences
from desktop import holidays


@pytest.mark.parametrize("year", range(2020, 2061))
def test_every_day_of_a_year_agrees_with_the_reference(year):
    reference = pytest.importorskip("holidays").country_holidays("FR", years=year)
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    assert [d for d in days if holidays.name(d)] == [d for d in days if d in reference]


def test_the_place_is_closed_on_a_holiday(opened):
    assert preferences.opening(date(2026, 11, 11)) == ()
    assert preferences.next_open_day(date(2026, 11, 11)) == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 28), date(2026, 11, 30)),
        (date(2026, 12, 25), date(2026, 12, 28)),
        (date(2027, 5, 1), date(2027, 5, 3)),
    ],
)
def test_a_term_moves_to_the_next_working_day(day, working):
    assert holidays.working_day(day) == working
