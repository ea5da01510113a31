"""What is used each day, step by step from one date to the next; its words say the same to a screen reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from desktop import french
from desktop.documents import scale
from desktop.widgets import look
from desktop.widgets.look import LOOK, px


@dataclass(frozen=True)
class Span:
    """One step; `word` says what is wrong with it, in the tone of alarm."""

    start: date
    end: date
    value: Fraction
    word: str = ""


class Curve(QLabel):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._name, self._unit = name, ""
        self._spans: tuple[Span, ...] = ()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        LOOK.changed.connect(self._resize)
        self._resize()

    def show_spans(self, spans: Sequence[Span], unit: str) -> None:
        """Draw these steps, the oldest first; nothing with fewer than two."""
        self._spans, self._unit = tuple(spans), unit
        said = (
            f"du {french.short_date(span.start)} au {french.short_date(span.end)}, {scale.spoken(span.value)} {unit}"
            + (f", {span.word}" if span.word else "")
            for span in self._spans
        )
        self.setAccessibleDescription(" ; ".join(said))
        self.setVisible(len(self._spans) > 1)
        self.update()

    def spans(self) -> tuple[Span, ...]:
        return self._spans

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), px(150))

    def _resize(self) -> None:
        self.setFixedHeight(px(150))

    def paintEvent(self, event) -> None:
        if not self._spans:
            return
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(look.font(12.5))
        marks = scale.steps(max(span.value for span in self._spans), 3)
        metrics = QFontMetrics(look.font(12.5))
        left = max(metrics.horizontalAdvance(scale.spoken(mark)) for mark in marks) + px(8)
        area = QRectF(left, px(24), self.width() - left - px(2), self.height() - px(46))
        painter.setPen(QColor(t.ink3))
        painter.drawText(QRectF(0, 0, self.width(), px(18)), Qt.AlignmentFlag.AlignLeft, f"{self._unit} par jour")
        for mark in marks:
            level = area.bottom() - float(mark / marks[-1]) * area.height()
            painter.setPen(QPen(QColor(t.border if not mark else t.hairline), 1))
            painter.drawLine(area.left(), level, area.right(), level)
            painter.setPen(QColor(t.ink3))
            words = QRectF(0, level - px(9), left - px(6), px(18))
            painter.drawText(words, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, scale.spoken(mark))
        for span in self._spans:
            self._step(painter, span, area, float(span.value / marks[-1]))
        self._days(painter, metrics, area)
        painter.end()

    def _across(self, day: date, area: QRectF) -> float:
        first, last = self._spans[0].start, self._spans[-1].end
        return area.left() + (day - first).days / max(1, (last - first).days) * area.width()

    def _step(self, painter: QPainter, span: Span, area: QRectF, share: float) -> None:
        t = LOOK.tokens
        start, end = self._across(span.start, area), self._across(span.end, area)
        level = area.bottom() - share * area.height()
        box = QRectF(start, level, end - start, area.bottom() - level)
        tint = QColor(t.urgent if span.word else t.primary)
        painter.fillRect(box, QColor(t.urgent_soft if span.word else t.primary_soft))
        if span.word:
            painter.fillRect(box, QBrush(tint, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(tint, px(2)))
        painter.drawLine(start, level, end, level)
        if span.word:
            painter.setFont(look.font(12.5, 600))
            wide = painter.fontMetrics().horizontalAdvance(span.word) + px(6)
            middle = max(area.left(), min((start + end - wide) / 2, self.width() - wide))
            painter.drawText(QRectF(middle, level - px(19), wide, px(18)), Qt.AlignmentFlag.AlignCenter, span.word)
            painter.setFont(look.font(12.5))

    def _days(self, painter: QPainter, metrics: QFontMetrics, area: QRectF) -> None:
        """The day of each step under it, as long as they do not touch."""
        several = self._spans[0].start.year != self._spans[-1].end.year
        painter.setPen(QColor(LOOK.tokens.ink3))
        free = 0.0
        for day in (*(span.start for span in self._spans), self._spans[-1].end):
            words = day.strftime("%d/%m/%y") if several else french.day_and_month(day)
            wide = metrics.horizontalAdvance(words) + px(4)
            start = max(0.0, min(self._across(day, area) - wide / 2, self.width() - wide))
            if start >= free:
                painter.drawText(
                    QRectF(start, area.bottom() + px(3), wide, px(18)), Qt.AlignmentFlag.AlignCenter, words
                )
                free = start + wide + px(6)
