"""Partners: who to call and when, how they number their customers, how fast they answer, what was agreed with them."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from db import delays, drafts, lists, partners
from desktop import french
from desktop.settings.layouts import Beside
from desktop.settings.section import Section
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, restyle
from desktop.widgets.keys import is_enter
from desktop.widgets.lines import Lines
from desktop.widgets.look import LOOK, px

STATUSES = (("à vérifier", "À vérifier : avertit seulement"), ("lu", "Lu sur une facture : bloque"),
            ("établi", "Donné par le partenaire : bloque"))  # fmt: skip
CONTACTS_MAX = 8
DRAFT = "partner:"
"""What is being typed of each, by its code."""
_NOBODY = partners.Contact("")
_CONTACT = {"role": "Rôle", "phone": "Téléphone", "hours": "Horaires", "note": "À savoir"}
_EXAMPLES = {"role": "Correspondant solidarité", "phone": "04 00 00 00 00", "hours": "9 h à 12 h", "note": ""}


class PartnersSection(Section):
    title, icon = "Partenaires", "briefcase"
    reserved = "Demandez au responsable : lui seul change les partenaires."

    def __init__(self) -> None:
        super().__init__()
        self._shown: str | None = None  # the code of whoever is shown; "" for a new one
        self._typed: dict[str, dict[str, object]] = {}
        self._filling = False
        self.list = CardList("Partenaires", "Aucun partenaire.", flat=True)
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._edit)
        self.new_button = KeyButton("Nouveau partenaire", icon="plus")
        self.new_button.clicked.connect(self.new)
        left = Panel()
        left.add(self.list, self.new_button)
        left.column.addStretch(1)
        self._left = left
        self.editor = Editor()
        self.editor.changed.connect(self._keep)
        self.save_button = KeyButton(
            "Enregistrer", "Ctrl+Entrée", "check", kind="primary", name="Enregistrer le partenaire"
        )
        self.save_button.clicked.connect(self.record)
        self.undo_button = KeyButton("Revenir au texte gardé", icon="undo-2", kind="quiet")
        self.undo_button.clicked.connect(self.reset)
        self.archive_button = KeyButton("Archiver", icon="inbox", kind="quiet")
        self.archive_button.clicked.connect(self.archive)
        right = Panel()
        right.add(self.editor)
        right.column.addLayout(Flow(self.archive_button, self.undo_button, push=self.save_button, spacing=8))
        self.column.addWidget(Beside(left, right, stretches=(2, 5)))
        self.column.addStretch(1)
        LOOK.changed.connect(self._resize)
        self._resize()

    def refresh(self) -> None:
        allowed = self.may_change()
        self._typed = drafts.kept_under(DRAFT) if allowed else {}
        self._show_list()
        if self._shown is None:
            self.list.select_first()
        self._show(self._shown if self._shown is not None else self.list.current_id() or "")
        self.editor.set_read_only(not allowed)
        for button in (self.new_button, self.save_button, self.archive_button, self.undo_button):
            button.bar("" if allowed else self.reserved)
        self._say_buttons()

    def new(self) -> None:
        """An empty form, or the one that was being filled."""
        self.list.clearSelection()
        self._show("")
        self.editor.form.fields["name"].setFocus()

    def record(self) -> None:
        """Save, or say beside each field what is wrong."""
        if not self.save_button.isEnabled():
            return
        draft, problems = self.editor.draft(self._partner())
        self.editor.show_problems(problems, focus=True)
        if problems:
            return
        drafts.forget(DRAFT + (self._shown or ""))
        self._shown = partners.save(draft)
        self.refresh()
        self.acted.emit()

    def archive(self) -> None:
        """Out of the choices, or back in; never deleted. What is being typed stays."""
        known = self._partner()
        if known.code and self.archive_button.isEnabled():
            partners.save(replace(known, archived=not known.archived))
            self.refresh()
            self.acted.emit()

    def reset(self) -> None:
        """Drop what was typed and not saved."""
        drafts.forget(DRAFT + (self._shown or ""))
        self.refresh()

    def _partner(self) -> partners.Partner:
        return partners.partner(self._shown) if self._shown else partners.Partner("", "")

    def _show_list(self) -> None:
        known = partners.partners(archived=True)
        today = date.today()
        self.list.blockSignals(True)
        self.list.show_cards([_card(one, one.code in self._typed, today) for one in known], select=self._shown or "")
        if self._shown == "":
            self.list.clearSelection()
        self.list.blockSignals(False)

    def _moved(self, code: str) -> None:
        self._show(code)

    def _edit(self, _code: str) -> None:
        self.editor.form.fields["name"].setFocus()

    def _show(self, code: str) -> None:
        self._shown = code
        self._filling = True
        self.editor.show_partner(self._partner(), self._typed.get(code))
        self._filling = False
        self._say_buttons()

    def _keep(self) -> None:
        """Nothing typed is lost: it waits in the file."""
        if not self._filling and self._shown is not None:
            self._typed[self._shown] = self.editor.values()
            drafts.keep(DRAFT + self._shown, self._typed[self._shown])
            self._say_buttons()

    def _say_buttons(self) -> None:
        known = self._partner()
        text = "Remettre" if known.archived else "Archiver"
        self.archive_button.setText(text)
        self.archive_button.setAccessibleName(f"{text} {known.name}".strip())
        self.archive_button.updateGeometry()
        self.archive_button.setVisible(bool(known.code))
        self.undo_button.setVisible((self._shown or "") in self._typed)

    def _resize(self) -> None:
        self._left.setMinimumWidth(px(290))
        self.list.setFixedHeight(px(38) * (5 if LOOK.narrow else 11))

    def keyPressEvent(self, event) -> None:
        if is_enter(event):
            self.record()
        else:
            super().keyPressEvent(event)


class Editor(QWidget):
    """Everything one partner has; `changed` at each key."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._partner = partners.Partner("", "")
        self._reading_only = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        self.heading = label("", "section", wrap=True)
        self.warning = label("", wrap=True)
        self.warning.setProperty("tone", "wait")
        self.form = Form()
        self.form.add("name", "Nom", QLineEdit())
        self.form.add("sector", "Secteur", Choice(list(partners.sectors().items())))
        self.form.add(
            "families", "Familles du clavier", QLineEdit(placeholderText="1, 4"), help="Les chiffres de l’accueil."
        )
        self.form.add("answer_days", "Délai de réponse habituel, en jours", QLineEdit(placeholderText="10"))
        self.form.add(
            "kinds",
            "Types de dossier, un par ligne",
            Lines(120),
            columns=2,
            help="Neuf au plus : un chiffre chacun. Vide : ceux du secteur.",
        )
        self.measured = label("", "hint", wrap=True)
        self.reference = Form()
        self.reference.add("label", "Nom de la référence", QLineEdit(placeholderText="Numéro client"))
        self.reference.add("status", "Ce que vaut sa forme", Choice(list(STATUSES)))
        shape = "9 : un chiffre. A : une lettre. « ou » entre deux formes."
        self.reference.add("shape", "Forme", QLineEdit(placeholderText="9999999999"), help=shape)
        self.reference.add("example", "Exemple", QLineEdit(placeholderText="6 000 000 000"))
        self.reference.add("source", "D’où vient cette forme", QLineEdit(placeholderText="facture de mars 2026"))
        self.trial = QLineEdit(placeholderText="6 044 871 209")
        self.reference.add("trial", "Essayer une référence", self.trial, help="Rien n’est gardé de cet essai.")
        self.verdict = label("", "strong", wrap=True)
        self.agreement = Form(columns=3)
        self.agreement.add("agreement_from", "Convention du", QLineEdit(placeholderText="01/01/2026"))
        self.agreement.add("agreement_until", "Convention jusqu’au", QLineEdit(placeholderText="31/12/2026"))
        self.agreement.add(
            "funding", "Financement", QLineEdit(placeholderText="12 000"), help="En euros, pour toute la convention."
        )
        self.contacts = Contacts()
        for widget in (
            self.heading, self.warning, self.form, self.measured, label("Contacts", "section"), self.contacts,
            label("Référence des clients", "section"), self.reference, self.verdict, label("Convention", "section"),
            self.agreement,
        ):  # fmt: skip
            column.addWidget(widget)
        for part in (self.form, self.agreement, self.contacts):
            part.changed.connect(self.changed)
        self.reference.changed.connect(self._tried)

    def show_partner(self, known: partners.Partner, typed: dict[str, object] | None) -> None:
        """What is kept, under what was being typed."""
        self._partner = known
        self.heading.setText(known.name or "Nouveau partenaire")
        values = _values(known) | (typed or {})
        for part in (self.form, self.reference, self.agreement):
            part.show_problems({})
            part.fill(values)
        self.trial.setText("")
        self.contacts.fill(values["contacts"])
        warning = partners.agreement_warning(known, date.today()) if known.code else ""
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))
        self.measured.setText(_measured(known))
        self.measured.setVisible(bool(self.measured.text()))
        self._try()
        self.set_read_only(self._reading_only)

    def values(self) -> dict[str, object]:
        return {
            **self.form.values(), **self.reference.values(), **self.agreement.values(), "trial": "",
            "contacts": self.contacts.values(),
        }  # fmt: skip

    def draft(self, known: partners.Partner) -> tuple[partners.Partner, dict[str, str]]:
        """The partner as typed, and what is wrong, field by field."""
        typed = {name: value.strip() if isinstance(value, str) else value for name, value in self.values().items()}
        found: dict[str, str] = {}
        digits = [part for part in typed["families"].replace(",", " ").split() if part]
        if not all(part.isdecimal() for part in digits):
            found["families"] = "Une famille est un chiffre de 1 à 9. Exemple : 1, 4."
            digits = []
        if not typed["answer_days"].isdecimal():
            found["answer_days"] = "Écrivez un nombre de jours. Exemple : 10."
        days = {}
        for name in ("agreement_from", "agreement_until"):
            days[name] = french.parse_date(typed[name], date.today()) if typed[name] else None
            if typed[name] and days[name] is None:
                found[name] = "Cette date n’existe pas. Exemple : 01/01/2026."
        funding = french.parse_euros(typed["funding"]) if typed["funding"] else None
        if typed["funding"] and funding is None:
            found["funding"] = "Écrivez un montant en euros. Exemple : 12 000."
        draft = replace(
            known, name=typed["name"], sector=typed["sector"], families=tuple(dict.fromkeys(map(int, digits))),
            kinds=self._kinds(typed), contacts=self.contacts.contacts(), reference=self.typed_reference(),
            answer_days=int(typed["answer_days"]) if "answer_days" not in found else known.answer_days, funding=funding,
            **days,
        )  # fmt: skip
        return draft, partners.problems(draft) | found

    def _kinds(self, typed: dict[str, object]) -> tuple[str, ...]:
        """Those typed; those of the sector when none are, or when a new partner keeps them."""
        lines = tuple(" ".join(line.split()) for line in str(typed["kinds"]).splitlines() if line.strip())
        return lines or lists.sectors().get(str(typed["sector"]), ())

    def typed_reference(self) -> partners.Reference:
        typed = {name: str(value).strip() for name, value in self.reference.values().items()}
        name = typed["label"] or partners.Reference().label
        return partners.Reference(name, typed["example"], typed["shape"], typed["status"], typed["source"])

    def show_problems(self, problems: dict[str, str], *, focus: bool = False) -> None:
        shapes = {"shape": problems["reference"]} if "reference" in problems else {}
        self.contacts.forget_problems()
        if "contacts" in problems:
            self.contacts.show_problems(focus=focus)
        for part, found in ((self.agreement, problems), (self.reference, shapes), (self.form, problems)):
            part.show_problems(found, focus=focus)

    def set_read_only(self, reading: bool) -> None:
        self._reading_only = reading
        for part in (self.form, self.reference, self.agreement):
            for name, field in part.fields.items():
                if isinstance(field, QLineEdit | QPlainTextEdit):
                    field.setReadOnly(reading and name != "trial")
                else:
                    field.setEnabled(not reading)
        self.contacts.set_read_only(reading)

    def _tried(self) -> None:
        self._try()
        if self.sender() is self.reference:
            self.changed.emit()

    def _try(self) -> None:
        """Whether the reference tried has the shape being typed."""
        text, form = self.trial.text().strip(), self.typed_reference()
        words, tone = "", ""
        if text and partners.is_nir(text):
            words, tone = "C’est un numéro de sécurité sociale : il ne se garde jamais.", "urgent"
        elif text and not form.shape:
            words, tone = "Aucune forme n’est écrite : toute référence va.", "info"
        elif text and form.fits(text):
            words, tone = "Cette référence a la bonne forme.", "ok"
        elif text:
            after = "elle serait refusée" if form.settled else "elle serait gardée, avec un mot pour la vérifier"
            words, tone = f"Cette référence n’a pas la forme : {after}.", "urgent" if form.settled else "wait"
        self.verdict.setText(words)
        self.verdict.setVisible(bool(words))
        restyle(self.verdict, "tone", tone)


