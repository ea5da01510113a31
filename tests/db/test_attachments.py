"""Scanned papers: kept as they came, never read, gone for good when their time is over."""

import hashlib
from datetime import date, timedelta

import apsw
import pytest

from db import attachments, dossiers, people, retention, schema, store, team, timeline

TODAY = date.today()
MARKER = b"PAPIER-DE-THEO-MODELE"
SCAN = b"%PDF-" + MARKER * 20_000
ROOM = 10**12


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(dossiers.Draft(who, "edf", "Impayé, échéancier", "", "coupure"), TODAY)


def kept(dossier: str, title: str = "Facture", **more) -> str:
    return attachments.add(dossier, title, "facture.pdf", SCAN, TODAY, **more)


def in_pages(path=None) -> bool:
    """Whether the marker is anywhere in the decrypted pages of the open file, or of a backup: free ones too."""
    if path is None:
        return MARKER in schema.database.connection().serialize("main")
    connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    connection.execute("PRAGMA cipher = 'chacha20'").fetchall()
    connection.execute(f'PRAGMA key = "raw:{schema.database.key.hex()}"').fetchall()
    try:
        return MARKER in connection.serialize("main")
    finally:
        connection.close()


def test_a_paper_comes_back_as_it_was_and_is_told_in_the_dossier(dossier):
    id = kept(dossier, "Facture du 3 novembre")
    (line,) = attachments.of_dossier(dossier)
    assert (line.id, line.title, line.kind, line.size) == (id, "Facture du 3 novembre", "pdf", len(SCAN))
    assert line.sha256 == hashlib.sha256(SCAN).hexdigest() and line.kept and line.added_on == TODAY
    assert line.file_name == "facture-du-3-novembre.pdf"
    assert attachments.content(id) == SCAN
    assert timeline.events(dossier)[0].summary == "Pièce rangée : Facture du 3 novembre"


def test_what_it_is_comes_from_its_name_and_is_never_parsed(dossier):
    id = attachments.add(dossier, "Photo", "IMG_0001.JPEG", b"ceci n'est pas une image", TODAY)
    assert attachments.of_dossier(dossier)[0].kind == "jpg"
    assert attachments.content(id) == b"ceci n'est pas une image"
    assert [attachments.kind_of(name) for name in ("a.PDF", "a.png", "a.pdf.exe", "pdf", "")] == [
        "pdf",
        "png",
        "",
        "",
        "",
    ]
    assert attachments.title_of("/tmp/avis_d_impot 2026.pdf") == "avis d impot 2026"


@pytest.mark.parametrize(
    ("title", "name", "size", "field"),
    [
        ("", "a.pdf", 1, "title"),
        ("x" * 81, "a.pdf", 1, "title"),
        ("Facture", "a.docx", 1, "file"),
        ("Facture", "a.pdf", 0, "file"),
        ("Facture", "a.pdf", 40_000_000, "file"),
    ],
)
def test_what_cannot_be_kept_gets_a_sentence_before_it_is_read(dossier, title, name, size, field):
    found = attachments.problems(title, name, size, TODAY, free=ROOM)
    assert list(found) == [field] and found[field].endswith(".")


def test_a_scan_of_forty_megabytes_is_refused_and_nothing_is_written(dossier):
    with pytest.raises(attachments.Refused, match=r"40\u00a0Mo, 10\u00a0Mo au plus"):
        attachments.add(dossier, "Facture", "scan.pdf", bytes(40_000_000), TODAY)
    assert schema.Attachment.select().count() == 0
    assert attachments.problems("Facture", "scan.pdf", attachments.SIZE_MAX, TODAY, free=ROOM) == {}
    over = attachments.problems("Facture", "scan.pdf", attachments.SIZE_MAX + 1, TODAY, free=ROOM)["file"]
    assert "fait 10,1\u00a0Mo, 10\u00a0Mo au plus" in over


def test_a_disk_almost_full_takes_no_paper(dossier):
    assert "presque plein" in attachments.problems("F", "a.pdf", 1000, TODAY, free=attachments.FREE_MIN)["file"]


