"""Formulaires officiels: a blank PDF once imported, its questions page by page, and the very page that will be printed."""

from functools import partial
from pathlib import Path
from textwrap import shorten

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QStackedLayout,
    QWidget,
)

from db import drafts, letters, people
from desktop import french
from desktop.documents import forms
from desktop.documents.form_mappings import COMMON
from desktop.documents.forms import BadForm, Question
from desktop.letters import form_questions, form_shelf
from desktop.letters.boxes_page import BoxesPage
from desktop.letters.form_shelf import RESERVED, Opened, Shelved
from desktop.letters.outbox import Made, Outbox
from desktop.letters.paper_page import PaperPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.file_dialog import ask_file
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, restyle, row, scrolled
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.reading_order import enter_goes_on, follow_reading

EMPTY = "Aucun formulaire. Importez le PDF vierge, pris sur le site de l’organisme."
CHANGED = "Ce formulaire a changé : vérifiez les cases."
UNREADABLE = "Ce fichier ne se lit pas. Copiez-le sur cet ordinateur, puis recommencez."


class FormsPage(PaperPage):
    """`said` with a sentence; the outbox tells the rest."""

    said = Signal(str)

    draft = "form"

    def __init__(self, outbox: Outbox) -> None:
        super().__init__(outbox)
        self._opened: Opened | None = None
        self._whose: str | None = None  # whose file answered last
        self._values: dict[str, object] = {}
        self._page = 1
        self.form = Form()
        self._stack = QStackedLayout(self)
        self._list_pane, self._fields_pane = self._list_panel(), self._fields_panel()
        self.panes = Panes(
            Pane("Formulaires", self._list_pane, 250),
            Pane("Champs", self._fields_pane, stretch=6),
            Pane("Aperçu", self._preview_panel("Aperçu du formulaire"), stretch=5),
        )
        self.boxes = BoxesPage()
        self.boxes.closed.connect(self._boxes_placed)
        self.boxes.said.connect(self.said)
        self._stack.addWidget(self.panes)
        self._stack.addWidget(self.boxes)
        QApplication.instance().focusChanged.connect(self._focus_moved)
        self._bind_keys(self.panes)
        self._show_state()

    def _list_panel(self) -> Panel:
        panel = Panel()
        self.back = KeyButton("Revenir", "Échap", "arrow-left", kind="quiet", name="Revenir aux courriers")
        self.back.clicked.connect(self.close_page)
        self.list = CardList("Formulaires", EMPTY, lines=2)
        self.list.chosen.connect(self.choose)
        self.refused = label("", "error", wrap=True)
        self.refused.hide()
        self.bring_in = KeyButton("Importer…", icon="download", name="Importer un formulaire")
        self.bring_in.clicked.connect(self.ask_import)
        self.remove = KeyButton("Retirer", icon="x", kind="quiet", name="Retirer le formulaire de la liste")
        self.remove.clicked.connect(self.take_out)
        panel.add(self.back)
        panel.add(self.list, stretch=1)
        panel.add(self.refused)
        panel.column.addLayout(Flow(self.bring_in, self.remove))
        return panel

    def _fields_panel(self) -> Panel:
        panel = Panel()
        self.heading = label("", "section", wrap=True)
        panel.column.addLayout(row(self.heading, self.kept))
        self.warning = label("", "error", wrap=True)
        panel.add(self.warning)
        self.right_boxes = KeyButton("Les cases sont justes", icon="check", kind="quiet")
        self.right_boxes.clicked.connect(self.boxes_are_right)
        self.place_boxes = KeyButton("Placer les cases", icon="pencil", kind="quiet")
        self.place_boxes.clicked.connect(self.open_boxes)
        self.page = Choice()
        self.page.setAccessibleName("Page du formulaire")
        self.page.setMinimumContentsLength(20)
        self.page.currentIndexChanged.connect(self._turned)
        panel.column.addLayout(Flow(self.page, self.place_boxes, self.right_boxes))
        inside = QWidget()
        self._slot = QHBoxLayout(inside)
        self._slot.setContentsMargins(0, 0, 8, 0)
        self._slot.addWidget(self.form)
        self._area = scrolled(inside, "Champs du formulaire")
        panel.add(self._area, stretch=1)
        self.overflow = label("", "hint", wrap=True)
        panel.add(self.overflow)
        panel.column.addLayout(self._ways_out())
        return panel

    # the list

    def refresh(self) -> None:
        self._list()
        super().refresh()

    def _list(self) -> None:
        cards = [_card(line) for line in form_shelf.shelved()]
        self.list.show_cards(cards, select=self._opened.id if self._opened else None)
        mine = form_shelf.may_change()
        for button in (self.bring_in, self.remove, self.place_boxes, self.right_boxes):
            button.setEnabled(mine and (button is self.bring_in or self._opened is not None))
            button.describe("" if mine else RESERVED)

    def enter(self) -> None:
        if self._opened is None and (kept := drafts.kept(self.draft)):
            self._restore(kept)
        if self._opened is None:
            (self.list if self.list.cards() else self.bring_in).setFocus()
        else:
            self.panes.bring(self._fields_pane)
            self._first_field().setFocus()

    def _restore(self, kept: dict) -> None:
        if self._open(str(kept["form"])):
            self._person = self._whose = str(kept["person"]) or None
            self._values = dict(kept["values"])
            self._show_page()
            self._say_kept()

    def choose(self, id: str) -> None:
        """Fill this form; what is typed stays under the same names."""
        if self._opened and self._opened.id == id:
            self._first_field().setFocus()
            return
        if self._open(id):
            self._answer_from_file()
            self._changed()
            self.panes.bring(self._fields_pane)
            self._first_field().setFocus()

    def _open(self, id: str) -> bool:
        try:
            self._opened = form_shelf.open_form(id)
        except (OSError, BadForm) as problem:
            self._refuse(str(problem) if isinstance(problem, BadForm) else UNREADABLE)
            return False
        self._refuse("")
        self._made = None
        asked = self._questions()
        self._page = asked[0].pages[0] if asked else 1
        self._offer_pages()
        self._list()
        self._show_page()
        return True

    def ask_import(self) -> None:
        ask_file(self, "Importer un formulaire", "Formulaires (*.pdf)", self.bring)

    def bring(self, path: str) -> None:
        """Take a blank form from a file, once it is checked."""
        try:
            id = form_shelf.bring(Path(path))
        except BadForm as problem:
            self._refuse(str(problem))
            return
        except OSError:
            self._refuse(UNREADABLE)
            return
        self._refuse("")
        self._opened = None
        self.choose(id)
        self.said.emit(f"Formulaire importé : {self._opened.given.title}." if self._opened else "")

    def take_out(self) -> None:
        if self._opened is None:
            return
        title = self._opened.given.title
        try:
            form_shelf.take_out(self._opened.id)
        except OSError:
            self._refuse("Ce formulaire ne se retire pas : le dossier du lieu refuse l’écriture.")
            return
        drafts.forget(self.draft)
        self._empty()
        self._list()
        self.said.emit(f"Formulaire retiré : {title}. Pour le revoir, importez-le de nouveau.")
        (self.list if self.list.cards() else self.bring_in).setFocus()

    def _refuse(self, sentence: str) -> None:
        self.refused.setText(sentence)
        self.refused.setVisible(bool(sentence))
        if sentence:
            self.panes.bring(self._list_pane)

    # the boxes

    def open_boxes(self) -> None:
        if self._opened and form_shelf.may_change():
            self.boxes.open(self._opened, self._page)
            self._stack.setCurrentWidget(self.boxes)
            self.boxes.enter()

    def _boxes_placed(self) -> None:
        opened = self.boxes.opened()
        self.boxes.forget()
        self._stack.setCurrentWidget(self.panes)
        if opened and self._opened:
            self._open(opened.id)
            self._changed()
            self._first_field().setFocus()

    def boxes_are_right(self) -> None:
        """Another version of the form, whose boxes were looked at."""
        try:
            form_shelf.keep(self._opened.id, self._opened.given)
        except OSError:
            self._refuse("Cela ne s’enregistre pas : le dossier du lieu refuse l’écriture.")
            return
        self._open(self._opened.id)
        self.said.emit("Cases vérifiées pour cette version du formulaire.")

    # the fields

    def _questions(self) -> tuple[Question, ...]:
        return self._opened.questions if self._opened else ()

    def _offer_pages(self) -> None:
        counts: dict[int, int] = {}
        for question in self._questions():
            for page in question.pages:
                counts[page] = counts.get(page, 0) + 1
        total = len(self._opened.inspection.pages)
        shown = [n for n in range(1, total + 1) if n in counts or not counts]
        self.page.offer([(str(n), _page_words(n, total, counts.get(n, 0))) for n in shown])
        self._choose_page(self._page)

    def _choose_page(self, page: int) -> None:
        self._page = page
        self.page.blockSignals(True)
        self.page.choose(str(page))
        self.page.blockSignals(False)

    def _turned(self) -> None:
        self._page = int(self.page.code() or 1)
        self._show_page()

    def _show_page(self) -> None:
        """The questions of this page, with what is already answered."""
        self.form.hide()
        self.form.deleteLater()
        self.form = form = Form()
        here = [question for question in self._questions() if self._page in question.pages]
        if self._opened:
            self.person = self._person_line()
            form.add("person", "Remplir avec la fiche de", self.person, columns=2,
                     help="Le nom de la fiche va dans le nom de naissance : vérifiez-le.")  # fmt: skip
        for question in here:
            wide = question.kind == "multiligne" or question.name in ("adresse", "nom_prenoms")
            form.add(question.name, question.label, form_questions.widget(question), columns=2 if wide else 1,
                     help=question.help or form_questions.cells_help(question))  # fmt: skip
        self._fill_form()
        form.changed.connect(self._typed)
        self._slot.addWidget(form)
        follow_reading(self._fields_pane)
        self._area.verticalScrollBar().setValue(0)
        self._zones = self._zones_here()
        self._show_state()
        self.draw()

    def _zones_here(self) -> dict[str, forms.Zone]:
        if self._opened is None:
            return {}
        found = {}
        for spot in self._opened.whole.spots:
            for zone in forms.zones(spot, self._opened.inspection):
                if zone.page == self._page:
                    found.setdefault(spot.name, zone)
        return found

    def _first_field(self) -> QWidget:
        names = [name for name in self.form.fields if name != "person"]
        return self.form.fields[names[0]] if names else self.list

    def _show_state(self) -> None:
        opened = self._opened
        self.heading.setText(opened.given.title if opened else "Choisissez un formulaire")
        lost = f" Cases perdues : {', '.join(opened.lost)}." if opened and opened.lost else ""
        nothing = opened is not None and not opened.whole.spots
        place = "Ce PDF n’a pas de champs : placez les cases une fois, elles serviront à chaque personne."
        changed = opened is not None and (opened.changed or bool(lost))
        self.warning.setText(CHANGED + lost if changed else place if nothing else "")
        restyle(self.warning, "role", "error" if changed else "hint")
        self.warning.setVisible(bool(self.warning.text()))
        self.right_boxes.setVisible(opened is not None and opened.changed)
        for widget in (self.page, self.place_boxes):
            widget.setVisible(opened is not None)
        for button in (self.save_as, self.print_button, self.file):
            button.setEnabled(opened is not None and not nothing)
        if opened is None:
            self.kept.hide()

    # filling

    def _named(self) -> None:
        self.choose_person(self.person.person)
        values = self.form.values()
        next((self.form.fields[name] for name, value in values.items() if not value), self.file).setFocus()

    def _refused(self, sentence: str) -> None:
        self.form.show_problems({"person": sentence} if sentence else {})

    def start_for(self, person: str) -> None:
        """For who is at the counter, unless somebody else's form is being typed."""
        if self._person is None and not any(self._values.values()) and people.is_known(person):
            if self._opened:
                self.choose_person(person)
            else:
                self._person = self._whose = person

    def choose_person(self, id: str) -> None:
        """What the file of this person answers; of somebody chosen before, no identity stays."""
        if self._whose not in (None, id):
            self._values = {name: value for name, value in self._values.items() if name not in COMMON}
            self.form.clear()
        self._person = self._whose = id
        answers = form_questions.answers(self._questions(), id)
        self._values |= {name: value for name, value in answers.items() if value}
        self._fill_form()
        self._changed()

    def _answer_from_file(self) -> None:
        """Another form for the same person: answer what is not answered yet."""
        if not people.is_known(self._person):
            return
        answers = form_questions.answers(self._questions(), self._person)
        for question in self._questions():
            value = self._values.get(question.name)
            if not value or (question.kind == "choix" and value not in question.choices):
                self._values[question.name] = answers[question.name]
        self._fill_form()

    def _fill_form(self) -> None:
        self.form.fill(self._values)
        if self._opened:
            self.form.blockSignals(True)
            self.person.show_person(self._person)
            self.form.blockSignals(False)

    def _typed(self) -> None:
        values = self.form.values()
        self._values |= {name: value for name, value in values.items() if name != "person"}
        self._changed()

    def _changed(self) -> None:
        self._made = None
        if self._opened is None:
            return
        kept = {name: value for name, value in self._values.items() if value}
        self._keep({"form": self._opened.id, "person": self._person or "", "values": kept})

    def _answered(self) -> dict[str, object]:
        """What is typed for the questions of this form, and no other."""
        return {question.name: self._values.get(question.name) for question in self._questions()}

    def draw(self) -> None:
        """Show this page as it would be printed."""
        opened = self._opened
        if opened is None:
            self.preview.show_pdf(b"")
            self.pages.setText("")
            self.overflow.hide()
            return
        drawn = forms.fill_page(opened.pdf, opened.whole, self._answered(), self._page)
        self.preview.show_pdf(drawn.pdf)
        self.pages.setText(f"Page {self._page} sur {len(opened.inspection.pages)}")
        self._show_problems(drawn)

    def _show_problems(self, drawn: forms.Filled) -> None:
        focused = QApplication.focusWidget()
        shown = drawn.problems if self._asked else {
            name: text for name, text in drawn.problems.items() if self.form.fields.get(name) is not focused
        }  # fmt: skip
        self.form.show_problems(shown)
        labels = {question.name: question.label for question in self._questions()}
        longer = ", ".join(f"« {labels[name]} »" for name in drawn.overflow)
        self.overflow.setText(f"Suite sur une page en plus : {longer}." if longer else "")
        self.overflow.setVisible(bool(longer))

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        """Bring the box of the field one types in into the preview."""
        if self._opened is None or new is None or not self.form.isAncestorOf(new):
            return
        if old is not None and self.form.isAncestorOf(old):
            self._redraw.start()  # what is wrong in the field just left is said now
        self._area.ensureWidgetVisible(new, 0, 2 * new.height())
        zone = self._zones.get(new.objectName())
        if zone:
            unit = self.preview.viewport().width() / self._opened.inspection.pages[self._page - 1][0]
            middle = round((zone.y + zone.high / 2) * unit)
            self.preview.ensureVisible(0, middle, 0, self.preview.viewport().height() // 3)

    def keyPressEvent(self, event) -> None:
        if not enter_goes_on(self.form, event):
            super().keyPressEvent(event)

    # leaving the desk

    def make(self, *, complete: bool) -> Made | None:
        """Empty boxes stay empty: a form is as complete as one wants."""
        if self._opened is None or not self._opened.whole.spots:
            return None
        if self._made:
            return self._made
        filled = forms.fill(self._opened.pdf, self._opened.whole, self._answered())
        if filled.problems:
            self._asked = True
            self._go_to(next(iter(filled.problems)))
            self.form.show_problems(filled.problems, focus=True)
            return None
        made = self._file(self._entry(), partial(_drawn, filled.pdf))
        if made:
            drafts.forget(self.draft)
        return made

    def _go_to(self, name: str) -> None:
        """Show the page that asks this."""
        self.panes.bring(self._fields_pane)
        if name not in self.form.fields:
            pages = next((question.pages for question in self._questions() if question.name == name), (self._page,))
            self._choose_page(pages[0])
            self._show_page()

    def _entry(self) -> letters.Entry:
        """The register keeps the title and the number of the form, never what was written on it nor for whom."""
        opened = self._opened
        number = opened.given.number or opened.id[:12]
        return letters.Entry(
            f"formulaire-{number.replace('*', '-')}", 1, opened.id, opened.given.title, "administration", sensitive=True
        )  # fmt: skip

    # the rest

    def new(self) -> None:
        """The same form, empty: for the next person."""
        drafts.forget(self.draft)
        self._person = self._whose = self._made = None
        self._values, self._asked = {}, False
        self.kept.hide()
        if self._opened:
            self._show_page()
            self.person.setFocus()

    def find(self) -> None:
        self.panes.bring(self._list_pane)
        self.list.setFocus()

    def forget(self) -> None:
        self._redraw.stop()
        self.boxes.forget()
        self._stack.setCurrentWidget(self.panes)
        self._empty()
        self._refuse("")

    def _empty(self) -> None:
        self._opened = self._person = self._whose = self._made = None
        self._values, self._asked = {}, False
        self._show_page()


def _drawn(pdf: bytes, _number: str) -> bytes:
    """An official form carries no number of ours."""
    return pdf


def _card(line: Shelved) -> Card:
    parts = (f"Cerfa {line.number}" if line.number else "Sans numéro imprimé", "à vérifier" if line.changed else "")
    return Card(line.id, shorten(line.title, 50, placeholder="…"), " · ".join(filter(None, parts)))


def _page_words(page: int, total: int, count: int) -> str:
    fields = f" · {french.counted(count, 'champ')}" if count else ""
    return f"Page {page} sur {total}{fields}"
