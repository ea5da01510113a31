"""Accueil (F5): the queue on the left, the visit in the middle, the day on the right."""

from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout

from db import people, visits
from desktop.intake.board import Board
from desktop.intake.journal_page import JournalPage
from desktop.intake.person_page import PersonPage
from desktop.intake.queue_panel import QueuePanel
from desktop.intake.side_panel import SidePanel
from desktop.intake.visit_panel import VisitPanel, profile_is_due
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.room import Command, Room


class IntakeTab(Room):
    """Recorded visits go out as `acted`; work for other rooms as `wants_dossier` and `wants_letter` (a visit's id)."""

    wants_dossier = Signal(str)
    wants_letter = Signal(str)
    opens_dossier = Signal(str, str)  # the dossier, its section if one is named

    title, key, icon, rail = "Accueil", "F5", "ticket", "Accueil"

    def __init__(self) -> None:
        super().__init__()
        self._pages = QStackedLayout(self)
        self.queue, self.visit, self.side = QueuePanel(), VisitPanel(), SidePanel()
        self.desk = Panes(
            Pane("File d’attente", self.queue, 248),
            Pane("Visite", self.visit),
            Pane("Ma journée", self.side, 260),
            main=1,
        )
        self.journal, self.person = JournalPage(), PersonPage()
        for page in (self.desk, self.journal, self.person):
            self._pages.addWidget(page)
        self.board = Board()

        self.queue.acted.connect(self.acted)
        self.queue.called.connect(self.take)
        self.queue.taken.connect(self.take)
        self.queue.closed.connect(self._queue_closed)
        self.visit.recorded.connect(self._recorded)
        self.visit.acted.connect(self.acted)
        self.visit.began.connect(self._begin)
        self.visit.wants.connect(self._wanted)
        self.side.acted.connect(self.acted)
        self.side.said.connect(self.said)
        self.side.opened_dossier.connect(self.opens_dossier)
        self.side.opened_visit.connect(self.correct)
        self.side.journal.connect(self.show_journal)
        self.journal.corrected.connect(self.correct)
        self.journal.closed.connect(self.show_desk)
        self.journal.acted.connect(self.acted)
        self.person.acted.connect(self.acted)
        self.person.said.connect(self.said)
        self.person.closed.connect(self.show_desk)
        self.person.wants_visit.connect(self.visit_for)
        self.person.opened_visit.connect(self.correct)

    def refresh(self) -> None:
        self.queue.refresh()
        self.side.refresh()
        if self._pages.currentIndex():
            self._pages.currentWidget().refresh()
        self.board.show_numbers(visits.called())
        self._follow_undo()

    def _follow_undo(self) -> None:
        """Undo may have taken back the visit shown, or given back one to finish."""
        draft = self.visit.draft
        if draft and draft.visit and not draft.correcting:
            states = {ticket.id for ticket in visits.open_visits()}
            if draft.visit not in states:
                self.visit.show_nothing()
        if draft and draft.person and not people.is_known(draft.person):
            self.visit.name("")
        if self.visit.draft is None:
            for ticket in visits.open_visits():
                self.take(ticket.id)
                break

    def enter(self) -> None:
        self.visit.setFocus()

    def tick(self, moment: datetime) -> None:
        self.visit.tick(moment)
        if moment.second % 15 == 0:
            self.queue.refresh()

    def badge(self) -> int:
        return len(visits.queue())

    def new(self) -> None:
        """Late entry: a visit that took place before."""
        moment = datetime.now().astimezone()
        draft = visits.kept_draft("new") or visits.Draft(arrived_at=moment, started_at=moment, late=True)
        self.show_desk()
        self.visit.show_visit(draft)

    def find(self) -> None:
        self.visit.person.field.setFocus()

    def enlarge(self) -> None:
        self.board.show_numbers(visits.called())
        self.board.showFullScreen()

    def forget(self) -> None:
        self.visit.show_nothing()
        self.person.forget()
        self.journal.table.paged.clear()
        side = self.side
        self.queue.forget()
        for cards in (side.todo, side.notes.list, side.last, self.visit.person.field.list):
            cards.show_cards([])
        self.show_desk()
        self.board.close()

    def call(self) -> None:
        """F2: call the next; while the one just called has not come, call the same again."""
        draft = self.visit.draft
        if draft and draft.visit and not draft.correcting and draft.demands[0].empty and not draft.person:
            visits.recall(draft.visit)
            self.acted.emit()
            return
        self.show_desk()
        self.queue.call_next()

    def add_to_queue(self) -> None:
        self.show_desk()
        self.desk.bring(self.queue)
        self.queue.open_form()

    def choose_in_queue(self) -> None:
        self.show_desk()
        self.desk.bring(self.queue)
        self.queue.focus_list()

    def take(self, id: str) -> None:
        """Show an open visit, with what was being typed for it."""
        draft = visits.kept_draft(id) or visits.load(id)
        self.queue.show_list()
        self.desk.bring(self.visit)
        self.visit.show_visit(replace(draft, visit=id), profile_due=profile_is_due())

    def correct(self, id: str) -> None:
        draft = visits.load(id)
        if draft.correcting:
            self.show_desk()
            self.visit.show_visit(draft)

    def show_person(self, id: str) -> None:
        self._pages.setCurrentWidget(self.person)
        self.person.show_person(id)

    def visit_for(self, person: str) -> None:
        """Receive this person now: in the visit shown when it is still anonymous, else in a new one."""
        self.show_desk()
        draft = self.visit.draft
        if draft is None or draft.person or draft.correcting or not draft.demands[0].empty:
            self.take(visits.walk_in())
        self.visit.name(person)
        self.acted.emit()

    def receive(self, text: str) -> None:
        """A new visit, its person still to choose among those the text finds."""
        self.take(visits.walk_in())
        self.visit.person.start(text)
        self.acted.emit()

    def show_journal(self) -> None:
        self._pages.setCurrentWidget(self.journal)
        self.journal.refresh()
        self.journal.table.setFocus()

    def show_desk(self) -> None:
        self._pages.setCurrentIndex(0)
        self.desk.bring(self.visit)
        self.visit.setFocus()

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("Appeler le suivant", self.call, "F2", "play"),
            Command("Ajouter à la file", self.add_to_queue, "F3", "user-plus"),
            Command("Choisir dans la file", self.choose_in_queue, "Maj+F2", "users"),
            Command("Écrire une note sur la visite", self.visit.write_note, "F4", "pencil"),
            Command("Saisie tardive", self.new, "Ctrl+N", "history"),
            Command("Comme la précédente", self.visit.like_before, "", "copy"),
            Command("Demander le profil", self.visit.ask_profile, "*", "user"),
            Command("Journal des visites", self.show_journal, "Ctrl+J", "list-checks"),
            Command("Afficher les numéros appelés", self.enlarge, "F11", "maximize"),
        )

    def _begin(self) -> None:
        """A digit or a letter with nobody called: somebody is received at once."""
        id = visits.walk_in()
        draft = visits.load(id)
        self.visit.show_visit(replace(draft, visit=id), profile_due=profile_is_due())
        self.acted.emit()

    def _queue_closed(self) -> None:
        self.queue.show_list()
        self.show_desk()

    def _recorded(self, id: str) -> None:
        self.acted.emit()

    def _wanted(self, what: str, visit: str) -> None:
        (self.wants_dossier if what == "dossier" else self.wants_letter).emit(visit)
