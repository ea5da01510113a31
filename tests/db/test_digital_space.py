"""The digital space: sessions, their visit, and counters that one undo takes back."""

from datetime import date, timedelta

import pytest

from db import digital_space, drafts, journal, lists, preferences, schema, statistics, store, visits
from db.ids import now


@pytest.fixture
def place(tmp_path):
    store.open(tmp_path, b"\1" * 32)
    store.sign_in("m1", "A1")
    journal.use(b"\2" * 32)
    lists.seed()
    for number in (1, 2, 3):
        digital_space.add_station(number)
    yield tmp_path
    store.close()
    journal.use(b"")


@pytest.fixture
def queries(monkeypatch):
    seen: list[str] = []
    run = schema.database.execute_sql

    def counted(sql, *rest, **named):
        seen.append(sql)
        return run(sql, *rest, **named)

    monkeypatch.setattr(schema.database, "execute_sql", counted)
    return seen


def test_all_the_stations_come_in_one_query(place, queries):
    one, two, _ = digital_space.posts()
    digital_space.start(one.id, "emploi", 45, " Mme Ferreira ")
    digital_space.set_fault(two.id, "Écran en panne")
    queries.clear()
    first, second, third = digital_space.posts()
    assert len(queries) == 1
    assert (first.label, first.uses, first.free) == ("Mme Ferreira", ("emploi",), False)
    assert (second.fault, second.free, third.free) == ("Écran en panne", False, True)


def test_installing_somebody_from_the_queue_calls_their_visit_in_the_same_act(place):
    visit = visits.arrive(visits.Arrival(family=8, triage="numerique", label="M. Nguyen"))
    digital_space.start(digital_space.posts()[2].id, "emploi", 45, "M. Nguyen", visit)
    assert visits.queue() == () and [t.id for t in visits.open_visits()] == [visit]
    assert digital_space.posts()[2].visit == visit
    assert store.undo() == "Poste 3 attribué"
    assert [t.id for t in visits.queue()] == [visit] and digital_space.posts()[2].free


def test_the_same_use_twice_counts_two_and_help_is_noted(place):
    session = digital_space.start(digital_space.posts()[0].id, "demarche", 45)
    digital_space.add_use(session, "demarche")
    digital_space.note_support(session, "ponctuelle")
    post = digital_space.posts()[0]
    assert (post.uses, post.support) == (("demarche", "demarche"), "ponctuelle")


def test_finishing_says_that_the_sign_out_was_seen_and_forgets_the_name(place):
    session = digital_space.start(digital_space.posts()[0].id, "demarche", 30, "M. Haddad")
    digital_space.finish(session)
    row = schema.StationSession.get_by_id(session)
    assert (row.signed_out, row.label) == (True, "") and row.ended_at is not None
    assert digital_space.posts()[0].free


def test_a_station_is_over_time_only_beyond_its_minutes(place):
    session = digital_space.start(digital_space.posts()[0].id, "demarche", 30)
    start = schema.StationSession.get_by_id(session).started_at
    assert digital_space.over_time(start + timedelta(minutes=30)) == 0
    assert digital_space.over_time(start + timedelta(minutes=30, seconds=1)) == 1
    digital_space.extend(session)
    assert digital_space.over_time(start + timedelta(minutes=44)) == 0


def test_a_count_is_one_act_and_one_undo_takes_it_back_with_what_was_pending(place):
    pending = {"nb": 3, "copie": 1, "fax_emis": 1}
    drafts.keep(digital_space.PENDING, pending)
    assert digital_space.settle(pending, "emploi") == 40
    today = date.today()
    assert digital_space.counters(today) == pending and digital_space.takings(today) == 40
    assert drafts.kept(digital_space.PENDING) == {}
    assert {row.reason for row in schema.Counter.select()} == {"emploi"}
    assert store.undo() == "Compteur enregistré, 0,40\u00a0€ à régler"
    assert digital_space.counters(today) == {} and digital_space.takings(today) == 0
    assert drafts.kept(digital_space.PENDING) == pending


def test_a_fax_is_not_a_printed_page(place):
    digital_space.settle({"nb": 2, "fax_emis": 1, "scan": 3})
    assert statistics.of_day(date.today()).pages == 2


def test_the_place_sets_its_own_prices(place):
    preferences.put("prices", {"nb": 15, "fax_emis": 50})
    assert digital_space.settle({"nb": 2, "fax_emis": 1, "couleur": 1}) == 110
    digital_space.count("nb", -1)
    assert digital_space.takings(date.today()) == 95


def test_a_session_of_another_day_still_holds_its_station(place):
    session = digital_space.start(digital_space.posts()[0].id, "autre", 30)
    schema.StationSession.update(started_at=now() - timedelta(days=1)).execute()
    assert digital_space.posts()[0].session == session
