"""The whole window, every tab: names for those who listen, keys for those who have no mouse, and nothing cut."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from db import digital_space, dossier_lists, dossiers, lists, mandates, money, notes, people, store, visits
from desktop.documents import templates
from desktop.dossiers.section_row import SectionChip
from desktop.dossiers.sections import SECTIONS
from desktop.instalments import instalments
from desktop.jobs import Jobs
from desktop.letters.outbox import Job, Made
from desktop.letters.tab import PAGES
from desktop.main_window import ROOMS, Desk, change_look
from desktop.widgets import look
from desktop.widgets.buttons import KeyButton, Painted
from desktop.widgets.cards import CardList
from desktop.widgets.look import LOOK
from desktop.widgets.room import Room

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def lived(opened):
    """A place where things happen: a queue, a person with a dossier, a note, stations."""
    samira = people.record(
        people.Draft("Bénali", "Samira", birth_year=1985, phone="0612345678", informed_on=date.today()), date.today()
    )
    current = datetime.now().astimezone()
    for minutes, urgency in ((18, "fragile"), (12, "normal"), (3, "rendez_vous")):
        visits.arrive(visits.Arrival(6, urgency, ("enfant",), "Mme Colibri"), current - timedelta(minutes=minutes))
    demand = visits.Demand(6, "FAM", "allocations", nature="information", outcome="resolu")
    visits.record(visits.Draft(person=samira, started_at=current - timedelta(minutes=9), demands=(demand, demand)))
    dossiers.open_dossier(
        dossiers.Draft(samira, "edf", "Impayé, échéancier", "6 000", "coupure annoncée", 48620), date.today()
    )
    notes.write("Le photocopieur avale les feuilles : passer par le bac 2.")
    posts = [digital_space.add_station(n) for n in range(1, 5)]
    digital_space.start(posts[0], "emploi", 45, "M. Hublot")
    store.sign_in("", "")
    store.sign_in("m1", "A1")
    return samira


def every_tab(desk):
    for room in desk.rooms:
        desk.go(room)
        QApplication.processEvents()
        yield room


def shown(desk) -> list[QWidget]:
    """The widgets one sees, without the inner parts of Qt's own."""
    whole = (QComboBox, QAbstractSpinBox, QAbstractItemView, QScrollBar, QTextEdit)
    return [
        w for w in desk.findChildren(QWidget)
        if w.isVisible() and not w.objectName().startswith("qt_")
        and not any(isinstance(parent, whole) for parent in ancestors(w))
    ]  # fmt: skip


def ancestors(widget: QWidget):
    while (widget := widget.parentWidget()) is not None:
        yield widget


def spoken(widget: QWidget) -> str:
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def told(widget: QWidget) -> str:
    """Where a widget is, for the message of a failure."""
    text = widget.text() if hasattr(widget, "text") else widget.accessibleName()
    up = " < ".join(type(parent).__name__ for parent in list(ancestors(widget))[:3])
    return f"{type(widget).__name__} « {text[:40]} » {widget.width()}×{widget.height()} in {up}"


def cut(desk) -> list[str]:
    """What a person cannot read whole: outside its parent, or smaller than its words."""
    found = []
    for widget in shown(desk):
        parent = widget.parentWidget()
        area = next((a for a in ancestors(widget) if isinstance(a, QScrollArea)), None)
        if isinstance(parent, QWidget) and not isinstance(parent.parentWidget(), QScrollArea | None):
            inside = parent.rect().adjusted(-1, -1, 1, 1)
            if not inside.contains(widget.geometry()) and widget.width() and widget.height():
                found.append(f"{told(widget)} sticks out of {parent.rect()}: {widget.geometry()}")
        if area is None:
            place = QRect(widget.mapTo(desk, QPoint(0, 0)), widget.size())
            if not desk.rect().contains(place):
                found.append(f"{told(widget)} is outside the window: {place}")
        if isinstance(widget, QScrollArea) and widget.widget() is not None:
            never = widget.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if never and widget.widget().width() > widget.viewport().width() + 1:
                found.append(
                    f"{told(widget)} hides {widget.widget().width() - widget.viewport().width()} px at its right"
                )
        if isinstance(widget, QLabel) and widget.text():
            found += short_label(widget)
        elif isinstance(widget, Painted) and not (isinstance(widget, KeyButton) and widget.kind == "field"):
            needed = widget.minimumSizeHint()
            if needed.width() > widget.width() + 1 or needed.height() > widget.height() + 1:
                found.append(f"{told(widget)} needs {needed.width()}×{needed.height()}")
        elif isinstance(widget, QAbstractButton) and widget.text() and widget.sizeHint().width() > widget.width() + 1:
            found.append(f"{told(widget)} needs {widget.sizeHint().width()} px")
        elif isinstance(widget, QLineEdit | QComboBox) and widget.height() < widget.fontMetrics().height():
            found.append(f"{told(widget)} is lower than its letters")
    return found


