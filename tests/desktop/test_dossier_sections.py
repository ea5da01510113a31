"""The sections of a dossier, by the keyboard, on a real place: the way up, the money, the mandate."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db import (
    checklists,
    dossier_lists,
    dossiers,
    mandates,
    money,
    paths,
    people,
    schema,
    standings,
    steps,
    store,
    timeline,
)
from desktop.dossiers import words
from desktop.dossiers.tab import DossiersTab
from desktop.instalments import instalments, months_later
from desktop.widgets import look

TODAY = date.today()
DAY = timedelta(days=1)
ENTER, ESCAPE, TAB = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab


@pytest.fixture
def tab(show_room):
    return show_room(DossiersTab())


def person(name: str) -> str:
    last, _, first = name.partition(" ")
    return people.record(people.Draft(last, first, informed_on=TODAY), TODAY)


def dossier(name: str = "Modèle Théo", partner: str = "edf", kind: str = "Impayé, échéancier", **more) -> str:
    draft = dossiers.Draft(person(name), partner, kind, subject="Deuxième relance", **more)
    return dossiers.open_dossier(draft, TODAY)


def replace_text(keys, text: str) -> None:
    keys.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    keys.type(text)


def focused():
    return QApplication.focusWidget()


# the row


def test_zero_then_a_digit_or_the_arrows_choose_a_section(tab, keys):
    dossier()
    tab.refresh()
    keys.type("0")
    assert tab.sheet.row.chips["suivi"].live
    keys.type("3")
    assert tab.sheet.shown == "argent" and tab.sheet.section("argent").isVisible()
    assert not tab.sheet.follow.isVisible()
    tab.sheet.choose_section()
    keys.press(Qt.Key.Key_Right)
    assert tab.sheet.shown == "mandat"
    keys.press(ESCAPE)
    assert tab.list.hasFocus() and tab.sheet.shown == "mandat"


def test_another_dossier_is_shown_from_its_first_section(tab, keys):
    dossier("Modèle Théo")
    dossier("Fictif Noé")
    tab.refresh()
    tab.sheet.open("argent")
    tab.enter()
    keys.press(Qt.Key.Key_Down)
    assert tab.sheet.shown == "suivi"


@pytest.mark.parametrize("scale", (100, 200))
def test_the_last_paper_of_a_long_list_is_in_sight_with_what_is_said_of_it(tab, keys, scale):
    look.apply("clair", scale)
    file = dossier(partner="prefecture", kind="Naturalisation, dossier")
    checklists.start(file, "naturalisation")
    tab.refresh()
    keys.type("05")
    keys.press(Qt.Key.Key_End)
    section = tab.sheet.section("papiers")
    page = tab._page.viewport()
    for widget in (section.papers, section.detail, section.answers["fourni"]):
        shown = page.rect().intersected(widget.rect().translated(widget.mapTo(page, widget.rect().topLeft())))
        assert shown.height() == widget.height()
    keys.press(ESCAPE)
    assert tab._page.verticalScrollBar().value() == 0, "the name of the dossier is back"


def test_a_section_is_built_only_when_it_is_wanted(tab):
    dossier()
    tab.refresh()
    assert list(tab.sheet._built) == ["suivi"]
    tab.sheet.open("voie")
    assert list(tab.sheet._built) == ["suivi", "voie"]


def test_a_command_opens_each_section_of_the_dossier_shown(tab):
    dossier()
    tab.refresh()
    for command in tab.commands():
        if command.label.startswith("Dossier : ") and command.label != "Dossier : corriger":
            command.run()
            shown = tab.sheet.section(tab.sheet.shown)
            assert command.label == f"Dossier : {shown.title}" and shown.isVisible()


# the way up


def test_the_path_shows_the_cut_off_date_its_source_and_what_holds_it_back(tab):
    dossier(notified_on=TODAY - 5 * DAY, notice="relance2")
    tab.refresh()
    tab.sheet.open("voie")
    voie = tab.sheet.section("voie")
    codes = [alert.code for alert in voie.standing.alerts]
    assert "menace" in codes and "edf_limitation" in codes
    said = [label.text() for label in voie.threats.findChildren(type(voie.step))]
    assert said[0].startswith("Coupure ou réduction possible à partir du ") and said[1].startswith("Source : ")
    entries = voie.steps.entries()
    assert entries[1].title == "Demander un paiement en plusieurs fois"
    assert "Source : " in entries[1].detail


def test_a_date_about_to_be_lost_is_said_above_every_section_and_in_the_lists(tab):
    id = dossier("Modèle Théo", notified_on=TODAY - 15 * DAY, notice="relance2")
    schema.Reminder.update(due_on=TODAY + 10 * DAY).where(schema.Reminder.dossier == id).execute()
    tab.refresh()
    assert "à faire avant le" in tab.sheet.warning.text() or "à faire aujourd’hui" in tab.sheet.warning.text()
    assert tab.sheet.warning.property("tone") == "urgent"
    chip = tab.sheet.row.chips["voie"]
    assert chip.mark.count == 1 and chip.mark.words in chip.accessibleName()
    (card,) = [card for card in tab.list.cards() if card.id == id]
    last = next(each.last for each in steps.near(TODAY))
    assert card.badge == words.french.day_and_month(last) and card.tone == "urgent"
    assert card.detail.startswith("dernière date · ")
    section = tab.list.cards()[0].title
    assert section in ("Cette semaine · 1", "À relancer · 1"), "a reminder ten days ahead would have put it lower"


def test_the_next_letter_is_asked_with_its_template(tab, keys, qtbot):
    id = dossier(notified_on=TODAY - 5 * DAY, notice="relance2")
    tab.refresh()
    keys.type("02")
    with qtbot.waitSignal(tab.wants_letter) as asked:
        keys.type("1")
    voie = tab.sheet.section("voie")
    assert asked.args == [id, voie.standing.next.letter, voie.standing.next.code]


def test_the_main_button_writes_what_the_red_line_asks_and_an_optional_step_stays_in_reach(tab, keys, qtbot):
    id = dossier(notified_on=TODAY - 8 * DAY, notice="relance2")
    tab.refresh()
    assert tab.sheet.warning.text().startswith("Demander un paiement en plusieurs fois : ")
    keys.type("02")
    voie = tab.sheet.section("voie")
    assert voie.step.text() == "Étape : Demander un paiement en plusieurs fois"
    with qtbot.waitSignal(tab.wants_letter) as asked:
        keys.type("1")
    assert asked.args == [id, "energie-echeancier", "echeancier"]
    steps.mark_done(id, "echeancier", TODAY)
    tab.refresh()
    assert voie.step.text() == f"Étape : {voie.standing.next.label}", "the letter was filed: on to the next step"
    voie.steps.setFocus()
    keys.press(Qt.Key.Key_Home)
    with qtbot.waitSignal(tab.wants_letter) as asked:
        keys.type("1")
    assert asked.args == [id, "saisine-partenaire", "correspondant"], "calling on the partner is still of use"


def test_a_step_picked_in_the_list_gives_way_once_its_letter_is_filed(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("02")
    voie = tab.sheet.section("voie")
    voie.steps.setFocus()
    keys.press(Qt.Key.Key_Home)
    keys.press(Qt.Key.Key_Down)
    picked = voie.chosen()
    steps.mark_done(id, picked.code, TODAY)
    tab.refresh()
    assert voie.chosen().code == voie.standing.next.code != picked.code
    assert voie.steps.currentIndex().row() == [s.code for s in voie.standing.steps].index(voie.chosen().code)


def test_a_step_is_marked_done_on_its_day_and_undone(tab, keys):
    id = dossier(notified_on=TODAY - 5 * DAY, notice="relance2")
    tab.refresh()
    keys.type("02")
    voie = tab.sheet.section("voie")
    code = voie.standing.next.code
    keys.type("2")
    for text, said in (("31/02/2026", "Cette date n’existe pas."), ((TODAY + DAY).strftime("%d/%m/%Y"), "Ce jour")):
        replace_text(keys, text)
        keys.press(ENTER)
        assert voie.done_on.form.error("done_on").startswith(said)
    replace_text(keys, (TODAY - DAY).strftime("%d/%m/%Y"))
    keys.press(ENTER)
    done = next(step for step in steps.of_dossier(id, TODAY).steps if step.code == code)
    assert (done.state, done.done_on) == (standings.DONE, TODAY - DAY)
    following = voie.standing.next
    assert not voie.done_on.isVisible() and following.code != code
    assert voie.step.text() == f"Étape : {following.label}" and voie.steps.currentIndex().row() == 2
    voie.steps.setFocus()
    keys.press(Qt.Key.Key_Up)
    assert voie.step.text() == f"Étape : {done.label}" and voie.mark_done.text() == "Remettre à faire"
    voie.press(2)
    assert next(s for s in steps.of_dossier(id, TODAY).steps if s.code == code).pending


def test_the_facts_of_the_path_are_asked_in_place_and_nothing_more(tab, keys):
    id = dossier()
    water = dossier("Fictif Noé", "eau_grand_lyon", "Surconsommation, fuite")
    tab.refresh()
    tab.show_dossier(id)
    keys.type("023")
    voie = tab.sheet.section("voie")
    assert list(voie.facts.form.fields)[:3] == ["notified_on", "notice", "urgent_on"]
    assert "cheque_energie" in voie.facts.form.fields and "compteur_communicant" in voie.facts.form.fields
    replace_text(keys, "31/02/2026")
    keys.press(ENTER)
    assert voie.facts.form.error("notified_on").startswith("Cette date n’existe pas.")
    replace_text(keys, (TODAY - 3 * DAY).strftime("%d/%m/%Y"))
    voie.facts.form.fields["notice"].choose("relance1")
    voie.facts.form.fields["cheque_energie"].setChecked(True)
    voie.facts.form.fields["urgent_on"].setText((TODAY + 9 * DAY).strftime("%d/%m/%Y"))
    keys.press(ENTER)
    sheet = dossiers.sheet(id)
    assert (sheet.notified_on, sheet.notice, sheet.protected) == (TODAY - 3 * DAY, "relance1", ("cheque_energie",))
    assert (sheet.urgency, sheet.urgent_on) == ("coupure", TODAY + 9 * DAY)
    tab.show_dossier(water)
    tab.sheet.open("voie")
    assert list(voie.facts.form.fields) == ["notified_on"]


def test_what_is_typed_in_a_question_is_found_again(tab, keys):
    dossier()
    tab.refresh()
    keys.type("023")
    replace_text(keys, "12/11")
    keys.press(ESCAPE)
    tab.forget()
    tab.refresh()
    assert tab.sheet.section("voie").facts.form.fields["notified_on"].text() == ""
    tab.sheet.open("voie")
    tab.sheet.press(3)
    assert focused().text() == "12/11"
    replace_text(keys, "")
    keys.press(Qt.Key.Key_Backspace)
    assert schema.Draft.select().count() == 0, "what is as it was proposed is not kept"


def test_another_path_may_be_followed(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("024")
    voie = tab.sheet.section("voie")
    voie.path_choice.choose("energie_contestation")
    keys.press(ENTER)
    assert dossiers.sheet(id).path == "energie_contestation"
    assert voie.path.text() == f"Parcours : {paths.paths()['energie_contestation'].label}"


# the money


def test_a_plan_is_previewed_kept_ticked_and_unticked(tab, keys):
    id = dossier(amount_due=41260)
    tab.refresh()
    keys.type("031")
    argent = tab.sheet.section("argent")
    assert focused().text() == "412,60", "the amount due is proposed"
    argent.plan.form.fields["count"].setFocus()
    keys.type("99")
    assert not argent.plan.note.isVisible()
    keys.press(ENTER)
    assert argent.plan.form.error("count").startswith("Le nombre de paiements va de 1 à 60.")
    replace_text(keys, "4")
    assert argent.plan.note.text().startswith("4\u00a0paiements de 103,15\u00a0€, du ")
    keys.press(ENTER)
    assert [payment.cents for payment in money.of_dossier(id).payments] == [10315] * 4
    first = months_later(TODAY, 1)
    assert argent.payments.cards()[0].title.startswith(words.french.DAYS[first.weekday()][:3])
    tab.sheet.choose_section()
    tab.sheet.open("argent")
    assert argent.payments.hasFocus()
    keys.press(Qt.Key.Key_Space)
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Space)
    paid = [payment.paid_on for payment in money.of_dossier(id).payments]
    assert paid == [TODAY, TODAY, None, None]
    assert argent.payments.hasFocus()
    assert argent.figures["remaining"].text() == "Reste : 206,30\u00a0€"
    assert store.undo() == "Paiement coché"
    tab.refresh()
    assert [card.badge == "à payer" for card in argent.payments.cards()] == [False, True, True, True]
    keys.type("2")
    assert argent.help.isVisible() and money.of_dossier(id).paid == 10315, "a digit is a button's, on the list too"


def test_in_the_papers_too_a_digit_is_a_button_s_wherever_the_keyboard_is(tab, keys, qtbot):
    id = dossier(partner="prefecture", kind="Naturalisation, dossier")
    checklists.start(id, "naturalisation")
    tab.refresh()
    keys.type("05")
    papers = tab.sheet.section("papiers")
    assert papers.papers.hasFocus()
    with qtbot.waitSignal(tab.wants_print):
        keys.type("2")
    assert all(line.state == checklists.MISSING for line in checklists.items(id, "naturalisation"))
    keys.press(Qt.Key.Key_Space)
    assert checklists.items(id, "naturalisation")[0].state == checklists.GIVEN


def test_a_late_payment_shows_on_the_chip_and_in_the_list(tab):
    id = dossier()
    schema.Payment.insert(id="p1", desk="A1", mediator="m1", dossier=id, due_on=TODAY - 2 * DAY, cents=5000).execute()
    tab.refresh()
    assert tab.sheet.row.chips["argent"].mark.words == "1\u00a0paiement en retard"
    assert next(card for card in tab.list.cards() if card.id == id).mark_name == "paiement en retard"
    tab.sheet.open("argent")
    assert tab.sheet.section("argent").payments.cards()[0].badge == "retard 2 j"


def test_a_help_is_asked_answered_and_offered_at_closing(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("032")
    argent = tab.sheet.section("argent")
    keys.press(ENTER)
    assert argent.help.form.error("kind").startswith("Choisissez l’aide.")
    argent.help.form.fields["kind"].choose("fsl")
    argent.help.form.fields["asked"].setText("deux cents")
    keys.press(ENTER)
    assert argent.help.form.error("asked") == "Écrivez un montant en euros. Exemple : 412,60."
    argent.help.form.fields["asked"].setText("200")
    keys.press(ENTER)
    (help,) = money.of_dossier(id).helps
    assert (help.kind, help.asked, help.asked_on) == ("fsl", 20000, TODAY)
    argent.helps.setFocus()
    keys.press(ENTER)
    keys.type("150")
    keys.press(ENTER)
    assert money.of_dossier(id).obtained == 15000
    assert argent.helps.cards()[0].badge == "obtenu 150,00\u00a0€"
    tab.sheet.open("suivi")
    tab.enter()
    keys.type("611")
    assert focused().text() == "150,00\u00a0€"
    keys.press(ENTER)
    sheet = dossiers.sheet(id)
    assert (sheet.result, sheet.useful, sheet.won) == ("resolu", "oui", 15000)
    assert tab.sheet.state.text() == "Clos · Résolu, 150,00\u00a0€ obtenus"


def test_the_amount_due_is_corrected_and_the_plan_goes_to_paper(tab, keys, qtbot):
    id = dossier()
    tab.refresh()
    keys.type("033412,6")
    keys.press(ENTER)
    assert dossiers.sheet(id).amount_due == 41260
    assert not tab.sheet.section("argent").print_button.isVisible(), "no plan, nothing to print"
    money.keep_plan(id, instalments(41260, 4, TODAY + 30 * DAY))
    tab.refresh()
    with qtbot.waitSignal(tab.wants_print) as asked:
        keys.type("4")
    assert asked.args == ["echeancier", id]


# the mandate


def test_a_mandate_is_signed_for_a_month_then_revoked_in_one_act(tab, keys, qtbot):
    id = dossier(partner="eau_grand_lyon", kind="Surconsommation, fuite")
    tab.refresh()
    keys.type("041")
    mandat = tab.sheet.section("mandat")
    keys.press(ENTER)
    assert mandat.sign.form.error("scope").startswith("Dites les démarches permises.")
    keys.type("Appeler au sujet de la fuite")
    keys.press(ENTER)
    (line,) = mandates.of_dossier(id)
    assert (line.scope, line.signed_on, line.ends_on) == ("Appeler au sujet de la fuite", TODAY, months_later(TODAY, 1))
    assert mandat.state.property("tone") == "ok"
    assert store.undo() is None, "a signed mandate is revoked, never undone"
    keys.type("3")
    keys.press(ESCAPE)
    assert mandates.valid_for(id, TODAY) is not None
    keys.type("3")
    keys.press(ENTER)
    assert mandates.valid_for(id, TODAY) is None and mandates.of_dossier(id)[0].revoked_on == TODAY
    assert mandat.state.property("tone") == "urgent"
    for digit, template in ((4, "revocation-mandat"), (2, "mandat-partenaire")):
        with qtbot.waitSignal(tab.wants_letter) as asked:
            keys.type(str(digit))
        assert asked.args == [id, template, ""]


def test_once_revoked_nothing_is_done_in_her_name_unless_she_is_there(tab, keys):
    id = dossier()
    mandates.sign(mandates.Draft(dossiers.sheet(id).person, "edf", "Appeler", id, TODAY - DAY))
    mandates.revoke(mandates.of_dossier(id)[0].id, TODAY)
    tab.refresh()
    follow = tab.sheet.follow
    assert not follow.buttons[1].isEnabled() and not follow.buttons[2].isEnabled()
    assert follow.in_her_name.reason.isVisible() and "révoqué" in follow.in_her_name.reason.text()
    assert follow.buttons[1].accessibleDescription() == follow.in_her_name.reason.text()
    said = []
    tab.said.connect(said.append)
    keys.type("1")
    assert said == [follow.in_her_name.reason.text()] and follow.actions.isVisible()
    keys.type("9113")
    assert timeline.events(id)[0].summary == "Sans réponse"
    other = dossier("Fictif Noé")
    tab.show_dossier(other)
    tab.show_dossier(id)
    assert not follow.buttons[1].isEnabled(), "she has left"


def test_a_service_civique_may_neither_sign_nor_write_a_mandate_and_is_told_why(tab):
    schema.Mediator.update(may_sign_mandate=False).where(schema.Mediator.id == "m1").execute()
    dossier()
    tab.refresh()
    tab.sheet.open("mandat")
    mandat = tab.sheet.section("mandat")
    assert not mandat.sign_button.isEnabled() and not mandat.paper.isEnabled() and mandat.reason.isVisible()
    assert mandat.reason.text() == mandates.may_sign("m1")


def test_a_mandate_that_ends_soon_is_said_on_the_sheet_and_in_both_lists(tab):
    id = dossier()
    mandates.sign(mandates.Draft(dossiers.sheet(id).person, "edf", "Appeler", id, TODAY, TODAY + 14 * DAY))
    tab.refresh()
    assert tab.sheet.warning.text().startswith("Le mandat pour EDF finit dans 14\u00a0jours")
    assert next(card for card in tab.list.cards() if card.id == id).mark_name == "mandat bientôt fini"
    tab.sheet.open("mandat")
    assert tab.sheet.section("mandat").list.cards()[0].tone == "wait"
    store.undo()
    schema.Mandate.update(ends_on=TODAY + 15 * DAY).execute()
    tab.refresh()
    assert not tab.sheet.warning.isVisible()


def test_each_path_asks_its_own_date(tab, keys):
    work = dossier(partner="employeur", kind="Accident du travail")
    home = dossier("Fictif Noé", partner="alliade", kind="Demande de logement")
    tab.refresh()
    voie = tab.sheet.section("voie")
    for id, date_asked in ((work, "Date de l’accident"), (home, "Date du dépôt ou du dernier renouvellement")):
        tab.show_dossier(id, "voie")
        keys.type("3")
        assert voie.facts.form.fields["notified_on"].accessibleName() == date_asked


# opening, correcting, confidential


def test_a_doubtful_reference_is_said_and_never_blocks(tab, keys):
    tab.new()
    tab.form.person.show_person(person("Modèle Théo"))
    tab.form.partner.choose("edf")
    fields = tab.form.form.fields
    fields["subject"].setText("Coupure")
    fields["reference"].setText("12")
    note = tab.form.form._errors["reference"]
    assert note.text().startswith("À vérifier : numéro client") and tab.form.form.error("reference") == ""
    tab.form.form.fields["amount_due"].setText("douze")
    tab.form.record()
    assert tab.form.form.error("amount_due")
    assert note.text().startswith("À vérifier : numéro client"), "still said beside what is refused"
    tab.form.form.fields["amount_due"].clear()
    fields["reference"].setText("6 000 000 000")
    assert note.text() == "Celle de la facture. Facultatif."
    fields["reference"].setText("12")
    tab.form.record()
    assert dossiers.sheet(dossier_lists.lines(TODAY)[0].id).reference == "12"


def test_a_conflict_asks_for_the_other_person_and_not_for_a_reference(tab):
    tab.new()
    fields = tab.form.form.fields
    tab.form.partner.choose("edf")
    assert fields["reference"].isVisibleTo(tab.form) and not fields["other_party"].isVisibleTo(tab.form)
    tab.form.partner.choose("conflit")
    assert fields["other_party"].isVisibleTo(tab.form) and not fields["reference"].isVisibleTo(tab.form)
    assert not tab.form.form._errors["reference"].isVisibleTo(tab.form)
    tab.form.partner.choose("edf")
    fields["reference"].setText("6 000 000 000")
    tab.form.partner.choose("conflit")
    assert fields["reference"].isVisibleTo(tab.form), "what is typed stays in sight"


def test_an_announced_cut_off_is_urgent_and_its_reminder_comes_before(tab):
    tab.new()
    tab.form.person.show_person(person("Modèle Théo"))
    tab.form.partner.choose("edf")
    fields = tab.form.form.fields
    fields["subject"].setText("Coupure")
    fields["urgent_on"].setText("31/02")
    tab.form.record()
    assert tab.form.form.error("urgent_on") == "Cette date n’existe pas. Exemple : 30/11."
    day = TODAY + 8 * DAY
    fields["urgent_on"].setText(day.strftime("%d/%m/%Y"))
    tab.form.record()
    sheet = tab.sheet.sheet
    assert (sheet.urgency, sheet.urgent_on) == ("coupure", day) and sheet.next_on < day
    assert f"coupure ou échéance le {words.french.short_date(day)}" in tab.sheet.facts.text()


def test_seven_corrects_a_dossier_and_undo_takes_it_back(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("7")
    assert tab.form.heading.text() == "Corriger le dossier" and focused().text() == "Deuxième relance"
    replace_text(keys, "Coupure demain")
    keys.press(ENTER)
    assert dossiers.sheet(id).subject == "Coupure demain" == tab.sheet.subject.text()
    assert store.undo() == "Dossier corrigé"


def test_a_confidential_dossier_is_read_by_its_referent_and_the_responsable_only(tab, keys):
    id = dossier("Secret Zoé")
    tab.refresh()
    keys.type("7")
    tab.form.form.fields["confidential"].setChecked(True)
    tab.form.record()
    assert "confidentiel" in tab.sheet.facts.text()
    store.sign_in("m2", "A1")
    tab.forget()
    tab.refresh()
    card = next(card for card in tab.list.cards() if card.id == id)
    assert card.title == "Confidentiel", "whole beside its date"
    QApplication.processEvents()
    assert tab.sheet.facts.y() < 160, "under the heading, not in the middle of the page"
    assert tab.sheet.subject.text() == words.HIDDEN and not tab.sheet.row.isVisible()
    keys.type("1")
    tab.sheet.open("argent")
    assert tab.sheet.section("argent").money is None and not tab.sheet.follow.composer.isVisible()
    assert not any("Secret" in w.text() for w in tab.findChildren(type(tab.sheet.facts)))
    store.sign_in("m1", "A1")
    tab.forget()
    tab.refresh()
    assert tab.sheet.heading.text().startswith("Secret")


def test_leaving_a_form_beside_a_confidential_dossier_gives_the_keyboard_back(tab, keys):
    dossier("Secret Zoé", confidential=True, referent="m2")
    store.sign_in("m3", "A1")
    tab.refresh()
    tab.new()
    keys.press(ESCAPE)
    assert tab.sheet.sheet.hidden and tab.list.hasFocus()


def test_who_opened_a_confidential_dossier_is_shown_to_the_responsable(tab):
    id = dossier("Secret Zoé", confidential=True, referent="m2")
    store.sign_in("m2", "A1")
    tab.refresh()
    assert not tab.side.readers.isVisible()
    store.sign_in("m1", "A1")
    tab.forget()
    tab.refresh()
    assert [read.by for read in timeline.readings(id)] == ["Karim Belvédère"]
    assert tab.side.readers.text().endswith("Karim B.")


# figures


def test_a_year_of_dossiers_refreshes_in_as_many_queries_as_one(tab, monkeypatch):
    first = dossier("Modèle Théo", notified_on=TODAY - 10 * DAY, notice="relance2")
    money.keep_plan(first, instalments(40000, 4, TODAY))
    seen = []
    run = schema.database.execute_sql
    monkeypatch.setattr(schema.database, "execute_sql", lambda sql, *r, **k: seen.append(sql) or run(sql, *r, **k))
    tab.refresh()
    tab.refresh()
    seen.clear()
    tab.refresh()
    one = len(seen)
    year(first, 599)
    assert schema.Dossier.select().count() == 600 and schema.DossierEvent.select().count() == 6000
    tab.refresh()
    seen.clear()
    tab.refresh()
    assert len(seen) == one <= 30, one
    assert len([card for card in tab.list.cards() if not card.is_section]) == 600


def year(like: str, count: int) -> None:
    """As many dossiers like this one, ten events each, with a step, a payment and a reminder, written at once."""
    row = schema.Dossier.select().where(schema.Dossier.id == like).dicts().get()
    event = schema.DossierEvent.select().dicts().get()
    payment = schema.Payment.select().dicts().get()
    reminder = schema.Reminder.select().dicts().get()
    ids = [like, *(f"d{n:04}" for n in range(count))]
    made = {
        schema.Dossier: [{**row, "id": id, "number": id} for id in ids[1:]],
        schema.DossierEvent: [
            {**event, "id": f"{id}-{n}", "dossier": id, "kind": "note"} for id in ids for n in range(10)
        ][1:],
        schema.Payment: [{**payment, "id": f"p{id}", "dossier": id} for id in ids[1:]],
        schema.Reminder: [{**reminder, "id": f"r{id}", "dossier": id} for id in ids[1:]],
    }
    with schema.database.atomic():
        for model, rows in made.items():
            for start in range(0, len(rows), 20):
                model.insert_many(rows[start : start + 20]).execute()
