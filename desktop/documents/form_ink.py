"""How a value is written in a box of a form: measured first, drawn only if it fits. Points, from the box's bottom left."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import CMYKColor, Color
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.documents.paper import INK, REGULAR, fonts
from desktop.french import phone_digits

LARGEST, SMALLEST, STEP = 10.0, 6.0, 0.5
READABLE = 8.0  # below, a field that may continue on another page does
ABOVE, BELOW, CAPITAL = 0.95, 0.25, 0.66  # of Source Sans 3, its tallest accents and its lowest tails
LEADING = 1.2


@dataclass(frozen=True)
class Run:
    """Some text at a place of its box."""

    x: float
    y: float
    size: float
    text: str


def clean(text: str) -> str:
    """Typed text with plain spaces, no invisible character, and its own line breaks."""
    text = unicodedata.normalize("NFC", text)
    kept = []
    for line in text.splitlines():
        signs = (" " if unicodedata.category(c) == "Zs" or c == "\t" else c for c in line)
        kept.append(" ".join("".join(c for c in signs if unicodedata.category(c)[0] != "C").split()))
    return "\n".join(kept).strip()


def sizes(high: float, smallest: float = SMALLEST) -> list[float]:
    """From the largest that a line of this height takes, down to `smallest`; a very low box takes what it can."""
    largest = min(LARGEST, high / (ABOVE + BELOW))
    if largest < 4:
        return []
    smallest = min(smallest, largest)
    steps = math.floor((largest - smallest) / STEP + 1e-9)
    return [largest - STEP * i for i in range(steps + 1)] + ([smallest] if (largest - smallest) % STEP > 1e-6 else [])


def padding(wide: float) -> float:
    return 2 if wide > 20 else 0.5


def baseline(high: float, size: float) -> float:
    """Capitals stand in the middle, as far as tails and accents stay inside."""
    return max(BELOW * size, min((high - CAPITAL * size) / 2, high - ABOVE * size))


def line(text: str, wide: float, high: float, align: int = 0, smallest: float = SMALLEST) -> list[Run] | None:
    """One line; None when it does not fit. `align`: 0 left, 1 centre, 2 right, as PDF counts."""
    fonts()
    side = padding(wide)
    for size in sizes(high, smallest):
        width = stringWidth(text, REGULAR, size)
        if width <= wide - 2 * side:
            x = side + (wide - 2 * side - width) * align / 2
            return [Run(x, baseline(high, size), size, text)]
    return None


def wrapped(text: str, widths: Sequence[float], size: float) -> list[str]:
    """The lines of a text; line i is as wide as widths[i], the last width serves for all the others."""
    fonts()
    done: list[str] = []
    for paragraph in text.split("\n"):
        current = ""
        for word in paragraph.split(" "):
            room = widths[min(len(done), len(widths) - 1)]
            longer = f"{current} {word}".strip()
            if stringWidth(longer, REGULAR, size) <= room:
                current = longer
                continue
            if current:
                done.append(current)
            current = word
            while current and stringWidth(current, REGULAR, size) > (room := widths[min(len(done), len(widths) - 1)]):
                count = max(1, _that_fit(current, room, size))
                done.append(current[:count])
                current = current[count:]
        done.append(current)
    return done


def _that_fit(text: str, room: float, size: float) -> int:
    return next((n for n in range(len(text), 0, -1) if stringWidth(text[:n], REGULAR, size) <= room), 0)


def block(text: str, wide: float, high: float, align: int = 0, smallest: float = SMALLEST) -> list[Run] | None:
    """Several lines from the top, or one in the middle of a low box; None when they do not fit."""
    side = padding(wide)
    if high < 2 * LARGEST * LEADING and "\n" not in text and (alone := line(text, wide, high, align, READABLE)):
        return alone
    room = wide - 2 * side
    steps = sizes(high - 2, smallest)
    whole = [size for size in steps if all(stringWidth(word, REGULAR, size) <= room for word in text.split())]
    for size in whole + steps:  # smaller letters rather than a word cut in two
        texts = wrapped(text, [room], size)
        if size * (ABOVE + BELOW + LEADING * (len(texts) - 1)) > high - 1:
            continue
        top = high - 1 - ABOVE * size
        return [
            Run(side + (room - stringWidth(t, REGULAR, size)) * align / 2, top - i * LEADING * size, size, t)
            for i, t in enumerate(texts)
        ]
    return None


def flow(text: str, places: Sequence[tuple[float, float]], smallest: float = SMALLEST) -> list[list[Run]] | None:
    """A text that goes on from one (width, height) line to the next; None when they are too few."""
    room = [wide - 2 * padding(wide) for wide, _ in places]
    for size in sizes(min(high for _, high in places), smallest):
        texts = wrapped(text, room, size)
        if len(texts) <= len(places):
            texts += [""] * (len(places) - len(texts))
            return [
                [Run(padding(wide), baseline(high, size), size, t)] if t else []
                for t, (wide, high) in zip(texts, places, strict=True)
            ]
    return None


def comb(text: str, wide: float, high: float, cells: int, align: int = 0) -> list[Run] | None:
    """A character a cell, from the left, or from the right for amounts; None when there are more of them."""
    fonts()
    if len(text) > cells:
        return None
    cell = wide / cells
    widest = max((stringWidth(c, REGULAR, 1) for c in text), default=1)
    size = min(LARGEST, high / (ABOVE + BELOW), cell * 0.96 / widest)
    if size < 4:
        return None
    first = cells - len(text) if align == 2 else 0
    return [
        Run((first + i + 0.5) * cell - stringWidth(c, REGULAR, size) / 2, baseline(high, size), size, c)
        for i, c in enumerate(text)
        if c != " "
    ]


_DATE = re.compile(r"(\d{1,2})\s*[/. -]\s*(\d{1,2})\s*[/. -]\s*(\d{4}|\d\d)")


def figures(text: str, cells: int) -> str:
    """What goes in the cells of a comb: a date or a number loses its separators, words keep their spaces."""
    if cells in (6, 8) and (found := _DATE.fullmatch(text)):
        day, month, year = found.groups()
        if cells == 8 and len(year) == 2:
            raise ValueError("Écrivez l’année avec 4 chiffres. Exemple : 23/11/2026.")
        return f"{int(day):02}{int(month):02}{year[-2:] if cells == 6 else year}"
    signs = [c for c in text if c.isalnum()]
    if signs and sum(c.isdigit() for c in signs) * 2 >= len(signs):
        return phone_digits(text) if cells == 10 and "".join(signs).isdigit() else "".join(signs)
    return text.replace("\n", " ")


def pieces(text: str, counts: Sequence[int]) -> list[str]:
    """Cut a text in pieces of these lengths."""
    done, start = [], 0
    for count in counts:
        done.append(text[start : start + count])
        start += count
    return done


def draw_runs(canvas, runs: Sequence[Run], left: float, bottom: float) -> None:
    canvas.setFillColor(INK)
    for run in runs:
        canvas.setFont(REGULAR, run.size)
        canvas.drawString(left + run.x, bottom + run.y, run.text)


def draw_cross(canvas, left: float, bottom: float, wide: float, high: float) -> None:
    """Two strokes, inside the box whatever its shape."""
    side = max(2.0, min(wide, high, 14) * 0.62) / 2
    side = min(side, wide / 2 - 0.7, high / 2 - 0.7)
    x, y = left + wide / 2, bottom + high / 2
    canvas.setStrokeColor(INK)
    canvas.setLineWidth(1.2)
    canvas.setLineCap(1)
    canvas.line(x - side, y - side, x + side, y + side)
    canvas.line(x - side, y + side, x + side, y - side)


def draw_frame(
    canvas, left: float, bottom: float, wide: float, high: float,
    line: Sequence[float], paper: Sequence[float], thick: float, is_round: bool, cells: int = 0,
) -> None:  # fmt: skip
    """The frame a field drew for itself: its colours have 1, 3 or 4 parts, as in the PDF."""
    canvas.saveState()
    if line:
        canvas.setStrokeColor(_color(line))
        canvas.setLineWidth(thick)
    if paper:
        canvas.setFillColor(_color(paper))
    inset = thick / 2 if line else 0
    inside = wide - 2 * inset, high - 2 * inset
    if is_round:
        canvas.circle(left + wide / 2, bottom + high / 2, min(inside) / 2, stroke=bool(line), fill=bool(paper))
    else:
        canvas.rect(left + inset, bottom + inset, *inside, stroke=bool(line), fill=bool(paper))
    for i in range(1, cells if line else 0):
        canvas.line(left + wide * i / cells, bottom, left + wide * i / cells, bottom + high)
    canvas.restoreState()


def _color(parts: Sequence[float]) -> Color:
    if len(parts) == 4:
        return CMYKColor(*parts)
    return Color(*parts) if len(parts) == 3 else Color(parts[0], parts[0], parts[0])
