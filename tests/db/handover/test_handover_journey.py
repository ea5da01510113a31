"""Scenario 8 of the domain: end of day, two desks, one stick, one coordinator."""

import shutil
from collections import Counter
from datetime import timedelta

import pytest
from desks import NOW, PASSPHRASE, contents, record_visit

from db import call_imports, call_lists, journal, lists, preferences, schema, store
from db.handover import consolidation, container, export, keyring, rows, stick
from db.handover.consolidation import Result
from db.handover.merge import Outcome
from db.handover.refusal import Reason, Refused


def _person(phone: str, **fields: object) -> None:
    with store.act("Usager enregistré"):
        store.insert(
            schema.Person,
            **{"id": "p" * 32, "last_name": "NGUYÊN", "phone": phone, "last_contact_on": NOW.date()} | fields,
        )


def test_two_desks_one_stick(make_desk, bring, coordinator, tmp_path):
    a, b = make_desk("A1"), make_desk("B1")
    with a.opened():
        record_visit(3)
        record_visit(1, "EAU")
        _person("0612345678")
    with b.opened():
        record_visit(2)
        _person("0700000000", changed_at=NOW + timedelta(days=900))
    usb = tmp_path / "usb"
    usb.mkdir()
    first, second = stick.write_to(usb, a.build()), stick.write_to(usb, b.build())

    report = bring(first.path, desks=(a,))
    assert (report.visits, report.demands, report.conflicts) == (2, 4, 0)
    assert report.files[0].counts["demand"] == {Outcome.INSERTED: 4}
    held = contents(coordinator)

    report = bring(first.path)
    assert report.files[0].result is Result.ALREADY
    assert "Rien n’a changé" in report.files[0].sentence
    assert contents(coordinator) == held

    report = bring(second.path, desks=(b,))
    assert (report.visits, report.demands) == (3, 6)
    figures = consolidation.figures(coordinator, PASSPHRASE)
    assert figures.per_desk == (("A1", 2, 4), ("B1", 1, 2))
    assert [count for _, count in figures.per_theme] == [5, 1]
    assert [(desk, number) for desk, number, _ in figures.bundles] == [("A1", 1), ("B1", 1)]
    phone = next(c for c in consolidation.conflicts(coordinator, PASSPHRASE) if c.field == "phone")
    assert (phone.shown, phone.shown_by, phone.other, phone.other_by) == ("0700000000", "B1", "0612345678", "A1")
    assert phone.label == "NGUYÊN"


def test_the_order_of_the_desks_does_not_matter(make_desk, bring, coordinator, tmp_path):
    a, b = make_desk("A1"), make_desk("B1")
    with a.opened():
        record_visit()
        _person("06")
    with b.opened():
        _person("07", changed_at=NOW + timedelta(days=900))
    files, other = (a.send(), b.send()), tmp_path / "other"
    shutil.copytree(coordinator, other)
    bring(*files, desks=(a, b))
    fingerprints = [a.fingerprint(), b.fingerprint()]
    consolidation.consolidate(other, files[::-1], PASSPHRASE, fingerprints)
    one, two = contents(coordinator), contents(other)
    for table in (*(m._meta.table_name for m in schema.SHARED), "conflict", "tombstone"):
        assert one[table] == two[table]


def test_an_unknown_key_waits_for_its_fingerprint(make_desk, bring, coordinator):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
    file = desk.send()
    held = contents(coordinator)
    refused = bring(file).files[0]
    assert (refused.reason, refused.fingerprint) == (Reason.UNKNOWN_KEY, desk.fingerprint())
    assert contents(coordinator) == held
    assert bring(file, desks=(desk,)).visits == 1
    with desk.opened():
        record_visit()
    assert bring(desk.send()).visits == 2, "accepted once, known for ever"


def test_a_desk_never_paired_is_refused(make_desk, bring, coordinator):
    desk = make_desk("A1")
    with consolidation._opened(coordinator, PASSPHRASE) as (database, _, _):
        database.execute_sql('DELETE FROM "desk"')
    assert bring(desk.send(), desks=(desk,)).files[0].reason is Reason.UNKNOWN_DESK


def test_another_organisation_is_refused_on_both_sides(make_desk, bring, tmp_path):
    desk, other = make_desk("A1"), tmp_path / "other"
    consolidation.create(other, "Autre", PASSPHRASE, memory=8192, passes=1)
    report = consolidation.consolidate(other, [desk.send()], PASSPHRASE, [desk.fingerprint()])
    assert report.files[0].reason is Reason.OTHER_ORGANISATION
    with desk.opened(), pytest.raises(Refused) as refused:
        export.pair(consolidation.pair(other, "A1", PASSPHRASE))
    assert refused.value.reason is Reason.OTHER_PAIRING


