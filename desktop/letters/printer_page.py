"""Imprimante: print the ruler page, type the two measures; from then on the address falls in the window."""

import re

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.letters import printing
from desktop.letters.outbox import Job, Outbox
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, row, scrolled
from desktop.widgets.look import LOOK, px

FAR = 15.0  # millimetres: beyond, it is a page set to the wrong scale, not an offset
WIDE = 760
_STEPS = (
    "1. Imprimez la règle, à 100 %, jamais « ajuster à la page ».",
    "2. Mesurez la croix : du bord gauche de la feuille, puis du bord du haut. Il faut 50 mm, deux fois.",
    "3. Écrivez les deux mesures, puis Entrée. Imprimez la règle encore une fois : la croix est à sa place.",
)


class PrinterPage(Panel):
    closed = Signal()

    def __init__(self, outbox: Outbox) -> None:
        super().__init__()
        self._outbox = outbox
        self.back = KeyButton("Revenir aux modèles", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.closed)
        self.column.addLayout(Flow(label("Imprimante et enveloppes", "section"), push=self.back))
        self.form = Form()
        self.printer, self.window_ = Choice(), Choice(list(printing.WINDOWS.items()))
        self.form.add("printer", "Imprimante", self.printer)
        self.form.add("window", "Enveloppes à fenêtre", self.window_)
        example = "50 mm si l’imprimante est juste. Exemple : 51,5."
        self.form.add("left", "De la croix au bord gauche (mm)", QLineEdit(placeholderText="50"), help=example)
        self.form.add("top", "De la croix au bord du haut (mm)", QLineEdit(placeholderText="50"), help=example)
        self.printer.currentIndexChanged.connect(self._show_offset)
        self.window_.activated.connect(self._keep_window)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 8, 0)
        for step in _STEPS:
            column.addWidget(label(step, wrap=True))
        line = row(self.form, "|")
        line.setStretch(0, 100)
        column.addLayout(line)
        self.now = label("", "hint", wrap=True)
        self.ruler = KeyButton("Imprimer la règle", "Ctrl+P", "printer")
        self.ruler.clicked.connect(self.print)
        self.straight = KeyButton("Remettre à zéro", icon="undo-2", kind="quiet", name="Effacer le décalage")
        self.straight.clicked.connect(self.reset)
        self.keep = KeyButton("Enregistrer", "Entrée", "check", kind="primary", name="Enregistrer les mesures")
        self.keep.clicked.connect(self.record)
        column.addWidget(self.now)
        column.addStretch(1)
        self.add(scrolled(page, "Réglage de l’imprimante"), stretch=1)
        self.column.addLayout(Flow(self.ruler, self.straight, push=self.keep))
        LOOK.changed.connect(self._resize)
        self._resize()

    def _resize(self) -> None:
        self.form.setMaximumWidth(px(WIDE))

    def refresh(self) -> None:
        names = printing.printers()
        self.printer.offer([(name, name) for name in names], None if names else "Aucune imprimante")
        self.printer.choose(printing.usual())
        self.window_.blockSignals(True)
        self.window_.choose(printing.window())
        self.window_.blockSignals(False)
        self._show_offset()

    def enter(self) -> None:
        self.printer.setFocus()

    def forget(self) -> None:
        """Printers hold nothing of a person."""

    def _show_offset(self, *_: object) -> None:
        right, down = printing.offset(self.printer.code())
        moved = f"{_millimetres(right)} mm vers la droite, {_millimetres(down)} mm vers le bas"
        straight = (right, down) == printing.STRAIGHT
        self.now.setText("Décalage appliqué : aucun." if straight else f"Décalage appliqué : {moved}.")
        self.straight.setEnabled(not straight)

    def _keep_window(self, *_: object) -> None:
        printing.keep_window(self.window_.code())
        self._outbox.said.emit("Enveloppe enregistrée. Les adresses suivent.")

    def print(self) -> None:
        """The ruler, where the letters would fall today."""
        from desktop.documents.bundle import fold_ruler

        name = self.printer.code()
        printing.keep_usual(name)
        ruler = fold_ruler(printing.offset(name), window=printing.window())
        self._outbox.send(Job(ruler, straight=True), choose=not name)

    def record(self) -> None:
        """Both measures, or a sentence beside the wrong one; nothing typed is lost."""
        from desktop.documents.bundle import corrected

        typed = self.form.values()
        measures = {name: _measure(str(typed[name])) for name in ("left", "top")}
        problems = {name: _problem(length) for name, length in measures.items() if _problem(length)}
        if not self.printer.code():
            problems["printer"] = "Branchez l’imprimante, puis revenez sur cette page."
        self.form.show_problems(problems, focus=True)
        if problems:
            return
        name = self.printer.code()
        printing.keep_offset(name, corrected(printing.offset(name), measures["left"], measures["top"]))
        self.form.fill({"left": "", "top": ""})
        self._show_offset()
        self._outbox.said.emit("Mesures enregistrées. Imprimez la règle encore une fois.")

    def reset(self) -> None:
        printing.keep_offset(self.printer.code(), printing.STRAIGHT)
        self._show_offset()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif keys.is_enter(event):
            self.record()
        else:
            super().keyPressEvent(event)


def _measure(text: str) -> float | None:
    found = re.fullmatch(r"\s*(\d{1,3})(?:[.,](\d))?\s*(?:mm)?\s*", text)
    return float(f"{found[1]}.{found[2] or 0}") if found else None


def _problem(length: float | None) -> str:
    from desktop.documents.bundle import CROSS

    if length is None:
        return "Écrivez une mesure en millimètres. Exemple : 51,5."
    return "C’est trop loin de 50 mm : réimprimez la règle à 100 %." if abs(length - CROSS) > FAR else ""


def _millimetres(length: float) -> str:
    return f"{length:+.1f}".replace(".", ",").replace("-", "−")
