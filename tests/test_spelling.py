"""Doubtful words of a letter: found, explained, and never a name, a number or an acronym."""

import subprocess
import sys
from pathlib import Path

import pytest

from desktop import spelling
from desktop.spelling import check, suggest


def doubtful(text: str, *known: str) -> list[str]:
    return [mistake.word for mistake in check(text, frozenset(known))]


def test_a_misspelt_word_is_found_where_it_stands():
    text = "Merci 😀 de l’acueil. Une erreure, puis une autre erreure."
    found = check(text)
    assert [mistake.word for mistake in found] == ["l’acueil", "erreure", "erreure"]
    assert [text[m.start : m.start + m.length] for m in found] == [m.word for m in found]


@pytest.mark.parametrize(
    "text",
    [
        "L’accueil : j’ai rendez-vous aujourd’hui, qu’il vienne ou non.",
        "l'accueil, j'ai, aujourd'hui, qu'il, s'il, jusqu'à, lorsqu'elle, prud'homal",
        "Quelqu’un a-t-il répondu ? Dites-le-moi, c’est-à-dire peut-être vous-même.",
        "Œuvre, cœur, nœud, sœur, Villeurbanne, Vaulx-en-Velin, Saint-Priest",
        "EDF, la CAF, le RSA, d’EDF, l’URSSAF, la CPAM et les HLM",
        "Enedis, Grandclément, Charpennes, FranceConnect et l’Adoma",
        "Écrire à noe.fictif@exemple.fr ou sur www.exemple.fr, exemple.gouv.fr ; https://exemple.fr/aeiuy",
        "Client AB12-xyzq, référence 0123/XQZ, 12,50 €, 3 m³, 1er, 2e, 14h30",
        "M. et Mme, n° 4, etc. « y », à",
        "rendez‑vous avec un trait d’union insécable",
    ],
)
def test_ordinary_french_and_what_is_no_word_are_left_alone(text):
    assert doubtful(text) == []


def test_a_name_typed_in_the_letter_is_known_whole_and_by_its_parts():
    text = "Aïcha Œuvrard-Nguyễn, d’Œuvrard, Mme NGUYỄN, nguyễn"
    assert doubtful(text) == ["Œuvrard-Nguyễn", "d’Œuvrard", "nguyễn"]
    assert doubtful(text, "Madame Aïcha Œuvrard-Nguyễn") == []


def test_a_personal_word_is_known():
    assert doubtful("le zorglub") == ["zorglub"]
    assert doubtful("Le Zorglub, l’zorglub", "zorglub") == []


def test_no_elision_before_a_consonant():
    assert doubtful("l’maison et l’horaire") == ["l’maison"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("acueil", "accueil"), ("Prefecture", "Préfecture"), ("echeance", "échéance"), ("courier", "courrier"),
        ("fature", "facture"), ("aujourdhui", "aujourd’hui"), ("jai", "j’ai"), ("l’acueil", "l’accueil"),
        ("vileurbanne", "Villeurbanne"), ("quelquechose", "quelque chose"), ("fotographie", "photographie"),
        ("remboursemnet", "remboursement"), ("Enediss", "Enedis"), ("sincèrment", "sincèrement"),
    ],
)  # fmt: skip
def test_the_word_meant_is_proposed_first(typed, meant):
    assert suggest(typed)[0] == meant


def test_at_most_seven_words_are_proposed_and_each_is_right():
    found = suggest("adre")
    assert len(found) == spelling.MOST
    assert doubtful(" ".join(found)) == []
    assert len(set(found)) == len(found)


def test_a_name_typed_in_the_letter_is_proposed():
    assert suggest("Ouvrard", frozenset({"Aïcha Œuvrard-Nguyễn"}))[0] == "Œuvrard"


def test_nothing_is_proposed_for_what_looks_like_no_word():
    assert suggest("xqzkjd") == []
    assert suggest("a" * 5000) == []


def test_without_the_dictionary_nothing_is_doubtful(tmp_path, monkeypatch):
    monkeypatch.setattr(spelling, "FOLDER", tmp_path)
    assert not spelling.available()
    assert (check("une erreure"), suggest("erreure")) == ([], [])


def test_without_the_library_nothing_is_doubtful(monkeypatch):
    monkeypatch.setitem(sys.modules, "hunspell", None)
    assert not spelling.available()
    assert (check("une erreure"), suggest("erreure")) == ([], [])


def test_nothing_is_loaded_before_the_first_text():
    """Importing the module costs nothing to the window's start."""
    asked = "import sys; import desktop.spelling; print({'hunspell', 'rapidfuzz', 'PySide6'} & set(sys.modules))"
    root = Path(__file__).parents[1]
    done = subprocess.run([sys.executable, "-c", asked], cwd=root, capture_output=True, text=True)
    assert done.stdout == "set()\n", done.stderr


def test_the_words_of_the_house_are_those_the_dictionary_lacks():
    words = spelling._house(spelling.FOLDER)
    assert [word for word in words if spelling._is_spelled(word)] == []
