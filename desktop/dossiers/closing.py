"""Close a dossier: a digit for the result, a digit for its use, then what the person won, if anything."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import dossiers, lists
from desktop import french
from desktop.dossiers.ask import Ask, read_euros
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import label, row

_QUESTIONS = {"result": "Clore avec quel résultat ?", "useful": "Cela a-t-il été utile à la personne ?"}


@dataclass(frozen=True)
class End:
    """How it ends; `won` in cents."""

    result: str
    useful: str
    won: int | None
    reason: str


class Closing(QWidget):
    """`done` with an End, `left` on Échap; « − » goes back to the question before."""

    done = Signal(object)
    left = Signal()
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(_QUESTIONS["result"])
        self._answers: dict[str, str] = {}
        self._step, self._dossier, self._proposed = "result", "", ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._question = QWidget()
        inside = QVBoxLayout(self._question)
        inside.setContentsMargins(0, 0, 0, 0)
        self.heading = label("", "strong", wrap=True)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        head = row(self.heading, self.cancel)
        head.setStretch(0, 1)
        inside.addLayout(head)
        self.chips: list[Chip] = []
        self._flow = Flow()
        box = QWidget()
        box.setLayout(self._flow)
        inside.addWidget(box)
        column.addWidget(self._question)
        self.ask = Ask("cloture", "Ce que la personne a gagné", "Clore")
        self.ask.form.add(
            "won", "Somme gagnée", QLineEdit(), help="En euros : remise, aide, remboursement. Facultatif."
        )
        self.ask.form.add("reason", "Motif", QLineEdit(), help="En une ligne. Facultatif.")
        self.ask.done.connect(self._end)
        self.ask.left.connect(self.left)
        column.addWidget(self.ask)

    def start(self, dossier: str, proposed: int | None) -> None:
        """Begin; `proposed` is what the helps obtained add up to."""
        self._dossier, self._answers = dossier, {}
        self._proposed = "" if proposed is None else french.euros(proposed)
        self._go("result")

    def clear(self) -> None:
        self._dossier = self._proposed = ""
        self._answers = {}
        self.ask.clear()

    def _go(self, step: str) -> None:
        self._step = step
        self._question.setVisible(step != "won")
        self.ask.setVisible(step == "won")
        if step == "won":
            self.ask.start(self._dossier, {"won": self._proposed, "reason": ""})
            self.ask.focus()
        else:
            self.heading.setText(_QUESTIONS[step])
            self.setAccessibleName(_QUESTIONS[step])
            self._draw(lists.values(step)[:9])
            self.setFocus()
        self.asked.emit(self)

    def _draw(self, values: tuple[lists.Value, ...]) -> None:
        self._flow.clear()
        self.chips = []
        for place, value in enumerate(values, 1):
            chip = Chip(value.label, str(place))
            chip.live = True
            chip.setChecked(self._answers.get(self._step) == value.code)
            chip.setProperty("code", value.code)
            chip.clicked.connect(self._clicked)
            self._flow.addWidget(chip)
            self.chips.append(chip)

    def _clicked(self) -> None:
        self._answer(self.sender().property("code"))

    def _answer(self, code: str) -> None:
        self._answers[self._step] = code
        self._go("useful" if self._step == "result" else "won")

    def _end(self) -> None:
        typed = self.ask.values()
        won, problem = read_euros(typed["won"])
        found = dossiers.closing_problems(self._answers["result"], self._answers["useful"], won, typed["reason"])
        if problem:
            found["won"] = problem
        if found:
            self.ask.refuse(found)
            return
        end = End(self._answers["result"], self._answers["useful"], won, typed["reason"])
        self.ask.finish()
        self.done.emit(end)

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit is not None:
            if 0 < digit <= len(self.chips):
                self._answer(self.chips[digit - 1].property("code"))
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif keys.is_back(event) and self._step == "useful":
            self._go("result")
        else:
            super().keyPressEvent(event)
