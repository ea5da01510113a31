"""The text of a template: its own letters all as wide, and what one takes from elsewhere put in as if typed."""

from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit

from desktop.documents.template_changes import Passage, replacement
from desktop.widgets.look import LOOK, px


class ModelText(QPlainTextEdit):
    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Texte du modèle")
        self.setTabChangesFocus(True)
        LOOK.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        font = QFont("monospace")
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(px(15))
        self.document().setDefaultFont(font)

    def show_text(self, text: str) -> None:
        """Without telling anybody; the same text keeps its caret and what Ctrl+Z takes back."""
        if text == self.toPlainText():
            return
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)

    def take(self, passages: tuple[Passage, ...]) -> None:
        """Put these in the place of what stands there; one Ctrl+Z takes them all back."""
        yours = self.toPlainText()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for passage in reversed(passages):
            cursor.setPosition(self.document().findBlockByNumber(passage.start).position())
            down = passage.end - passage.start
            cursor.movePosition(QTextCursor.MoveOperation.NextBlock, QTextCursor.MoveMode.KeepAnchor, down)
            cursor.insertText(replacement(yours, passage))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.centerCursor()
