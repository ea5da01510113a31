"""The budget: sums to the cent, sentences for what cannot be read, and its one page."""

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.documents.budget import (
    Budget,
    Debt,
    Line,
    amount_problem,
    calendar,
    months,
    read,
    totals,
)
from desktop.documents.budget_drawing import render_budget
from desktop.documents.letter import Unprintable, pages
from desktop.documents.lint import text_boxes

DAY = date(2026, 11, 23)
PLACE = ("PIMMS de l’Exemple", "1 rue Fictive", "69100 Villeurbanne")
FAMILY = Budget(
    3,
    (Line("Salaire", 98050), Line("RSA", 21430), Line("Prime de Noël", 15245, (12,))),
    (Line("Loyer", 56240), Line("Eau", 2800)),
    (Line("Assurance de la voiture", 24000, (1, 7)), Line("Fournitures scolaires", 15000, (9,))),
    (Debt("EDF", 20000, 8000), Debt("Famille", 0, 1000)),
    date(2026, 12, 1),
)

cents = st.integers(0, 10**7)
labels = st.text(st.sampled_from("abé <&"), min_size=1, max_size=30)
some_months = st.lists(st.integers(1, 12), min_size=1, max_size=12, unique=True).map(lambda m: tuple(sorted(m)))
monthly = st.builds(Line, labels, cents)
irregular = st.builds(Line, labels, cents, some_months)
debts = st.builds(Debt, labels, cents, cents)
budgets = st.builds(
    Budget, st.integers(1, 12), st.lists(monthly | irregular, max_size=8).map(tuple), st.lists(monthly, max_size=12).map(tuple),
    st.lists(irregular, max_size=6).map(tuple), st.lists(debts, max_size=5).map(tuple),
    st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)  # fmt: skip


def words(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)


def draw(budget=FAMILY, who="Aïcha Œuvrard-Nguyễn", **how):
    return render_budget(budget, who, PLACE, DAY, **how)


# sums


def test_the_figures_of_an_ordinary_month():
    found = totals(FAMILY)
    assert (found.resources, found.charges, found.payments) == (119480, 59040, 9000)
    assert found.left == 119480 - 59040 - 9000 == 51440
    assert found.per_day == 571  # 514,40 € for 3 people and 30 days, rounded down
    assert found.owed == 20000
    assert found.aside == 5250  # 630 € a year


def test_a_lack_is_rounded_down_too():
    assert totals(Budget(1, (), (Line("Loyer", 100),))).per_day == -4


def test_each_month_pays_what_falls_due_in_it_and_a_debt_ends():
    year = calendar(FAMILY)
    assert [month.day for month in year][:2] == [date(2026, 12, 1), date(2027, 1, 1)]
    found = {month.day.month: month.cents for month in year}
    assert found[12] == 51440 + 15245
    assert found[1] == 51440 - 24000
    assert found[2] == 51440 + 4000  # the last 40 € of EDF
    assert found[3] == 51440 + 8000
    assert found[9] == found[3] - 15000
    assert next(month for month in year if month.day.month == 1).labels == ("Assurance de la voiture",)


@given(budgets)
def test_the_year_is_the_sum_of_all_its_lines(budget):
    def yearly(lines):
        return sum(line.cents * (len(line.months) or 12) for line in lines)

    paid = sum(debt.payment(month) for debt in budget.debts for month in range(12))
    expected = yearly(budget.resources) - yearly(budget.charges) - yearly(budget.irregular) - paid
    assert sum(month.cents for month in calendar(budget)) == expected
    assert len({month.day for month in calendar(budget)}) == 12


@given(budgets)
def test_what_is_left_is_shared_without_a_cent_too_many(budget):
    found = totals(budget)
    assert found.left == found.resources - found.charges - found.payments
    shares = budget.persons * 30
    assert found.per_day * shares <= found.left < (found.per_day + 1) * shares
    yearly = sum(line.cents * len(line.months) for line in budget.irregular)
    assert found.aside * 12 >= yearly > (found.aside - 1) * 12


