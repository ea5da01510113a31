"""Usagers: found from a few letters, written in one line, never twice, merged without loss."""

from datetime import date, datetime

import pytest

from db import dossiers, letters, people, store, visits
from db.people import Draft

TODAY = date(2026, 11, 23)
NOON = datetime(2026, 11, 23, 12).astimezone()


def known(last: str, first: str = "", **more) -> str:
    return people.record(Draft(last, first, informed_on=TODAY, **more), TODAY)


def names(text: str) -> list[str]:
    return [line.name for line in people.search(text)]


@pytest.mark.parametrize(
    "text", ["nguy", "NGUYÊN", "nguyễn", "Nguyễn Thi", "thi lan", "Thi-Lan Nguyên", "lan", "thi-l"]
)
def test_a_name_is_found_from_its_first_letters_whatever_the_accents_the_case_and_the_order(opened, text):
    known("Nguyễn", "Thi-Lan", birth_year=1985, postcode="69100")
    known("Benali", "Samira")
    assert names(text) == ["Nguyễn Thi-Lan"]


@pytest.mark.parametrize("text", ["marie", "anne", "œuvr", "oeuvr", "d alm", "D’Almeida", "dalmeida anne"])
def test_hyphens_ligatures_and_apostrophes_do_not_hide_a_name(opened, text):
    known("D’Almeida Œuvrard", "Anne-Marie")
    assert names(text) == ([] if text.startswith("dalm") else ["D’Almeida Œuvrard Anne-Marie"])


@pytest.mark.parametrize(
    "text", ["06 12 34 56 78", "0612345678", "06.12.34.56.78", "06 12.34-56 78", "+33 6 12 34 56 78", "0033612345678",
             "+33 (0)6 12 34 56 78", "0612"],
)  # fmt: skip
@pytest.mark.parametrize("kept", ["06 12 34 56 78", "+33612345678"])
def test_a_phone_is_found_however_it_is_typed_and_however_it_was_kept(opened, text, kept):
    known("Nguyễn", "Lan", phone=kept)
    assert names(text) == ["Nguyễn Lan"]


def test_nothing_is_found_from_nothing(opened):
    known("Benali", "Samira")
    assert names("") == names("  ") == names("-") == []


def test_a_changed_name_is_found_under_the_new_one_only(opened):
    id = known("Benali", "Samira")
    people.change(id, Draft("Kaya", "Samira", informed_on=TODAY))
    assert (names("bena"), names("kaya")) == ([], ["Kaya Samira"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Benali Samira", Draft("Benali", "Samira")),
        ("Benali Samira 06 12 34 56 78 1985", Draft("Benali", "Samira", birth_year=1985, phone="0612345678")),
        ("Benali Samira 1985 06 12 34 56 78", Draft("Benali", "Samira", birth_year=1985, phone="0612345678")),
        ("Benali Samira 1985", Draft("Benali", "Samira", birth_year=1985)),
        ("Mme benali samira 0612345678", Draft("Benali", "Samira", "Madame", phone="0612345678")),
        ("M. Kaya Ali +33 6 12 34 56 78", Draft("Kaya", "Ali", "Monsieur", phone="0612345678")),
        ("samira BENALI", Draft("Benali", "Samira")),
        ("DE SOUSA Maria", Draft("De Sousa", "Maria")),
        ("nguyễn thi-lan", Draft("Nguyễn", "Thi-Lan")),
        ("Benali", Draft("Benali")),
        ("d’almeida anne", Draft("D’Almeida", "Anne")),
    ],
)
def test_one_line_makes_a_file(text, expected):
    assert people.parse(text) == expected


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"phone": "06 12 34"}, "phone", "Il manque 4 chiffres. Exemple : 06 12 34 56 78."),
        ({"phone": "06 12 34 56 7"}, "phone", "Il manque 1 chiffre. Exemple : 06 12 34 56 78."),
        ({"phone": "06 12 34 56 78 9"}, "phone", "Il y a 1 chiffre de trop. Exemple : 06 12 34 56 78."),
        ({"phone": "zéro six"}, "phone", "Un numéro s’écrit avec des chiffres. Exemple : 06 12 34 56 78."),
        ({"phone": "6 12 34 56 78 9"}, "phone", "Le numéro commence par 0. Exemple : 06 12 34 56 78."),
        ({"last_name": " "}, "last_name", "Écrivez le nom. Exemple : Benali Samira."),
        ({"birth_year": 1850}, "birth_year", "Cette année est impossible. Exemple : 1986."),
        ({"birth_year": 2027}, "birth_year", "Cette année est impossible. Exemple : 1986."),
        ({"email": "samira"}, "email", "Cette adresse est incomplète. Exemple : samira@exemple.fr."),
        ({"postcode": "6910"}, "postcode", "Le code postal a 5 chiffres. Exemple : 69100."),
        ({"informed_on": None}, "informed_on", "Informez la personne de ses droits, puis cochez la case."),
    ],
)
def test_what_is_wrong_is_said_with_an_example(changes, field, sentence):
    draft = Draft(**{"last_name": "Benali", "informed_on": TODAY, **changes})
    assert people.problems(draft, TODAY) == {field: sentence}


