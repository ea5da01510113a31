"""The journal: every visit ever recorded, the newest first; Entrée corrects, Suppr takes away."""

from datetime import date

from PySide6.QtCore import Qt, Signal

from db import lists, visits
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label
from desktop.widgets.table import Column, PagedTable

_STATES = {"left": "Reparti", "redirected": "Orienté"}


def _state(line: visits.Line) -> str:
    if line.state == "redirected":
        return f"Orienté : {lists.label('structure', line.redirected_to)}"
    return _STATES.get(line.state) or lists.label("outcome", line.outcome)


COLUMNS: tuple[Column[visits.Line], ...] = (
    Column("Jour", lambda v: french.short_date(v.day), 104),
    Column("N°", lambda v: str(v.number), 44),
    Column("Arrivée", lambda v: french.time_of_day(v.arrived_at), 74),
    Column("Attente", lambda v: french.minutes_ago(v.started_at - v.arrived_at) if v.started_at else "", 80),
    Column("Personne", lambda v: v.name or "Anonyme", 170),
    Column("Demande", lambda v: lists.theme_label(v.theme, v.subtheme) if v.theme else "", 270),
    Column("Dem.", lambda v: str(v.demands) if v.demands else "", 56),
    Column("Fait", lambda v: lists.label("nature", v.nature), 170),
    Column("Suite", _state, 200),
)


class JournalPage(Panel):
    corrected = Signal(str)
    closed = Signal()
    acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.back = KeyButton("Revenir à l’accueil", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.closed)
        hint = label("Entrée : corriger   Suppr : effacer   Ctrl+Z : annuler", "hint")
        self.column.addLayout(Flow(label("Journal des visites", "section"), hint, push=self.back, spacing=12))
        self.table = PagedTable("Journal des visites", COLUMNS, self._fetch)
        self.table.chosen.connect(self._chosen)
        self.add(self.table, stretch=1)

    def refresh(self) -> None:
        self.table.paged.reload()

    def _fetch(self, after: visits.Line | None) -> tuple[visits.Line, ...]:
        return visits.page(after.cursor if after else "")

    def _chosen(self, index: int) -> None:
        line = self.table.row(index)
        if line.state == "recorded":
            self.corrected.emit(line.id)
        elif line.day == date.today():
            visits.back_to_queue(line.id)
            self.acted.emit()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Delete and self.table.currentIndex().isValid():
            visits.remove(self.table.row(self.table.currentIndex().row()).id)
            self.acted.emit()
        else:
            super().keyPressEvent(event)
