"""Mes modèles: the place's own templates, copied from the shipped ones, edited with their page beside."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QTextCursor
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from db import team
from db.files import write_durably
from desktop import french
from desktop.documents import lint, template_changes, templates
from desktop.documents.template_files import BadTemplate, Template, parse
from desktop.letters import model_shelf
from desktop.letters.changes_panel import ChangesPanel
from desktop.letters.lift_panel import LiftPanel
from desktop.letters.manager_list import ManagerList
from desktop.letters.model_text import ModelText
from desktop.letters.writing import folder
from desktop.widgets.buttons import KeyButton
from desktop.widgets.file_dialog import ask_file, ask_where
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Panel, label, restyle, row, set_tone, tag
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.pdf_view import PdfView

_KINDS = "Modèles (*.md)"
_FULL = "Le disque refuse d’écrire le modèle. Votre texte reste à l’écran."
RESERVED = "Demandez au responsable : lui seul change les modèles."
_ALWAYS = {
    "Nom de la personne": "{{ usager.nom }}", "Adresse de la personne": "{{ usager.adresse_ligne }}",
    "Formule d’appel": "{{ appel }}", "Accord (soussigné…)": "{{ e }}", "Je ou nous": '{{ nous("je", "nous") }}',
    "Source de droit": '{% if source("clé") %}{{ source("clé") }}{% endif %}', "Lignes à la main": "{{ lignes(6) }}",
}  # fmt: skip


class ManagerPage(QWidget):
    closed = Signal()
    changed = Signal()  # templates were added, changed or removed
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._template: Template | None = None
        self._typed: dict[str, str] = {}  # what is not saved yet, by id
        self._refused: dict[str, str] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.models, self._text_pane, self._page_pane = ManagerList(), self._text_panel(), self._page_panel()
        self.models.back.clicked.connect(self.closed)
        self.models.opened.connect(self.open)
        self.models.bring_in.clicked.connect(self.ask_import)
        self.models.take_out.clicked.connect(self.ask_export)
        self.changes = ChangesPanel()
        self.changes.taken.connect(self.text.take)
        self.changes.seen.connect(self.mark_seen)
        self.changes.closed.connect(self._close_side)
        self.lift = LiftPanel()
        self.lift.lifted.connect(self._lifted)
        self.lift.closed.connect(self._close_side)
        self.panes = Panes(
            Pane("Modèles", self.models, 270),
            Pane("Texte", self._text_pane, stretch=6),
            Pane("Page", self._page_pane, stretch=4),
            Pane("Ce qui a changé", self.changes, stretch=7),
            Pane("Expiré", self.lift, stretch=4),
        )
        column.addWidget(self.panes)
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._show_typed)
        self._show_beside(self._page_pane)

    def _text_panel(self) -> Panel:
        panel = Panel()
        self.heading = label("Choisissez un modèle", "section", wrap=True)
        self.state = tag("", "plain")
        self.state.hide()
        panel.column.addLayout(row(self.heading, self.state))
        self.picker = Choice(empty="Ajouter dans le texte…")
        self.picker.setAccessibleName("Ajouter un champ ou une formule dans le texte")
        self.picker.activated.connect(self._picked)
        self.text = ModelText()
        self.text.textChanged.connect(self._changed)
        self.faults = label("", "hint", wrap=True)
        self.duplicate = KeyButton("Dupliquer", icon="copy")
        self.duplicate.clicked.connect(self.copy_here)
        self.compare = KeyButton("Ce qui a changé", icon="history", kind="quiet")
        self.compare.clicked.connect(self.show_changes)
        self.extend = KeyButton("Expiré : prolonger…", icon="clock", kind="quiet")
        self.extend.clicked.connect(self.show_lift)
        self.remove = KeyButton("Retirer", icon="x", kind="quiet")
        self.remove.clicked.connect(self.take_away)
        self.keep = KeyButton("Enregistrer", "Ctrl+Entrée", "save", kind="primary")
        self.keep.clicked.connect(self.save)
        panel.add(self.picker)
        panel.add(self.text, stretch=1)
        panel.add(self.faults)
        panel.column.addLayout(Flow(self.duplicate, self.compare, self.extend, self.remove, push=self.keep))
        return panel

    def _page_panel(self) -> Panel:
        panel = Panel()
        panel.add(label("La page, avec l’exemple", "section"))
        self.preview = PdfView("Page du modèle")
        panel.add(self.preview, stretch=1)
        return panel

    def keyPressEvent(self, event) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            (self.closed.emit if self._beside is self._page_pane else self._close_side)()
        elif self._undoes_taking(event):
            self.text.undo()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.keep.isEnabled():
            self.save()
        else:
            super().keyPressEvent(event)

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._undoes_taking(event):
            event.accept()
            return True
        return super().event(event)

    def _undoes_taking(self, event) -> bool:
        """Ctrl+Z beside the text is the text's, as in it, and not the desk's."""
        here = self.changes.isAncestorOf(QApplication.focusWidget())
        return here and event.matches(QKeySequence.StandardKey.Undo) and self.text.document().isUndoAvailable()

    # the list

    def refresh(self) -> None:
        self._refused = templates.read_local(folder())
        self._list()
        if self._template is None:
            self._show(None)

    def enter(self) -> None:
        self.models.filter.setFocus()

    def forget(self) -> None:
        """Templates hold nothing of a person."""

    def find(self) -> None:
        self.panes.bring(self.models)
        self.models.filter.setFocus()
        self.models.filter.selectAll()

    def _list(self) -> None:
        self.models.show_models(self._refused, self._template and self._template.id)

    def open(self, id: str) -> None:
        """Show this template's file; a broken local file opens too, to be mended."""
        if id in self._refused:
            self._template = None
            self._show(self._typed.get(id) or (folder() / id).read_text("utf-8", "replace"), id)
            return
        self._template = templates.read_template(id)
        self._show(self._typed.get(id) or model_shelf.text_of(self._template))

    def _show(self, text: str | None, broken: str = "") -> None:
        template, mine = self._template, team.is_responsable()
        local = bool(broken) or bool(template and templates.is_local(template))
        self._file = broken or (f"{template.id}.md" if template else "")
        self.heading.setText(template.title if template else broken or "Choisissez un modèle")
        self.state.setVisible(text is not None)
        set_tone(self.state, "version locale" if local else "modèle d’origine", "info" if local else "plain")
        self.duplicate.setVisible(not local)
        self.remove.setVisible(local)
        self.text.show_text(text or "")
        self.text.setReadOnly(not (local and mine))
        self.picker.setEnabled(local and mine)
        if template:
            fields = [(f"{{{{ {f.name} }}}}", f.label) for f in template.fields]
            self.picker.offer([*fields, *((mark, words) for words, mark in _ALWAYS.items())], "Ajouter dans le texte…")
        for button, possible in (
            (self.duplicate, template is not None and not local), (self.remove, local), (self.keep, local),
            (self.models.take_out, text is not None), (self.models.bring_in, True),
        ):  # fmt: skip
            button.setEnabled(possible and (mine or button is self.models.take_out))
            button.describe("" if mine or button is self.models.take_out else RESERVED)
        self.compare.setVisible(bool(template and templates.parent_moved(template)))
        self.extend.setVisible(bool(template and templates.expired(template, date.today())))
        self._close_side()
        self._show_page()

    # editing

    def _changed(self) -> None:
        self._typed[self._file if self._template is None else self._template.id] = self.text.toPlainText()
        self._redraw.start()

    def _picked(self, index: int) -> None:
        if index > 0 and not self.text.isReadOnly():
            self.text.insertPlainText(self.picker.itemData(index))
        self.picker.setCurrentIndex(0)
        self.text.setFocus()

    def _show_typed(self) -> None:
        self._show_page()
        if self._beside is self.changes:
            self._compare()

    def _show_page(self) -> None:
        text = self.text.toPlainText()
        if not text:
            self.preview.show_pdf(b"")
            self.faults.setText("")
            return
        try:
            template = parse(text)
            faults = lint.glance(template)
            if not faults:
                self.preview.show_pdf(model_shelf.page(template))
        except (BadTemplate, ValueError, KeyError) as problem:
            faults = [str(problem)]
        self._say_faults(faults)

    def _say_faults(self, faults: list[str], *, refused: bool = False) -> None:
        many = french.counted(len(faults), "faute", "fautes") + (" : pas encore enregistré." if refused else "")
        shown = "\n".join(faults[:4]) + (f"\n… et {len(faults) - 4} de plus." if len(faults) > 4 else "")
        self.faults.setText(f"{many}\n{shown}" if faults else "Le texte est juste.")
        restyle(self.faults, "role", "error" if faults else "hint")

    def save(self) -> None:
        """Check everything, then write; a fault keeps the text here and says why."""
        text = self.text.toPlainText()
        faults = model_shelf.check(text)
        if faults:
            self._say_faults(faults, refused=True)
            return
        template = parse(text)
        if self._file != f"{template.id}.md":
            self._say_faults([f"L’id ne change pas : il reste « {self._file.removesuffix('.md')} »."], refused=True)
            return
        try:
            model_shelf.write(template.id, text)
        except OSError:
            self.said.emit(_FULL)
            return
        self._typed.pop(template.id, None)
        self._typed.pop(self._file, None)
        comparing = self._beside is self.changes
        self._reload(template.id, "Modèle enregistré.")
        if comparing:
            self.show_changes()

    def copy_here(self) -> None:
        """A local version that stands in for the shipped one, and remembers where it comes from."""
        parent = self._template
        if parent is None or not team.is_responsable():
            return
        try:
            model_shelf.copy(parent)
        except OSError:
            self.said.emit(_FULL)
            return
        self._reload(parent.id, "Version locale créée : modifiez le texte.")
        self.panes.bring(self._text_pane)
        self.text.setFocus()
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def take_away(self) -> None:
        """Set the local file aside, never deleted: the shipped template comes back."""
        try:
            aside = model_shelf.put_aside(self._file)
        except OSError:
            self.said.emit("Le fichier ne se déplace pas. Fermez ce qui l’utilise.")
            return
        self._typed.pop(self._file.removesuffix(".md"), None)
        id = self._template.id if self._template else ""
        self._template = None
        self._reload(id, f"Modèle retiré. Il reste dans « {aside} ».")

    # what stands beside the text

    def _show_beside(self, pane: QWidget) -> None:
        """The page, what changed (which needs the room of the list too), or why the model has expired."""
        self._beside = pane
        others = {self._page_pane, self.changes, self.lift} - {pane}
        self.panes.put_aside(*others, *((self.models,) if pane is self.changes else ()))

    def _close_side(self) -> None:
        closed = self._beside
        if closed is self._page_pane:
            return
        was_here = closed.isAncestorOf(QApplication.focusWidget())
        self._show_beside(self._page_pane)
        self.panes.bring(self._text_pane)
        if was_here:
            door = self.compare if closed is self.changes else self.extend
            (self.text if door.isHidden() else door).setFocus()

    def show_lift(self) -> None:
        self._show_beside(self.lift)
        self.panes.bring(self.lift)
        self.lift.begin(self._template)

    def _lifted(self, sentence: str) -> None:
        self._close_side()
        self._list()
        self.changed.emit()
        self.said.emit(sentence)

    def show_changes(self) -> None:
        self._show_beside(self.changes)
        self.panes.bring(self.changes)
        self._compare()
        self.changes.begin()

    def _compare(self) -> None:
        before, today = model_shelf.origin(self._template)
        passages = template_changes.changes(before, today, self.text.toPlainText()) if today else ()
        reserved = "" if team.is_responsable() else RESERVED
        self.changes.show_passages(passages, gone=not today, reserved=reserved)

    def mark_seen(self) -> None:
        """The badge goes; what is typed and not saved stays so."""
        template = self._template
        try:
            now = model_shelf.see(template)
        except OSError:
            self.said.emit(_FULL)
            return
        if template.id in self._typed:
            self._typed[template.id] = template_changes.seen(self._typed[template.id], now)
        self._reload(template.id, "C’est noté : ce modèle est à jour de son origine.")

    # one file in, one file out

    def ask_import(self) -> None:
        ask_file(self, "Importer un modèle", _KINDS, self.bring)

    def bring(self, path: str) -> None:
        """Take a template from a file, once it is checked."""
        try:
            template = model_shelf.bring(Path(path))
        except BadTemplate as problem:
            self.said.emit(str(problem))
        except OSError:
            self.said.emit(_FULL)
        else:
            self._reload(template.id, f"Modèle importé : {template.title}.")

    def ask_export(self) -> None:
        ask_where(self, "Exporter le modèle", self._file, _KINDS, self.write_to)

    def write_to(self, path: str) -> None:
        try:
            write_durably(Path(path), self.text.toPlainText().encode())
        except OSError:
            self.said.emit("Le fichier ne s’écrit pas ici. Choisissez un autre dossier.")
        else:
            self.said.emit("Modèle exporté.")

    def _reload(self, id: str, sentence: str) -> None:
        self._refused = templates.read_local(folder())
        self._template = None
        self._list()
        if any(t.id == id for t in templates.templates()):
            self.open(id)
            self._list()
        else:
            self._show(None)
        self.changed.emit()
        self.said.emit(sentence)
