"""Log something in a dossier: a digit or a line says what happened, a digit says when to follow up."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import timeline
from desktop.dossiers.delays import Delays, Times
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import label, restyle, row

TITLES = {"appel": "Noter un appel", "reponse": "Noter une réponse", "note": "Écrire une note"}
_HINTS = {
    "appel": "Un chiffre, ou tapez le résumé. Entrée : passer.",
    "reponse": "Un chiffre, ou tapez le résumé. Entrée : passer.",
    "note": "Tapez la note, puis Entrée.",
}


@dataclass(frozen=True)
class Log:
    """What is to be written, once complete."""

    kind: str
    summary: str
    answer: str
    due_on: date


class Composer(QWidget):
    """`done` with a Log; `typed` at each change, so that it is kept; `left` on Échap, `asked` with the widget to look at."""

    done = Signal(object)
    typed = Signal(object)
    left = Signal()
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.kind, self._answer, self._step = "", "", "what"
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self.heading = label("", "strong")
        self.hint = label("", "hint", wrap=True)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        column.addLayout(row(self.heading, "|", self.cancel))
        column.addWidget(self.hint)
        self._flow = Flow()
        self._box = QWidget()
        self._box.setLayout(self._flow)
        column.addWidget(self._box)
        self.chips: list[Chip] = []
        self.field = QLineEdit()
        self.field.setObjectName("summary")
        self.field.setAccessibleName("Résumé, en une ligne")
        self.field.setMaxLength(1000)
        self.field.textEdited.connect(self._keep)
        self.field.installEventFilter(self)
        self.go_on = KeyButton("Continuer", "Entrée", "check", kind="primary")
        self.go_on.clicked.connect(self._enter)
        line = row(self.field, self.go_on)
        line.setStretch(0, 1)
        column.addLayout(line)
        self._error = label("", "error", wrap=True)
        self._error.hide()
        column.addWidget(self._error)
        self._when = label("Quand relancer ?", "label")
        column.addWidget(self._when)
        self.delays = Delays(narrow=False)
        self.delays.chosen.connect(self._chosen)
        self.delays.left.connect(self.setFocus)
        column.addWidget(self.delays)

    def start(self, kind: str, times: Times, typed: dict) -> None:
        """Begin, where the kept draft had stopped."""
        self.kind = kind
        same = typed.get("kind") == kind
        self._answer = str(typed.get("answer", "")) if same else ""
        self.heading.setText(TITLES[kind])
        self.setAccessibleName(TITLES[kind])
        self.field.setText(str(typed.get("summary", "")))
        self.field.setPlaceholderText("Attend un justificatif" if kind == "note" else "Facultatif. Une ligne suffit.")
        self.delays.close_field()
        self.delays.offer(times)
        self._draw_chips()
        self._go("what")
        (self.field if kind == "note" else self).setFocus()

    def _draw_chips(self) -> None:
        self._flow.clear()
        self.chips = []
        for place, (code, text) in enumerate(timeline.QUICK.get(self.kind, {}).items(), 1):
            chip = Chip(text, str(place))
            chip.setProperty("code", code)
            chip.clicked.connect(self._clicked)
            self._flow.addWidget(chip)
            self.chips.append(chip)
        self._box.setVisible(bool(self.chips))

    def _go(self, step: str) -> None:
        self._step = step
        for chip in self.chips:
            chip.setChecked(chip.property("code") == self._answer)
            chip.live = step == "what"
            chip.updateGeometry()
            chip.update()
        self.delays.set_live(step == "when")
        self.hint.setText(_HINTS[self.kind] if step == "what" else "− : revenir au résumé.")
        self.go_on.rename("Continuer" if step == "what" else "Enregistrer")
        self.setAccessibleDescription(self.hint.text())
        self.asked.emit(self._box if step == "what" else self.delays)

    def _answered(self, code: str) -> None:
        self._answer = code
        self.field.setText(timeline.QUICK[self.kind][code])
        self._keep()
        self._to_when()

    def _to_when(self) -> None:
        problem = timeline.problem(self.kind, self.field.text())
        self._error.setText(problem)
        self._error.setVisible(bool(problem))
        restyle(self.field, "wrong", "true" if problem else "false")
        self.field.setAccessibleDescription(problem)
        if problem:
            self.field.setFocus()
            return
        self._go("when")
        self.setFocus()

    def problem(self) -> str:
        return self._error.text()

    def _chosen(self, day: date) -> None:
        problem = timeline.problem(self.kind, self.field.text())
        if problem:
            self._go("what")
            self._to_when()
            return
        self.done.emit(Log(self.kind, self.field.text(), self._answer, day))

    def _keep(self, *_: object) -> None:
        self.typed.emit({"kind": self.kind, "summary": self.field.text(), "answer": self._answer})

    def _enter(self) -> None:
        if self._step == "what":
            self._to_when()
        else:
            self.delays.accept_proposal()

    def _clicked(self) -> None:
        self._answered(self.sender().property("code"))

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit is not None:
            if self._step == "when":
                self.delays.press(digit)
            elif 0 < digit <= len(self.chips):
                self._answered(self.chips[digit - 1].property("code"))
        elif keys.is_enter(event):
            self._enter()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif keys.is_back(event):
            self._go("what")
            self.field.setFocus()
        elif letter := keys.letter(event):
            self._go("what")
            self.field.setFocus()
            self.field.setText(self.field.text() + letter)
            self._keep()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched, event) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            if keys.is_enter(event):
                self._to_when()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.left.emit()
                return True
        return False
