"""Réglages on a real place: what the responsable may do, and what the others are told."""

import os
from datetime import date

import nacl.signing
import pyrage
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from db import digital_space, journal, keys, lists, place, preferences, store, team
from db.handover import export, pairing
from db.ids import uuid7
from desktop.jobs import Jobs
from desktop.settings.safety_sections import _since
from desktop.settings.tab import SettingsTab
from desktop.settings.team_section import MEMBERS, SHEET
from desktop.widgets import look
from desktop.widgets.look import LOOK

NADIA = "mezzanine alambic platine briquet couronne"
KARIM = "sachet estampe cadre panneau ancre"


@pytest.fixture(scope="session")
def sealed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reglages") / "lieu"
    nadia, karim = uuid7(), uuid7()
    dek, _code = keys.create(folder, keys.Slot(nadia, "Nadia Rahmani", keys.RESPONSABLE), NADIA)
    keys.add(folder, dek, keys.Slot(karim, "Karim Belkacem", "mediateur"), KARIM)
    return {path.name: path.read_bytes() for path in folder.iterdir()}, dek, nadia, karim


@pytest.fixture
def house(sealed, tmp_path):
    """An open place with its keys; Nadia, responsable, is at work."""
    files, dek, nadia, karim = sealed
    folder = tmp_path / "lieu"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    place.enter(folder, dek, nadia)
    with store.act(""):
        team.add(nadia, "Nadia Rahmani", keys.RESPONSABLE)
        team.add(karim, "Karim Belkacem")
        digital_space.add_station(1)
    yield folder, nadia, karim, dek
    place.leave()


@pytest.fixture
def tab(house, qtbot):
    jobs = Jobs()
    made = SettingsTab(jobs)
    qtbot.addWidget(made)
    made.resize(1256, 560)
    made.show()
    made.enter()
    made.refresh()
    yield made
    jobs.close()


def write(widget, text: str) -> None:
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)


def confirm(tab, phrase: str = NADIA) -> None:
    write(tab.team.confirm.field, phrase)
    QTest.keyClick(tab.team.confirm.field, Qt.Key.Key_Return)


def as_karim(tab, house) -> None:
    store.sign_in(house[2], "A1")
    tab.refresh()


def test_arrows_go_from_section_to_section(tab):
    QTest.keyClick(tab.list, Qt.Key.Key_Down)
    assert tab.section() is tab.team
    assert len(tab.team.list.cards()) == 2


def test_the_place_is_saved_with_one_key(tab, qtbot):
    write(tab.place.page.place.fields["name"], "PIMMS de Bron")
    write(tab.place.page.hours.fields["day0"], "14h-18h")
    with qtbot.waitSignal(tab.settled):
        QTest.keyClick(tab.place.page.hours.fields["day0"], Qt.Key.Key_Return)
    assert preferences.place().name == "PIMMS de Bron"
    assert preferences.hours()["0"] == [["14:00", "18:00"]]
    assert journal.verify() is None


def test_a_mediator_reads_why_the_place_is_not_his_to_change(tab, house):
    as_karim(tab, house)
    assert tab.place.locked.text() == "Demandez au responsable : lui seul change le lieu."
    assert not tab.place.save.isEnabled()
    assert "responsable" in tab.place.save.accessibleDescription()
    tab.place.record()
    assert preferences.get("place") is None


@pytest.mark.parametrize("name", ["team", "lists", "stations", "backups", "coordinator"])
def test_the_other_reserved_sections_say_it_too(tab, house, name):
    store.sign_in(house[2], "A1")
    section = getattr(tab, name)
    tab.show_section(section)
    assert section.locked.isVisible()
    store.sign_in(house[1], "A1")
    tab.refresh()
    assert not section.locked.isVisible()


def test_somebody_joins_with_a_phrase_of_their_own(tab, house, qtbot):
    tab.show_section(tab.team)
    tab.team.add.click()
    write(tab.team.newcomer.form.fields["name"], "Jeanne Dupont")
    phrase = tab.team.newcomer.form.fields["passphrase"].text()
    tab.team.newcomer.signs.setFocus()
    QTest.keyClick(tab.team.newcomer.signs, Qt.Key.Key_Space)
    with qtbot.waitSignal(tab.settled):
        confirm(tab)
    slot = keys.slots(house[0])[-1]
    assert (slot.name, slot.role) == ("Jeanne Dupont", "mediateur")
    assert keys.unlock(house[0], slot.id, phrase) == house[3]
    assert not team.member(slot.id).may_sign_mandate
    assert tab.team.newcomer.form.fields["passphrase"].text() == ""
    assert store.last_act() is None  # a slot cannot be undone, so neither can its line


def test_the_wrong_phrase_changes_nothing(tab, house, qtbot):
    tab.show_section(tab.team)
    tab.team.add.click()
    write(tab.team.newcomer.form.fields["name"], "Jeanne Dupont")
    confirm(tab, "une phrase qui ne vaut rien")
    qtbot.waitUntil(lambda: tab.team.confirm.note.text() == keys.WrongSecret.sentence)
    assert len(keys.slots(house[0])) == 2
    assert len(team.members()) == 2


