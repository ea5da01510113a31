"""Relevés: typed by hand, told in words, drawn, and what to do when a home uses twice as much."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt

from db import dossiers, people, readings, store
from desktop.dossiers.readings_section import LEAK_LETTER, ReadingsSection

TODAY = date.today()
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def leak(opened):
    who = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(
        dossiers.Draft(who, "eau_grand_lyon", "Surconsommation, fuite", subject="fuite"), TODAY
    )


@pytest.fixture
def tab(leak, show_section):
    return show_section(ReadingsSection(), leak)


def read(dossier: str, *values: tuple[int, int], meter: str = "eau", **more) -> None:
    """Days ago, index."""
    for days, value in values:
        readings.add(dossier, readings.Draft(meter, TODAY - timedelta(days=days), value, **more))


def doubled(dossier: str) -> None:
    read(dossier, (240, 100), (180, 130), (120, 160), (60, 190), (2, 290))


def test_a_reading_is_noted_by_the_keyboard_alone(tab, keys, leak):
    keys.press(ENTER)
    keys.type("12 345")
    keys.press(ENTER)
    (line,) = readings.of_dossier(leak)
    assert (line.meter, line.day, line.value, line.unit, line.billed) == ("eau", TODAY, 12345, "m³", False)
    assert tab.table.row(0).index == "12\u00a0345" and tab.empty.isHidden()


def test_an_index_that_goes_back_is_refused_with_what_to_do_and_stays_typed(tab, keys, leak):
    read(leak, (30, 500))
    tab.show_dossier(leak)
    tab.press(1)
    keys.type("3")
    keys.press(ENTER)
    assert tab.reading.form.error("value").startswith("L’index baisse : il était de 500")
    assert len(readings.of_dossier(leak)) == 1
    keys.press(ESCAPE)
    tab.press(1)
    assert tab.reading.form.fields["value"].text() == "3", "what was typed comes back"
    tab.reading.form.fields["changed"].setChecked(True)
    keys.press(ENTER)
    assert tab.table.row(0).note == "nouveau compteur"


@pytest.mark.parametrize(
    "field, text, sentence",
    [("day", "31/02", "Cette date n’existe pas"), ("day", "01/01/2099", "pas encore venu"), ("value", "abc", "en chiffres"),
     ("value", "", "en chiffres")],
)  # fmt: skip
def test_bad_input_is_told_beside_its_field(tab, keys, leak, field, text, sentence):
    tab.press(1)
    tab.reading.form.fields["value"].setText("120")
    tab.reading.form.fields[field].setText(text)
    keys.press(ENTER)
    assert sentence in tab.reading.form.error(field)
    assert readings.of_dossier(leak) == ()


def test_only_gas_asks_for_its_unit_and_its_coefficient(tab, leak):
    tab.press(1)
    fields = tab.reading.form.fields
    assert tab.meter.code() == "eau"
    assert not fields["unit"].isVisible() and not fields["coefficient"].isVisible()
    tab.meter.choose("gaz")
    assert fields["unit"].isVisible() and fields["coefficient"].isVisible()
    tab.meter.choose("electricite")
    assert not fields["coefficient"].isVisible() and tab.reading.note.text().startswith("Heures creuses")


def test_the_words_the_curve_and_the_table_say_the_same(tab, leak):
    doubled(leak)
    tab.show_dossier(leak)
    assert tab.alert.text().startswith("Du ") and "plus du double" in tab.alert.text()
    assert "attestation du plombier" in tab.todo.text()
    assert "m³ par an" in tab.words.text()
    spans = tab.curve.spans()
    assert [bool(span.word) for span in spans] == [False, False, False, True]
    assert "plus du double" in tab.curve.accessibleDescription()
    rows = tab._said.rows
    assert (rows[0].used, rows[-1].used) == ("100\u00a0m³", "")
    assert float(spans[-1].value) == pytest.approx(100 / 58)


def test_what_the_bill_says_is_compared_with_the_meter(tab, leak):
    read(leak, (90, 100), (30, 130))
    read(leak, (30, 150), billed=True)
    tab.show_dossier(leak)
    assert "La facture indique 150" in tab.words.text() and "20\u00a0m³ de trop" in tab.words.text()
    assert [row.note for row in tab._said.rows] == ["facture, contredite par le compteur", "", ""]


def test_a_leak_is_told_above_the_sections_and_its_letter_is_one_digit_away(tab, leak, qtbot):
    assert not tab.letter.isVisible() and ReadingsSection.mark(dossiers.sheet(leak), TODAY) is None
    doubled(leak)
    tab.show_dossier(leak)
    mark = ReadingsSection.mark(dossiers.sheet(leak), TODAY)
    assert mark.loud and mark.tone == "urgent" and mark.words == "Plus du double de la moyenne : eau."
    with qtbot.waitSignal(tab.wants_letter) as asked:
        assert tab.press(3)
    assert asked.args == [leak, LEAK_LETTER, ""]
    with qtbot.waitSignal(tab.wants_print) as asked:
        tab.press(2)
    assert asked.args == ["releves", leak]


def test_a_bill_between_two_readings_does_not_hide_what_doubled(tab, leak):
    read(leak, (240, 100), (180, 130), (120, 160), (2, 360))
    read(leak, (60, 190), billed=True)
    tab.show_dossier(leak)
    assert [bool(span.word) for span in tab.curve.spans()] == [False, False, True]
    assert ReadingsSection.mark(dossiers.sheet(leak), TODAY).loud


def test_a_home_back_to_its_pace_is_no_longer_told(leak):
    doubled(leak)
    read(leak, (0, 291))
    assert ReadingsSection.mark(dossiers.sheet(leak), TODAY) is None


def test_several_meters_each_have_their_table(tab, keys, leak):
    read(leak, (40, 10), (20, 40))
    read(leak, (90, 100), (10, 180), meter="gaz", coefficient=11200)
    tab.show_dossier(leak)
    assert [code for code, chip in tab.chips.items() if chip.isVisible()] == ["gaz", "eau"]
    assert tab.chips["gaz"].isChecked(), "the one read last"
    assert "kWh" in tab.words.text()
    tab.chips["eau"].click()
    assert tab.table.row(0).index == "40"
    tab.press(1)
    tab.meter.choose("gaz")
    assert [tab.unit.itemData(i) for i in range(tab.unit.count())] == ["m³", "kWh"]


def test_a_reading_is_taken_away_and_comes_back_with_undo(tab, leak):
    read(leak, (40, 10), (20, 40))
    tab.show_dossier(leak)
    tab.table.selectRow(0)
    tab.press(4)
    assert [line.value for line in readings.of_dossier(leak)] == [10]
    store.undo()
    assert len(readings.of_dossier(leak)) == 2


def test_the_veil_leaves_nothing(tab, leak):
    doubled(leak)
    tab.show_dossier(leak)
    tab.clear()
    assert tab.alert.text() == tab.words.text() == tab.curve.accessibleDescription() == ""
    assert tab.table.model().rowCount() == 0
