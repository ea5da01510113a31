"""Over the preview: how many copies, what goes along, and Entrée prints everything as one job."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import preferences
from desktop import french
from desktop.letters import printing
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import label, row, scrolled

MOST = 9
_LAST = "letters.along"


@dataclass(frozen=True)
class Sheet:
    """One thing that may go along with the letter; `usual` is whether it is ticked whatever was done last time."""

    code: str
    label: str
    draw: Callable[[str], bytes]  # with the letter's number
    usual: bool = False


class PrintPanel(QWidget):
    """`printed` on Entrée, `other` to choose a printer, `left` on Échap."""

    printed = Signal()
    other = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Imprimer")
        self.copies = 1
        self._sheets: tuple[Sheet, ...] = ()
        self.chips: list[Chip] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet", name="Ne pas imprimer")
        self.cancel.clicked.connect(self.left)
        column.addLayout(row(label("Imprimer", "section"), "|", self.cancel))
        self.less = KeyButton("−", name="Un exemplaire de moins")
        self.more = KeyButton("+", name="Un exemplaire de plus")
        self.less.clicked.connect(self._less)
        self.more.clicked.connect(self._more)
        self.count = label("", "strong")
        column.addLayout(row(self.less, self.more, self.count, "|"))
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 8, 0)
        self._list.setSpacing(6)
        self._title = label("Imprimer aussi", "label")
        hint = label("Les chiffres cochent. + et − changent le nombre d’exemplaires.", "hint", wrap=True)
        self._list.addWidget(self._title)
        self._list.addWidget(hint)
        self._list.addStretch(1)
        column.addWidget(scrolled(inside, "Imprimer aussi"), 1)
        self.where = label("", "hint", wrap=True)
        column.addWidget(self.where)
        self.choose = KeyButton("Autre imprimante…", kind="quiet")
        self.choose.clicked.connect(self.other)
        self.go = KeyButton("Imprimer", "Entrée", "printer", kind="primary", name="Imprimer maintenant")
        self.go.clicked.connect(self.printed)
        column.addLayout(Flow(self.choose, push=self.go))

    def offer(self, copies: int, sheets: tuple[Sheet, ...]) -> None:
        """What this letter may be printed with; what was ticked last time is ticked again."""
        self.copies, self._sheets = copies, sheets
        last = preferences.get(_LAST, [])
        self.clear()
        for place, sheet in enumerate(sheets, 1):
            chip = Chip(sheet.label, str(place))
            chip.live = True
            chip.setChecked(sheet.usual or sheet.code in last)
            chip.installEventFilter(self)
            self._list.insertWidget(place, chip)
            self.chips.append(chip)
        name = printing.usual()
        self.where.setText(f"Sur : {name}" if name else "Aucune imprimante n’est connue : le système la demandera.")
        self._title.setVisible(bool(sheets))
        self._show_copies()

    def clear(self) -> None:
        for chip in self.chips:
            self._list.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self.chips = []

    def chosen(self) -> tuple[Sheet, ...]:
        """What goes along; what is not always so is remembered for next time."""
        found = [sheet for sheet, chip in zip(self._sheets, self.chips, strict=True) if chip.isChecked()]
        offered = {sheet.code for sheet in self._sheets if not sheet.usual}
        kept = {code for code in preferences.get(_LAST, []) if code not in offered}
        preferences.put(_LAST, sorted(kept | {sheet.code for sheet in found if sheet.code in offered}))
        return tuple(found)

    def _show_copies(self) -> None:
        self.count.setText(french.counted(self.copies, "exemplaire"))
        self.less.setEnabled(self.copies > 1)
        self.more.setEnabled(self.copies < MOST)

    def _less(self) -> None:
        self.copies = max(1, self.copies - 1)
        self._show_copies()

    def _more(self) -> None:
        self.copies = min(MOST, self.copies + 1)
        self._show_copies()

    def eventFilter(self, watched, event) -> bool:
        """Espace ticks; Entrée prints, wherever the focus is."""
        if event.type() == QEvent.Type.KeyPress and keys.is_enter(event):
            self.printed.emit()
            return True
        return False

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit and digit <= len(self.chips):
            self.chips[digit - 1].toggle()
        elif keys.is_more(event):
            self._more()
        elif keys.is_back(event):
            self._less()
        elif keys.is_enter(event):
            self.printed.emit()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