class Contacts(QWidget):
    """The contacts of a partner: roles, never private names."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[_Contact] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        column.addLayout(self._column)
        self.more = KeyButton("Ajouter un contact", icon="plus")
        self.more.clicked.connect(self._grow)
        column.addLayout(Flow(self.more))

    def fill(self, contacts: list[dict[str, str]]) -> None:
        for line in self.lines:
            line.hide()
            line.deleteLater()
        self.lines = []
        for contact in contacts:
            self._insert(contact)
        self.more.setVisible(len(self.lines) < CONTACTS_MAX)

    def values(self) -> list[dict[str, str]]:
        return [{name: str(value) for name, value in line.form.values().items()} for line in self.lines]

    def contacts(self) -> tuple[partners.Contact, ...]:
        """Those where something is written."""
        return tuple(made for line in self.lines if (made := line.contact()) != _NOBODY)

    def show_problems(self, *, focus: bool = False) -> None:
        """Beside the field of each contact, what cannot be kept."""
        wrong = [(line, name) for line in self.lines if (name := line.show_problem())]
        if focus and wrong:
            line, name = wrong[0]
            line.form.fields[name].setFocus()

    def forget_problems(self) -> None:
        for line in self.lines:
            line.form.show_problems({})

    def set_read_only(self, reading: bool) -> None:
        self.more.setEnabled(not reading)
        for line in self.lines:
            line.remove.setEnabled(not reading)
            for field in line.form.fields.values():
                field.setReadOnly(reading)

    def _insert(self, contact: dict[str, str]) -> None:
        line = _Contact(len(self.lines) + 1)
        line.form.fill(contact)
        line.form.changed.connect(self.changed)
        line.removed.connect(self._removed)
        self._column.addWidget(line)
        self.lines.append(line)
        QWidget.setTabOrder(line.remove, self.more)

    def _grow(self) -> None:
        self._insert({})
        self.lines[-1].form.fields["role"].setFocus()
        self.more.setVisible(len(self.lines) < CONTACTS_MAX)

    def _removed(self) -> None:
        gone = self.sender()
        self.lines.remove(gone)
        gone.hide()
        gone.deleteLater()
        self.more.show()
        self.more.setFocus()
        self.changed.emit()


class _Contact(QWidget):
    """One contact, in four fields."""

    removed = Signal()

    def __init__(self, rank: int) -> None:
        super().__init__()
        self.form = Form()
        for name, text in _CONTACT.items():
            self.form.add(name, text, QLineEdit(placeholderText=_EXAMPLES[name]))
            self.form.fields[name].setAccessibleName(f"Contact {rank}, {text.casefold()}")
        self.remove = KeyButton("Retirer ce contact", icon="x", kind="quiet", name=f"Retirer le contact {rank}")
        self.remove.clicked.connect(self.removed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.form)
        column.addLayout(Flow(self.remove))

    def contact(self) -> partners.Contact:
        return partners.Contact(**{name: str(value).strip() for name, value in self.form.values().items()})

    def show_problem(self) -> str:
        """Which field is wrong, if one is; its sentence is beside it."""
        made = self.contact()
        draft = partners.Partner("?", "?", kinds=("?",), contacts=(made,))
        sentence = partners.problems(draft).get("contacts", "") if made != _NOBODY else ""
        name = ("phone" if made.role else "role") if sentence else ""
        self.form.show_problems({name: sentence} if name else {})
        return name


def _values(known: partners.Partner) -> dict[str, object]:
    """A partner as its fields show it."""
    reference = known.reference
    return {
        "name": known.name, "sector": known.sector, "families": ", ".join(map(str, known.families)),
        "answer_days": str(known.answer_days), "kinds": "\n".join(known.kinds), "label": reference.label,
        "status": reference.status, "shape": reference.shape, "example": reference.example, "source": reference.source,
        "trial": "", "agreement_from": _day(known.agreement_from), "agreement_until": _day(known.agreement_until),
        "funding": "" if known.funding is None else french.euros(known.funding).removesuffix(f"{french.NBSP}€"),
        "contacts": [
            {"role": one.role, "phone": french.phone(one.phone), "hours": one.hours, "note": one.note} for one in known.contacts
        ],
    }  # fmt: skip


def _day(day: date | None) -> str:
    return french.short_date(day) if day else ""


def _measured(known: partners.Partner) -> str:
    """The delay that dossiers show, once enough answers came."""
    if not known.code:
        return ""
    delay = delays.of_partner(known.code)
    if not delay.answers:
        return "Le délai constaté s’affichera ici, à partir de trois réponses."
    answers = french.counted(delay.answers, "réponse")
    return f"Délai constaté : {french.counted(delay.days, 'jour')}, sur {answers}. Il remplace le délai habituel."


def _card(known: partners.Partner, typed: bool, today: date) -> Card:
    badge, tone = ("archivé", "plain") if known.archived else ("", "plain")
    if not known.archived and partners.agreement_warning(known, today):
        badge, tone = "convention", "wait"
    if typed:
        badge, tone = "non enregistré", "wait"
    return Card(known.code, known.name, badge=badge, tone=tone)
