"""« La lettre est sortie ? »: asked once the printer took the job, answered by a digit, never in the way."""

from PySide6.QtCore import Qt, Signal

from desktop.letters.outbox import Job
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label


class PaperQuestion(Panel):
    """`yes` and `again` with the Job; `closed` once answered or left for later."""

    yes = Signal(object)
    again = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(14, 8, 14, 8))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.job: Job | None = None
        self.words = label("", "strong")
        self.out, self.lost = Chip("Oui", "1"), Chip("Non, recommencer", "2")
        self.out.clicked.connect(self._yes)
        self.lost.clicked.connect(self._again)
        self.later = KeyButton("Plus tard", "Échap", kind="quiet")
        self.later.clicked.connect(self.close_it)
        self.column.addLayout(Flow(self.words, self.out, self.lost, push=self.later, spacing=12))
        self.hide()

    def ask(self, job: Job) -> None:
        self.job = job
        what = f"Le courrier n° {job.made.number}" if job.made else "La feuille"
        out = "est sorti" if job.made else "est sortie"
        self.words.setText(f"{what} {out} de l’imprimante ?")
        self.setAccessibleName(self.words.text())
        self.show()
        self.setFocus()

    def close_it(self) -> None:
        """Answered, or left for later: the register says what is not printed."""
        self.forget()
        self.closed.emit()

    def forget(self) -> None:
        self.job = None
        self.hide()

    def _yes(self) -> None:
        self._answer(self.yes)

    def _again(self) -> None:
        self._answer(self.again)

    def _answer(self, signal) -> None:
        for chip in (self.out, self.lost):
            chip.setChecked(False)
        job = self.job
        self.close_it()
        if job is not None:
            signal.emit(job)

    def _live(self, live: bool) -> None:
        for chip in (self.out, self.lost):
            chip.live = live
            chip.update()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self._live(True)

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._live(False)

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit == 1:
            self._yes()
        elif digit == 2:
            self._again()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_it()
        else:
            super().keyPressEvent(event)
