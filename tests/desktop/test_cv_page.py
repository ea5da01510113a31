"""The CV at the desk: cards by key, the exact page beside, nothing lost and nothing left behind."""

from datetime import date

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QMainWindow, QPlainTextEdit, QWidget
from test_window import Windows, cut, spoken, told

from db import drafts, letters, people, store
from desktop.letters.cv_page import CVPage
from desktop.letters.outbox import Outbox
from desktop.widgets import look
from desktop.widgets.look import LOOK

K = Qt.Key
CONTROL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def write(text):
    """Type any text, accents too, into what has the focus."""
    for sign in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(QApplication.focusWidget(), event)
    QApplication.processEvents()


def words(pdf):
    if not pdf:
        return ""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.fixture
def tab(opened, qtbot, jobs):
    """The page alone in the room the tab gives it at 1366 × 689."""
    window = QMainWindow()
    outbox = Outbox(window)
    page = CVPage(outbox, jobs)
    page.said = []
    outbox.said.connect(page.said.append)
    window.setCentralWidget(page)
    window.resize(1238, 560)
    LOOK.fit(1366, 689)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    page.enter()
    QApplication.processEvents()
    yield page
    LOOK.fit(1366, 768)


def card(page, name="experiences", place=0):
    return page.lists[name].cards[place]


def type_in(field, text):
    field.setFocus()
    field.selectAll()
    write(text)


def fill(page):
    """A CV that may go out."""
    type_in(page.person, "Théo Modèle")
    type_in(page.form.fields["phone"], "06 00 00 00 00")
    type_in(card(page).form.fields["job"], "Jardinier")


def read(page):
    QApplication.processEvents()
    return words(page.preview.pdf())


def left_behind(page):
    """Every word typed that some widget still holds."""
    found = [w.text() for w in page.findChildren(QLineEdit)]
    found += [w.toPlainText() for w in page.findChildren(QPlainTextEdit)]
    found += [w.text() for w in page.findChildren(QLabel)]
    found += [w.accessibleName() + w.accessibleDescription() for w in page.findChildren(QWidget)]
    return " ".join([*found, words(page.preview.pdf())])


def doubtful(page, box, text):
    type_in(box, text)
    page.person.setFocus()
    box.read()
    QApplication.processEvents()


def test_f7_mends_a_word_of_the_cv_from_any_field(tab, qtbot):
    box = card(tab).form.fields["tasks"]
    doubtful(tab, box, "Faire le menage")
    assert tab.doubts.text().endswith("doute · F7") and tab.doubts.isVisible()
    QTest.keyClick(tab.person, K.Key_F7)
    assert box.hasFocus() and box.is_list_open()
    QApplication.processEvents()
    QTest.keyClick(box, K.Key_1)
    QApplication.processEvents()
    assert box.toPlainText() == "Faire le ménage"
    assert tab.doubts.isHidden()


def test_echap_closes_the_proposals_before_the_page(tab, qtbot):
    doubtful(tab, tab.profile, "Je cherche un emploie stable, je sait cuisinner")
    QTest.keyClick(tab.person, K.Key_F7)
    assert tab.profile.is_list_open()
    with qtbot.assertNotEmitted(tab.closed):
        QTest.keyClick(tab.profile, K.Key_Escape)
    assert not tab.profile.is_list_open()
    with qtbot.waitSignal(tab.closed):
        QTest.keyClick(tab.profile, K.Key_Escape)


def test_names_of_the_cv_and_words_the_place_learnt_are_no_mistakes(tab):
    type_in(card(tab).form.fields["employer"], "Zxqzkjd")
    QApplication.processEvents()
    doubtful(tab, tab.profile, "Agent chez Zxqzkjd")
    assert tab.doubts.isHidden()
    doubtful(tab, tab.profile, "Agent de Qwxzkj")
    assert tab.doubts.isVisible()
    tab.profile.word_added.emit("Qwxzkj")
    tab.new()
    doubtful(tab, tab.profile, "Agent de Qwxzkj")
    assert tab.doubts.isHidden()


def test_a_card_taken_away_takes_its_doubts_with_it(tab):
    tab.lists["experiences"].add()
    doubtful(tab, card(tab, place=1).form.fields["tasks"], "Faire le menage")
    card(tab, place=1).away.click()
    QApplication.processEvents()
    assert tab.doubts.isHidden()


