"""A debt paid month by month."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from desktop.instalments import instalments, months_later


def test_the_last_payment_takes_the_remainder():
    assert [p.cents for p in instalments(10000, 3, date(2026, 12, 5))] == [3333, 3333, 3334]


def test_the_31st_falls_on_the_last_day_of_a_short_month():
    days = [p.day for p in instalments(400, 4, date(2026, 12, 31))]
    assert days == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)]


@given(st.integers(1, 10**9), st.integers(1, 60), st.dates(date(2020, 1, 1), date(2090, 1, 1)))
def test_the_sum_is_exact_and_the_months_follow(total, count, first):
    plan = instalments(total, count, first)
    assert sum(p.cents for p in plan) == total
    assert len(plan) == count
    assert len({(p.day.year, p.day.month) for p in plan}) == count
    assert plan[0].day == first
    assert all(p.cents == total // count for p in plan[:-1])


def test_a_month_later_across_the_year():
    assert months_later(date(2026, 12, 15), 1) == date(2027, 1, 15)
