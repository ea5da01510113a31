"""Lecture: the very page, large, for the person to read or hear before signing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout

from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import Panel, label, row
from desktop.widgets.look import LOOK, px
from desktop.widgets.pdf_view import PdfView

WIDTH = 1042  # a sheet at 175 %


class ReadingPage(Panel):
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = label("", "section", wrap=True)
        self.back = KeyButton("Revenir au courrier", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.closed)
        line = row(self.heading, self.back)
        line.setStretch(0, 1)
        self.column.addLayout(line)
        self.add(label("Lisez le courrier avec la personne avant qu’elle signe.", "hint"))
        self.view = PdfView("Courrier, en grand")
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(self.view, 100)
        line.addStretch(1)
        self.column.addLayout(line, 1)
        LOOK.changed.connect(self._resize)
        self._resize()

    def read(self, title: str, pdf: bytes) -> None:
        self.heading.setText(title)
        self.view.show_pdf(pdf)
        self.view.verticalScrollBar().setValue(0)
        self.view.setFocus()

    def forget(self) -> None:
        self.heading.setText("")
        self.view.show_pdf(b"")

    def _resize(self) -> None:
        self.view.setMaximumWidth(px(WIDTH))

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Space:
            bar = self.view.verticalScrollBar()
            bar.setValue(bar.value() + bar.pageStep())
        else:
            super().keyPressEvent(event)
