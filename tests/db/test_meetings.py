"""A mediation between two people: the other one named, a meeting planned, told, moved, and its outcome."""

from datetime import date, datetime

import pytest

from db import dossiers, letters, meetings, people, reminders, schema, store, team, timeline
from db.meetings import Draft, Party

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0).astimezone()
OTHER = Party("M. Noé Fictif", "12 rue de l’Exemple\n69100 Villeurbanne")
MONDAY = Draft(date(2026, 11, 30), (14, 30), "Salle du PIMMS")


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "conflit", "Voisinage, bruit", "", "bruit le soir"), TODAY)
    meetings.name_other_party(id, OTHER)
    return id


def labels(day: date) -> list[str]:
    return [line.label for line in reminders.due(day) if line.label.startswith("Rencontre")]


def test_the_other_person_is_named_with_an_address_or_without(dossier):
    assert meetings.other_party(dossier) == OTHER
    meetings.name_other_party(dossier, Party("  Mme  Julie Exemple "))
    assert meetings.other_party(dossier) == Party("Mme Julie Exemple")
    store.undo()
    assert meetings.other_party(dossier) == OTHER


@pytest.mark.parametrize(
    ("draft", "party", "fields"),
    [
        (MONDAY, OTHER, set()),
        (MONDAY, Party(), {"party"}),
        (MONDAY, Party("Noé Fictif", "x" * 120), {"party"}),
        (Draft(), OTHER, {"day", "time", "place"}),
        (Draft(TODAY, (9, 59), "Ici"), OTHER, {"day"}),
        (Draft(date(2028, 1, 3), (14, 0), "Ici"), OTHER, {"day"}),
        (Draft(TODAY, (11, 0), "x" * 81), OTHER, {"place"}),
    ],
)
def test_what_is_wrong_gets_a_sentence(draft, party, fields):
    found = meetings.problems(draft, party, NOW)
    assert set(found) == fields and all(sentence.endswith(".") for sentence in found.values())


def test_a_meeting_when_the_place_is_closed_is_said_not_refused(opened):
    assert "fermé" in meetings.warning(MONDAY), "on Mondays the place closes at noon"
    assert meetings.warning(Draft(date(2026, 12, 1), (14, 30), "Ici")) == "" == meetings.warning(Draft())


def test_a_meeting_is_planned_told_and_reminded_on_the_open_day_before(dossier):
    id = meetings.plan(dossier, MONDAY, TODAY)
    (line,) = meetings.of_dossier(dossier)
    assert (line.id, line.at, line.place, line.outcome) == (id, MONDAY.at, "Salle du PIMMS", "")
    assert "14:30, Salle du PIMMS" in line.words
    assert timeline.events(dossier)[0].summary == "Rencontre prévue lun. 30/11 à 14:30, Salle du PIMMS"
    assert labels(date(2026, 11, 26)) == [] and labels(date(2026, 11, 27)) == ["Rencontre lun. 30/11 à 14:30"]
    (reminder,) = (each for each in reminders.due(date(2026, 11, 27)) if each.id == id)
    assert meetings.line(reminder.id) == line and "Modèle" not in reminder.detail
    assert store.undo() == "Rencontre prévue lun. 30/11 à 14:30"
    assert meetings.of_dossier(dossier) == () and labels(date(2026, 11, 27)) == []


def test_a_meeting_tomorrow_is_reminded_today(dossier):
    meetings.plan(dossier, Draft(date(2026, 11, 24), (9, 0), "Ici"), TODAY)
    assert labels(TODAY) == ["Rencontre mar. 24/11 à 9:00"]
    meetings.plan(dossier, Draft(TODAY, (16, 0), "Ici"), TODAY)
    assert len(labels(TODAY)) == 2
    assert {line.due_on for line in reminders.due(TODAY)} == {TODAY}, "never in the past"


def test_a_call_on_the_dossier_leaves_the_meeting_s_reminder_where_it_is(dossier):
    meetings.plan(dossier, MONDAY, TODAY)
    dossiers.log(dossier, "appel", "Message laissé", date(2026, 12, 10), "message", present=True)
    assert labels(date(2026, 11, 27)) == ["Rencontre lun. 30/11 à 14:30"]
    assert dossiers.sheet(dossier).next_on == date(2026, 12, 10)


def test_a_meeting_moves_with_its_reminder_and_asks_for_a_new_invitation(dossier):
    id = meetings.plan(dossier, MONDAY, TODAY)
    meetings.move(id, Draft(date(2026, 12, 3), (10, 0), "Mairie"), TODAY)
    (line,) = meetings.of_dossier(dossier)
    assert (line.at.date(), line.place, line.letter) == (date(2026, 12, 3), "Mairie", None)
    assert labels(date(2026, 12, 1)) == [] and labels(date(2026, 12, 2)) == ["Rencontre jeu. 03/12 à 10:00"]
    store.undo()
    assert meetings.of_dossier(dossier)[0].at == MONDAY.at and labels(date(2026, 11, 27))


