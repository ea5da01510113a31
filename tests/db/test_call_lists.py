"""A partner's weekly list: its columns found, its lines shown before they are taken, called, followed, given back."""

from datetime import date, timedelta

import pytest

from db import call_imports, call_lists, dossiers, people, preferences, retention, schema, store
from db.call_imports import Columns
from desktop.exports import tables

TODAY = date(2026, 11, 23)
TITLES = ("N° client", "Nom", "Prénom", "Téléphone", "Ville")
ROWS = (
    ("6 000 000 001", "Modèle", "Théo", "06 00 00 00 01", "Villeurbanne"),
    ("6 000 000 002", "Fictif", "Noé", "600000002", "Bron"),
    ("6 000 000 003", "Exemple", "Zoé", "", ""),
)
COLUMNS = Columns(0, 1, 2, 3, (4,))


def shown(*rows: tuple[str, ...], columns: Columns = COLUMNS, partner: str = "edf"):
    return call_imports.preview(TITLES, rows, range(2, len(rows) + 2), columns, partner)


def taken(*rows: tuple[str, ...], title: str = "Semaine 48", day: date = TODAY) -> str:
    return call_imports.import_list("edf", title, ("Ville",), shown(*(rows or ROWS)), day)


# the columns


@pytest.mark.parametrize(
    ("titles", "found"),
    [
        (TITLES, Columns(0, 1, 2, 3)),
        (("RÉFÉRENCE CLIENT", "NOM", "TEL."), Columns(0, 1, None, 2)),
        (("Nom et prénom", "Tél. portable", "Nº de client"), Columns(2, 0, None, 1)),
        (("Civilité", "Titulaire", "Fixe", "Mobile", "Numéro abonné"), Columns(4, 1, None, 3)),
        (("Téléphone du client", "Référence du contrat", "Nom du conseiller", "Nom"), Columns(1, 3, None, 0)),
        (("a", "b"), Columns()),
    ],
)
def test_columns_are_known_by_their_titles(titles, found):
    assert call_imports.guess_columns(titles, ()) == found


def test_columns_without_titles_are_known_by_what_they_hold():
    rows = [("6000000001", "Modèle Théo", "06 00 00 00 01"), ("6000000002", "Fictif-Œuvrard Noé", "+33 6 00 00 00 02")]
    assert call_imports.guess_columns(("Colonne 1", "Colonne 2", "Colonne 3"), rows) == Columns(None, 1, None, 2)


def test_what_is_missing_among_the_columns_gets_a_sentence():
    assert call_imports.columns_problems(COLUMNS) == {}
    assert set(call_imports.columns_problems(Columns())) == {"name", "phone"}
    assert set(call_imports.columns_problems(Columns(0, 1, None, 3, (3,)))) == {"details"}
    assert set(call_imports.columns_problems(Columns(0, 1, 2, 3, tuple(range(4, 11))))) == {"details"}


# the lines before they are taken


def test_a_line_is_shown_as_it_would_be_taken(opened):
    one, two, three = shown(*ROWS)
    assert (one.position, one.reference, one.name, one.phone) == (2, "6 000 000 001", "Modèle Théo", "0600000001")
    assert one.detail == {"Ville": "Villeurbanne"} and one.problems == () and one.keep
    assert two.phone == "0600000002", "a spreadsheet took the zero away"
    assert three.problems == ("Pas de numéro de téléphone.",) and three.keep


def test_what_is_wrong_in_a_line_gets_a_sentence(opened):
    odd, empty, foreign = shown(
        ("12", "Modèle", "Théo", "06 00 00", ""),
        ("", "", "", "0600000000", ""),
        ("", "Fictif", "", "+41 22 000 00 00", ""),
    )
    assert len(odd.problems) == 2 and all(sentence.endswith(".") for sentence in odd.problems) and odd.keep
    assert not empty.usable and not empty.keep
    assert foreign.problems == () and foreign.phone == "+41 22 000 00 00"


def test_a_social_security_number_is_never_kept(opened):
    nir = "1 80 05 69 266 123"
    key = 97 - int(nir.replace(" ", "")) % 97
    (line,) = shown((f"{nir} {key:02}", "Modèle", "Théo", "0600000001", f"{nir}{key:02}"))
    assert line.reference == "" and line.detail == {} and "sécurité sociale" in line.problems[0]


