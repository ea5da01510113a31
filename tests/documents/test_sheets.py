"""The recovery sheet and the day sheet."""

from datetime import date

import pypdfium2

from desktop.documents.letter import pages
from desktop.documents.sheets import day_sheet, recovery_sheet

DAY = date(2026, 11, 23)
CODE = "K7MPQ-2HXNR-9TWCB-4FJDG-VY6LS-3QZEA"


def read(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_the_code_is_printed_whole_in_groups_of_five():
    text = read(recovery_sheet("PIMMS de l’Exemple", CODE, DAY))
    assert CODE.replace("-", "") in text.replace(" ", "")
    assert "coffre" in text
    assert "PIMMS de l’Exemple" in text


def test_a_code_without_dashes_is_the_same_sheet():
    assert recovery_sheet("P", CODE, DAY) == recovery_sheet("P", CODE.replace("-", " "), DAY)


def test_a_day_fits_on_one_page_however_full():
    lines = [(f"Ligne {i}", f"{i} <visites> & plus") for i in range(60)]
    pdf = day_sheet("Journée du 23/11/2026", lines, "Empreinte : abcd")
    assert pages(pdf) == 1
    text = read(pdf)
    assert "Journée du 23 novembre 2026" in text
    assert "59 <visites> & plus" in text
    assert "Empreinte" in text


def test_an_empty_day_is_a_page():
    assert pages(day_sheet("Journée", [], "")) == 1
