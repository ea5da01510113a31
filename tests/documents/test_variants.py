"""What a variant asks for, the sentences one adds, the day a deadline ends."""

from datetime import date

import pytest

from desktop.documents import templates
from desktop.documents.content import Party
from desktop.documents.template_files import parse

DAY = date(2026, 11, 23)
SOURCE = """+++
id = "essai"
code = "A99"
version = 1
titre = "Essai"
theme = "administration"
type = "lettre"
resume = "Pour l’essai."
verifie_le = 2026-11-23
a_revoir_avant = 2027-11-01
sources = ["recours_gracieux"]
champs = [
  { nom = "allocation", type = "choix", libelle = "Allocation", choix = ["ARE", "ASS"], exemple = "ARE" },
  { nom = "numero", type = "texte", libelle = "Numéro", si = "allocation == 'ARE'", exemple = "0000" },
  { nom = "notification", type = "date", libelle = "Date de notification", exemple = 2026-11-28 },
]
[delai]
source = "recours_gracieux"
depuis = "notification"
action = "Envoyer la lettre"
[[phrases]]
libelle = "Budget"
texte = "Mon budget est joint."
[[phrases]]
libelle = "Numéro"
texte = "Mon numéro est {{ numero }}."
[objet]
texte = "essai"
[suite]
texte = "- Garder une copie.\\n- Attendre la réponse."
+++
{{ appel }},

Premier paragraphe.

{% if allocation == 'ARE' %}
Numéro {{ numero }}.
{% endif %}

Dernier paragraphe.
"""


def words(letter):
    return [line for block in letter.body for line in block.lines]


@pytest.fixture
def template():
    return parse(SOURCE)


def test_a_field_is_asked_only_when_its_variant_needs_it(template):
    assert [f.name for f in templates.asked(template, {"allocation": "ARE"}, DAY)] == [
        "allocation",
        "numero",
        "notification",
    ]
    assert [f.name for f in templates.asked(template, {"allocation": "ASS"}, DAY)] == ["allocation", "notification"]
    given = {"allocation": "ASS", "notification": "20/11/2026", "numero": "tapé avant"}
    assert templates.missing(template, given, DAY) == {}
    assert "tapé avant" not in " ".join(words(templates.fill(template, given, day=DAY)))
    assert "numero" in templates.missing(template, {**given, "allocation": "ARE", "numero": ""}, DAY)


def test_sentences_and_the_free_addition_come_before_the_last_paragraph(template):
    letter = templates.fill(
        template, template.example, day=DAY, phrases=[1, 0], addition="Je vis seule.\n\n- un\n- deux"
    )
    assert words(letter)[1:] == [
        "Premier paragraphe.", "Numéro 0000.", "Mon numéro est 0000.", "Mon budget est joint.", "Je vis seule.", "un", "deux",
        "Dernier paragraphe.",
    ]  # fmt: skip


def test_an_addition_cannot_write_template_marks(template):
    letter = templates.fill(template, template.example, day=DAY, addition="**{{ numero }}** {% if x %}")
    assert "**{{ numero }}** {% if x %}" in words(letter)


def test_what_comes_next_is_apart_from_the_letter(template):
    letter = templates.fill(template, template.example, day=DAY)
    assert letter.after[0].lines == ("Garder une copie.", "Attendre la réponse.")
    assert "Garder une copie." not in words(letter)


def test_a_deadline_ends_on_a_prudent_day_and_says_how_far_the_rule_goes(template):
    found = templates.deadline(template, {"notification": "28/11/2026"}, DAY)
    assert (found.day, found.until) == (date(2027, 1, 28), date(2027, 1, 29)), "the court adds a free day"
    found = templates.deadline(template, {"notification": "30/10/2026"}, DAY)
    assert found.day == date(2026, 12, 30)
    found = templates.deadline(template, {"notification": "01/11/2026"}, DAY)
    assert (found.day, found.until) == (date(2027, 1, 1), date(2027, 1, 4)), "then a holiday and a week-end"
    assert templates.deadline(template, {}, DAY) is None


