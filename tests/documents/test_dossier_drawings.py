"""Papers to bring and the page of the meters: what they say, on how many pages, and what cannot be printed."""

from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.documents import scale
from desktop.documents.dossier_papers import Paper, PapersList, render_papers
from desktop.documents.dossier_readings import MeterPage, Row, Steps, Stretch, render_readings
from desktop.documents.letter import Unprintable, pages

DAY = date(2026, 11, 23)
PLACE = ("PIMMS de l’Exemple", "1 rue Fictive", "69100 Villeurbanne")
WHO = "Aïcha Œuvrard-Nguyễn"
LIST = PapersList(
    "Naturalisation par décret",
    missing=(Paper("Timbre fiscal", help="montant à vérifier le jour même"), Paper("Photos d’identité récentes")),
    outdated=(Paper("Justificatif de domicile", "n’est plus valable depuis le 3 mars 2026"),),
    soon=(Paper("Passeport", "valable jusqu’au 1er décembre 2026"),),
    provided=(Paper("Acte de naissance, copie intégrale"),),
    notice="Liste à vérifier : celle que l’organisme vous a donnée l’emporte.",
)


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def spans(*values: int, high: bool = False) -> tuple[Stretch, ...]:
    start = date(2026, 1, 1)
    return tuple(
        Stretch(start + timedelta(days=30 * place), start + timedelta(days=30 * place + 30), Fraction(value, 10),
                high and place == len(values) - 1)
        for place, value in enumerate(values)
    )  # fmt: skip


def meter(rows: int = 4, acts: int = 6, alerts: int = 0, name: str = "Eau") -> MeterPage:
    lines = tuple(Row(f"{rank + 1:02}/06/2026", f"{1000 - rank}", "30 m³", "0,5 m³", "facture") for rank in range(rows))
    told = tuple(
        f"Du 01/06/2026 au 30/06/2026 : 98 m³, plus du double de la moyenne (30 m³). Suite {n}." for n in range(alerts)
    )
    sentence = "À ce rythme, environ 180 m³ par an, d’après 240 jours de relevés : la saison peut changer ce chiffre."
    said = ("Coupez l’eau pendant que vous vous savonnez.",) * acts
    return MeterPage(name, "m³", lines, spans(5, 4, 5, 16, high=bool(alerts)), (sentence,), told, said)


def test_the_list_says_what_is_missing_out_of_date_and_when_to_come_back():
    pdf = render_papers(WHO, [LIST], PLACE, DAY, back_on=date(2026, 12, 8))
    said = words(pdf)
    for part in (
        "Papiers à apporter", WHO, "2 papiers manquent et 1 n’est plus valable.", "Il manque Timbre fiscal",
        "À refaire : la date est passée Justificatif de domicile : n’est plus valable depuis le 3 mars 2026",
        "Bientôt trop anciens", "Déjà donnés", "Liste à vérifier", "Revenez le mardi 8 décembre 2026.",
    ):  # fmt: skip
        assert part in said, part
    assert pages(pdf) == 1


def test_without_a_day_the_person_comes_back_when_she_has_all():
    assert "Revenez dès que vous avez tout." in words(render_papers(WHO, [LIST], PLACE, DAY))
    done = PapersList("Droits", provided=(Paper("Avis d’impôt"),))
    said = words(render_papers(WHO, [done], PLACE, DAY))
    assert "Rien ne manque aujourd’hui." in said and "Revenez pour envoyer le dossier." in said


def test_long_lists_go_on_with_their_pages_numbered():
    long = PapersList(
        "Dossier", missing=tuple(Paper(f"Document numéro {n}", help="si on le demande") for n in range(40))
    )
    pdf = render_papers(WHO, [long, LIST], PLACE, DAY)
    assert pages(pdf) == 3
    said = words(pdf)
    assert "page 1/3" in said and said.index("Document numéro 39") < said.index("Naturalisation par décret")


def test_what_has_no_drawing_is_named_and_the_same_list_gives_the_same_bytes():
    with pytest.raises(Unprintable, match="ne s’imprime pas : 漢"):
        render_papers("漢", [LIST], PLACE, DAY)
    with pytest.raises(Unprintable):
        render_readings("漢", [meter()], PLACE, DAY)
    assert render_papers(WHO, [LIST], PLACE, DAY) == render_papers(WHO, [LIST], PLACE, DAY)


def test_the_page_of_the_meters_says_the_figures_the_alarm_and_what_to_do():
    said = words(render_readings(WHO, [meter(alerts=2)], PLACE, DAY))
    for part in (
        "Mes consommations", "Eau", "environ 180 m³ par an", "plus du double", "Suite 1.", "m³ par jour", "Relevé le",
        "0,5 m³", "facture", "Pour consommer moins", "Coupez l’eau",
    ):  # fmt: skip
        assert part in said, part


def test_rows_left_out_are_counted():
    said = words(render_readings(WHO, [meter(rows=40)], PLACE, DAY))
    assert "relevés plus anciens ne sont pas montrés." in said and "01 juin" not in said


@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 7), st.integers(0, 4)), min_size=1, max_size=3))
def test_it_is_one_page_whatever_there_is_to_say(shapes):
    names = ("Électricité", "Gaz", "Eau")
    made = [meter(rows, acts, alerts, name) for (rows, acts, alerts), name in zip(shapes, names, strict=False)]
    pdf = render_readings(WHO, made, PLACE, DAY)
    assert pages(pdf) == 1
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        lowest = min(text.get_charbox(place)[1] for place in range(text.count_chars()))
    assert lowest > 15 * 72 / 25.4, "nothing runs below the margin"


def test_a_curve_is_read_aloud():
    said = Steps(meter(), 100).figure.said
    assert said.startswith("du 01/01/2026 au 31/01/2026\u00a0: 0,5 m³ par jour, du 31/01/2026")


@given(st.fractions(min_value=0, max_value=10**6), st.integers(1, 5))
def test_a_scale_starts_at_zero_covers_all_and_stays_short(largest, most):
    marks = scale.steps(largest, most)
    assert marks[0] == 0 and marks[-1] >= largest and 2 <= len(marks) <= most + 1
    gaps = {after - before for before, after in pairwise(marks)}
    assert len(gaps) == 1


def test_figures_of_a_scale_are_said_shortly():
    assert [scale.spoken(Fraction(n, 100)) for n in (0, 25, 50, 100, 123456)] == [
        "0",
        "0,25",
        "0,5",
        "1",
        "1\u00a0234,56",
    ]
