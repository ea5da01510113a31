"""The paper: fonts, measures, strokes, and marked text set in lines, shared by every printed document."""

import io
import re
from collections.abc import Sequence
from functools import cache, cached_property, lru_cache, partial
from typing import NamedTuple

from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.rl_accel import fp_str
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfdoc import PDFZCompress
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace
from reportlab.pdfgen.canvas import Canvas

from desktop.documents.content import BLANK, BOLD, BOX, END, LIGHT, LONG, MARKS
from desktop.documents.tagging import Element, Tags, marked, write
from desktop.french import NBSP
from desktop.paths import RESOURCES

PAGE_WIDTH, PAGE_HEIGHT = A4
LEFT, WIDTH, BOTTOM = 25 * mm, 160 * mm, 18 * mm
INK, GREY, HAIR, MARKER = map(HexColor, ("#1a1a1a", "#6b6b6b", "#c9c9c9", "#ffe9a8"))
REGULAR, STRONG = "Source Sans 3", "Source Sans 3 Bold"
NAMES = 45 * mm  # the left column of a table
GUTTER = 3 * mm  # between the columns of a table
RULED = 8 * mm  # between two lines to write on
LANG = "fr-FR"
_CAPITAL = 0.66  # how tall a capital is, for a size of 1
_DOTS = "." * 46
_TOKENS = re.compile(f"{BLANK}({LONG}?)(.*?){END}|([{''.join(sorted(MARKS))} ])|([^{''.join(sorted(MARKS))} ]+)")

rl_config.useA85 = 0  # page streams as bytes: a fifth smaller


class _Deflated:
    """The filter of a font, remembered: a letter on the screen is drawn again at each key, in the same glyphs."""

    pdfname = PDFZCompress.pdfname
    encode = staticmethod(lru_cache(maxsize=16)(PDFZCompress.encode))


def _remember(face: TTFontFace) -> None:
    """Keep the last subsets of a face: glyphs, never the words they wrote."""
    subset_of = lru_cache(maxsize=8)(partial(TTFontFace.makeSubset, face))

    def add(document, name: str, subset: list[int]):
        reference = TTFontFace.addSubsetObjects(face, document, name, subset)
        for stream in (f"fontFile:{face.filename}({name})", f"toUnicodeCMap:{name}"):
            document.idToObject[stream].filters = [_Deflated]
        return reference

    face.makeSubset = lambda subset: subset_of(tuple(subset))
    face.addSubsetObjects = add
    face.getCharWidth = cache(lambda code: fp_str(TTFontFace.getCharWidth(face, code)).encode())


class _Font(TTFont):
    def splitString(self, text: str, doc, encoding: str = "utf-8") -> list[tuple[int, bytes]]:
        """The codes of a text; letter by letter only when one is new to the document."""
        state = self._assignState(doc)
        text = text.replace(NBSP, " ")
        if text and state.nextCode < 256 and state.assignments.keys() >= set(map(ord, text)):
            return [(0, text.translate(state.assignments).encode("latin-1"))]
        return super().splitString(text, doc, encoding)


@cache
def fonts() -> None:
    """Register Source Sans 3, once."""
    folder = RESOURCES / "fonts" / "source-sans-3"
    for name, file in ((REGULAR, "SourceSans3_400Regular.ttf"), (STRONG, "SourceSans3_700Bold.ttf")):
        font = _Font(name, folder / file, asciiReadable=0)
        _remember(font.face)
        registerFont(font)


def unprintable(text: str) -> str:
    """The characters the font has no drawing for, each once."""
    fonts()
    known = getFont(REGULAR).face.charToGlyph
    return "".join(c for c in dict.fromkeys(text) if ord(c) not in known and c not in MARKS)


class Sheets(Canvas):
    """An A4 document in French, byte-identical for identical drawing; `tags` when it carries its structure.

    Not `packed` for what the screen shows and nobody keeps: its pages are not compressed.
    """

    tags: Tags | None = None

    def __init__(self, title: str, tagged: bool = False, packed: bool = True) -> None:
        fonts()
        self.title, self.buffer = title, io.BytesIO()
        super().__init__(
            self.buffer, pagesize=A4, pageCompression=packed, invariant=1, initialFontName=REGULAR, lang=LANG
        )
        self.tags = Tags() if tagged else None
        self.setTitle(title)
        self.setAuthor("")
        self.setSubject("")
        self.setCreator("Guichet")
        self.setViewerPreference("DisplayDocTitle", "true")

    def finished(self) -> bytes:
        """The bytes; nothing more can be drawn."""
        if self.tags:
            write(self, self.tags, self.title, LANG)
        self.save()
        return self.buffer.getvalue()


