"""The fields of one letter: who writes, to whom, and what its variant asks; nothing typed is lost when one is left aside."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit, QWidget

from desktop.documents import references, templates
from desktop.documents.content import CIVILITIES
from desktop.documents.fields import Field
from desktop.documents.template_files import Template
from desktop.jobs import Jobs
from desktop.letters import writing
from desktop.letters.town_field import TownField
from desktop.widgets.form import Choice, Form
from desktop.widgets.look import px
from desktop.widgets.person_line import PersonLine
from desktop.widgets.spelled_text import SpelledText

_WIDE = ("texte_long", "adresse")
_LONG = 32  # characters of an example: the field takes the whole line
_REACH = ("civility", "address", "town", "phone")
_SKIPPED = ("reach", "civility", "phone")


class LetterForm(Form):
    """`named` with a person's id; `acted` when naming them made a new file; `renamed` when another name is typed."""

    named = Signal(str)
    acted = Signal()
    renamed = Signal()

    def __init__(self, template: Template, jobs: Jobs) -> None:
        super().__init__()
        self.template, self._jobs = template, jobs
        self.person: PersonLine | None = None
        self._folded = False  # what the person's file gave is said in a line
        if writing.wants_sender(template):
            self._add_sender()
        if template.kind == "lettre":
            self._add_addressee()
        for field in template.fields:
            self.add(
                field.name, field.label + ("" if field.required else " (facultatif)"), self._widget(field),
                help=field.help, columns=2 if field.type in _WIDE or len(field.example) > _LONG else 1,
            )  # fmt: skip
        self.fill(writing.of_place())
        self.ask(date.today())

    def _add_sender(self) -> None:
        self.add("name", "Personne : nom et prénom", self._person_line())
        self.add("reach", "Coordonnées", QCheckBox("Les modifier"))
        self.add("civility", "Civilité", Choice([(c, c) for c in CIVILITIES if c], empty="Sans"))
        self.add("address", "Adresse", QLineEdit(placeholderText="12 rue des Exemples"))
        self.add("town", "Code postal et ville", TownField())
        self.add("phone", "Téléphone", QLineEdit(placeholderText="06 12 34 56 78"))

    def _add_addressee(self) -> None:
        known = writing.organisms(self.template)
        organism = Choice(known, empty="Autre destinataire")
        box = QPlainTextEdit(placeholderText="Nom\nAdresse\n69000 Lyon")
        box.setTabChangesFocus(True)
        box.setFixedHeight(px(84))
        self.add("organism", "Destinataire", organism)
        self.add("addressee", "Nom et adresse du destinataire", box, columns=2,
                 help="Recopiez l’adresse du dernier courrier reçu.")  # fmt: skip
        organism.currentIndexChanged.connect(self.show_organism)
        organism.choose(writing.usual_organism(self.template, {}))

    def _person_line(self) -> PersonLine:
        self.person = PersonLine()
        self.person.named.connect(self._named)
        self.person.refused.connect(self._refused)
        self.person.acted.connect(self.acted)
        self.person.textEdited.connect(self.renamed)
        self.person.entered.connect(self._go_on)
        return self.person

    def _widget(self, field: Field) -> QWidget:
        """The right widget for a field's type, its example as placeholder."""
        if field.name == "personne" and self.person is None:
            return self._person_line()
        if field.type in ("choix", "civilite"):
            choices = field.choices or tuple(c for c in CIVILITIES if c)
            return Choice([(c, c) for c in choices], empty="—")
        if field.type == "oui_non":
            return QCheckBox("Oui")
        if field.type in _WIDE:
            if field.type == "adresse":
                box = QPlainTextEdit(placeholderText=field.example)
            else:
                box = SpelledText(self._jobs, placeholderText=field.example)
            box.setTabChangesFocus(True)
            box.setFixedHeight(px(76))
            return box
        return QLineEdit(placeholderText=field.example)

    # what is asked

    def ask(self, today: date) -> None:
        """Show the fields the chosen variant needs, and what each date falls on."""
        values = self.values()
        asked = templates.asked(self.template, values, today)
        hidden = {field.name for field in self.template.fields} - {field.name for field in asked}
        self._folded = self._folded and not values.get("reach")
        hidden |= set(_REACH) if self._folded else {"reach"}
        if "organism" in self.fields:
            self.widen("organism", 2 if self._folded or not writing.wants_sender(self.template) else 1)
        self.show_only([name for name in self.fields if name not in hidden])
        self.tell("reach", " · ".join(filter(None, (str(values.get(name, "")) for name in _REACH))))
        days = writing.notes(asked, values, today)
        for field in asked:
            self.tell(field.name, days.get(field.name, field.help))

    def fold(self, known: Mapping[str, str]) -> None:
        """What the person's file gives is said in a line, as long as it is what is written; « Les modifier » unfolds it."""
        values = self.values()
        self._folded = bool(known.get("address") and known.get("town"))
        self._folded = self._folded and all(values[name] == known[name] for name in _REACH if name in self.fields)
        self.fill({"reach": False})
        self.ask(date.today())

    def first(self) -> QWidget | None:
        """Where to begin: the first thing still empty, whom it is for and to whom it goes before the rest."""
        values = self.values()
        if "addressee" in values and not writing.addressee(values).lines:
            values["addressee"] = ""  # a name alone: the address is typed under it
        shown = [name for name, widget in self.fields.items() if not widget.isHidden() and name not in _SKIPPED]
        name = next((n for n in shown if values[n] == "" and not (n == "organism" and values["addressee"])), "")
        return self.fields[name or shown[-1]] if shown else None

    # filling

    def _named(self) -> None:
        self.named.emit(self.person.person or "")

    def _go_on(self) -> None:
        self.focusNextChild()

    def _refused(self, sentence: str) -> None:
        if sentence:
            self.show_problems({self.person.objectName(): sentence})

    def show_organism(self, *_: object) -> None:
        """Write whom the letter goes to, unless it is typed already."""
        code = self.fields["organism"].code() if "organism" in self.fields else ""
        organism = references.organisms().get(code)
        if organism and not self.fields["addressee"].toPlainText().strip().startswith(organism.name):
            written = writing.written_to(code)
            self.fields["addressee"].setPlainText(written if "\n" in written else written + "\n")
            self.fields["addressee"].moveCursor(QTextCursor.MoveOperation.End)  # the address is typed right after

    def readdress(self, organism: str, address: str) -> None:
        """Another variant goes to somebody else; what was typed for them before comes back."""
        self.fill({"addressee": "", "organism": organism})
        self.fill({"addressee": address} if address else {})

    def spelled(self) -> list[SpelledText]:
        return [widget for widget in self.fields.values() if isinstance(widget, SpelledText)]
