"""Backups, and the coordinator whom the day is sent to."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from db import journal, store
from desktop import french
from desktop.settings.backups import BackupsBox
from desktop.settings.section import Section
from desktop.widgets.buttons import KeyButton
from desktop.widgets.file_dialog import ask_file
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, restyle

SIZE_MAX = 16 * 1024


class BackupsSection(Section):
    title, icon = "Sauvegardes", "save"
    reserved = "Demandez au responsable : lui seul touche aux sauvegardes."
    restore = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.now = KeyButton("Sauvegarder maintenant", icon="save")
        self.now.clicked.connect(self.back_up)
        self.box = BackupsBox()
        self.box.restore.connect(self.restore)
        panel = Panel()
        panel.add(
            label("Sauvegardes de ce poste", "section"),
            label("Chiffrées, relues, faites à chaque fermeture. Les trente dernières restent.", "hint", wrap=True),
            self.box,
        )
        self.column.addLayout(Flow(self.now))
        self.column.addWidget(panel)
        self.column.addStretch(1)

    def refresh(self) -> None:
        reason = "" if self.may_change() else self.reserved
        self.now.bar(reason)
        self.box.show_backups(store.backups())
        self.box.allow(reason)

    def back_up(self) -> None:
        try:
            store.back_up()
        except store.StoreError as error:
            self.said.emit(str(error))
            return
        with store.act(""):
            journal.write("sauvegarde.faite")
        self.refresh()
        self.said.emit("Sauvegarde faite et relue.")


class CoordinatorSection(Section):
    title, icon = "Coordinateur", "send"
    reserved = "Demandez au responsable : lui seul choisit le coordinateur."
    paired = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._dialog: QWidget | None = None
        self.state = label("", "strong", wrap=True)
        self.desk, self.theirs, self.ours = (label("", wrap=True) for _ in range(3))
        self.last = label("", wrap=True)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        self.choose = KeyButton("Importer le fichier du coordinateur…", icon="download")
        self.choose.clicked.connect(self.open_dialog)
        panel = Panel()
        panel.add(label("À qui va la journée", "section"), self.state, self.desk, self.theirs, self.ours, self.last)
        panel.column.addLayout(Flow(self.choose))
        panel.add(self.error)
        self.column.addWidget(panel)
        self.column.addStretch(1)

    def refresh(self) -> None:
        from db.handover import export

        reason = "" if self.may_change() else self.reserved
        self.choose.bar(reason)
        known = export.paired()
        for line in (self.desk, self.theirs, self.ours, self.last):
            line.setVisible(known is not None)
        if known is None:
            self.state.setText("Ce poste n’envoie encore rien. Importez le fichier reçu.")
            return
        self.state.setText(f"Coordinateur : {known.name}")
        self.desk.setText(f"Code du poste : {known.desk}")
        self.theirs.setText(f"Empreinte du coordinateur : {known.fingerprint}")
        self.ours.setText(f"Empreinte de ce poste : {export.fingerprint()}")
        self.last.setText(_since(export.last_confirmed(), date.today()))

    def forget(self) -> None:
        if self._dialog is not None:
            self._dialog.close()

    def open_dialog(self) -> None:
        self._dialog = ask_file(self, "Fichier du coordinateur", "", self.read)
        self._dialog.finished.connect(self._closed)

    def read(self, path: str) -> None:
        """Pair this desk with the file chosen; what is wrong is said beside the button."""
        from db.handover import export
        from db.handover.refusal import Reason, Refused

        try:
            with Path(path).open("rb") as file:
                export.pair(file.read(SIZE_MAX + 1))
        except (Refused, store.StoreError) as error:
            self._say(str(error))
            return
        except OSError:
            self._say(Reason.UNREADABLE.value)
            return
        with store.act(""):
            journal.write("coordinateur.appaire")
        self._say("")
        known = export.paired()
        store.sign_in(store.mediator(), known.desk)
        self.refresh()
        self.said.emit("Poste appairé. Comparez les empreintes par téléphone.")
        self.paired.emit()

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        restyle(self.error, "role", "error")

    def _closed(self, _result: int) -> None:
        self._dialog = None


def _since(last: date | None, today: date) -> str:
    if last is None:
        return "Aucun envoi confirmé pour l’instant."
    days = (today - last).days
    when = "aujourd’hui" if days == 0 else f"il y a {french.counted(days, 'jour')}"
    return f"Dernier envoi confirmé : {when}."
