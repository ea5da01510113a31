"""The place's encrypted file: open, migrate, act, undo, back up, check, restore, close.

One connection, exclusive, owned by the thread that opened it.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path

import apsw
from peewee import DatabaseError

from db import schema
from db.files import sync_folder, write_durably
from db.ids import now, uuid7

FILE = "guichet.db"
RESTORED = "guichet.db.restauree"  # a decided restoration; whoever finds it finishes it
BACKUPS = "sauvegardes"
BACKUPS_KEPT = 30
UNDOABLE_ACTS = 100
MIGRATIONS = Path(__file__).parent / "migrations"


class Fault(Enum):
    """What may happen to the file, and the sentence the person reads."""

    CANNOT_ENCRYPT = "Ce logiciel ne peut pas chiffrer ses données. Réinstallez-le avec start.py."
    WRONG_KEY = "Le fichier ne s’ouvre pas avec cette clé. Restaurez une sauvegarde."
    ALREADY_OPEN = "Le logiciel est déjà ouvert sur ce poste. Fermez l’autre fenêtre."
    DAMAGED = "Le fichier est abîmé. Restaurez la dernière sauvegarde : deux clics suffisent."
    NEWER = "Ces données viennent d’une version plus récente. Mettez ce poste à jour."
    MISSING = "Le fichier des données a disparu. Restaurez la dernière sauvegarde."
    FOREIGN = "Ce fichier n’est pas celui de Guichet."
    DISK_FULL = "Le disque est plein. Libérez de la place : rien de ce qui est affiché n’est perdu."
    UNREADABLE = "Le disque ne répond pas. Rien de confirmé n’est perdu ; relancez le logiciel."
    NEEDED = "Annulez d’abord ce qui a suivi : une autre fiche en dépend."
    NO_BACKUP = "Cette sauvegarde est incomplète ou abîmée. Choisissez-en une autre."


class StoreError(Exception):
    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True)
class Backup:
    path: Path
    made_at: datetime


@dataclass(frozen=True)
class Act:
    label: str
    changes: bytes


@dataclass
class _Session:
    """Who acts, where; and what may be undone."""

    place: Path | None = None
    desk: str = ""
    mediator: str = ""
    done: list[Act] | None = None
    undone: list[Act] | None = None


_session = _Session()
_UNDOABLE = frozenset(model._meta.table_name for model in (*schema.SHARED, schema.PersonKey, schema.Draft))


def open(place: Path, key: bytes, *, vfs: str | None = None) -> None:
    """Open, or create, the file of `place` with the raw 32-byte `key`; migrate it. Raises StoreError."""
    path = place / FILE
    with translated():
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        if (place / RESTORED).exists():
            _finish_restoring(place)
        if not path.exists() and (backups_of(place) or _asides(place)):
            raise StoreError(Fault.MISSING)
        if not vfs and path.exists() and _header(path) == b"SQLite format 3\0":
            raise StoreError(Fault.CANNOT_ENCRYPT)
        # From here on nothing else may open this file: closing it would drop SQLite's locks (POSIX).
        schema.database.key = key
        schema.database.init(str(path), pragmas=(), timeout=0)
        schema.database.connect_params = {"vfs": vfs} if vfs else {}
        try:
            schema.database.connect()
            _check()
            _session.place = place
            _migrate()
        except BaseException:
            _forget()
            raise
    _session.done, _session.undone = [], []


def close() -> None:
    """Fold the write-ahead log into the file and forget the key."""
    if schema.database.is_closed():
        return
    try:
        with translated():
            schema.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    finally:
        _forget()


def _forget() -> None:
    """Whatever the disk says, no key and no connection stay behind."""
    schema.database.close()
    schema.database.key = b""
    _session.__init__()


def is_open() -> bool:
    return not schema.database.is_closed()


def place() -> Path:
    assert _session.place is not None, "the store is closed"
    return _session.place


def sign_in(mediator: str, desk: str) -> None:
    """From now on, every act is this mediator's, on this desk; the former one's acts cannot be undone."""
    if mediator != _session.mediator:
        seal()
    _session.mediator, _session.desk = mediator, desk


def seal() -> None:
    """What was done until now can no longer be undone: a mandate was signed, a day was closed."""
    _session.done, _session.undone = [], []


def mediator() -> str:
    return _session.mediator


def desk() -> str:
    return _session.desk


@contextmanager
def act(label: str) -> Iterator[None]:
    """One durable act: all of it or nothing. A label (past tense, « Visite n° 13 enregistrée ») makes it undoable."""
    with translated():
        connection = schema.database.connection()
        changes = apsw.Session(connection, "main")
        changes.table_filter(lambda name: name in _UNDOABLE)
        changes.attach()
        try:
            with schema.database.atomic():
                yield
            if label and not schema.database.in_transaction() and not changes.is_empty:
                _session.done.append(Act(label, changes.changeset()))
                del _session.done[:-UNDOABLE_ACTS]
                _session.undone.clear()
        finally:
            changes.close()


def last_act() -> str | None:
    """The label of what Ctrl+Z would undo."""
    return _session.done[-1].label if _session.done else None


def undo() -> str | None:
    """Take back the last act; its label, or None when there is nothing to undo."""
    return _replay(_session.done, _session.undone, apsw.Changeset.invert)


def redo() -> str | None:
    return _replay(_session.undone, _session.done, lambda changes: changes)


def _replay(source: list[Act], target: list[Act], transform) -> str | None:
    if not source:
        return None
    done = source[-1]
    try:
        with translated(), schema.database.atomic():
            apsw.Changeset.apply(transform(done.changes), schema.database.connection(), conflict=_settle)
    except apsw.ConstraintError as error:
        raise StoreError(Fault.NEEDED) from error
    source.pop()
    target.append(done)
    return done.label


def _settle(reason: int, _change: apsw.TableChange) -> int:
    """The older state wins over what changed since; what is gone stays gone; what others refer to stays."""
    if reason == apsw.SQLITE_CHANGESET_FOREIGN_KEY:
        return apsw.SQLITE_CHANGESET_ABORT
    replaceable = (apsw.SQLITE_CHANGESET_DATA, apsw.SQLITE_CHANGESET_CONFLICT)
    return apsw.SQLITE_CHANGESET_REPLACE if reason in replaceable else apsw.SQLITE_CHANGESET_OMIT


def insert(model: type[schema.Record], **given: object) -> str:
    """Insert one shared record, stamped with who and where; its id. An unknown field raises."""
    given = {"id": uuid7(), "desk": _session.desk, "mediator": _session.mediator} | given
    sql, names = _insertion(model)
    fields = model._meta.fields
    if stray := given.keys() - names.keys():
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(stray))}")
    values = [
        fields[name].db_value(given[name] if name in given else default() if callable(default) else default)
        for name, default in names.items()
    ]
    schema.database.execute_sql(sql, values)
    return given["id"]


@cache
def _insertion(model: type[schema.Record]) -> tuple[str, dict[str, object]]:
    """The statement of a model, made once, and each field with its default."""
    fields = model._meta.sorted_fields
    columns = ", ".join(f'"{field.column_name}"' for field in fields)
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({", ".join("?" * len(fields))})'
    return sql, {field.name: field.default for field in fields}


def update(model: type[schema.Record], id: str, **fields: object) -> None:
    model.update(changed_at=now(), **fields).where(model.id == id).execute()


def rows(sql: str, values: tuple = ()) -> list[tuple]:
    """The raw rows of a query, for lists: reading models costs six times more."""
    return schema.database.execute_sql(sql, values).fetchall()


def instant(text: str | None) -> datetime | None:
    return schema.InstantField().python_value(text)


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def backups() -> tuple[Backup, ...]:
    """Newest first."""
    return backups_of(place())


def backups_of(place: Path) -> tuple[Backup, ...]:
    found = [Backup(p, made_at) for p in (place / BACKUPS).glob("guichet-*.db") if (made_at := _made_at(p))]
    return tuple(sorted(found, key=lambda b: b.path.name, reverse=True))


def _made_at(path: Path) -> datetime | None:
    """From the name; None for a file somebody else put there."""
    try:
        return datetime.strptime(path.stem, "guichet-%Y%m%d-%H%M%S-%f").astimezone()
    except ValueError:
        return None


def back_up() -> Path:
    """A verified, encrypted copy: written, flushed, reopened with the key, checked, only then named."""
    folder = place() / BACKUPS
    path = folder / f"guichet-{datetime.now():%Y%m%d-%H%M%S-%f}.db"
    part = path.with_suffix(".part")
    with translated():
        folder.mkdir(exist_ok=True, mode=0o700)
        for left in folder.glob("guichet-*.part*"):  # by a cut, or by the lines below
            left.unlink()
        try:
            schema.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            schema.database.execute_sql("VACUUM INTO ?", (str(part),))
            handle = os.open(part, os.O_RDWR)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
            verify(part, schema.database.key)
            os.replace(part, path)
        except BaseException:
            for left in folder.glob(f"{part.name}*"):
                left.unlink()
            raise
        sync_folder(folder)
        for old in backups()[BACKUPS_KEPT:]:
            if old.path != path:  # a clock set back makes the newest look oldest
                old.path.unlink()
    return path


def verify(path: Path, key: bytes) -> None:
    """Raise StoreError(NO_BACKUP) unless the file opens with the key and every page and table is sound."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        try:
            connection.execute("PRAGMA cipher = 'chacha20'").fetchall()
            connection.execute(f'PRAGMA key = "raw:{key.hex()}"').fetchall()
            sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            known = connection.execute("PRAGMA application_id").fetchall() == [(schema.APPLICATION_ID,)]
        finally:
            connection.close()
    except apsw.Error as error:
        raise StoreError(Fault.NO_BACKUP) from error
    if not (sound and known):
        raise StoreError(Fault.NO_BACKUP)


