"""A filled letter → the bytes of its PDF: window envelope, folds, signature room, one page when it can."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from desktop.documents import flow, paper
from desktop.documents.content import BLANK, BOLD, BOX, CELL, LIGHT, Block, Letter
from desktop.documents.flow import Page, Piece
from desktop.documents.paper import Ruled, Sheets, Style, Text
from desktop.documents.tagging import Element, marked
from desktop.french import NBSP, counted

SIZES = ((11, 0.7), (10.5, 0.7), (10, 0.7), (10, 0.45))  # points, and the room between paragraphs; then a second page
LARGE = 16
RIGHT = 85 * mm  # from the left margin: the one column of the addressee, the date and the signature
SIGNATURE = 18 * mm  # blank, for the hand
RECEIPT = (76 * mm, 27 * mm)


class Window(NamedTuple):
    """Where the address stands for one sort of envelope; millimetres from the top of the sheet."""

    top: float
    leading: float
    bottom: float  # of the last line: more lines than `lines` are set closer
    lines: int
    dated: float
    flow: float
    folds: tuple[float, ...]
    seen: tuple[float, float]  # what the window shows wherever the sheet slides, from x 100 to 190


WINDOWS = {
    "45x100": Window(47, 4.8, 78.5, 6, 86, 98, (99, 198), (45, 79)),
    "35x100": Window(55.8, 4.6, 78.5, 5, 86, 98, (99, 198), (55, 79)),
    "c5": Window(57.8, 4.4, 84, 5, 104, 114, (148.5,), (57, 88)),
}


class Unprintable(ValueError):
    """Characters have no drawing in the font; the message names them in French."""

    def __init__(self, absent: str) -> None:
        many = counted(len(absent), "caractère ne s’imprime pas", "caractères ne s’impriment pas")
        super().__init__(f"{many} : {' '.join(absent)}. Écrivez-le autrement.")


def missing_glyphs(letter: Letter) -> str:
    """The characters that cannot be printed, each once."""
    return paper.unprintable("".join((*letter.texts, *letter.copies)))


def render(
    letter: Letter,
    *,
    draft: bool = False,
    number: str | None = None,
    window: str = "45x100",
    large: bool = False,
    tagged: bool = False,
) -> bytes:
    """The PDF; the same letter always gives the same bytes. Raises Unprintable, except for a draft."""
    canvas = Sheets(letter.title, tagged, packed=not draft)
    _draw(canvas, letter, draft, number, WINDOWS[window], large)
    return canvas.finished()


def render_all(letters: Sequence[Letter], *, draft: bool = False, window: str = "45x100", large: bool = False) -> bytes:
    """Many letters in one file, each from a page of its own; the fonts are there once."""
    canvas = Sheets(letters[0].title if letters else "", packed=not draft)
    for letter in letters:
        _draw(canvas, letter, draft, None, WINDOWS[window], large)
    return canvas.finished()


def _draw(canvas: Sheets, letter: Letter, draft: bool, number: str | None, window: Window, large: bool) -> None:
    if (absent := missing_glyphs(letter)) and not draft:
        raise Unprintable(absent)
    if draft:
        _draft_mark(canvas)
    placed = _pages(letter, _head(canvas, letter, window, draft, large), draft, large)
    for at, page in enumerate(placed, 1):
        if at > 1:
            if draft:
                _draft_mark(canvas)
            who, what = (*letter.sender, *letter.signatures)[0], letter.subject or letter.title
            running_head(canvas, f"{who} – {what}", draft)
        flow.draw(canvas, page)
        foot(canvas, number or "", f"page {at}/{len(placed)}" if len(placed) > 1 else "")
        canvas.showPage()


def pages(pdf: bytes) -> int:
    """How many pages a PDF has."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def _pages(letter: Letter, top: float, draft: bool, large: bool) -> list[Page]:
    """The flow at the largest size that stays on one page, otherwise at the largest size on several."""
    if large:
        return flow.placed(_flow(letter, LARGE, 0.7, draft), top)
    for size, gap in (((12, 0.7),) if letter.kind == "attestation" else ()) + SIZES:
        pieces = _flow(letter, size, gap, draft)
        if top - sum(piece.height for piece in pieces) >= paper.BOTTOM:
            return flow.placed(pieces, top)
    return flow.placed(_flow(letter, *SIZES[0], draft), top)