def test_each_variant_has_its_addressee_and_its_deadline():
    first = '[[destinataire.selon]]\nsi = "allocation == \'ASS\'"\norganisme = "mediateur-france-travail"\n'
    addressee = f'[destinataire]\ncarnet = "emploi"\ndefaut = "france-travail"\n{first}'
    other = '[[delai]]\nsi = "allocation == \'ASS\'"\nsource = "indu_rectification"\ndepuis = "notification"\naction = "Rectifier"\n'
    template = parse(SOURCE.replace("[delai]", f"{addressee}{other}[[delai]]"))

    def found(allocation: str) -> tuple[str, str, date]:
        given = {"allocation": allocation, "notification": "20/11/2026"}
        due = templates.deadline(template, given, DAY)
        return templates.organism(template, given, DAY), due.action, due.day

    assert found("ASS") == ("mediateur-france-travail", "Rectifier", date(2026, 12, 10))
    assert found("ARE") == ("france-travail", "Envoyer la lettre", date(2027, 1, 20))


@pytest.mark.parametrize(
    ("id", "given", "organism"),
    [
        ("caf-remise-dette", {"prestation": "RSA", "demande": "remise"}, "metropole-rsa"),
        ("caf-remise-dette", {"prestation": "RSA", "demande": "rectification, puis remise"}, "caf-rhone"),
        ("caf-remise-dette", {"prestation": "aide au logement", "demande": "contestation, puis remise"}, "cra-caf"),
        ("france-travail-indu", {"allocation": "une autre aide de l’État"}, "mediateur-france-travail"),
        ("france-travail-indu", {}, "france-travail-direction"),
        ("france-travail-sanction", {"etape": "demande de médiation"}, "mediateur-france-travail"),
        ("conso-mediateur", {"secteur": "train (SNCF)"}, "mediateur-sncf"),
        ("conso-mediateur", {"secteur": "autre achat ou service"}, "mediateur-consommation"),
        ("caisse-contestation", {"prestation": "AAH"}, "cra-caf"),
        ("caisse-contestation", {"prestation": "retraite (Carsat)"}, "cra-carsat"),
    ],
)
def test_a_shipped_letter_goes_to_whom_the_law_names(id, given, organism):
    assert templates.organism(templates.read_template(id), given, DAY) == organism


@pytest.mark.parametrize(
    ("id", "given", "action", "day"),
    [
        ("relance-reclamation", {"secteur": "eau"}, "Saisir le médiateur de l’eau", date(2027, 10, 19)),
        ("relance-reclamation", {"secteur": "banque"}, "Saisir le médiateur du professionnel", date(2027, 10, 19)),
        ("caisse-contestation", {}, "Contester la décision sur l’aide au logement", date(2027, 1, 5)),
        ("caisse-contestation", {"prestation": "AAH"}, "Saisir la commission de recours amiable", date(2027, 1, 5)),
        (
            "eau-contestation",
            {"motif": "compteur à vérifier"},
            "Demander la vérification du compteur",
            date(2026, 12, 2),
        ),
    ],
)
def test_a_shipped_letter_counts_the_days_of_its_variant(id, given, action, day):
    template = templates.read_template(id)
    found = templates.deadline(template, template.example | given, DAY)
    assert (found.action, found.day, found.settled) == (action, day, True)


@pytest.mark.parametrize(
    ("id", "given"),
    [("relance-reclamation", {"secteur": "bailleur : autre demande"}), ("eau-contestation", {"motif": "index faux"})],
)
def test_a_variant_without_a_last_day_counts_none(id, given):
    template = templates.read_template(id)
    assert templates.deadline(template, template.example | given, DAY) is None


def test_the_place_writes_in_its_own_name(template):
    letter = templates.fill(
        parse(SOURCE.replace('type = "lettre"', 'type = "lettre"\nexpediteur = "structure"')), template.example,
        sender=Party("PIMMS de l’Exemple", lines=("1 place Fictive", "69100 Villeurbanne")), day=DAY,
    )  # fmt: skip
    assert letter.sender[0] == "PIMMS de l’Exemple"


def test_tick_boxes_and_lines_to_write_on(template):
    body = "Apporter :\n\n- [ ] le bail\n- [ ] la facture\n\n{{ lignes(3) }}\n"
    letter = templates.fill(parse(SOURCE.split("+++\n{{")[0] + "+++\n" + body), template.example, day=DAY)
    assert [(b.kind, len(b.lines)) for b in letter.body] == [("text", 1), ("boxes", 2), ("ruled", 3)]


def test_a_choice_that_decides_the_words_must_be_made(template):
    given = {"notification": "20/11/2026"}
    assert [f.name for f in templates.unchosen(template, given, DAY)] == ["allocation"]
    assert templates.unchosen(template, {**given, "allocation": "ASS"}, DAY) == ()
    printed = templates.read_template("dossier-medical")
    assert {f.name for f in templates.unchosen(printed, {}, DAY)} == {"pieces"}, "« remise » leaves a dotted line"
