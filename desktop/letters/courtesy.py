"""The courtesy copy of a sheet: French on the left, another language on the right, on one page (Qt writes it).

ReportLab neither joins Arabic letters nor orders its words: QTextDocument does both, and its writer embeds the fonts.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QFontDatabase,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableCell,
    QTextTableFormat,
)  # fmt: skip

from desktop.documents import courtesy
from desktop.documents.content import clean
from desktop.documents.courtesy import Language
from desktop.documents.typography import typeset
from desktop.french import long_date
from desktop.paths import RESOURCES

LEFT_TO_RIGHT = "\u200e"  # an isolate would do the same, but neither font draws one: a machine's own font would come in
SIZES = (13, 12, 11, 10, 9)  # points; the largest that stays on one page; never smaller, a second page instead
_FAMILIES = ["Source Sans 3", "Noto Naskh Arabic"]
_INK, _GREY, _HAIR, _SOFT = "#1a1a1a", "#595959", "#c9c9c9", "#f1f1f1"


@dataclass(frozen=True)
class _Kind:
    """How a row looks: sizes and gaps are in parts of the page's size."""

    size: float
    above: float = 0.3
    under: float = 0.3
    side: float = 0
    strong: bool = False
    color: str = _INK
    fill: str = ""
    ruled: bool = False


TITLE = _Kind(1.5, 0, 1.2, strong=True)
NOTICE = _Kind(0.92, 0.6, 0.6, 0.8, fill=_SOFT)
NAME = _Kind(1.1, 1.6, 0.2, strong=True)
VALUE = _Kind(1.15, 0.1, 1.2, ruled=True)
TEXT = _Kind(1.1, 0.5, 0.5)
FOOT = _Kind(0.85, 1.2, 0, color=_GREY)


@dataclass(frozen=True)
class _Row:
    """Lines in French, and beside them the other language; with either alone, the row is one cell."""

    kind: _Kind
    french: tuple[str, ...] = ()
    other: tuple[str, ...] = ()


def courtesy_copy(title: str, rows: Sequence[tuple[str, str]], language: str, day: date, body: str = "") -> bytes:
    """The PDF of a sheet: `rows` are names of courtesy.toml with their values, typed in French and left so.

    `body`, from `courtesy_body`, comes first; its « # » line is the translated title. Raises LookupError.
    """
    other = courtesy.languages()[language]
    lines = tuple(_rows(title, rows, other, day, body))
    _load_fonts()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    portrait, millimetres = QPageLayout.Orientation.Portrait, QPageLayout.Unit.Millimeter
    margins = QMarginsF(22, 20, 22, 14)
    writer.setPageLayout(QPageLayout(QPageSize(QPageSize.PageSizeId.A4), portrait, margins, millimetres))
    writer.setTitle(typeset(clean(title)))
    writer.setCreator("Guichet")
    for size in SIZES:
        document = _document(lines, size, other, writer)
        if document.pageCount() == 1:
            break
    _paint(document, writer)
    buffer.close()
    return buffer.data().data()


def isolated(text: str) -> str:
    """French inside a line written from right to left: its words and its punctuation keep their order."""
    return f"{LEFT_TO_RIGHT}{text}{LEFT_TO_RIGHT}"


def _rows(title: str, rows: Sequence[tuple[str, str]], other: Language, day: date, body: str) -> Iterator[_Row]:
    french, dated = courtesy.french(), long_date(day)
    there = isolated(dated) if other.right_to_left else dated
    paragraphs = [" ".join(chunk.split()) for chunk in body.split("\n\n") if chunk.strip()]
    heading = paragraphs.pop(0).removeprefix("# ") if paragraphs and paragraphs[0].startswith("# ") else ""
    notices = ("copie",) if other.reviewed_by else ("copie", "relire")
    yield _Row(TITLE, (typeset(clean(title)),), (heading or other.words["titre"],))
    yield _Row(NOTICE, (" · ".join(french[name] for name in notices),))
    yield _Row(NOTICE, other=(" · ".join(other.words[name] for name in notices),))
    for paragraph in paragraphs:
        yield _Row(TEXT, other=(paragraph,))
    for name, value in rows:
        if text := _lines(value):
            yield _Row(NAME, (french[name],), (other.words[name],))
            yield _Row(VALUE, text)
    yield _Row(FOOT, (french["remis"].format(jour=dated),), (other.words["remis"].format(jour=there),))
    if other.reviewed_by:
        by = f"Traduction : {other.translated_by} · r" if other.translated_by else "Traduction r"
        yield _Row(FOOT, (typeset(f"{by}elue par {other.reviewed_by}"),))


