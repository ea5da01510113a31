"""The journal with a million visits: show, jump, memory, and the query behind each page."""

import json
import os
import random
import statistics
import subprocess
import sys
from pathlib import Path

import apsw
import invented
import pytest
from turns import note, turns

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
ROUNDS = 3


@pytest.fixture(scope="module")
def plain():
    """The same million visits in clear, the nine columns shown, for Qt's own driver."""
    folder = invented.folder(1_000_000)
    path = folder / "clair.db"
    if not path.exists():
        from db import place
        from db.schema import database

        place.enter(folder, invented.KEY, "m1")
        database.execute_sql("ATTACH DATABASE ? AS clear KEY ''", (str(path),))
        database.execute_sql(
            "CREATE TABLE clear.visit AS SELECT v.id, v.day, v.number, v.arrived_at, v.started_at, v.person_id, d.theme, "
            "d.nature, d.outcome FROM visit v JOIN demand d ON d.visit_id = v.id ORDER BY v.day DESC, v.id DESC"
        )
        database.execute_sql("DETACH DATABASE clear")
        place.leave()
    clear = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    assert clear.execute("SELECT count(*) FROM visit").fetchall() == [(1_000_000,)]
    clear.close()
    return path


def _run(way: str, path: Path) -> dict[str, float]:
    ended = subprocess.run(
        [sys.executable, str(HERE / "peers.py"), way, str(path)],
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{HERE}"}, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert ended.returncode == 0 and ended.stdout, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_a_million_rows(plain, verdict):
    """Jumps go anywhere in what the scroll bar offers: for the paged table, the pages fetched so far.

    §F: show <= 1.5, jump <= 1.3 x QSqlTableModel with everything fetched; memory <= 0.05 x; the end is reached.
    """
    ways = {"painter": plain, "paged": plain.parent, "sql": plain, "sql all": plain}
    chance, names = random.Random(7), list(ways)
    found: dict[str, list[dict]] = {way: [] for way in ways}
    for _ in range(ROUNDS):
        chance.shuffle(names)
        for way in names:
            found[way].append(_run(way, ways[way]))
    figures = {
        way: {n: statistics.median(seen[n] for seen in all_seen) for n in all_seen[0]}
        for way, all_seen in found.items()
    }
    for way, seen in figures.items():
        note(f"table, {way}", " ".join(f"{name}={value:.3g}" for name, value in seen.items() if value))
    ours, bar, end = figures["paged"], figures["sql all"], _run("paged to the end", plain.parent)
    assert end["rows"] == 1_000_000
    note("table: seconds to fetch every page", f"{end['to_the_end'] / 1e3:.1f}")
    verdict.at_most("table: show / QSqlTableModel all", ours["show"] / bar["show"], 1.5)
    verdict.at_most("table: jump cpu / QSqlTableModel all", ours["jump_cpu"] / bar["jump_cpu"], 1.3)
    verdict.at_most("table: memory / QSqlTableModel all", ours["memory"] / bar["memory"], 0.05)
    verdict.at_most("table: memory once at the end / QSqlTableModel all", end["all_memory"] / bar["memory"], 0.05, known=1.8,
                    why="PagedModel keeps every row it has shown")  # fmt: skip
    verdict.say()


def test_a_page_costs_the_same_wherever_it_is(million, verdict, monkeypatch):
    """Keyset pages: the first and the deepest cost alike, and no page sorts the table."""
    from db import store, visits

    ids = store.rows("SELECT day || id FROM visit ORDER BY day, id LIMIT 1 OFFSET 1000")[0][0]
    middle = store.rows("SELECT day || id FROM visit ORDER BY rowid LIMIT 1 OFFSET 500000")[0][0]
    found = turns(
        {"first": visits.page, "middle": lambda: visits.page(middle), "deepest": lambda: visits.page(ids)}, 15, warm=3
    )
    assert len(visits.page()) == len(visits.page(ids)) == 200
    for name, figure in found.items():
        note(f"page of 200 of a million, {name}: ms wall / cpu", f"{figure.wall:.2f} / {figure.cpu:.2f}")
    asked: list[tuple] = []
    monkeypatch.setattr(store, "rows", lambda *query, rows=store.rows: asked.append(query) or rows(*query))
    visits.page()
    visits.page(ids)
    monkeypatch.undo()
    assert len(asked) == 2
    for sql, values in asked:
        plan = " | ".join(row[-1] for row in store.rows(f"EXPLAIN QUERY PLAN {sql}", values))
        assert "USE TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert "visit_day" in plan, plan
    verdict.at_most("page: deepest / first, cpu", found["deepest"].cpu / found["first"].cpu, 1.5)
    verdict.say()