@pytest.mark.parametrize("phone", ["", "06 12 34 56 78", "+33 6 12 34 56 78", "+213 551 23 45 67"])
def test_a_good_phone_or_none_is_kept(phone):
    assert people.problems(Draft("Benali", phone=phone, informed_on=TODAY), TODAY) == {}


@pytest.mark.parametrize(
    "draft",
    [
        Draft("Benali", "Samirah"), Draft("Samira", "Benali"), Draft("BENALI", "samira"), Draft("Bénali", "Samira"),
        Draft("Toute", "Autre", phone="+33612345678"), Draft("Benali", "Samira", birth_year=1985),
    ],
)  # fmt: skip
def test_a_probable_duplicate_is_shown(opened, draft):
    known("Benali", "Samira", birth_year=1985, phone="06 12 34 56 78")
    assert [line.name for line in people.duplicates(draft)] == ["Benali Samira"]


@pytest.mark.parametrize("draft", [Draft("Kaya", "Ali"), Draft("Benali", "Samira", birth_year=1990), Draft()])
def test_another_person_is_no_duplicate(opened, draft):
    known("Benali", "Samira", birth_year=1985)
    assert people.duplicates(draft) == ()


@pytest.fixture
def twins(opened):
    """The same person twice; the second file has a visit, a dossier and two letters."""
    kept, dropped = known("Benali", "Samira", phone="0612345678"), known("Benali", "Samirah", birth_year=1985)
    demand = visits.Demand(2, "EAU", "fuite", nature="information", outcome="resolu")
    visits.record(visits.Draft(person=dropped, started_at=NOON, demands=(demand,)), NOON)
    dossiers.open_dossier(dossiers.Draft(dropped, "edf", "Impayé, échéancier", "", "coupure"), TODAY)
    for n in range(2):
        entry = letters.Entry("t", 1, "0" * 64, "Courrier", "energie", person=dropped)
        letters.archive(entry, f"A1-2026-{n}", b"%PDF", 1, TODAY)
    return kept, dropped


def test_a_merge_says_what_moved_and_fills_what_lacked(twins):
    kept, dropped = twins
    assert people.merge(kept, dropped) == people.Moved(visits=1, dossiers=1, letters=2)
    merged = people.draft(kept)
    assert (merged.first_name, merged.birth_year, merged.phone) == ("Samira", 1985, "0612345678")
    assert [line.person for line in visits.page()] == [kept]
    assert [line.id for line in people.search("bena")] == [kept]
    assert people.duplicates(merged) == (people.line(kept),)


def test_undo_of_a_merge_gives_both_files_back_with_what_was_theirs(twins):
    kept, dropped = twins
    people.merge(kept, dropped)
    store.undo()
    assert {line.id for line in people.search("bena")} == {kept, dropped}
    assert people.draft(kept).birth_year is None
    assert [line.person for line in visits.page()] == [dropped]
    assert len(visits.of_person(dropped)) == 1


def test_a_merged_file_keeps_the_latest_contact_of_both(twins):
    kept, dropped = twins
    later = date(2026, 12, 24)
    store.update(people.Person, dropped, last_contact_on=later)
    people.merge(kept, dropped)
    assert people.Person.get_by_id(kept).last_contact_on == later


def test_undo_of_a_new_file_makes_it_unknown_and_redo_brings_it_back(opened):
    id = known("Benali", "Samira")
    store.undo()
    assert (people.is_known(id), names("bena")) == (False, [])
    store.redo()
    assert (people.is_known(id), names("bena")) == (True, ["Benali Samira"])


def test_search_keys_made_again_find_the_same_people(opened):
    known("Nguyễn", "Thi-Lan", phone="06 12 34 56 78")
    before = {text: people.search(text) for text in ("nguy", "lan", "0612")}
    people.rebuild_keys()
    assert {text: people.search(text) for text in before} == before


def test_visits_are_counted_up_to_a_day(opened):
    id = known("Benali")
    demand = visits.Demand(2, "EAU", "fuite", nature="information", outcome="resolu")
    visits.record(visits.Draft(person=id, started_at=NOON, demands=(demand,)), NOON)
    assert (people.visits_before(id, TODAY), people.visits_before(id, date(2026, 11, 22))) == (1, 0)


def test_a_code_has_the_town_most_files_give_it(opened):
    for first, town in (("Noé", "Villeurbanne"), ("Théo", "Villeurbanne"), ("Inès", "Villeurbane"), ("Awa", "")):
        known("Modèle", first, postcode="69100", town=town)
    assert people.town_of("69100") == "Villeurbanne"
    assert people.town_of("69003") == ""
