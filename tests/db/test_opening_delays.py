"""Delays in opening hours: what a person waits while the place is open; nights, Sundays and holidays do not count."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db import delays, dossiers, people, preferences, schema, store
from db.opening import Calendar

CALENDAR = Calendar(preferences.DEFAULT_HOURS)
"""Monday 9–12; Tuesday to Friday 9–12 and 13:30–17:30: 7 hours, and 31 a week."""


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute).astimezone()


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        (at(24, 9), at(24, 10), 1),
        (at(24, 11), at(24, 14), 1.5),
        (at(24, 12), at(24, 13, 30), 0),
        (at(24, 7), at(24, 20), 7),
        (at(23, 11), at(24, 10), 2),
        (at(27, 17), at(30, 9, 30), 1),
        (at(23, 9), at(30, 9), 31),
        (at(24, 10), at(24, 10), 0),
        (at(24, 10), at(24, 9), 0),
        (at(28, 9), at(29, 18), 0),
    ],
    ids=str,
)
def test_only_the_hours_when_the_place_is_open_count(start, end, hours):
    assert CALENDAR.open_time(start, end) == timedelta(hours=hours)


def test_a_holiday_does_not_count_and_a_change_of_hour_changes_nothing():
    assert CALENDAR.open_time(at(24, 9, month=12), at(28, 12, month=12)) == timedelta(hours=7 + 3), "Christmas"
    assert CALENDAR.open_time(at(23, 9, month=10), at(27, 9, month=10)) == timedelta(hours=7 + 3), "25 October 2026"


@given(*[st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1))] * 3)
def test_waiting_adds_up(one, two, three):
    first, middle, last = (moment.astimezone() for moment in sorted((one, two, three)))
    whole = CALENDAR.open_time(first, last)
    assert whole == CALENDAR.open_time(first, middle) + CALENDAR.open_time(middle, last)
    assert timedelta() <= whole <= last - first + timedelta(hours=1)


def test_the_nearest_open_day_both_ways():
    assert CALENDAR.next(date(2026, 12, 25)) == date(2026, 12, 28)
    assert CALENDAR.previous(date(2026, 12, 27)) == date(2026, 12, 24)
    assert CALENDAR.next(date(2026, 11, 24)) == CALENDAR.previous(date(2026, 11, 24)) == date(2026, 11, 24)
    never = Calendar({})
    assert never.next(date(2026, 11, 24)) == never.previous(date(2026, 11, 24)) == date(2026, 11, 24)


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=date(2026, 11, 24)), date(2026, 11, 24))
    draft = dossiers.Draft(who, "edf", "Impayé, échéancier", "", "coupure")
    id = dossiers.open_dossier(draft, date(2026, 11, 24))
    _move(id, "ouverture", at(24, 16, 30))
    return id


def _move(dossier: str, kind: str, moment: datetime) -> None:
    schema.DossierEvent.update(at=moment).where(
        schema.DossierEvent.dossier == dossier, schema.DossierEvent.kind == kind
    ).execute()


def test_the_first_answer_and_the_closing_are_counted_from_the_opening(dossier):
    assert delays.followed_one(dossier).first_answer is None
    dossiers.log(dossier, "reponse", "Proposition", date(2026, 12, 1), "proposition")
    _move(dossier, "reponse", at(25, 10))
    later = delays.followed_one(dossier)
    assert (later.first_answer, later.closing) == (timedelta(hours=2), None)
    store.insert(schema.DossierEvent, dossier=dossier, at=at(26, 9), kind="reponse", summary="Accord")
    dossiers.close(dossier, "resolu", date(2026, 11, 26), useful="oui", won=15000)
    _move(dossier, "cloture", at(26, 9, 30))
    closed = delays.followed_one(dossier)
    assert closed.first_answer == timedelta(hours=2), "the first answer, not the last"
    assert closed.closing == timedelta(hours=1 + 7 + 0.5)
    assert (closed.result, closed.useful, closed.won) == ("resolu", "oui", 15000)


def test_a_reopened_dossier_has_no_closing_delay_until_it_closes_again(dossier):
    dossiers.close(dossier, "resolu", date(2026, 11, 26))
    dossiers.reopen(dossier, date(2026, 11, 27))
    assert delays.followed_one(dossier).closing is None
    assert delays.followed_one(dossier).state == "ouvert"


def test_the_report_takes_what_was_opened_or_closed_in_its_period(dossier):
    assert [each.id for each in delays.followed(date(2026, 11, 1), date(2026, 11, 30))] == [dossier]
    assert delays.followed(date(2026, 12, 1), date(2026, 12, 31)) == ()
    dossiers.close(dossier, "resolu", date(2026, 12, 2))
    assert [each.id for each in delays.followed(date(2026, 12, 1), date(2026, 12, 31))] == [dossier]
