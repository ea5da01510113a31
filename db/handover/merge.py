"""One row arriving at the coordinator. Nothing is lost silently, and no clock can hide a change.

- One author (a desk's installation): the higher change number wins.
- Two authors, same content: one row, stamped by the last to say so.
- Two authors, different content: the later `changed_at` is shown, then the greater author; the other is kept in
  `conflict` until a person decides. The clock chooses what is shown, never what is kept.
- An erased row never comes back, unless its own eraser brings it back later (a redone act).
- A row whose parent is missing is accepted: the parent may be on another stick.
"""

import json
from dataclasses import dataclass
from enum import Enum

from db.handover import rows
from db.handover.rows import Row
from db.schema import EncryptedDatabase


class Outcome(Enum):
    INSERTED = "inserted"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    ERASED = "erased"
    BLOCKED = "blocked"
    DISPUTED = "disputed"


@dataclass(frozen=True)
class Candidate:
    """One author's last word on a row."""

    author: str
    version: int
    fields: dict[str, str | int | None]

    @property
    def rank(self) -> tuple[str, str]:
        return self.fields["changed_at"] or "", self.author

    def agrees(self, other: "Candidate") -> bool:
        return {**self.fields, "changed_at": None} == {**other.fields, "changed_at": None}


def tables() -> tuple[str, ...]:
    """The statements that make the coordinator's tables; safe to run again, and to run after a new column."""
    shared = (
        f'CREATE TABLE IF NOT EXISTS "{table}" ("id" TEXT PRIMARY KEY, "_author" TEXT NOT NULL, "_version" INTEGER '
        f"NOT NULL, {', '.join(_declared(column) for column in columns)}) WITHOUT ROWID"
        for table, columns in rows.COLUMNS.items()
    )
    return (
        *shared,
        'CREATE TABLE IF NOT EXISTS "conflict" ("table" TEXT, "row" TEXT, "author" TEXT, "version" INTEGER NOT NULL, '
        '"fields" TEXT NOT NULL, PRIMARY KEY ("table", "row", "author")) WITHOUT ROWID',
        'CREATE TABLE IF NOT EXISTS "tombstone" ("table" TEXT, "row" TEXT, "author" TEXT NOT NULL, '
        '"version" INTEGER NOT NULL, PRIMARY KEY ("table", "row")) WITHOUT ROWID',
    )


def new_columns(database: EncryptedDatabase) -> tuple[str, ...]:
    """The statements that add what a newer version's tables have and this file has not."""
    return tuple(
        f'ALTER TABLE "{table}" ADD COLUMN {_declared(column)}'
        for table, columns in rows.COLUMNS.items()
        for known in [{name for _, name, *_ in database.execute_sql(f'PRAGMA table_info("{table}")').fetchall()}]
        for column in columns
        if column.name not in known
    )


def _declared(column: rows.Column) -> str:
    return f'"{column.name}" {"INTEGER" if column.type is int else "TEXT"}'


def apply(database: EncryptedDatabase, author: str, row: Row) -> Outcome:
    """Take one row into account, inside the caller's transaction."""
    grave = database.execute_sql(
        'SELECT "author", "version" FROM "tombstone" WHERE "table" = ? AND "row" = ?', (row.table, row.id)
    ).fetchone()
    if row.fields is None:
        return _erase(database, author, row, grave)
    if grave and not (grave[0] == author and grave[1] < row.version):
        return Outcome.BLOCKED
    shown = current(database, row.table, row.id)
    others = disputed(database, row.table, row.id)
    known = {candidate.author: candidate for candidate in (*others, *([shown] if shown else []))}
    if author in known and known[author].version >= row.version:
        return Outcome.UNCHANGED
    fields = {column.name: row.fields.get(column.name) for column in rows.COLUMNS[row.table]}
    arriving = known[author] = Candidate(author, row.version, fields)
    winner = max(known.values(), key=lambda candidate: candidate.rank)
    if winner.agrees(arriving):
        winner = arriving
    losers = [candidate for candidate in known.values() if not candidate.agrees(winner)]
    if grave:
        _forget(database, "tombstone", row)
    _show(database, row, winner)
    if others or losers:
        _forget(database, "conflict", row)
        for loser in losers:
            _keep(database, row, loser)
    if shown is None:
        return Outcome.INSERTED
    if shown.agrees(arriving):
        return Outcome.UNCHANGED
    return Outcome.DISPUTED if losers else Outcome.CHANGED


def _erase(database: EncryptedDatabase, author: str, row: Row, grave: tuple[str, int] | None) -> Outcome:
    shown = current(database, row.table, row.id)
    if shown and shown.author == author and shown.version >= row.version:
        return Outcome.UNCHANGED
    if grave is None or (grave[0] == author and grave[1] < row.version):
        database.execute_sql(
            'INSERT OR REPLACE INTO "tombstone" VALUES (?, ?, ?, ?)', (row.table, row.id, author, row.version)
        )
    if shown is None:
        return Outcome.UNCHANGED
    database.execute_sql(f'DELETE FROM "{row.table}" WHERE "id" = ?', (row.id,))
    _forget(database, "conflict", row)
    return Outcome.ERASED


def current(database: EncryptedDatabase, table: str, id: str) -> Candidate | None:
    """What is shown of a row."""
    names = [column.name for column in rows.COLUMNS[table]]
    wanted = ", ".join(f'"{name}"' for name in names)
    found = database.execute_sql(
        f'SELECT "_author", "_version", {wanted} FROM "{table}" WHERE "id" = ?', (id,)
    ).fetchone()
    return found and Candidate(found[0], found[1], dict(zip(names, found[2:], strict=True)))


def disputed(database: EncryptedDatabase, table: str, id: str) -> tuple[Candidate, ...]:
    """What others said of a row, and is not shown; columns added since then are empty."""
    empty = {column.name: None for column in rows.COLUMNS[table]}
    found = database.execute_sql(
        'SELECT "author", "version", "fields" FROM "conflict" WHERE "table" = ? AND "row" = ?', (table, id)
    ).fetchall()
    return tuple(Candidate(author, version, empty | json.loads(fields)) for author, version, fields in found)


def _show(database: EncryptedDatabase, row: Row, winner: Candidate) -> None:
    marks = ", ".join("?" * (len(winner.fields) + 3))
    names = ", ".join(f'"{name}"' for name in ("id", "_author", "_version", *winner.fields))
    database.execute_sql(
        f'INSERT OR REPLACE INTO "{row.table}" ({names}) VALUES ({marks})',
        (row.id, winner.author, winner.version, *winner.fields.values()),
    )


def _keep(database: EncryptedDatabase, row: Row, loser: Candidate) -> None:
    database.execute_sql(
        'INSERT INTO "conflict" VALUES (?, ?, ?, ?, ?)',
        (row.table, row.id, loser.author, loser.version, rows.canonical(loser.fields).decode()),
    )


def _forget(database: EncryptedDatabase, table: str, row: Row) -> None:
    database.execute_sql(f'DELETE FROM "{table}" WHERE "table" = ? AND "row" = ?', (row.table, row.id))
