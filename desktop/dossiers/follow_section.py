"""Suivi: what is planned and what was done, and the digits that write the next line."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db import dossiers, drafts, mandates, money, timeline
from desktop.dossiers import words
from desktop.dossiers.ask import InHerName
from desktop.dossiers.closing import Closing, End
from desktop.dossiers.composer import Composer, Log
from desktop.dossiers.delays import Times
from desktop.dossiers.section import Section
from desktop.dossiers.timeline import Timeline
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow


class FollowSection(Section):
    """`postponed` asks for the side panel, `kept` tells whether something typed waits."""

    postponed = Signal()
    kept = Signal(bool)

    title, icon = "Suivi", "history"

    def __init__(self) -> None:
        super().__init__()
        self.sheet: dossiers.Sheet | None = None
        self._times: Times | None = None
        self.timeline = Timeline()
        self.actions = QWidget()
        self.buttons: dict[int, KeyButton] = {}
        for digit, text, icon, act in (
            (1, "Appel", "phone", self._call), (2, "Courrier", "mail", self._letter),
            (3, "Réponse", "inbox", self._answer), (4, "Note", "notebook-pen", self._note),
            (6, "Clore", "badge-check", self._close),
        ):  # fmt: skip
            name = "Réponse reçue" if text == "Réponse" else ""
            button = KeyButton(text, str(digit), icon, name=name)
            button.clicked.connect(act)
            self.buttons[digit] = button
        self.reopen = KeyButton("Rouvrir", "6", "folder-open", name="Rouvrir le dossier")
        self.reopen.clicked.connect(self._reopen)
        self.actions.setLayout(Flow(*self.buttons.values(), self.reopen, spacing=6))
        self.in_her_name = InHerName()
        self.in_her_name.changed.connect(self._bar)
        self.composer = Composer()
        self.composer.done.connect(self._log)
        self.composer.typed.connect(self._keep)
        self.composer.left.connect(self.rest)
        self.composer.asked.connect(self.asked)
        self.closing = Closing()
        self.closing.done.connect(self._closed)
        self.closing.left.connect(self.rest)
        self.closing.asked.connect(self.asked)
        for widget in (self.actions, self.in_her_name, self.composer, self.closing):
            self.column.addWidget(widget)
        self.column.addWidget(self.timeline, 1)
        self._show_foot(self.actions)

    def show_sheet(self, sheet: dossiers.Sheet, events: tuple[timeline.Event, ...], times: Times) -> None:
        """Show a dossier; what is being written in it stays if it is the same."""
        same = self.sheet is not None and self.sheet.id == sheet.id and self.sheet.state == sheet.state
        if self.sheet is None or self.sheet.id != sheet.id:
            self.in_her_name.forget()
        self.dossier, self.sheet, self._times = sheet.id, sheet, times
        self.timeline.show_entries(words.entries(sheet, events, times.today))
        closed = sheet.state == dossiers.CLOSED
        for button in self.buttons.values():
            button.setVisible(not closed)
        self.reopen.setVisible(closed)
        self.in_her_name.show_reason("" if closed else mandates.contact_blocked(sheet.id, times.today))
        self._bar()
        if not same:
            self._show_foot(self.actions)

    def clear(self) -> None:
        super().clear()
        self.sheet = self._times = None
        self.timeline.show_entries(())
        self.timeline.setAccessibleDescription("")
        self.composer.field.setText("")
        self.composer.delays.close_field()
        self.closing.clear()
        self.in_her_name.forget()
        self._show_foot(self.actions)

    def enter(self) -> None:
        self.timeline.setFocus()

    def press(self, digit: int) -> bool:
        if self.sheet is None or not self.actions.isVisibleTo(self):
            return False
        closed = self.sheet.state == dossiers.CLOSED
        if digit == 5 and not closed:
            self.postponed.emit()
            return True
        if self.in_her_name.press(digit):
            return True
        button = (self.reopen if digit == 6 else None) if closed else self.buttons.get(digit)
        return button is not None and self._press(button)

    def rest(self) -> None:
        """Back to the actions; what was typed is kept."""
        self._show_foot(self.actions)
        self.kept.emit(bool(self.sheet and drafts.kept(f"dossier:{self.sheet.id}")))
        self.left.emit()

    def _show_foot(self, shown: QWidget) -> None:
        for widget in (self.actions, self.composer, self.closing):
            widget.setVisible(widget is shown)

    def _bar(self) -> None:
        self.in_her_name.bar(self.buttons[1], self.buttons[2])

    def _call(self) -> None:
        self._compose("appel")

    def _answer(self) -> None:
        self._compose("reponse")

    def _note(self) -> None:
        self._compose("note")

    def _compose(self, kind: str) -> None:
        sheet, times = self.sheet, self._times
        kept = sheet.next_on if kind == "note" and sheet.next_on and sheet.next_on >= times.today else None
        proposal = dossiers.proposal(sheet, times.today, kept, answered=kind == "reponse")
        self._show_foot(self.composer)
        self.composer.start(kind, replace(times, proposal=proposal), drafts.kept(f"dossier:{sheet.id}"))

    def _letter(self) -> None:
        self.wants_letter.emit(self.sheet.id, "", "")

    def _keep(self, values: dict) -> None:
        drafts.keep(f"dossier:{self.sheet.id}", values)

    def _log(self, log: Log) -> None:
        present = self.in_her_name.present.isChecked()
        try:
            dossiers.log(self.sheet.id, log.kind, log.summary, log.due_on, log.answer, present=present)
        except mandates.Blocked as reason:  # revoked meanwhile, by another hand
            self.said.emit(str(reason))
            self.rest()
            return
        self._done()

    def _close(self) -> None:
        self._show_foot(self.closing)
        self.closing.start(self.sheet.id, money.proposed_won(money.of_dossier(self.sheet.id)))

    def _closed(self, end: End) -> None:
        dossiers.close(self.sheet.id, end.result, self._times.today, useful=end.useful, won=end.won, reason=end.reason)
        self._done()

    def _reopen(self) -> None:
        dossiers.reopen(self.sheet.id, self._times.today)
        self._done()

    def _done(self) -> None:
        self._show_foot(self.actions)
        self.left.emit()
        self.acted.emit()
