"""The CV, read back from its pages."""

from dataclasses import asdict, fields, replace

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.documents import cv as cvs
from desktop.documents.cv import CV, LAYOUTS, Experience, Language, Skills, Training, from_values, period
from desktop.documents.cv_drawing import render_cv
from desktop.documents.letter import Unprintable, pages
from desktop.documents.lint import text_boxes
from desktop.french import fold

AICHA = CV(
    name="Aïcha Œuvrard-Nguyễn",
    address=("18 rue des Exemples", "69100 Villeurbanne"),
    phone="0600000000",
    email="aicha.oeuvrard@exemple.fr",
    title="Agente d'accueil",
    profile="Six ans d'accueil du public.",
    experiences=(
        Experience("Agente d'accueil", "Résidence de l'Exemple", "Villeurbanne", "03/2022", "aujourd'hui",
                   ("Accueillir les visiteurs", "Tenir l'agenda")),
        Experience("Vendeuse", "Boulangerie Fictive", "Lyon 3e", "2019", "02/2022", ("Tenir la caisse",)),
    ),
    trainings=(Training("CAP Petite enfance", "Lycée Fictif", "Bron", "", "2016"),),
    languages=(Language("vietnamien", "langue maternelle"),),
    skills=(Skills("Bureautique", ("Écrire un courrier", "Tenir un tableau")),),
    licence="permis B",
    availability="tout de suite",
    interests="cuisine, couture",
)  # fmt: skip


def read(pdf, page=None):
    with pypdfium2.PdfDocument(pdf) as document:
        wanted = document if page is None else [document[page]]
        return " ".join(" ".join(sheet.get_textpage().get_text_bounded().split()) for sheet in wanted)


