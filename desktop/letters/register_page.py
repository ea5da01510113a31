"""The register of letters: what was made, for whom, and whether the bytes are still kept."""

from functools import cache

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from db import letters, lists
from desktop import french
from desktop.letters.outbox import Job, Made, Outbox
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label
from desktop.widgets.look import px
from desktop.widgets.table import Column, PagedTable


@cache
def _themes() -> dict[str, str]:
    return lists.read("letters")["theme"]


def _kept(line: letters.Line) -> str:
    if not line.kept:
        return "numéro seul"
    return french.short_date(line.keep_until) if line.keep_until else "toujours"


COLUMNS: tuple[Column[letters.Line], ...] = (
    Column("N°", lambda v: v.number, 118),
    Column("Jour", lambda v: french.short_date(v.day), 92),
    Column("Courrier", lambda v: f"{v.title} (v{v.version})", 256),
    Column("Destinataire", lambda v: v.addressee, 164),
    Column("Personne", lambda v: v.person_name or "anonyme", 164),
    Column("Thème", lambda v: _themes().get(v.theme, v.theme), 124),
    Column("Imprimé", lambda v: "oui" if v.printed else "non", 76),
    Column("Gardé jusqu’au", _kept, 118),
    Column("Empreinte", lambda v: v.sha256[:8], 86),
)


class RegisterPage(Panel):
    closed = Signal()

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox
        self.back = KeyButton("Revenir aux modèles", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.closed)
        self.filter = QLineEdit(placeholderText="Numéro, personne, destinataire, titre")
        self.filter.setAccessibleName("Chercher dans le registre")
        self.filter.setMinimumWidth(px(300))
        self.filter.textChanged.connect(self.refresh)
        self.column.addLayout(Flow(label("Registre des courriers", "section"), self.filter, push=self.back, spacing=12))
        self.table = PagedTable("Registre des courriers", COLUMNS, self._fetch)
        self.table.chosen.connect(self.reprint)
        self.add(self.table, stretch=1)
        self.hint = label("", "hint", wrap=True)
        self.add(self.hint)

    def refresh(self) -> None:
        self.table.paged.reload()
        days = letters.kept_for()
        kept = f"Les pages sont gardées {french.counted(days, 'jour')}" if days else "Les pages ne sont pas gardées"
        self.hint.setText(
            f"Entrée : réimprimer les mêmes pages. {kept}, jamais celles d’un courrier sensible (Réglages)."
        )

    def enter(self) -> None:
        self.table.setFocus()

    def find(self) -> None:
        self.filter.setFocus()
        self.filter.selectAll()

    def forget(self) -> None:
        self.filter.blockSignals(True)
        self.filter.setText("")
        self.filter.blockSignals(False)
        self.table.paged.clear()

    def _fetch(self, after: letters.Line | None) -> tuple[letters.Line, ...]:
        return letters.register(after.id if after else "", text=self.filter.text())

    def reprint(self, index: int) -> None:
        """The very bytes of that day, on the printer one chooses."""
        line = self.table.row(index)
        pdf = letters.bytes_of(line.id)
        if pdf is None:
            self._outbox.said.emit("Ce courrier n’est plus gardé. Refaites-le depuis son modèle.")
        else:
            self._outbox.send(Job(pdf, Made(line.number, pdf, line.id)), choose=True)

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif self.filter.hasFocus() and (keys.is_enter(event) or event.key() == Qt.Key.Key_Down):
            self.table.setFocus()
            self.table.selectRow(0)
        else:
            super().keyPressEvent(event)
