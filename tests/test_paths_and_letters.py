"""What dossiers say of letters is true: the two islands meet in the rooms only."""

from datetime import date

import pytest

from db import dossiers, lists, paths, people, steps
from desktop.documents import references, templates
from desktop.letters import writing


def test_every_step_of_a_path_has_its_letter(opened):
    steps = [step for path in paths.paths().values() for step in path.steps]
    assert len(steps) > 60
    assert {step.letter for step in steps if step.letter} <= set(templates.shipped())


def test_the_free_letter_serves_no_step_that_has_a_model(opened):
    written = [(path.code, step) for path in paths.paths().values() for step in path.steps]
    assert [(code, step.code) for code, step in written if step.letter in steps.FREE] == []


def test_what_a_step_says_is_a_choice_of_its_letter(opened):
    for step in (step for path in paths.paths().values() for step in path.steps if step.values):
        fields = {field.name: field for field in templates.read_template(step.letter).fields}
        for name, value in step.values.items():
            assert value in fields[name].choices, (step.code, name)


@pytest.mark.parametrize(
    ("partner", "template", "values", "expected"),
    [
        ("engie", "energie-echeancier", {}, {"organism": "engie"}),
        ("edf", "energie-mediateur", {}, {}),
        ("eau_grand_lyon", "conso-mediateur", {"secteur": "eau"}, {}),
        ("cpam", "cpam-cra", {}, {}),
        ("caf", "caf-remise-dette", {"demande": "contestation, puis remise", "prestation": "aide au logement"}, {}),
        ("prefecture", "defenseur-droits", {}, {}),
        ("banque_postale", "banque-operation", {}, {"organism": "banque-postale"}),
        ("edf", "conso-mise-en-demeure", {}, {"addressee": "EDF – Service clients"}),
    ],
)
def test_a_letter_of_a_dossier_goes_to_its_partner_unless_the_law_names_another(
    opened, partner, template, values, expected
):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=date.today()), date.today())
    kind = lists.dossier_kinds(partner)[0]
    id = dossiers.open_dossier(dossiers.Draft(who, partner, kind, subject="essai"), date.today())
    known = writing.of_dossier(id, templates.read_template(template), values)
    assert {name: known[name] for name in ("organism", "addressee") if name in known} == expected


def test_every_partner_but_a_neighbour_may_be_written_to(opened):
    codes = {value.code for value in lists.values("partner")}
    nobody = {code for code in codes if writing._ORGANISMS.get(code, code) not in references.organisms()}
    assert nobody == {"conflit"}
