"""One side of a dossier, shown under its heading: what every section answers, and what it says."""

from datetime import date
from typing import NamedTuple

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import dossiers
from desktop.widgets.buttons import KeyButton


class Mark(NamedTuple):
    """Something waits in a section: how many, in which words; `loud` says it above every section, in its tone."""

    count: int
    words: str
    tone: str = "wait"
    loud: bool = False


class Section(QWidget):
    """`acted` and `said` as a room; `left` gives the keyboard back, `asked` names what to bring into sight.

    A digit pressed anywhere in the tab comes to `press`, unless a field has it. Made the first time it is wanted.
    """

    acted = Signal()
    said = Signal(str)
    left = Signal()
    asked = Signal(object)
    wants_letter = Signal(str, str, str)  # the dossier, the template, the step of its path
    wants_print = Signal(str, str)  # a document of `prints.DOCUMENTS`, the dossier

    title, icon = "", "circle"

    def __init__(self) -> None:
        super().__init__()
        self.dossier = ""
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)

    def show_dossier(self, dossier: str) -> None:
        """Show this dossier from its first sight: what was being asked about another is closed."""
        self.dossier = dossier
        self.refresh()

    def refresh(self) -> None:
        """Read the dossier again; what is being typed stays."""

    def clear(self) -> None:
        """Nothing of a person stays in a widget; what was typed is in the encrypted file."""
        self.dossier = ""

    def enter(self) -> None:
        """Somebody came here by the keyboard: take the focus."""
        self.setFocus()

    def press(self, digit: int) -> bool:
        """An action by its digit; False when it means nothing now."""
        return False

    def _press(self, button: KeyButton) -> bool:
        """A button by its digit; one that is shut says why."""
        if button.isEnabled():
            button.click()
        else:
            self.said.emit(button.toolTip())
        return True

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        """What waits here, in as few queries as can be: asked for every section each time a dossier is shown."""
        return None
