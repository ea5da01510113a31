"""Courriers (F6): a model, only the fields it needs, and the exact page as one types."""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedLayout,
    QWidget,
)

from db import dossiers, letters, lists, people, preferences, store, visits
from db.files import write_durably
from desktop import french
from desktop.documents import references, templates
from desktop.documents.content import CIVILITIES, Party, address_problems
from desktop.documents.template_files import Template
from desktop.letters.register_page import RegisterPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, row, scrolled, set_tone, tag
from desktop.widgets.look import px
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.pdf_view import PdfView, page_count, paint_on
from desktop.widgets.person_line import PersonLine
from desktop.widgets.room import Command, Room

_SENDER = ("civility", "name", "address", "town", "phone")
_PARTNER_ORGANISM = {"eau_grand_lyon": "eau-grand-lyon"}


@dataclass(frozen=True)
class Made:
    """The bytes made once: what is seen, printed and kept."""

    number: str
    pdf: bytes
    letter: str


class LettersTab(Room):
    title, key, icon, rail = "Courriers", "F6", "mail", "Courriers"

    def __init__(self) -> None:
        super().__init__()
        self._template: Template | None = None
        self._person: str | None = None
        self._dossier: str | None = None
        self._visit: str | None = None
        self._made: Made | None = None
        self._form = Form()
        self._pages = QStackedLayout(self)
        self._models, self._fields = self._models_panel(), self._fields_panel()
        self.desk = Panes(
            Pane("Modèles", self._models, 250),
            Pane("Champs", self._fields, stretch=5),
            Pane("Aperçu", self._preview_panel(), stretch=4),
        )
        self.register = RegisterPage()
        self.register.closed.connect(self._show_desk)
        self.register.reprinted.connect(self._reprint)
        self._pages.addWidget(self.desk)
        self._pages.addWidget(self.register)
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self.draw)

    def _models_panel(self) -> Panel:
        panel = Panel()
        self.count = tag("", "plain")
        panel.column.addLayout(row(label("Modèles", "section"), "|", self.count))
        self.filter = QLineEdit(placeholderText="Titre, organisme, mot")
        self.filter.setAccessibleName("Chercher un modèle")
        self.filter.textChanged.connect(self._list)
        self.filter.returnPressed.connect(self._first)
        self.list = CardList("Modèles", "Aucun modèle ne porte ce mot.", lines=2)
        self.list.chosen.connect(self.choose)
        self.to_register = KeyButton("Registre", icon="list-checks", name="Registre des courriers")
        self.to_register.clicked.connect(self._show_register)
        panel.add(self.filter)
        panel.add(self.list, stretch=1)
        panel.add(self.to_register)
        return panel

    def _fields_panel(self) -> Panel:
        panel = Panel()
        self.heading = label("Choisissez un modèle", "section", wrap=True)
        self.kept = tag("", "plain")
        self.kept.hide()
        panel.column.addLayout(row(self.heading, self.kept))
        self.summary = label("", "hint", wrap=True)
        panel.add(self.summary)
        self._slot = QWidget()
        self._slot_layout = QHBoxLayout(self._slot)
        self._slot_layout.setContentsMargins(0, 0, 8, 0)
        self._slot_layout.addWidget(self._form)
        panel.add(scrolled(self._slot, "Champs du courrier"), stretch=1)
        self.advice = label("", "error", wrap=True)
        self.advice.hide()
        panel.add(self.advice)
        self.save_as = KeyButton("PDF…", "", "save", kind="quiet", name="Enregistrer le PDF")
        self.save_as.clicked.connect(self.ask_file)
        self.print_button = KeyButton("Imprimer", "Ctrl+P", "printer")
        self.print_button.clicked.connect(self.print)
        self.file = KeyButton("Ranger", "Ctrl+Entrée", "folder-plus", kind="primary", name="Ranger au registre")
        self.file.clicked.connect(self.archive)
        panel.column.addLayout(Flow(self.save_as, self.print_button, push=self.file))
        return panel

    def _preview_panel(self) -> Panel:
        panel = Panel()
        self.pages = label("", "hint")
        panel.column.addLayout(row(label("Aperçu", "section"), "|", self.pages))
        self.preview = PdfView("Aperçu du courrier")
        panel.add(self.preview, stretch=1)
        self.deadline = label("", "hint", wrap=True)
        panel.add(self.deadline)
        return panel

    # choosing

    def refresh(self) -> None:
        self._list()
        if self._made and all(line.id != self._made.letter for line in letters.register()):
            self._changed()  # its entry was undone
        if self._pages.currentWidget() is self.register:
            self.register.refresh()

    def enter(self) -> None:
        if self._template is None:
            kept = letters.kept_draft()
            if kept:
                self._restore(*kept)
        (self.filter if self._template is None else self._first_field()).setFocus()

    def _first_field(self) -> QWidget:
        names = [name for name in self._form.fields if name not in _SENDER]
        return self._form.fields[names[0]] if names else self.filter

    def _list(self) -> None:
        found, every = self.matching(self.filter.text()), templates.templates()
        self.list.show_cards([_card(t) for t in found], select=self._template.id if self._template else None)
        set_tone(self.count, f"{len(found)} sur {len(every)}", "plain")

    def matching(self, text: str) -> list[Template]:
        """Models holding every word, those whose title does first."""
        wanted = french.fold(text)
        found = [t for t in templates.templates() if all(word in _searched(t) for word in wanted.split())]
        return sorted(found, key=lambda t: wanted not in french.fold(f"{t.code} {t.title}"))

    def _first(self) -> None:
        self.list.select_first()
        if self.list.current_id():
            self.choose(self.list.current_id())

    def choose(self, id: str) -> None:
        """Show the fields of this model; what is already typed under the same name stays."""
        before = self._form.values()
        self._template = templates.read_template(id)
        self._made = None
        self._build_form()
        self._form.fill({name: value for name, value in before.items() if value})
        if self._person and not before.get("name"):
            self.choose_person(self._person)
        self.heading.setText(self._template.title)
        limits = f" {self._template.limits}" if self._template.limits else ""
        self.summary.setText(self._template.summary + limits)
        self._changed()
        self.desk.bring(self._fields)
        self._first_field().setFocus()

    def _build_form(self) -> None:
        template = self._template
        self._form.hide()
        self._form.deleteLater()
        self._form = form = Form()
        self.person = PersonLine()
        self.person.named.connect(self._named)
        self.person.acted.connect(self.acted)
        self.person.textEdited.connect(self._renamed)
        if template.kind != "fiche":
            form.add("civility", "Civilité", Choice([(c, c) for c in CIVILITIES if c], empty="Sans"))
            form.add("name", "Nom et prénom", self.person)
            form.add("address", "Adresse", QLineEdit(placeholderText="12 rue des Exemples"))
            form.add("town", "Code postal et ville", QLineEdit(placeholderText="69100 Villeurbanne"))
            form.add("phone", "Téléphone", QLineEdit(placeholderText="06 12 34 56 78"))
        if template.kind == "lettre":
            known = [(o.id, o.name) for o in references.organisms().values() if o.directory == template.directory]
            form.add("organism", "Destinataire", Choice(known, empty="Autre destinataire"))
            box = QPlainTextEdit(placeholderText="Nom\nAdresse\n69000 Lyon")
            box.setTabChangesFocus(True)
            box.setFixedHeight(px(92))
            form.add("addressee", "Nom et adresse du destinataire", box, columns=2,
                     help="Recopiez l’adresse du dernier courrier reçu.")  # fmt: skip
            form.fields["organism"].currentIndexChanged.connect(self._organism_chosen)
        for field in template.fields:
            form.add(field.name, field.label + ("" if field.required else " (facultatif)"), _widget(field),
                     help=field.help, columns=2 if field.type in ("texte_long", "adresse") else 1)  # fmt: skip
        form.changed.connect(self._changed)
        self._slot_layout.addWidget(form)
        if template.kind == "lettre" and len(known) == 1:
            form.fields["organism"].choose(known[0][0])

    # filling

    def start_for_visit(self, visit: str) -> None:
        """A letter for the person at the counter."""
        self._visit = visit or None
        draft = visits.kept_draft(visit) or visits.load(visit) if visit else None
        if draft and people.is_known(draft.person):
            self.choose_person(draft.person)
        self.filter.setFocus()

    def start_for_dossier(self, dossier: str) -> None:
        sheet = dossiers.sheet(dossier)
        self._dossier = dossier
        self.choose_person(sheet.person)
        if self._template is None:
            sector = lists.value("partner", sheet.partner).extra.get("sector", "")
            theme = {"fournisseur": "energie", "eau": "eau"}.get(sector, sector)
            match = next((t for t in templates.templates() if t.theme == theme and t.kind == "lettre"), None)
            if match:
                self.choose(match.id)
        known = {"organism": _PARTNER_ORGANISM.get(sheet.partner, sheet.partner), "reference_client": sheet.reference}
        if sheet.amount_due:
            known["dette"] = french.euros(sheet.amount_due)
        self._form.fill({name: value for name, value in known.items() if value})
        self._organism_chosen()
        self._changed()

    def _named(self) -> None:
        self.choose_person(self.person.person)

    def choose_person(self, id: str) -> None:
        self._person = id
        person = people.draft(id)
        self._form.fill(
            {
                "civility": person.civility, "name": f"{person.first_name} {person.last_name}".strip(),
                "address": person.address, "town": f"{person.postcode} {person.town}".strip(),
                "phone": french.phone(person.phone),
            }
        )  # fmt: skip
        self._changed()

    def _renamed(self, *_: object) -> None:
        """Another name typed: the letter, and its address, are no longer those of the person chosen."""
        self._person = None

    def _organism_chosen(self, *_: object) -> None:
        organism = (
            references.organisms().get(self._form.fields["organism"].code())
            if "organism" in self._form.fields
            else None
        )
        if organism and not self._form.fields["addressee"].toPlainText().strip().startswith(organism.name):
            self._form.fill({"addressee": "\n".join((organism.name, *organism.lines))})
            self._changed()

    def _changed(self) -> None:
        if self._template is None:
            return
        self._made = None
        letters.keep_draft(self._template.id, {"person": self._person or "", **self._form.values()})
        set_tone(self.kept, "Brouillon gardé", "plain")
        self.kept.show()
        self._redraw.start()

    def _restore(self, template: str, values: dict[str, object]) -> None:
        try:
            self.choose(template)
        except LookupError:
            return
        self._person = values.pop("person", "") or None
        self._form.fill(values)
        self.draw()

    # the page

    def _letter(self):
        values = self._form.values()
        sender = Party(
            name=str(values.get("name", "")), civility=str(values.get("civility", "")),
            lines=tuple(str(values[n]) for n in ("address", "town") if values.get(n)), phone=str(values.get("phone", "")),
        )  # fmt: skip
        place = preferences.place()
        home = Party(name=place.name, lines=tuple(filter(None, (place.address, place.town))))
        return templates.fill(
            self._template, values, sender=home if self._template.kind == "fiche" else sender,
            addressee=_addressee(values), place=place.town, day=date.today(),
        )  # fmt: skip

    def draw(self) -> None:
        """Show the page as it would be printed, blanks highlighted."""
        if self._template is None:
            return
        from desktop.documents.letter import render

        pdf = render(self._letter(), draft=True)
        self.preview.show_pdf(pdf)
        self.pages.setText(f"{french.counted(page_count(pdf), 'page')} · A4")
        values = self._form.values()
        found = {name: text for name, text in templates.missing(self._template, values).items() if values.get(name)}
        if len(str(values.get("addressee", "")).strip().splitlines()) > 1:  # once more than a name is typed
            problems = address_problems(_addressee(values))
            found |= {"addressee": problems[0]} if problems else {}
        self._form.show_problems(found)
        advice = "  ".join(templates.advice(self._template, values).values())
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))
        deadline = templates.deadline(self._template, values)
        self.deadline.setVisible(deadline is not None)
        if deadline:
            doubt = "" if deadline.settled else " (à faire vérifier)"
            self.deadline.setText(f"{deadline.action} : avant le {french.weekday_date(deadline.day)}{doubt}.")

    def make(self, *, complete: bool) -> Made | None:
        """Number it and enter it in the register, once; None when something must still be typed."""
        if self._template is None:
            return None
        if self._made:
            return self._made
        problems = templates.missing(self._template, self._form.values())
        blocking = problems if complete else {}
        self._form.show_problems(problems, focus=bool(blocking))
        if blocking:
            return None
        from desktop.documents.letter import Unprintable, pages, render

        number = letters.next_number(date.today())
        try:
            pdf = render(self._letter(), number=number)
        except Unprintable as problem:
            self.said.emit(str(problem))
            return None
        values = self._form.values()
        entry = letters.Entry(
            self._template.id, self._template.version, self._template.sha256, self._template.title, self._template.theme,
            addressee=str(values.get("addressee", "")).split("\n")[0], person=self._person, dossier=self._dossier,
            visit=self._visit, sensitive=self._template.sensitive,
        )  # fmt: skip
        with store.act(f"Courrier n° {number} rangé"):
            id = letters.archive(entry, number, pdf, pages(pdf), date.today())
            self._remember_address()
        self._made = Made(number, pdf, id)
        letters.forget_draft()
        set_tone(self.kept, f"Rangé n° {number}", "ok")
        self.preview.show_pdf(pdf)
        self.acted.emit()
        return self._made

    def _remember_address(self) -> None:
        """The address a letter needed stays on the person's file."""
        if not people.is_known(self._person):
            return
        values, draft = self._form.values(), people.draft(self._person)
        town = str(values.get("town") or f"{draft.postcode} {draft.town}").strip()
        code = town[:5] if town[:5].isdigit() else ""
        address = str(values.get("address") or draft.address)
        changed = replace(draft, address=address, postcode=code, town=town.removeprefix(code).strip())
        if changed != draft:
            people.change(self._person, changed)

    def archive(self) -> None:
        self.make(complete=True)

    def print(self) -> None:
        """Print the very bytes that are kept; blanks become dotted lines to fill by hand."""
        made = self.make(complete=False)
        if made:
            self._print_dialog(made.pdf, made.letter)

    def _print_dialog(self, pdf: bytes, letter: str) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setFullPage(True)
        self._printer.setDocName("Courrier")
        self._job = (pdf, letter)
        self._dialog = QPrintDialog(self._printer, self)
        self._dialog.accepted.connect(self._paint)
        QDialog.open(self._dialog)  # QPrintDialog hides this one behind open(receiver, member)

    def _paint(self) -> None:
        pdf, letter = self._job
        paint_on(self._printer, pdf)
        letters.printed(letter)
        self.acted.emit()

    def _reprint(self, id: str) -> None:
        pdf = letters.bytes_of(id)
        if pdf is None:
            self.said.emit("Ce courrier n’est plus gardé. Refaites-le depuis son modèle.")
        else:
            self._print_dialog(pdf, id)

    def ask_file(self) -> None:
        made = self.make(complete=False)
        if made is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self._dialog = QFileDialog(self, "Enregistrer le PDF", f"{folder}/courrier-{made.number}.pdf", "PDF (*.pdf)")
        self._dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self._dialog.fileSelected.connect(self.write_file)
        self._dialog.open()

    def write_file(self, path: str) -> None:
        try:
            write_durably(Path(path), self._made.pdf)
        except OSError:
            self.said.emit("Le fichier ne s’écrit pas ici. Choisissez un autre dossier.")
        else:
            self.said.emit("PDF enregistré.")

    # the rest

    def new(self) -> None:
        """An empty letter: the kept draft goes, the register stays."""
        self._person = self._dossier = self._visit = self._made = None
        letters.forget_draft()
        self._form.clear()
        self.draw()
        self.kept.hide()
        self.filter.clear()
        self.filter.setFocus()

    def find(self) -> None:
        self.desk.bring(self._models)
        self.filter.setFocus()

    def forget(self) -> None:
        self._redraw.stop()
        self._template = self._person = self._made = self._dossier = self._visit = None
        self._form.blockSignals(True)
        self._form.hide()
        self._form.deleteLater()
        self._form = Form()
        self._slot_layout.addWidget(self._form)
        self.preview.show_pdf(b"")
        self.heading.setText("Choisissez un modèle")
        self.summary.setText("")
        self.kept.hide()
        self.deadline.setText("")

    def _show_register(self) -> None:
        self._pages.setCurrentWidget(self.register)
        self.register.refresh()
        self.register.table.setFocus()

    def _show_desk(self) -> None:
        self._pages.setCurrentIndex(0)

    def commands(self) -> tuple[Command, ...]:
        return (Command("Registre des courriers", self._show_register, "", "list-checks"),)

    def keyPressEvent(self, event) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.archive()
        else:
            super().keyPressEvent(event)


