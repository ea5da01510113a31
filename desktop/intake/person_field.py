"""Name the person: a few letters find them, one line makes a new file, Échap stays anonymous."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import people
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card
from desktop.widgets.finder import Finder
from desktop.widgets.form import label, restyle, row, tag

NEW = "nouvelle fiche"


class PersonField(QWidget):
    """`chosen` carries a person's id, or "" for anonymous; `left` gives the keyboard back to the answers."""

    chosen = Signal(str)
    left = Signal()
    acted = Signal()
    typed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._person: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        title = label("Personne", "label")
        self.field = Finder("Personne", _found, "Anonyme. Tapez un nom ou un téléphone")
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
        self.field.picked.connect(self._pick)
        self.field.escaped.connect(self.stay_anonymous)
        self.field.entered.connect(self.left)

    def show_person(self, id: str | None, text: str = "") -> None:
        """Show who the visit is for; `text` is what was being typed."""
        self._person = id if people.is_known(id) else None
        self.field.close_list()
        self._problem("")
        if self._person:
            self.field.setText(people.line(id).name)
            count = people.visits_before(id, date.today()) + 1
            self.known.setText(f"{count}e visite" if count > 1 else "1re visite")
        else:
            self.field.setText(text)
        self.known.setVisible(self._person is not None)

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
        self._problem("")
        self.known.hide()
        self.typed.emit(text)

    def _pick(self, id: str) -> None:
        if id == NEW:
            draft = replace(people.parse(self.field.text()), informed_on=date.today())
            problems = people.problems(draft, date.today())
            if problems:
                self._problem(next(iter(problems.values())))
                return
            id = people.record(draft, date.today())
            self.acted.emit()
        self.show_person(id)
        self.chosen.emit(id)
        self.left.emit()

    def _problem(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        restyle(self.field, "wrong", "true" if sentence else "false")


def _found(text: str) -> list[Card]:
    """Who it may be, then who it looks like, then the file to create once a first name is typed."""
    if len(french.fold(text)) < 2:
        return []
    cards = [Card(found.id, found.name, badge=found.detail, icon="user") for found in people.search(text, 6)]
    draft = people.parse(text)
    if draft.first_name:
        shown = {card.id for card in cards}
        alike = [p for p in people.duplicates(draft) if p.id not in shown]
        cards += [Card(p.id, p.name, badge=f"ressemble · {p.detail}", tone="wait", icon="users") for p in alike]
        parts = (f"{draft.last_name} {draft.first_name}", french.phone(draft.phone), str(draft.birth_year or ""))
        title = "Créer « " + " · ".join(part for part in parts if part) + " »"
        cards.append(Card(NEW, title, icon="user-plus", badge="information donnée", tone="info"))
    elif not cards:
        cards.append(Card("", "Personne de ce nom. Ajoutez le prénom pour créer la fiche.", icon="circle-alert"))
    return cards
