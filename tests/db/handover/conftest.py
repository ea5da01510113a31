"""A coordinator and its desks, in a temporary folder."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from desks import PASSPHRASE, Desk

from db.handover import consolidation, export


@pytest.fixture(scope="session")
def _created(tmp_path_factory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("coordinator")
    recovery = consolidation.create(folder, "PIMMS de Villeurbanne", PASSPHRASE, memory=8192, passes=1)
    return folder, recovery


@pytest.fixture
def coordinator(_created, tmp_path) -> Path:
    return Path(shutil.copytree(_created[0], tmp_path / "coordinator"))


@pytest.fixture
def recovery(_created) -> str:
    return _created[1]


@pytest.fixture
def make_desk(coordinator, tmp_path) -> Callable[[str], Desk]:
    def make(code: str) -> Desk:
        desk = Desk(tmp_path / f"desk-{code}", code, bytes([len(code)]) * 32)
        with desk.opened():
            export.pair(consolidation.pair(coordinator, code, PASSPHRASE))
        return desk

    return make


@pytest.fixture
def bring(coordinator) -> Callable[..., consolidation.Report]:
    """Import files at the coordinator; `desks` are those whose fingerprint was compared by phone."""

    def bring(*files: Path, desks: tuple[Desk, ...] = ()) -> consolidation.Report:
        return consolidation.consolidate(coordinator, files, PASSPHRASE, [desk.fingerprint() for desk in desks])

    return bring
