"""F1: the page of the guide for this screen, then all the keys."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QTextBrowser, QVBoxLayout, QWidget

from desktop.paths import RESOURCES
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import label, row
from desktop.widgets.look import LOOK, px


class Guide(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._box = QFrame(self)
        self._box.setObjectName("overlay")
        column = QVBoxLayout(self._box)
        self._close = KeyButton("Fermer", "Échap", kind="quiet")
        self._close.clicked.connect(self.hide)
        column.addLayout(row(label("Aide", "section"), "|", self._close))
        self.text = QTextBrowser()
        self.text.setAccessibleName("Aide de cet écran")
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.installEventFilter(self)
        column.addWidget(self.text)
        parent.installEventFilter(self)
        self.hide()

    def open(self, page: str) -> None:
        """Show `page` (a file of resources/guide) and the keys."""
        folder = RESOURCES / "guide"
        parts = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in (page, "touches", "securite")]
        self.text.setMarkdown("\n\n".join(parts))
        self._place()
        self.show()
        self.raise_()
        self.text.setFocus()

    def eventFilter(self, watched, event) -> bool:
        if watched is self.text and event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
            self.hide()
            return True
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def mousePressEvent(self, event) -> None:
        self.hide()

    def _place(self) -> None:
        parent = self.parentWidget()
        self.setGeometry(parent.rect())
        width = min(px(720), parent.width() - 40)
        self._box.setGeometry((parent.width() - width) // 2, px(40), width, parent.height() - px(80))

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        scrim = QColor(LOOK.tokens.rail)
        scrim.setAlphaF(0.55)
        painter.fillRect(self.rect(), scrim)
        painter.end()
