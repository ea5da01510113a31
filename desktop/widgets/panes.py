"""Panes side by side; one at a time, with its tab, when the text is too big for the screen."""

from dataclasses import dataclass

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.widgets.buttons import Chip
from desktop.widgets.look import LOOK, px


@dataclass(frozen=True)
class Pane:
    """`width` at 100 % when it is fixed, else `stretch`."""

    title: str
    widget: QWidget
    width: int = 0
    stretch: int = 1


class Panes(QWidget):
    """`main` is the pane first shown when there is room for one only."""

    def __init__(self, *panes: Pane, main: int = 0) -> None:
        super().__init__()
        self._panes, self._shown = panes, panes[main].widget
        self._aside: tuple[QWidget, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self._tabs = QWidget()
        tabs = QHBoxLayout(self._tabs)
        tabs.setContentsMargins(0, 0, 0, 0)
        tabs.setSpacing(4)
        self._chips: list[Chip] = []
        for pane in panes:
            chip = Chip(pane.title)
            chip.clicked.connect(self._chosen)
            tabs.addWidget(chip)
            self._chips.append(chip)
        column.addWidget(self._tabs)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(12)
        for pane in panes:
            self._line.addWidget(pane.widget, 0 if pane.width else pane.stretch)
        column.addLayout(self._line, 1)
        LOOK.changed.connect(self._arrange)
        self._arrange()

    def bring(self, widget: QWidget) -> None:
        """Show the pane that holds this widget, when only one is shown."""
        for pane in self._panes:
            if pane.widget is widget or pane.widget.isAncestorOf(widget):
                self._shown = pane.widget
        self._arrange()

    def put_aside(self, *widgets: QWidget) -> None:
        """Leave these panes out, and no other."""
        self._aside = widgets
        self._arrange()

    def _chosen(self) -> None:
        self.bring(self._panes[self._chips.index(self.sender())].widget)

    def _arrange(self) -> None:
        self._tabs.setVisible(LOOK.narrow)
        for pane, chip in zip(self._panes, self._chips, strict=True):
            is_out = pane.widget in self._aside
            chip.setChecked(pane.widget is self._shown)
            chip.setVisible(not is_out)
            pane.widget.setVisible(not is_out and (not LOOK.narrow or pane.widget is self._shown))
            if pane.width and not LOOK.narrow:
                pane.widget.setFixedWidth(px(pane.width))
            else:
                pane.widget.setMinimumWidth(0)
                pane.widget.setMaximumWidth(16_777_215)
