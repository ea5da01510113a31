"""The window: rail, top bar, day band, and the tabs. `_wire()` holds every connection between tabs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from db import dossier_lists, journal, lists, people, preferences, statistics, store, team
from desktop import french
from desktop.digital_space.tab import DigitalSpaceTab
from desktop.dossiers.tab import DossiersTab
from desktop.handover.tab import HandoverTab
from desktop.intake.tab import IntakeTab
from desktop.jobs import Jobs
from desktop.letters.tab import LettersTab
from desktop.settings.tab import SettingsTab
from desktop.widgets import look
from desktop.widgets.band import DayBand
from desktop.widgets.banner import Banner
from desktop.widgets.buttons import KeyButton, RailButton
from desktop.widgets.cards import Card
from desktop.widgets.form import label, set_tone, tag
from desktop.widgets.guide import Guide
from desktop.widgets.look import LOOK
from desktop.widgets.palette import Hit, Palette
from desktop.widgets.room import Command, Room
from desktop.widgets.toast import Toast

IDLE_SECONDS = 180
_USED = (QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.Wheel)  # somebody is there
_ASKED = QEvent.Type.ShortcutOverride
HERE = ("Ctrl+N", "Ctrl+F", "Ctrl+P", "Ctrl+Entrée", "F11")
"""Keys whose meaning is the tab's own."""


ROOMS: dict[str, type[Room]] = {
    "intake": IntakeTab,
    "letters": LettersTab,
    "dossiers": DossiersTab,
    "digital_space": DigitalSpaceTab,
    "handover": HandoverTab,
    "settings": SettingsTab,
}
"""The tabs, in the order of the rail."""
WITH_JOBS = ("letters", "handover", "settings")
"""Those that work in the background."""


