"""As one types, among a million people: 20 rows at each key."""

import bisect
import random
import statistics
import time

import apsw
import pytest
from turns import note

NAMES = 120
LENGTHS = (1, 2, 3, 4, 6)


@pytest.fixture
def floor_and_peer(telephone_book, tmp_path):
    """Every key in a sorted Python list, and the FTS5 index with prefixes of 1, 2 and 3 letters (in clear)."""
    from db import store

    rows = store.rows("SELECT key, label, person FROM person_key ORDER BY key")
    keys = [row[0] for row in rows]
    people = [row for row in rows if not row[0][0].isdigit()]
    peer = apsw.Connection(str(tmp_path / "fts.db"))
    peer.execute("PRAGMA synchronous = OFF").fetchall()
    peer.execute("CREATE VIRTUAL TABLE names USING fts5(name, person UNINDEXED, prefix='1 2 3')").fetchall()
    seen: dict[str, str] = {}
    for key, _, person in people:
        seen.setdefault(person, key)
    with peer:
        peer.cursor().executemany("INSERT INTO names (name, person) VALUES (?, ?)", ((k, p) for p, k in seen.items()))
    yield rows, keys, peer, people
    peer.close()


def test_a_name_among_a_million(floor_and_peer, verdict):
    """CPU time: nothing here waits for the disk. §F: worst p95 <= 0.15 x FTS5 prefix; median <= 7 x bisect."""
    from db import people as product
    from desktop import french

    rows, keys, peer, people = floor_and_peer
    chance = random.Random(3)
    chosen = chance.sample(people, NAMES)

    def floor(text: str) -> list[tuple]:
        """The same answer from memory: typed text folded, twenty rows to show."""
        text = french.fold(text)
        start = bisect.bisect_left(keys, text)
        end = min(start + 20, bisect.bisect_left(keys, text + "\U0010ffff"))
        return [(person, label) for _, label, person in rows[start:end]]

    def fts(text: str) -> list:
        words = " ".join(f'"{word}"*' for word in text.split())
        return peer.execute("SELECT name, person FROM names WHERE names MATCH ? LIMIT 20", (words,)).fetchall()

    ways = {"bisect": floor, "fts5": fts, "people.search": product.search}
    lengths = {str(n): (lambda key, n=n: key[:n]) for n in LENGTHS}
    lengths["nom p"] = lambda key: key[: key.find(" ") + 2]
    medians: dict[str, list[float]] = {way: [] for way in ways}
    p95s: dict[str, list[float]] = {way: [] for way in ways}
    for key, _, _ in chosen:  # warm: the index is in the page cache
        for way in ways.values():
            way(key[:6])
    for length, cut in lengths.items():
        times: dict[str, list[float]] = {way: [] for way in ways}
        for key, _, person in chosen:
            text, order = cut(key).strip(), list(ways)
            chance.shuffle(order)
            for way in order:
                begun = time.process_time()
                found = ways[way](text)
                times[way].append((time.process_time() - begun) * 1e3)
                assert 1 <= len(found) <= 20, (way, text)
                if way == "people.search" and len(found) < 20:
                    assert person in {line.id for line in found}, (text, person)
        for way, all_times in times.items():
            ranked = sorted(all_times)
            medians[way].append(statistics.median(ranked))
            p95s[way].append(ranked[int(len(ranked) * 0.95)])
            note(f"search, {length}, {way}: median / p95 ms", f"{medians[way][-1]:.3f} / {p95s[way][-1]:.3f}")
    worst = max(p95s["people.search"])
    verdict.at_most("search: worst p95 / FTS5 prefix worst p95", worst / max(p95s["fts5"]), 0.15)
    ratio = max(a / b for a, b in zip(medians["people.search"], medians["bisect"], strict=True))
    verdict.at_most("search: worst median / bisect", ratio, 7, known=9, why="cause not established")
    verdict.at_most("search: worst p95 in a 60 Hz frame (16 ms)", worst / 16, 1)
    verdict.say()