def short_label(widget: QLabel) -> list[str]:
    if widget.wordWrap():
        needed = widget.heightForWidth(widget.width())
        return [f"{told(widget)} needs {needed} px of height"] if needed > widget.height() + 2 else []
    needed = widget.sizeHint().width()
    return [f"{told(widget)} needs {needed} px"] if needed > widget.width() + 1 else []


# names and keys


def test_every_focusable_widget_of_every_tab_has_an_accessible_name(lived, desk, hands):
    hands.press(K.Key_F2)
    nameless = {
        told(w)
        for room in every_tab(desk)
        for w in shown(desk)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken(w).strip()
    }
    assert nameless == set()


def test_every_page_behind_a_tab_has_names_too(lived, desk, hands):
    desk.intake.show_person(lived)
    QApplication.processEvents()
    found = [told(w) for w in shown(desk) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken(w).strip()]
    hands.press(K.Key_J, CONTROL)
    found += [told(w) for w in shown(desk) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken(w).strip()]
    hands.press(K.Key_F6)
    desk.letters.choose("energie-echeancier")
    QApplication.processEvents()
    found += [told(w) for w in shown(desk) if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken(w).strip()]
    assert found == []


def test_the_tab_key_reaches_every_field_and_button_of_every_tab(lived, desk, hands):
    hands.press(K.Key_F2)
    missed = {}
    for room in every_tab(desk):
        wanted = {w for w in shown(desk) if w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus}
        wanted -= by_arrows(desk)
        reached: set[QWidget] = set()
        for _ in range(3 * len(wanted) + 10):
            hands.press(K.Key_Tab)
            reached.add(QApplication.focusWidget())
        if wanted - reached:
            missed[room.title] = sorted(told(w) for w in wanted - reached)
    assert missed == {}


def by_arrows(desk) -> set[QWidget]:
    """What the arrows reach, once Tab is on its row."""
    return {button for button in (*desk.rail.values(), *desk.findChildren(SectionChip)) if not button.isChecked()}


def test_every_section_of_a_dossier_has_names_and_is_reached_by_the_tab_key(lived, desk, hands):
    missed, nameless = {}, []
    for name, show in dossier_states(desk).items():
        show()
        room = desk.dossiers.pages
        wanted = {w for w in shown(desk) if room.isAncestorOf(w) and w.isEnabled()}
        wanted = {w for w in wanted if w.focusPolicy() & Qt.FocusPolicy.TabFocus} - by_arrows(desk)
        nameless += [f"{name}: {told(w)}" for w in wanted if not spoken(w).strip()]
        reached: set[QWidget] = set()
        for _ in range(3 * len(wanted) + 20):
            hands.press(K.Key_Tab)
            reached.add(QApplication.focusWidget())
        if wanted - reached:
            missed[name] = sorted(told(w) for w in wanted - reached)
    assert (missed, nameless) == ({}, [])


def test_the_arrows_go_through_the_rail(desk, hands):
    desk.rail["Accueil"].setFocus()
    seen = []
    for _ in range(len(desk.rooms) - 1):
        hands.press(K.Key_Down)
        seen.append(QApplication.focusWidget())
    assert set(seen) == set(desk.rail.values()) - {desk.rail["Accueil"]}


