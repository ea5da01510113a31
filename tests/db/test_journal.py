"""The journal's chain: an entry altered, removed, added, moved or rolled back shows."""

import json

import pytest

from db import journal, schema, store

ACTS = 12


@pytest.fixture
def chain(desk):
    for number in range(ACTS):
        with store.act(""):
            journal.write("visite.enregistree", f"{number:032x}")
    return desk


def run(sql: str, *values: object) -> None:
    schema.database.execute_sql(sql, values)


def count() -> int:
    return schema.JournalEntry.select().count()


def test_a_sound_chain_has_no_gap_and_says_who(chain):
    assert journal.verify() is None
    entries = list(schema.JournalEntry.select().order_by(schema.JournalEntry.id))
    assert [entry.id for entry in entries] == list(range(1, ACTS + 1))
    assert {entry.mediator for entry in entries} == {store.mediator()}


def test_an_empty_journal_is_sound(desk):
    assert journal.head() == "0-"
    assert journal.verify() is None and journal.verify(journal.head()) is None


@pytest.mark.parametrize("field", ["at", "mediator", "act", "subject", "mac"])
@pytest.mark.parametrize("number", [1, 5, ACTS])
def test_an_altered_field_shows(chain, field, number):
    run(f'UPDATE "journal_entry" SET "{field}" = \'x\' || "{field}" WHERE "id" = ?', number)
    assert journal.verify() == number


@pytest.mark.parametrize("number", [1, 5, ACTS - 1])
def test_a_removed_entry_shows(chain, number):
    run('DELETE FROM "journal_entry" WHERE "id" = ?', number)
    assert journal.verify() == number


def test_a_removed_entry_shows_even_when_the_rest_is_renumbered(chain):
    run('DELETE FROM "journal_entry" WHERE "id" = 5')
    for number in range(6, ACTS + 1):
        run('UPDATE "journal_entry" SET "id" = ? WHERE "id" = ?', number - 1, number)
    assert journal.verify() == 5


@pytest.mark.parametrize("number", [-3, 0, ACTS + 1, ACTS + 7])
def test_an_added_entry_shows(chain, number):
    run(
        'INSERT INTO "journal_entry" SELECT ?, "at", "mediator", "act", "subject", "mac" FROM "journal_entry" WHERE "id" = 4',
        number,
    )
    assert journal.verify() == (1 if number < 1 else ACTS + 1)


def test_two_swapped_entries_show(chain):
    run('UPDATE "journal_entry" SET "id" = -1 WHERE "id" = 3')
    run('UPDATE "journal_entry" SET "id" = 3 WHERE "id" = 8')
    run('UPDATE "journal_entry" SET "id" = 8 WHERE "id" = -1')
    assert journal.verify() == 3


def test_a_text_moved_from_one_field_to_the_next_shows(chain):
    """Fields are sealed apart: « visite » + « x » is not « visitex »."""
    run('UPDATE "journal_entry" SET "mediator" = "mediator" || "act", "act" = \'\' WHERE "id" = 2')
    assert journal.verify() == 2


def test_a_cut_end_shows_only_against_an_anchor_kept_elsewhere(chain):
    anchor = journal.head()
    assert anchor.startswith(f"{ACTS}-")
    run('DELETE FROM "journal_entry" WHERE "id" > 9')
    assert journal.verify() is None
    assert journal.verify(anchor) == 10
    for _ in range(5):  # life goes on: the same numbers come again, with other seals
        with store.act(""):
            journal.write("visite.effacee")
    assert journal.verify() is None
    assert journal.verify(anchor) == ACTS


def test_an_older_anchor_stays_true(chain):
    anchor = journal.head()
    with store.act(""):
        journal.write("dossier.ouvert", "0" * 32)
    assert journal.verify(anchor) is None


def test_another_key_seals_nothing(chain):
    journal.use(bytes(32))
    assert journal.verify() == 1


def test_without_a_key_nothing_is_written_nor_vouched_for(chain):
    journal.use(b"")
    with pytest.raises(RuntimeError, match="no key"), store.act(""):
        journal.write("visite.enregistree")
    with pytest.raises(RuntimeError, match="no key"):
        journal.verify()
    assert count() == ACTS


def test_an_act_that_fails_leaves_no_entry_and_no_gap(chain):
    with pytest.raises(ZeroDivisionError), store.act(""):
        journal.write("visite.enregistree")
        1 / 0  # noqa: B018
    with store.act(""):
        journal.write("visite.corrigee")
    assert count() == ACTS + 1
    assert journal.verify() is None


def test_undoing_an_act_does_not_undo_its_entry(chain):
    with store.act("Note écrite"):
        store.insert(schema.Note, body="x", day=store.now().date())
        journal.write("note.ecrite")
    store.undo()
    assert schema.Note.select().count() == 0
    assert count() == ACTS + 1 and journal.verify() is None


def test_outside_an_act_nothing_is_written(chain):
    with pytest.raises(RuntimeError, match="inside the act"):
        journal.write("visite.enregistree")
    assert count() == ACTS


@pytest.mark.parametrize(
    ("act", "subject"),
    [
        ("Visite de Fatima", ""),
        ("visite enregistrée", ""),
        ("", ""),
        ("visite.", ""),
        ("visite", "Fatima Benali"),
        ("visite", "A" * 32),
    ],
)
def test_a_name_cannot_slip_into_the_journal(desk, act, subject):
    with pytest.raises(ValueError, match="never a name"), store.act(""):
        journal.write(act, subject)
    assert count() == 0


def test_the_chain_survives_closing_and_a_back_up(chain, key):
    anchor = journal.head()
    copy = store.back_up()
    store.close()
    store.restore(chain, key, copy)
    store.open(chain, key)
    assert journal.head() == anchor
    assert journal.verify(anchor) is None
    assert json.dumps(anchor).isascii()
