"""What is to be done and by when; what one shift tells the next."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db import dossiers, mandates, notes, people, preferences, reminders, schema, store

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 11, 24), date(2026, 11, 24)),
        (date(2026, 11, 28), date(2026, 11, 30)),  # Saturday → Monday
        (date(2026, 12, 25), date(2026, 12, 28)),  # Christmas, a Friday → Monday
        (date(2027, 5, 1), date(2027, 5, 3)),  # 1 May, a Saturday
        (date(2027, 3, 29), date(2027, 3, 30)),  # Easter Monday → Tuesday
    ],
)
def test_a_reminder_falls_on_an_open_day(opened, asked, due):
    id = reminders.add("Relancer EDF", asked)
    assert reminders.due(due - timedelta(days=1)) == ()
    assert [(line.id, line.due_on) for line in reminders.due(due)] == [(id, due)]


def test_late_ones_come_first_and_those_to_come_are_not_shown(opened):
    reminders.add("à venir", MONDAY + timedelta(days=1))
    reminders.add("à onze heures", MONDAY, due_at="11:00")
    reminders.add("du jour", MONDAY)
    reminders.add("en retard", MONDAY - timedelta(days=3))
    assert [line.label for line in reminders.due(MONDAY)] == ["en retard", "du jour", "à onze heures"]


def test_what_is_done_is_not_shown_any_more_and_undo_shows_it_again(opened):
    id = reminders.add("Relancer EDF", MONDAY)
    reminders.done(id)
    assert reminders.due(MONDAY) == ()
    store.undo()
    assert len(reminders.due(MONDAY)) == 1


def test_postponed_it_skips_closed_days_and_loses_its_hour(opened):
    id = reminders.add("Relancer EDF", MONDAY, due_at="11:00")
    assert reminders.postpone(id, date(2026, 11, 28)) == date(2026, 11, 30)
    (line,) = reminders.due(date(2026, 11, 30))
    assert (line.due_on, line.due_at) == (date(2026, 11, 30), "")
    assert reminders.due(MONDAY) == ()


def test_the_days_proposed_are_open_ones(opened):
    friday = date(2026, 11, 27)
    assert reminders.open_days(friday, (1, 3, 7)) == (date(2026, 11, 30), date(2026, 11, 30), date(2026, 12, 4))


def test_a_place_that_never_opens_still_answers(opened):
    preferences.put("hours", {})
    assert reminders.open_days(MONDAY, (1,)) == (MONDAY + timedelta(days=1),)
    assert preferences.next_open_day(MONDAY) == MONDAY


def person(name: str) -> str:
    return people.record(people.Draft(name, "Théo", informed_on=MONDAY), MONDAY)


def notice(name: str = "Modèle", **more) -> str:
    """A dossier whose last day to ask for a payment in several times is Friday 4 December."""
    draft = dossiers.Draft(person(name), "edf", "Impayé, échéancier", subject="relance",
                           notified_on=date(2026, 11, 16), notice="relance2", protected=("cheque_energie",))  # fmt: skip
    return dossiers.open_dossier(replace(draft, **more), MONDAY)


def test_the_dates_about_to_be_lost_are_shown_before_the_reminders(opened):
    reminders.add("Rappeler M. Roux", MONDAY)
    later = notice("Exemple", notified_on=date(2026, 11, 18))
    sooner = notice()
    found = reminders.todo(MONDAY)
    assert [(line.dossier, line.section, line.due_on, line.label) for line in found] == [
        (sooner, "voie", date(2026, 12, 4), "Demander un paiement en plusieurs fois"),
        (later, "voie", date(2026, 12, 7), "Demander un paiement en plusieurs fois"),
        (None, "", MONDAY, "Rappeler M. Roux"),
    ]
    assert found[0].detail == "Modèle, impayé, échéancier"
    gone = reminders.dates(date(2026, 12, 7))
    assert [line.dossier for line in gone] == [later, sooner], "what can still be done comes before what is gone"


def test_a_reminder_of_the_last_day_itself_is_not_told_twice(opened):
    id = notice()
    last = date(2026, 12, 4)
    reminders.plan(id, last)
    assert [(line.label, line.section) for line in reminders.todo(last)] == [
        ("Demander un paiement en plusieurs fois", "voie")
    ]
    reminders.plan(id, date(2026, 12, 3))
    assert [line.label for line in reminders.todo(last)] == [
        "Demander un paiement en plusieurs fois", "Relancer EDF",
    ]  # fmt: skip


def test_payments_late_and_mandates_ending_are_shown_once_for_each_dossier(opened):
    id = notice(notified_on=None)
    for day in (date(2026, 11, 3), date(2026, 11, 10)):
        store.insert(schema.Payment, dossier=id, due_on=day, cents=5000)
    mandates.sign(mandates.Draft(dossiers.sheet(id).person, "edf", "Appeler", id, MONDAY, date(2026, 12, 1)))
    assert [(line.label, line.section, line.due_on) for line in reminders.dates(MONDAY)] == [
        ("Mandat pour EDF", "mandat", date(2026, 12, 1)), ("2 paiements en retard", "argent", date(2026, 11, 3)),
    ]  # fmt: skip


def test_the_dates_of_a_confidential_dossier_are_told_without_a_name(opened):
    store.sign_in("m2", "A1")
    id = notice(confidential=True)
    assert reminders.dates(MONDAY)[0].detail.startswith("Modèle")
    store.sign_in("m3", "A1")
    (line,) = reminders.dates(MONDAY)
    assert (line.dossier, line.label, line.detail) == (id, "EDF", "Dossier confidentiel")


def test_a_closed_dossier_has_no_date_to_lose(opened):
    id = notice()
    dossiers.close(id, "resolu", MONDAY)
    assert reminders.todo(MONDAY) == ()


def bodies() -> list[str]:
    return [note.body for note in notes.unread()]


def test_a_note_to_all_is_read_by_everybody(opened):
    notes.write("Le photocopieur avale les feuilles.")
    store.sign_in("m2", "A1")
    (note,) = notes.unread()
    assert (note.body, note.author) == ("Le photocopieur avale les feuilles.", "Nadia Réverbère")


def test_a_note_to_one_colleague_is_seen_by_that_colleague_only(opened):
    notes.write("Pour Karim", "m2")
    assert bodies() == []
    store.sign_in("m2", "A1")
    assert bodies() == ["Pour Karim"]


def test_a_note_read_is_archived_and_undo_brings_it_back(opened):
    id = notes.write("Rappeler EDF")
    notes.archive(id)
    assert bodies() == []
    store.undo()
    assert bodies() == ["Rappeler EDF"]


def test_an_empty_note_is_refused_with_an_example(opened):
    assert notes.problem("  \n") == "Écrivez la transmission. Exemple : rappeler EDF avant 16 h."
    assert notes.problem("Rappeler") is None


def test_the_oldest_note_is_read_first(opened):
    for body in ("un", "deux", "trois"):
        notes.write(body)
    assert bodies() == ["un", "deux", "trois"]
