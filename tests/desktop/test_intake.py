"""Accueil, by the keyboard: the queue, the visit, the journal, and the scenarios of a shared entrance."""

import shutil
import signal
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import holidays
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from db import dossiers, lists, meetings, people, place, preferences, reminders, statistics, store, visits
from db.schema import Demand, Person, Visit
from desktop.intake.step_row import StepRow
from desktop.widgets.buttons import Chip

K = Qt.Key
KEY = bytes(range(32))
AZERTY = {1: "&", 2: "é", 3: '"', 4: "'", 5: "(", 6: "-", 7: "è", 8: "_", 9: "ç", 0: "à"}


def digits(hands, text: str) -> None:
    for sign in text:
        hands.press(getattr(K, f"Key_{sign}"))


def receive(hands, answers: str = "6211") -> None:
    """A whole anonymous visit: F2, the answers, Entrée."""
    hands.press(K.Key_F2)
    digits(hands, answers)
    hands.press(K.Key_Return)


def step(desk, name: str) -> StepRow:
    return next(made for made in desk.intake.visit.findChildren(StepRow) if made.name == name)


def live(desk) -> str:
    """The question whose key caps are black."""
    return next(made.name for made in desk.intake.visit.findChildren(StepRow) if _is_live(made))


def _is_live(made: StepRow) -> bool:
    return made.isVisible() and any(chip.live and chip.isVisible() for chip in made.findChildren(Chip))


def waiting(desk) -> list[str]:
    """The numbers of those who wait, as the list shows them."""
    cards = desk.intake.queue.list.cards()
    end = next((n for n, card in enumerate(cards) if card.is_section), len(cards))
    return [card.lead for card in cards[:end]]


def ago(minutes: float) -> datetime:
    return datetime.now().astimezone() - timedelta(minutes=minutes)


def in_queue(desk, *minutes: float, **arrival) -> list[str]:
    """People who arrived that many minutes ago."""
    found = [visits.arrive(visits.Arrival(**{"family": 2, **arrival}), ago(m)) for m in minutes]
    desk.refresh()
    return found


def choose(desk, hands, name: str, label: str) -> None:
    """Pick a value of a closed list of the details, by the keyboard: the list opens, the arrows go down to it."""
    field = desk.intake.visit.details.fields[name]
    field.setFocus()
    wanted = field.findText(label)
    assert wanted >= 0, f"« {label} » is not offered"
    for _ in range(wanted - field.currentIndex()):
        hands.press(K.Key_Down)


