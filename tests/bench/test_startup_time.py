"""exec → first paint of the log-in window and of the demonstration desk; what is loaded by then; peak memory."""

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from datetime import date
from pathlib import Path

import pytest
import screen
from turns import note

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
ROUNDS = 9
KNOWN = {"gate": (2.1, 2.4, 1.18), "demo": (5.2, 6.0, 1.23)}
"""Misses measured: paint, cpu and memory against keepassxc."""
WHY = {
    "gate": "an empty PySide6 window alone is 1.06; the rest is peewee, libsodium and the gate's own widgets",
    "demo": "Accueil has 370 widgets to dress; the other tabs wait for the first idle moment",
}
HEAVY = ("reportlab", "PIL", "pypdfium2", "jinja2", "rapidfuzz", "pyrage", "duckdb", "num2words")


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """A place with its key slots (locked), and the demonstration of today."""
    from db import demonstration, keys, place

    root = tmp_path_factory.mktemp("places")
    keys.create(root / "gate", keys.Slot("m1", "Nadia Réverbère", "responsable"), keys.suggest())
    demonstration.enter(root / "demo", date.today())
    place.leave()
    return {"empty": root / "empty", "gate": root / "gate", "demo": root / "demo"}


def _environment(home: Path, platform: str, display: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    return {**kept, "HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": platform, "DISPLAY": display,
            "PYTHONPATH": str(ROOT)}  # fmt: skip


def _probe(kind: str, folder: Path, environment: dict[str, str]) -> dict:
    started = time.monotonic_ns()
    ended = subprocess.run(
        [sys.executable, str(HERE / "probe.py"), kind, str(folder), str(started)],
        env=environment, capture_output=True, text=True, timeout=60, cwd=ROOT,
    )  # fmt: skip
    assert ended.returncode == 0 and ended.stdout, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def _rounds(places, environment, rounds) -> dict[str, dict[str, float]]:
    chance, kinds = random.Random(1), list(places)
    found = {kind: [] for kind in kinds}
    for turn in range(-1, rounds):
        chance.shuffle(kinds)
        for kind in kinds:
            seen = _probe(kind, places[kind], environment)
            if turn >= 0:
                found[kind].append(seen)
    numbers = ("paint_ms", "paint_cpu", "idle_ms", "idle_cpu", "idle_mb")
    return {
        kind: {n: statistics.median(seen[n] for seen in all_seen) for n in numbers} for kind, all_seen in found.items()
    }


@pytest.mark.parametrize("kind", ["gate", "demo"])
def test_nothing_heavy_is_loaded_before_the_first_paint(places, tmp_path, kind):
    """§F: 0 of reportlab, PIL, pypdfium2…: noise-free."""
    seen = _probe(kind, places[kind], _environment(tmp_path, "offscreen", ""))
    loaded = {name.split(".")[0] for name in seen["modules"]}
    note(f"modules loaded before the first paint, {kind}", str(len(seen["modules"])))
    note(f"  of them holidays / peewee / nacl, {kind}", str(sorted(loaded & {"holidays", "peewee", "nacl"})))
    found = sorted(loaded & set(HEAVY))
    if found == ["pyrage"]:
        pytest.xfail("pyrage is loaded by the handover tab, built before the first paint")
    assert found == []


def test_the_desk_is_not_built_before_the_gate_is_painted(places, tmp_path):
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    with screen.server(tmp_path) as (display, _):
        for platform in ("offscreen", "xcb"):
            seen = _probe("gate", places["gate"], _environment(tmp_path, platform, display))
            note(f"desk built before the gate's first paint, {platform}", str("desktop.main_window" in seen["modules"]))
            if "desktop.main_window" in seen["modules"]:
                pytest.xfail(f"{platform}: a zero timer set in Guichet.start runs before the window is exposed")


@pytest.mark.parametrize("platform", ["offscreen", "xcb"])
def test_first_paint_against_an_empty_window(places, tmp_path, verdict, platform):
    """§A, PySide6 rows: a realistic first screen costs 0.96/0.80 = 1.2 x the empty window; the desk opens a file besides."""
    if platform == "xcb" and not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    with screen.server(tmp_path) if platform == "xcb" else nullcontext(("", None)) as (display, _):
        found = _rounds(places, _environment(tmp_path, platform, display), ROUNDS)
    for kind, figures in found.items():
        note(f"{platform}, {kind}", " ".join(f"{name}={value:.3g}" for name, value in figures.items()))
    empty = found["empty"]
    verdict.at_most(f"{platform}: gate paint / empty", found["gate"]["paint_ms"] / empty["paint_ms"], 1.6,
                    known=2.1, why=WHY["gate"])  # fmt: skip
    verdict.at_most(f"{platform}: gate cpu / empty", found["gate"]["paint_cpu"] / empty["paint_cpu"], 1.6,
                    known=2.1, why=WHY["gate"])  # fmt: skip
    verdict.at_most(f"{platform}: demo desk paint / empty", found["demo"]["paint_ms"] / empty["paint_ms"], 3,
                    known=5.6, why=WHY["demo"])  # fmt: skip
    verdict.at_most(f"{platform}: gate peak memory / empty", found["gate"]["idle_mb"] / empty["idle_mb"], 1.37,
                    known=1.64, why=WHY["gate"])  # fmt: skip
    verdict.at_most(f"{platform}: demo desk peak memory / empty", found["demo"]["idle_mb"] / empty["idle_mb"], 1.6,
                    known=1.95, why=WHY["demo"])  # fmt: skip
    verdict.at_most(f"{platform}: gate peak memory / 78 MB", found["gate"]["idle_mb"] / 78, 1,
                    known=1.32, why=WHY["gate"])  # fmt: skip
    verdict.say()


def test_first_paint_against_other_programs(places, tmp_path, verdict):
    """§F: exec -> log-in window <= 1.10 x keepassxc, <= 0.40 x vorta, cpu <= 1.3 x, memory <= 0.75 x; seen from outside."""
    if not shutil.which("Xvfb"):
        pytest.skip("Xvfb is not installed")
    peers = {name: [name] for name in ("keepassxc", "sqlitebrowser", "vorta") if shutil.which(name)}
    if "keepassxc" not in peers:
        pytest.skip("keepassxc is not installed: the ratio needs it (apt-get install keepassxc)")
    settings = tmp_path / ".config" / "keepassxc"
    settings.mkdir(parents=True)
    (settings / "keepassxc.ini").write_text(
        "[General]\nConfigVersion=2\nUpdateCheckMessageShown=true\n[GUI]\nCheckForUpdates=false\n"
    )
    probe = [sys.executable, str(HERE / "probe.py")]
    commands = {kind: [*probe, kind, str(places[kind]), "-1"] for kind in places} | peers
    with screen.server(tmp_path) as (display, pixels):
        environment = _environment(tmp_path, "xcb", display)
        chance, names = random.Random(2), list(commands)
        found: dict[str, list[dict]] = {name: [] for name in commands}
        for turn in range(-1, ROUNDS):
            chance.shuffle(names)
            for name in names:
                seen = screen.watch(commands[name], environment, pixels)
                if turn >= 0:
                    found[name].append(seen)
    figures = {
        name: {n: statistics.median(seen[n] for seen in every) for n in every[0]} for name, every in found.items()
    }
    for name, seen in figures.items():
        note(f"seen from outside, {name}", " ".join(f"{what}={value:.3g}" for what, value in seen.items()))
    bar = figures["keepassxc"]
    for kind, most, cpu, memory in (("gate", 1.10, 1.3, 0.75), ("demo", 1.35, 1.6, 0.75)):
        ours, known, why = figures[kind], KNOWN[kind], WHY[kind]
        verdict.at_most(f"{kind}: paint / keepassxc", ours["paint_ms"] / bar["paint_ms"], most, known=known[0], why=why)
        verdict.at_most(f"{kind}: cpu / keepassxc", ours["paint_cpu"] / bar["paint_cpu"], cpu, known=known[1], why=why)
        verdict.at_most(
            f"{kind}: peak memory / keepassxc", ours["peak_mb"] / bar["peak_mb"], memory, known=known[2], why=why
        )
    if "vorta" in figures:
        verdict.at_most("gate: paint / vorta", figures["gate"]["paint_ms"] / figures["vorta"]["paint_ms"], 0.40)
    verdict.say()
