"""The one page of a home's meters: what was read, what was used day by day, what to look at, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.documents import paper, scale
from desktop.documents.content import BOX, clean
from desktop.documents.flow import Framed
from desktop.documents.letter import Unprintable, foot, letterhead
from desktop.documents.paper import Sheets, Style, Text
from desktop.documents.tagging import Element, marked
from desktop.documents.typography import typeset
from desktop.french import NBSP, counted, day_and_month, long_date, short_date

TITLE = "Mes consommations"
ACCENT, TINT = HexColor("#0b5a63"), HexColor("#e9f1f1")
_HEADS = ("Relevé le", "Index", "Consommé", "Par jour", "")
_WIDTHS = (38 * mm, 24 * mm, 30 * mm, 30 * mm, paper.WIDTH - 122 * mm)
_SIZES = ((10, 9, 6, 40), (10, 7, 5, 36), (9.5, 6, 4, 32), (9.5, 5, 4, 28), (9, 4, 3, 24), (8.5, 3, 3, 20),
          (8.5, 2, 2, 18), (8.5, 2, 1, 16), (8, 1, 1, 15), (8, 1, 0, 14), (7.5, 0, 0, 13))  # fmt: skip
"""Points, the last rows of each table, the acts of each meter, the height of each curve in millimetres."""


@dataclass(frozen=True)
class Row:
    """One reading, in the words of the screen; `note` says « facture » or « compteur changé »."""

    day: str
    index: str
    used: str = ""
    per_day: str = ""
    note: str = ""


@dataclass(frozen=True)
class Stretch:
    """From one reading to the next: what was used each day; `high` when it is above the double of the average."""

    start: date
    end: date
    per_day: Fraction
    high: bool = False


@dataclass(frozen=True)
class MeterPage:
    """All that is printed of one meter; `alerts` is what doubled and what to do then, `acts` the éco-gestes."""

    name: str
    unit: str
    rows: tuple[Row, ...]
    stretches: tuple[Stretch, ...] = ()
    sentences: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        return (self.name, self.unit, *self.sentences, *self.alerts, *self.acts, *(row.note for row in self.rows))


def missing_glyphs(who: str, meters: Sequence[MeterPage]) -> str:
    """The characters that cannot be printed, each once."""
    return paper.unprintable("".join(map(clean, (who, *(text for meter in meters for text in meter.texts)))))


def render_readings(who: str, meters: Sequence[MeterPage], place: Sequence[str], day: date) -> bytes:
    """One A4 page; the oldest rows go first when it is full. Raises Unprintable."""
    if absent := missing_glyphs(who, meters):
        raise Unprintable(absent)
    canvas = Sheets(typeset(TITLE), tagged=True)
    dated = typeset(f"{clean(who)} · {long_date(day)}")
    top = letterhead(canvas, typeset(TITLE), tuple(typeset(clean(line)) for line in place), dated) - 2 * mm
    for size, rows, acts, tall in _SIZES:
        blocks = [block for meter in meters for block in _meter(meter, size, rows, tall * mm)]
        blocks += _acts(meters, size, acts)
        room = top - paper.BOTTOM - sum(gap + block.wrap(paper.WIDTH)[1] for gap, block in blocks)
        if room >= 0:
            break
    air = min(max(room, 0) / max(len(blocks), 1), 2.5 * mm)
    for gap, block in blocks:
        top -= gap + air + block.wrap(paper.WIDTH)[1]
        block.drawOn(canvas, paper.LEFT, top)
    foot(canvas, "", "")
    canvas.showPage()
    return canvas.finished()


def _meter(meter: MeterPage, size: float, rows: int, tall: float) -> list[tuple[float, object]]:
    like = Style(size, size * 1.4)
    title = Style(14, 18, color=ACCENT, font=paper.STRONG)
    blocks: list[tuple[float, object]] = [(4 * mm, Text(typeset(clean(meter.name)), title, element=Element("H2")))]
    blocks += [(0.8 * mm, Text(typeset(clean(words)), like)) for words in meter.sentences]
    if meter.alerts:
        first = Text(typeset(clean(meter.alerts[0])), like._replace(font=paper.STRONG))
        others = [Text(typeset(clean(words)), like) for words in meter.alerts[1:]]
        blocks.append((2 * mm, Framed([first, *others])))
    if len(meter.stretches) > 1:
        blocks.append((2 * mm, Steps(meter, tall)))
    if meter.rows and rows:
        blocks.append((1.5 * mm, Table(meter.rows, rows, size)))
    return blocks


def _acts(meters: Sequence[MeterPage], size: float, most: int) -> list[tuple[float, object]]:
    """What to do from tomorrow; one heading, the meter named when there are several."""
    if not most or not any(meter.acts for meter in meters):
        return []
    strong = Style(14, 18, color=ACCENT, font=paper.STRONG)
    blocks: list[tuple[float, object]] = [
        (5 * mm, Text(typeset("Pour consommer moins"), strong, element=Element("H2")))
    ]
    like, whole = Style(size, size * 1.4, indent=6.5 * mm), Element("L")
    for meter in meters:
        named = f"{meter.name} : " if len(meters) > 1 else ""
        for words in meter.acts[:most]:
            said = f"{named}{words[0].lower()}{words[1:]}" if named else words
            body = Element("LBody", Element("LI", whole))
            blocks.append((1 * mm, Text(typeset(clean(said)), like, bullet=BOX, element=body)))
    return blocks


class Table:
    """The readings, the latest first; what is left out is counted."""

    def __init__(self, rows: Sequence[Row], most: int, size: float) -> None:
        kept = rows[:most]
        self.pad, whole = size * 0.18, Element("Table")
        heads = Style(min(size, 8.5), 11, color=paper.GREY)
        self.lines = [self._line(_HEADS, heads, whole, "TH")]
        for row in kept:
            cells = (row.day, row.index, row.used, row.per_day, row.note)
            self.lines.append(self._line(cells, Style(size, size * 1.3), whole, "TD"))
        left = len(rows) - len(kept)
        told = counted(left, "relevé plus ancien n’est pas montré", "relevés plus anciens ne sont pas montrés")
        self.note = Text(typeset(f"{told}."), Style(8.5, 11, color=paper.GREY)) if left else None

    def _line(self, cells: Sequence[str], like: Style, whole: Element, kind: str) -> list[Text]:
        line = Element("TR", whole)
        aligned = (0, 2, 2, 2, 0)
        return [Text(typeset(clean(cell)), like._replace(align=align, indent=4 * mm if at == 4 else 0), element=Element(kind, line))
                for at, (cell, align) in enumerate(zip(cells, aligned, strict=True))]  # fmt: skip

    def _tall(self, line: list[Text]) -> float:
        return max(cell.wrap(width)[1] for cell, width in zip(line, _WIDTHS, strict=True)) + 2 * self.pad

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        return width, sum(map(self._tall, self.lines)) + (self.note.wrap(width)[1] if self.note else 0)

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        y += self.wrap(paper.WIDTH)[1]
        for line in self.lines:
            left, tall = x, self._tall(line)
            for cell, width in zip(line, _WIDTHS, strict=True):
                if cell.text:
                    cell.drawOn(canvas, left, y - self.pad - cell.height)
                left += width
            y -= tall
            paper.rule(canvas, x, y, paper.WIDTH, paper.INK if line is self.lines[0] else paper.HAIR)
        if self.note:
            self.note.drawOn(canvas, x, y - self.note.height)


class Steps:
    """What was used each day, step by step; a step that is too high is hatched and named."""

    def __init__(self, meter: MeterPage, tall: float) -> None:
        self.meter, self.tall = meter, tall
        said = ", ".join(
            f"du {short_date(part.start)} au {short_date(part.end)}{NBSP}: {scale.spoken(part.per_day)} {meter.unit} par jour"
            for part in meter.stretches
        )
        self.figure = Element("Figure", said=said)

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        return width, self.tall

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        with marked(canvas, self.figure):
            self._draw(canvas, x, y)

    def _draw(self, canvas: Sheets, x: float, y: float) -> None:
        parts, unit = self.meter.stretches, self.meter.unit
        first, last = parts[0].start, parts[-1].end
        marks = scale.steps(max(part.per_day for part in parts), max(1, min(3, int(self.tall / (8 * mm)) - 1)))
        left = x + max(stringWidth(scale.spoken(mark), paper.REGULAR, 8) for mark in marks) + 6
        right, foot_y, top = x + paper.WIDTH, y + 11, y + self.tall - 17
        canvas.setFont(paper.REGULAR, 8)
        canvas.setFillColor(paper.GREY)
        canvas.drawString(x, y + self.tall - 8, f"{unit} par jour")
        for mark in marks:
            level = foot_y + float(mark / marks[-1]) * (top - foot_y)
            canvas.setStrokeColor(paper.INK if not mark else paper.HAIR)
            canvas.setLineWidth(0.6 if not mark else 0.4)
            canvas.line(left, level, right, level)
            canvas.drawRightString(left - 4, level - 2.6, scale.spoken(mark))

        def across(day: date) -> float:
            return left + (day - first).days / max(1, (last - first).days) * (right - left)

        for part in parts:
            start, end = across(part.start), across(part.end)
            self._step(canvas, part, start, end - start, foot_y, float(part.per_day / marks[-1]) * (top - foot_y))
        canvas.setFillColor(paper.GREY)
        self._days(canvas, across, right, y)

    def _step(self, canvas: Sheets, part: Stretch, x: float, width: float, y: float, tall: float) -> None:
        canvas.setFillColor(TINT)
        canvas.setStrokeColor(ACCENT)
        canvas.setLineWidth(0.5)
        canvas.rect(x, y, width, tall, stroke=0, fill=1)
        if part.high:
            _hatch(canvas, x, y, width, tall)
            canvas.setFillColor(paper.INK)
            canvas.setFont(paper.STRONG, 8)
            middle = min(max(x + width / 2, paper.LEFT + 45), paper.LEFT + paper.WIDTH - 45)
            canvas.drawCentredString(middle, y + tall + 3, "plus du double")
        canvas.setStrokeColor(paper.INK if part.high else ACCENT)
        canvas.setLineWidth(1.6)
        canvas.line(x, y + tall, x + width, y + tall)

    def _days(self, canvas: Sheets, across, right: float, y: float) -> None:
        """The day of each reading under its step, as long as they do not touch."""
        canvas.setFont(paper.REGULAR, 7.5)
        parts = self.meter.stretches
        several = parts[0].start.year != parts[-1].end.year
        free = 0.0
        for day in (*(part.start for part in parts), parts[-1].end):
            words = f"{day_and_month(day)}/{day.year % 100:02}" if several else day_and_month(day)
            wide = stringWidth(words, paper.REGULAR, 7.5)
            start = min(max(across(day) - wide / 2, paper.LEFT), right - wide)
            if start >= free:
                canvas.drawString(start, y, words)
                free = start + wide + 5


def _hatch(canvas: Sheets, x: float, y: float, width: float, tall: float) -> None:
    canvas.saveState()
    canvas.setStrokeColor(paper.GREY)
    outline = canvas.beginPath()
    outline.rect(x, y, width, tall)
    canvas.clipPath(outline, stroke=0, fill=0)
    for place in range(int((width + tall) / 4) + 1):
        canvas.line(x + place * 4 - tall, y, x + place * 4, y + tall)
    canvas.restoreState()
