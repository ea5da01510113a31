"""A letter leaves: filed with what it teaches and what it makes one do, printed with what goes along."""

from dataclasses import replace
from datetime import date
from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from db import drafts, letters, people, reminders
from desktop import french
from desktop.documents import budget, courtesy, references, templates
from desktop.documents.template_files import SENDINGS, Template
from desktop.letters import printing, writing
from desktop.letters.outbox import Job, Made, Outbox
from desktop.letters.print_panel import Sheet

TAKEN_HOME = "fiche-a-emporter"


def draw(template: Template, draft: letters.Draft, number: str) -> bytes:
    """The pages as they leave: seen, printed, kept and saved alike."""
    from desktop.documents.letter import render

    letter = writing.letter(template, draft, date.today())
    return render(letter, number=number, window=printing.window(), large=draft.large, tagged=True)


def teach(template: Template, draft: letters.Draft) -> None:
    """The addresses a letter needed serve again; a sensitive one teaches nothing."""
    if not template.sensitive:
        writing.keep_address(draft.values)
        if people.is_known(draft.person):
            _keep_address(draft)


def _keep_address(draft: letters.Draft) -> None:
    """The address a letter needed, and the number typed in it, stay on the person's file."""
    known = people.draft(draft.person)
    town = str(draft.values.get("town") or f"{known.postcode} {known.town}").strip()
    code = town[:5] if town[:5].isdigit() else ""
    address = str(draft.values.get("address") or known.address)
    typed = str(draft.values.get("phone", ""))
    phone = known.phone if known.phone or known.without_phone or french.phone_problem(typed) else typed
    changed = replace(known, address=address, postcode=code, town=town.removeprefix(code).strip(), phone=phone)
    if changed != known:
        people.change(draft.person, changed)


def remind(due: writing.Due, words: str, before: str = "") -> str:
    """Bring the deadline back to mind on its prudent day; a reminder already written is moved there. Its id."""
    kept = reminder(before)
    if kept is None:
        return reminders.add(words, due.remind_on)
    if kept.due_on != due.remind_on:
        reminders.postpone(kept.id, due.remind_on)
    return kept.id


def reminder(id: str) -> reminders.Line | None:
    """The reminder, while it is to be done; Ctrl+Z takes it away."""
    return next((line for line in reminders.due(date.max) if line.id == id), None) if id else None


def sheets(template: Template, draft: letters.Draft) -> tuple[Sheet, ...]:
    """What may go along with this letter, in its order."""
    from desktop.documents import bundle

    letter = writing.letter(template, draft, date.today())
    place = writing.home()
    found = []
    if template.kind != "fiche" or template.after:
        found.append(Sheet("suite", "La feuille « Et maintenant ? »", partial(_what_next, template, draft)))
    if template.id == TAKEN_HOME:
        found += [
            Sheet(f"copie-{code}", f"Copie de courtoisie : {language.name}", partial(_courtesy, draft, code))
            for code, language in courtesy.languages().items()
        ]
    if letter.enclosures:
        listed = partial(bundle.enclosure_list, letter, place, large=draft.large)
        found.insert(0, Sheet("pieces", "La liste des pièces à joindre", lambda number: listed()))
    if _has_budget(draft):
        found.append(Sheet("budget", "Le budget de la personne, en annexe", partial(_budget, draft)))
    if letter.sending == SENDINGS["recommande_ar"]:
        steps = partial(bundle.registered_mail_help, place, large=draft.large)
        found.append(Sheet("recommande", "Envoyer en recommandé, pas à pas", lambda number: steps(), usual=True))
    return tuple(found)


def _has_budget(draft: letters.Draft) -> bool:
    """Whether the budget begun is that of whoever writes, and can be read."""
    kept = drafts.kept("budget")
    named = french.fold(str(draft.values.get("name", "")))
    return bool(named) and named == french.fold(str(kept.get("name", ""))) and not budget.read(kept)[1]


def _budget(draft: letters.Draft, number: str) -> bytes:
    from desktop.documents.budget_drawing import render_budget

    kept = drafts.kept("budget")
    return render_budget(budget.read(kept)[0], str(kept["name"]), (), date.today(), annex=True, number=number)


def _courtesy(draft: letters.Draft, language: str, number: str) -> bytes:
    """The take-home sheet in another language; only the French one is filed."""
    from desktop.letters.courtesy import courtesy_copy

    today = date.today()
    return courtesy_copy("Fiche à emporter", courtesy.rows(draft.values, today), language, today)


def _what_next(template: Template, draft: letters.Draft, number: str) -> bytes:
    from desktop.documents import bundle

    today = date.today()
    due = templates.deadline(template, draft.values, today)
    return bundle.what_next(
        writing.letter(template, draft, today), writing.home(), number=number,
        deadline=due if due and due.day >= today else None,  # a day gone by is not one to remember
        sources=[references.sources()[key] for key in template.sources], large=draft.large,
    )  # fmt: skip


def bundled(made: Made, copies: int, along: tuple[Sheet, ...]) -> Job:
    """The letter as many times as wanted, then each sheet once, as one thing to print."""
    from desktop.documents import bundle

    parts = [(made.pdf, copies), *((sheet.draw(made.number), 1) for sheet in along)]
    return Job(bundle.merge(parts) if copies > 1 or along else made.pdf, made)


