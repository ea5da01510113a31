"""What every room's tests share: a real encrypted place, opened and closed."""

import pytest

from db import keys, place, store, team

KEY = bytes(range(32))


@pytest.fixture(scope="session", autouse=True)
def one_pass():
    """Real Argon2id, at its shortest: the number of passes suits no one's PC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(keys, "SECONDS", 0.0)
        yield


@pytest.fixture(scope="session")
def _closed(tmp_path_factory) -> bytes:
    """The file of a place with two mediators, made once; nobody holds it open."""
    folder = tmp_path_factory.mktemp("modele") / "lieu"
    place.enter(folder, KEY, "m1")
    with store.act(""):
        team.add("m1", "Nadia Réverbère", "responsable")
        team.add("m2", "Karim Belvédère")
    place.leave()
    return (folder / store.FILE).read_bytes()


@pytest.fixture
def opened(_closed, tmp_path):
    """A place with two mediators, Nadia at work."""
    folder = tmp_path / "lieu"
    folder.mkdir(mode=0o700)
    (folder / store.FILE).write_bytes(_closed)
    place.enter(folder, KEY, "m1")
    store.sign_in("m1", "A1")
    yield folder
    place.leave()
