"""Buttons that show their key: plain buttons, answer chips, and the rail. Painted, so that text size reaches all."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.widgets import look
from desktop.widgets.look import LOOK, px


def draw_cap(
    painter: QPainter, right_or_left: int, middle: int, text: str, *, filled: bool = False, left: bool = True
) -> int:
    """A key cap at a vertical middle; its width. `left`: the x given is its left edge, else its right edge."""
    t = LOOK.tokens
    font = look.font(12.5, 600)
    metrics = QFontMetrics(font)
    width = max(px(22), metrics.horizontalAdvance(text) + px(12))
    rect = QRectF(right_or_left if left else right_or_left - width, middle - px(11), width, px(22))
    painter.setPen(QPen(QColor(t.ink if filled else t.border), 1))
    painter.setBrush(QColor(t.ink if filled else t.surface))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), px(4), px(4))
    painter.setFont(font)
    painter.setPen(QColor(t.surface if filled else t.ink2))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
    return width


def cap_width(text: str) -> int:
    return max(px(22), QFontMetrics(look.font(12.5, 600)).horizontalAdvance(text) + px(12)) if text else 0


class Painted(QAbstractButton):
    """A painted button: hover, focus ring, and a size that follows the text size."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        LOOK.changed.connect(self.updateGeometry)
        LOOK.changed.connect(self.update)

    def _frame(self, painter: QPainter, fill: str, line: str, width: int = 1, radius: float = 6) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(fill))
        painter.setPen(QPen(QColor(line), width))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), px(radius), px(radius))

    def rename(self, text: str) -> None:
        """Other words, for the eyes and for the ears."""
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.hasFocus():
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()


class KeyButton(Painted):
    """An action: icon, verb, and the key that does it. `kind` is normal, primary, quiet or field."""

    def __init__(self, text: str, key: str = "", icon: str = "", kind: str = "normal", name: str = "") -> None:
        super().__init__(text)
        self.key, self.icon_name, self.kind = key, icon, kind
        self._short = False
        self.setAccessibleName(name or text)
        self.describe()
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if kind == "field" else QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed
        )

    def describe(self, reason: str = "") -> None:
        """Tell the key to a screen reader; `reason` says why the button is disabled."""
        self.setAccessibleDescription(reason or (f"Touche {self.key}" if self.key else ""))
        self.setToolTip(reason)

    def bar(self, reason: str) -> None:
        """Shut the button while there is a reason, and tell it."""
        self.setEnabled(not reason)
        self.describe(reason)

    def set_short(self, short: bool) -> None:
        """Drop the key cap where the room is scarce; the key stays in the description."""
        if short != self._short:
            self._short = short
            self.updateGeometry()
            self.update()

    def _cap(self) -> str:
        return "" if self._short else self.key

    def _size(self) -> tuple[float, int]:
        return (15, 600) if self.kind != "field" else (15, 400)

    def minimumSizeHint(self) -> QSize:
        metrics = QFontMetrics(look.font(*self._size()))
        width = metrics.horizontalAdvance(self.text()) if self.kind != "field" else px(60)
        width += 2 * px(12) + (px(28) if self.icon_name else 0) + (cap_width(self.key) + px(10) if self._cap() else 0)
        height = px(46 if self.kind == "primary" and not LOOK.compact else 38)
        return QSize(width, height)

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        hover = self.underMouse() and self.isEnabled()
        if not self.isEnabled():
            fill, line, ink = t.off, t.hairline, t.off_text
        elif self.kind == "primary":
            fill, line, ink = (t.primary_hover if hover else t.primary), t.primary, t.on_primary
        elif self.kind == "quiet":
            fill, line, ink = (t.sunken if hover else "#00000000"), "#00000000", t.primary
        elif self.kind == "field":
            fill, line, ink = t.sunken, t.border, t.ink3
        else:
            fill, line, ink = (t.sunken if hover else t.surface), t.border, t.ink
        self._frame(painter, fill, line)
        if self.hasFocus():
            self._frame(painter, "#00000000", t.focus, 2)
        left, right, middle = px(12), self.width() - px(12), self.height() // 2
        if self.icon_name:
            look.draw_icon(painter, self.icon_name, QRect(left, middle - px(10), px(20), px(20)), ink)
            left += px(28)
        if self._cap():
            right -= draw_cap(painter, right, middle, self.key, left=False) + px(10)
        painter.setFont(look.font(*self._size()))
        painter.setPen(QColor(ink))
        rect = QRect(left, 0, right - left, self.height())
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