def test_a_drawn_button_is_heard_as_a_button_with_its_key(desk):
    interface = QAccessible.queryAccessibleInterface(desk.intake.queue.call)
    assert interface.role() in (QAccessible.Role.Button, QAccessible.Role.CheckBox)
    assert interface.text(QAccessible.Text.Description) == "Touche F2"


def test_a_line_of_the_queue_is_heard_with_its_number_and_its_wait(lived, desk):
    heard = desk.intake.queue.list.cards()[0].spoken
    assert heard.split(", ")[0].isdigit()
    assert " min" in heard


@pytest.mark.parametrize(("key", "title"), [("F5", "Accueil"), ("F6", "Courriers"), ("F12", "Fin de journée")])
def test_function_keys_open_the_tabs(desk, hands, key, title):
    hands.press(getattr(K, f"Key_{key}"))
    assert desk.current().title == desk.heading.text() == title
    assert desk.rail[title].isChecked()


def test_every_tab_is_built_while_nobody_does_anything(desk, qtbot):
    assert desk.stack.count() == 1
    desk.wake()
    qtbot.waitUntil(lambda: desk.stack.count() == len(desk.rail))
    assert {type(room) for room in desk.rooms} == {type(desk.stack.widget(n)) for n in range(desk.stack.count())}


def test_every_tab_with_a_key_opens_by_that_key(desk, hands):
    for room in desk.rooms:
        if room.key:
            hands.press(getattr(K, f"Key_{room.key}"))
            assert desk.current() is room


def test_f1_helps_on_every_tab_and_escape_closes_the_help(desk, hands):
    for room in desk.rooms:
        desk.go(room)
        hands.press(K.Key_F1)
        assert desk.guide.isVisible(), room.title
        assert len(desk.guide.text.toPlainText()) > 200
        hands.press(K.Key_Escape)
        assert not desk.guide.isVisible()


def test_no_two_actions_have_the_same_key(desk):
    keys = [command.key for command in desk.commands() if command.key not in ("", "A+")]
    assert sorted(keys) == sorted(set(keys))


def test_no_shortcut_takes_ctrl_or_alt_with_a_digit(desk):
    for command in desk.commands():
        parts = command.key.split("+")
        assert not (len(parts) > 1 and parts[-1].isdigit()), command.label


# the palette


def ask(hands, text: str) -> None:
    hands.press(K.Key_K, CONTROL)
    hands.type(text)


def test_ctrl_k_finds_a_person_and_opens_the_file(lived, desk, hands):
    desk.go(desk.handover)
    ask(hands, "bena")
    hands.press(K.Key_Return)
    assert desk.current() is desk.intake
    assert desk.intake.person.form.fields["last_name"].text() == "Bénali"


def test_ctrl_k_finds_a_dossier_and_opens_it(lived, desk, hands):
    ask(hands, "edf")
    cards = desk.palette_box.list.cards()
    assert [card.title for card in cards if "EDF ·" in card.title] == ["EDF · Bénali Samira"]
    while desk.palette_box.list.current_id() != next(card.id for card in cards if "EDF ·" in card.title):
        hands.press(K.Key_Down)
    hands.press(K.Key_Return)
    assert desk.current().title == "Dossiers"


def test_ctrl_k_finds_a_model_and_opens_it(desk, hands):
    ask(hands, "ecretement")
    hands.press(K.Key_Return)
    assert desk.current() is desk.letters
    assert desk.letters.heading.text() == templates.read_template("eau-ecretement-fuite").title


def test_ctrl_k_finds_an_action_shows_its_key_and_runs_it(desk, hands):
    ask(hands, "ajouter a la file")
    card = desk.palette_box.list.cards()[1]
    assert (card.title, card.cap) == ("Ajouter à la file", "F3")
    hands.press(K.Key_Return)
    assert desk.intake.queue.add.isVisible() is False
    hands.press(K.Key_2)
    hands.press(K.Key_Return)
    assert len(visits.queue()) == 1