def _flow(letter: Letter, size: float, room: float, draft: bool) -> list[Piece]:
    """Everything below the addresses, in order, at one size."""
    gap, small = size * room, max(9.5, size - 2) if size == LARGE else 9.5
    like = Style(size, _leading(size))
    heads = [
        Piece(Text(words, like, draft, element=Element(kind)), size / 4, held=True) for kind, words in _heads(letter)
    ]
    body: list[Piece] = []
    for block in letter.body:
        if block.kind == "ruled" and body:
            body[-1] = body[-1]._replace(held=True)  # what is asked stays with the room to answer
        body += blocks(block, size, room, draft)
    if heads and body:
        body[0] = body[0]._replace(gap=2 * gap)
    if body:
        body[-1] = body[-1]._replace(held=True)
    ends = [Piece(Text(letter.closing, like, draft), gap, held=True)] if letter.closing else []
    if letter.kind == "attestation":
        where = like._replace(align=2) if BLANK in letter.place_and_date else like._replace(indent=RIGHT)
        ends.append(Piece(Text(letter.place_and_date, where, draft), 3 * gap, held=True))
    signed = Signatures(letter.signatures, size, draft, letter.kind == "fiche", letter.countersigned)
    after = [
        *listed(letter.enclosures, "Pièce jointe", "Pièces jointes", small, draft, 1.4 * small),
        *listed(letter.copies, "Copie à", "Copies à", small, draft, (0.6 if letter.enclosures else 1.4) * small),
    ]
    ends += [Piece(signed), *after]
    return [*heads, *body, *(piece._replace(held=True) for piece in ends[:-1]), ends[-1]]


def _leading(size: float) -> float:
    return size * (1.4 if size >= LARGE else 1.36)


def _heads(letter: Letter) -> Iterator[tuple[str, str]]:
    """How it is sent, its subject, its reference: the element each is, and its words."""
    if letter.sending:
        yield "P", letter.sending
    if letter.subject:
        yield "H1", f"{BOLD}Objet{NBSP}: {letter.subject}{LIGHT}"
    if letter.reference:
        yield "P", f"Réf.{NBSP}: {letter.reference}"


def blocks(block: Block, size: float = 11, room: float = 0.7, draft: bool = False) -> list[Piece]:
    """One block of marked text, as pieces of the flow."""
    gap, like = size * room, Style(size, _leading(size))
    if block.kind == "rows":
        rows = [tuple(line.split(CELL, 1)) for line in block.lines]
        return [Piece(paper.Rows(rows, size, draft), gap / 2)]
    if block.kind == "ruled":
        return [Piece(Ruled(len(block.lines)), gap / 2)]
    if block.kind == "items":
        return items(block.lines, ["–"] * len(block.lines), like, gap / 2, gap / 3, 5 * mm, draft)
    if block.kind == "boxes":
        return items(block.lines, [BOX] * len(block.lines), like, gap * 0.8, gap * 0.7, 8 * mm, draft)
    words = block.lines[0]
    if block.kind == "heading":
        title = Text(words, like._replace(font=paper.STRONG), draft, element=Element("H2"))
        return [Piece(title, 2.2 * gap, held=True)]
    return [Piece(Text(words, like, draft), gap, held=words.rstrip(LIGHT).endswith(":"))]


def items(
    texts: Sequence[str], bullets: Sequence[str], like: Style, above: float, between: float, indent: float, draft=False
) -> list[Piece]:  # fmt: skip
    """A list, one piece an item; `indent` is that of ordinary print."""
    whole, found = Element("L"), []
    like = like._replace(indent=indent * max(1, like.size / 13))
    for i, (words, bullet) in enumerate(zip(texts, bullets, strict=True)):
        body = Element("LBody", Element("LI", whole))
        found.append(Piece(Text(words, like, draft, bullet, body), between if i else above))
    return found


