"""What leaves the desk: number it, enter it in the register, print it or save it. Shared by every page of the tab."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from db import letters, store
from db.files import write_durably
from desktop.widgets.pdf_view import page_count, paint_on


@dataclass(frozen=True)
class Made:
    """The bytes made once: what is seen, printed and kept."""

    number: str
    pdf: bytes
    letter: str


class Outbox(QObject):
    acted = Signal()
    said = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def file(self, entry: letters.Entry, draw: Callable[[str], bytes]) -> Made | None:
        """Number it and enter it, once; `draw(number)` gives the pages. None, and a sentence, when it cannot be drawn."""
        from desktop.documents.letter import Unprintable

        number = letters.next_number(date.today())
        try:
            pdf = draw(number)
        except Unprintable as problem:
            self.said.emit(str(problem))
            return None
        with store.act(f"Courrier n° {number} rangé"):
            id = letters.archive(entry, number, pdf, page_count(pdf), date.today())
        self.acted.emit()
        return Made(number, pdf, id)

    def print(self, made: Made) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setFullPage(True)
        self._printer.setDocName("Courrier")
        self._made = made
        self._dialog = QPrintDialog(self._printer, self._window)
        self._dialog.accepted.connect(self._paint)
        QDialog.open(self._dialog)  # QPrintDialog hides this one behind open(receiver, member)

    def _paint(self) -> None:
        paint_on(self._printer, self._made.pdf)
        letters.printed(self._made.letter)
        self.acted.emit()

    def save(self, made: Made) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._made = made
        self._dialog = QFileDialog(
            self._window, "Enregistrer le PDF", f"{folder}/courrier-{made.number}.pdf", "PDF (*.pdf)"
        )
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.fileSelected.connect(self.write)
        self._dialog.open()

    def write(self, path: str) -> None:
        try:
            write_durably(Path(path), self._made.pdf)
        except OSError:
            self.said.emit("Le fichier ne s’écrit pas ici. Choisissez un autre dossier.")
        else:
            self.said.emit("PDF enregistré.")