def test_escape_closes_the_palette_and_gives_the_keyboard_back(desk, hands):
    hands.press(K.Key_F2)
    ask(hands, "bena")
    hands.press(K.Key_Escape)
    assert not desk.palette_box.isVisible()
    hands.press(K.Key_6)
    assert desk.intake.visit.draft.demands[0].family == 6


def test_the_palette_says_so_when_nothing_bears_that_name(desk, hands):
    ask(hands, "zzzz")
    titles = [card.title for card in desk.palette_box.list.cards() if not card.is_section]
    assert titles == ["Nouvelle visite pour « zzzz »"]


# the look


def test_the_palette_changes_theme_and_text_size(desk, hands):
    for text in ("theme sombre", "texte a 150"):
        ask(hands, text)
        hands.press(K.Key_Return)
    assert (LOOK.theme, LOOK.scale) == ("sombre", 150)


def test_the_a_plus_button_goes_round_the_text_sizes(desk, qtbot):
    seen = []
    for _ in look.SCALES:
        qtbot.mouseClick(desk.bigger, Qt.MouseButton.LeftButton)
        seen.append(LOOK.scale)
    assert seen == [115, 130, 150, 175, 200, 100]
    assert desk.toast.sentence.text() == "Texte à 100 %."


def test_text_size_reaches_every_widget_of_every_tab(lived, desk, hands):
    hands.press(K.Key_F2)
    before = {w: size(w) for room in every_tab(desk) for w in shown(desk) if size(w)}
    change_look(scale=150)
    QApplication.processEvents()
    left = []
    for room in every_tab(desk):
        for w in shown(desk):
            if w in before and size(w) < before[w] * 1.4:
                left.append(f"{room.title}: {told(w)} {before[w]} → {size(w)}")
    assert left == []


def size(widget: QWidget) -> int:
    """What must grow with the text: the letters, or the height of what is drawn."""
    if isinstance(widget, CardList):
        return widget.sizeHintForRow(0) if widget.cards() else 0
    if isinstance(widget, Painted):
        return widget.minimumSizeHint().height() if isinstance(widget, KeyButton) else 0
    if isinstance(widget, QLabel | QLineEdit | QComboBox | QAbstractButton):
        return widget.fontInfo().pixelSize()
    return 0


@pytest.mark.parametrize("theme", ["sombre", "contraste"])
def test_a_dark_theme_leaves_no_light_surface_on_any_tab(lived, desk, hands, theme):
    hands.press(K.Key_F2)
    assert len(desk.rooms) == len(desk.rail)  # every tab was built in the light theme
    change_look(theme=theme)
    light = {
        int(getattr(look.THEMES["clair"], role)[1:], 16) for role in ("canvas", "surface", "sunken", "primary_soft")
    }
    if theme == "contraste":
        light.discard(0xFFFFFF)  # its ink
    for room in every_tab(desk):
        image = desk.grab().toImage().scaled(683, 345)
        pixels = [image.pixel(x, y) & 0xFFFFFF for x in range(0, 683, 2) for y in range(0, 345, 2)]
        share = sum(pixel in light for pixel in pixels) / len(pixels)
        assert share < 0.004, f"{room.title}: {share:.1%} of the screen is still light"


# the room on the screen


@pytest.fixture
def states(lived, desk, hands):
    """Name → how to bring the screen into that state."""

    def visit_to_follow() -> None:
        desk.go(desk.intake)
        hands.press(K.Key_F2)
        for key in (K.Key_6, K.Key_2, K.Key_1, K.Key_2):
            hands.press(key)

    def arrival() -> None:
        desk.go(desk.intake)
        hands.press(K.Key_F3)
        hands.press(K.Key_4)

    def person() -> None:
        desk.go(desk.intake)
        desk.intake.show_person(lived)

    def journal() -> None:
        desk.go(desk.intake)
        hands.press(K.Key_J, CONTROL)

    def late() -> None:
        desk.go(desk.intake)
        hands.press(K.Key_N, CONTROL)

    def letter() -> None:
        desk.go(desk.letters)
        desk.letters.choose("energie-echeancier")
        hands.press(K.Key_Return, CONTROL)

    def behind(door: str) -> None:
        desk.go(desk.letters)
        desk.letters.open(door)

    def printing() -> None:
        letter()
        hands.press(K.Key_P, CONTROL)

    def reading() -> None:
        letter()
        hands.press(K.Key_F11)

    def paper() -> None:
        letter()
        desk.letters.question.ask(Job(b"", Made("A1-2026-0001", b"", "")))

    found = {room.title: (lambda room=room: desk.go(room)) for room in desk.rooms}
    found |= {door.title: partial(behind, name) for name, door in PAGES.items()}
    found |= {"imprimer": printing, "lecture": reading, "sortie ?": paper}
    return found | dossier_states(desk) | {
        "arrivée": arrival, "visite à suivre": visit_to_follow, "fiche": person, "journal": journal,
        "saisie tardive": late, "courrier": letter,
    }  # fmt: skip


