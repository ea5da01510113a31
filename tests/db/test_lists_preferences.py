"""Closed lists, archived and never deleted; opening hours as people write them; public holidays."""

from datetime import date, datetime, time

import pytest

from db import lists, place, preferences, store

KEY = bytes(range(32))


def codes(kind: str, **more) -> list[str]:
    return [value.code for value in lists.values(kind, **more)]


def test_a_new_place_has_its_structures_and_partners(opened):
    assert codes("structure") == ["travail_social", "emploi", "ccas", "point_justice"]
    assert lists.label("partner", "edf") == "EDF"


def test_an_archived_value_is_not_offered_but_history_keeps_its_label(opened):
    lists.save("structure", "ccas", "CCAS", archived=True)
    assert "ccas" not in codes("structure")
    assert "ccas" in codes("structure", archived=True)
    assert lists.label("structure", "ccas") == "CCAS"


def test_a_renamed_or_archived_value_stays_so_when_the_place_is_opened_again(opened):
    lists.save("structure", "ccas", "Mairie, CCAS", position=2)
    lists.save("structure", "emploi", "Structure d’emploi", position=1, archived=True)
    place.leave()
    place.enter(opened, KEY, "m1")
    assert lists.label("structure", "ccas") == "Mairie, CCAS"
    assert "emploi" not in codes("structure")
    assert len(codes("structure", archived=True)) == 4


def test_a_value_added_takes_its_place(opened):
    lists.save("structure", "mission", "Mission locale", position=-1)
    assert codes("structure")[0] == "mission"


def test_an_unknown_code_is_shown_as_it_is_and_an_empty_one_as_nothing(opened):
    assert (lists.label("structure", "disparu"), lists.label("structure", "")) == ("disparu", "")


def test_each_list_answers_by_one_digit_or_by_two_pages_of_nine(opened):
    for kind in ("outcome", "referred_to", "move_reason", "urgency", "need", "use", "result"):
        assert len(codes(kind)) <= 9, kind
    assert len(codes("nature")) <= 18
    assert len(lists.families()) == 9
    assert all(1 <= len(family.precisions) <= 9 for family in lists.families())


def test_no_list_asks_for_nationality_health_religion_or_income():
    words = ("nationalité", "religion", "maladie", "revenu", "origine")
    spoken = [value.label for kind in lists.read("visit") for value in lists.values(kind)]
    assert not [text for text in spoken for word in words if word in text.casefold()]


@pytest.mark.parametrize(
    ("text", "ranges"),
    [
        ("9:00-12:00, 13:30-17:30", [["09:00", "12:00"], ["13:30", "17:30"]]),
        ("9h-12h", [["09:00", "12:00"]]),
        ("9 h 30 – 12 h", [["09:30", "12:00"]]),
        ("930-1200", [["09:30", "12:00"]]),
        ("", []),
        ("12:00-9:00", None),
        ("9:00", None),
        ("9:00-25:00", None),
        ("matin", None),
    ],
)
def test_hours_are_read_as_people_write_them(text, ranges):
    assert preferences.parse_hours(text) == ranges
    assert (preferences.hours_problem(text) is None) == (ranges is not None)


@pytest.mark.parametrize("text", ["9:00-12:00, 11:00-13:00", "13:30-17:30, 9:00-12:00"])
def test_hours_that_overlap_are_refused(text):
    assert preferences.parse_hours(text) is None


def test_the_place_opens_as_villeurbanne_does_until_told_otherwise(opened):
    morning, afternoon = (time(9), time(12)), (time(13, 30), time(17, 30))
    assert preferences.opening(date(2026, 11, 23)) == (morning,)  # Monday
    assert preferences.opening(date(2026, 11, 24)) == (morning, afternoon)
    assert preferences.opening(date(2026, 11, 28)) == ()  # Saturday


@pytest.mark.parametrize(
    "day", [date(2026, 12, 25), date(2027, 1, 1), date(2027, 3, 29), date(2027, 5, 6), date(2027, 7, 14)]
)
def test_the_place_is_closed_on_a_public_holiday(opened, day):
    assert preferences.opening(day) == ()
    assert preferences.next_open_day(day) > day


@pytest.mark.parametrize(("hour", "minute", "is_open"), [(8, 59, False), (9, 0, True), (12, 30, False), (17, 30, True)])
def test_open_at_a_given_moment(opened, hour, minute, is_open):
    assert preferences.is_open_at(datetime(2026, 11, 24, hour, minute)) is is_open


def test_preferences_are_kept_with_the_place(opened):
    preferences.put("idle_seconds", 60)
    preferences.put("look", {"theme": "sombre", "scale": 150})
    place.leave()
    place.enter(opened, KEY, "m1")
    assert preferences.get("idle_seconds") == 60
    assert preferences.get("look") == {"theme": "sombre", "scale": 150}
    assert preferences.get("inconnu", 3) == 3


def test_undo_of_a_list_change_gives_the_former_value_back(opened):
    lists.save("structure", "ccas", "Autre nom")
    store.undo()
    lists.reload()
    assert lists.label("structure", "ccas") == "CCAS"