def test_what_is_typed_is_on_the_page_at_once(tab, keys):
    assert QApplication.focusWidget() is tab.person
    write("Théo Modèle")
    keys.press(K.Key_Tab)
    write("paysagiste")
    type_in(card(tab).form.fields["job"], "Jardinier")
    keys.press(K.Key_Tab)
    write("Ville de l’Exemple")
    type_in(card(tab).form.fields["tasks"], "Tailler les haies")
    type_in(card(tab, "skills").form.fields["title"], "Espaces verts")
    page = read(tab)
    for text in (
        "Théo Modèle",
        "paysagiste",
        "Jardinier",
        "Ville de l’Exemple",
        "– Tailler les haies",
        "Espaces verts",
    ):
        assert text in page
    assert letters.register() == ()


def test_the_other_layout_puts_skills_first(tab, keys):
    fill(tab)
    type_in(card(tab, "skills").form.fields["title"], "Espaces verts")
    type_in(card(tab, "skills").form.fields["items"], "Tailler")
    assert read(tab).index("Jardinier") < read(tab).index("Espaces verts")
    tab.layout_choice.setFocus()
    keys.press(K.Key_Down)
    assert tab.layout_choice.code() == "competences"
    assert read(tab).index("Espaces verts") < read(tab).index("Jardinier")


def test_cards_are_added_moved_taken_away_and_put_back_by_keys_alone(tab, keys):
    entries = tab.lists["experiences"]
    type_in(card(tab).form.fields["job"], "Premier")
    entries.more.setFocus()
    keys.press(K.Key_Return)
    write("Deuxième")
    assert [c.name for c in entries.cards] == ["Premier", "Deuxième"]
    assert read(tab).index("Premier") < read(tab).index("Deuxième")
    keys.press(K.Key_Up, ALT)
    assert [c.name for c in entries.cards] == ["Deuxième", "Premier"]
    assert read(tab).index("Deuxième") < read(tab).index("Premier")
    assert QApplication.focusWidget() is card(tab).first
    keys.press(K.Key_Up, ALT)  # already the first
    keys.press(K.Key_Down, ALT)
    assert [c.name for c in entries.cards] == ["Premier", "Deuxième"]
    keys.press(K.Key_Delete, ALT)
    assert "Deuxième" not in read(tab)
    assert entries.back.text() == "Remettre « Deuxième »"
    entries.back.setFocus()
    keys.press(K.Key_Return)
    assert [c.name for c in entries.cards] == ["Premier", "Deuxième"]
    assert "Deuxième" in read(tab)
    assert not entries.back.isVisible()


def test_the_last_card_taken_away_leaves_an_empty_one(tab, keys):
    type_in(card(tab).form.fields["job"], "Premier")
    keys.press(K.Key_Delete, ALT)
    assert [c.name for c in tab.lists["experiences"].cards] == [""]
    assert "Premier" not in read(tab)


def test_each_card_is_heard_with_its_number(tab, keys):
    tab.lists["languages"].more.setFocus()
    keys.press(K.Key_Return)
    assert card(tab, "languages", 1).form.fields["level"].accessibleName() == "Langue 2, Niveau"
    assert spoken(card(tab, "languages", 1).first) == "Langue 2, Langue"
    assert card(tab, "languages", 1).title.text() == "Langue 2"


def test_a_wrong_date_is_told_once_the_field_is_left(tab, keys):
    form = card(tab).form
    type_in(form.fields["start"], "13/2019")
    assert form.error("start") == ""
    keys.press(K.Key_Tab)
    assert form.error("start") == "Écrivez une année, ou un mois et une année. Exemples : 2019, mars 2019."
    type_in(form.fields["start"], "mars 2019")
    keys.press(K.Key_Tab)
    assert form.error("start") == ""


def test_what_is_missing_is_told_beside_each_field_and_nothing_is_filed(tab, keys):
    keys.press(K.Key_Return, CONTROL)
    assert letters.register() == ()
    assert QApplication.focusWidget() is tab.person
    assert tab.form.error("name") == "Écrivez le nom et le prénom."
    assert tab.form.error("phone").startswith("Écrivez un téléphone ou un courriel")
    assert card(tab).form.error("job") == "Ajoutez une expérience, une formation ou une compétence."
    write("Théo Modèle")
    QApplication.processEvents()
    assert tab.form.error("name") == ""
    assert tab.form.error("phone") != ""


