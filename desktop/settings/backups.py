"""The backups of a place, and the way back to one of them: two clicks, and a sentence between them."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.store import Backup
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import label
from desktop.widgets.look import LOOK, px

SHOWN = 5


class BackupsBox(QWidget):
    """Newest first; the button names the chosen one, its second press emits `restore` with the file's path."""

    restore = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._backups: tuple[Backup, ...] = ()
        self._armed = False
        self.list = CardList("Sauvegardes", "Aucune sauvegarde pour l’instant.", flat=True)
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._press)
        self.warning = label("", "error", wrap=True)
        self.button = KeyButton("Restaurer une sauvegarde", icon="history")
        self.button.clicked.connect(self._press)
        self.cancel = KeyButton("Ne rien changer", kind="quiet")
        self.cancel.clicked.connect(self._disarm)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.list)
        column.addWidget(self.warning)
        column.addLayout(Flow(self.button, self.cancel, spacing=12))
        LOOK.changed.connect(self._resize)
        self.show_backups(())

    def show_backups(self, backups: Sequence[Backup]) -> None:
        self._backups = tuple(backups)
        self.list.show_cards([_card(backup) for backup in self._backups])
        if self.list.current_id() is None:
            self.list.select_first()
        self.button.setVisible(bool(self._backups))
        self._resize()
        self._disarm()

    def allow(self, reason: str = "") -> None:
        """With a reason, nothing may be restored, and the button says why."""
        self.button.bar(reason)
        self.list.setEnabled(not reason)
        self._disarm()

    def _resize(self) -> None:
        self.list.setFixedHeight(max(1, min(len(self._backups), SHOWN)) * px(38) + 4)

    def _chosen(self) -> Backup | None:
        return next((backup for backup in self._backups if str(backup.path) == self.list.current_id()), None)

    def _moved(self, _id: str) -> None:
        self._disarm()

    def _disarm(self) -> None:
        self._armed = False
        self.warning.hide()
        self.cancel.hide()
        chosen = self._chosen()
        if chosen is not None:
            self._say(f"Restaurer la sauvegarde du {_moment(chosen)}")

    def _press(self, _id: object = None) -> None:
        chosen = self._chosen()
        if chosen is None or not self.button.isEnabled():
            return
        if self._armed:
            self._disarm()
            self.restore.emit(Path(chosen.path))
            return
        self._armed = True
        self.warning.setText(
            f"Ce qui suit le {_moment(chosen)} ne sera plus affiché. Le fichier actuel est gardé à côté."
        )
        self.warning.show()
        self.cancel.show()
        self._say("Restaurer maintenant")
        self.button.setFocus()

    def _say(self, text: str) -> None:
        self.button.rename(text)
        self.button.update()


def _moment(backup: Backup) -> str:
    return f"{french.day_and_month(backup.made_at)} à {french.time_of_day(backup.made_at)}"


def _card(backup: Backup) -> Card:
    size = backup.path.stat().st_size if backup.path.exists() else 0
    day = french.weekday_date(backup.made_at.date())
    title = f"{day[0].upper()}{day[1:]} à {french.time_of_day(backup.made_at)}"
    return Card(str(backup.path), title, badge=f"{max(1, round(size / 1024))} Ko", icon="save")
