"""Rencontre: two people round a table, from the invitation to the paper that follows."""

from datetime import date, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from db import dossiers, letters, meetings, people, reminders, schema, store
from desktop import french
from desktop.dossiers.meeting_section import MeetingSection

TODAY = date.today()
ENTER, ESCAPE, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def conflict(opened):
    who = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(dossiers.Draft(who, "conflit", "Voisinage, bruit", subject="la vie le soir"), TODAY)


@pytest.fixture
def tab(conflict, show_section):
    return show_section(MeetingSection(), conflict)


def planned(dossier: str, days: int) -> str:
    meetings.name_other_party(dossier, meetings.Party("Théo Modèle"))
    id = meetings.plan(dossier, meetings.Draft(TODAY + timedelta(days=14), (14, 30), "Salle"), TODAY)
    at = datetime.combine(TODAY + timedelta(days=days), datetime.min.time()).astimezone()
    schema.Meeting.update(at=at).where(schema.Meeting.id == id).execute()
    return id


def test_the_other_person_is_named_with_her_address_by_the_keyboard(tab, keys, conflict):
    keys.press(ENTER)
    keys.type("M. Theo Modele")
    keys.press(TAB)
    keys.type("2 rue Fictive")
    keys.press(ENTER)
    keys.type("69100 Villeurbanne")
    keys.press(ENTER, CONTROL)
    assert meetings.other_party(conflict) == meetings.Party("M. Theo Modele", "2 rue Fictive\n69100 Villeurbanne")
    assert tab.party.text() == "Avec M. Theo Modele, 2 rue Fictive, 69100 Villeurbanne"


def test_a_meeting_shows_its_invitation_or_that_it_is_to_be_made(tab, conflict):
    planned(conflict, 14)
    tab.refresh()
    assert tab.list.cards()[0].detail == "Invitation à faire"
    assert MeetingSection.mark(dossiers.sheet(conflict), TODAY).words.endswith(", invitation à faire")
    entry = letters.Entry(meetings.INVITATION, 1, "0" * 64, "Invitation", "etat-civil", dossier=conflict)
    letters.archive(entry, "A1-2026-0007", b"%PDF-1", 1, TODAY)
    tab.refresh()
    assert tab.list.cards()[0].detail == f"Invitation n° A1-2026-0007 du {french.short_date(TODAY)}"
    assert "invitation" not in MeetingSection.mark(dossiers.sheet(conflict), TODAY).words


def test_nobody_is_invited_before_the_other_person_is_named(tab, keys, conflict, qtbot):
    with qtbot.waitSignal(tab.said) as said:
        tab.press(2)
    assert said.args == ["Nommez d’abord l’autre personne."]
    tab.press(1)
    keys.press(ENTER)
    assert tab.naming.form.error("name").startswith("Nommez l’autre personne.")


def test_a_meeting_is_proposed_on_an_open_day_and_reminded(tab, keys, conflict):
    meetings.name_other_party(conflict, meetings.Party("Théo Modèle"))
    tab.show_dossier(conflict)
    tab.press(2)
    assert tab.planning.note.text() == "", "the moment proposed is open"
    keys.press(ENTER)
    (line,) = meetings.of_dossier(conflict)
    assert line.place == "PIMMS de Villeurbanne" and line.at.date() >= TODAY + timedelta(days=14)
    assert any("Rencontre" in one.label for one in reminders.due(line.at.date()))
    assert tab.list.cards()[0].badge == "à venir"


@pytest.mark.parametrize(
    "field, text, said",
    [("day", "31/02", "Cette date n’existe pas."), ("day", "01/01/2020", ""), ("day", "", "Donnez le jour"),
     ("time", "25:00", "Cette heure n’existe pas."), ("place", "", "")],
)  # fmt: skip
def test_an_impossible_meeting_is_told_beside_its_field(tab, keys, conflict, field, text, said):
    meetings.name_other_party(conflict, meetings.Party("Théo Modèle"))
    tab.show_dossier(conflict)
    tab.press(2)
    tab.planning.form.fields[field].setText(text)
    keys.press(ENTER)
    assert tab.planning.form.error(field) and tab.planning.form.error(field).startswith(said)
    assert meetings.of_dossier(conflict) == ()


