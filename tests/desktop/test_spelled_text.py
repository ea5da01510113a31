"""A text box that underlines doubtful words: found after a pause, mended by keys alone, never in the way."""

import sys

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QShortcut, QTextCharFormat
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from desktop import spelling
from desktop.jobs import Jobs
from desktop.widgets import look
from desktop.widgets.form import Form, scrolled
from desktop.widgets.spelled_text import SpelledText

K = Qt.Key
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture
def jobs():
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def tab(qtbot, jobs):
    """A page with a field, the box, and a window's own F7."""
    page = QWidget()
    page.resize(900, 600)
    page.other, page.box = QLineEdit(), SpelledText(jobs)
    page.box.pause.setInterval(0)
    column = QVBoxLayout(page)
    column.addWidget(page.other)
    column.addWidget(page.box)
    QShortcut("F7", page).activated.connect(page.other.setFocus)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    page.box.setFocus()
    QApplication.processEvents()
    return page


@pytest.fixture
def box(tab):
    return tab.box


def settled(qtbot, box) -> None:
    """What is typed has been read."""
    qtbot.waitUntil(lambda: not box._is_unread())


def underlined(box) -> list[str]:
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    marks = box.extraSelections()
    assert all(m.format.underlineStyle() == wave and m.format.underlineColor() == look.color("urgent") for m in marks)
    return [mark.cursor.selectedText() for mark in marks]


def write(text: str) -> None:
    for sign in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(QApplication.focusWidget(), event)


@pytest.fixture
def proposed(qtbot, tab, keys):
    """F7, then the words of the list once it has them."""

    def press() -> tuple[str, ...]:
        keys.press(K.Key_F7)
        qtbot.waitUntil(lambda: bool(tab.box.proposed()))
        return tab.box.proposed()

    return press


def test_doubtful_words_are_underlined_after_a_pause_but_the_one_being_typed(qtbot, tab, box):
    write("Merci de votre acueil et de la fature")
    settled(qtbot, box)
    assert underlined(box) == ["acueil"]
    write(".")
    settled(qtbot, box)
    assert underlined(box) == ["acueil", "fature"]
    assert box.accessibleDescription() == f"2{SPACE}mots à vérifier, touche F7."


def test_the_last_word_is_underlined_on_leaving_the_box(qtbot, tab, box):
    write("acueil")
    settled(qtbot, box)
    assert underlined(box) == []
    tab.other.setFocus()
    assert underlined(box) == ["acueil"]


def test_the_marks_follow_what_is_typed_before_them_even_an_emoji(qtbot, box, keys):
    write("Un acueil. ")
    settled(qtbot, box)
    keys.press(K.Key_Home)
    write("😀 ")
    assert underlined(box) == ["acueil"]
    settled(qtbot, box)
    assert underlined(box) == ["acueil"]
    (mark,) = box.extraSelections()
    assert mark.cursor.selectionStart() == len("😀 Un ".encode("utf-16-le")) // 2


def test_a_word_being_mended_by_hand_is_no_longer_underlined(qtbot, box, keys):
    write("Un acueil ")
    settled(qtbot, box)
    for _ in range(6):
        keys.press(K.Key_Left)
    box.pause.setInterval(60_000)
    write("c")
    assert underlined(box) == []


def test_what_is_typed_right_after_a_word_leaves_it_underlined(qtbot, box, keys):
    write("Un acueil ")
    settled(qtbot, box)
    keys.press(K.Key_Left)
    box.pause.setInterval(60_000)
    write(", oui,")
    assert underlined(box) == ["acueil"]


def test_f7_selects_the_next_word_and_a_digit_replaces_it(qtbot, box, keys, proposed):
    write("Merci de votre acueil, et de la fature. ")
    settled(qtbot, box)
    assert proposed()[0] == "accueil"
    assert box.textCursor().selectedText() == "acueil"
    keys.press(K.Key_1)
    assert box.toPlainText() == "Merci de votre accueil, et de la fature. "
    assert not box.is_list_open()
    settled(qtbot, box)
    assert underlined(box) == ["fature"]
    assert proposed()[0] == "facture"
    keys.press(K.Key_Return)
    settled(qtbot, box)
    assert box.toPlainText() == "Merci de votre accueil, et de la facture. "
    assert (underlined(box), box.accessibleDescription()) == ([], "")


