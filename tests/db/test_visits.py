"""Visits: arrivals, the order of the queue, durations, and what a record keeps."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from db import lists, people, reminders, store, visits
from db.schema import Person, Visit
from db.visits import Arrival, Demand, Draft

NOON = datetime(2026, 11, 23, 12, 0).astimezone()
LEAK = Demand(2, "EAU", "fuite", nature="information", outcome="resolu")


def arrived(minutes: float, **arrival) -> str:
    """Somebody who came that many minutes before noon."""
    return visits.arrive(Arrival(**arrival), NOON - timedelta(minutes=minutes))


def order() -> list[int]:
    return [ticket.number for ticket in visits.queue()]


def test_numbers_start_again_each_day(opened):
    arrived(0)
    arrived(0)
    visits.arrive(Arrival(), NOON + timedelta(days=1))
    assert [t.number for t in visits.queue()] == [1, 2, 1]


def test_two_desks_number_their_visits_apart(opened):
    arrived(0)
    store.sign_in("m1", "A2")
    arrived(0)
    assert order() == [1, 1]


def test_a_person_sent_elsewhere_or_gone_never_waits(opened):
    arrived(5, structure="ccas")
    arrived(4, triage="reparti")
    assert visits.queue() == ()
    states = {row.state: (row.redirected_to, row.ended_at is not None) for row in Visit.select()}
    assert states == {"redirected": ("ccas", True), "left": ("", True)}


def test_the_order_is_appointment_then_fragile_then_arrival(opened):
    for minutes, urgency in ((40, "normal"), (30, "fragile"), (20, "rendez_vous"), (10, "fragile"), (5, "rendez_vous")):
        arrived(minutes, urgency=urgency)
    assert order() == [3, 5, 2, 4, 1]


def test_moved_up_comes_before_an_appointment(opened):
    arrived(20, urgency="rendez_vous")
    last = arrived(5)
    visits.move_up(last, "Demande très rapide")
    assert order() == [2, 1]


def test_back_in_the_queue_one_keeps_the_time_of_arrival(opened):
    first = arrived(30)
    arrived(10)
    visits.leave(first)
    visits.back_to_queue(first)
    assert order() == [1, 2]
    ticket = visits.queue()[0]
    assert (ticket.arrived_at, ticket.started_at, ticket.triage) == (NOON - timedelta(minutes=30), None, "accueil")


def test_leaving_blanks_the_name_on_the_ticket(opened):
    id = arrived(5, label="Benali Samira")
    visits.leave(id)
    assert Visit.get_by_id(id).label == ""


@pytest.mark.parametrize(("minutes", "level"), [(9.9, "calm"), (10, "amber"), (15, "amber"), (15.1, "red")])
def test_waiting_turns_amber_at_ten_minutes_and_red_after_fifteen(opened, minutes, level):
    arrived(minutes)
    assert visits.waiting_level(visits.queue()[0], NOON) == level


@pytest.mark.parametrize(
    ("minutes", "nearest"), [(0, 5), (7, 5), (8, 10), (12, 10), (22, 15), (23, 30), (50, 45), (300, 120)]
)
def test_the_clock_gives_the_nearest_duration_of_the_list(minutes, nearest):
    assert visits.minutes_for(timedelta(minutes=minutes)) == nearest


def test_demands_without_a_duration_share_the_time_of_the_visit(opened):
    draft = Draft(started_at=NOON, ended_at=NOON + timedelta(minutes=30), demands=(LEAK, LEAK))
    id = visits.record(draft, NOON)
    assert [d.minutes for d in visits.load(id).demands] == [15, 15]


def test_a_complete_draft_has_no_problem(opened):
    assert visits.problems(Draft(demands=(LEAK,)), NOON) == {}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family": None}, "family"), ({"theme": ""}, "theme"), ({"nature": ""}, "nature"), ({"outcome": ""}, "outcome"),
        ({"outcome": "a_suivre"}, "follow_up"), ({"note": "n" * 281}, "note"),
        ({"outcome": "a_suivre", "follow_up": NOON.date() - timedelta(days=1)}, "follow_up"),
    ],
)  # fmt: skip
def test_what_lacks_is_said_field_by_field(opened, changes, field):
    assert list(visits.problems(Draft(demands=(replace(LEAK, **changes),)), NOON)) == [field]


def test_a_later_demand_is_checked_too(opened):
    assert list(visits.problems(Draft(demands=(LEAK, Demand(6))), NOON)) == ["theme", "nature", "outcome"]


def test_an_arrival_to_come_and_an_end_before_the_start_are_refused(opened):
    draft = Draft(demands=(LEAK,), arrived_at=NOON + timedelta(hours=1))
    assert list(visits.problems(draft, NOON)) == ["arrived_at"]
    draft = Draft(demands=(LEAK,), started_at=NOON, ended_at=NOON - timedelta(minutes=1))
    assert list(visits.problems(draft, NOON)) == ["ended_at"]


def test_what_is_loaded_is_what_was_recorded(opened):
    profile = visits.Profile("F", "25-39", "en_emploi")
    demand = Demand(1, "ENE", "impaye", "mediation", "edf", True, "guidage", 45, "oriente", None, "aide_sociale", "ok")
    draft = Draft(
        channel="telephone", referred_by="mairie", seen_before="oui", arrived_at=NOON, started_at=NOON, ended_at=NOON,
        demands=(demand, LEAK), profile=profile, entry_seconds=12,
    )  # fmt: skip
    found = visits.load(visits.record(draft, NOON))
    assert found.demands == (demand, replace(LEAK, minutes=5))
    assert found.profile == profile
    for name in ("channel", "referred_by", "seen_before", "arrived_at", "started_at", "ended_at", "entry_seconds"):
        assert getattr(found, name) == getattr(draft, name)


def test_a_correction_may_take_a_demand_away_and_add_it_again(opened):
    id = visits.record(Draft(started_at=NOON, demands=(LEAK, replace(LEAK, subtheme="facture"))), NOON)
    one = replace(visits.load(id), demands=(LEAK,))
    visits.record(one, NOON)
    assert len(visits.load(id).demands) == 1
    visits.record(replace(one, demands=(LEAK, LEAK)), NOON)
    assert len(visits.load(id).demands) == 2
    assert visits.page()[0].demands == 2


def test_a_late_entry_never_takes_the_last_contact_of_a_person_back(opened):
    person = people.record(people.Draft("Benali", "Samira", informed_on=NOON.date()), NOON.date())
    before = NOON - timedelta(days=10)
    visits.record(Draft(person=person, started_at=before, demands=(LEAK,), late=True), before)
    assert Person.get_by_id(person).last_contact_on == NOON.date()
    after = NOON + timedelta(days=10)
    visits.record(Draft(person=person, started_at=after, demands=(LEAK,)), after)
    assert Person.get_by_id(person).last_contact_on == after.date()


def test_the_journal_comes_by_pages_the_newest_first(opened):
    for n in range(7):
        visits.record(Draft(started_at=NOON + timedelta(days=n % 3, minutes=n), demands=(LEAK,)), NOON)
    every = visits.page()
    pages, after = [], ""
    while found := visits.page(after, limit=2):
        pages += found
        after = found[-1].cursor
    assert [line.id for line in pages] == [line.id for line in every]
    assert [line.day for line in every] == sorted((line.day for line in every), reverse=True)


def test_a_removed_visit_comes_back_with_all_its_demands_and_its_reminder(opened):
    demand = replace(LEAK, outcome="a_suivre", follow_up=NOON.date() + timedelta(days=3))
    id = visits.record(Draft(started_at=NOON, demands=(demand, LEAK)), NOON)
    visits.remove(id)
    assert visits.page() == ()
    assert reminders.due(NOON.date() + timedelta(days=9)) == ()
    store.undo()
    assert visits.page()[0].demands == 2
    assert len(reminders.due(NOON.date() + timedelta(days=9))) == 1


def test_only_ones_own_last_visit_is_the_one_before(opened):
    visits.record(Draft(started_at=NOON, demands=(LEAK,)), NOON)
    store.sign_in("m2", "A1")
    assert visits.last_recorded() is None


@pytest.mark.parametrize("family", range(1, 10))
def test_every_precision_of_the_keypad_is_a_sub_theme_of_the_trade(family):
    for found in lists.family(family).precisions:
        assert found.subtheme in lists.themes()[found.theme].subthemes
