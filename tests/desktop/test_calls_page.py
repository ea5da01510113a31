"""Liste d’appels: a partner's file received, called line by line by the keyboard, and given back without a name."""

from datetime import date

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow

from db import call_lists, dossiers, drafts, people, store
from desktop.dossiers.calls_page import CallsPage
from desktop.exports import tables

TODAY = date.today()
ENTER, ESCAPE, DOWN, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Space
CONTROL = Qt.KeyboardModifier.ControlModifier
TITLES = ("N° client", "Nom", "Prénom", "Tél. portable", "Commune", "Motif")
ROWS = (
    ("6 000 000 001", "MODÈLE", "Théo", "0600000001", "Villeurbanne", "Coupure prévue"),
    ("6 000 000 002", "EXEMPLE", "Julie", "06 00 00", "Bron", ""),
    ("6 000 000 003", "FICTIF", "Noé", "600000003", "Villeurbanne", "Impayé"),
    ("6 000 000 001", "MODELE", "Théo", "0600000001", "", ""),
    ("", "", "", "0600000009", "Lyon", ""),
)


@pytest.fixture
def tab(opened, qtbot):
    window, made = QMainWindow(), CallsPage()
    window.setCentralWidget(made)
    window.resize(1253, 575)
    qtbot.addWidget(window)
    made.acted.connect(made.refresh)
    window.show()
    window.activateWindow()
    made.enter()
    QApplication.processEvents()
    yield made


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "edf-semaine-48.csv"
    path.write_bytes(tables.write_csv(TITLES, ROWS))
    return path


def receive(tab, file, partner: str = "edf") -> str:
    tab.take_file(str(file))
    tab.reception.form.fields["partner"].choose(partner)
    tab.reception.receive()
    return call_lists.sheets()[0].id


@pytest.fixture
def calling(tab, file):
    receive(tab, file)
    return tab.calls


def names(tab) -> list[str]:
    return [card.title for card in tab.calls.list.cards()]


# receive


def test_columns_are_guessed_and_each_line_says_what_is_wrong(tab, file):
    people.record(people.Draft("Fictif", "Noé", phone="0600000003", informed_on=TODAY), TODAY)
    tab.take_file(str(file))
    page = tab.reception
    assert page.isVisible()
    shown = {name: page.form.fields[name].currentText() for name in ("name", "first_name", "phone", "reference")}
    assert shown == {"name": "Nom", "first_name": "Prénom", "phone": "Tél. portable", "reference": "N° client"}
    assert [chip.text() for chip in page.chips] == ["Commune", "Motif"]
    badges = [card.badge for card in page.list.cards()]
    assert badges == ["reprise", "à vérifier, reprise", "a une fiche, reprise", "double, écartée", "illisible"]
    assert page.counts.text() == "5\u00a0lignes : 3\u00a0reprises, 1 en double, 2 à vérifier"
    page.list.step(1)
    assert page.detail.text().startswith("Ligne 3. Il manque 4 chiffres.")
    page.list.step(2)
    assert page.detail.text() == "Ligne 5. Déjà à la ligne 2 de ce fichier."


def test_a_list_is_received_by_the_keyboard_and_only_what_serves_is_kept(tab, keys, file):
    tab.take_file(str(file))
    page = tab.reception
    keys.type("E")  # in the list of partners
    page.form.fields["partner"].choose("edf")
    page.chips[1].click()
    page.list.setFocus()
    keys.press(DOWN)
    keys.press(SPACE)
    assert page.list.cards()[1].badge == "à vérifier, écartée"
    keys.press(ENTER, CONTROL)
    (sheet,) = call_lists.sheets()
    assert (sheet.partner, sheet.total) == ("edf", 2)
    line = call_lists.lines(sheet.id)[0]
    assert (line.name, line.phone, dict(line.detail)) == ("MODÈLE Théo", "0600000001", {"Motif": "Coupure prévue"})
    assert tab.calls.isVisible() and tab.calls.list.hasFocus()


def test_what_is_missing_is_told_beside_each_field_and_nothing_is_lost(tab, file):
    tab.take_file(str(file))
    page = tab.reception
    page.form.fields["phone"].choose("")
    page.form.fields["title"].clear()
    page.receive()
    assert page.form.error("partner").startswith("Dites de quel partenaire")
    assert page.form.error("phone") == "Dites quelle colonne donne le téléphone."
    assert page.form.error("title").startswith("Donnez un titre")
    assert call_lists.sheets() == () and len(page.list.cards()) == 5


