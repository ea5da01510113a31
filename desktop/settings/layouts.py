"""Arrangements that follow the width: side by side when there is room, one under the other when there is not."""

from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.widgets.form import Form, scrolled


class Beside(QWidget):
    """Widgets side by side, with their stretches; stacked when their minimum widths do not fit."""

    def __init__(self, *widgets: QWidget, stretches: tuple[int, ...] = (), spacing: int = 12) -> None:
        super().__init__()
        self._widgets = widgets
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(spacing)
        for place, widget in enumerate(widgets):
            self._line.addWidget(widget, stretches[place] if stretches else 1)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(_width(widget) for widget in self._shown()), super().minimumSizeHint().height())

    def event(self, event) -> bool:
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._arrange()
        return super().event(event)

    def _arrange(self) -> None:
        shown = self._shown()
        needed = sum(_width(widget) for widget in shown) + self._line.spacing() * (len(shown) - 1)
        fits = self.width() >= needed
        wanted = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._line.direction() != wanted:
            self._line.setDirection(wanted)
            self.updateGeometry()

    def _shown(self) -> list[QWidget]:
        return [widget for widget in self._widgets if not widget.isHidden()] or list(self._widgets)


class FormsBeside(Beside):
    """Several forms that read as one: fields in two columns when there is room, in one when there is not."""

    changed = Signal()

    def __init__(self, *forms: Form) -> None:
        super().__init__(*forms)
        self._forms = forms
        self.fields: dict[str, QWidget] = {name: field for form in forms for name, field in form.fields.items()}
        for form in forms:
            form.changed.connect(self.changed)

    def values(self) -> dict[str, object]:
        return {name: value for form in self._forms for name, value in form.values().items()}

    def show_problems(self, problems: dict[str, str], *, focus: bool = False) -> None:
        for form in reversed(self._forms):  # the first wrong field has the last word on the focus
            form.show_problems(problems, focus=focus)

    def error(self, name: str) -> str:
        return next(form.error(name) for form in self._forms if name in form.fields)


def followed(inside: QWidget, name: str = "") -> QScrollArea:
    """A scrolled page that brings into view whatever takes the focus, by Tab or by the program."""
    area = scrolled(inside, name)
    _Follower(area)
    return area


class _Follower(QObject):
    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._area = area
        self._later = QTimer(self, singleShot=True, interval=0)  # once what was just shown has its place
        self._later.timeout.connect(self._bring)
        QApplication.instance().focusChanged.connect(self._focused)

    def _focused(self, _old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._area.isAncestorOf(new):
            self._later.start()

    def _bring(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self._area.isAncestorOf(focused):
            self._area.ensureWidgetVisible(focused, 0, focused.height())


class Pile(QWidget):
    """Pages of which one is shown, and only as high as that one (a QStackedWidget is as high as its highest)."""

    def __init__(self, *pages: QWidget) -> None:
        super().__init__()
        self._pages = pages
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for page in pages:
            column.addWidget(page)
        self.show_page(0)

    def place(self) -> int:
        return self._place

    def show_page(self, place: int) -> None:
        self._place = place
        for number, page in enumerate(self._pages):
            page.setVisible(number == place)


def _width(widget: QWidget) -> int:
    return max(widget.minimumSizeHint().width(), widget.minimumWidth())