def letter_sizes(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        return {round(pdfium.FPDFText_GetFontSize(text.raw, i), 1) for i in range(text.count_chars())} - {
            0.0,
            1.0,
        }  # 1: a space that pdfium adds


def working(count, tasks=2):
    """A life of so many jobs, each with words of its own."""
    return tuple(
        Experience(f"Poste{i}Début", f"Employeur{i}", "Lyon", str(2000 + i), str(2001 + i),
                   tuple(f"Tâche{i}numéro{n}" for n in range(tasks)))
        for i in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_all_that_is_typed_is_read_on_the_page(layout):
    page = fold(read(render_cv(AICHA, layout)))
    for text in cvs.every_text(asdict(replace(AICHA, experiences=(), trainings=()))):
        assert fold(text.replace("0600000000", "06 00 00 00 00")) in page
    for text in ("Vendeuse", "Boulangerie Fictive, Lyon 3e", "Tenir la caisse", "2019 – février 2022"):
        assert fold(text) in page
    for text in ("depuis mars 2022", "CAP Petite enfance", "Lycée Fictif, Bron", "2016"):
        assert fold(text) in page


def test_the_two_layouts_put_different_things_first():
    by_dates, by_skills = (read(render_cv(AICHA, layout)) for layout in ("chronologique", "competences"))
    assert by_dates.index("Vendeuse") < by_dates.index("Bureautique")
    assert by_skills.index("Bureautique") < by_skills.index("Vendeuse")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_same_cv_gives_the_same_bytes(layout):
    first, second = (render_cv(AICHA, layout, number="A1-2026-0001") for _ in range(2))
    assert first == second
    assert first != render_cv(replace(AICHA, title="Vendeuse"), layout, number="A1-2026-0001")


def test_the_file_says_its_language_and_its_name_and_the_number_is_not_on_the_page():
    pdf = render_cv(AICHA, number="A1-2026-0042")
    assert b"/Lang (fr-FR)" in pdf
    with pypdfium2.PdfDocument(pdf) as document:
        told = document.get_metadata_dict()
    assert told["Title"] == "CV\xa0– Aïcha Œuvrard-Nguyễn"
    assert told["Keywords"] == "A1-2026-0042"
    assert "A1-2026" not in read(pdf)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_empty_leaves_no_heading(layout):
    alone = CV(name="Théo Modèle", phone="06 00 00 00 00", experiences=(Experience(job="Jardinier"),))
    page = read(render_cv(alone, layout))
    assert "Jardinier" in page
    for heading in ("Formation", "Compétences", "Langues", "Et aussi", "Permis", "Disponibilité", "Centres d’intérêt"):
        assert heading not in page
    untouched = replace(alone, trainings=(Training(),), skills=(Skills(),), languages=(Language(" "),))
    assert render_cv(untouched, layout) == render_cv(alone, layout)


def test_nothing_asks_what_the_law_leaves_aside():
    asked = {f.name for kind in (CV, Experience, Training, Skills, Language) for f in fields(kind)}
    assert not asked & {"photo", "age", "birth", "birth_year", "nationality", "family", "gender", "civility"}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("count", range(1, 22, 2))
def test_no_entry_is_cut_between_two_pages_and_a_page_more_says_whose_it_is(layout, count):
    pdf = render_cv(replace(AICHA, experiences=working(count)), layout)
    sheets = [read(pdf, page) for page in range(pages(pdf))]
    for i in range(count):
        marks = [f"Poste{i}Début", f"Employeur{i},", f"Tâche{i}numéro0", f"Tâche{i}numéro1"]
        holding = [sheet for sheet in sheets if any(mark in sheet for mark in marks)]
        assert len(holding) == 1
        assert all(mark in holding[0] for mark in marks)
    for number, sheet in enumerate(sheets, 1):
        if len(sheets) > 1:
            assert f"page {number}/{len(sheets)}" in sheet
        if number > 1:
            assert sheet.startswith("Aïcha Œuvrard-Nguyễn – Agente d’accueil")


@pytest.mark.parametrize("layout", LAYOUTS)
def test_letters_shrink_a_little_to_stay_on_one_page_and_never_below_9_5(layout):
    sizes, counts = [], []
    for count in range(0, 16):
        pdf = render_cv(replace(AICHA, experiences=working(count)), layout)
        counts.append(pages(pdf))
        smallest = min(letter_sizes(pdf) - {8.0})  # the number of the page
        sizes.append(smallest)
        assert smallest >= 9.5
    assert counts[0] == 1
    assert counts[-1] == 2
    assert sorted(counts) == counts
    assert sizes[counts.index(2) - 1] < sizes[0]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_an_entry_higher_than_a_page_runs_on(layout):
    one = Experience("Intérimaire", "Agence Modèle", tasks=tuple(f"Mission{n}" for n in range(400)))
    page = read(render_cv(replace(AICHA, experiences=(one,)), layout))
    assert pages(render_cv(replace(AICHA, experiences=(one,)), layout)) > 1
    assert [n for n in range(400) if f"Mission{n}" not in page.split()] == []


long_words = st.text(st.sampled_from("abcdeéèœ '-<&>"), max_size=90)


@settings(max_examples=40, deadline=None)
@given(long_words, long_words, long_words, st.sampled_from(list(LAYOUTS)))
def test_nothing_leaves_the_sheet_whatever_is_typed(name, job, email, layout):
    odd = replace(AICHA, name=name + "x", title=job, email=email, address=(job, name),
                  experiences=(Experience(job, name, job, name, job, (name, job)),) * 3,
                  skills=(Skills(name, (job,)), Skills(job, (name,)), Skills(job, ())))  # fmt: skip
    with pypdfium2.PdfDocument(render_cv(odd, layout)) as document:
        for page in range(len(document)):
            for left, top, right, bottom in text_boxes(document, page):
                assert left >= 15
                assert right <= 195
                assert top >= 10
                assert bottom <= 290


def test_signs_of_markup_are_letters_like_the_others():
    page = read(render_cv(replace(AICHA, profile="<b>Vente & conseil</b>")))
    assert "<b>Vente & conseil</b>" in page


def test_a_sign_without_a_drawing_is_named_and_a_draft_shows_all_the_same():
    odd = replace(AICHA, interests="cuisine 料理")
    with pytest.raises(Unprintable, match="料 理"):
        render_cv(odd)
    assert pages(render_cv(odd, draft=True)) == 1


def test_a_draft_shows_what_must_still_be_typed():
    draft, printed = read(render_cv(CV(), draft=True)), read(render_cv(CV()))
    assert "[Nom et prénom]" in draft
    assert "[Téléphone ou courriel]" in draft
    assert "[" not in printed
    assert "....." in printed


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2019", "2021", "2019 – 2021"),
        ("03/2019", "6.2021", "mars 2019 – juin 2021"),
        ("mars 2019", "juin 2019", "mars – juin 2019"),
        ("sept. 19", "aujourd'hui", "depuis septembre 2019"),
        ("2022", "", "depuis 2022"),
        ("", "2016", "2016"),
        ("2016", "2016", "2016"),
        ("12/09/2018", "2019", "septembre 2018 – 2019"),
        ("1er mars 2020", "En poste", "depuis mars 2020"),
        ("été 2019", "", "été 2019"),
        ("", "en cours", "en cours"),
        ("", "", ""),
    ],
)
def test_dates_as_people_type_them(start, end, said):
    assert period(start, end).replace("\xa0", " ") == said


