"""A filled letter → the bytes of its PDF: window envelope, folds, signature room, one page when it can."""

from typing import NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus.flowables import Flowable

from desktop.documents import paper
from desktop.documents.content import BOLD, CELL, LIGHT, Block, Letter
from desktop.french import NBSP, counted

SIZES = (11, 10.5, 10)  # points; never smaller, a second page instead
RIGHT = 85 * mm  # from the left margin: the one column of the addressee, the date and the signature
SIGNATURE = 18 * mm  # blank, for the hand
_TOPS = {"lettre": 98, "attestation": 58, "fiche": 58}  # mm, where the flow starts on the first page
_NEXT_TOP = 30  # mm, on the following pages


class Unprintable(ValueError):
    """A character has no drawing in the font; the message names it in French."""


class Piece(NamedTuple):
    """Something in the flow and the room above it; `held` stays with what follows."""

    flowable: Flowable
    gap: float
    held: bool = False


def missing_glyphs(letter: Letter) -> str:
    """The characters that cannot be printed, each once."""
    return paper.unprintable("".join(letter.texts))


def render(letter: Letter, *, draft: bool = False, number: str | None = None) -> bytes:
    """The PDF; the same letter always gives the same bytes. Raises Unprintable, except for a draft."""
    if (absent := missing_glyphs(letter)) and not draft:
        many = counted(len(absent), "caractère ne s’imprime pas", "caractères ne s’impriment pas")
        raise Unprintable(f"{many} : {' '.join(absent)}. Écrivez-le autrement.")
    canvas, buffer = paper.sheet(letter.title)
    pages = _pages(letter, draft)
    for page, placed in enumerate(pages, 1):
        if draft:
            _draft_mark(canvas)
        _first_page(canvas, letter, draft) if page == 1 else _next_page(canvas, letter, draft)
        for flowable, y in placed:
            flowable.drawOn(canvas, paper.LEFT, y)
        _foot(canvas, number, f"page {page}/{len(pages)}" if len(pages) > 1 else "")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _pages(letter: Letter, draft: bool) -> list[list[tuple[Flowable, float]]]:
    """The flow at the largest size that stays on one page, otherwise at the largest size on several."""
    top = paper.height(_TOPS[letter.kind])
    for size in (12, *SIZES) if letter.kind == "attestation" else SIZES:
        placed = _placed(_flow(letter, size, draft), top)
        if len(placed) == 1:
            return placed
    return _placed(_flow(letter, SIZES[0], draft), top)


def _placed(flow: list[Piece], top: float) -> list[list[tuple[Flowable, float]]]:
    """Each flowable with its place, page after page; a long paragraph is cut between two lines."""
    found: list[list[tuple[Flowable, float]]] = [[]]
    y, pieces = top, list(flow)
    while pieces:
        count = next((i for i, piece in enumerate(pieces, 1) if not piece.held), len(pieces))
        group, pieces = pieces[:count], pieces[count:]
        needed = sum(gap + flowable.wrap(paper.WIDTH, paper.PAGE_HEIGHT)[1] for flowable, gap, _ in group)
        if y - needed < paper.BOTTOM:
            parts = group[0].flowable.split(paper.WIDTH, y - paper.BOTTOM - group[0].gap)
            if len(parts) == 2:
                pieces = [group[0]._replace(flowable=parts[1], gap=0), *group[1:], *pieces]
                group = [Piece(parts[0], group[0].gap)]
            elif found[-1]:
                found.append([])
                y, pieces = paper.height(_NEXT_TOP), [group[0]._replace(gap=0), *group[1:], *pieces]
                continue
        for flowable, gap, _ in group:
            y -= gap + flowable.wrap(paper.WIDTH, paper.PAGE_HEIGHT)[1]
            found[-1].append((flowable, y))
    return found


def _flow(letter: Letter, size: float, draft: bool) -> list[Piece]:
    """Everything below the addresses, in order, at one size."""
    gap = size * 0.7

    def text(words, above=gap, held=False, indent=0.0, bullet=None, font=paper.REGULAR, points=size) -> Piece:
        like = paper.style(points, points * 1.36, indent, font=font)
        return Piece(paper.paragraph(words, like, draft, bullet), above, held)

    def pieces(block: Block) -> list[Piece]:
        first, *others = block.lines
        if block.kind == "rows":
            return [Piece(paper.Rows([tuple(line.split(CELL)) for line in block.lines], size, draft), gap / 2)]
        if block.kind == "items":
            items = (text(line, gap / 3, indent=5 * mm, bullet="–") for line in others)
            return [text(first, gap / 2, indent=5 * mm, bullet="–"), *items]
        if block.kind == "heading":
            return [text(first, 2.2 * gap, held=True, font=paper.STRONG)]
        return [text(first, held=first.endswith(":"))]

    heads = [text(words, size / 4, held=True) for words in _heads(letter)]
    flow = [piece for block in letter.body for piece in pieces(block)]
    if heads and flow:
        flow[0] = flow[0]._replace(gap=2 * gap)
    if letter.closing and flow:
        flow[-1] = flow[-1]._replace(held=True)
    if letter.closing:
        flow.append(text(letter.closing, held=True))
    if letter.kind == "attestation":
        flow.append(text(letter.place_and_date, 3 * gap, held=True, indent=RIGHT))
    enclosed = letter.enclosures
    flow.append(Piece(Signatures(letter.signatures, size, draft, letter.kind == "fiche"), 0, held=bool(enclosed)))
    if enclosed:
        flow.append(text("Pièces jointes :" if len(enclosed) > 1 else "Pièce jointe :", 2 * gap, held=True, points=9.5))
    for i, words in enumerate(enclosed, 1):
        bullet = f"{i}." if len(enclosed) > 2 else "–"
        flow.append(text(words, 0, held=i < len(enclosed), indent=5 * mm, bullet=bullet, points=9.5))
    return heads + flow


