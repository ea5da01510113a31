"""Ask a few things in place, under the buttons of a section: Entrée records, Échap closes, what is typed is kept."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import drafts
from desktop import french
from desktop.dossiers.section import Section
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form, label, row


class Ask(QWidget):
    """`done` when it is to be recorded: then `finish`, or `refuse` with a sentence for each wrong field."""

    done = Signal()
    left = Signal()
    typed = Signal()

    def __init__(self, name: str, title: str, verb: str, *, columns: int = 2, hint: str = "") -> None:
        super().__init__()
        self.name, self._draft = name, ""
        self._proposed: dict[str, object] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self.heading = label(title, "strong", wrap=True)
        self.hint = label(hint, "hint", wrap=True)
        self.form = Form(columns)
        self.form.changed.connect(self._keep)
        self.note = label("", "hint", wrap=True)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.save = KeyButton(verb, "Entrée", "check", kind="primary")
        self.save.clicked.connect(self.done)
        for widget in (self.heading, self.hint, self.form, self.note):
            column.addWidget(widget)
        column.addLayout(row(self.cancel, "|", self.save))
        self.hint.setVisible(bool(hint))
        self.note.hide()
        self.setAccessibleName(title)

    def start(self, dossier: str, values: dict[str, object]) -> None:
        """These values, under what was being typed in them."""
        self._draft = f"dossier:{dossier}:{self.name}"
        self.form.show_problems({})
        self.form.fill(values)
        self._proposed = self.form.values()
        self.form.fill(drafts.kept(self._draft))
        self.tell("")
        self.typed.emit()

    def values(self) -> dict[str, object]:
        return {name: value.strip() if isinstance(value, str) else value for name, value in self.form.values().items()}

    def tell(self, sentence: str) -> None:
        """What the fields amount to, below them."""
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))

    def refuse(self, problems: dict[str, str]) -> None:
        self.form.show_problems(problems, focus=True)

    def finish(self) -> None:
        """Recorded: nothing is left to keep."""
        drafts.forget(self._draft)
        self.clear()

    def clear(self) -> None:
        self._draft, self._proposed = "", {}
        self.form.clear()
        self.tell("")

    def focus(self) -> None:
        next(iter(self.form.fields.values())).setFocus()

    def _keep(self) -> None:
        if not self._draft:
            return
        if self.form.values() == self._proposed:
            drafts.forget(self._draft)
        else:
            drafts.keep(self._draft, self.form.values())
        self.typed.emit()

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event):
            self.done.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class AskingSection(Section):
    """Buttons by digits; one of them at a time opens its question in their place."""

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[int, KeyButton] = {}
        self.actions = QWidget()
        self._line = Flow(spacing=6)
        self.actions.setLayout(self._line)
        self._asks: list[Ask] = []

    def button(self, digit: int, text: str, icon: str, act, *, kind: str = "normal", name: str = "") -> KeyButton:
        made = KeyButton(text, str(digit), icon, kind=kind, name=name)
        made.clicked.connect(act)
        self._line.addWidget(made)
        self.buttons[digit] = made
        return made

    def question(self, ask: Ask, record) -> Ask:
        """A question of this section, shut until it is asked."""
        self._asks.append(ask)
        ask.hide()
        ask.done.connect(record)
        ask.left.connect(self.rest)
        return ask

    def ask(self, ask: Ask, values: dict[str, object]) -> None:
        ask.start(self.dossier, values)
        self.actions.hide()
        for other in self._asks:
            other.setVisible(other is ask)
        ask.focus()
        self.asked.emit(ask)

    def rest(self) -> None:
        """Back to the buttons; what was typed is kept."""
        self._shut()
        self.left.emit()

    def recorded(self, ask: Ask) -> None:
        """It is written down: tell everybody."""
        ask.finish()
        self._shut()
        self.left.emit()
        self.acted.emit()

    def _shut(self) -> None:
        for ask in self._asks:
            ask.hide()
        self.actions.show()

    def show_dossier(self, dossier: str) -> None:
        self._shut()
        super().show_dossier(dossier)

    def clear(self) -> None:
        super().clear()
        for ask in self._asks:
            ask.clear()
        self._shut()

    def enter(self) -> None:
        first = next((b for b in self.buttons.values() if b.isEnabled() and b.isVisibleTo(self)), None)
        (first or self).setFocus()

    def press(self, digit: int) -> bool:
        button = self.buttons.get(digit)
        if button is None or not button.isVisibleTo(self):
            return False
        return self._press(button)


class InHerName(QWidget):
    """Why one may not act in the person's name; she may be there, and then decides. `changed` when she comes."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.reason = label("", wrap=True)
        self.reason.setProperty("tone", "urgent")
        self.present = Chip("La personne est là", "9")
        self.present.toggled.connect(self.changed)
        column.addWidget(self.reason)
        column.addLayout(Flow(self.present))
        self.hide()

    def show_reason(self, reason: str) -> None:
        self.reason.setText(reason)
        self.setVisible(bool(reason))

    def press(self, digit: int) -> bool:
        if digit != 9 or self.isHidden():
            return False
        self.present.toggle()
        return True

    def forget(self) -> None:
        """Another dossier: she is not there until somebody says so."""
        self.present.setChecked(False)
        self.show_reason("")

    @property
    def blocked(self) -> str:
        return "" if self.present.isChecked() else self.reason.text()

    def bar(self, *buttons: KeyButton) -> None:
        """Shut these buttons as long as it holds."""
        for button in buttons:
            button.bar(self.blocked)


def read_day(text: str, today: date, problem: str = "") -> tuple[date | None, str]:
    """A day that has come, and the sentence when it is not one."""
    day = french.parse_date(text, today)
    if day is None:
        return None, problem or f"Cette date n’existe pas. Exemple : {french.short_date(today)}."
    if day > today:
        return None, f"Ce jour n’est pas encore venu. Exemple : {french.short_date(today)}."
    return day, ""


def read_euros(text: str) -> tuple[int | None, str]:
    """Cents, None for nothing typed; and the sentence when it is not an amount."""
    cents = french.parse_euros(text) if text else None
    return cents, "Écrivez un montant en euros. Exemple : 412,60." if text and cents is None else ""
