"""The bench: places of real size, the ledger of measured ratios printed at the end."""

import gc
import os
from contextlib import contextmanager

import invented
import pytest
from turns import LINES, Verdict

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture
def verdict():
    """Judge every ratio of the test, then speak."""
    judged = Verdict()
    yield judged
    gc.collect()


@contextmanager
def _entered(folder):
    from db import place

    place.enter(folder, invented.KEY, "m1")
    try:
        yield folder
    finally:
        place.leave()


@pytest.fixture
def year(tmp_path):
    """One year of desk (40,000 visits, 3,000 letters, 600 dossiers), ours to change."""
    import shutil

    folder = tmp_path / "lieu"
    shutil.copytree(invented.folder(40_000), folder)
    with _entered(folder):
        yield folder


@pytest.fixture
def dossiers(tmp_path):
    """A year of 600 dossiers and 6,000 events, ours to change."""
    import shutil

    folder = tmp_path / "lieu"
    shutil.copytree(invented.folder(0, dossiers=600), folder)
    with _entered(folder):
        yield folder


@pytest.fixture
def queries(monkeypatch):
    """The statements run since it was last cleared, with their values."""
    from db import schema

    kept: list[tuple[str, tuple]] = []
    original = schema.EncryptedDatabase.execute_sql

    def counted(self, sql, params=None):
        kept.append((sql, tuple(params or ())))
        return original(self, sql, params)

    monkeypatch.setattr(schema.EncryptedDatabase, "execute_sql", counted)
    return kept


@pytest.fixture
def million():
    """A million visits; read only, please."""
    with _entered(invented.folder(1_000_000)) as folder:
        yield folder


@pytest.fixture
def telephone_book():
    """A million people in the search keys; read only, please."""
    with _entered(invented.folder(0, 1_000_000)) as folder:
        yield folder


def pytest_terminal_summary(terminalreporter):
    if LINES:
        terminalreporter.section("measured, as ratios inside this run (performance.md §F)")
        width = max(len(line[0]) for line in LINES)
        for subject, value, target, verdict in LINES:
            terminalreporter.write_line(f"{subject:{width}}  {value:>8}  {target:10}  {verdict}")
