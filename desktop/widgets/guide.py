"""F1: the page of the guide for this screen, then all the keys."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFrame, QTextBrowser, QWidget

from desktop.paths import RESOURCES
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import label, row
from desktop.widgets.overlay import Overlay

ALWAYS = ("touches", "securite")


class Guide(Overlay):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=720, top=40)
        self._close = KeyButton("Fermer", "Échap", kind="quiet")
        self._close.clicked.connect(self.dismiss)
        self.column.addLayout(row(label("Aide", "section"), "|", self._close))
        self.text = QTextBrowser()
        self.text.setAccessibleName("Aide de cet écran")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.installEventFilter(self)
        self.column.addWidget(self.text)

    def open(self, page: str) -> None:
        """Show `page` (a file of resources/guide) and what every page ends with."""
        folder = RESOURCES / "guide"
        parts = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in (page, *ALWAYS)]
        self.text.setMarkdown("\n\n".join(parts))
        self.appear()
        self.text.setFocus()

    def eventFilter(self, watched, event) -> bool:
        if watched is self.text and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return True
        return super().eventFilter(watched, event)
