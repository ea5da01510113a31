"""One table for the whole house: columns are values, rows come by keyset pages, a delegate paints them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QStyle, QStyledItemDelegate, QTableView

from desktop.widgets import look
from desktop.widgets.look import LOOK, px

Row = TypeVar("Row")
PAGE = 200


@dataclass(frozen=True)
class Column(Generic[Row]):
    title: str
    text: Callable[[Row], str]
    width: int = 120


class PagedModel(QAbstractTableModel):
    """`fetch(after)` gives the page that follows the row `after` (None: the first page)."""

    def __init__(self, columns: Sequence[Column], fetch: Callable[[object], Sequence]) -> None:
        super().__init__()
        self._columns, self._fetch = tuple(columns), fetch
        self._rows: list = []
        self._more = False

    def reload(self) -> None:
        self.beginResetModel()
        self._rows = list(self._fetch(None))
        self._more = len(self._rows) >= PAGE
        self.endResetModel()

    def clear(self) -> None:
        self.beginResetModel()
        self._rows, self._more = [], False
        self.endResetModel()

    def row(self, index: int):
        return self._rows[index]

    def rowCount(self, parent=QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent=QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._columns)

    def canFetchMore(self, parent) -> bool:
        return not parent.isValid() and self._more

    def fetchMore(self, parent) -> None:
        if not self.canFetchMore(parent):
            return
        page = list(self._fetch(self._rows[-1]))
        self._more = len(page) >= PAGE
        if page:
            self.beginInsertRows(QModelIndex(), len(self._rows), len(self._rows) + len(page) - 1)
            self._rows += page
            self.endInsertRows()

    def data(self, index, role=Qt.ItemDataRole.DisplayRole):
        if not index.isValid() or role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        return self._columns[index.column()].text(self._rows[index.row()])

    def headerData(self, section, orientation, role=Qt.ItemDataRole.DisplayRole):
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        return None


class _Paint(QStyledItemDelegate):
    """One Python call a cell, instead of seven roles."""

    def paint(self, painter, option, index) -> None:
        model = index.model()
        if not index.isValid():
            return
        t = LOOK.tokens
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(option.rect, QColor(t.primary_soft))
        painter.setFont(look.font(14))
        painter.setPen(QColor(t.on_soft if chosen else t.ink))
        text = model._columns[index.column()].text(model._rows[index.row()])
        area = option.rect.adjusted(px(8), 0, -px(6), 0)
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, shown)


class PagedTable(QTableView):
    chosen = Signal(int)

    def __init__(self, name: str, columns: Sequence[Column], fetch: Callable[[object], Sequence]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.paged = PagedModel(columns, fetch)
        self.setModel(self.paged)
        self.setItemDelegate(_Paint())
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._columns = tuple(columns)
        self._resize()
        LOOK.changed.connect(self._resize)
        self.doubleClicked.connect(self._double)
        self.paged.modelReset.connect(self._show_current)

    def row(self, index: int):
        return self.paged.row(index)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self._show_current()

    def _show_current(self) -> None:
        """Entrée acts on a row one sees."""
        if self.hasFocus() and self.paged.rowCount() and not self.selectionModel().hasSelection():
            self.selectRow(max(self.currentIndex().row(), 0))

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex().row())
        else:
            super().keyPressEvent(event)

    def _double(self, index: QModelIndex) -> None:
        self.chosen.emit(index.row())

    def _resize(self) -> None:
        self.verticalHeader().setDefaultSectionSize(px(34))
        for place, column in enumerate(self._columns):
            self.setColumnWidth(place, px(column.width))
