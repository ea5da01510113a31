"""Name the person: a few letters find them, one line makes a new file, Échap stays anonymous."""

from datetime import date

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db import people
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.form import label, restyle, tag
from desktop.widgets.look import px

NEW = "nouvelle fiche"


class PersonField(QWidget):
    """`chosen` carries a person's id, or "" for anonymous; `left` gives the keyboard back to the answers."""

    chosen = Signal(str)
    left = Signal()
    acted = Signal()
    typed = Signal(str)

    def __init__(self, host: QWidget) -> None:
        super().__init__()
        self._host = host
        self._person: str | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(8)
        column.addLayout(line)
        title = label("Personne", "label")
        title.setMinimumWidth(px(64))
        self.field = QLineEdit(placeholderText="Anonyme. Tapez un nom ou un téléphone")
        self.field.setObjectName("person")
        self.field.setAccessibleName("Personne")
        self.field.setAccessibleDescription("Trois lettres suffisent. Échap : rester anonyme.")
        title.setBuddy(self.field)
        self.known = tag("", "soft")
        self.known.hide()
        self.anonymous = KeyButton("Rester anonyme", "Échap", kind="quiet")
        self.anonymous.clicked.connect(self.stay_anonymous)
        line.addWidget(title)
        line.addWidget(self.field, 1)
        line.addWidget(self.known)
        line.addWidget(self.anonymous)
        self._error = label("", "error")
        self._error.hide()
        column.addWidget(self._error)
        self._popup = QFrame(host)
        self._popup.setObjectName("overlay")
        inside = QVBoxLayout(self._popup)
        inside.setContentsMargins(6, 6, 6, 6)
        self.list = CardList("Personnes trouvées", flat=True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._pick)
        inside.addWidget(self.list)
        self._popup.hide()
        self.field.textEdited.connect(self._search)
        self.field.installEventFilter(self)

    def show_person(self, id: str | None, text: str = "") -> None:
        """Show who the visit is for; `text` is what was being typed."""
        self._person = id if people.is_known(id) else None
        self._popup.hide()
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
        self._search(self.field.text())

    def stay_anonymous(self) -> None:
        self._person = None
        self.show_person(None)
        self.chosen.emit("")
        self.left.emit()

    def _search(self, text: str) -> None:
        self._problem("")
        self.known.hide()
        self.typed.emit(text)
        if len(french.fold(text)) < 2:
            self._popup.hide()
            return
        cards = [Card(found.id, found.name, "", badge=found.detail, icon="user") for found in people.search(text, 6)]
        draft = people.parse(text)
        if draft.first_name:
            shown = {card.id for card in cards}
            alike = [p for p in people.duplicates(draft) if p.id not in shown]
            cards += [Card(p.id, p.name, "", badge=f"ressemble · {p.detail}", tone="wait", icon="users") for p in alike]
            parts = [f"{draft.last_name} {draft.first_name}", french.phone(draft.phone), str(draft.birth_year or "")]
            cards.append(
                Card(NEW, "Créer « " + " · ".join(p for p in parts if p) + " »", icon="user-plus",
                     badge="information donnée", tone="info")
            )  # fmt: skip
        elif not cards:
            cards.append(Card("", "Personne de ce nom. Ajoutez le prénom pour créer la fiche.", icon="circle-alert"))
        self.list.show_cards(cards)
        self.list.select_first()
        self._place()

    def _pick(self, id: str) -> None:
        if not id:
            return
        if id == NEW:
            draft = people.parse(self.field.text())
            draft = type(draft)(**{**vars(draft), "informed_on": date.today()})
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

    def _place(self) -> None:
        corner = self.field.mapTo(self._host, QPoint(0, self.field.height() + 2))
        height = min(px(300), sum(px(38) for _ in self.list.cards()) + 16)
        width = max(self.field.width(), px(420))
        self._popup.setGeometry(corner.x(), corner.y(), min(width, self._host.width() - corner.x() - 4), height)
        self._popup.show()
        self._popup.raise_()

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.stay_anonymous()
                return True
            if self._popup.isVisible():
                if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                    self.list.step(-1 if event.key() == Qt.Key.Key_Up else 1)
                    return True
                if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._pick(self.list.current_id() or "")
                    return True
            elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.left.emit()
                return True
        elif event.type() == QEvent.Type.FocusOut and not self._popup.underMouse():
            self._popup.hide()
        return False
