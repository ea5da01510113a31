"""Sheets of a dossier: the plan of payments a person takes home, to tick as it goes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm

from desktop.documents import flow, paper
from desktop.documents.content import BOX, clean
from desktop.documents.flow import Piece
from desktop.documents.letter import Unprintable, letterhead, sheets_of
from desktop.documents.paper import STRONG, Style, Text
from desktop.documents.tagging import Element
from desktop.documents.typography import typeset
from desktop.french import counted, euros, long_date, weekday_date

TITLE = "Échéancier de paiement"
_BODY = Style(11, 15)
_ROW = Style(12, 20)
_AMOUNT = Style(12, 20, align=2)


@dataclass(frozen=True)
class Due:
    """One payment; `paid_on` None: still to be made."""

    day: date
    cents: int
    paid_on: date | None = None


class Line:
    """A payment: a box to tick, its day, its amount, and a rule below."""

    def __init__(self, due: Due, table: Element) -> None:
        row = Element("TR", table)
        bullet = "" if due.paid_on else BOX
        said = weekday_date(due.day) + (f"  (payé le {long_date(due.paid_on)})" if due.paid_on else "")
        like = _ROW._replace(indent=8 * mm, color=paper.GREY if due.paid_on else paper.INK)
        self.day = Text(typeset(said), like, bullet=bullet, element=Element("TD", row))
        self.amount = Text(typeset(euros(due.cents)), _AMOUNT, element=Element("TD", row))

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        tall = max(self.day.wrap(width - 45 * mm)[1], self.amount.wrap(45 * mm)[1])
        return width, tall + 2 * mm

    def split(self, width: float, available: float) -> list["Line"]:
        return []

    def drawOn(self, canvas: paper.Sheets, x: float, y: float) -> None:
        self.wrap(paper.WIDTH)
        self.day.drawOn(canvas, x, y + 1 * mm)
        self.amount.drawOn(canvas, x + paper.WIDTH - 45 * mm, y + 1 * mm)
        paper.rule(canvas, x, y, paper.WIDTH)


def instalment_sheet(
    place: Sequence[str], day: date, person: str, partner: str, reference: str, payments: Sequence[Due], *, tagged=False
) -> bytes:  # fmt: skip
    """A4 pages: whom it is paid to, each payment with its weekday, what is left; no law. Raises Unprintable."""
    if absent := paper.unprintable("".join(map(clean, (person, partner, reference, *place)))):
        raise Unprintable(absent)
    canvas = paper.Sheets(TITLE, tagged)
    head = [typeset(clean(line)) for line in place]
    top = letterhead(canvas, TITLE, head, f"Imprimé le {long_date(day)}") - 8 * mm
    pages = flow.placed(_flow(clean(person), clean(partner), clean(reference), payments), top)
    return sheets_of(canvas, pages, f"{TITLE} · {clean(person)}")


def _flow(person: str, partner: str, reference: str, payments: Sequence[Due]) -> list[Piece]:
    left = [due for due in payments if due.paid_on is None]
    to_pay = sum(due.cents for due in left)
    told = [("Pour", person), ("À payer à", partner), *([("Référence client", reference)] if reference else [])]
    table = Element("Table")
    summary = f"Il reste {counted(len(left), 'paiement')}, {euros(to_pay)} en tout." if left else "Tout est payé."
    return [
        Piece(paper.Rows([(typeset(name), typeset(value)) for name, value in told], 11)),
        Piece(Text(typeset(summary), Style(13, 18, font=STRONG), element=Element("H2")), 7 * mm, held=True),
        *(Piece(Line(due, table), 3 * mm if place == 0 else 0) for place, due in enumerate(payments)),
        Piece(Text(typeset("Cochez chaque paiement une fois fait. Gardez les reçus."), _BODY), 6 * mm),
        Piece(Text(typeset("Une difficulté pour payer ? Revenez nous voir avant la date."), _BODY), 1 * mm),
    ]
