"""Nothing acknowledged is lost: power cuts (simulated), kill -9, disk errors. Each harness has its negative control."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from random import Random

import pytest
from crash_vfs import Cut, Disk, cuts
from desk_process import record

from db import journal, keys, schema, store

STATES = 2000
KILLS = 24
HERE = Path(__file__).parent
STRACE = shutil.which("strace")


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in memory when the system has one: thousands of files are written there."""
    shm = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=shm if os.access(shm, os.W_OK) else None) as folder:
        yield Path(folder)


def snapshot() -> frozenset[str]:
    """What the store holds; raises AssertionError when it holds half an act or an unsound page."""
    rows = schema.database.execute_sql
    assert rows("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert journal.verify() is None
    notes = frozenset(body.split()[0] for (body,) in rows('SELECT "body" FROM "note"').fetchall())
    counters = frozenset(reason for (reason,) in rows('SELECT "reason" FROM "counter"').fetchall())
    assert notes == counters
    return notes


def reopened(place: Path, key: bytes) -> frozenset[str]:
    schema.database.connect_params.pop("vfs", None)
    store.open(place, key)
    journal.use(keys.derive(key, "journal"))
    try:
        return snapshot()
    finally:
        schema.database.close()


def fault(cut: Cut, folder: Path, key: bytes) -> str | None:
    """What is wrong after this cut: unreadable, half an act, or something else than what was promised."""
    place = folder / "lieu"
    place.mkdir()
    for name, content in cut.files.items():
        (place / name).write_bytes(content)
    try:
        found = reopened(place, key)
    except store.StoreError as error:
        return f"unreadable at {cut.point}: {error.fault.name}"
    except AssertionError:
        return f"unsound at {cut.point}"
    finally:
        shutil.rmtree(place)
    allowed = [state for state in (cut.promised, cut.next) if state is not None]
    if cut.promised is None:
        allowed.append(frozenset())
    return None if found in allowed else f"lost at {cut.point}"


def a_day(disk: Disk, place: Path, key: bytes, acts: int = 40, *, early: bool = False) -> int:
    """Record a day on the recording disk, with back-ups and second thoughts; the event where it began."""
    store.open(place, key, vfs=disk.vfs)
    store.sign_in("0" * 32, "accueil")
    journal.use(keys.derive(key, "journal"))
    began = len(disk.events)
    held: frozenset[str] = frozenset()
    disk.ack(held)
    for number in range(acts):
        token = f"jeton{number}"
        if early:
            disk.ack(held | {token})
        with store.act("Note écrite"):
            record(token)
            if number % 5 == 4:  # a long act: many pages in one commit
                store.insert(schema.Note, body=f"{token} {'long ' * 8000}", day=date(2026, 11, 23))
        held |= {token}
        disk.ack(held)
        if number % 7 == 6:
            store.undo()
            held -= {token}
            disk.ack(held)
        if number % 9 == 8:
            store.back_up()
    schema.database.close()
    return began


def faults(disk: Disk, began: int, folder: Path, key: bytes, count: int) -> list[str]:
    """The faults of `count` states; two cuts that leave the same bytes after the same promises are opened once."""
    judged: dict[tuple, str | None] = {}
    found: list[str | None] = []
    for cut in cuts(disk.events, store.FILE, count, Random(23), since=began):
        left = frozenset((name, hashlib.sha256(content).digest()) for name, content in cut.files.items())
        same = (left, cut.promised, cut.next)
        if same not in judged:
            judged[same] = fault(cut, folder, key)
        found.append(judged[same])
    return [one for one in found if one]


def test_no_power_cut_loses_what_was_acknowledged(disk, place, key, memory):
    began = a_day(disk, memory / "jour", key)
    assert faults(disk, began, memory, key, STATES) == []


@pytest.mark.parametrize("synchronous", ["NORMAL", "OFF"])
def test_the_simulator_notices_a_store_that_does_not_flush(disk, place, key, memory, monkeypatch, synchronous):
    monkeypatch.setitem(schema.PRAGMAS, "synchronous", synchronous)
    began = a_day(disk, memory / "jour", key)
    assert len(faults(disk, began, memory, key, 200)) > 40


def test_the_simulator_notices_an_acknowledgement_given_too_early(disk, place, key, memory):
    began = a_day(disk, memory / "jour", key, early=True)
    assert any(found.startswith("lost") for found in faults(disk, began, memory, key, 300))


def test_a_first_start_cut_short_can_be_started_again(disk, place, key, memory):
    store.open(memory / "jour", key, vfs=disk.vfs)
    schema.database.close()
    found = [fault(cut, memory, key) for cut in cuts(disk.events, store.FILE, 150, Random(7))]
    assert [f for f in found if f] == []


def test_a_power_cut_during_a_migration_leaves_the_old_rows_and_a_whole_schema(disk, place, key, memory, monkeypatch):
    monkeypatch.setattr(store, "MIGRATIONS", shutil.copytree(store.MIGRATIONS, memory / "scripts"))
    day = memory / "jour"
    store.open(day, key)
    store.sign_in("0" * 32, "accueil")
    journal.use(keys.derive(key, "journal"))
    with store.act(""):
        record("avant")
    store.close()
    before = (day / store.FILE).read_bytes()
    (memory / "scripts" / "9999_rebuild.sql").write_text(
        'CREATE TABLE "copy" AS SELECT * FROM "note"; DELETE FROM "note"; ALTER TABLE "note" ADD COLUMN "mood" TEXT;'
        'INSERT INTO "note" SELECT *, NULL FROM "copy"; DROP TABLE "copy";'
    )
    disk.ack(frozenset({"avant"}))
    store.open(day, key, vfs=disk.vfs)
    schema.database.close()
    states = cuts(disk.events, store.FILE, 200, Random(11), since=1, before=before)
    assert [found for cut in states if (found := fault(cut, memory, key))] == []


# kill -9


def desk_process(*arguments: str, before: tuple[str, ...] = (), **options) -> subprocess.Popen:
    command = [*before, sys.executable, str(HERE / "desk_process.py"), *arguments]
    environment = os.environ | {"PYTHONPATH": str(HERE.parents[1]), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, text=True, **options)


def killed(place: Path, key: bytes, mode: str, acks: int) -> set[str]:
    """Run a desk until it has given `acks` acknowledgements, kill it; everything it acknowledged."""
    with desk_process(mode, str(place), key.hex()) as process:
        lines = [process.stdout.readline() for _ in range(acks)]
        process.kill()
        lines += process.stdout.readlines()
    return {line.split()[1] for line in lines if line.startswith("ack ") and line.endswith("\n")}


def test_no_kill_loses_what_was_acknowledged(place, key):
    random = Random()
    acknowledged: set[str] = set()
    for _ in range(KILLS):
        acknowledged |= killed(place, key, "honest", random.randint(1, 40))
        assert acknowledged <= reopened(place, key)
    assert len(acknowledged) >= KILLS


def test_the_kills_notice_an_acknowledgement_given_too_early(place, key):
    acknowledged: set[str] = set()
    for _ in range(8):
        acknowledged |= killed(place, key, "early", 2)
    assert acknowledged - reopened(place, key)


# Disk errors

INJECTED = [
    *(("pwrite64", error, n) for error in ("EIO", "ENOSPC") for n in (1, 3, 8, 21, 60)),
    *(("fdatasync", "EIO", n) for n in (1, 2, 5, 9)),
]


@pytest.mark.skipif(not STRACE, reason="strace is not installed")
def test_a_disk_error_is_said_and_the_next_try_succeeds(place, key):
    store.open(place, key)
    store.close()
    said: set[str] = set()
    acknowledged: set[str] = set()
    for call, error, n in INJECTED:
        inject = (
            STRACE,
            "-f",
            "-qq",
            "-o",
            os.devnull,
            "-e",
            f"trace={call}",
            "-e",
            f"inject={call}:error={error}:when={n}",
        )
        with desk_process("faulty", str(place), key.hex(), "10", before=inject, stderr=subprocess.PIPE) as process:
            output, errors = process.communicate()
        if "ptrace" in errors:
            pytest.skip("this system does not let strace attach")
        assert process.returncode == 0, (call, error, n, errors)
        said |= {line.split()[1] for line in output.splitlines() if line.startswith("fault ")}
        acks = {line.split()[1] for line in output.splitlines() if line.startswith("ack ")}
        assert len(acks) == 10
        acknowledged |= acks
        assert acknowledged <= reopened(place, key), (call, error, n)
    assert said == {"DISK_FULL", "UNREADABLE"}