@given(st.integers(1, 10**7), st.integers(1, 10**7))
def test_a_debt_is_paid_whole_and_no_more(total, monthly):
    debt = Debt("", total, monthly)
    assert sum(debt.payment(month) for month in (*range(min(debt.length, 3000)), debt.length)) == min(
        total, 3000 * monthly
    )
    assert debt.payment(debt.length) == 0
    assert debt.payment(debt.length - 1) > 0


# what is typed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("mars, septembre", (3, 9)), ("3 et 9", (3, 9)), ("09/03", (3, 9)), ("Août", (8,)), ("sept.", (9,)),
        ("janv, juil", (1, 7)), ("mars mars", (3,)), ("", ()), ("chaque mois", ()), ("jui", None), ("13", None),
        ("mars, jeudi", None), ("bientôt", None),
    ],
)  # fmt: skip
def test_months_as_people_type_them(text, found):
    assert months(text) == found


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("412,60", ""), ("1 234.5 €", ""), ("0", ""), ("", ""), ("12,", ""),
        ("-45", "Écrivez la somme sans signe moins. Exemple : 45,00."),
        ("28o", "Écrivez une somme en euros. Exemple : 412,60."),
        ("3,456", "Écrivez une somme en euros. Exemple : 412,60."),
        ("12345678901", "Cette somme est trop grande. Exemple : 1 250,00."),
    ],
)  # fmt: skip
def test_a_bad_amount_has_one_sentence(text, sentence):
    assert amount_problem(text) == sentence


def typed(**changes):
    return {
        "name": "Aïcha Modèle", "persons": "3", "start": "2026-12",
        "resources": [{"label": "Salaire", "amount": "980,50", "months": ""}, {"label": "RSA", "amount": "", "months": ""}],
    } | changes  # fmt: skip


