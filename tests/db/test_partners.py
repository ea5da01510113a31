"""Partners as data: who to call, how they number their customers, what was agreed; changed, archived, never deleted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db import delays, dossiers, lists, partners, people, place, schema, store, visits
from db.ids import now
from desktop import french

TODAY = date(2026, 11, 23)
KEY = bytes(range(32))


def test_every_partner_of_the_trade_is_there_with_a_sector_kinds_and_contacts(opened):
    known = {partner.code: partner for partner in partners.partners()}
    assert {
        "edf", "engie", "enedis", "grdf", "eau_grand_lyon", "tcl_keolis", "tcl_ratp", "sncf", "sncf_reseau", "la_poste",
        "banque_postale", "alliade", "bailleur_social", "prefecture", "caf", "cpam", "france_travail", "dgfip", "carsat",
        "mairie", "metropole", "mdph", "conflit",
    } <= set(known)  # fmt: skip
    assert known["edf"].kinds[0] == "Impayé, échéancier" and known["prefecture"].kinds[0] == "Titre de séjour"
    for partner in known.values():
        assert partners.problems(partner) == {}, partner.code
        assert partner.sector in partners.sectors()
        for contact in partner.contacts:
            assert (
                contact.phone or "à compléter" in contact.note or "facture" in contact.note or "écrite" in contact.note
            )


def test_a_settled_shape_blocks_and_an_unsettled_one_only_warns(opened):
    assert partners.reference_problem("enedis", "00 123.456-789 012") == ""
    assert partners.reference_problem("enedis", "12345") == (
        "Point de livraison (PDL ou PRM) : 14\u00a0chiffres, par exemple 00 000 000 000 000."
    )
    assert partners.reference_warning("enedis", "12345") == ""
    assert partners.reference_problem("edf", "12") == ""
    assert partners.reference_warning("edf", "12") == (
        "À vérifier : numéro client d’habitude en 10\u00a0chiffres, par exemple 6 000 000 000."
    )
    assert partners.reference_warning("edf", "6 044 871 209") == ""
    assert partners.reference_problem("grdf", "GI 123456") == "", "one of two shapes is enough"
    assert partners.reference_problem("bailleur_prive", "n’importe quoi") == ""
    assert partners.reference_problem("", "12") == partners.reference_problem("edf", "") == ""


def test_a_dossier_is_not_opened_with_a_reference_that_cannot_be(opened):
    draft = dossiers.Draft(None, "enedis", "Panne", reference="12345", subject="panne")
    assert dossiers.problems(draft)["reference"].startswith("Point de livraison")
    assert "reference" not in dossiers.problems(replace(draft, reference="12345678901234"))


@pytest.mark.parametrize("number", ["2 55 08 14 168 025 38", "1800675123456 41", "195012A123456 23"])
def test_a_social_security_number_is_never_kept(opened, number):
    compact = number.replace(" ", "")
    key = 97 - int(compact[:13].replace("2A", "19")) % 97
    assert partners.is_nir(f"{compact[:13]}{key:02}")
    assert partners.reference_problem("cpam", f"{compact[:13]} {key:02}").startswith("C’est un numéro de sécurité")
    assert not partners.is_nir(f"{compact[:13]}{(key + 1) % 100:02}")


def test_ordinary_references_are_not_taken_for_one(opened):
    for text in ("6 044 871 209", "12345678901234", "0612345678", "FR76 3000 4000 0312 3456 7890 143", ""):
        assert not partners.is_nir(text)


def test_what_the_place_changes_stays_and_the_rest_follows_the_shipped_list(opened):
    edf = partners.partner("edf")
    contact = partners.Contact("Correspondant solidarité", "04 00 00 00 00", "9 h à 12 h", "le mardi de préférence")
    changed = replace(edf, name="EDF Solidarité", contacts=(contact,), answer_days=7, agreement_from=date(2026, 1, 1),
                      agreement_until=date(2026, 12, 31), funding=1200000)  # fmt: skip
    assert partners.problems(changed) == {}
    partners.save(changed)
    place.leave()
    place.enter(opened, KEY, "m1")
    kept = partners.partner("edf")
    assert kept == replace(changed, contacts=(replace(contact, phone="0400000000"),))
    row = schema.ListValue.get((schema.ListValue.kind == "partner") & (schema.ListValue.code == "edf"))
    assert set(row.extra) == {"contacts", "answer_days", "agreement_from", "agreement_until", "funding"}, (
        "the rest is not changed: a later release may correct it"
    )
    assert lists.label("partner", "edf") == "EDF Solidarité"
    assert delays.of_partner("edf") == delays.Delay(7, 0)


def test_a_partner_of_the_place_is_added_with_its_own_kinds(opened):
    draft = partners.Partner("", "Épicerie sociale", "administration", (9,), kinds=("Colis", "Carte"))
    code = partners.save(draft)
    assert code == "epicerie_sociale"
    assert lists.dossier_kinds(code) == ("Colis", "Carte")
    assert partners.problems(replace(draft, name="epicerie sociale"))["name"].startswith("Changez ce nom")
    assert partners.save(replace(draft, name="Épicerie, sociale")) == "epicerie_sociale_2"
    store.undo()
    lists.reload()
    assert "epicerie_sociale_2" not in [partner.code for partner in partners.partners(archived=True)]


def test_own_kinds_may_be_given_up_for_those_of_the_sector(opened):
    sector = lists.sectors()["administration"]
    partners.save(replace(partners.partner("prefecture"), kinds=sector))
    assert lists.dossier_kinds("prefecture") == sector
    partners.save(replace(partners.partner("prefecture"), kinds=(*sector, "Naturalisation, refus")))
    assert lists.dossier_kinds("prefecture")[-1] == "Naturalisation, refus"


def test_a_partner_is_archived_never_deleted(opened):
    id = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    dossier = dossiers.open_dossier(dossiers.Draft(id, "sncf", "Abonnement", "", "carte perdue"), TODAY)
    partners.save(replace(partners.partner("sncf"), archived=True))
    assert "sncf" not in [partner.code for partner in partners.partners()]
    assert partners.partner("sncf").archived
    assert dossiers.sheet(dossier).partner_name == "SNCF Voyageurs"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", " ", "Écrivez le nom"),
        ("sector", "", "Choisissez le secteur"),
        ("families", (0,), "chiffre de 1 à 9"),
        ("answer_days", 0, "de 1 à 365 jours"),
        ("kinds", (), "au moins un type"),
        ("kinds", ("Aide", "aide"), "deux fois"),
        ("kinds", tuple(map(str, range(10))), "9 types de dossier au plus"),
        ("contacts", (partners.Contact("Agence", "06 12"),), "Agence : il manque 6 chiffres"),
        ("contacts", (partners.Contact(" "),), "rôle du contact"),
        ("reference", partners.Reference("N°", "12", "999"), "n’a pas la forme"),
        ("funding", -1, "un montant"),
    ],
)
def test_what_is_wrong_gets_a_sentence_beside_its_field(opened, field, value, words):
    found = partners.problems(replace(partners.partner("edf"), **{field: value}))
    assert set(found) == {field} and words in found[field].replace("\u00a0", " ")


def test_an_agreement_has_its_dates_in_order(opened):
    edf = replace(partners.partner("edf"), agreement_from=date(2026, 1, 1), agreement_until=date(2025, 12, 31))
    assert "avant son début" in partners.problems(edf)["agreement_until"]
    assert set(partners.problems(replace(edf, agreement_from=None))) == {"agreement_from"}


def test_an_agreement_that_ends_within_sixty_days_is_told(opened):
    edf = partners.partner("edf")
    for code, days in (("edf", 60), ("engie", 61), ("caf", -1), ("cpam", 0)):
        until = TODAY + timedelta(days=days)
        partners.save(replace(partners.partner(code), agreement_from=date(2025, 1, 1), agreement_until=until))
    assert {p.code for p in partners.partners() if partners.agreement_warning(p, TODAY)} == {"caf", "cpam", "edf"}
    end = french.long_date(TODAY + timedelta(days=60))
    warned = partners.agreement_warning(partners.partner("edf"), TODAY)
    assert warned == f"La convention avec EDF finit le {end}, dans 60\u00a0jours."
    assert partners.agreement_warning(partners.partner("caf"), TODAY).endswith("a fini le 22\u00a0novembre\u00a02026.")
    assert partners.agreement_warning(partners.partner("cpam"), TODAY).endswith("aujourd’hui.")
    assert partners.agreement_warning(edf, TODAY) == ""


def test_a_theme_finds_its_own_partner_before_its_family_does(opened):
    moment = now()

    def guessed(family: int, theme: str, subtheme: str) -> str:
        demand = visits.Demand(family, theme, subtheme, "mediation", outcome="dossier")
        return dossiers.guess(
            visits.record(visits.Draft(arrived_at=moment, started_at=moment, demands=(demand,)))
        ).partner

    assert guessed(6, "ETR", "naturalisation") == "prefecture"
    assert guessed(6, "IMP", "avis") == "dgfip"
    assert guessed(9, "JUS", "conflit") == "conflit"
    assert guessed(9, "CON", "telephonie") == "operateur_telecom"
    assert guessed(1, "ENE", "compteur") == "enedis"
    assert guessed(1, "ENE", "impaye") == "edf"
    assert guessed(2, "EAU", "fuite") == "eau_grand_lyon"
