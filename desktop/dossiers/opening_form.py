"""Open a dossier: what the visit already says is filled in; the rest fits in one screen."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import dossiers, lists
from desktop import french
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import Choice, Form, Panel, label, row, scrolled
from desktop.widgets.person_line import PersonLine


class OpeningForm(Panel):
    """`opened` with the dossier's id, `acted` when a person's file was created, `left` on Échap."""

    opened = Signal(str)
    acted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=8)
        self._visit, self._filling = "", False
        self.heading = label("Nouveau dossier", "section")
        self.hint = label("Ce que vous tapez est gardé au fur et à mesure.", "hint", wrap=True)
        self.add(self.heading, self.hint)
        self.form = Form(columns=2)
        self.person = PersonLine()
        self.partner, self.kind = Choice(empty="Choisissez"), Choice()
        self.form.add("person", "Personne", self.person, columns=2, help="Trois lettres suffisent.")
        self.form.add("partner", "Partenaire", self.partner)
        self.form.add("kind", "Type de dossier", self.kind)
        subject = QLineEdit(placeholderText="Coupure annoncée le 30/11")
        self.form.add("subject", "Objet", subject, columns=2, help="Une ligne, 120 signes au plus.")
        self.form.add("reference", "Référence client", QLineEdit(), help="Celle de la facture. Facultatif.")
        self.form.add("amount_due", "Montant dû", QLineEdit(placeholderText="412,60"), help="En euros. Facultatif.")
        consent = Choice(list(dossiers.CONSENTS.items()))
        self.form.add("consent", "Accord de la personne", consent, help="L’écrit se signe sur le mandat.")
        self.form.changed.connect(self._changed)
        self.person.named.connect(self._named)
        self.person.refused.connect(self._refused)
        self.person.acted.connect(self.acted)
        self.person.entered.connect(self.open_dossier)
        self.person.escaped.connect(self.left)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.addWidget(self.form)
        column.addStretch(1)
        self.column.addWidget(scrolled(inside, "Nouveau dossier"), 1)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.save = KeyButton("Ouvrir le dossier", "Entrée", "check", kind="primary")
        self.save.clicked.connect(self.open_dossier)
        self.column.addLayout(row(self.cancel, "|", self.save))

    def start(self, visit: str = "") -> None:
        """What was being typed, else what the visit says, else an empty form."""
        self._visit = visit
        partners = lists.values("partner")
        self.partner.offer([(p.code, p.label) for p in partners], empty="Choisissez")
        kept = dossiers.kept_draft(visit)
        guessed = dossiers.guess(visit) if visit else dossiers.Draft()
        self._filling = True
        self.form.clear()
        self.partner.choose(str(kept.get("partner", guessed.partner)))
        self._offer_kinds()
        self.form.fill(
            {
                "kind": kept.get("kind", guessed.kind), "subject": kept.get("subject", guessed.subject),
                "reference": kept.get("reference", ""), "amount_due": kept.get("amount_due", ""),
                "consent": kept.get("consent", guessed.consent),
            }
        )  # fmt: skip
        self.person.show_person(kept.get("person_id", guessed.person), str(kept.get("person", "")))
        self._filling = False
        self.heading.setText("Nouveau dossier pour cette visite" if visit else "Nouveau dossier")
        subject = self.form.fields["subject"]
        if self.person.person is None:
            self.person.setFocus()
        elif not self.partner.code():
            self.partner.setFocus()
        else:
            subject.setFocus()
            subject.selectAll()

    def clear(self) -> None:
        """Nothing of a person stays in a widget; the draft is in the encrypted file."""
        self._filling = True
        self.form.clear()
        self.person.show_person(None)
        self._filling = False

    def open_dossier(self) -> None:
        """Open it, or say beside each field what is missing."""
        values = self.form.values()
        typed = str(values["amount_due"]).strip()
        amount = french.parse_euros(typed) if typed else None
        draft = dossiers.Draft(
            person=self.person.person, partner=self.partner.code(), kind=self.kind.code(),
            reference=str(values["reference"]).strip(), subject=str(values["subject"]).strip(), amount_due=amount,
            consent=str(values["consent"]), visit=self._visit or None,
        )  # fmt: skip
        found = dossiers.problems(draft)
        if typed and amount is None:
            found["amount_due"] = "Écrivez un montant en euros. Exemple : 412,60."
        if "person" in found and str(values["person"]).strip():
            found["person"] = "Choisissez la personne dans la liste, ou créez sa fiche."
        self.form.show_problems(found, focus=True)
        if not found:
            id = dossiers.open_dossier(draft, date.today())
            self.clear()
            self.opened.emit(id)

    def _offer_kinds(self) -> None:
        kinds = lists.dossier_kinds(self.partner.code()) if self.partner.code() else ()
        self.kind.offer([(kind, kind) for kind in kinds], empty=None if kinds else "Choisissez le partenaire")

    def _changed(self) -> None:
        if self._filling:
            return
        self._offer_kinds()
        dossiers.keep_draft(self._visit, {**self.form.values(), "person_id": self.person.person})

    def _named(self) -> None:
        self._refused("")
        self._changed()
        self.focusNextChild()

    def _refused(self, sentence: str) -> None:
        self.form.show_problems({"person": sentence} if sentence else {})

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event):
            self.open_dossier()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
