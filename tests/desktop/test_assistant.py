"""The first run, by keyboard: five screens, nothing written before the last, nothing lost on the way back."""

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QWidget

from db import digital_space, keys, lists, place, preferences, store, team
from desktop.assistant import Assistant
from desktop.jobs import Jobs
from desktop.settings.pages import hours_text, new_code
from desktop.settings.sheet import page_image
from desktop.widgets import look

ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "lieu"


@pytest.fixture
def assistant(qtbot, folder):
    jobs = Jobs()
    made = Assistant(jobs, folder)
    qtbot.addWidget(made)
    made.resize(1366, 689)
    made.show()
    made.activateWindow()
    yield made
    jobs.close()
    if store.is_open():
        place.leave()


def press(key) -> None:
    QTest.keyClick(QApplication.focusWidget(), key)


def write(widget, text: str) -> None:
    widget.setFocus()
    widget.selectAll()
    QTest.keyClicks(widget, text)


def reach_team(assistant) -> None:
    press(ENTER)
    assert assistant.step() == 1


def name_team(assistant) -> None:
    write(assistant.team.members[0].form.fields["name"], "Nadia Rahmani")
    write(assistant.team.members[1].form.fields["name"], "Karim Belkacem")


def reach_sheet(assistant, qtbot) -> None:
    reach_team(assistant)
    name_team(assistant)
    for _ in range(3):
        press(ENTER)
    qtbot.waitUntil(lambda: assistant.step() == 4)


def prove(assistant) -> None:
    write(assistant.sheet.group, assistant._code.split("-")[-1].lower())


def test_the_whole_first_run_by_keyboard(assistant, folder, qtbot):
    write(assistant.place.place.fields["address"], "12 rue Anatole France")
    write(assistant.place.place.fields["desk"], "b2")
    write(assistant.place.hours.fields["day5"], "9h30-12h")
    reach_team(assistant)
    name_team(assistant)
    phrases = [member.form.fields["passphrase"].text() for member in assistant.team.members]
    member = assistant.team.members[1]
    member.signs.setFocus()
    press(Qt.Key.Key_Space)
    press(ENTER)
    assert assistant.step() == 2
    write(assistant.around.lines[0].field, "Service social")
    assistant.around.ticks["sncf"].setFocus()
    press(Qt.Key.Key_Space)
    press(ENTER)
    assert assistant.step() == 3
    write(assistant.habits.fields["stations"], "4")
    write(assistant.habits.fields["profile_every"], "5")
    press(ENTER)
    qtbot.waitUntil(lambda: assistant.step() == 4)
    assert not folder.exists()  # nothing is written yet
    prove(assistant)
    code = assistant._code
    with qtbot.waitSignal(assistant.finished) as finished:
        press(ENTER)
    dek, slot = finished.args

    assert [one.name for one in keys.slots(folder)] == ["Nadia Rahmani", "Karim Belkacem"]
    assert keys.recover(folder, code) == dek
    assert keys.unlock(folder, keys.slots(folder)[1].id, phrases[1]) == dek
    assert slot == keys.slots(folder)[0].id == store.mediator()
    assert store.place() == folder
    assert store.desk() == "B2"
    assert preferences.place() == preferences.Place(
        "PIMMS de Villeurbanne", "12 rue Anatole France", "Villeurbanne", "B2"
    )
    assert preferences.hours()["5"] == [["09:30", "12:00"]]
    assert preferences.opening(date(2026, 11, 28))
    assert preferences.get("profile_every") == 5
    assert preferences.get("letters_kept_days") == 90
    assert [(m.name, m.role, m.may_sign_mandate) for m in team.members()] == [
        ("Karim Belkacem", "mediateur", False),
        ("Nadia Rahmani", "responsable", True),
    ]
    assert lists.label("structure", "travail_social") == "Service social"
    assert "sncf" not in [value.code for value in lists.values("partner")]
    assert len(lists.values("partner", archived=True)) == len(assistant.around.ticks)
    assert len(digital_space.posts()) == 4
    assert store.last_act() is None  # nobody undoes the founding
    assert [path.name for path in folder.parent.iterdir()] == ["lieu"]
    assert assistant.team.members[0].form.fields["passphrase"].text() == ""


