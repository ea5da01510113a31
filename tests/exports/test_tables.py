"""Tables from anywhere: read as a person reads them, refused in one sentence, and never a formula on the way out."""

import csv
import io
import zipfile
from datetime import date

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.exports import tables
from desktop.exports.tables import Table, Unreadable

HEADER = ("Référence", "Nom", "Téléphone")
ROW = ("6000000001", "Œuvrard-Nguyễn Aïcha", "0600000000")


def lines(*rows: tuple[str, ...], separator: str = ";") -> str:
    return "\r\n".join(separator.join(row) for row in rows) + "\r\n"


def book(*rows: tuple, **sheets: list[tuple]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for title, content in sheets.items():
        sheet = made.create_sheet(title)
        for row in content:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


WHOLE = book(HEADER, ROW, ROW)
"""Made once: a workbook holds the second it was made, so that two do not have the same length."""


def repacked(raw: bytes, **parts: bytes) -> bytes:
    """The same archive with some parts replaced or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return out.getvalue()


def refused(name: str, raw: bytes) -> str:
    with pytest.raises(Unreadable) as caught:
        tables.read(name, raw)
    sentence = str(caught.value)
    assert sentence.endswith(".") and "Error" not in sentence
    return sentence


# what is read


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_usual_separator_and_encoding_is_understood(separator, encoding):
    found = tables.read("liste.csv", lines(HEADER, ROW, separator=separator).encode(encoding))
    assert found == Table(HEADER, (ROW,), (2,))


def test_the_windows_of_western_europe_is_understood():
    found = tables.read("liste.csv", lines(HEADER, ("1", "Mme Élodie Cœur €", "0600000000")).encode("cp1252"))
    assert found.rows[0][1] == "Mme Élodie Cœur €"


def test_quotes_hold_separators_lines_and_quotes():
    found = tables.read(
        "liste.csv", 'Nom;Téléphone\n"Modèle; ""Théo""\nJunior";0600000000\nFictif;0600000001\n'.encode()
    )
    assert found.rows == (('Modèle; "Théo" Junior', "0600000000"), ("Fictif", "0600000001"))
    assert found.numbers == (2, 4)


def test_excel_s_own_first_line_names_the_separator():
    found = tables.read("liste.csv", ("sep=,\r\n" + lines(HEADER, ROW, separator=",")).encode())
    assert found == Table(HEADER, (ROW,), (3,))


def test_ragged_and_empty_lines_lose_nothing():
    found = tables.read("l.csv", "Nom;Téléphone\n\nModèle\n;;\nFictif;0600000000;à midi;\n".encode())
    assert found.columns == ("Nom", "Téléphone", "Colonne 3")
    assert found.rows == (("Modèle", "", ""), ("Fictif", "0600000000", "à midi"))
    assert found.numbers == (3, 5)


def test_a_title_above_the_table_is_not_its_header():
    found = tables.read("l.csv", "Clients fragiles\n\nNom;Téléphone\nModèle;0600000000\n".encode())
    assert (found.columns, found.numbers) == (("Nom", "Téléphone"), (4,))


def test_a_table_without_titles_gets_some_and_keeps_its_first_customer():
    found = tables.read("l.csv", b"Modele;0600000000\nFictif;0600000001\n")
    assert (found.columns, len(found.rows)) == (("Colonne 1", "Colonne 2"), 2)


def test_two_columns_never_have_one_name():
    found = tables.read("l.csv", b"Nom;Nom;;Nom (2)\na;b;c;d\n")
    assert found.columns == ("Nom", "Nom (2)", "Colonne 3", "Nom (2) (2)")


def test_a_list_of_numbers_alone_is_a_table_of_one_column():
    found = tables.read("l.csv", "Téléphone\n0600000000\n0600000001\n".encode())
    assert found == Table(("Téléphone",), (("0600000000",), ("0600000001",)), (2, 3))


def test_a_workbook_gives_values_as_people_read_them():
    found = tables.read("l.xlsx", book(("Nom", "Réf", "Dû", "Le", "Oui", "Vide"),
                                       ("Modèle", 6000000001, 12.5, date(2026, 11, 23), True, None)))  # fmt: skip
    assert found.columns == ("Nom", "Réf", "Dû", "Le", "Oui", "Vide")
    assert found.rows == (("Modèle", "6000000001", "12,5", "23/11/2026", "Oui", ""),)


def test_the_first_sheet_with_something_shown_is_read():
    made = openpyxl.load_workbook(io.BytesIO(book(Cachée=[("Secret", "x")], Clients=[HEADER, ROW])))
    made["Cachée"].sheet_state = "hidden"
    out = io.BytesIO()
    made.save(out)
    assert tables.read("l.xlsx", out.getvalue()) == Table(HEADER, (ROW,), (2,))


def test_a_formula_is_never_reckoned():
    found = tables.read("l.xlsx", book(("Nom", "Téléphone"), ("Modèle", '=HYPERLINK("http://exemple.fr")')))
    assert found.rows == (("Modèle", ""),)


def test_the_size_a_workbook_claims_is_not_believed():
    raw = book(HEADER, ROW)
    sheet = zipfile.ZipFile(io.BytesIO(raw)).read("xl/worksheets/sheet1.xml")
    assert b'ref="A1:C2"' in sheet
    liar = repacked(raw, **{"xl/worksheets/sheet1.xml": sheet.replace(b"A1:C2", b"A1:XFD1048576")})
    assert tables.read("l.xlsx", liar).rows == (ROW,)


def test_a_cell_at_the_far_end_of_a_sheet_is_one_column_too_many():
    made = openpyxl.load_workbook(io.BytesIO(book(HEADER, ROW)))
    made.active["XFD2"] = "loin"
    out = io.BytesIO()
    made.save(out)
    assert "60 colonnes" in refused("l.xlsx", out.getvalue())


# what is refused


@pytest.mark.parametrize(
    ("name", "raw", "said"),
    [
        ("l.csv", b"", "vide"),
        ("l.csv", b"\r\n \r\n", "vide"),
        ("l.csv", b";;\n;;\n", "aucune ligne"),
        ("l.csv", b"Nom;Tel\n", "titres"),
        ("l.csv", b'Nom;Tel\na;b\n"c;d\n', "ligne 3"),
        ("l.csv", b'Nom;Tel\n"a"b;c\n', "ligne 2"),
        ("l.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "pas un tableau"),
        ("l.csv", bytes(range(1, 32)) * 40, "pas un tableau"),
        ("l.csv", b"a;b\n" * 1_300_000, "5\u00a0Mo"),
        ("l.csv", b"Nom;Tel\n" + b"a;0600000000\n" * 5_001, "5000 lignes"),
        ("l.csv", b"Nom;Tel\n" + b"a;0600000000\n" * 20_001, "5000 lignes"),
        ("l.csv", b";".join([b"x"] * 61) + b"\n" + b";".join([b"y"] * 61), "60 colonnes"),
        ("l.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ancien Excel"),
        ("l.ods", b"PK\x03\x04", "ne se lit pas"),
        ("l.xlsx", b"PK\x03\x04 abc", "abîmé"),
        ("l.xlsx", book(HEADER, ROW)[:-300], "abîmé"),
        ("l.xlsx", book(), "aucune ligne"),
    ],
)  # fmt: skip
def test_what_is_not_a_table_gets_a_sentence(name, raw, said):
    assert said in refused(name, raw)


def zipped(**parts: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_archive_that_is_no_workbook_is_refused():
    assert "pas un tableau Excel" in refused("l.xlsx", zipped(**{"mot.txt": b"bonjour"}))


def test_a_bomb_is_refused_before_it_is_unpacked():
    bomb = repacked(book(HEADER, ROW), **{"xl/media/bombe.bin": bytes(41_000_000)})
    assert len(bomb) < tables.SIZE_MAX and "trop lourd" in refused("l.xlsx", bomb)
    many = repacked(book(HEADER, ROW), **{f"xl/{n}.bin": b"x" for n in range(201)})
    assert "trop lourd" in refused("l.xlsx", many)


def test_xml_that_calls_for_more_than_itself_is_refused():
    raw, part = book(HEADER, ROW), "xl/worksheets/sheet1.xml"
    sheet = zipfile.ZipFile(io.BytesIO(raw)).read(part)
    evil = b'<!DOCTYPE x [<!ENTITY a "b">]>' + sheet
    assert "pas ordinaire" in refused("l.xlsx", repacked(raw, **{part: evil}))
    assert "pas ordinaire" in refused("l.xlsx", repacked(raw, **{part: evil.decode().encode("utf-16")}))


def test_macros_are_refused():
    raw = repacked(book(HEADER, ROW), **{"xl/vbaProject.bin": b"x"})
    assert "macros" in refused("l.xlsx", raw)


def test_broken_xml_is_one_sentence():
    assert "abîmé" in refused("l.xlsx", repacked(book(HEADER, ROW), **{"xl/workbook.xml": b"<workbook"}))
    assert "abîmé" in refused("l.xlsx", repacked(book(HEADER, ROW), **{"xl/worksheets/sheet1.xml": b"<x/>y"}))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.sampled_from(["l.csv", "l.xlsx"]))
def test_any_bytes_are_a_table_or_a_sentence(raw, name):
    for tried in (raw, b"PK\x03\x04" + raw):
        try:
            found = tables.read(name, tried)
        except Unreadable as error:
            assert str(error).endswith(".")
        else:
            assert all(len(row) == len(found.columns) for row in found.rows)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_workbook_damaged_anywhere_is_a_table_or_a_sentence(data):
    raw = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    try:
        tables.read("l.xlsx", bytes(raw))
    except Unreadable as error:
        assert str(error).endswith(".")


# what goes out

HOSTILE = ["=1+1", "+33", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =cmd|'/c calc'!A0", "＝1+1", "＋1", "－1", "＠x", "\u00a0=1",
           "=HYPERLINK(\"http://x\";\"y\")", "\n=1"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_what_could_begin_a_formula_is_only_words(text):
    raw = tables.write_csv(("Référence", "Résultat"), [(text, "Joint")])
    (_, (cell, _)) = csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")
    assert cell.startswith("'")
    made = openpyxl.load_workbook(io.BytesIO(tables.write_xlsx("Retour", ("Référence",), [(text,)])))
    cell = made.active["A2"]
    assert cell.data_type == "s" and cell.quotePrefix and cell.number_format == "@"


def test_ordinary_words_go_out_as_they_are():
    rows = [("6 000 000 001", "Œuvrard; « Aïcha »", ""), ("00123", "23/11/2026", 'dit "Théo"')]
    written = tables.write_csv(HEADER, rows)
    assert written.startswith(b"\xef\xbb\xbf") and written.count(b"\r\n") == 3
    assert tables.read("retour.csv", written).rows == tuple(rows)
    assert tables.read("retour.xlsx", tables.write_xlsx("Retour : semaine 48/49", HEADER, rows)).rows == tuple(rows)


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=5))
@settings(max_examples=60, deadline=None)
def test_any_text_can_go_out(rows):
    assert tables.write_csv(("a", "b"), rows) and tables.write_xlsx("t", ("a", "b"), rows)
