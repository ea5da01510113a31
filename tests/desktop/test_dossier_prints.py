"""What the person takes home from a dossier: her papers and her meters, from the file to the paper."""

from datetime import date, timedelta

import pypdfium2
import pytest

from db import checklists, dossiers, people, preferences, readings, reminders
from desktop import french
from desktop.dossiers import papers_page, readings_page

TODAY = date.today()


@pytest.fixture
def person(opened):
    return people.record(people.Draft("Œuvrard-Nguyễn", "Aïcha", informed_on=TODAY), TODAY)


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded().split()) for page in document)
    return text.replace("\u00a0", " ")


def test_the_list_prints_what_is_missing_and_out_of_date_with_the_day_to_come_back(person):
    id = dossiers.open_dossier(dossiers.Draft(person, "prefecture", "Naturalisation, dossier", subject="dépôt"), TODAY)
    checklists.start(id, "naturalisation")
    old = TODAY - timedelta(days=30)
    for item in ("domicile", "paie"):
        checklists.set_item(id, "naturalisation", item, "fourni", old)
    checklists.set_item(id, "naturalisation", "timbre", "fourni")
    checklists.set_item(id, "naturalisation", "mariage", "sans_objet")
    back = preferences.next_open_day(TODAY + timedelta(days=15))
    reminders.plan(id, preferences.next_open_day(TODAY + timedelta(days=3)))
    assert "Revenez le" not in words(papers_page.printed(id)[1]), "the reminder is about the partner"
    dossiers.log(id, "note", papers_page.RETURNS.format(french.short_date(back)), back)
    title, pdf = papers_page.printed(id)
    said = words(pdf)
    assert title == "Liste des papiers"
    assert "17 papiers manquent et 2 ne sont plus valables." in said
    assert (
        f"Justificatif de domicile : n’est plus valable depuis le {french.long_date(old)}".replace("\u00a0", " ")
        in said
    )
    assert f"Revenez le {french.weekday_date(back)}.".replace("\u00a0", " ") in said
    assert "Acte de mariage" not in said and "Déjà donnés" in said and "Liste à vérifier" in said
    assert "Aïcha" in said and "s’il y a des enfants mineurs" in said and "si la personne travaille" in said


def test_the_page_of_the_meters_prints_the_alarm_and_what_to_do_at_home(person):
    id = dossiers.open_dossier(
        dossiers.Draft(person, "eau_grand_lyon", "Surconsommation, fuite", subject="fuite"), TODAY
    )
    for days, value in ((240, 100), (180, 130), (120, 160), (60, 190), (2, 290)):
        readings.add(id, readings.Draft("eau", TODAY - timedelta(days=days), value))
    title, pdf = readings_page.printed(id)
    said = words(pdf)
    assert title == "Page des consommations"
    assert "plus du double de la moyenne" in said and "attestation du plombier" in said
    assert "m³ par an" in said and "Pour consommer moins" in said and "Le soir, notez l’index" in said
