"""One step on the screen: a line when answered or to come, a grid of chips when it is the one to answer."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.intake.steps import Option
from desktop.widgets import look
from desktop.widgets.buttons import Chip
from desktop.widgets.form import label
from desktop.widgets.look import LOOK, px

PAGE, COLUMNS = 9, 3


class _Gutter(QWidget):
    """The step's number and name; a tick once it is answered."""

    def __init__(self, number: int, title: str) -> None:
        super().__init__()
        self.number, self.title, self.state = number, title, "later"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        LOOK.changed.connect(self.updateGeometry)

    def set_state(self, state: str) -> None:
        self.state = state
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(92), px(34 if LOOK.compact else 40))

    def paintEvent(self, event) -> None:
        t = LOOK.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = self.state == "live"
        disc = QRectF(1, self.height() / 2 - px(10), px(20), px(20))
        painter.setPen(QPen(QColor(t.ink if live else t.border), 1))
        painter.setBrush(QColor(t.ink if live else t.surface))
        painter.drawEllipse(disc)
        if self.state == "done":
            look.draw_icon(painter, "check", disc.adjusted(px(3), px(3), -px(3), -px(3)).toRect(), t.ok)
        else:
            painter.setFont(look.font(12, 700))
            painter.setPen(QColor(t.surface if live else t.ink3))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(self.number))
        painter.setFont(look.font(14, 700 if live else 600))
        painter.setPen(QColor(t.ink if live else t.ink2 if self.state == "done" else t.ink3))
        painter.drawText(self.rect().adjusted(px(28), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.title)
        painter.end()


class StepRow(QWidget):
    answered = Signal(str, str)
    reopened = Signal(str)

    def __init__(self, number: int, name: str, title: str) -> None:
        super().__init__()
        self.name, self.title = name, title
        self._options: tuple[Option, ...] = ()
        self._chips: list[Chip] = []
        self._chosen, self._live, self._page, self._shown = "", False, 0, None
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(4)
        self._gutter = _Gutter(number, title)
        line.addWidget(self._gutter, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(2)
        self._grid = QGridLayout()
        self._grid.setSpacing(4)
        column.addLayout(self._grid)
        self._error = label("", "error")
        self._error.hide()
        column.addWidget(self._error)
        line.addLayout(column, 1)
        LOOK.changed.connect(self._place)

    def show_state(self, options: tuple[Option, ...], chosen: str, *, live: bool) -> None:
        """Draw again only what changed: this runs at each key."""
        if chosen != self._chosen or not live:
            self._page = 0
        self._options, self._chosen, self._live = options, chosen, live
        self._gutter.set_state("live" if live else "done" if chosen else "later")
        shown = (options, chosen, live, self._page)
        if shown != self._shown:
            self._shown = shown
            self._draw()

    def show_problem(self, sentence: str) -> None:
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))

    def problem(self) -> str:
        return self._error.text()

    def press(self, digit: int) -> bool:
        """Answer by its digit; 0 shows the choices after the ninth."""
        if digit == 0 and len(self._options) > PAGE:
            self._page = 1 - self._page
            self._shown = None
            self.show_state(self._options, self._chosen, live=True)
            return True
        index = self._page * PAGE + digit - 1
        if digit and index < len(self._options):
            self.answered.emit(self.name, self._options[index].code)
            return True
        return False

    def _draw(self) -> None:
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        self._chips = []
        if not self._live:
            self._draw_line()
            return
        start = self._page * PAGE
        page = self._options[start : start + PAGE]
        chips = [self._chip(option, str(place)) for place, option in enumerate(page, 1)]
        if len(self._options) > PAGE:
            more = Chip("Autres choix" if self._page == 0 else "Premiers choix", "0")
            more.live = True
            more.clicked.connect(self._turn)
            chips.append(more)
        self._chips = chips
        self._place()

    def minimumSizeHint(self) -> QSize:
        """As wide as one chip: those placed on a line never keep the page from getting narrower."""
        least = super().minimumSizeHint()
        narrow = self._gutter.sizeHint().width() + self._widest()
        return QSize(min(least.width(), narrow) if self._chips else least.width(), least.height())

    def _widest(self) -> int:
        return max((chip.sizeHint().width() for chip in self._chips), default=0) + self._grid.spacing()

    def _place(self) -> None:
        """As many chips a line as their words allow, three at most."""
        if not self._chips:
            return
        widest = self._widest()
        self._columns = max(1, min(COLUMNS, (self.width() - self._gutter.sizeHint().width()) // widest))
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < self._columns else 0)
        for place, chip in enumerate(self._chips):
            self._grid.addWidget(chip, place // self._columns, place % self._columns)
            chip.show()

    def _chip(self, option: Option, key: str) -> Chip:
        chip = Chip(option.label, key, option.icon)
        chip.live = True
        chip.setChecked(option.code == self._chosen)
        chip.setProperty("code", option.code)
        chip.clicked.connect(self._clicked)
        return chip

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._place()

    def _draw_line(self) -> None:
        option = next((o for o in self._options if o.code == self._chosen), None)
        if option is None:
            text = f"1 à {min(9, len(self._options))}" if self._options else ""
            self._grid.addWidget(label(text, "hint"), 0, 0)
            return
        chip = Chip(option.label, "", option.icon)
        chip.setChecked(True)
        chip.setAccessibleName(f"{self.title} : {option.label}")
        chip.setAccessibleDescription("Cliquez pour changer")
        chip.clicked.connect(self._reopen)
        self._grid.addWidget(chip, 0, 0)
        self._grid.setColumnStretch(0, 2)
        self._grid.setColumnStretch(1, 1)
        self._grid.setColumnStretch(2, 0)

    def _clicked(self) -> None:
        self.answered.emit(self.name, self.sender().property("code"))

    def _turn(self) -> None:
        self.press(0)

    def _reopen(self) -> None:
        self.reopened.emit(self.name)
