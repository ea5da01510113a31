"""The house keeps its own rules: rooms do not import rooms, the core never sees Qt, the code is tidy."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize(
    "command",
    [
        ("-c", "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports())"),
        ("-m", "ruff", "check", "."),
        ("-m", "ruff", "format", "--check", "."),
    ],
    ids=["imports", "lint", "format"],
)
def test_the_house_rules_are_kept(command):
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