def test_a_form_becomes_a_budget_and_labels_left_alone_are_not_lines():
    budget, found = read(typed(
        charges=[{"label": "Loyer", "amount": "562,4"}],
        irregular=[{"label": "Assurance", "amount": "240", "months": "janvier et juillet"}],
        debts=[{"creditor": "EDF", "total": "486,20", "monthly": "80"}, {"creditor": "CAF", "total": "", "monthly": ""}],
    ))  # fmt: skip
    assert found == {}
    assert budget == Budget(
        3, (Line("Salaire", 98050),), (Line("Loyer", 56240),), (Line("Assurance", 24000, (1, 7)),),
        (Debt("EDF", 48620, 8000),), date(2026, 12, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field", "start"),
    [
        ({"name": ""}, "name", "Écrivez le nom"),
        ({"persons": "beaucoup"}, "persons", "Écrivez combien de personnes"),
        ({"persons": "0"}, "persons", "Écrivez combien de personnes"),
        ({"resources": []}, "resources.0.amount", "Écrivez au moins une ressource."),
        ({"charges": [{"label": "Loyer", "amount": "500"}, {"label": "Eau", "amount": "28o"}]}, "charges.1.amount", "Écrivez une somme"),
        ({"charges": [{"label": " ", "amount": "500"}]}, "charges.0.label", "Donnez un nom à cette ligne."),
        ({"irregular": [{"label": "Eau", "amount": "90", "months": ""}]}, "irregular.0.months", "Écrivez le ou les mois."),
        ({"irregular": [{"label": "Eau", "amount": "90", "months": "lundi"}]}, "irregular.0.months", "Écrivez le ou les mois."),
        ({"debts": [{"creditor": "", "total": "10", "monthly": ""}]}, "debts.0.creditor", "Écrivez à qui"),
        ({"debts": [{"creditor": "EDF", "total": "10", "monthly": "x"}]}, "debts.0.monthly", "Écrivez une somme"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_beside_its_field(changes, field, start):
    found = read(typed(**changes))[1]
    assert list(found) == [field]
    assert found[field].startswith(start)


# the page


def test_the_page_shows_each_line_its_totals_and_their_definitions():
    page = words(draw(number="A1-2026-0007"))
    for text in (
        "PIMMS de l’Exemple", "Budget du foyer", "Aïcha Œuvrard-Nguyễn · 3 personnes · 23 novembre 2026", "980,50 €",
        "Total par mois 1 194,80 €", "Total par mois 590,40 €", "+ Prime de Noël déc. 152,45 €", "janv., juill. 240,00 €",
        "EDF 200,00 € 80,00 € févr. 2027", "Reste à vivre par mois 514,40 €", "Par personne et par jour 5,71 €",
        "1 194,80 € de ressources − 590,40 € de charges fixes − 90,00 € de dettes", "divisé par 3 personnes et par 30 jours",
        "Une fois 52,50 € mis de côté", "Ce qu’il faut payer chaque mois.", "A1-2026-0007",
    ):  # fmt: skip
        assert text in page
    assert "manque" not in page


def test_a_month_that_lacks_money_says_so_with_a_word():
    page = words(draw(replace(FAMILY, irregular=(Line("Toiture", 90000, (5,)),))))
    assert page.count("manque") == 1
    assert "−306 €" in page  # 514,40 + 80 − 900, never rounded up
    short = words(draw(replace(FAMILY, resources=(Line("RSA", 10000),))))
    assert "Il manque chaque mois 580,40 €" in short
    assert short.count("manque") == 1 + 12


def test_the_annex_goes_without_the_place():
    sheet = words(draw(annex=True))
    assert sheet.startswith("Annexe : mon budget Aïcha Œuvrard-Nguyễn")
    assert "PIMMS" not in sheet
    assert "Reste à vivre par mois 514,40 €" in sheet


@pytest.mark.parametrize("annex", [False, True])
def test_the_same_budget_gives_the_same_bytes(annex):
    assert draw(annex=annex) == draw(annex=annex)
    assert draw(annex=annex) != draw(replace(FAMILY, persons=4), annex=annex)
    assert b"/Lang (fr-FR)" in draw(annex=annex)


@settings(max_examples=30, deadline=None)
@given(budgets, st.booleans())
def test_any_budget_is_one_page_and_nothing_leaves_it(budget, annex):
    with pypdfium2.PdfDocument(draw(budget, annex=annex)) as document:
        assert len(document) == 1
        for left, top, right, bottom in text_boxes(document):
            assert left >= 24
            assert right <= 187
            assert top >= 10
            assert bottom <= 290


def test_too_many_lines_are_gathered_and_the_total_stays_true():
    many = replace(FAMILY, charges=tuple(Line(f"Charge {i}", 1000 + i) for i in range(60)))
    page = words(draw(many))
    assert pages(draw(many)) == 1
    assert "Autres (" in page
    assert f"Total par mois {(60000 + sum(range(60))) / 100:.2f} €".replace(".", ",") in page
    assert "Charge 59 10,59 €" in page
    assert "Charge 0 " not in page


def test_twenty_ordinary_lines_are_all_there():
    ordinary = replace(FAMILY, charges=tuple(Line(f"Charge {i}", 1000 + i) for i in range(14)))
    page = words(draw(ordinary))
    assert "Autres (" not in page
    assert [i for i in range(14) if f"Charge {i} 10," not in page] == []


def test_signs_of_markup_and_signs_without_a_drawing():
    assert "<b>Loyer & eau" in words(draw(replace(FAMILY, charges=(Line("<b>Loyer & eau", 100),))))
    odd = replace(FAMILY, charges=(Line("Loyer 家賃", 100),))
    with pytest.raises(Unprintable, match="家 賃"):
        draw(odd)
    assert pages(draw(odd, draft=True)) == 1


def test_a_draft_shows_what_must_still_be_typed():
    unnamed = replace(FAMILY, charges=(Line("", 100),))
    assert "[Nom et prénom]" in words(draw(unnamed, who="", draft=True))
    assert "[Nom]" in words(draw(unnamed, draft=True))
    assert "[" not in words(draw(unnamed, who=""))


def test_a_debt_paid_a_cent_a_month_has_no_last_day():
    assert "plus de 100 ans" in words(draw(replace(FAMILY, debts=(Debt("Prêt", 94_921_00, 1),))))
