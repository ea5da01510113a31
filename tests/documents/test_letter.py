"""The printed page, read back by pypdfium2."""

import hashlib
import re
import zlib
from dataclasses import replace
from datetime import date
from itertools import combinations, pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.documents import paper
from desktop.documents.content import BOX, CELL, RULE, Block, Party, blank
from desktop.documents.letter import WINDOWS, Unprintable, missing_glyphs, pages, render, render_all
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


def flat(text):
    return " ".join(text.split())


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


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_each_envelope_shows_the_address_and_nothing_else(window, large, count):
    letter = water(sender=STRESS, addressee=replace(SERVICE, lines=LONG_ADDRESS[:count]))
    first, last = {"45x100": (45, 79), "35x100": (55, 79), "c5": (57, 79 if count < 5 else 88)}[window]
    found = boxes(render(letter, window=window, large=large))
    shown = [box for box in found if box[2] > 100 and box[1] < 85 and box[3] > 40]
    assert len(shown) == len(letter.addressee)
    for left, top, right, bottom in shown:
        assert left >= 100
        assert right <= 190
        assert first <= top
        assert bottom <= last
    above, below = {"45x100": (34, 90), "35x100": (44, 90), "c5": (43, 102)}[window]  # wherever the sheet slides
    assert not [box for box in found if box not in shown and box[2] > 100 and above < box[3] and box[1] < below - 5]


@pytest.mark.parametrize(("window", "folds"), [("45x100", [99, 198]), ("35x100", [99, 198]), ("c5", [148.5])])
def test_the_fold_ticks_are_those_of_the_envelope(window, folds):
    ticks = [y for x1, y, x2, _ in strokes(render(water(), window=window)) if x2 < 8]
    assert ticks == pytest.approx(folds, abs=0.1)


def test_large_print_is_large_and_takes_the_pages_it_needs():
    letter = water()
    pdf = render(letter, large=True)
    assert pages(pdf) > 1
    assert b" 16 Tf" in b" ".join(drawn(pdf))
    assert b" 16 Tf" not in b" ".join(drawn(render(letter)))
    text = read(pdf)
    assert all(flat(line) in text for line in (*letter.sender, *letter.addressee))
    assert text.count("– facture d’eau") == pages(pdf) - 1


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 40), max_size=12), st.booleans(), st.sampled_from(list(WINDOWS)), st.integers(0, 3))
def test_whatever_the_length_the_end_of_a_letter_is_not_alone(paragraphs, large, window, copies):
    sentence = "Voici une phrase ajoutée. "
    body = tuple(Block("text", ((sentence * count).strip(),)) for count in paragraphs)
    letter = replace(water(), body=water().body + body, copies=("Service de l’Exemple",) * copies)
    with pypdfium2.PdfDocument(render(letter, large=large, window=window)) as document:
        sheets = [" ".join(page.get_textpage().get_text_bounded().split()) for page in document]
        lowest = max(box[3] for page in range(len(document)) for box in text_boxes(document, page) if box[3] < 285)
    last = sheets[-1]
    assert all(
        flat(words) in last for words in ("salutations", letter.signatures[0], "Pièces jointes", letter.enclosures[-1])
    )
    above = last.split("Je vous prie d’agréer")[0].removeprefix(f"{letter.sender[0]} – {letter.subject}")
    assert len(above) > 40
    assert lowest <= 279.5
    assert " ".join(sheets).count("ajoutée.") == sum(paragraphs)


@settings(max_examples=80, deadline=None)
@given(st.text(st.sampled_from("ai m\u00a0wWÉ.-"), max_size=300), st.floats(20, 400), st.floats(0, 400))
def test_lines_keep_every_letter_inside_the_column_and_are_never_left_alone(words, width, room):
    paper.fonts()
    text = paper.Text(words, paper.Style(11, 15))
    text.wrap(width)
    lines = ["".join(run.text for run in paper._joined(line)) for line in text.lines]
    assert all(paper.stringWidth(line, paper.REGULAR, 11) <= width + 0.01 for line in lines)
    assert "".join(lines).replace(" ", "") == words.replace(" ", "")
    parts = text.split(width, room)
    assert parts == [] or [len(part.lines) >= 2 for part in parts] == [True, True]
    assert sum(len(part.lines) for part in parts) in (0, len(text.lines))
    assert not parts or parts[0].height <= room