@pytest.mark.parametrize("where", ["name", "box", "list"])
def test_ctrl_enter_files_it_from_anywhere_and_keeps_no_bytes(tab, keys, where):
    fill(tab)
    {"name": tab.person, "box": card(tab).form.fields["tasks"], "list": tab.layout_choice}[where].setFocus()
    keys.press(K.Key_Return, CONTROL)
    (line,) = letters.register()
    assert (line.title, line.kept) == ("CV par dates", False)
    assert letters.bytes_of(line.id) is None
    assert tab.kept.text() == f"Rangé n° {line.number}"
    assert "Jardinier" in words(tab.preview.pdf())
    keys.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1


def test_a_change_after_filing_is_a_new_document(tab, keys):
    fill(tab)
    keys.press(K.Key_Return, CONTROL)
    write("!")
    assert tab.kept.text() == "Brouillon gardé"
    keys.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 2


def test_filing_undone_gives_the_draft_back(tab, keys):
    fill(tab)
    keys.press(K.Key_Return, CONTROL)
    assert store.undo()
    tab.refresh()
    assert letters.register() == ()
    assert tab.kept.text() == "Brouillon gardé"
    keys.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1


def test_a_sign_without_a_drawing_is_said_and_nothing_is_filed(tab, keys):
    fill(tab)
    type_in(tab.form.fields["title"], "agent 料")
    keys.press(K.Key_Return, CONTROL)
    assert [said.replace("\xa0", " ") for said in tab.said] == [
        "1 caractère ne s’imprime pas : 料. Écrivez-le autrement."
    ]
    assert letters.register() == ()
    assert tab.form.fields["title"].text() == "agent 料"


def test_printing_files_it_then_opens_the_printer_and_refuses_what_is_wrong(tab, keys, monkeypatch):
    shown = []
    monkeypatch.setattr(QDialog, "open", shown.append)
    fill(tab)
    type_in(card(tab).form.fields["end"], "bientôt")
    tab.print()
    assert (shown, letters.register()) == ([], ())
    assert QApplication.focusWidget() is card(tab).form.fields["end"]
    type_in(card(tab).form.fields["end"], "2020")
    tab.print()
    assert [type(dialog) for dialog in shown] == [QPrintDialog]
    assert len(letters.register()) == 1


def test_a_known_person_fills_what_the_file_knows(tab, keys):
    people.record(
        people.Draft("Modèle", "Théo", phone="0600000000", email="theo@exemple.fr", address="1 rue Fictive",
                     postcode="69100", town="Villeurbanne", informed_on=date.today()), date.today(),
    )  # fmt: skip
    tab.person.setFocus()
    keys.type("mode")
    keys.press(K.Key_Return)
    assert tab.person.text() == "Théo Modèle"
    assert QApplication.focusWidget() is tab.form.fields["title"]
    page = read(tab)
    for text in ("Théo Modèle", "06 00 00 00 00", "theo@exemple.fr", "69100 Villeurbanne"):
        assert text in page
    type_in(card(tab).form.fields["job"], "Jardinier")
    keys.press(K.Key_Return, CONTROL)
    (line,) = letters.register()
    assert (line.template, line.theme, line.person_name) == (
        "cv-chronologique",
        "emploi",
        "",
    )  # the register stays silent


def test_escape_closes_the_list_first_then_the_page(tab, keys, qtbot):
    people.record(people.Draft("Modèle", "Théo", informed_on=date.today()), date.today())
    tab.person.setFocus()
    keys.type("mode")
    assert tab.person.is_open()
    with qtbot.assertNotEmitted(tab.closed):
        keys.press(K.Key_Escape)
    assert not tab.person.is_open()
    with qtbot.waitSignal(tab.closed):
        keys.press(K.Key_Escape)


def test_nothing_stays_behind_the_veil_and_all_comes_back(tab, keys):
    fill(tab)
    type_in(card(tab).form.fields["tasks"], "Tailler les haies")
    keys.press(K.Key_Tab)
    tab.lists["experiences"].more.click()
    write("Facteur")
    keys.press(K.Key_Delete, ALT)  # what was just taken away hides too
    before = read(tab)
    tab.forget()
    held = left_behind(tab)
    assert [text for text in ("Théo", "06 00 00", "Jardinier", "haies", "Facteur") if text in held] == []
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert drafts.kept("cv")["name"] == "Théo Modèle"
    tab.enter()
    assert read(tab) == before
    assert tab.kept.text() == "Brouillon gardé"