def test_all_papers_together_have_a_limit(dossier):
    id = kept(dossier)
    store.update(schema.Attachment, id, size=attachments.TOTAL_MAX)
    with pytest.raises(attachments.Refused, match="font déjà"):
        kept(dossier)
    attachments.remove(id)
    attachments.purge(TODAY)
    kept(dossier)


def test_a_date_of_keeping_is_to_come_and_not_too_far(dossier):
    def problem(day: date) -> str:
        return attachments.problems("F", "a.pdf", 1, TODAY, day, free=ROOM).get("keep_until", "")

    assert problem(TODAY) and problem(TODAY + timedelta(days=10 * 366))
    assert not problem(TODAY + timedelta(days=1)) and not problem(attachments.WITH_DOSSIER)


def test_adding_is_undone_and_what_ctrl_z_remembers_is_not_the_paper(dossier):
    id = kept(dossier)
    assert len(store._session.done[-1].changes) < 5_000
    assert store.undo() == "Pièce rangée : Facture" and attachments.of_dossier(dossier) == ()
    assert attachments.content(id) is None
    store.redo()
    assert attachments.content(id) == SCAN


def test_a_paper_removed_comes_back_until_the_day_ends(dossier):
    id = kept(dossier)
    attachments.remove(id)
    assert attachments.of_dossier(dossier) == () and attachments.content(id) is None
    store.undo()
    assert attachments.content(id) == SCAN
    attachments.remove(id)
    retention.end_day(TODAY)
    assert schema.Attachment.get_by_id(id).content is None


def test_a_paper_stays_with_its_dossier_then_thirty_days(dossier):
    id = kept(dossier)
    assert attachments.of_dossier(dossier)[0].keep_until is None
    retention.end_day(TODAY + timedelta(days=3000))
    dossiers.close(dossier, "resolu", TODAY)
    assert attachments.of_dossier(dossier)[0].keep_until == TODAY + timedelta(days=30)
    retention.end_day(TODAY + timedelta(days=30))
    assert attachments.content(id) == SCAN
    retention.end_day(TODAY + timedelta(days=31))
    (line,) = attachments.of_dossier(dossier)
    assert attachments.content(id) is None and not line.kept and line.title == "Facture"


def test_a_dossier_opened_again_keeps_its_papers(dossier):
    id = kept(dossier)
    dossiers.close(dossier, "resolu", TODAY)
    dossiers.reopen(dossier, TODAY)
    retention.end_day(TODAY + timedelta(days=300))
    assert attachments.content(id) == SCAN


def test_a_date_given_wins_over_the_dossier_s(dossier):
    id = kept(dossier, keep_until=TODAY + timedelta(days=5))
    retention.end_day(TODAY + timedelta(days=5))
    assert attachments.content(id) == SCAN
    attachments.keep_until(id, TODAY + timedelta(days=9))
    retention.end_day(TODAY + timedelta(days=9))
    assert attachments.content(id) == SCAN
    retention.end_day(TODAY + timedelta(days=10))
    assert attachments.content(id) is None


def test_once_erased_it_is_in_no_page_of_the_file_nor_of_a_new_backup(dossier, opened):
    id = kept(dossier, keep_until=TODAY + timedelta(days=1))
    assert in_pages() and in_pages(store.back_up())
    for file in opened.rglob("*"):
        assert not file.is_file() or MARKER not in file.read_bytes(), "never in clear on the disk"
    retention.end_day(TODAY + timedelta(days=2))
    assert schema.Attachment.get_by_id(id).content is None
    assert not in_pages() and not in_pages(store.back_up())


def test_a_confidential_dossier_s_papers_are_not_for_others(dossier):
    id = kept(dossier)
    store.update(schema.Dossier, dossier, confidential=True, referent="m1")
    assert attachments.content(id) == SCAN
    store.sign_in("m2", "A1")
    assert not team.is_responsable()
    assert attachments.content(id) is None and attachments.of_dossier(dossier) == ()


@pytest.mark.parametrize(
    ("size", "words"),
    [(1, "1\u00a0ko"), (320_000, "320\u00a0ko"), (1_400_000, "1,4\u00a0Mo"), (40_000_000, "40\u00a0Mo")],
)
def test_sizes_are_said_as_people_say_them(size, words):
    assert attachments.megabytes(size) == words
