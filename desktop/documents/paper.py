"""The paper: fonts, measures and strokes shared by every printed document."""

import io
import re
from functools import cache
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, registerFontFamily, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph
from reportlab.platypus.flowables import Flowable

from desktop.documents.content import BLANK, BOLD, CELL, END, HEAD, ITEM, LIGHT, LONG, MARKS
from desktop.paths import RESOURCES

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, WIDTH, BOTTOM = 25 * mm, 160 * mm, 18 * mm
INK, GREY, HAIR, MARKER = map(HexColor, ("#1a1a1a", "#6b6b6b", "#c9c9c9", "#ffe9a8"))
REGULAR, STRONG = "Source Sans 3", "Source Sans 3 Bold"
NAMES = 45 * mm  # the left column of a table
_DOTS = "." * 46


@cache
def fonts() -> None:
    """Register Source Sans 3, once."""
    folder = RESOURCES / "fonts" / "source-sans-3"
    registerFont(TTFont(REGULAR, folder / "SourceSans3_400Regular.ttf", asciiReadable=0))
    registerFont(TTFont(STRONG, folder / "SourceSans3_700Bold.ttf", asciiReadable=0))
    registerFontFamily(REGULAR, normal=REGULAR, bold=STRONG, italic=REGULAR, boldItalic=STRONG)


def unprintable(text: str) -> str:
    """The characters the font has no drawing for, each once."""
    fonts()
    known = getFont(REGULAR).face.charToGlyph
    return "".join(dict.fromkeys(c for c in text if ord(c) not in known and c not in MARKS))


def sheet(title: str) -> tuple[Canvas, io.BytesIO]:
    """A blank A4 document, in French, byte-identical for identical drawing."""
    fonts()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=REGULAR, lang="fr-FR")
    canvas.setTitle(title)
    canvas.setAuthor("")
    canvas.setCreator("Guichet")
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas, buffer


def height(from_top_mm: float) -> float:
    """Measures are read from the top of the sheet; PDF counts from the bottom."""
    return PAGE_HEIGHT - from_top_mm * mm


@cache
def style(size: float = 11, leading: float = 15, indent: float = 0, color=INK, font: str = REGULAR, align: int = 0):
    return ParagraphStyle(
        f"{font} {size}", fontName=font, fontSize=size, leading=leading, leftIndent=indent, textColor=color, alignment=align,
        bulletFontName=font, bulletFontSize=size, bulletColor=color, allowWidows=0, allowOrphans=0,
    )  # fmt: skip


def markup(text: str, draft: bool = False) -> str:
    """Marked plain text → ReportLab markup: everything typed is escaped here, and only here."""
    dots = f'<font name="{REGULAR}">{_DOTS}</font>'
    shown = r'<font backColor="#ffe9a8">[\1]</font>' if draft else dots
    text = re.sub(f"{BLANK}{LONG}(.*?){END}", shown if draft else "<br/>".join([_DOTS * 3] * 3), escape(text))
    text = re.sub(f"{BLANK}(.*?){END}", shown, text)
    return text.translate({ord(BOLD): "<b>", ord(LIGHT): "</b>", **dict.fromkeys(map(ord, (CELL, ITEM, HEAD)), "")})


def plain(text: str, draft: bool = False) -> str:
    """The same on one drawn line."""
    return re.sub(f"{BLANK}{LONG}?(.*?){END}", r"[\1]" if draft else _DOTS, text)


def paragraph(text: str, like: ParagraphStyle, draft: bool = False, bullet: str | None = None) -> Paragraph:
    return Paragraph(markup(text, draft), like, bulletText=bullet)


def lines(canvas, texts, x, top, width, size, leading, draft=False) -> None:
    """Draw lines downwards from `top`, all of them smaller if one is wider than `width` (points)."""
    widest = max((stringWidth(plain(text, draft), REGULAR, size) for text in texts), default=0)
    size = min(size, size * width / widest) if widest else size
    for i, text in enumerate(texts):
        shown, y = plain(text, draft), top - size * 0.75 - i * leading
        if draft and BLANK in text:
            canvas.setFillColor(MARKER)
            canvas.rect(x, y - size * 0.25, stringWidth(shown, REGULAR, size), size * 1.1, stroke=0, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont(REGULAR, size)
        canvas.drawString(x, y, shown)


class Rows(Flowable):
    """Two columns with a hairline under each row; amounts stand on the right."""

    def __init__(self, pairs: list[tuple[str, str]], size: float = 11, draft: bool = False):
        super().__init__()
        amounts = all(value.endswith("€") or BLANK in name for name, value in pairs)
        widest = max(stringWidth(plain(label, draft), REGULAR, size) for label, _ in pairs) if pairs else 0
        self.columns = (min(widest + 12 * mm, 110 * mm), 46 * mm) if amounts else (NAMES, WIDTH - NAMES)
        self.pad = size * (0.22 if amounts else 0.32)
        name = style(size, size * 1.35, color=INK if amounts else GREY)
        value = style(size, size * 1.35, align=2 if amounts else 0)
        self.pairs = [(paragraph(a, name, draft), paragraph(b, value, draft)) for a, b in pairs]

    def wrap(self, width: float, available: float) -> tuple[float, float]:
        self.heights = [
            max(cell.wrap(column, available)[1] for cell, column in zip(pair, self.columns, strict=True)) + 2 * self.pad
            for pair in self.pairs
        ]
        return sum(self.columns), sum(self.heights) + self.pad  # and a little air below the last line

    def draw(self) -> None:
        y = sum(self.heights) + self.pad
        self.canv.setStrokeColor(HAIR)
        self.canv.setLineWidth(0.4)
        for pair, tall in zip(self.pairs, self.heights, strict=True):
            for cell, x in zip(pair, (0, self.columns[0]), strict=True):
                cell.drawOn(self.canv, x, y - self.pad - cell.height)
            y -= tall
            self.canv.line(0, y, sum(self.columns), y)
