"""Name the person: a few letters find them, one line makes a new file, Échap stays anonymous."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import people
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import label, restyle, row, tag
from desktop.widgets.person_line import PersonLine


class PersonField(QWidget):
    """`chosen` carries a person's id, or "" for anonymous; `left` gives the keyboard back to the answers."""

    chosen = Signal(str)
    left = Signal()
    acted = Signal()
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        title = label("Personne", "label")
        self.field = PersonLine("Anonyme. Tapez un nom ou un téléphone")
        self.field.setObjectName("person")
        self.field.setAccessibleDescription("Trois lettres suffisent. Échap : rester anonyme.")
        title.setBuddy(self.field)
        self.known = tag("", "soft")
        self.known.hide()
        self.anonymous = KeyButton("Rester anonyme", "Échap", kind="quiet")
        self.anonymous.clicked.connect(self.stay_anonymous)
        line = row(title, self.field, self.known, self.anonymous)
        line.setStretch(1, 1)
        column.addLayout(line)
        self._error = label("", "error")
        self._error.hide()
        column.addWidget(self._error)
        self.field.textEdited.connect(self._typing)
        self.field.named.connect(self._named)
        self.field.refused.connect(self._problem)
        self.field.acted.connect(self.acted)
        self.field.escaped.connect(self.stay_anonymous)
        self.field.entered.connect(self.left)

    def show_person(self, id: str | None, text: str = "") -> None:
        """Show who the visit is for; `text` is what was being typed."""
        self.field.show_person(id, text)
        self._problem("")
        known = self.field.person
        if known:
            count = people.visits_before(known, date.today()) + 1
            self.known.setText(f"{count}e visite" if count > 1 else "1re visite")
        self.known.setVisible(known is not None)

    def start(self, letter: str) -> None:
        """A letter typed while answering: it names the person."""
        self.field.setFocus()
        self.field.setText(letter)
        self._typing(letter)
        self.field.look_up(letter)

    def stay_anonymous(self) -> None:
        self.show_person(None)
        self.chosen.emit("")
        self.left.emit()

    def _typing(self, text: str) -> None:
        self.known.hide()
        self.typed.emit(text)

    def _named(self) -> None:
        self.show_person(self.field.person)
        self.chosen.emit(self.field.person)
        self.left.emit()

    def _problem(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        restyle(self.field, "wrong", "true" if sentence else "false")