def _lines(value: str) -> tuple[str, ...]:
    """What is typed, set as French is; several lines are a list."""
    lines = [re.sub(r"^[-•–] *", "", line) for raw in value.splitlines() if (line := clean(raw))]
    return tuple(typeset(f"– {line}" if len(lines) > 1 else line) for line in lines)


@cache
def _load_fonts() -> None:
    for folder in ("source-sans-3", "noto-naskh-arabic"):
        for file in sorted((RESOURCES / "fonts" / folder).glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))


def _document(rows: tuple[_Row, ...], size: float, other: Language, writer: QPdfWriter) -> QTextDocument:
    document = QTextDocument()
    document.documentLayout().setPaintDevice(writer)
    document.setDocumentMargin(0)
    document.setPageSize(QSizeF(writer.width(), writer.height()))
    half = QTextLength(QTextLength.Type.PercentageLength, 50)
    layout = QTextTableFormat()
    layout.setWidth(QTextLength(QTextLength.Type.PercentageLength, 100))
    layout.setColumnWidthConstraints([half, half])
    layout.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
    layout.setCellSpacing(0)
    table = QTextCursor(document).insertTable(len(rows), 2, layout)
    for line, row in enumerate(rows):
        _fill(table, line, row, size, other)
    return document


def _fill(table: QTextTable, line: int, row: _Row, size: float, other: Language) -> None:
    if not row.french or not row.other:
        table.mergeCells(line, 0, 1, 2)
    else:
        _write(table.cellAt(line, 1), row, row.other, size, arabic=other.right_to_left, right=True)
    if row.french:
        _write(table.cellAt(line, 0), row, row.french, size)
    else:
        _write(table.cellAt(line, 0), row, row.other, size, arabic=other.right_to_left, right=other.right_to_left)


def _write(
    cell: QTextTableCell, row: _Row, lines: tuple[str, ...], size: float, *, arabic: bool = False, right: bool = False
) -> None:
    """One cell; Arabic is never bold (its font has one weight) but a little larger, as its letters are small."""
    kind, points = row.kind, size * row.kind.size * (1.15 if arabic else 1)
    block = QTextBlockFormat()
    block.setLayoutDirection(Qt.LayoutDirection.RightToLeft if arabic else Qt.LayoutDirection.LeftToRight)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    block.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
    letters = QTextCharFormat()
    letters.setFontFamilies(_FAMILIES)
    letters.setFontPointSize(points)
    letters.setFontWeight(QFont.Weight.Bold if kind.strong and not arabic else QFont.Weight.Normal)
    letters.setForeground(QBrush(QColor(kind.color)))
    frame = cell.format().toTableCellFormat()
    frame.setTopPadding(kind.above * size)
    frame.setBottomPadding(kind.under * size)
    frame.setLeftPadding(kind.side * size)
    frame.setRightPadding(kind.side * size)
    frame.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignMiddle)
    if kind.fill:
        frame.setBackground(QBrush(QColor(kind.fill)))
    if kind.ruled:
        frame.setBottomBorder(1)
        frame.setBottomBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        frame.setBottomBorderBrush(QBrush(QColor(_HAIR)))
    cell.setFormat(frame)
    cursor = cell.firstCursorPosition()
    cursor.setBlockFormat(block)
    for line, text in enumerate(lines):
        if line:
            cursor.insertBlock(block)
        cursor.insertText(text, letters)


def _paint(document: QTextDocument, writer: QPdfWriter) -> None:
    painter = QPainter(writer)
    for page in range(document.pageCount()):
        if page:
            writer.newPage()
            painter.translate(0, -writer.height())
        document.drawContents(painter, QRectF(0, page * writer.height(), writer.width(), writer.height()))
    painter.end()
