"""A file made by an earlier release opens, migrates and keeps every row: `tests/files/guichet-0001.db` is one."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from db import dossier_lists, dossiers, keys, letters, lists, people, place, schema, store, timeline

FILES = Path(__file__).parents[1] / "files"
KEY = bytes(range(32))
DB_KEY = keys.derive(KEY, "db")
TODAY = date(2026, 11, 23)


@pytest.fixture
def first(tmp_path):
    """The folder of a place that the first release left, with nothing else beside its file."""
    folder = tmp_path / "lieu"
    folder.mkdir()
    (folder / store.FILE).write_bytes((FILES / "guichet-0001.db").read_bytes())
    yield folder
    place.leave()


def test_the_first_release_s_file_is_migrated_with_all_its_rows(first, tmp_path, monkeypatch):
    old = shutil.copytree(first, tmp_path / "ancien")
    known = [model._meta.table_name for model in schema.SHARED[1:15]] + ["journal_entry"]
    only = tmp_path / "0001"
    only.mkdir()
    shutil.copy2(store.scripts()[0], only)
    with monkeypatch.context() as patched:
        patched.setattr(store, "MIGRATIONS", only)
        store.open(old, DB_KEY)
        before = {t: store.rows(f'SELECT * FROM "{t}" ORDER BY 1') for t in known}
        store.close()
    assert {t: len(rows) for t, rows in before.items() if rows}["dossier_event"] == 5
    store.open(first, DB_KEY)
    after = {t: store.rows(f'SELECT * FROM "{t}" ORDER BY 1') for t in known}
    assert store.rows("PRAGMA user_version") == [(len(store.scripts()),)]
    for table in known:
        assert [row[: len(old_row)] for row, old_row in zip(after[table], before[table], strict=True)] == before[table]
    (copy,) = store.backups()
    assert store.rows("SELECT count(*), count(DISTINCT code), max(extra) FROM list_value WHERE kind = 'partner'") == [
        (28, 28, "{}")
    ], "partners keep their rows; what came with them is read from the shipped list again"
    store.verify(copy.path, DB_KEY)


def test_its_dossiers_are_worked_on_as_before(first):
    place.enter(first, KEY, "m1")
    (line,) = (found for found in dossier_lists.lines(TODAY) if found.partner == "EDF")
    sheet = dossiers.sheet(line.id)
    assert (sheet.number, sheet.person_name, sheet.amount_due) == ("A1-2026-0001", "Œuvrard-Nguyễn Aïcha", 41260)
    row = schema.Dossier.get_by_id(line.id)
    assert (row.urgency, row.protected, row.confidential, row.won, row.path) == ("normale", [], False, None, "")
    dossiers.log(line.id, "appel", "Message laissé", TODAY, "message")
    assert [event.kind for event in timeline.events(line.id)] == ["appel", "courrier", "appel", "ouverture"]
    assert letters.bytes_of(letters.register()[0].id) == b"%PDF-invented"
    assert [found.name for found in people.search("nguyen")] == ["Œuvrard-Nguyễn Aïcha"]
    assert lists.label("partner", "edf") == "EDF"


def test_what_it_already_had_is_not_sent_again_and_what_is_new_is(first):
    place.enter(first, KEY, "m1")
    id = dossier_lists.lines(TODAY)[0].id
    last = store.rows("SELECT max(id) FROM change")[0][0]
    store.insert(schema.DossierStep, dossier=id, step="reclamation", done_on=TODAY)
    assert store.rows('SELECT "table" FROM "change" WHERE id > ?', (last,)) == [("dossier_step",)]