def test_a_wrong_passphrase_writes_nothing(make_desk, coordinator):
    file = make_desk("A1").send()
    held = contents(coordinator)
    with pytest.raises(Refused) as refused:
        consolidation.consolidate(coordinator, [file], PASSPHRASE + "!")
    assert refused.value.reason is Reason.WRONG_PASSPHRASE
    assert contents(coordinator) == held


def test_a_newer_schema_is_refused_and_nothing_written(make_desk, bring, coordinator, monkeypatch):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
        with monkeypatch.context() as newer:
            newer.setattr(store, "scripts", lambda: ("",) * 99)
            file = export.build(NOW).outbox
    held = contents(coordinator)
    assert bring(file, desks=(desk,)).files[0].reason is Reason.NEWER
    assert contents(coordinator) == held


def test_a_lost_bundle_heals_at_the_next(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit(2)
    desk.build()
    with desk.opened():
        record_visit(1)
    report = bring(desk.send(), desks=(desk,))
    assert (report.visits, report.demands) == (2, 3)
    assert report.files[0].sentence == "Envoi importé en entier."


def test_out_of_order_and_replayed(make_desk, bring, coordinator):
    desk = make_desk("A1")
    with desk.opened():
        visit = record_visit(town="Lyon")
    first = desk.send()
    with desk.opened():
        with store.act(""):
            store.update(schema.Visit, visit, town="Bron")
        record_visit()
    second = desk.send()
    bring(second, desks=(desk,))
    held = contents(coordinator)["visit"]
    late = bring(first).files[0]
    assert late.result is Result.IMPORTED
    assert late.counts["visit"] == {Outcome.UNCHANGED: 1}
    assert contents(coordinator)["visit"] == held
    assert "Bron" in str(held) and "Lyon" not in str(held)


def test_an_acknowledged_bundle_is_not_sent_again_and_a_gap_is_said(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
    first = desk.build()
    with desk.opened():
        assert export.acknowledge(first.number, first.sha256)
        assert not export.acknowledge(first.number, "0" * 64)
        record_visit()
    second = desk.build()
    assert second.since == first.until + 1
    assert second.rows == {"visit": 1, "demand": 1}
    report = bring(second.outbox, desks=(desk,))
    assert "manque" in report.files[0].sentence
    with desk.opened():
        export.acknowledge(second.number, second.sha256)
        record_visit()
    assert "manque" in bring(desk.send()).files[0].sentence, "still missing"
    with desk.opened():
        record_visit()
    report = bring(first.outbox, desk.send())
    assert report.visits == 4
    assert "manque" not in report.files[1].sentence


def test_an_undone_visit_is_erased_and_cannot_come_back(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
        record_visit(2)
    first = desk.send()
    with desk.opened():
        record_visit(4)
    second = desk.send()
    with desk.opened(), store.act(""):
        schema.Demand.delete().execute()
        schema.Visit.delete().execute()
    third = desk.send()
    assert bring(second, desks=(desk,)).visits == 3
    report = bring(third)
    assert (report.visits, report.demands) == (0, 0)
    assert report.files[0].counts["visit"] == {Outcome.ERASED: 3}
    report = bring(first)
    assert (report.visits, report.demands) == (0, 0)
    assert report.files[0].counts["visit"] == {Outcome.BLOCKED: 2}


def test_undo_then_redo_in_the_same_session(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit(2)
        first = export.build(NOW).outbox
        store.undo()
        second = export.build(NOW).outbox
        store.redo()
        third = export.build(NOW).outbox
    assert bring(first, desks=(desk,)).demands == 2
    assert bring(second).demands == 0
    assert bring(third).demands == 2


def test_an_undo_that_arrives_after_its_redo_erases_nothing(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit(2)
        store.undo()
        undone = export.build(NOW).outbox
        store.redo()
        redone = export.build(NOW).outbox
    assert bring(redone, desks=(desk,)).demands == 2
    assert bring(undone).demands == 2


def test_an_erasure_takes_the_disputed_values_with_it(make_desk, bring, coordinator):
    a, b = make_desk("A1"), make_desk("B1")
    for desk, phone in ((a, "0612345678"), (b, "0700000000")):
        with desk.opened():
            _person(phone)
    assert bring(a.send(), b.send(), desks=(a, b)).conflicts == 1
    with a.opened(), store.act(""):
        schema.Person.delete().execute()
    report = bring(a.send(), b.send())
    assert report.conflicts == 0
    assert "06123" not in str(contents(coordinator)) and "07000" not in str(contents(coordinator))


def test_undo_before_any_export_leaves_nothing_to_count(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit(2)
        store.undo()
    assert bring(desk.send(), desks=(desk,)).visits == 0


def test_a_restored_backup_is_a_new_incarnation_and_loses_neither_value(make_desk, bring, coordinator):
    desk = make_desk("A1")
    with desk.opened():
        visit = record_visit(town="Lyon")
        backup = store.back_up()
        with store.act(""):
            store.update(schema.Visit, visit, town="Bron")
        first = export.build(NOW)
    store.restore(desk.place, desk.key, backup)
    with desk.opened():
        with store.act(""):
            store.update(schema.Visit, visit, town="Vaulx")
        second = export.build(NOW)
    assert second.name.split("-")[3] != first.name.split("-")[3]
    bring(first.outbox, second.outbox, desks=(desk,))
    towns = [(c.shown, c.other) for c in consolidation.conflicts(coordinator, PASSPHRASE) if c.field == "town"]
    assert towns == [("Vaulx", "Bron")]


def test_a_restored_backup_that_says_the_same_is_no_conflict(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        visit = record_visit()
        backup = store.back_up()
        first = export.build(NOW)
    store.restore(desk.place, desk.key, backup)
    second = desk.build()
    report = bring(first.outbox, second.outbox, desks=(desk,))
    assert (report.visits, report.conflicts) == (1, 0)
    with desk.opened(), store.act(""):
        store.update(schema.Visit, visit, town="Bron")
    report = bring(desk.send())
    assert (report.visits, report.conflicts) == (1, 0)
    assert report.files[0].counts["visit"] == {Outcome.CHANGED: 1}


def test_a_cloned_disk_is_refused(make_desk, bring, tmp_path):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
    desk.build()
    clone = type(desk)(tmp_path / "clone", desk.code, desk.key)
    shutil.copytree(desk.place, clone.place)
    for twin in (desk, clone):
        with twin.opened():
            record_visit()
    assert bring(desk.send(), desks=(desk,)).files[0].result is Result.IMPORTED
    assert bring(clone.send()).files[0].reason is Reason.DUPLICATED_DESK
    with clone.opened():
        record_visit()
    assert bring(clone.send()).files[0].reason is Reason.DUPLICATED_DESK, "its past betrays it"


def test_an_orphan_is_kept_and_counted(make_desk, bring):
    desk = make_desk("A1")
    with desk.opened():
        record_visit(2)
        first = export.build(NOW)
        export.acknowledge(first.number, first.sha256)
        with store.act(""):
            demand = schema.Demand.select().first()
            store.update(schema.Demand, demand.id, note="corrigée")
        second = export.build(NOW)
    report = bring(second.outbox, desks=(desk,))
    assert (report.visits, report.demands) == (0, 1)
    assert (bring(first.outbox).visits, bring(first.outbox).demands) == (1, 2)


def test_the_demonstration_and_an_unpaired_desk_never_send(make_desk, tmp_path):
    store.open(tmp_path / "alone", b"k" * 32)
    with pytest.raises(export.CannotSend) as refused:
        export.build(NOW)
    assert refused.value.obstacle is export.Obstacle.UNPAIRED
    store.close()
    desk = make_desk("A1")
    with desk.opened():
        preferences.put("demonstration", True)
        with pytest.raises(export.CannotSend) as refused:
            export.build(NOW)
        assert refused.value.obstacle is export.Obstacle.DEMONSTRATION
    assert not (desk.place / export.OUTBOX).exists()


def test_nothing_new_gives_the_same_bundle_again(make_desk):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
    first = desk.build()
    assert desk.build() == first
    first.outbox.write_bytes(first.content[:-1])
    second = desk.build()
    assert second.number == 2
    second.outbox.unlink()
    third = desk.build()
    assert third.number == 3
    with desk.opened():
        export.acknowledge(third.number, third.sha256)
    assert desk.build().rows == {}


def test_what_stays_at_the_desk_stays(make_desk, coordinator):
    desk = make_desk("A1")
    with desk.opened(), store.act(""):
        schema.Draft.insert(name="visit", mediator="m1", body={"note": "SECRET-1"}).execute()
        preferences.put("anything", "SECRET-2")
        store.insert(
            schema.Letter,
            number="1",
            template="h01",
            template_version=1,
            template_sha256="",
            title="Échéancier",
            theme="ENE",
            day=NOW.date(),
            pages=1,
            sha256="",
            pdf=b"SECRET-3",
        )
    bundle = desk.build()
    sealed = container.inspect(bundle.content)
    payload = list(container.unseal(sealed, keyring.unlock(coordinator, PASSPHRASE)[1].identity))
    assert [row.table for row in payload] == ["letter"]
    assert payload[0].fields["title"] == "Échéancier"
    assert "SECRET" not in str(payload)


@pytest.fixture
def journal_key():
    journal.use(b"\2" * 32)
    yield
    journal.use(b"")


@pytest.mark.usefixtures("journal_key")
def test_of_a_list_of_calls_only_the_outcomes_leave(make_desk, bring, coordinator):
    desk = make_desk("A1")
    titles = ("N° client", "Nom", "Téléphone", "Digicode")
    customers = [("6 044 871 209", "Œuvrard-Nguyễn Aïcha", "06 00 00 00 01", "B-7731"),
                 ("6 044 871 210", "Fictif Noé", "06 00 00 00 02", "B-7732"),
                 ("6 044 871 211", "Modèle Théo", "06 00 00 00 03", "B-7733")]  # fmt: skip
    with desk.opened():
        lists.seed()
        preview = call_imports.preview(titles, customers, (2, 3, 4), call_imports.Columns(0, 1, None, 2, (3,)), "edf")
        id = call_imports.import_list("edf", "Semaine 48", ("Digicode",), preview, NOW.date())
        first, second, _ = call_lists.lines(id)
        call_lists.log_call(first.id, "joint", "rappeler sa fille le soir")
        call_lists.log_call(second.id, "absent")
        here = call_lists.sheet(id).counts
    bundle = desk.build()
    sealed = container.inspect(bundle.content)
    payload = list(container.unseal(sealed, keyring.unlock(coordinator, PASSPHRASE)[1].identity))
    sent = " ".join(rows.write(row).decode() for row in payload)
    for secret in ("Œuvrard", "Aïcha", "Fictif", "0600000001", "6 044", "B-77", "Digicode", "sa fille"):
        assert secret not in sent, secret
    calls = [row.fields for row in payload if row.table == "call_line"]
    assert Counter(call["state"] for call in calls) == {state: count for state, count in here.items() if count}
    assert [row.fields["partner"] for row in payload if row.table == "call_list"] == ["edf"]
    report = bring(bundle.outbox, desks=(desk,))
    assert report.files[0].result is consolidation.Result.IMPORTED
    assert "Œuvrard" not in str(contents(coordinator))


def test_the_desk_cannot_read_its_own_bundle_nor_can_anyone_see_a_name(make_desk):
    desk = make_desk("A1")
    with desk.opened():
        _person("0612345678")
    bundle = desk.build()
    assert b"NGUY" not in bundle.content and b"Villeurbanne" not in bundle.content
    assert "VILLEURBANNE" not in bundle.name.upper()


def test_the_pairing_moves_the_desk_and_is_kept_from_forgers(make_desk, coordinator):
    desk = make_desk("A1")
    content = consolidation.pair(coordinator, "C3", PASSPHRASE)
    with desk.opened():
        before = export.state()
        for at in range(0, len(content), 7):
            with pytest.raises(Refused) as refused:
                export.pair(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
            assert refused.value.reason is Reason.BAD_PAIRING
        assert export.state() == before
        assert export.pair(content).desk == "C3"
        assert preferences.place().desk == "C3"
        assert export.state().incarnation != before.incarnation
        born = export.state()
        export.pair(content)
        assert export.state() == born, "the same file again changes nothing"


def test_the_recovery_sheet_gives_a_new_passphrase(make_desk, bring, coordinator, recovery):
    bring(make_desk("A1").send())
    new = "une autre phrase secrète"
    with pytest.raises(Refused) as refused:
        keyring.recover(coordinator, "AGE-SECRET-KEY-1QQQQ", new)
    assert refused.value.reason is Reason.WRONG_RECOVERY
    keyring.recover(coordinator, recovery, new, memory=8192, passes=1)
    assert consolidation.figures(coordinator, new).visits == 0
    with pytest.raises(Refused):
        consolidation.figures(coordinator, PASSPHRASE)


def test_the_recovery_identity_opens_bundles(make_desk, recovery):
    desk = make_desk("A1")
    with desk.opened():
        record_visit()
    payload = list(container.unseal(container.inspect(desk.build().content), recovery))
    assert [row.table for row in payload] == ["visit", "demand"]


def test_the_coordinator_s_file_is_encrypted(make_desk, bring, coordinator):
    desk = make_desk("A1")
    with desk.opened():
        _person("0612345678")
    bring(desk.send(), desks=(desk,))
    for file in coordinator.iterdir():
        content = file.read_bytes()
        assert b"SQLite format" not in content and b"NGUY" not in content and b"0612345678" not in content


def test_both_sides_in_one_process_at_once(make_desk, bring):
    desk = make_desk("A1")
    fingerprint = desk.fingerprint()
    with desk.opened():
        record_visit()
        bundle = export.build(NOW)
        report = bring(bundle.outbox)
        assert report.files[0].fingerprint == fingerprint
        record_visit()
        assert schema.Visit.select().count() == 2
