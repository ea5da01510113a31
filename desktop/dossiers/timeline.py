"""The timeline of a dossier: the planned step on top, then what was done, the newest first, along a rail."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QSizePolicy, QStyle, QStyledItemDelegate

from desktop.widgets import look
from desktop.widgets.look import LOOK, px

WHEN, DISC, TEXT = 92, 30, 136
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


@dataclass(frozen=True)
class Entry:
    """One step; `tone` is a colour of the house, and `when` says the same in words."""

    when: str
    icon: str
    title: str
    detail: str = ""
    tone: str = "ink2"

    @property
    def spoken(self) -> str:
        return ", ".join(part for part in (self.when, self.title, self.detail) if part)


class _Model(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.entries: tuple[Entry, ...] = ()

    def rowCount(self, parent=QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if not index.isValid() or index.row() >= len(self.entries):
            return None
        entry = self.entries[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return entry.spoken
        return entry if role == Qt.ItemDataRole.UserRole else None

    def show(self, entries: Sequence[Entry]) -> None:
        self.beginResetModel()
        self.entries = tuple(entries)
        self.endResetModel()


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option, index) -> QSize:
        entry: Entry | None = index.data(Qt.ItemDataRole.UserRole)
        if entry is None:
            return QSize(0, 0)
        width = self._width()
        height = _height(entry.title, _title_font(), width) + _height(entry.detail, look.font(13.5), width)
        return QSize(px(160), max(px(DISC + 12), height + px(18)))

    def _width(self) -> int:
        """Room for words; the scroll bar's place is kept, so that its coming changes no line."""
        return max(px(60), self._view.width() - px(TEXT) - px(24))

    def paint(self, painter: QPainter, option, index) -> None:
        entry: Entry | None = index.data(Qt.ItemDataRole.UserRole)
        if entry is None:
            return
        t = LOOK.tokens
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(QColor(t.focus), 2))
            painter.setBrush(QColor(t.sunken))
            painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), px(6), px(6))
        tint = getattr(t, entry.tone)
        centre = area.left() + px(WHEN + 8 + DISC / 2)
        disc = QRectF(centre - px(DISC / 2), area.top() + px(4), px(DISC), px(DISC))
        painter.setPen(QPen(QColor(t.border), px(2)))
        if index.row():
            painter.drawLine(centre, area.top(), centre, int(disc.top()))
        if index.row() + 1 < index.model().rowCount():
            painter.drawLine(centre, int(disc.bottom()), centre, area.bottom() + 1)
        painter.setPen(QPen(QColor(tint), px(2)))
        painter.setBrush(QColor(t.surface))
        painter.drawEllipse(disc.adjusted(1, 1, -1, -1))
        side = px(16)
        inner = QRect(round(disc.center().x() - side / 2), round(disc.center().y() - side / 2), side, side)
        look.draw_icon(painter, entry.icon, inner, tint)
        painter.setFont(look.font(14, 600))
        painter.setPen(QColor(t.ink2 if entry.tone == "ink2" else tint))
        when = QRect(area.left(), int(disc.top()), px(WHEN), px(DISC))
        painter.drawText(when, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, entry.when)
        left, width = area.left() + px(TEXT), self._width()
        painter.setFont(_title_font())
        painter.setPen(QColor(t.ink))
        height = _height(entry.title, _title_font(), width)
        painter.drawText(QRect(left, area.top() + px(5), width, height), _WRAP, entry.title)
        painter.setFont(look.font(13.5))
        painter.setPen(QColor(t.ink3))
        top = area.top() + px(6) + height
        painter.drawText(QRect(left, top, width, area.bottom() - top), _WRAP, entry.detail)
        painter.restore()


def _title_font() -> QFont:
    return look.font(15, 600)


def _height(text: str, font: QFont, width: int) -> int:
    return QFontMetrics(font).boundingRect(QRect(0, 0, width, 10_000), _WRAP, text).height() if text else 0


class Timeline(QListView):
    """Read with the arrows; every other key goes to the room. `whole`: as tall as its words, the page scrolls."""

    def __init__(self, *, whole: bool = False) -> None:
        super().__init__()
        self._whole = whole
        self._steps = _Model()
        self.setModel(self._steps)
        self.setItemDelegate(_Delegate(self))
        self.setAccessibleName("Chronologie du dossier")
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if whole:
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
        self.setStyleSheet("QListView { background: transparent; border: none; }")
        self._resize()
        LOOK.changed.connect(self._resize)

    def show_entries(self, entries: Sequence[Entry]) -> None:
        if tuple(entries) != self._steps.entries:
            self._steps.show(entries)
            self._grow()

    def entries(self) -> tuple[Entry, ...]:
        return self._steps.entries

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._grow()

    def _grow(self) -> None:
        if self._whole:
            rows = range(self._steps.rowCount())
            self.setFixedHeight(sum(self.sizeHintForIndex(self._steps.index(row)).height() for row in rows) + px(4))

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._steps.entries:
            self.setCurrentIndex(self._steps.index(0))

    def keyPressEvent(self, event) -> None:
        moves = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp,
                 Qt.Key.Key_PageDown, Qt.Key.Key_Tab, Qt.Key.Key_Backtab)  # fmt: skip
        if event.key() in moves:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _resize(self) -> None:
        if not self._whole:
            self.setMinimumHeight(px(64))
        self._grow()
        self.scheduleDelayedItemsLayout()
