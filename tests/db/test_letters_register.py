"""The register of letters and its drafts: numbers, what a sensitive letter leaves, one query a page."""

import hashlib
from datetime import date, timedelta

import pytest

from db import dossiers, drafts, journal, letters, people, preferences, store, timeline
from db.schema import Letter, database

DAY = date(2026, 11, 23)


def file(number: str, **more) -> str:
    given = {"template": "essai", "template_version": 3, "template_sha256": "0" * 64, "title": "Essai", "theme": "eau"}
    entry = letters.Entry(**given | more)
    return letters.archive(entry, number, b"%PDF essai", 1, DAY)


@pytest.fixture
def samira(opened):
    return people.record(people.Draft("Bénali", "Samira", informed_on=DAY), DAY)


@pytest.fixture
def queries(opened):
    """The statements sent to the file."""
    seen: list[str] = []
    connection = database.connection()
    connection.exec_trace = lambda cursor, sql, bindings: seen.append(sql) or True
    yield seen
    connection.exec_trace = None


def test_a_line_tells_all_the_register_knows(samira):
    file("A1-2026-0001", addressee="Eau publique", person=samira)
    (line,) = letters.register()
    assert (line.number, line.day, line.title, line.template, line.version, line.theme) == (
        "A1-2026-0001", DAY, "Essai", "essai", 3, "eau",
    )  # fmt: skip
    assert (line.addressee, line.person_name, line.kept, line.printed) == ("Eau publique", "Bénali Samira", True, False)
    assert line.sha256 == hashlib.sha256(b"%PDF essai").hexdigest()
    assert line.keep_until == DAY + timedelta(days=letters.KEPT_DAYS)


def test_a_page_of_the_register_is_one_query_filtered_or_not(samira, queries):
    for number in range(1, 6):
        file(f"A1-2026-{number:04}", person=samira)
    for text in ("", "benali", "0003 essai"):
        queries.clear()
        letters.register(text=text)
        assert len(queries) == 1, text


def test_the_register_finds_without_accents_or_capitals_and_wants_every_word(samira):
    file("A1-2026-0001", title="Facture d’énergie", person=samira)
    file("A1-2026-0002", title="Congé du logement", addressee="Régie de l’Exemple")
    found = {
        text: [line.number[-1] for line in letters.register(text=text)]
        for text in ("energie", "BENALI facture", "regie", "conge energie", "0002", "%", "_")
    }
    assert found == {"energie": ["1"], "BENALI facture": ["1"], "regie": ["2"], "conge energie": [], "0002": ["2"],
                     "%": ["2", "1"], "_": ["2", "1"]}  # fmt: skip


def test_the_pages_follow_one_another_even_filtered(opened):
    for number in range(1, 8):
        file(f"A1-2026-{number:04}", title="pair" if number % 2 == 0 else "impair")
    first = letters.register(limit=2, text="impair")
    second = letters.register(after=first[-1].id, limit=2, text="impair")
    assert [line.number[-1] for line in (*first, *second)] == ["7", "5", "3", "1"]


def test_an_anonymous_letter_names_nobody(opened):
    file("A1-2026-0001")
    assert letters.register()[0].person_name == ""


def test_a_number_is_never_given_twice_even_after_undo(opened):
    first = letters.next_number(DAY)
    file(first)
    store.undo()
    assert letters.register() == ()
    assert (first, letters.next_number(DAY)) == ("A1-2026-0001", "A1-2026-0002")
    assert letters.next_number(date(2027, 1, 4)) == "A1-2027-0001", "each year counts from one"


def test_a_sensitive_letter_keeps_neither_bytes_nor_names(samira):
    id = dossiers.open_dossier(dossiers.Draft(samira, "cpam", "Autre", "", "remboursement"), DAY)
    file("A1-2026-0001", title="Dossier médical", addressee="Hôpital", person=samira, dossier=id, sensitive=True)
    (line,) = letters.register()
    assert (line.addressee, line.person_name, line.kept, line.keep_until) == ("", "", False, None)
    row = Letter.get()
    assert (row.person_id, row.dossier_id, row.visit_id, row.pdf) == (None, None, None, None)
    summary = next(event.summary for event in timeline.events(id) if event.kind == "courrier")
    assert summary == "Courrier n° A1-2026-0001"


def test_no_page_is_kept_when_the_place_keeps_none(opened):
    preferences.put("letters_kept_days", 0)
    id = file("A1-2026-0001")
    assert (letters.bytes_of(id), letters.register()[0].kept, letters.kept_for()) == (None, False, 0)


def test_the_paper_that_came_out_is_in_the_register_and_the_journal(opened):
    id = file("A1-2026-0001")
    letters.printed(id)
    assert letters.register()[0].printed
    assert journal.verify() is None
    store.undo()
    assert not letters.register()[0].printed


def test_uses_count_a_year_of_letters_by_template(opened):
    for _ in range(3):
        file("A1-1", template="eau")
    file("A1-2", template="caf")
    file("A1-3", template="caf")
    store.undo()
    old = letters.Entry("vieux", 1, "", "t", "eau")
    letters.archive(old, "A1-0", b"%PDF", 1, DAY - timedelta(days=400))
    assert letters.uses(DAY) == {"eau": 3, "caf": 1}


def test_stars_are_each_mediators_own(opened):
    assert letters.star("eau") is True
    assert letters.star("caf") is True
    assert letters.star("eau") is False
    store.sign_in("m2", "A1")
    assert letters.stars() == frozenset()
    store.sign_in("m1", "A1")
    assert letters.stars() == {"caf"}


def test_a_draft_comes_back_whole(opened):
    draft = letters.Draft(
        "eau", {"name": "Théo Modèle", "coupure": True}, (0, 2), "Un mot.", True, None, None, None, "r"
    )
    letters.keep_draft(draft)
    assert letters.kept_draft() == draft


def test_a_draft_of_another_version_comes_back_with_what_is_known(opened):
    drafts.keep("letter", {"template": "eau", "values": {"name": "Théo"}, "inconnu": 1})
    assert letters.kept_draft() == letters.Draft("eau", {"name": "Théo"})


def test_letters_put_aside_are_taken_back_the_last_first_each_once(opened):
    for name in ("Théo", "Aïcha"):
        letters.put_aside(letters.Draft("eau", {"name": name}))
    assert letters.take_aside().values == {"name": "Aïcha"}
    letters.put_aside(letters.Draft("eau", {"name": "Noé"}), behind=True)
    assert [letters.take_aside().values["name"] for _ in range(2)] == ["Théo", "Noé"]
    assert letters.take_aside() is None


def test_a_forgotten_draft_leaves_no_word_in_the_file_nor_in_its_log(opened):
    for length in range(1, 400, 7):
        letters.keep_draft(letters.Draft("eau", {"faits": "Ornithorynque " * length}))
    word = b"Ornithorynque"
    assert word in database.connection().serialize("main")
    letters.forget_draft()
    assert word not in database.connection().serialize("main")
    log = opened / "guichet.db-wal"
    assert not log.exists() or log.stat().st_size == 0
