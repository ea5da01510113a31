"""The register of letters: what was made, for whom, and whether the bytes are still kept."""

from PySide6.QtCore import Qt, Signal

from db import letters
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label
from desktop.widgets.table import Column, PagedTable

COLUMNS: tuple[Column[letters.Line], ...] = (
    Column("N°", lambda v: v.number, 130),
    Column("Jour", lambda v: french.short_date(v.day), 104),
    Column("Courrier", lambda v: v.title, 420),
    Column("Destinataire", lambda v: v.addressee, 240),
    Column("Imprimé", lambda v: "oui" if v.printed else "non", 90),
    Column("Gardé", lambda v: "oui" if v.kept else "numéro seul", 120),
)


class RegisterPage(Panel):
    closed = Signal()
    reprinted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.back = KeyButton("Revenir aux modèles", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.closed)
        hint = label("Entrée : réimprimer les mêmes pages", "hint")
        self.column.addLayout(Flow(label("Registre des courriers", "section"), hint, push=self.back, spacing=12))
        self.table = PagedTable("Registre des courriers", COLUMNS, self._fetch)
        self.table.chosen.connect(self._chosen)
        self.add(self.table, stretch=1)

    def refresh(self) -> None:
        self.table.paged.reload()

    def _fetch(self, after: letters.Line | None) -> tuple[letters.Line, ...]:
        return letters.register(after.id if after else "")

    def _chosen(self, index: int) -> None:
        self.reprinted.emit(self.table.row(index).id)

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
