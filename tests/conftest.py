"""What every room's tests share: a real encrypted place, opened and closed."""

import pytest

from db import place, store, team

KEY = bytes(range(32))


@pytest.fixture
def opened(tmp_path):
    """A place with two mediators, Nadia at work."""
    folder = tmp_path / "lieu"
    place.enter(folder, KEY, "m1")
    with store.act(""):
        team.add("m1", "Nadia Réverbère", "responsable")
        team.add("m2", "Karim Belvédère")
    store.sign_in("", "")
    store.sign_in("m1", "A1")
    yield folder
    place.leave()
