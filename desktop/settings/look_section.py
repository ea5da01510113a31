"""Appearance and discretion: theme, text size, when the screen veils itself, the code of the day."""

from PySide6.QtCore import Signal

from db import preferences, store
from desktop.settings.passphrases import CodeField, code_problem
from desktop.settings.section import Section
from desktop.widgets import look
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form, Panel, label, row
from desktop.widgets.look import LOOK, px

THEMES = {"clair": ("Clair", "sun"), "sombre": ("Sombre", "moon"), "contraste": ("Contraste", "contrast")}
IDLE_MINUTES = (1, 2, 3, 5, 10)
IDLE_SECONDS = 180


class LookSection(Section):
    title, icon = "Apparence et voile", "sun-moon"
    code_chosen = Signal(str)  # six digits, or nothing to forget them

    def __init__(self) -> None:
        super().__init__()
        self.themes = {name: Chip(text, icon=icon) for name, (text, icon) in THEMES.items()}
        self.scales = {size: Chip(f"{size} %") for size in look.SCALES}
        self.delays = {minutes: Chip(f"{minutes} min") for minutes in IDLE_MINUTES}
        for chips in (self.themes, self.scales, self.delays):
            for chip in chips.values():
                chip.clicked.connect(self._picked)
        for size, chip in self.scales.items():
            chip.setAccessibleName(f"Texte à {size} %")
        for minutes, chip in self.delays.items():
            chip.setAccessibleName(f"Voiler après {minutes} min")
        for title, chips in (
            ("Thème", self.themes), ("Taille du texte", self.scales), ("Voiler l’écran sans activité après", self.delays),
        ):  # fmt: skip
            panel = Panel(spacing=6)
            panel.add(label(title, "section"))
            panel.column.addLayout(Flow(*chips.values(), spacing=8))
            self.column.addWidget(panel)
        self.column.addWidget(self._code_panel())
        self.column.addStretch(1)
        LOOK.changed.connect(self._tick)

    def _code_panel(self) -> Panel:
        panel = Panel(spacing=6)
        self.form = Form(columns=1)
        self.code = CodeField("Code du jour")
        self.form.add("code", "Six chiffres pour lever le voile", self.code,
                      help="Oublié dès la fermeture. Trois erreurs : la phrase entière.")  # fmt: skip
        self.code.returnPressed.connect(self.choose_code)
        self.use = KeyButton("Utiliser ce code", "Entrée", "key")
        self.use.clicked.connect(self.choose_code)
        self.no_code = KeyButton("Aucun code", kind="quiet", name="Oublier le code du jour")
        self.no_code.clicked.connect(self._forget_code)
        panel.add(label("Code du jour, facultatif", "section"))
        panel.column.addLayout(row(self.form, "|"))
        panel.column.addLayout(Flow(self.use, self.no_code, spacing=8))
        return panel

    def refresh(self) -> None:
        self._tick()

    def forget(self) -> None:
        self.form.clear()

    def choose_code(self) -> None:
        problem = code_problem(self.code.text())
        self.form.show_problems({"code": problem} if problem else {}, focus=True)
        if problem:
            return
        code = self.code.text()
        self.form.clear()
        self.code_chosen.emit(code)
        self.said.emit("Code retenu jusqu’à ce soir.")

    def _forget_code(self) -> None:
        self.form.clear()
        self.code_chosen.emit("")
        self.said.emit("Code oublié. La phrase entière lève le voile.")

    def _picked(self) -> None:
        chosen = self.sender()
        for name, chip in self.themes.items():
            if chip is chosen:
                look.apply(theme=name)
        for size, chip in self.scales.items():
            if chip is chosen:
                look.apply(scale=size)
        for minutes, chip in self.delays.items():
            if chip is chosen:
                preferences.put("idle_seconds", minutes * 60)
        preferences.put("look", {"theme": LOOK.theme, "scale": LOOK.scale})
        self.refresh()

    def _tick(self) -> None:
        for name, chip in self.themes.items():
            chip.setChecked(name == LOOK.theme)
        for size, chip in self.scales.items():
            chip.setChecked(size == LOOK.scale)
        self.form.setFixedWidth(px(330))
        if store.is_open():
            idle = int(preferences.get("idle_seconds", IDLE_SECONDS))
            for minutes, chip in self.delays.items():
                chip.setChecked(minutes * 60 == idle)