def test_the_place_opens_again_with_what_was_typed(assistant, folder, qtbot):
    reach_sheet(assistant, qtbot)
    phrase = assistant.team.members[0].form.fields["passphrase"].text()
    prove(assistant)
    with qtbot.waitSignal(assistant.finished):
        press(ENTER)
    place.leave()
    slot = keys.slots(folder)[0].id
    place.enter(folder, keys.unlock(folder, slot, phrase), slot)
    assert team.member(slot).role == keys.RESPONSABLE


def test_going_back_loses_nothing(assistant):
    write(assistant.place.place.fields["name"], "PIMMS de Bron")
    reach_team(assistant)
    name_team(assistant)
    phrase = assistant.team.members[0].form.fields["passphrase"].text()
    press(ESCAPE)
    assert assistant.step() == 0
    assert assistant.place.place.fields["name"].text() == "PIMMS de Bron"
    press(ENTER)
    assert assistant.team.members[0].form.fields["name"].text() == "Nadia Rahmani"
    assert assistant.team.members[0].form.fields["passphrase"].text() == phrase


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("name", "", "Donnez un nom à ce lieu."),
        ("town", " ", "Donnez la commune : elle date les courriers."),
        ("desk", "Accueil", "Écrivez deux signes : A1, B2."),
    ],
)
def test_a_bad_answer_keeps_the_screen_and_takes_the_focus(assistant, field, text, sentence):
    widget = assistant.place.place.fields[field]
    widget.setText(text)
    press(ENTER)
    assert assistant.step() == 0
    assert assistant.place.place.error(field) == sentence
    assert widget.hasFocus()


def test_hours_are_checked_while_typing(assistant):
    field = assistant.place.hours.fields["day1"]
    write(field, "9:00-")
    assert assistant.place.hours.error("day1").startswith("Écrivez les heures")
    QTest.keyClicks(field, "12:00")
    assert assistant.place.hours.error("day1") == ""


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("9:00-12:00, 13:30-17:30", True), ("9h-12h", True), ("", True), ("9-12,14-18", True),
        ("13:30-17:30, 9:00-12:00", False), ("12:00-9:00", False), ("neuf heures", False), ("9:00-12:00, 11:00-15:00", False),
    ],
)  # fmt: skip
def test_hours_are_ranges_in_order(text, right):
    assert (preferences.hours_problem(text) is None) == right


def test_hours_are_written_as_they_are_read():
    text = "9:00-12:00, 13:30-17:30"
    assert hours_text(preferences.parse_hours(text)) == text
    assert hours_text([["00:30", "01:00"]]) == "0:30-1:00"


def test_two_people_at_least_and_each_has_a_name(assistant):
    reach_team(assistant)
    write(assistant.team.members[0].form.fields["name"], "Nadia Rahmani")
    press(ENTER)
    assert assistant.step() == 1
    assert assistant.team.members[1].form.error("name") == "Écrivez un prénom et un nom."
    assert assistant.team.members[1].form.fields["name"].hasFocus()
    assert assistant.team.members[1].remove.isHidden()


def test_a_wrong_field_out_of_sight_comes_into_view(assistant, qtbot):
    look.apply("clair", 200)
    reach_team(assistant)
    write(assistant.team.members[0].form.fields["name"], "Nadia Rahmani")
    press(ENTER)
    field = assistant.team.members[1].form.fields["name"]
    qtbot.waitUntil(lambda: not field.visibleRegion().isEmpty())