def _heads(letter: Letter) -> list[str]:
    """How it is sent, its subject, its reference."""
    subject = f"{BOLD}Objet{NBSP}: {letter.subject}{LIGHT}" if letter.subject else ""
    reference = f"Réf.{NBSP}: {letter.reference}" if letter.reference else ""
    return [words for words in (letter.sending, subject, reference) if words]


class Signatures(Flowable):
    """Room for the hand, then the name; two signers stand side by side."""

    def __init__(self, names: tuple[str, ...], size: float, draft: bool, ruled: bool):
        super().__init__()
        self.names, self.size, self.draft, self.ruled = names, size, draft, ruled

    def wrap(self, width: float, available: float) -> tuple[float, float]:
        return paper.WIDTH, SIGNATURE + self.size * 1.4

    def draw(self) -> None:
        self.canv.setFillColor(paper.INK)
        for i, name in enumerate(reversed(self.names)):
            x = RIGHT * (1 - i)
            paper.lines(self.canv, (name,), x, self.size * 1.2, 70 * mm, self.size, 0, self.draft)
            if self.ruled:
                self.canv.setStrokeColor(paper.HAIR)
                self.canv.line(x, self.size * 1.6, x + 70 * mm, self.size * 1.6)


def _first_page(canvas: Canvas, letter: Letter, draft: bool) -> None:
    if letter.kind == "lettre":
        paper.lines(canvas, letter.sender, paper.LEFT, paper.height(15), 70 * mm, 10, 13, draft)
        paper.lines(canvas, letter.addressee, paper.LEFT + RIGHT, paper.height(47), 79 * mm, 10.5, 4.8 * mm, draft)
        paper.lines(canvas, (letter.place_and_date,), paper.LEFT + RIGHT, paper.height(86), 75 * mm, SIZES[0], 0, draft)
        canvas.setStrokeColor(paper.GREY)
        canvas.setLineWidth(0.25)
        for fold in (99, 198):
            canvas.line(3.5 * mm, paper.height(fold), 7 * mm, paper.height(fold))
    elif letter.kind == "attestation":
        canvas.setFillColor(paper.INK)
        canvas.setFont(paper.STRONG, 20)
        canvas.drawCentredString(paper.PAGE_WIDTH / 2, paper.height(42), letter.title)
    else:
        letterhead(canvas, letter.title, letter.sender, letter.place_and_date, draft)


def letterhead(canvas: Canvas, title: str, place: tuple[str, ...], dated: str, draft: bool = False) -> None:
    """The place's name and address, a rule, the title and the date of a sheet of the place."""
    canvas.setFillColor(paper.INK)
    canvas.setFont(paper.STRONG, 12)
    canvas.drawString(paper.LEFT, paper.height(20), paper.plain(place[0], draft) if place else "")
    canvas.setFillColor(paper.GREY)
    canvas.setFont(paper.REGULAR, 9)
    canvas.drawString(paper.LEFT, paper.height(25), "  ·  ".join(paper.plain(line, draft) for line in place[1:]))
    canvas.setStrokeColor(paper.HAIR)
    canvas.setLineWidth(0.6)
    canvas.line(paper.LEFT, paper.height(29), paper.LEFT + paper.WIDTH, paper.height(29))
    canvas.setFillColor(paper.INK)
    canvas.setFont(paper.STRONG, 20)
    canvas.drawString(paper.LEFT, paper.height(45), title)
    canvas.setFillColor(paper.GREY)
    canvas.setFont(paper.REGULAR, 10)
    canvas.drawString(paper.LEFT, paper.height(51), paper.plain(dated, draft))


def _next_page(canvas: Canvas, letter: Letter, draft: bool) -> None:
    who, what = (*letter.sender, *letter.signatures)[0], letter.subject or letter.title
    paper.lines(canvas, (f"{who} – {what}",), paper.LEFT, paper.height(18), paper.WIDTH, 9, 0, draft)


def _foot(canvas: Canvas, number: str | None, page: str) -> None:
    canvas.setFillColor(paper.GREY)
    canvas.setFont(paper.REGULAR, 8)
    canvas.drawString(paper.LEFT, 10 * mm, number or "")
    canvas.drawRightString(paper.LEFT + paper.WIDTH, 10 * mm, page)


def _draft_mark(canvas: Canvas) -> None:
    canvas.saveState()
    canvas.setFillColor(HexColor("#ececec"))
    canvas.setFont(paper.STRONG, 100)
    canvas.translate(paper.PAGE_WIDTH / 2, paper.PAGE_HEIGHT / 2)
    canvas.rotate(55)
    canvas.drawCentredString(0, -30, "BROUILLON")
    canvas.restoreState()