def test_a_name_already_taken_is_refused(tab):
    tab.show_section(tab.team)
    tab.team.add.click()
    write(tab.team.newcomer.form.fields["name"], "karim belkacem")
    confirm(tab)
    assert tab.team.newcomer.form.error("name") == "Distinguez ce nom : il est déjà pris."


def test_two_people_always_remain(tab, house, qtbot):
    tab.show_section(tab.team)
    tab.team.list.show_cards(tab.team.list.cards(), select=house[2])
    tab.team.archive.click()
    confirm(tab)
    qtbot.waitUntil(lambda: "deux" in tab.team.confirm.note.text())
    assert len(team.members()) == 2


def test_whoever_leaves_opens_nothing_any_more(tab, house, qtbot):
    folder, _nadia, karim, dek = house
    keys.add(folder, dek, keys.Slot(uuid7(), "Jeanne Dupont", "mediateur"), "banquet cadre loup profil citron")
    tab.show_section(tab.team)
    tab.team.list.show_cards(tab.team.list.cards(), select=karim)
    tab.team.archive.click()
    assert tab.team.confirm.button.text() == "Retirer Karim Belkacem"
    with qtbot.waitSignal(tab.settled):
        confirm(tab)
    assert karim not in [slot.id for slot in keys.slots(folder)]
    assert [line.name for line in team.members()] == ["Nadia Rahmani"]
    assert store.last_act() is None or "retiré" not in store.last_act()


def test_nobody_retires_themselves(tab, house):
    tab.show_section(tab.team)
    tab.team.list.show_cards(tab.team.list.cards(), select=house[1])
    assert not tab.team.archive.isEnabled()


def test_a_change_asked_before_the_veil_is_recorded_but_shows_no_code(tab, house, qtbot):
    tab.show_section(tab.team)
    tab.team.sheet_button.click()
    confirm(tab)
    head = journal.head()
    tab.forget()
    qtbot.waitUntil(lambda: journal.head() != head)
    assert tab.team.pages.place() == MEMBERS
    assert tab.team.sheet._code == ""


def test_one_changes_ones_own_phrase_whatever_the_role(tab, house, qtbot):
    tab.show_section(tab.team)
    as_karim(tab, house)
    assert tab.team.phrase.isEnabled()
    tab.team.phrase.click()
    phrase = tab.team.mine.fields["passphrase"].text()
    with qtbot.waitSignal(tab.settled):
        confirm(tab, KARIM)
    assert keys.unlock(house[0], house[2], phrase) == house[3]


def test_a_new_sheet_voids_the_former_and_must_be_kept(tab, house, qtbot):
    tab.show_section(tab.team)
    tab.team.sheet_button.click()
    confirm(tab)
    qtbot.waitUntil(lambda: tab.team.pages.place() == SHEET)
    code = tab.team.sheet._code
    assert keys.recover(house[0], code) == house[3]
    tab.team.finish.click()
    assert tab.team.pages.place() == SHEET
    write(tab.team.sheet.group, code.split("-")[-1])
    tab.team.finish.click()
    assert tab.team.pages.place() == MEMBERS
    assert tab.team.sheet._code == ""


def test_the_veil_leaves_no_secret_in_a_field(tab):
    tab.show_section(tab.team)
    tab.team.phrase.click()
    write(tab.team.confirm.field, "moi")
    tab.forget()
    assert tab.team.confirm.field.text() == ""
    assert tab.team.mine.fields["passphrase"].text() == ""
    assert tab.team.confirm.isHidden()


def test_a_structure_is_renamed_archived_and_added(tab, qtbot):
    tab.show_section(tab.lists)
    field = tab.lists.form.fields["label"]
    write(field, "Service social")
    with qtbot.waitSignal(tab.acted):
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert lists.label("structure", "travail_social") == "Service social"
    tab.lists.archive_button.click()
    assert "travail_social" not in [v.code for v in lists.values("structure")]
    assert tab.lists.archive_button.text() == "Remettre"
    write(field, "Maison du Rhone")
    tab.lists.add_button.click()
    assert [v.code for v in lists.values("structure")][-1] == "maison_du_rhone"
    store.undo()
    lists.reload()
    assert "maison_du_rhone" not in [v.code for v in lists.values("structure")]


def test_renaming_keeps_the_order_of_the_digits(tab):
    before = [v.code for v in lists.values("structure")]
    tab.show_section(tab.lists)
    tab.lists.list.step(2)
    write(tab.lists.form.fields["label"], "CCAS de Bron")
    tab.lists.rename()
    assert [v.code for v in lists.values("structure")] == before


def test_a_doubled_label_is_refused(tab):
    tab.show_section(tab.lists)
    write(tab.lists.form.fields["label"], "ccas")
    tab.lists.add()
    assert "déjà" in tab.lists.form.error("label")


def test_stations_and_figures(tab, qtbot):
    tab.show_section(tab.stations)
    tab.stations.add.click()
    assert [post.number for post in digital_space.posts()] == [1, 2]
    tab.stations.fault.click()
    assert digital_space.posts()[0].fault == "Hors service"
    assert tab.stations.fault.text() == "Remettre en service"
    field = tab.stations.habits.fields["profile_every"]
    write(field, "10")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert preferences.get("profile_every") == 10


