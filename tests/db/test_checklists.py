"""The documents of a heavy file: what is there, what is missing, what is too old that day."""

from datetime import date, timedelta

import pytest

from db import checklists, dossiers, lists, people, schema, store, timeline
from db.checklists import GIVEN, MISSING, NOT_NEEDED

TODAY = date(2026, 11, 23)


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Nguyễn", "Aïcha", informed_on=TODAY), TODAY)
    draft = dossiers.Draft(who, "prefecture", "Naturalisation, dossier", "", "naturalisation")
    return dossiers.open_dossier(draft, TODAY)


def bring(dossier: str, day: date = TODAY) -> tuple[list[str], list[str]]:
    lines = checklists.items(dossier)
    missing = [line.item.code for line in lines if line.state == MISSING]
    return missing, [line.item.code for line in lines if line.stale(day)]


# the lists as they are shipped


def test_each_shipped_list_is_whole():
    partners = lists.read("partners")["partner"]
    for known in checklists.checklists():
        codes = [item.code for item in known.items]
        assert codes and len(set(codes)) == len(codes), known.code
        assert all(item.label and len(item.label) <= 90 and not item.label.endswith(".") for item in known.items)
        assert all(item.months is None or 1 <= item.months <= 24 for item in known.items)
        assert not any(item.condition.startswith("si ") for item in known.items)
        assert set(known.partners) <= set(partners)
        kinds = {kind for partner in known.partners for kind in lists.dossier_kinds(partner)}
        assert set(known.kinds) <= kinds, known.code
        assert known.source and known.checked_on and known.review_before and known.checked_on <= known.review_before


def test_no_shipped_list_names_a_nationality_nor_passes_for_settled():
    for known in checklists.checklists():
        words = " ".join(f"{item.code} {item.label} {item.note} {item.condition}" for item in known.items).casefold()
        assert "nationalité" not in words
        assert not known.settled(TODAY) and "à vérifier" in known.notice(TODAY)
        assert "à revoir" in known.notice(known.review_before + timedelta(days=1))


def test_the_list_for_the_partner_and_kind_comes_first():
    assert checklists.suggested("prefecture", "Naturalisation, dossier")[0].code == "naturalisation"
    assert checklists.suggested("prefecture", "Titre de séjour")[0].code == "titre_sejour"
    assert checklists.suggested("mdph", "Droits")[0].code == "mdph"
    assert len(checklists.suggested("keolis", "")) == len(checklists.checklists())


# in a dossier


def test_a_list_begins_with_everything_missing(dossier):
    assert checklists.items(dossier) == ()
    checklists.start(dossier, "naturalisation")
    found = checklists.items(dossier)
    assert [line.item for line in found] == list(checklists.checklist("naturalisation").items)
    assert {line.state for line in found} == {MISSING}
    progress = checklists.progress(found, TODAY)
    assert (progress.ready, progress.complete) == (0, False)
    assert timeline.events(dossier)[0].summary == "Liste de pièces commencée : Naturalisation par décret"


def test_two_documents_out_of_date_are_on_the_printed_list(dossier):
    checklists.start(dossier, "naturalisation")
    items = {item.code: item for item in checklists.checklist("naturalisation").items}
    for code in items:
        checklists.set_item(dossier, "naturalisation", code, GIVEN)
    for code, issued in (("domicile", date(2026, 7, 1)), ("fiscal", date(2026, 8, 22)), ("impots", date(2026, 9, 1))):
        checklists.set_item(dossier, "naturalisation", code, GIVEN, checklists.valid_until(items[code], issued))
    checklists.set_item(dossier, "naturalisation", "langue", MISSING)
    checklists.set_item(dossier, "naturalisation", "enfants", NOT_NEEDED)
    assert bring(dossier) == (["langue"], ["domicile", "fiscal"])
    assert bring(dossier, date(2026, 10, 1)) == (["langue"], [])
    progress = checklists.progress(checklists.items(dossier), TODAY)
    assert (progress.ready, progress.total, progress.missing, progress.stale) == (17, 20, 1, 2)
    assert checklists.progress_words(progress) == "17 sur 20, 2\u00a0périmés"


