"""The coordinator's side: pair desks, import their bundles into one encrypted file, read the figures back.

Its own connection to its own file: the desk's store may be open in the same process.
"""

import json
import re
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

from db import lists, store
from db.handover import container, keyring, merge, pairing
from db.handover.container import Header, Sealed
from db.handover.merge import Outcome
from db.handover.pairing import Pairing
from db.handover.refusal import Reason, Refused
from db.schema import EncryptedDatabase

FILE = "consolidation.db"
_TABLES = (
    'CREATE TABLE IF NOT EXISTS "desk" ("site" TEXT, "desk" TEXT, PRIMARY KEY ("site", "desk")) WITHOUT ROWID',
    'CREATE TABLE IF NOT EXISTS "desk_key" ("site" TEXT, "desk" TEXT, "key" TEXT, "accepted_at" TEXT NOT NULL, '
    'PRIMARY KEY ("site", "desk", "key")) WITHOUT ROWID',
    'CREATE TABLE IF NOT EXISTS "bundle" ("author" TEXT, "number" INTEGER, "sha256" TEXT NOT NULL, '
    '"since" INTEGER NOT NULL, "until" INTEGER NOT NULL, "imported_at" TEXT NOT NULL, "counts" TEXT NOT NULL, '
    'PRIMARY KEY ("author", "number")) WITHOUT ROWID',
)
_COUNTED = 'v."removed_at" IS NULL AND v."state" = \'recorded\''


class Result(Enum):
    IMPORTED = "importé"
    ALREADY = "déjà importé"
    REFUSED = "refusé"


@dataclass(frozen=True)
class Imported:
    """What became of one file. `counts`: table → outcome → rows. `fingerprint`: the unknown key to accept."""

    name: str
    result: Result
    sentence: str
    desk: str = ""
    number: int = 0
    counts: dict[str, dict[Outcome, int]] = field(default_factory=dict)
    fingerprint: str = ""
    reason: Reason | None = None

    def total(self, outcome: Outcome) -> int:
        return sum(counts.get(outcome, 0) for counts in self.counts.values())


@dataclass(frozen=True)
class Report:
    """`visits` and `demands` are all the coordinator now holds; `conflicts` counts records, not fields."""

    files: tuple[Imported, ...]
    visits: int
    demands: int
    conflicts: int


@dataclass(frozen=True)
class Figures:
    """(what, visits or demands) pairs, in order. A desk here is the one that sent the visit."""

    visits: int
    demands: int
    per_desk: tuple[tuple[str, int, int], ...]  # desk, visits, demands
    per_theme: tuple[tuple[str, int], ...]  # label, demands; the most asked first
    bundles: tuple[tuple[str, int, datetime], ...]  # desk, last number, imported at


@dataclass(frozen=True)
class Conflict:
    """One field that two desks filled differently: both values, and who said what."""

    table: str
    id: str
    label: str
    field: str
    shown: str | int | None
    shown_by: str
    other: str | int | None
    other_by: str


def create(
    folder: Path, organisation: str, passphrase: str, *, memory: int = keyring.MEMORY, passes: int = keyring.PASSES
) -> str:
    """Make a coordinator in `folder`; the recovery identity to print and keep in the safe."""
    recovery = keyring.create(folder, organisation, passphrase, memory=memory, passes=passes)
    with _opened(folder, passphrase):
        return recovery


def pair(folder: Path, desk: str, passphrase: str) -> bytes:
    """The pairing file of one desk, which may send from now on."""
    if not re.fullmatch("[A-Z0-9]{2}", desk, re.ASCII):
        raise Refused(Reason.BAD_DESK_CODE)
    with _opened(folder, passphrase) as (database, public, secrets):
        database.execute_sql('INSERT OR IGNORE INTO "desk" VALUES (?, ?)', (public.site, desk))
        known = Pairing(public.organisation, public.name, public.site, desk, public.recipients, public.signer)
        return pairing.write(known, secrets.signing_key)


def consolidate(folder: Path, files: Iterable[Path], passphrase: str, accept: Iterable[str] = ()) -> Report:
    """Import bundles, each all or nothing. `accept`: fingerprints of new desk keys, checked by phone.

    Raises Refused for the coordinator itself (passphrase, folder), StoreError for its disk.
    """
    accepted = {re.sub(r"\D", "", fingerprint) for fingerprint in accept}
    with _opened(folder, passphrase) as (database, public, secrets):
        done = tuple(_file(database, public, secrets, path, accepted) for path in files)
        return Report(done, *_totals(database), _conflicts_count(database))


def figures(folder: Path, passphrase: str) -> Figures:
    with _opened(folder, passphrase) as (database, _, _):
        return Figures(*_totals(database), _per_desk(database), _per_theme(database), _last_bundles(database))