def listed(texts: Sequence[str], one: str, several: str, size: float, draft: bool, gap: float) -> list[Piece]:
    """« Pièces jointes : » and its list, numbered when there are more than two; a single one on the same line."""
    like = Style(size, _leading(size))
    if len(texts) < 2:
        return [Piece(Text(f"{one}{NBSP}: {text}", like, draft), gap) for text in texts]
    title = Piece(Text(f"{several}{NBSP}:", like, draft), gap, held=True)
    bullets = [f"{i}." if len(texts) > 2 else "–" for i in range(1, len(texts) + 1)]
    return [title, *items(texts, bullets, like, 0, 0, 5 * mm, draft)]


class Signatures:
    """Room for the hand, then the name; two signers stand side by side, whoever receives the letter on the left."""

    def __init__(self, names: tuple[str, ...], size: float, draft: bool, ruled: bool, countersigned: bool = False):
        self.draft, self.ruled, self.countersigned = draft, ruled, countersigned
        self.names = [Text(name, Style(size, size * 1.3), draft) for name in names]
        for name in self.names:
            name.wrap(70 * mm)
        self.below = countersigned and len(names) > 1  # no room beside two signers

    def wrap(self, width: float, available: float = 0) -> tuple[float, float]:
        tall = SIGNATURE + max(name.height for name in self.names) if self.names else 0
        if self.below:
            tall += RECEIPT[1] + 4 * mm
        elif self.countersigned:
            tall = max(tall, RECEIPT[1] + 5 * mm)
        return width, tall

    def split(self, width: float, available: float) -> list["Signatures"]:
        return []

    def drawOn(self, canvas: Sheets, x: float, y: float) -> None:
        top = y + self.wrap(paper.WIDTH)[1]
        for i, name in enumerate(reversed(self.names)):
            across = x + RIGHT * (1 - i)
            name.drawOn(canvas, across, top - SIGNATURE - name.height)
            if self.ruled:
                paper.rule(canvas, across, top - SIGNATURE + 1.5 * mm, 70 * mm)
        if self.countersigned:
            _receipt(canvas, x, y)


def _receipt(canvas: Sheets, x: float, y: float) -> None:
    """The frame that whoever receives the letter fills in."""
    wide, tall = RECEIPT
    with marked(canvas, None):
        canvas.setStrokeColor(paper.GREY)
        canvas.setLineWidth(0.6)
        canvas.rect(x, y, wide, tall)
    for i, words in enumerate(("Reçu en main propre le", "Nom", "Signature")):
        label = Text(f"{words}{NBSP}:", Style(9.5, 13))
        wide_label = paper.stringWidth(label.text, paper.REGULAR, 9.5)
        label.wrap(wide)
        bottom = y + tall - 8 * mm - i * 7.5 * mm
        label.drawOn(canvas, x + 3 * mm, bottom)
        if i < 2:
            start = x + 4.5 * mm + wide_label
            paper.rule(canvas, start, bottom + 0.8 * mm, x + wide - 3 * mm - start, paper.GREY)


def _head(canvas: Sheets, letter: Letter, window: Window, draft: bool, large: bool) -> float:
    """What stands above the flow on the first page; where the flow starts."""
    if letter.kind == "lettre":
        _addresses(canvas, letter, window, draft, large)
        return paper.height(window.flow)
    if letter.kind != "attestation":
        return letterhead(canvas, letter.title, letter.sender, letter.place_and_date, draft) - 6 * mm
    like = Style(20, 26, font=paper.STRONG, align=1)
    return write(canvas, letter.title, like, paper.height(36), draft, "H1") - 12 * mm