class Chip(Painted):
    """One answer among a few: its digit, its icon, its words; ticked when chosen, its cap black when it answers."""

    def __init__(self, text: str, key: str = "", icon: str = "") -> None:
        super().__init__(text)
        self.key, self.icon_name, self.live = key, icon, False
        self.setCheckable(True)
        self.setAccessibleName(text)
        self.setAccessibleDescription(f"Touche {key}" if key else "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def checkStateSet(self) -> None:
        """Its tick takes room."""
        self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        width = QFontMetrics(look.font(15, 600)).horizontalAdvance(self.text()) + px(16)
        width += (cap_width(self.key) + px(8) if self.key else 0) + (px(26) if self.icon_name else 0)
        width += px(20) if self.isChecked() else 0
        return QSize(width, px(34 if LOOK.compact else 40))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        chosen, live = self.isChecked(), self.isEnabled()
        fill = t.primary_soft if chosen else t.sunken if self.underMouse() else t.surface
        self._frame(
            painter,
            fill if live else t.off,
            t.primary if chosen else t.border if live else t.hairline,
            2 if chosen else 1,
        )
        if self.hasFocus():
            self._frame(painter, "#00000000", t.focus, 2)
        ink = t.off_text if not live else t.on_soft if chosen else t.ink
        left, right, middle = px(8), self.width() - px(8), self.height() // 2
        if self.key:
            left += draw_cap(painter, left, middle, self.key, filled=self.live and not chosen) + px(8)
        if self.icon_name:
            look.draw_icon(painter, self.icon_name, QRect(left, middle - px(9), px(18), px(18)), ink)
            left += px(26)
        if chosen:
            right -= px(18)
            look.draw_icon(painter, "check", QRect(right, middle - px(9), px(18), px(18)), ink)
        painter.setFont(look.font(15, 600 if chosen else 400))
        painter.setPen(QColor(ink))
        rect = QRect(left, 0, right - left, self.height())
        text = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()


class RailButton(Painted):
    """A tab of the rail: icon, name, key, and how many things wait there."""

    def __init__(self, text: str, key: str, icon: str) -> None:
        super().__init__(text)
        self.key, self.icon_name, self.badge = key, icon, 0
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setAccessibleName(text)
        self.setAccessibleDescription(f"Touche {key}" if key else "")

    def set_badge(self, count: int) -> None:
        self.badge = count
        self.setAccessibleName(f"{self.text()}, {count} en attente" if count else self.text())
        self.update()

    def minimumSizeHint(self) -> QSize:
        widest = QFontMetrics(look.font(12.5, 600)).horizontalAdvance(self.text())
        return QSize(max(px(80), widest + px(10)), px(40 if LOOK.short else 66 if self.key else 54))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(px(4), px(2), -px(4), -px(2))
        if self.isChecked() or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.rail_selected))
            painter.drawRoundedRect(area, px(6), px(6))
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(t.rail_text))
            painter.drawRoundedRect(QRectF(0, area.center().y() - px(16), px(3), px(32)), 1.5, 1.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.rail_focus), 2))
            painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), px(6), px(6))
        ink = t.rail_text if self.isChecked() else t.rail_muted
        top, side = (px(4), px(16)) if LOOK.short else (px(8), px(24))
        look.draw_icon(painter, self.icon_name, QRect((self.width() - side) // 2, top, side, side), ink)
        painter.setPen(QColor(ink))
        painter.setFont(look.font(12.5, 600 if self.isChecked() else 400))
        words = QRect(0, top + side + px(1), self.width(), px(17))
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if self.key and not LOOK.short:
            painter.setFont(look.font(12))
            painter.setPen(QColor(t.rail_muted))
            painter.drawText(QRect(0, px(48), self.width(), px(16)), Qt.AlignmentFlag.AlignCenter, self.key)
        if self.badge:
            painter.setFont(look.font(12, 700))
            text = str(self.badge)
            width = max(px(20), painter.fontMetrics().horizontalAdvance(text) + px(10))
            rect = QRectF(self.width() / 2 + px(8), px(4), width, px(18))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("#FFC46B"))
            painter.drawRoundedRect(rect, px(9), px(9))
            painter.setPen(QColor("#14211F"))
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
