"""Mes modèles: the place's own templates, copied from the shipped ones, edited with their page beside."""

import difflib
from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtWidgets import QDialog, QPlainTextEdit, QVBoxLayout, QWidget

from db import lists, store, team
from db.files import write_durably
from desktop import french
from desktop.documents import lint, sandbox, templates
from desktop.documents.content import Party
from desktop.documents.template_files import BadTemplate, Template, parse
from desktop.letters.models_panel import Filter
from desktop.letters.writing import folder
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.file_dialog import ask_file, ask_where
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Panel, label, row, set_tone, tag
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.pdf_view import PdfView

LIMIT = 64 * 1024
_KINDS = "Modèles (*.md)"
RESERVED = "Demandez au responsable : lui seul change les modèles."
_ALWAYS = {
    "Nom de la personne": "{{ usager.nom }}", "Adresse de la personne": "{{ usager.adresse_ligne }}",
    "Formule d’appel": "{{ appel }}", "Accord (soussigné…)": "{{ e }}", "Je ou nous": '{{ nous("je", "nous") }}',
    "Source de droit": '{% if source("clé") %}{{ source("clé") }}{% endif %}', "Lignes à la main": "{{ lignes(6) }}",
}  # fmt: skip
SENDER = Party("Aïcha Œuvrard-Nguyễn", "Madame", ("18 rue des Exemples", "69100 Villeurbanne"), "06 00 00 00 00")
ADDRESSEE = Party("Organisme de l’Exemple", lines=("18 rue Fictive", "69100 Villeurbanne"))


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
        self._list_pane, self._text_pane = self._list_panel(), self._text_panel()
        self.panes = Panes(
            Pane("Modèles", self._list_pane, 270),
            Pane("Texte", self._text_pane, stretch=6),
            Pane("Page", self._page_panel(), stretch=4),
        )
        column.addWidget(self.panes)
        self._redraw = QTimer(self, singleShot=True, interval=0)
        self._redraw.timeout.connect(self._show_page)

    def _list_panel(self) -> Panel:
        panel = Panel()
        self.back = KeyButton("Revenir", "Échap", "arrow-left", kind="quiet", name="Revenir aux courriers")
        self.back.clicked.connect(self.closed)
        self.filter = Filter(placeholderText="Titre, thème, état")
        self.filter.setAccessibleName("Chercher un modèle à modifier")
        self.filter.textChanged.connect(self._list)
        self.filter.returnPressed.connect(self._first)
        self.list = CardList("Tous les modèles", "Aucun modèle ne porte ce mot.", lines=2)
        self.filter.down.connect(self.list.setFocus)
        self.list.moved.connect(self.open)
        self.list.chosen.connect(self.open)
        self.bring_in = KeyButton("Importer…", icon="download")
        self.bring_in.clicked.connect(self.ask_import)
        self.take_out = KeyButton("Exporter…", icon="save", kind="quiet")
        self.take_out.clicked.connect(self.ask_export)
        panel.add(self.back, self.filter)
        panel.add(self.list, stretch=1)
        panel.column.addLayout(Flow(self.bring_in, self.take_out))
        return panel

    def _text_panel(self) -> Panel:
        panel = Panel()
        self.heading = label("Choisissez un modèle", "section", wrap=True)
        self.state = tag("", "plain")
        self.state.hide()
        panel.column.addLayout(row(self.heading, self.state))
        self.picker = Choice(empty="Ajouter dans le texte…")
        self.picker.setAccessibleName("Ajouter un champ ou une formule dans le texte")
        self.picker.activated.connect(self._picked)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Texte du modèle")
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setTabChangesFocus(True)
        fixed = QFont("monospace")
        fixed.setStyleHint(QFont.StyleHint.Monospace)
        self.text.document().setDefaultFont(fixed)
        self.text.textChanged.connect(self._changed)
        self.faults = label("", "hint", wrap=True)
        self.duplicate = KeyButton("Dupliquer", icon="copy")
        self.duplicate.clicked.connect(self.copy_here)
        self.compare = KeyButton("Ce qui a changé", icon="history", kind="quiet")
        self.compare.clicked.connect(self.show_moved)
        self.remove = KeyButton("Retirer", icon="x", kind="quiet")
        self.remove.clicked.connect(self.take_away)
        self.keep = KeyButton("Enregistrer", "Ctrl+Entrée", "save", kind="primary")
        self.keep.clicked.connect(self.save)
        panel.add(self.picker)
        panel.add(self.text, stretch=1)
        panel.add(self.faults)
        panel.column.addLayout(Flow(self.duplicate, self.compare, self.remove, push=self.keep))
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
            self.closed.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.keep.isEnabled():
            self.save()
        else:
            super().keyPressEvent(event)

    # the list

    def refresh(self) -> None:
        self._refused = templates.read_local(folder())
        self._list()
        if self._template is None:
            self._show(None)

    def enter(self) -> None:
        self.filter.setFocus()

    def forget(self) -> None:
        """Templates hold nothing of a person."""

    def find(self) -> None:
        self.panes.bring(self._list_pane)
        self.filter.setFocus()

    def _list(self) -> None:
        wanted = french.fold(self.filter.text()).split()
        themes = lists.read("letters")["theme"]
        cards = [_card(t, themes.get(t.theme, t.theme)) for t in templates.templates()]
        cards += [
            Card(name, name, sentence, badge="à réparer", tone="urgent") for name, sentence in self._refused.items()
        ]
        cards = [c for c in cards if all(word in french.fold(c.spoken) for word in wanted)]
        self.list.show_cards(sorted(cards, key=_plain), select=self._template and self._template.id)

    def _first(self) -> None:
        self.list.select_first()

    def open(self, id: str) -> None:
        """Show this template's file; a broken local file opens too, to be mended."""
        path = folder() / id
        if id in self._refused:
            self._template = None
            self._show(self._typed.get(id) or path.read_text("utf-8", "replace"), id)
            return
        self._template = templates.read_template(id)
        self._show(self._typed.get(id) or _text_of(self._template))

    def _show(self, text: str | None, broken: str = "") -> None:
        template, mine = self._template, _may_change()
        local = bool(broken) or bool(template and templates.is_local(template))
        self._file = broken or (f"{template.id}.md" if template else "")
        self.heading.setText(template.title if template else broken or "Choisissez un modèle")
        self.state.setVisible(text is not None)
        set_tone(self.state, "version locale" if local else "modèle d’origine", "info" if local else "plain")
        self.text.blockSignals(True)
        self.text.setPlainText(text or "")
        self.text.blockSignals(False)
        self.text.setReadOnly(not (local and mine))
        self.picker.setEnabled(local and mine)
        if template:
            fields = [(f"{{{{ {f.name} }}}}", f.label) for f in template.fields]
            self.picker.offer([*fields, *((mark, words) for words, mark in _ALWAYS.items())], "Ajouter dans le texte…")
        for button, possible in (
            (self.duplicate, template is not None and not local), (self.remove, local), (self.keep, local),
            (self.take_out, text is not None), (self.bring_in, True),
        ):  # fmt: skip
            button.setEnabled(possible and (mine or button is self.take_out))
            button.describe("" if mine or button is self.take_out else RESERVED)
        self.compare.setVisible(bool(template and templates.parent_moved(template)))
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
                self.preview.show_pdf(_drawn(template))
        except (BadTemplate, ValueError, KeyError) as problem:
            faults = [str(problem)]
        self._say_faults(faults)

    def _say_faults(self, faults: list[str]) -> None:
        many = french.counted(len(faults), "faute", "fautes")
        shown = "\n".join(faults[:4]) + (f"\n… et {len(faults) - 4} de plus." if len(faults) > 4 else "")
        self.faults.setText(f"{many}\n{shown}" if faults else "Le texte est juste.")

    def save(self) -> None:
        """Check everything, then write; a fault keeps the text here and says why."""
        text = self.text.toPlainText()
        faults = check(text)
        if faults:
            self._say_faults(faults)
            self.said.emit("Le modèle n’est pas enregistré : corrigez les fautes. Votre texte reste là.")
            return
        template = parse(text)
        if self._file != f"{template.id}.md":
            self._say_faults([f"L’id ne change pas : il reste « {self._file.removesuffix('.md')} »."])
            return
        if self._write(template.id, text):
            self._typed.pop(template.id, None)
            self._typed.pop(self._file, None)
            self._reload(template.id, "Modèle enregistré.")

    def copy_here(self) -> None:
        """A local version that stands in for the shipped one, and remembers where it comes from."""
        parent = self._template
        if parent is None or not _may_change():
            return
        text = _text_of(parent)
        head, body = text.split("\n", 1)
        text = f'{head}\nderive_de = "{parent.id}@{parent.version}"\n{body}'
        if self._write(parent.id, text) and self._write(f"origines/{parent.id}", _text_of(parent)):
            self._reload(parent.id, "Version locale créée : modifiez le texte.")
            self.panes.bring(self._text_pane)
            self.text.setFocus()
            self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def take_away(self) -> None:
        """Set the local file aside, never deleted: the shipped template comes back."""
        path = folder() / self._file
        aside = path.with_suffix(f".{date.today().isoformat()}.retire")
        try:
            path.replace(aside)
        except OSError:
            self.said.emit("Le fichier ne se déplace pas. Fermez ce qui l’utilise.")
            return
        self._typed.pop(self._file.removesuffix(".md"), None)
        id = self._template.id if self._template else ""
        self._template = None
        self._reload(id, f"Modèle retiré. Il reste dans « {aside.name} ».")

    def show_moved(self) -> None:
        """Line by line, what the shipped template changed since the copy."""
        template = self._template
        parent = templates.shipped().get(template.derived_from.partition("@")[0])
        origin = folder() / "origines" / f"{template.id}.md"
        before = origin.read_text("utf-8") if origin.exists() else _text_of(template)
        after = _text_of(parent, shipped=True) if parent else ""
        lines = difflib.unified_diff(
            before.splitlines(), after.splitlines(), "à la copie", "aujourd’hui", lineterm="", n=1
        )
        said = "\n".join(lines) or "Seul le numéro de version a changé."
        self._dialog = QDialog(self)
        self._dialog.setWindowTitle("Le modèle d’origine a changé")
        column = QVBoxLayout(self._dialog)
        column.addWidget(
            label("« - » n’y est plus, « + » est nouveau. Votre version reste la vôtre.", "hint", wrap=True)
        )
        shown = QPlainTextEdit(said)
        shown.setReadOnly(True)
        shown.setAccessibleName("Changements du modèle d’origine")
        column.addWidget(shown)
        self._dialog.resize(self.width() * 2 // 3, self.height() * 2 // 3)
        self._dialog.open()

    # one file in, one file out

    def ask_import(self) -> None:
        ask_file(self, "Importer un modèle", _KINDS, self.bring)

    def bring(self, path: str) -> None:
        """Take a template from a file, once it is checked."""
        try:
            raw = Path(path).read_bytes()
            text = raw.decode("utf-8").replace("\r\n", "\n")
        except (OSError, UnicodeDecodeError):
            self.said.emit("Ce fichier n’est pas un modèle : il doit être un texte en UTF-8.")
            return
        faults = ["Un modèle tient en 64 Ko."] if len(raw) > LIMIT else check(text)
        if faults:
            self.said.emit(f"Le modèle n’est pas importé : {faults[0]}")
            return
        template = parse(text)
        if self._write(template.id, text):
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

    def _write(self, name: str, text: str) -> bool:
        path = folder() / f"{name}.md"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_durably(path, text.encode())
        except OSError:
            self.said.emit("Le disque refuse d’écrire le modèle. Votre texte reste à l’écran.")
            return False
        return True

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


def check(text: str) -> list[str]:
    """Every fault of a template's text, its pages drawn; empty means it may be used."""
    try:
        return lint.lint(parse(text))
    except BadTemplate as problem:
        return [str(problem)]


def _may_change() -> bool:
    member = team.member(store.mediator())
    return member is not None and member.role == "responsable"


def _text_of(template: Template, *, shipped: bool = False) -> str:
    local = folder() / f"{template.id}.md"
    if not shipped and templates.is_local(template):
        return local.read_text("utf-8")
    return next(templates.LETTERS.glob(f"*/{template.id}.md")).read_text("utf-8")


def _drawn(template: Template) -> bytes:
    from desktop.documents.letter import render

    sender = replace(SENDER, name="PIMMS de l’Exemple", civility="") if template.from_place else SENDER
    try:
        written = templates.fill(template, template.example, sender=sender, addressee=ADDRESSEE, day=date.today())
        return render(written, draft=True)
    except sandbox.Forbidden as problem:
        raise ValueError(str(problem)) from problem


def _plain(card: Card) -> bool:
    """What wants attention comes first."""
    return not card.badge and card.detail.count(" · ") < 2


def _card(template: Template, theme: str) -> Card:
    today = date.today()
    badge, tone, state = "", "plain", ""
    if templates.expired(template, today):
        badge, tone = "expiré", "urgent"
    elif templates.stale(template, today):
        badge, tone = "à revoir", "wait"
    if templates.parent_moved(template):
        state = " · l’origine a changé"
    elif templates.is_local(template):
        state = " · version locale"
    return Card(template.id, template.title, f"{template.code} · {theme}{state}", badge=badge, tone=tone)