def wrong(**changes):
    return cvs.problems(replace(AICHA, **changes))


def test_a_whole_cv_has_no_problem():
    assert cvs.problems(AICHA) == {}
    assert wrong(phone="") == {}
    assert wrong(trainings=(Training(),), experiences=(Experience(job="Jardinier", start="été 2019"),)) == {}


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": " "}, "name", "Écrivez le nom et le prénom."),
        ({"phone": "06 12"}, "phone", "Il manque 6 chiffres. Exemple : 06 12 34 56 78."),
        ({"email": "aicha@exemple"}, "email", "Écrivez l’adresse entière. Exemple : prenom@exemple.fr."),
        ({"phone": "", "email": ""}, "phone", "Écrivez un téléphone ou un courriel : l’employeur doit pouvoir répondre."),
        ({"experiences": (), "trainings": (), "skills": ()}, "experiences", "Ajoutez une expérience, une formation ou une compétence."),
        ({"experiences": (Experience(employer="Exemple"),)}, "experiences.0.job", "Écrivez le poste. Exemple : agent d’entretien."),
        ({"experiences": (Experience("A"), Experience("B", start="13/2019"))}, "experiences.1.start", "Écrivez une année, ou un mois et une année. Exemples : 2019, mars 2019."),
        ({"experiences": (Experience("A", start="2021", end="mars 2019"),)}, "experiences.0.end", "La fin est avant le début."),
        ({"trainings": (Training(school="Lycée"),)}, "trainings.0.title", "Écrivez le nom de la formation. Exemple : CAP cuisine."),
        ({"trainings": (Training("CAP", end="bientôt"),)}, "trainings.0.end", "Écrivez une année, ou un mois et une année. Exemples : 2019, mars 2019."),
        ({"skills": (Skills("Accueil"),)}, "skills.0.items", "Écrivez au moins une chose que la personne sait faire."),
        ({"languages": (Language("", "quelques mots"),)}, "languages.0.name", "Écrivez la langue. Exemple : portugais."),
    ],
)  # fmt: skip
def test_each_mistake_has_one_sentence(changes, field, sentence):
    assert wrong(**changes) == {field: sentence}


def test_a_form_becomes_a_cv_line_by_line():
    made = from_values({
        "name": "Noé Fictif", "address": "1 rue Fictive", "town": "", "experiences": [
            {"job": "Cariste", "employer": "", "place": "", "start": "2019", "end": "", "tasks": "- Charger\n\n• Ranger "},
        ], "languages": [{"name": "arabe", "level": ""}],
    })  # fmt: skip
    assert made.address == ("1 rue Fictive",)
    assert made.experiences == (Experience("Cariste", start="2019", tasks=("Charger", "Ranger")),)
    assert made.languages == (Language("arabe"),)
    assert made.trainings == ()
