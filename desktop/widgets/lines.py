"""A few lines to type: Tab leaves them, Échap and Ctrl+Entrée go to whoever holds them."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit

from desktop.widgets.keys import is_enter
from desktop.widgets.look import LOOK, px


class Lines(QPlainTextEdit):
    """`tall` in pixels at 100 %."""

    def __init__(self, tall: int) -> None:
        super().__init__()
        self._tall = tall
        self.setTabChangesFocus(True)
        LOOK.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.setFixedHeight(px(self._tall))

    def keyPressEvent(self, event) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape or (is_enter(event) and control):
            event.ignore()
        else:
            super().keyPressEvent(event)
