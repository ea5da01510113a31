"""The plan of payments on paper: what the person takes home says what the file says."""

from datetime import date, timedelta

import pypdfium2
import pytest

from db import dossiers, money, people
from desktop.documents.dossier_sheets import Due, instalment_sheet
from desktop.documents.letter import Unprintable
from desktop.dossiers import prints
from desktop.french import euros, weekday_date
from desktop.instalments import instalments

TODAY = date.today()
DAY = date(2026, 11, 23)
PLACE = ("PIMMS de Villeurbanne", "1 rue Fictive", "Villeurbanne")


def texts(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded().replace("\xa0", " ") for page in document]


def sheet(count: int, **more) -> bytes:
    plan = [Due(day, cents) for day, cents in instalments(41260, count, date(2026, 12, 5))]
    return instalment_sheet(PLACE, DAY, "Modèle Théo", "EDF", "6 000 000 001", plan, **more)


def test_each_payment_has_its_weekday_and_what_is_left_is_added_up():
    (page,) = texts(sheet(4))
    assert "Il reste 4 paiements, 412,60 € en tout." in page
    for day, cents in instalments(41260, 4, date(2026, 12, 5)):
        assert weekday_date(day).replace("\xa0", " ") in page and euros(cents).replace("\xa0", " ") in page


def test_a_long_plan_runs_on_with_the_name_at_the_head_of_each_page():
    pages = texts(sheet(60))
    assert len(pages) > 1 and all("Modèle Théo" in page for page in pages)
    assert sum(page.count("\u20ac") for page in pages) == 61, "each payment once, and the sum"


def test_the_same_plan_always_gives_the_same_bytes():
    assert sheet(4) == sheet(4) != sheet(5)
    assert sheet(4, tagged=True) == sheet(4, tagged=True)


def test_a_sign_without_a_drawing_is_named_before_anything_is_printed():
    with pytest.raises(Unprintable, match="ne s’imprime pas : 漢"):
        instalment_sheet(PLACE, DAY, "漢", "EDF", "", [Due(DAY, 100)])


def test_a_payment_ticked_in_the_dossier_is_ticked_on_paper(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    draft = dossiers.Draft(who, "edf", "Impayé, échéancier", subject="Coupure", reference="6 000 000 001")
    id = dossiers.open_dossier(draft, TODAY)
    money.keep_plan(id, money.plan(41260, 4, TODAY + timedelta(days=3)))
    money.pay(money.of_dossier(id).payments[0].id, TODAY)
    title, pdf = prints.document("echeancier", id)
    (page,) = texts(pdf)
    assert title in page and "Modèle Théo" in page and "6 000 000 001" in page
    assert "Il reste 3 paiements, 309,45 € en tout." in page and page.count("payé le") == 1
