"""A dossier opened after a call, the person named."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import call_lists, dossiers, lists, people, store, timeline
from desktop import french
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import Choice, Form, label, row
from desktop.widgets.person_line import PersonLine


class OpenForm(QWidget):
    """A dossier after a call, the person named: Entrée opens it. `opened` with its id."""

    opened = Signal(str)
    acted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line: call_lists.Line | None = None
        self._note = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.heading = label("Ouvrir un dossier", "section")
        self.hint = label("", "hint", wrap=True)
        self.form = Form(columns=2)
        self.person, self.kind = PersonLine(), Choice()
        self.form.add("person", "Personne", self.person, columns=2)
        self.form.add("kind", "Type de dossier", self.kind)
        self.form.add("reference", "Référence client", QLineEdit())
        self.form.add("subject", "Objet", QLineEdit(), columns=2)
        self.person.named.connect(self._named)
        self.person.refused.connect(self._refused)
        self.person.acted.connect(self.acted)
        self.person.entered.connect(self.open_dossier)
        self.person.escaped.connect(self.left)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.save = KeyButton("Ouvrir le dossier", "Entrée", "check", kind="primary")
        self.save.clicked.connect(self.open_dossier)
        for widget in (self.heading, self.hint, self.form):
            column.addWidget(widget)
        column.addLayout(row(self.cancel, "|", self.save))

    def start(self, line: call_lists.Line, sheet: call_lists.Sheet, note: str) -> None:
        self._line, self._note = line, note
        draft = call_lists.dossier_draft(line, "")
        who = call_lists.person_draft(line)
        known = next((p.id for p in people.duplicates(who) if _same(p.id, who)), None)
        self.form.show_problems({})
        self.kind.offer([(kind, kind) for kind in lists.dossier_kinds(sheet.partner)])
        self.form.fill(
            {
                "kind": draft.kind,
                "reference": draft.reference,
                "subject": f"Liste {sheet.partner_name}, {sheet.title}"[:120],
            }
        )
        wrong = french.phone_problem(line.phone)
        self.person.show_person(known, line.name if wrong else f"{line.name} {line.phone}".strip())
        told = "Elle a déjà une fiche." if known else "Sa fiche sera créée : informez-la de ses droits au téléphone."
        if wrong:
            told += f" Le numéro de la liste ({line.phone}) est faux : demandez-le."
        self.hint.setText(told)
        self.save.setFocus()

    def clear(self) -> None:
        self._line, self._note = None, ""
        self.form.clear()
        self.person.show_person(None)

    def open_dossier(self) -> None:
        """The person's file if she has none, the dossier, and the line of the list: one act."""
        line, today = self._line, date.today()
        typed = {name: str(value).strip() for name, value in self.form.values().items()}
        draft = call_lists.dossier_draft(line, "")
        draft = replace(draft, kind=self.kind.code(), reference=typed["reference"], subject=typed["subject"])
        who = replace(people.parse(typed["person"]), informed_on=today)
        problems = dossiers.problems(replace(draft, person=self.person.person or "?"), today)
        if self.person.person is None and (wrong := people.problems(who, today)):
            problems["person"] = next(iter(wrong.values()))
        self.form.show_problems(problems, focus=True)
        if problems:
            return
        with store.act(f"Dossier {lists.label('partner', draft.partner)} ouvert après un appel"):
            person = self.person.person or people.record(who, today)
            id = call_lists.to_dossier(line.id, replace(draft, person=person), today)
            if self._note.strip():
                timeline.tell(id, "note", self._note.strip())
        self.clear()
        self.opened.emit(id)

    def _named(self) -> None:
        self._refused("")
        self.hint.setText("Elle a déjà une fiche.")
        self.save.setFocus()

    def _refused(self, sentence: str) -> None:
        self.form.show_problems({"person": sentence} if sentence else {})

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event):
            self.open_dossier()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _same(person: str, who: people.Draft) -> bool:
    """The same telephone and the same name, either way round."""
    known = people.draft(person)
    names = (french.fold(f"{d.last_name} {d.first_name}").split() for d in (known, who))
    return bool(who.phone) and known.phone == who.phone and sorted(next(names)) == sorted(next(names))
