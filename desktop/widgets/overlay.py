"""A box over the desk: the palette, the guide. Échap or a click beside it closes it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.widgets.look import LOOK, px


class Overlay(QWidget):
    """`width` and `top` at 100 %; `column` is the box's own; `dismiss` closes it."""

    def __init__(self, parent: QWidget, width: int, top: int) -> None:
        super().__init__(parent)
        self._width, self._top = width, top
        self._box = QFrame(self)
        self._box.setObjectName("overlay")
        self.column = QVBoxLayout(self._box)
        self.column.setContentsMargins(12, 12, 12, 12)
        parent.installEventFilter(self)
        self.hide()

    def appear(self) -> None:
        self._place()
        self.show()
        self.raise_()

    def dismiss(self) -> None:
        self.hide()

    def eventFilter(self, watched, event) -> bool:
        if watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()

    def mousePressEvent(self, event) -> None:
        self.dismiss()

    def _place(self) -> None:
        parent = self.parentWidget()
        self.setGeometry(parent.rect())
        width, top = min(px(self._width), parent.width() - 40), min(px(self._top), parent.height() // 8)
        self._box.setGeometry((parent.width() - width) // 2, top, width, parent.height() - 2 * top)

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        scrim = QColor(LOOK.tokens.rail)
        scrim.setAlphaF(0.55)
        painter.fillRect(self.rect(), scrim)
        painter.end()
