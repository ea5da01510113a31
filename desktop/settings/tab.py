"""Réglages: sections on the left, one at a time on the right. Only the responsable changes what binds the others."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget

from desktop.jobs import Jobs
from desktop.settings.layouts import followed
from desktop.settings.lists_section import ListsSection
from desktop.settings.look_section import LookSection
from desktop.settings.partners_section import PartnersSection
from desktop.settings.place_section import PlaceSection, StationsSection
from desktop.settings.safety_sections import BackupsSection, CoordinatorSection
from desktop.settings.section import Section
from desktop.settings.team_section import TeamSection
from desktop.widgets.cards import Card, CardList
from desktop.widgets.form import Panel
from desktop.widgets.look import LOOK, px
from desktop.widgets.room import Command, Room


class SettingsTab(Room):
    """`restore` with a backup's path; `code_chosen` with the code of the day, or nothing to forget it;
    `settled` when the place, the team or the pairing changed (names and hours shown elsewhere)."""

    restore = Signal(object)
    code_chosen = Signal(str)
    settled = Signal()
    wants_front = Signal()  # a palette command chose a section: bring this tab to the front

    title, key, icon, rail = "Réglages", "", "settings", "Réglages"

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.place, self.team, self.lists = PlaceSection(), TeamSection(jobs), ListsSection()
        self.partners = PartnersSection()
        self.stations, self.look, self.backups = StationsSection(), LookSection(), BackupsSection()
        self.coordinator = CoordinatorSection()
        self.sections: tuple[Section, ...] = (
            self.place, self.team, self.partners, self.lists, self.stations, self.look, self.backups, self.coordinator,
        )  # fmt: skip
        self.list = CardList("Sections des réglages", flat=True)
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._chosen)
        self.stack = QStackedWidget()
        for section in self.sections:
            self.stack.addWidget(followed(section))
            section.acted.connect(self.acted)
            section.said.connect(self.said)
        self.backups.restore.connect(self.restore)
        self.look.code_chosen.connect(self.code_chosen)
        self.place.saved.connect(self.settled)
        self.team.changed.connect(self.settled)
        self.coordinator.paired.connect(self.settled)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        self._left = Panel(margins=(8, 10, 8, 10))
        self._left.add(self.list, stretch=1)
        line.addWidget(self._left)
        line.addWidget(self.stack, 1)
        cards = [Card(str(place), section.title, icon=section.icon) for place, section in enumerate(self.sections)]
        self.list.show_cards(cards, select="0")
        self._resize()
        LOOK.changed.connect(self._resize)

    def _resize(self) -> None:
        self._left.setFixedWidth(px(204))

    def section(self) -> Section:
        return self.sections[self.stack.currentIndex()]

    def refresh(self) -> None:
        self.section().refresh()

    def enter(self) -> None:
        self.list.setFocus()

    def forget(self) -> None:
        for section in self.sections:
            section.forget()

    def show_section(self, section: Section) -> None:
        self.list.show_cards(self.list.cards(), select=str(self.sections.index(section)))
        self.wants_front.emit()

    def commands(self) -> tuple[Command, ...]:
        return tuple(
            Command(f"Réglages : {section.title.lower()}", partial(self.show_section, section), "", section.icon)
            for section in self.sections
        )

    def _moved(self, id: str) -> None:
        self.section().forget()
        self.stack.setCurrentIndex(int(id))
        if self.isVisible():
            self.refresh()

    def _chosen(self, _id: str) -> None:
        self.stack.currentWidget().widget().focusNextChild()
