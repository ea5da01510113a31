"""The lists beside the templates keep to the table of the law that was read: nothing lost, nothing doubtful printed."""

import tomllib

import pytest

from desktop.documents import references
from desktop.documents.content import COLUMNS
from desktop.documents.typography import typeset
from desktop.french import NBSP
from desktop.paths import RESOURCES

_READ = """
    cada_silence cada_saisine cada_suite recours_gracieux rapo_exception silence_recours_gracieux accuse_reception silence_principe
    pieces_manquantes changement_adresse fausse_attestation temoin_forme temoin_non_nullite temoin_cerfa concubinage
    css_renouvellement css_aah_ass cra_saisine cra_opposabilite cra_silence cmra cpam_remise_dette indu_rectification
    cpam_prescription dossier_medical dossier_medical_gratuit at_info_employeur at_declaration_employeur at_declaration_victime
    remise_gracieuse remise_silence delai_paiement_fiscal reclamation_ir reclamation_autres_delais reclamation_silence
    nat_rapo nat_silence nat_refus_sans_entretien nat_delai_instruction demission fin_contrat_documents salaire_prescription
    indu_ft_recours indu_ft_etat sanction_ft_observations sanction_ft_recours sanction_ft_bareme cv impaye_procedure impaye_1kva
    edf_sans_coupure treve_energie fsl_maintien rattrapage_14_mois mne_saisine cheque_energie eau_ecretement
    eau_defaut_information eau_assainissement eau_compteur mediation_eau pv_transport pv_mediateur conge_locataire
    conge_zone_tendue depot_garantie decence decence_caf decence_energie droit_compte operation_non_autorisee
    telecom_resiliation telecom_frais remise_pf remise_rsa remise_pa_logement remise_contre_contestation rsa_rapo
    caf_plusieurs_prestations rsa_prescription rsa_titre_executoire fraude_sociale_reforme rapo_cdaph conciliation_mdph
    mdph_4_mois retractation mise_en_demeure amiable_prealable amiable_seuil_10000 amiable_recodification timbre_justice_50
    timbre_justice_pole_social surendettement_depot surendettement_pratique surendettement_cerfa acte_etat_civil bruit
    bruit_ancien_article mediation_sociale mandat mandat_numerique aidants_connect rgpd_reponse rgpd_indirect documents_lieu
"""
_DOUBTFUL = """
    css_aah_ass cheque_energie pv_mediateur decence_energie remise_pa_logement fraude_sociale_reforme amiable_seuil_10000
    timbre_justice_pole_social surendettement_cerfa bruit_ancien_article
"""
_DIRECTORIES = """
    energie eau transport logement banque telecom caf sante travail impots nationalite emploi administration handicap
    consommation surendettement etat-civil donnees justice adresse
"""
READ, DOUBTFUL, DIRECTORIES = (set(words.split()) for words in (_READ, _DOUBTFUL, _DIRECTORIES))
SOURCES = references.sources()


def raw(name):
    return tomllib.loads((RESOURCES / "lists" / f"{name}.toml").read_text("utf-8"))


def test_every_rule_that_was_read_is_there():
    assert len(READ) == 105
    assert READ - SOURCES.keys() == set()


def test_what_is_doubtful_is_never_settled_and_has_no_figure():
    assert {key for key in READ if not SOURCES[key].settled} == DOUBTFUL
    assert [key for key, source in SOURCES.items() if source.figure and not source.settled] == []


def test_a_moving_threshold_and_a_lost_article_are_not_printed():
    assert not SOURCES["amiable_prealable"].figure
    assert not any("5412-8" in source.citation or "1334-31" in source.citation for source in SOURCES.values())


@pytest.mark.parametrize("key", SOURCES)
def test_a_citation_reads_as_french(key):
    source = SOURCES[key]
    for words in (source.citation, source.rule, source.figure):
        assert "'" not in words
        assert typeset(words).replace(NBSP, " ") == words.strip().replace(NBSP, " ")
    assert not source.citation.endswith(".")
    assert source.rule.endswith(".")


def test_only_the_two_citations_of_the_water_letter_carry_their_article():
    carried = {key for key, source in SOURCES.items() if source.citation.startswith(("l’", "les ", "la ", "le "))}
    assert carried <= {"eau_ecretement", "eau_assainissement"}


def test_every_rule_is_read_again_after_it_was_read():
    assert [key for key, source in SOURCES.items() if source.review_before <= source.checked_on] == []


def test_a_deadline_has_one_length_and_a_known_way_of_counting():
    for key, entry in raw("sources").items():
        lengths = [entry[unit] for unit in ("mois", "jours") if unit in entry]
        assert len(lengths) <= 1, key
        assert all(type(length) is int and length > 0 for length in lengths), key
        assert entry.get("calcul", "calendaire") in ("calendaire", "franc", "fin_annee_2"), key
        if "calcul" in entry:
            assert bool(lengths) != (entry["calcul"] == "fin_annee_2"), key


def test_the_lengths_agree_with_the_words():
    entries = raw("sources")
    told = {
        "un mois": ("mois", 1), "deux mois": ("mois", 2), "trois mois": ("mois", 3), "quatre mois": ("mois", 4), "six mois": ("mois", 6),
        "huit jours": ("jours", 8), "dix jours": ("jours", 10), "14 jours": ("jours", 14), "15 jours": ("jours", 15),
        "20 jours": ("jours", 20), "70 jours": ("jours", 70), "12 mois": ("mois", 12), "13 mois": ("mois", 13), "18 mois": ("mois", 18),
    }  # fmt: skip
    # the wait is printed, the last day is counted
    mediators = {"mne_saisine", "mediation_eau", "mediation_poste", "mediation_sncf"}
    for key, entry in entries.items():
        counted = next(((unit, entry[unit]) for unit in ("mois", "jours") if unit in entry), None)
        if counted and entry.get("chiffre") in told:
            assert counted == (("mois", 12) if key in mediators else told[entry["chiffre"]]), key


def test_an_organism_fits_its_envelope_and_its_directory():
    organisms = references.organisms().values()
    assert [organism.name for organism in organisms if len(organism.name) > COLUMNS] == []
    assert {book for organism in organisms for book in organism.directory.split()} == DIRECTORIES
    assert not any("'" in organism.name + organism.opening for organism in organisms)
    assert [organism.name for organism in organisms if organism.lines] == []  # no address was read yet
    assert len({organism.name for organism in organisms}) == len(organisms)


def test_a_form_prints_a_suffix_only_when_it_was_read():
    suffixed = {key for key, form in references.forms().items() if "*" in form.printed}
    assert suffixed == {"temoin", "mdph"}
    assert all(form.number.isdigit() for form in references.forms().values())


def test_the_registers_of_a_letter_are_there():
    assert references.closings().keys() >= {"neutre", "consideration", "haute_consideration", "simple", "cordial"}
    formal = [words for key, pair in references.closings().items() if key != "cordial" for words in pair]
    assert all("{appel}" in words and words.endswith(".") for words in formal)
