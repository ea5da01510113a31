"""A model past its last day, allowed for a while: by whom, until when, why; nothing of it is forgotten."""

from datetime import date, timedelta

import pytest

from db import lifts, store
from db.schema import JournalEntry

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("until", "reason", "wrong"),
    [
        (TODAY, "Relu ce matin.", set()),
        (TODAY + lifts.LONGEST, "Relu ce matin.", set()),
        (TODAY + lifts.LONGEST + timedelta(days=1), "Relu ce matin.", {"until"}),
        (TODAY - timedelta(days=1), "Relu ce matin.", {"until"}),
        (None, "  ", {"until", "reason"}),
        (TODAY, "x" * 281, {"reason"}),
    ],
)
def test_a_lift_has_a_day_within_the_month_and_a_reason(until, reason, wrong):
    assert lifts.problems(until, reason, TODAY).keys() == wrong


def test_a_lift_holds_until_its_day_for_that_very_file(opened):
    lifts.lift("eau", "a" * 64, TODAY + timedelta(days=2), " Relu ce matin. ", TODAY)
    held = lifts.lifted("a" * 64, TODAY + timedelta(days=2))
    assert (held.reason, held.mediator) == ("Relu ce matin.", store.mediator())
    assert lifts.lifted("a" * 64, TODAY + timedelta(days=3)) is None
    assert lifts.lifted("b" * 64, TODAY) is None, "another version of the model was not read again"


def test_the_last_lift_holds_and_the_journal_knows_each(opened):
    lifts.lift("eau", "a" * 64, TODAY + timedelta(days=9), "Relu.", TODAY)
    lifts.lift("eau", "a" * 64, TODAY, "Plus qu’aujourd’hui.", TODAY)
    assert lifts.lifted("a" * 64, TODAY).reason == "Plus qu’aujourd’hui."
    assert lifts.lifted("a" * 64, TODAY + timedelta(days=1)) is None
    told = [entry for entry in JournalEntry.select() if entry.act == "modele.prolonge"]
    assert len({entry.subject for entry in told}) == 2
    assert {entry.mediator for entry in told} == {store.mediator()}
