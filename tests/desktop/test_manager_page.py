"""Mes modèles: copied, edited with the page beside, brought in and taken out as one file."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db import store
from desktop.documents import templates
from desktop.documents.lint import lint
from desktop.letters.manager_page import ManagerPage
from desktop.letters.writing import folder

ID = "eau-ecretement-fuite"


@pytest.fixture
def tab(opened, qtbot):
    page = ManagerPage()
    qtbot.addWidget(page)
    page.resize(1280, 640)
    page.refresh()
    page.show()
    page.heard = []
    page.said.connect(page.heard.append)
    yield page
    templates.read_local(folder() / "nowhere")


def said(page):
    return page.heard[-1]


def test_a_shipped_template_is_read_and_never_written(tab):
    tab.open(ID)
    assert tab.text.isReadOnly() and "Fuite d’eau" in tab.text.toPlainText()
    assert not tab.keep.isEnabled() and tab.duplicate.isEnabled()
    assert tab.preview.pdf


def test_entree_opens_the_first_model_found_and_down_goes_into_the_list(tab, qtbot):
    tab.filter.setText("H01")
    qtbot.keyClick(tab.filter, Qt.Key.Key_Return)
    assert "energie-echeancier" in tab.text.toPlainText()
    qtbot.keyClick(tab.filter, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is tab.list


def test_a_copy_is_edited_and_stands_in_for_the_shipped_one(tab, qtbot):
    tab.open(ID)
    with qtbot.waitSignal(tab.changed):
        tab.copy_here()
    assert not tab.text.isReadOnly()
    tab.text.setPlainText(
        tab.text.toPlainText().replace("Fuite d’eau : limiter la facture", "Fuite : alléger la facture")
    )
    tab.save()
    assert said(tab) == "Modèle enregistré."
    assert templates.read_template(ID).title == "Fuite : alléger la facture"
    assert "version locale" in next(card.detail for card in tab.list.model().cards if card.id == ID)


def test_a_fault_is_said_at_each_key_and_nothing_is_written(tab):
    tab.open(ID)
    tab.copy_here()
    before = (folder() / f"{ID}.md").read_text("utf-8")
    tab.text.setPlainText(before.replace("{{ volume_releve }}", "{{ volume_inconnu }}"))
    tab._show_page()
    assert "volume_inconnu" in tab.faults.text()
    tab.save()
    assert "pas enregistré" in said(tab)
    assert (folder() / f"{ID}.md").read_text("utf-8") == before
    tab.open("energie-echeancier")
    tab.open(ID)
    assert "volume_inconnu" in tab.text.toPlainText(), "what was typed is still there"


def test_a_template_goes_out_and_comes_back_as_one_file(tab, tmp_path):
    tab.open(ID)
    tab.write_to(str(tmp_path / "sorti.md"))
    text = (tmp_path / "sorti.md").read_text("utf-8").replace(f'id = "{ID}"', 'id = "eau-fuite-lieu"')
    (tmp_path / "nouveau.md").write_text(text, "utf-8")
    tab.bring(str(tmp_path / "nouveau.md"))
    assert said(tab).startswith("Modèle importé")
    assert lint(templates.read_template("eau-fuite-lieu")) == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "UTF-8"),
        (b"bonjour", "+++"),
        (b"x" * 70_000, "64 Ko"),
        (None, "UTF-8"),
    ],
)
def test_a_file_that_is_no_template_is_refused_with_a_sentence(tab, tmp_path, content, sentence):
    if content is not None:
        (tmp_path / "a.md").write_bytes(content)
    tab.bring(str(tmp_path / "a.md"))
    assert sentence in said(tab)
    assert not list(folder().glob("*.md"))


def test_a_template_that_escapes_its_sandbox_is_refused(tab, tmp_path):
    text = (templates.LETTERS / "eau" / f"{ID}.md").read_text("utf-8")
    (tmp_path / "a.md").write_text(text.replace("{{ volume_releve }}", "{{ ''.__class__ }}"), "utf-8")
    tab.bring(str(tmp_path / "a.md"))
    assert "n’est pas importé" in said(tab)


def test_a_removed_copy_gives_the_shipped_template_back_and_stays_on_disk(tab):
    tab.open(ID)
    tab.copy_here()
    tab.take_away()
    assert not templates.is_local(templates.read_template(ID))
    assert list(folder().glob("*.retire"))


def test_a_copy_whose_origin_changed_says_so_and_shows_what(tab):
    tab.open(ID)
    tab.copy_here()
    path = folder() / f"{ID}.md"
    path.write_text(path.read_text("utf-8").replace(f"{ID}@", f"{ID}@9"), "utf-8")
    origin = folder() / "origines" / f"{ID}.md"
    origin.write_text(origin.read_text("utf-8").replace("Fuite d’eau", "Perte d’eau"), "utf-8")
    tab.refresh()
    tab.open(ID)
    assert tab.compare.isVisible()
    tab.show_moved()
    shown = tab._dialog.findChild(type(tab.text)).toPlainText()
    assert '-titre = "Perte d’eau' in shown and '+titre = "Fuite d’eau' in shown
    tab._dialog.close()


def test_a_broken_local_file_is_listed_and_opens_to_be_mended(tab):
    folder().mkdir(exist_ok=True)
    (folder() / "casse.md").write_text("+++\nid = \n+++\n", "utf-8")
    tab.refresh()
    tab.open("casse.md")
    assert "id =" in tab.text.toPlainText() and "ne se lit pas" in tab.faults.text()


def test_only_the_responsable_changes_templates(tab):
    store.sign_in("m2", "A1")
    tab.open(ID)
    assert not tab.duplicate.isEnabled() and "responsable" in tab.duplicate.accessibleDescription()
    assert not tab.bring_in.isEnabled() and tab.take_out.isEnabled()
    tab.copy_here()
    assert not folder().exists()
