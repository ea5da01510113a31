"""Two mornings at the counter, through the window and by the keyboard: a cut-off notice, a mandate given and taken back."""

from datetime import date, timedelta

from PySide6.QtCore import Qt

from db import dossiers, journal, mandates, money, reminders, schema, standings, steps, store, timeline, visits

TODAY = date.today()
DAY = timedelta(days=1)
K = Qt.Key


def to(hands, section: int) -> None:
    """From the list: 0, then the digit of the section, then back to the list, whose digits act on it."""
    hands.type(f"0{section}")
    hands.press(K.Key_Escape)


def test_a_cut_off_notice_becomes_a_dossier_with_its_dates_its_plan_and_its_help(desk, hands):
    hands.press(K.Key_F2)
    hands.type("Modele Theo 0600000000")
    hands.press(K.Key_Return)
    hands.type("1163")  # Énergie, impayé, médiation, ouvrir un dossier
    hands.press(K.Key_Return)
    assert desk.current() is desk.dossiers
    (visit,) = visits.latest(TODAY)
    assert visit.outcome == "dossier"
    notified = TODAY - 2 * DAY
    for name, text in (
        ("subject", "Deuxième relance"), ("reference", "6 000 000 001"), ("amount_due", "412,60"),
        ("notified_on", notified.strftime("%d/%m/%Y")),
    ):  # fmt: skip
        desk.dossiers.form.form.fields[name].setText(text)
    hands.press(K.Key_Return)
    sheet = desk.dossiers.sheet.sheet
    assert (sheet.partner, sheet.kind, sheet.amount_due) == ("edf", "Impayé, échéancier", 41260)
    assert sheet.next_on == reminders.open_days(TODAY, (10,))[0], "a reminder ten days ahead"
    assert reminders.due(sheet.next_on)[-1].dossier == sheet.id, "which the home screen shows that day"

    # The way up: which letter it is and what she has, then the dates and their sources.
    to(hands, 2)
    hands.type("3")
    voie = desk.dossiers.sheet.section("voie")
    voie.facts.form.fields["notice"].choose("relance2")
    for fact in ("cheque_energie", "compteur_communicant"):
        voie.facts.form.fields[fact].setChecked(True)
    hands.press(K.Key_Return)
    alerts = {alert.code: alert for alert in voie.standing.alerts}
    assert alerts["menace"].on == notified + 20 * DAY and alerts["menace"].source
    assert alerts["puissance_60_jours"].on == notified + 80 * DAY
    assert "attestation_a_envoyer" in alerts
    winter = any(day.month in (11, 12, 1, 2, 3) for day in (TODAY, alerts["menace"].on))
    assert ("treve_hivernale" in alerts) == winter
    codes = [step.code for step in voie.standing.steps]
    hands.type("2")
    hands.press(K.Key_Return)
    assert voie.standing.steps[codes.index("correspondant")].state == standings.DONE
    assert voie.standing.next.letter == "energie-echeancier"

    # The money: four payments, an FSL asked, which keeps the supply.
    to(hands, 3)
    hands.type("1")
    desk.dossiers.sheet.section("argent").plan.form.fields["count"].setText("4")
    hands.press(K.Key_Return)
    hands.type("2")
    desk.dossiers.sheet.section("argent").help.form.fields["kind"].choose("fsl")
    hands.press(K.Key_Return)
    found = money.of_dossier(sheet.id)
    assert (found.planned, len(found.payments), found.helps[0].kind) == (41260, 4, "fsl")
    assert "fsl_en_cours" in [alert.code for alert in steps.of_dossier(sheet.id, TODAY).alerts]

    # A call, then the end, which Ctrl+Z takes back.
    to(hands, 1)
    hands.type("113")
    assert timeline.events(sheet.id)[0].summary == "Sans réponse"
    hands.type("611250")
    hands.press(K.Key_Return)
    assert dossiers.sheet(sheet.id).won == 25000 and desk.dossiers.sheet.state.text().startswith("Clos · Résolu")
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dossiers.sheet(sheet.id).state != dossiers.CLOSED and desk.dossiers.badge() == 0


def test_a_mandate_is_refused_to_one_signed_by_another_revoked_and_never_undone(desk, hands):
    schema.Mediator.update(may_sign_mandate=False).where(schema.Mediator.id == "m2").execute()
    store.sign_in("m2", "A1")
    hands.press(K.Key_F2)
    hands.type("Fictif Noe 0600000000")
    hands.press(K.Key_Return)
    hands.type("2263")  # Eau, fuite, médiation, ouvrir un dossier
    hands.press(K.Key_Return)
    hands.press(K.Key_Return)
    id = desk.dossiers.sheet.sheet.id
    hands.type("04")
    mandat = desk.dossiers.sheet.section("mandat")
    assert not mandat.sign_button.isEnabled()
    assert mandat.reason.text() == mandat.sign_button.accessibleDescription() != ""
    hands.type("1")
    assert not mandat.sign.isVisible() and desk.toast.sentence.text() == mandat.reason.text()

    store.sign_in("m1", "A1")
    desk.refresh()
    hands.type("1Appeler au sujet de la fuite")
    hands.press(K.Key_Return)
    line = mandates.valid_for(id, TODAY)
    assert line.signer == "m1" and line.ends_on == mandates.default_end(TODAY)
    assert desk.toast.sentence.text() == "Mandat noté. Il ne s’annule pas : il se révoque."
    to(hands, 1)
    hands.type("121")
    assert timeline.events(id)[0].summary == "Message laissé"

    hands.type("043")
    hands.press(K.Key_Return)
    assert mandates.valid_for(id, TODAY) is None and mandat.slip.isVisible()
    hands.press(K.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert mandates.of_dossier(id)[0].revoked_on == TODAY, "a revocation is for good"
    to(hands, 1)
    before = len(timeline.events(id))
    hands.type("1")
    assert len(timeline.events(id)) == before and desk.toast.sentence.text().startswith("Mandat révoqué le ")
    assert not desk.dossiers.sheet.follow.composer.isVisible()
    acts = [entry.act for entry in schema.JournalEntry.select().order_by(schema.JournalEntry.id)]
    assert acts.index("mandat.signe") < acts.index("mandat.revoque")
    assert journal.verify() is None
