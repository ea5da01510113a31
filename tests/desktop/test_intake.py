"""Accueil, by the keyboard."""

from datetime import date

from PySide6.QtCore import Qt

from db import statistics, visits


def test_a_standard_anonymous_visit_takes_six_keys_and_no_mouse(desk, hands):
    hands.press(Qt.Key.Key_F2)
    for key in (Qt.Key.Key_6, Qt.Key.Key_2, Qt.Key.Key_1, Qt.Key.Key_1):
        hands.press(key)
    hands.press(Qt.Key.Key_Return)
    (line,) = visits.page()
    assert (line.theme, line.nature, line.outcome, line.person) == ("FAM", "information", "resolu", None)
    assert statistics.of_day(date.today()).visits == 1


def test_the_top_row_of_an_azerty_keyboard_answers(desk, hands):
    hands.press(Qt.Key.Key_F2)
    for digit, text in ((6, "-"), (2, "é"), (1, "&"), (1, "&")):
        hands.top_row(digit, text)
    hands.press(Qt.Key.Key_Return)
    (line,) = visits.page()
    assert (line.theme, line.nature, line.outcome) == ("FAM", "information", "resolu")
