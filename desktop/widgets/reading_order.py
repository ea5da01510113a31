"""Tab goes from field to field as one reads them, those made later too: Qt puts these after every other."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLayout, QLineEdit, QScrollArea, QWidget

from desktop.widgets import keys

_ONE_LINE = (QLineEdit, QComboBox, QCheckBox)


def follow_reading(inside: QWidget) -> None:
    """Chain everything `inside` that Tab reaches, from the first, which keeps its place in the window."""
    for one, next_one in pairwise(_stops(inside)):
        QWidget.setTabOrder(one, next_one)


def enter_goes_on(inside: QWidget, event) -> bool:
    """Entrée in a field of one line: on to the next one. Whether it was that."""
    field = inside.focusWidget() if keys.is_enter(event) else None
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not isinstance(field, _ONE_LINE):
        return False
    inside.focusNextChild()
    return True


def _stops(widget: QWidget) -> Iterator[QWidget]:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    if isinstance(widget, QScrollArea) and widget.widget():
        yield from _stops(widget.widget())
    elif widget.layout():
        yield from _stops_of(widget.layout())


def _stops_of(layout: QLayout) -> Iterator[QWidget]:
    for item in map(layout.itemAt, range(layout.count())):
        if item.widget():
            yield from _stops(item.widget())
        elif item.layout():
            yield from _stops_of(item.layout())