class Desk(QWidget):
    """Everything behind the lock; made once, emptied at each veil."""

    veiled = Signal()
    restore = Signal(object)
    code_chosen = Signal(str)

    def __init__(self, jobs: Jobs, *, demonstration: bool = False) -> None:
        super().__init__()
        self.setObjectName("desk")
        self.setMinimumSize(1, 1)  # a bigger text never pushes the window out of the screen
        self._idle_since = datetime.now()
        self._shown_to = ""  # a mediator
        self._jobs = jobs
        self._built: dict[str, Room] = {}
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self._make_rail())
        page = QVBoxLayout()
        page.setContentsMargins(18, 8, 18, 12)
        page.setSpacing(5)
        across.addLayout(page, 1)
        if demonstration:
            page.addWidget(Banner("DÉMONSTRATION · personnes inventées · rien ne sort d’ici"))
        page.addLayout(self._make_bar())
        self.band = DayBand()
        page.addWidget(self.band)
        self.stack = QStackedWidget()
        self.stack.setMinimumSize(1, 1)
        page.addWidget(self.stack, 1)
        self.palette_box = Palette(self, self.search)
        self.guide = Guide(self)
        self.toast = Toast(self)
        self.toast.undone.connect(self.undo)
        self._shortcuts()
        self._painted = False
        self._building = QTimer(self, interval=0)
        self._building.timeout.connect(self._build_next)
        self._ticks = QTimer(self, interval=1000)
        self._ticks.timeout.connect(self._tick)
        QApplication.instance().installEventFilter(self)
        LOOK.changed.connect(self._fit)

    # construction

    def _make_rail(self) -> QFrame:
        rail = QFrame()
        rail.setObjectName("rail")
        column = QVBoxLayout(rail)
        column.setContentsMargins(3, 10, 3, 10)
        column.setSpacing(2)
        self.brand = brand = label("PIMMS")
        brand.setObjectName("brand")
        brand.setProperty("role", "section")
        brand.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column.addWidget(brand)
        self.rail: dict[str, RailButton] = {}
        for name, kind in ROOMS.items():
            if name == "handover":
                column.addStretch(1)
            column.addWidget(self._rail_button(name, kind))
        return rail

    def _rail_button(self, name: str, kind: type[Room]) -> RailButton:
        made = RailButton(kind.rail or kind.title, kind.key, kind.icon)
        made.setProperty("room", name)
        made.clicked.connect(self._rail_clicked)
        self.rail[kind.title] = made
        return made

    def _make_bar(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(10)
        self.heading = label("", "title")
        self.find = KeyButton("Chercher une personne, un dossier, un modèle, une action…", "Ctrl+K", "search", "field",
                              name="Chercher partout")  # fmt: skip
        self.saved = tag("Enregistré", "ok")
        self.bigger = KeyButton("A+", name="Agrandir le texte")
        self.veil = KeyButton("Voile", "Ctrl+L", "eye-off")
        who = QVBoxLayout()
        who.setSpacing(0)
        self.who, self.where = label("", "strong"), label("", "hint")
        who.addWidget(self.who)
        who.addWidget(self.where)
        for widget in (self.heading, self.find, self.saved, self.bigger, self.veil):
            line.addWidget(widget, 1 if widget is self.find else 0)
        line.addLayout(who)
        self.find.clicked.connect(self.open_palette)
        self.bigger.clicked.connect(self.enlarge_text)
        self.veil.clicked.connect(self.veiled)
        return line

    # rooms

    def room(self, name: str) -> Room:
        """A tab, built and wired the first time it is wanted."""
        if name not in self._built:
            kind = ROOMS[name]
            made = self._built[name] = kind(self._jobs) if name in WITH_JOBS else kind()
            self.stack.addWidget(made)
            self._wire(name, made)
        return self._built[name]

    intake = property(lambda self: self.room("intake"))
    letters = property(lambda self: self.room("letters"))
    dossiers = property(lambda self: self.room("dossiers"))
    digital_space = property(lambda self: self.room("digital_space"))
    handover = property(lambda self: self.room("handover"))
    settings = property(lambda self: self.room("settings"))

    @property
    def rooms(self) -> tuple[Room, ...]:
        return tuple(self.room(name) for name in ROOMS)

    def paintEvent(self, event) -> None:
        super().paintEvent(event)
        self._painted = True

    def _build_next(self) -> None:
        """One tab at each idle moment after the first paint, so that none is slow to open."""
        if not self._painted:  # the screen may answer after the timer
            return
        left = [name for name in ROOMS if name not in self._built]
        if left:
            room = self.room(left[0])
            self.rail[room.title].set_badge(room.badge())
        else:
            self._building.stop()

    def _wire(self, name: str, room: Room) -> None:
        """Every connection between tabs."""
        room.acted.connect(self._acted)
        room.said.connect(self._said)
        if name == "intake":
            room.wants_letter.connect(self._letter_for_visit)
            room.wants_dossier.connect(self._dossier_for_visit)
            room.opens_dossier.connect(self._show_dossier)
        elif name == "dossiers":
            room.wants_letter.connect(self._letter_for_dossier)
            room.wants_print.connect(self._print_of_dossier)
            room.wants_front.connect(self._to_dossiers)
        elif name == "letters":
            room.wants_front.connect(self._to_letters)
        elif name == "settings":
            room.settled.connect(self._settled)
            room.wants_front.connect(self._to_settings)
            room.restore.connect(self.restore)
            room.code_chosen.connect(self.code_chosen)

    def _settled(self) -> None:
        self._show_who()
        self.refresh()

    def _to_settings(self) -> None:
        self.go(self.settings)

    def _to_letters(self) -> None:
        self.go(self.letters)

    def _dossier_for_visit(self, visit: str) -> None:
        self.go(self.dossiers)
        self.dossiers.open_for(visit)

    def _show_dossier(self, id: str, section: str = "") -> None:
        self.go(self.dossiers)
        self.dossiers.show_dossier(id, section)

    def _letter_for_dossier(self, dossier: str, template: str, step: str) -> None:
        self.go(self.letters)
        self.letters.start_for_dossier(dossier, template, step)

    def _print_of_dossier(self, name: str, dossier: str) -> None:
        try:
            _, pdf = self.dossiers.document(name, dossier)
        except ValueError as problem:
            self._said(str(problem))
        else:
            self.letters.print_sheet(pdf)

    def _to_dossiers(self) -> None:
        self.go(self.dossiers)

    def _letter_for_visit(self, visit: str) -> None:
        self.go(self.letters)
        self.letters.start_for_visit(visit)

    def _shortcuts(self) -> None:
        for keys, act in (
            ("F2", self._call), ("Shift+F2", self._to_queue), ("F3", self._add), ("F4", self._note),
            ("Ctrl+K", self.open_palette), ("Ctrl+N", self._new), ("Ctrl+F", self._find), ("Ctrl+P", self._print),
            ("Ctrl+J", self._journal), ("F11", self._enlarge), ("Ctrl+Z", self.undo), ("Ctrl+Y", self.redo),
            ("Ctrl+L", self.veiled.emit), ("F1", self._help),
        ):  # fmt: skip
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        for kind in ROOMS.values():
            if kind.key:
                shortcut = QShortcut(QKeySequence(kind.key), self)
                shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
                shortcut.activated.connect(self.rail[kind.title].click)

    # life

    def wake(self) -> None:
        """The place is open: the tab that was veiled, or the day of whoever else opened it."""
        same = self._shown_to == store.mediator()
        self._shown_to = store.mediator()
        self._show_who()
        self._idle_since = datetime.now()
        self._ticks.start()
        self.go(self.current() if same else self.intake)
        self._refresh_frame()
        self._building.start()
        self._tick()

    def _show_who(self) -> None:
        member = team.member(store.mediator())
        self.who.setText(team.short_name(member.name) if member else "")
        self.where.setText(f"Poste {store.desk()}")

    def sleep(self) -> None:
        """Before the veil: stop everything, keep nothing of anybody on the screen."""
        self._ticks.stop()
        self._building.stop()
        self.palette_box.hide()
        self.palette_box.field.setText("")
        self.guide.hide()
        self.toast.hide()
        self.toast.sentence.clear()
        for room in self._built.values():
            room.forget()

    def refresh(self) -> None:
        self._refresh_frame()
        self.current().refresh()

    def _refresh_frame(self) -> None:
        """What stands around every tab: the day band and the counts of the rail."""
        today = date.today()
        self.band.show_day(preferences.opening(today), statistics.blocks(today))
        for room in self._built.values():
            self.rail[room.title].set_badge(room.badge())

    def current(self) -> Room:
        return self.stack.currentWidget()

    def go(self, room: Room) -> None:
        self.stack.setCurrentWidget(room)
        self.rail[room.title].setChecked(True)
        self.heading.setText(room.title)
        room.refresh()
        room.enter()

    def _rail_clicked(self) -> None:
        self.go(self.room(self.sender().property("room")))

    def _tick(self) -> None:
        moment = datetime.now().astimezone()
        self.band.set_now(moment)
        self.current().tick(moment)
        idle = int(preferences.get("idle_seconds", IDLE_SECONDS))
        if idle and (datetime.now() - self._idle_since).total_seconds() > idle:
            self.veiled.emit()

    # acts

    def _acted(self) -> None:
        self.refresh()
        done = store.last_act()
        if done:
            self.toast.say(done, undoable=True)
        set_tone(self.saved, "Enregistré", "ok")

    def _said(self, sentence: str) -> None:
        self.toast.say(sentence)

    def undo(self) -> None:
        self._replay(store.undo, "Annulé", "Rien à annuler.")

    def redo(self) -> None:
        self._replay(store.redo, "Refait", "Rien à refaire.")

    def _replay(self, replay: Callable[[], str | None], done: str, nothing: str) -> None:
        what = replay()
        if what is None:
            self.toast.say(nothing)
            return
        lists.reload()
        with store.act(""):
            journal.write("acte.annule" if done == "Annulé" else "acte.refait")
        self.refresh()
        self.toast.say(f"{done} : {what}")

    def open_palette(self) -> None:
        self.palette_box.open()

    def search(self, text: str) -> list[tuple[str, list[Hit]]]:
        """People, dossiers, models and actions for the palette."""
        found: list[tuple[str, list[Hit]]] = []
        if len(french.fold(text)) >= 2:
            found.append(("Personnes", [self._person_hit(line) for line in people.search(text, 5)]))
            found.append(("Dossiers", [self._dossier_hit(line) for line in dossier_lists.search(text, 5)]))
            found.append(("Modèles", [self._model_hit(template) for template in self.letters.matching(text)[:4]]))
        wanted = french.fold(text)
        actions = [c for c in self.commands() if wanted in french.fold(c.label)]
        found.append(("Actions", [_command_hit(c) for c in actions[:9]]))
        if len(wanted) >= 2:
            new = Command(
                f"Nouvelle visite pour « {text.strip()} »", partial(self._visit_named, text.strip()), "", "user-plus"
            )
            found.append(("Nouveau", [_command_hit(new)]))
        return found

    def _person_hit(self, line: people.Line) -> Hit:
        return Hit(Card(line.id, line.name, badge=line.detail, icon="user"), partial(self._show_person, line.id))

    def _visit_named(self, text: str) -> None:
        self._at_intake(partial(self.intake.receive, text))

    def _show_person(self, id: str) -> None:
        self._at_intake(partial(self.intake.show_person, id))

    def _dossier_hit(self, line: dossier_lists.Line) -> Hit:
        title = f"{line.partner} · {line.person_name}"
        return Hit(Card(line.id, title, badge=line.section, icon="folder-open"), partial(self._show_dossier, line.id))

    def _model_hit(self, template) -> Hit:
        return Hit(
            Card(template.id, template.title, badge=template.code, icon="mail"), partial(self._write, template.id)
        )

    def _write(self, template: str) -> None:
        self.go(self.letters)
        self.letters.choose(template)

    def commands(self) -> tuple[Command, ...]:
        own = [
            Command("Aide de cet écran", self._help, "F1", "circle-help"),
            Command("Voiler l’écran", self.veiled.emit, "Ctrl+L", "eye-off"),
            Command("Annuler le dernier acte", self.undo, "Ctrl+Z", "undo-2"),
            Command("Refaire", self.redo, "Ctrl+Y", "redo-2"),
            Command("Agrandir le texte", self.enlarge_text, "A+", "type"),
            *(Command(f"Thème {name}", _theme(name), "", "sun-moon") for name in look.THEMES),
            *(Command(f"Texte à {size} %", _scale(size), "", "type") for size in look.SCALES),
        ]
        rooms = [
            Command(f"Aller à {room.title}", self.rail[room.title].click, room.key, room.icon) for room in self.rooms
        ]
        inside = [self._keyed(command, room) for room in self.rooms for command in room.commands()]
        return tuple(inside + rooms + own)

    def _keyed(self, command: Command, room: Room) -> Command:
        """A key that means something else on another tab is shown only where it works."""
        return command if room is self.current() or command.key not in HERE else replace(command, key="")

    def enlarge_text(self) -> None:
        sizes = look.SCALES
        change_look(scale=sizes[(sizes.index(LOOK.scale) + 1) % len(sizes)])
        self.toast.say(f"Texte à {LOOK.scale} %.")

    # keys

    def _call(self) -> None:
        self._at_intake(self.intake.call)

    def _to_queue(self) -> None:
        self._at_intake(self.intake.choose_in_queue)

    def _add(self) -> None:
        self._at_intake(self.intake.add_to_queue)

    def _note(self) -> None:
        self._at_intake(self.intake.visit.write_note)

    def _journal(self) -> None:
        self._at_intake(self.intake.show_journal)

    def _at_intake(self, act: Callable[[], None]) -> None:
        if self.current() is not self.intake:
            self.go(self.intake)
        act()

    def _new(self) -> None:
        self.current().new()

    def _find(self) -> None:
        self.current().find()

    def _print(self) -> None:
        self.current().print()

    def _enlarge(self) -> None:
        self.current().enlarge()

    def _help(self) -> None:
        self.guide.open(french.fold(self.current().title).replace(" ", "-"))

    def eventFilter(self, watched, event) -> bool:
        kind = event.type()
        if kind in _USED:
            self._idle_since = datetime.now()
            if (
                kind == QEvent.Type.Wheel
                and event.modifiers() & Qt.KeyboardModifier.ControlModifier
                and self.isVisible()
            ):
                step = 1 if event.angleDelta().y() > 0 else -1
                place = look.SCALES.index(LOOK.scale) + step
                if 0 <= place < len(look.SCALES):
                    change_look(scale=look.SCALES[place])
                return True
        elif kind == _ASKED and event.matches(QKeySequence.StandardKey.Undo):
            # A field with nothing of its own to undo leaves Ctrl+Z to the desk.
            if isinstance(watched, QLineEdit) and not watched.isUndoAvailable():
                return True
            if isinstance(watched, QPlainTextEdit) and not watched.document().isUndoAvailable():
                return True
        return False

    def resizeEvent(self, event) -> None:
        self._fit()

    def _fit(self) -> None:
        LOOK.fit(self.width(), self.height())
        self.band.setVisible(not LOOK.short)
        self.brand.setVisible(not LOOK.short)
        self.saved.setVisible(not LOOK.narrow)
        self.heading.setVisible(not LOOK.narrow)  # the rail says where one is
        self.find.set_short(LOOK.narrow)
        self.veil.set_short(LOOK.narrow)


def change_look(theme: str | None = None, scale: int | None = None) -> None:
    """Dress the application and remember it for this place."""
    look.apply(theme, scale)
    if store.is_open():
        preferences.put("look", {"theme": LOOK.theme, "scale": LOOK.scale})


def _theme(name: str) -> Callable[[], None]:
    return lambda: change_look(theme=name)


def _scale(size: int) -> Callable[[], None]:
    return lambda: change_look(scale=size)


def _command_hit(command: Command) -> Hit:
    return Hit(Card(f"action {command.label}", command.label, icon=command.icon, cap=command.key), command.run)
