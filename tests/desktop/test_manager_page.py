"""Mes modèles: copied, edited with the page beside, brought in and taken out as one file."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel

from db import store
from desktop.documents import templates
from desktop.documents.lint import lint
from desktop.letters import model_shelf, writing
from desktop.letters.manager_page import ManagerPage
from desktop.letters.writing import folder
from desktop.widgets import look

ID = "eau-ecretement-fuite"
ORIGIN = f"{ID}@{templates.shipped()[ID].version}"


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
    tab.models.filter.setText("H01")
    qtbot.keyClick(tab.models.filter, Qt.Key.Key_Return)
    assert "energie-echeancier" in tab.text.toPlainText()
    qtbot.keyClick(tab.models.filter, Qt.Key.Key_Down)
    assert QApplication.focusWidget() is tab.models.list


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
    assert "version locale" in next(card.detail for card in tab.models.list.model().cards if card.id == ID)


def test_saving_leaves_the_caret_where_one_writes(tab):
    tab.open(ID)
    tab.copy_here()
    assert tab.text.find("aussi payer")
    tab.text.insertPlainText("payer")
    before = tab.text.textCursor().position()
    tab.save()
    assert said(tab) == "Modèle enregistré."
    assert tab.text.textCursor().position() == before > 0


def test_a_fault_is_said_at_each_key_and_nothing_is_written(tab):
    tab.open(ID)
    tab.copy_here()
    before = (folder() / f"{ID}.md").read_text("utf-8")
    tab.text.setPlainText(before.replace("{{ volume_releve }}", "{{ volume_inconnu }}"))
    tab._show_page()
    assert "volume_inconnu" in tab.faults.text()
    tab.save()
    assert "pas encore enregistré" in tab.faults.text() and "volume_inconnu" in tab.faults.text()
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


@pytest.fixture
def moved(tab):
    """A local copy with its own title, of an origin that has since changed its title, a paragraph and its version."""
    tab.open(ID)
    tab.copy_here()
    path, origin = folder() / f"{ID}.md", folder() / "origines" / f"{ID}.md"
    then = origin.read_text("utf-8").replace("Fuite d’eau :", "Perte d’eau :").replace("La fuite se", "Le trou se")
    origin.write_text(then, "utf-8")
    mine = path.read_text("utf-8").replace(ORIGIN, f"{ID}@9").replace("Fuite d’eau :", "Notre fuite :")
    path.write_text(mine.replace("La fuite se", "Le trou se"), "utf-8")
    tab.refresh()
    tab.open(ID)
    return tab


def test_a_copy_whose_origin_changed_shows_each_passage_before_today_and_here(moved):
    assert "l’origine a changé" in next(c.detail for c in moved.models.list.cards() if c.id == ID)
    moved.compare.click()
    title, paragraph = moved.changes.cards
    assert title.accessibleName() == "Le titre, Changé aussi par vous"
    assert paragraph.accessibleName() == "Le texte, Nouveau"
    said = paragraph.accessibleDescription()
    assert "Avant : Le trou se" in said and "aujourd’hui : La fuite se" in said and "Comme avant." in said
    assert QApplication.focusWidget() is title.take


def test_what_differs_is_struck_or_underlined_not_only_coloured(moved):
    moved.show_changes()
    words = [label.text() for label in moved.changes.cards[0].findChildren(QLabel)]
    assert any("<s>Perte</s>" in text for text in words)
    assert any("<b><u>Fuite</u></b>" in text for text in words)


def test_a_passage_is_taken_into_the_text_and_ctrl_z_takes_it_back(moved, qtbot):
    moved.show_changes()
    QApplication.processEvents()
    before, saved = moved.text.toPlainText(), (folder() / f"{ID}.md").read_text("utf-8")
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is moved.changes.cards[1].take
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert moved.text.toPlainText() == before.replace("Le trou se", "La fuite se")
    qtbot.waitUntil(lambda: moved.changes.cards[1].accessibleName() == "Le texte, Déjà repris")
    assert (folder() / f"{ID}.md").read_text("utf-8") == saved
    assert QApplication.focusWidget() is moved.changes.cards[0].take
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert moved.text.toPlainText() == before


def test_taking_a_passage_in_conflict_leaves_the_rest_of_the_place_s_text(moved):
    moved.show_changes()
    before = moved.text.toPlainText()
    moved.changes.cards[0].take.click()
    assert moved.text.toPlainText() == before.replace("Notre fuite :", "Fuite d’eau :")


def test_marked_as_seen_the_badge_goes_and_the_text_being_typed_stays(moved):
    moved.show_changes()
    moved.changes.cards[1].take.click()
    typed = moved.text.toPlainText()
    moved.changes.mark.click()
    assert said(moved).startswith("C’est noté")
    assert templates.read_template(ID).derived_from == ORIGIN
    assert moved.compare.isHidden() and not moved.changes.isVisible()
    assert "version locale" in next(c.detail for c in moved.models.list.cards() if c.id == ID)
    assert moved.text.toPlainText() == typed.replace(f"{ID}@9", ORIGIN)
    assert "Le trou se" in (folder() / f"{ID}.md").read_text("utf-8"), "marking saves nothing of what is typed"
    assert (folder() / "origines" / f"{ID}.md").read_text("utf-8") == model_shelf.origin(templates.read_template(ID))[1]


def test_a_copy_of_a_model_no_longer_shipped_says_so_and_stands_alone(moved):
    path = folder() / f"{ID}.md"
    path.write_text(path.read_text("utf-8").replace(f"{ID}@9", "disparu@1"), "utf-8")
    moved.refresh()
    moved.open(ID)
    moved.show_changes()
    assert "ne livre plus" in moved.changes.hint.text() and moved.changes.cards == []
    moved.changes.mark.click()
    assert templates.read_template(ID).derived_from == ""


def test_who_does_not_answer_for_the_place_may_only_look(moved):
    store.sign_in("m2", "A1")
    moved.open(ID)
    moved.show_changes()
    assert not moved.changes.mark.isEnabled() and not moved.changes.cards[0].take.isEnabled()
    assert "responsable" in moved.changes.mark.accessibleDescription()
    assert QApplication.focusWidget() is moved.changes.close_button


def test_echap_closes_the_comparison_then_the_page(moved, qtbot):
    moved.show_changes()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not moved.changes.isVisible() and moved.models.list.isVisible()
    assert QApplication.focusWidget() is moved.compare
    with qtbot.waitSignal(moved.closed):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)


def test_in_large_text_the_comparison_gives_way_to_the_text(moved, qtbot):
    look.apply(scale=200)
    look.LOOK.fit(1280, 640)
    moved.show_changes()
    assert moved.changes.isVisible() and not moved.text.isVisible()
    qtbot.keyClick(moved.panes, Qt.Key.Key_Escape)
    assert moved.text.isVisible()
    look.apply(scale=100)
    look.LOOK.fit(1366, 768)


@pytest.fixture
def expired(tab):
    """A local model whose last day is gone."""
    tab.open(ID)
    tab.copy_here()
    path = folder() / f"{ID}.md"
    path.write_text(path.read_text("utf-8").replace("niveau = 1", "niveau = 1\nexpire_le = 2026-01-31"), "utf-8")
    tab.refresh()
    tab.open(ID)
    return tab


def badge(page) -> str:
    return next(card.badge for card in page.models.list.cards() if card.id == ID)


def test_the_responsable_extends_an_expired_model_with_a_reason(expired, qtbot):
    template = templates.read_template(ID)
    assert badge(expired) == "expiré"
    assert writing.expired(template, date.today()).endswith("Prolongez-le dans « Mes modèles ».")
    expired.extend.click()
    assert "jusqu’au 31/01/2026" in expired.lift.sentence.text()
    assert QApplication.focusWidget() is expired.lift.form.fields["reason"]
    expired.lift.allow.click()
    assert expired.lift.form.error("reason").startswith("Dites pourquoi.")
    qtbot.keyClicks(expired.lift.form.fields["reason"], "Relu ce matin, la suite arrive")
    expired.lift.allow.click()
    assert said(expired).startswith("Modèle prolongé jusqu’au")
    assert badge(expired) == "prolongé" and writing.expired(template, date.today()) == ""
    assert QApplication.focusWidget() is expired.extend
    expired.extend.click()
    assert "Relu ce matin" in expired.lift.sentence.text()


def test_the_others_are_told_whom_to_ask(expired, qtbot):
    store.sign_in("m2", "A1")
    expired.open(ID)
    expired.extend.click()
    assert "Demandez au responsable" in expired.lift.sentence.text()
    assert expired.lift.form.isHidden() and expired.lift.allow.isHidden()
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is expired.extend


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
    assert not tab.models.bring_in.isEnabled() and tab.models.take_out.isEnabled()
    tab.copy_here()
    assert not folder().exists()
