"""What is being typed, kept at once in the encrypted file, so that a lock or a crash loses nothing."""

from collections.abc import Mapping

from db import store
from db.ids import now
from db.schema import Draft


def keep(name: str, body: Mapping[str, object]) -> None:
    """Under a name of the form typed in: « cv », « visit:… », « dossier:… »."""
    kept = (name, store.mediator(), Draft.body.db_value(dict(body)), Draft.changed_at.db_value(now()))
    with store.translated():  # at each key: a statement kept ready, where peewee would write it again
        store.rows("REPLACE INTO draft (name, mediator, body, changed_at) VALUES (?, ?, ?, ?)", kept)


def kept(name: str) -> dict[str, object]:
    """Nothing kept is {}."""
    row = Draft.get_or_none(Draft.name == name)
    return row.body if row else {}


def kept_under(prefix: str) -> dict[str, dict[str, object]]:
    """All those whose names begin alike, by the rest of the name. One query."""
    rows = Draft.select(Draft.name, Draft.body).where(Draft.name.startswith(prefix))
    return {row.name.removeprefix(prefix): row.body for row in rows}


def forget(name: str) -> None:
    Draft.delete().where(Draft.name == name).execute()
