"""Labels, panels and forms: one way to name a field, help it, and say what is wrong beside it."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
    QVBoxLayout,
    QWidget,
)  # fmt: skip

from desktop.widgets.look import px


class _Wrapped(QLabel):
    """A label of several lines that keeps the height its words need, in any nest of layouts."""

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._keep()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._keep()

    def setText(self, text: str) -> None:
        if text != self.text():
            super().setText(text)
            self._keep()

    def changeEvent(self, event) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._keep()

    def _keep(self) -> None:
        if self.isVisible():  # before that, its width is not the one it will have
            self.setMinimumHeight(0)  # or what it asks for would never be less than what it keeps
            self.setMinimumHeight(max(0, self.heightForWidth(self.width())))


def label(text: str, role: str = "", *, wrap: bool = False) -> QLabel:
    """Plain text only: what people typed is never read as markup."""
    made = _Wrapped(text) if wrap else QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    if role:
        made.setProperty("role", role)
    made.setWordWrap(wrap)
    return made


def tag(text: str, tone: str = "plain") -> QLabel:
    made = label(text)
    made.setProperty("tone", tone)
    made.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
    return made


def set_tone(widget: QLabel, text: str, tone: str) -> None:
    widget.setText(text)
    restyle(widget, "tone", tone)


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Change a property that the style sheet reads."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Panel(QFrame):
    """A card of the screen, with its column."""

    def __init__(self, *, margins: tuple[int, int, int, int] = (14, 12, 14, 12), spacing: int = 8) -> None:
        super().__init__()
        self.setObjectName("card")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(*margins)
        self.column.setSpacing(spacing)

    def add(self, *items: QWidget, stretch: int = 0) -> None:
        for item in items:
            self.column.addWidget(item, stretch)


def row(*items: QWidget | int | str, spacing: int = 8) -> QHBoxLayout:
    """Widgets side by side; « | » is a stretch, a number a gap."""
    made = QHBoxLayout()
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(spacing)
    for item in items:
        if item == "|":
            made.addStretch(1)
        elif isinstance(item, int):
            made.addSpacing(item)
        else:
            made.addWidget(item)
    return made


class Following(QScrollArea):
    """Wherever keys bring the focus inside, it is in view; under the mouse nothing moves."""

    def __init__(self) -> None:
        super().__init__()
        QApplication.instance().focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is not None and self.widget().isAncestorOf(now) and not QApplication.mouseButtons():
            self.show_whole(now)

    def show_whole(self, field: QWidget) -> None:
        """With its label above, its sentence below, and clear of a toast; Qt only sees to the caret."""
        around = min(field.height() // 2 + px(48), self.viewport().height() // 2)
        middle = field.mapTo(self.widget(), field.rect().center())
        self.ensureVisible(middle.x(), middle.y(), 0, around)
        self.ensureWidgetVisible(field)


def scrolled(inside: QWidget, name: str = "") -> Following:
    """What does not fit at 200 % scrolls; nothing is lost."""
    area = Following()
    area.setWidget(inside)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
    if name:
        area.setAccessibleName(name)
    return area


class Choice(QComboBox):
    """A closed list: codes with their labels; « » first when nothing may be chosen."""

    def __init__(self, choices: list[tuple[str, str]] | None = None, empty: str | None = None) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)
        self.offer(choices or [], empty)

    def offer(self, choices: list[tuple[str, str]], empty: str | None = None) -> None:
        """Change the list, keeping the choice when it is still there; no signal."""
        self.blockSignals(True)
        kept = self.code()
        self.clear()
        if empty is not None:
            self.addItem(empty, "")
        for code, text in choices:
            self.addItem(text, code)
        self.choose(kept)
        self.blockSignals(False)

    def code(self) -> str:
        return self.currentData() or ""

    def choose(self, code: str) -> None:
        found = self.findData(code)
        self.setCurrentIndex(max(found, 0))

    def wheelEvent(self, event) -> None:
        event.ignore()

    def paintEvent(self, event) -> None:
        """What is too long ends with « … »: Qt cuts it in the middle of a letter."""
        painter, option = QStylePainter(self), QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        field = QStyle.SubControl.SC_ComboBoxEditField
        area = self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, field, self)
        shown = self.fontMetrics().elidedText(option.currentText, Qt.TextElideMode.ElideRight, area.width())
        option.currentText = shown
        painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
        painter.end()


class Form(QWidget):
    """Fields by name: label above, help and error under, accessible name and object name = the draft's field."""

    changed = Signal()

    def __init__(self, columns: int = 2) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(10)
        self._columns, self._place = 0, 0
        self.fields: dict[str, QWidget] = {}
        self._boxes: dict[str, tuple[QVBoxLayout, int]] = {}
        self._hidden: frozenset[str] = frozenset()
        self._errors: dict[str, QLabel] = {}
        self._help: dict[str, str] = {}
        self._grid.setRowStretch(999, 1)
        self.set_columns(columns)

    def add(self, name: str, text: str, widget: QWidget, *, help: str = "", columns: int = 1) -> QWidget:
        """Place a field, over as many columns as it wants."""
        widget.setObjectName(name)
        widget.setAccessibleName(text)
        if isinstance(widget, QComboBox):
            widget.view().setAccessibleName(f"{text} : choix")
        box = QVBoxLayout()
        box.setSpacing(3)
        title = label(text, "label", wrap=True)
        title.setBuddy(widget)
        box.addWidget(title)
        box.addWidget(widget)
        note = label(help, "hint", wrap=True)
        box.addWidget(note)
        box.addStretch(1)
        self._boxes[name] = box, columns
        self._set(name)
        note.setVisible(bool(help))  # only now has it a parent: shown without one, it would be a window
        self.fields[name], self._errors[name], self._help[name] = widget, note, help
        self._watch(widget)
        return widget

    def _set(self, name: str) -> None:
        box, columns = self._boxes[name][0], min(self._boxes[name][1], self._columns)
        if self._place % self._columns + columns > self._columns:
            self._place += self._columns - self._place % self._columns
        line, column = divmod(self._place, self._columns)
        self._grid.addLayout(box, line, column, 1, columns)
        self._place += columns

    def show_only(self, names: Iterable[str]) -> None:
        """Show these fields and no other; the others keep what is typed in them."""
        hidden = frozenset(self._boxes) - set(names)
        if hidden == self._hidden:
            return
        self._take_out()
        self._hidden = hidden
        self._place_all()
        for name, (box, _) in self._boxes.items():
            for widget in (box.itemAt(place).widget() for place in range(box.count())):
                if widget is not None:
                    widget.setVisible(name not in hidden and (widget is not self._errors[name] or bool(widget.text())))

    def _take_out(self) -> None:
        for name, (box, _) in self._boxes.items():
            if name not in self._hidden:
                self._grid.removeItem(box)
                box.setParent(None)

    def _place_all(self) -> None:
        self._place = 0
        for name in self._boxes:
            if name not in self._hidden:
                self._set(name)

    def set_columns(self, columns: int) -> None:
        """As many fields a line; they keep their order."""
        if columns == self._columns:
            return
        self._take_out()
        for column in range(max(columns, self._columns)):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns
        self._place_all()

    def widen(self, name: str, columns: int) -> None:
        """How many columns the field takes the next time others are shown."""
        self._boxes[name] = self._boxes[name][0], columns

    def tell(self, name: str, help: str) -> None:
        """What the field says under it, as long as nothing is wrong."""
        self._help[name] = help

    def _watch(self, widget: QWidget) -> None:
        if isinstance(widget, QLineEdit | QPlainTextEdit):
            widget.textChanged.connect(self._emit)
        elif isinstance(widget, QComboBox):
            widget.currentIndexChanged.connect(self._emit)
        elif isinstance(widget, QCheckBox):
            widget.toggled.connect(self._emit)

    def _emit(self, *_: object) -> None:
        self.changed.emit()

    def values(self) -> dict[str, object]:
        """What is typed, as it is: text, code or tick."""
        return {name: value_of(widget) for name, widget in self.fields.items()}

    def fill(self, values: dict[str, object]) -> None:
        """Show these values without telling anybody."""
        self.blockSignals(True)
        for name, value in values.items():
            if name in self.fields:
                set_value(self.fields[name], value)
        self.blockSignals(False)

    def clear(self) -> None:
        self.fill({name: False if isinstance(w, QCheckBox) else "" for name, w in self.fields.items()})
        self.show_problems({})

    def show_problems(
        self, problems: dict[str, str], *, advice: Mapping[str, str] | None = None, focus: bool = False
    ) -> None:
        """One sentence beside each wrong field, else what to look at again there, else its help."""
        for name, widget in self.fields.items():
            wrong, looked = problems.get(name, ""), (advice or {}).get(name, "")
            note = self._errors[name]
            note.setText(wrong or looked or self._help[name])
            restyle(note, "role", "error" if wrong else "advice" if looked else "hint")
            note.setVisible(bool(note.text()) and name not in self._hidden)
            restyle(widget, "wrong", "true" if wrong else "false")
            widget.setAccessibleDescription(note.text())
        first = next((w for name, w in self.fields.items() if name in problems and name not in self._hidden), None)
        if focus and first is not None:
            first.setFocus()

    def error(self, name: str) -> str:
        return self._errors[name].text() if self.fields[name].property("wrong") == "true" else ""


def value_of(widget: QWidget) -> object:
    if isinstance(widget, QLineEdit):
        return widget.text()
    if isinstance(widget, QPlainTextEdit):
        return widget.toPlainText()
    if isinstance(widget, Choice):
        return widget.code()
    return widget.isChecked()


def set_value(widget: QWidget, value: object) -> None:
    if isinstance(widget, QLineEdit):
        widget.setText(str(value or ""))
    elif isinstance(widget, QPlainTextEdit):
        widget.setPlainText(str(value or ""))
    elif isinstance(widget, Choice):
        widget.choose(str(value or ""))
    else:
        widget.setChecked(bool(value))
