"""A document of its own (CV, budget): its form on the left, its exact pages on the right, its draft always kept."""

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db import drafts, letters, people
from desktop import french
from desktop.jobs import Jobs
from desktop.letters.outbox import Made, Outbox
from desktop.letters.paper_page import PaperPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, scrolled
from desktop.widgets.look import px
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.pdf_view import page_count
from desktop.widgets.reading_order import follow_reading


class DocumentPage(PaperPage):
    """The document says what it asks and how it is drawn; the page keeps, shows, files, prints and forgets it."""

    heading, pane = "", ""

    def __init__(self, outbox: Outbox, jobs: Jobs | None = None) -> None:
        super().__init__(outbox)
        self._jobs = jobs
        self._filling = self._open = False
        self.inside = QWidget()
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(0, 0, 8, 60)
        self.column.setSpacing(14)
        self._build()
        self.column.addStretch(1)
        self.form_panel, preview = self._form_panel(), self._preview_panel(f"Aperçu : {self.heading}")
        self.panes = Panes(Pane(self.pane, self.form_panel, stretch=5), Pane("Aperçu", preview, stretch=4))
        line = QVBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.panes)
        self.setFocusProxy(self.file)  # after a question of the tab
        self._settled = QTimer(self, singleShot=True, interval=0)  # once what was just shown has its place
        self._settled.timeout.connect(self._focus_settled)
        QApplication.instance().focusChanged.connect(self._focus_moved)
        self._bind_keys(self)

    def _form_panel(self) -> Panel:
        panel = Panel()
        self.kept.hide()
        self.back = KeyButton("Revenir aux modèles", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.close_page)
        panel.column.addLayout(Flow(label(self.heading, "section"), self.kept, push=self.back, spacing=10))
        self._area = scrolled(self.inside, f"Champs : {self.heading}")
        panel.add(self._area, stretch=1)
        self.summary = label("", "strong", wrap=True)
        self.summary.hide()
        panel.add(self.summary)
        self.fresh = KeyButton("Nouveau", "Ctrl+N", kind="quiet", name=f"Nouveau : {self.heading}")
        self.fresh.clicked.connect(self.new)
        panel.column.addLayout(self._ways_out(self.fresh))
        return panel

    # what each document says

    def _build(self) -> None:
        """Put the fields in `self.column`."""
        raise NotImplementedError

    def values(self) -> dict[str, object]:
        """What is typed, as it is."""
        raise NotImplementedError

    def show_values(self, values: dict[str, object]) -> None:
        """Show these, and nothing of what was there before; {} is an empty document."""
        raise NotImplementedError

    def problems(self) -> dict[str, str]:
        raise NotImplementedError

    def show_problems(self, problems: dict[str, str], *, focus: bool = False) -> None:
        raise NotImplementedError

    def field(self, name: str) -> QWidget | None:
        """The widget of one problem."""
        raise NotImplementedError

    def first_field(self) -> QWidget:
        raise NotImplementedError

    def render(self, *, draft: bool = False, number: str | None = None) -> bytes:
        raise NotImplementedError

    def entry(self) -> letters.Entry:
        raise NotImplementedError

    # coming and going

    def enter(self) -> None:
        """The page comes to the front: what was being typed, else an empty document."""
        if not self._open:
            self._show(drafts.kept(self.draft))
        self.panes.bring(self.form_panel)
        self.first_field().setFocus()

    def start_for(self, person: str) -> None:
        """For who is at the counter, unless somebody else's document is being typed here."""
        if not self._open:
            self._show(drafts.kept(self.draft))
        if people.is_known(person) and not self._person and not str(self.values().get("name", "")).strip():
            self.choose_person(person)

    def choose_person(self, id: str) -> None:
        """Fill in what the file knows; what is already typed elsewhere stays."""
        self._person = id
        self._filling = True
        self._show_person(people.draft(id))
        self._filling = False
        self._changed()

    def _show_person(self, person: people.Draft) -> None:
        raise NotImplementedError

    def new(self) -> None:
        """An empty document: the kept draft goes, the register stays."""
        drafts.forget(self.draft)
        self._show(None)
        self.first_field().setFocus()

    def find(self) -> None:
        self.panes.bring(self.form_panel)
        self.first_field().setFocus()

    def forget(self) -> None:
        self._redraw.stop()
        self._settled.stop()
        self._empty()
        self.preview.show_pdf(b"")
        self.pages.setText("")
        self._open = False

    def _empty(self) -> None:
        self._made = self._person = None
        self._asked = False
        self._filling = True
        self.show_values({})
        self.show_problems({})
        self._filling = False
        self.kept.hide()
        self.summary.hide()
        self.summary.setText("")

    def _show(self, body: dict[str, object] | None) -> None:
        self._empty()
        if body:
            values = dict(body)
            self._person = str(values.pop("person", "")) or None
            self._filling = True
            self.show_values(values)
            self._filling = False
            self._say_kept()
        self._open = True
        self.draw()

    # writing

    def _changed(self, *_: object) -> None:
        if self._filling:
            return
        self._keep({"person": self._person or "", **self.values()})

    def draw(self) -> None:
        """Show the pages as they would be printed, blanks highlighted."""
        pdf = self.render(draft=True)
        self.preview.show_pdf(pdf)
        self._show_pages(pdf)
        self._show_live_problems()
        follow_reading(self.inside)
        self._settled.start()  # what has just grown may have pushed the field out of sight

    def _show_pages(self, pdf: bytes) -> None:
        self.pages.setText(f"{french.counted(page_count(pdf), 'page')} · A4")

    def _show_live_problems(self) -> None:
        """Beside each field already typed and left; all of them once filing was asked for."""
        found, focused = self.problems(), QApplication.focusWidget()
        if not self._asked:
            found = {name: text for name, text in self._wrong(found).items() if self.field(name) is not focused}
        self.show_problems(found)

    def _wrong(self, found: dict[str, str]) -> dict[str, str]:
        """What is typed and cannot be read; the others are only still to be typed."""
        return {name: text for name, text in found.items() if _text(self.field(name)).strip()}

    def _refused(self, sentence: str) -> None:
        self.show_problems({"name": sentence} if sentence else {})

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if new is not None and self._open and self.inside.isAncestorOf(new):
            self._settled.start()

    def _focus_settled(self) -> None:
        focused = QApplication.focusWidget()
        if self._open and focused is not None and self.inside.isAncestorOf(focused):
            self._bring(focused)
            if self._made is None:
                self._show_live_problems()

    def _bring(self, field: QWidget) -> None:
        """Scroll until one sees the field, its label above and the room of a sentence or of proposals below."""
        bar, seen = self._area.verticalScrollBar(), self._area.viewport().height()
        top = field.mapTo(self.inside, QPoint(0, 0)).y()
        bar.setValue(min(max(bar.value(), top + field.height() + px(70) - seen), top - px(26)))

    # leaving the desk

    def make(self, *, complete: bool) -> Made | None:
        if self._made:
            return self._made
        found = self.problems()
        blocking = found if complete else self._wrong(found)
        if blocking:
            self._asked = True
            self.panes.bring(self.form_panel)
            self.show_problems(blocking, focus=True)
            return None
        made = self._file(self.entry(), self._final)
        if made is None:
            return None
        self._redraw.stop()
        self.show_problems({})
        self.preview.show_pdf(made.pdf)
        self._show_pages(made.pdf)
        return made

    def _final(self, number: str) -> bytes:
        return self.render(number=number)


def _text(field: QWidget | None) -> str:
    """What is typed in a field of words."""
    return field.toPlainText() if hasattr(field, "toPlainText") else field.text() if hasattr(field, "text") else ""