def _card(template: Template) -> Card:
    stale = templates.stale(template, date.today())
    return Card(template.id, template.title, f"{template.code} · {_themes().get(template.theme, template.theme)}",
                badge="à revoir" if stale else "", tone="wait")  # fmt: skip


def _addressee(values: dict[str, object]) -> Party:
    """The first line typed is the name, the others the address."""
    name, *lines = [line for line in str(values.get("addressee", "")).splitlines() if line.strip()] or [""]
    organism = references.organisms().get(str(values.get("organism", "")))
    return Party(name, lines=tuple(lines), opening=organism.opening if organism else "")


@cache
def _themes() -> dict[str, str]:
    return lists.read("letters")["theme"]


@cache
def _searched(template: Template) -> str:
    return french.fold(
        f"{template.code} {template.title} {template.theme} {template.directory} {template.summary} {template.body}"
    )


def _widget(field) -> QWidget:
    """The right widget for a field's type, its example as placeholder."""
    if field.type in ("choix", "civilite"):
        choices = field.choices or tuple(c for c in CIVILITIES if c)
        return Choice([(c, c) for c in choices], empty="—")
    if field.type == "oui_non":
        return QCheckBox("Oui")
    if field.type in ("texte_long", "adresse"):
        box = QPlainTextEdit(placeholderText=field.example)
        box.setTabChangesFocus(True)
        box.setFixedHeight(px(76))
        return box
    return QLineEdit(placeholderText=field.example)
