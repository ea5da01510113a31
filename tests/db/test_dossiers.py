"""Dossiers: opened from a visit, logged, postponed, closed; their lists, delays and drafts."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from db import (
    delays,
    dossier_lists,
    dossiers,
    drafts,
    journal,
    lists,
    mandates,
    money,
    people,
    reminders,
    schema,
    steps,
    store,
    timeline,
    visits,
)
from db.ids import now

TODAY = date(2026, 11, 23)  # a Monday


@pytest.fixture
def place(tmp_path):
    store.open(tmp_path, b"\1" * 32)
    store.sign_in("m1", "A1")
    journal.use(b"\2" * 32)
    lists.seed()
    yield tmp_path
    store.close()
    journal.use(b"")


@pytest.fixture
def queries(monkeypatch):
    """The statements run since the last `clear()`."""
    seen: list[str] = []
    run = schema.database.execute_sql

    def counted(sql, *rest, **named):
        seen.append(sql)
        return run(sql, *rest, **named)

    monkeypatch.setattr(schema.database, "execute_sql", counted)
    return seen


def person(name: str) -> str:
    last, _, first = name.partition(" ")
    return people.record(people.Draft(last, first, informed_on=TODAY), TODAY)


def opened(name: str = "Kaya Mehmet", partner: str = "edf", day: date = TODAY, **more) -> str:
    draft = dossiers.Draft(person(name), partner, more.pop("kind", "Impayé, échéancier"), subject="Coupure", **more)
    return dossiers.open_dossier(draft, day)


def visit(*demands: visits.Demand) -> str:
    moment = now()
    return visits.record(visits.Draft(arrived_at=moment, started_at=moment, demands=demands))


def demand(family: int, theme: str, subtheme: str, **more) -> visits.Demand:
    return visits.Demand(family, theme, subtheme, "mediation", outcome="dossier", **more)


def test_a_dossier_needs_somebody_a_partner_and_a_subject_of_120_signs(place):
    assert set(dossiers.problems(dossiers.Draft())) == {"person", "partner", "subject"}
    long = dossiers.Draft(person("Kaya Mehmet"), "edf", "Impayé, échéancier", reference="6" * 41, subject="x" * 121)
    found = dossiers.problems(long)
    assert found["subject"] == "L’objet a 1\u00a0signe de trop (120 au plus)."
    assert set(found) == {"subject", "reference"}


def test_it_opens_with_its_number_its_first_event_and_a_reminder_on_an_open_day(place):
    id = opened(amount_due=41260, reference="6 044 871 209")
    sheet = dossiers.sheet(id)
    assert (sheet.number, sheet.amount_due, sheet.reference) == ("A1-2026-0001", 41260, "6 044 871 209")
    assert sheet.next_on == date(2026, 12, 3) and sheet.next_label == "Relancer EDF"
    assert [event.kind for event in timeline.events(id)] == ["ouverture"]


def test_a_visit_gives_its_person_its_partner_and_a_kind_that_shares_a_word(place):
    who = person("Benali Samira")
    moment = now()
    id = visits.record(
        visits.Draft(person=who, arrived_at=moment, started_at=moment, demands=(demand(1, "ENE", "cheque_energie"),))
    )
    guess = dossiers.guess(id)
    assert (guess.person, guess.partner, guess.kind, guess.visit) == (who, "edf", "Chèque énergie", id)
    assert dossiers.guess(visit(demand(1, "ENE", "compteur", organism="enedis"))).kind == "Compteur, relevé"


def test_two_demands_of_one_visit_get_each_its_dossier(place):
    id = visit(demand(1, "ENE", "impaye"), demand(2, "EAU", "fuite"))
    who = person("Kaya Mehmet")
    first = dossiers.guess(id)
    assert first.partner == "edf"
    energy = dossiers.open_dossier(dossiers.Draft(who, "edf", first.kind, subject="a", visit=id), TODAY)
    assert dossiers.of_visit(id) is None and dossiers.guess(id).partner == "eau_grand_lyon"
    water = dossiers.open_dossier(dossiers.Draft(who, "eau_grand_lyon", "Aide", subject="b", visit=id), TODAY)
    linked = dict(schema.Demand.select(schema.Demand.theme, schema.Demand.dossier).tuples())
    assert linked == {"ENE": energy, "EAU": water}
    assert dossiers.of_visit(id) == water


def test_a_call_and_its_reminder_are_one_act_that_one_undo_takes_back(place):
    id = opened()
    before = dossiers.sheet(id)
    drafts.keep(f"dossier:{id}", {"kind": "appel", "summary": "Sans"})
    day = dossiers.log(id, "appel", " Sans réponse ", TODAY + timedelta(days=5), "sans_reponse")
    after = dossiers.sheet(id)
    assert day == after.next_on == date(2026, 11, 30), "a Saturday moves to Monday"
    assert (after.state, after.typed, timeline.events(id)[0].summary) == ("attente_partenaire", {}, "Sans réponse")
    assert schema.Reminder.select().where(schema.Reminder.done_at.is_null(False)).count() == 1
    assert store.undo() == "Appel noté, relance lundi 30/11"
    back = dossiers.sheet(id)
    assert (back.state, back.next_on, back.typed["summary"]) == (before.state, before.next_on, "Sans")


def test_a_note_keeps_the_reminder_and_a_postponed_one_stays_the_same(place):
    id = opened()
    kept = dossiers.sheet(id).reminder
    dossiers.log(id, "note", "Attend un justificatif", dossiers.sheet(id).next_on)
    assert dossiers.sheet(id).reminder == kept and dossiers.sheet(id).state == "ouvert"
    reminders.plan(id, date(2026, 12, 1))
    assert (dossiers.sheet(id).reminder, dossiers.sheet(id).next_on) == (kept, date(2026, 12, 1))


@pytest.mark.parametrize(
    ("kind", "answer", "state", "after"),
    [
        ("appel", "", "ouvert", "attente_partenaire"),
        ("appel", "message", "attente_partenaire", "relance"),
        ("reponse", "accord", "relance", "accord"),
        ("reponse", "pieces", "relance", "attente_usager"),
        ("reponse", "refus", "relance", "ouvert"),
        ("note", "", "relance", "relance"),
    ],
)
def test_where_an_event_leaves_the_dossier(kind, answer, state, after):
    assert dossiers.state_after(kind, answer, state) == after


def test_an_empty_note_and_a_long_summary_get_a_sentence():
    assert timeline.problem("note", " ").startswith("Écrivez la note.")
    assert timeline.problem("appel", "x" * 282) == "Le résumé a 2\u00a0signes de trop (280 au plus)."
    assert timeline.problem("appel", "") == ""


def test_closing_ends_the_reminders_and_reopening_gives_one(place):
    id = opened()
    dossiers.close(id, "partiel", TODAY)
    assert (dossiers.sheet(id).result, dossiers.sheet(id).next_on) == ("partiel", None)
    assert reminders.due(TODAY + timedelta(days=90)) == ()
    dossiers.reopen(id, TODAY)
    sheet = dossiers.sheet(id)
    assert (sheet.state, sheet.result, sheet.next_on) == ("ouvert", "", date(2026, 12, 3))


def test_the_lists_are_deadlines_in_one_query(place, queries):
    late, today, week, far, shut = (opened(f"P{n} Jean") for n in range(5))
    for id, days in ((late, -1), (today, 0), (week, 4), (far, 20)):
        schema.Reminder.update(due_on=TODAY + timedelta(days=days)).where(schema.Reminder.dossier == id).execute()
    dossiers.close(shut, "resolu", TODAY)
    queries.clear()
    lines = dossier_lists.lines(TODAY)
    assert len(queries) == 1
    assert [(line.id, line.section) for line in lines] == [
        (late, "À relancer"), (today, "À relancer"), (week, "Cette semaine"), (far, "En attente d’une réponse"),
        (shut, "Clos"),
    ]  # fmt: skip
    assert dossier_lists.count_due(TODAY) == 2
    assert lines[0].short_name == "P0 J."


def test_a_year_of_dossiers_opens_its_lists_in_as_many_queries_as_one(place, queries):
    """600 dossiers, 6,000 events, half of them with steps, helps and payments: lists never ask dossier by dossier."""

    def asked() -> list[int]:
        counts = []
        for read in (
            lambda: dossier_lists.lines(TODAY), lambda: dossier_lists.lines(TODAY, all_closed=True),
            lambda: dossier_lists.search("P599"), lambda: dossier_lists.count_due(TODAY), lambda: steps.near(TODAY),
            lambda: money.late_payments(TODAY), lambda: mandates.expiring(TODAY),
            lambda: delays.followed(date(2026, 1, 1), TODAY), lambda: reminders.due(TODAY),
            lambda: reminders.dates(TODAY),
        ):  # fmt: skip
            queries.clear()
            read()
            counts.append(len(queries))
        return counts

    first = opened("P599 Jean", notified_on=TODAY - timedelta(days=10))
    one = asked()
    year(599)
    assert schema.Dossier.select().count() == 600 and schema.DossierEvent.select().count() == 6000
    assert asked() == one == [1, 1, 1, 1, 3, 1, 1, 2, 1, 6]
    lines = dossier_lists.lines(TODAY, all_closed=True)
    assert len(lines) == 600 and sum(line.state == "clos" for line in lines) == 200
    assert [line.id for line in dossier_lists.search("P599 Jean")] == [first]
    queries.clear()
    steps.of_dossier(first, TODAY)
    assert len(queries) == 3


def year(count: int) -> None:
    """As many dossiers, ten events each, written at once."""
    row = schema.Dossier.select().dicts().get()
    events = schema.DossierEvent.select().dicts().get()
    people_, rows, told, steps, dues = [], [], [], [], []
    person_row = schema.Person.select().dicts().get()
    for n in range(count):
        id, who = f"{n:032x}", f"{n + 1_000_000:032x}"
        people_.append({**person_row, "id": who, "last_name": f"Q{n}", "first_name": "Jean"})
        state = "clos" if n % 3 == 0 else "ouvert"
        rows.append({**row, "id": id, "person": who, "number": f"A1-2026-{n + 2:04}", "state": state,
                     "closed_on": TODAY if state == "clos" else None, "notified_on": TODAY - timedelta(days=n % 90)})  # fmt: skip
        told += [{**events, "id": f"{n * 10 + e + 2_000_000:032x}", "dossier": id,
                  "kind": ("ouverture", "appel", "reponse", "note")[e % 4], "at": now() - timedelta(days=e)}
                 for e in range(10)]  # fmt: skip
        base = {name: events[name] for name in ("desk", "mediator", "created_at", "changed_at", "removed_at")}
        if n % 2:
            steps.append({**base, "id": f"{n + 3_000_000:032x}", "dossier": id, "step": "echeancier", "done_on": TODAY})
            dues.append({**base, "id": f"{n + 4_000_000:032x}", "dossier": id, "due_on": TODAY, "cents": 100})
    told += [{**events, "id": f"{n + 5_000_000:032x}", "kind": "note"} for n in range(9)]
    with schema.database.atomic():
        for model, given in ((schema.Person, people_), (schema.Dossier, rows), (schema.DossierEvent, told),
                             (schema.DossierStep, steps), (schema.Payment, dues)):  # fmt: skip
            for at in range(0, len(given), 500):
                model.insert_many(given[at : at + 500]).execute()


def test_the_nearest_of_two_reminders_counts_and_a_call_honours_both(place):
    id = opened()
    near = reminders.add("Rappeler Mme Roux", date(2026, 11, 25), dossier=id)
    assert dossiers.sheet(id).reminder == dossier_lists.lines(TODAY)[0].reminder == near
    dossiers.log(id, "appel", "", date(2026, 12, 7))
    assert [line.due_on for line in reminders.due(date(2027, 1, 1))] == [date(2026, 12, 7)]


def test_a_dossier_keeps_what_its_deadlines_need_and_who_follows_it(place):
    draft = dossiers.Draft(
        person("Fictif Noé"), "edf", "Impayé, échéancier", "6 000 000 000", "coupure", 41260, urgency="coupure",
        urgent_on=date(2026, 12, 1), protected=("cheque_energie",), notified_on=date(2026, 11, 16), notice="relance2",
        other_party="",
    )  # fmt: skip
    assert dossiers.problems(draft, TODAY) == {}
    id = dossiers.open_dossier(draft, TODAY)
    sheet = dossiers.sheet(id)
    assert (sheet.urgency, sheet.urgent_on, sheet.protected) == ("coupure", date(2026, 12, 1), ("cheque_energie",))
    assert (sheet.notified_on, sheet.notice, sheet.path, sheet.referent) == (
        date(2026, 11, 16), "relance2", "energie_impaye", "m1",
    )  # fmt: skip
    assert sheet.next_on == date(2026, 11, 30), "before the cut-off, sooner than the usual delay"
    assert dossiers.draft_of(id) == replace(draft, referent="m1", path="energie_impaye")
    (line,) = dossier_lists.lines(TODAY)
    assert (line.urgency, line.urgent_on, line.referent, line.hidden) == ("coupure", date(2026, 12, 1), "m1", False)


@pytest.mark.parametrize(
    ("urgent_on", "next_on"),
    [(date(2026, 12, 1), date(2026, 11, 30)), (TODAY, TODAY), (date(2026, 11, 30), date(2026, 11, 27)),
     (date(2026, 12, 4), date(2026, 12, 3)), (date(2027, 1, 4), date(2026, 12, 3))],
)  # fmt: skip
def test_the_first_reminder_comes_before_the_cut_off(place, urgent_on, next_on):
    assert dossiers.sheet(opened(urgency="coupure", urgent_on=urgent_on)).next_on == next_on


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"urgency": "coupure"}, "urgent_on"),
        ({"urgent_on": date(2036, 1, 1)}, "urgent_on"),
        ({"notified_on": date(2026, 11, 24)}, "notified_on"),
        ({"notified_on": date(2006, 11, 24)}, "notified_on"),
        ({"amount_due": -1}, "amount_due"),
        ({"other_party": "x" * 121}, "other_party"),
    ],
)
def test_an_impossible_date_or_amount_gets_a_sentence(place, change, field):
    draft = dossiers.Draft(person("Fictif Noé"), "edf", "Impayé, échéancier", subject="coupure")
    found = dossiers.problems(replace(draft, **change), TODAY)
    assert set(found) == {field} and found[field].endswith(".")


def test_a_dossier_corrected_changes_path_with_its_kind_and_keeps_its_steps(place):
    id = opened()
    steps.mark_done(id, "reclamation", TODAY)
    draft = dossiers.draft_of(id)
    dossiers.change(id, replace(draft, subject="Coupure annoncée", amount_due=5000))
    assert (dossiers.sheet(id).subject, dossiers.sheet(id).path) == ("Coupure annoncée", "energie_impaye")
    dossiers.change(id, replace(dossiers.draft_of(id), kind="Contestation de facture"))
    assert dossiers.sheet(id).path == "energie_contestation"
    assert steps.of_dossier(id, TODAY).steps[0].done_on == TODAY
    assert store.undo() == "Dossier corrigé" and dossiers.sheet(id).path == "energie_impaye"


def test_closing_keeps_the_result_the_use_the_gain_and_the_reason(place):
    id = opened()
    assert dossiers.closing_problems("resolu", "oui", 15000, "aide du FSL") == {}
    assert set(dossiers.closing_problems("", "peut-être", -1, "x" * 281)) == {"result", "useful", "won", "reason"}
    dossiers.close(id, "partiel", TODAY, useful="partie", won=15000, reason=" aide du FSL ")
    sheet = dossiers.sheet(id)
    assert (sheet.result, sheet.useful, sheet.won, sheet.closing_reason) == ("partiel", "partie", 15000, "aide du FSL")
    assert timeline.events(id)[0].summary == "Dossier clos : résolu en partie, 150,00\u00a0€ obtenus"
    dossiers.reopen(id, TODAY)
    sheet = dossiers.sheet(id)
    assert (sheet.result, sheet.useful, sheet.won, sheet.closing_reason) == ("", "", None, "")


def test_an_old_closed_dossier_leaves_the_list_but_is_still_found(place):
    id = opened(reference="6 044 871 209")
    dossiers.close(id, "resolu", TODAY - timedelta(days=31))
    assert dossier_lists.lines(TODAY) == ()
    assert [line.id for line in dossier_lists.lines(TODAY, all_closed=True)] == [id]
    assert [line.id for line in dossier_lists.search("044871")] == [id]
    assert dossier_lists.search("zzz") == ()


def test_a_sheet_is_one_query_and_its_timeline_another(place, queries):
    id = opened()
    for n in range(20):
        timeline.tell(id, "note", f"Note {n}")
    queries.clear()
    dossiers.sheet(id)
    assert len(queries) == 1
    assert [event.summary for event in timeline.events(id)][:2] == ["Note 19", "Note 18"]
    assert len(queries) == 2


def test_an_unknown_dossier_is_said(place):
    with pytest.raises(LookupError):
        dossiers.sheet("0" * 32)


def test_the_answer_delay_is_measured_from_three_answers_on(place):
    assert delays.of_partner("edf") == delays.Delay(10, 0)
    for waited in (2, 9, 12):
        id = opened(f"P{waited} Jean")
        moment = now()
        schema.DossierEvent.update(at=moment - timedelta(days=waited)).where(
            schema.DossierEvent.dossier == id
        ).execute()
        assert delays.of_partner("edf").answers == 0
        store.insert(schema.DossierEvent, dossier=id, at=moment, kind="reponse", summary="")
    assert delays.of_partner("edf") == delays.Delay(9, 3)
    assert delays.of_partner("enedis").answers == 0


def test_waiting_starts_at_the_first_step_without_an_answer():
    def event(day: int, kind: str) -> timeline.Event:
        return timeline.Event(datetime(2026, 11, day, 12).astimezone(), kind, "")

    assert timeline.waiting_since([event(20, "appel"), event(16, "courrier"), event(12, "reponse"),
                                   event(2, "appel")]) == date(2026, 11, 16)  # fmt: skip
    assert timeline.waiting_since([event(20, "reponse"), event(16, "courrier")]) is None


def test_what_is_typed_is_kept_apart_for_each_dossier(place):
    drafts.keep("dossier:new", {"subject": "a"})
    drafts.keep("dossier:v1", {"subject": "b"})
    assert (drafts.kept("dossier:new")["subject"], drafts.kept("dossier:v1")["subject"]) == ("a", "b")
    drafts.forget("dossier:v1")
    assert drafts.kept("dossier:v1") == {} and drafts.kept("dossier:new")["subject"] == "a"


def test_the_days_ahead_skip_closed_days_and_read_the_hours_once(place, queries):
    christmas_eve = date(2026, 12, 24)
    queries.clear()
    assert reminders.open_days(christmas_eve, (1, 3, 7)) == (date(2026, 12, 28), date(2026, 12, 28), date(2026, 12, 31))
    assert len(queries) == 1
