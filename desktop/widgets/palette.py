"""Ctrl+K: one field to find a person, a dossier, a model or an action, with the key that would have done it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from desktop.widgets.cards import Card, CardList
from desktop.widgets.look import LOOK, px


@dataclass(frozen=True)
class Hit:
    card: Card
    run: Callable[[], None]


class Palette(QWidget):
    """An overlay; `search(text)` gives the hits, grouped under section cards."""

    def __init__(self, parent: QWidget, search: Callable[[str], list[tuple[str, list[Hit]]]]) -> None:
        super().__init__(parent)
        self._search = search
        self._hits: dict[str, Hit] = {}
        self._before: QWidget | None = None
        self._box = QFrame(self)
        self._box.setObjectName("overlay")
        column = QVBoxLayout(self._box)
        column.setContentsMargins(12, 12, 12, 12)
        self.field = QLineEdit(placeholderText="Chercher une personne, un dossier, un modèle, une action…")
        self.field.setAccessibleName("Chercher partout")
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list = CardList("Résultats", "Rien ne porte ce nom. Essayez les premières lettres.", flat=True)
        self.list.chosen.connect(self._run)
        column.addWidget(self.field)
        column.addWidget(self.list)
        parent.installEventFilter(self)
        self.hide()

    def open(self) -> None:
        self._before = self.window().focusWidget()
        self.field.clear()
        self._show("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def close_palette(self) -> None:
        self.hide()
        self.field.clear()
        self.list.show_cards([])
        self._hits = {}
        if self._before is not None:
            self._before.setFocus()

    def _show(self, text: str) -> None:
        cards: list[Card] = []
        self._hits = {}
        for title, hits in self._search(text):
            if hits:
                cards.append(Card(f"section {title}", title, is_section=True))
            for hit in hits:
                self._hits[hit.card.id] = hit
                cards.append(hit.card)
        self.list.show_cards(cards)
        self.list.select_first()

    def _run(self, id: str) -> None:
        hit = self._hits[id]
        self.close_palette()
        hit.run()

    def eventFilter(self, watched, event) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.close_palette()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.list.step(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.current_id():
                self._run(self.list.current_id())
                return True
        elif watched is self.parentWidget() and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def mousePressEvent(self, event) -> None:
        self.close_palette()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_palette()

    def _place(self) -> None:
        parent = self.parentWidget()
        self.setGeometry(parent.rect())
        width = min(px(640), parent.width() - 40)
        height = min(px(480), parent.height() - px(120))
        self._box.setGeometry((parent.width() - width) // 2, px(96), width, height)

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        scrim = QColor(LOOK.tokens.rail)
        scrim.setAlphaF(0.55)
        painter.fillRect(self.rect(), scrim)
        painter.end()
