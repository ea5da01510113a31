"""The place's own templates: read beside the shipped ones, never instead of a fault."""

from dataclasses import replace
from datetime import date

import pytest

from desktop.documents import templates
from desktop.documents.template_files import parse

SOURCE = (templates.LETTERS / "eau" / "eau-ecretement-fuite.md").read_text("utf-8")


@pytest.fixture
def folder(tmp_path):
    yield tmp_path
    templates.read_local(tmp_path / "nowhere")


def test_a_local_copy_stands_in_for_the_shipped_template(folder):
    (folder / "eau-ecretement-fuite.md").write_text(SOURCE.replace("Fuite d’eau : limiter", "Fuite : alléger"), "utf-8")
    assert templates.read_local(folder) == {}
    assert templates.read_template("eau-ecretement-fuite").title.startswith("Fuite : alléger")
    assert [t.id for t in templates.templates()].count("eau-ecretement-fuite") == 1
    assert templates.is_local(templates.read_template("eau-ecretement-fuite"))


def test_a_local_file_at_fault_is_said_and_left_out(folder):
    (folder / "casse.md").write_text("bonjour", "utf-8")
    (folder / "autre-nom.md").write_text(SOURCE, "utf-8")
    refused = templates.read_local(folder)
    assert "TOML" in refused["casse.md"]
    assert "eau-ecretement-fuite.md" in refused["autre-nom.md"]
    assert not templates.is_local(templates.read_template("eau-ecretement-fuite"))


def test_a_new_template_hides_the_one_it_replaces(folder):
    text = SOURCE.replace('id = "eau-ecretement-fuite"', 'id = "eau-fuite-lieu"\nremplace = "eau-ecretement-fuite"')
    (folder / "eau-fuite-lieu.md").write_text(text, "utf-8")
    templates.read_local(folder)
    ids = [t.id for t in templates.templates()]
    assert "eau-fuite-lieu" in ids and "eau-ecretement-fuite" not in ids
    assert templates.read_template("eau-ecretement-fuite"), "a letter already made can still be explained"


def test_a_copy_says_when_its_parent_moved():
    parent = templates.shipped()["eau-ecretement-fuite"]
    copy = replace(parent, derived_from=f"{parent.id}@{parent.version}")
    assert not templates.parent_moved(copy)
    assert templates.parent_moved(replace(copy, derived_from=f"{parent.id}@{parent.version + 1}"))
    assert templates.parent_moved(replace(copy, derived_from="disparu@1"))


def test_a_template_expires_the_day_after_its_last():
    template = parse(SOURCE.replace("niveau = 1", "niveau = 1\nexpire_le = 2026-11-30"))
    assert not templates.expired(template, date(2026, 11, 30))
    assert templates.expired(template, date(2026, 12, 1))