def test_the_same_customer_twice_in_the_file_is_told(opened):
    lines = shown(ROWS[0], ("6000000001", "Autre", "", "", ""), ("", "MODELE", "Theo", "+33 6 00 00 00 01", ""))
    assert [line.keep for line in lines] == [True, False, False]
    assert "ligne 2" in lines[1].duplicate and "ligne 2" in lines[2].duplicate


def test_a_customer_of_an_earlier_list_is_told_with_what_became_of_him(opened):
    id = taken()
    call_lists.log_call(call_lists.lines(id)[0].id, "joint")
    again, new = shown(ROWS[0], ("6000000009", "Neuf", "Léo", "0600000009", ""))
    assert "Semaine 48" in again.duplicate and "joint" in again.duplicate and not again.keep and new.keep
    assert shown(ROWS[0], partner="engie")[0].duplicate == "", "another partner's references are its own"
    call_lists.remove(id)
    assert shown(ROWS[0])[0].keep


def test_somebody_who_has_a_file_here_is_told_and_still_called(opened):
    theo = people.record(people.Draft("Modèle", "Théo", phone="06 00 00 00 01", informed_on=TODAY), TODAY)
    one, other = shown(ROWS[0], ("6000000007", "Modèle", "Théo", "0600000007", ""))
    assert (one.person, one.keep) == (theo, True) and "fiche" in one.duplicate
    assert other.person is None, "the same name with another telephone is somebody else"
    (turned,) = shown(("1", "Théo", "Modèle", "0600000001", ""))
    assert turned.person == theo


# taken, called, followed


def test_a_list_is_taken_with_what_was_kept_and_undone_at_once(opened):
    id = taken()
    sheet = call_lists.sheet(id)
    assert (sheet.partner_name, sheet.title, sheet.total, sheet.to_call) == ("EDF", "Semaine 48", 3, 3)
    assert sheet.erased_after == TODAY + timedelta(days=60)
    assert next((line.position, line.name, line.detail) for line in call_lists.lines(id)) == (
        2, "Modèle Théo", {"Ville": "Villeurbanne"},
    )  # fmt: skip
    assert store.undo() == "Liste reçue de EDF : 3\u00a0personnes"
    assert call_lists.sheets() == () and schema.CallLine.select().count() == 0


def test_only_the_lines_kept_are_taken(opened):
    id = taken(ROWS[0], ROWS[0], ("", "", "", "", "Bron"))
    assert call_lists.sheet(id).total == 1


def test_a_list_has_a_title():
    assert call_imports.title_problem("Semaine 48") == ""
    assert call_imports.title_problem(" ").endswith(".") and "de trop" in call_imports.title_problem("x" * 81)


def test_a_call_is_noted_by_who_made_it_and_counted(opened):
    id = taken()
    one, two, _ = call_lists.lines(id)
    assert (one.state, one.called_at, one.called_by) == ("a_appeler", None, "")
    store.sign_in("m2", "A1")
    call_lists.log_call(one.id, "absent", " messagerie ")
    call_lists.log_call(two.id, "refus")
    one = call_lists.line(one.id)
    assert (one.state, one.note, one.called_by) == ("absent", "messagerie", "Karim Belvédère") and one.called_at
    sheet = call_lists.sheet(id)
    assert (sheet.counts["absent"], sheet.counts["refus"], sheet.to_call) == (1, 1, 2)
    assert store.undo() == "Appel noté : refus" and call_lists.line(two.id).state == "a_appeler"


def test_what_is_wrong_in_a_call_gets_a_sentence():
    assert call_lists.call_problem("joint", "") == ""
    assert "Choisissez" in call_lists.call_problem("dossier", "") and "de trop" in call_lists.call_problem(
        "joint", "x" * 281
    )


def test_a_call_becomes_a_dossier_in_one_act(opened):
    id = taken()
    line = call_lists.lines(id)[0]
    draft = call_lists.person_draft(line)
    assert (draft.last_name, draft.first_name, draft.phone) == ("Modèle", "Théo", "0600000001")
    who = people.record(people.Draft("Modèle", "Théo", phone=line.phone, informed_on=TODAY), TODAY)
    asked = call_lists.dossier_draft(line, who)
    assert (asked.person, asked.partner, asked.reference) == (who, "edf", "6 000 000 001")
    dossier = call_lists.to_dossier(line.id, asked, TODAY)
    assert dossiers.sheet(dossier).reference == "6 000 000 001"
    assert (call_lists.line(line.id).state, call_lists.line(line.id).dossier) == ("dossier", dossier)
    assert store.undo() == "Dossier EDF ouvert après un appel"
    assert call_lists.line(line.id).state == "a_appeler" and schema.Dossier.select().count() == 0


