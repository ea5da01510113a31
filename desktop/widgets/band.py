"""The day band: opening hours, one block a visit, and a red mark for now."""

from datetime import datetime, time

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.french import counted, time_of_day
from desktop.widgets import look
from desktop.widgets.look import LOOK, px

Range = tuple[time, time]


class DayBand(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._opening: tuple[Range, ...] = ()
        self._blocks: tuple[tuple[datetime, datetime], ...] = ()
        self._now = datetime.now().astimezone()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        LOOK.changed.connect(self.updateGeometry)
        LOOK.changed.connect(self.update)

    def show_day(self, opening: tuple[Range, ...], blocks: tuple[tuple[datetime, datetime], ...]) -> None:
        self._opening, self._blocks = opening, blocks
        self.setAccessibleName(f"Bande du jour : {counted(len(blocks), 'visite')}")
        self.update()

    def set_now(self, moment: datetime) -> None:
        if (moment.hour, moment.minute) != (self._now.hour, self._now.minute):
            self._now = moment
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(38))

    def _bounds(self) -> tuple[float, float]:
        hours = [_hour(t) for pair in self._opening for t in pair] or [9.0, 17.5]
        inside = [_hour(t.time()) for pair in self._blocks for t in pair]
        return min([*hours, *inside, _hour(self._now.time())]), max([*hours, *inside, _hour(self._now.time())])

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        first, last = self._bounds()
        left, right = px(34), self.width() - px(34)
        top, height = px(17), px(19)

        def x(hour: float) -> float:
            return left + (hour - first) / max(0.5, last - first) * (right - left)

        painter.setFont(look.font(12.5))
        for start, end in self._opening:
            painter.setPen(QPen(QColor(t.hairline), 1))
            painter.setBrush(QColor(t.surface))
            painter.drawRoundedRect(QRectF(x(_hour(start)), top, x(_hour(end)) - x(_hour(start)), height), 3, 3)
        painter.setPen(QColor(t.ink2))
        for before, after in zip(self._opening, self._opening[1:], strict=False):
            gap = QRectF(x(_hour(before[1])), top, x(_hour(after[0])) - x(_hour(before[1])), height)
            painter.drawText(gap, Qt.AlignmentFlag.AlignCenter, "fermé")
        if not self._opening:
            painter.drawText(QRectF(left, top, right - left, height), Qt.AlignmentFlag.AlignCenter, "fermé aujourd’hui")
        mark = x(_hour(self._now.time()))
        for hour in range(int(first + 0.99), int(last) + 1):
            if abs(x(hour) - mark) > px(44):
                painter.drawText(QRectF(x(hour) - px(30), 0, px(60), px(16)), Qt.AlignmentFlag.AlignCenter, f"{hour} h")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.primary))
        for start, end in self._blocks:
            begin = x(_hour(start.time()))
            painter.drawRoundedRect(
                QRectF(begin, top + px(5), max(px(5), x(_hour(end.time())) - begin - 1), px(9)), 2, 2
            )
        painter.setBrush(QColor(t.urgent))
        painter.drawRect(QRectF(mark - 1, px(14), 2, px(24)))
        flag = QRectF(mark - px(22), 0, px(44), px(16))
        painter.drawRoundedRect(flag, px(4), px(4))
        painter.setPen(QColor(t.surface))
        painter.setFont(look.font(12.5, 700))
        painter.drawText(flag, Qt.AlignmentFlag.AlignCenter, time_of_day(self._now))
        painter.end()


def _hour(moment: time) -> float:
    return moment.hour + moment.minute / 60 + moment.second / 3600
