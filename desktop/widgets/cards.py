"""A list of cards: the queue, the dossiers, the models, the search. One item view, one delegate."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QStyle, QStyledItemDelegate

from desktop.widgets import look
from desktop.widgets.buttons import cap_width, draw_cap
from desktop.widgets.look import LOOK, px

TONES = {
    "plain": ("sunken", "ink2"), "soft": ("primary_soft", "on_soft"), "ok": ("ok_soft", "ok"),
    "wait": ("wait_soft", "wait"), "urgent": ("urgent_soft", "urgent"), "info": ("info_soft", "info"),
}  # fmt: skip


_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)


@dataclass(frozen=True)
class Card:
    """One line: `lead` is a big number, `badge` a figure in a tone, `mark` an icon with its spoken name."""

    id: str
    title: str
    detail: str = ""
    lead: str = ""
    badge: str = ""
    tone: str = "plain"
    icon: str = ""
    mark: str = ""
    mark_name: str = ""
    cap: str = ""
    is_section: bool = False

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.lead, self.title, self.detail, self.badge, self.mark_name) if part)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.cards: tuple[Card, ...] = ()

    def rowCount(self, parent=QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.cards)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if not index.isValid() or index.row() >= len(self.cards):
            return None
        card = self.cards[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return card.spoken
        return card if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index):
        if not index.isValid() or self.cards[index.row()].is_section:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def show(self, cards: Sequence[Card]) -> None:
        self.beginResetModel()
        self.cards = tuple(cards)
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def __init__(self, flat: bool, lines: int) -> None:
        super().__init__()
        self.flat, self.lines = flat, lines

    def sizeHint(self, option, index) -> QSize:
        card = index.data(Qt.ItemDataRole.UserRole)
        if card is None:
            return QSize(0, 0)
        if card.is_section:
            return QSize(px(100), px(28))
        lines = self._title_lines(card, option.widget.viewport().width()) if option.widget else max(1, self.lines)
        if self.flat:
            height = 38 if card.cap or not card.detail else 46 if self.lines == 1 else 52
            return QSize(px(100), px(height) + px(21) * (lines - 1))
        height = px(62 if card.detail else 44) + px(21) * (lines - 1)
        return QSize(px(100), height - (px(6) if LOOK.compact else 0))

    def _title_lines(self, card: Card, width: int) -> int:
        """How many lines the title takes: one, or never fewer than the list gives each and more for a long one."""
        if self.lines == 1:
            return 1
        badge = QFontMetrics(look.font(13, 600)).horizontalAdvance(card.badge) + px(20) if card.badge else 0
        metrics = QFontMetrics(look.font(15, 600))
        room = QRect(0, 0, max(px(60), width - 2 - px(18) - badge), px(1000))
        tall = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, card.title).height()
        return max(self.lines, round(tall / metrics.lineSpacing()))

    def paint(self, painter: QPainter, option, index) -> None:
        card: Card | None = index.data(Qt.ItemDataRole.UserRole)
        if card is None:
            return
        t = LOOK.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect
        if card.is_section:
            painter.setFont(look.font(14, 600))
            painter.setPen(QColor(t.ink2))
            painter.drawText(area.adjusted(px(2), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, card.title)
            painter.restore()
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        box = QRectF(area).adjusted(1, 1, -1, -px(2 if self.flat else 6))
        if not self.flat or chosen:
            painter.setBrush(QColor(t.primary_soft if chosen else t.sunken))
            focused = chosen and bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(
                QPen(QColor(t.focus if focused else t.primary if chosen else t.hairline), 2 if chosen else 1)
            )
            painter.drawRoundedRect(box, px(6), px(6))
        self._content(painter, card, box.toRect(), chosen)
        painter.restore()

    def _content(self, painter: QPainter, card: Card, box: QRect, chosen: bool) -> None:
        t = LOOK.tokens
        ink = t.on_soft if chosen else t.ink
        left, right = box.left() + px(10), box.right() - px(8)
        one_line = not card.detail
        tall = px(21) * self._title_lines(card, box.width() + 2) if self.lines != 1 else box.height() // 2 - px(3)
        first = QRect(0, box.top() + (0 if one_line else px(5)), 0, box.height() if one_line else tall)
        second = QRect(0, first.bottom(), 0, box.bottom() - first.bottom() - px(5))
        if card.lead:
            painter.setFont(look.font(19, 700))
            painter.setPen(QColor(ink))
            width = max(px(36), painter.fontMetrics().horizontalAdvance(card.lead) + px(8))
            painter.drawText(QRect(left, box.top(), width, box.height()), Qt.AlignmentFlag.AlignVCenter, card.lead)
            left += width
        if card.icon and (one_line or self.flat):
            look.draw_icon(painter, card.icon, QRect(left, first.center().y() - px(9), px(18), px(18)), ink)
            left += px(28)
        if card.cap:
            right -= cap_width(card.cap)
            draw_cap(painter, right, box.center().y(), card.cap)
            right -= px(8)
        title_right = right
        if card.badge:
            fill, tone = TONES[card.tone]
            font = look.font(13, 600)
            width = QFontMetrics(font).horizontalAdvance(card.badge) + px(14)
            middle = first.center().y() if not one_line else box.center().y()
            rect = QRectF(right - width, middle - px(11), width, px(22))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(t, fill)))
            painter.drawRoundedRect(rect, px(4), px(4))
            painter.setFont(font)
            painter.setPen(QColor(getattr(t, tone)))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, card.badge)
            title_right = rect.left() - px(6)
        title = QRect(left, first.top(), int(title_right) - left, first.height())
        if self.lines != 1:
            painter.setFont(look.font(15, 600))
            painter.setPen(QColor(ink))
            wrapped = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
            painter.drawText(title, wrapped, card.title)
        else:
            self._text(painter, title, card.title, 15, 600, ink)
        if one_line:
            return
        if card.mark:
            look.draw_icon(
                painter, card.mark, QRect(right - px(18), second.center().y() - px(9), px(18), px(18)), t.info
            )
            right -= px(24)
        if card.icon and not self.flat:
            look.draw_icon(painter, card.icon, QRect(left, second.center().y() - px(8), px(16), px(16)), t.ink2)
            left += px(22)
        self._text(painter, QRect(left, second.top(), right - left, second.height()), card.detail, 13.5, 400,
                   t.on_soft if chosen else t.ink2)  # fmt: skip

    def _text(self, painter: QPainter, rect: QRect, text: str, size: float, weight: int, ink: str) -> None:
        painter.setFont(look.font(size, weight))
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


class CardList(QListView):
    """`chosen` on Enter or a click, `pressed_key` for `keys`; every other key but the arrows goes to the room.

    `lines` of a title at least, when long ones wrap; 1: they are cut short.
    """

    chosen = Signal(str)
    moved = Signal(str)
    pressed_key = Signal(str, int)

    def __init__(
        self, name: str, empty: str = "", *, flat: bool = False, lines: int = 1, keys: tuple = (), by_key: bool = False
    ) -> None:
        super().__init__()
        self._cards = _Model()
        self.empty, self._keys = empty, keys
        self.setModel(self._cards)
        self.setItemDelegate(_Delegate(flat, lines))
        self.setAccessibleName(name)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setWordWrap(lines != 1)  # a narrower list measures its titles again
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setMinimumSize(px(80), px(30))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        if not by_key:  # what Ctrl+Z alone would mend asks for Entrée, not for a stray click
            self.clicked.connect(self._clicked)
        LOOK.changed.connect(self.scheduleDelayedItemsLayout)

    def show_cards(self, cards: Sequence[Card], select: str | None = None) -> None:
        """Show these, keeping the selection where it was unless `select` says otherwise."""
        wanted = select if select is not None else self.current_id()
        if tuple(cards) != self._cards.cards:
            self._cards.show(cards)
        rows = [i for i, card in enumerate(self._cards.cards) if not card.is_section]
        row = next((i for i in rows if self._cards.cards[i].id == wanted), None)
        if row is not None:
            self.setCurrentIndex(self._cards.index(row))
        self.viewport().update()

    def cards(self) -> tuple[Card, ...]:
        return self._cards.cards

    def current_id(self) -> str | None:
        index = self.currentIndex()
        return self._cards.cards[index.row()].id if index.isValid() else None

    def select_first(self) -> None:
        for row, card in enumerate(self._cards.cards):
            if not card.is_section:
                self.setCurrentIndex(self._cards.index(row))
                return

    def step(self, by: int) -> None:
        """Move the selection as the arrow keys do, from a field that keeps the focus."""
        rows = [i for i, card in enumerate(self._cards.cards) if not card.is_section]
        if rows:
            now = self.currentIndex().row()
            place = rows.index(now) + by if now in rows else 0
            self.setCurrentIndex(self._cards.index(rows[max(0, min(place, len(rows) - 1))]))

    def currentChanged(self, current, previous) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.moved.emit(self._cards.cards[current.row()].id)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid():
            self.select_first()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        id = self.current_id()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and id is not None:
            self.chosen.emit(id)
        elif event.key() in _ARROWS:
            super().keyPressEvent(event)
        elif id is not None and event.key() in self._keys:
            self.pressed_key.emit(id, event.key())
        else:
            event.ignore()

    def paintEvent(self, event) -> None:
        super().paintEvent(event)
        if not self._cards.cards and self.empty:
            painter = QPainter(self.viewport())
            painter.setFont(look.font(14))
            painter.setPen(look.color("ink3"))
            area = self.viewport().rect().adjusted(px(4), px(8), -px(4), 0)
            painter.drawText(area, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, self.empty)
            painter.end()

    def _clicked(self, index: QModelIndex) -> None:
        if index.isValid() and not self._cards.cards[index.row()].is_section:
            self.chosen.emit(self._cards.cards[index.row()].id)
