"""The budget at the desk: sums typed straight down, what is left always in sight, nothing left behind."""

from datetime import date

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QApplication, QComboBox, QDialog, QLabel, QLineEdit, QMainWindow, QWidget
from test_window import Windows, cut, spoken, told

from db import drafts, letters, people
from desktop.letters.budget_page import KINDS, BudgetPage
from desktop.letters.outbox import Outbox
from desktop.letters.sums import known_labels, usual
from desktop.widgets import look
from desktop.widgets.look import LOOK

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


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
def tab(opened, qtbot):
    """The page alone in the room the tab gives it at 1366 × 689."""
    window = QMainWindow()
    outbox = Outbox(window)
    page = BudgetPage(outbox)
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


def at(page, kind, place, name):
    return page.tables[kind].rows[place].fields[name]


def type_in(field, text):
    field.setFocus()
    field.selectAll()
    write(text)


def fill(page):
    """A budget that may go out: 980,50 − 500 − 80."""
    type_in(page.person, "Théo Modèle")
    type_in(page.form.fields["persons"], "2")
    type_in(at(page, "resources", 0, "amount"), "980,50")
    type_in(at(page, "charges", 0, "amount"), "500")
    type_in(at(page, "debts", 0, "creditor"), "Tonton Fictif")
    type_in(at(page, "debts", 0, "total"), "160")
    type_in(at(page, "debts", 0, "monthly"), "80")


def read(page):
    QApplication.processEvents()
    return words(page.preview.pdf())


def plain(text):
    return text.replace("\xa0", " ")


def left_behind(page):
    """Every word typed that some widget still holds."""
    found = [w.text() for w in page.findChildren(QLineEdit)]
    found += [w.text() for w in page.findChildren(QLabel)]
    found += [w.accessibleName() + w.accessibleDescription() for w in page.findChildren(QWidget)]
    found += [card.title for w in page.findChildren(QLineEdit) if hasattr(w, "list") for card in w.list.cards()]
    return " ".join([*found, words(page.preview.pdf())])


def test_sums_are_typed_straight_down_the_usual_labels(tab, keys):
    write("Théo Modèle")
    keys.press(K.Key_Return)
    write("2")
    keys.press(K.Key_Return)
    for amount in ("980,50", "", "", "200"):
        write(amount)
        keys.press(K.Key_Return)
    page = read(tab)
    assert "Salaire 980,50 €" in page
    assert "RSA 200,00 €" in page
    assert "Prime d’activité" not in page  # proposed, left alone
    assert plain(tab.tables["resources"].total.text()) == "1 180,50 € par mois"
    assert plain(tab.summary.text()) == "Reste à vivre : 1 180,50 € par mois · 19,67 € par personne et par jour"


def test_an_empty_row_always_waits_at_the_end(tab, keys):
    charges = tab.tables["charges"]
    count = len(charges.rows)
    charges.rows[-1].fields["label"].setFocus()
    write("Péniche")
    assert len(charges.rows) == count + 1
    keys.press(K.Key_Return)
    assert QApplication.focusWidget() is charges.rows[-2].fields["amount"]
    write("90")
    keys.press(K.Key_Return)
    assert QApplication.focusWidget() is charges.rows[-1].fields["label"]
    assert "Péniche 90,00 €" in read(tab)
    assert charges.rows[-1].is_empty()


def test_enter_on_the_empty_row_goes_on_to_the_next_table(tab, keys):
    tab.tables["resources"].rows[-1].fields["label"].setFocus()
    keys.press(K.Key_Return)
    keys.press(K.Key_Return)
    for _ in range(3):
        if tab.tables["charges"].isAncestorOf(QApplication.focusWidget()):
            break
        keys.press(K.Key_Tab)
    assert tab.tables["charges"].isAncestorOf(QApplication.focusWidget())


def test_enter_passes_over_the_months_of_a_resource_and_asks_those_of_a_charge(tab, keys):
    at(tab, "irregular", 0, "label").setFocus()
    write("Toiture")
    keys.press(K.Key_Return)
    write("240")
    keys.press(K.Key_Return)
    assert QApplication.focusWidget() is at(tab, "irregular", 0, "months")
    write("mars, septembre")
    keys.press(K.Key_Return)
    assert QApplication.focusWidget() is at(tab, "irregular", 1, "label")
    assert "Toiture mars, sept. 240,00 €" in read(tab)
    assert plain(tab.tables["irregular"].total.text()) == "40,00 € à mettre de côté par mois"


