"""Start-up, in order: one window, the gate in front, the desk behind it once the place is open."""

import contextlib
import faulthandler
import hashlib
import logging
import sys
import traceback
from datetime import date
from logging.handlers import RotatingFileHandler
from pathlib import Path

from PySide6.QtCore import QEvent, QLibraryInfo, QLocale, QObject, QTimer, QTranslator
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QMainWindow, QStackedWidget, QWidget

from db import keys
from desktop import paths
from desktop.gate import Gate
from desktop.jobs import Jobs
from desktop.widgets import look

LOG = "journal-technique.log"


def application() -> QApplication:
    """The dressed QApplication, in French."""
    app = QApplication.instance() or QApplication(sys.argv[:1])
    app.setApplicationName("Guichet")
    QLocale.setDefault(QLocale(QLocale.Language.French, QLocale.Country.France))
    translator = QTranslator(app)
    if translator.load("qtbase_fr", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(translator)
    look.load_fonts()
    look.apply()
    return app


def main(*, demonstration: bool = False) -> int:
    """Open the window; a second start raises the first one instead."""
    harden()
    app = application()
    folder = paths.demonstration() if demonstration else paths.place()
    if raise_first(folder):
        return 0
    keep_log(folder)
    guichet = Guichet(folder, demonstration=demonstration)
    sys.excepthook = guichet.failed
    guichet.window.resize(1366, 720)
    guichet.window.show()
    guichet.start()
    code = app.exec()
    guichet.stop()
    return code


def harden() -> None:
    """No core file, no other process of this user reading our memory (Linux)."""
    if sys.platform != "linux":
        return
    import ctypes
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE


def keep_log(folder: Path) -> None:
    """Our own faults, without anybody's data: tracebacks hold code lines only."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = RotatingFileHandler(folder / LOG, maxBytes=200_000, backupCount=1, encoding="utf-8", delay=True)
    logging.getLogger("guichet").addHandler(handler)
    if sys.stderr is not None:
        faulthandler.enable()


def _server_name(folder: Path) -> str:
    return "guichet-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def raise_first(folder: Path) -> bool:
    """Ask the window already open on this place to come to the front; False when there is none."""
    socket = QLocalSocket()
    socket.connectToServer(_server_name(folder))
    return socket.waitForConnected(300)


class Guichet(QObject):
    """The running program: which place, and whether it is open."""

    def __init__(self, folder: Path, *, demonstration: bool = False) -> None:
        super().__init__()
        self.folder, self.demonstration = folder, demonstration
        self.jobs = Jobs()
        self.desk = None
        self._dek, self._slot = b"", ""
        self.window = QMainWindow()
        self.window.setWindowTitle("Guichet")
        self.window.setMinimumSize(900, 540)
        self.pages = QStackedWidget()
        self.pages.setMinimumSize(1, 1)
        self.window.setCentralWidget(self.pages)
        self.gate = Gate(self.jobs)
        self.pages.addWidget(self.gate)
        self.gate.opened.connect(self.open)
        self.gate.restore.connect(self.restore)
        self.gate.unveiled.connect(self._wake)
        QLocalServer.removeServer(_server_name(folder))
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._raise)
        self._server.listen(_server_name(folder))

    def start(self) -> None:
        """Show the right first screen; the desk is built after the first paint."""
        if self.demonstration:
            self._enter_demonstration()
        elif keys.exists(self.folder) or (self.folder / keys.DATABASE).exists():
            self.gate.ask(self.folder)
            self.gate.installEventFilter(self)
        else:
            from desktop.assistant import Assistant

            self._assistant = Assistant(self.jobs, self.folder)
            self._assistant.finished.connect(self._founded)
            self._show(self._assistant)

    def eventFilter(self, watched, event) -> bool:
        """The desk, and what it imports, are built once the gate has been painted."""
        if watched is self.gate and event.type() == QEvent.Type.Paint:
            self.gate.removeEventFilter(self)
            QTimer.singleShot(0, self._import)
        return False

    def _import(self) -> None:
        import desktop.main_window  # noqa: F401

        QTimer.singleShot(0, self._build)

    def stop(self) -> None:
        """Make the day's verified copy, close the file, forget the keys, wait for the work under way."""
        from db import place, store

        if self.desk is not None:
            self.desk.sleep()
        if store.is_open() and not self.demonstration:
            with contextlib.suppress(store.StoreError):  # a full disk must not keep the desk open
                place.back_up()
        place.leave()
        self.jobs.close()
        self._server.close()

    def open(self, dek: bytes, slot: str) -> None:
        """The gate gave a key: open the place for this mediator."""
        from db import journal, place, preferences, store

        try:
            place.enter(self.folder, dek, slot)
        except store.StoreError as error:
            self._dek, self._slot = dek, slot
            self.gate.show_fault(error, store.backups_of(self.folder))
            return
        self._dek, self._slot = dek, slot
        if self.gate.used_recovery:
            with store.act(""):
                journal.write("cle.secours_utilisee")
        worn = preferences.get("look", {})
        look.apply(worn.get("theme"), worn.get("scale"))
        self._wake()

    def restore(self, backup: Path) -> None:
        """Put a backup in place of a damaged file, then open it."""
        from db import keys as slots
        from db import store

        try:
            store.restore(self.folder, slots.derive(self._dek, "db"), backup)
        except store.StoreError as error:
            self.gate.show_fault(error, store.backups_of(self.folder))
            return
        self.open(self._dek, self._slot)

    def _restore_from_desk(self, backup: Path) -> None:
        """The settings chose a backup: close the file, put it in place, open it for the same mediator."""
        from db import place

        self.desk.sleep()
        place.leave()
        self._show(self.gate)
        self.restore(backup)

    def _choose_code(self, code: str) -> None:
        self.gate.set_day_code(code or None, self._slot)

    def veil(self) -> None:
        """Hide everything at once; without a day code, the file is closed and its key forgotten."""
        from db import place, visits

        numbers = tuple(ticket.number for ticket in visits.queue())
        self.desk.sleep()
        if self.demonstration:
            self.gate.veil_demo()
        elif self.gate.has_day_code(self._slot):
            self.gate.veil(numbers, self._slot)
        else:
            place.leave()
            self._dek = b""
            self.gate.ask(self.folder)
        self.gate.show_waiting(numbers)
        self._show(self.gate)

    def failed(self, kind: type[BaseException], error: BaseException, trace) -> None:
        """A fault of ours or of the disk: say it in one sentence, keep what is typed, write the local log."""
        from db import store

        logging.getLogger("guichet").error("".join(traceback.format_tb(trace)) + kind.__name__)
        sentence = (
            str(error)
            if isinstance(error, store.StoreError)
            else "Une erreur est survenue. Rien de confirmé n’est perdu."
        )
        if self.desk is not None and store.is_open():
            self.desk.toast.say(sentence)
        else:
            sys.__excepthook__(kind, error, trace)

    def _founded(self, dek: bytes, slot: str) -> None:
        self._dek, self._slot = dek, slot
        self._wake()

    def _enter_demonstration(self) -> None:
        from db import demonstration

        demonstration.enter(self.folder, date.today())
        self._wake()

    def _build(self) -> None:
        if self.desk is None:
            from desktop.main_window import Desk

            self.desk = Desk(self.jobs, demonstration=self.demonstration)
            self.desk.veiled.connect(self.veil)
            self.desk.restore.connect(self._restore_from_desk)
            self.desk.code_chosen.connect(self._choose_code)
            self.pages.addWidget(self.desk)

    def _wake(self) -> None:
        self._build()
        self.desk.wake()
        self._show(self.desk)
        self.desk.current().enter()

    def _show(self, page: QWidget) -> None:
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)

    def _raise(self) -> None:
        self._server.nextPendingConnection()
        self.window.showNormal()
        self.window.raise_()
        self.window.activateWindow()