def test_the_look_changes_at_once_and_is_remembered(tab):
    tab.show_section(tab.look)
    QApplication.processEvents()
    chosen = tab.look.themes["clair"]
    assert chosen.width() >= chosen.minimumSizeHint().width(), "its tick leaves its words whole"
    tab.look.themes["sombre"].click()
    tab.look.scales[150].click()
    tab.look.delays[5].click()
    assert (LOOK.theme, LOOK.scale) == ("sombre", 150)
    assert preferences.get("look") == {"theme": "sombre", "scale": 150}
    assert preferences.get("idle_seconds") == 300
    look.apply("clair", 100)
    assert tab.look.themes["clair"].isChecked()


def test_the_day_code_is_handed_over_and_not_kept(tab, qtbot):
    tab.show_section(tab.look)
    field = tab.look.code
    write(field, "123456")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert tab.look.form.error("code").startswith("Choisissez")
    write(field, "402817")
    with qtbot.waitSignal(tab.code_chosen) as chosen:
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert chosen.args == ["402817"]
    assert field.text() == ""


def test_a_backup_is_made_and_restored_in_two_presses(tab, qtbot):
    tab.show_section(tab.backups)
    tab.backups.now.click()
    made = store.backups()
    assert len(made) == 1
    assert len(tab.backups.box.list.cards()) == 1
    tab.backups.box.button.click()
    with qtbot.waitSignal(tab.restore) as asked:
        tab.backups.box.button.click()
    assert asked.args == [made[0].path]


def test_a_mediator_restores_nothing(tab, house, qtbot):
    store.back_up()
    tab.show_section(tab.backups)
    as_karim(tab, house)
    with qtbot.assertNotEmitted(tab.restore):
        for _ in range(2):
            tab.backups.box._press()
    assert not tab.backups.now.isEnabled()


def test_the_coordinator_file_pairs_the_desk(tab, tmp_path, qtbot):
    tab.show_section(tab.coordinator)
    assert "n’envoie encore rien" in tab.coordinator.state.text()
    recipients = tuple(str(pyrage.x25519.Identity.generate().to_public()) for _ in range(2))
    signing = nacl.signing.SigningKey(os.urandom(32))
    known = pairing.Pairing("ab" * 8, "PIMMS Métropole", "K7M2", "C3", recipients, signing.verify_key.encode().hex())
    file = tmp_path / "poste.json"
    file.write_bytes(pairing.write(known, signing))
    with qtbot.waitSignal(tab.settled):
        tab.coordinator.read(str(file))
    assert store.desk() == "C3"
    assert known.fingerprint in tab.coordinator.theirs.text()
    assert export.fingerprint() in tab.coordinator.ours.text()
    assert "C3" in tab.coordinator.desk.text()


def test_a_foreign_file_is_refused_with_a_sentence(tab, tmp_path):
    tab.show_section(tab.coordinator)
    file = tmp_path / "photo.jpg"
    file.write_bytes(os.urandom(500))
    tab.coordinator.read(str(file))
    assert tab.coordinator.error.text().startswith("Ce fichier d’appairage est abîmé")
    tab.coordinator.read(str(tmp_path / "absent"))
    assert tab.coordinator.error.text().startswith("Ce fichier ne se lit pas")


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (None, "Aucun envoi confirmé pour l’instant."),
        (date(2026, 11, 23), "Dernier envoi confirmé : aujourd’hui."),
        (date(2026, 11, 20), "Dernier envoi confirmé : il y a 3\u00a0jours."),
    ],
)
def test_how_long_since_the_last_confirmed_sending(last, said):
    assert _since(last, date(2026, 11, 23)) == said


def test_everything_focusable_has_a_name(tab):
    assert [w for w in tab.findChildren(QWidget) if _stops(w) and not w.accessibleName()] == []


@pytest.mark.parametrize("scale", look.SCALES)
def test_every_section_fits_the_width_at_every_text_size(tab, qapp, scale):
    look.apply("clair", scale)
    for place_, section in enumerate(tab.sections):
        tab.show_section(section)
        qapp.processEvents()
        area = tab.stack.widget(place_)
        assert area.horizontalScrollBar().maximum() == 0, section.title
    tab.show_section(tab.team)
    for start in (tab.team._start_newcomer, tab.team._start_phrase, tab.team._start_archive):
        tab.team.show_members()
        start()
        qapp.processEvents()
        assert tab.stack.currentWidget().horizontalScrollBar().maximum() == 0
    tab.team._sheet_made("ABCDE-FGHJK-MNPQR-STVWX-YZ012-3456", True)
    qapp.processEvents()
    assert tab.stack.currentWidget().horizontalScrollBar().maximum() == 0


def _stops(widget: QWidget) -> bool:
    in_a_list = isinstance(widget.parent(), QFrame) and widget.parent().inherits("QComboBoxPrivateContainer")
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not in_a_list
