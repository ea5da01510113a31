"""Structures of the entrance: rename, archive, take back, add. History keeps its labels."""

from PySide6.QtWidgets import QLineEdit

from db import lists
from desktop import french
from desktop.settings.pages import new_code
from desktop.settings.section import Section
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form, Panel, label
from desktop.widgets.look import LOOK, px

KIND = "structure"


class ListsSection(Section):
    title, icon = "Listes", "list-checks"
    reserved = "Demandez au responsable : lui seul change les listes."

    def __init__(self) -> None:
        super().__init__()
        panel = Panel()
        panel.add(label("Structures à la même entrée", "section"))
        self.list = CardList("Valeurs de la liste", "Aucune valeur. Ajoutez la première.", flat=True)
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._edit)
        self.form = Form(columns=1)
        self.form.add("label", "Libellé", QLineEdit(), help="L’historique garde son libellé d’alors.")
        self.form.fields["label"].returnPressed.connect(self.rename)
        self.rename_button = KeyButton("Renommer", "Entrée", "pencil")
        self.rename_button.clicked.connect(self.rename)
        self.add_button = KeyButton("Ajouter", icon="plus", name="Ajouter ce libellé à la liste")
        self.add_button.clicked.connect(self.add)
        self.archive_button = KeyButton("Archiver", icon="inbox", kind="quiet")
        self.archive_button.clicked.connect(self.archive)
        panel.add(self.list, self.form)
        panel.column.addLayout(Flow(self.rename_button, self.add_button, self.archive_button, spacing=8))
        self.column.addWidget(panel)
        self.column.addWidget(label("Thèmes, suites et natures restent communs à tous les lieux.", "hint", wrap=True))
        self.column.addStretch(1)
        LOOK.changed.connect(self._resize)

    def refresh(self) -> None:
        allowed = self.may_change()
        self.list.show_cards([_card(value) for value in self._values()])
        if self.list.current_id() is None:
            self.list.select_first()
        self.form.fields["label"].setReadOnly(not allowed)
        for button in (self.rename_button, self.add_button, self.archive_button):
            button.bar("" if allowed else self.reserved)
        self._moved("")
        self._resize()

    def rename(self) -> None:
        value, text = self._current(), self._typed()
        if value is not None and self._may_write(text, value.code) and text != value.label:
            self._save(value.code, text, value.archived)

    def add(self) -> None:
        text = self._typed()
        if self._may_write(text, ""):
            code = new_code(text, {value.code for value in self._values()})
            self._save(code, text, False)
            self.list.show_cards(self.list.cards(), select=code)

    def archive(self) -> None:
        value = self._current()
        if value is not None and self.archive_button.isEnabled():
            self._save(value.code, value.label, not value.archived)

    def _typed(self) -> str:
        return " ".join(str(self.form.values()["label"]).split())

    def _may_write(self, text: str, code: str) -> bool:
        problem = ""
        if not text:
            problem = "Écrivez un libellé."
        elif any(french.fold(value.label) == french.fold(text) and value.code != code for value in self._values()):
            problem = "Changez ce libellé : il est déjà dans la liste."
        self.form.show_problems({"label": problem} if problem else {}, focus=True)
        return not problem and self.rename_button.isEnabled()

    def _save(self, code: str, text: str, archived: bool) -> None:
        codes = [value.code for value in self._values()]
        position = codes.index(code) if code in codes else len(codes)
        lists.save(KIND, code, text, position=position, archived=archived)
        self.refresh()
        self.acted.emit()

    def _values(self) -> tuple[lists.Value, ...]:
        return lists.values(KIND, archived=True)

    def _current(self) -> lists.Value | None:
        return next((value for value in self._values() if value.code == self.list.current_id()), None)

    def _edit(self, _id: str) -> None:
        self.form.fields["label"].setFocus()
        self.form.fields["label"].selectAll()

    def _moved(self, _id: str) -> None:
        value = self._current()
        self.form.fill({"label": value.label if value else ""})
        self.form.show_problems({})
        self.archive_button.setText("Remettre" if value and value.archived else "Archiver")
        self.archive_button.setAccessibleName(self.archive_button.text())
        self.archive_button.updateGeometry()
        self.archive_button.update()

    def _resize(self) -> None:
        self.list.setFixedHeight(max(2, min(len(self.list.cards()), 8)) * px(38) + 4)


def _card(value: lists.Value) -> Card:
    return Card(value.code, value.label, badge="Archivé" if value.archived else "")
