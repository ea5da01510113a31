"""The questions of an official form: how each is asked, and what a person's file answers."""

from collections.abc import Iterable
from datetime import date

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from db import people, preferences
from desktop import french
from desktop.documents.forms import Question
from desktop.widgets.form import Choice
from desktop.widgets.lines import Lines


def widget(question: Question) -> QWidget:
    if question.kind == "choix":
        return Choice([(text, text) for text in question.choices], empty="—")
    if question.kind == "case":
        return QCheckBox("Oui")
    if question.kind == "multiligne":
        return Lines(60)
    return QLineEdit()


def cells_help(question: Question) -> str:
    return french.counted(question.longest, "case") + "." if question.kind == "cases" else ""


def answers(questions: Iterable[Question], person: str) -> dict[str, str]:
    """Question → what the file of this person answers, in the words of the form."""
    known = _known(people.draft(person))
    return {question.name: _in_words(question, known) for question in questions}


def _known(person: people.Draft) -> dict[str, str]:
    """What a person's file answers, under the names our mappings share."""
    return {
        "nom_prenoms": f"{person.last_name} {person.first_name}".strip(),
        "nom_naissance": person.last_name,
        "prenoms": person.first_name,
        "civilite": person.civility,
        "sexe": {"Madame": "Femme", "Monsieur": "Homme"}.get(person.civility, ""),
        "adresse": person.address,
        "code_postal": person.postcode,
        "commune": person.town,
        "telephone": french.phone(person.phone),
        "courriel": person.email,
        "fait_a": preferences.place().town,
        "date_demande": french.short_date(date.today()),
    }


def _in_words(question: Question, known: dict[str, str]) -> str:
    """The answer, in the words of the form when it is a choice: « Femme » may be « F »."""
    value = known.get(question.name, "")
    if question.kind != "choix" or not value:
        return value
    same = [choice for choice in question.choices if french.fold(choice) == french.fold(value)]
    short = {"Femme": "f", "Homme": "m"}.get(value)
    return next((c for c in (*same, *question.choices) if c in same or french.fold(c) == short), "")
