"""Dates, amounts, phones and names, as people write them at a counter."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import french

TODAY = date(2026, 11, 23)
N = french.NBSP


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("NGUYÊN", "nguyen"), ("Nguyễn-Œuvrard", "nguyen oeuvrard"), ("D’Almeida", "d almeida"), ("Łukasz", "lukasz"),
        ("Ægidius Strauß", "aegidius strauss"), ("  Anne - Marie ", "anne marie"), ("Đặng", "dang"), ("", ""),
        ("Ñandú", "nandu"), ("n°12", "n 12"),
    ],
)  # fmt: skip
def test_folding_forgets_accents_case_hyphens_and_apostrophes(text, folded):
    assert french.fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    assert french.fold(french.fold(text)) == french.fold(text)


def test_dates_are_written_in_french():
    assert french.long_date(date(2026, 5, 1)) == f"1er{N}mai{N}2026"
    assert french.weekday_date(TODAY) == f"lundi 23{N}novembre{N}2026"
    assert french.short_date(date(2026, 2, 3)) == "03/02/2026"
    assert french.day_and_month(date(2026, 2, 3)) == "03/02"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4/11/2026", date(2026, 11, 4)), ("4.11.26", date(2026, 11, 4)), ("04112026", date(2026, 11, 4)),
        ("041126", date(2026, 11, 4)), ("4-11-2026", date(2026, 11, 4)), ("30/11", date(2026, 11, 30)),
        ("5/1", date(2027, 1, 5)), ("31/02/2026", None), ("demain", None), ("", None), ("12", None), ("1/2/3/4", None),
        ("32/01", None), ("29/02/2028", date(2028, 2, 29)), ("29/02/2027", None),
    ],
)  # fmt: skip
def test_a_date_is_read_as_it_is_typed(text, day):
    assert french.parse_date(text, TODAY) == day


def test_the_29_of_february_without_a_year_is_the_nearest_one_that_exists():
    assert french.parse_date("29/02", date(2028, 2, 1)) == date(2028, 2, 29)


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)))
def test_a_date_written_short_is_read_back(day):
    assert french.parse_date(french.short_date(day), TODAY) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [("9:05", (9, 5)), ("9h05", (9, 5)), ("9 h", (9, 0)), ("9 h 05", (9, 5)), ("905", (9, 5)), ("1730", (17, 30)),
     ("9", (9, 0)), ("9H", (9, 0)), ("9.30", (9, 30)), ("24:00", None), ("9:60", None), ("midi", None), ("", None)],
)  # fmt: skip
def test_an_hour_is_read_as_it_is_typed(text, moment):
    assert french.parse_time(text) == moment


@pytest.mark.parametrize(
    ("cents", "text"), [(0, "0,00"), (5, "0,05"), (31248, "312,48"), (1234567, f"12{N}345,67"), (-640, "-6,40")]
)
def test_amounts_are_written_in_french(cents, text):
    assert french.euros(cents) == f"{text}{N}€"


@pytest.mark.parametrize(
    ("text", "cents"),
    [("312,48", 31248), ("312.48", 31248), ("1 234,5", 123450), ("1234.50 €", 123450), ("6", 600), ("0,05", 5),
     (f"12{N}345,67{N}€", 1234567), ("6,405", None), ("six", None), ("", None), ("-6", None), ("6,4,0", None)],
)  # fmt: skip
def test_an_amount_is_read_as_it_is_typed(text, cents):
    assert french.parse_euros(text) == cents


@given(st.integers(0, 99_999_999_999))
def test_an_amount_written_is_read_back(cents):
    assert french.parse_euros(french.euros(cents)) == cents


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("0612345678", f"06{N}12{N}34{N}56{N}78"), ("+33 6 12 34 56 78", f"06{N}12{N}34{N}56{N}78"),
        ("+213 551 23 45 67", "+213 551 23 45 67"), ("", ""),
    ],
)  # fmt: skip
def test_a_phone_is_shown_by_pairs(text, shown):
    assert french.phone(text) == shown


@given(st.from_regex(r"0[1-9][0-9]{8}", fullmatch=True))
def test_a_phone_shown_has_the_same_digits(digits):
    assert french.phone_digits(french.phone(digits)) == digits
    assert french.phone_digits("+33 " + digits[1:]) == digits
    assert french.phone_problem(french.phone(digits)) is None


@pytest.mark.parametrize(
    ("count", "text"), [(0, "visite"), (1, "visite"), (1.5, "visite"), (2, "visites"), (-3, "visites")]
)
def test_zero_and_one_are_singular(count, text):
    assert french.plural(count, "visite") == text


def test_counted_keeps_the_number_with_its_noun():
    assert french.counted(3, "cheval", "chevaux") == f"3{N}chevaux"


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (-2, "0 min"), (18.9, "18 min"), (60, "1 h 00"), (125, "2 h 05")]
)
def test_elapsed_time_is_short(minutes, text):
    assert french.minutes_ago(timedelta(minutes=minutes)) == text


def test_clocks():
    assert french.clock(402) == "06:42"
    assert french.clock(4002) == "1:06:42"
    assert french.time_of_day(datetime(2026, 11, 23, 9, 5)) == "9:05"
