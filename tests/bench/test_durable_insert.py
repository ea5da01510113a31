"""One act, one sync: the cost of recording a visit against what the disk itself asks."""

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import apsw
import pytest
from turns import note, turns

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
ROUNDS = 200
ACTS = 20
COLUMNS = (
    "id, desk, mediator, created_at, changed_at, number, day, state, channel, triage, referred_by, seen_before, arrived_at, "
    "late, label, urgency, needs, moved_reason, calls, redirected_to, profile_asked, gender, age, status, town, "
    "priority_area, written_french"
)
SQL = f"INSERT INTO visit ({COLUMNS}) VALUES ({','.join('?' * 27)})"


def _row(n: int) -> tuple:
    at = "2026-11-23T09:00:00.000000+00:00"
    return (f"{0x0199 << 112 | n:032x}", "A1", "m1", at, at, n, "2026-11-23", "recorded", "sans_rdv", "accueil", "NC", "NC",
            at, 0, "", "normal", "[]", "", 0, "", 0, "NC", "NC", "NC", "", "NC", "NC")  # fmt: skip


def _draft():
    from db import visits

    at = datetime.now(UTC)
    demand = visits.Demand(6, "energie", "impaye", "information", outcome="resolu")
    return visits.Draft(arrived_at=at, started_at=at, demands=(demand,), entry_seconds=12)


def _bare():
    from db import schema, store

    at = datetime.now(UTC)
    with store.act("Visite"):
        store.insert(schema.Visit, number=1, day=at.date(), state="recorded", arrived_at=at)


def test_a_visit_against_the_disk(year, tmp_path, verdict):
    """§F: <= 1.7 x the 4 KiB floor raw, <= 3.0 x through the ORM; `visits.record` writes three rows (visit, demand, journal): 9.0 x."""
    from db import store, visits

    plain = tmp_path / "clair.db"
    source = apsw.Connection(str(plain))
    for script in store.scripts():
        source.execute(script.read_text(encoding="utf-8")).fetchall()
    source.close()
    (tmp_path / "stdlib.db").write_bytes(plain.read_bytes())

    raw = apsw.Connection(str(plain))
    std = sqlite3.connect(tmp_path / "stdlib.db", isolation_level=None)
    for connection in (raw, std):
        for pragma in ("locking_mode = EXCLUSIVE", "journal_mode = WAL", "synchronous = FULL"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
    cipher = store.schema.database.connection()
    floor = os.open(tmp_path / "floor", os.O_RDWR | os.O_CREAT)
    os.pwrite(floor, bytes(1 << 20), 0)
    os.fsync(floor)
    numbers = iter(range(10**9))

    def disk() -> None:
        os.pwrite(floor, bytes(4096), 4096 * (next(numbers) % 250))
        os.fdatasync(floor)

    before = store.rows("SELECT count(*) FROM visit")[0][0]
    found = turns(
        {
            "floor": disk,
            "raw": lambda: raw.execute(SQL, _row(next(numbers))).fetchall(),
            "stdlib": lambda: std.execute(SQL, _row(next(numbers))).fetchall(),
            "encrypted": lambda: cipher.execute(SQL, _row(next(numbers))).fetchall(),
            "act": _bare,
            "record": lambda: visits.record(_draft()),
        },
        ROUNDS, warm=5,
    )  # fmt: skip
    assert store.rows("SELECT count(*) FROM visit")[0][0] - before == 3 * (ROUNDS + 5)
    assert store.rows("SELECT count(*) FROM journal_entry")[0][0] >= ROUNDS
    assert raw.execute("SELECT count(*) FROM visit").fetchall() == [(ROUNDS + 5,)]
    os.close(floor)
    raw.close()
    std.close()
    for name, figure in found.items():
        note(f"insert, {name}: ms wall / cpu / p95", f"{figure.wall:.3f} / {figure.cpu:.3f} / {figure.p95:.3f}")
    base = found["floor"].wall
    verdict.at_most("insert: raw apsw, plain / floor", found["raw"].wall / base, 1.7)
    verdict.at_most("insert: raw apsw, encrypted / floor", found["encrypted"].wall / base, 1.7)
    verdict.at_most("insert: store.act + insert / floor", found["act"].wall / base, 3.0)
    verdict.at_most("insert: visits.record / floor", found["record"].wall / base, 9.0)
    verdict.say()


def test_one_sync_an_act(verdict):
    """§F: exactly 1 sync, noise-free. Bytes: <= 1.7 x plain WAL (19.3 KB there, one insert and three indexes)."""
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    for what in ("bare", "record"):
        traced = subprocess.run(
            ["strace", "-f", "-y", "-e", "trace=fsync,fdatasync,write,pwrite64", sys.executable, str(HERE / "acts.py"), what],
            env={**os.environ, "PYTHONPATH": f"{ROOT}:{HERE}"}, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        if "PTRACE" in traced.stderr or "ptrace" in traced.stderr.splitlines()[0]:
            pytest.skip("strace may not trace here")
        lines = traced.stderr.splitlines()
        marks = [n for n, line in enumerate(lines) if "=== act ===" in line]
        assert len(marks) == ACTS + 1, (traced.returncode, traced.stderr[-2000:])
        syncs, sizes = [], []
        for start, end in pairwise(marks):
            acts = lines[start + 1 : end]
            syncs.append(sum("sync(" in line for line in acts))
            sizes.append(sum(int(line.rsplit("= ", 1)[1]) for line in acts if re.search(r"write(64)?\(", line)))
        note(f"syncs of each act, {what}", " ".join(map(str, syncs)))
        note(f"KB written by an act, {what} (median)", f"{sorted(sizes)[len(sizes) // 2] / 1000:.1f}")
        assert set(syncs) == {1}, syncs
        if what == "bare":
            verdict.at_most("bytes of one inserted visit / 19.3 KB", sorted(sizes)[len(sizes) // 2] / 19_300, 1.7, known=1.71,
                            why="cause not established; the change log writes too")  # fmt: skip
    verdict.say()
