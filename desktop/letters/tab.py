"""Courriers (F6): the desk of letters, and the pages behind its doors. One outbox serves them all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from db import store
from desktop.documents import templates
from desktop.documents.template_files import Template
from desktop.jobs import Jobs
from desktop.letters import writing
from desktop.letters.budget_page import BudgetPage
from desktop.letters.cv_page import CVPage
from desktop.letters.desk import LetterDesk
from desktop.letters.outbox import Job, Outbox
from desktop.letters.paper_question import PaperQuestion
from desktop.letters.printer_page import PrinterPage
from desktop.letters.reading_page import ReadingPage
from desktop.letters.register_page import RegisterPage
from desktop.widgets.room import Command, Room


@dataclass(frozen=True)
class Door:
    """A page beside the desk, built when first opened: `closed`, `refresh()`, `enter()`, `forget()`, and what it needs
    of `acted`, `said`, `new()`, `find()`, `print()`."""

    title: str
    command: str
    icon: str
    build: Callable[[Outbox, Jobs], QWidget]


def _forms(outbox: Outbox, _jobs: Jobs) -> QWidget:
    from desktop.letters.forms_page import FormsPage  # with it pypdfium2 and ReportLab: not before somebody wants them

    return FormsPage(outbox)


def _manager(_outbox: Outbox, _jobs: Jobs) -> QWidget:
    from desktop.letters.manager_page import ManagerPage  # the same

    return ManagerPage()


PAGES: dict[str, Door] = {
    "cv": Door("CV", "Écrire un CV", "briefcase", CVPage),
    "budget": Door("Budget", "Faire un budget", "notebook-pen", BudgetPage),
    "register": Door("Registre", "Registre des courriers", "list-checks", lambda outbox, _: RegisterPage(outbox)),
    "forms": Door("Formulaires officiels", "Formulaires officiels", "file-text", _forms),
    "manager": Door("Mes modèles", "Mes modèles de courrier", "pencil", _manager),
    "printer": Door("Imprimante", "Imprimante et enveloppes", "printer", lambda outbox, _: PrinterPage(outbox)),
}
"""The pages behind the doors, in their order under the list of models."""


class LettersTab(Room):
    title, key, icon, rail = "Courriers", "F6", "mail", "Courriers"

    wants_front = Signal()  # a palette command opened a page: bring this tab to the front

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self.outbox = Outbox(self)
        self.outbox.acted.connect(self.acted)
        self.outbox.said.connect(self.said)
        self.outbox.sent.connect(self._sent)
        self.desk = LetterDesk(self.outbox, jobs, {name: door.title for name, door in PAGES.items()})
        self.desk.acted.connect(self.acted)
        self.desk.said.connect(self.said)
        self.desk.reading.connect(self._read)
        self.desk.models.opened.connect(self.open)
        self.heading, self.preview = self.desk.fields.heading, self.desk.preview.view
        self.question = PaperQuestion()
        self.question.yes.connect(self._came_out)
        self.question.again.connect(self._print_again)
        self.question.closed.connect(self._focus_page)
        self.pages: dict[str, QWidget] = {}
        self.reading = ReadingPage()
        self.reading.closed.connect(self.show_desk)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.desk)
        self.stack.addWidget(self.reading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.question)
        column.addWidget(self.stack, 1)
        self._place = None

    # pages

    def page(self, name: str) -> QWidget:
        if name not in self.pages:
            made = self.pages[name] = PAGES[name].build(self.outbox, self._jobs)
            made.closed.connect(self.show_desk)
            for name_, signal in (("acted", self.acted), ("said", self.said)):
                if hasattr(made, name_):
                    getattr(made, name_).connect(signal)
            self.stack.addWidget(made)
        return self.pages[name]

    def open(self, name: str) -> None:
        page = self.page(name)
        self.stack.setCurrentWidget(page)
        page.refresh()
        if self.desk.draft and self.desk.draft.person and hasattr(page, "start_for"):
            page.start_for(self.desk.draft.person)
        page.enter()

    def show_desk(self) -> None:
        self.stack.setCurrentWidget(self.desk)
        self.reading.forget()
        self.desk.refresh()
        self.desk.enter()

    def _read(self, title: str, pdf: bytes) -> None:
        self.stack.setCurrentWidget(self.reading)
        self.reading.read(title, pdf)

    def _focus_page(self) -> None:
        page = self.stack.currentWidget()
        (page.fields.file if page is self.desk else page).setFocus()

    # paper

    def _sent(self, job: Job) -> None:
        if job.made is not None:
            self.question.ask(job)

    def _came_out(self, job: Job) -> None:
        self.outbox.came_out(job.made)

    def _print_again(self, job: Job) -> None:
        self.outbox.send(job, choose=True)

    # what other rooms ask

    def matching(self, text: str) -> list[Template]:
        """For the palette, where a word of a letter's text would hide everything else."""
        self._read_local()
        return self.desk.models.matching(text, bodies=False)

    def choose(self, id: str) -> None:
        self.stack.setCurrentWidget(self.desk)
        self.desk.choose(id)

    def choose_person(self, id: str) -> None:
        self.desk.choose_person(id)

    def start_for_visit(self, visit: str) -> None:
        self.stack.setCurrentWidget(self.desk)
        self.desk.start_for_visit(visit)

    def print_sheet(self, pdf: bytes) -> None:
        """A sheet another room drew, that no register keeps."""
        self.outbox.send(Job(pdf))

    def start_for_dossier(self, dossier: str, template: str = "", step: str = "") -> None:
        self.stack.setCurrentWidget(self.desk)
        self.desk.start_for_dossier(dossier, template, step)

    # the room

    def refresh(self) -> None:
        self._read_local()
        page = self.stack.currentWidget()
        if page is not self.reading:
            page.refresh()

    def _read_local(self) -> None:
        """The place's own templates, once for each place opened."""
        if self._place != store.place():
            self._place = store.place()
            templates.read_local(writing.folder())

    def enter(self) -> None:
        page = self.stack.currentWidget()
        (self.reading.view.setFocus if page is self.reading else page.enter)()

    def forget(self) -> None:
        self.stack.setCurrentWidget(self.desk)
        self.question.forget()
        self.outbox.forget()
        self.reading.forget()
        for page in (self.desk, *self.pages.values()):
            page.forget()

    def new(self) -> None:
        self._do("new")

    def find(self) -> None:
        self._do("find")

    def print(self) -> None:
        self._do("print")

    def enlarge(self) -> None:
        if self.stack.currentWidget() is self.reading:
            self.show_desk()
        elif self.stack.currentWidget() is self.desk:
            self.desk.read()

    def _do(self, act: str) -> None:
        """A key of the room, where the page in front knows it."""
        if known := getattr(self.stack.currentWidget(), act, None):
            known()

    def commands(self) -> tuple[Command, ...]:
        doors = (Command(door.command, partial(self._go, name), "", door.icon) for name, door in PAGES.items())
        return (*doors, Command("Reprendre le courrier mis de côté", self._resume, "", "undo-2"))

    def _go(self, name: str) -> None:
        self.wants_front.emit()
        self.open(name)

    def _resume(self) -> None:
        self.wants_front.emit()
        self.stack.setCurrentWidget(self.desk)
        self.desk.resume()
