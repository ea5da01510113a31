"""One line of a bundle: a row of a shared table, or its erasure. The same columns on both sides.

What is inside letters and scanned papers stays at the desk: head office needs a number, a title and a hash, not a body.
Of a partner's list of calls it needs the outcomes, not whom they are about.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass

from peewee import BooleanField, ForeignKeyField, IntegerField

from db import schema
from db.handover.refusal import Reason, Refused

TEXT_MAX = 1_000_000
_STAYS = {
    ("letter", "pdf"), ("attachment", "content"), ("call_list", "columns"),
    *(("call_line", column) for column in ("reference", "name", "phone", "detail", "note")),
}  # fmt: skip
_INTEGER = 2**63


@dataclass(frozen=True)
class Column:
    name: str
    type: type  # str | int
    nullable: bool


@dataclass(frozen=True)
class Row:
    """`fields` is None when the row was erased; `version` is its change number at the desk."""

    table: str
    id: str
    version: int
    fields: dict[str, str | int | None] | None


def _columns(model: type[schema.Record]) -> tuple[Column, ...]:
    table, fields = model._meta.table_name, model._meta.sorted_fields
    return tuple(
        Column(field.column_name, _type(field), field.null)
        for field in fields
        if not field.primary_key and (table, field.column_name) not in _STAYS
    )


def _type(field) -> type:
    whole = isinstance(field, IntegerField | BooleanField) and not isinstance(field, ForeignKeyField)
    return int if whole else str


COLUMNS: dict[str, tuple[Column, ...]] = {model._meta.table_name: _columns(model) for model in schema.SHARED}
"""Table → its columns but the id; parents before children."""
_BY_NAME = {table: {column.name: column for column in columns} for table, columns in COLUMNS.items()}


def write(row: Row) -> bytes:
    return canonical(
        {"table": row.table, "id": row.id, "version": row.version}
        | ({"erased": True} if row.fields is None else {"fields": row.fields})
    )


def read(line: bytes) -> Row:
    """The row of one line, or Refused: unknown table or column, wrong type, out of bounds."""
    found = parse(line, Reason.INVALID_ROW)
    known = _BY_NAME.get(found.get("table")) if isinstance(found.get("table"), str) else None
    id, version = found.get("id"), found.get("version")
    if known is None or not _is_text(id) or not 0 < len(id) <= 64 or type(version) is not int:
        raise Refused(Reason.INVALID_ROW)
    if found.keys() == {"table", "id", "version", "erased"} and found["erased"] is True:
        return Row(found["table"], id, version, None)
    if found.keys() != {"table", "id", "version", "fields"} or not isinstance(found["fields"], dict):
        raise Refused(Reason.INVALID_ROW)
    if not all(name in known and _fits(value, known[name]) for name, value in found["fields"].items()):
        raise Refused(Reason.INVALID_ROW)
    return Row(found["table"], id, version, found["fields"])


def _fits(value: object, column: Column) -> bool:
    if value is None:
        return column.nullable
    if column.type is int:
        return type(value) is int and -_INTEGER <= value < _INTEGER
    return _is_text(value)


def _is_text(value: object) -> bool:
    """Text that fits, and that UTF-8 can carry (JSON may hide half of a surrogate pair)."""
    if not isinstance(value, str) or len(value) > TEXT_MAX:
        return False
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def canonical(value: object) -> bytes:
    """One writing only: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parse(content: bytes, reason: Reason) -> dict:
    """A JSON object, or Refused(reason); nothing else escapes, whatever the bytes."""
    try:
        found = json.loads(content.decode(), parse_constant=_no_constant, object_pairs_hook=_no_duplicate)
    except (ValueError, RecursionError) as error:
        raise Refused(reason) from error
    if not isinstance(found, dict):
        raise Refused(reason)
    return found


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _no_duplicate(pairs: Iterable[tuple[str, object]]) -> dict:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(name)
        found[name] = value
    return found
