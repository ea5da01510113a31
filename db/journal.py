"""The write-only journal of acts: who did what to which record, chained by HMAC-SHA256 so that a change shows.

Rolling the whole file back leaves a sound chain: only an anchor kept elsewhere (day sheet, USB file) shows it.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator

from peewee import fn

from db import schema, store
from db.ids import now

_ACT = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)*")
_RECORD = re.compile(r"([0-9a-f]{32})?")
_AT = schema.JournalEntry.at
_key = b""


def use(key: bytes) -> None:
    """Give the key at unlock, `b""` at lock."""
    global _key
    _key = key


def write(act: str, subject: str = "") -> None:
    """Add an entry inside the caller's act. `act` is a code (« visite.enregistree »), `subject` a record's id."""
    if not _ACT.fullmatch(act) or not _RECORD.fullmatch(subject):
        raise ValueError("the journal takes a code and a record's id, never a name")
    if not schema.database.in_transaction():
        raise RuntimeError("write the journal inside the act it tells")
    number, mac = _last()
    at = now()
    seal = _mac(mac, number + 1, _AT.db_value(at), store.mediator(), act, subject)
    entry = {"at": at, "mediator": store.mediator(), "act": act, "subject": subject}
    schema.JournalEntry.insert(id=number + 1, **entry, mac=seal).execute()


def head() -> str:
    """The anchor to print or hand over: « 42-9f3c… », number and seal of the last entry."""
    number, mac = _last()
    return f"{number}-{mac}"


def verify(anchor: str = "") -> int | None:
    """The number of the first entry altered, missing, added or moved, or contradicting an earlier `head()`; or None."""
    number, mac = 0, ""
    anchored, _, seal = anchor.partition("-")
    for id, at, mediator, act, subject, kept in _rows():
        expected = _mac(mac, number + 1, at, mediator, act, subject)
        if id != number + 1 or not hmac.compare_digest(expected, str(kept)):
            return number + 1
        number, mac = id, kept
        if anchor and number == int(anchored) and mac != seal:
            return number
    if anchor and number < int(anchored):
        return number + 1
    return None


def _rows() -> Iterator[tuple]:
    """As stored, so that a date made unreadable is a broken seal and not a crash."""
    return iter(
        schema.database.execute_sql(
            'SELECT "id", "at", "mediator", "act", "subject", "mac" FROM "journal_entry" ORDER BY "id"'
        )
    )


def _last() -> tuple[int, str]:
    entry = schema.JournalEntry
    newest = entry.select(fn.MAX(entry.id))
    return entry.select(entry.id, entry.mac).where(entry.id == newest).tuples().first() or (0, "")


def _mac(previous: str, number: int, *fields: str) -> str:
    """The seal of one entry: `fields` are its time, mediator, act and subject as stored."""
    if len(_key) != 32:
        raise RuntimeError("the journal has no key: call use() at unlock")
    text = json.dumps([previous, number, *fields], ensure_ascii=False)
    return hmac.new(_key, text.encode(), hashlib.sha256).hexdigest()
