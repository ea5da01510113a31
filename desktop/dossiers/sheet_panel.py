"""The sheet of a dossier: who, what, where it stands, what can be done by digits, and its timeline."""

from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import dossiers
from desktop.dossiers import words
from desktop.dossiers.composer import Composer, Log, Results
from desktop.dossiers.timeline import Timeline
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, set_tone, tag


@dataclass(frozen=True)
class Times:
    """The open days offered today, and the one the partner's delay proposes."""

    today: date
    days: tuple[date, ...]
    proposed: date
    why: str


class SheetPanel(Panel):
    """`acted` after each act, `wants_letter` with the dossier's id, `left` gives the keyboard back to the list."""

    acted = Signal()
    wants_letter = Signal(str)
    postponed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=6)
        self.sheet: dossiers.Sheet | None = None
        self._times: Times | None = None
        self.heading = label("", "section", wrap=True)
        self.state = tag("", "info")
        self.kept = tag("brouillon gardé", "wait")
        self.column.addLayout(_top(self.heading, self.state, self.kept))
        self.subject = label("", "strong", wrap=True)
        self.facts = label("", "hint", wrap=True)
        self.add(self.subject, self.facts)
        self.timeline = Timeline()

        self.actions = QWidget()
        self._open_buttons: dict[int, KeyButton] = {}
        for digit, text, icon, act in (
            (1, "Appel", "phone", self._call), (2, "Courrier", "mail", self._letter),
            (3, "Réponse", "inbox", self._answer), (4, "Note", "notebook-pen", self._note),
            (6, "Clore", "badge-check", self._close),
        ):  # fmt: skip
            name = "Réponse reçue" if text == "Réponse" else ""
            button = KeyButton(text, str(digit), icon, name=name)
            button.clicked.connect(act)
            self._open_buttons[digit] = button
        self.reopen = KeyButton("Rouvrir", "6", "folder-open", name="Rouvrir le dossier")
        self.reopen.clicked.connect(self._reopen)
        self.actions.setLayout(Flow(*self._open_buttons.values(), self.reopen, spacing=6))
        self.composer = Composer()
        self.composer.done.connect(self._log)
        self.composer.typed.connect(self._keep)
        self.composer.left.connect(self.rest)
        self.results = Results()
        self.results.chosen.connect(self._closed)
        self.results.left.connect(self.rest)
        foot = QWidget()
        inside = QVBoxLayout(foot)
        inside.setContentsMargins(0, 0, 0, 0)
        for widget in (self.actions, self.composer, self.results):
            inside.addWidget(widget)
        self.add(foot)
        self.add(self.timeline, stretch=1)
        self._show_foot(self.actions)

    def show_sheet(self, sheet: dossiers.Sheet, events: tuple[dossiers.Event, ...], times: Times) -> None:
        """Show a dossier; what is being written in it stays if it is the same."""
        same = self.sheet is not None and self.sheet.id == sheet.id and self.sheet.state == sheet.state
        self.sheet, self._times = sheet, times
        self.heading.setText(f"{sheet.last_name} · {sheet.partner_name}, {sheet.kind.casefold()}")
        closed = sheet.state == dossiers.CLOSED
        text = words.result(sheet) if closed else dossiers.STATES.get(sheet.state, sheet.state)
        set_tone(self.state, f"Clos · {text}" if closed else text, words.STATE_TONES.get(sheet.state, "info"))
        self.kept.setVisible(bool(sheet.typed))
        self.subject.setText(sheet.subject)
        self.facts.setText(words.facts(sheet))
        self.timeline.show_entries(words.entries(sheet, events, times.today))
        self.timeline.setAccessibleDescription(self.heading.text())
        for button in self._open_buttons.values():
            button.setVisible(not closed)
        self.reopen.setVisible(closed)
        if not same:
            self._show_foot(self.actions)

    def clear(self) -> None:
        """Nothing of a person stays in a widget."""
        self.sheet = self._times = None
        for shown in (self.heading, self.subject, self.facts):
            shown.setText("")
        self.timeline.show_entries(())
        self.timeline.setAccessibleDescription("")
        self.composer.field.clear()
        self.composer.delays.close_field()
        self._show_foot(self.actions)

    def press(self, digit: int) -> bool:
        """An action by its digit; False when it means nothing now."""
        if self.sheet is None or not self.actions.isVisibleTo(self):
            return False
        if digit == 5 and self.sheet.state != dossiers.CLOSED:
            self.postponed.emit()
            return True
        button = self.reopen if self.sheet.state == dossiers.CLOSED else self._open_buttons.get(digit)
        if button is None or (button is self.reopen and digit != 6):
            return False
        button.click()
        return True

    def rest(self) -> None:
        """Back to the actions; what was typed is kept."""
        self._show_foot(self.actions)
        self.kept.setVisible(bool(self.sheet and dossiers.sheet(self.sheet.id).typed))
        self.left.emit()

    def _show_foot(self, shown: QWidget) -> None:
        for widget in (self.actions, self.composer, self.results):
            widget.setVisible(widget is shown)

    def _call(self) -> None:
        self._compose("appel")

    def _answer(self) -> None:
        self._compose("reponse")

    def _note(self) -> None:
        self._compose("note")

    def _compose(self, kind: str) -> None:
        sheet, times = self.sheet, self._times
        proposed, why = times.proposed, times.why
        if kind == "note" and sheet.next_on and sheet.next_on >= times.today:
            proposed, why = sheet.next_on, "Garder"
        self._show_foot(self.composer)
        typed = dossiers.kept_draft(sheet.id)
        self.composer.start(kind, times.today, times.days, proposed, why, typed)

    def _letter(self) -> None:
        self.wants_letter.emit(self.sheet.id)

    def _keep(self, values: dict) -> None:
        dossiers.keep_draft(self.sheet.id, values)

    def _log(self, log: Log) -> None:
        dossiers.log(self.sheet.id, log.kind, log.summary, log.due_on, log.answer)
        self._done()

    def _close(self) -> None:
        self._show_foot(self.results)
        self.results.setFocus()

    def _closed(self, result: str) -> None:
        dossiers.close(self.sheet.id, result, self._times.today)
        self._done()

    def _reopen(self) -> None:
        dossiers.reopen(self.sheet.id, self._times.today)
        self._done()

    def _done(self) -> None:
        self._show_foot(self.actions)
        self.left.emit()
        self.acted.emit()


def _top(heading: QWidget, *tags: QWidget):
    line = row(heading, *tags)
    line.setStretch(0, 1)
    return line
