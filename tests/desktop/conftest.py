"""The whole desk on a real place, driven by keys and clicks."""

import os
from concurrent.futures import Executor, Future

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMainWindow

from desktop.jobs import Jobs
from desktop.widgets import look
from desktop.widgets.form import scrolled
from desktop.widgets.keys import _TOP_ROW

os.environ["CUPS_SERVER"] = os.path.join(os.sep, "nowhere", "cups.sock")  # no test ever prints on real paper


class AtOnce(Executor):
    """Jobs done on the spot, so that a test never waits."""

    def submit(self, work, /, *args, **kwargs):
        future = Future()
        try:
            future.set_result(work(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


@pytest.fixture(autouse=True)
def dressed(qapp):
    look.load_fonts()
    look.apply("clair", 100)
    look.LOOK.compact = False
    yield
    for window in QApplication.topLevelWidgets():
        window.close()
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


class Hands:
    """What a mediator does: keys go where the focus is, on any keyboard."""

    def __init__(self, window: QMainWindow) -> None:
        self.window, self.count = window, 0

    def press(self, key, *modifiers) -> None:
        self.count += 1
        QTest.keyClick(QApplication.focusWidget() or self.window, key, *modifiers)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        for sign in text:
            self.count += 1
            QTest.keyClicks(QApplication.focusWidget() or self.window, sign)
            QApplication.processEvents()

    def top_row(self, digit: int, text: str) -> None:
        """The physical digit key of an AZERTY keyboard, which types `text` (scan codes)."""
        code = _TOP_ROW[1] + (digit - 1) % 10
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            from PySide6.QtCore import Qt

            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, code, 0, 0, text)
            QApplication.sendEvent(QApplication.focusWidget(), event)
        QApplication.processEvents()


@pytest.fixture
def keys(tab):
    """Hands on one room alone, where a test file makes its `tab`."""
    return Hands(tab)


@pytest.fixture
def show_room(opened, qtbot):
    """One tab alone, in the room the window gives it at 1366 × 689."""
    rooms = []

    def show(room):
        look.LOOK.fit(1366, 689)
        window = QMainWindow()
        rooms.append((window, room))
        window.setCentralWidget(room)
        window.resize(1253, 560)
        qtbot.addWidget(window)
        room.acted.connect(room.refresh)
        window.show()
        window.activateWindow()
        room.refresh()
        room.enter()
        QApplication.processEvents()
        return room

    yield show
    for _, room in rooms:
        room.forget()


@pytest.fixture
def show_section(qtbot):
    """One section of a dossier alone, in the room the sheet gives it."""
    windows = []

    def show(section, dossier: str):
        window = QMainWindow()
        windows.append(window)
        window.setCentralWidget(scrolled(section))
        window.resize(700, 560)
        qtbot.addWidget(window)
        section.acted.connect(section.refresh)
        window.show()
        window.activateWindow()
        section.show_dossier(dossier)
        section.enter()
        QApplication.processEvents()
        return section

    yield show


@pytest.fixture
def jobs():
    made = Jobs(AtOnce())
    yield made
    made.close()


@pytest.fixture
def desk(opened, qtbot, jobs):
    """The desk awake in a window of 1366 × 689; a tab is built when it is wanted, not while nobody does anything."""
    from desktop.main_window import Desk

    made = Desk(jobs)
    window = QMainWindow()
    window.setCentralWidget(made)
    window.resize(1366, 689)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    made.wake()
    made._building.stop()
    QApplication.processEvents()
    yield made
    made.sleep()


@pytest.fixture
def hands(desk):
    return Hands(desk.window())


@pytest.fixture
def local_model(opened):
    """Write a template of the place's own, before the desk opens; its id."""
    from desktop.documents import templates
    from desktop.documents.template_files import parse

    def write(text: str) -> str:
        id = parse(text).id
        folder = opened / "modeles"
        folder.mkdir(exist_ok=True)
        (folder / f"{id}.md").write_text(text, "utf-8")
        return id

    yield write
    templates.read_local(opened / "nowhere")
