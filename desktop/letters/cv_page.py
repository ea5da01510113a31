"""The CV: who, what they did and can do, and the exact page beside it."""

from collections.abc import Iterator

from PySide6.QtWidgets import QLineEdit, QWidget

from db import letters, people
from desktop import french
from desktop.documents import cv
from desktop.letters.document_page import DocumentPage
from desktop.letters.doubts import Doubts
from desktop.letters.entries import Entries, EntryCard, Field, Kind, Lines, Values
from desktop.letters.town_field import TownField
from desktop.widgets.form import Choice, Form, Panel, label, set_value
from desktop.widgets.reading_order import enter_goes_on
from desktop.widgets.spelled_text import SpelledText

_WHEN = (Field("start", "Début", "mars 2019", 1), Field("end", "Fin", "aujourd’hui", 1))
KINDS = (
    Kind("experiences", "Expériences", "Expérience", (
        Field("job", "Poste", "agent d’entretien"), Field("employer", "Employeur", "Mairie de l’Exemple"),
        Field("place", "Ville", "Villeurbanne"), *_WHEN,
        Field("tasks", "Ce que la personne faisait, une chose par ligne",
              "Nettoyer les bureaux\nPréparer les produits", 4, lines=3),
    ), "La plus récente en haut. Un stage, un remplacement ou du bénévolat comptent aussi."),
    Kind("trainings", "Formations", "Formation", (
        Field("title", "Formation ou diplôme", "CAP cuisine"), Field("school", "Établissement", "Lycée de l’Exemple"),
        Field("place", "Ville", "Lyon"), *_WHEN,
    )),
    Kind("skills", "Compétences", "Groupe", (
        Field("title", "Nom du groupe", "Accueil", 4),
        Field("items", "Ce que la personne sait faire, une chose par ligne",
              "Recevoir le public\nRépondre au téléphone", 4, lines=3),
    ), "Deux à quatre groupes : elles viennent en premier dans le CV par compétences."),
    Kind("languages", "Langues", "Langue", (
        Field("name", "Langue", "portugais"), Field("level", "Niveau", choices=cv.LEVELS),
    )),
)  # fmt: skip


