"""People, agreement, and the lines La Poste reads through the window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.documents.content import MARKS, Party, address_problems, clean, ending, of, postal


def test_street_and_town_lose_accents_and_punctuation_but_the_name_keeps_them():
    party = Party("Société d’Été", lines=("Bât. Érable", "12, rue de l’Énergie-Œuvrée", "69100 Saint-Étienne"))
    assert postal(party) == ("Société d’Été", "Bât. Érable", "12 RUE DE L ENERGIE OEUVREE", "69100 SAINT ETIENNE")


def test_a_good_address_has_no_problem():
    assert address_problems(Party("Organisme", lines=("1 rue Fictive", "69100 Villeurbanne"))) == ()
    assert address_problems(Party("Organisme", lines=("69999 Lyon Cedex 99",))) == (), (
        "a code of its own needs no street"
    )


@pytest.mark.parametrize(
    ("party", "said"),
    [
        (Party("Organisme", lines=("1 rue Fictive " + "x" * 30, "69100 Lyon")), "38 au plus"),
        (Party("A", lines=("b", "c", "d", "e", "1 rue F", "69100 Lyon")), "7 lignes"),
        (Party("Organisme", lines=("1 rue Fictive", "Villeurbanne")), "code postal"),
        (Party("Organisme"), "Il manque"),
        (Party(), "Il manque"),
    ],
)
def test_each_rule_of_the_post_is_said(party, said):
    assert said in " ".join(address_problems(party))


@pytest.mark.parametrize(
    ("civility", "agreed"),
    [
        ("Monsieur", ""),
        ("Madame", "e"),
        ("Madame et Monsieur", "s"),
        ("Mesdames", "es"),
        ("", "(e)"),
        ("Docteur", "(e)"),
    ],
)
def test_a_participle_agrees(civility, agreed):
    assert "soussigné" + ending(civility) == "soussigné" + agreed


@pytest.mark.parametrize(
    ("party", "words"),
    [
        (Party(), "Madame, Monsieur"),
        (Party(civility="Madame"), "Madame"),
        (Party(civility="Madame et Monsieur"), "Madame, Monsieur"),
        (Party(opening="Monsieur le Directeur"), "Monsieur le Directeur"),
    ],
)
def test_the_opening_words(party, words):
    assert party.appeal == words


def test_the_town_comes_from_the_last_line():
    assert Party(lines=("1 rue Fictive", "69100 VILLEURBANNE CEDEX 02")).town == "Villeurbanne"
    assert Party(lines=("1 rue Fictive",)).town == ""


def test_de_is_elided():
    assert of("agente d’accueil") == "d’agente d’accueil"
    assert of("vendeur") == "de vendeur"


@given(st.text())
def test_typed_text_cannot_carry_our_marks_nor_break_a_line(text):
    cleaned = clean(text)
    assert not MARKS & set(cleaned)
    assert len(cleaned.splitlines()) <= 1