def test_a_suggested_phrase_is_shown_whole_at_every_size(assistant, qapp):
    reach_team(assistant)
    for scale in look.SCALES:
        look.apply("clair", scale)
        qapp.processEvents()
        field = assistant.team.members[0].form.fields["passphrase"]
        field.setText("nostalgie sansonnet mezzanine sanctuaire")
        assert field.fontMetrics().horizontalAdvance(field.text()) < field.width() - 16


def test_two_people_have_neither_one_name_nor_one_phrase(assistant):
    reach_team(assistant)
    name_team(assistant)
    first, second = (member.form for member in assistant.team.members)
    second.fields["name"].setText("nadia RAHMANI")
    second.fields["passphrase"].setText(first.fields["passphrase"].text())
    assistant.go_on()
    assert second.error("name") == "Distinguez ce nom : il est déjà pris."
    assert second.error("passphrase") == "Donnez à chacun sa propre phrase."


def test_a_short_phrase_is_refused_with_an_example(assistant):
    reach_team(assistant)
    name_team(assistant)
    write(assistant.team.members[0].form.fields["passphrase"], "1234")
    press(ENTER)
    assert assistant.step() == 1
    assert "par exemple" in assistant.team.members[0].form.error("passphrase")


def test_somebody_may_be_added_and_taken_off(assistant):
    reach_team(assistant)
    assistant.team.more.click()
    assert len(assistant.team.members) == 3
    assert assistant.team.members[2].form.fields["name"].hasFocus()
    assistant.team.members[2].remove.click()
    assert len(assistant.team.members) == 2


def test_structures_may_be_added_emptied_and_are_not_doubled(assistant):
    reach_team(assistant)
    name_team(assistant)
    press(ENTER)
    assistant.around.more.click()
    QTest.keyClicks(QApplication.focusWidget(), "ccas")
    press(ENTER)
    assert assistant.step() == 2
    assert "existe déjà" in assistant.around.lines[-1].note.text()
    write(assistant.around.lines[-1].field, "Maison du Rhone")
    assistant.around.lines[0].field.clear()
    around = assistant.around.around()
    assert ("maison_du_rhone", "Maison du Rhone") in around.structures
    assert "travail_social" not in dict(around.structures)


def test_codes_of_the_place_are_unique():
    assert new_code("Maison du Rhône", {"maison_du_rhone"}) == "maison_du_rhone_2"
    assert new_code("!!!", set()) == "valeur"


def test_figures_have_bounds(assistant):
    habits = assistant.habits
    habits.fields["stations"].setText("six")
    habits.fields["letters_kept_days"].setText("9999")
    assert habits.error("stations") == "Écrivez un nombre de 0 à 40."
    assert habits.error("letters_kept_days") == "Écrivez un nombre de 0 à 365."


def test_the_sheet_must_be_proved_kept(assistant, folder, qtbot):
    reach_sheet(assistant, qtbot)
    write(assistant.sheet.group, "ZZZZ")
    with qtbot.assertNotEmitted(assistant.finished):
        press(ENTER)
    assert assistant.sheet.group.property("wrong") == "true"
    assert not folder.exists()


def test_the_code_copied_by_hand_hides_before_it_is_typed(assistant, qtbot):
    reach_sheet(assistant, qtbot)
    assistant.sheet.by_hand.click()
    assert assistant.sheet.shown_code.text() == assistant._code
    assistant.sheet.group.setFocus()
    assert not assistant.sheet.shown_code.isVisible()


def test_the_sheet_saved_holds_the_whole_code(assistant, tmp_path, qtbot):
    import pypdfium2

    reach_sheet(assistant, qtbot)
    assistant.sheet.write(str(tmp_path / "fiche.pdf"))
    with pypdfium2.PdfDocument(tmp_path / "fiche.pdf") as document:
        text = "".join(document[0].get_textpage().get_text_bounded().split())
    assert assistant._code.replace("-", "") in text
    assistant.sheet.write(str(tmp_path / "absent" / "fiche.pdf"))
    assert assistant.sheet.note.text().startswith("Choisissez une autre clé")