class CVPage(DocumentPage):
    draft, heading, pane = "cv", "CV", "Champs"

    def _build(self) -> None:
        self.form = Form(columns=2)
        self.layout_choice = Choice(list(cv.LAYOUTS.items()))
        self.form.add("layout", "Présentation", self.layout_choice, columns=2,
                      help="Par compétences : quand le parcours a des trous, ou pour changer de métier.")  # fmt: skip
        self.person = self._person_line()
        self.form.add("name", "Nom et prénom", self.person)
        self.form.add("title", "Métier visé", QLineEdit(placeholderText="agente d’accueil"))
        self.form.add("phone", "Téléphone", QLineEdit(placeholderText="06 12 34 56 78"))
        self.form.add("email", "Courriel", QLineEdit(placeholderText="prenom@exemple.fr"))
        self.form.add("address", "Adresse (facultatif)", QLineEdit(placeholderText="12 rue des Exemples"))
        self.form.add("town", "Code postal et ville", TownField())
        self.profile = Lines("", 3, self._jobs)
        self.form.add("profile", "En deux ou trois lignes (facultatif)", self.profile, columns=2,
                      help="Ce que la personne sait faire et ce qu’elle cherche, avec ses mots.")  # fmt: skip
        self.form.changed.connect(self._changed)
        self.column.addWidget(self.form)
        self.doubts = Doubts(self, self._spelled)
        self.doubts.watch(self.profile)
        self.lists = {kind.name: Entries(kind, self._jobs) for kind in KINDS}
        for entries in self.lists.values():
            entries.changed.connect(self._changed)
            entries.added.connect(self._watch)
            self.column.addWidget(entries)
        self.column.addWidget(label("Et aussi", "section"))
        self.rest = Form(columns=2)
        self.rest.add("licence", "Permis", QLineEdit(placeholderText="permis B, véhicule personnel"))
        self.rest.add("availability", "Disponibilité", QLineEdit(placeholderText="tout de suite, temps plein"))
        self.rest.add("interests", "Centres d’intérêt", QLineEdit(placeholderText="cuisine, marche"), columns=2,
                      help="Ni photo, ni âge, ni nationalité, ni situation familiale.")  # fmt: skip
        self.rest.changed.connect(self._changed)
        self.column.addWidget(self.rest)

    def _form_panel(self) -> Panel:
        panel = super()._form_panel()
        panel.column.insertWidget(panel.column.count() - 1, self.doubts)  # above the buttons
        return panel

    # spelling

    def _spelled(self) -> list[SpelledText]:
        cards = (card for entries in self.lists.values() for card in entries.cards)
        return [self.profile, *(box for card in cards for box in card.spelled())]

    def _watch(self, card: EntryCard) -> None:
        for box in card.spelled():
            self.doubts.watch(box)

    def _show(self, body: Values | None) -> None:
        self.doubts.begin()
        super()._show(body)

    def draw(self) -> None:
        super().draw()
        self.doubts.know(frozenset(map(str, _names(self.values()))))

    # the fields

    def keyPressEvent(self, event) -> None:
        """Entrée goes on to the next field."""
        if not enter_goes_on(self.inside, event):
            super().keyPressEvent(event)

    def values(self) -> Values:
        lists = {name: entries.values() for name, entries in self.lists.items()}
        return {**self.form.values(), **self.rest.values(), **lists}

    def show_values(self, values: Values) -> None:
        for form in (self.form, self.rest):
            form.fill({name: values.get(name, "") for name in form.fields})
        self.person.show_person(None, str(values.get("name", "")))
        for name, entries in self.lists.items():
            entries.show_values(list(values.get(name, ())))

    def first_field(self) -> QWidget:
        return self.form.fields["title"] if self.person.text() else self.person

    def _show_person(self, person: people.Draft) -> None:
        known = {
            "name": f"{person.first_name} {person.last_name}".strip(), "address": person.address,
            "town": f"{person.postcode} {person.town}".strip(), "phone": french.phone(person.phone),
            "email": person.email,
        }  # fmt: skip
        for name, text in known.items():
            if text or name == "name":
                set_value(self.form.fields[name], text)

    def _cv(self) -> cv.CV:
        return cv.from_values(self.values())

    def problems(self) -> dict[str, str]:
        return cv.problems(self._cv())

    def field(self, name: str) -> QWidget | None:
        head, *inside = name.split(".")
        if inside:
            return self.lists[head].field(int(inside[0]), inside[1])
        return self.form.fields.get(head)

    def show_problems(self, problems: dict[str, str], *, focus: bool = False) -> None:
        """Beside each field; a whole list that says nothing is told on its first field."""
        told = {f"{name}.0.{self.lists[name].kind.fields[0].name}" if name in self.lists else name: sentence
                for name, sentence in problems.items()}  # fmt: skip
        self.form.show_problems(told)
        for name, entries in self.lists.items():
            entries.show_problems(
                {key.split(".", 1)[1]: text for key, text in told.items() if key.startswith(f"{name}.")}
            )
        first = next((field for name in told if (field := self.field(name)) is not None), None)
        if focus and first is not None:
            first.setFocus()

    def render(self, *, draft: bool = False, number: str | None = None) -> bytes:
        from desktop.documents.cv_drawing import render_cv

        return render_cv(self._cv(), self.layout_choice.code(), draft=draft, number=number)

    def entry(self) -> letters.Entry:
        layout = self.layout_choice.code()
        title = "CV par dates" if layout == "chronologique" else "CV par compétences"
        return letters.Entry(f"cv-{layout}", 1, "", title, "emploi", person=self._person, sensitive=True)


def _names(values: Values) -> Iterator[object]:
    """Whoever and wherever it names."""
    yield from (values["name"], values["town"])
    for entry in (*values["experiences"], *values["trainings"]):
        yield from (entry.get(name, "") for name in ("employer", "school", "place"))
