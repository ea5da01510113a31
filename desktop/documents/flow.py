"""What runs down the page, and where the pages are cut: nothing alone, nothing apart from what it belongs to."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from reportlab.lib.units import mm

from desktop.documents import paper
from desktop.documents.tagging import marked

NEXT_TOP = 30  # mm, on the pages after the first
PAD = 5 * mm  # inside a frame
_LESS = 0.1  # points: a piece that fits is still cut before its end


class Drawn(Protocol):
    """Something with a height, which may be cut in two."""

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]: ...

    def split(self, width: float, available: float) -> Sequence["Drawn"]: ...

    def drawOn(self, canvas, x: float, y: float) -> None: ...


class Piece(NamedTuple):
    """Something in the flow and the room above it; `held` stays with what follows."""

    drawn: Drawn
    gap: float = 0
    held: bool = False

    @property
    def height(self) -> float:
        return self.gap + self.drawn.wrap(paper.WIDTH)[1]


Page = list[tuple[Drawn, float]]


def placed(flow: Sequence[Piece], top: float) -> list[Page]:
    """Each piece with its bottom, page after page."""
    pages: list[Page] = [[]]
    y, pieces = top, list(flow)
    while pieces:
        count = next((i for i, piece in enumerate(pieces, 1) if not piece.held), len(pieces))
        group, pieces = pieces[:count], pieces[count:]
        if y - sum(piece.height for piece in group) < paper.BOTTOM:
            kept, rest = _divided(group, y - paper.BOTTOM)
            if not kept and pages[-1]:
                pages.append([])
                y, pieces = paper.height(NEXT_TOP), [group[0]._replace(gap=0), *group[1:], *pieces]
                continue
            if not kept:  # a whole page is too short: let go of what held the first piece
                kept, rest = group[:1], group[1:]
            group, pieces = kept, [*rest, *pieces]
        for piece in group:
            y -= piece.height
            pages[-1].append((piece.drawn, y))
    return pages


def _divided(group: list[Piece], room: float) -> tuple[list[Piece], list[Piece]]:
    """As much of the group as fits above a cut inside one of its pieces; nothing when no piece can be cut there."""
    for i in reversed(range(len(group))):
        piece = group[i]
        left = room - sum(before.height for before in group[:i]) - piece.gap
        left = min(left, piece.height - piece.gap - _LESS)
        if left > 0 and (parts := piece.drawn.split(paper.WIDTH, left)):
            head, tail = parts
            return [*group[:i], Piece(head, piece.gap)], [piece._replace(drawn=tail, gap=0), *group[i + 1 :]]
    return [], []


def draw(canvas, page: Page) -> None:
    for drawn, y in page:
        drawn.drawOn(canvas, paper.LEFT, y)


class Framed:
    """Paragraphs inside a frame, never cut."""

    def __init__(self, texts: Sequence[paper.Text]) -> None:
        self.texts = texts

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        self.width = width
        return width, sum(text.wrap(width - 2 * PAD)[1] for text in self.texts) + 1.6 * PAD

    def split(self, width: float, available: float) -> Sequence["Framed"]:
        return []

    def drawOn(self, canvas, x: float, y: float) -> None:
        tall = self.wrap(self.width)[1]
        with marked(canvas, None):
            canvas.setStrokeColor(paper.GREY)
            canvas.setLineWidth(0.8)
            canvas.roundRect(x, y, self.width, tall, 2 * mm)
        y += tall - 0.8 * PAD
        for text in self.texts:
            y -= text.height
            text.drawOn(canvas, x + PAD, y)
