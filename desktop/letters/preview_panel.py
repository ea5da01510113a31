"""The right pane: the exact page as one types, the deadline under it, and the printing panel in its place when asked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from desktop.letters.print_panel import PrintPanel
from desktop.letters.writing import Due
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row
from desktop.widgets.pdf_view import PdfView


class PreviewPanel(Panel):
    """`large` when the size of the letters changes; `reading`, `saving`, `copying`, `reminding` by their buttons."""

    large = Signal()
    reading = Signal()
    saving = Signal()
    copying = Signal()
    reminding = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._count = 0
        self._stack = QStackedLayout()
        self.column.addLayout(self._stack)
        self._page = QWidget()
        self._stack.addWidget(self._page)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.pages = label("", "hint")
        column.addLayout(row(label("Aperçu", "section"), "|", self.pages))
        self.view = PdfView("Aperçu du courrier")
        self.view.verticalScrollBar().valueChanged.connect(self._show_place)
        self.view.verticalScrollBar().rangeChanged.connect(self._show_place)
        column.addWidget(self.view, 1)
        self.deadline = label("", "hint", wrap=True)
        self.remind = KeyButton("Mettre en rappel", icon="calendar")
        self.remind.clicked.connect(self.reminding)
        line = row(self.deadline, self.remind)
        line.setStretch(0, 1)
        column.addLayout(line)
        self.bigger = Chip("Gros texte")
        self.bigger.toggled.connect(self._toggled)
        self.read = KeyButton("Lire", "F11", "maximize", name="Lire en grand avec la personne")
        self.read.clicked.connect(self.reading)
        self.save = KeyButton("PDF…", kind="quiet", name="Enregistrer le PDF")
        self.save.clicked.connect(self.saving)
        self.copy = KeyButton("Copier", kind="quiet", name="Copier le texte")
        self.copy.clicked.connect(self.copying)
        column.addLayout(Flow(self.read, self.bigger, self.save, self.copy, spacing=4))
        self.printing = PrintPanel()
        self._stack.addWidget(self.printing)
        self.clear()

    def show_pdf(self, pdf: bytes) -> None:
        self.view.show_pdf(pdf)
        self._count = self.view.page_count()
        self._show_place()
        for button in (self.read, self.bigger, self.save, self.copy):
            button.setEnabled(bool(pdf))

    def _show_place(self, *_: int) -> None:
        """Which page is in front of the eyes, when there are several."""
        bar = self.view.verticalScrollBar()
        seen = (bar.value() + bar.pageStep() / 2) / max(1, bar.maximum() + bar.pageStep())
        page = min(self._count, int(seen * self._count) + 1)
        several = f"Page {page}/{self._count} · A4"
        self.pages.setText(several if self._count > 1 else "1 page · A4" if self._count else "")

    def show_due(self, due: Due | None, reminded: str) -> None:
        """What the letter makes one do, and by when; `reminded` says the reminder is noted."""
        self.deadline.setText(f"{due.sentence} {reminded}".strip() if due else "")
        self.deadline.setToolTip(due.rule if due else "")
        self.deadline.setVisible(due is not None)
        self.remind.setVisible(due is not None and not reminded)

    def set_large(self, large: bool) -> None:
        self.bigger.blockSignals(True)
        self.bigger.setChecked(large)
        self.bigger.blockSignals(False)
        self.bigger.updateGeometry()

    def clear(self) -> None:
        self.show_pdf(b"")
        self.show_due(None, "")
        self.set_large(False)
        self.printing.clear()
        self.show_page()

    def show_printing(self) -> None:
        self._stack.setCurrentWidget(self.printing)
        self.printing.setFocus()

    def show_page(self) -> None:
        self._stack.setCurrentWidget(self._page)

    def _toggled(self) -> None:
        self.bigger.updateGeometry()
        self.large.emit()
