"""What goes with a letter, read back page by page."""

import io
import re
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest

from desktop.documents import references
from desktop.documents.bundle import (
    CROSS,
    corrected,
    enclosure_list,
    fold_ruler,
    merge,
    registered_mail_help,
    what_next,
)
from desktop.documents.content import Block, Party
from desktop.documents.letter import WINDOWS, pages, render
from desktop.documents.lint import text_boxes
from desktop.documents.template_files import SENDINGS
from desktop.documents.templates import Deadline, deadline, fill, read_template, shipped
from desktop.documents.typography import typeset

DAY = date(2026, 11, 23)
AICHA = Party("Aïcha Œuvrard-Nguyễn", "Madame", ("18 rue des Exemples", "69100 Villeurbanne"))
SERVICE = Party("Énergie de l’Exemple", lines=("TSA 00000", "62978 Arras cedex 9"))
PLACE = Party("PIMMS de l’Exemple", lines=("1 rue Fictive", "69100 Villeurbanne"), phone="0400000000")
MM = 72 / 25.4


def filled(id: str = "energie-echeancier"):
    template = read_template(id)
    return fill(template, template.example, sender=AICHA, addressee=SERVICE, day=DAY)


LETTER = filled()


def due(settled: bool) -> Deadline:
    return Deadline(
        day=date(2026, 12, 22), action="Contester par écrit", settled=settled, until=date(2026, 12, 23),
        rule="calendaire", source="Source de l’Exemple",
    )  # fmt: skip


def flat(text: str) -> str:
    return " ".join(text.split())


