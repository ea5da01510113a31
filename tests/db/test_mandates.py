"""Mandates: signed by who may, valid for a month, revoked in one act; without one, nothing is done in her name."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db import dossiers, journal, letters, mandates, people, preferences, schema, steps, store, team, timeline

TODAY = date.today()
SIGNED = TODAY - timedelta(days=2)


@pytest.fixture
def dossier(opened):
    """Scenario 6: a leak, Eau du Grand Lyon to be called."""
    who = people.record(people.Draft("Œuvrard-Nguyễn", "Aïcha", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(dossiers.Draft(who, "eau_grand_lyon", "Surconsommation, fuite", "", "fuite"), TODAY)


@pytest.fixture
def draft(dossier):
    person = schema.Dossier.get_by_id(dossier).person_id
    return mandates.Draft(person, "eau_grand_lyon", "appeler au sujet de la fuite", dossier, SIGNED)


def acts() -> list[str]:
    return [row.act for row in schema.JournalEntry.select().order_by(schema.JournalEntry.id) if "mandat" in row.act]


def letter() -> str:
    return letters.archive(letters.Entry("mandat", 1, "", "Mandat", "mandats"), "A1-1", b"%PDF", 1, TODAY)


def test_a_civic_service_volunteer_does_not_sign(opened, draft):
    team.add("m3", "Zoé Passerelle", may_sign_mandate=False)
    assert mandates.may_sign("m1") == ""
    assert mandates.may_sign("m3") == (
        "Un service civique ou un stagiaire ne signe pas de mandat. Demandez à un médiateur."
    )
    assert mandates.may_sign("").startswith("Ouvrez le poste à votre nom")
    store.sign_in("m3", "A1")
    with pytest.raises(mandates.Blocked, match="service civique"):
        mandates.sign(draft)
    assert mandates.of_person(draft.person) == () and acts() == []


def test_a_signed_mandate_lasts_a_month_and_is_on_the_timeline(draft):
    paper = letter()
    id = mandates.sign(replace(draft, letter=paper, signed_on=date(2026, 1, 31), scope=" appeler "))
    kept = mandates.line(id)
    assert (kept.signed_on, kept.ends_on) == (date(2026, 1, 31), date(2026, 2, 28))
    assert (kept.signer, kept.signer_name, kept.letter, kept.scope) == ("m1", "Nadia Réverbère", paper, "appeler")
    event = timeline.events(draft.dossier)[0]
    assert (event.kind, event.summary) == ("mandat", "Mandat signé, valable jusqu’au 28/02/2026")
    assert acts() == ["mandat.signe"] and journal.verify() is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"person": None}, "person"),
        ({"partner": ""}, "partner"),
        ({"scope": " "}, "scope"),
        ({"scope": "x" * 281}, "scope"),
        ({"signed_on": None}, "signed_on"),
        ({"signed_on": TODAY + timedelta(days=1)}, "signed_on"),
        ({"ends_on": SIGNED - timedelta(days=1)}, "ends_on"),
        ({"ends_on": SIGNED + timedelta(days=367)}, "ends_on"),
    ],
)
def test_what_is_wrong_gets_a_sentence(draft, change, field):
    assert mandates.problems(draft, TODAY) == {}
    found = mandates.problems(replace(draft, **change), TODAY)
    assert set(found) == {field} and found[field].endswith(".")


def test_it_is_valid_from_its_signature_to_its_last_day_included(draft):
    id = mandates.sign(replace(draft, ends_on=TODAY))
    for day, valid in ((SIGNED - timedelta(days=1), False), (SIGNED, True), (TODAY, True)):
        assert mandates.line(id).valid(day) is valid
        assert (mandates.valid_for(draft.dossier, day) is not None) is valid
    assert mandates.blocked(draft.dossier, TODAY) == ""
    assert mandates.blocked(draft.dossier, TODAY + timedelta(days=1)).startswith("Mandat fini le ")


def test_a_mandate_for_the_partner_in_general_serves_all_its_dossiers(draft):
    mandates.sign(replace(draft, dossier=None))
    assert mandates.valid_for(draft.dossier, TODAY)
    other = dossiers.open_dossier(dossiers.Draft(draft.person, "edf", "Impayé, échéancier", "", "coupure"), TODAY)
    assert mandates.valid_for(other, TODAY) is None, "another partner"
    stranger = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    theirs = dossiers.open_dossier(dossiers.Draft(stranger, "eau_grand_lyon", "Aide", "", "aide"), TODAY)
    assert mandates.valid_for(theirs, TODAY) is None, "another person"


def test_of_several_mandates_the_one_that_lasts_longest_serves(draft):
    mandates.sign(replace(draft, ends_on=TODAY + timedelta(days=3)))
    longer = mandates.sign(replace(draft, ends_on=TODAY + timedelta(days=9)))
    mandates.sign(replace(draft, ends_on=TODAY + timedelta(days=5)))
    assert mandates.valid_for(draft.dossier, TODAY).id == longer


def test_consent_is_for_asking_and_a_mandate_for_acting(dossier):
    assert mandates.blocked(dossier, TODAY).startswith("Aucun mandat : l’accord sert à s’informer.")
    assert mandates.contact_blocked(dossier, TODAY) == ""
    dossiers.log(dossier, "appel", "Demande d’information", TODAY + timedelta(days=7))


def test_revoking_is_one_act_with_its_slip_and_blocks_new_contacts(draft, dossier):
    id = mandates.sign(draft)
    dossiers.log(dossier, "appel", "Appel au service", TODAY + timedelta(days=7))
    slip = letter()
    mandates.revoke(id, TODAY, slip)
    assert (mandates.line(id).revoked_on, mandates.line(id).revocation_letter) == (TODAY, slip)
    before = timeline.events(dossier), dossiers.sheet(dossier).next_on
    for kind in ("appel", "courrier"):
        with pytest.raises(mandates.Blocked, match=r"Mandat révoqué le .* : plus aucun contact en son nom\."):
            dossiers.log(dossier, kind, "Appel", TODAY + timedelta(days=9))
    assert (timeline.events(dossier), dossiers.sheet(dossier).next_on) == before
    assert before[0][0].summary == "Mandat révoqué par la personne"
    assert acts() == ["mandat.signe", "mandat.revoque"] and journal.verify() is None


def test_the_person_at_the_counter_decides_and_answers_and_notes_go_on(draft, dossier):
    mandates.revoke(mandates.sign(draft), TODAY)
    dossiers.log(dossier, "appel", "Appel avec elle", TODAY + timedelta(days=7), present=True)
    dossiers.log(dossier, "reponse", "Accord", TODAY + timedelta(days=7), "accord")
    dossiers.log(dossier, "note", "Elle rappellera", TODAY + timedelta(days=7))
    assert [event.kind for event in timeline.events(dossier)][:3] == ["note", "reponse", "appel"]


def test_a_letter_she_signs_is_filed_and_one_signed_for_her_needs_a_mandate(draft, dossier):
    hers = letters.Entry("eau-ecretement-fuite", 1, "", "Écrêtement", "eau", dossier=dossier)
    for_her = replace(hers, template="saisine-partenaire", by_mandate=True)
    with pytest.raises(mandates.Blocked, match="Aucun mandat"):
        letters.archive(for_her, "A1-1", b"%PDF", 1, TODAY)
    assert letters.register() == () and preferences.get(f"letters.A1.{TODAY.year}", 0) == 0
    id = mandates.sign(draft)
    letters.archive(for_her, "A1-1", b"%PDF", 1, TODAY)
    mandates.revoke(id, TODAY)
    with pytest.raises(mandates.Blocked, match="révoqué"):
        letters.archive(for_her, "A1-2", b"%PDF", 1, TODAY)
    letters.archive(replace(hers, step="ecretement"), "A1-2", b"%PDF", 1, TODAY)
    assert len(letters.register()) == 2
    assert [each.step for each in schema.DossierStep.select()] == ["ecretement"]
    assert steps.of_dossier(dossier, TODAY).next.code == "relance"


def test_an_ended_mandate_blocks_until_another_is_signed(draft, dossier):
    mandates.sign(replace(draft, signed_on=TODAY - timedelta(days=60), ends_on=TODAY - timedelta(days=30)))
    with pytest.raises(mandates.Blocked, match="faites-en signer un nouveau"):
        dossiers.log(dossier, "appel", "", TODAY)
    mandates.sign(draft)
    dossiers.log(dossier, "appel", "", TODAY)


def test_neither_a_signature_nor_a_revocation_is_undone_or_done_again(draft, dossier):
    dossiers.log(dossier, "note", "Elle attend", TODAY)
    id = mandates.sign(draft)
    assert store.last_act() is None and store.undo() is None
    dossiers.log(dossier, "note", "Elle hésite", TODAY)
    mandates.revoke(id, TODAY - timedelta(days=1))
    assert store.undo() is None
    with pytest.raises(mandates.Blocked, match="déjà révoqué"):
        mandates.revoke(id, TODAY)
    assert mandates.line(id).revoked_on == TODAY - timedelta(days=1)
    assert [event.kind for event in timeline.events(dossier)] == ["mandat", "note", "mandat", "note", "ouverture"]


def test_the_end_is_warned_two_weeks_before(draft):
    id = mandates.sign(replace(draft, ends_on=TODAY + timedelta(days=15)))
    kept = mandates.line(id)
    assert mandates.warning(kept, TODAY) == "" and mandates.expiring(TODAY) == ()
    tomorrow = TODAY + timedelta(days=1)
    assert mandates.warning(kept, tomorrow).startswith("Le mandat pour Eau du Grand Lyon finit dans 14\u00a0jours, le ")
    assert mandates.expiring(tomorrow) == (kept,)
    assert "finit ce soir" in mandates.warning(kept, kept.ends_on)
    assert mandates.warning(kept, kept.ends_on + timedelta(days=1)) == ""
    mandates.revoke(id, TODAY)
    assert mandates.expiring(tomorrow) == ()


def test_the_mandates_of_a_confidential_dossier_are_not_told_to_others(draft, dossier):
    mandates.sign(draft)
    schema.Dossier.update(confidential=True).execute()
    assert len(mandates.expiring(SIGNED + timedelta(days=25))) == 1
    store.sign_in("m2", "A1")
    assert mandates.expiring(SIGNED + timedelta(days=25)) == ()
