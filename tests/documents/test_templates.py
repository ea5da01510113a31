"""Shipped templates: read, missing, fill. No PDF here."""

import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.documents import references
from desktop.documents.content import BLANK, END, MARKS, Party
from desktop.documents.template_files import BadTemplate, parse
from desktop.documents.templates import LETTERS, advice, deadline, fill, missing, read_template, stale, templates

DAY = date(2026, 11, 23)
AICHA = Party("Aïcha Œuvrard-Nguyễn", "Madame", ("18 rue des Exemples", "69100 Villeurbanne"), "0600000000")
EDF = Party("Fournisseur de l’Exemple", lines=("1 rue Fictive", "69003 Lyon"))


def text(letter):
    return "\n".join(letter.texts).replace("\u00a0", " ")


def filled(id, changes=(), sender=AICHA):
    template = read_template(id)
    return fill(template, template.example | dict(changes), sender=sender, addressee=EDF, day=DAY)


def test_the_first_five_are_there():
    assert {t.code for t in templates()} >= {"H01", "I01", "B02", "G25", "W01"}


def test_each_file_is_named_after_its_id_in_the_folder_of_its_theme():
    named = {(path.parent.name, path.stem) for path in LETTERS.glob("*/*.md")}
    assert named == {(t.theme, t.id) for t in templates()}
    assert len({t.code for t in templates()}) == len(named)


def test_listing_needs_neither_reportlab_nor_jinja():
    code = "import sys; from desktop.documents.templates import *; templates(); print({'reportlab', 'jinja2'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_an_unknown_id_is_said():
    with pytest.raises(LookupError, match="n’existe pas"):
        read_template("absent")


def test_missing_names_the_field_and_gives_an_example():
    found = missing(read_template("energie-echeancier"), {"dette": "beaucoup"}, DAY)
    assert found["reference_client"] == "À remplir : Référence client. Exemple : 6 001 234 567."
    assert found["dette"].endswith("Exemple : 412,60.")
    assert "motif" not in found
    assert "coupure" not in found


def test_the_example_is_complete():
    assert all(missing(t, t.example, DAY) == {} for t in templates())


def test_a_blocking_check_speaks_under_its_field():
    template = read_template("attestation-hebergement")
    assert "futur" in missing(template, template.example | {"depuis": "1/12/2026"}, DAY)["depuis"]


def test_advice_never_blocks():
    template = read_template("energie-echeancier")
    early = template.example | {"premier_jour": "1/10/2026"}
    assert missing(template, early, DAY) == {}
    assert "premier_jour" in advice(template, early, DAY)
    assert advice(template, {}, DAY) == {}


def test_the_plan_adds_up_in_the_letter():
    plan = next(
        block for block in filled("energie-echeancier", {"dette": "100", "nombre": "3"}).body if block.kind == "rows"
    )
    shown = [line.replace("\u00a0", " ").split("\ue004") for line in plan.lines]
    assert [amount for _, amount in shown] == ["33,33 €", "33,33 €", "33,34 €", "100,00 €"]
    assert shown[0][0] == "5 décembre 2026"


def test_many_payments_are_grouped():
    plan = text(filled("energie-echeancier", {"dette": "400", "nombre": "24"}))
    assert "Le 5 de chaque mois, du 5 décembre 2026 au 5 octobre 2028" in plan
    assert "23 paiements de 16,66 €" in plan
    assert "16,82 €" in plan


def test_an_empty_optional_field_disappears():
    written = text(filled("energie-echeancier", {"motif": "", "date_fsl": "", "coupure": False}))
    assert "seule fois" not in written
    assert "Fonds de solidarité" not in written
    assert "coupure" not in written
    assert BLANK not in written


def test_an_empty_section_of_the_sheet_disappears_with_its_heading():
    written = text(filled("fiche-orientation", {"deja_fait": "", "apporter": "", "telephone": ""}))
    assert "Déjà fait" not in written
    assert "Papiers" not in written
    assert "Téléphone" not in written


def test_nothing_typed_leaves_blanks_and_never_none():
    for template in templates():
        written = text(fill(template, {}, day=DAY))
        assert BLANK in written
        assert "None" not in written


def test_a_wrong_value_is_a_blank_too():
    assert f"{BLANK}Somme à payer" in text(filled("energie-echeancier", {"dette": "beaucoup"}))