def dossier_states(desk) -> dict:
    """Every section of a dossier where something happens, and every question asked in it."""
    (line,) = dossier_lists.lines(date.today())
    draft = replace(dossiers.draft_of(line.id), notified_on=date.today() - timedelta(days=12), protected=("fsl",))
    dossiers.change(line.id, draft)
    money.keep_plan(line.id, instalments(48620, 5, date.today() - timedelta(days=40)))
    money.ask_help(line.id, "fonds_partenaire", 20000, date.today())
    mandate = mandates.Draft(line.person, "edf", "Appeler EDF et demander un échéancier", line.id, date.today())
    mandates.sign(replace(mandate, ends_on=date.today() + timedelta(days=9)))
    room = desk.dossiers

    def section(name: str, digits: tuple[int, ...]) -> None:
        desk.go(room)
        room.show_dossier(line.id)
        room.sheet.section(room.sheet.shown).left.emit()
        room.sheet.open(name)
        QApplication.processEvents()
        for digit in digits:
            room.sheet.press(digit)
            QApplication.processEvents()

    asked = {
        "suivi": ((1,), (4,), (6,)), "voie": ((2,), (3,), (4,)), "argent": ((1,), (2,), (3,)), "mandat": ((1,), (3,)),
        "papiers": ((1,), (4,)), "releves": ((1,),), "rencontre": ((1,),),
    }  # fmt: skip
    return {
        f"dossier, {name} {digits}": partial(section, name, digits)
        for name in SECTIONS
        for digits in ((), *asked.get(name, ()))
    }


def all_cut(desk, states) -> dict[str, list[str]]:
    found = {}
    for name, show in states.items():
        show()
        for _ in range(2):  # a page built just now is laid out once more
            QApplication.processEvents()
        if problems := cut(desk):
            found[name] = problems
    return found


def test_at_1366_by_689_nothing_is_cut_on_any_tab(desk, states):
    found = all_cut(desk, states)
    assert (desk.window().width(), desk.window().height()) == (1366, 689)
    assert found == {}


@pytest.mark.parametrize("scale", [100, 115, 130, 150])
def test_the_home_screen_never_scrolls_sideways(lived, desk, hands, scale):
    hands.press(Qt.Key.Key_F2)
    desk.refresh()
    change_look(scale=scale)
    QApplication.processEvents()
    QApplication.processEvents()
    areas = [area for area in desk.intake.findChildren(QScrollArea) if area.isVisible()]
    assert areas and not [area.accessibleName() for area in areas if area.horizontalScrollBar().maximum()]
    todo = desk.intake.side.todo
    assert not todo.isVisible() or not todo.verticalScrollBar().maximum(), "a few lines are shown whole"


def test_at_200_percent_nothing_is_cut_on_any_tab(desk, states):
    change_look(scale=200)
    QApplication.processEvents()
    found = all_cut(desk, states)
    assert (desk.window().width(), desk.window().height()) == (1366, 689)
    assert found == {}


