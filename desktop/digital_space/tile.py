"""One station: its clock, its bar, who sits there and why; free or out of order, what its key does."""

from datetime import datetime, timedelta

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from db import digital_space
from desktop.digital_space import words
from desktop.widgets import look
from desktop.widgets.buttons import KeyButton, Painted, draw_cap
from desktop.widgets.look import LOOK, px

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class Tile(Painted):
    """`clicked` opens the station; `more` and `ended` carry its id. Only what changed is painted again."""

    more = Signal(str)
    ended = Signal(str)

    def __init__(self) -> None:
        super().__init__("")
        self.post: digital_space.Post | None = None
        self._moment = datetime.now().astimezone()
        self._text: tuple[str, str] = ("", "")
        self._filled = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        column = QVBoxLayout(self)
        column.addStretch(1)
        line = QHBoxLayout()
        line.setSpacing(8)
        self.extend, self.end = KeyButton("+ 15 min"), KeyButton("Terminer")
        self.extend.clicked.connect(self._more)
        self.end.clicked.connect(self._ended)
        for button in (self.extend, self.end):
            line.addWidget(button, 1)
        column.addLayout(line)
        self._margins()
        LOOK.changed.connect(self._margins)

    def show_post(self, post: digital_space.Post, moment: datetime, why_not: str) -> None:
        """Show this station; `why_not` says why nobody may stay longer, or nothing."""
        self.post = post
        busy = post.session is not None
        for button in (self.extend, self.end):
            button.setVisible(busy)
        if busy:
            self.extend.setAccessibleName(f"Ajouter 15 minutes, {post.name}")
            self.extend.bar(why_not)
            self.end.setAccessibleName(f"Terminer, {post.name}")
        self._text, self._filled = ("", ""), -1
        self.tick(moment)
        self.update()

    def tick(self, moment: datetime) -> None:
        """Paint again the figures that moved, and nothing else."""
        self._moment = moment
        if self.post is None:
            return
        name = words.spoken(self.post, moment)
        if name != self.accessibleName():
            self.setAccessibleName(name)
            key = self.post.number if self.post.number <= 9 else ""
            self.setAccessibleDescription(f"Touche {key}" if key else "")
        if self.post.session is None:
            return
        text = words.clock(self.post.remaining(moment))
        if text != self._text:
            if text[1] != self._text[1] or words.level(self.post.remaining(moment)) != "calm":
                self.update()
            else:
                self.update(self._clock_rect())
            self._text = text
        filled = round(self._bar_rect().width() * self._share())
        if filled != self._filled:
            self._filled = filled
            self.update(self._bar_rect())

    def forget(self) -> None:
        """Nothing of a person stays in a widget, even one about to go."""
        self.post = None
        for widget in (self, self.extend, self.end):
            widget.setAccessibleName("")
        self.hide()

    def clock_text(self) -> str:
        return " ".join(self._text)

    def _share(self) -> float:
        """How much of the time is spent."""
        total = timedelta(minutes=self.post.planned_minutes)
        return min(1.0, max(0.0, 1 - self.post.remaining(self._moment) / total))

    def _more(self) -> None:
        self.more.emit(self.post.id)

    def _ended(self) -> None:
        self.ended.emit(self.post.id)

    def _margins(self) -> None:
        self.layout().setContentsMargins(px(14), px(118), px(14), px(12))

    def minimumSizeHint(self) -> QSize:
        buttons = self.extend.minimumSizeHint().width() + self.end.minimumSizeHint().width()
        return QSize(max(px(200), buttons + px(36)), px(172))

    def _clock_rect(self) -> QRect:
        return QRect(px(14), px(30), self.width() - px(28), px(36))

    def _bar_rect(self) -> QRect:
        return QRect(px(14), px(70), max(1, self.width() - px(28)), px(7))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        post = self.post
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if post is None:
            painter.end()
            return
        level = words.level(post.remaining(self._moment)) if post.session else "calm"
        tint = {"calm": t.primary, "wait": t.wait, "urgent": t.urgent}[level]
        hover = self.underMouse() and self.isEnabled()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(QColor(t.sunken if hover else t.canvas if post.free else t.surface))
        pen = QPen(QColor(t.hairline if level == "calm" else tint), 1 if level == "calm" else 2)
        if post.free:
            pen = QPen(QColor(t.border), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.drawRoundedRect(box, px(8), px(8))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.focus), 2))
            painter.drawRoundedRect(box, px(8), px(8))
        left, right = px(14), self.width() - px(14)
        if post.number <= 9:
            right -= draw_cap(painter, right, px(20), str(post.number), left=False) + px(8)
        _line(painter, QRect(left, px(8), right - left, px(24)), post.name, 14, 600, t.ink2)
        if post.session:
            self._busy(painter, post, level, tint)
        else:
            self._empty(painter, post)
        painter.end()

    def _busy(self, painter: QPainter, post: digital_space.Post, level: str, tint: str) -> None:
        t = LOOK.tokens
        area = self._clock_rect()
        figure, word = words.clock(post.remaining(self._moment))
        if level != "calm":
            look.draw_icon(painter, "circle-alert" if level == "urgent" else "clock",
                           QRect(area.left(), area.center().y() - px(9), px(20), px(20)), tint)  # fmt: skip
            area = area.adjusted(px(26), 0, 0, 0)
        painter.setFont(_clock_font())
        painter.setPen(QColor(tint))
        painter.drawText(area, _MIDDLE, figure)
        width = painter.fontMetrics().horizontalAdvance(figure) + px(8)
        _line(painter, area.adjusted(width, px(7), 0, 0), word, 13.5, 400, tint if level == "urgent" else t.ink2)
        bar = QRectF(self._bar_rect())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(t.hairline))
        painter.drawRoundedRect(bar, px(3), px(3))
        painter.setBrush(QColor(tint))
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), bar.width() * self._share(), bar.height()), px(3), px(3))
        left, width = px(14), self.width() - px(28)
        _line(painter, QRect(left, px(80), width, px(22)), words.who(post), 15, 600, t.ink)
        look.draw_icon(painter, words.ICONS.get(post.use, "monitor"), QRect(left, px(104), px(16), px(16)), t.ink2)
        _line(painter, QRect(left + px(22), px(101), width - px(22), px(22)), words.uses(post), 13.5, 400, t.ink2)

    def _empty(self, painter: QPainter, post: digital_space.Post) -> None:
        t = LOOK.tokens
        title, color = ("Hors service", t.ink2) if post.fault else ("Libre", t.ok)
        detail = post.fault or (f"Touche {post.number} pour installer quelqu’un" if post.number <= 9 else "Entrée")
        middle = self.height() // 2
        painter.setFont(look.font(13.5))
        width = self.width() - px(28)
        _line(painter, QRect(px(14), middle - px(22), width, px(28)), title, 19, 700, color)
        painter.setFont(look.font(13.5))
        painter.setPen(QColor(t.ink2))
        rest = QRect(px(14), middle + px(8), width, self.height() - middle - px(14))
        painter.drawText(rest, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, detail)


def _clock_font() -> QFont:
    made = look.font(30, 700)
    made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _line(painter: QPainter, rect: QRect, text: str, size: float, weight: int, color: str) -> None:
    font = look.font(size, weight)
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(rect, _MIDDLE, QFontMetrics(font).elidedText(text, Qt.TextElideMode.ElideRight, rect.width()))
