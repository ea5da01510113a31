"""Ctrl+K: one field to find a person, a dossier, a model or an action, with the key that would have done it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.widgets.cards import Card, CardList
from desktop.widgets.overlay import Overlay


@dataclass(frozen=True)
class Hit:
    card: Card
    run: Callable[[], None]


class Palette(Overlay):
    """An overlay; `search(text)` gives the hits, grouped under section cards."""

    def __init__(self, parent: QWidget, search: Callable[[str], list[tuple[str, list[Hit]]]]) -> None:
        super().__init__(parent, width=640, top=96)
        self._search = search
        self._hits: dict[str, Hit] = {}
        self._before: QWidget | None = None
        self.field = QLineEdit(placeholderText="Chercher une personne, un dossier, un modèle, une action…")
        self.field.setAccessibleName("Chercher partout")
        self.field.textChanged.connect(self._show)
        self.field.installEventFilter(self)
        self.list = CardList("Résultats", "Rien ne porte ce nom. Essayez les premières lettres.", flat=True)
        self.list.chosen.connect(self._run)
        self.column.addWidget(self.field)
        self.column.addWidget(self.list)

    def open(self) -> None:
        self._before = self.window().focusWidget()
        self.field.setText("")
        self._show("")
        self.appear()
        self.field.setFocus()

    def dismiss(self) -> None:
        self.hide()
        self.field.setText("")
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
        self.dismiss()
        hit.run()

    def eventFilter(self, watched, event) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.dismiss()
                return True
            if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
                self.list.step(-1 if event.key() == Qt.Key.Key_Up else 1)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.list.current_id():
                self._run(self.list.current_id())
                return True
        return super().eventFilter(watched, event)