def test_the_digits_of_an_azerty_row_choose_too(qtbot, box, keys, proposed):
    write("Un acueil ")
    settled(qtbot, box)
    proposed()
    keys.top_row(1, "&")
    assert box.toPlainText() == "Un accueil "


def test_the_arrows_choose_another_word(qtbot, box, keys, proposed):
    write("La fature ")
    settled(qtbot, box)
    words = proposed()
    keys.press(K.Key_Down)
    keys.press(K.Key_Down)
    keys.press(K.Key_Up)
    keys.press(K.Key_Return)
    assert box.toPlainText() == f"La {words[1]} "


def test_ctrl_z_brings_the_word_back(qtbot, box, keys, proposed):
    write("Un acueil ")
    settled(qtbot, box)
    proposed()
    keys.press(K.Key_1)
    keys.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert box.toPlainText() == "Un acueil "
    settled(qtbot, box)
    assert underlined(box) == ["acueil"]


def test_f7_before_the_pause_ends_reads_at_once(qtbot, box, keys, proposed):
    box.pause.setInterval(60_000)
    write("Un acueil")
    assert proposed()[0] == "accueil"


def test_f7_again_goes_on_and_comes_round(qtbot, box, keys, proposed):
    write("Un acueil, une fature, fin. ")
    settled(qtbot, box)
    seen = []
    for _ in range(3):
        proposed()
        seen.append(box.textCursor().selectedText())
    assert seen == ["acueil", "fature", "acueil"]
    assert len(box.window().findChildren(QWidget, "overlay", Qt.FindChildOption.FindDirectChildrenOnly)) <= 3


def test_escape_closes_the_list_and_changes_nothing(qtbot, box, keys, proposed):
    write("Un acueil ")
    settled(qtbot, box)
    proposed()
    keys.press(K.Key_Escape)
    assert (box.is_list_open(), box.toPlainText(), box.hasFocus()) == (False, "Un acueil ", True)


def test_any_other_key_closes_the_list_and_writes_over_the_word(qtbot, box, proposed):
    write("Un acueil ")
    settled(qtbot, box)
    proposed()
    write("été")
    assert (box.is_list_open(), box.toPlainText()) == (False, "Un été ")


def test_a_digit_without_a_line_does_nothing(qtbot, box, keys, proposed):
    write("Un xqzkjd ")
    settled(qtbot, box)
    assert proposed() == ("Aucune proposition", "Ajouter au dictionnaire", "Ignorer")
    keys.press(K.Key_3)
    assert (box.is_list_open(), box.toPlainText()) == (True, "Un xqzkjd ")


def test_a_word_is_added_without_what_is_elided(qtbot, box, keys, proposed):
    write("L’abribuzz et l’abribuzz ")
    settled(qtbot, box)
    proposed()
    with qtbot.waitSignal(box.word_added) as added:
        keys.press(K.Key_8)
    assert added.args == ["abribuzz"]
    settled(qtbot, box)
    assert (underlined(box), box.toPlainText()) == ([], "L’abribuzz et l’abribuzz ")
    write("suite")
    assert box.toPlainText() == "L’abribuzzsuite et l’abribuzz "


def test_a_word_is_ignored_in_this_text_only(qtbot, box, keys, proposed):
    added = []
    box.word_added.connect(added.append)
    write("Un zorglub ")
    settled(qtbot, box)
    proposed()
    keys.press(K.Key_9)
    settled(qtbot, box)
    assert (underlined(box), added) == ([], [])
    box.clear()
    write("Un zorglub ")
    settled(qtbot, box)
    assert underlined(box) == ["zorglub"]


def test_the_names_of_the_letter_are_known(qtbot, box):
    write("Mme Œuvrard est venue. ")
    settled(qtbot, box)
    assert underlined(box) == ["Œuvrard"]
    box.set_known(frozenset({"Aïcha Œuvrard-Nguyễn"}))
    settled(qtbot, box)
    assert underlined(box) == []


