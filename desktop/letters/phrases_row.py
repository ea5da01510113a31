"""The sentences a template offers: one chip each; a digit, Espace or a click adds it to the letter."""

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.documents.template_files import Phrase
from desktop.widgets import keys
from desktop.widgets.buttons import Chip
from desktop.widgets.flow import Flow
from desktop.widgets.form import label, row


class PhrasesRow(QWidget):
    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.chips: list[Chip] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row(label("Phrases à ajouter", "label"), "|", label("cochées dans la lettre", "hint")))
        self._flow = Flow()
        column.addLayout(self._flow)

    def offer(self, phrases: tuple[Phrase, ...]) -> None:
        self._flow.clear()
        self.chips = []
        for place, phrase in enumerate(phrases, 1):
            chip = Chip(phrase.label, str(place) if place < 10 else "")
            chip.toggled.connect(self._toggled)
            chip.installEventFilter(self)
            self._flow.addWidget(chip)
            self.chips.append(chip)
        self.setVisible(bool(phrases))

    def chosen(self) -> tuple[int, ...]:
        return tuple(place for place, chip in enumerate(self.chips) if chip.isChecked())

    def choose(self, places: tuple[int, ...]) -> None:
        """Tick these without telling anybody."""
        for place, chip in enumerate(self.chips):
            chip.blockSignals(True)
            chip.setChecked(place in places)
            chip.blockSignals(False)
            chip.updateGeometry()

    def _toggled(self) -> None:
        self.sender().updateGeometry()
        self.changed.emit()

    def eventFilter(self, watched, event) -> bool:
        """The caps are black while the digits answer."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            for chip in self.chips:
                chip.live = event.type() == QEvent.Type.FocusIn
                chip.update()
        return False

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit and digit <= len(self.chips):
            self.chips[digit - 1].toggle()
        else:
            super().keyPressEvent(event)
