"""When a passphrase is forgotten: the code of the sheet, a new passphrase, a new sheet, in that order."""

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import keys
from desktop.jobs import Done, Failed, Jobs
from desktop.settings.layouts import Pile
from desktop.settings.sheet import SheetPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, label
from desktop.widgets.keys import is_enter

PLACE_NAME = "Point d’accueil"
"""Printed on the sheet: the place's own name is still locked away."""


class Recovery(QWidget):
    """`recovered(dek, slot_id)` once the new sheet is kept; `left` to go back. Holds the key only in between."""

    recovered = Signal(object, str)
    left = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs, self._folder, self._dek = jobs, Path(), b""
        self._working = False
        self.code = Form(columns=1)
        self.code.add("code", "Code de la fiche", QLineEdit(), help="Six groupes. Les tirets ne comptent pas.")
        self.choice = Form(columns=1)
        self.choice.add("slot", "Pour qui", Choice())
        self.choice.add("passphrase", "Nouvelle phrase de passe", QLineEdit(),
                        help="Notez-la : elle ne s’affichera plus.")  # fmt: skip
        self.another = KeyButton("Autre phrase", icon="redo-2", kind="quiet", name="Proposer une autre phrase")
        self.another.clicked.connect(self._suggest)
        self.sheet = SheetPage(framed=False)
        chosen = QWidget()
        inside = QVBoxLayout(chosen)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self.choice)
        inside.addLayout(Flow(self.another))
        inside.addStretch(1)
        self.pages = Pile(self.code, chosen, self.sheet)
        self.heading = label("", "section", wrap=True)
        self.error = label("", "error", wrap=True)
        self.back = KeyButton("Revenir", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.go_back)
        self.next = KeyButton("Vérifier le code", "Entrée", "check", kind="primary")
        self.next.clicked.connect(self.go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self.heading, self.pages, self.error):
            column.addWidget(widget)
        column.addLayout(Flow(self.back, push=self.next, spacing=12))
        column.addStretch(1)

    def start(self, folder: Path) -> None:
        self.forget()
        self._folder = folder
        self.choice.fields["slot"].offer([(slot.id, slot.name) for slot in keys.slots(folder)])
        self._show(0)

    def forget(self) -> None:
        """Nothing secret stays, whatever the step."""
        self._dek, self._working = b"", False
        self.code.clear()
        self.choice.fields["passphrase"].setText("")
        self.choice.show_problems({})
        self.sheet.forget()
        self.error.hide()

    def go_back(self) -> None:
        """Leave, except once the former sheet is void: the new one must be kept first."""
        if self.pages.place() < 2 and not self._working:
            self.forget()
            self.left.emit()

    def go_on(self) -> None:
        if not self._working:
            (self._read_code, self._change, self._finish)[self.pages.place()]()

    def keyPressEvent(self, event) -> None:
        if is_enter(event):
            self.go_on()
        else:
            super().keyPressEvent(event)  # Échap is the gate's, so that it works from anywhere

    def _show(self, step: int) -> None:
        self.pages.show_page(step)
        self.heading.setText(
            ("Recopiez la fiche de secours", "Choisissez une nouvelle phrase", "Gardez la nouvelle fiche")[step]
        )
        self.next.setText(("Vérifier le code", "Continuer", "Ouvrir")[step])
        self.next.setAccessibleName(self.next.text())
        self.next.updateGeometry()
        self.back.setVisible(step < 2)
        first = (self.code.fields["code"], self.choice.fields["slot"], self.sheet.print_button)[step]
        first.setFocus()

    def _suggest(self) -> None:
        self.choice.fields["passphrase"].setText(keys.suggest())
        self.choice.fields["passphrase"].setCursorPosition(0)

    def _read_code(self) -> None:
        try:
            self._dek = keys.recover(self._folder, self.code.fields["code"].text())
        except keys.KeysError as error:
            self.code.show_problems({"code": str(error)}, focus=True)
            return
        self.code.clear()
        self._suggest()
        self._show(1)

    def _change(self) -> None:
        slot, passphrase = self.choice.fields["slot"].code(), self.choice.fields["passphrase"].text()
        if problem := keys.passphrase_problem(passphrase):
            self.choice.show_problems({"passphrase": problem}, focus=True)
            return
        self.choice.show_problems({})
        self._work(True)
        self._jobs.run(partial(_renew, self._folder, self._dek, slot, passphrase), self._changed)

    def _changed(self, outcome: Done | Failed) -> None:
        self._work(False)
        if not self._dek:  # left meanwhile
            return
        if isinstance(outcome, Failed):
            if not isinstance(outcome.error, keys.KeysError):
                raise outcome.error
            self.error.setText(str(outcome.error))
            self.error.show()
            return
        self.choice.fields["passphrase"].setText("")
        self.sheet.show_code(PLACE_NAME, outcome.value, date.today())
        self._show(2)

    def _finish(self) -> None:
        if self.sheet.check():
            dek, slot = self._dek, self.choice.fields["slot"].code()
            self.forget()
            self.recovered.emit(dek, slot)

    def _work(self, working: bool) -> None:
        self._working = working
        self.error.hide()
        self.pages.setEnabled(not working)
        self.back.setEnabled(not working)
        self.next.setEnabled(not working)


def _renew(folder: Path, dek: bytes, slot: str, passphrase: str) -> str:
    """The slot's new passphrase, then the code of a new sheet: the former one opens nothing any more."""
    keys.change(folder, dek, slot, passphrase)
    return keys.new_recovery(folder, dek)