class Leaving(QObject):
    """The acts that end a letter, on the widgets of its desk; `made` once it is filed, until it changes."""

    def __init__(self, desk, outbox: Outbox) -> None:
        super().__init__(desk)
        self._desk, self._outbox = desk, outbox
        self.made: Made | None = None
        self._reminded: date | None = None
        self._copied = ""
        preview, panel = desk.preview, desk.preview.printing
        desk.fields.file.clicked.connect(self.archive)
        desk.fields.print_button.clicked.connect(self.print)
        preview.saving.connect(self.save)
        preview.copying.connect(self.copy)
        preview.reminding.connect(self.remind)
        panel.printed.connect(self._print_now)
        panel.other.connect(partial(self._print_now, choose=True))
        panel.left.connect(self._leave_printing)

    def begin(self) -> None:
        """Another letter."""
        self.made = self._reminded = None

    def refresh(self) -> None:
        """What Ctrl+Z took away is no longer said."""
        draft = self._desk.draft
        if draft is None or self._desk.fields.form is None:
            return
        if self.made and not letters.is_filed(self.made.letter):
            self._desk.changed()
        kept = reminder(draft.reminder)
        self._reminded = kept and kept.due_on
        self.show_due()

    def forget(self) -> None:
        """Nothing stays, not even in the clipboard."""
        self.begin()
        if self._copied and QGuiApplication.clipboard().text() == self._copied:
            QGuiApplication.clipboard().clear()
        self._copied = ""

    def show_due(self) -> None:
        due = writing.due(self._desk.fields.template, self._desk.draft.values, date.today())
        noted = f"Rappel noté pour le {french.weekday_date(self._reminded)}." if self._reminded else ""
        self._desk.preview.show_due(due, noted if due and due.remind_on == self._reminded else "")

    def make(self, *, complete: bool) -> Made | None:
        """Number it and enter it in the register, once; None when something must still be typed."""
        template = self._desk.fields.template
        if template is None or self.made:
            return self.made
        if self._is_expired():
            return None
        ready = self._desk.fields.demand(focus=complete)
        if (complete and not ready) or self._is_undecided():
            return None
        draft = self._desk.draft
        parts = [(writing.entry(template, d), partial(draw, template, d)) for d in writing.batch(template, draft)]
        made = self._outbox.file_all(parts, self._filed)
        if made is None:
            return None
        self._desk.redraw.stop()
        self.made = made
        self._desk.draft = replace(self._desk.draft, values=self._desk.fields.form.values())
        letters.forget_draft()
        self._desk.fields.say(f"Rangé n° {made.number}", "ok")
        self._desk.preview.show_pdf(made.pdf)
        self.show_due()
        return made

    def _is_expired(self) -> bool:
        refused = writing.expired(self._desk.fields.template, date.today())
        if refused:
            self._outbox.said.emit(refused)
        return bool(refused)

    def _is_undecided(self) -> bool:
        """A choice that decides what the letter says is still open: say which, and go there."""
        open_ = templates.unchosen(self._desk.fields.template, self._desk.draft.values)
        if open_:
            sentence = f"Choisissez d’abord : {open_[0].label}".removesuffix(" ?") + "."
            self._desk.panes.bring(self._desk.fields)
            self._desk.fields.form.show_problems({open_[0].name: sentence}, focus=True)
        return bool(open_)

    def _filed(self, number: str) -> None:
        """What else filing does, in the same act: one Ctrl+Z takes all of it back."""
        template, draft = self._desk.fields.template, self._desk.draft
        due = writing.due(template, draft.values, date.today())
        if due and not due.past:
            id = remind(due, f"{due.action} (courrier n° {number})", draft.reminder)
            self._desk.draft = replace(draft, reminder=id)
            self._reminded = due.remind_on
        teach(template, draft)

    def archive(self) -> None:
        self.make(complete=True)

    def print(self) -> None:
        """Ask how many and what goes along, in the place of the preview; Entrée prints."""
        template = self._desk.fields.template
        if template is None:
            return
        if self.made is None and (self._is_expired() or self._is_undecided()):
            return
        self._desk.preview.printing.offer(template.copies, sheets(template, self._desk.draft))
        self._desk.panes.bring(self._desk.preview)
        self._desk.preview.show_printing()

    def _print_now(self, *, choose: bool = False) -> None:
        """The very bytes that are kept, with what was ticked; blanks become dotted lines to fill by hand."""
        panel = self._desk.preview.printing
        made = self.make(complete=False)
        if made is None:
            return
        job = bundled(made, panel.copies, panel.chosen())
        self._leave_printing()
        self._outbox.send(job, choose=choose)

    def _leave_printing(self) -> None:
        self._desk.preview.show_page()
        self._desk.panes.bring(self._desk.fields)
        self._desk.fields.print_button.setFocus()

    def save(self) -> None:
        made = self.make(complete=False)
        if made:
            self._outbox.save(made)

    def copy(self) -> None:
        from desktop.documents.plain import plain_text

        if self.made is None and self._is_expired():
            return
        self._copied = plain_text(writing.letter(self._desk.fields.template, self._desk.draft, date.today()))
        QGuiApplication.clipboard().setText(self._copied)
        self._outbox.said.emit("Texte copié. Collez-le avec Ctrl+V.")

    def remind(self) -> None:
        due = writing.due(self._desk.fields.template, self._desk.draft.values, date.today())
        self._desk.draft = replace(self._desk.draft, reminder=remind(due, due.action, self._desk.draft.reminder))
        self._reminded = due.remind_on
        if not self.made:
            self._desk.keep()
        self.show_due()
        self._outbox.acted.emit()
