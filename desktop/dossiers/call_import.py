"""Receive a partner's list: say what each column holds, look at the lines, take those worth a call."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import call_imports, partners
from desktop import french
from desktop.exports import tables
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, row, scrolled
from desktop.widgets.look import LOOK, px

COLUMNS = {"name": "Nom", "first_name": "Prénom", "phone": "Téléphone", "reference": "Référence"}


class _Lines(CardList):
    """Entrée turns one line; Ctrl+Entrée is the page's."""

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        else:
            super().keyPressEvent(event)


class ImportPage(Panel):
    """`received` with the list's id, `left` on Échap."""

    received = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=8)
        self._table: tables.Table | None = None
        self._lines: tuple[call_imports.Preview, ...] = ()
        self._kept: dict[int, bool] = {}
        self._filling = False
        self.heading = label("Recevoir une liste", "section", wrap=True)
        self.column.addWidget(self.heading)
        self.form = Form(columns=4)
        self.form.add("partner", "Partenaire", Choice(empty="Choisissez"), columns=2)
        self.form.add("title", "Titre de la liste", QLineEdit(placeholderText="Semaine 48"), columns=2)
        for name, text in COLUMNS.items():
            self.form.add(name, f"Colonne {text.casefold()}", Choice(empty="Aucune"))
        self.form.changed.connect(self._changed)
        self.others_title = label("Autres colonnes à garder, si elles servent à l’appel", "label", wrap=True)
        self._others = QWidget()
        self._others_line = Flow(spacing=6)
        self._others.setLayout(self._others_line)
        self.others_note = label("", "error", wrap=True)
        self.chips: list[Chip] = []
        self.counts = label("", "strong", wrap=True)
        self.only = Chip("À regarder seulement", icon="circle-alert")
        self.only.toggled.connect(self._show_lines)
        self.list = _Lines("Lignes du fichier", "Rien à regarder.", flat=True, keys=(Qt.Key.Key_Space,), by_key=True)
        self.list.chosen.connect(self._toggle)
        self.list.pressed_key.connect(self._toggle)
        self.list.moved.connect(self._moved)
        self.detail = label("", "hint", wrap=True)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 6, 0)
        column.setSpacing(8)
        for widget in (self.form, self.others_title, self._others, self.others_note):
            column.addWidget(widget)
        column.addWidget(self.counts)
        column.addLayout(Flow(self.only))
        column.addWidget(self.list, 1)
        column.addWidget(self.detail)
        column.addWidget(label("Entrée ou Espace : reprendre la ligne, ou l’écarter.", "hint", wrap=True))
        self.column.addWidget(scrolled(inside, "Liste à recevoir"), 1)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.save = KeyButton("Recevoir la liste", "Ctrl+Entrée", "check", kind="primary")
        self.save.clicked.connect(self.receive)
        self.column.addLayout(row(self.cancel, "|", self.save))
        LOOK.changed.connect(self._resize)
        self._resize()

    def start(self, path: Path, table: tables.Table, today: date) -> None:
        """Show a file that was read, its columns guessed."""
        self._table = table
        self.heading.setText(f"Recevoir une liste : {path.name}")
        known = [(one.code, one.name) for one in partners.partners()]
        found = call_imports.guess_columns(table.columns, table.rows)
        self._filling = True
        self.form.show_problems({})
        self.form.fields["partner"].offer(known, empty="Choisissez")
        ranks = [(str(rank), title) for rank, title in enumerate(table.columns)]
        for name in COLUMNS:
            self.form.fields[name].offer(ranks, empty="Aucune")
        guessed = {name: "" if (rank := getattr(found, name)) is None else str(rank) for name in COLUMNS}
        self.form.fill({"partner": "", "title": f"Semaine {today.isocalendar().week}", **guessed})
        self._filling = False
        self.only.setChecked(False)
        self._draw_others()
        self._read()
        self.list.select_first()
        self.form.fields["partner"].setFocus()

    def clear(self) -> None:
        """No name of the file stays."""
        self._table, self._lines, self._kept = None, (), {}
        self._filling = True
        self.form.clear()
        self._filling = False
        self.heading.setText("Recevoir une liste")
        self.list.show_cards([])
        for shown in (self.detail, self.counts, self.others_note):
            shown.setText("")
        self._draw_others()

    def columns(self) -> call_imports.Columns:
        values = self.form.values()
        ranks = {name: int(str(values[name])) if values[name] else None for name in COLUMNS}
        details = tuple(chip.property("rank") for chip in self.chips if chip.isChecked())
        return call_imports.Columns(**ranks, details=details)

    def receive(self) -> None:
        """Take the lines kept, or say beside each field what is missing."""
        if self._table is None:
            return
        values, columns = self.form.values(), self.columns()
        partner, title = str(values["partner"]), str(values["title"])
        problems = call_imports.columns_problems(columns)
        self.others_note.setText(problems.pop("details", ""))
        self.others_note.setVisible(bool(self.others_note.text()))
        if not partner:
            problems["partner"] = "Dites de quel partenaire vient la liste. Exemple : EDF."
        if problem := call_imports.title_problem(title):
            problems["title"] = problem
        self.form.show_problems(problems, focus=True)
        taken = [line for line in self._chosen() if line.keep]
        if not problems and not taken:
            self.counts.setText("Aucune ligne n’est reprise. Choisissez-en au moins une.")
            self.list.setFocus()
        elif not problems and not self.others_note.text():
            kept = tuple(self._table.columns[rank] for rank in columns.details)
            id = call_imports.import_list(partner, title, kept, taken, date.today())
            self.clear()
            self.received.emit(id)

    # what is shown

    def _changed(self) -> None:
        if self._filling or self._table is None:
            return
        self._draw_others()
        self._read()

    def _draw_others(self) -> None:
        """A chip for each column that is none of those asked for."""
        self._others_line.clear()
        ticked = {chip.property("rank") for chip in self.chips if chip.isChecked()}
        values = self.form.values()
        used = {str(values[name]) for name in COLUMNS}
        self.chips = []
        for rank, title in enumerate(self._table.columns if self._table else ()):
            if str(rank) not in used:
                chip = Chip(title)
                chip.setProperty("rank", rank)
                chip.setChecked(rank in ticked)
                chip.clicked.connect(self._read)
                self._others_line.addWidget(chip)
                self.chips.append(chip)
        for widget in (self.others_title, self._others):
            widget.setVisible(bool(self.chips))
        self.others_note.hide()

    def _read(self) -> None:
        table, partner = self._table, str(self.form.values()["partner"])
        self._lines = call_imports.preview(table.columns, table.rows, table.numbers, self.columns(), partner)
        known = {line.position for line in self._lines if line.usable}
        self._kept = {position: kept for position, kept in self._kept.items() if position in known}
        self._show_lines()

    def _chosen(self) -> list[call_imports.Preview]:
        """The lines, with what was decided by hand."""
        return [replace(line, keep=self._kept.get(line.position, line.keep)) for line in self._lines]

    def _show_lines(self, *_: object) -> None:
        lines = self._chosen()
        shown = [line for line in lines if not self.only.isChecked() or line.problems or line.duplicate]
        self.list.show_cards([_card(line) for line in shown])
        if self.list.current_id() is None:
            self.list.select_first()
        self.counts.setText(_counted(lines))
        self._moved(self.list.current_id() or "")

    def _moved(self, id: str) -> None:
        line = next((line for line in self._lines if str(line.position) == id), None)
        words = [*line.problems, line.duplicate] if line else []
        self.detail.setText(
            f"Ligne {line.position}. {' '.join(filter(None, words)) or 'Rien à signaler.'}" if line else ""
        )

    def _toggle(self, id: str, _key: int = 0) -> None:
        line = next(line for line in self._chosen() if str(line.position) == id)
        if line.usable:
            self._kept[line.position] = not line.keep
            self._show_lines()

    def _resize(self) -> None:
        self.list.setMinimumHeight(px(38) * 4)

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event) and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.receive()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _card(line: call_imports.Preview) -> Card:
    parts = (line.name or "sans nom", french.phone(line.phone) or "sans téléphone", line.reference)
    title = f"{line.position} · {' · '.join(part for part in parts if part)}"
    if not line.usable:
        return Card(str(line.position), title, badge="illisible", tone="urgent", icon="x")
    if line.duplicate and not line.person:
        badge, tone = ("double", "wait")
    elif line.problems:
        badge, tone = ("à vérifier", "wait")
    else:
        badge, tone = ("a une fiche", "info") if line.person else ("", "plain")
    words = "reprise" if line.keep else "écartée"
    return Card(
        str(line.position), title, badge=f"{badge}, {words}" if badge else words,
        tone=tone if badge else "ok" if line.keep else "plain", icon="check" if line.keep else "x",
    )  # fmt: skip


def _counted(lines: list[call_imports.Preview]) -> str:
    """« 40 lignes : 36 reprises, 3 en double, 1 à vérifier »."""
    kept = sum(line.keep for line in lines)
    doubles = sum(bool(line.duplicate) and not line.person for line in lines)
    wrong = sum(bool(line.problems) for line in lines)
    parts = [
        french.counted(kept, "reprise"),
        f"{doubles} en double" if doubles else "",
        f"{wrong} à vérifier" if wrong else "",
    ]
    return f"{french.counted(len(lines), 'ligne')} : {', '.join(filter(None, parts))}"
