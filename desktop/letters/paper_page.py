"""A page that makes a paper: its exact preview, its draft always kept, and the ways out: PDF, printer, register."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget

from db import drafts, letters
from desktop.letters.outbox import Made, Outbox
from desktop.widgets.buttons import KeyButton
from desktop.widgets.finder import Finder
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, set_tone, tag
from desktop.widgets.look import LOOK
from desktop.widgets.pdf_view import PdfView
from desktop.widgets.person_line import PersonLine
from desktop.widgets.spelled_text import SpelledText


class PaperPage(QWidget):
    """The page says what it makes, and of whom; once made it stays the same until something changes."""

    closed = Signal()

    draft = ""  # the name of what is kept

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox
        self._made: Made | None = None
        self._person: str | None = None
        self._asked = False
        self.kept = tag("", "plain")
        self.save_as = KeyButton("PDF…", "", "save", kind="quiet", name="Enregistrer le PDF")
        self.save_as.clicked.connect(self.save)
        self.print_button = KeyButton("Imprimer", "Ctrl+P", "printer")
        self.print_button.clicked.connect(self.print)
        self.file = KeyButton("Ranger", "Ctrl+Entrée", "folder-plus", kind="primary", name="Ranger au registre")
        self.file.clicked.connect(self.archive)
        self._keyed = [self.print_button, self.file]
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self.draw)

    # what each page says

    def make(self, *, complete: bool) -> Made | None:
        """Number it and enter it in the register, once; None when something must still be typed."""
        raise NotImplementedError

    def draw(self) -> None:
        """Show the pages as they would be printed."""
        raise NotImplementedError

    def forget(self) -> None:
        """The veil: nothing of a person stays in a widget; the draft is in the encrypted file."""
        raise NotImplementedError

    def choose_person(self, id: str) -> None:
        """What the file of this person knows; what is typed elsewhere stays."""
        raise NotImplementedError

    def _changed(self, *_: object) -> None:
        raise NotImplementedError

    def _refused(self, sentence: str) -> None:
        """Why a person's file cannot be made, beside her name."""
        raise NotImplementedError

    # its parts

    def _preview_panel(self, name: str) -> Panel:
        panel = Panel()
        self.pages = label("", "hint")
        panel.column.addLayout(row(label("Aperçu", "section"), "|", self.pages))
        self.preview = PdfView(name)
        panel.add(self.preview, stretch=1)
        return panel

    def _ways_out(self, *before: KeyButton) -> Flow:
        self._keyed += before
        LOOK.changed.connect(self._shorten)
        self._shorten()
        return Flow(*before, self.save_as, self.print_button, push=self.file)

    def _shorten(self) -> None:
        """Where the room is scarce, the keys leave the buttons: the fields need the lines."""
        for button in self._keyed:
            button.set_short(LOOK.narrow)

    def _bind_keys(self, inside: QWidget) -> None:
        for keys, act in (("Escape", self._escape), ("Ctrl+Return", self.archive), ("Ctrl+Enter", self.archive)):
            shortcut = QShortcut(QKeySequence(keys), inside, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)

    def _person_line(self) -> PersonLine:
        """Who it is for."""
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

    def _renamed(self, *_: object) -> None:
        """Another name typed: no longer the person chosen."""
        self._person = None

    # coming and going

    def refresh(self) -> None:
        if self._made and not letters.is_filed(self._made.letter):
            self._changed()  # its entry was undone

    def _keep(self, body: dict[str, object]) -> None:
        """What is typed is kept at once, and will be drawn."""
        self._made = None
        drafts.keep(self.draft, body)
        self._say_kept()
        self._redraw.start()

    def _say_kept(self) -> None:
        set_tone(self.kept, "Brouillon gardé", "plain")
        self.kept.show()

    def _escape(self) -> None:
        focused = QApplication.focusWidget()
        if (isinstance(focused, Finder) and focused.is_open()) or (
            isinstance(focused, SpelledText) and focused.is_list_open()
        ):
            focused.close_list()
        else:
            self.close_page()

    def close_page(self) -> None:
        """Back to the letters; what is already filed is no longer kept as a draft."""
        if self._made:
            drafts.forget(self.draft)
            self.forget()
        self.closed.emit()

    # leaving the desk

    def _file(self, entry: letters.Entry, draw: Callable[[str], bytes]) -> Made | None:
        made = self._outbox.file(entry, draw)
        if made:
            self._made, self._asked = made, False
            set_tone(self.kept, f"Rangé n° {made.number}", "ok")
            self.kept.show()
        return made

    def archive(self) -> None:
        self.make(complete=True)

    def print(self) -> None:
        """Print the very bytes that are filed; what is still to be typed may be blank, what is wrong may not."""
        if made := self.make(complete=False):
            self._outbox.print(made)

    def save(self) -> None:
        if made := self.make(complete=False):
            self._outbox.save(made)
