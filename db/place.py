"""Enter and leave a place: keys, file, journal and lists together."""

from pathlib import Path

from db import journal, keys, lists, preferences, store
from db.files import write_durably


def enter(folder: Path, dek: bytes, mediator: str) -> None:
    """Open the file with its key and sign the mediator in. Raises StoreError."""
    store.open(folder, keys.derive(dek, "db"))
    journal.use(keys.derive(dek, "journal"))
    store.sign_in(mediator, preferences.place().desk)
    lists.seed()


def leave() -> None:
    """Close the file and forget every key."""
    try:
        store.close()
    finally:
        journal.use(b"")
        lists.forget()


def back_up() -> Path:
    """A verified copy of the file, and beside it the slots without which no key opens it."""
    path = store.back_up()
    slots = store.place() / keys.FILES[0]
    if slots.exists():
        write_durably(path.parent / slots.name, slots.read_bytes())
    return path
