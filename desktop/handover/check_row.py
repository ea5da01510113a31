"""One check of the evening: done, to mend with its button, or to come."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from desktop.widgets import look
from desktop.widgets.form import label
from desktop.widgets.look import LOOK, px

_ICONS = {
    "done": ("check", "ok", "ok_soft"),
    "mend": ("triangle-alert", "wait", "wait_soft"),
    "wrong": ("circle-alert", "urgent", "urgent_soft"),
}


class _Disc(QWidget):
    def __init__(self, number: int) -> None:
        super().__init__()
        self.number, self.state = number, "later"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        LOOK.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        return QSize(px(38), px(38))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        icon, ink, fill = _ICONS.get(self.state, ("", "border", "surface"))
        painter.setPen(QPen(QColor(getattr(t, ink)), 2))
        painter.setBrush(QColor(getattr(t, fill)))
        disc = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        painter.drawEllipse(disc)
        if icon:
            side = px(18)
            area = QRectF(disc.center().x() - side / 2, disc.center().y() - side / 2, side, side).toRect()
            look.draw_icon(painter, icon, area, getattr(t, ink))
        else:
            painter.setFont(look.font(15, 700))
            painter.setPen(QColor(t.ink2))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.number))
        painter.end()


class CheckRow(QWidget):
    """`show_state(state, sentence)`: done, mend, wrong or later."""

    def __init__(self, number: int, title: str, *extra: QWidget) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(1)
        grid.setColumnStretch(1, 1)
        self._disc = _Disc(number)
        self.title, self.sentence = label(title, "section"), label("", "hint", wrap=True)
        grid.addWidget(self._disc, 0, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.title, 0, 1)
        grid.addWidget(self.sentence, 1, 1)
        for column, widget in enumerate(extra, 2):
            grid.addWidget(widget, 0, column, 2, 1, Qt.AlignmentFlag.AlignVCenter)

    @property
    def state(self) -> str:
        return self._disc.state

    def show_state(self, state: str, sentence: str) -> None:
        self._disc.state = state
        self._disc.update()
        self.sentence.setText(sentence)
        spoken = {"done": "fait", "mend": "à régler", "wrong": "échec"}.get(state, "à venir")
        self.setAccessibleName(f"{self.title.text()} : {spoken}. {sentence}")