def test_a_document_is_good_on_its_last_day_and_soon_too_old(dossier):
    checklists.start(dossier, "naturalisation")
    checklists.set_item(dossier, "naturalisation", "domicile", GIVEN, TODAY)
    (line,) = (line for line in checklists.items(dossier) if line.item.code == "domicile")
    assert line.ready(TODAY) and line.ends_soon(TODAY) and not line.stale(TODAY)
    assert line.stale(TODAY + timedelta(days=1)) and not line.ready(TODAY + timedelta(days=1))
    assert [line.item.code for line in checklists.items(dossier) if line.ends_soon(TODAY)] == ["domicile"]


def test_the_validity_runs_from_the_date_of_the_document():
    home = next(item for item in checklists.checklist("naturalisation").items if item.code == "domicile")
    assert checklists.valid_until(home, date(2026, 11, 30)) == date(2027, 2, 28)
    assert checklists.valid_until(home, None) is None
    birth = next(item for item in checklists.checklist("naturalisation").items if item.code == "naissance")
    assert checklists.valid_until(birth, TODAY) is None


def test_a_date_goes_with_a_document_that_is_there_only(dossier):
    checklists.start(dossier, "mdph")
    checklists.set_item(dossier, "mdph", "domicile", GIVEN, TODAY)
    checklists.set_item(dossier, "mdph", "domicile", MISSING, TODAY)
    (line,) = (line for line in checklists.items(dossier, "mdph") if line.item.code == "domicile")
    assert (line.state, line.valid_until) == (MISSING, None)
    assert store.undo().startswith("Manque : ")
    assert checklists.progress(checklists.items(dossier, "mdph"), TODAY).ready == 1


def test_what_is_optional_never_holds_the_file_back(dossier):
    checklists.start(dossier, "mdph")
    for item in checklists.checklist("mdph").items:
        if not item.optional:
            checklists.set_item(dossier, "mdph", item.code, GIVEN)
    assert checklists.progress(checklists.items(dossier), TODAY).complete


def test_several_lists_live_in_one_dossier(dossier):
    checklists.start(dossier, "naturalisation")
    checklists.start(dossier, "c2s")
    assert checklists.started(dossier) == ("naturalisation", "c2s")
    checklists.stop(dossier, "naturalisation")
    assert checklists.started(dossier) == ("c2s",)
    store.undo()
    assert checklists.started(dossier) == ("naturalisation", "c2s")


def test_a_list_begun_by_an_earlier_release_is_completed_and_loses_nothing(dossier):
    store.insert(schema.ChecklistItem, dossier=dossier, checklist="c2s", item="ancienne_piece", state=GIVEN)
    checklists.set_item(dossier, "c2s", "rib", GIVEN)
    checklists.start(dossier, "c2s")
    found = {line.item.code: line.state for line in checklists.items(dossier)}
    assert found.keys() == {item.code for item in checklists.checklist("c2s").items} | {"ancienne_piece"}
    assert (found["rib"], found["ancienne_piece"], found["formulaire"]) == (GIVEN, GIVEN, MISSING)
    before = schema.ChecklistItem.select().count()
    checklists.start(dossier, "c2s")
    assert schema.ChecklistItem.select().count() == before


def test_what_cannot_be_noted_gets_a_sentence():
    assert checklists.problem(GIVEN, TODAY, TODAY) == checklists.problem(MISSING, None, TODAY) == ""
    assert checklists.problem("perdu", None, TODAY).endswith(".")
    assert "lointaine" in checklists.problem(GIVEN, date(2206, 1, 1), TODAY)
    assert checklists.issued_problem(TODAY, TODAY) == ""
    assert "à venir" in checklists.issued_problem(TODAY + timedelta(days=1), TODAY)
