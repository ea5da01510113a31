"""A person's file: what is known, what looks like the same person, and the visits."""

from dataclasses import asdict, replace
from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QWidget

from db import lists, people, visits
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, scrolled
from desktop.widgets.panes import Pane, Panes


class PersonPage(QWidget):
    """`acted` and `said` after an act; `wants_visit` with the person's id."""

    acted = Signal()
    said = Signal(str)
    closed = Signal()
    wants_visit = Signal(str)
    opened_visit = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._person = ""
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        file = Panel()
        self.heading = label("", "section")
        self.back = KeyButton("Revenir à l’accueil", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.closed)
        file.column.addLayout(Flow(self.heading, push=self.back))
        self.form = Form(columns=2)
        self.form.add("civility", "Civilité", Choice([("Madame", "Madame"), ("Monsieur", "Monsieur")], empty="Sans"))
        self.form.add("last_name", "Nom", QLineEdit())
        self.form.add("first_name", "Prénom", QLineEdit())
        self.form.add("birth_year", "Année de naissance", QLineEdit(placeholderText="1985"))
        self.form.add("phone", "Téléphone", QLineEdit(placeholderText="06 12 34 56 78"))
        self.form.add("without_phone", "Sans téléphone", QCheckBox("N’en a pas"))
        self.form.add("email", "Courriel", QLineEdit(placeholderText="prenom@exemple.fr"))
        self.form.add("address", "Adresse (si un courrier en a besoin)", QLineEdit(), columns=2)
        self.form.add("postcode", "Code postal", QLineEdit(placeholderText="69100"))
        self.form.add("town", "Commune", QLineEdit(placeholderText="Villeurbanne"))
        self.form.add("informed", "Information RGPD", QCheckBox("Donnée à la personne"))
        file.add(scrolled(self.form, "Fiche de la personne"), stretch=1)
        self.visit = KeyButton("Nouvelle visite", "", "play")
        self.visit.clicked.connect(self._visit)
        self.save = KeyButton("Enregistrer la fiche", "Ctrl+Entrée", "check", kind="primary")
        self.save.clicked.connect(self.record)
        file.column.addLayout(Flow(self.visit, push=self.save))
        side = Panel()
        side.add(label("Même personne ?", "section"))
        self.alike = CardList(
            "Fiches qui se ressemblent", "Aucune fiche ne ressemble à celle-ci.", flat=True, by_key=True
        )
        self.alike.chosen.connect(self.merge)
        side.add(self.alike, stretch=1)
        side.add(label("Entrée réunit l’autre fiche avec celle-ci.", "hint", wrap=True))
        side.add(label("Visites", "section"))
        self.visits = CardList("Visites de la personne", "Aucune visite enregistrée.", flat=True)
        self.visits.chosen.connect(self.opened_visit)
        side.add(self.visits, stretch=2)
        line.addWidget(Panes(Pane("Fiche", file, stretch=3), Pane("Même personne, visites", side, stretch=2)))

    def show_person(self, id: str) -> None:
        self._person = id
        self.refresh()
        self.form.fields["last_name"].setFocus()

    def refresh(self) -> None:
        if not people.is_known(self._person):
            return
        draft = people.draft(self._person)
        self.heading.setText(people.line(self._person).name)
        shown = asdict(draft) | {"phone": french.phone(draft.phone), "informed": draft.informed_on is not None}
        self.form.fill(shown)
        alike = [p for p in people.duplicates(draft, limit=6) if p.id != self._person]
        self.alike.show_cards([Card(p.id, p.name, badge=p.detail, icon="merge") for p in alike])
        self.visits.show_cards(
            [
                Card(v.id, lists.theme_label(v.theme, v.subtheme) or "Visite", badge=french.short_date(v.day))
                for v in visits.of_person(self._person)
            ]
        )

    def draft(self) -> people.Draft:
        values = self.form.values()
        year = str(values.pop("birth_year")).strip()
        informed = values.pop("informed")
        known = people.draft(self._person)
        return replace(
            known, **values, birth_year=int(year) if year.isdigit() else (-1 if year else None),
            informed_on=(known.informed_on or date.today()) if informed else None,
        )  # fmt: skip

    def record(self) -> None:
        draft = self.draft()
        problems = people.problems(draft, date.today())
        if "informed_on" in problems:
            problems["informed"] = problems.pop("informed_on")
        self.form.show_problems(problems, focus=True)
        if not problems:
            people.change(self._person, draft)
            self.acted.emit()

    def merge(self, other: str) -> None:
        """Carry the other file into this one, and say what moved."""
        moved = people.merge(self._person, other)
        self.acted.emit()
        counts = (
            french.counted(moved.visits, "visite"),
            french.counted(moved.dossiers, "dossier"),
            french.counted(moved.letters, "courrier"),
        )
        self.said.emit(f"Fiches réunies : {', '.join(counts)}. Ctrl+Z pour revenir.")
        self.refresh()

    def forget(self) -> None:
        self._person = ""
        self.form.clear()
        self.heading.setText("")
        self.alike.show_cards([])
        self.visits.show_cards([])

    def _visit(self) -> None:
        self.wants_visit.emit(self._person)

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif (
            event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            self.record()
        else:
            super().keyPressEvent(event)
