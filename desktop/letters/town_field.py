"""Where a code typed brings its town."""

import re

from PySide6.QtWidgets import QLineEdit

from db import people


class TownField(QLineEdit):
    """The fifth digit brings the town most files have under this code, selected: another one typed takes its place."""

    def __init__(self) -> None:
        super().__init__(placeholderText="69100 Villeurbanne")

    def keyPressEvent(self, event) -> None:
        super().keyPressEvent(event)
        code = self.text()
        if event.text().isdigit() and re.fullmatch(r"\d{5}", code) and (town := people.town_of(code)):
            self.setText(f"{code} {town}")
            self.setSelection(len(code), len(town) + 1)
