"""Open a dossier, or correct one: what the visit already says is filled in; the rest fits in one screen."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from db import dossiers, drafts, lists, partners
from desktop import french
from desktop.dossiers.ask import read_euros
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import Choice, Form, Panel, label, restyle, row, scrolled
from desktop.widgets.person_line import PersonLine

_NEIGHBOUR = "Trouble de voisinage"
_DATE = "Cette date n’existe pas. Exemple : 30/11."


class _Form(Form):
    def warn(self, name: str, sentence: str) -> None:
        """Something to look at again beside a field, without holding it wrong."""
        note = self._errors[name]
        if self.fields[name].property("wrong") != "true":
            note.setText(sentence or self._help[name])
            note.setVisible(bool(note.text()) and name not in self._hidden)
            restyle(note, "role", "label" if sentence else "hint")
            self.fields[name].setAccessibleDescription(note.text())


class OpeningForm(Panel):
    """`opened` or `corrected` with the dossier's id, `acted` when a person's file was created, `left` on Échap."""

    opened = Signal(str)
    corrected = Signal(str)
    acted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=8)
        self._visit, self._dossier, self._filling = "", "", False
        self.heading = label("Nouveau dossier", "section")
        self.hint = label("", "hint", wrap=True)
        self.restart = KeyButton("Effacer le brouillon", icon="x", kind="quiet")
        self.restart.clicked.connect(self._start_again)
        self.column.addLayout(row(self.heading, "|", self.restart))
        self.add(self.hint)
        self.form = _Form(columns=2)
        self.person = PersonLine()
        self.partner, self.kind = Choice(empty="Choisissez"), Choice()
        self.form.add("person", "Personne", self.person, columns=2, help="Trois lettres suffisent.")
        self.form.add("partner", "Partenaire", self.partner)
        self.form.add("kind", "Type de dossier", self.kind)
        subject = QLineEdit(placeholderText="Coupure annoncée le 30/11")
        self.form.add("subject", "Objet", subject, columns=2, help="Une ligne, 120 signes au plus.")
        self.form.add("reference", "Référence client", QLineEdit(), help="Celle de la facture. Facultatif.")
        self.form.add("amount_due", "Montant dû", QLineEdit(placeholderText="412,60"), help="En euros. Facultatif.")
        urgent = QLineEdit(placeholderText="30/11")
        self.form.add(
            "urgent_on", "Coupure ou échéance annoncée le", urgent, help="Facultatif. La relance vient avant."
        )
        notified = QLineEdit(placeholderText="12/11")
        self.form.add("notified_on", "Date du courrier reçu", notified, help="Les délais se comptent à partir d’elle.")
        consent = Choice(list(dossiers.CONSENTS.items()))
        self.form.add("consent", "Accord de la personne", consent, help="L’écrit se signe sur le mandat.")
        self.form.add("other_party", "Autre personne en cause", QLineEdit(), help="Pour un différend. Facultatif.")
        self.form.add("confidential", "Confidentiel", QCheckBox("Lu par son référent et le responsable"), columns=2)
        self.form.changed.connect(self._changed)
        self.person.named.connect(self._named)
        self.person.refused.connect(self._refused)
        self.person.acted.connect(self.acted)
        self.person.entered.connect(self.record)
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
        self.save.clicked.connect(self.record)
        self.column.addLayout(row(self.cancel, "|", self.save))

    def start(self, visit: str = "") -> None:
        """What was being typed, else what the visit says, else an empty form."""
        self._visit, self._dossier = visit, ""
        guessed = dossiers.guess(visit) if visit else dossiers.Draft()
        heading = "Nouveau dossier pour cette visite" if visit else "Nouveau dossier"
        self._fill(guessed, heading, "Ouvrir le dossier")
        subject = self.form.fields["subject"]
        if self.person.person is None:
            self.person.setFocus()
        elif not self.partner.code():
            self.partner.setFocus()
        else:
            subject.setFocus()
            subject.selectAll()

    def correct(self, dossier: str) -> None:
        """The dossier as it was typed, to change it."""
        self._visit, self._dossier = "", dossier
        self._fill(dossiers.draft_of(dossier), "Corriger le dossier", "Enregistrer")
        self.form.fields["subject"].setFocus()

    def _fill(self, draft: dossiers.Draft, heading: str, verb: str) -> None:
        kept = drafts.kept(self._draft())
        known = partners.partners(archived=bool(self._dossier))
        self.partner.offer([(partner.code, partner.name) for partner in known], empty="Choisissez")
        values: dict[str, object] = {
            "kind": draft.kind, "subject": draft.subject, "reference": draft.reference,
            "amount_due": "" if draft.amount_due is None else french.euros(draft.amount_due),
            "urgent_on": draft.urgent_on and french.short_date(draft.urgent_on),
            "notified_on": draft.notified_on and french.short_date(draft.notified_on),
            "consent": draft.consent, "other_party": draft.other_party, "confidential": draft.confidential,
        }  # fmt: skip
        self._filling = True
        self.form.clear()
        self.partner.choose(str(kept.get("partner", draft.partner)))
        self._offer_kinds()
        self.form.fill({name: kept.get(name, value) for name, value in values.items()})
        self.person.show_person(kept.get("person_id", draft.person), str(kept.get("person", "")))
        self._filling = False
        self._fit_partner()
        self._warn()
        self.heading.setText(heading)
        self.hint.setText("Brouillon repris." if kept else "Ce que vous tapez est gardé au fur et à mesure.")
        self.restart.setVisible(bool(kept))
        self.save.rename(verb)

    def _draft(self) -> str:
        """The name of what is being typed here."""
        return f"dossier:{self._dossier}:corrige" if self._dossier else f"dossier:{self._visit or 'new'}"

    def _start_again(self) -> None:
        """As if nothing had been typed: the draft may be about somebody else."""
        drafts.forget(self._draft())
        if self._dossier:
            self.correct(self._dossier)
        else:
            self.start(self._visit)

    def clear(self) -> None:
        """Nothing of a person stays in a widget; the draft is in the encrypted file."""
        self._filling = True
        self.form.clear()
        self.person.show_person(None)
        self._filling = False

    def record(self) -> None:
        """Open it, or correct it; or say beside each field what is missing."""
        values, today = self.form.values(), date.today()
        typed = {name: value.strip() for name, value in values.items() if isinstance(value, str)}
        amount, problem = read_euros(typed["amount_due"])
        days = {name: french.parse_date(typed[name], today) for name in ("urgent_on", "notified_on")}
        base = dossiers.draft_of(self._dossier) if self._dossier else dossiers.Draft(visit=self._visit or None)
        draft = replace(
            base, person=self.person.person, partner=self.partner.code(), kind=self.kind.code(), amount_due=amount,
            reference=typed["reference"], subject=typed["subject"], consent=typed["consent"],
            urgency="coupure" if typed["urgent_on"] else "normale", other_party=typed["other_party"],
            confidential=bool(values["confidential"]), **days,
        )  # fmt: skip
        found = dossiers.problems(draft, today)
        if problem:
            found["amount_due"] = problem
        for name, day in days.items():
            if typed[name] and day is None:
                found[name] = _DATE
        if "person" in found and typed["person"]:
            found["person"] = "Choisissez la personne dans la liste, ou créez sa fiche."
        self.form.show_problems(found, focus=True)
        self._warn()
        if not found:
            self._write(draft, today)

    def _write(self, draft: dossiers.Draft, today: date) -> None:
        if self._dossier:
            id = self._dossier
            dossiers.change(id, draft)
            drafts.forget(self._draft())
        else:
            id = dossiers.open_dossier(draft, today)
        signal = self.corrected if self._dossier else self.opened
        self.clear()
        signal.emit(id)

    def _offer_kinds(self) -> None:
        kinds = lists.dossier_kinds(self.partner.code()) if self.partner.code() else ()
        self.kind.offer([(kind, kind) for kind in kinds], empty=None if kinds else "Choisissez le partenaire")

    def _fit_partner(self) -> None:
        """A conflict has no customer's reference nor sum, the others nobody else: unless something is typed there."""
        conflict = bool(self.partner.code()) and partners.partner(self.partner.code()).sector == "conflit"
        needless = {"reference", "amount_due"} if conflict else {"other_party"}
        if self.kind.code() == _NEIGHBOUR:
            needless = set()
        fields = self.form.fields
        self.form.show_only(name for name in fields if name not in needless or fields[name].text())

    def _changed(self) -> None:
        if self._filling:
            return
        self._offer_kinds()
        self._fit_partner()
        self._warn()
        drafts.keep(self._draft(), {**self.form.values(), "person_id": self.person.person})

    def _warn(self) -> None:
        """A reference that does not look like this partner's: said, never refused, while its shape is to be checked."""
        typed = self.form.fields["reference"].text()
        self.form.warn("reference", partners.reference_warning(self.partner.code(), typed))

    def _named(self) -> None:
        self._refused("")
        self._changed()
        self.focusNextChild()

    def _refused(self, sentence: str) -> None:
        self.form.show_problems({"person": sentence} if sentence else {})
        self._warn()

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event):
            self.record()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
