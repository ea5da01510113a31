"""A model past its last day: said in a sentence, and allowed for a while by the responsable, who writes why."""

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import lifts, team
from desktop import french
from desktop.documents.template_files import Template
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form, Panel, label, scrolled


class LiftPanel(Panel):
    lifted = Signal(str)  # what to say
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._template: Template | None = None
        self.sentence = label("", wrap=True)
        self.form = Form(columns=1)
        self.form.add("reason", "Pourquoi", QLineEdit(), help="Gardé avec votre nom et la date.")
        self.form.add("until", "Utilisable jusqu’au", QLineEdit(), help="Un mois au plus.")
        self.close_button = KeyButton("Fermer", "Échap", "x", kind="quiet", name="Fermer : modèle expiré")
        self.close_button.clicked.connect(self.closed)
        self.allow = KeyButton("Prolonger", icon="clock", kind="primary")
        self.allow.clicked.connect(self._allow)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.addWidget(self.sentence)
        column.addWidget(self.form, 1)
        self.add(label("Ce modèle a expiré", "section", wrap=True))
        self.add(scrolled(inside, "Modèle expiré"), stretch=1)
        self.column.addLayout(Flow(self.close_button, push=self.allow))

    def begin(self, template: Template) -> None:
        self._template, today = template, date.today()
        lift, mine = lifts.lifted(template.sha256, today), team.is_responsable()
        self.sentence.setText(_allowed(lift) if lift else _refused(template, mine))
        for widget in (self.form, self.allow):
            widget.setVisible(mine)
        self.form.clear()
        self.form.fill({"until": french.short_date(today + lifts.LONGEST)})
        (self.form.fields["reason"] if mine else self.close_button).setFocus()

    def _allow(self) -> None:
        today, values = date.today(), self.form.values()
        until, reason = french.parse_date(values["until"], today), values["reason"]
        found = lifts.problems(until, reason, today)
        self.form.show_problems(found, focus=True)
        if not found:
            lifts.lift(self._template.id, self._template.sha256, until, reason, today)
            self.lifted.emit(f"Modèle prolongé jusqu’au {french.short_date(until)}.")


def _refused(template: Template, mine: bool) -> str:
    until = french.short_date(template.expires_on)
    who = "Pour le prolonger, dites pourquoi." if mine else "Demandez au responsable de le prolonger."
    return f"Il valait jusqu’au {until}. Aucune lettre ne se range ni ne s’imprime. {who}"


def _allowed(lift: lifts.Lift) -> str:
    known = team.member(lift.mediator)
    until = french.short_date(date.fromisoformat(lift.until))
    return f"Prolongé jusqu’au {until} par {known.name if known else 'un ancien responsable'} : {lift.reason}"
