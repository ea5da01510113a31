"""What each section of the settings offers to the tab."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import keys, store, team
from desktop.widgets.form import label


class Section(QWidget):
    """`acted`: something was recorded and may be undone; `said`: a sentence to show."""

    acted = Signal()
    said = Signal(str)

    title, icon, reserved = "", "settings", ""  # `reserved`: why only the responsable changes it

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 6, 0)
        self.column.setSpacing(10)
        self.locked = label("", "strong", wrap=True)
        self.locked.setProperty("tone", "wait")
        self.locked.hide()
        self.column.addWidget(self.locked)

    def refresh(self) -> None:
        """Read again what is shown."""

    def forget(self) -> None:
        """Nothing secret stays in a field."""

    def may_change(self) -> bool:
        """Say at the top, once, why the rest is off."""
        allowed = not self.reserved or is_responsable()
        self.locked.setText("" if allowed else self.reserved)
        self.locked.setVisible(not allowed)
        return allowed


def is_responsable() -> bool:
    member = team.member(store.mediator())
    return member is not None and member.role == keys.RESPONSABLE
