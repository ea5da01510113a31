"""Confidential dossiers: the referent and who answers for the place read them; others see that they exist. Who read what."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db import dossier_lists, dossiers, people, reminders, schema, steps, store, team, timeline

TODAY = date.today()


@pytest.fixture
def dossier(opened):
    """Opened by Karim, who follows it; Nadia answers for the place, Zoé does not."""
    team.add("m3", "Zoé Passerelle")
    store.sign_in("m2", "A1")
    who = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    draft = dossiers.Draft(who, "caf", "Dossier bloqué", "0000000", "collègue de la mairie", confidential=True,
                           other_party="Zoé Exemple")  # fmt: skip
    id = dossiers.open_dossier(draft, TODAY)
    dossiers.log(id, "appel", "Appel à la CAF", TODAY)
    return id


def everything_shown(dossier: str) -> str:
    found = [dossiers.sheet(dossier), timeline.events(dossier), dossier_lists.lines(TODAY), dossier_lists.search("caf"),
             reminders.due(TODAY + timedelta(days=60)), steps.near(TODAY)]  # fmt: skip
    return repr(found)


@pytest.mark.parametrize(("mediator", "reads"), [("m2", True), ("m1", True), ("m3", False), ("", False)])
def test_who_may_read_it(dossier, mediator, reads):
    store.sign_in(mediator, "A1")
    shown = everything_shown(dossier)
    for secret in ("Fictif", "Noé", "0000000", "collègue", "Appel à la CAF", "Dossier bloqué"):
        assert (secret in shown) is reads, secret
    sheet = dossiers.sheet(dossier)
    assert sheet.hidden is not reads
    if not reads:
        assert (sheet.person, sheet.person_name, sheet.other_party) == ("", "Dossier confidentiel", "")
        assert dossier_lists.search("Fictif") == ()
        (line,) = dossier_lists.lines(TODAY)
        assert (line.short_name, line.partner, line.next_on) == ("Dossier confidentiel", "CAF", sheet.next_on)


def test_an_ordinary_dossier_is_read_by_all(dossier):
    schema.Dossier.update(confidential=False).execute()
    store.sign_in("m3", "A1")
    assert "Fictif" in everything_shown(dossier) and not dossiers.sheet(dossier).hidden


def test_a_responsable_who_left_reads_it_no_more(dossier):
    store.sign_in("m1", "A1")
    assert not dossiers.sheet(dossier).hidden
    schema.Mediator.update(archived_at=schema.Mediator.get_by_id("m1").created_at).where(
        schema.Mediator.id == "m1"
    ).execute()
    assert dossiers.sheet(dossier).hidden


def test_who_opens_a_dossier_is_its_referent_until_somebody_else_is(dossier):
    assert dossiers.sheet(dossier).referent_name == "Karim Belvédère"
    dossiers.change(dossier, replace(dossiers.draft_of(dossier), referent="m3"))
    store.sign_in("m3", "A1")
    assert not dossiers.sheet(dossier).hidden
    store.sign_in("m2", "A1")
    assert dossiers.sheet(dossier).hidden, "no longer his"


def test_each_reader_is_written_down_once_a_day_and_the_author_not_on_the_first(dossier):
    timeline.mark_read(dossier, TODAY)
    assert schema.DossierReading.select().count() == 0, "Karim opened it today"
    store.sign_in("m1", "A1")
    for _ in range(3):
        timeline.mark_read(dossier, TODAY)
    assert [(read.by, read.at.astimezone().date()) for read in timeline.readings(dossier)] == [
        ("Nadia Réverbère", TODAY)
    ]
    timeline.mark_read(dossier, TODAY + timedelta(days=1))
    assert len(timeline.readings(dossier)) == 2
    store.sign_in("m2", "A1")
    timeline.mark_read(dossier, TODAY + timedelta(days=1))
    store.sign_in("m1", "A1")
    assert sorted(read.by for read in timeline.readings(dossier)) == ["Karim Belvédère"] + ["Nadia Réverbère"] * 2


def test_only_who_answers_for_the_place_reads_who_read(dossier):
    store.sign_in("m1", "A1")
    timeline.mark_read(dossier, TODAY)
    assert len(timeline.readings(dossier)) == 1
    store.sign_in("m2", "A1")
    assert timeline.readings(dossier) == ()


def test_reading_the_dossier_one_just_opened_does_not_stop_its_undo(opened):
    who = people.record(people.Draft("Fictif", "Noé", informed_on=TODAY), TODAY)
    id = dossiers.open_dossier(dossiers.Draft(who, "caf", "Droits", "", "droits"), TODAY)
    timeline.mark_read(id, TODAY)
    assert store.undo() == "Dossier CAF ouvert"
    assert dossier_lists.lines(TODAY) == ()


def test_reading_costs_one_query_when_nothing_is_to_write(dossier, monkeypatch):
    seen: list[str] = []
    run = schema.database.execute_sql
    monkeypatch.setattr(schema.database, "execute_sql", lambda sql, *rest: (seen.append(sql), run(sql, *rest))[1])
    timeline.mark_read(dossier, TODAY)
    assert len(seen) == 1
