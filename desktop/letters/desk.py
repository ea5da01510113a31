"""The desk of letters: a model, only the fields it needs, the exact page; then printed or filed, once."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import dossiers, letters, people, visits
from desktop.documents import templates
from desktop.documents.typography import typeset
from desktop.jobs import Jobs
from desktop.letters import printing, writing
from desktop.letters.fields_panel import FieldsPanel
from desktop.letters.leaving import Leaving
from desktop.letters.models_panel import ModelsPanel
from desktop.letters.outbox import Outbox
from desktop.letters.preview_panel import PreviewPanel
from desktop.widgets.panes import Pane, Panes


class LetterDesk(QWidget):
    """`acted` and `said` as a room's; `reading` with the page to show large."""

    acted = Signal()
    said = Signal(str)
    reading = Signal(str, bytes)

    def __init__(self, outbox: Outbox, jobs: Jobs, doors: dict[str, str]) -> None:
        super().__init__()
        self._outbox = outbox
        self.draft: letters.Draft | None = None
        self._known: dict[str, str] = {}  # what the last file chosen said
        self.models, self.fields, self.preview = ModelsPanel(doors), FieldsPanel(jobs), PreviewPanel()
        self.panes = Panes(
            Pane("Modèles", self.models, 264),
            Pane("Champs", self.fields, stretch=5),
            Pane("Aperçu", self.preview, stretch=4),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panes)
        self.redraw = QTimer(self, singleShot=True, interval=0)
        self.redraw.timeout.connect(self.draw)
        self.leaving = Leaving(self, outbox)
        for combination in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(combination), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self.leaving.archive)
        self._connect()

    def _connect(self) -> None:
        self.models.chosen.connect(self.choose)
        self.models.said.connect(self.said)
        self.fields.changed.connect(self.changed)
        self.fields.named.connect(self._named)
        self.fields.renamed.connect(self._renamed)
        self.fields.acted.connect(self.acted)
        self.fields.starred.connect(self._star)
        self.preview.large.connect(self.changed)
        self.preview.reading.connect(self.read)

    # coming and going

    def refresh(self) -> None:
        self.models.refresh(self.draft and self.draft.template)
        self._show_star()
        self.leaving.refresh()

    def enter(self) -> None:
        if self.draft is None:
            kept = letters.kept_draft()
            if kept:
                self._restore(kept)
        elif self.leaving.made is None:
            self.redraw.start()  # envelopes or models may have changed behind a door
        self.fields.begin(self.models.filter)

    def _restore(self, kept: letters.Draft) -> None:
        try:
            template = templates.read_template(kept.template)
        except LookupError:
            return
        self.draft, self._known = kept, writing.of_person(kept.person)
        self.fields.show_template(template, kept)
        self.fields.say("Brouillon gardé")
        self.preview.set_large(kept.large)
        self.leaving.refresh()
        self._show_star()
        self.draw()

    def forget(self) -> None:
        """The veil: nothing of a person stays in a widget."""
        self.redraw.stop()
        self.draft, self._known = None, {}
        self.leaving.forget()
        self.fields.clear()
        self.models.filter.setText("")
        self.preview.clear()
        typeset.cache_clear()  # it remembers the lines of the page

    def new(self) -> None:
        """An empty letter: the kept draft goes, the register stays."""
        letters.forget_draft()
        self.leaving.begin()
        if self.draft is not None:
            self.draft = letters.Draft(self.draft.template)
            self.fields.show_template(self.fields.template, self.draft)
            self.fields.say("")
            self.preview.set_large(False)
            self.preview.show_page()
            self.draw()
        self.find()
        self.models.filter.setText("")

    def find(self) -> None:
        self.panes.bring(self.models)
        self.models.filter.setFocus()
        self.models.filter.selectAll()

    # one letter

    def choose(self, id: str) -> None:
        """Show the fields of this model; what is already typed under the same name stays."""
        before = self.draft or letters.Draft(id)
        values = before.values
        if self.draft and self.leaving.made and self.fields.template.sensitive:
            values = {name: values[name] for name in writing.SENDER if name in values}
        other = id != before.template or self.leaving.made is not None
        template = templates.read_template(id)
        if id != before.template:
            values = writing.readdressed(template, values)
        values = writing.searched(template, values, self.models.filter.text())
        self.draft = replace(
            before, template=id, values=values, **({"phrases": (), "addition": "", "reminder": ""} if other else {})
        )
        if other:
            self.leaving.begin()
        self.fields.show_template(template, self.draft)
        if self.draft.person and not self.fields.form.values().get("name"):
            self.choose_person(self.draft.person)
        self.models.select(id)
        self._show_star()
        self.changed()
        self.preview.show_page()
        self.preview.view.verticalScrollBar().setValue(0)
        self.panes.bring(self.fields)
        self.fields.begin(self.fields.print_button)

    def choose_person(self, id: str) -> None:
        self.draft = replace(self.draft or letters.Draft(""), person=id)
        if self.fields.form is not None:
            known = writing.of_person(id)
            self.fields.fill_person(known, self._known)
            self._known = known

    def _named(self, id: str) -> None:
        """Named here: on to the next thing asked."""
        self.choose_person(id)
        self.fields.begin(self.fields.print_button)

    def _renamed(self) -> None:
        """Another name typed: the letter, and its address, are no longer those of the person chosen."""
        self.draft = replace(self.draft, person=None)
        self.fields.form.fold({})

    def start_for_visit(self, visit: str) -> None:
        """A letter for the person at the counter."""
        found = visits.kept_draft(visit) or visits.load(visit) if visit else None
        person = found.person if found and people.is_known(found.person) else None
        self._make_room(person, visit or None)
        if person:
            self.choose_person(person)
        self.find()

    def start_for_dossier(self, id: str, template: str = "", step: str = "") -> None:
        """A letter of a dossier: `template`, for a step of its path; else the one being typed, else one of its sector."""
        sheet = dossiers.sheet(id)
        if sheet.hidden:
            self.said.emit("Ce dossier est confidentiel : seul son référent écrit.")
            return
        person = sheet.person
        self._make_room(person, None)
        self.draft = replace(self.draft or letters.Draft(""), dossier=id, person=person, step=step)
        if not template and self.fields.template is None:
            found = writing.template_of(id)
            template = found.id if found else ""
        if template:
            self.choose(template)
        self.choose_person(person)
        if self.fields.form is not None:
            said = writing.of_step(id, step)
            self.fields.fill(said)
            known = writing.of_dossier(id, self.fields.template, self.draft.values)
            organism, address = known.pop("organism", ""), known.pop("addressee", "")
            if (organism or address) and not writing.addressee(self.draft.values).lines:
                self.fields.form.readdress(organism, address)
            self.fields.fill(known | said)

    def _make_room(self, person: str | None, visit: str | None) -> None:
        """Somebody else's letter is put aside, whole; a letter already filed makes way."""
        before = self.draft or letters.kept_draft() or letters.Draft("")
        if self.leaving.made or not writing.is_for(before, person, visit):
            if before.template and not self.leaving.made:
                letters.put_aside(before)
                self.said.emit("Le courrier commencé est mis de côté. Ctrl+K, « Reprendre le courrier ».")
            self.forget()
            before = letters.Draft("")
        self.draft = replace(before, visit=visit or before.visit)

    def resume(self) -> None:
        """Take back the letter put aside; the one on the screen goes behind the others."""
        before, aside = self.draft, letters.take_aside()
        if aside is None:
            self.said.emit("Aucun courrier n’est mis de côté.")
            return
        if before and before.template and not self.leaving.made:
            letters.put_aside(before, behind=True)
        self.forget()
        self._restore(aside)
        if self.draft is None:
            self.said.emit("Le modèle de ce courrier n’existe plus.")
            letters.put_aside(aside, behind=True)
        else:
            self.keep()

    def changed(self) -> None:
        if self.fields.form is None:
            return
        self.leaving.made = None
        before, self.draft = self.draft, replace(self.fields.draft(self.draft), large=self.preview.bigger.isChecked())
        self._readdress(before)
        self.keep()
        self.redraw.start()

    def _readdress(self, before: letters.Draft) -> None:
        """Another variant may go to somebody else."""
        template = self.fields.template
        was, usual = (templates.organism(template, draft.values) for draft in (before, self.draft))
        if was != usual and usual != self.draft.values.get("organism"):
            values = writing.readdressed(template, self.draft.values)
            self.fields.readdress(usual, str(values.get("addressee", "")))
            self.draft = self.fields.draft(replace(self.draft, values=values))

    def keep(self) -> None:
        letters.keep_draft(self.draft)
        self.fields.say("Brouillon gardé")

    def draw(self) -> None:
        """Show the page as it would be printed, blanks highlighted."""
        if self.fields.form is None:
            return
        from desktop.documents.letter import render_all

        template, today = self.fields.template, date.today()
        written = [writing.letter(template, draft, today) for draft in writing.batch(template, self.draft)]
        self.preview.show_pdf(render_all(written, draft=True, window=printing.window(), large=self.draft.large))
        self.leaving.show_due()

    def _star(self) -> None:
        self.models.star(self.draft.template)
        self._show_star()

    def _show_star(self) -> None:
        self.fields.star.setChecked(bool(self.draft) and self.models.is_starred(self.draft.template))

    def read(self) -> None:
        """The page as it will be signed, large."""
        if self.fields.template is not None:
            self.reading.emit(self.fields.template.title, self.preview.view.pdf())

    def print(self) -> None:
        self.leaving.print()
