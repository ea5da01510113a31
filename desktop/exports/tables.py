"""Tables that come in and go out, CSV and XLSX: words only, never a formula, nothing that a spreadsheet could run.

What comes in is hostile until read: sizes are looked at before anything is unpacked, and whatever is wrong is one sentence.
"""

import csv
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from zlib import error as ZlibError

from desktop.french import NBSP

SIZE_MAX = 5_000_000
ROWS_MAX = 5_000
COLUMNS_MAX = 60
CELL_MAX = 500
_UNPACKED_MAX = 40_000_000
_PARTS_MAX = 200
_SEPARATORS = ";,\t|"
_TOO_WIDE = f"Cette liste a plus de {COLUMNS_MAX} colonnes. Gardez celles qui servent à appeler."
_TOO_LONG = f"Cette liste a plus de {ROWS_MAX} lignes. Coupez-la en plusieurs fichiers."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_FORMULA = "=+-@\t\r＝＋－＠"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]+")


class Unreadable(Exception):
    """The file is not a table that can be read; the message says why, and what to ask for."""


@dataclass(frozen=True)
class Table:
    """Columns and rows of text, all rows as wide as the columns; `numbers`: the line of each row in its file."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]


def read(name: str, raw: bytes) -> Table:
    """The table of a CSV or XLSX file. Raises Unreadable with a sentence."""
    if not raw.strip():
        raise Unreadable("Ce fichier est vide. Demandez au partenaire de l’envoyer de nouveau.")
    if len(raw) > SIZE_MAX:
        raise Unreadable(
            f"Ce fichier fait plus de 5{NBSP}Mo. Une liste d’appels est plus courte : vérifiez le fichier."
        )
    if raw.startswith(_OLD_EXCEL):
        raise Unreadable(
            "Ce fichier a un mot de passe, ou vient d’un ancien Excel (.xls). Enregistrez-le en .xlsx ou en .csv."
        )
    if name.casefold().endswith((".ods", ".xlsm", ".xlsb")):
        raise Unreadable("Ce format ne se lit pas ici. Enregistrez la liste en .xlsx ou en .csv.")
    lines = _workbook_rows(raw) if raw.startswith(b"PK") else _csv_rows(raw)
    return _table(lines)


def _table(lines: Iterable[tuple[int, list[str]]]) -> Table:
    """The first line with two words or more names the columns, unless it already is a customer."""
    found = [(number, [_clean(cell) for cell in cells]) for number, cells in lines]
    found = [(number, cells) for number, cells in found if any(cells)]
    if not found:
        raise Unreadable("Cette liste ne contient aucune ligne. Vérifiez le fichier.")
    width = max(max(rank for rank, cell in enumerate(cells, 1) if cell) for _, cells in found)
    if width > COLUMNS_MAX:
        raise Unreadable(_TOO_WIDE)
    if width > 1:
        while len(found) > 1 and sum(map(bool, found[0][1])) < 2 and not _is_data(found[0][1]):
            found.pop(0)  # a title above the table
    header = [] if _is_data(found[0][1]) else found.pop(0)[1]
    if not found:
        raise Unreadable("Cette liste n’a que des titres de colonnes, et aucune ligne. Vérifiez le fichier.")
    if len(found) > ROWS_MAX:
        raise Unreadable(_TOO_LONG)
    rows = tuple(tuple((cells + [""] * width)[:width]) for _, cells in found)
    return Table(_named((header + [""] * width)[:width]), rows, tuple(number for number, _ in found))


def _is_data(cells: Sequence[str]) -> bool:
    """A line with a number of five digits or more, alone in its cell, is a customer and not a title."""
    return any(sum(map(str.isdigit, cell)) >= 5 and not any(map(str.isalpha, cell)) for cell in cells)


def _named(header: list[str]) -> tuple[str, ...]:
    """Each column has a name of its own."""
    names: list[str] = []
    for rank, name in enumerate(header, 1):
        name = name[:60] or f"Colonne {rank}"
        again = (f"{name} ({number})" for number in range(2, len(header) + 2))
        names.append(next(tried for tried in (name, *again) if tried not in names))
    return tuple(names)


def _clean(text: str) -> str:
    return " ".join(_CONTROLS.sub(" ", text).split())[:CELL_MAX]


def _csv_rows(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(raw)
    first, _, rest = text.partition("\n")
    skipped = 0
    if found := re.fullmatch(r"sep=(.)\s*", first):
        text, skipped, separator = rest, 1, found[1]
    else:
        separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = 0
    try:
        for rank, cells in enumerate(reader):
            if rank > 2 * ROWS_MAX:
                raise Unreadable(_TOO_LONG)
            yield before + 1 + skipped, cells
            before = reader.line_num
    except csv.Error as error:
        raise Unreadable(
            f"La ligne {before + 1 + skipped} du fichier a un guillemet mal fermé. Corrigez-la, ou demandez un .xlsx."
        ) from error


def _decoded(raw: bytes) -> str:
    """UTF-8, what Excel calls « Texte Unicode », or the Windows of Western Europe."""
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" in text or sum(c < " " and c not in "\r\n\t\f" for c in text) > len(text) // 100:
            break
        return text.replace("\r\n", "\n").replace("\r", "\n")
    raise Unreadable("Ce fichier n’est pas un tableau. Demandez la liste en .csv ou en .xlsx.")


def _separator(text: str) -> str:
    """The sign that cuts most lines in the same number of cells, quotes set apart."""
    sample = [re.sub(r'"[^"]*"', "", line) for line in islice(filter(str.strip, text.split("\n")), 30)]

    def score(sign: str) -> tuple[int, int]:
        counts = [line.count(sign) for line in sample]
        usual = max(set(counts) - {0}, key=counts.count, default=0)
        return (counts.count(usual) if usual else 0, usual)

    return max(_SEPARATORS, key=score)


def _workbook_rows(raw: bytes) -> list[tuple[int, list[str]]]:
    _guard(raw)
    from openpyxl import load_workbook

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
            try:
                return _first_sheet(book)
            finally:
                book.close()
    except Unreadable:
        raise
    except Exception as error:  # whatever a malformed file makes the library say
        raise Unreadable("Ce fichier Excel est abîmé. Demandez-le de nouveau, ou en .csv.") from error


def _first_sheet(book) -> list[tuple[int, list[str]]]:
    """The rows of the first sheet shown that has some."""
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what the file says of its own size is not believed
        rows = []
        for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > 4 * ROWS_MAX:
                raise Unreadable(_TOO_LONG)
            filled = [rank for rank, value in enumerate(values, 1) if value is not None]
            if filled and filled[-1] > COLUMNS_MAX:
                raise Unreadable(_TOO_WIDE)
            if filled:
                rows.append((number, [_text(value) for value in values[: filled[-1]]]))
        if rows:
            return rows
    return []


def _guard(raw: bytes) -> None:
    """Refuse what would not stay small once unpacked, and any XML that could call for more than itself."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            if len(parts) > _PARTS_MAX or sum(part.file_size for part in parts) > _UNPACKED_MAX:
                raise Unreadable("Ce fichier Excel est trop lourd une fois ouvert. Demandez la liste en .csv.")
            names = {part.filename for part in parts}
            if any(part.flag_bits & 1 for part in parts):
                raise Unreadable("Ce fichier a un mot de passe. Enregistrez-le sans mot de passe.")
            if "xl/vbaProject.bin" in names:
                raise Unreadable("Ce fichier contient des macros. Enregistrez-le en .xlsx ou en .csv.")
            if "xl/workbook.xml" not in names:
                raise Unreadable("Ce fichier n’est pas un tableau Excel. Demandez la liste en .csv ou en .xlsx.")
            for part in parts:
                if part.filename.casefold().endswith((".xml", ".rels")):
                    content = archive.read(part)
                    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or b"\x00" in content:
                        raise Unreadable("Ce fichier Excel n’est pas ordinaire. Demandez la liste en .csv.")
    except (zipfile.BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise Unreadable("Ce fichier Excel est abîmé. Demandez-le de nouveau, ou en .csv.") from error


def _text(value: object) -> str:
    """A cell as a person reads it: « 42 », « 12,5 », « 23/11/2026 », « Oui »."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Oui" if value else "Non"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}".replace(".", ",")
    if isinstance(value, datetime | date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _risky(text: str) -> bool:
    return text.lstrip(" \u00a0\n").startswith(tuple(_FORMULA))


def safe(text: str) -> str:
    """Words that a spreadsheet takes for words: what could begin a formula gets an apostrophe."""
    return ("'" if _risky(text) else "") + _CONTROLS.sub(" ", text)


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Semicolons and a byte-order mark: what Excel in French opens with a double click."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerows([safe(cell) for cell in row] for row in (columns, *rows))
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Every cell is text, said to be text: nothing is reckoned when the file opens."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", " ", title)[:31].strip("' ") or "Liste"
    widths = [len(name) for name in columns]
    for number, row in enumerate((columns, *rows), 1):
        for rank, text in enumerate(row, 1):
            cell = sheet.cell(number, rank)
            cell.value = _CONTROLS.sub(" ", text)
            cell.data_type, cell.number_format = "s", "@"
            cell.quotePrefix = _risky(text)
            if number == 1:
                cell.font = Font(bold=True)
            widths[rank - 1] = max(widths[rank - 1], len(text))
    for column, width in zip(sheet.columns, widths, strict=False):
        sheet.column_dimensions[column[0].column_letter].width = min(60, width + 2)
    sheet.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
