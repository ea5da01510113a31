"""Naming the person at the counter, and the person's file."""

from datetime import date

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QListView, QPlainTextEdit

from db import dossiers, notes, people, place, visits
from desktop.widgets.person_line import NEW

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = bytes(range(32))


def known(last: str, first: str, **more) -> str:
    return people.record(people.Draft(last, first, informed_on=date.today(), **more), date.today())


@pytest.fixture
def samira(opened):
    return known("Bénali", "Samira", birth_year=1985, phone="06 12 34 56 78")


def answer(hands, text: str) -> None:
    for sign in text:
        hands.press(getattr(K, f"Key_{sign}"))


def proposed(desk) -> list[str]:
    found = desk.intake.visit.person.field
    return [card.title for card in found.list.cards()] if found.is_open() else []


def error(desk) -> str:
    """The sentence under the field, when one is shown."""
    shown = [w for w in desk.intake.visit.person.findChildren(QLabel) if w.property("role") == "error"]
    return next((w.text() for w in shown if w.isVisible()), "")


def ask_palette(hands, text: str) -> None:
    hands.press(K.Key_K, CONTROL)
    hands.type(text)
    hands.press(K.Key_Return)


def test_a_known_person_is_named_by_four_letters_and_entree(desk, hands, samira):
    hands.press(K.Key_F2)
    answer(hands, "2211")
    hands.type("bena")
    assert proposed(desk)[0] == "Bénali Samira"
    hands.press(K.Key_Return)
    hands.press(K.Key_Return)
    (line,) = visits.page()
    assert (line.person, line.name) == (samira, "Bénali Samira")


def test_after_naming_the_keyboard_is_back_on_the_answers(desk, hands, samira):
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Return)
    answer(hands, "2211")
    hands.press(K.Key_Return)
    assert [(line.theme, line.person) for line in visits.page()] == [("EAU", samira)]


def test_the_first_name_or_the_phone_find_too(desk, hands, samira):
    hands.press(K.Key_F2)
    hands.type("sami")
    assert proposed(desk)[0] == "Bénali Samira"
    hands.press(K.Key_Escape)
    hands.press(K.Key_F, CONTROL)
    hands.type("06.12 34")
    assert proposed(desk)[0] == "Bénali Samira"


def test_the_arrows_choose_among_several(desk, hands, samira):
    other = known("Bénali", "Yanis")
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Down)
    hands.press(K.Key_Return)
    assert desk.intake.visit.draft.person == other


def test_the_number_of_earlier_visits_is_said(desk, hands, samira):
    for _ in range(2):
        hands.press(K.Key_F2)
        answer(hands, "2211")
        hands.type("bena")
        hands.press(K.Key_Return)
        hands.press(K.Key_Return)
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Return)
    assert desk.intake.visit.person.known.text() == "3e visite"


def test_a_new_person_is_created_in_one_line(desk, hands):
    hands.press(K.Key_F2)
    answer(hands, "2211")
    hands.type("Benali Samira 06 12 34 56 78 1985")
    assert proposed(desk)[-1].startswith("Créer « Benali Samira")
    hands.press(K.Key_Return)
    assert desk.toast.sentence.text() == "Fiche créée : Benali Samira"
    hands.press(K.Key_Return)
    (line,) = visits.page()
    person = people.draft(line.person)
    assert (person.last_name, person.first_name, person.phone, person.birth_year, person.informed_on) == (
        "Benali", "Samira", "0612345678", 1985, date.today(),
    )  # fmt: skip


def test_the_information_given_is_said_on_the_line_that_creates(desk, hands):
    hands.press(K.Key_F2)
    hands.type("Benali Samira")
    card = desk.intake.visit.person.field.list.cards()[-1]
    assert (card.id, card.badge) == (NEW, "information donnée")


def test_a_bad_phone_is_said_beside_the_field_and_creates_nobody(desk, hands):
    hands.press(K.Key_F2)
    hands.type("Benali Samira 06 12 34 56")
    hands.press(K.Key_Return)
    assert error(desk) == "Il manque 2 chiffres. Exemple : 06 12 34 56 78."
    assert people.search("benali") == ()
    hands.type(" 78")
    assert error(desk) == ""
    hands.press(K.Key_Return)
    assert len(people.search("benali")) == 1