def restore(place: Path, key: bytes, backup: Path) -> None:
    """Put a verified backup in the place's file, which is kept aside; the store must be closed."""
    assert not is_open(), "close the store before restoring"
    verify(backup, key)
    with translated():
        write_durably(place / RESTORED, backup.read_bytes())
        _finish_restoring(place)


def _finish_restoring(place: Path) -> None:
    """Put the former file aside with its log, then the restored one in its stead; may be run again after a cut."""
    restored = place / RESTORED
    decided = datetime.fromtimestamp(restored.stat().st_mtime)
    for suffix in ("-wal", "-shm", "-journal", ""):
        former = place / f"{FILE}{suffix}"
        if former.exists():
            os.replace(former, place / f"{FILE}.avant-{decided:%Y%m%d-%H%M%S}{suffix}")
    os.replace(restored, place / FILE)
    sync_folder(place)


def _asides(place: Path) -> list[Path]:
    return list(place.glob(f"{FILE}.avant-*"))


@contextmanager
def translated() -> Iterator[None]:
    """Turn the library's exceptions into the faults a person can read."""
    try:
        yield
    except schema.CannotEncrypt as error:
        raise StoreError(Fault.CANNOT_ENCRYPT) from error
    except (apsw.Error, DatabaseError) as error:
        found = _fault(error)
        if found is None:
            raise  # our own bug
        raise StoreError(found) from error
    except OSError as error:
        raise StoreError(
            Fault.DISK_FULL if error.errno in (errno.ENOSPC, errno.EDQUOT) else Fault.UNREADABLE
        ) from error