@pytest.mark.parametrize(
    ("civility", "words"),
    [("Madame", "vous m’avez informée"), ("Monsieur", "vous m’avez informé d"), ("", "vous m’avez informé(e)"),
     ("Madame et Monsieur", "vous nous avez informés")],
)  # fmt: skip
def test_the_letter_agrees_with_its_sender(civility, words):
    assert words in text(filled("eau-ecretement-fuite", sender=replace(AICHA, civility=civility)))


def test_an_attestation_is_signed_alone():
    written = text(filled("attestation-hebergement", sender=replace(AICHA, civility="Madame et Monsieur")))
    assert "Je soussigné(e)" in written


def test_the_closing_repeats_the_opening():
    template = read_template("eau-ecretement-fuite")
    letter = fill(
        template, template.example, sender=AICHA, addressee=replace(EDF, opening="Madame la Directrice"), day=DAY
    )
    assert "Madame la Directrice," in text(letter)
    assert "d’agréer, Madame la Directrice, l’expression" in letter.closing


def test_the_place_says_we_to_the_end():
    assert "nos salutations" in filled("convocation").closing


def test_only_documents_of_the_place_name_it():
    for template in templates():
        named = "pimms" in text(fill(template, template.example, sender=AICHA, addressee=EDF, day=DAY)).casefold()
        assert not named


def test_an_unsettled_source_is_never_printed(monkeypatch):
    doubtful = {key: replace(source, status="à vérifier") for key, source in references.sources().items()}
    monkeypatch.setattr(references, "sources", lambda: doubtful)
    for template in templates():
        written = text(fill(template, template.example, sender=AICHA, addressee=EDF, day=DAY))
        assert "code de" not in written
        assert "code pénal" not in written
        assert "31 mars" not in written


def test_a_deadline_runs_from_its_field_and_says_whether_it_is_settled():
    template = read_template("eau-ecretement-fuite")
    found = deadline(template, template.example, DAY)
    assert (found.day, found.settled) == (date(2026, 12, 2), True)
    assert deadline(template, {}, DAY) is None
    assert deadline(read_template("emploi-reponse-offre"), {}, DAY) is None


def test_a_template_grows_stale():
    template = read_template("energie-echeancier")
    assert not stale(template, DAY)
    assert stale(template, date(2027, 3, 1))


def test_an_organism_may_have_no_address():
    party = references.organisms()["edf"].party()
    assert party.name
    letter = fill(read_template("energie-echeancier"), {}, addressee=party, day=DAY)
    assert letter.addressee[0] == party.name
    assert all(BLANK in line for line in letter.addressee[1:])


def test_every_list_tells_where_it_comes_from():
    for listed in (references.sources(), references.organisms(), references.forms()):
        assert all(entry.source and entry.checked_on <= DAY for entry in listed.values())
        assert all(entry.status in ("lu", "établi", "à vérifier") for entry in listed.values())


def test_a_doubtful_form_is_printed_without_its_suffix():
    assert references.forms()["logement-social"].printed == "Cerfa n° 14069"
    assert references.forms()["temoin"].printed == "Cerfa n° 11527*03"


SOURCE = next(LETTERS.glob("*/eau-*.md")).read_text("utf-8")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("+++\n", "", "commence"),
        ('id = "', "id = ", "ne se lit pas"),
        ('titre = "', 'titlre = "', "titre"),
        ("niveau = 1", "niveau = 1\ninconnu = 2", "inconnu"),
        ('type = "lettre"', 'type = "tract"', "n’existe pas"),
        ('type = "date"', 'type = "heure"', "heure"),
        ("aide =", "aid =", "aid"),
    ],
)
def test_a_broken_file_is_said(old, new, said):
    with pytest.raises(BadTemplate, match=said):
        parse(SOURCE.replace(old, new))


def test_the_fingerprint_is_that_of_the_file():
    assert parse(SOURCE).sha256 != parse(SOURCE + " ").sha256


@given(
    st.dictionaries(st.sampled_from([f.name for f in read_template("fiche-orientation").fields]), st.text(max_size=80))
)
def test_anything_may_be_typed(values):
    letter = fill(read_template("fiche-orientation"), values, sender=AICHA, day=DAY)
    for typed in letter.texts:
        assert not set("\n\r\x00") & set(typed)
        assert all(unicodedata.category(c) != "Co" or c in MARKS for c in typed)
        assert typed.count(BLANK) == typed.count(END)
