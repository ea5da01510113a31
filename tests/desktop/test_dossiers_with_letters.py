"""From a dossier to the printer and to the calls: the rooms meet in the window."""

import hashlib
from datetime import date, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog

from db import checklists, dossiers, letters, mandates, meetings, people, reminders, schema, steps, store, timeline
from db.ids import now
from desktop import french

K = Qt.Key


@pytest.fixture
def dossier(opened):
    with store.act(""):
        person = people.record(
            people.Draft(last_name="Nguyễn", first_name="Aïcha", informed_on=date.today()), date.today()
        )
    draft = dossiers.Draft(person, "prefecture", "Naturalisation", subject="Demande de naturalisation")
    return dossiers.open_dossier(draft, date.today())


def test_the_list_of_missing_papers_goes_to_the_printer(desk, dossier, tmp_path):
    checklists.start(dossier, "naturalisation")
    wanted = [line for line in checklists.items(dossier) if line.state == checklists.MISSING]
    desk.go(desk.dossiers)
    desk.dossiers.wants_print.emit("papiers", dossier)
    dialog, target = desk.letters.findChild(QPrintDialog), tmp_path / "papier.pdf"
    dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialog.printer().setOutputFileName(str(target))
    dialog.done(QDialog.DialogCode.Accepted)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert target.stat().st_size > 1000
    assert not desk.letters.question.isVisible(), "no register keeps this sheet: nothing to confirm"
    _, pdf = desk.dossiers.document("papiers", dossier)
    with pypdfium2.PdfDocument(pdf) as document:
        said = " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)
    assert "Nguyễn" in said and wanted
    assert all(line.item.label.split()[0] in said for line in wanted)


def test_the_letter_a_dossier_asks_for_is_the_one_that_opens(desk, dossier):
    desk.dossiers.wants_letter.emit(dossier, "naturalisation-relance", "")
    assert desk.letters.desk.fields.template.id == "naturalisation-relance"
    assert desk.letters.desk.fields.form.values()["name"] == "Aïcha Nguyễn"


def test_a_free_letter_of_a_dossier_goes_to_its_partner(desk, dossier):
    id = water(dossiers.sheet(dossier).person)
    desk.dossiers.wants_letter.emit(id, "courrier-libre", "")
    assert desk.letters.desk.fields.form.values()["addressee"].startswith("Eau publique du Grand Lyon")


def test_the_calls_open_beside_the_dossiers_and_lead_back(desk, hands, dossier):
    desk.go(desk.dossiers)
    desk.dossiers.to_calls.click()
    assert desk.dossiers.calls.isVisible() and not desk.dossiers.panes.isVisible()
    hands.press(K.Key_Escape)
    assert desk.dossiers.panes.isVisible()
    desk.dossiers.open_calls()
    desk.dossiers.show_dossier(dossier)
    assert desk.dossiers.panes.isVisible() and desk.dossiers.sheet.sheet.id == dossier


def test_a_step_says_in_its_letter_what_it_is_and_whom_it_goes_to(desk, dossier):
    person = dossiers.sheet(dossier).person
    draft = dossiers.Draft(person, "france_travail", "Radiation, sanction", "", "Radiation", notified_on=date.today())
    id = dossiers.open_dossier(draft, date.today())
    desk.dossiers.wants_letter.emit(id, "france-travail-sanction", "mediateur")
    form = desk.letters.desk.fields.form
    assert (form.values()["etape"], form.values()["organism"]) == ("demande de médiation", "mediateur-france-travail")
    form.fields["mesure"].setCurrentIndex(1)
    assert desk.letters.desk.leaving.make(complete=False)
    done = [step.code for step in steps.of_dossier(id, date.today()).steps if step.done_on]
    assert done == ["mediateur"]


def test_what_a_step_says_is_not_covered_by_the_subject_of_the_dossier(desk, dossier):
    person = dossiers.sheet(dossier).person
    draft = dossiers.Draft(person, "bailleur_prive", "Régularisation de charges", "", "Charges 2025")
    id = dossiers.open_dossier(draft, date.today())
    desk.dossiers.wants_letter.emit(id, "logement-conciliation", "conciliation")
    assert desk.letters.desk.fields.form.values()["sujet"] == "les charges"


def test_a_letter_to_a_mediator_never_goes_to_the_company(desk, dossier):
    id = dossiers.open_dossier(
        dossiers.Draft(dossiers.sheet(dossier).person, "edf", "Contestation de facture", "", "Facture"), date.today()
    )
    desk.dossiers.wants_letter.emit(id, "energie-mediateur", "mediateur")
    assert desk.letters.desk.fields.form.values()["addressee"].startswith("Médiateur national de l’énergie")