def test_long_names_are_shortened_and_push_nothing_out(desk, hands):
    lists.save(
        "structure", "long", "Maison de la métropole pour les solidarités de Villeurbanne Charpennes", position=0
    )
    visits.arrive(visits.Arrival(6, "fragile", (), "Mme Anticonstitutionnellement-Vandenbroucke de la Tour"))
    desk.refresh()
    hands.press(K.Key_F2)
    hands.press(K.Key_F3)
    hands.press(K.Key_0)
    assert (desk.window().width(), desk.window().height()) == (1366, 689)
    assert [line for line in cut(desk) if "Maison de la" not in line] == []


def test_the_sentence_of_an_act_never_stands_over_what_one_types(desk):
    desk.go(desk.letters)
    desk.letters.choose("energie-echeancier")
    QApplication.processEvents()
    desk.toast.say("Visite n° 1 enregistrée", undoable=True)
    usual = desk.toast.geometry()
    field = QLineEdit(desk)
    field.setGeometry(usual.adjusted(10, 0, -10, 0))
    field.show()
    field.setFocus()
    assert not desk.toast.geometry().intersects(field.geometry()) and desk.rect().contains(desk.toast.geometry())
    desk.letters.desk.models.filter.setFocus()
    assert desk.toast.geometry() == usual


def test_the_other_tabs_are_built_once_the_first_one_is_seen(lived, qtbot):
    jobs = Jobs()
    window = QMainWindow()
    qtbot.addWidget(window)
    desk = Desk(jobs)
    window.setCentralWidget(desk)
    desk.wake()
    for _ in range(20):
        QApplication.processEvents()
    assert desk.findChildren(Room) == [desk.intake], "nobody has seen anything yet"
    window.show()
    qtbot.waitUntil(lambda: len(desk.findChildren(Room)) == len(ROOMS))
    desk.sleep()
    jobs.close()


class Windows(QObject):
    """Notes every window that shows itself."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow():
            self.seen.append(told(watched))
        return False


def test_no_stray_window_flashes_up_while_the_desk_is_built_and_used(lived, qapp, qtbot):
    watcher = Windows()
    qapp.installEventFilter(watcher)
    jobs = Jobs()
    window = QMainWindow()
    qtbot.addWidget(window)
    desk = Desk(jobs)
    window.setCentralWidget(desk)
    window.resize(1366, 689)
    window.show()
    desk.wake()
    for _ in every_tab(desk):
        pass
    for template in ("energie-echeancier", "fiche-orientation"):
        desk.letters.choose(template)
    desk.intake.show_person(lived)
    change_look(scale=200)
    change_look(scale=100)
    QApplication.processEvents()
    qapp.removeEventFilter(watcher)
    desk.sleep()
    jobs.close()
    assert len(watcher.seen) == 1, watcher.seen


def test_after_the_veil_one_is_back_on_the_tab_one_left_unless_somebody_else_comes(desk):
    desk.go(desk.dossiers)
    desk.sleep()
    desk.wake()
    assert desk.current() is desk.dossiers and desk.rail["Dossiers"].isChecked()
    desk.sleep()
    store.sign_in("m2", "A1")
    desk.wake()
    assert desk.current() is desk.intake


def test_nothing_typed_before_the_veil_comes_back_after_it(lived, desk):
    for _ in every_tab(desk):
        pass
    (line,) = dossier_lists.lines(date.today())
    desk.dossiers.show_dossier(line.id)
    for name in SECTIONS:
        desk.dossiers.sheet.open(name)
    for name in PAGES:
        desk.letters.open(name)
    desk.letters.choose("energie-echeancier")
    without = (
        desk.settings,
        desk.letters.page("printer"),
        desk.letters.page("manager"),
    )  # nothing of anybody is typed there
    typed = [field for field in desk.findChildren(QLineEdit) if not any(page.isAncestorOf(field) for page in without)]
    for field in typed:
        field.blockSignals(True)
        field.insert("Ngabo")
        field.blockSignals(False)
    assert len(typed) > 50
    desk.sleep()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    fields = desk.findChildren(QLineEdit)
    kept = [told(field) for field in fields if "Ngabo" in field.text()]
    for field in fields:
        field.undo()
    assert kept + [told(field) for field in fields if "Ngabo" in field.text()] == []