_FAULTS = (
    (apsw.NotADBError, Fault.WRONG_KEY),
    (apsw.CorruptError, Fault.DAMAGED),
    (apsw.BusyError, Fault.ALREADY_OPEN),
    (apsw.LockedError, Fault.ALREADY_OPEN),
    (apsw.FullError, Fault.DISK_FULL),
    (apsw.IOError, Fault.UNREADABLE),
    (apsw.CantOpenError, Fault.UNREADABLE),
    (apsw.ReadOnlyError, Fault.UNREADABLE),
)


def _fault(error: BaseException) -> Fault | None:
    cause: BaseException | None = error
    while cause is not None:
        for kind, fault in _FAULTS:
            if isinstance(cause, kind):
                return fault
        cause = cause.__cause__ or cause.__context__
    return None


def _header(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(16)


def _check() -> None:
    """Take the lock, then make sure that this is our file, or a new one, and that every page of it is sound."""
    with schema.database.atomic("EXCLUSIVE"):
        application = schema.database.execute_sql("PRAGMA application_id").fetchone()[0]
        if not application and not schema.database.execute_sql("SELECT 1 FROM sqlite_master").fetchone():
            schema.database.execute_sql(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        elif application != schema.APPLICATION_ID:
            raise StoreError(Fault.FOREIGN)
    if schema.database.execute_sql("PRAGMA quick_check").fetchall() != [("ok",)]:
        raise StoreError(Fault.DAMAGED)


def scripts() -> tuple[Path, ...]:
    """The migrations, in order: numbered SQL files, each frozen once released."""
    return tuple(sorted(MIGRATIONS.glob("[0-9]*.sql")))


def _migrate() -> None:
    """Run the scripts this file has not seen, all in one transaction, after a verified backup."""
    version = schema.database.execute_sql("PRAGMA user_version").fetchone()[0]
    if version > len(scripts()):
        raise StoreError(Fault.NEWER)
    pending = scripts()[version:]
    if not pending:
        return
    if version:
        back_up()
    with schema.database.atomic("EXCLUSIVE"):
        connection = schema.database.connection()
        for script in pending:
            connection.execute(script.read_text(encoding="utf-8")).fetchall()
        connection.execute(f"PRAGMA user_version = {len(scripts())}").fetchall()
