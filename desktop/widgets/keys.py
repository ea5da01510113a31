"""Which answer a key press gives, on AZERTY and QWERTY, keypad and top row.

On AZERTY the unshifted top row types « & é " ' ( - è _ ç à »: the digit is read from the scan code.
"""

import sys

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_TOP_ROW = (range(2, 12), 2) if sys.platform == "win32" else (range(10, 20), 10)
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


def digit(event: QKeyEvent) -> int | None:
    """0 to 9, or None. Ctrl, Alt and AltGr never make a digit."""
    if event.modifiers() & _COMMANDS:
        return None
    if event.text() in ("*", "+"):  # Shift and a digit of a QWERTY row
        return None
    codes, first = _TOP_ROW
    if event.nativeScanCode() in codes and not event.modifiers() & Qt.KeyboardModifier.KeypadModifier:
        return (event.nativeScanCode() - first + 1) % 10
    text = event.text()
    return int(text) if len(text) == 1 and text in "0123456789" else None


def letter(event: QKeyEvent) -> str:
    """The letter typed, or nothing."""
    text = event.text()
    return text if len(text) == 1 and text.isalpha() and not event.modifiers() & _COMMANDS else ""


def is_back(event: QKeyEvent) -> bool:
    """« − » or Backspace: the step before. On AZERTY the key 6 types « - », and is a 6."""
    return event.key() == Qt.Key.Key_Backspace or (digit(event) is None and event.text() in ("-", "−"))


def is_more(event: QKeyEvent) -> bool:
    """« + »: one more of the same."""
    return digit(event) is None and event.text() == "+"


def is_enter(event: QKeyEvent) -> bool:
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
