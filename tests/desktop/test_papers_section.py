"""Papiers: a long list gone through by the keyboard, and scanned papers kept as they are."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from db import attachments, checklists, dossiers, people, preferences, store, timeline
from desktop import french
from desktop.dossiers.papers_section import PapersSection

TODAY = date.today()
ENTER, ESCAPE, DOWN, SPACE, DELETE = (
    Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Down, Qt.Key.Key_Space, Qt.Key.Key_Delete,
)  # fmt: skip


@pytest.fixture
def file(opened):
    who = people.record(people.Draft("Nguyễn", "Aïcha", informed_on=TODAY), TODAY)
    return dossiers.open_dossier(dossiers.Draft(who, "prefecture", "Naturalisation, dossier", subject="dépôt"), TODAY)


@pytest.fixture
def tab(file, show_section):
    return show_section(PapersSection(), file)


@pytest.fixture
def begun(tab, file):
    checklists.start(file, "naturalisation")
    tab.show_dossier(file)
    tab.enter()
    return tab


def badge(tab, item: str) -> tuple[str, str]:
    return next((card.badge, card.tone) for card in tab.papers.cards() if card.id == item)


def scan(folder, name: str = "facture.pdf", size: int = 2000):
    path = folder / name
    with path.open("wb") as out:
        out.truncate(size)
    return path


def test_the_list_of_the_partner_comes_first_and_starts_in_two_keys(tab, keys, file):
    keys.press(ENTER)
    keys.press(ENTER)
    assert checklists.started(file) == ("naturalisation",)
    assert tab.papers.hasFocus() and tab.papers.current_id() == "formulaire"


def test_space_says_where_a_document_stands_and_goes_round(begun, keys, file):
    keys.press(SPACE)
    assert badge(begun, "formulaire") == ("fourni", "ok")
    keys.press(DOWN)
    begun.answers[checklists.NOT_NEEDED].click()
    assert badge(begun, "timbre") == ("sans objet", "plain")
    keys.press(SPACE)
    assert badge(begun, "timbre") == ("manque", "wait")
    assert begun.progress.text() == "Naturalisation par décret : 1 sur 21"
    assert begun.bar.accessibleDescription() == "1 sur 21"


def test_a_document_that_ages_asks_its_date_and_an_old_one_is_out_of_date(begun, keys, file):
    begun.papers.show_cards(begun.papers.cards(), select="domicile")
    keys.press(SPACE)
    assert begun.dating.isVisible()
    old = TODAY - timedelta(days=120)
    keys.type(french.short_date(old))
    keys.press(ENTER)
    words, tone = badge(begun, "domicile")
    assert words.startswith("périmé le ") and tone == "urgent"
    assert begun.progress.text().endswith("0 sur 21, 1\u00a0périmé")
    assert begun.papers.hasFocus(), "and the next one is one arrow away"
    mark = PapersSection.mark(dossiers.sheet(file), TODAY)
    assert mark.tone == "urgent" and mark.count == 21 and "1\u00a0papier périmé" in mark.words


def test_the_end_written_on_a_document_may_be_typed(begun, keys, file):
    begun.papers.show_cards(begun.papers.cards(), select="identite")
    keys.press(ENTER)
    keys.type(french.short_date(TODAY + timedelta(days=12)))
    keys.press(ENTER)
    words, tone = badge(begun, "identite")
    assert words.startswith("finit le ") and tone == "wait"


@pytest.mark.parametrize("field, text", [("issued", "31/02/2026"), ("issued", "01/01/2099"), ("until", "12/12/2099")])
def test_an_impossible_date_is_told_and_what_was_typed_stays(begun, keys, field, text):
    begun.papers.show_cards(begun.papers.cards(), select="domicile")
    keys.press(ENTER)
    begun.dating.form.fields[field].setText(text)
    keys.press(ENTER)
    assert begun.dating.form.error(field) and begun.dating.form.fields[field].text() == text
    assert badge(begun, "domicile") == ("manque", "wait")


def test_the_list_is_printed_and_the_day_to_come_back_is_a_reminder(begun, keys, file, qtbot):
    with qtbot.waitSignal(begun.wants_print) as asked:
        assert begun.press(2)
    assert asked.args == ["papiers", file]
    begun.press(4)
    begun.back.form.fields["back_on"].setText(french.short_date(TODAY + timedelta(days=15)))
    keys.press(ENTER)
    day = preferences.next_open_day(TODAY + timedelta(days=15))
    assert dossiers.sheet(file).next_on == day
    assert timeline.events(file)[0].summary == f"Revient le {french.short_date(day)} avec ses papiers"


def test_a_day_gone_by_is_no_day_to_come_back(begun, keys, file):
    planned = dossiers.sheet(file).next_on
    begun.press(4)
    begun.back.form.fields["back_on"].setText(french.short_date(TODAY))
    keys.press(ENTER)
    assert begun.back.form.error("back_on").startswith("Donnez un jour à venir.")
    assert dossiers.sheet(file).next_on == planned


def test_two_lists_are_told_apart(begun, file):
    checklists.start(file, "c2s")
    begun.show_dossier(file)
    (first, second) = begun._chips.values()
    assert first.isChecked() and second.isVisible()
    second.click()
    assert begun.progress.text().startswith("Complémentaire santé solidaire")
    begun.press(5)
    assert checklists.started(file) == ("naturalisation",)


def test_a_scan_is_kept_as_it_is_and_a_copy_is_the_same(tab, keys, file, tmp_path, qtbot):
    path = tmp_path / "facture_novembre.pdf"
    path.write_bytes(b"%PDF-1.7 nothing reads this")
    tab.take_file(str(path))
    assert tab.adding.isVisible() and tab.adding.form.fields["title"].text() == "facture novembre"
    keys.press(ENTER)
    (line,) = attachments.of_dossier(file)
    assert (line.title, line.kind, line.kept) == ("facture novembre", "pdf", True)
    (card,) = tab.scans.cards()
    assert card.badge == "avec le dossier"
    tab._scan = line.id
    with qtbot.waitSignal(tab.said) as said:
        tab.write_copy(str(tmp_path / "copie.pdf"))
    assert (tmp_path / "copie.pdf").read_bytes() == path.read_bytes()
    assert "n’est plus dans le coffre" in said.args[0]


def test_forty_megabytes_are_refused_before_anything_is_read(tab, file, tmp_path):
    tab.take_file(str(scan(tmp_path, size=40_000_000)))
    assert tab.refusal.text().startswith("Ce fichier fait 40\u00a0Mo, 10\u00a0Mo au plus.")
    assert tab.refusal.isVisible() and not tab.adding.isVisible()
    assert attachments.of_dossier(file) == ()
    tab.take_file(str(scan(tmp_path, "autre.pdf")))
    assert tab.refusal.text() == "" and tab.adding.isVisible()


@pytest.mark.parametrize(
    "name, sentence", [("virus.exe", "Seuls les fichiers PDF"), ("vide.pdf", "Ce fichier est vide")]
)
def test_what_is_no_scan_is_refused(tab, tmp_path, name, sentence):
    tab.take_file(str(scan(tmp_path, name, 0 if "vide" in name else 10)))
    assert tab.refusal.text().startswith(sentence)


def test_a_key_pulled_out_before_the_end_loses_nothing_typed(tab, keys, file, tmp_path):
    path = scan(tmp_path)
    tab.take_file(str(path))
    tab.adding.form.fields["title"].setText("Facture du 3 novembre")
    path.unlink()
    keys.press(ENTER)
    assert tab.refusal.isVisible() and tab.adding.form.fields["title"].text() == "Facture du 3 novembre"
    assert attachments.of_dossier(file) == ()


def test_how_long_a_scan_is_kept_and_its_removal(tab, keys, file, tmp_path):
    attachments.add(file, "Avis", "avis.png", b"png", TODAY)
    tab.show_dossier(file)
    tab.scans.setFocus()
    keys.press(SPACE)
    until = TODAY + timedelta(days=90)
    keys.type("31/02/2027")
    keys.press(ENTER)
    assert tab.keeping.form.error("keep_until").startswith("Cette date n’existe pas.")
    tab.keeping.form.fields["keep_until"].setText(french.short_date(until))
    keys.press(ENTER)
    assert attachments.of_dossier(file)[0].keep_until == until
    tab.scans.setFocus()
    keys.press(DELETE)
    assert attachments.of_dossier(file) == ()
    store.undo()
    assert attachments.of_dossier(file)[0].title == "Avis"


def test_the_dialog_of_the_system_opens_without_stopping_the_desk(tab, keys):
    tab.press(3)
    dialog = tab.findChild(QFileDialog)
    assert dialog.isVisible()
    dialog.reject()
    assert tab._dialog is None


def test_a_closed_dossier_says_why_no_day_is_noted(begun, file, qtbot):
    dossiers.close(file, "resolu", TODAY)
    begun.show_dossier(file)
    with qtbot.waitSignal(begun.said) as said:
        begun.press(4)
    assert said.args == ["Rouvrez d’abord le dossier."]
    assert PapersSection.mark(dossiers.sheet(file), TODAY) is None


def test_the_veil_leaves_nothing(begun, file, tmp_path):
    attachments.add(file, "Avis d’impôt", "avis.png", b"png", TODAY)
    begun.show_dossier(file)
    begun.clear()
    assert begun.scans.cards() == () and begun.papers.cards() == () and begun.detail.text() == ""