def test_a_meeting_is_called_off(dossier):
    id = meetings.plan(dossier, MONDAY, TODAY)
    meetings.cancel(id)
    assert meetings.of_dossier(dossier) == () and labels(MONDAY.day) == []
    assert "annulée" in timeline.events(dossier)[0].summary
    store.undo()
    assert len(meetings.of_dossier(dossier)) == 1 and labels(MONDAY.day)


@pytest.mark.parametrize(("outcome", "state"), [("accord", "accord"), ("sans_accord", "ouvert"), ("absent", "ouvert")])
def test_its_outcome_is_told_and_an_agreement_moves_the_dossier(dossier, outcome, state):
    id = meetings.plan(dossier, MONDAY, TODAY)
    meetings.record_outcome(id, outcome)
    assert meetings.of_dossier(dossier)[0].outcome == outcome
    assert dossiers.sheet(dossier).state == state and labels(MONDAY.day) == []
    assert meetings.OUTCOMES[outcome].casefold() in timeline.events(dossier)[0].summary
    store.undo()
    assert dossiers.sheet(dossier).state == "ouvert" and labels(MONDAY.day)


def test_no_outcome_before_the_meeting(dossier):
    meetings.plan(dossier, MONDAY, TODAY)
    (line,) = meetings.of_dossier(dossier)
    assert "pas encore" in meetings.outcome_problem(line, "accord", NOW)
    assert meetings.outcome_problem(line, "accord", line.at) == ""
    assert "Choisissez" in meetings.outcome_problem(line, "peut-être", line.at)


def test_a_confidential_dossier_s_meetings_are_not_for_others(dossier):
    id = meetings.plan(dossier, MONDAY, TODAY)
    store.update(schema.Dossier, dossier, confidential=True, referent="m1")
    store.sign_in("m2", "A1")
    assert not team.is_responsable()
    assert meetings.of_dossier(dossier) == () and meetings.line(id) is None
    assert meetings.other_party(dossier) == Party()


def filed(dossier: str, template: str, number: str, day: date) -> str:
    entry = letters.Entry(template, 1, "0" * 64, "Médiation", "etat-civil", dossier=dossier)
    return letters.archive(entry, number, b"%PDF-1", 1, day)


def test_an_invitation_filed_is_that_of_the_next_meeting(dossier):
    first = meetings.plan(dossier, MONDAY, TODAY)
    second = meetings.plan(dossier, Draft(date(2026, 12, 8), (14, 30), "Mairie"), TODAY)
    letter = filed(dossier, "mediation-invitation", "A1-2026-0001", TODAY)
    line = meetings.line(first)
    assert (line.letter, line.invitation, line.invited_on) == (letter, "A1-2026-0001", TODAY)
    assert meetings.line(second).invitation == ""
    filed(dossier, "courrier-libre", "A1-2026-0002", TODAY)
    assert meetings.line(second).invitation == "", "any other letter invites nobody"
    filed(dossier, "mediation-invitation", "A1-2026-0003", date(2026, 12, 1))
    assert meetings.line(second).invitation == "A1-2026-0003"
    store.undo()
    assert meetings.line(second).invitation == ""
    meetings.move(first, Draft(date(2026, 12, 3), (10, 0), "Mairie"), TODAY)
    assert meetings.line(first).invitation == "", "another day, another invitation"


@pytest.mark.parametrize(
    ("template", "outcome", "state"),
    [("mediation-accord", "accord", "accord"), ("mediation-non-aboutie", "sans_accord", "ouvert")],
)
def test_the_paper_of_the_end_tells_how_the_meeting_ended(dossier, template, outcome, state):
    id = meetings.plan(dossier, MONDAY, TODAY)
    later = meetings.plan(dossier, Draft(date(2026, 12, 8), (14, 30), "Mairie"), TODAY)
    filed(dossier, template, "A1-2026-0001", MONDAY.day)
    assert (meetings.line(id).outcome, meetings.line(later).outcome) == (outcome, "")
    assert dossiers.sheet(dossier).state == state
    assert labels(date(2026, 12, 1)) == [], "its reminder is honoured"
    store.undo()
    assert meetings.line(id).outcome == "" and dossiers.sheet(dossier).state == "ouvert"


def test_an_agreement_filed_without_a_meeting_moves_the_dossier_on(dossier):
    filed(dossier, "mediation-accord", "A1-2026-0001", TODAY)
    assert dossiers.sheet(dossier).state == "accord"