def _addresses(canvas: Sheets, letter: Letter, window: Window, draft: bool, large: bool) -> None:
    size = 12 if large else 10
    right, count = paper.LEFT + RIGHT, len(letter.addressee)
    leading = min(window.leading, (window.bottom - window.top - 3.4) / max(1, count - 1)) * mm
    paper.lines(canvas, letter.sender, paper.LEFT, paper.height(15), 70 * mm, size, size * 1.3, draft, least=8.5)
    address = (12 if large and count <= window.lines else 10.5) if leading > 4.2 * mm else 10
    paper.lines(canvas, letter.addressee, right, paper.height(window.top), 79 * mm, address, leading, draft)
    dated = LARGE if large else SIZES[0][0]
    paper.lines(canvas, (letter.place_and_date,), right, paper.height(window.dated), 75 * mm, dated, 0, draft)
    for fold in window.folds:
        paper.rule(canvas, 3.5 * mm, paper.height(fold), 3.5 * mm, paper.GREY, 0.25)


def write(canvas: Sheets, words: str, like: Style, top: float, draft: bool = False, kind: str = "P") -> float:
    """One paragraph under `top`; its bottom."""
    text = Text(words, like, draft, element=Element(kind))
    bottom = top - text.wrap(paper.WIDTH)[1]
    text.drawOn(canvas, paper.LEFT, bottom)
    return bottom


def letterhead(canvas: Sheets, title: str, place: Sequence[str], dated: str, draft: bool = False) -> float:
    """The place's name and address, a rule, the title and the date of a sheet of the place; the bottom of it."""
    name, *address = [*place] or [""]
    y = write(canvas, name, Style(12, 15, font=paper.STRONG), paper.height(16.1), draft)
    y = write(canvas, "  ·  ".join(address), Style(9, 11.5, color=paper.GREY), y - 0.5 * mm, draft)
    y = min(y - 2.5 * mm, paper.height(29))
    paper.rule(canvas, paper.LEFT, y, paper.WIDTH, thick=0.6)
    y = write(canvas, title, Style(20, 25, font=paper.STRONG), y - 9 * mm, draft, "H1")
    return write(canvas, dated, Style(10, 13, color=paper.GREY), y, draft)


def running_head(canvas: Sheets, words: str, draft: bool = False) -> None:
    """One line above the flow of a following page, cut when it is too long."""
    shown = paper.plain(words, draft)
    while paper.stringWidth(shown, paper.REGULAR, 9) > paper.WIDTH:
        shown = shown.rstrip("…")[:-1].rstrip() + "…"
    with marked(canvas, None):
        canvas.setFillColor(paper.GREY)
        canvas.setFont(paper.REGULAR, 9)
        canvas.drawString(paper.LEFT, paper.height(20), shown)


def foot(canvas: Sheets, number: str, page: str) -> None:
    """The number of the document and of the page."""
    with marked(canvas, None):
        canvas.setFillColor(paper.GREY)
        canvas.setFont(paper.REGULAR, 8)
        canvas.drawString(paper.LEFT, 10 * mm, number)
        canvas.drawRightString(paper.LEFT + paper.WIDTH, 10 * mm, page)


def _draft_mark(canvas: Sheets) -> None:
    with marked(canvas, None):
        canvas.saveState()
        canvas.setFillColor(HexColor("#ececec"))
        canvas.setFont(paper.STRONG, 100)
        canvas.translate(paper.PAGE_WIDTH / 2, paper.PAGE_HEIGHT / 2)
        canvas.rotate(55)
        canvas.drawCentredString(0, -30, "BROUILLON")
        canvas.restoreState()


def sheets_of(canvas: Sheets, pages: Sequence[Page], head: str) -> bytes:
    """The pages of a sheet, whose first is begun: `head` above the others, and their count when there are several."""
    for number, page in enumerate(pages, 1):
        if number > 1:
            running_head(canvas, head)
        flow.draw(canvas, page)
        foot(canvas, "", f"page {number}/{len(pages)}" if len(pages) > 1 else "")
        canvas.showPage()
    return canvas.finished()