def test_arrows_go_up_and_down_the_column(tab, keys):
    at(tab, "charges", 1, "amount").setFocus()
    keys.press(K.Key_Down)
    assert QApplication.focusWidget() is at(tab, "charges", 2, "amount")
    keys.press(K.Key_Up)
    keys.press(K.Key_Up)
    keys.press(K.Key_Up)
    assert QApplication.focusWidget() is at(tab, "charges", 0, "amount")


def test_a_few_letters_find_a_label_and_one_s_own_word_may_be_kept(tab, keys):
    waiting = tab.tables["charges"].rows[-1].fields["label"]
    waiting.setFocus()
    write("pension")
    assert [card.title for card in waiting.list.cards()] == ["Pension alimentaire versée", "Garder « pension »"]
    keys.press(K.Key_Return)
    assert waiting.text() == "Pension alimentaire versée"
    waiting = tab.tables["charges"].rows[-1].fields["label"]
    waiting.setFocus()
    write("cant")
    keys.press(K.Key_Down)
    keys.press(K.Key_Return)
    assert waiting.text() == "cant"
    assert QApplication.focusWidget() is tab.tables["charges"].rows[-2].fields["amount"]


def test_what_is_left_is_told_and_what_lacks_too(tab, keys):
    fill(tab)
    QApplication.processEvents()
    assert plain(tab.summary.text()) == "Reste à vivre : 400,50 € par mois · 6,67 € par personne et par jour"
    type_in(at(tab, "charges", 1, "amount"), "1000")
    QApplication.processEvents()
    assert plain(tab.summary.text()).startswith("Il manque 599,50 € par mois")
    assert "Il manque chaque mois 599,50 €" in read(tab)


def test_a_bad_amount_is_told_beside_it_once_left_and_stops_the_paper(tab, keys, monkeypatch):
    shown = []
    monkeypatch.setattr(QDialog, "open", shown.append)
    fill(tab)
    type_in(at(tab, "charges", 1, "amount"), "28o")
    row = tab.tables["charges"].rows[1]
    assert row.note.text() == ""
    keys.press(K.Key_Tab)
    assert row.note.text() == "Écrivez une somme en euros. Exemple : 412,60."
    assert plain(tab.summary.text()).endswith("par personne et par jour · 1 ligne à corriger")
    assert at(tab, "charges", 1, "amount").text() == "28o"
    tab.print()
    assert (shown, letters.register()) == ([], ())
    assert QApplication.focusWidget() is at(tab, "charges", 1, "amount")
    type_in(at(tab, "charges", 1, "amount"), "28")
    QApplication.processEvents()
    assert not row.note.isVisible()
    tab.print()
    assert [type(dialog) for dialog in shown] == [QPrintDialog]


def test_a_problem_stands_on_its_own_row_even_below_an_emptied_one(tab, keys):
    type_in(at(tab, "charges", 0, "label"), "")
    keys.press(K.Key_Backspace)
    type_in(at(tab, "charges", 2, "amount"), "x")
    keys.press(K.Key_Tab)
    assert [row.note.text() != "" for row in tab.tables["charges"].rows[:4]] == [False, False, True, False]


def test_what_is_missing_is_told_and_nothing_is_filed(tab, keys):
    keys.press(K.Key_Return, CONTROL)
    assert letters.register() == ()
    assert QApplication.focusWidget() is tab.person
    assert tab.form.error("name") == "Écrivez le nom et le prénom."
    assert tab.form.error("persons").startswith("Écrivez combien de personnes")
    assert tab.tables["resources"].rows[0].note.text().startswith("Écrivez au moins une ressource.")


def test_ctrl_enter_files_it_under_a_number_and_keeps_no_figure(tab, keys):
    fill(tab)
    at(tab, "debts", 0, "creditor").setFocus()
    keys.press(K.Key_Return, CONTROL)
    (line,) = letters.register()
    assert (line.title, line.kept, line.person_name) == ("Budget du foyer", False, "")
    assert line.number in words(tab.preview.pdf())
    assert letters.bytes_of(line.id) is None
    keys.press(K.Key_Escape)
    assert drafts.kept("budget") == {}


