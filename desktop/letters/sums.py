"""Tables of sums: labels found while one types, Entrée straight down, an empty row always waiting at the end."""

from dataclasses import dataclass
from functools import cache, partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db import lists
from desktop import french
from desktop.widgets.cards import Card
from desktop.widgets.finder import Finder
from desktop.widgets.flow import Flow
from desktop.widgets.form import label, restyle, tag

_SHOWN = 7  # proposals under a field


@dataclass(frozen=True)
class Column:
    """One field of a row; `skipped`: Entrée passes over it."""

    name: str
    title: str
    example: str = ""
    stretch: int = 3
    skipped: bool = False


@dataclass(frozen=True)
class Kind:
    """One table of the budget; its first column is a label, found while one types."""

    name: str
    heading: str
    one: str
    help: str
    columns: tuple[Column, ...]


@cache
def usual(kind: str) -> tuple[str, ...]:
    return tuple(lists.read("budget")[kind]["usual"])


@cache
def known_labels(kind: str) -> tuple[str, ...]:
    return (*usual(kind), *lists.read("budget")[kind]["others"])


def _proposed(kind: str, text: str) -> list[Card]:
    """The labels that hold what is typed, then what is typed as it is."""
    wanted = french.fold(text)
    if not wanted:
        return []
    found = [known for known in known_labels(kind) if wanted in french.fold(known)][:_SHOWN]
    if not found or wanted in map(french.fold, found):
        return [Card(known, known) for known in found if french.fold(known) != wanted]
    return [*(Card(known, known) for known in found), Card(text, f"Garder « {text.strip()} »", icon="pencil")]


class Amount(QLineEdit):
    """A field of a row: Entrée and the arrows go through the table."""

    stepped = Signal(int)

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)


class Row(QWidget):
    """One line of a table; `entered` with the name of the column where Entrée was pressed."""

    changed = Signal()
    entered = Signal(str)
    stepped = Signal(str, int)

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.fields: dict[str, QLineEdit] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = QHBoxLayout()
        line.setSpacing(8)
        for place, asked in enumerate(kind.columns):
            self.fields[asked.name] = field = self._label(asked) if place == 0 else self._amount(asked)
            field.setObjectName(asked.name)
            field.textChanged.connect(self._emit)
            line.addWidget(field, asked.stretch)
        column.addLayout(line)
        self.note = label("", "error", wrap=True)
        self.note.hide()
        column.addWidget(self.note)

    def _label(self, asked: Column) -> Finder:
        finder = Finder(asked.title, partial(_proposed, self.kind.name))
        finder.picked.connect(self._picked)
        finder.entered.connect(partial(self.entered.emit, asked.name))
        return finder

    def _amount(self, asked: Column) -> Amount:
        field = Amount()
        field.setMinimumWidth(10)
        if asked.name != "months":
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
        field.returnPressed.connect(partial(self.entered.emit, asked.name))
        field.stepped.connect(partial(self.stepped.emit, asked.name))
        return field

    def _emit(self, *_: object) -> None:
        self.changed.emit()

    def _picked(self, text: str) -> None:
        first = self.kind.columns[0].name
        self.fields[first].setText(text.strip())
        self.entered.emit(first)

    def stand(self, place: int, last: bool) -> None:
        """Its number, and the examples in the last one, which waits."""
        for asked in self.kind.columns:
            self.fields[asked.name].setAccessibleName(f"{self.kind.one} {place + 1}, {asked.title}")
            shown = asked.example if last or asked.skipped else ""
            self.fields[asked.name].setPlaceholderText(shown)

    def values(self) -> dict[str, str]:
        return {name: field.text() for name, field in self.fields.items()}

    def leave(self) -> None:
        """Nothing typed waits in it for the event loop to destroy it."""
        self.blockSignals(True)
        for field in self.fields.values():
            field.clear()
        self.hide()
        self.deleteLater()

    def is_empty(self) -> bool:
        return not any(field.text().strip() for field in self.fields.values())

    def show_problems(self, problems: dict[str, str]) -> None:
        for name, field in self.fields.items():
            restyle(field, "wrong", "true" if name in problems else "false")
            field.setAccessibleDescription(problems.get(name, ""))
        self.note.setText(" ".join(problems.values()))
        self.note.setVisible(bool(problems))


class Table(QWidget):
    """The rows of one kind; an empty one always waits at the end."""

    changed = Signal()

    def __init__(self, kind: Kind) -> None:
        super().__init__()
        self.kind = kind
        self.rows: list[Row] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        self.total = tag("", "plain")
        column.addLayout(Flow(label(kind.heading, "section"), self.total, spacing=10))
        column.addWidget(label(kind.help, "hint", wrap=True))
        heads = QHBoxLayout()
        heads.setSpacing(8)
        for asked in kind.columns:
            title = label(asked.title, "label", wrap=True)
            title.setMinimumWidth(10)
            title.setAlignment(Qt.AlignmentFlag.AlignBottom)
            heads.addWidget(title, asked.stretch)
        column.addLayout(heads)
        self._pile = QVBoxLayout()
        self._pile.setSpacing(5)
        column.addLayout(self._pile)

    def values(self) -> list[dict[str, str]]:
        return [row.values() for row in self.rows if not row.is_empty()]

    def show_values(self, rows: list[dict[str, str]]) -> None:
        """These rows, or the usual labels when there is none."""
        for row in self.rows:
            row.leave()
        self.rows = []
        self.total.setText("")
        first = self.kind.columns[0].name
        for values in rows or [{first: known} for known in usual(self.kind.name)]:
            self._add(values)
        self._add({})

    def _add(self, values: dict[str, str]) -> None:
        row = Row(self.kind)
        for name, field in row.fields.items():
            field.setText(str(values.get(name, "")))
        row.changed.connect(self._grown)
        row.entered.connect(partial(self._entered, row))
        row.stepped.connect(partial(self._stepped, row))
        self.rows.append(row)
        self._pile.addWidget(row)
        for place, other in enumerate(self.rows):
            other.stand(place, other is row)

    def _grown(self) -> None:
        if not self.rows[-1].is_empty():
            self._add({})
        self.changed.emit()

    def _entered(self, row: Row, name: str) -> None:
        """Entrée: the next field of the row, or the next row, where something is still to be typed."""
        names = [asked.name for asked in self.kind.columns]
        left = [asked.name for asked in self.kind.columns[names.index(name) + 1 :] if not asked.skipped]
        if left and not (name == names[0] and row.is_empty()):
            row.fields[left[0]].setFocus()
            row.fields[left[0]].selectAll()
        elif row is self.rows[-1]:
            row.focusNextChild()
        else:
            below = self.rows[self.rows.index(row) + 1]
            below.fields[names[1] if below.fields[names[0]].text().strip() else names[0]].setFocus()

    def _stepped(self, row: Row, name: str, by: int) -> None:
        place = self.rows.index(row) + by
        if 0 <= place < len(self.rows):
            self.rows[place].fields[name].setFocus()

    def row_at(self, place: int) -> Row | None:
        """The row of one problem: empty rows are not counted among the values."""
        typed = [row for row in self.rows if not row.is_empty()]
        return typed[place] if place < len(typed) else self.rows[0] if self.rows else None

    def show_problems(self, problems: dict[str, dict[str, str]]) -> None:
        told = {self.row_at(int(place)): found for place, found in problems.items()}
        for row in self.rows:
            row.show_problems(told.get(row, {}))