def test_a_filed_cv_outlives_the_veil_and_goes_once_the_page_is_left(tab, keys):
    fill(tab)
    keys.press(K.Key_Return, CONTROL)
    tab.forget()
    tab.enter()
    assert "Jardinier" in read(tab)
    keys.press(K.Key_Return, CONTROL)
    keys.press(K.Key_Escape)
    assert drafts.kept("cv") == {}
    assert "Jardinier" not in left_behind(tab)


def test_a_draft_left_by_escape_is_there_at_the_return(tab, keys):
    fill(tab)
    keys.press(K.Key_Escape)
    tab.enter()
    assert tab.person.text() == "Théo Modèle"
    assert card(tab).name == "Jardinier"


def test_new_empties_the_page_and_its_draft(tab, keys):
    fill(tab)
    tab.fresh.click()
    assert drafts.kept("cv") == {}
    assert "Jardinier" not in left_behind(tab)
    assert "[Nom et prénom]" in read(tab)


def test_the_person_at_the_counter_is_not_put_on_somebody_else_s_cv(tab):
    noe = people.record(people.Draft("Fictif", "Noé", informed_on=date.today()), date.today())
    tab.start_for(noe)
    assert tab.person.text() == "Noé Fictif"
    tab.new()
    fill(tab)
    tab.start_for(noe)
    assert tab.person.text() == "Théo Modèle"


def test_the_field_that_has_the_focus_is_in_sight(tab, keys):
    for _ in range(40):
        keys.press(K.Key_Tab)
        QApplication.processEvents()
        field = QApplication.focusWidget()
        if tab.inside.isAncestorOf(field):
            top = field.mapTo(tab._area.viewport(), QPoint(0, 0)).y()
            assert 0 <= top <= tab._area.viewport().height() - field.height(), told(field)


@pytest.mark.parametrize(("scale", "width", "height"), [(100, 1238, 560), (200, 1140, 540)])
def test_every_field_has_a_name_and_nothing_is_cut(tab, keys, scale, width, height):
    look.apply(scale=scale)
    LOOK.fit(1366, 689)
    tab.window().resize(width, height)
    fill(tab)
    type_in(card(tab).form.fields["start"], "13/2019")
    tab.lists["experiences"].more.click()
    tab.lists["experiences"].cards[1].away.click()
    for _ in range(3):
        QApplication.processEvents()
    asked = [w for w in tab.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    plain = [w for w in asked if not w.objectName().startswith("qt_") and not isinstance(w.parent(), QComboBox)]
    assert [told(w) for w in plain if not spoken(w).strip()] == []
    assert cut(tab.window()) == []
    assert (tab.window().width(), tab.window().height()) == (width, height)


def test_no_stray_window_flashes_up(tab, keys, qapp):
    watcher = Windows()
    qapp.installEventFilter(watcher)
    fill(tab)
    tab.lists["languages"].more.click()
    keys.press(K.Key_Return, CONTROL)
    tab.forget()
    tab.enter()
    QApplication.processEvents()
    qapp.removeEventFilter(watcher)
    assert watcher.seen == []


def test_tab_and_enter_go_through_the_cards_as_one_reads_them(tab, keys):
    tab.lists["experiences"].add()
    QApplication.processEvents()
    tab.profile.setFocus()
    wanted = [card(tab).form.fields[name] for name in ("job", "employer", "place", "start", "end", "tasks")]
    for field in wanted:
        keys.press(K.Key_Tab)
        assert QApplication.focusWidget() is field
    keys.press(K.Key_Tab)
    assert QApplication.focusWidget() is card(tab, place=1).first
    keys.press(K.Key_Return)
    assert QApplication.focusWidget() is card(tab, place=1).form.fields["employer"]


def test_a_card_moved_is_read_where_it_stands(tab, keys):
    tab.lists["experiences"].add()
    type_in(card(tab, place=1).first, "Jardinier")
    card(tab, place=1).up.click()
    QApplication.processEvents()
    tab.profile.setFocus()
    keys.press(K.Key_Tab)
    assert QApplication.focusWidget().text() == "Jardinier"
