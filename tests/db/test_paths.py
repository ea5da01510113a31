"""The way up: steps in their time, prudent dates on open days, what threatens and what protects, never « trop tard »."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from db import (
    dossiers,
    journal,
    letters,
    lists,
    money,
    partners,
    paths,
    people,
    preferences,
    schema,
    sources,
    standings,
    steps,
    store,
    timeline,
)
from db.opening import Calendar
from db.standings import DONE, PAST, POSSIBLE, SKIPPED, WAITING, Facts
from desktop import french

TODAY = date(2026, 11, 23)  # a Monday
CALENDAR = Calendar(preferences.DEFAULT_HOURS)


def at(path: str, today: date = TODAY, **facts) -> standings.Standing:
    known = paths.paths()[path]
    partner = facts.pop("partner", (known.partners or _of(known.sectors))[0])
    given = {"partner": partner, "sector": partners.partner(partner).sector, "kind": known.kinds[0],
             "opened_on": date(2026, 1, 5)} | facts  # fmt: skip
    given["protected"] = frozenset(given.get("protected", ()))
    return standings.standing(known, Facts(**given), CALENDAR, today)


def _of(sectors: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(each.code for each in partners.partners() if each.sector in sectors)


def step(standing: standings.Standing, code: str) -> standings.Planned:
    return next(each for each in standing.steps if each.code == code)


def alert(standing: standings.Standing, code: str) -> standings.Alert | None:
    return next((each for each in standing.alerts if each.code == code), None)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


# The data


def test_every_shipped_path_can_be_read_and_names_a_source_that_exists():
    for path in paths.paths().values():
        assert paths.problems(path) == {}, path.code
        for each in path.steps:
            assert not each.source or each.source in sources.sources(), (path.code, each.code, each.source)
        assert not path.notices or path.notice_source in sources.sources()
    for each in paths.protections():
        assert each.source in sources.sources(), each.code
        assert set(each.needs + each.all + each.unless + each.unless_all) <= set(lists.read("dossier")["protected"])


def test_every_path_is_reached_by_a_kind_its_partners_have(opened):
    reached = {
        path.code
        for known in partners.partners()
        for kind in known.kinds
        for path in paths.suggest(known.code, kind)[:1]
    }
    assert reached == set(paths.paths())


def test_every_kind_of_dossier_has_a_path_but_advice(opened):
    without = {kind for known in partners.partners() for kind in known.kinds if not paths.suggest(known.code, kind)}
    assert without == {"Conseil conso"}


def test_a_partner_s_own_path_comes_before_its_sector_s(opened):
    assert [path.code for path in paths.suggest("la_poste", "Transfert d’argent")] == ["poste", "banque_operation"]
    assert paths.suggest("banque_postale", "transfert d'argent")[0].code == "banque_operation"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"label": " "}, "label"),
        ({"steps": ()}, "steps"),
        ({"steps": (paths.Step("a", "A", after="bientôt"),)}, "step.a"),
        ({"steps": (paths.Step("a", "A", after="b + 2 mois"), paths.Step("b", "B"))}, "step.a"),
        ({"steps": (paths.Step("a", "A"), paths.Step("a", "B"))}, "step.a"),
        ({"notices": (paths.Notice("n", "la facture", ()),)}, "notice.n"),
    ],
)
def test_a_path_that_cannot_be_counted_gets_a_sentence(change, field):
    found = paths.problems(replace(paths.paths()["eau_fuite"], **change))
    assert field in found and found[field].endswith(".")


# Steps in their time


def test_a_last_day_is_an_open_day_or_before_and_a_first_day_an_open_day_or_after():
    fine = at("transport_pv", notified_on=date(2026, 9, 28))
    protest = step(fine, "protestation")
    assert protest.last == date(2026, 12, 28) and protest.state == POSSIBLE
    fine = at("transport_pv", notified_on=date(2026, 9, 26), done={"protestation": date(2026, 10, 1)})
    assert step(fine, "mediateur").last == date(2026, 12, 24), "26 December is a Saturday, 25 is Christmas"
    assert step(fine, "mediateur").earliest == date(2026, 11, 2), "1 November is a Sunday and All Saints"


def test_months_are_counted_as_people_count_them():
    assert step(at("rsa", notified_on=date(2026, 12, 31)), "recours").last == date(2027, 2, 26), "28 is a Sunday"
    last = step(at("impots_reclamation", notified_on=date(2025, 7, 31)), "reclamation").last
    assert last == date(2027, 12, 31)


def test_one_step_after_another_until_the_mediator():
    nothing = at("energie_contestation")
    assert nothing.next.code == "reclamation" and nothing.next.letter == "energie-contestation"
    assert step(nothing, "mediateur").state == WAITING and step(nothing, "mediateur").earliest is None
    sent = at("energie_contestation", done={"reclamation": TODAY})
    assert (sent.next.code, sent.next.earliest) == ("relance", date(2026, 12, 3))
    assert step(sent, "reclamation").state == DONE
    late = at("energie_contestation", date(2027, 1, 25), done={"reclamation": TODAY})
    assert (late.next.code, late.next.letter) == ("mediateur", "energie-mediateur"), "the reminder may be left out"
    assert (late.next.earliest, late.next.last) == (date(2027, 1, 25), date(2027, 11, 23))
    done = at("energie_contestation", date(2027, 2, 1), done={"reclamation": TODAY, "mediateur": date(2027, 1, 25)})
    assert step(done, "relance").state == SKIPPED
    assert done.next.code == "conciliateur"


def test_an_answer_that_does_not_suit_opens_the_next_step_without_waiting():
    sent = at("energie_contestation", done={"reclamation": date(2026, 11, 9)}, answered_on=date(2026, 11, 21))
    assert step(sent, "mediateur").state == POSSIBLE
    assert step(sent, "mediateur").earliest == date(2026, 11, 23), "answered on a Saturday"
    assert sent.next.code == "mediateur"
    before = at("energie_contestation", done={"reclamation": date(2026, 11, 9)}, answered_on=date(2026, 11, 9))
    assert step(before, "mediateur").state == WAITING, "what the complaint answered to"


def test_a_refusal_starts_the_shorter_clock_of_the_judge():
    silent = at("cpam_decision", notified_on=date(2026, 9, 1), done={"recours": date(2026, 10, 1)})
    assert step(silent, "juge").last == date(2027, 2, 1)
    refused = at("cpam_decision", notified_on=date(2026, 9, 1), done={"recours": date(2026, 10, 1)},
                 answered_on=date(2026, 10, 15))  # fmt: skip
    assert step(refused, "juge").last == date(2026, 12, 15)


def test_an_accident_is_told_within_a_day_and_declared_by_its_victim_within_two_years():
    told = at("accident", notified_on=date(2026, 11, 20), done={"information": date(2026, 11, 20)})
    assert step(told, "declaration").last == date(2028, 12, 29), "31 December 2028 is a Sunday"
    assert step(told, "relance").earliest == date(2026, 11, 23) and told.next.code == "relance"
    assert step(told, "recours").state == WAITING and step(told, "recours").last is None
    untold = at("accident", notified_on=date(2026, 11, 23))
    assert (untold.next.code, untold.next.last) == ("information", date(2026, 11, 24))


def test_a_refusal_of_the_cpam_starts_the_two_months_of_the_accident():
    told = {"notified_on": date(2026, 9, 1), "done": {"information": date(2026, 9, 1)}}
    refused = at("accident", answered_on=date(2026, 11, 5), **told)
    assert step(refused, "recours").state == POSSIBLE and step(refused, "recours").last == date(2027, 1, 5)


def test_a_request_for_social_housing_is_renewed_before_its_year_ends():
    asked = at("logement_demande", date(2027, 1, 18), notified_on=date(2026, 3, 16))
    assert (step(asked, "renouvellement").state, step(asked, "renouvellement").last) == (POSSIBLE, date(2027, 3, 16))


def test_ten_years_in_france_open_the_reminder_six_months_earlier():
    early = at("naturalisation_attente", notified_on=date(2025, 10, 5))
    assert early.next.code == "relance_dix_ans" and step(early, "relance").earliest == date(2027, 4, 5)


def test_a_step_for_one_partner_only():
    assert [each.code for each in at("transport_reclamation", partner="sncf").steps][-1] == "mediateur"
    assert [each.code for each in at("transport_reclamation", partner="tcl_ratp").steps][-1] == "mediateur_tcl"


# Dates about to be lost


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (date(2026, 12, 8), ""),
        (date(2026, 12, 9), "À faire avant le 23 décembre 2026 : il reste 14 jours."),
        (date(2026, 12, 22), "À faire avant le 23 décembre 2026 : il reste 1 jour."),
        (date(2026, 12, 23), "À faire aujourd’hui : c’est le dernier jour prudent."),
        (
            date(2026, 12, 24),
            "La date prudente du 23 décembre 2026 est passée : à faire vérifier avant de renoncer.",
        ),
    ],
)
def test_a_last_day_is_warned_two_weeks_before_and_never_said_lost(today, words):
    leak = at("eau_fuite", today, notified_on=date(2026, 11, 23))
    assert plain(step(leak, "ecretement").warning) == words
    assert leak.next.code == "ecretement"
    assert (step(leak, "ecretement").state == PAST) == (today > date(2026, 12, 23))
    assert [each.code for each in leak.warnings] == (["ecretement"] if words else [])


def test_a_doubtful_source_is_to_be_checked_and_a_stale_one_too(monkeypatch):
    fine = at("transport_pv", date(2026, 12, 20), notified_on=date(2026, 9, 28), done={"protestation": TODAY})
    mediator = step(fine, "mediateur")
    assert mediator.doubtful and mediator.warning.endswith("Délai à faire vérifier.")
    protest = step(at("transport_pv", date(2026, 12, 20), notified_on=date(2026, 9, 28)), "protestation")
    assert not protest.doubtful and "vérifier" not in protest.warning
    assert "lu, vérifié le 23/11/2026" in protest.source
    later = step(at("transport_pv", date(2027, 6, 2), notified_on=date(2027, 3, 10)), "protestation")
    assert later.doubtful and later.source.endswith(", à revoir")
    monkeypatch.setitem(sources.sources(), "pv_transport", sources.Source("pv_transport"))
    unknown = step(at("transport_pv", notified_on=date(2026, 9, 1)), "protestation")
    assert unknown.doubtful and unknown.source == "source à compléter · à vérifier"


def test_an_optional_step_warns_before_its_last_day_and_is_silent_after():
    before = at("cpam_dette", date(2026, 12, 1), notified_on=date(2026, 11, 23))
    assert plain(step(before, "rectification").warning) == "À faire avant le 11 décembre 2026 : il reste 10 jours."
    after = at("cpam_dette", date(2026, 12, 15), notified_on=date(2026, 11, 23))
    assert step(after, "rectification").warning == ""
    assert after.next.code == "recours"


# Scenario 1: a second reminder, its threat, and what holds it back


def test_the_day_of_the_cut_is_counted_from_the_letter_with_its_source():
    second = at("energie_impaye", partner="edf", notified_on=date(2026, 11, 16), notice="relance2")
    found = alert(second, "menace")
    assert found.on == date(2026, 12, 6) and found.tone == "menace"
    assert plain(found.text) == (
        "Coupure ou réduction possible à partir du 6 décembre 2026 : 20 jours après la deuxième relance "
        "du 16 novembre 2026."
    )
    assert found.source == "décret n° 2008-780 du 13 août 2008 · établi, vérifié le 23/11/2026"
    assert step(second, "echeancier").last == date(2026, 12, 4), "the Friday before that Sunday"
    tuesday = at("energie_impaye", partner="edf", notified_on=date(2026, 11, 18), notice="relance2")
    assert (alert(tuesday, "menace").on, step(tuesday, "echeancier").last) == (date(2026, 12, 8), date(2026, 12, 7))


@pytest.mark.parametrize(
    ("notice", "protected", "days"),
    [
        ("facture", (), "14 + 15 + 20"),
        ("facture", ("cheque_energie",), "14 + 30 + 20"),
        ("relance1", (), "15 + 20"),
        ("relance1", ("fsl",), "30 + 20"),
        ("relance2", ("fsl",), "20"),
    ],
)
def test_the_energy_cheque_and_the_fsl_give_more_time(notice, protected, days):
    found = alert(at("energie_impaye", notified_on=TODAY, notice=notice, protected=protected), "menace")
    assert f"{days} jours après" in found.text
    assert found.on == TODAY + timedelta(days=sum(map(int, days.split(" + "))))


def test_a_letter_nobody_named_counts_for_the_least_time():
    found = alert(at("energie_impaye", notified_on=TODAY), "menace")
    assert found.on == TODAY + timedelta(days=20)
    assert found.text.endswith("Courrier non précisé : le délai le plus court est compté.")


def test_without_its_date_the_dossier_asks_for_it():
    found = at("energie_impaye")
    assert alert(found, "menace") is None
    assert alert(found, "date_a_noter").text.startswith("Date du dernier courrier du fournisseur : notez-la")
    assert alert(at("energie_impaye", notified_on=TODAY), "date_a_noter") is None
    assert alert(at("logement_decence"), "date_a_noter") is None, "nothing is counted from a letter there"


@pytest.mark.parametrize(
    ("today", "end"),
    [
        (date(2026, 10, 31), None),
        (date(2026, 11, 1), "31 mars 2027"),
        (date(2027, 3, 31), "31 mars 2027"),
        (date(2027, 4, 1), None),
    ],
)
def test_the_winter_truce_runs_over_the_new_year(today, end):
    found = alert(at("energie_impaye", today, partner="engie"), "treve_hivernale")
    assert (found and plain(found.text)) == (
        end
        and f"Trêve hivernale jusqu’au {end} : pas de coupure de la résidence principale. Une réduction reste possible."
    )


def test_a_threat_that_falls_in_the_winter_is_held_back_by_it():
    found = alert(
        at("energie_impaye", date(2026, 10, 19), notified_on=date(2026, 10, 19), notice="relance2"), "treve_hivernale"
    )
    assert found.on == date(2027, 3, 31) and found.tone == "protege"


def test_the_cheque_s_attestation_protects_from_the_reduction_too():
    sent = at("energie_impaye", protected=("cheque_energie", "attestation"))
    assert "ni coupure ni réduction" in alert(sent, "treve_reduction").text
    assert alert(sent, "treve_hivernale") is None and alert(sent, "attestation_a_envoyer") is None
    unsent = at("energie_impaye", protected=("cheque_energie",))
    assert alert(unsent, "treve_reduction") is None and alert(unsent, "attestation_a_envoyer").tone == "attention"


def test_sixty_days_at_one_kva_come_before_any_cut():
    given = {"notified_on": date(2026, 11, 16), "notice": "relance2"}
    found = alert(at("energie_impaye", protected=("fsl", "compteur_communicant"), **given), "puissance_60_jours")
    assert found.on == date(2027, 2, 4) and plain(found.text).endswith("pas de coupure avant le 4 février 2027.")
    assert alert(at("energie_impaye", protected=("compteur_communicant",), **given), "puissance_60_jours") is None
    assert alert(at("energie_impaye", protected=("fsl",), **given), "puissance_60_jours") is None


def test_a_pending_fsl_help_keeps_the_supply_two_months():
    found = alert(at("energie_impaye", fsl_on=date(2026, 11, 2)), "fsl_en_cours")
    assert found.on == date(2027, 1, 2)
    assert alert(at("energie_impaye", date(2027, 1, 3), fsl_on=date(2026, 11, 2)), "fsl_en_cours") is None


def test_who_the_protections_are_for():
    assert alert(at("energie_impaye", partner="edf"), "edf_limitation")
    assert alert(at("energie_impaye", partner="engie"), "edf_limitation") is None
    assert alert(at("eau_fuite"), "eau_toute_l_annee").on is None
    assert at("transport_pv").alerts[-1].code == "date_a_noter", "no energy alert for a fine"


# In the file


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    draft = dossiers.Draft(who, "edf", "Impayé, échéancier", "6 000 000 000", "coupure annoncée", 41260,
                           notified_on=date(2026, 11, 16), notice="relance2", protected=("cheque_energie",))  # fmt: skip
    return dossiers.open_dossier(draft, TODAY)


def test_a_dossier_takes_its_path_from_its_partner_and_kind(dossier):
    standing = steps.of_dossier(dossier, TODAY)
    assert standing.path.code == "energie_impaye" == schema.Dossier.get_by_id(dossier).path
    assert [each.code for each in standing.alerts] == [
        "menace", "treve_hivernale", "attestation_a_envoyer", "edf_limitation",
    ]  # fmt: skip
    assert standing.next.code == standing.warnings[0].code == "echeancier", "what presses, before what may be left out"
    assert steps.of_dossier(dossier, date(2026, 11, 18)).next.code == "correspondant", "nothing presses yet"
    with pytest.raises(LookupError):
        steps.of_dossier("0" * 32, TODAY)


def test_a_step_marked_done_moves_the_dossier_on_and_one_undo_takes_it_back(dossier):
    steps.mark_done(dossier, "echeancier", TODAY)
    assert steps.of_dossier(dossier, TODAY).next.code == "relance"
    assert (timeline.events(dossier)[0].kind, timeline.events(dossier)[0].summary) == (
        "etape", "Demander un paiement en plusieurs fois",
    )  # fmt: skip
    assert store.undo() == "Étape faite : Demander un paiement en plusieurs fois"
    assert steps.of_dossier(dossier, TODAY).next.code == "echeancier"
    store.redo()
    steps.mark_undone(dossier, "echeancier")
    assert steps.of_dossier(dossier, TODAY).next.code == "echeancier"
    assert journal.verify() is None


def file(entry: letters.Entry, values: dict | None = None, begun: str = "") -> str:
    step = steps.taken_by(entry.dossier, entry.template, values or {}, TODAY, begun)
    return letters.archive(replace(entry, step=step), letters.next_number(TODAY), b"%PDF", 1, TODAY)


def taken() -> list[str]:
    return [row.step for row in schema.DossierStep.select().order_by(schema.DossierStep.id)]


def test_a_letter_filed_in_the_dossier_takes_its_step(dossier):
    entry = letters.Entry("energie-echeancier", 1, "0" * 64, "Échéancier", "energie", "EDF", dossier=dossier)
    id = file(entry)
    row = schema.DossierStep.get()
    assert (row.step, row.letter_id, row.done_on) == ("echeancier", id, TODAY)
    assert [event.kind for event in timeline.events(dossier)] == ["courrier", "ouverture"]
    file(replace(entry, template="courrier-libre"))
    assert taken() == ["echeancier"]
    file(replace(entry, template="energie-relance", sensitive=True))
    (row,) = schema.DossierStep.select().where(schema.DossierStep.step == "relance")
    assert row.letter_id is None, "a sensitive letter is not tied to the dossier"
    assert {event.kind for event in timeline.events(dossier)} == {"courrier", "ouverture"}, "its letter says the step"


def test_a_free_letter_takes_a_step_only_when_begun_from_it(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "caf", "Trop-perçu contesté", "", "dette"), TODAY)
    paths.save(
        replace(paths.paths()["caisse_contestation"], steps=(paths.Step("recours", "Écrire", "courrier-libre"),))
    )
    entry = letters.Entry("courrier-libre", 1, "0" * 64, "Courrier", "administration", "CAF", dossier=id)
    file(entry)
    assert taken() == [], "it may be about anything: no deadline is silenced"
    file(entry, begun="recours")
    assert taken() == ["recours"]


def test_of_two_steps_with_one_letter_what_it_says_takes_the_step(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "france_travail", "Radiation, sanction", "", "radiation"), TODAY)
    entry = letters.Entry("france-travail-sanction", 2, "0" * 64, "Sanction", "emploi", "France Travail", dossier=id)
    file(entry, {"etape": "réclamation"})
    assert taken() == ["reclamation"]
    file(entry, {"etape": "réclamation"}, begun="mediateur")
    assert taken() == ["reclamation"], "begun from the second, it says the first again"
    file(entry, {"etape": "demande de médiation"})
    assert taken() == ["reclamation", "mediateur"]


def test_a_step_that_says_what_its_letter_says_comes_before_one_that_does_not(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "cpam", "Trop-perçu, remise de dette", "", "dette"), TODAY)
    said = {"demande": "rectifier, puis réduire"}
    assert steps.taken_by(id, "cpam-remise-dette", said, TODAY) == "rectification"
    assert steps.taken_by(id, "cpam-remise-dette", {"demande": "la réduire"}, TODAY) == "remise"


def test_an_fsl_help_asked_in_the_dossier_protects_it(dossier):
    help = money.ask_help(dossier, "fsl", 20000, TODAY)
    assert alert(steps.of_dossier(dossier, TODAY), "fsl_en_cours")
    money.answer_help(help, 15000, TODAY)
    assert alert(steps.of_dossier(dossier, TODAY), "fsl_en_cours") is None


def test_an_answer_on_the_timeline_opens_what_it_opens(dossier):
    steps.mark_done(dossier, "echeancier", TODAY - timedelta(days=5))
    assert step(steps.of_dossier(dossier, TODAY), "reclamation").state == WAITING
    dossiers.log(dossier, "reponse", "Refus", TODAY + timedelta(days=3), "refus")
    schema.DossierEvent.update(at=datetime(2026, 11, 23, 10).astimezone()).where(
        schema.DossierEvent.kind == "reponse"
    ).execute()
    assert step(steps.of_dossier(dossier, TODAY), "reclamation").state == POSSIBLE


def test_the_place_may_write_its_own_version_of_a_path(dossier):
    shipped = paths.paths()["energie_impaye"]
    own = replace(shipped, label="Énergie, chez nous", steps=shipped.steps[1:])
    paths.save(own)
    assert paths.paths()["energie_impaye"] == own
    assert steps.of_dossier(dossier, TODAY).next.code == "echeancier"
    paths.save(replace(own, archived=True))
    assert "energie_impaye" not in paths.paths()
    assert steps.of_dossier(dossier, TODAY).path.label == "Énergie, chez nous", "a dossier keeps the path it follows"


def test_another_path_may_be_chosen_and_an_old_dossier_finds_its_own(dossier):
    steps.choose(dossier, "energie_contestation")
    assert steps.of_dossier(dossier, TODAY).next.code == "reclamation"
    schema.Dossier.update(path="").execute()
    assert steps.of_dossier(dossier, TODAY).path.code == "energie_impaye"


def test_a_kind_without_a_path_stands_nowhere(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "edf", "Conseil conso", "", "conseil"), TODAY)
    found = steps.of_dossier(id, TODAY)
    assert (found.path, found.steps, found.next) == (None, (), None)


def test_the_home_screen_knows_every_date_about_to_be_lost(dossier):
    (near,) = steps.near(TODAY)
    assert (near.dossier, near.step, near.last) == (
        dossier,
        "Demander un paiement en plusieurs fois",
        date(2026, 12, 4),
    )
    assert plain(near.text) == f"À faire avant le {plain(french.long_date(near.last))} : il reste 11 jours."
    assert len(steps.near(date(2026, 12, 18))) == 1 and steps.near(date(2026, 12, 19)) == (), "gone two weeks ago"
    dossiers.close(dossier, "resolu", TODAY)
    assert steps.near(TODAY) == ()


def test_the_first_reminder_comes_before_the_last_day_of_a_step(dossier):
    assert dossiers.sheet(dossier).next_on == date(2026, 12, 3), "the last day is 4 December"


def test_every_reminder_proposed_comes_before_the_last_day_of_a_step(dossier):
    found = dossiers.proposal(dossiers.sheet(dossier), TODAY + timedelta(days=4))
    assert (found.day, plain(found.reason), found.last) == (
        date(2026, 12, 3), "Avant le dernier jour du 4 décembre", date(2026, 12, 4),
    )  # fmt: skip
    kept = dossiers.proposal(dossiers.sheet(dossier), TODAY, date(2026, 12, 8))
    assert kept.day == date(2026, 12, 3), "a note does not keep a day that is too late"
    assert dossiers.proposal(dossiers.sheet(dossier), TODAY, date(2026, 12, 4)).day == date(2026, 12, 3), "nor the last"
    assert dossiers.proposal(dossiers.sheet(dossier), TODAY, date(2026, 11, 30)).word == "Garder"
    on_the_day = dossiers.proposal(dossiers.sheet(dossier), date(2026, 12, 4))
    assert (on_the_day.day, plain(on_the_day.reason)) == (date(2026, 12, 4), "Date à tenir : 4 décembre")
    gone = dossiers.proposal(dossiers.sheet(dossier), date(2026, 12, 7))
    assert (gone.day, plain(gone.word), gone.reason) == (date(2026, 12, 17), "10 jours", ""), (
        "a date gone by holds nothing back"
    )


def test_a_dossier_reopened_and_a_letter_filed_are_followed_before_the_last_day(dossier):
    dossiers.close(dossier, "resolu", TODAY)
    dossiers.reopen(dossier, date(2026, 11, 27))
    assert dossiers.sheet(dossier).next_on == date(2026, 12, 3)
    entry = letters.Entry("courrier-libre", 1, "0" * 64, "Courrier", "energie", "EDF", dossier=dossier)
    letters.archive(entry, "A1-2026-0001", b"%PDF-1", 1, date(2026, 11, 27))
    assert dossiers.sheet(dossier).next_on == date(2026, 12, 3)
    entry = replace(entry, template="energie-echeancier", title="Échéancier", step="echeancier")
    letters.archive(entry, "A1-2026-0002", b"%PDF-1", 1, date(2026, 11, 27))
    assert dossiers.sheet(dossier).next_on == date(2026, 12, 7), "the step is taken: nothing presses any more"


def test_an_answer_counts_for_the_clock_it_starts(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "cpam", "Décision contestée", "", "refus de soins"), TODAY)
    steps.mark_done(id, "recours", TODAY - timedelta(days=10))
    sheet, kept = dossiers.sheet(id), date(2027, 3, 1)
    assert dossiers.proposal(sheet, TODAY, kept).day == kept, "four months without an answer"
    assert dossiers.proposal(sheet, TODAY, kept, answered=True).day == date(2027, 1, 21), "two months from it"