def read(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(flat(page.get_textpage().get_text_bounded()) for page in document)


def squares(pdf: bytes) -> int:
    """How many boxes to tick are drawn."""
    with pypdfium2.PdfDocument(pdf) as document:
        bounds = [item.get_bounds() for page in document for item in page.get_objects(
            filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]  # fmt: skip
    return sum(5 < x2 - x1 < 20 and abs((x2 - x1) - (y2 - y1)) < 0.1 for x1, y1, x2, y2 in bounds)


def test_each_enclosure_has_a_box_and_originals_stay_at_home():
    pdf = enclosure_list(LETTER, PLACE)
    text = read(pdf)
    assert all(flat(paper) in text for paper in LETTER.enclosures)
    assert squares(pdf) == len(LETTER.enclosures) + 2
    assert "jamais les originaux" in text
    assert "PIMMS de l’Exemple" in text
    assert "04 00 00 00 00" in text
    assert LETTER.addressee[0] in text


def test_a_letter_without_enclosures_says_so():
    text = read(enclosure_list(replace(LETTER, enclosures=()), PLACE))
    assert "Aucune pièce" in text
    assert "jamais les originaux" not in text


def test_the_sheet_says_what_was_written_and_what_comes_next():
    letter = replace(LETTER, after=(Block("items", ("Premier pas", "Second pas")), Block("text", ("Enfin.",))))
    text = read(what_next(letter, PLACE, number="2026-0042", deadline=due(True)))
    for said in (
        "2026-0042",
        letter.subject,
        letter.addressee[0],
        "Premier pas",
        "Second pas",
        "Enfin.",
        "04 00 00 00 00",
    ):
        assert flat(said) in text
    assert "Contester par écrit : avant le mardi 22 décembre 2026" in text
    assert text.index("La date à retenir") < text.index("Envoyer le courrier") < text.index("Premier pas")


def test_a_date_nobody_confirmed_is_said_to_be_checked():
    assert "à faire vérifier" in read(what_next(LETTER, PLACE, deadline=due(False)))
    assert "à faire vérifier" not in read(what_next(LETTER, PLACE, deadline=due(True)))
    assert "La date à retenir" not in read(what_next(LETTER, PLACE))


@pytest.mark.parametrize(
    ("sending", "said"),
    [
        ("simple", "Timbrez"),
        ("suivi", "lettre suivie"),
        ("recommande_ar", "avec avis de réception"),
        ("recommande_electronique", "en ligne"),
        ("main_propre", "deux exemplaires"),
    ],
)
def test_how_to_send_follows_the_letter(sending, said):
    text = read(what_next(replace(LETTER, sending=SENDINGS[sending]), PLACE))
    assert said in text
    assert ("avis de réception revient" in text) == (sending == "recommande_ar")


def test_an_attestation_is_not_posted():
    text = read(what_next(filled("attestation-hebergement"), PLACE))
    assert "Remettez l’original" in text
    assert "enveloppe" not in text


def test_only_settled_rules_are_quoted():
    known = references.sources().values()
    sure = next(s for s in known if s.settled and s.citation)
    doubtful = replace(sure, citation="article X de l’exemple", status="à vérifier")
    citing = replace(LETTER, body=(Block("text", (typeset(f"{sure.citation} et {doubtful.citation}"),)),))
    assert flat(sure.citation) not in read(what_next(LETTER, PLACE, sources=(sure, doubtful))), (
        "the letter cites nothing"
    )
    text = read(what_next(citing, PLACE, sources=(sure, sure, doubtful)))
    assert text.count(flat(sure.citation)) == 1
    assert "article X" not in text


def test_the_help_for_registered_mail_numbers_its_steps_without_price_or_delay():
    text = read(registered_mail_help(replace(PLACE, phone="", lines=())))
    steps = [int(number) for number in re.findall(r"(?:^| )(\d+)\. [A-ZÉL]", text)]
    assert steps == list(range(1, len(steps) + 1))
    assert len(steps) > 8
    assert "€" not in text
    assert not re.search(r"\d", re.sub(r"\d+\. ", "", text))


@pytest.mark.parametrize("id", sorted(t.id for t in shipped().values() if t.after))
def test_what_comes_next_holds_on_one_page(id):
    template = read_template(id)
    pdf = what_next(
        filled(id), PLACE, number="VIL-1-2026-0001", deadline=deadline(template, template.example, DAY),
        sources=[references.sources()[key] for key in template.sources],
    )  # fmt: skip
    assert pages(pdf) == 1


@pytest.mark.parametrize("large", [False, True])
def test_every_sheet_fits_and_can_be_large(large):
    letter = replace(LETTER, after=(Block("text", ("Une phrase. " * 30,)),))
    sheets = (
        enclosure_list(letter, PLACE, large=large),
        what_next(letter, PLACE, number="7", deadline=due(False), sources=tuple(references.sources().values())[:2], large=large),
        registered_mail_help(PLACE, large=large),
    )  # fmt: skip
    for pdf in sheets:
        assert pages(pdf) == 1 or large
        assert (b" 16 Tf" in uncompressed(pdf)) == large
        with pypdfium2.PdfDocument(pdf) as document:
            found = [box for page in range(len(document)) for box in text_boxes(document, page)]
        assert all(left > 24 and right < 186 and bottom < 288 for left, _, right, bottom in found)


def uncompressed(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return b"".join(page.Contents.read_bytes() for page in opened.pages)


def lines(pdf: bytes) -> list[tuple[float, float, float, float]]:
    """Strokes in millimetres from the top left corner."""
    with pypdfium2.PdfDocument(pdf) as document:
        items = document[0].get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])
        bounds = [tuple(value / MM for value in item.get_bounds()) for item in items]
    return [(x1, 297 - y2, x2, 297 - y1) for x1, y1, x2, y2 in bounds]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("offset", [(0.0, 0.0), (1.5, -0.8)])
def test_the_ruler_page_measures_what_it_says(window, offset):
    right, down = offset
    drawn = lines(fold_ruler(offset, window=window))
    arms = [s for s in drawn if 15 < max(s[2] - s[0], s[3] - s[1]) < 17]
    assert len(arms) == 2
    for x1, y1, x2, y2 in arms:
        assert (x1 + x2) / 2 == pytest.approx(CROSS + right, abs=0.1)
        assert (y1 + y2) / 2 == pytest.approx(CROSS + down, abs=0.1)
    first, last = WINDOWS[window].seen
    frame = [s for s in drawn if s[2] - s[0] == pytest.approx(90, abs=0.5) and s[3] - s[1] > 10]
    assert [(s[0], s[1], s[3]) for s in frame] == [pytest.approx((100 + right, first + down, last + down), abs=0.3)]
    across = [s[0] for s in drawn if 1.4 < s[3] - s[1] < 4.5 and s[2] - s[0] < 0.5 and s[0] > 29]
    assert len(across) == 171  # every millimetre from 30 to 200
    assert across[120] - across[20] == pytest.approx(100, abs=0.05)
    folds = [(s[1] + s[3]) / 2 for s in drawn if s[2] < 11]
    assert folds == pytest.approx([fold + down for fold in WINDOWS[window].folds], abs=0.2)


def test_the_offset_is_what_brings_the_cross_back():
    assert corrected((0, 0), 51.5, 49.2) == (-1.5, 0.8)
    assert corrected((-1.5, 0.8), 50, 50) == (-1.5, 0.8)
    assert "1,5 mm vers la droite, -0,8 mm vers le bas" in read(fold_ruler((1.5, -0.8)))


def test_merged_parts_keep_their_order_and_their_copies():
    letter, sheet, long = render(LETTER, number="N° 1"), enclosure_list(LETTER, PLACE), render(LETTER, large=True)
    merged = merge([(letter, 2), (sheet, 1), (long, 2), (sheet, 0)])
    assert pages(merged) == 2 + 1 + 2 * pages(long)
    text = read(merged)
    assert text == " ".join([read(letter)] * 2 + [read(sheet)] + [read(long)] * 2)
    assert merge([(letter, 2), (sheet, 1)]) == merge([(letter, 2), (sheet, 1)])
    assert len(merge([(letter, 20)])) < 1.5 * len(letter)


def test_a_hundred_letters_merged_are_a_hundred_pages_to_read():
    letters = [replace(LETTER, reference=f"dossier n° {1000 + i}") for i in range(100)]
    merged = merge([(render(letter), 1) for letter in letters])
    with pypdfium2.PdfDocument(merged) as document:
        assert len(document) == 100
        for i, page in enumerate(document):
            assert f"dossier n° {1000 + i}" in flat(page.get_textpage().get_text_bounded())
    assert len(merged) < 100 * len(render(LETTER))