def test_the_annex_leaves_the_place_out(tab, keys):
    fill(tab)
    assert "PIMMS de Villeurbanne" in read(tab)
    tab.sheet.setFocus()
    keys.press(K.Key_Down)
    page = read(tab)
    assert page.startswith("Annexe : mon budget Théo Modèle")
    assert "PIMMS" not in page
    keys.press(K.Key_Return, CONTROL)
    assert letters.register()[0].title == "Annexe : mon budget"


def test_the_calendar_starts_with_the_month_chosen(tab, keys):
    offered = [tab.start.itemText(place) for place in range(tab.start.count())]
    today = date.today()
    assert len(set(offered)) == 12
    assert tab.start.itemData(0) == f"{today:%Y-%m}"
    assert tab.start.currentIndex() == 1  # the coming month
    before = read(tab)
    tab.start.setFocus()
    keys.press(K.Key_Down)
    assert read(tab) != before


def test_a_known_person_is_named_in_full(tab, keys):
    people.record(people.Draft("Modèle", "Théo", informed_on=date.today()), date.today())
    keys.type("mode")
    keys.press(K.Key_Return)
    assert tab.person.text() == "Théo Modèle"
    assert QApplication.focusWidget() is tab.form.fields["persons"]


def test_nothing_stays_behind_the_veil_and_all_comes_back(tab, keys):
    fill(tab)
    type_in(tab.tables["charges"].rows[-1].fields["label"], "Péniche")
    before = read(tab)
    tab.forget()
    held = left_behind(tab)
    assert [text for text in ("Théo", "980", "Tonton", "Péniche", "400,50") if text in held] == []
    assert drafts.kept("budget")["name"] == "Théo Modèle"
    tab.enter()
    assert read(tab) == before
    assert plain(tab.summary.text()).startswith("Reste à vivre : 400,50 €")


def test_new_brings_the_usual_labels_back(tab, keys):
    fill(tab)
    type_in(at(tab, "charges", 0, "label"), "Péniche")
    tab.fresh.click()
    assert at(tab, "charges", 0, "label").text() == "Loyer et charges"
    assert at(tab, "charges", 0, "amount").text() == ""
    assert drafts.kept("budget") == {}
    assert "Théo" not in left_behind(tab)


@pytest.mark.parametrize(("scale", "width", "height"), [(100, 1238, 560), (200, 1140, 540)])
def test_every_field_has_a_name_and_nothing_is_cut(tab, keys, scale, width, height):
    look.apply(scale=scale)
    LOOK.fit(1366, 689)
    tab.window().resize(width, height)
    fill(tab)
    type_in(at(tab, "charges", 1, "amount"), "28o")
    keys.press(K.Key_Tab)
    for _ in range(3):
        QApplication.processEvents()
    asked = [w for w in tab.findChildren(QWidget) if w.isVisible() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    named = [w for w in asked if not w.objectName().startswith("qt_") and not isinstance(w.parent(), QComboBox)]
    assert [told(w) for w in named if not spoken(w).strip()] == []
    heard = [spoken(row.fields["amount"]) for row in tab.tables["charges"].rows]
    assert heard == [f"Charge {place}, Somme, en euros" for place in range(1, len(heard) + 1)]
    assert cut(tab.window()) == []
    assert (tab.window().width(), tab.window().height()) == (width, height)


def test_every_table_has_its_labels(opened):
    for kind in KINDS:
        known = known_labels(kind.name)
        assert len(set(known)) == len(known) > 10
        assert set(usual(kind.name)) <= set(known)


def test_no_stray_window_flashes_up(tab, keys, qapp):
    watcher = Windows()
    qapp.installEventFilter(watcher)
    fill(tab)
    keys.press(K.Key_Return, CONTROL)
    tab.forget()
    tab.enter()
    QApplication.processEvents()
    qapp.removeEventFilter(watcher)
    assert watcher.seen == []


def test_tab_goes_down_the_sums_before_the_buttons(tab, keys):
    tab.start.setFocus()
    for name in ("label", "amount", "months", "label"):
        keys.press(K.Key_Tab)
        assert QApplication.focusWidget().objectName() == name
    assert QApplication.focusWidget() is at(tab, "resources", 1, "label")
