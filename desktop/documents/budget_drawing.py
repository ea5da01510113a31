"""The one page of a budget: tables with their definitions, what is left to live on, and the twelve months to come."""

from datetime import date
from itertools import product
from typing import Protocol

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.documents import paper
from desktop.documents.budget import DAYS, YEAR, Budget, Debt, Line, Month, Totals, calendar, totals
from desktop.documents.content import blank, clean
from desktop.documents.letter import Unprintable, foot, letterhead, write
from desktop.documents.paper import Sheets, Style, Text
from desktop.documents.tagging import Element, marked
from desktop.documents.typography import typeset
from desktop.french import MONTHS, NBSP, counted, euros, long_date
from desktop.instalments import months_later

ACCENT, TINT, BAR = HexColor("#0b5a63"), HexColor("#e9f1f1"), HexColor("#a9c9cc")
GUTTER = 9 * mm
LIFETIME = 1200  # months; a debt paid a cent a month has no last day worth writing
COLUMN = (paper.WIDTH - GUTTER) / 2
_GAP, _BETWEEN = 6 * mm, 6  # between two tables, between two columns of one
_SIZES = (10.5, 10, 9.5, 9, 8.5, 8, 7.5)  # points
_FITS = (*((999, size) for size in _SIZES), *((limit, _SIZES[-1]) for limit in range(30, 4, -1)))
"""The largest letters with every line; then the smallest letters, and the smallest amounts gathered in one line."""
_SHORT = ("janv.", "févr.", "mars", "avr.", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")


def missing_glyphs(budget: Budget, who: str) -> str:
    """The characters that cannot be printed, each once."""
    lines = (*budget.resources, *budget.charges, *budget.irregular)
    return paper.unprintable(clean(who) + "".join(clean(line.label) for line in lines)
                             + "".join(clean(debt.creditor) for debt in budget.debts))  # fmt: skip


def render_budget(
    budget: Budget, who: str, place: tuple[str, ...], day: date, *, annex: bool = False, draft: bool = False,
    number: str | None = None,
) -> bytes:  # fmt: skip
    """One A4 page: the place's sheet, or the annex of a letter of the person. Raises Unprintable, except for a draft."""
    if (absent := missing_glyphs(budget, who)) and not draft:
        raise Unprintable(absent)
    title = typeset("Annexe : mon budget" if annex else "Budget du foyer")
    canvas = Sheets(title, tagged=not draft)
    name = typeset(clean(who)) or blank("Nom et prénom")
    dated = f"{name}{NBSP}· {counted(budget.persons, 'personne')}{NBSP}· {long_date(day)}"
    if annex:
        top = write(canvas, title, Style(20, 25, font=paper.STRONG), paper.height(18), draft, "H1")
        top = write(canvas, dated, Style(10, 13, color=paper.GREY), top, draft)
    else:
        top = letterhead(canvas, title, tuple(typeset(clean(line)) for line in place), dated, draft)
    top -= 7 * mm
    for block, x, below in _page(budget, top - paper.BOTTOM, draft):
        block.drawOn(canvas, paper.LEFT + x, top - below)
    foot(canvas, number or "", "")
    canvas.showPage()
    return canvas.finished()


class Block(Protocol):
    """Something of the page, as high as it says."""

    height: float

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None: ...


def _page(budget: Budget, room: float, draft: bool) -> list[tuple[Block, float, float]]:
    """Each block with its place, x and how far its foot is below the top: the largest letters, then fewer lines."""
    found = totals(budget)
    panel, notes = Panel(found, budget.persons), Notes()
    for limit, size in _FITS:
        columns = _columns(budget, found, limit, size, draft)
        tall = max(map(_height, columns))
        chart = room - tall - panel.height - notes.height - 3 * _GAP
        cuts = size >= 9 and any(table.cuts for column in columns for table in column)
        if chart >= (48 if size >= 9 else 36) * mm and not cuts:
            break
    air = min(max(0.0, chart - 66 * mm) / 3, 7 * mm)
    return _put(columns, tall, (panel, Chart(calendar(budget), min(chart, 66 * mm)), notes), _GAP + air)


def _put(columns, tall: float, blocks: tuple[Block, ...], gap: float) -> list[tuple[Block, float, float]]:
    found: list[tuple[Block, float, float]] = []
    for x, column in zip((0, COLUMN + GUTTER), columns, strict=True):
        below = -column[0].above
        for table in column:
            below += table.above + table.height
            found.append((table, x, below))
    below = tall
    for block in blocks:
        below += gap + block.height
        found.append((block, 0, below))
    return found


def _height(column: tuple["Table", ...]) -> float:
    return sum(table.above + table.height for table in column) - column[0].above


def _columns(budget: Budget, found: Totals, limit: int, size: float, draft: bool) -> tuple[tuple["Table", ...], ...]:
    """What comes in on the left, what goes out on the right, the rest where it makes the page shortest."""

    def table(title: str, note: str, rows, total, heads: tuple[str, ...] = ()) -> Table:
        return Table(title, note, heads, _fewer(rows, limit), total, size, draft)

    income = table("Ressources", "Ce qui arrive chaque mois, une fois l’impôt retiré.",
                   _rows(budget.resources), ("Total par mois", found.resources))  # fmt: skip
    charges = table("Charges fixes", "Ce qu’il faut payer chaque mois.",
                    _rows(budget.charges), ("Total par mois", found.charges))  # fmt: skip
    others: list[Table] = []
    if budget.debts:
        rows = [(_said(d.creditor), d.total or "?", d.payment(0), _end(budget, d)) for d in budget.debts]
        others.append(table("Dettes", "Ce qui reste à rembourser.", rows, ("Total", found.owed, found.payments, ""),
                            ("", "reste dû", "par mois", "jusqu’à")))  # fmt: skip
    rows = [(_said(line.label), _when(line.months), line.cents)
            for line in (*budget.charges, *budget.irregular) if line.months]  # fmt: skip
    received = [(f"+ {_said(line.label)}", _when(line.months), line.cents) for line in budget.resources if line.months]
    if rows or received:
        note = "À payer ces mois-là seulement. À mettre de côté : le total de l’année divisé par 12."
        note += " « + » : à recevoir." if received else ""
        others.append(table("Certains mois", note, rows + received, ("À mettre de côté par mois", "", found.aside)))
    sides = [tuple(zip(others, places, strict=True)) for places in product((0, 1), repeat=len(others))]
    pairs = [((income, *(t for t, side in way if not side)), (charges, *(t for t, side in way if side)))
             for way in sides]  # fmt: skip
    return min(pairs, key=lambda pair: max(map(_height, pair)))


def _rows(lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    return [(_said(line.label), line.cents) for line in lines if not line.months]


def _fewer(rows: list[tuple], limit: int) -> list[tuple]:
    """At most `limit` rows: the smallest become one, and no sum changes."""
    if len(rows) <= limit:
        return rows
    order = sorted(range(len(rows)), key=lambda place: -_weight(rows[place]))
    kept, small = sorted(order[: limit - 1]), [rows[place] for place in order[limit - 1 :]]
    sums = [sum(cell for cell in cells if isinstance(cell, int)) if any(isinstance(cell, int) for cell in cells) else ""
            for cells in list(zip(*small, strict=True))[1:]]  # fmt: skip
    return [*(rows[place] for place in kept), (f"Autres ({counted(len(small), 'ligne')})", *sums)]


def _weight(row: tuple) -> int:
    return max(cell for cell in row if isinstance(cell, int))


def _said(label: str) -> str:
    return typeset(clean(label)) or blank("Nom")


def _when(due: tuple[int, ...]) -> str:
    return ", ".join(_SHORT[month - 1] for month in due)


def _end(budget: Budget, debt: Debt) -> str:
    if not debt.length:
        return ""
    if debt.length > LIFETIME:
        return "plus de 100 ans"
    last = months_later(budget.start.replace(day=1), debt.length - 1)
    return f"{_SHORT[last.month - 1]}{NBSP}{last.year}"


def _money(cents: int) -> str:
    return euros(cents).replace("-", "−")


_SMALL = Style(8, 10.5, color=paper.GREY)


class Table:
    """A heading with its definition, rows with their amounts on the right, and a total under a line."""

    def __init__(self, title: str, note: str, heads, rows, total, size: float, draft: bool) -> None:
        self.pad, self.above = size * 0.17, size * 1.5
        heading = Style(size * 1.2, size * 1.5, color=ACCENT, font=paper.STRONG)
        self.heads = (Text(title, heading, element=Element("H2")), Text(typeset(note), _SMALL))
        cells = [tuple(_money(cell) if isinstance(cell, int) else cell for cell in row) for row in (*rows, total)]
        self.widths = _widths(cells, size)
        longest = max(stringWidth(word, paper.REGULAR, size) for row in cells for word in row[0].split(" "))
        self.cuts = longest > self.widths[0]
        whole, like = Element("Table"), Style(size, size * 1.25)
        small = like._replace(size=min(8, size), leading=10, color=paper.GREY)
        self.rows = [self._row(heads, small, whole, "TH", draft)] if heads else []
        self.rows += [self._row(row, like, whole, "TD", draft) for row in cells[:-1]]
        self.total = self._row(cells[-1], like._replace(font=paper.STRONG), whole, "TD", draft)
        tall = sum(text.wrap(COLUMN)[1] for text in self.heads)
        self.height = tall + 3 + sum(self._tall(row) for row in (*self.rows, self.total)) + self.pad

    def _row(self, cells: tuple[str, ...], like: Style, whole: Element, kind: str, draft: bool) -> list[Text]:
        line = Element("TR", whole)
        return [Text(cell, like._replace(align=2 if place else 0), draft, element=Element(kind, line))
                for place, cell in enumerate(cells)]  # fmt: skip

    def _tall(self, row: list[Text]) -> float:
        return max(cell.wrap(width)[1] for cell, width in zip(row, self.widths, strict=True)) + 2 * self.pad

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        y += self.height
        for text in self.heads:
            y -= text.wrap(COLUMN)[1]
            text.drawOn(canvas, x, y)
        y -= 3
        for row in (*self.rows, self.total):
            paper.rule(canvas, x, y, COLUMN, paper.INK if row is self.total else paper.HAIR)
            left, tall = x, self._tall(row)
            for cell, width in zip(row, self.widths, strict=True):
                if cell.text:
                    cell.drawOn(canvas, left, y - self.pad - cell.height)
                left += width + _BETWEEN
            y -= tall


def _widths(rows: list[tuple[str, ...]], size: float) -> list[float]:
    """The amounts take what they need, the label the rest; months may run on a second line."""
    columns = list(zip(*rows, strict=True))[1:]
    found = [min(max(stringWidth(cell, paper.STRONG, size) for cell in cells) + 1, COLUMN * 0.34) for cells in columns]
    return [COLUMN - sum(found) - _BETWEEN * len(found), *found]


class Panel:
    """What is left to live on, large, with how it was found."""

    def __init__(self, found: Totals, persons: int) -> None:
        self.short = found.left < 0
        self.wide = (paper.WIDTH - 12 * mm) * 0.62
        how = f"{_money(found.resources)} de ressources − {_money(found.charges)} de charges fixes"
        how += f" − {_money(found.payments)} de dettes" if found.payments else ""
        aside = (
            f"Une fois {_money(found.aside)} mis de côté pour « Certains mois » : {_money(found.left - found.aside)}."
        )
        self.left = (
            _bold("Il manque chaque mois" if self.short else "Reste à vivre par mois", 10, 13),
            _bold(_money(abs(found.left)), 25, 32),
            Text(typeset(how), Style(8.5, 11.5)),
            Text(typeset("Pour manger, se soigner, s’habiller, se déplacer, et pour les imprévus."), _SMALL),
            *([Text(typeset(aside), Style(8.5, 13))] if found.aside else []),
        )
        share = f"Le reste à vivre, divisé par {counted(persons, 'personne')} et par {DAYS} jours."
        self.right = (
            _bold("Par personne et par jour", 10, 13), _bold(_money(found.per_day), 18, 32), Text(typeset(share), _SMALL),
        )  # fmt: skip
        self.height = sum(text.wrap(self.wide)[1] for text in self.left) + 7 * mm

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        with marked(canvas, None):
            canvas.setFillColor(TINT)
            canvas.setStrokeColor(paper.INK)
            canvas.setLineWidth(1.6)
            canvas.rect(x, y, paper.WIDTH, self.height, stroke=int(self.short), fill=1)
            canvas.setFillColor(ACCENT)
            canvas.rect(x, y, 2 * mm, self.height, stroke=0, fill=1)
        inside, across = 7 * mm, 13 * mm + self.wide
        for texts, start, wide in ((self.left, inside, self.wide), (self.right, across, paper.WIDTH - across - 3 * mm)):
            top = y + self.height - 3.5 * mm
            for text in texts:
                top -= text.wrap(wide)[1]
                text.drawOn(canvas, x + start, top)


def _bold(words: str, size: float, leading: float) -> Text:
    return Text(words, Style(size, leading, font=paper.STRONG))


class Chart:
    """Twelve bars; a month that lacks money is hatched, outlined, below the line, and says so."""

    def __init__(self, year: tuple[Month, ...], height: float) -> None:
        self.year, self.height = year, height
        said = ", ".join(f"{_said_month(month)}{NBSP}: {_whole(month.cents)}" for month in year)
        self.figure = Element("Figure", said=said)

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        title = Text(
            "Reste à vivre, mois par mois", Style(11, 14, color=ACCENT, font=paper.STRONG), element=Element("H2")
        )
        top = y + self.height - title.wrap(paper.WIDTH)[1]
        title.drawOn(canvas, x, top)
        with marked(canvas, self.figure):
            self._bars(canvas, x, y, top - 14)

    def _bars(self, canvas: Sheets, x: float, y: float, top: float) -> None:
        amounts = [month.cents for month in self.year]
        foot = y + (40 if min(amounts) < 0 else 22)
        scale = (top - foot) / max(1, max(0, *amounts) - min(0, *amounts))
        zero = foot - min(0, *amounts) * scale
        column = paper.WIDTH / YEAR
        widest = max(stringWidth(_whole(cents), paper.STRONG, 8) for cents in amounts)
        size = min(8.0, 8 * (column - 2) / widest)
        for place, month in enumerate(self.year):
            left, middle = x + (place + 0.17) * column, x + (place + 0.5) * column
            tall = month.cents * scale
            if month.cents < 0:
                _hatched(canvas, left, zero + tall, column * 0.66, -tall)
            else:
                _plain(canvas, left, zero, column * 0.66, tall)
            canvas.setFillColor(paper.INK)
            canvas.setFont(paper.STRONG, size)
            canvas.drawCentredString(middle, zero + tall + (-9 if month.cents < 0 else 3), _whole(month.cents))
            canvas.setFont(paper.REGULAR, 7)
            if month.cents < 0:
                canvas.drawCentredString(middle, zero + tall - 16, "manque")
            if not place or month.day.month == 1:
                canvas.drawCentredString(middle, y + 3, str(month.day.year))
            canvas.setFont(paper.REGULAR, 8)
            canvas.drawCentredString(middle, y + 11, _SHORT[month.day.month - 1])
        canvas.setStrokeColor(paper.INK)
        canvas.setLineWidth(0.8)
        canvas.line(x, zero, x + paper.WIDTH, zero)


def _said_month(month: Month) -> str:
    return f"{MONTHS[month.day.month - 1]} {month.day.year}"


def _whole(cents: int) -> str:
    """Euros without cents, never more than there is."""
    return f"{_money(cents // 100 * 100)[:-5]}{NBSP}€"


def _plain(canvas: Sheets, x: float, y: float, width: float, height: float) -> None:
    canvas.setFillColor(BAR)
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(0.6)
    canvas.rect(x, y, width, height, stroke=1, fill=1)


def _hatched(canvas: Sheets, x: float, y: float, width: float, height: float) -> None:
    canvas.saveState()
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(paper.INK)
    outline = canvas.beginPath()
    outline.rect(x, y, width, height)
    canvas.clipPath(outline, stroke=0, fill=0)
    step = 4.2
    for place in range(int((width + height) / step) + 1):
        canvas.line(x + place * step - height, y, x + place * step, y + height)
    canvas.restoreState()
    canvas.setStrokeColor(paper.INK)
    canvas.setLineWidth(0.9)
    canvas.rect(x, y, width, height, stroke=1, fill=0)


class Notes:
    """How the figures are counted, in small print."""

    WORDS = (
        "Mois par mois : les ressources du mois, moins les charges fixes, moins ce qui tombe ce mois-là, moins les "
        "dettes ; une dette finie ne compte plus. Les sommes sont celles que la personne a données. Chaque organisme "
        "compte à sa manière."
    )

    def __init__(self) -> None:
        self.text = Text(typeset(self.WORDS), _SMALL)
        self.height = self.text.wrap(paper.WIDTH)[1]

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        self.text.drawOn(canvas, x, y)
