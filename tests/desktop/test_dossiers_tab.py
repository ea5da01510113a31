"""Dossiers, by the keyboard, on a real place."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from db import delays, dossier_lists, dossiers, people, preferences, reminders, schema, store, timeline, visits
from db.ids import now
from desktop import french
from desktop.dossiers import words
from desktop.dossiers.tab import DossiersTab
from desktop.widgets import look

TODAY = date.today()
ENTER, ESCAPE = Qt.Key.Key_Return, Qt.Key.Key_Escape


@pytest.fixture
def tab(show_room):
    return show_room(DossiersTab())


def person(name: str) -> str:
    last, _, first = name.partition(" ")
    return people.record(people.Draft(last, first, informed_on=TODAY), TODAY)


def dossier(name: str = "Kaya Mehmet", partner: str = "edf", days: int = 0, **more) -> str:
    kind = "Impayé, échéancier"
    id = dossiers.open_dossier(dossiers.Draft(person(name), partner, kind, subject="Coupure", **more), TODAY)
    day = TODAY + timedelta(days=days)
    schema.Reminder.update(due_on=day).where(schema.Reminder.dossier == id).execute()
    return id


def visit(**more) -> str:
    moment = now()
    asked = visits.Demand(1, "ENE", "echeancier", "mediation", outcome="dossier")
    return visits.record(visits.Draft(arrived_at=moment, started_at=moment, demands=(asked,), **more))


def test_a_call_without_answer_and_its_reminder_take_at_most_twelve_keys(tab, keys):
    dossier("Roux Anne", "eau_grand_lyon", -1)
    kaya = dossier()
    tab.refresh()
    keys.type("kaya")
    keys.press(ENTER)
    keys.type("113")
    assert keys.count + 1 <= 12, "with F7"
    (event, _) = timeline.events(kaya)
    assert (event.kind, event.summary) == ("appel", "Sans réponse")
    assert dossiers.sheet(kaya).next_on == reminders.open_days(TODAY, (3,))[0]
    assert tab.sheet.follow.timeline.entries()[1].title == "Appel : sans réponse"


def test_a_summary_is_typed_and_enter_takes_the_proposed_day(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("3Accepte 4 mois")
    keys.press(ENTER)
    keys.press(ENTER)
    event = timeline.events(id)[0]
    assert (event.kind, event.summary) == ("reponse", "Accepte 4 mois")
    delay = delays.of_partner("edf").days
    assert dossiers.sheet(id).next_on == reminders.open_days(TODAY, (delay,))[0]


def test_an_empty_note_is_refused_beside_the_field_and_escape_keeps_what_was_typed(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("4")
    keys.press(ENTER)
    assert tab.sheet.follow.composer.problem().startswith("Écrivez la note.")
    keys.type("Attend sa facture")
    keys.press(ESCAPE)
    assert len(timeline.events(id)) == 1 and not tab.sheet.kept.isHidden()
    keys.type("4")
    assert tab.sheet.follow.composer.field.text() == "Attend sa facture"
    before = dossiers.sheet(id).next_on
    keys.press(ENTER)
    keys.press(ENTER)
    assert timeline.events(id)[0].summary == "Attend sa facture"
    assert dossiers.sheet(id).next_on == reminders.open_days(before, (0,))[0], "a note keeps the reminder"
    assert tab.sheet.kept.isHidden()


def test_the_day_of_the_reminder_may_be_typed_and_a_wrong_one_says_so(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("10")
    assert len(timeline.events(id)) == 1
    keys.press(ENTER)
    keys.type("0")
    field = tab.sheet.follow.composer.delays.field
    for text, sentence in (("31/02", "Cette date n’existe pas."), ("01/01/2020", "Cette date est passée.")):
        field.clear()
        keys.type(text)
        keys.press(ENTER)
        assert tab.sheet.follow.composer.delays.problem().startswith(sentence)
    field.clear()
    wanted = TODAY + timedelta(days=40)
    keys.type(wanted.strftime("%d/%m/%Y"))
    keys.press(ENTER)
    assert dossiers.sheet(id).next_on == reminders.open_days(wanted, (0,))[0]


def test_five_postpones_and_the_badge_counts_what_is_due(tab, keys):
    id = dossier(days=-1)
    tab.refresh()
    assert tab.badge() == 1
    keys.type("57")
    assert dossiers.sheet(id).next_on == reminders.open_days(TODAY, (7,))[0]
    assert tab.badge() == 0 and tab.list.hasFocus()
    assert len(timeline.events(id)) == 1, "postponing is not an event"


def test_enter_never_proposes_a_day_after_the_last_one(tab, keys):
    last = reminders.open_days(TODAY, (7,))[0]
    before = preferences.calendar().previous(last - timedelta(days=1))
    id = dossier(urgent_on=last, urgency="coupure")
    tab.refresh()
    keys.type("11")
    delays = tab.sheet.follow.composer.delays
    assert delays.proposal.text() == f"Proposé · {words.weekday(before)}"
    assert delays.reason.text() == f"Avant l’échéance du {french.day_in_words(last)}."
    keys.press(ENTER)
    assert dossiers.sheet(id).next_on == before
    schema.Reminder.update(due_on=TODAY).where(schema.Reminder.dossier == id).execute()
    tab.refresh()
    keys.type("5")
    assert tab.side.delays.reason.text() == delays.reason.text()
    keys.press(ENTER)
    assert dossiers.sheet(id).next_on == before and tab.list.hasFocus()


def test_an_open_day_shows_once_and_both_its_digits_answer(tab, keys):
    """Open once a week, in four days: tomorrow and in three days are the same day."""
    opening = TODAY + timedelta(days=4)
    preferences.put("hours", {str(opening.weekday()): [["09:00", "12:00"]]})
    id = dossier()
    tab.refresh()
    shown = [chip.text() for chip in tab.side.delays.chips.values() if chip.isVisible()]
    assert shown[1:] == [f"Réouverture · {words.weekday(opening)}",
                         f"7 jours · {words.weekday(opening + timedelta(days=7))}", "Autre date"]  # fmt: skip
    keys.type("53")
    assert dossiers.sheet(id).next_on == opening


def test_a_day_after_the_last_one_says_so_and_may_still_be_chosen(tab, keys):
    last = reminders.open_days(TODAY, (1,))[0]
    id = dossier(urgent_on=last, urgency="coupure")
    tab.refresh()
    keys.type("5")
    _, after = tab.side.delays.reason.text().split(". Après la dernière date : ")
    assert after.endswith("7 jours.") and "demain" not in after
    keys.type("7")
    assert dossiers.sheet(id).next_on == reminders.open_days(TODAY, (7,))[0]


def test_a_filter_without_a_match_says_so_and_how_to_clear_it(tab, keys):
    dossier()
    tab.refresh()
    keys.type("zzz")
    assert tab.nothing.isVisible() and tab.nothing.text() == "Rien ne correspond à « zzz »."
    assert tab.what_to_do.text() == "Échap efface la recherche."
    assert tab.list.empty == "Rien ne correspond à « zzz ».\nÉchap efface la recherche."
    keys.press(ESCAPE)
    assert len(tab.list.cards()) == 2 and tab.sheet.isVisible() and tab.filter.text() == ""
    tab.filter.setText("zzz")
    tab.forget()
    assert "zzz" not in tab.list.empty + tab.nothing.text(), "a name typed does not survive the veil"


def test_two_closes_reopens_and_undo_takes_back(tab, keys):
    id = dossier()
    tab.refresh()
    keys.type("621")
    keys.press(ENTER)
    assert (dossiers.sheet(id).state, dossiers.sheet(id).result) == ("clos", "partiel")
    assert tab.sheet.state.text() == "Clos · Résolu en partie"
    keys.type("1")
    assert len(timeline.events(id)) == 2, "nothing is logged in a closed dossier"
    keys.type("6")
    assert dossiers.sheet(id).state == "ouvert" and dossiers.sheet(id).next_on > TODAY
    store.undo(), store.undo()
    tab.refresh()
    assert dossiers.sheet(id).state == "ouvert" and tab.sheet.state.text() == "Ouvert"


def test_two_asks_for_a_letter(tab, keys, qtbot):
    id = dossier()
    tab.refresh()
    with qtbot.waitSignal(tab.wants_letter) as asked:
        keys.type("2")
    assert asked.args == [id, "", ""]


def test_a_dossier_opens_from_a_visit_in_two_keys(tab, keys):
    who = person("Benali Samira")
    source = visit(person=who)
    tab.open_for(source)
    keys.press(ENTER)
    (line,) = dossier_lists.lines(TODAY)
    sheet = dossiers.sheet(line.id)
    assert (sheet.person, sheet.partner, sheet.kind) == (who, "edf", "Impayé, échéancier")
    assert sheet.subject == "Échéancier"
    assert schema.Demand.get().dossier_id == line.id
    assert tab.sheet.sheet.id == line.id
    tab.open_for(source)
    assert tab.sheet.sheet.id == line.id and tab.pages.currentWidget() is not tab.form, "it has its dossier already"


def test_an_anonymous_visit_asks_who_and_makes_the_file(tab, keys):
    tab.open_for(visit())
    assert tab.form.person.hasFocus()
    keys.type("Diallo Mariama 0612345678")
    keys.press(ENTER)
    assert people.search("diallo")[0].name == "Diallo Mariama"
    keys.press(ENTER)
    (line,) = dossier_lists.lines(TODAY)
    assert line.person_name == "Diallo Mariama"


def test_every_wrong_field_says_why_and_nothing_typed_is_lost(tab, keys):
    tab.new()
    form = tab.form.form
    keys.type("Kaya")
    keys.press(ESCAPE)
    tab.new()
    assert tab.form.person.text() == "Kaya"
    form.fields["subject"].setText("x" * 121)
    form.fields["amount_due"].setText("beaucoup")
    form.fields["reference"].setText("6" * 41)
    tab.form.record()
    assert form.error("person") == "Choisissez la personne dans la liste, ou créez sa fiche."
    assert form.error("partner") and form.error("subject") and form.error("amount_due") and form.error("reference")
    assert dossier_lists.lines(TODAY) == ()
    tab.forget()
    assert form.fields["subject"].text() == "" and tab.form.person.text() == ""
    tab.new()
    assert form.fields["amount_due"].text() == "beaucoup" and len(form.fields["subject"].text()) == 121


def test_a_draft_taken_up_again_says_so_and_may_be_wiped(tab, keys):
    tab.new()
    assert not tab.form.restart.isVisible()
    tab.form.form.fields["subject"].setText("Facture de Mme Exemple")
    keys.press(ESCAPE)
    tab.new()
    assert tab.form.hint.text() == "Brouillon repris." and tab.form.restart.isVisible()
    tab.form.restart.click()
    assert tab.form.form.fields["subject"].text() == "" and not tab.form.restart.isVisible()
    keys.press(ESCAPE)
    tab.new()
    assert tab.form.form.fields["subject"].text() == ""


def test_a_draft_shown_again_is_not_written_over(tab):
    tab.new()
    fields = tab.form.form.fields
    tab.form.partner.choose("engie")
    fields["subject"].setText("Facture estimée")
    for _ in range(2):
        tab.forget()
        tab.new()
    assert (tab.form.partner.code(), fields["subject"].text()) == ("engie", "Facture estimée")


def test_undoing_the_opening_gives_the_draft_back(tab, keys):
    tab.open_for(visit(person=person("Benali Samira")))
    keys.type("Coupure le 30")
    keys.press(ENTER)
    assert store.undo() == "Dossier EDF ouvert"
    tab.refresh()
    assert dossier_lists.lines(TODAY) == () and tab.sheet.sheet is None
    tab.open_for(schema.Visit.get().id)
    assert tab.form.form.fields["subject"].text() == "Coupure le 30"


def test_amount_reference_and_consent_are_recorded(tab):
    tab.open_for(visit(person=person("Benali Samira")))
    fields = tab.form.form.fields
    fields["amount_due"].setText("1 412,6 €")
    fields["reference"].setText(" 6 044 871 209 ")
    fields["consent"].choose("ecrit")
    tab.form.record()
    sheet = dossiers.sheet(dossier_lists.lines(TODAY)[0].id)
    assert (sheet.amount_due, sheet.reference, sheet.consent) == (141260, "6 044 871 209", "ecrit")
    assert "référence 6 044 871 209" in tab.sheet.facts.text() and "accord écrit" in tab.sheet.facts.text()


def test_the_kinds_follow_the_partner(tab):
    tab.new()
    tab.form.partner.choose("tcl_keolis")
    kinds = [tab.form.kind.itemText(n) for n in range(tab.form.kind.count())]
    assert "Amende, procès-verbal" in kinds and "Chèque énergie" not in kinds


def test_the_filter_finds_a_name_with_r_a_reference_and_an_old_closed_dossier(tab, keys):
    roux = dossier("Roux Anne")
    dossier("Kaya Mehmet", reference="6 044 871 209")
    old = dossier("Petit Jean")
    dossiers.close(old, "resolu", TODAY - timedelta(days=60))
    tab.refresh()
    shown = lambda: [card.id for card in tab.list.cards() if not card.is_section]  # noqa: E731
    assert old not in shown()
    keys.type("rou")
    assert tab.filter.text() == "rou" and shown() == [roux]
    tab.filter.setText("044871")
    assert len(shown()) == 1
    tab.filter.setText("petit")
    assert shown() == [old]
    keys.press(ESCAPE)
    assert tab.filter.text() == "" and len(shown()) == 2
    tab.show_dossier(old)
    assert tab.sheet.sheet.id == old


def test_moving_in_the_list_shows_each_dossier(tab, keys):
    first, second = dossier("Roux Anne", days=-2), dossier(days=-1)
    tab.refresh()
    assert tab.sheet.sheet.id == first
    keys.press(Qt.Key.Key_Down)
    assert tab.sheet.sheet.id == second
    assert tab.sheet.heading.text() == "Kaya · EDF, impayé, échéancier"


def test_the_planned_step_is_on_top_and_a_screen_reader_reads_it(tab):
    dossier(days=-3)
    tab.refresh()
    timeline = tab.sheet.follow.timeline
    top, opening = timeline.entries()
    assert (top.when, top.title) == ("retard 3 j", "Relancer EDF")
    read = timeline.model().data(timeline.model().index(0), Qt.ItemDataRole.AccessibleTextRole)
    assert read.startswith("retard 3 j, Relancer EDF, prévu ")
    assert opening.title == "Dossier ouvert au guichet"


def test_filtering_a_hundred_dossiers_asks_no_more_than_one(tab, monkeypatch):
    who = person("Kaya Mehmet")
    for n in range(100):
        dossiers.open_dossier(dossiers.Draft(who, "edf", "Coupure", subject=f"n° {n}"), TODAY)
    tab.refresh()
    seen = []
    run = schema.database.execute_sql
    monkeypatch.setattr(schema.database, "execute_sql", lambda sql, *r, **k: seen.append(sql) or run(sql, *r, **k))
    tab.filter.setText("kay")
    assert len(seen) <= 20, seen
    assert len([card for card in tab.list.cards() if not card.is_section]) == 100


def test_the_veil_leaves_nobody_on_the_screen(tab):
    dossier("Kaya Mehmet", reference="6 044 871 209")
    tab.refresh()
    tab.filter.setText("kaya")
    tab.forget()
    texts = [w.text() for w in tab.findChildren(QWidget) if hasattr(w, "text")]
    assert not any("Kaya" in text or "044" in text for text in texts)
    assert tab.list.cards() == () and tab.sheet.follow.timeline.entries() == ()


def test_every_focusable_widget_has_a_name(tab):
    dossier()
    tab.refresh()
    tab.sheet.press(1)
    tab.new()
    for widget in tab.findChildren(QWidget):
        in_a_closed_list = isinstance(widget.parent(), QFrame) and isinstance(widget.parent().parent(), QComboBox)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not in_a_closed_list:
            assert widget.accessibleName(), f"{type(widget).__name__} {widget.objectName()}"


def test_one_pane_at_a_time_follows_what_is_done(tab, keys):
    dossier()
    tab.refresh()
    look.apply("clair", 200)
    look.LOOK.fit(1366, 689)
    tab.enter()
    assert tab.list.isVisible() and not tab.sheet.isVisible()
    keys.press(ENTER)
    assert tab.sheet.isVisible() and not tab.list.isVisible()
    keys.type("5")
    assert tab.side.isVisible()
    keys.press(ESCAPE)
    assert tab.sheet.follow.timeline.hasFocus()


def test_the_top_row_of_an_azerty_keyboard_logs_a_call(tab, keys):
    id = dossier()
    tab.refresh()
    for digit, text in ((1, "&"), (2, "é"), (7, "è")):
        keys.top_row(digit, text)
    assert timeline.events(id)[0].summary == "Message laissé"
    assert dossiers.sheet(id).next_on == reminders.open_days(TODAY, (7,))[0]


def test_beside_a_conflict_stands_the_other_person_and_no_partner(tab):
    draft = dossiers.Draft(
        person("Kaya Mehmet"), "conflit", "Voisinage, bruit", subject="Bruit", other_party="Noé Fictif"
    )
    dossiers.open_dossier(draft, TODAY)
    tab.refresh()
    assert (tab.side.partner.text(), tab.side.contacts.text()) == ("L’autre personne", "Noé Fictif")
    assert tab.side.delay.text() == ""