def test_who_looks_alike_is_shown_before_creating(desk, hands, samira):
    hands.press(K.Key_F2)
    hands.type("Samirah Benali")
    cards = desk.intake.visit.person.field.list.cards()
    assert [card.id for card in cards] == [samira, NEW]
    assert cards[0].badge == "ressemble · 1985"


def test_a_name_alone_asks_for_the_first_name(desk, hands):
    hands.press(K.Key_F2)
    hands.type("kaya")
    assert proposed(desk) == ["Nom inconnu. Ajoutez le prénom."]
    hands.press(K.Key_Return)
    assert people.search("kaya") == ()
    assert QApplication.focusWidget() is desk.intake.visit.person.field


def test_escape_stays_anonymous(desk, hands, samira):
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Escape)
    answer(hands, "2211")
    hands.press(K.Key_Return)
    assert visits.page()[0].person is None


def test_another_name_typed_over_a_known_one_does_not_keep_the_first_person(desk, hands, samira):
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Return)
    answer(hands, "2211")
    hands.press(K.Key_F, CONTROL)
    desk.intake.visit.person.field.selectAll()
    hands.type("dupo")
    hands.press(K.Key_Tab)
    desk.intake.visit.setFocus()
    hands.press(K.Key_Return)
    assert visits.page()[0].person is None


def test_undo_of_a_new_file_leaves_an_anonymous_visit_that_can_be_recorded(desk, hands):
    hands.press(K.Key_F2)
    hands.type("Benali Samira")
    hands.press(K.Key_Return)
    hands.press(K.Key_Z, CONTROL)
    assert people.search("benali") == ()
    desk.intake.visit.setFocus()
    answer(hands, "2211")
    hands.press(K.Key_Return)
    assert [line.person for line in visits.page()] == [None]


def test_half_a_name_survives_the_veil(desk, hands, opened):
    hands.press(K.Key_F2)
    hands.type("Benali Sam")
    desk.sleep()
    place.leave()
    place.enter(opened, KEY, "m1")
    desk.wake()
    assert desk.intake.visit.person.field.text() == "Benali Sam"


# the file


def test_the_palette_opens_a_person_s_file_and_escape_closes_it(desk, hands, samira):
    ask_palette(hands, "bena")
    page = desk.intake.person
    assert page.isVisible()
    assert page.form.fields["last_name"].text() == "Bénali"
    assert (
        page.form.fields["phone"].text()
        == "06\N{NO-BREAK SPACE}12\N{NO-BREAK SPACE}34\N{NO-BREAK SPACE}56\N{NO-BREAK SPACE}78"
    )
    hands.press(K.Key_Escape)
    assert not page.isVisible()
    answer(hands, "2211")
    hands.press(K.Key_Return)
    assert len(visits.page()) == 1


def test_a_wrong_phone_stays_in_the_file_with_its_sentence(desk, hands, samira):
    desk.intake.show_person(samira)
    phone = desk.intake.person.form.fields["phone"]
    phone.setFocus()
    phone.selectAll()
    hands.type("06 12")
    hands.press(K.Key_Return, CONTROL)
    assert desk.intake.person.form.error("phone") == "Il manque 6 chiffres. Exemple : 06 12 34 56 78."
    assert people.draft(samira).phone == "0612345678"
    phone.selectAll()
    hands.type("0711223344")
    hands.press(K.Key_Return, CONTROL)
    assert people.draft(samira).phone == "0711223344"


def test_without_the_information_given_the_file_is_not_kept(desk, hands, samira, qtbot):
    desk.intake.show_person(samira)
    box = desk.intake.person.form.fields["informed"]
    assert box.isChecked()
    box.setFocus()
    hands.press(K.Key_Space)
    hands.press(K.Key_Return, CONTROL)
    assert desk.intake.person.form.error("informed") == "Informez la personne de ses droits, puis cochez la case."
    assert people.draft(samira).informed_on == date.today()


