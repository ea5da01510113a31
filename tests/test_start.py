"""The set-up of a bare machine: what it decides, before anything is installed."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
specification = importlib.util.spec_from_file_location("start", ROOT / "start.py")
start = importlib.util.module_from_spec(specification)
specification.loader.exec_module(start)


@pytest.fixture
def tree(tmp_path):
    """A place with its pins and its description."""
    (tmp_path / "requirements.txt").write_text("peewee==4.5.3")
    (tmp_path / "pyproject.toml").write_text("[project]")
    return tmp_path


def stamp(tree, python="3.11"):
    return start.stamp(tree / "requirements.txt", python, tree)


def test_a_tree_left_alone_keeps_its_stamp(tree):
    assert stamp(tree) == stamp(tree)


@pytest.mark.parametrize("file", ["requirements.txt", "pyproject.toml"])
def test_new_pins_or_a_new_description_ask_for_a_new_set_up(tree, file):
    before = stamp(tree)
    (tree / file).write_text("peewee==4.5.4")
    assert stamp(tree) != before


def test_another_python_or_another_place_asks_for_a_new_set_up(tree, tmp_path_factory):
    moved = tmp_path_factory.mktemp("moved")
    for file in tree.iterdir():
        (moved / file.name).write_bytes(file.read_bytes())
    assert len({stamp(tree), stamp(tree, "3.13"), stamp(moved)}) == 3


def test_a_complete_system_installs_nothing():
    assert start.missing_packages(lambda library: f"lib{library}.so", has_ensurepip=True) == []


def test_a_gnome_desktop_lacks_only_the_cursor_library_and_venv():
    packages = start.missing_packages(lambda library: library != "xcb-cursor" or None, has_ensurepip=False)
    assert packages == ["libxcb-cursor0", "python{}.{}-venv".format(*sys.version_info)]


def test_a_bare_debian_gets_all_that_qt_loads():
    packages = start.missing_packages(lambda library: None, has_ensurepip=True)
    offscreen = {"libglib2.0-0", "libegl1", "libgl1", "libfontconfig1", "libxkbcommon0", "libdbus-1-3"}
    window = {"libxcb-cursor0", "libxcb-icccm4", "libxcb-keysyms1", "libxcb-shape0", "libxkbcommon-x11-0"}
    assert set(packages) == offscreen | window | {"libcups2"}


@pytest.mark.parametrize(
    ("environment", "platform", "lacks"),
    [
        ({}, "linux", True),
        ({"DISPLAY": ""}, "linux", True),
        ({"DISPLAY": ":0"}, "linux", False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", False),
        ({"QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({}, "win32", False),
    ],
)
def test_a_display_is_looked_for_where_it_can_lack(environment, platform, lacks):
    assert start.lacks_display(environment, platform) is lacks


@pytest.mark.parametrize("arguments", [[], ["--demo"]])
def test_without_a_display_one_sentence_and_the_tour(arguments, capsys):
    assert start.errand(arguments, display=False)[0] == "tour"
    said = capsys.readouterr().err
    assert said.startswith("Aucun écran n'est disponible ici")
    assert said.count("\n") == 1


@pytest.mark.parametrize("display", [True, False])
@pytest.mark.parametrize("arguments", [["selftest"], ["tour", "here"], ["consolidate", "--demo"], ["--help"]])
def test_what_needs_no_display_goes_on_as_it_is(arguments, display, capsys):
    assert start.errand(arguments, display) == arguments
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("log", "words"),
    [
        ("E: Unable to locate package libgl1", "réseau"),
        (
            "Failed to establish a new connection: [Errno -3] Temporary failure\nERROR: No matching distribution",
            "réseau",
        ),
        ("ERROR: No matching distribution found for apsw-sqlite3mc==3.54.0.0", "Python"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "attendu"),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disque"),
        ("camille is not in the sudoers file.\nsudo: a password is required", "droits"),
        ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')\nconnection broken", "certificat"),
        ("sudo: unable to resolve host accueil\nE: Unable to locate package libgl1", "réseau"),
        ("something else", "détails"),
    ],
)
def test_a_failure_says_what_happened_in_french(log, words):
    assert words in start.cause(log)


def test_a_failed_step_is_one_sentence_and_its_output_is_kept(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(start, "LOG", tmp_path / "set-up.log")
    with pytest.raises(SystemExit, match=r"Le téléchargement a échoué : le disque est plein.*start\.py") as stop:
        start.run("Le téléchargement", sys.executable, "-c", "raise SystemExit('No space left on device')")
    assert "\n" not in str(stop.value)
    assert "No space left" in (tmp_path / "set-up.log").read_text()


def test_a_second_start_goes_straight_to_the_application(tmp_path):
    """In a tree whose stamp is right, nothing is installed: the program of .venv is called with the arguments."""
    if sys.platform == "win32":
        pytest.skip("a shell script stands for Python")
    for name in ("start.py", "requirements.txt", "pyproject.toml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    python = tmp_path / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text('#!/bin/sh\necho "$@ ($QT_QPA_PLATFORM)"\n')
    python.chmod(0o755)
    (tmp_path / ".venv/requirements.stamp").write_text(
        start.stamp(tmp_path / "requirements.txt", start.VERSION, tmp_path.resolve())
    )
    done = subprocess.run(
        [sys.executable, tmp_path / "start.py", "selftest"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout, done.stderr) == ("-P -m desktop selftest (offscreen)\n", "")
