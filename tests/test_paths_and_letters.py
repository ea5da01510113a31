"""What dossiers say of letters is true: the two islands meet in the rooms only."""

from db import lists, paths
from desktop.documents import references, templates
from desktop.letters import writing


def test_every_step_of_a_path_has_its_letter(opened):
    steps = [step for path in paths.paths().values() for step in path.steps]
    assert len(steps) > 60
    assert {step.letter for step in steps if step.letter} <= set(templates.shipped())


def test_every_partner_but_a_neighbour_may_be_written_to(opened):
    codes = {value.code for value in lists.values("partner")}
    nobody = {code for code in codes if writing._ORGANISMS.get(code, code) not in references.organisms()}
    assert nobody == {"conflit"}
