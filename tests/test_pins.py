"""The pinned packages: complete, hashed, safe to run, and silent about where they come from."""

import os
import re
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
FILES = {
    "requirements.txt": [],
    "requirements-test.txt": PROJECT["optional-dependencies"]["test"],
    "requirements-frozen.txt": PROJECT["optional-dependencies"]["frozen"],
}
IGNORED = [".git", *(line.rstrip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split())]
HOSTS = ("pypi." + "org", "python" + "hosted", "registry." + "npmjs", "npmjs." + "org", "deb." + "debian.org")


def pins(name: str) -> dict[str, Requirement]:
    """The packages of a file of pins; each must be pinned exactly and carry its hashes."""
    text = re.sub(r"^#.*\n", "", (ROOT / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {}
    for block in re.split(r"\n(?=\S)", text.strip()):
        first, *hashes = [line.strip().removesuffix("\\").strip() for line in block.split("\n")]
        assert hashes, first
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in hashes), first
        pin = Requirement(first)
        assert [clause.operator for clause in pin.specifier] == ["=="], first
        found[canonical(pin.name)] = pin
    return found


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def version(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


@pytest.mark.parametrize("name", FILES)
def test_every_package_asked_for_is_pinned_within_its_range(name):
    pinned = pins(name)
    for line in [*PROJECT["dependencies"], *FILES[name], "setuptools>=77"]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(version(pinned[canonical(wanted.name)])), line


@pytest.mark.parametrize("name", ["requirements-test.txt", "requirements-frozen.txt"])
def test_tests_and_bundle_use_the_very_packages_of_the_application(name):
    application, other = pins("requirements.txt"), pins(name)
    assert {package: str(pin) for package, pin in application.items()} == {
        package: str(other[package]) for package in application
    }


def test_the_pinned_qt_survives_50_000_void_calls():
    """PySide6 6.12.0 loses a reference of None on each, and aborts Python 3.11 after some 5,200."""
    assert metadata.version("PySide6-Essentials") == version(pins("requirements.txt")["pyside6-essentials"])
    calls = """
from PySide6.QtWidgets import QApplication, QLabel
application, label = QApplication([]), QLabel()
for number in range(50_000):
    label.setText("Guichet")
print(label.text())
"""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", calls], env=environment, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "Guichet\n"), done.stderr


def test_no_file_names_a_package_index():
    names = re.compile("|".join(map(re.escape, HOSTS)).encode())
    guilty = []
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if not any(fnmatch(name, pattern) for pattern in IGNORED)]
        guilty += [path for path in (Path(folder, name) for name in files) if names.search(path.read_bytes())]
    assert guilty == []
