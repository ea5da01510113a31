"""The whole day, from the first start to what the coordinator reads back, through the real window."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_whole_desk_day_plays_from_the_first_start_to_the_coordinator(tmp_path):
    out = tmp_path / "tour"
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "tour", str(out)], cwd=ROOT, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ÉCHEC" not in done.stdout
    assert len(list(out.glob("[0-9][0-9]-*.png"))) >= 30
    assert {"attestation.pdf", "bilan-du-jour.pdf", "coordinateur.txt"} <= {file.name for file in out.iterdir()}
    assert "Rien n’a changé" in (out / "coordinateur.txt").read_text(encoding="utf-8")


def test_this_copy_of_the_program_can_do_its_work(tmp_path):
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "HOME": str(tmp_path), "LANG": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "selftest"], cwd=ROOT, env=surroundings, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Tout est bon." in done.stdout
