"""Liste d’appels: receive a partner's list, call its customers one after the other, give the results back."""

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QStackedWidget, QVBoxLayout, QWidget

from db import call_lists
from desktop import french
from desktop.dossiers.call_import import ImportPage
from desktop.dossiers.calling_page import CallingPage, progress
from desktop.exports import tables
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.file_dialog import ask_file, ask_where
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row


class CallsPage(QWidget):
    """`opened` with a dossier's id, `left` to go back to the dossiers; `acted` and `said` as a room."""

    acted = Signal()
    said = Signal(str)
    opened = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._dialog: QFileDialog | None = None
        self.home, self.reception, self.calls = HomePage(), ImportPage(), CallingPage()
        self.pages = QStackedWidget()
        for page in (self.home, self.reception, self.calls):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.home.chosen.connect(self.show_list)
        self.home.left.connect(self.left)
        self.home.receives.connect(self.choose_file)
        self.home.returns.connect(self.choose_return)
        self.home.removes.connect(self._remove)
        self.reception.received.connect(self._received)
        self.reception.left.connect(self._home)
        self.calls.left.connect(self._home)
        self.calls.acted.connect(self.acted)
        self.calls.said.connect(self.said)
        self.calls.opened.connect(self.opened)
        self.calls.returns.connect(self.choose_return)

    def refresh(self) -> None:
        """Read again what is shown."""
        if self.pages.currentWidget() is self.calls and self.calls.list_id not in _known():
            self.pages.setCurrentWidget(self.home)
        if self.pages.currentWidget() is self.calls:
            self.calls.refresh()
        elif self.pages.currentWidget() is self.home:
            self.home.refresh()

    def enter(self) -> None:
        """The keyboard goes where the work is."""
        self.refresh()
        page = self.pages.currentWidget()
        (page.list if page is not self.reception else page.form.fields["partner"]).setFocus()

    def forget(self) -> None:
        """The screen is veiled: no name stays in a widget; the notes being typed are in the encrypted file."""
        if self._dialog is not None:
            self._dialog.close()
        self.reception.clear()
        self.calls.clear()
        self.home.clear()
        self.pages.setCurrentWidget(self.home)

    def show_list(self, id: str) -> None:
        self.calls.show_list(id)
        self.pages.setCurrentWidget(self.calls)
        self.calls.enter()

    def keyPressEvent(self, event) -> None:
        """A digit or a letter that nobody here took is not for the dossiers behind."""
        if keys.digit(event) is None and not keys.letter(event):
            super().keyPressEvent(event)

    # files

    def choose_file(self) -> None:
        """Ask which file, in the dialog of the system."""
        kinds = "Listes (*.xlsx *.csv *.txt)"
        self._follow(ask_file(self, "Choisir la liste du partenaire", kinds, self.take_file))

    def take_file(self, path: str) -> None:
        """Read a list; what cannot be read says why, and nothing is taken."""
        file = Path(path)
        try:
            if file.stat().st_size > tables.SIZE_MAX:
                raise tables.Unreadable("Ce fichier est trop lourd pour une liste d’appels. Vérifiez le fichier.")
            table = tables.read(file.name, file.read_bytes())
        except tables.Unreadable as reason:
            self.home.refuse(str(reason))
            return
        except OSError:
            self.home.refuse("Ce fichier ne se lit pas. Choisissez-en un autre.")
            return
        self.home.refuse("")
        self.reception.start(file, table, date.today())
        self.pages.setCurrentWidget(self.reception)

    def choose_return(self, id: str) -> None:
        """Ask where to save what goes back to the partner."""
        sheet = call_lists.sheet(id)
        name = french.fold(f"retour {sheet.partner_name} {sheet.title}").replace(" ", "-")
        kinds, then = "Tableur (*.xlsx);;Texte (*.csv)", partial(self.write_return, id)
        self._follow(ask_where(self, "Enregistrer le fichier de retour", f"{name}.xlsx", kinds, then))

    def write_return(self, id: str, path: str) -> None:
        """The reference, the result and its day of each line: no name, no telephone, no note."""
        columns, rows = call_lists.return_rows(id)
        file = Path(path)
        csv = file.suffix.casefold() == ".csv"
        raw = tables.write_csv(columns, rows) if csv else tables.write_xlsx(call_lists.sheet(id).title, columns, rows)
        try:
            file.write_bytes(raw)
        except OSError:
            self.said.emit("Le fichier ne s’écrit pas là. Choisissez un autre endroit.")
            return
        self.said.emit(f"Fichier de retour enregistré : {file.name}.")

    def _follow(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(self._closed)
        self._dialog = dialog

    def _closed(self, _result: int) -> None:
        self._dialog = None

    # pages

    def _received(self, id: str) -> None:
        self.show_list(id)
        self.acted.emit()

    def _home(self) -> None:
        self.reception.clear()
        self.pages.setCurrentWidget(self.home)
        self.home.refresh()
        self.home.list.setFocus()

    def _remove(self, id: str) -> None:
        call_lists.remove(id)
        self.home.refresh()
        self.acted.emit()


class HomePage(Panel):
    """The lists received; each action by its digit."""

    chosen = Signal(str)
    receives = Signal()
    returns = Signal(str)
    removes = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=8)
        self.leave = KeyButton("Fermer", "Échap", kind="quiet")
        self.leave.clicked.connect(self.left)
        self.column.addLayout(row(label("Listes d’appels", "section"), "|", self.leave))
        self.receive = KeyButton("Recevoir une liste", "1", "download", kind="primary")
        self.receive.clicked.connect(self.receives)
        self.give_back = KeyButton("Fichier de retour", "2", "send")
        self.give_back.clicked.connect(self._returns)
        self.remove = KeyButton("Retirer la liste", "3", "x", kind="quiet")
        self.remove.clicked.connect(self._removes)
        self.column.addLayout(Flow(self.receive, self.give_back, self.remove, spacing=8))
        self.refusal = label("", "error", wrap=True)
        self.refusal.hide()
        self.list = CardList("Listes d’appels", "Aucune liste. 1 reçoit celle d’un partenaire.")
        self.list.chosen.connect(self.chosen)
        self.add(self.refusal)
        self.add(self.list, stretch=1)
        self.note = label("", "hint", wrap=True)
        self.add(self.note)

    def refresh(self) -> None:
        sheets = call_lists.sheets()
        self.list.show_cards([_list_card(sheet) for sheet in sheets])
        if self.list.current_id() is None:
            self.list.select_first()
        for button in (self.give_back, self.remove):
            button.bar("" if sheets else "Recevez d’abord une liste.")
        self.note.setText(f"Les noms sont effacés {call_lists.kept_days()} jours après la réception.")

    def clear(self) -> None:
        self.list.show_cards([])
        self.refuse("")

    def refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.receive.setAccessibleDescription(sentence or "Touche 1")
        if sentence:
            self.receive.setFocus()

    def _returns(self) -> None:
        if id := self.list.current_id():
            self.returns.emit(id)

    def _removes(self) -> None:
        if id := self.list.current_id():
            self.removes.emit(id)

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        button = {1: self.receive, 2: self.give_back, 3: self.remove}.get(digit)
        if button is not None:
            button.click()
        elif digit is None and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif digit is None and not keys.letter(event):
            super().keyPressEvent(event)


def _known() -> set[str]:
    return {sheet.id for sheet in call_lists.sheets()}


def _list_card(sheet: call_lists.Sheet) -> Card:
    detail = f"Reçue le {french.short_date(sheet.received_on)}, {progress(sheet)}"
    badge, tone = (f"{sheet.to_call} à appeler", "wait") if sheet.to_call else ("terminée", "ok")
    return Card(sheet.id, f"{sheet.partner_name} · {sheet.title}", detail, badge=badge, tone=tone, icon="phone")