def test_a_merge_says_what_moved_and_undo_gives_both_files_back(desk, hands, samira):
    other = known("Bénali", "Samirah")
    demand = visits.Demand(2, "EAU", "fuite", nature="information", outcome="resolu")
    visits.record(visits.Draft(person=other, demands=(demand,)))
    dossiers.open_dossier(dossiers.Draft(other, "edf", "Impayé, échéancier", "", "coupure"), date.today())
    desk.intake.show_person(samira)
    alike = desk.intake.person.alike
    assert [card.title for card in alike.cards()] == ["Bénali Samirah"]
    alike.setFocus()
    hands.press(K.Key_Return)
    space = "\N{NO-BREAK SPACE}"
    assert desk.toast.sentence.text() == (
        f"Fiches réunies : 1{space}visite, 1{space}dossier, 0{space}courrier. Ctrl+Z pour revenir."
    )
    assert len(desk.intake.person.visits.cards()) == 1
    hands.press(K.Key_Z, CONTROL)
    assert {line.id for line in people.search("bena")} == {samira, other}
    assert [line.person for line in visits.page()] == [other]
    assert [card.id for card in alike.cards()] == [other]


def test_a_new_visit_from_the_file_is_for_that_person(desk, hands, samira, qtbot):
    desk.intake.show_person(samira)
    qtbot.mouseClick(desk.intake.person.visit, Qt.MouseButton.LeftButton)
    answer(hands, "2211")
    hands.press(K.Key_Return)
    assert visits.page()[0].person == samira


# notes between shifts, at the desk


def test_a_note_is_written_read_by_a_colleague_and_archived(desk, hands, opened, qtbot):
    panel = desk.intake.side.notes
    qtbot.mouseClick(panel.write, Qt.MouseButton.LeftButton)
    hands.type("Rappeler EDF avant 16 h")
    panel.to.setFocus()
    for _ in range(panel.to.findText("Karim B.")):
        hands.press(K.Key_Down)
    qtbot.mouseClick(panel.send, Qt.MouseButton.LeftButton)
    assert panel.list.cards() == ()
    desk.sleep()
    place.leave()
    place.enter(opened, KEY, "m2")
    desk.wake()
    assert [card.title for card in panel.list.cards()] == ["Rappeler EDF avant 16 h"]
    panel.list.setFocus()
    hands.press(K.Key_Return)
    assert panel.list.cards() == ()


def test_an_empty_note_says_what_to_write(desk, qtbot):
    panel = desk.intake.side.notes
    qtbot.mouseClick(panel.write, Qt.MouseButton.LeftButton)
    qtbot.mouseClick(panel.send, Qt.MouseButton.LeftButton)
    assert panel.error.isVisible()
    assert panel.error.text() == "Écrivez la transmission. Exemple : rappeler EDF avant 16 h."
    assert notes.unread() == ()


def test_a_second_note_is_for_everybody_unless_one_says_so_again(desk, hands, qtbot):
    panel = desk.intake.side.notes
    for body, down in (("Pour Karim", True), ("Pour tous", False)):
        qtbot.mouseClick(panel.write, Qt.MouseButton.LeftButton)
        hands.type(body)
        if down:
            panel.to.setFocus()
            hands.press(K.Key_Down)
        qtbot.mouseClick(panel.send, Qt.MouseButton.LeftButton)
    assert [note.body for note in notes.unread()] == ["Pour tous"]


def written_on(desk) -> str:
    """All that the widgets still hold, shown or not."""
    window = desk.window()
    texts = [w.text() for w in (*window.findChildren(QLineEdit), *window.findChildren(QLabel))]
    texts += [w.toPlainText() for w in window.findChildren(QPlainTextEdit)]
    for view in window.findChildren(QListView):
        model = view.model()
        texts += [str(model.index(row, 0).data()) for row in range(model.rowCount())]
    return "\n".join(texts)


def test_behind_the_veil_no_widget_holds_a_name(desk, hands, samira):
    dossiers.open_dossier(dossiers.Draft(samira, "edf", "Impayé, échéancier", "", "coupure"), date.today())
    visits.arrive(visits.Arrival(2, label="Bénali Samira"))
    notes.write("Rappeler Mme Bénali")
    assert len(desk.rooms) == len(desk.rail)  # every tab is there, shown or not
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Return)
    answer(hands, "2211")
    hands.press(K.Key_F4)
    hands.type("benali")
    ask_palette(hands, "bena")
    hands.press(K.Key_F6)
    hands.type("h01")
    hands.press(K.Key_Return)
    desk.letters.choose_person(samira)
    hands.press(K.Key_K, CONTROL)
    hands.type("bena")
    assert "Bénali" in written_on(desk)
    desk.sleep()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [line for line in written_on(desk).splitlines() if "nali" in line or "Samira" in line]
    assert left == []