def conflicts(folder: Path, passphrase: str) -> tuple[Conflict, ...]:
    """Every field two desks disagree about."""
    with _opened(folder, passphrase) as (database, _, _):
        return tuple(_disagreements(database))


def _file(
    database: EncryptedDatabase, public: keyring.Public, secrets: keyring.Secrets, path: Path, accepted: set[str]
) -> Imported:
    known = Imported(path.name, Result.REFUSED, "")
    try:
        sealed = container.inspect(_content(path))
        header = sealed.header
        known = replace(known, desk=header.desk, number=header.number)
        with store.translated(), database.atomic("EXCLUSIVE"):
            _check_desk(database, public, header, accepted)
            container.verify(sealed, len(store.scripts()))
            if before := _already(database, sealed):
                return replace(known, result=Result.ALREADY, sentence=_ALREADY.format(before))
            gap = _check_range(database, header)
            counts = _merge(database, sealed, secrets)
            _write_ledger(database, sealed, counts)
    except Refused as refusal:
        fingerprint = container.fingerprint(header.signer) if refusal.reason is Reason.UNKNOWN_KEY else ""
        return replace(known, sentence=str(refusal), reason=refusal.reason, fingerprint=fingerprint)
    return replace(known, result=Result.IMPORTED, sentence=_MISSING if gap else _IMPORTED, counts=counts)


_IMPORTED = "Envoi importé en entier."
_MISSING = "Envoi importé en entier. Un envoi précédent de ce poste manque : apportez-le."
_ALREADY = "Envoi déjà importé le {:%d/%m/%Y}. Rien n’a changé."


def _content(path: Path) -> bytes:
    try:
        with open(path, "rb") as file:
            if not stat.S_ISREG(path.stat().st_mode):
                raise Refused(Reason.UNREADABLE)
            content = file.read(container.CONTENT_MAX + 1)
    except OSError as error:
        raise Refused(Reason.UNREADABLE) from error
    return content


def _check_desk(database: EncryptedDatabase, public: keyring.Public, header: Header, accepted: set[str]) -> None:
    """Ours, paired here, and signing with a key somebody compared."""
    if header.organisation != public.organisation:
        raise Refused(Reason.OTHER_ORGANISATION)
    place = (header.site, header.desk)
    if not _exists(database, 'SELECT 1 FROM "desk" WHERE "site" = ? AND "desk" = ?', place):
        raise Refused(Reason.UNKNOWN_DESK)
    if _exists(
        database, 'SELECT 1 FROM "desk_key" WHERE "site" = ? AND "desk" = ? AND "key" = ?', (*place, header.signer)
    ):
        return
    if container.fingerprint(header.signer).replace(" ", "") not in accepted:
        raise Refused(Reason.UNKNOWN_KEY)
    database.execute_sql('INSERT INTO "desk_key" VALUES (?, ?, ?, ?)', (*place, header.signer, _now()))


def _already(database: EncryptedDatabase, sealed: Sealed) -> datetime | None:
    """When this very bundle was imported. Another bundle under its number, or in its past: two desks are one."""
    known = {
        number: (sha256, imported_at)
        for number, sha256, imported_at in database.execute_sql(
            'SELECT "number", "sha256", "imported_at" FROM "bundle" WHERE "author" = ?', (sealed.header.author,)
        )
    }
    claimed = [*sealed.header.previous, [sealed.header.number, sealed.sha256]]
    if any(number in known and known[number][0] != sha256 for number, sha256 in claimed):
        raise Refused(Reason.DUPLICATED_DESK)
    if sealed.header.number not in known:
        return None
    return datetime.fromisoformat(known[sealed.header.number][1]).astimezone()


def _check_range(database: EncryptedDatabase, header: Header) -> bool:
    """Whether changes are missing between what we hold of this desk and this bundle."""
    held = 0
    for since, until in database.execute_sql(
        'SELECT "since", "until" FROM "bundle" WHERE "author" = ? ORDER BY "since"', (header.author,)
    ):
        if since <= held + 1:
            held = max(held, until)
    return header.since > held + 1


def _merge(database: EncryptedDatabase, sealed: Sealed, secrets: keyring.Secrets) -> dict[str, dict[Outcome, int]]:
    counts: dict[str, Counter[Outcome]] = {}
    for row in container.unseal(sealed, secrets.identity):
        counts.setdefault(row.table, Counter())[merge.apply(database, sealed.header.author, row)] += 1
    return {table: dict(counted) for table, counted in counts.items()}