def test_a_line_put_back_by_hand_stays_so_when_a_column_changes(tab, file):
    tab.take_file(str(file))
    page = tab.reception
    page._toggle("5")
    page.chips[0].click()
    assert page.list.cards()[3].badge == "double, reprise"
    page._toggle("6")
    assert page.list.cards()[4].badge == "illisible", "a line with nobody is never taken"
    page.only.click()
    assert [card.id for card in page.list.cards()] == ["3", "5", "6"]


@pytest.mark.parametrize(
    "name, content, sentence",
    [
        ("vide.csv", b"", "Ce fichier est vide."),
        ("photo.csv", bytes(range(256)) * 20, "Ce fichier n’est pas un tableau."),
        ("faux.xlsx", b"PK\x03\x04 nothing", "Ce fichier Excel est abîmé."),
        ("titres.csv", b"Nom;Telephone\r\n", "Cette liste n’a que des titres"),
        ("lourd.csv", b"a;b\r\n" * 1_100_000, "Ce fichier est trop lourd"),
    ],
)
def test_a_malformed_list_gets_a_sentence_and_nothing_is_taken(tab, tmp_path, name, content, sentence):
    path = tmp_path / name
    path.write_bytes(content)
    tab.take_file(str(path))
    assert tab.home.isVisible() and tab.home.refusal.text().startswith(sentence)
    assert call_lists.sheets() == ()


def test_the_same_list_again_repeats_nobody(tab, file):
    receive(tab, file)
    tab._home()
    tab.take_file(str(file))
    tab.reception.form.fields["partner"].choose("edf")
    assert {card.badge for card in tab.reception.list.cards()} == {"double, écartée", "illisible"}
    tab.reception.receive()
    assert tab.reception.counts.text() == "Aucune ligne n’est reprise. Choisissez-en au moins une."
    assert len(call_lists.sheets()) == 1


# call


def test_each_call_is_one_digit_and_the_next_one_comes(calling, tab, keys):
    assert calling.name.text() == "MODÈLE Théo" and calling.phone.text() == "06\u00a000\u00a000\u00a000\u00a001"
    before = keys.count
    keys.type("1")
    assert keys.count - before == 1
    assert calling.name.text() == "EXEMPLE Julie"
    keys.type("2")
    assert calling.name.text() == "FICTIF Noé"
    assert names(tab) == [
        "À appeler (1)",
        "FICTIF Noé",
        "À rappeler (1)",
        "EXEMPLE Julie",
        "Appelés (1)",
        "MODÈLE Théo",
    ]
    keys.type("3")
    assert calling.name.text() == "EXEMPLE Julie", "who was out comes back at the end"
    states = {line.name: line.state for line in call_lists.lines(calling.list_id)}
    assert states == {"MODÈLE Théo": "joint", "EXEMPLE Julie": "absent", "FICTIF Noé": "refus"}
    assert calling.progress.text() == "3\u00a0appelés sur 3, 1 à rappeler"


def test_letters_write_the_note_and_a_digit_in_it_stays_a_digit(calling, keys):
    keys.type("Rappeler apres 18 h")
    assert calling.note.text() == "Rappeler apres 18 h"
    keys.press(ENTER)
    keys.type("2")
    (first, *_) = call_lists.lines(calling.list_id)
    assert (first.state, first.note) == ("absent", "Rappeler apres 18 h")
    assert drafts.kept_under("dossier:appel:") == {}, "written down, it is no longer being typed"
    assert calling.note.text() == ""


def test_a_note_half_typed_is_there_when_one_comes_back(calling, keys):
    keys.type("Parle mal")
    keys.press(ESCAPE)
    keys.press(DOWN)
    assert calling.note.text() == ""
    keys.press(Qt.Key.Key_Up)
    assert calling.note.text() == "Parle mal"


def test_a_note_too_long_is_told_and_the_call_is_not_logged(calling, keys):
    calling.note.setText("a" * 300)
    calling.outcome("joint")
    assert calling.problem.text().startswith("La note a 20\u00a0signes de trop")
    assert call_lists.lines(calling.list_id)[0].state == "a_appeler"


