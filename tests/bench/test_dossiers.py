"""A year of 600 dossiers and 6,000 events: deadlines, search, dates about to be lost, the whole tab, one dossier shown.

The floor of each is the very statements it runs, again by bare apsw; the peer, one query for each dossier.
"""

from collections.abc import Callable
from datetime import date

import pytest
from turns import Verdict, note, turns

FELT = 50  # ms: three frames of a 60 Hz screen, for whatever a key does
Act = Callable[[], object]


def _read(queries, act: Act) -> tuple[int, Act]:
    """How many statements an act runs, and the reading ones again without us."""
    from db.schema import database

    queries.clear()
    act()
    reading = [(sql, values) for sql, values in queries if sql.lstrip().startswith("SELECT")]
    return len(queries), lambda: [database.connection().execute(sql, values).fetchall() for sql, values in reading]


def _judged(verdict: Verdict, what: str, variants: dict[str, Act], targets: dict[str, float], **known) -> None:
    """`ours` against each other variant, and against what a person feels."""
    found = turns(variants, 30, warm=3)
    for name, figure in found.items():
        note(f"{what}, {name}: ms wall / cpu / p95", f"{figure.wall:.2f} / {figure.cpu:.2f} / {figure.p95:.2f}")
    for name, target in targets.items():
        verdict.at_most(f"{what}: ours / {name}", found["ours"].cpu / found[name].cpu, target, **known)
    verdict.at_most(f"{what}: cpu / {FELT} ms", found["ours"].cpu / FELT, 1)


def test_the_lists_of_deadlines(dossiers, queries, verdict):
    from db import dossier_lists, store, timeline
    from db import dossiers as cases

    assert store.rows("SELECT (SELECT count(*) FROM dossier), (SELECT count(*) FROM dossier_event)") == [(600, 6000)]

    def ours() -> tuple:
        return dossier_lists.lines(date.today(), all_closed=True)

    def one_by_one() -> list:
        return [(cases.sheet(id), timeline.events(id)) for (id,) in store.rows("SELECT id FROM dossier")]

    count, bare = _read(queries, ours)
    assert len(ours()) == len(bare()[0]) == len(one_by_one()) == 600
    assert 90 < sum(line.state != cases.CLOSED for line in ours()) < 210
    verdict.at_most("600 dossiers listed: queries", count, 1)
    variants = {"ours": ours, "bare apsw": bare, "one query a dossier": one_by_one}
    _judged(verdict, "600 dossiers listed", variants, {"bare apsw": 2.5, "one query a dossier": 0.15})
    verdict.say()


def test_dossiers_searched_as_one_types(dossiers, queries, verdict):
    """Ctrl+K at each letter; the dearest word is one that nobody bears."""
    from db import dossier_lists

    someone = dossier_lists.lines(date.today(), all_closed=True)[300]
    assert someone.id in [line.id for line in dossier_lists.search(someone.person_name, 600)]
    assert not dossier_lists.search("personne de ce nom")
    count, bare = _read(queries, lambda: dossier_lists.search("personne de ce nom"))
    verdict.at_most("600 dossiers searched: queries", count, 1)
    variants = {"ours": lambda: dossier_lists.search("personne de ce nom"), "bare apsw": bare}
    _judged(verdict, "600 dossiers searched", variants, {"bare apsw": 5})
    verdict.say()


def test_the_dates_about_to_be_lost(dossiers, queries, verdict):
    from db import dossier_lists, standings, steps
    from db import dossiers as cases

    today = date.today()
    opened = [line.id for line in dossier_lists.lines(today) if line.state != cases.CLOSED]

    def one_by_one() -> list:
        return [
            step
            for id in opened
            for step in steps.of_dossier(id, today).warnings
            if step.last + standings.WARNED >= today
        ]

    near = steps.near(today)
    assert 5 < len(near) <= len(one_by_one())
    count, bare = _read(queries, lambda: steps.near(today))
    verdict.at_most("dates about to be lost: queries", count, 3)
    variants = {"ours": lambda: steps.near(today), "bare apsw": bare, "one query a dossier": one_by_one}
    _judged(verdict, "dates about to be lost", variants, {"bare apsw": 5, "one query a dossier": 0.1})
    verdict.say()


@pytest.fixture
def tab(dossiers, qtbot):
    """The tab alone, shown at the size of the smallest screen."""
    from PySide6.QtWidgets import QApplication

    from desktop.dossiers.tab import DossiersTab
    from desktop.widgets import look

    look.load_fonts()
    look.apply("clair", 100)
    made = DossiersTab()
    made.resize(1366, 640)
    qtbot.addWidget(made)
    made.show()
    made.refresh()
    made.enter()
    QApplication.processEvents()
    return made


def test_the_whole_tab_again(tab, queries, verdict):
    """After every act on the desk: the lists, the dates beside them, the dossier shown."""
    from PySide6.QtWidgets import QApplication

    from db import dossier_lists
    from db import dossiers as cases

    def ours() -> None:
        tab.refresh()
        QApplication.processEvents()

    assert tab.count.text().startswith(
        str(sum(line.state != cases.CLOSED for line in dossier_lists.lines(date.today())))
    )
    count, bare = _read(queries, tab.refresh)
    verdict.at_most("the whole tab again: queries", count, 24)
    variants = {"ours": ours, "bare apsw": bare, "repainted": tab.repaint}
    _judged(verdict, "the whole tab again", variants, {"bare apsw": 5.5})
    verdict.say()


def test_one_dossier_shown(tab, queries, verdict):
    """An arrow in the list: the next dossier, its timeline, and what waits in each of its sections."""
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    seen = []

    def ours() -> None:
        QTest.keyClick(tab.list, Qt.Key.Key_Down)
        QApplication.processEvents()
        seen.append(tab.sheet.sheet.id)

    count, bare = _read(queries, ours)
    verdict.at_most("one dossier shown: queries", count, 20)
    variants = {"ours": ours, "bare apsw": bare, "repainted": tab.repaint}
    _judged(verdict, "one dossier shown", variants, {"repainted": 2.3})
    assert len(set(seen)) == len(seen) > 30
    verdict.say()
