"""The quick counter: a letter adds, Maj + letter takes back, Entrée enters all of it at once."""

from datetime import date

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db import digital_space, drafts, lists
from desktop import french
from desktop.digital_space.words import COUNTER_ICONS, COUNTER_KEYS
from desktop.widgets import look
from desktop.widgets.buttons import KeyButton, Painted, draw_cap
from desktop.widgets.form import Choice, Panel, label, row, scrolled
from desktop.widgets.look import LOOK, px

MOST = 999


class CounterRow(Painted):
    """A click adds one; what it counts, how many, and what it costs."""

    def __init__(self, letter: str, kind: str) -> None:
        super().__init__(lists.label("counter", kind))
        self.letter, self.kind = letter, kind
        self.quantity, self._price, self._day = 0, "", 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_count(self, quantity: int, price: str, day: int) -> None:
        """`price` in words; `day` is what the day has counted already."""
        self.quantity, self._price, self._day = quantity, price, day
        unit = digital_space.UNITS[self.kind]
        count = french.counted(quantity, unit, "fax" if unit == "fax" else None)
        self.setAccessibleName(f"{self.text()}, {count}, {price or 'rien à régler'}, {day} aujourd’hui")
        self.setAccessibleDescription(f"Touche {self.letter} pour ajouter, Maj et {self.letter} pour retirer")
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(210), px(44 if LOOK.compact else 50))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        counted = self.quantity != 0
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setBrush(QColor(t.primary_soft if counted else t.sunken if self.underMouse() else t.surface))
        painter.setPen(QPen(QColor(t.primary if counted else t.border), 2 if counted else 1))
        painter.drawRoundedRect(box, px(6), px(6))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(t.focus), 2))
            painter.drawRoundedRect(box, px(6), px(6))
        ink = t.on_soft if counted else t.ink
        left, right, middle = px(8), self.width() - px(10), self.height() // 2
        left += draw_cap(painter, left, middle, self.letter) + px(8)
        look.draw_icon(painter, COUNTER_ICONS[self.kind], QRect(left, middle - px(9), px(18), px(18)), ink)
        left += px(26)
        figure = QRect(right - px(40), 0, px(40), self.height())
        font = look.font(19, 700)
        font.setFeature(QFont.Tag("tnum"), 1)
        painter.setFont(font)
        painter.setPen(QColor(ink))
        painter.drawText(figure, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, str(self.quantity))
        width, half = figure.left() - left - px(4), self.height() // 2
        below = f"{self._day} aujourd’hui" + (f" · {self._price}" if self.quantity else "")
        for text, top, size, color in (
            (self.text(), px(4), 15, ink), (below, half, 12.5, t.on_soft if counted else t.ink3),
        ):  # fmt: skip
            painter.setFont(look.font(size))
            painter.setPen(QColor(color))
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, width)
            painter.drawText(QRect(left, top, width, half - px(3)), Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()


class CountersPanel(Panel):
    """`acted` once the count is entered, `changed` at each stroke. What is being counted is kept at each key."""

    acted = Signal()
    changed = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=6)
        self._pending: dict[str, int] = {}
        self._prices: dict[str, int] = {}
        self._day: dict[str, int] = {}
        self._cents = 0
        self.add(label("Compteur rapide", "section"))
        self.hint = label("Lettre : ajouter. Maj + lettre : retirer.", "hint", wrap=True)
        self.add(self.hint)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 4, 0)
        column.setSpacing(5)
        self.rows: dict[str, CounterRow] = {}
        for letter, kind in COUNTER_KEYS.items():
            line = QHBoxLayout()
            line.setSpacing(4)
            made = CounterRow(letter, kind)
            made.clicked.connect(self._added)
            less = KeyButton("−", name=f"Retirer, {made.text()}")
            less.setProperty("kind", kind)
            less.clicked.connect(self._removed)
            line.addWidget(made, 1)
            line.addWidget(less)
            column.addLayout(line)
            self.rows[kind] = made
        column.addWidget(label("Un fax compte pour un, même de plusieurs pages.", "hint", wrap=True))
        self.reason = Choice(list(digital_space.REASONS.items()))
        self.reason.setAccessibleName("Motif des pages")
        title = label("Motif", "label")
        title.setBuddy(self.reason)
        line = row(title, self.reason)
        line.setStretch(1, 1)
        column.addSpacing(4)
        column.addLayout(line)
        self.till = label("", "hint")
        column.addLayout(row(label("Caisse du jour", "hint"), "|", self.till))
        column.addStretch(1)
        self.column.addWidget(scrolled(inside, "Compteurs"), 1)
        self.due = label("", "section")
        self.column.addLayout(row(label("À régler", "strong"), "|", self.due))
        self.save = KeyButton("Valider", "Entrée", "check", kind="primary", name="Valider le compteur")
        self.save.clicked.connect(self.settle)
        self.add(self.save)

    @property
    def counting(self) -> bool:
        return any(self._pending.values())

    def refresh(self) -> None:
        today = date.today()
        self._prices = digital_space.prices()
        self._day = digital_space.counters(today)
        self._pending = {k: v for k, v in drafts.kept(digital_space.PENDING).items() if k in self.rows and v}
        self.till.setText(french.euros(digital_space.takings(today)))
        self._show()

    def forget(self) -> None:
        self._pending = {}
        self._show()

    def change(self, kind: str, by: int) -> None:
        """One more, or one less; what the day holds may be taken back, never more."""
        wanted = max(-self._day.get(kind, 0), min(MOST, self._pending.get(kind, 0) + by))
        self._pending = {k: v for k, v in {**self._pending, kind: wanted}.items() if v}
        drafts.keep(digital_space.PENDING, self._pending)
        self._show()
        self.changed.emit()

    def settle(self) -> None:
        """Enter everything in one act, which one Ctrl+Z takes back."""
        if not self.counting:
            return
        digital_space.settle(self._pending, self.reason.code())
        self._pending = {}
        self.reason.choose("administratif")
        self.acted.emit()

    def _show(self) -> None:
        self._cents = 0
        for kind, made in self.rows.items():
            quantity = self._pending.get(kind, 0)
            cents = digital_space.amount(kind, quantity, self._prices)
            self._cents += cents
            paid = french.euros(cents) if self._prices.get(kind) else "gratuit"
            made.show_count(quantity, paid if quantity else "", self._day.get(kind, 0))
        text = french.euros(self._cents)
        self.due.setText(f"À rendre {french.euros(-self._cents)}" if self._cents < 0 else text)
        self.save.key = "Entrée" if self.counting else ""
        self.save.bar("" if self.counting else "Rien à valider. Tapez I pour une page.")
        self.save.update()

    def _added(self) -> None:
        self.change(self.sender().kind, 1)

    def _removed(self) -> None:
        self.change(self.sender().property("kind"), -1)