@pytest.mark.parametrize("count", range(3, 12))
def test_the_date_and_the_signature_of_an_attestation_are_not_alone(count):
    body = (Block("text", ("Voici une phrase ajoutée. " * 20,)),) * count
    letter = replace(water(), kind="attestation", closing="", body=body, enclosures=())
    with pypdfium2.PdfDocument(render(letter)) as document:
        last = flat(document[len(document) - 1].get_textpage().get_text_bounded())
    assert "ajoutée." in last
    assert last.count(flat(letter.signatures[0])) > ("–" in last)


@given(st.integers(1, 30), st.floats(0, 600))
def test_a_table_is_cut_between_rows_with_two_rows_left(count, room):
    paper.fonts()
    table = paper.Rows([(f"Ligne {i}", f"{i},00 €") for i in range(count)])
    parts = table.split(paper.WIDTH, room)
    assert [row for part in parts for row in part.rows] in ([], table.rows)
    if parts:
        assert parts[0].wrap(paper.WIDTH)[1] <= room
        assert len(parts[1].rows) >= 2


LONG_NAME = "Marie-Apolline Bartholoméa de la Fontaine-Exemplaire et son mari Théophile Modèle"


@pytest.mark.parametrize("large", [False, True])
def test_long_names_and_subjects_never_overlap(large):
    who = (LONG_NAME, *water().sender[1:])
    letter = replace(long_letter(9), sender=who, signatures=(LONG_NAME, LONG_NAME), subject="très longue demande " * 9)
    attestation = replace(letter, kind="attestation", title="Attestation bien longue " * 5, countersigned=True)
    sheet = replace(letter, kind="fiche", title="Fiche dont le titre est bien long " * 4, sender=who * 3)
    for one in (letter, attestation, sheet):
        pdf = render(one, large=large)
        with pypdfium2.PdfDocument(pdf) as document:
            for page in range(len(document)):
                found = text_boxes(document, page)
                assert not [(a, b) for a, b in combinations(found, 2) if overlap(a, b)]
                assert all(left >= 24.5 and right <= 190 for left, _, right, _ in found)


def overlap(a, b):
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.2 and min(a[3], b[3]) - max(a[1], b[1]) > 0.6


def test_a_letter_handed_over_has_a_box_left_of_the_signature():
    letter = replace(water(), countersigned=True)
    pdf = render(letter)
    assert "Reçu en main propre le" not in read(render(water()))
    assert all(words in read(pdf) for words in ("Reçu en main propre le", "Nom :", "Signature :"))
    frame = next(box for box in frames(pdf) if box[2] - box[0] > 60)
    inside = [box for box in boxes(pdf) if frame[1] < box[1] < frame[3]]
    name = max(inside)
    assert frame[2] < 103 < name[0]
    assert len(inside) == 4
    assert pages(pdf) == 1


def test_two_signers_keep_their_places_above_the_box():
    letter = replace(water(), countersigned=True, signatures=("Aïcha Exemple", "Théo Modèle"))
    pdf = render(letter)
    with pypdfium2.PdfDocument(pdf) as document:
        last = len(document) - 1
        text = " ".join(document[last].get_textpage().get_text_bounded().split())
    assert text.index("Théo Modèle") < text.index("Reçu en main propre")
    assert "Aïcha Exemple" in text


def test_copies_are_named_after_the_enclosures():
    one = read(render(replace(water(), copies=("Service de l’Exemple",))))
    assert one.index("Pièces jointes") < one.index("Copie à : Service de l’Exemple")
    two = read(render(replace(water(), copies=("Premier service", "Second service"))))
    assert two.endswith("Copies à : – Premier service – Second service")


def test_boxes_are_squares_and_their_lines_hang():
    short = replace(water(), kind="fiche", body=(Block("boxes", ("Une chose à faire. " * 12, "Une autre")),))
    pdf = render(short)
    squares = [f for f in frames(pdf) if f[2] - f[0] == pytest.approx(f[3] - f[1], abs=0.05)]
    assert len(squares) == 2
    lines = [box for box in boxes(pdf) if squares[0][1] - 2 < box[1] < squares[1][3]]
    assert {round(box[0]) for box in lines} == {33}
    assert len(lines) > 3
    assert all(square[2] < 32 for square in squares)
    assert BOX not in read(pdf)


