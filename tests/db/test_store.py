"""The encrypted file: one desk at a time, never in clear, never half migrated, always another copy."""

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import apsw
import pytest
from peewee import IntegrityError, InterfaceError

from db import journal, keys, schema, store
from db.store import Fault, StoreError

ROOT = Path(store.__file__).parents[1]
DAY = date(2026, 11, 23)


def note(body: str) -> str:
    with store.act("Note écrite"):
        return store.insert(schema.Note, body=body, day=DAY)


def notes() -> set[str]:
    return {body for (body,) in store.rows('SELECT "body" FROM "note"')}


def changes() -> list[tuple[str, str]]:
    return store.rows('SELECT "table", "row" FROM "change" ORDER BY "id"')


def crashed(place: Path) -> None:
    """Leave the files as a killed process would: nothing folded, the log still there."""
    left = place.with_name("tel quel")
    python("import shutil, sys; shutil.copytree(*sys.argv[1:])", str(place), str(left))
    schema.database.close()
    shutil.rmtree(place)
    left.rename(place)
    assert (place / f"{store.FILE}-wal").exists()


def python(code: str, *arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")


def second_desk(place: Path, key: bytes) -> str:
    """What another process is told."""
    code = (
        "import sys; from pathlib import Path; from db import store\n"
        "try: store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])); print('OPEN')\n"
        "except store.StoreError as error: print(error.fault.name)\n"
    )
    answer = python(code, str(place), key.hex())
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.strip()


@contextmanager
def fault(expected: Fault) -> Iterator[None]:
    with pytest.raises(StoreError) as error:
        yield
    assert error.value.fault is expected
    assert str(error.value) == expected.value


@contextmanager
def no_room(size: int = 4096) -> Iterator[None]:
    """No file may grow past `size` bytes in this process."""
    import resource  # POSIX only

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


# One desk at a time


def test_a_second_process_is_refused_for_as_long_as_the_first_is_open(desk, key):
    assert second_desk(desk, key) == "ALREADY_OPEN"
    note("avant")
    assert second_desk(desk, key) == "ALREADY_OPEN"
    store.backups()
    store.back_up()
    assert second_desk(desk, key) == "ALREADY_OPEN"
    store.undo()
    store.redo()
    journal.verify()
    assert second_desk(desk, key) == "ALREADY_OPEN"
    store.close()
    assert second_desk(desk, key) == "OPEN"


@pytest.mark.skipif(os.name == "nt", reason="POSIX locks only")
def test_reading_the_file_beside_the_store_would_let_a_second_desk_in(desk, key):
    """The control of the test above: a process that opens and closes the file itself loses SQLite's locks."""
    (desk / store.FILE).read_bytes()
    assert second_desk(desk, key) == "OPEN"


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_a_killed_desk_leaves_the_place_free(place, key):
    code = (
        "import os, sys; from pathlib import Path; from db import store\n"
        "store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2])); os.kill(os.getpid(), 9)"
    )
    assert python(code, str(place), key.hex()).returncode == -9
    store.open(place, key)


# Never in clear


def test_another_key_is_refused_and_changes_nothing(desk, key):
    note("gardé")
    store.close()
    before = (desk / store.FILE).read_bytes()
    with fault(Fault.WRONG_KEY):
        store.open(desk, bytes(32))
    assert not store.is_open()
    assert (desk / store.FILE).read_bytes() == before
    store.open(desk, key)
    assert notes() == {"gardé"}


def test_closing_forgets_the_key_and_nothing_opens_the_file_behind_our_back(desk, key):
    note("gardé")
    store.close()
    assert schema.database.key == b""
    with pytest.raises(InterfaceError):
        store.rows('SELECT * FROM "note"')
    assert not store.is_open()


def test_nothing_typed_is_ever_readable_on_the_disk(desk, key):
    secrets = ["Fatima-Zohra Benyoucef", "canari né en 1971", "06 12 34 56 78", "lavande tiroir pluie castor violon"]
    keys.create(desk.parent / "cles", keys.Slot("a" * 32, "Awa", "responsable"), secrets[3])
    store.insert(schema.Person, last_name=secrets[0], phone=secrets[2], last_contact_on=DAY)
    note(secrets[1])
    schema.Draft.insert(name="visite", mediator="", body={"texte": secrets[1]}).execute()
    schema.Preference.insert(name="x", value=secrets[0]).execute()
    with store.act("Grande lettre"):
        store.insert(schema.Note, body=secrets[1] * 20000, day=DAY)
        journal.write("note.ecrite")
        assert readable(desk.parent, secrets) == []  # in the middle of an act
    assert readable(desk.parent, secrets) == []
    store.back_up()
    note("après")
    crashed(desk)
    assert readable(desk.parent, secrets) == []
    store.open(desk, key)
    store.close()
    assert readable(desk.parent, secrets) == []
    plain = sqlite3.connect(desk / "clair.db")  # the control: the scan finds what is there
    plain.execute("CREATE TABLE t AS SELECT ? AS x", (secrets[0],))
    plain.commit()
    plain.close()
    assert readable(desk.parent, secrets) == ["clair.db"]


def readable(folder: Path, secrets: list[str]) -> list[str]:
    """The files where a secret shows; read by another process, for the locks' sake."""
    code = (
        "import sys; from pathlib import Path\n"
        "needles = [s.encode(code) for s in sys.argv[2:] for code in ('utf-8', 'utf-16-le', 'latin-1')]\n"
        "files = [p for p in Path(sys.argv[1]).rglob('*') if p.is_file()]\n"
        "assert len(files) >= 4\n"
        "print('\\n'.join(p.name for p in files if any(n in p.read_bytes() for n in needles)))\n"
    )
    answer = python(code, str(folder), *secrets)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout.split()


def test_no_file_begins_like_a_plain_database(desk):
    note("x")
    store.back_up()
    note("y")
    crashed(desk)
    files = [p for p in desk.rglob("*") if p.is_file()]
    assert {p.suffix for p in files} == {".db", ".db-wal"}
    assert all(not p.read_bytes().startswith(b"SQLite format 3") for p in files)


def test_a_file_in_clear_is_refused(place, key):
    place.mkdir()
    plain = sqlite3.connect(place / store.FILE)
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    with fault(Fault.CANNOT_ENCRYPT):
        store.open(place, key)


def test_a_library_that_ignores_the_key_is_refused_before_it_writes(place, key):
    """Python's own SQLite answers nothing to « PRAGMA key », as a wrong build does."""
    code = (
        "import sqlite3, sys; from pathlib import Path; from db import schema, store\n"
        "class Plain(schema.EncryptedDatabase):\n"
        "    def _connect(self):\n"
        "        conn = sqlite3.connect(self.database); self._add_conn_hooks(conn); return conn\n"
        "schema.database.__class__ = Plain\n"
        "try: store.open(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "except store.StoreError as error: print(error.fault.name)\n"
    )
    answer = python(code, str(place), key.hex())
    assert answer.stdout.strip() == "CANNOT_ENCRYPT", answer.stderr
    assert all(p.stat().st_size == 0 for p in place.iterdir())


@pytest.mark.skipif(os.name == "nt", reason="named differently there")
def test_a_way_to_the_disk_that_cannot_encrypt_is_refused(place, key):
    with fault(Fault.CANNOT_ENCRYPT):
        store.open(place, key, vfs="unix")


# Somebody else's file


def test_another_program_s_file_is_refused_and_left_as_it_is(place, key):
    place.mkdir()
    other = apsw.Connection(str(place / store.FILE))
    other.execute("PRAGMA cipher = 'chacha20'")
    other.execute(f'PRAGMA key = "raw:{key.hex()}"')
    other.execute("CREATE TABLE t (x)")
    other.close()
    before = (place / store.FILE).read_bytes()
    with fault(Fault.FOREIGN):
        store.open(place, key)
    assert (place / store.FILE).stat().st_size == len(before)


def test_an_empty_file_left_by_a_cut_is_a_new_place(place, key):
    place.mkdir()
    (place / store.FILE).touch()
    store.open(place, key)
    note("premier jour")
    assert notes() == {"premier jour"}


def test_a_missing_file_is_not_replaced_by_an_empty_one_when_there_are_back_ups(desk, key):
    note("gardé")
    copy = store.back_up()
    store.close()
    (desk / store.FILE).unlink()
    with pytest.raises(StoreError):
        store.open(desk, key)
    store.restore(desk, key, copy)
    store.open(desk, key)
    assert notes() == {"gardé"}


# Migrations


@pytest.fixture
def scripts(tmp_path, monkeypatch) -> Path:
    """A copy of the migrations, to add to."""
    folder = shutil.copytree(store.MIGRATIONS, tmp_path / "scripts")
    monkeypatch.setattr(store, "MIGRATIONS", folder)
    return folder


def test_a_newer_file_is_refused_and_left_as_it_is(scripts, desk, key):
    note("de demain")
    store.close()
    (scripts / "9000_tomorrow.sql").write_text('CREATE TABLE "tomorrow" ("id" TEXT);')
    store.open(desk, key)
    store.close()
    (scripts / "9000_tomorrow.sql").unlink()
    with fault(Fault.NEWER):
        store.open(desk, key)
    assert not store.is_open()


def test_a_migration_that_fails_leaves_everything_as_before_and_a_back_up(scripts, desk, key):
    note("gardé")
    store.close()
    (scripts / "9000_good.sql").write_text('ALTER TABLE "note" ADD COLUMN "mood" TEXT; DELETE FROM "note";')
    (scripts / "9001_bad.sql").write_text('CREATE TABLE "half" ("id" TEXT); INSERT INTO "nowhere" VALUES (1);')
    with pytest.raises(Exception, match="nowhere"):
        store.open(desk, key)
    assert not store.is_open()
    (scripts / "9000_good.sql").unlink()
    (scripts / "9001_bad.sql").unlink()
    store.open(desk, key)
    assert notes() == {"gardé"}
    assert "half" not in schema.database.get_tables()
    assert "mood" not in {c.name for c in schema.database.get_columns("note")}
    assert len(store.backups()) == 1


def test_a_migration_is_preceded_by_a_back_up_of_the_old_file_and_runs_once(scripts, desk, key):
    note("gardé")
    store.close()
    (scripts / "9000_mood.sql").write_text('ALTER TABLE "note" ADD COLUMN "mood" TEXT;')
    store.open(desk, key)
    (copy,) = store.backups()
    store.close()
    store.open(desk, key)
    assert store.backups() == (copy,)
    store.close()
    store.restore(desk, key, copy.path)
    (scripts / "9000_mood.sql").unlink()
    store.open(desk, key)
    assert notes() == {"gardé"}


def test_a_new_place_makes_no_back_up(desk):
    assert store.backups() == ()


def test_the_migrated_schema_is_the_models_schema(desk):
    fresh = schema.EncryptedDatabase(str(desk / "fresh.db"))
    with fresh.bind_ctx(schema.TABLES):
        fresh.key = bytes(32)
        fresh.connect()
        fresh.create_tables(schema.TABLES, safe=False)
        for model in schema.SHARED:
            for statement in schema.triggers(model._meta.table_name):
                fresh.execute_sql(statement)
        expected = dict(described(fresh))
        fresh.close()
    assert dict(described(schema.database)) == expected


def described(database: schema.EncryptedDatabase) -> Iterator[tuple[str, object]]:
    """Every table, column, key, index and trigger."""
    names = database.execute_sql("SELECT type, name, tbl_name, sql FROM sqlite_master").fetchall()
    for kind, name, table, sql in names:
        if kind == "table" and not name.startswith("sqlite_"):
            yield f"{name} columns", set(database.execute_sql(f'PRAGMA table_info("{name}")').fetchall())
            keys = database.execute_sql(f'PRAGMA foreign_key_list("{name}")').fetchall()
            yield f"{name} keys", {row[2:] for row in keys}
            yield (
                f"{name} options",
                "WITHOUT ROWID" in sql.upper(),
            )
        elif kind == "index" and sql:
            parts = tuple(row[2] for row in database.execute_sql(f'PRAGMA index_info("{name}")').fetchall())
            yield f"index {table} {parts}", "UNIQUE" in sql.upper()
        elif kind == "trigger":
            yield f"trigger {name}", " ".join(sql.split())


def test_every_safety_setting_is_on(desk):
    asked = {name: store.rows(f"PRAGMA {name}")[0][0] for name in schema.PRAGMAS}
    assert asked == {
        "locking_mode": "exclusive",
        "journal_mode": "wal",
        "synchronous": 2,
        "fullfsync": 1,
        "checkpoint_fullfsync": 1,
        "secure_delete": 1,
        "foreign_keys": 1,
        "trusted_schema": 0,
        "cell_size_check": 1,
        "mmap_size": 0,
        "temp_store": 2,
        "cache_size": -16000,
    }


# Acts


def test_undo_and_redo_an_insertion_an_update_and_a_deletion(desk):
    id = note("un")
    with store.act("Note corrigée"):
        store.update(schema.Note, id, body="deux")
    with store.act("Note jetée"):
        schema.Note.delete().where(schema.Note.id == id).execute()
    states = [set()]
    for label, after in (("Note jetée", {"deux"}), ("Note corrigée", {"un"}), ("Note écrite", set())):
        assert store.last_act() == label
        assert store.undo() == label
        assert notes() == after
        states.append(after)
    assert store.undo() is None
    for label, after in (("Note écrite", {"un"}), ("Note corrigée", {"deux"}), ("Note jetée", set())):
        assert store.redo() == label
        assert notes() == after
    assert store.redo() is None


def test_what_is_undone_is_told_to_the_handover(desk):
    """The change log keeps the last change of each row, in order: an undo is one more."""
    first, second = note("un"), note("deux")
    assert changes() == [("note", first), ("note", second)]
    store.update(schema.Note, first, body="un bis")
    assert changes() == [("note", second), ("note", first)]
    store.undo()
    assert changes() == [("note", first), ("note", second)]
    store.redo()
    schema.Note.delete().where(schema.Note.id == first).execute()
    assert changes() == [("note", second), ("note", first)]
    schema.Preference.insert(name="x", value=1).execute()
    assert len(changes()) == 2


def test_a_new_act_ends_what_could_be_redone(desk):
    note("un")
    store.undo()
    note("deux")
    assert store.redo() is None
    assert notes() == {"deux"}


def test_another_mediator_cannot_undo_my_act(desk):
    note("à moi")
    store.sign_in("1" * 32, "accueil")
    assert store.last_act() is None and store.undo() is None
    assert notes() == {"à moi"}


def test_an_act_that_fails_writes_nothing_and_cannot_be_undone(desk):
    note("avant")
    with pytest.raises(ZeroDivisionError), store.act("Note écrite"):
        store.insert(schema.Note, body="jamais", day=DAY)
        1 / 0  # noqa: B018
    assert notes() == {"avant"}
    assert store.undo() == "Note écrite" and notes() == set()


def test_acts_within_an_act_are_one_act(desk):
    with store.act("Deux notes"):
        note("un")
        note("deux")
    assert store.last_act() == "Deux notes"
    store.undo()
    assert notes() == set()


def test_a_broken_rule_is_our_own_bug_and_is_told_as_it_is(desk):
    """Also from an act within an act: a cause that turns in circles would hang the desk."""
    id = note("un")
    with pytest.raises(IntegrityError) as error, store.act("Note écrite"):
        store.insert(schema.Note, id=id, body="double", day=DAY)
    assert error.value.__cause__ is not error.value
    with pytest.raises(IntegrityError), store.act("Dehors"), store.act("Dedans"):
        store.insert(schema.Note, id=id, body="double", day=DAY)
    assert notes() == {"un"}


def test_a_mistyped_field_is_refused(desk):
    with pytest.raises((AttributeError, KeyError, ValueError, TypeError)):
        store.insert(schema.Note, body="x", day=DAY, adressee="typo")
    with pytest.raises((AttributeError, KeyError, ValueError, TypeError)):
        store.update(schema.Note, "0" * 32, boddy="typo")
    assert notes() == set()


def test_an_undo_never_leaves_an_orphan(desk):
    with store.act("Personne créée"):
        person = store.insert(schema.Person, last_name="Durand", last_contact_on=DAY)
    visit = {"number": 1, "day": DAY, "state": "waiting", "arrived_at": store.now(), "person": person}
    with store.act(""):
        store.insert(schema.Visit, **visit)
    with pytest.raises(StoreError):
        store.undo()
    assert store.rows("PRAGMA foreign_key_check") == []
    assert store.rows('SELECT count(*) FROM "person"') == [(1,)]
    assert not schema.database.in_transaction()


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_an_undo_the_disk_refuses_can_be_tried_again(desk):
    note("un" * 9000)
    with no_room(), pytest.raises(StoreError):
        store.undo()
    assert store.last_act() == "Note écrite"
    assert store.undo() == "Note écrite" and notes() == set()


# Back-ups


def test_a_back_up_is_complete_verified_and_listed_newest_first(desk, key):
    note("un")
    first = store.back_up()
    note("deux")
    second = store.back_up()
    assert [b.path for b in store.backups()] == [second, first]
    store.verify(second, key)
    store.close()
    store.restore(desk, key, first)
    store.open(desk, key)
    assert notes() == {"un"}


def test_a_damaged_back_up_is_refused_and_the_place_is_untouched(desk, key):
    note("un")
    copy = store.back_up()
    note("deux")
    store.close()
    sound = copy.read_bytes()
    for damaged in (b"", sound[:-4096], sound[: len(sound) // 2], flipped(sound, len(sound) // 2), b"x" * 8192):
        copy.write_bytes(damaged)
        with fault(Fault.NO_BACKUP):
            store.verify(copy, key)
        with fault(Fault.NO_BACKUP):
            store.restore(desk, key, copy)
    copy.write_bytes(sound)
    with fault(Fault.NO_BACKUP):
        store.restore(desk, bytes(32), copy)
    store.open(desk, key)
    assert notes() == {"un", "deux"}


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def test_any_damaged_page_is_noticed_at_opening(desk, key):
    note("un")
    store.close()
    path = desk / store.FILE
    sound = path.read_bytes()
    pages = range(0, len(sound), 4096)
    assert len(pages) > 20
    unnoticed = []
    for start in pages:
        path.write_bytes(flipped(sound, start + start // 4096 * 37 % 4096))
        try:
            store.open(desk, key)
        except StoreError as error:
            assert error.fault in (Fault.DAMAGED, Fault.WRONG_KEY, Fault.UNREADABLE)
        else:
            unnoticed.append(start // 4096)
            schema.database.close()
    assert unnoticed == []
    path.write_bytes(sound)
    store.open(desk, key)
    assert notes() == {"un"}


def test_what_was_recorded_since_is_kept_aside_by_a_restoration(desk, key):
    """Even what a killed desk had not folded into the file yet."""
    note("un")
    copy = store.back_up()
    note("deux")
    crashed(desk)
    store.restore(desk, key, copy)
    store.open(desk, key)
    assert notes() == {"un"}
    store.close()
    (aside,) = (p for p in desk.iterdir() if "avant" in p.name and not p.name.endswith(("-wal", "-shm")))
    wal = aside.with_name(aside.name + "-wal")
    other = desk.parent / "ailleurs"
    other.mkdir()
    aside.rename(other / store.FILE)
    if wal.exists():
        wal.rename(other / f"{store.FILE}-wal")
    store.open(other, key)
    assert notes() == {"un", "deux"}


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_a_restoration_without_room_leaves_the_place_as_it_was(desk, key):
    note("un")
    copy = store.back_up()
    note("deux")
    store.close()
    with no_room(), fault(Fault.UNREADABLE):
        store.restore(desk, key, copy)
    store.open(desk, key)
    assert notes() == {"un", "deux"}


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_a_back_up_without_room_says_so_and_leaves_no_half_file(desk):
    note("un")
    with no_room(), pytest.raises(StoreError):
        store.back_up()
    assert list((desk / store.BACKUPS).iterdir()) == []
    assert store.back_up().exists()


@pytest.mark.skipif(os.name == "nt", reason="POSIX limits")
def test_the_store_closes_and_forgets_even_when_the_disk_is_full(desk, key):
    note("un" * 9000)
    with no_room(), pytest.raises(StoreError):
        store.close()
    assert not store.is_open()
    assert schema.database.key == b""
    store.open(desk, key)
    assert notes() == {"un" * 9000}


def test_only_the_newest_back_ups_are_kept(desk, monkeypatch):
    monkeypatch.setattr(store, "BACKUPS_KEPT", 3)
    made = [store.back_up() for _ in range(5)]
    assert [b.path for b in store.backups()] == made[:1:-1]


def test_a_clock_set_back_never_costs_the_back_up_just_made(desk, monkeypatch):
    monkeypatch.setattr(store, "BACKUPS_KEPT", 2)
    copy = store.back_up()
    for year in (2097, 2098, 2099):
        shutil.copyfile(copy, copy.with_name(f"guichet-{year}1231-120000-000000.db"))
    assert store.back_up().exists()


def test_a_stranger_in_the_back_up_folder_does_no_harm(desk):
    copy = store.back_up()
    shutil.copyfile(copy, copy.with_name("guichet-copie de Awa.db"))
    assert store.backups()[0].path == copy
    assert store.back_up().exists()


# A full disk


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "petit"
    folder.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], capture_output=True)
    if not made or made.returncode:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def test_a_full_disk_is_said_and_nothing_recorded_is_lost(small_disk, place, key):
    desk = small_disk / "lieu"
    store.open(desk, key)
    kept: set[str] = set()
    with fault(Fault.DISK_FULL):
        for number in range(1000):
            note(f"{number} {'x' * 20000}")
            kept |= {f"{number} {'x' * 20000}"}
    assert len(kept) > 10
    assert notes() == kept
    with fault(Fault.DISK_FULL):
        note("y" * 200000)
    with pytest.raises(StoreError):
        store.back_up()
    schema.database.close()
    subprocess.run(["mount", "-o", "remount,size=16m", small_disk], check=True)
    store.open(desk, key)
    assert notes() == kept
    note("la suite")
    store.back_up()
    assert notes() == kept | {"la suite"}
    assert store.rows("PRAGMA integrity_check") == [("ok",)]
    store.close()


def test_every_sentence_says_what_to_do_briefly():
    for each in Fault:
        for sentence in each.value.replace(" : ", ". ").replace(" ; ", ". ").split(". "):
            assert len(sentence.split()) <= 12, sentence
