"""What the window asks of a tab, and what a tab tells the window."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True)
class Command:
    """An action of the palette, with its key so that people learn it."""

    label: str
    run: Callable[[], None]
    key: str = ""
    icon: str = "chevron-right"


class Room(QWidget):
    """`acted`: something was recorded (the window says it and offers « Annuler »); `said`: a sentence to show."""

    acted = Signal()
    said = Signal(str)

    title, key, icon, rail = "", "", "", ""

    def refresh(self) -> None:
        """Read again what is shown."""

    def enter(self) -> None:
        """The tab comes to the front: put the focus where the work is."""

    def tick(self, moment: datetime) -> None:
        """Once a second, while the tab is shown."""

    def new(self) -> None:
        """Ctrl+N."""

    def find(self) -> None:
        """Ctrl+F."""

    def print(self) -> None:
        """Ctrl+P."""

    def enlarge(self) -> None:
        """F11."""

    def forget(self) -> None:
        """The screen is veiled: nothing of a person may stay in a widget."""

    def badge(self) -> int:
        return 0

    def commands(self) -> tuple[Command, ...]:
        return ()
