"""When to follow up: Entrée as proposed, 1 the next open day, 3 or 7 days, 0 another date; closed days are skipped."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import dossiers, preferences, reminders
from desktop import french
from desktop.dossiers.words import weekday
from desktop.widgets import keys
from desktop.widgets.buttons import Chip
from desktop.widgets.flow import Flow
from desktop.widgets.form import label, restyle

STEPS = ((1, ""), (3, "3 jours"), (7, "7 jours"))
OTHER, PROPOSED = "0", ""


@dataclass(frozen=True)
class Times:
    """The open days offered today, and the one proposed."""

    today: date
    days: tuple[date, ...]
    proposal: dossiers.Proposal


class Delays(QWidget):
    """`chosen` carries an open day. The keys show, and answer, only while `live`. One above another when `narrow`."""

    chosen = Signal(object)
    left = Signal()

    def __init__(self, *, narrow: bool) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        self._days: dict[str, date] = {}
        self._today = date.today()
        self.live = False
        self.reason = label("", wrap=True)
        self.reason.setProperty("tone", "wait")
        column.addWidget(self.reason)
        self.proposal = Chip("")
        self.chips = {PROPOSED: self.proposal, **{str(offset): Chip(text) for offset, text in STEPS}}
        self.chips[OTHER] = Chip("Autre date")
        for key, chip in self.chips.items():
            chip.setProperty("day", key)
            chip.clicked.connect(self._clicked)
        if narrow:
            for chip in self.chips.values():
                column.addWidget(chip)
        else:
            column.addLayout(Flow(*self.chips.values()))
        self.field = QLineEdit(placeholderText="30/11")
        self.field.setObjectName("due_on")
        self.field.setAccessibleName("Autre date de relance")
        self.field.installEventFilter(self)
        self.note = label("", "hint", wrap=True)
        column.insertWidget(0, self.field)
        column.insertWidget(1, self.note)
        self.close_field()

    def offer(self, times: Times) -> None:
        """Show the open days of STEPS and the proposed one; say what it must not miss, and which days would.

        Before closed days, two steps may fall on the same day: it shows once, and both digits answer.
        """
        self._today, proposal, late, shown = times.today, times.proposal, [], None
        for (offset, text), day in zip(STEPS, times.days, strict=True):
            word = french.reopening(day, times.today) if offset == 1 else text
            self._word(str(offset), day, word)
            self.chips[str(offset)].setVisible(day != shown)
            if proposal.last and day > proposal.last and day != shown:
                late.append(word.casefold())
            shown = day
        self._word(PROPOSED, proposal.day, proposal.word)
        after = f"Après la dernière date : {', '.join(late)}" if late else ""
        self.reason.setText(" ".join(f"{said}." for said in (proposal.reason, after) if said))
        self.reason.setVisible(bool(self.reason.text()))

    def set_live(self, live: bool) -> None:
        """Show the keys, in black, because they answer now."""
        self.live = live
        for key, chip in self.chips.items():
            _cap(chip, (key or "Entrée") if live else "")
        if not live:
            self.close_field()

    def press(self, digit: int) -> bool:
        """Answer by a digit; False when it means nothing here."""
        if str(digit) == OTHER:
            self.open_field()
            return True
        if str(digit) in self._days:
            self.chosen.emit(self._days[str(digit)])
            return True
        return False

    def accept_proposal(self) -> None:
        self.chosen.emit(self._days[PROPOSED])

    def open_field(self) -> None:
        self.field.show()
        self.field.setFocus()

    def close_field(self) -> None:
        self.field.setText("")
        self.field.hide()
        self._say("")

    def problem(self) -> str:
        return self.note.text() if self.field.property("wrong") == "true" else ""

    def _word(self, key: str, day: date, word: str) -> None:
        self._days[key] = day
        self.chips[key].rename(f"{word} · {weekday(day)}")

    def _clicked(self) -> None:
        chip = self.sender()
        chip.setChecked(False)
        key = chip.property("day")
        if key == OTHER:
            self.open_field()
        else:
            self.chosen.emit(self._days[key])

    def _read(self) -> None:
        day = french.parse_date(self.field.text(), self._today)
        if day is None:
            self._say("Cette date n’existe pas. Exemple : 30/11.", wrong=True)
        elif day < self._today:
            self._say("Cette date est passée. Exemple : 30/11.", wrong=True)
        elif (day - self._today).days > 730:
            self._say("Cette date est trop lointaine. Exemple : 30/11.", wrong=True)
        else:
            self.chosen.emit(preferences.next_open_day(day))

    def _say(self, sentence: str, *, wrong: bool = False) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        restyle(self.note, "role", "error" if wrong else "hint")
        restyle(self.field, "wrong", "true" if wrong else "false")
        self.field.setAccessibleDescription(sentence)

    def eventFilter(self, watched, event) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            if keys.is_enter(event):
                self._read()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_field()
                self.left.emit()
                return True
        return False


def _cap(chip: Chip, key: str) -> None:
    chip.key, chip.live = key, bool(key)
    chip.setAccessibleDescription(f"Touche {key}" if key else "")
    chip.updateGeometry()
    chip.update()


def offered(today: date) -> tuple[date, ...]:
    """The open days of STEPS; the hours are read once."""
    return reminders.open_days(today, [offset for offset, _ in STEPS])
