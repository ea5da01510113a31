"""A real encrypted place in a temporary folder, opened by the real store."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from db import journal, keys, schema, store

KEY = bytes(range(32))


@pytest.fixture
def key() -> bytes:
    return KEY


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """An empty place; the store is closed afterwards, whatever happened."""
    yield tmp_path / "lieu"
    if store.is_open():
        schema.database.close()
    schema.database.key = b""
    schema.database.connect_params.pop("vfs", None)
    journal.use(b"")


@pytest.fixture
def desk(place: Path, key: bytes) -> Path:
    """An open place where somebody sits."""
    store.open(place, key)
    store.sign_in("0" * 32, "accueil")
    journal.use(keys.derive(key, "journal"))
    return place
