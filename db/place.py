"""Enter and leave a place: keys, file, journal and lists together."""

from pathlib import Path

from db import journal, keys, lists, preferences, store


def enter(folder: Path, dek: bytes, mediator: str) -> None:
    """Open the file with its key and sign the mediator in. Raises StoreError."""
    store.open(folder, keys.derive(dek, "db"))
    journal.use(keys.derive(dek, "journal"))
    store.sign_in(mediator, preferences.place().desk)
    lists.seed()


def leave() -> None:
    """Close the file and forget every key."""
    store.close()
    journal.use(b"")
