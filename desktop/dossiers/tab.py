"""Dossiers (F7): deadlines on the left, the dossier in the middle, what comes next on the right."""

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from db import dossier_lists, dossiers, mandates, money, steps, timeline
from desktop import french
from desktop.dossiers import words
from desktop.dossiers.calls_page import CallsPage
from desktop.dossiers.delays import Times, offered
from desktop.dossiers.opening_form import OpeningForm
from desktop.dossiers.sections import SECTIONS
from desktop.dossiers.sheet_panel import SheetPanel
from desktop.dossiers.side_panel import SidePanel
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, scrolled, tag
from desktop.widgets.look import LOOK
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.room import Command, Room


class DossiersTab(Room):
    """`open_for(visit)` and `show_dossier(id)` are the doors in.

    `wants_letter` carries a dossier, a template and a step of its path, or none; `wants_print` a document of `prints` and the dossier;
    `wants_front` brings the tab to the front, where a command of the palette chose something in it.
    """

    wants_letter = Signal(str, str, str)
    wants_print = Signal(str, str)
    wants_front = Signal()

    title, key, icon, rail = "Dossiers", "F7", "folder-open", "Dossiers"

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[dossier_lists.Line, ...] = ()
        self._everything: tuple[dossier_lists.Line, ...] | None = None
        self._dates = words.Dates()
        self._wanted: str | None = None
        self._asked: QWidget | None = None
        self.sheet, self.side, self.form = SheetPanel(), SidePanel(), OpeningForm()
        self.empty = Panel()
        self.nothing = label("", "section", wrap=True)
        self.what_to_do = label("", "hint")
        self.empty.add(self.nothing, self.what_to_do)
        self.empty.column.addStretch(1)
        self.pages = QStackedWidget()
        self._page = scrolled(self.sheet, "Dossier")
        for page in (self._page, self.form, self.empty):
            self.pages.addWidget(page)
        self.panes = Panes(
            Pane("Échéances", self._make_list(), 256),
            Pane("Dossier", self.pages),
            Pane("Relance", self.side, 244),
        )
        self.calls: CallsPage | None = None
        self.screens = QStackedWidget()
        self.screens.addWidget(self.panes)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.screens)

        self.sheet.acted.connect(self.acted)
        self.sheet.said.connect(self.said)
        self.sheet.wants_letter.connect(self.wants_letter)
        self.sheet.wants_print.connect(self.wants_print)
        self.sheet.postponed.connect(self._postpone)
        self.sheet.corrects.connect(self._correct)
        self.sheet.left.connect(self._back)
        self.sheet.asked.connect(self._look_at)
        self._page.verticalScrollBar().rangeChanged.connect(self._follow)
        self.side.acted.connect(self.acted)
        self.side.left.connect(self._back)
        self.form.opened.connect(self._opened)
        self.form.corrected.connect(self._opened)
        self.form.acted.connect(self.acted)
        self.form.left.connect(self._leave_form)

    def _make_list(self) -> Panel:
        panel = Panel()
        self.count = tag("", "plain")
        panel.column.addLayout(row(label("Dossiers", "section"), "|", self.count))
        self.filter = QLineEdit(placeholderText="Nom, partenaire, référence")
        self.filter.setAccessibleName("Filtrer les dossiers")
        self.filter.setAccessibleDescription("Touche Ctrl+F")
        self.filter.textChanged.connect(self._filtered)
        self.filter.returnPressed.connect(self._back)
        self.list = CardList("Dossiers par échéance")
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._chosen)
        self.add = KeyButton("Nouveau dossier", "Ctrl+N", "folder-plus")
        self.add.clicked.connect(self.new)
        panel.add(self.filter)
        panel.add(self.list, stretch=1)
        self.to_calls = KeyButton("Liste d’appels", icon="phone", kind="quiet", name="Liste d’appels d’un partenaire")
        self.to_calls.clicked.connect(self.open_calls)
        panel.column.addLayout(Flow(self.add, self.to_calls))
        return panel

    # what the window asks

    def refresh(self) -> None:
        today = date.today()
        self._dates = _dates(today)
        self._lines = tuple(words.by_deadline(dossier_lists.lines(today), self._dates.last, today))
        self._everything = None
        opened = sum(line.state != dossiers.CLOSED for line in self._lines)
        self.count.setText(french.counted(opened, "ouvert"))
        self._list()
        if self._calling():
            self.calls.refresh()

    def enter(self) -> None:
        if self._calling():
            self.calls.enter()
        elif self.pages.currentWidget() is not self.form:
            self._focus_list()

    def new(self) -> None:
        self.open_for("")

    def find(self) -> None:
        self.screens.setCurrentWidget(self.panes)
        self.panes.bring(self.list)
        self.filter.setFocus()
        self.filter.selectAll()

    def forget(self) -> None:
        self._lines, self._everything, self._wanted, self._dates = (), None, None, words.Dates()
        self.filter.blockSignals(True)
        self.filter.setText("")
        self.filter.blockSignals(False)
        self._say_nothing("")
        self.list.show_cards([])
        self.sheet.clear()
        self.side.clear()
        self.form.clear()
        self.pages.setCurrentWidget(self.empty)
        if self.calls is not None:
            self.calls.forget()

    def badge(self) -> int:
        return dossier_lists.count_due(date.today())

    def commands(self) -> tuple[Command, ...]:
        return (
            Command("Ouvrir un dossier", partial(self._in_front, self.new), "Ctrl+N", "folder-plus"),
            Command("Filtrer les dossiers", partial(self._in_front, self.find), "Ctrl+F", "search"),
            Command("Liste d’appels", partial(self._in_front, self.open_calls), "", "phone"),
            *(
                Command(f"Dossier : {kind.title}", partial(self._go, name), "", kind.icon)
                for name, kind in SECTIONS.items()
            ),
            Command("Dossier : corriger", self._correct_shown, "", "pencil"),
        )

    def _in_front(self, act: Callable[[], None]) -> None:
        self.wants_front.emit()
        act()

    def _go(self, section: str) -> None:
        """A section of the dossier shown, from the palette."""
        if self._one_shown():
            self.panes.bring(self.pages)
            self.sheet.open(section)

    def _correct_shown(self) -> None:
        if self._one_shown():
            self._correct(self.sheet.sheet.id)

    def _one_shown(self) -> bool:
        """Come to the front; say so when no dossier one may read is there."""
        self.wants_front.emit()
        shown = self.sheet.sheet is not None and not self.sheet.sheet.hidden
        if not shown:
            self.said.emit("Choisissez d’abord un dossier dans la liste.")
        return shown

    def document(self, name: str, dossier: str) -> tuple[str, bytes]:
        """A document asked by `wants_print`: its title and its pages."""
        from desktop.dossiers import prints

        return prints.document(name, dossier)

    # doors

    def open_calls(self) -> None:
        """The partners' lists of customers to call, instead of the dossiers."""
        if self.calls is None:
            self.calls = CallsPage()
            self.calls.acted.connect(self.acted)
            self.calls.said.connect(self.said)
            self.calls.opened.connect(self._opened)
            self.calls.left.connect(self._leave_calls)
            self.screens.addWidget(self.calls)
        self.screens.setCurrentWidget(self.calls)
        self.calls.enter()

    def _calling(self) -> bool:
        return self.calls is not None and self.screens.currentWidget() is self.calls

    def _leave_calls(self) -> None:
        self.screens.setCurrentWidget(self.panes)
        self._focus_list()

    def open_for(self, visit: str) -> None:
        """A new dossier from a visit, or from nothing; if the visit has its dossier already, show it."""
        known = dossiers.of_visit(visit) if visit else None
        if known:
            self.show_dossier(known)
            self.said.emit("Cette visite a déjà son dossier.")
            return
        self.screens.setCurrentWidget(self.panes)
        self.pages.setCurrentWidget(self.form)
        self.panes.bring(self.pages)
        self.side.clear()
        self.form.start(visit)

    def show_dossier(self, id: str, section: str = "") -> None:
        """Bring one dossier to the front, even an old closed one, at this section."""
        self.screens.setCurrentWidget(self.panes)
        self.filter.blockSignals(True)
        self.filter.setText("")
        self.filter.blockSignals(False)
        self._lines = dossier_lists.lines(date.today())
        if all(line.id != id for line in self._lines):
            self._lines += tuple(line for line in dossier_lists.lines(date.today(), all_closed=True) if line.id == id)
        self._wanted = id
        self.pages.setCurrentWidget(self._page)
        self._list()
        self._back()
        if section:
            self.panes.bring(self.pages)
            self.sheet.open(section)

    # inside

    def _list(self) -> None:
        text = self.filter.text()
        if french.fold(text):
            if self._everything is None:
                today = date.today()
                lines = dossier_lists.lines(today, all_closed=True)
                self._everything = tuple(words.by_deadline(lines, self._dates.last, today))
            shown = list(dossier_lists.matching(self._everything, text))
        else:
            shown = list(self._lines)
        self._say_nothing(text.strip())
        current = self._wanted or self.list.current_id()
        ids = [line.id for line in shown]
        current = current if current in ids else next(iter(ids), None)
        self._wanted = None
        self.list.blockSignals(True)
        self.list.show_cards(words.cards(shown, date.today(), self._dates), select=current or "")
        self.list.blockSignals(False)
        self._show(current)

    def _say_nothing(self, text: str) -> None:
        """What to read where no dossier shows."""
        self.nothing.setText(f"Rien ne correspond à « {text} »." if text else "Aucun dossier ici.")
        self.what_to_do.setText("Échap efface la recherche." if text else "Ctrl+N ouvre un dossier.")
        self.list.empty = f"{self.nothing.text()}\n{self.what_to_do.text()}"

    def _filtered(self) -> None:
        self._list()

    def _moved(self, id: str) -> None:
        if self.pages.currentWidget() is self.form:
            self.pages.setCurrentWidget(self._page)
            self._show(id)
        elif self.sheet.sheet is None or self.sheet.sheet.id != id:
            self._show(id)

    def _show(self, id: str | None) -> None:
        if id is None:
            self.sheet.clear()
            self.side.clear()
            if self.pages.currentWidget() is self._page:
                self.pages.setCurrentWidget(self.empty)
            return
        today = date.today()
        sheet = dossiers.sheet(id)
        if not sheet.hidden and (self.sheet.sheet is None or self.sheet.sheet.id != id):
            timeline.mark_read(id, today)
        times = Times(today, offered(today), dossiers.proposal(sheet, today))
        self.sheet.show_sheet(sheet, timeline.events(id), times)
        self.side.show_sheet(sheet, times)
        if self.pages.currentWidget() is self.empty:
            self.pages.setCurrentWidget(self._page)

    def _opened(self, id: str) -> None:
        self.show_dossier(id)
        self.acted.emit()

    def _leave_form(self) -> None:
        self.pages.setCurrentWidget(self._page if self.sheet.sheet else self.empty)
        self._show(self.list.current_id())
        self._focus_list()

    def _chosen(self, id: str) -> None:
        self._moved(id)
        self._back()

    def _back(self) -> None:
        """The keyboard goes back to the list, or stays on the sheet where only one pane shows."""
        if LOOK.narrow and self.sheet.sheet:
            self._to_head()
            self.panes.bring(self.pages)
            self.sheet.follow.timeline.setFocus()
        else:
            self._focus_list()

    def _look_at(self, widget: QWidget) -> None:
        """Scroll to what is asked, now and once the new layout is known."""
        self._asked = widget
        self._follow()

    def _follow(self, *_: object) -> None:
        if self._asked is not None and self._asked.isVisible():
            self._page.ensureWidgetVisible(self._asked, 0, 12)

    def _correct(self, id: str) -> None:
        self.pages.setCurrentWidget(self.form)
        self.panes.bring(self.pages)
        self.form.correct(id)

    def _postpone(self) -> None:
        self.panes.bring(self.side)
        self.side.start()

    def _to_head(self) -> None:
        """What was asked is answered or left: the name of the dossier comes back into sight."""
        self._asked = None
        self._page.verticalScrollBar().setValue(0)

    def _focus_list(self) -> None:
        self._to_head()
        self.panes.bring(self.list)
        self.list.setFocus()

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if self._calling() or self.pages.currentWidget() is self.form:
            super().keyPressEvent(event)
        elif digit is not None:
            self.panes.bring(self.pages)
            if digit == 0:
                self.sheet.choose_section()
            else:
                self.sheet.press(digit)
        elif event.key() == Qt.Key.Key_Escape:
            self.filter.setText("")
            self._focus_list()
        elif event.key() == Qt.Key.Key_Down and self.filter.hasFocus():
            self._focus_list()
        elif letter := keys.letter(event):
            self.panes.bring(self.list)
            self.filter.setFocus()
            self.filter.setText(self.filter.text() + letter)
        else:
            super().keyPressEvent(event)


def _dates(today: date) -> words.Dates:
    """What the lists show beside the reminders, in as many queries for a thousand dossiers as for one."""
    return words.Dates(
        words.soonest(steps.near(today)),
        frozenset(line.dossier for line in mandates.expiring(today) if line.dossier),
        frozenset(dossier for dossier, _ in money.late_payments(today)),
    )