def select(desk, hands, place: int) -> None:
    """Maj+F2, then the arrows, to a line of the queue."""
    hands.press(K.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    hands.press(K.Key_Home)
    for _ in range(place):
        hands.press(K.Key_Down)


# a standard visit


def test_a_standard_anonymous_visit_takes_six_keys_and_no_mouse(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_Return)
    (line,) = visits.page()
    assert (line.theme, line.nature, line.outcome, line.person) == ("FAM", "information", "resolu", None)
    assert statistics.of_day(date.today()).visits == 1


def test_the_top_row_of_an_azerty_keyboard_answers(desk, hands):
    hands.press(K.Key_F2)
    for digit, text in ((6, "-"), (2, "é"), (1, "&"), (1, "&")):
        hands.top_row(digit, text)
    hands.press(K.Key_Return)
    (line,) = visits.page()
    assert (line.theme, line.nature, line.outcome) == ("FAM", "information", "resolu")


def test_each_key_of_the_azerty_top_row_chooses_its_family_and_never_goes_back(desk, hands):
    hands.press(K.Key_F2)
    for digit in range(1, 10):
        hands.top_row(digit, AZERTY[digit])
        assert (desk.intake.visit.draft.demands[0].family, live(desk)) == (digit, "theme")
        hands.press(K.Key_Backspace)


def test_the_zero_of_an_azerty_top_row_shows_the_other_choices(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "62")
    hands.top_row(0, AZERTY[0])
    assert any(chip.text() == "Écoute" for chip in step(desk, "nature").findChildren(Chip))
    hands.top_row(3, AZERTY[3])
    assert desk.intake.visit.draft.demands[0].nature == "ecoute"


def test_the_same_keys_answer_on_a_qwerty_keyboard(desk, hands):
    hands.press(K.Key_F2)
    for digit in range(1, 10):
        hands.top_row(digit, str(digit))
        assert (desk.intake.visit.draft.demands[0].family, live(desk)) == (digit, "theme")
        hands.press(K.Key_Backspace)


def test_the_keypad_answers_and_its_minus_goes_back(desk, hands):
    hands.press(K.Key_F2)
    keypad = Qt.KeyboardModifier.KeypadModifier
    for digit in range(1, 10):
        hands.press(getattr(K, f"Key_{digit}"), keypad)
        assert (desk.intake.visit.draft.demands[0].family, live(desk)) == (digit, "theme")
        hands.press(K.Key_Minus, keypad)


def test_the_star_of_a_qwerty_keyboard_asks_the_profile_and_is_not_an_eight(desk, hands):
    """Shift and the key 8 type a star there; on AZERTY the same key with Shift types 8."""
    hands.press(K.Key_F2)
    shift = Qt.KeyboardModifier.ShiftModifier
    QApplication.sendEvent(
        QApplication.focusWidget(), QKeyEvent(QEvent.Type.KeyPress, K.Key_Asterisk, shift, 17, 0, 0, "*")
    )
    assert desk.intake.visit.draft.demands[0].family is None
    assert live(desk) == "gender"


def test_a_shifted_top_row_key_of_an_azerty_keyboard_is_its_digit(desk, hands):
    hands.press(K.Key_F2)
    shift = Qt.KeyboardModifier.ShiftModifier
    QApplication.sendEvent(QApplication.focusWidget(), QKeyEvent(QEvent.Type.KeyPress, K.Key_8, shift, 17, 0, 0, "8"))
    assert desk.intake.visit.draft.demands[0].family == 8


def test_control_with_a_digit_answers_nothing(desk, hands):
    hands.press(K.Key_F2)
    hands.press(K.Key_6, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_6, Qt.KeyboardModifier.AltModifier)
    assert desk.intake.visit.draft.demands[0].family is None


def test_a_digit_with_nobody_called_receives_somebody_at_once(desk, hands):
    digits(hands, "6211")
    hands.press(K.Key_Return)
    assert len(visits.page()) == 1


def test_entree_twice_records_one_visit_only(desk, hands):
    receive(hands)
    hands.press(K.Key_Return)
    hands.press(K.Key_Return)
    assert len(visits.page()) == 1
    assert visits.open_visits() == ()


def test_the_toast_says_how_long_the_entry_took(desk, hands):
    receive(hands)
    assert desk.toast.sentence.text().startswith("Visite n° 1 enregistrée en ")
    assert desk.toast.undo.isVisible()


def test_each_visit_of_the_day_has_the_next_number(desk, hands):
    receive(hands)
    receive(hands)
    assert [line.number for line in visits.page()] == [2, 1]


def test_the_mouse_alone_can_record_a_visit(desk, qtbot):
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(desk.intake.queue.call, left)
    for name, words in (("family", "Eau"), ("theme", "Fuite"), ("nature", "Information"), ("outcome", "Réglé")):
        chip = next(c for c in step(desk, name).findChildren(Chip) if c.text() == words and c.isVisible())
        qtbot.mouseClick(chip, left)
        QApplication.processEvents()
    qtbot.mouseClick(desk.intake.visit.save, left)
    (line,) = visits.page()
    assert (line.theme, line.subtheme) == ("EAU", "fuite")


# going back, adding, completing


@pytest.mark.parametrize("key", [K.Key_Minus, K.Key_Backspace])
def test_minus_and_backspace_go_back_one_question(desk, hands, key):
    hands.press(K.Key_F2)
    digits(hands, "62")
    hands.press(key)
    assert live(desk) == "theme"
    digits(hands, "1")
    assert desk.intake.visit.draft.demands[0].theme == "IMP"
    hands.press(key)
    hands.press(key)
    assert live(desk) == "family"


def test_another_family_forgets_the_precision_of_the_first(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "62")
    hands.press(K.Key_Minus)
    hands.press(K.Key_Minus)
    digits(hands, "2")
    demand = desk.intake.visit.draft.demands[0]
    assert (demand.family, demand.theme, demand.subtheme) == (2, "", "")


def test_from_the_first_question_of_a_second_demand_one_goes_back_to_the_first_demand(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_Plus)
    hands.press(K.Key_Minus)
    assert live(desk) == "outcome"
    digits(hands, "5")
    assert [d.outcome for d in desk.intake.visit.draft.demands] == ["resolu_appel", ""]


def test_plus_waits_until_the_first_demand_is_complete(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "62")
    hands.press(K.Key_Plus)
    assert len(desk.intake.visit.draft.demands) == 1


def test_a_plus_typed_for_nothing_leaves_no_empty_demand(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_Plus)
    hands.press(K.Key_Return)
    assert visits.page()[0].demands == 1


def test_a_second_demand_with_only_its_family_is_not_silently_dropped(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_Plus)
    digits(hands, "2")
    hands.press(K.Key_Return)
    assert visits.page() == ()
    assert step(desk, "theme").problem() == "Choisissez une précision."
    assert live(desk) == "theme"


@pytest.mark.parametrize(
    ("answers", "name", "sentence"),
    [
        ("", "family", "Choisissez un motif, de 1 à 9."),
        ("6", "theme", "Choisissez une précision."),
        ("62", "nature", "Dites ce qui a été fait."),
        ("621", "outcome", "Choisissez la suite."),
        ("6212", "follow_up", "Donnez la date de suite. Exemple : 30/11."),
    ],
)
def test_a_missing_answer_is_said_beside_its_question_and_nothing_is_recorded(desk, hands, answers, name, sentence):
    hands.press(K.Key_F2)
    digits(hands, answers)
    hands.press(K.Key_Return)
    assert step(desk, name).problem() == sentence
    assert live(desk) == name
    assert visits.page() == ()
    assert len(visits.open_visits()) == 1


def test_once_answered_the_sentence_goes_away(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "621")
    hands.press(K.Key_Return)
    digits(hands, "1")
    assert step(desk, "outcome").problem() == ""
    hands.press(K.Key_Return)
    assert len(visits.page()) == 1


def test_oriented_asks_where_to(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6214")
    assert live(desk) == "referred_to"
    digits(hands, "4")
    hands.press(K.Key_Return)
    (line,) = visits.page()
    assert visits.load(line.id).demands[0].referred_to == "aide_sociale"


def test_to_follow_up_asks_when_and_the_reminder_falls_on_the_next_open_day(desk, hands):
    """The place opens one weekday only: that of the day after tomorrow."""
    target = date.today() + timedelta(days=2)
    preferences.put("hours", {str(target.weekday()): [["09:00", "12:00"]]})
    closed = holidays.country_holidays("FR", years=(target.year, target.year + 1))
    while target in closed:
        target += timedelta(days=7)
    hands.press(K.Key_F2)
    digits(hands, "2212")
    assert live(desk) == "follow_up"
    digits(hands, "1")
    hands.press(K.Key_Return)
    assert reminders.due(target - timedelta(days=1)) == ()
    (line,) = reminders.due(target)
    assert (line.label, line.detail) == ("Eau · Fuite, surconsommation", "Visite à suivre")


def test_the_digits_of_the_follow_up_keep_their_meaning_on_every_day_of_the_week(desk, hands):
    """The place opens one day a week: tomorrow and in three days may be the same day, seven days stays « 3 »."""
    preferences.put("hours", {str((date.today() + timedelta(days=4)).weekday()): [["09:00", "12:00"]]})
    hands.press(K.Key_F2)
    digits(hands, "2212")
    words = [chip.text().split(" · ")[0] for chip in step(desk, "follow_up").findChildren(Chip) if chip.isVisible()]
    assert words == ["Réouverture", "3 jours", "7 jours", "14 jours", "1 mois"]


def test_a_follow_up_of_today_is_shown_among_the_things_to_do_and_delete_says_it_is_done(desk, hands):
    receive(hands)
    visit = visits.page()[0].id
    store.insert(reminders.Reminder, visit=visit, detail="1", label="Eau · Fuite", due_on=date.today())
    desk.refresh()
    todo = desk.intake.side.todo
    assert [card.title for card in todo.cards()] == ["Eau · Fuite"]
    todo.setFocus()
    hands.press(K.Key_Delete)
    assert todo.cards() == ()
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(todo.cards()) == 1


def test_a_date_about_to_be_lost_is_among_the_things_to_do_and_enter_opens_its_way_up(desk, hands):
    person = people.record(people.Draft("Modèle", "Théo", informed_on=date.today()), date.today())
    draft = dossiers.Draft(person, "edf", "Impayé, échéancier", subject="relance",
                           notified_on=date.today() - timedelta(days=8), notice="relance2")  # fmt: skip
    dossiers.open_dossier(draft, date.today())
    desk.refresh()
    todo = desk.intake.side.todo
    (card,) = todo.cards()
    assert card.detail == "Dernier jour · Modèle, impayé, échéancier" and card.tone == "urgent"
    todo.setFocus()
    hands.press(K.Key_Delete)
    assert todo.cards() == (card,) and desk.toast.sentence.text().startswith("Entrée ouvre le dossier")
    hands.press(K.Key_Return)
    assert desk.current() is desk.dossiers and desk.dossiers.sheet.shown == "voie"
    assert desk.dossiers.sheet.section("voie").isAncestorOf(QApplication.focusWidget())


def test_the_reminder_of_a_meeting_opens_it(desk, hands):
    today = date.today()
    person = people.record(people.Draft("Modèle", "Théo", informed_on=today), today)
    id = dossiers.open_dossier(dossiers.Draft(person, "conflit", "Voisinage, bruit", subject="bruit"), today)
    meetings.name_other_party(id, meetings.Party("Noé Fictif"))
    meetings.plan(id, meetings.Draft(today + timedelta(days=1), (14, 30), "Salle"), today)
    desk.refresh()
    todo = desk.intake.side.todo
    assert todo.cards()[0].title.startswith("Rencontre ")
    todo.setFocus()
    hands.press(K.Key_Return)
    assert desk.current() is desk.dossiers
    assert (desk.dossiers.sheet.sheet.id, desk.dossiers.sheet.shown) == (id, "rencontre")


def test_a_note_longer_than_280_signs_is_refused_beside_the_note(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_F4)
    assert QApplication.focusWidget() is desk.intake.visit.details.fields["note"]
    hands.type("n" * 283)
    hands.press(K.Key_Return)
    assert desk.intake.visit.details.error("note") == "La note a 3 signes de trop (280 au plus)."
    assert visits.page() == ()
    for _ in range(3):
        hands.press(K.Key_Backspace)
    hands.press(K.Key_Return)
    assert visits.load(visits.page()[0].id).demands[0].note == "n" * 280


def test_a_digit_in_the_note_is_text_and_not_an_answer(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_F4)
    hands.type("rappeler le 12+3")
    assert desk.intake.visit.draft.demands[0].note == "rappeler le 12+3"
    assert len(desk.intake.visit.draft.demands) == 1


# the profile


def test_star_asks_the_profile_and_three_digits_answer_it(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_Asterisk)
    digits(hands, "154")
    hands.press(K.Key_Return)
    profile = visits.load(visits.page()[0].id).profile
    assert (profile.gender, profile.age, profile.status) == ("F", "40-59", "retraite")


def test_zero_says_nc_everywhere_and_records(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_Asterisk)
    digits(hands, "0")
    (line,) = visits.page()
    assert visits.load(line.id).profile == visits.Profile()


def test_without_the_star_no_profile_is_asked_nor_kept(desk, hands):
    receive(hands)
    assert visits.load(visits.page()[0].id).profile is None


def test_star_again_takes_the_questions_away(desk, hands):
    hands.press(K.Key_F2)
    hands.press(K.Key_Asterisk)
    assert step(desk, "gender").isVisible()
    hands.press(K.Key_Asterisk)
    assert not step(desk, "gender").isVisible()
    assert live(desk) == "family"


# scenario 2: three demands in one visit, anonymous


def test_three_demands_of_one_anonymous_person_make_one_visit_and_no_name(desk, hands):
    hands.press(K.Key_F2)
    for rank, (answers, minutes) in enumerate((("6281", "5 min"), ("6151", "10 min"), ("7591", "30 min"))):
        if rank:
            hands.press(K.Key_Plus)
        digits(hands, answers)
        choose(desk, hands, "minutes", minutes)
        desk.intake.visit.setFocus()
    hands.press(K.Key_Return)
    (line,) = visits.page()
    found = visits.load(line.id).demands
    assert [(d.theme, d.nature, d.minutes) for d in found] == [
        ("FAM", "attestation", 5), ("IMP", "explication", 10), ("EMP", "emploi", 30),
    ]  # fmt: skip
    day = statistics.of_day(date.today())
    assert (day.visits, day.demands, day.demands_per_visit) == (1, 3, 3.0)
    assert Person.select().count() == 0
    assert line.person is None
    assert ("Demandes par visite", "3,00") in desk.handover.figures()


def test_the_side_panel_shows_the_visit_and_its_three_demands(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6281")
    hands.press(K.Key_Plus)
    digits(hands, "6151")
    hands.press(K.Key_Plus)
    digits(hands, "7591")
    hands.press(K.Key_Return)
    (card,) = desk.intake.side.last.cards()
    assert card.title == "Famille, CAF, scolarité · Allocations +2"


# scenario 3: a shared entrance


def test_six_people_at_a_shared_entrance_by_four_keys_each_at_most(desk, hands):
    arrivals = (
        (K.Key_F3, K.Key_0, K.Key_1),
        (K.Key_F3, K.Key_2, K.Key_Return),
        (K.Key_F3, K.Key_0, K.Key_2),
        (K.Key_F3, K.Key_0, K.Key_1),
        (K.Key_F3, K.Key_6, K.Key_Return),
        (K.Key_F3, K.Key_0, K.Key_9),
    )
    for keys in arrivals:
        assert len(keys) <= 4
        for key in keys:
            hands.press(key)
    assert waiting(desk) == ["2", "5"]
    for minutes, ticket in zip((12, 8), visits.queue(), strict=True):
        store.update(Visit, ticket.id, arrived_at=ago(minutes))
    for answers in ("2211", "6211"):
        hands.press(K.Key_F2)
        digits(hands, answers[1:])  # the family was said at the entrance
        hands.press(K.Key_Return)
    day = statistics.of_day(date.today())
    assert (day.visits, day.left, day.waiting) == (2, 1, 0)
    assert day.redirected == {"travail_social": 2, "emploi": 1}
    assert day.median_wait == 10
    figures = dict(desk.handover.figures())
    assert figures["Orientés : Travailleur social"] == "2"
    assert figures["Orientés : Structure d’emploi"] == "1"
    assert figures["Repartis sans attendre"] == "1"
    assert figures["Attente médiane"] == "10 min"


def test_the_keyboard_is_back_on_the_visit_after_somebody_was_put_in_the_queue(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "62")
    for key in (K.Key_F3, K.Key_2, K.Key_Return):
        hands.press(key)
    digits(hands, "11")
    hands.press(K.Key_Return)
    assert [line.theme for line in visits.page()] == ["FAM"]
    assert waiting(desk) == ["2"]


def test_escape_leaves_the_entrance_form_and_gives_the_keyboard_back(desk, hands):
    hands.press(K.Key_F2)
    hands.press(K.Key_F3)
    hands.press(K.Key_Escape)
    digits(hands, "6211")
    hands.press(K.Key_Return)
    assert len(visits.page()) == 1
    assert waiting(desk) == []


def test_a_name_given_at_the_entrance_is_shown_discreetly(desk, hands):
    hands.press(K.Key_F3)
    digits(hands, "4")
    hands.type("benali samira")
    hands.press(K.Key_Return)
    (card,) = desk.intake.queue.list.cards()
    assert card.title == "b. samira"
    assert "benali" not in card.spoken


def test_urgency_and_needs_are_digits_and_are_shown_by_a_mark_with_its_name(desk, hands):
    hands.press(K.Key_F3)
    digits(hands, "425")
    hands.press(K.Key_Return)
    (ticket,) = visits.queue()
    assert (ticket.family, ticket.urgency, ticket.needs) == (4, "fragile", ("enfant",))
    (card,) = desk.intake.queue.list.cards()
    assert card.mark and card.mark_name


# the queue


def test_the_queue_calls_appointments_then_fragile_people_then_by_arrival(desk):
    in_queue(desk, 30)
    in_queue(desk, 20)
    in_queue(desk, 10, urgency="fragile")
    in_queue(desk, 5, urgency="rendez_vous")
    in_queue(desk, 3, urgency="fragile")
    assert waiting(desk) == ["4", "3", "5", "1", "2"]


def test_page_up_moves_somebody_to_the_front_with_a_reason(desk, hands):
    in_queue(desk, 30, 20, 10)
    select(desk, hands, 2)
    hands.press(K.Key_PageUp)
    digits(hands, "2")
    assert waiting(desk) == ["3", "1", "2"]
    assert desk.intake.queue.list.cards()[0].detail == "Devant : enfant fatigué"
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert waiting(desk) == ["1", "2", "3"]


def test_the_last_moved_to_the_front_is_called_first(desk, hands):
    in_queue(desk, 30, 20, 10)
    for line in (2, 2):
        select(desk, hands, line)
        hands.press(K.Key_PageUp)
        digits(hands, "1")
    assert waiting(desk) == ["2", "3", "1"]


def test_delete_says_that_somebody_left_and_undo_brings_them_back(desk, hands):
    in_queue(desk, 30, 20)
    select(desk, hands, 0)
    hands.press(K.Key_Delete)
    assert waiting(desk) == ["2"]
    assert statistics.of_day(date.today()).left == 1
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert waiting(desk) == ["1", "2"]
    assert statistics.of_day(date.today()).left == 0


def test_r_sends_somebody_to_a_structure(desk, hands):
    in_queue(desk, 10, 5)
    select(desk, hands, 0)
    hands.press(K.Key_R)
    digits(hands, "3")
    assert waiting(desk) == ["2"]
    assert statistics.of_day(date.today()).redirected == {"ccas": 1}


def test_escape_asks_nothing_and_nobody_moves(desk, hands):
    in_queue(desk, 10)
    select(desk, hands, 0)
    hands.press(K.Key_R)
    hands.press(K.Key_Escape)
    assert waiting(desk) == ["1"]
    assert desk.intake.queue.list.isVisible()


def test_entree_on_a_line_of_the_queue_calls_that_person(desk, hands):
    in_queue(desk, 10, 5)
    select(desk, hands, 1)
    hands.press(K.Key_Return)
    assert desk.intake.visit.heading.text() == "Visite n° 2"
    assert waiting(desk) == ["1"]


def test_somebody_who_left_can_be_put_back_in_the_queue_from_the_journal(desk, hands):
    in_queue(desk, 10)
    select(desk, hands, 0)
    hands.press(K.Key_Delete)
    hands.press(K.Key_J, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_Home)
    hands.press(K.Key_Return)
    hands.press(K.Key_Escape)
    assert waiting(desk) == ["1"]


def test_f2_again_calls_the_same_number_again_while_nobody_came(desk, hands):
    in_queue(desk, 10, 5)
    hands.press(K.Key_F2)
    hands.press(K.Key_F2)
    (taken,) = visits.open_visits()
    assert (taken.number, taken.calls) == (1, 2)
    assert desk.toast.sentence.text() == "N° 1 rappelé"


def test_f2_again_calls_the_last_of_the_queue_again_too(desk, hands):
    in_queue(desk, 10)
    hands.press(K.Key_F2)
    hands.press(K.Key_F2)
    (taken,) = visits.open_visits()
    assert (taken.number, taken.calls) == (1, 2)


def test_once_a_visit_has_begun_f2_calls_the_next(desk, hands):
    in_queue(desk, 10, 5)
    hands.press(K.Key_F2)
    digits(hands, "1")
    hands.press(K.Key_F2)
    assert [t.number for t in visits.open_visits()] == [1, 2]
    assert desk.intake.visit.heading.text() == "Visite n° 2"


def test_the_family_said_at_the_entrance_is_already_answered(desk, hands):
    in_queue(desk, 10, family=7)
    hands.press(K.Key_F2)
    assert desk.intake.visit.draft.demands[0].family == 7
    assert live(desk) == "theme"


@pytest.mark.parametrize(
    ("minutes", "tone", "badge"), [(4, "plain", "4 min"), (12, "wait", "12 min"), (18, "urgent", "! 18 min")]
)
def test_waiting_time_is_a_figure_and_a_colour(desk, minutes, tone, badge):
    in_queue(desk, minutes + 0.1)
    (card,) = desk.intake.queue.list.cards()
    assert (card.tone, card.badge) == (tone, badge)


def test_a_visit_left_open_for_more_than_45_minutes_is_shown_in_amber(desk, hands):
    hands.press(K.Key_F2)
    (ticket,) = visits.open_visits()
    store.update(Visit, ticket.id, started_at=ago(50))
    desk.refresh()
    card = desk.intake.queue.list.cards()[-1]
    assert (card.tone, card.badge) == ("wait", "! 50 min")


def test_the_board_shows_the_last_four_called_numbers_and_no_name(desk, hands):
    for n in range(5):
        in_queue(desk, 10 - n, label="Benali Samira")
    for _ in range(5):
        hands.press(K.Key_F2)
        digits(hands, "211")
        hands.press(K.Key_Return)
    assert desk.intake.board.numbers() == (5, 4, 3, 2)
    assert desk.intake.board.accessibleName() == "Numéros appelés : 5, 4, 3, 2"


def test_f11_opens_the_board_and_escape_closes_it(desk, hands):
    hands.press(K.Key_F11)
    board = desk.intake.board
    assert board.isVisible()
    QTest.keyClick(board, K.Key_Escape)
    assert not board.isVisible()


def test_the_rail_says_how_many_people_wait(desk, hands):
    in_queue(desk, 10, 5)
    assert desk.rail["Accueil"].accessibleName() == "Accueil, 2 en attente"


# late entry, the same again, corrections, the journal


def test_a_late_entry_has_the_time_of_its_chip(desk, hands, qtbot):
    hands.press(K.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert desk.intake.visit.state.text() == "saisie tardive"
    chip = next(c for c in desk.intake.visit.when.findChildren(Chip) if c.text() == "Il y a 30 min")
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)
    digits(hands, "6211")
    hands.press(K.Key_Return)
    (line,) = visits.page()
    assert timedelta(minutes=29) < datetime.now().astimezone() - line.started_at < timedelta(minutes=31)
    assert visits.load(line.id).late
    assert statistics.of_day(line.day).median_wait is None


def test_the_clock_stands_there_as_soon_as_somebody_is_called(desk, hands):
    in_queue(desk, 0)
    hands.press(K.Key_F2)
    assert desk.intake.visit.clock.text().startswith("00:")


def test_no_clock_runs_on_a_late_entry_nor_on_a_correction(desk, hands):
    hands.press(K.Key_F2)
    desk.intake.tick(ago(-1))
    assert desk.intake.visit.clock.text() == "01:00"
    hands.press(K.Key_N, Qt.KeyboardModifier.ControlModifier)
    desk.intake.tick(ago(-1))
    assert desk.intake.visit.clock.text() == ""


def test_a_late_entry_does_not_lose_the_visit_under_way(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "62")
    hands.press(K.Key_N, Qt.KeyboardModifier.ControlModifier)
    digits(hands, "2211")
    hands.press(K.Key_Return)
    assert desk.intake.visit.heading.text() == "Visite n° 1"
    assert desk.intake.visit.draft.demands[0].theme == "FAM"


def test_the_same_as_before_gives_the_answers_of_the_last_visit(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "2211")
    hands.press(K.Key_F4)
    hands.type("secret")
    hands.press(K.Key_Return)
    hands.press(K.Key_K, Qt.KeyboardModifier.ControlModifier)
    hands.type("comme la")
    hands.press(K.Key_Return)
    hands.press(K.Key_Return)
    second, first = visits.page()
    assert (second.theme, second.subtheme, second.nature) == (first.theme, first.subtheme, first.nature)
    assert visits.load(second.id).demands[0].note == ""


def test_a_visit_is_corrected_from_the_last_visits(desk, hands):
    receive(hands)
    desk.intake.side.last.setFocus()
    hands.press(K.Key_Return)
    assert desk.intake.visit.state.text() == "correction"
    for _ in range(4):
        hands.press(K.Key_Minus)
    digits(hands, "22")
    hands.press(K.Key_Return)
    (line,) = visits.page()
    assert (line.number, line.theme, line.demands) == (1, "EAU", 1)
    assert desk.toast.sentence.text() == "Visite n° 1 corrigée"


def test_a_visit_is_corrected_from_the_journal_and_undo_gives_the_first_answers_back(desk, hands):
    receive(hands)
    hands.press(K.Key_J, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_Home)
    hands.press(K.Key_Return)
    hands.press(K.Key_Minus)
    digits(hands, "25")
    hands.press(K.Key_Return)
    assert visits.page()[0].nature == "courrier"
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits.page()[0].nature == "information"


def test_an_old_visit_whose_follow_up_is_past_can_still_be_corrected(desk, hands):
    day = ago(60 * 24 * 9)
    demand = visits.Demand(2, "EAU", "fuite", nature="information", outcome="a_suivre",
                           follow_up=day.date() + timedelta(days=3))  # fmt: skip
    visits.record(visits.Draft(arrived_at=day, started_at=day, ended_at=day, demands=(demand,)), day)
    hands.press(K.Key_J, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_Home)
    hands.press(K.Key_Return)
    for _ in range(2):
        hands.press(K.Key_Minus)
    digits(hands, "2")
    hands.press(K.Key_Return)
    assert visits.page()[0].nature == "courrier"


def test_a_correction_from_follow_up_to_settled_takes_the_reminder_away(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "22121")
    hands.press(K.Key_Return)
    far = date.today() + timedelta(days=60)
    assert len(reminders.due(far)) == 1
    desk.intake.side.last.setFocus()
    hands.press(K.Key_Return)
    hands.press(K.Key_Minus)
    digits(hands, "1")
    hands.press(K.Key_Return)
    assert reminders.due(far) == ()


def test_delete_in_the_journal_takes_a_visit_off_and_undo_brings_it_back(desk, hands):
    receive(hands)
    receive(hands, "2211")
    hands.press(K.Key_J, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_Home)
    hands.press(K.Key_Delete)
    assert [line.theme for line in visits.page()] == ["FAM"]
    assert statistics.of_day(date.today()).demands == 1
    assert desk.intake.journal.table.model().rowCount() == 1
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert [line.theme for line in visits.page()] == ["EAU", "FAM"]
    assert statistics.of_day(date.today()).demands == 2
    assert desk.intake.journal.table.model().rowCount() == 2


def test_a_deleted_visit_leaves_no_reminder_behind(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "22121")
    hands.press(K.Key_Return)
    hands.press(K.Key_J, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_Home)
    hands.press(K.Key_Delete)
    far = date.today() + timedelta(days=60)
    assert reminders.due(far) == ()
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(reminders.due(far)) == 1


# undo, redo


def test_undo_of_a_recorded_visit_gives_its_answers_back_to_finish(desk, hands):
    hands.press(K.Key_F2)
    digits(hands, "6211")
    hands.press(K.Key_F4)
    hands.type("mot")
    hands.press(K.Key_Return)
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits.page() == ()
    demand = desk.intake.visit.draft.demands[0]
    assert (demand.theme, demand.nature, demand.outcome, demand.note) == ("FAM", "information", "resolu", "mot")
    digits(hands, "5")
    hands.press(K.Key_Return)
    assert [line.outcome for line in visits.page()] == ["resolu_appel"]


def test_redo_records_again_what_undo_took_back(desk, hands):
    receive(hands)
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    hands.press(K.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(visits.page()) == 1
    assert desk.intake.visit.draft is None
    assert desk.toast.sentence.text().startswith("Refait : Visite n° 1 enregistrée")


def test_undo_to_the_first_act_then_says_that_nothing_is_left(desk, hands):
    receive(hands)
    for _ in range(2):
        hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.intake.visit.heading.text() == "Personne au guichet"
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.toast.sentence.text() == "Rien à annuler."
    assert Visit.select().count() == Demand.select().count() == 0


@pytest.mark.parametrize("tab", [K.Key_F6, K.Key_F12])
def test_undo_works_from_the_other_tabs(desk, hands, tab):
    receive(hands)
    hands.press(tab)
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert visits.page() == ()
    assert desk.toast.sentence.text().startswith("Annulé : Visite n° 1 enregistrée")


def test_the_button_of_the_toast_undoes(desk, hands, qtbot):
    receive(hands)
    qtbot.mouseClick(desk.toast.undo, Qt.MouseButton.LeftButton)
    assert visits.page() == ()


# drafts


def half_a_visit(hands) -> None:
    hands.press(K.Key_F2)
    digits(hands, "62")
    hands.press(K.Key_F4)
    hands.type("dossier bleu")


def test_half_a_visit_survives_the_veil(desk, hands, opened):
    half_a_visit(hands)
    desk.sleep()
    place.leave()
    place.enter(opened, KEY, "m1")
    desk.wake()
    QApplication.processEvents()
    demand = desk.intake.visit.draft.demands[0]
    assert (demand.theme, demand.note) == ("FAM", "dossier bleu")
    assert desk.intake.visit.details.fields["note"].text() == "dossier bleu"
    assert live(desk) == "nature"


def test_half_a_late_entry_survives_the_veil(desk, hands, opened):
    hands.press(K.Key_N, Qt.KeyboardModifier.ControlModifier)
    digits(hands, "62")
    desk.sleep()
    place.leave()
    place.enter(opened, KEY, "m1")
    desk.wake()
    hands.press(K.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert desk.intake.visit.draft.demands[0].theme == "FAM"


def test_half_a_visit_survives_a_desk_that_stops_dead(desk, hands, opened, tmp_path):
    """The files as a power cut leaves them: nothing was closed, nothing was folded."""
    half_a_visit(hands)
    after = tmp_path / "apres"
    shutil.copytree(opened, after)
    desk.sleep()
    place.leave()
    place.enter(after, KEY, "m1")
    desk.wake()
    assert [ticket.number for ticket in visits.open_visits()] == [1]
    demand = desk.intake.visit.draft.demands[0]
    assert (demand.theme, demand.note) == ("FAM", "dossier bleu")


KILLED = """
import sys, os
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from db import place
from desktop.jobs import Jobs
from desktop.main_window import Desk
from desktop.widgets import look
app = QApplication([])
look.load_fonts(); look.apply("clair", 100)
place.enter(Path(sys.argv[1]), bytes(range(32)), "m1")
desk = Desk(Jobs()); desk.show(); desk.wake(); desk.activateWindow(); app.processEvents()
for key in (Qt.Key.Key_F2, Qt.Key.Key_6, Qt.Key.Key_2, Qt.Key.Key_3):
    QTest.keyClick(app.focusWidget() or desk, key); app.processEvents()
os.write(1, b"typed\\n")
sys.stdin.read()
"""


def test_half_a_visit_survives_kill_9(opened):
    place.leave()
    desk = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(opened)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    with desk:
        assert desk.stdout.readline() == b"typed\n"
        desk.kill()
    assert desk.returncode == -signal.SIGKILL
    place.enter(opened, KEY, "m1")
    (ticket,) = visits.open_visits()
    demand = visits.kept_draft(ticket.id).demands[0]
    assert (demand.theme, demand.nature) == ("FAM", "en_ligne")


def test_a_recorded_visit_keeps_no_draft(desk, hands):
    receive(hands)
    (line,) = visits.page()
    assert visits.kept_draft(line.id) is None


# the rest of the day


def test_the_day_band_has_a_block_for_each_visit(desk, hands):
    receive(hands)
    receive(hands)
    assert desk.band.accessibleName() == "Bande du jour : 2\N{NO-BREAK SPACE}visites"


def test_sampling_asks_the_profile_of_one_visit_in_n(desk, hands):
    preferences.put("profile_every", 2)
    asked = []
    for _ in range(4):
        hands.press(K.Key_F2)
        asked.append(step(desk, "gender").isVisible())
        digits(hands, "6211")
        digits(hands, "0") if asked[-1] else hands.press(K.Key_Return)
    assert sum(asked) == 2
    assert asked[0] != asked[1]


def test_a_structure_added_to_the_list_is_offered_at_the_entrance(desk, hands):
    lists.save("structure", "mission", "Mission locale", position=9)
    for key in (K.Key_F3, K.Key_0, K.Key_5):
        hands.press(key)
    assert statistics.of_day(date.today()).redirected == {"mission": 1}
