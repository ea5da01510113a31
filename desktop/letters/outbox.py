"""What leaves the desk: number it, enter it in the register, print it or save it. Shared by every page of the tab."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from db import letters, mandates, store
from db.files import write_durably
from desktop.letters import printing
from desktop.widgets.file_dialog import ask_where
from desktop.widgets.pdf_view import page_count, paint_on


@dataclass(frozen=True)
class Made:
    """The bytes made once: what is seen, printed and kept; `others` were made with it, for other addressees."""

    number: str
    pdf: bytes
    letter: str
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Job:
    """What goes to the printer at once; `made` is the letter in it, None for a sheet nobody keeps."""

    pdf: bytes
    made: Made | None = None
    straight: bool = False  # drawn as it is, without the printer's offset


class Outbox(QObject):
    """`sent` with the Job the printer took: whoever sees the paper says whether it came out."""

    acted = Signal()
    said = Signal(str)
    sent = Signal(object)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._made: Made | None = None
        self._job: Job | None = None

    def file(
        self, entry: letters.Entry, draw: Callable[[str], bytes], also: Callable[[str], None] | None = None
    ) -> Made | None:
        """Number it and enter it, once, with what else that does; None, and a sentence, when it may not leave.

        `draw(number)` gives the pages; `also(number)` is part of the same act.
        """
        return self.file_all([(entry, draw)], also)

    def file_all(
        self, parts: Sequence[tuple[letters.Entry, Callable[[str], bytes]]], also: Callable[[str], None] | None = None
    ) -> Made | None:
        """The same letter to several: each its number and its line in the register, all or none, printed as one."""
        from desktop.documents.letter import Unprintable

        today, made = date.today(), []
        rather = f"{len(parts)} courriers rangés"
        try:
            with store.act(rather if len(parts) > 1 else f"Courrier n° {letters.next_number(today)} rangé"):
                for entry, draw in parts:
                    number = letters.next_number(today)
                    pdf = draw(number)
                    made.append(Made(number, pdf, letters.archive(entry, number, pdf, page_count(pdf), today)))
                if also:
                    also(made[0].number)
        except (Unprintable, mandates.Blocked) as problem:
            self.said.emit(str(problem))
            return None
        self.acted.emit()
        return made[0] if len(made) == 1 else _together(made)

    # printing

    def print(self, made: Made) -> None:
        self.send(Job(made.pdf, made))

    def send(self, job: Job, *, choose: bool = False) -> None:
        """To the usual printer at once; when there is none, or to `choose` another, the system asks which."""
        name = printing.usual()
        if name and not choose:
            self._paint(job, printing.sheet_printer(name))
        else:
            self._ask_printer(job, name)

    def _ask_printer(self, job: Job, name: str) -> None:
        from PySide6.QtPrintSupport import QPrintDialog

        self._job, self._printer = job, printing.sheet_printer(name)
        self._dialog = QPrintDialog(self._printer, self._window)
        self._dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog.accepted.connect(self._chosen)
        QDialog.open(self._dialog)  # QPrintDialog hides this one behind open(receiver, member)

    def _chosen(self) -> None:
        printing.keep_usual(self._printer.printerName())
        self._paint(self._job, self._printer)

    def _paint(self, job: Job, printer) -> None:
        offset = printing.STRAIGHT if job.straight else printing.offset(printer.printerName())
        if paint_on(printer, job.pdf, offset):
            self.sent.emit(job)
        else:
            self.said.emit("L’imprimante ne répond pas. Allumez-la, ou choisissez-en une autre.")
            self._ask_printer(job, printer.printerName())

    def came_out(self, made: Made) -> None:
        """The person at the counter has the paper in hand."""
        with store.act("Courriers sortis de l’imprimante" if made.others else "Courrier sorti de l’imprimante"):
            for id in (made.letter, *made.others):
                letters.printed(id)
        self.acted.emit()

    def forget(self) -> None:
        self._made = self._job = None

    # saving

    def save(self, made: Made) -> None:
        self._made = made
        ask_where(self._window, "Enregistrer le PDF", f"courrier-{made.number}.pdf", "PDF (*.pdf)", self.write)

    def write(self, path: str) -> None:
        try:
            write_durably(Path(path), self._made.pdf)
        except OSError:
            self.said.emit("Le fichier ne s’écrit pas ici. Choisissez un autre dossier.")
        else:
            self.said.emit("PDF enregistré.")


def _together(made: Sequence[Made]) -> Made:
    from desktop.documents import bundle

    first, *others = made
    pdf = bundle.merge([(each.pdf, 1) for each in made])
    return Made(f"{first.number} à {others[-1].number[-4:]}", pdf, first.letter, tuple(each.letter for each in others))