def test_a_closed_hour_is_told_and_may_be_kept(tab, keys, conflict):
    meetings.name_other_party(conflict, meetings.Party("Théo Modèle"))
    tab.show_dossier(conflict)
    tab.press(2)
    tab.planning.form.fields["time"].setText("22:00")
    assert tab.planning.note.text().startswith("Le lieu est fermé")
    keys.press(ENTER)
    assert meetings.of_dossier(conflict)[0].at.astimezone().hour == 22


def test_a_meeting_to_come_is_moved_by_enter_and_has_no_outcome_yet(tab, keys, conflict):
    planned(conflict, 14)
    tab.show_dossier(conflict)
    assert not any(button.isVisible() for button in tab.outcome_buttons.values())
    tab.list.setFocus()
    keys.press(ENTER)
    later = TODAY + timedelta(days=21)
    tab.planning.form.fields["day"].setText(french.short_date(later))
    keys.press(ENTER)
    (line,) = meetings.of_dossier(conflict)
    assert line.at.astimezone().date() == later


@pytest.mark.parametrize(
    "digit, outcome, template",
    [
        (3, "accord", "mediation-accord"),
        (4, "sans_accord", "mediation-non-aboutie"),
        (5, "absent", "mediation-non-aboutie"),
    ],
)
def test_how_it_ended_is_one_digit_and_calls_for_its_paper(tab, conflict, qtbot, digit, outcome, template):
    planned(conflict, -1)
    tab.show_dossier(conflict)
    mark = MeetingSection.mark(dossiers.sheet(conflict), TODAY)
    assert mark.tone == "wait" and "dites comment elle a fini" in mark.words
    assert tab.press(digit)
    assert meetings.of_dossier(conflict)[0].outcome == outcome
    assert MeetingSection.mark(dossiers.sheet(conflict), TODAY) is None
    with qtbot.waitSignal(tab.wants_letter) as asked:
        tab.press(6)
    assert asked.args == [conflict, template, ""]


def test_before_it_the_paper_is_the_invitation(tab, conflict, qtbot):
    planned(conflict, 14)
    tab.show_dossier(conflict)
    with qtbot.waitSignal(tab.wants_letter) as asked:
        tab.press(6)
    assert asked.args == [conflict, "mediation-invitation", ""]


def test_a_cancelled_meeting_comes_back_with_undo(tab, conflict):
    planned(conflict, 14)
    tab.show_dossier(conflict)
    tab.press(7)
    assert meetings.of_dossier(conflict) == ()
    store.undo()
    assert len(meetings.of_dossier(conflict)) == 1


def test_it_concerns_conflicts_and_no_other_dossier(opened):
    who = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    bill = dossiers.open_dossier(dossiers.Draft(who, "edf", "Impayé, échéancier", subject="facture"), TODAY)
    noise = dossiers.open_dossier(dossiers.Draft(who, "conflit", "Voisinage, bruit", subject="bruit"), TODAY)
    assert not MeetingSection.concerns(dossiers.sheet(bill))
    assert MeetingSection.concerns(dossiers.sheet(noise))


def test_the_veil_leaves_nothing(tab, conflict):
    planned(conflict, 14)
    tab.show_dossier(conflict)
    tab.clear()
    assert tab.party.text() == "" and tab.list.cards() == ()


def test_a_click_picks_a_meeting_and_a_button_moves_it(tab, conflict, qtbot):
    """The one gone by is below the next: a click must not ask to move it."""
    planned(conflict, 14)
    past = planned(conflict, -1)
    tab.refresh()
    row = next(place for place, card in enumerate(tab.list.cards()) if card.id == past)
    place = tab.list.visualRect(tab.list.model().index(row, 0)).center()
    qtbot.mouseClick(tab.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert tab.list.current_id() == past and not tab.planning.isVisible()
    assert tab.outcome_buttons["accord"].isVisible()
    tab.press(8)
    assert tab.planning.isVisible() and tab.planning.heading.text() == "Déplacer la rencontre"
