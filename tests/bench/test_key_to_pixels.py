"""A key on the Accueil tab until its pixels are there; the desk after an act; a letter as one types."""

import time

import pytest
from turns import note, summary, turns


@pytest.fixture
def desk(year, qtbot):
    """The desk on a year of visits, shown at the size of the smallest screen."""
    from PySide6.QtWidgets import QApplication, QMainWindow

    from desktop.jobs import Jobs
    from desktop.main_window import Desk
    from desktop.widgets import look

    look.load_fonts()
    look.apply("clair", 100)
    jobs = Jobs()
    made, window = Desk(jobs), QMainWindow()
    window.setCentralWidget(made)
    window.resize(1366, 689)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    made.wake()
    QApplication.processEvents()
    yield made
    made.sleep()
    jobs.close()


def _press(window, key) -> None:
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    QTest.keyClick(QApplication.focusWidget() or window, key)
    QApplication.processEvents()


def test_a_digit_until_it_is_painted(desk, qtbot, queries, verdict):
    """Felt: any key to changed pixels < 50 ms (three 60 Hz frames); at most one query a digit, for the kept draft."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication, QMainWindow

    from db import store

    window, empty = desk.window(), QMainWindow()
    empty.resize(1366, 689)
    qtbot.addWidget(empty)
    empty.show()
    window.activateWindow()
    desk.intake.visit.setFocus()
    QApplication.processEvents()
    assert QApplication.focusWidget() is desk.intake.visit

    def repaint() -> None:
        empty.repaint()
        QApplication.processEvents()

    counts: dict[str, int] = {}

    def visit(name: str, key):
        def pressed() -> None:
            queries.clear()
            before = desk.grab().toImage() if name not in counts else None
            _press(window, key)
            counts[name] = len(queries)
            if before is not None:
                assert desk.grab().toImage() != before, f"{name} changed nothing on the screen"

        return pressed

    keys = {"first digit": Qt.Key.Key_1, "second digit": Qt.Key.Key_2, "third digit": Qt.Key.Key_1,
            "fourth digit": Qt.Key.Key_1, "Entrée": Qt.Key.Key_Return}  # fmt: skip
    steps = [visit(name, key) for name, key in keys.items()]
    for step in steps:
        step()
    recorded = store.rows("SELECT count(*) FROM visit WHERE state = 'recorded'")[0][0]
    # A visit is a sequence: the yardstick takes its turn before each key instead of being shuffled among them.
    figures: dict[str, list] = {name: [] for name in ("empty", *keys)}
    for _ in range(25):
        for name, step in zip(keys, steps, strict=True):
            for subject, act in (("empty", repaint), (name, step)):
                wall, cpu = time.perf_counter(), time.process_time()
                act()
                figures[subject].append((time.perf_counter() - wall, time.process_time() - cpu))
    assert store.rows("SELECT count(*) FROM visit WHERE state = 'recorded'")[0][0] == recorded + 25
    found = {name: summary([w for w, _ in all_], [c for _, c in all_]) for name, all_ in figures.items()}
    for name, figure in found.items():
        note(f"key, {name}: ms wall / cpu / p95, queries",
             f"{figure.wall:.2f} / {figure.cpu:.2f} / {figure.p95:.2f}, {counts.get(name, 0)}")  # fmt: skip
    for name in keys:
        verdict.at_most(f"key: {name} cpu / 50 ms", found[name].cpu / 50, 1)
    for name in ("second digit", "third digit", "fourth digit"):
        verdict.at_most(f"key: {name} cpu / empty repaint", found[name].cpu / found["empty"].cpu, 60)
        assert counts[name] <= 1, (name, counts[name])
    verdict.say()


def test_the_desk_after_an_act(desk, queries, verdict):
    """Everything the desk shows again after each act: within a frame, and the same number of queries whatever the year."""
    from PySide6.QtWidgets import QApplication

    def shown() -> None:
        desk.refresh()
        QApplication.processEvents()

    queries.clear()
    desk.refresh()
    count = len(queries)
    found = turns({"refresh": shown, "tick": desk._tick}, 40, warm=3)
    for name, figure in found.items():
        note(f"desk, {name}: ms wall / cpu / p95", f"{figure.wall:.2f} / {figure.cpu:.2f} / {figure.p95:.2f}")
    verdict.at_most("desk.refresh: queries", count, 24)
    verdict.at_most("desk.refresh until painted: cpu / 60 Hz frame", found["refresh"].cpu / 16.7, 1, known=1.55,
                    why="no index on letter.day; peewee compiles 12 statements")  # fmt: skip
    verdict.say()


def test_a_letter_as_one_types(desk, queries, verdict):
    """§F: key press → preview painted <= 0.75 x stock platypus + pdfium raster of the same letter; its writes included."""
    from letter_engines import platypus, written
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from desktop.documents import templates
    from desktop.widgets.pdf_view import raster

    desk.go(desk.letters)
    desk.letters.choose(next(t.id for t in templates.templates() if t.code == "H01"))
    QApplication.processEvents()
    field, view = desk.letters.desk.fields.form.fields["reference_client"], desk.letters.preview
    stock, one = platypus(), written(1)
    queries.clear()
    QTest.keyClicks(field, "1")
    QApplication.processEvents()
    note("letter: queries of one key", str(len(queries)))
    before = view.pdf()

    def typed() -> None:
        QTest.keyClicks(field, "1")
        QApplication.processEvents()  # a timer of 0 ms draws the page
        view.repaint()
        if len(field.text()) > 25:
            field.setText("")

    def peer() -> None:
        raster(stock(one), 0, view.width() / 595.3)

    found = turns({"typed and painted": typed, "stock platypus + pdfium": peer}, 40, warm=3)
    assert view.pdf() != before
    for name, figure in found.items():
        note(f"letter, {name}: ms wall / cpu / p95", f"{figure.wall:.2f} / {figure.cpu:.2f} / {figure.p95:.2f}")
    verdict.at_most("letter: key to preview cpu / stock platypus + pdfium",
                    found["typed and painted"].cpu / found["stock platypus + pdfium"].cpu, 0.75, known=1.2,
                    why="the key also sets the French of each line, keeps the draft and paints; the peer only draws")  # fmt: skip
    verdict.at_most(
        "letter: key to preview p95 / a 60 Hz frame",
        found["typed and painted"].p95 / 16.7,
        1,
        known=1.3,
        why="one write to the encrypted file in each key",
    )
    verdict.say()