def test_the_lists_and_a_list_s_lines_take_one_query_each(opened, monkeypatch):
    id = taken()
    for week in range(3):
        taken(("", "Modèle", f"Théo {week}", f"060000010{week}", ""), title=f"Semaine {week}")
    asked = []
    rows = store.rows
    monkeypatch.setattr(store, "rows", lambda sql, values=(): asked.append(sql) or rows(sql, values))
    assert len(call_lists.sheets()) == 4 and len(call_lists.lines(id)) == 3
    assert len([sql for sql in asked if "call_line" in sql]) == 2


def test_an_unknown_list_is_said(opened):
    with pytest.raises(LookupError):
        call_lists.sheet("0" * 32)
    with pytest.raises(LookupError):
        call_lists.line("0" * 32)


# given back, then forgotten


def test_the_partner_gets_references_and_outcomes_and_nothing_else(opened):
    id = taken(ROWS[0], ("=1+1", "Fictif", "Noé", "0600000002", ""), ("", "Exemple", "Zoé", "0600000003", ""))
    for line, outcome in zip(call_lists.lines(id), ("joint", "refus", "rien"), strict=True):
        call_lists.log_call(line.id, outcome, "note privée")
    columns, rows = call_lists.return_rows(id)
    today = date.today().strftime("%d/%m/%Y")
    assert columns == ("Référence", "Résultat", "Jour")
    assert rows == (("6 000 000 001", "Joint", today), ("=1+1", "Refus", today), ("ligne 4", "Sans suite", today))
    csv = tables.write_csv(columns, rows).decode("utf-8-sig")
    assert "'=1+1" in csv and not any(word in csv for word in ("Fictif", "0600000002", "privée"))
    assert tables.read("retour.xlsx", tables.write_xlsx("Retour", columns, rows)).rows == rows


def test_names_go_after_sixty_days_unless_a_dossier_was_opened(opened):
    id = taken(day=TODAY)
    followed, *_ = call_lists.lines(id)
    who = people.record(people.Draft("Modèle", "Théo", informed_on=TODAY), TODAY)
    call_lists.to_dossier(followed.id, call_lists.dossier_draft(followed, who), TODAY)
    call_lists.log_call(call_lists.lines(id)[1].id, "joint", "rappeler sa sœur")
    retention.end_day(TODAY + timedelta(days=60))
    assert [line.name for line in call_lists.lines(id)] == ["Modèle Théo", "Fictif Noé", "Exemple Zoé"]
    retention.end_day(TODAY + timedelta(days=61))
    assert [(line.name, line.phone, line.note) for line in call_lists.lines(id)] == [
        ("Modèle Théo", "0600000001", ""), ("", "", ""), ("", "", ""),
    ]  # fmt: skip
    assert call_lists.sheet(id).counts["joint"] == 1


def test_a_list_taken_away_leaves_no_name_at_the_end_of_the_day(opened):
    id = taken()
    call_lists.remove(id)
    assert call_lists.sheets() == ()
    retention.end_day(TODAY)
    assert {row.name for row in schema.CallLine.select()} == {""}


def test_the_place_may_keep_names_less_long(opened):
    preferences.put("call_lists_kept_days", 7)
    id = taken()
    assert call_lists.sheet(id).erased_after == TODAY + timedelta(days=7)
    retention.end_day(TODAY + timedelta(days=8))
    assert {line.name for line in call_lists.lines(id)} == {""}


def test_a_file_goes_all_the_way_from_the_partner_s_bytes(opened):
    raw = ("Clients fragiles S48\n\n" + ";".join(TITLES) + "\n" + "\n".join(";".join(row) for row in ROWS)).encode(
        "cp1252"
    )
    table = tables.read("liste.csv", raw)
    columns = call_imports.guess_columns(table.columns, table.rows)
    lines = call_imports.preview(table.columns, table.rows, table.numbers, columns, "edf")
    assert [(line.position, line.name, line.phone) for line in lines] == [
        (4, "Modèle Théo", "0600000001"), (5, "Fictif Noé", "0600000002"), (6, "Exemple Zoé", ""),
    ]  # fmt: skip