def test_the_sheet_is_printed_as_it_is_seen(assistant, tmp_path, qtbot):
    reach_sheet(assistant, qtbot)
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "papier.pdf"))
    assistant.sheet.send(printer)
    assert assistant.sheet.note.text() == "Fiche envoyée à l’imprimante."
    printed = page_image((tmp_path / "papier.pdf").read_bytes(), 0.5)
    made = page_image(assistant.sheet._pdf, 0.5)
    assert abs(printed.width() - made.width()) <= 1
    differing = sum(
        abs(printed.pixelColor(x, y).lightness() - made.pixelColor(x, y).lightness()) > 100
        for x in range(0, made.width() - 1, 2)
        for y in range(0, made.height() - 1, 2)
    )
    assert differing < 60


@pytest.mark.parametrize("act", ["print", "save"])
def test_escape_closes_the_dialog_and_the_work_goes_on(assistant, qtbot, act):
    reach_sheet(assistant, qtbot)
    getattr(assistant.sheet, f"{act}_button").click()
    dialog = assistant.sheet._dialog
    assert dialog.isVisible()
    QTest.keyClick(dialog, ESCAPE)
    assert assistant.sheet._dialog is None
    assert assistant.step() == 4


def test_a_team_unchanged_keeps_its_sheet_and_a_changed_one_says_so(assistant, qtbot):
    reach_sheet(assistant, qtbot)
    code = assistant._code
    press(ESCAPE)
    press(ENTER)
    qtbot.waitUntil(lambda: assistant.step() == 4)
    assert assistant._code == code
    assistant.go_back()
    assistant.team.members[0].suggest()
    assistant.go_on()
    qtbot.waitUntil(lambda: assistant.step() == 4)
    assert assistant._code != code
    assert "nouvelle fiche" in assistant.error.text()
    assert not assistant.sheet.is_kept()


def test_data_without_keys_are_never_replaced(assistant, folder):
    folder.mkdir()
    (folder / store.FILE).write_bytes(b"years of work")
    for _ in range(6):
        assistant.go_on()
    assert assistant.step() == 0
    assert assistant.error.text() == keys.KeysDamaged.sentence
    assert (folder / store.FILE).read_bytes() == b"years of work"


def test_what_the_folder_held_is_kept(assistant, folder, qtbot):
    folder.mkdir()
    (folder / "journal-technique.log").write_text("traces")
    reach_sheet(assistant, qtbot)
    prove(assistant)
    with qtbot.waitSignal(assistant.finished):
        press(ENTER)
    assert (folder / "journal-technique.log").read_text() == "traces"
    assert keys.exists(folder)
    assert [path.name for path in folder.parent.iterdir()] == ["lieu"]


def test_a_failure_leaves_no_half_place_and_may_be_tried_again(assistant, folder, qtbot):
    reach_sheet(assistant, qtbot)
    prove(assistant)
    folder.write_text("a file stands where the folder should be")
    with qtbot.assertNotEmitted(assistant.finished):
        press(ENTER)
    assert assistant.error.text()
    assert not store.is_open()
    folder.unlink()
    with qtbot.waitSignal(assistant.finished):
        press(ENTER)
    assert team.members()


@pytest.mark.parametrize("scale", look.SCALES)
def test_every_screen_fits_the_width_at_every_text_size(assistant, qapp, scale):
    look.apply("clair", scale)
    for step in range(5):
        assistant._show(step)
        qapp.processEvents()
        assert assistant.stack.currentWidget().horizontalScrollBar().maximum() == 0, step
    assert assistant.minimumSizeHint().width() <= 1366


def test_everything_focusable_has_a_name(assistant):
    assert [w for w in assistant.findChildren(QWidget) if _stops(w) and not w.accessibleName()] == []


def _stops(widget: QWidget) -> bool:
    in_a_list = isinstance(widget.parent(), QFrame) and widget.parent().inherits("QComboBoxPrivateContainer")
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and not in_a_list