def test_f7_is_the_window_s_own_when_nothing_is_doubtful(qtbot, tab, box, keys):
    write("Un accueil. ")
    settled(qtbot, box)
    keys.press(K.Key_F7)
    assert tab.other.hasFocus()


def test_leaving_the_box_closes_the_list(qtbot, tab, box, proposed):
    write("Un acueil ")
    settled(qtbot, box)
    proposed()
    tab.other.setFocus()
    assert not box.is_list_open()


def test_a_right_click_on_a_doubtful_word_opens_the_list(qtbot, box):
    write("Un acueil ")
    settled(qtbot, box)
    (mark,) = box.extraSelections()
    where = box.cursorRect(mark.cursor).center()
    QApplication.sendEvent(box.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Mouse, where, where))
    qtbot.waitUntil(lambda: box.proposed()[:1] == ("accueil",))


def test_the_form_s_own_sentence_stays_in_the_description(qtbot, jobs):
    form = Form()
    box = form.add("motif", "Motif", SpelledText(jobs), help="En une phrase.")
    box.pause.setInterval(0)
    qtbot.addWidget(form)
    form.fill({"motif": "Un acueil"})
    form.show_problems({})
    settled(qtbot, box)
    assert box.accessibleDescription() == f"En une phrase. 1{SPACE}mot à vérifier, touche F7."
    form.show_problems({"motif": "À remplir."})
    assert box.accessibleDescription() == f"À remplir. 1{SPACE}mot à vérifier, touche F7."


def test_the_room_hears_how_many_words_are_doubtful(qtbot, box):
    heard = []
    box.doubted.connect(heard.append)
    write("Un acueil, une fature. ")
    settled(qtbot, box)
    box.clear()
    settled(qtbot, box)
    assert heard == [2, 0]


@pytest.mark.parametrize("missing", ["jobs", "dictionary", "library"])
def test_without_the_means_it_is_a_plain_box(qtbot, jobs, keys, tab, tmp_path, monkeypatch, missing):
    if missing == "dictionary":
        monkeypatch.setattr(spelling, "FOLDER", tmp_path)
    elif missing == "library":
        monkeypatch.setitem(sys.modules, "hunspell", None)
    box = SpelledText(None if missing == "jobs" else jobs)
    tab.layout().addWidget(box)
    QApplication.processEvents()
    box.setFocus()
    write("Un acueil. ")
    QApplication.processEvents()
    assert (box.toPlainText(), underlined(box), box.pause.isActive()) == ("Un acueil. ", [], False)
    keys.press(K.Key_F7)
    assert tab.other.hasFocus()


def test_a_box_closed_while_it_is_read_troubles_nobody(qtbot, jobs, tab):
    box = SpelledText(jobs)
    tab.layout().addWidget(box)
    box.setPlainText("Un acueil")
    box.read()
    box.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    done = []
    jobs.run(str, done.append)  # one at a time: this one ends after the reading
    qtbot.waitUntil(lambda: bool(done))


def test_a_box_scrolled_out_of_sight_comes_back_with_its_list(qtbot, jobs, keys, tab):
    page = Form(1)
    for number in range(20):
        page.add(f"champ{number}", f"Champ {number}", QLineEdit())
    box = page.add("motif", "Motif", SpelledText(jobs))
    box.setFixedHeight(80)
    area = scrolled(page)
    tab.layout().addWidget(area)
    QApplication.processEvents()
    box.setFocus()
    write("Un acueil ")
    area.verticalScrollBar().setValue(0)
    assert box.visibleRegion().isEmpty()
    keys.press(K.Key_F7)
    qtbot.waitUntil(lambda: box.proposed()[:1] == ("accueil",))
    assert not box.visibleRegion().isEmpty()
    assert tab.rect().contains(box._proposals.geometry())


def test_the_list_fits_in_the_window_at_every_size_of_text(qtbot, tab, box, keys, proposed):
    write("\n" * 12 + "Une fature ")
    settled(qtbot, box)
    for scale in look.SCALES:
        look.apply("clair", scale)
        QApplication.processEvents()
        proposed()
        frame = box._proposals.geometry()
        assert tab.rect().contains(frame), (scale, frame)
        assert frame.height() > look.px(80)
