"""The money of a dossier: a plan ticked off, helps asked and answered, what mediation won."""

from datetime import date, timedelta

import pytest

from db import dossiers, money, people, schema, store
from desktop.instalments import instalments

TODAY = date(2026, 11, 23)


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(dossiers.Draft(who, "edf", "Impayé, échéancier", "", "coupure", 41260), TODAY)


def agreed(dossier: str, total: int = 41260, count: int = 4, first: date = date(2026, 12, 5)) -> money.Money:
    money.keep_plan(dossier, instalments(total, count, first))
    return money.of_dossier(dossier)


def test_a_plan_is_exact_to_the_cent(dossier):
    plan = agreed(dossier, 10000, 3)
    assert [(payment.due_on, payment.cents) for payment in plan.payments] == [
        (date(2026, 12, 5), 3333), (date(2027, 1, 5), 3333), (date(2027, 2, 5), 3334),
    ]  # fmt: skip
    assert (plan.due, plan.planned, plan.paid, plan.remaining) == (41260, 10000, 0, 10000)


def test_payments_are_ticked_and_unticked(dossier):
    first, second, *_ = agreed(dossier).payments
    money.pay(first.id, date(2026, 12, 4))
    plan = money.of_dossier(dossier)
    assert (plan.paid, plan.remaining, plan.next.id) == (10315, 30945, second.id)
    assert store.undo() == "Paiement coché" and money.of_dossier(dossier).paid == 0
    store.redo()
    money.unpay(first.id)
    assert money.of_dossier(dossier).next.id == first.id


def test_a_payment_is_late_the_day_after(dossier):
    plan = agreed(dossier)
    assert plan.late(date(2026, 12, 5)) == ()
    assert plan.late(date(2026, 12, 6)) == plan.payments[:1]
    assert money.late_payments(date(2027, 1, 6)) == tuple((dossier, payment) for payment in plan.payments[:2])
    money.pay(plan.payments[0].id, TODAY)
    assert [payment.id for _, payment in money.late_payments(date(2027, 1, 6))] == [plan.payments[1].id]
    dossiers.close(dossier, "resolu", TODAY)
    assert money.late_payments(date(2027, 1, 6)) == ()


def test_a_new_plan_keeps_what_was_paid_and_drops_what_was_not(dossier):
    first = agreed(dossier).payments[0]
    money.pay(first.id, TODAY)
    plan = agreed(dossier, 30945, 6, date(2027, 1, 10))
    assert plan.payments[0].id == first.id and len(plan.payments) == 7
    assert (plan.paid, plan.remaining) == (10315, 30945)
    store.undo()
    assert len(money.of_dossier(dossier).payments) == 4


@pytest.mark.parametrize(
    ("total", "count", "first", "fields"),
    [
        (41260, 4, date(2026, 12, 5), set()),
        (41260, 4, TODAY, set()),
        (None, 4, TODAY, {"total"}),
        (0, 0, None, {"total", "count", "first"}),
        (41260, 61, TODAY, {"count"}),
        (300, 4, TODAY, {"count"}),
        (41260, 4, TODAY - timedelta(days=1), {"first"}),
        (41260, 4, date(2027, 11, 24), {"first"}),
    ],
)
def test_a_plan_that_cannot_be_gets_a_sentence(total, count, first, fields):
    found = money.plan_problems(total, count, first, TODAY)
    assert set(found) == fields and all(sentence.endswith(".") for sentence in found.values())


def test_helps_are_asked_then_obtained_or_refused(dossier):
    fsl = money.ask_help(dossier, "fsl", 20000, TODAY)
    ccas = money.ask_help(dossier, "ccas", None, TODAY)
    money.answer_help(fsl, 15000, TODAY + timedelta(days=9))
    money.answer_help(ccas, 0, TODAY + timedelta(days=9))
    found = money.of_dossier(dossier)
    assert [(help.label, help.asked, help.obtained) for help in found.helps] == [
        ("FSL", 20000, 15000),
        ("CCAS", None, 0),
    ]
    assert found.obtained == 15000 == money.proposed_won(found)
    money.forget_help(fsl)
    found = money.of_dossier(dossier)
    assert [help.id for help in found.helps] == [ccas] and money.proposed_won(found) is None


def test_what_is_wrong_in_a_help_gets_a_sentence(dossier):
    assert money.help_problems("fsl", None, TODAY, TODAY) == {}
    assert set(money.help_problems("inconnue", 0, TODAY + timedelta(days=1), TODAY)) == {"kind", "asked", "asked_on"}
    asked = money.HelpLine("x", "fsl", "FSL", 20000, TODAY)
    assert money.answer_problems(0, TODAY, asked, TODAY) == {}
    assert set(money.answer_problems(None, None, asked, TODAY)) == {"obtained", "answered_on"}
    assert "avant la demande" in money.answer_problems(1, TODAY - timedelta(days=1), asked, TODAY)["answered_on"]


def test_what_mediation_won_is_counted_when_a_dossier_closes_and_not_twice(dossier):
    assert money.won(TODAY, TODAY) == 0
    dossiers.close(dossier, "resolu", TODAY, useful="oui", won=15000, reason="aide du FSL")
    assert money.of_dossier(dossier).won == 15000
    assert (money.won(TODAY, TODAY), money.won(TODAY + timedelta(days=1), TODAY + timedelta(days=30))) == (15000, 0)
    dossiers.reopen(dossier, TODAY)
    assert money.won(TODAY, TODAY) == 0
    dossiers.close(dossier, "resolu", TODAY, won=20000)
    assert money.won(TODAY, TODAY) == 20000


def test_an_unknown_dossier_is_said(opened):
    with pytest.raises(LookupError):
        money.of_dossier("0" * 32)
    assert schema.Payment.select().count() == 0
