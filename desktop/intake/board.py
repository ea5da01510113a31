"""The public board: the last four called numbers, in big digits. No names, ever."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QWidget

from desktop.widgets.look import FAMILY, LOOK


class Board(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setWindowTitle("Numéros appelés")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._numbers: tuple[int, ...] = ()
        LOOK.changed.connect(self.update)

    def show_numbers(self, numbers: tuple[int, ...]) -> None:
        self._numbers = numbers
        spoken = ", ".join(str(n) for n in numbers) or "aucun"
        self.setAccessibleName(f"Numéros appelés : {spoken}")
        self.update()

    def numbers(self) -> tuple[int, ...]:
        return self._numbers

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_F11):
            self.close()

    def mouseDoubleClickEvent(self, event) -> None:
        self.close()

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(t.rail))
        width, height = self.width(), self.height()
        font = QFont(FAMILY)
        font.setWeight(QFont.Weight.Bold)

        def write(area: QRectF, text: str, size: float, ink: str) -> None:
            font.setPixelSize(max(12, round(size)))
            painter.setFont(font)
            painter.setPen(QColor(ink))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)

        write(QRectF(0, height * 0.03, width, height * 0.12), "C’est à vous", height * 0.07, t.rail_muted)
        if not self._numbers:
            write(QRectF(0, 0, width, height), "Bienvenue", height * 0.16, t.rail_text)
        else:
            write(QRectF(0, height * 0.12, width, height * 0.55), str(self._numbers[0]), height * 0.5, t.rail_text)
            for place, number in enumerate(self._numbers[1:4]):
                area = QRectF(width * (0.1 + place * 0.27), height * 0.7, width * 0.26, height * 0.26)
                write(area, str(number), height * 0.2, t.rail_muted)
        painter.end()
