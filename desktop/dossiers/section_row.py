"""The row of sections of a dossier: one shown, a figure where something waits, a digit while the row has the keyboard."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QWidget

from desktop.dossiers.section import Mark, Section
from desktop.widgets import keys, look
from desktop.widgets.buttons import Painted, draw_cap
from desktop.widgets.cards import TONES
from desktop.widgets.flow import Flow
from desktop.widgets.look import LOOK, px


class SectionChip(Painted):
    """A section: its icon, or its digit while the row has the keyboard; its figure at the end."""

    def __init__(self, text: str, key: str, icon: str) -> None:
        super().__init__(text)
        self.key, self.icon_name, self.live = key, icon, False
        self.mark: Mark | None = None
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.set_mark(None)

    def set_mark(self, mark: Mark | None) -> None:
        self.mark = mark
        self.setAccessibleName(f"{self.text()}, {mark.words}" if mark else self.text())
        self.setAccessibleDescription(f"Touche 0 puis {self.key}")
        self.setToolTip(mark.words if mark else "")
        self.updateGeometry()
        self.update()

    def minimumSizeHint(self) -> QSize:
        width = QFontMetrics(look.font(14, 600)).horizontalAdvance(self.text()) + px(38)
        return QSize(width + (self._mark_width() + px(5) if self.mark else 0), px(34 if LOOK.compact else 38))

    def _mark_width(self) -> int:
        return max(px(17), QFontMetrics(look.font(12, 700)).horizontalAdvance(str(self.mark.count)) + px(9))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        chosen = self.isChecked()
        fill = t.primary_soft if chosen else t.sunken if self.underMouse() else t.surface
        self._frame(painter, fill, t.primary if chosen else t.hairline, 2 if chosen else 1)
        if self.hasFocus():
            self._frame(painter, "#00000000", t.focus, 2)
        ink, middle = t.on_soft if chosen else t.ink, self.height() // 2
        if self.live:
            draw_cap(painter, px(6), middle, self.key, filled=True)
        else:
            look.draw_icon(painter, self.icon_name, QRect(px(7), middle - px(9), px(18), px(18)), ink)
        painter.setFont(look.font(14, 600 if chosen else 400))
        painter.setPen(QColor(ink))
        words = QRect(px(31), 0, self.width() - px(31), self.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.mark:
            self._draw_mark(painter)
        painter.end()

    def _draw_mark(self, painter: QPainter) -> None:
        fill, tone = TONES[self.mark.tone]
        width = self._mark_width()
        rect = QRectF(self.width() - width - px(6), self.height() / 2 - px(8), width, px(17))
        painter.setFont(look.font(12, 700))
        painter.setPen(QColor(getattr(LOOK.tokens, tone)))
        painter.setBrush(QColor(getattr(LOOK.tokens, fill)))
        painter.drawRoundedRect(rect, px(8), px(8))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, str(self.mark.count))


class SectionRow(QWidget):
    """`chosen` carries the name of a section."""

    chosen = Signal(str)

    def __init__(self, sections: Mapping[str, type[Section]]) -> None:
        super().__init__()
        self.chips = {
            name: SectionChip(kind.title, str(place), kind.icon)
            for place, (name, kind) in enumerate(sections.items(), 1)
        }
        for name, chip in self.chips.items():
            chip.setProperty("section", name)
            chip.clicked.connect(self._clicked)
            chip.installEventFilter(self)
        self.setLayout(Flow(*self.chips.values(), spacing=5))

    def show_marks(self, marks: Mapping[str, Mark | None]) -> None:
        for name, chip in self.chips.items():
            chip.set_mark(marks.get(name))

    def choose(self, name: str) -> None:
        self.chips[name].setChecked(True)

    def take_keyboard(self) -> None:
        next(chip for chip in self.chips.values() if chip.isChecked()).setFocus()

    def _clicked(self) -> None:
        self.chosen.emit(self.sender().property("section"))

    def _show_keys(self, live: bool) -> None:
        for chip in self.chips.values():
            chip.live = live
            chip.update()

    def eventFilter(self, watched, event) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._show_keys(event.type() == QEvent.Type.FocusIn)
        return False

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit is not None and 0 < digit <= len(self.chips):
            list(self.chips.values())[digit - 1].click()
        else:
            super().keyPressEvent(event)
