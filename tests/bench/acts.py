"""Run under strace: the same act again and again on a year of visits, each told by a mark on standard output."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import invented
from test_durable_insert import ACTS, _bare, _draft

from db import place, visits

with tempfile.TemporaryDirectory() as folder:
    shutil.copytree(invented.folder(40_000), Path(folder) / "lieu")
    place.enter(Path(folder) / "lieu", invented.KEY, "m1")
    act = _bare if sys.argv[1] == "bare" else lambda: visits.record(_draft())
    act()
    for _ in range(ACTS):
        os.write(1, b"=== act ===\n")
        act()
    os.write(1, b"=== act ===\n")
    place.leave()