def _write_ledger(database: EncryptedDatabase, sealed: Sealed, counts: dict[str, dict[Outcome, int]]) -> None:
    header = sealed.header
    written = json.dumps({table: {what.value: n for what, n in counted.items()} for table, counted in counts.items()})
    database.execute_sql(
        'INSERT INTO "bundle" VALUES (?, ?, ?, ?, ?, ?, ?)',
        (header.author, header.number, sealed.sha256, header.since, header.until, _now(), written),
    )


@contextmanager
def _opened(folder: Path, passphrase: str) -> Iterator[tuple[EncryptedDatabase, keyring.Public, keyring.Secrets]]:
    """The coordinator's file, unlocked, exclusive, up to date."""
    public, secrets = keyring.unlock(folder, passphrase)
    database = EncryptedDatabase(str(folder / FILE), timeout=0)
    database.key = bytes.fromhex(secrets.database_key)
    with store.translated():
        database.connect()
        try:
            _migrate(database)
            yield database, public, secrets
        finally:
            database.close()


def _migrate(database: EncryptedDatabase) -> None:
    with database.atomic("EXCLUSIVE"):
        version = database.execute_sql("PRAGMA user_version").fetchone()[0]
        if version > len(store.scripts()):
            raise store.StoreError(store.Fault.NEWER)
        for statement in (*_TABLES, *merge.tables()):
            database.execute_sql(statement)
        for statement in merge.new_columns(database):
            database.execute_sql(statement)
        database.execute_sql(f"PRAGMA user_version = {len(store.scripts())}")


def _exists(database: EncryptedDatabase, query: str, values: tuple) -> bool:
    return database.execute_sql(query, values).fetchone() is not None


def _totals(database: EncryptedDatabase) -> tuple[int, int]:
    return (
        database.execute_sql(f'SELECT count(*) FROM "visit" v WHERE {_COUNTED}').fetchone()[0],
        database.execute_sql(f"SELECT count(*) {_DEMANDS}").fetchone()[0],
    )


_DEMANDS = (
    'FROM "demand" d LEFT JOIN "visit" v ON v."id" = d."visit_id" '
    f'WHERE d."removed_at" IS NULL AND (v."id" IS NULL OR {_COUNTED})'
)
"""A demand whose visit is still on another stick counts."""


def _per_desk(database: EncryptedDatabase) -> tuple[tuple[str, int, int], ...]:
    sent = 'substr({}."_author", 6, 2)'
    visits = dict(
        database.execute_sql(f'SELECT {sent.format("v")}, count(*) FROM "visit" v WHERE {_COUNTED} GROUP BY 1')
    )
    demands = dict(database.execute_sql(f"SELECT {sent.format('d')}, count(*) {_DEMANDS} GROUP BY 1"))
    return tuple((desk, visits.get(desk, 0), demands.get(desk, 0)) for desk in sorted({*visits, *demands}))


def _per_theme(database: EncryptedDatabase) -> tuple[tuple[str, int], ...]:
    found = database.execute_sql(f'SELECT d."theme", count(*) {_DEMANDS} GROUP BY 1 ORDER BY 2 DESC, 1')
    return tuple((lists.label("theme", code), count) for code, count in found)


def _last_bundles(database: EncryptedDatabase) -> tuple[tuple[str, int, datetime], ...]:
    found = database.execute_sql(
        'SELECT substr("author", 6, 2), "number", max("imported_at") FROM "bundle" GROUP BY 1 ORDER BY 1'
    )
    return tuple((desk, number, datetime.fromisoformat(at).astimezone()) for desk, number, at in found)


def _conflicts_count(database: EncryptedDatabase) -> int:
    return database.execute_sql('SELECT count(*) FROM (SELECT DISTINCT "table", "row" FROM "conflict")').fetchone()[0]


def _disagreements(database: EncryptedDatabase) -> Iterator[Conflict]:
    pointers = database.execute_sql('SELECT DISTINCT "table", "row" FROM "conflict" ORDER BY 1, 2').fetchall()
    for table, id in pointers:
        shown = merge.current(database, table, id)
        for other in merge.disputed(database, table, id):
            for name in shown.fields.keys() - {"changed_at"}:
                if shown.fields[name] != other.fields[name]:
                    yield Conflict(
                        table=table,
                        id=id,
                        label=_label(shown.fields),
                        field=name,
                        shown=shown.fields[name],
                        shown_by=_desk(shown.author),
                        other=other.fields[name],
                        other_by=_desk(other.author),
                    )


def _label(fields: dict[str, str | int | None]) -> str:
    named = " ".join(str(fields[name]) for name in ("last_name", "first_name") if fields.get(name))
    return named or next((str(fields[n]) for n in ("label", "subject", "title", "name", "number") if fields.get(n)), "")


def _desk(author: str) -> str:
    return author.split("-")[1]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
