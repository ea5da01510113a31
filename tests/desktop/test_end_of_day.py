"""Fin de journée: what is still open, the figures, the copy on the stick and its verification."""

from datetime import date, datetime, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtWidgets import QFileDialog

from db import closing, digital_space, people, store, visits
from db.handover import consolidation, export
from db.schema import Closing, Demand

K = Qt.Key
LEFT = Qt.MouseButton.LeftButton
PASSPHRASE = "cinq mots faciles à retenir"
SPACE = "\N{NO-BREAK SPACE}"


@pytest.fixture(scope="session")
def coordinator(tmp_path_factory):
    folder = tmp_path_factory.mktemp("coordinateur")
    consolidation.create(folder, "PIMMS de Villeurbanne", PASSPHRASE, memory=8192, passes=1)
    return folder


@pytest.fixture
def evening(desk, hands):
    hands.press(K.Key_F12)
    return desk.handover


@pytest.fixture
def paired(evening, coordinator, tmp_path):
    """The coordinator's file was chosen, and a folder stands for the stick."""
    file = tmp_path / "poste-A1.guichet"
    file.write_bytes(consolidation.pair(coordinator, "A1", PASSPHRASE))
    chosen(evening, evening.pair.click, file)
    stick = tmp_path / "cle"
    stick.mkdir()
    return stick


def chosen(evening, ask, path) -> None:
    """The file dialog opened by `ask` answers `path`."""
    ask()
    dialog = evening.findChildren(QFileDialog)[-1]
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    evening.window().activateWindow()


def choose_stick(evening, folder) -> None:
    """« Autre dossier… » in the list of sticks."""
    chosen(evening, lambda: evening.sticks.setCurrentIndex(evening.sticks.count() - 1), folder)


def said(evening, name: str) -> tuple[str, str]:
    return evening.rows[name].state, evening.rows[name].sentence.text()


def visit(hands) -> None:
    hands.press(K.Key_F2)
    for key in (K.Key_6, K.Key_2, K.Key_1, K.Key_1, K.Key_Return):
        hands.press(key)


def bundles(folder) -> list:
    return [path for path in folder.rglob("GUICHET-*") if path.is_file() and path.suffix != ".part"]


def test_a_desk_never_paired_says_what_to_do_and_cannot_send(evening):
    assert said(evening, "copy") == (
        "mend", "Ce poste n’est pas encore appairé. Importez le fichier du coordinateur.",
    )  # fmt: skip
    assert not evening.close_day.isEnabled()
    assert evening.close_day.accessibleDescription()
    assert evening.pair.isVisible()


def test_a_visit_under_way_is_said_with_the_key_to_finish_it(desk, hands):
    hands.press(K.Key_F2)
    hands.press(K.Key_F12)
    assert said(desk.handover, "visits") == ("mend", f"1{SPACE}visite à enregistrer. F5 pour la finir.")
    hands.press(K.Key_F5)
    for key in (K.Key_6, K.Key_2, K.Key_1, K.Key_1, K.Key_Return):
        hands.press(key)
    hands.press(K.Key_F12)
    assert said(desk.handover, "visits") == ("done", f"1{SPACE}visite enregistrée, aucune en cours")


def test_those_who_still_wait_left_in_one_click_and_undo_brings_all_back(evening, desk, hands, qtbot):
    visits.arrive(visits.Arrival(2))
    visits.arrive(visits.Arrival(3))
    desk.refresh()
    assert said(evening, "queue") == ("mend", f"2{SPACE}personnes dans la file")
    qtbot.mouseClick(evening.empty_queue, LEFT)
    assert said(evening, "queue") == ("done", "Personne n’attend")
    assert dict(evening.figures())["Repartis sans attendre"] == "2"
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(visits.queue()) == 2


def test_f12_then_entree_at_a_desk_that_cannot_send_sends_nobody_away(desk, hands):
    visits.arrive(visits.Arrival(2))
    hands.press(K.Key_F12)
    hands.press(K.Key_Return)
    assert len(visits.queue()) == 1


def test_a_station_still_in_use_is_freed_by_its_button(evening, desk, qtbot):
    digital_space.start(digital_space.add_station(3), "emploi", 45, "Mme Kaya")
    desk.refresh()
    assert said(evening, "stations") == ("mend", "Encore ouverts : Poste 3")
    qtbot.mouseClick(evening.end_sessions, LEFT)
    assert said(evening, "stations") == ("done", "Tous les postes sont libres")
    assert closing.running_sessions() == ()


@pytest.mark.parametrize(
    ("typed", "state", "sentence"),
    [
        ("", "mend", f"0,30{SPACE}€ attendus : comptez"),
        ("0,30", "done", f"0,30{SPACE}€ comptés, 0,30{SPACE}€ attendus"),
        ("0.30 €", "done", f"0,30{SPACE}€ comptés, 0,30{SPACE}€ attendus"),
        ("6,40", "mend", f"6,40{SPACE}€ comptés, 0,30{SPACE}€ attendus"),
        ("trente", "mend", "Écrivez un montant. Exemple : 6,40."),
    ],
)
def test_the_cash_is_counted_against_what_is_due(desk, hands, typed, state, sentence):
    digital_space.count("nb", 3)
    hands.press(K.Key_F12)
    desk.handover.cash.setFocus()
    for sign in typed.replace("€", ""):
        hands.type(sign)
    assert said(desk.handover, "cash") == (state, sentence)


def test_the_figures_are_those_of_the_day(desk, hands):
    visit(hands)
    visit(hands)
    digital_space.count("nb", 4)
    figures = dict(desk.handover.figures())
    assert (figures["Visites"], figures["Demandes"], figures["Demandes par visite"]) == ("2", "2", "1,00")
    assert figures["Pages imprimées et copiées"] == "4"


