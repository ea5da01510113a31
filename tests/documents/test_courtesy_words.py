"""Courtesy copies: every language says the same things, and a translated body is shown only when it may be."""

import re
from datetime import date

import pytest

from desktop.documents import courtesy
from desktop.documents.courtesy import ROWS, courtesy_body, french, languages, rows
from desktop.documents.templates import read_template
from desktop.french import long_date

BODY = """+++
version = 3
traduit_par = "Théo Modèle"
relu_par = "Aïcha Œuvrard-Nguyễn"
lu_le = 2026-11-23
+++

# Request to pay in instalments

I ask to pay my bill in several payments.
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "energie-echeancier.en.md").write_text(BODY, "utf-8")
    return tmp_path


def test_the_four_languages_are_there():
    assert set(languages()) == {"ar", "en", "pt", "tr"}
    assert [code for code, language in languages().items() if language.right_to_left] == ["ar"]


@pytest.mark.parametrize("code", ["ar", "en", "pt", "tr"])
def test_a_language_says_everything_the_french_says(code):
    language = languages()[code]
    assert list(language.words) == list(french())
    assert {"titre", "copie", "relire", "remis", *ROWS} == set(french())
    assert all(word.strip() for word in language.words.values())
    assert all(
        re.findall(r"\{.*?\}", word) == re.findall(r"\{.*?\}", french()[n]) for n, word in language.words.items()
    )
    assert not set(language.words.values()) & set(french().values())


def test_the_words_are_those_of_the_fields_of_the_take_away_sheet():
    asked = {field.name for field in read_template("fiche-a-emporter").fields}
    assert set(ROWS) <= asked
    assert asked - set(ROWS) == {"personne"}


def test_what_is_typed_becomes_the_rows_in_order_with_its_day_written_out():
    typed = {"appeler": " Noé Fictif ", "fait": "Une lettre", "prochaine_date": "7/12", "personne": "Théo Modèle"}
    assert rows(typed, date(2026, 11, 23)) == [
        ("fait", "Une lettre"), ("a_faire", ""), ("apporter", ""), ("prochaine_etape", ""),
        ("prochaine_date", f"lundi {long_date(date(2026, 12, 7))}"), ("appeler", "Noé Fictif"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["ar", "en", "pt", "tr"])
def test_a_language_is_signed_with_a_name_and_a_status_or_still_to_be_read(code):
    language = languages()[code]
    assert (language.status == "traduction à relire") == (language.reviewed_by == "")
    assert isinstance(language.read_on, date)


def test_a_body_is_shown_beside_the_version_it_translates(folder):
    body = courtesy_body("energie-echeancier", 3, "en", folder)
    assert body.startswith("# Request to pay in instalments\n\nI ask")
    assert body.endswith("payments.")


@pytest.mark.parametrize("version", [2, 4])
def test_a_body_of_another_version_is_hidden(folder, version):
    assert courtesy_body("energie-echeancier", version, "en", folder) is None


def test_a_body_of_another_language_or_template_is_not_there(folder):
    assert courtesy_body("energie-echeancier", 3, "tr", folder) is None
    assert courtesy_body("eau-ecretement-fuite", 3, "en", folder) is None
    assert courtesy_body("energie-echeancier", 3, "en", folder / "absent") is None


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('relu_par = "Aïcha Œuvrard-Nguyễn"', 'relu_par = " "'),
        ('relu_par = "Aïcha Œuvrard-Nguyễn"', ""),
        ("version = 3", ""),
        ("version = 3", "version = "),
        ("+++\n\n#", "\n#"),
    ],
    ids=["unsigned", "no signature", "no version", "broken", "no front"],
)
def test_a_body_nobody_answers_for_is_hidden(folder, old, new):
    assert old in BODY
    (folder / "energie-echeancier.en.md").write_text(BODY.replace(old, new), "utf-8")
    assert courtesy_body("energie-echeancier", 3, "en", folder) is None


def test_a_body_saved_on_windows_is_read(folder):
    (folder / "energie-echeancier.en.md").write_bytes(BODY.replace("\n", "\r\n").encode())
    assert "\r" not in courtesy_body("energie-echeancier", 3, "en", folder)


def test_a_shipped_body_is_read_for_the_current_version_of_its_template():
    """None is shipped yet; each one that will be must follow its template."""
    for file in courtesy.BODIES.glob("*.*.md"):
        template, language, _ = file.name.split(".")
        assert courtesy_body(template, read_template(template).version, language), file.name