def test_ruled_lines_are_eight_millimetres_apart_across_the_column():
    letter = replace(water(), kind="attestation", body=(Block("ruled", (RULE,) * 12),))
    drawn_lines = [s for s in strokes(render(letter)) if s[2] - s[0] > 155]
    assert len(drawn_lines) == 12
    heights = sorted(s[1] for s in drawn_lines)
    assert [b - a for a, b in pairwise(heights)] == pytest.approx([8] * 11, abs=0.05)
    assert pages(render(replace(letter, body=(Block("ruled", (RULE,) * 60),)))) == 3


@pytest.mark.parametrize("count", range(1, 40, 2))
def test_a_question_stays_with_its_lines(count):
    filler = Block("items", tuple(f"point {i}" for i in range(count)))
    body = (filler, Block("text", ("Que savez-vous ?",)), Block("ruled", (RULE,) * 3))
    pdf = render(replace(water(), kind="attestation", closing="", body=body), large=True)
    with pypdfium2.PdfDocument(pdf) as document:
        where = [
            (
                "Que savez" in page.get_textpage().get_text_bounded(),
                sum(1 for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])),
            )
            for page in document
        ]
    assert [lines for asked, lines in where if asked] == [3]


def test_a_place_and_a_date_to_fill_in_stay_on_one_line():
    letter = fill(read_template("attestation-hebergement"), {}, day=DAY)
    letter = replace(letter, place_and_date=f"Fait à {blank('Lieu')}, le {blank('Date')}")
    for large in (False, True):
        tops = [line for line in words_of(render(letter, large=large)) if "Fait à" in line]
        assert len(tops) == 1
        assert ", le ....." in tops[0]


def words_of(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return document[0].get_textpage().get_text_bounded().splitlines()


def test_a_long_table_goes_on_and_its_total_is_not_alone():
    rows = (*(f"Ligne {i}{CELL}{i},00 €" for i in range(1, 90)), f"Total{CELL}9,00 €")
    letter = replace(water(), kind="fiche", closing="", body=(Block("rows", rows),), enclosures=())
    with pypdfium2.PdfDocument(render(letter)) as document:
        sheets = [page.get_textpage().get_text_bounded() for page in document]
        assert all(box[3] < 280 for page in range(len(document)) for box in text_boxes(document, page) if box[3] < 285)
    assert len(sheets) == 3
    assert sorted(re.findall(r"Ligne (\d+)\b", " ".join(sheets)), key=int) == [str(i) for i in range(1, 90)]
    assert "Ligne 89" in sheets[-1]


def test_more_enclosures_than_a_page_still_print():
    letter = replace(water(), enclosures=tuple(f"copie du papier {i}" for i in range(120)))
    text = read(render(letter))
    assert all(f"papier {i}" in text for i in range(120))


def test_many_letters_in_one_file_share_their_fonts():
    letters = [replace(water(), reference=f"dossier {i}") for i in range(30)]
    pdf = render_all(letters)
    assert pages(pdf) == 30
    assert len(set(re.findall(rb"/BaseFont /(\S+)", pdf))) == 2
    text = read(pdf)
    assert all(f"dossier {i}" in text for i in range(30))
    assert len(pdf) < 30 * len(render(letters[0])) / 3


def test_fold_ticks_stay_clear_of_the_printer_margin():
    strokes = [line for line in drawn(render(water())) if line.endswith(b" l S")]
    assert sum(line.startswith(b"n 9.92126 ") for line in strokes) == 2  # 3.5 mm


def drawn(pdf):
    """The drawing operators of a PDF, line by line."""
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            raw = zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
        yield from raw.split(b"\n")


def strokes(pdf):
    """Straight lines: left, top, right, bottom, in millimetres from the top left corner."""
    return [box for kind, box in paths(pdf) if kind == "l"]


def frames(pdf):
    """Drawn rectangles, the same way."""
    return [box for kind, box in paths(pdf) if kind == "re"]


def paths(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH]):
                count = pypdfium2.raw.FPDFPath_CountSegments(item)
                x1, y1, x2, y2 = (value / 72 * 25.4 for value in item.get_bounds())
                yield "l" if count == 2 else "re", (x1, 297 - y2, x2, 297 - y1)
