"""The words of each shipped template are those that were read: a change shows here, line by line."""

import importlib.util
from pathlib import Path

import pytest

from desktop.documents.templates import shipped

_spec = importlib.util.spec_from_file_location("golden", Path(__file__).with_name("golden.py"))
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)


@pytest.mark.parametrize("id", sorted(shipped()))
def test_the_words_are_those_that_were_read(id):
    kept = golden.FOLDER / f"{id}.txt"
    assert kept.exists(), "read the letter, then run: python tests/documents/golden.py"
    assert golden.words(shipped()[id]) == kept.read_text("utf-8")


def test_no_words_are_kept_of_a_template_that_is_gone():
    assert {path.stem for path in golden.FOLDER.glob("*.txt")} == set(shipped())