def test_a_dossier_opens_in_two_keys_with_the_person_named(calling, tab, keys, qtbot):
    with qtbot.waitSignal(tab.opened) as opened:
        keys.type("5")
        keys.press(ENTER)
    sheet = dossiers.sheet(opened.args[0])
    assert (sheet.person_name, sheet.partner, sheet.reference) == ("Modèle Théo", "edf", "6 000 000 001")
    line = call_lists.lines(calling.list_id)[0]
    assert (line.state, line.dossier) == ("dossier", sheet.id)
    assert calling.open_button.text() == "Voir le dossier"
    store.undo()
    assert call_lists.lines(calling.list_id)[0].state == "a_appeler"
    assert people.search("modele") == (), "her file went with it"


def test_somebody_known_keeps_one_file(tab, file, keys, qtbot):
    noe = people.record(people.Draft("Fictif", "Noé", phone="0600000003", informed_on=TODAY), TODAY)
    receive(tab, file)
    tab.calls.list.step(2)
    tab.calls.open_dossier()
    assert tab.calls.form.hint.text() == "Elle a déjà une fiche."
    with qtbot.waitSignal(tab.opened) as opened:
        keys.press(ENTER)
    assert dossiers.sheet(opened.args[0]).person == noe
    assert len(people.search("fictif")) == 1


def test_a_wrong_number_is_told_and_never_becomes_a_name(calling, keys):
    calling.list.step(1)
    keys.type("5")
    assert "(06 00 00) est faux" in calling.form.hint.text()
    assert calling.form.person.text() == "EXEMPLE Julie"
    keys.press(ESCAPE)
    assert calling.call.isVisible() and calling.form.isHidden()


def test_a_dossier_with_nobody_named_is_refused(calling, keys):
    keys.type("5")
    calling.form.person.setText("")
    calling.form.open_dossier()
    assert calling.form.form.error("person").startswith("Écrivez le nom")
    assert call_lists.lines(calling.list_id)[0].state == "a_appeler"


# give back


def test_what_goes_back_to_the_partner_has_no_name(calling, tab, keys, tmp_path, qtbot):
    keys.type("Sa mere est malade")
    keys.press(ENTER)
    keys.type("1")
    for name in ("retour.csv", "retour.xlsx"):
        with qtbot.waitSignal(tab.said) as said:
            tab.write_return(calling.list_id, str(tmp_path / name))
        assert said.args == [f"Fichier de retour enregistré : {name}."]
    text = (tmp_path / "retour.csv").read_text(encoding="utf-8-sig")
    assert text.splitlines()[1] == f"6 000 000 001;Joint;{TODAY:%d/%m/%Y}"
    assert "MOD" not in text and "mere" not in text
    rows = list(openpyxl.load_workbook(tmp_path / "retour.xlsx").active.iter_rows(values_only=True))
    assert rows[0] == ("Référence", "Résultat", "Jour") and rows[1][1] == "Joint" and len(rows) == 4


def test_a_full_key_says_so(calling, tab, tmp_path, qtbot):
    with qtbot.waitSignal(tab.said) as said:
        tab.write_return(calling.list_id, str(tmp_path / "absent" / "retour.csv"))
    assert said.args == ["Le fichier ne s’écrit pas là. Choisissez un autre endroit."]


def test_the_digits_of_the_home_page(tab, file, keys):
    keys.type("1")
    dialog = tab.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()
    tab.window().activateWindow()
    QApplication.processEvents()
    receive(tab, file)
    keys.press(ESCAPE)
    assert tab.home.isVisible()
    keys.press(ENTER)
    assert tab.calls.isVisible()
    keys.press(ESCAPE)
    keys.type("3")
    assert call_lists.sheets() == ()
    store.undo()
    assert len(call_lists.sheets()) == 1


def test_escape_goes_back_to_the_dossiers(tab, keys, qtbot):
    with qtbot.waitSignal(tab.left):
        keys.press(ESCAPE)


def test_the_veil_leaves_no_name(calling, tab):
    tab.forget()
    assert calling.name.text() == calling.phone.text() == calling.facts.text() == calling.note.text() == ""
    assert calling.list.cards() == () and tab.home.list.cards() == () and tab.home.isVisible()
    tab.enter()
    assert len(tab.home.list.cards()) == 1