def test_the_sheet_of_the_day_carries_the_figures_and_the_seal_of_the_journal(desk, hands):
    visit(hands)
    pdf = desk.handover.sheet()
    with pypdfium2.PdfDocument(pdf) as document:
        text = " ".join(document[0].get_textpage().get_text_range().split())
    assert "Visites" in text
    assert "sceau du journal" in text


def test_the_sheet_of_the_day_asks_for_a_printer(evening, hands):
    hands.press(K.Key_P, Qt.KeyboardModifier.ControlModifier)
    dialog = evening.findChild(QPrintDialog)
    assert dialog.isVisible()
    dialog.reject()


def test_the_coordinator_s_file_pairs_the_desk_and_its_fingerprint_is_said(evening, paired, desk):
    assert desk.toast.sentence.text().startswith("Poste appairé. Empreinte à lire au téléphone : ")
    assert said(evening, "copy")[1] == "Branchez la clé, ou choisissez un dossier."
    assert not evening.pair.isVisible()


@pytest.mark.parametrize("content", [b"", b"pas un fichier de coordinateur", b"\x00" * 5000])
def test_another_file_is_refused_with_a_sentence(evening, tmp_path, content):
    file = tmp_path / "autre"
    file.write_bytes(content)
    chosen(evening, evening.pair.click, file)
    state, sentence = said(evening, "copy")
    assert state == "wrong"
    assert sentence and "Error" not in sentence and sentence.endswith(".")


def test_the_day_is_copied_re_read_and_only_then_may_the_stick_go(evening, paired, desk, hands, qtbot):
    visit(hands)
    hands.press(K.Key_F12)
    assert said(evening, "verified") == ("later", "Ne retirez pas encore la clé")
    choose_stick(evening, paired)
    assert evening.close_day.isEnabled()
    with qtbot.waitSignal(evening.finished) as finished:
        evening.close_day.setFocus()
        hands.press(K.Key_Return)
    assert said(evening, "verified") == ("done", "Relue octet par octet. Vous pouvez retirer la clé.")
    assert evening.rows["copy"].state == "done"
    (file,) = bundles(paired)
    assert finished.args == [str(file)]
    assert desk.toast.sentence.text() == "Journée fermée. Vous pouvez retirer la clé."
    assert b"Benali" not in file.read_bytes()
    assert len(store.backups()) == 1


def test_the_coordinator_reads_what_the_desk_sent(evening, paired, hands, coordinator, qtbot):
    visit(hands)
    hands.press(K.Key_F12)
    choose_stick(evening, paired)
    with qtbot.waitSignal(evening.finished):
        evening.run()
    (file,) = bundles(paired)
    report = consolidation.consolidate(coordinator, [file], PASSPHRASE, [export.fingerprint()])
    assert (report.visits, report.demands, report.conflicts) == (1, 1, 0)


def test_a_stick_pulled_out_is_said_and_the_day_can_be_tried_again(evening, paired, qtbot):
    choose_stick(evening, paired)
    paired.rmdir()
    evening.run()
    qtbot.waitUntil(lambda: evening.rows["copy"].state == "wrong")
    assert said(evening, "copy")[1].endswith(".")
    assert evening.rows["verified"].state == "later"
    assert evening.close_day.isEnabled()
    paired.mkdir()
    with qtbot.waitSignal(evening.finished):
        evening.run()
    assert len(bundles(paired)) == 1


def test_without_a_stick_a_verified_copy_stays_at_the_desk(evening, desk, hands, qtbot, opened):
    visit(hands)
    hands.press(K.Key_F12)
    qtbot.mouseClick(evening.later, LEFT)
    (backup,) = store.backups()
    store.verify(backup.path, bytes(store.schema.database.key))
    assert desk.toast.sentence.text() == f"Journée fermée, copie gardée sur ce poste ({backup.path.name})."
    assert closing.closed(date.today())


def test_closing_twice_keeps_one_line_with_the_last_figures(evening, hands, qtbot):
    qtbot.mouseClick(evening.later, LEFT)
    visit(hands)
    hands.press(K.Key_F12)
    qtbot.mouseClick(evening.later, LEFT)
    (row,) = Closing.select()
    assert row.figures["visits"] == 1


def test_closing_cuts_the_sensitive_sub_theme_of_a_named_person(evening, hands, qtbot):
    person = people.record(people.Draft("Benali", "Samira", informed_on=date.today()), date.today())
    permit = visits.Demand(6, "ETR", "titre", nature="information", outcome="resolu")
    moment = datetime.now().astimezone() - timedelta(minutes=5)
    visits.record(visits.Draft(person=person, started_at=moment, demands=(permit,)), moment)
    qtbot.mouseClick(evening.later, LEFT)
    assert [(row.theme, row.subtheme) for row in Demand.select()] == [("ETR", "")]


def test_what_was_cut_at_closing_does_not_come_back_by_undo_and_redo(evening, desk, hands, qtbot):
    person = people.record(people.Draft("Benali", "Samira", informed_on=date.today()), date.today())
    permit = visits.Demand(6, "ETR", "titre", nature="information", outcome="resolu")
    visits.record(visits.Draft(person=person, demands=(permit,)))
    qtbot.mouseClick(evening.later, LEFT)
    control = Qt.KeyboardModifier.ControlModifier
    hands.press(K.Key_Z, control)
    hands.press(K.Key_Y, control)
    assert [row.subtheme for row in Demand.select()] == [""]


def test_the_counted_cash_does_not_stay_behind_the_veil(desk, hands):
    hands.press(K.Key_F12)
    desk.handover.cash.setFocus()
    hands.type("6")
    desk.sleep()
    assert desk.handover.cash.text() == ""
