"""A page of a form with its boxes drawn on it: two clicks, or a drag, make another."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QScrollArea, QWidget

from desktop.documents.form_mappings import Zone
from desktop.widgets.look import LOOK
from desktop.widgets.pdf_view import raster

DRAG = 5  # pixels under which a press is a click
ZOOMS = (1.0, 1.5, 2.0, 3.0)


@dataclass(frozen=True)
class Mark:
    """A box to show: its own number, where it is, and whether it is settled or only named by the file."""

    id: int
    zone: Zone
    settled: bool = True


class _Board(QWidget):
    drawn = Signal(float, float, float, float)  # x, y, width and height in mm
    picked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self._pdf, self._image, self._rendered = b"", QImage(), ()
        self._wide, self._high = 210.0, 297.0
        self.marks: tuple[Mark, ...] = ()
        self.selected = -1
        self.corner: QPointF | None = None
        self._pressed = self._pointer = QPointF()

    def show_page(self, pdf: bytes, wide: float, high: float) -> None:
        self._pdf, self._wide, self._high = pdf, wide, high
        self.corner = None
        self._render()

    def show_marks(self, marks: Sequence[Mark], selected: int) -> None:
        self.marks, self.selected = tuple(marks), selected
        self.update()

    @property
    def unit(self) -> float:
        """Pixels in a millimetre."""
        return self.width() / self._wide

    def height_for(self, width: int) -> int:
        return round(width * self._high / self._wide)

    def resizeEvent(self, event) -> None:
        self._render()

    def _render(self) -> None:
        ratio = self.devicePixelRatioF()
        wanted = (self._pdf, self.width(), ratio)
        if self._pdf and self.width() > 20 and wanted != self._rendered:
            self._rendered = wanted
            self._image = raster(self._pdf, 0, self.unit * ratio * 25.4 / 72)
            self._image.setDevicePixelRatio(ratio)
        elif not self._pdf:
            self._image, self._rendered = QImage(), ()
        self.update()

    def rect_of(self, zone: Zone) -> QRectF:
        return QRectF(zone.x * self.unit, zone.y * self.unit, zone.wide * self.unit, zone.high * self.unit)

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        painter.drawImage(0, 0, self._image)
        for mark in self.marks:
            chosen = mark.id == self.selected
            line = QColor("#1D4ED8" if chosen else "#0B5A63" if mark.settled else "#6F7F7C")
            fill = QColor(line)
            fill.setAlphaF(0.22 if chosen else 0.10 if mark.settled else 0.0)
            painter.fillRect(self.rect_of(mark.zone), fill)
            dashes = Qt.PenStyle.SolidLine if mark.settled or chosen else Qt.PenStyle.DotLine
            painter.setPen(QPen(line, 2 if chosen else 1, dashes))
            painter.drawRect(self.rect_of(mark.zone))
        if self.corner is not None:
            painter.setPen(QPen(QColor("#9E1F39"), 2, Qt.PenStyle.DashLine))
            painter.drawRect(QRectF(self.corner, self._pointer).normalized())
        painter.setPen(QColor(LOOK.tokens.border))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def mousePressEvent(self, event) -> None:
        self._pressed = self._pointer = event.position()
        if self.corner is None and not self._under(event.position()):
            self.corner = event.position()
            self._begun = True
        else:
            self._begun = False
        self.update()

    def mouseMoveEvent(self, event) -> None:
        self._pointer = event.position()
        if self.corner is not None:
            self.update()

    def mouseReleaseEvent(self, event) -> None:
        self._pointer = event.position()
        moved = (event.position() - self._pressed).manhattanLength() > DRAG
        if self.corner is None:
            found = self._under(event.position())
            if found:
                self.picked.emit(found[0].id)
        elif moved or not self._begun:
            self._finish()
        self.update()

    def _under(self, point: QPointF) -> list[Mark]:
        """The boxes there, the smallest first."""
        found = [mark for mark in self.marks if self.rect_of(mark.zone).contains(point)]
        return sorted(found, key=lambda mark: mark.zone.wide * mark.zone.high)

    def _finish(self) -> None:
        page = QRectF(0, 0, self._wide * self.unit, self._high * self.unit)
        area = QRectF(self.corner, self._pointer).normalized().intersected(page)
        self.corner = None
        if area.width() > 3 and area.height() > 3:
            self.drawn.emit(*(round(side / self.unit, 1) for side in (area.x(), area.y(), area.width(), area.height())))


class PageBoard(QScrollArea):
    """The board, as wide as the room or larger."""

    def __init__(self) -> None:
        super().__init__()
        self.board = _Board()
        self.drawn, self.picked = self.board.drawn, self.board.picked
        self.setWidget(self.board)
        self.setAccessibleName("Page du formulaire avec ses cases")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._zoom = 0

    def show_page(self, pdf: bytes, wide: float, high: float) -> None:
        self.board.show_page(pdf, wide, high)
        self._fit()

    def show_marks(self, marks: Sequence[Mark], selected: int) -> None:
        self.board.show_marks(marks, selected)
        mark = next((mark for mark in marks if mark.id == selected), None)
        if mark:
            middle = self.board.rect_of(mark.zone).center().toPoint()
            self.ensureVisible(middle.x(), middle.y(), self.viewport().width() // 4, self.viewport().height() // 4)

    def zoom(self, step: int) -> None:
        self._zoom = max(0, min(self._zoom + step, len(ZOOMS) - 1))
        self._fit()

    def can_zoom(self, step: int) -> bool:
        return 0 <= self._zoom + step < len(ZOOMS)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        width = max(100, round(self.viewport().width() * ZOOMS[self._zoom]))
        self.board.setFixedSize(QSize(width, self.board.height_for(width)))

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape and self.board.corner is not None:
            self.board.corner = None
            self.board.update()
        else:
            super().keyPressEvent(event)
