"""Fields for passphrases and codes: hidden or suggested, never kept, emptied by `clear`."""

import itertools

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QSizePolicy

from desktop.widgets import keys as key_press
from desktop.widgets.buttons import Chip

_HINTS = (
    Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText | Qt.InputMethodHint.ImhNoAutoUppercase
)
CODE_LENGTH = 6


def passphrase_field(name: str) -> QLineEdit:
    """A hidden field that input methods neither learn nor complete."""
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setEchoMode(QLineEdit.EchoMode.Password)
    made.setInputMethodHints(_HINTS)
    return made


class Reveal(Chip):
    """« Montrer »: the field in clear while it is ticked."""

    def __init__(self, field: QLineEdit) -> None:
        super().__init__("Montrer", icon="eye")
        self._field = field
        self.setAccessibleName(f"Montrer : {field.accessibleName().lower()}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self._toggle)
        self.clicked.connect(self._clicked)

    def _toggle(self, shown: bool) -> None:
        self._field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _clicked(self) -> None:
        self._field.setFocus()


class CodeField(QLineEdit):
    """Six digits, from the keypad or the top row of any keyboard."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(_HINTS | Qt.InputMethodHint.ImhDigitsOnly)
        self.setMaxLength(CODE_LENGTH)

    def keyPressEvent(self, event) -> None:
        digit = key_press.digit(event)
        if digit is not None:
            self.insert(str(digit))
        elif event.text().isprintable() and event.text():
            event.accept()  # letters are no part of a code
        else:
            super().keyPressEvent(event)


def code_problem(code: str) -> str | None:
    """Why these digits would be guessed at once, or None."""
    if len(code) != CODE_LENGTH or not code.isdigit():
        return f"Tapez {CODE_LENGTH} chiffres."
    steps = {int(after) - int(before) for before, after in itertools.pairwise(code)}
    if len(set(code)) < 3 or len(steps) == 1:
        return "Choisissez des chiffres moins simples, par exemple 402 817."
    return None
