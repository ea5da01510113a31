"""The figures of a day, each by its definition; and what must not stay linked once the day is over."""

from datetime import date, datetime, timedelta

import pytest

from db import digital_space, dossiers, letters, people, retention, statistics, store, visits
from db.schema import Demand as DemandRow
from db.schema import Draft as DraftRow
from db.schema import UnlinkedDemand
from db.visits import Arrival, Demand, Draft

NINE = datetime(2026, 11, 24, 9, 0).astimezone()
DAY = NINE.date()
LEAK = Demand(2, "EAU", "fuite", nature="information", outcome="resolu")
PERMIT = Demand(6, "ETR", "titre", nature="information", outcome="resolu", note="premier refus")


def visit(wait: int = 0, *demands: Demand, **more) -> str:
    draft = Draft(arrived_at=NINE, started_at=NINE + timedelta(minutes=wait), ended_at=NINE + timedelta(minutes=wait + 10),
                  demands=demands or (LEAK,), **more)  # fmt: skip
    return visits.record(draft, NINE)


def test_a_visit_is_not_a_demand(opened):
    visit(0, LEAK, LEAK, LEAK)
    visit(0)
    day = statistics.of_day(DAY)
    assert (day.visits, day.demands, day.demands_per_visit) == (2, 4, 2.0)


def test_an_empty_day_divides_by_nothing(opened):
    day = statistics.of_day(DAY)
    assert (day.visits, day.demands_per_visit, day.median_wait, day.entry_seconds) == (0, 0.0, None, None)


def test_only_those_received_are_visits(opened):
    visits.arrive(Arrival(structure="ccas"), NINE)
    visits.arrive(Arrival(structure="ccas"), NINE)
    visits.arrive(Arrival(triage="reparti"), NINE)
    visits.arrive(Arrival(), NINE)
    day = statistics.of_day(DAY)
    assert (day.visits, day.waiting, day.left, day.redirected) == (0, 1, 1, {"ccas": 2})


def test_the_wait_is_the_median_of_those_received_without_late_entries(opened):
    for wait in (2, 4, 30):
        visit(wait)
    visit(200, late=True)
    visits.arrive(Arrival(), NINE - timedelta(hours=3))
    assert statistics.of_day(DAY).median_wait == 4


def test_the_entry_time_is_the_median_of_those_measured(opened):
    for seconds in (8, 10, 60, None):
        visit(entry_seconds=seconds)
    assert statistics.of_day(DAY).entry_seconds == 10


def test_other_days_do_not_count(opened):
    visits.record(Draft(started_at=NINE - timedelta(days=1), demands=(LEAK,)), NINE)
    assert statistics.of_day(DAY).visits == 0
    assert statistics.of_day(DAY - timedelta(days=1)).visits == 1


def test_a_removed_visit_counts_nowhere(opened):
    visits.remove(visit())
    day = statistics.of_day(DAY)
    assert (day.visits, day.demands, day.median_wait, statistics.blocks(DAY)) == (0, 0, None, ())


def test_letters_dossiers_and_pages_of_today_are_counted(opened):
    today = date.today()
    person = people.record(people.Draft("Benali", informed_on=today), today)
    dossiers.open_dossier(dossiers.Draft(person, "edf", "Impayé, échéancier", "", "coupure"), today)
    letters.archive(letters.Entry("t", 1, "", "Courrier", "energie"), "A1-1", b"%PDF", 1, today)
    for kind, quantity in (("nb", 3), ("couleur", 1), ("copie", 2), ("scan", 5), ("fax_emis", 4)):
        digital_space.count(kind, quantity)
    day = statistics.of_day(today)
    assert (day.letters, day.dossiers, day.pages) == (1, 1, 6)


def test_the_day_band_has_a_block_for_each_visit_begun(opened):
    visit(5)
    visits.arrive(Arrival(), NINE)
    ((start, end),) = statistics.blocks(DAY)
    assert (start, end) == (NINE + timedelta(minutes=5), NINE + timedelta(minutes=15))


# the end of the day


@pytest.fixture
def samira(opened):
    return people.record(people.Draft("Benali", "Samira", informed_on=DAY), DAY)


def subthemes(id: str) -> list[tuple[str, str, str]]:
    rows = DemandRow.select().where(DemandRow.visit == id).order_by(DemandRow.position)
    return [(row.theme, row.subtheme, row.note) for row in rows]


def unlinked() -> list[tuple[str, str, str]]:
    return [(row.month, row.theme, row.subtheme) for row in UnlinkedDemand.select()]


def test_a_sensitive_sub_theme_leaves_the_named_person_and_stays_in_the_month(samira):
    id = visit(0, PERMIT, LEAK, person=samira)
    assert retention.end_day(DAY) == 1
    assert subthemes(id) == [("ETR", "", ""), ("EAU", "fuite", "")]
    assert unlinked() == [("2026-11", "ETR", "titre")]


def test_an_anonymous_visit_keeps_its_sensitive_sub_theme(opened):
    id = visit(0, PERMIT)
    assert retention.end_day(DAY) == 0
    assert subthemes(id) == [("ETR", "titre", "premier refus")]


def test_a_dossier_that_needs_it_keeps_the_sub_theme(samira):
    id = visit(0, PERMIT, person=samira)
    dossier = dossiers.open_dossier(dossiers.Draft(samira, "prefecture", "Titre de séjour bloqué", "", "titre"), DAY)
    demand = DemandRow.get(DemandRow.visit == id)
    store.update(DemandRow, demand.id, dossier=dossier)
    assert retention.end_day(DAY) == 0
    assert subthemes(id) == [("ETR", "titre", "premier refus")]


def test_closing_the_day_twice_cuts_and_counts_once(samira):
    visit(0, PERMIT, person=samira)
    assert (retention.end_day(DAY), retention.end_day(DAY)) == (1, 0)
    assert len(unlinked()) == 1


def test_a_later_day_is_left_alone(samira):
    id = visit(0, PERMIT, person=samira)
    assert retention.end_day(DAY - timedelta(days=1)) == 0
    assert subthemes(id)[0][1] == "titre"


def test_a_deleted_visit_is_not_counted_in_the_month(samira):
    visits.remove(visit(0, PERMIT, person=samira))
    retention.end_day(DAY)
    assert unlinked() == []


def test_the_figures_are_the_same_before_and_after(samira):
    visit(3, PERMIT, LEAK, person=samira)
    before = statistics.of_day(DAY)
    retention.end_day(DAY)
    assert statistics.of_day(DAY) == before


def test_letters_lose_their_bytes_when_their_time_is_over_and_keep_their_number(opened):
    id = letters.archive(letters.Entry("t", 1, "", "Courrier", "energie"), "A1-2026-0001", b"%PDF", 1, DAY)
    kept = timedelta(days=letters.KEPT_DAYS)
    retention.end_day(DAY + kept)
    assert letters.bytes_of(id) == b"%PDF"
    retention.end_day(DAY + kept + timedelta(days=1))
    assert letters.bytes_of(id) is None
    assert letters.register()[0].number == "A1-2026-0001"


def test_drafts_left_for_a_month_are_erased(opened):
    visits.keep_draft(Draft(visit="ancien", demands=(LEAK,)))
    visits.keep_draft(Draft(visit="recent", demands=(LEAK,)))
    DraftRow.update(changed_at=datetime.now().astimezone() - timedelta(days=31)).where(
        DraftRow.name == "visit:ancien"
    ).execute()
    retention.end_day(DAY)
    assert (visits.kept_draft("ancien"), visits.kept_draft("recent") is not None) == (None, True)
