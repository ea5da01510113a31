"""Where we are, when we are open; the stations and the figures the place settled."""

from dataclasses import asdict

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from db import digital_space, journal, letters, preferences, store
from desktop.settings.pages import HabitsForm, PlacePage
from desktop.settings.section import Section
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row
from desktop.widgets.keys import is_enter
from desktop.widgets.look import LOOK, px


class PlaceSection(Section):
    title, icon = "Lieu et horaires", "map-pin"
    reserved = "Demandez au responsable : lui seul change le lieu."
    saved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.page = PlacePage()
        self.save = KeyButton("Enregistrer", "Entrée", "check", kind="primary", name="Enregistrer le lieu")
        self.save.clicked.connect(self.record)
        self.column.addWidget(self.page)
        self.column.addLayout(Flow(push=self.save))
        self.column.addStretch(1)

    def refresh(self) -> None:
        allowed = self.may_change()
        self.page.fill(preferences.place(), preferences.hours())
        for field in (*self.page.place.fields.values(), *self.page.hours.fields.values()):
            field.setReadOnly(not allowed)
        self.save.bar("" if allowed else self.reserved)
        paired = preferences.get("handover.pairing") is not None
        self.page.place.fields["desk"].setReadOnly(paired or not allowed)

    def record(self) -> None:
        problems = self.page.problems()
        self.page.show_problems(problems, focus=True)
        if problems or not self.save.isEnabled():
            return
        settled = self.page.place_typed()
        with store.act(""):
            preferences.put("place", asdict(settled))
            preferences.put("hours", self.page.hours_typed())
            journal.write("lieu.change")
        store.sign_in(store.mediator(), settled.desk)
        self.said.emit("Lieu et horaires enregistrés.")
        self.saved.emit()

    def keyPressEvent(self, event) -> None:
        if is_enter(event):
            self.record()
        else:
            super().keyPressEvent(event)


class StationsSection(Section):
    title, icon = "Postes et délais", "monitor"
    reserved = "Demandez au responsable : lui seul change les postes."

    def __init__(self) -> None:
        super().__init__()
        self.list = CardList("Postes de l’espace numérique", "Aucun poste. Ajoutez le premier.", flat=True)
        self.list.chosen.connect(self._toggle)
        self.list.moved.connect(self._moved)
        self.add = KeyButton("Ajouter un poste", icon="plus")
        self.add.clicked.connect(self._add)
        self.fault = KeyButton("Mettre hors service", icon="wrench", kind="quiet")
        self.fault.clicked.connect(self._toggle)
        posts = Panel()
        posts.add(label("Postes", "section"), self.list)
        posts.column.addLayout(Flow(self.add, self.fault, spacing=12))
        self.habits = HabitsForm()
        self.save = KeyButton("Enregistrer", "Entrée", "check", name="Enregistrer les délais")
        self.save.clicked.connect(self.record)
        habits = Panel()
        habits.add(label("Délais", "section"))
        habits.column.addLayout(row(self.habits, "|"))
        habits.column.addLayout(Flow(self.save))
        self.column.addWidget(posts)
        self.column.addWidget(habits)
        self.column.addStretch(1)
        LOOK.changed.connect(self._resize)

    def refresh(self) -> None:
        allowed = self.may_change()
        posts = digital_space.posts()
        self.list.show_cards([_post_card(post) for post in posts])
        if self.list.current_id() is None:
            self.list.select_first()
        self.habits.fill(
            {
                "letters_kept_days": str(preferences.get("letters_kept_days", letters.KEPT_DAYS)),
                "profile_every": str(preferences.get("profile_every", 0)),
            }
        )
        for field in self.habits.fields.values():
            assert isinstance(field, QLineEdit)
            field.setReadOnly(not allowed)
        for button in (self.add, self.fault, self.save):
            button.bar("" if allowed else self.reserved)
        self.fault.setEnabled(allowed and bool(posts))
        self._moved("")
        self._resize()

    def record(self) -> None:
        problems = self.habits.problems()
        self.habits.show_problems(problems, focus=True)
        if problems or not self.save.isEnabled():
            return
        with store.act(""):
            for name, number in self.habits.numbers().items():
                preferences.put(name, number)
            journal.write("delais.changes")
        self.said.emit("Délais enregistrés.")

    def keyPressEvent(self, event) -> None:
        if is_enter(event):
            self.record()
        else:
            super().keyPressEvent(event)

    def _add(self) -> None:
        digital_space.add_station(max((post.number for post in digital_space.posts()), default=0) + 1)
        self.refresh()
        self.acted.emit()

    def _current(self) -> digital_space.Post | None:
        return next((post for post in digital_space.posts() if post.id == self.list.current_id()), None)

    def _toggle(self, _id: object = None) -> None:
        post = self._current()
        if post is not None and self.fault.isEnabled():
            digital_space.set_fault(post.id, "" if post.fault else "Hors service")
            self.refresh()
            self.acted.emit()

    def _moved(self, _id: str) -> None:
        post = self._current()
        self.fault.setText("Remettre en service" if post and post.fault else "Mettre hors service")
        self.fault.setAccessibleName(self.fault.text())
        self.fault.updateGeometry()
        self.fault.update()

    def _resize(self) -> None:
        self.list.setFixedHeight(max(1, min(len(self.list.cards()), 8)) * px(38) + 4)


def _post_card(post: digital_space.Post) -> Card:
    state = post.fault or ("Occupé" if post.session else "Libre")
    return Card(post.id, post.name, badge=state, tone="wait" if post.fault else "plain", icon="monitor")
