"""The middle pane: what the letter needs, the sentences one adds, and what is still wrong."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from db.letters import Draft
from desktop.documents import templates
from desktop.documents.template_files import Template
from desktop.jobs import Jobs
from desktop.letters import writing
from desktop.letters.doubts import Doubts
from desktop.letters.letter_form import LetterForm
from desktop.letters.phrases_row import PhrasesRow
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, scrolled, set_tone, tag
from desktop.widgets.look import px
from desktop.widgets.reading_order import enter_goes_on, follow_reading
from desktop.widgets.spelled_text import SpelledText

NOTHING = "Choisissez un modèle"
FIRST = "Tapez à gauche un organisme ou un mot. Entrée ouvre le premier modèle."
SENSITIVE = "Courrier sensible : Guichet ne garde que son numéro."
LEVELS = {2: ("relecture à deux", "info"), 3: ("préparer, puis orienter", "wait")}
_REMINDERS = {
    2: "Faites relire ce courrier par un autre médiateur avant la signature.",
    3: "Vous préparez les faits et les papiers. Le conseil de droit revient à un avocat, au point-justice ou à une association.",
}


class FieldsPanel(Panel):
    """`changed` at each key; `named` with a person's id, `renamed` when another name is typed; `starred` by its button."""

    changed = Signal()
    named = Signal(str)
    renamed = Signal()
    acted = Signal()
    starred = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self.template: Template | None = None
        self.form: LetterForm | None = None
        self._head()
        self._inside = QWidget()
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(12)
        self.phrases = PhrasesRow()
        self.phrases.changed.connect(self._changed)
        self._addition_label = label("Ajouter un paragraphe (facultatif)", "label")
        self.addition = SpelledText(jobs, placeholderText="Ce que la personne veut ajouter, avec ses mots.")
        self.addition.setAccessibleName("Ajouter un paragraphe")
        self.addition.setTabChangesFocus(True)
        self.addition.textChanged.connect(self._changed)
        self._addition_label.setBuddy(self.addition)
        told = row(self.level, self.reminder)
        told.setStretch(1, 1)
        column.addWidget(self.summary)
        column.addLayout(told)
        column.addWidget(self.phrases)
        own = QVBoxLayout()
        own.setSpacing(3)
        own.addWidget(self._addition_label)
        own.addWidget(self.addition)
        column.addLayout(own)
        column.addStretch(1)
        self._scroll = scrolled(self._inside, "Champs du courrier")
        self.add(self._scroll, stretch=1)
        self._follow = QTimer(self, singleShot=True, interval=0)  # once the fields have their places
        self._follow.timeout.connect(self._show_focus)
        self.advice = label("", wrap=True)
        self.advice.setProperty("tone", "wait")
        self.add(self.advice)
        self._foot()
        self.doubts.watch(self.addition)
        self.clear()

    def _head(self) -> None:
        self.heading = label(NOTHING, "section", wrap=True)
        self.star = Chip("", icon="star")
        self.star.setAccessibleName("Favori")
        self.star.setToolTip("Favori")
        self.star.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.star.setAccessibleDescription("Touche * dans la liste des modèles")
        self.star.clicked.connect(self.starred)
        self.kept = tag("", "plain")
        line = row(self.heading, self.kept, self.star)
        line.setStretch(0, 1)
        self.column.addLayout(line)
        self.summary = label("", "hint", wrap=True)
        self.level = tag("", "info")
        self.reminder = label("", "hint", wrap=True)

    def _foot(self) -> None:
        self.doubts = Doubts(self, self._spelled)
        self.print_button = KeyButton("Imprimer", "Ctrl+P", "printer")
        self.file = KeyButton("Ranger", "Ctrl+Entrée", "folder-plus", kind="primary", name="Ranger au registre")
        self.column.addLayout(Flow(self.doubts, self.print_button, push=self.file))

    # one template

    def show_template(self, template: Template, draft: Draft) -> None:
        """Its fields, filled with what the draft holds."""
        self._drop_form()
        self.doubts.begin()
        self.template, self.form = template, LetterForm(template, self._jobs)
        self.form.fill(draft.values)
        self.form.fold(writing.of_person(draft.person))
        self.form.changed.connect(self._changed)
        self.form.named.connect(self.named)
        self.form.renamed.connect(self.renamed)
        self.form.acted.connect(self.acted)
        for box in self.form.spelled():
            self.doubts.watch(box)
        self._inside.layout().insertWidget(2, self.form)
        self.phrases.offer(template.phrases)
        self.phrases.choose(draft.phrases)
        self._write_addition(draft.addition)
        self.heading.setText(template.title)
        kept = SENSITIVE if template.sensitive else ""
        self.summary.setText(" ".join(filter(None, (template.summary, template.limits, kept))))
        words, tone = LEVELS.get(template.level, ("", "info"))
        set_tone(self.level, words, tone)
        said = _REMINDERS.get(template.level, "")
        self.reminder.setText(" ".join(filter(None, (said, template.referral if said else ""))))
        for widget in (self.level, self.reminder):
            widget.setVisible(bool(words))
        for widget in (self.star, self._addition_label, self.addition, self.summary):
            widget.show()
        self._allow("")
        follow_reading(self)
        self._scroll.verticalScrollBar().setValue(0)
        self._show_advice()

    def clear(self) -> None:
        """No template: nothing of anybody stays in a widget."""
        self._drop_form()
        self.template = None
        self.phrases.offer(())
        self._write_addition("")
        self.heading.setText(NOTHING)
        for shown in (self.summary, self.level, self.reminder, self.advice, self.kept, self.doubts):
            shown.setText("")
            shown.hide()
        for widget in (self.star, self._addition_label, self.addition):
            widget.hide()
        self.summary.setText(FIRST)
        self.summary.show()
        self._allow("Choisissez d’abord un modèle.")

    def _allow(self, reason: str) -> None:
        for button in (self.print_button, self.file):
            button.bar(reason)

    def _drop_form(self) -> None:
        if self.form is not None:
            self.form.blockSignals(True)
            self.form.hide()
            self.form.deleteLater()
            self.form = None

    def _write_addition(self, text: str) -> None:
        self.addition.blockSignals(True)
        self.addition.setPlainText(text)
        self.addition.blockSignals(False)
        self.addition.setFixedHeight(px(76))

    # what is typed

    def draft(self, before: Draft) -> Draft:
        """The draft with what is typed now; what another model asked stays, in case one goes back to it."""
        values = before.values | self.form.values()
        return replace(before, values=values, phrases=self.phrases.chosen(), addition=self.addition.toPlainText())

    def fill(self, values: dict[str, object]) -> None:
        """What is known, over what is typed."""
        self.form.fill({name: value for name, value in values.items() if value})
        self._changed()

    def fill_person(self, known: dict[str, str], before: dict[str, str]) -> None:
        """What a file knows; where it knows nothing, what was typed stays, and what came from another file goes."""
        typed = self.form.values()
        self.form.fill({name: text for name, text in known.items() if text or typed.get(name) == before.get(name)})
        self.form.fold(known)
        self._changed()

    def _changed(self) -> None:
        if self.form is not None:
            self.form.ask(date.today())
            self._show_advice()
            self.changed.emit()

    def _show_advice(self) -> None:
        values = self.form.values()
        advice = templates.advice(self.template, values)
        wrong = writing.wrong(self.template, values, date.today())
        if "addressee" in wrong and self.form.fields["addressee"].hasFocus():
            del wrong["addressee"]  # half an address is no mistake yet
        self.form.show_problems(wrong, advice=advice)
        told = (
            writing.expired(self.template, date.today()),
            writing.misaddressed(self.template, values),
            *(text for name, text in advice.items() if self.form.fields[name].isHidden()),
        )
        self.advice.setText("  ".join(filter(None, told)))
        self.advice.setVisible(bool(self.advice.text()))
        names = frozenset(str(values.get(name, "")) for name in ("name", "personne", "addressee"))
        self.doubts.know(names)

    def readdress(self, organism: str, address: str) -> None:
        """The variant chosen goes to somebody else."""
        self.form.readdress(organism, address)
        self._show_advice()

    def demand(self, *, focus: bool) -> bool:
        """Whether nothing is missing; otherwise one sentence beside each blank, and the first one may take the focus."""
        values = self.form.values()
        problems = writing.missing(self.template, values, date.today())
        self.form.show_problems(problems, advice=templates.advice(self.template, values), focus=focus)
        if problems and self.focusWidget():
            self._scroll.show_whole(self.focusWidget())
        return not problems

    def say(self, sentence: str, tone: str = "plain") -> None:
        set_tone(self.kept, sentence, tone)
        self.kept.setVisible(bool(sentence))

    def _spelled(self) -> list[SpelledText]:
        return [*(self.form.spelled() if self.form else []), self.addition]

    # keys

    def first_field(self) -> QWidget | None:
        return self.form.first() if self.form else None

    def begin(self, otherwise: QWidget) -> None:
        """The caret where something is still to type, and in view."""
        (self.first_field() or otherwise).setFocus()
        self._follow.start()

    def _show_focus(self) -> None:
        focus = self._inside.focusWidget()
        if focus is not None and focus.hasFocus():
            self._scroll.show_whole(focus)

    def keyPressEvent(self, event) -> None:
        """Entrée goes on to the next field."""
        if not enter_goes_on(self, event):
            super().keyPressEvent(event)
