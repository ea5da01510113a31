"""A field that finds: cards drop under it as one types, the arrows choose, Entrée picks, Échap leaves."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout

from desktop.widgets.cards import Card, CardList
from desktop.widgets.look import px


class Finder(QLineEdit):
    """`search(text)` gives the cards; `picked` their id, `escaped` Échap, `entered` Entrée with nothing to pick."""

    picked = Signal(str)
    escaped = Signal()
    entered = Signal()

    def __init__(self, name: str, search: Callable[[str], Sequence[Card]], hint: str = "") -> None:
        super().__init__(placeholderText=hint)
        self.setAccessibleName(name)
        self._search = search
        self._popup: QFrame | None = None
        self.list = CardList(f"{name} : propositions", flat=True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.chosen.connect(self._pick)
        self.textEdited.connect(self.look_up)

    def look_up(self, text: str) -> None:
        """Show what the text finds, the first one chosen."""
        cards = self._search(text)
        self.list.show_cards(cards)
        if not cards:
            self.close_list()
            return
        self.list.select_first()
        self._open_list()

    def close_list(self) -> None:
        if self._popup is not None:
            self._popup.hide()

    def is_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def _open_list(self) -> None:
        host = self.window()
        if self._popup is None or self._popup.parentWidget() is not host:
            self._popup = QFrame(host)
            self._popup.setObjectName("overlay")
            inside = QVBoxLayout(self._popup)
            inside.setContentsMargins(6, 6, 6, 6)
            inside.addWidget(self.list)
        corner = self.mapTo(host, QPoint(0, self.height() + 2))
        height = px(38) * len(self.list.cards()) + 16
        width = max(self.width(), px(440))
        left = max(4, min(corner.x(), host.width() - width - 4))
        self._popup.setGeometry(left, corner.y(), width, min(height, host.height() - corner.y() - 4))
        self._popup.show()
        self._popup.raise_()

    def _pick(self, id: str) -> None:
        if id:
            self.close_list()
            self.picked.emit(id)

    def keyPressEvent(self, event) -> None:
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close_list()
            self.escaped.emit()
        elif self.is_open() and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.step(-1 if key == Qt.Key.Key_Up else 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.is_open():
                self._pick(self.list.current_id() or "")
            else:
                self.entered.emit()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        if self._popup is not None and not self._popup.underMouse():
            self.close_list()

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.Hide:
            self.close_list()
        return super().event(event)
