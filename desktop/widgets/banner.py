"""The striped banner of the demonstration: nobody takes it for the real desk."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF
from PySide6.QtWidgets import QLabel

from desktop.widgets.look import LOOK, px


class Banner(QLabel):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setProperty("tone", "wait")

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(LOOK.tokens.wait_soft))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(LOOK.tokens.wait))
        words = self.fontMetrics().horizontalAdvance(self.text()) // 2 + px(20)
        middle, step, height = self.width() / 2, px(22), self.height()
        for left in range(-height, self.width(), step):
            if abs(left + height / 2 + step / 4 - middle) > words + step:
                corners = ((left, height), (left + height, 0), (left + height + step / 2, 0), (left + step / 2, height))
                painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
        painter.end()
        super().paintEvent(event)
