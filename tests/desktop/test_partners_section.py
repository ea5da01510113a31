"""Réglages, Partenaires: everything the place knows of a partner, changed by the responsable, never deleted."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow

from db import dossiers, drafts, lists, partners, people, schema, store, timeline
from db.ids import now
from desktop import french
from desktop.jobs import Jobs
from desktop.settings.tab import SettingsTab

TODAY = date.today()
ENTER, CONTROL = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def tab(opened, qtbot):
    jobs = Jobs()
    window, made = QMainWindow(), SettingsTab(jobs)
    window.setCentralWidget(made)
    window.resize(1253, 575)
    qtbot.addWidget(window)
    made.acted.connect(made.refresh)
    window.show()
    window.activateWindow()
    made.show_section(made.partners)
    made.refresh()
    QApplication.processEvents()
    yield made
    jobs.close()


@pytest.fixture
def section(tab):
    return tab.partners


def choose(section, code: str) -> None:
    section.list.show_cards(section.list.cards(), select=code)


def write(section, **values: str) -> None:
    for form in (section.editor.form, section.editor.reference, section.editor.agreement):
        form.fill({name: value for name, value in values.items() if name in form.fields})
    section.editor.form.changed.emit()


def error(section, name: str) -> str:
    parts = (section.editor.form, section.editor.reference, section.editor.agreement)
    return next(form.error(name) for form in parts if name in form.fields)


def test_a_partner_is_changed_and_saved_by_the_keyboard(section, keys, qtbot):
    choose(section, "edf")
    section.list.setFocus()
    keys.press(ENTER)
    section.editor.form.fields["name"].selectAll()
    keys.type("EDF Solidarite")
    with qtbot.waitSignal(section.acted):
        keys.press(ENTER)
    assert partners.partner("edf").name == "EDF Solidarite"
    assert section.list.cards()[0].title == "EDF Solidarite"
    store.undo()
    lists.reload()
    assert partners.partner("edf").name == "EDF"


def test_everything_a_partner_has_may_be_said(section):
    choose(section, "edf")
    write(section, sector="eau", families="2, 1", answer_days="7", kinds="Fuite\nAide", label="Numéro d’abonné",
          shape="99AA", example="12 AB", status="établi", source="courrier de mars", agreement_from="01/01/2026",
          agreement_until="31/12/2026", funding="12 000,50")  # fmt: skip
    line = section.editor.contacts.lines[0]
    line.form.fill({"role": "Accueil", "phone": "04 00 00 00 00", "hours": "9 h à 12 h", "note": "le mardi"})
    section.record()
    kept = partners.partner("edf")
    assert (kept.sector, kept.families, kept.answer_days, kept.kinds) == ("eau", (2, 1), 7, ("Fuite", "Aide"))
    assert kept.contacts[0] == partners.Contact("Accueil", "0400000000", "9 h à 12 h", "le mardi")
    assert kept.reference == partners.Reference("Numéro d’abonné", "12 AB", "99AA", "établi", "courrier de mars")
    assert (kept.agreement_from, kept.agreement_until, kept.funding) == (date(2026, 1, 1), date(2026, 12, 31), 1200050)
    section.refresh()
    assert section.editor.agreement.fields["funding"].text() == "12\u00a0000,50"


@pytest.mark.parametrize(
    "name, text, sentence",
    [
        ("name", "", "Écrivez le nom"), ("name", "ENGIE", "déjà dans la liste"), ("families", "0, 12", "de 1 à 9"),
        ("families", "une", "de 1 à 9"), ("answer_days", "dix", "nombre de jours"), ("answer_days", "400", "de 1 à 365"),
        ("agreement_until", "31/02/2026", "n’existe pas"), ("funding", "beaucoup", "en euros"),
        ("kinds", "\n".join(map(str, range(10))), "9 types"),
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_its_field_and_stays(section, name, text, sentence):
    choose(section, "edf")
    before = partners.partner("edf")
    write(section, **{name: text})
    section.record()
    assert sentence in error(section, name)
    assert partners.partner("edf") == before
    assert section.editor.values()[name] == text


def test_a_wrong_number_is_told_beside_its_contact_and_takes_the_keyboard(section):
    choose(section, "edf")
    second = section.editor.contacts.lines[1]
    second.form.fields["phone"].setText("0412")
    section.record()
    assert "Il manque" in second.form.error("phone") or "il manque" in second.form.error("phone")
    assert second.form.fields["phone"].hasFocus()
    assert section.editor.contacts.lines[0].form.error("phone") == ""


def test_contacts_are_added_and_taken_off(section, keys):
    choose(section, "edf")
    count = len(section.editor.contacts.lines)
    section.editor.contacts.more.click()
    keys.type("Mediateur interne")
    section.record()
    assert [contact.role for contact in partners.partner("edf").contacts][-1] == "Mediateur interne"
    section.editor.contacts.lines[0].remove.click()
    section.record()
    assert len(partners.partner("edf").contacts) == count


@pytest.mark.parametrize(
    "status, tried, words",
    [
        ("établi", "12", "elle serait refusée"), ("à vérifier", "12", "elle serait gardée"),
        ("établi", "6 044 871 209", "a la bonne forme"), ("établi", "2 55 08 14 168 025 38", "sécurité sociale"),
    ],
)  # fmt: skip
def test_a_reference_is_tried_as_one_types_its_shape(section, status, tried, words):
    choose(section, "edf")
    write(section, shape="9999999999", example="6 000 000 000", status=status)
    section.editor.trial.setText(tried)
    assert words in section.editor.verdict.text()
    assert partners.partner("edf").reference.status == "à vérifier", "nothing is kept of the trial"


def test_the_delay_measured_on_dossiers_is_told(section):
    who = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    choose(section, "edf")
    assert section.editor.measured.text().startswith("Le délai constaté s’affichera")
    for _ in range(3):
        id = dossiers.open_dossier(dossiers.Draft(who, "edf", "Chèque énergie", subject="chèque"), TODAY)
        schema.DossierEvent.update(at=now() - timedelta(days=6)).where(schema.DossierEvent.dossier == id).execute()
        timeline.tell(id, "reponse", "Accord")
    section.refresh()
    assert section.editor.measured.text().startswith("Délai constaté : 6\u00a0jours, sur 3\u00a0réponses.")


def test_an_agreement_that_ends_is_told_in_the_list_and_above(section):
    choose(section, "edf")
    end = TODAY + timedelta(days=20)
    write(
        section, agreement_from=french.short_date(TODAY - timedelta(days=300)), agreement_until=french.short_date(end)
    )
    section.record()
    assert section.list.cards()[0].badge == "convention"
    assert section.editor.warning.text().startswith("La convention avec EDF finit le")


def test_a_new_partner_takes_the_kinds_of_its_sector(section):
    section.new()
    write(section, name="Eau de l’Exemple", sector="eau")
    section.record()
    known = next(partner for partner in partners.partners() if partner.name == "Eau de l’Exemple")
    assert known.kinds == lists.sectors()["eau"] and section.list.current_id() == known.code
    assert known.code in [card.id for card in section.list.cards()]


def test_what_is_typed_waits_when_one_looks_elsewhere(section):
    choose(section, "edf")
    section.editor.form.fields["name"].setText("EDF d’ici")
    choose(section, "engie")
    assert section.editor.form.fields["name"].text() == "ENGIE"
    section.refresh()
    assert section.list.cards()[0].badge == "non enregistré"
    choose(section, "edf")
    assert section.editor.form.fields["name"].text() == "EDF d’ici"
    section.undo_button.click()
    assert section.editor.form.fields["name"].text() == "EDF" and not section.undo_button.isVisible()


def test_what_is_typed_is_still_there_after_a_crash(tab, section, qtbot):
    choose(section, "edf")
    section.editor.form.fields["name"].setText("EDF d’ici")
    section.editor.contacts.lines[0].form.fields["role"].setText("Accueil")
    section.new()
    section.editor.form.fields["name"].setText("Régie de l’Exemple")
    again = type(section)()  # nothing but the file remains
    qtbot.addWidget(again)
    again.refresh()
    choose(again, "edf")
    assert again.editor.form.fields["name"].text() == "EDF d’ici"
    assert again.editor.contacts.lines[0].form.fields["role"].text() == "Accueil"
    assert partners.partner("edf").name == "EDF", "not saved for all that"
    again.record()
    assert list(drafts.kept_under("partner:")) == [""], "saved: only the new one is still being typed"
    again.new()
    assert again.editor.form.fields["name"].text() == "Régie de l’Exemple"
    store.sign_in("m2", "A1")
    again.refresh()
    assert again.editor.form.fields["name"].text() == "", "who may not save is shown what is kept"


def test_a_partner_is_archived_and_put_back_never_deleted(section):
    choose(section, "sncf")
    section.archive_button.click()
    assert "sncf" not in [partner.code for partner in partners.partners()]
    assert partners.partner("sncf").archived and section.archive_button.text() == "Remettre"
    section.archive_button.click()
    assert "sncf" in [partner.code for partner in partners.partners()]


def test_the_others_are_told_why_they_read_only(tab, section):
    store.sign_in("m2", "A1")
    tab.refresh()
    assert section.locked.text() == "Demandez au responsable : lui seul change les partenaires."
    choose(section, "edf")
    assert section.editor.form.fields["name"].isReadOnly() and not section.save_button.isEnabled()
    section.editor.trial.setText("12")
    assert section.editor.verdict.text(), "trying a reference changes nothing"
    section.editor.form.fields["name"].setText("Autre")
    section.record()
    assert partners.partner("edf").name == "EDF"


def test_lists_no_longer_change_partners(tab):
    tab.show_section(tab.lists)
    codes = {card.id for card in tab.lists.list.cards()}
    assert codes and not codes & {partner.code for partner in partners.partners()}
