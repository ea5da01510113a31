"""A document of its own (CV, budget): its form on the left, its exact pages on the right, its draft always kept."""

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db import drafts, letters, people
from desktop import french
from desktop.jobs import Jobs
from desktop.letters.outbox import Made, Outbox
from desktop.widgets.buttons import KeyButton
from desktop.widgets.finder import Finder
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, scrolled, set_tone, tag
from desktop.widgets.look import LOOK, px
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.pdf_view import PdfView, page_count
from desktop.widgets.person_line import PersonLine
from desktop.widgets.reading_order import follow_reading
from desktop.widgets.spelled_text import SpelledText


class DocumentPage(QWidget):
    """The document says what it asks and how it is drawn; the page keeps, shows, files, prints and forgets it."""

    closed = Signal()

    draft, heading, pane = "", "", ""  # `draft` names what is kept

    def __init__(self, outbox: Outbox, jobs: Jobs | None = None) -> None:
        super().__init__()
        self._outbox, self._jobs = outbox, jobs
        self._made: Made | None = None
        self._person: str | None = None
        self._filling = self._open = self._asked = False
        self.inside = QWidget()
        self.column = QVBoxLayout(self.inside)
        self.column.setContentsMargins(0, 0, 8, 60)
        self.column.setSpacing(14)
        self._build()
        self.column.addStretch(1)
        self.form_panel, preview = self._form_panel(), self._preview_panel()
        self.panes = Panes(Pane(self.pane, self.form_panel, stretch=5), Pane("Aperçu", preview, stretch=4))
        line = QVBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.panes)
        self.setFocusProxy(self.file)  # after a question of the tab
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self.draw)
        self._settled = QTimer(self, singleShot=True, interval=0)  # once what was just shown has its place
        self._settled.timeout.connect(self._focus_settled)
        QApplication.instance().focusChanged.connect(self._focus_moved)
        for keys, act in (("Escape", self._escape), ("Ctrl+Return", self.archive), ("Ctrl+Enter", self.archive)):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def _form_panel(self) -> Panel:
        panel = Panel()
        self.kept = tag("", "plain")
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
        self.save_as = KeyButton("PDF…", "", "save", kind="quiet", name="Enregistrer le PDF")
        self.save_as.clicked.connect(self.save)
        self.print_button = KeyButton("Imprimer", "Ctrl+P", "printer")
        self.print_button.clicked.connect(self.print)
        self.file = KeyButton("Ranger", "Ctrl+Entrée", "folder-plus", kind="primary", name="Ranger au registre")
        self.file.clicked.connect(self.archive)
        panel.column.addLayout(Flow(self.fresh, self.save_as, self.print_button, push=self.file))
        LOOK.changed.connect(self._shorten)
        self._shorten()
        return panel

    def _shorten(self) -> None:
        """Where the room is scarce, the keys leave the buttons: the fields need the lines."""
        for button in (self.fresh, self.print_button, self.file):
            button.set_short(LOOK.narrow)

    def _preview_panel(self) -> Panel:
        panel = Panel()
        self.pages = label("", "hint")
        panel.column.addLayout(row(label("Aperçu", "section"), "|", self.pages))
        self.preview = PdfView(f"Aperçu : {self.heading}")
        panel.add(self.preview, stretch=1)
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

    def refresh(self) -> None:
        if self._made and not letters.is_filed(self._made.letter):
            self._changed()  # its entry was undone

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
        """The veil: nothing of a person stays in a widget; the draft is in the encrypted file."""
        self._redraw.stop()
        self._settled.stop()
        self._empty()
        self.preview.show_pdf(b"")
        self.pages.setText("")
        self._open = False

    def close_page(self) -> None:
        """Back to the models; a document already filed is not kept as a draft."""
        if self._made:
            drafts.forget(self.draft)
            self.forget()
        self.closed.emit()

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
        self._made = None
        drafts.keep(self.draft, {"person": self._person or "", **self.values()})
        self._say_kept()
        self._redraw.start()

    def _say_kept(self) -> None:
        set_tone(self.kept, "Brouillon gardé", "plain")
        self.kept.show()

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

    def _person_line(self) -> PersonLine:
        """Who it is for: its name is what will be printed."""
        made = PersonLine()
        made.named.connect(self._named)
        made.acted.connect(self._outbox.acted)
        made.refused.connect(self._refused)
        made.textEdited.connect(self._renamed)
        made.entered.connect(made.focusNextChild)
        return made

    def _named(self) -> None:
        self.choose_person(self.person.person)
        self.person.focusNextChild()

    def _refused(self, sentence: str) -> None:
        self.show_problems({"name": sentence} if sentence else {})

    def _renamed(self, *_: object) -> None:
        """Another name typed: no longer the person chosen."""
        self._person = None

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

    def _escape(self) -> None:
        focused = QApplication.focusWidget()
        if (isinstance(focused, Finder) and focused.is_open()) or (
            isinstance(focused, SpelledText) and focused.is_list_open()
        ):
            focused.close_list()
        else:
            self.close_page()

    # leaving the desk

    def make(self, *, complete: bool) -> Made | None:
        """Number it and enter it in the register, once; None when something must still be typed."""
        if self._made:
            return self._made
        found = self.problems()
        blocking = found if complete else self._wrong(found)
        if blocking:
            self._asked = True
            self.panes.bring(self.form_panel)
            self.show_problems(blocking, focus=True)
            return None
        made = self._outbox.file(self.entry(), self._final)
        if made is None:
            return None
        self._made, self._asked = made, False
        self._redraw.stop()
        self.show_problems({})
        set_tone(self.kept, f"Rangé n° {made.number}", "ok")
        self.kept.show()
        self.preview.show_pdf(made.pdf)
        self._show_pages(made.pdf)
        return made

    def _final(self, number: str) -> bytes:
        return self.render(number=number)

    def archive(self) -> None:
        self.make(complete=True)

    def print(self) -> None:
        """Print the very bytes that are filed; what is still to be typed may be blank, what is wrong may not."""
        made = self.make(complete=False)
        if made:
            self._outbox.print(made)

    def save(self) -> None:
        made = self.make(complete=False)
        if made:
            self._outbox.save(made)


def _text(field: QWidget | None) -> str:
    """What is typed in a field of words."""
    return field.toPlainText() if hasattr(field, "toPlainText") else field.text() if hasattr(field, "text") else ""