def height(from_top_mm: float) -> float:
    """Measures are read from the top of the sheet; PDF counts from the bottom."""
    return PAGE_HEIGHT - from_top_mm * mm


class Style(NamedTuple):
    """How a text is set; `align` is 0 on the left, 1 in the middle, 2 on the right."""

    size: float = 11
    leading: float = 15
    indent: float = 0
    color: HexColor = INK
    font: str = REGULAR
    align: int = 0


PLAIN = Style()


def plain(text: str, draft: bool = False) -> str:
    """Marked text on one line, without its marks; a blank is dots, or its name in a draft."""
    if MARKS.isdisjoint(text):
        return text
    text = re.sub(f"{BLANK}{LONG}?(.*?){END}", r"[\1]" if draft else _DOTS, text)
    return "".join(c for c in text if c not in MARKS)


class Run(NamedTuple):
    """Letters of one word in one font; a `blank` is highlighted; after a `cut` the word goes on."""

    text: str
    font: str
    blank: bool = False
    cut: bool = False

    def width(self, size: float) -> float:
        return getFont(self.font).stringWidth(self.text, size)


Word = list[Run]


def _words(text: str, like: Style, draft: bool, width: float) -> list[Word]:
    """Words are what plain spaces separate; a no-break space stays inside one."""
    if MARKS.isdisjoint(text):
        return [[Run(word, like.font)] for word in text.split(" ") if word]
    words: list[Word] = [[]]
    font = like.font
    for found in _TOKENS.finditer(text):
        long, label, mark, letters = found.groups()
        if letters:
            words[-1].append(Run(letters, font))
        elif mark == " ":
            words.append([])
        elif mark:
            font = {BOLD: STRONG, LIGHT: like.font}.get(mark, font)
        elif draft:
            first, *others = f"[{label}]".split(" ")
            words[-1].append(Run(first, font, blank=True))
            words += [[Run(other, font, blank=True)] for other in others]
        else:
            full = int(width / stringWidth(".", REGULAR, like.size))
            dots = Run("." * (full if long else min(full, len(_DOTS))), REGULAR)
            words[-1:] = [words[-1], [dots], [dots], [dots], []] if long else [[*words[-1], dots]]
    return [word for word in words if word]


def _cut(word: Word, width: float, size: float) -> tuple[Word, Word]:
    """The start of a word wider than a line, and the rest."""
    head: Word = []
    for i, run in enumerate(word):
        for j in range(1, len(run.text) + 1):
            wider = run._replace(text=run.text[:j])
            if wider.width(size) > width and (j > 1 or head):
                kept = [*head, run._replace(text=run.text[: j - 1])] if j > 1 else head
                return kept, [run._replace(text=run.text[j - 1 :]), *word[i + 1 :]]
        width -= run.width(size)
        head.append(run)
    return head, []


def _set(words: list[Word], width: float, size: float) -> list[list[Word]]:
    """Words in lines, each as full as it can be."""
    found: list[list[Word]] = []
    space, used = stringWidth(" ", REGULAR, size), width
    for word in words:
        wide = sum([run.width(size) for run in word])
        if found and used + space + wide <= width:
            found[-1].append(word)
            used += space + wide
            continue
        while wide > width and len(word[0].text) + len(word) > 2:
            head, word = _cut(word, width, size)
            found.append([[*head[:-1], head[-1]._replace(cut=True)]])
            wide = sum(run.width(size) for run in word)
        if word:
            found.append([word])
            used = wide
    return found or [[]]


