"""What is typed becomes a value, or one sentence that says what is wrong."""

from datetime import date

import pytest

from desktop.documents.fields import Field

TODAY = date(2026, 11, 23)


def field(type, **more):
    return Field("x", type, "Libellé", example=more.pop("example", "un exemple"), **more)


@pytest.mark.parametrize(
    ("asked", "typed", "value"),
    [
        (field("date"), "4/11/2026", date(2026, 11, 4)),
        (field("date"), date(2026, 11, 4), date(2026, 11, 4)),
        (field("montant"), "412,60", 41260),
        (field("montant"), "1 234.5 €", 123450),
        (field("entier"), "1 250", 1250),
        (field("oui_non"), True, True),
        (field("oui_non"), "", False),
        (field("oui_non"), None, False),
        (field("choix", choices=("a", "b")), "b", "b"),
        (field("texte"), "  deux   mots\n ici\x00\ue000 ", "deux mots ici"),
        (field("texte_long"), "un\n\ndeux\r\ntrois", "un\n\ndeux\n\ntrois"),
        (field("adresse"), "1 rue F\n69100 Lyon", "1 rue F, 69100 Lyon"),
        (field("telephone"), "+33 6 00 00 00 00", "06\u00a000\u00a000\u00a000\u00a000"),
        (field("texte"), None, ""),
    ],
)
def test_a_typed_value(asked, typed, value):
    assert asked.read(typed, TODAY) == value


@pytest.mark.parametrize(
    ("asked", "typed", "said"),
    [
        (field("date", example="4/11/2026"), "31/02/2026", "Cette date n’existe pas. Exemple : 4/11/2026."),
        (field("montant", example="412,60"), "beaucoup", "Exemple : 412,60."),
        (field("montant"), "0", "plus grand que zéro"),
        (field("entier", least=2, most=36), "37", "de 2 à 36"),
        (field("entier"), "-4", "nombre entier"),
        (field("choix", choices=("a", "b")), "c", "a, b"),
        (field("texte", longest=5), "abcdef", "il y en a 6"),
        (field("telephone"), "06 00 00", "Il manque 4 chiffres"),
    ],
)
def test_a_wrong_value_is_said_with_an_example(asked, typed, said):
    with pytest.raises(ValueError, match="Exemple") as problem:
        asked.read(typed, TODAY)
    assert said in str(problem.value)
