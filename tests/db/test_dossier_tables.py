"""The tables of the dossiers among the others: merged, handed over, blanked when their time is over."""

from datetime import date, timedelta

import pytest

from db import dossiers, people, preferences, retention, schema, store
from db.handover import rows
from db.ids import now

DAY = date(2026, 11, 23)


@pytest.fixture
def dossier(opened):
    who = people.record(people.Draft("Fictif", "Noé", informed_on=DAY), DAY)
    return dossiers.open_dossier(dossiers.Draft(who, "edf", "Impayé, échéancier", "", "coupure"), DAY)


def scan(dossier: str, keep_until: date = DAY) -> str:
    return store.insert(
        schema.Attachment, dossier=dossier, title="Facture", kind="pdf", size=4, sha256="0" * 64, keep_until=keep_until,
        content=b"%PDF",
    )  # fmt: skip


def customer(list_id: str, name: str, **more) -> str:
    return store.insert(schema.CallLine, list=list_id, position=1, name=name, phone="0600000000", **more)


def test_a_scan_loses_its_content_after_its_date_and_keeps_its_title(dossier):
    id = scan(dossier)
    retention.end_day(DAY)
    assert bytes(schema.Attachment.get_by_id(id).content) == b"%PDF"
    retention.end_day(DAY + timedelta(days=1))
    row = schema.Attachment.get_by_id(id)
    assert (row.content, row.title, row.sha256) == (None, "Facture", "0" * 64)


def test_head_office_gets_the_title_of_a_scan_and_never_its_content(dossier):
    names = {table: {column.name for column in columns} for table, columns in rows.COLUMNS.items()}
    assert "title" in names["attachment"] and "content" not in names["attachment"]
    assert "state" in names["call_line"] and "detail" not in names["call_line"]
    tables = list(rows.COLUMNS)
    for model in schema.SHARED:
        for field in model._meta.refs:
            assert tables.index(field.rel_model._meta.table_name) < tables.index(model._meta.table_name)


def test_every_new_row_is_told_to_the_handover(dossier):
    before = store.rows("SELECT max(id) FROM change")[0][0]
    id = scan(dossier)
    store.insert(schema.DossierReading, dossier=dossier)
    schema.Attachment.delete().where(schema.Attachment.id == id).execute()
    told = store.rows('SELECT "table" FROM "change" WHERE id > ? ORDER BY 1', (before,))
    assert told == [("attachment",), ("dossier_reading",)]


def test_a_merge_carries_the_mandates(dossier):
    kept = people.record(people.Draft("Fictif", "Noé", informed_on=DAY), DAY)
    dropped = schema.Dossier.get_by_id(dossier).person_id
    mandate = store.insert(
        schema.Mandate, person=dropped, dossier=dossier, partner="edf", scope="appeler EDF", signed_on=DAY, ends_on=DAY,
        signer="m1",
    )  # fmt: skip
    assert people.merge(kept, dropped) == people.Moved(visits=0, dossiers=1, letters=0, mandates=1)
    assert schema.Mandate.get_by_id(mandate).person_id == kept


def test_customers_nobody_followed_leave_no_name_after_sixty_days(dossier):
    old = store.insert(schema.CallList, partner="edf", title="Semaine 39", received_on=DAY - timedelta(days=61))
    recent = store.insert(schema.CallList, partner="edf", title="Semaine 47", received_on=DAY - timedelta(days=60))
    gone = customer(old, "Modèle Théo", state="refus", detail={"ville": "Villeurbanne"}, note="rappeler sa sœur")
    followed = customer(old, "Fictif Noé", state="dossier", dossier=dossier)
    waiting = customer(recent, "Exemple Zoé")
    retention.end_day(DAY)
    row = schema.CallLine.get_by_id(gone)
    assert (row.name, row.phone, row.detail, row.note, row.state) == ("", "", {}, "", "refus")
    assert [schema.CallLine.get_by_id(id).name for id in (followed, waiting)] == ["Fictif Noé", "Exemple Zoé"]
    preferences.put("call_lists_kept_days", 30)
    retention.end_day(DAY)
    assert schema.CallLine.get_by_id(waiting).name == ""


def test_who_read_a_dossier_is_forgotten_after_a_year(dossier):
    old, recent = (store.insert(schema.DossierReading, dossier=dossier) for _ in range(2))
    store.update(schema.DossierReading, old, created_at=now() - timedelta(days=366))
    retention.end_day(DAY)
    assert [row.id for row in schema.DossierReading.select()] == [recent]
