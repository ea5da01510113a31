"""The printed page, read back by pypdfium2."""

import base64
import hashlib
import re
import zlib
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.documents.content import Block, Party
from desktop.documents.letter import Unprintable, missing_glyphs, pages, render
from desktop.documents.lint import LONG_ADDRESS, STRESS, text_boxes
from desktop.documents.templates import fill, read_template

DAY = date(2026, 11, 23)
WATER = read_template("eau-ecretement-fuite")
AICHA = Party("Mme Aïcha Œuvrard-Nguyễn", "Madame", ("18 rue des Exemples", "69100 Villeurbanne"))
SERVICE = Party("Service de l’Exemple", lines=("1 rue Fictive", "69003 Lyon"))


def water(changes=(), sender=AICHA, addressee=SERVICE):
    return fill(WATER, WATER.example | dict(changes), sender=sender, addressee=addressee, day=DAY)


def read(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def boxes(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return text_boxes(document)


def long_letter(paragraphs):
    """The water letter with more to say."""
    letter = water()
    more = Block("text", ("Une phrase de plus, pour voir la page suivante. " * 6,))
    return replace(letter, body=letter.body + (more,) * paragraphs)


def test_accents_come_back_from_the_page():
    assert "Mme Aïcha Œuvrard-Nguyễn" in read(render(water()))


def test_the_same_letter_gives_the_same_bytes():
    first, second = (hashlib.sha256(render(water(), number="N° 7")).hexdigest() for _ in range(2))
    assert first == second
    assert first != hashlib.sha256(render(water({"volume_releve": "413"}), number="N° 7")).hexdigest()


def test_the_window_holds_the_address_and_nothing_else():
    for addressee in (SERVICE, replace(SERVICE, lines=LONG_ADDRESS)):
        letter = water(sender=STRESS, addressee=addressee)
        zone = [box for box in boxes(render(letter)) if box[2] > 100 and box[3] > 40 and box[1] < 80]
        assert len(zone) == len(letter.addressee)
        for left, top, right, bottom in zone:
            assert left >= 105
            assert top >= 45
            assert right <= 190
            assert bottom <= 79


def test_nothing_leaves_the_margins():
    assert all(
        left >= 24 and right <= 190 and bottom <= 290 for left, _, right, bottom in boxes(render(water(sender=STRESS)))
    )


def test_only_our_fonts_embedded_and_a_title_and_a_language():
    pdf = render(water())
    assert set(re.findall(rb"/BaseFont /(\S+)", pdf)) == {b"AAAAAA+SourceSans3-Regular", b"AAAAAA+SourceSans3-Bold"}
    assert b"/Lang (fr-FR)" in pdf
    with pypdfium2.PdfDocument(pdf) as document:
        assert document.get_metadata_value("Title") == water().title
        assert document.get_metadata_value("Author") == ""


def test_a_draft_says_so_and_a_final_letter_shows_its_number():
    assert "BROUILLON" in read(render(water(), draft=True))
    final = read(render(water(), number="N° 2026-0042"))
    assert "BROUILLON" not in final
    assert final.endswith("N° 2026-0042")


def test_a_blank_is_named_in_the_draft_and_dotted_on_paper():
    letter = water({"date_reparation": ""})
    assert "[Date de la réparation]" in read(render(letter, draft=True))
    final = read(render(letter))
    assert "[Date" not in final
    assert "réparée le ....." in final


def test_an_empty_letter_is_a_form_to_fill_by_hand():
    final = read(render(fill(WATER, {}, day=DAY)))
    assert final.count("......") > 5
    assert "None" not in final
    assert "[" not in final


@pytest.mark.parametrize("count", range(0, 24, 3))
def test_a_closing_is_never_alone(count):
    pdf = render(long_letter(count))
    with pypdfium2.PdfDocument(pdf) as document:
        last = " ".join(document[len(document) - 1].get_textpage().get_text_bounded().split())
    assert "Une phrase de plus" in last or "payer le reste" in last
    assert "salutations" in last
    assert "Pièces jointes" in last


def test_a_long_letter_takes_pages_and_numbers_them():
    pdf = render(long_letter(12))
    assert pages(pdf) == 2
    text = read(pdf)
    assert "page 1/2" in text
    assert "page 2/2" in text
    assert "Mme Aïcha Œuvrard-Nguyễn – facture d’eau" in text


def test_an_endless_paragraph_still_ends():
    letter = replace(water(), body=(Block("text", ("mot " * 4000,)),) * 2)
    assert pages(render(letter)) > 2


def test_a_character_without_a_drawing_is_said_and_not_printed():
    letter = water(sender=replace(AICHA, name="Aïcha 漢"))
    assert missing_glyphs(letter) == "漢"
    with pytest.raises(Unprintable, match="漢"):
        render(letter)
    assert pages(render(letter, draft=True)) == 1


@pytest.mark.parametrize(
    "typed",
    [
        "<b>gras</b>",
        "</para><para>",
        '<img src="/etc/passwd"/>',
        "a & b &lt; c",
        "<font size=99>x",
        "{{ usager.nom }}",
        "**gras**",
    ],
)
def test_what_is_typed_is_printed_as_typed(typed):
    text = read(render(water({"reference_client": typed}, sender=replace(AICHA, lines=(typed, "69100 Lyon")))))
    flat = typed.replace('"', "").replace(" ", "")
    assert text.replace(" ", "").replace("«", "").replace("»", "").count(flat) >= 2


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=30), st.text(max_size=40), st.booleans())
def test_no_text_can_break_the_page(reference, name, draft):
    letter = water({"reference_client": reference}, sender=replace(AICHA, name=name))
    if draft or not missing_glyphs(letter):
        assert pages(render(letter, draft=draft)) == 1


def test_fold_ticks_stay_clear_of_the_printer_margin():
    strokes = [line for line in drawn(render(water())) if line.endswith(b" l S")]
    assert sum(line.startswith(b"n 9.92126 ") for line in strokes) == 2  # 3.5 mm


def drawn(pdf):
    """The drawing operators of a PDF, line by line."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            raw = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        except (ValueError, zlib.error):
            continue
        yield from raw.split(b"\n")
