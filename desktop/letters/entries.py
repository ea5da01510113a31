"""Entries of a document as cards: added, moved, taken away and put back by key."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop.jobs import Jobs
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, label
from desktop.widgets.look import LOOK, px
from desktop.widgets.spelled_text import SpelledText

Values = dict[str, object]


@dataclass(frozen=True)
class Field:
    """One field of a card; `lines` of a text box, or the `choices` of a closed list."""

    name: str
    label: str
    example: str = ""
    columns: int = 2
    lines: int = 0
    choices: tuple[str, ...] = ()

    def widget(self, jobs: Jobs | None) -> QWidget:
        if self.choices:
            return Choice([(text, text) for text in self.choices], empty="—")
        return Lines(self.example, self.lines, jobs) if self.lines else QLineEdit(placeholderText=self.example)


@dataclass(frozen=True)
class Kind:
    """One list of entries: its heading, what one of its cards is called, and its fields."""

    name: str
    heading: str
    one: str
    fields: tuple[Field, ...]
    help: str = ""


class Lines(SpelledText):
    """A text box as high as its lines, whatever the text size; Tab leaves it."""

    def __init__(self, example: str, lines: int, jobs: Jobs | None) -> None:
        super().__init__(jobs, placeholderText=example)
        self._lines = lines
        self.setTabChangesFocus(True)
        LOOK.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(px(21) * self._lines + px(18))


class EntryCard(QFrame):
    """One experience, one training…: its fields, and the keys that move it or take it away."""

    changed = Signal()
    moved = Signal(int)
    removed = Signal()

    def __init__(self, kind: Kind, jobs: Jobs | None) -> None:
        super().__init__()
        self.setObjectName("card")
        self.kind = kind
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 12)
        column.setSpacing(6)
        self.title = label("", "label")
        self.up = self._button("Monter", "Alt+↑", "Alt+Up")
        self.down = self._button("Descendre", "Alt+↓", "Alt+Down")
        self.away = self._button("Retirer", "Alt+Suppr", "Alt+Del")
        self.up.clicked.connect(partial(self.moved.emit, -1))
        self.down.clicked.connect(partial(self.moved.emit, 1))
        self.away.clicked.connect(self.removed)
        column.addLayout(Flow(self.title, self.up, self.down, self.away, spacing=4))
        self.form = Form(columns=4)
        for field in kind.fields:
            self.form.add(field.name, field.label, field.widget(jobs), columns=field.columns)
        self.form.changed.connect(self.changed)
        column.addWidget(self.form)

    def _button(self, text: str, key: str, keys: str) -> KeyButton:
        """By mouse, or by its key from any field of the card: Tab goes straight to the fields."""
        button = KeyButton(text, key, kind="quiet")
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        shortcut = QShortcut(QKeySequence(keys), self)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shortcut.activated.connect(button.click)
        return button

    def stand(self, place: int, count: int) -> None:
        """Its number, and which way it may still move."""
        self.title.setText(f"{self.kind.one} {place + 1}")
        self.up.setVisible(place > 0)
        self.down.setVisible(place < count - 1)
        for button in (self.up, self.down, self.away):
            button.setAccessibleName(f"{button.text()} : {self.title.text()}")
        for field in self.kind.fields:
            self.form.fields[field.name].setAccessibleName(f"{self.title.text()}, {field.label}")

    def leave(self) -> None:
        """Nothing typed waits in it for the event loop to destroy it."""
        self.form.clear()
        self.hide()
        self.deleteLater()

    @property
    def first(self) -> QWidget:
        return self.form.fields[self.kind.fields[0].name]

    def spelled(self) -> list[SpelledText]:
        return [widget for widget in self.form.fields.values() if isinstance(widget, SpelledText)]

    @property
    def name(self) -> str:
        return self.first.text().strip()


class Entries(QWidget):
    """The cards of one list; what is taken away can be put back until something else is."""

    changed = Signal()
    added = Signal(EntryCard)

    def __init__(self, kind: Kind, jobs: Jobs | None) -> None:
        super().__init__()
        self.kind, self._jobs = kind, jobs
        self.cards: list[EntryCard] = []
        self._removed: tuple[int, Values] | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(label(kind.heading, "section"))
        self.note = label(kind.help, "hint", wrap=True)
        column.addWidget(self.note)
        self.note.setVisible(bool(kind.help))
        self._pile = QVBoxLayout()
        self._pile.setSpacing(8)
        column.addLayout(self._pile)
        self.more = KeyButton(f"Ajouter : {kind.one.lower()}", icon="plus")
        self.more.clicked.connect(self.add)
        self.back = KeyButton("Remettre", icon="undo-2", kind="quiet")
        self.back.clicked.connect(self.put_back)
        column.addLayout(Flow(self.more, self.back, spacing=8))
        self.back.hide()

    def values(self) -> list[Values]:
        return [card.form.values() for card in self.cards]

    def show_values(self, entries: list[Values]) -> None:
        """One card for each, one empty card when there is none."""
        for card in self.cards:
            card.leave()
        self.cards = []
        self._forget_removed()
        for values in entries or [{}]:
            self._insert(len(self.cards), values)
        self._number()

    def add(self) -> None:
        self._insert(len(self.cards), {})
        self._number()
        self.cards[-1].first.setFocus()
        self.changed.emit()

    def put_back(self) -> None:
        """The card taken away last, where it was."""
        if self._removed:
            place, values = self._removed
            self._insert(min(place, len(self.cards)), values)
            self._forget_removed()
            self._number()
            self.cards[place].first.setFocus()
            self.changed.emit()

    def _insert(self, place: int, values: Values) -> None:
        card = EntryCard(self.kind, self._jobs)
        card.form.fill(values)
        card.changed.connect(self.changed)
        card.moved.connect(partial(self._move, card))
        card.removed.connect(partial(self._remove, card))
        self.cards.insert(place, card)
        self._pile.insertWidget(place, card)
        self.added.emit(card)

    def _move(self, card: EntryCard, by: int) -> None:
        focused = card.focusWidget()
        place = self.cards.index(card)
        if not 0 <= place + by < len(self.cards):
            return
        self.cards.insert(place + by, self.cards.pop(place))
        self._pile.removeWidget(card)
        self._pile.insertWidget(place + by, card)
        self._number()
        (focused or card.first).setFocus()
        self.changed.emit()

    def _remove(self, card: EntryCard) -> None:
        place = self.cards.index(card)
        self._removed = place, card.form.values()
        self.back.setText(f"Remettre « {card.name} »" if card.name else f"Remettre : {self.kind.one.lower()}")
        self.back.setAccessibleName(self.back.text())
        self.back.updateGeometry()
        self.back.show()
        self.cards.remove(card)
        card.leave()
        if not self.cards:
            self._insert(0, {})
        self._number()
        self.cards[min(place, len(self.cards) - 1)].first.setFocus()
        self.changed.emit()

    def _forget_removed(self) -> None:
        self._removed = None
        self.back.setText("Remettre")
        self.back.setAccessibleName("Remettre")
        self.back.hide()

    def _number(self) -> None:
        for place, card in enumerate(self.cards):
            card.stand(place, len(self.cards))

    def field(self, place: int, name: str) -> QWidget | None:
        return self.cards[place].form.fields.get(name) if place < len(self.cards) else None

    def show_problems(self, problems: dict[str, str]) -> None:
        """« 0.start » → a sentence in the first card."""
        for place, card in enumerate(self.cards):
            mine = {name.split(".")[1]: text for name, text in problems.items() if name.split(".")[0] == str(place)}
            card.form.show_problems(mine)
