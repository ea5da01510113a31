"""The gate: who opens, what a wrong phrase costs, the day code, the recovery sheet, the damaged file."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QWidget

from db import keys, store
from db.ids import uuid7
from desktop.gate import DayCode, Gate
from desktop.jobs import Jobs
from desktop.settings.passphrases import code_problem
from desktop.widgets import look

NADIA = "mezzanine alambic platine briquet couronne"
KARIM = "sachet estampe cadre panneau ancre"


@pytest.fixture(scope="session")
def sealed(tmp_path_factory) -> tuple[Path, str]:
    """A place with two slots, made once: each costs an Argon2id."""
    folder = tmp_path_factory.mktemp("cles") / "lieu"
    dek, code = keys.create(folder, keys.Slot(uuid7(), "Nadia Rahmani", keys.RESPONSABLE), NADIA)
    keys.add(folder, dek, keys.Slot(uuid7(), "Karim Belkacem", "mediateur"), KARIM)
    return folder, code


@pytest.fixture
def folder(sealed, tmp_path) -> Path:
    return Path(shutil.copytree(sealed[0], tmp_path / "lieu"))


@pytest.fixture
def gate(qtbot, folder):
    jobs = Jobs()
    made = Gate(jobs)
    qtbot.addWidget(made)
    made.resize(1366, 689)
    made.show()
    made.ask(folder)
    yield made
    jobs.close()
    if store.is_open():
        store.close()


def press(widget, key) -> None:
    QTest.keyClick(widget, key)


def type_into(widget, text: str) -> None:
    QTest.keyClicks(widget, text)


def shown_texts(gate) -> str:
    return " ".join(w.text() for kind in (QLabel, QLineEdit) for w in gate.findChildren(kind) if w.isVisible())


def test_a_digit_chooses_and_the_phrase_opens(gate, folder, qtbot):
    press(gate.list, Qt.Key.Key_2)
    assert gate.field.hasFocus()
    type_into(gate.field, KARIM)
    with qtbot.waitSignal(gate.opened) as opened:
        press(gate.field, Qt.Key.Key_Return)
    dek, slot = opened.args
    assert slot == keys.slots(folder)[1].id
    assert isinstance(dek, bytes)
    assert len(dek) == 32
    assert gate.field.text() == ""


def test_ctrl_z_never_gives_back_the_phrase_that_opened(gate, folder, qtbot):
    type_into(gate.field, NADIA)
    with qtbot.waitSignal(gate.opened):
        press(gate.field, Qt.Key.Key_Return)
    gate.ask(folder)
    gate.reveal.click()
    gate.field.undo()
    assert gate.field.text() == ""


def test_a_letter_begins_the_phrase_without_choosing_the_field(gate):
    press(gate.list, Qt.Key.Key_M)
    assert gate.field.hasFocus()
    assert gate.field.text() == "m"


def test_arrows_choose_while_the_field_keeps_the_focus(gate, folder):
    gate.field.setFocus()
    press(gate.field, Qt.Key.Key_Down)
    assert gate.list.current_id() == keys.slots(folder)[1].id
    assert gate.field.hasFocus()


def test_who_opened_last_is_chosen_at_the_next_start(gate, folder, qtbot):
    press(gate.list, Qt.Key.Key_2)
    type_into(gate.field, KARIM)
    with qtbot.waitSignal(gate.opened):
        press(gate.field, Qt.Key.Key_Return)
    jobs = Jobs()
    again = Gate(jobs)
    qtbot.addWidget(again)
    again.ask(folder)
    assert again.list.current_id() == keys.slots(folder)[1].id
    jobs.close()


def test_a_wrong_phrase_is_said_counted_down_and_survives_a_restart(gate, folder, qtbot):
    for _ in range(2):  # the second mistake costs two seconds
        qtbot.waitUntil(gate.button.isEnabled)
        gate.field.setFocus()
        gate.field.selectAll()
        type_into(gate.field, "une phrase qui ne vaut rien")
        press(gate.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "Attendez" in gate.error.text())
    assert gate.error.text().startswith("Retapez la phrase de passe")
    assert not gate.button.isEnabled()
    assert "Attendez" in gate.button.accessibleDescription()
    jobs = Jobs()
    again = Gate(jobs)
    qtbot.addWidget(again)
    again.ask(folder)
    assert "Attendez" in again.error.text()
    qtbot.waitUntil(again.button.isEnabled)
    assert "Attendez" not in again.error.text()
    jobs.close()


def test_entering_too_soon_tries_nothing(gate, folder, qtbot):
    slot = keys.slots(folder)[0].id
    with pytest.raises(keys.WrongSecret):
        keys.unlock(folder, slot, "une phrase qui ne vaut rien")
    gate.ask(folder)
    type_into(gate.field, NADIA)
    with qtbot.assertNotEmitted(gate.opened):
        press(gate.field, Qt.Key.Key_Return)
    assert "Attendez" in gate.error.text()
    assert gate.field.text() == NADIA  # kept, Entrée is enough afterwards
    qtbot.waitUntil(gate.button.isEnabled)
    with qtbot.waitSignal(gate.opened):
        press(gate.field, Qt.Key.Key_Return)


def test_an_empty_phrase_costs_no_delay(gate, folder):
    gate.field.setFocus()
    press(gate.field, Qt.Key.Key_Return)
    assert gate.error.text() == "Tapez votre phrase de passe."
    assert keys.wait(folder, keys.slots(folder)[0].id) == 0


def test_the_phrase_is_hidden_until_asked(gate):
    type_into(gate.field, "bonjour")
    assert gate.field.echoMode() == QLineEdit.EchoMode.Password
    gate.reveal.click()
    assert gate.field.echoMode() == QLineEdit.EchoMode.Normal


def test_the_veil_shows_numbers_and_nothing_of_anybody(gate, folder):
    gate.veil((15, 16), keys.slots(folder)[0].id)
    assert gate.face.numbers.text() == "15 · 16"
    assert "2" in gate.face.waiting.text()
    gate.ask(folder)
    assert "15" not in shown_texts(gate)


def test_a_phrase_half_typed_does_not_survive_the_veil(gate, folder):
    type_into(gate.field, "sachet est")
    gate.veil((), keys.slots(folder)[0].id)
    assert gate.field.text() == ""


def test_a_late_unlock_does_not_open_what_was_asked_since(gate, folder, qtbot):
    type_into(gate.field, NADIA)
    with qtbot.assertNotEmitted(gate.opened):
        press(gate.field, Qt.Key.Key_Return)
        gate.veil_demo()
        gate._jobs.close()
    assert gate.resume.hasFocus()


def test_six_digits_lift_the_veil_for_the_same_mediator_only(gate, folder, qtbot):
    nadia, karim = (slot.id for slot in keys.slots(folder))
    gate.set_day_code("402817", nadia)
    gate.veil((), nadia)
    assert gate.code_field.hasFocus()
    with qtbot.waitSignal(gate.unveiled):
        type_into(gate.code_field, "402817")
    gate.veil((), karim)
    assert gate.list.hasFocus()
    gate.veil((), nadia, code_allowed=False)
    assert gate.list.hasFocus()


def test_three_wrong_codes_ask_for_the_whole_phrase(gate, folder, qtbot):
    nadia = keys.slots(folder)[0].id
    gate.set_day_code("402817", nadia)
    gate.veil((), nadia)
    with qtbot.assertNotEmitted(gate.unveiled):
        for wrong in ("402818", "402819", "402810"):
            type_into(gate.code_field, wrong)
        type_into(gate.code_field, "402817")
    assert gate.field.isVisible()
    assert not gate.has_day_code(nadia)


def test_locking_forgets_the_day_code(gate, folder):
    nadia = keys.slots(folder)[0].id
    gate.set_day_code("402817", nadia)
    gate.ask(folder)
    gate.veil((), nadia)
    assert gate.list.hasFocus()


def test_the_day_code_is_nowhere_in_clear():
    code = DayCode()
    code.choose("402817", "a")
    assert "402817" not in repr(vars(code))
    assert code.opens("402817")


@pytest.mark.parametrize(
    ("code", "right"),
    [("402817", True), ("000000", False), ("123456", False), ("987654", False), ("12", False), ("121212", False)],
)
def test_a_day_code_is_not_too_simple(code, right):
    assert (code_problem(code) is None) == right


def test_the_demonstration_comes_back_with_one_key(gate, qtbot):
    gate.veil_demo()
    with qtbot.waitSignal(gate.unveiled):
        press(gate.resume, Qt.Key.Key_Return)


def test_the_sheet_gives_a_new_phrase_and_a_new_sheet_before_opening(gate, sealed, folder, qtbot):
    old = sealed[1]
    gate.lost.click()
    recovery = gate.recovery
    field = recovery.code.fields["code"]
    assert field.hasFocus()
    type_into(field, "ABCDE")
    press(field, Qt.Key.Key_Return)
    assert recovery.code.error("code") == keys.WrongCode.sentence
    field.clear()
    type_into(field, old.lower().replace("-", " "))
    press(field, Qt.Key.Key_Return)
    slot = recovery.choice.fields["slot"]
    press(slot, Qt.Key.Key_Down)
    phrase = recovery.choice.fields["passphrase"].text()
    press(recovery.choice.fields["passphrase"], Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: recovery.pages.place() == 2)
    press(recovery.sheet.group, Qt.Key.Key_Return)
    assert recovery.sheet.group.property("wrong") == "true"
    group = recovery.sheet._code.split("-")[-1]
    with qtbot.waitSignal(gate.opened) as opened:
        type_into(recovery.sheet.group, group.lower())
        press(recovery.sheet.group, Qt.Key.Key_Return)
    dek, who = opened.args
    assert who == keys.slots(folder)[1].id
    assert keys.unlock(folder, who, phrase) == dek
    assert gate.used_recovery
    with pytest.raises(keys.OldCode):
        keys.recover(folder, old)
    assert recovery._dek == b""


def test_escape_leaves_the_recovery(gate):
    gate.lost.click()
    press(gate.recovery.code.fields["code"], Qt.Key.Key_Escape)
    assert gate.field.hasFocus()


def test_a_damaged_file_is_restored_in_two_presses(gate, folder, qtbot):
    backups = folder / store.BACKUPS
    backups.mkdir()
    paths = [backups / f"guichet-20261123-{hour}2405-000000.db" for hour in (12, 17)]
    for path in paths:
        path.write_bytes(b"x" * 5000)
    gate.show_fault(store.StoreError(store.Fault.DAMAGED), store.backups_of(folder))
    assert gate.fault.text() == store.Fault.DAMAGED.value
    assert gate.backups.button.text() == "Restaurer la sauvegarde du 23/11 à 17:24"
    assert gate.backups.button.hasFocus()
    with qtbot.assertNotEmitted(gate.restore):
        press(gate.backups.button, Qt.Key.Key_Return)
    assert "23/11 à 17:24" in gate.backups.warning.text()
    with qtbot.waitSignal(gate.restore) as asked:
        press(gate.backups.button, Qt.Key.Key_Return)
    assert asked.args == [paths[1]]


def test_an_older_backup_may_be_chosen(gate, folder, qtbot):
    made = tuple(store.Backup(folder / f"{hour}.db", datetime(2026, 11, 23, hour, 0).astimezone()) for hour in (17, 12))
    gate.show_fault(store.StoreError(store.Fault.WRONG_KEY), made)
    press(gate.backups.list, Qt.Key.Key_Down)
    assert gate.backups.button.text() == "Restaurer la sauvegarde du 23/11 à 12:00"
    with qtbot.waitSignal(gate.restore) as asked:
        press(gate.backups.list, Qt.Key.Key_Return)
        press(gate.backups.button, Qt.Key.Key_Return)
    assert asked.args == [folder / "12.db"]


@pytest.mark.parametrize("fault", [store.Fault.NEWER, store.Fault.ALREADY_OPEN, store.Fault.UNREADABLE])
def test_other_faults_offer_no_backup(gate, folder, fault):
    gate.show_fault(store.StoreError(fault), ())
    assert gate.fault.text() == fault.value
    assert not gate.backups.isVisible()
    press(gate.again, Qt.Key.Key_Return)
    assert gate.list.isVisible()


def test_lost_keys_are_said(gate, tmp_path):
    gate.ask(tmp_path / "vide")
    assert gate.fault.text() == keys.KeysDamaged.sentence


@pytest.mark.parametrize("scale", look.SCALES)
def test_the_gate_fits_the_width_at_every_text_size(gate, qapp, scale):
    look.apply("clair", scale)
    area = gate.findChild(QScrollArea)
    for page in range(5):
        gate._show(page)
        qapp.processEvents()
        assert area.horizontalScrollBar().maximum() == 0, page


def test_everything_focusable_has_a_name(gate):
    assert [w for w in gate.findChildren(QWidget) if _stops(w) and not w.accessibleName()] == []


def _stops(widget: QWidget) -> bool:
    in_a_list = isinstance(widget.parent(), QFrame) and widget.parent().inherits("QComboBoxPrivateContainer")
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not in_a_list