class Text:
    """Marked text set in lines: bold, blanks, a bullet or a box to tick. Cut between two lines, never leaving one alone."""

    def __init__(
        self, text: str, like: Style = PLAIN, draft: bool = False, bullet: str = "", element: Element | None = None
    ) -> None:  # fmt: skip
        self.text, self.like, self.draft, self.bullet = text, like, draft, bullet
        self.element = element or Element("P")
        self.label = Element("Lbl", self.element.parent, said="☐" if bullet == BOX else "") if bullet else None
        self.width = self.height = 0.0
        self.lines: list[list[Word]] = []
        self.ended = True  # false for a part that goes on elsewhere

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        if width != self.width:
            self.width, room = width, width - self.like.indent
            whole = Run(self.text, self.like.font)
            if whole.text and MARKS.isdisjoint(whole.text) and whole.width(self.like.size) <= room:
                self.lines = [[[whole]]]
            else:
                self.lines = _set(_words(self.text, self.like, self.draft, room), room, self.like.size)
            self.height = len(self.lines) * self.like.leading
        return width, self.height

    def split(self, width: float, available: float) -> list["Text"]:
        """The part that fits and the rest, at least two lines each; empty when it cannot be cut."""
        self.wrap(width)
        count = min(int(available // self.like.leading), len(self.lines) - 2)
        return [self._part(0, count), self._part(count, len(self.lines))] if count >= 2 else []

    def _part(self, start: int, end: int) -> "Text":
        part = Text("", self.like, self.draft, "" if start else self.bullet, self.element)
        part.width, part.lines = self.width, self.lines[start:end]
        part.height = len(part.lines) * self.like.leading
        part.ended = self.ended and end == len(self.lines)
        return part

    def drawOn(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it above `y`, from `x`."""
        size, leading, indent, color, font, align = self.like
        first = y + self.height - (leading + _CAPITAL * size) / 2
        if self.bullet:
            with marked(canvas, self.label):
                _bullet(canvas, self.bullet, x, first, self.like)
        x += indent
        spoken = getattr(canvas, "tags", None) is not None
        with marked(canvas, self.element):
            if self.draft and any(run.blank for line in self.lines for word in line for run in word):
                self._highlight(canvas, x, first)
            text = canvas.beginText(x, first)
            text.setFillColor(color)
            text.setFont(font, size, leading)
            used = font
            for i, line in enumerate(self.lines):
                runs = _joined(line)
                if align:
                    text.setTextOrigin(x + self._shift(runs), first - i * leading)
                last = self.ended and i + 1 == len(self.lines)
                if spoken and not last and not line[-1][-1].cut:  # read aloud, the end of a line ends a word
                    runs[-1] = runs[-1]._replace(text=runs[-1].text + " ")
                for j, run in enumerate(runs, 1):
                    if run.font != used:
                        text.setFont(run.font, size, leading)
                        used = run.font
                    if j < len(runs):
                        text.textOut(run.text)
                    else:
                        text.textLine(run.text)
            canvas.drawText(text)

    def _shift(self, runs: list[Run]) -> float:
        """How far from the left a line starts."""
        spare = self.width - self.like.indent - sum(run.width(self.like.size) for run in runs)
        return spare * self.like.align / 2

    def _highlight(self, canvas: Canvas, x: float, first: float) -> None:
        size, space = self.like.size, stringWidth(" ", REGULAR, self.like.size)
        canvas.setFillColor(MARKER)
        for i, line in enumerate(self.lines):
            at = x + self._shift(_joined(line))
            for j, word in enumerate(line):
                for run in word:
                    wide = run.width(size)
                    if run.blank:
                        goes_on = run is word[-1] and j + 1 < len(line) and line[j + 1][0].blank
                        bottom = first - i * self.like.leading - size * 0.28
                        canvas.rect(at, bottom, wide + space * goes_on, size * 1.15, stroke=0, fill=1)
                    at += wide
                at += space


def _joined(line: list[Word]) -> list[Run]:
    """The runs of a line, neighbours of one font made one, with the spaces between words."""
    joined: list[Run] = []
    for i, word in enumerate(line):
        for j, run in enumerate(word):
            text = (" " if i and not j else "") + run.text
            if joined and joined[-1].font == run.font:
                joined[-1] = Run(joined[-1].text + text, run.font)
            else:
                joined.append(Run(text, run.font))
    return joined


def _bullet(canvas: Canvas, bullet: str, x: float, baseline: float, like: Style) -> None:
    if bullet == BOX:
        side = like.size * 0.85
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.8)
        canvas.rect(x + 0.4, baseline + (_CAPITAL * like.size - side) / 2, side, side)
        return
    canvas.setFillColor(like.color)
    canvas.setFont(like.font, like.size)
    canvas.drawString(x, baseline, bullet)


def lines(canvas, texts: Sequence[str], x, top, width, size, leading, draft=False, least: float = 0) -> float:
    """Draw lines downwards from `top`, smaller if one is wider than `width`; if that is below `least`, it runs on. The bottom."""
    widest = max((stringWidth(plain(text, draft), REGULAR, size) for text in texts), default=0)
    if widest > width and size * width / widest > least:
        size *= width / widest * 0.999
    element = Element("P")
    y = top - size * 0.75 + (leading + _CAPITAL * size) / 2  # the first baseline is where a drawn line has it
    for text in texts:
        line = Text(text, Style(size, leading), draft, element=element)
        y -= line.wrap(width)[1]
        line.drawOn(canvas, x, y)
    return y


class Rows:
    """Two columns with a hairline under each row; amounts stand on the right."""

    def __init__(
        self, pairs: Sequence[tuple[str, str]], size: float = 11, draft: bool = False, element: Element | None = None
    ) -> None:
        amounts = all(value.endswith("€") or BLANK in name for name, value in pairs)
        widest = max(stringWidth(plain(label, draft), REGULAR, size) for label, _ in pairs) if pairs else 0
        self.columns = (min(widest + 12 * mm, 110 * mm), 46 * mm) if amounts else (NAMES, WIDTH - NAMES)
        self.pad = size * (0.22 if amounts else 0.32)
        self.element = element or Element("Table")
        name = Style(size, size * 1.35, color=INK if amounts else GREY)
        value = Style(size, size * 1.35, align=2 if amounts else 0)
        self.rows: list[tuple[Text, Text]] = []
        for pair in pairs:
            row = Element("TR", self.element)
            left, right = (
                Text(cell, like, draft, element=Element("TD", row))
                for cell, like in zip(pair, (name, value), strict=True)
            )
            self.rows.append((left, right))

    @cached_property
    def heights(self) -> list[float]:
        widths = self.columns[0] - GUTTER, self.columns[1]
        return [
            max(cell.wrap(width)[1] for cell, width in zip(row, widths, strict=True)) + 2 * self.pad
            for row in self.rows
        ]

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        return sum(self.columns), sum(self.heights) + self.pad  # and a little air below the last line

    def split(self, width: float, available: float) -> list["Rows"]:
        """The rows that fit and the others, at least two of them: a total never stands alone."""
        heights, count = self.heights, 0
        while count < len(heights) - 2 and sum(heights[: count + 1]) + self.pad <= available:
            count += 1
        return [self._part(0, count), self._part(count, len(heights))] if count else []

    def _part(self, start: int, end: int) -> "Rows":
        part = Rows([], element=self.element)
        part.columns, part.pad, part.rows = self.columns, self.pad, self.rows[start:end]
        return part

    def drawOn(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw it above `y`, from `x`."""
        heights = self.heights
        y += sum(heights) + self.pad
        for row, tall in zip(self.rows, heights, strict=True):
            for cell, across in zip(row, (0, self.columns[0]), strict=True):
                cell.drawOn(canvas, x + across, y - self.pad - cell.height)
            y -= tall
            rule(canvas, x, y, sum(self.columns), HAIR)


class Ruled:
    """Empty lines to write on by hand."""

    def __init__(self, count: int) -> None:
        self.count = count

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        self.width = width
        return width, self.count * RULED

    def split(self, width: float, available: float) -> list["Ruled"]:
        count = min(int(available // RULED), self.count - 2)
        return [Ruled(count), Ruled(self.count - count)] if count >= 2 else []

    def drawOn(self, canvas: Canvas, x: float, y: float) -> None:
        for i in range(self.count):
            rule(canvas, x, y + i * RULED, self.width, GREY)


def rule(canvas: Canvas, x: float, y: float, width: float, color=HAIR, thick: float = 0.4) -> None:
    """A decorative line across."""
    with marked(canvas, None):
        canvas.setStrokeColor(color)
        canvas.setLineWidth(thick)
        canvas.line(x, y, x + width, y)