def test_a_letter_waits_for_its_answer_and_a_sheet_for_the_person_does_not(desk, dossier):
    id = water(dossiers.sheet(dossier).person)
    before = dossiers.sheet(id).next_on
    desk.dossiers.wants_letter.emit(id, "fiche-a-emporter", "")
    assert desk.letters.desk.leaving.make(complete=False)
    assert (dossiers.sheet(id).state, dossiers.sheet(id).next_on) == ("ouvert", before)
    desk.dossiers.wants_letter.emit(id, "eau-contestation", "")
    assert desk.letters.desk.leaving.make(complete=False) is None, "a choice is still open"
    desk.letters.desk.fields.form.fields["motif"].setCurrentIndex(1)
    assert desk.letters.desk.leaving.make(complete=False)
    assert dossiers.sheet(id).state == "attente_partenaire"


def test_a_letter_by_mandate_is_filed_only_while_a_mandate_is_valid(desk, dossier):
    id = water(dossiers.sheet(dossier).person)
    desk.dossiers.wants_letter.emit(id, "saisine-partenaire", "")
    desk.letters.desk.fields.form.fields["autorisation"].choose("un mandat signé")
    assert desk.letters.desk.leaving.make(complete=False) is None
    assert desk.toast.sentence.text().startswith("Aucun mandat") and letters.register() == ()
    mandates.sign(mandates.Draft(dossiers.sheet(id).person, "eau_grand_lyon", "Facture", id, date.today()))
    assert desk.letters.desk.leaving.make(complete=False)


def test_the_agreement_dates_the_meeting_that_was_held_not_the_next_one(desk, dossier):
    person = dossiers.sheet(dossier).person
    draft = dossiers.Draft(person, "conflit", "Voisinage, bruit", subject="la vie le soir", other_party="Théo Modèle")
    id = dossiers.open_dossier(draft, date.today())
    held, _next = (
        meetings.plan(id, meetings.Draft(date.today() + timedelta(days=days), (10, 0), "Salle"), date.today())
        for days in (7, 14)
    )
    schema.Meeting.update(at=now() - timedelta(days=1), outcome="accord").where(schema.Meeting.id == held).execute()
    desk.dossiers.wants_letter.emit(id, "mediation-accord", "")
    values = desk.letters.desk.fields.form.values()
    assert values["date_mediation"] == french.short_date(date.today() - timedelta(days=1))
    desk.dossiers.wants_letter.emit(id, meetings.INVITATION, "")
    assert desk.letters.desk.fields.form.values()["date_proposee"] == french.short_date(
        date.today() + timedelta(days=14)
    )


def water(person: str) -> str:
    draft = dossiers.Draft(person, "eau_grand_lyon", "Surconsommation, fuite", "0123456789", "Facture après une fuite")
    return dossiers.open_dossier(draft, date.today())


def test_the_mandate_paper_knows_its_dossier_and_stays_with_the_mandate(desk, dossier):
    id = water(dossiers.sheet(dossier).person)
    reminders.plan(id, date.today() - timedelta(days=2))
    desk.dossiers.wants_letter.emit(id, "mandat-partenaire", "")
    form = desk.letters.desk.fields.form
    assert form.values()["partenaire"] == "Eau du Grand Lyon" and form.values()["reference_client"] == "0123456789"
    assert form.values()["sujet"] == "Facture après une fuite" and form.values()["fin_mandat"]
    form.fields["adresse"].setPlainText("12 rue des Exemples, 69100 Villeurbanne")
    form.fields["signataire"].setCurrentIndex(1)
    form.fields["donnees"].setText("nom et référence client")
    QApplication.processEvents()
    made = desk.letters.desk.leaving.make(complete=True)
    assert made is not None
    assert timeline.events(id)[0].kind == "mandat"
    assert dossiers.sheet(id).next_on < date.today(), "the partner is still to be called"
    mandates.sign(mandates.Draft(dossiers.sheet(id).person, "eau_grand_lyon", "Facture", id, date.today()))
    (signed,) = mandates.of_dossier(id)
    assert signed.letter == made.letter
    assert hashlib.sha256(letters.bytes_of(made.letter)).hexdigest() == letters.register()[0].sha256

    mandates.revoke(signed.id, date.today())
    assert mandates.contact_blocked(id, date.today())
    slip = letters.Entry("revocation-mandat", 1, "", "Fin d’un mandat", "mandats", dossier=id)
    slip_id = letters.archive(slip, letters.next_number(date.today()), b"%PDF", 1, date.today())
    assert mandates.line(signed.id).revocation_letter == slip_id
