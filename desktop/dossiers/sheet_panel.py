"""The sheet of a dossier: who, what, where it stands, what must not be missed, then one section at a time."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db import dossiers, timeline
from desktop.dossiers import words
from desktop.dossiers.delays import Times
from desktop.dossiers.follow_section import FollowSection
from desktop.dossiers.section import Mark, Section
from desktop.dossiers.section_row import SectionRow
from desktop.dossiers.sections import FIRST, SECTIONS
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import Panel, label, restyle, row, set_tone, tag


class SheetPanel(Panel):
    """`acted` and `said` as a room; `left` gives the keyboard back to the list, `asked` names what to look at."""

    acted = Signal()
    said = Signal(str)
    wants_letter = Signal(str, str, str)
    wants_print = Signal(str, str)
    postponed = Signal()
    corrects = Signal(str)
    left = Signal()
    asked = Signal(object)

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=6)
        self.sheet: dossiers.Sheet | None = None
        self._shown = FIRST
        self._built: dict[str, Section] = {}
        self.heading = label("", "section", wrap=True)
        self.state = tag("", "info")
        self.kept = tag("brouillon gardé", "wait")
        self.correct = KeyButton("Corriger", "7", "pencil", kind="quiet", name="Corriger le dossier")
        self.correct.clicked.connect(self._correct)
        self.column.addLayout(_top(self.heading, self.state, self.kept, self.correct))
        self.subject = label("", "strong", wrap=True)
        self.facts = label("", "hint", wrap=True)
        self.warning = label("", wrap=True)
        self.warning.setProperty("tone", "wait")
        self.row = SectionRow(SECTIONS)
        self.row.chosen.connect(self.open)
        self.add(self.subject, self.facts, self.warning, self.row)
        self._below = QWidget()
        self.column.addWidget(self._below, 1)
        self.follow: FollowSection = self.section(FIRST)
        self.follow.postponed.connect(self.postponed)
        self.follow.kept.connect(self.kept.setVisible)
        self.warning.hide()
        self._bring(FIRST)

    def section(self, name: str) -> Section:
        """A section, built and wired the first time it is wanted."""
        if name not in self._built:
            made = self._built[name] = SECTIONS[name]()
            made.hide()
            self.column.addWidget(made, 1)
            for signal in ("acted", "said", "left", "asked", "wants_letter", "wants_print"):
                getattr(made, signal).connect(getattr(self, signal))
        return self._built[name]

    @property
    def shown(self) -> str:
        return self._shown

    def show_sheet(self, sheet: dossiers.Sheet, events: tuple[timeline.Event, ...], times: Times) -> None:
        """Show a dossier: another one from its first section, the same one where it was."""
        same = self.sheet is not None and self.sheet.id == sheet.id
        self.sheet = sheet
        self.heading.setText(words.heading(sheet))
        closed = sheet.state == dossiers.CLOSED
        text = words.result(sheet) if closed else dossiers.STATES.get(sheet.state, sheet.state)
        set_tone(self.state, f"Clos · {text}" if closed else text, words.STATE_TONES.get(sheet.state, "info"))
        self.kept.setVisible(bool(sheet.typed) and not closed)
        self.subject.setText(words.HIDDEN if sheet.hidden else sheet.subject)
        self.facts.setText(words.facts(sheet))
        self.row.setVisible(not sheet.hidden)
        self.correct.setVisible(not sheet.hidden and not closed)
        self.follow.show_sheet(sheet, events, times)
        self.follow.timeline.setAccessibleDescription(self.heading.text())
        self._show_marks({} if sheet.hidden else marks(sheet, times.today))
        if sheet.hidden:
            self._bring("")
        elif not same or not self._shown:
            self._bring(FIRST)
        elif self._shown != FIRST:
            self.section(self._shown).refresh()

    def clear(self) -> None:
        """Nothing of a person stays in a widget."""
        self.sheet = None
        for shown in (self.heading, self.subject, self.facts):
            shown.setText("")
        self._show_marks({})
        for section in self._built.values():
            section.clear()
        self._bring(FIRST)

    def open(self, name: str) -> None:
        """Show a section of this dossier, and give it the keyboard."""
        if self.sheet is None or self.sheet.hidden:
            return
        section = self.section(name)
        if name != FIRST and name != self._shown:
            section.show_dossier(self.sheet.id)
        self._bring(name)
        section.enter()

    def choose_section(self) -> None:
        """The digits, and the arrows, go to the row of sections."""
        if self.sheet is not None and not self.sheet.hidden:
            self.row.take_keyboard()

    def press(self, digit: int) -> bool:
        """An action of the section shown, by its digit; False when it means nothing now."""
        if self.sheet is None or self.sheet.hidden:
            return False
        if self.section(self._shown).press(digit):
            return True
        if digit == 7 and self.correct.isVisibleTo(self):
            self._correct()
            return True
        return False

    def _bring(self, name: str) -> None:
        self._shown = name
        self._below.setVisible(not name)
        if name:
            self.row.choose(name)
        for other, section in self._built.items():
            section.setVisible(other == name)

    def _show_marks(self, found: dict[str, Mark]) -> None:
        self.row.show_marks(found)
        loud = [mark for mark in found.values() if mark.loud]
        self.warning.setText("\n".join(mark.words for mark in loud))
        restyle(self.warning, "tone", "urgent" if any(mark.tone == "urgent" for mark in loud) else "wait")
        self.warning.setVisible(bool(loud))

    def _correct(self) -> None:
        self.corrects.emit(self.sheet.id)


def marks(sheet: dossiers.Sheet, today: date) -> dict[str, Mark]:
    """What waits in each section, by its name."""
    return {name: mark for name, kind in SECTIONS.items() if (mark := kind.mark(sheet, today))}


def _top(heading: QWidget, *tags: QWidget):
    line = row(heading, *tags)
    line.setStretch(0, 1)
    return line
