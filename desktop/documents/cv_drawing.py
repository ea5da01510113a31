"""The two drawings of a CV: by dates with a line of time, by skills with what the person can do first."""

from dataclasses import asdict, replace
from typing import NamedTuple

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.documents import paper
from desktop.documents.content import blank
from desktop.documents.cv import CV, Layout, Skills, every_text, period, tidy
from desktop.documents.letter import Unprintable
from desktop.documents.paper import Sheets, Style, Text
from desktop.documents.tagging import Element, marked
from desktop.french import NBSP

ACCENT, TINT = HexColor("#0b5a63"), HexColor("#e9f1f1")
LEFT, WIDTH, BOTTOM = 18 * mm, 174 * mm, 16 * mm
DATES, BODY = 35 * mm, 45 * mm  # the left column, and where the right one starts
_RAIL = 39.5 * mm  # the line of time, between the two
_FITS = ((12.5, 2.2), (12, 1.7), (11.5, 1.45), (11, 1.2), (11, 1), (10.5, 1), (10, 0.9), (9.5, 0.85), (9.5, 0.7))
"""Points, and the air between entries: a short life fills its page, a long one stays readable."""
_TOP, _NEXT_TOP = 17, 26  # mm, on the first page and on the others


class Stack(NamedTuple):
    """Texts under one another, `x` points from the left margin."""

    x: float
    width: float
    texts: tuple[Text, ...]
    gap: float = 0

    @property
    def height(self) -> float:
        tall = sum(text.wrap(self.width)[1] for text in self.texts)
        return tall + self.gap * max(0, len(self.texts) - 1)


class Unit:
    """Stacks side by side, never cut unless higher than a page; `mark` draws its ornament."""

    def __init__(self, *stacks: Stack, above: float = 0, held: bool = False, mark=None, pad: float = 0) -> None:
        self.stacks, self.above, self.held, self.mark, self.pad = stacks, above, held, mark, pad
        self.height = max((stack.height for stack in stacks), default=0) + 2 * pad
        self.below = 0.0  # how far its ornament goes on, down to the next one

    def draw(self, canvas: Sheets, y: float) -> None:
        """Above `y`."""
        if self.mark:
            with marked(canvas, None):
                self.mark(canvas, y, self)
        for stack in self.stacks:
            top = y + self.height - self.pad
            for text in stack.texts:
                top -= text.wrap(stack.width)[1]
                text.drawOn(canvas, LEFT + stack.x, top)
                top -= stack.gap

    def halves(self, room: float) -> list["Unit"]:
        """Cut its longest stack, between two texts or inside one: only for what no page could hold."""
        long = max(self.stacks, key=lambda stack: stack.height)
        kept, rest = list[Text](), list(long.texts)
        while rest and long._replace(texts=(*kept, rest[0])).height <= room:
            kept.append(rest.pop(0))
        used = long._replace(texts=tuple(kept)).height + long.gap
        if parts := rest[0].split(long.width, room - used) if rest else []:
            kept, rest = [*kept, parts[0]], [parts[1], *rest[1:]]
        if not rest or not kept:
            return [self]
        start = long._replace(texts=tuple(kept))
        first = Unit(*(start if stack is long else stack for stack in self.stacks), above=self.above, mark=self.mark)
        return [first, Unit(long._replace(texts=tuple(rest)), above=long.gap, mark=self.mark)]


class Pen(NamedTuple):
    """The sizes of one attempt."""

    size: float
    air: float
    draft: bool

    def text(self, words: str, scale: float = 1.0, kind: str = "P", **like) -> Text:
        size = max(_FITS[-1][0], self.size * scale)
        return Text(words, Style(size, size * 1.32, **like), self.draft, element=Element(kind))

    def strong(self, words: str, scale: float = 1.0, kind: str = "P", **like) -> Text:
        return self.text(words, scale, kind, font=paper.STRONG, **like)

    def items(self, texts: tuple[str, ...]) -> tuple[Text, ...]:
        like, whole = Style(self.size, self.size * 1.32, 3.6 * mm), Element("L")
        return tuple(Text(words, like, self.draft, "–", Element("LBody", Element("LI", whole))) for words in texts)

    def fixed(self, words: str, size: float, leading: float, kind: str = "P", **like) -> Text:
        """The head keeps its sizes, whatever the rest does."""
        return Text(words, Style(size, leading, **like), self.draft, element=Element(kind))

    def gap(self, scale: float = 1.0) -> float:
        return self.size * self.air * scale


def missing_glyphs(cv: CV) -> str:
    """The characters that cannot be printed, each once."""
    return paper.unprintable("".join(every_text(asdict(tidy(cv)))))


def render_cv(cv: CV, layout: Layout = "chronologique", *, draft: bool = False, number: str | None = None) -> bytes:
    """The PDF, one page when it fits; the same CV always gives the same bytes. Raises Unprintable, except for a draft.

    `number` stays in the properties of the file: an employer need not see where the page was made.
    """
    if (absent := missing_glyphs(cv)) and not draft:
        raise Unprintable(absent)
    shown = tidy(cv)
    canvas = Sheets(f"CV{NBSP}– {shown.name}" if shown.name else "CV", tagged=not draft)
    canvas.setSubject(shown.title)
    canvas.setKeywords(number or "")
    name = shown.name or blank("Nom et prénom")
    shown = replace(shown, name=name, phone=shown.phone or ("" if shown.email else blank("Téléphone ou courriel")))
    pages = _pages(_UNITS[layout], shown, draft)
    for page, placed in enumerate(pages, 1):
        if page > 1:
            _running_head(canvas, shown, draft)
        for unit, y in placed:
            unit.draw(canvas, y)
        if len(pages) > 1:
            _page_number(canvas, f"page {page}/{len(pages)}")
        canvas.showPage()
    return canvas.finished()


def _pages(units, cv: CV, draft: bool) -> list[list[tuple[Unit, float]]]:
    """The fewest pages, then the largest letters."""
    best: list[list[tuple[Unit, float]]] = []
    for size, air in _FITS:
        placed = _placed(units(cv, Pen(size, air, draft)))
        if not best or len(placed) < len(best):
            best = placed
        if len(best) == 1:
            break
    return best


def _placed(units: list[Unit]) -> list[list[tuple[Unit, float]]]:
    """Each unit with its place, page after page; a heading stays with what follows it."""
    found: list[list[tuple[Unit, float]]] = [[]]
    y, left = paper.height(_TOP), list(units)
    whole = paper.height(_NEXT_TOP) - BOTTOM
    while left:
        count = next((i for i, unit in enumerate(left, 1) if not unit.held), len(left))
        group, left = left[:count], left[count:]
        needed = sum(unit.above + unit.height for unit in group) - (0 if found[-1] else group[0].above)
        cut: list[Unit] = []
        if y - needed < BOTTOM and needed > whole:
            last = group[-1]
            halves = last.halves(y - BOTTOM - (needed - last.height))
            group, cut = [*group[:-1], halves[0]], halves[1:]
        if y - needed < BOTTOM and not cut and found[-1]:
            found.append([])
            y, left = paper.height(_NEXT_TOP), [*group, *left]
            continue
        for unit in group:
            y -= unit.height + (unit.above if found[-1] else 0)
            found[-1].append((unit, y))
        if cut:
            found.append([])
            y, left = paper.height(_NEXT_TOP), [*cut, *left]
    return found


def _running_head(canvas: Sheets, cv: CV, draft: bool) -> None:
    words = paper.plain(f"{cv.name}{NBSP}– {cv.title}" if cv.title else cv.name, draft)
    size = min(9, 9 * WIDTH / stringWidth(words, paper.REGULAR, 9))
    with marked(canvas, None):
        canvas.setFillColor(paper.GREY)
        canvas.setFont(paper.REGULAR, size)
        canvas.drawString(LEFT, paper.height(17.5), words)
    paper.rule(canvas, LEFT, paper.height(20), WIDTH, thick=0.5)


def _page_number(canvas: Sheets, words: str) -> None:
    with marked(canvas, None):
        canvas.setFillColor(paper.GREY)
        canvas.setFont(paper.REGULAR, 8)
        canvas.drawRightString(LEFT + WIDTH, 9 * mm, words)


def _at(*parts: str) -> str:
    """« Boulangerie de l’Exemple, Villeurbanne »."""
    return ", ".join(filter(None, parts))


def _name_size(name: str, width: float, largest: float) -> float:
    """The largest size that keeps the name on one line, or on two above two thirds of it, without cutting a word."""

    def fitting(words: str) -> float:
        return largest * (width - 2) / max(1, stringWidth(paper.plain(words), paper.STRONG, largest))

    longest = min((fitting(word) for word in name.split()), default=largest)
    return min(largest, longest, max(largest * 2 / 3, fitting(name)))


def _others(cv: CV) -> list[tuple[str, str]]:
    named = (("Permis", cv.licence), ("Disponibilité", cv.availability), ("Centres d’intérêt", cv.interests))
    return [(title, _capital(text)) for title, text in named if text]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


# by dates: a strong column on the left, a line of time


def _by_dates(cv: CV, pen: Pen) -> list[Unit]:
    units = [_head_by_dates(cv, pen)]
    if cv.profile:
        units.append(Unit(Stack(0, WIDTH, (pen.text(cv.profile, 1.04),)), above=pen.gap(0.9)))

    def section(title: str, rows: list[Unit]) -> None:
        for row in rows[:-1]:
            row.below = rows[-1].above
        if rows:
            heading = Stack(0, WIDTH, (pen.strong(title, 1.16, "H2", color=ACCENT),))
            units.append(Unit(heading, above=pen.gap(1.5), held=True, mark=_ruled))
            units.extend(rows)

    section("Expérience", [_dated(period(e.start, e.end), e.job, _at(e.employer, e.place), e.tasks, pen)
                           for e in cv.experiences])  # fmt: skip
    section("Formation", [_dated(period(t.start, t.end), t.title, _at(t.school, t.place), (), pen)
                          for t in cv.trainings])  # fmt: skip
    section("Compétences", [_named(s.title, f"{NBSP}· ".join(s.items), pen) for s in cv.skills])
    section("Langues", [_named(_capital(language.name), language.level, pen) for language in cv.languages])
    section("Et aussi", [_named(title, text, pen) for title, text in _others(cv)])
    return units


def _head_by_dates(cv: CV, pen: Pen) -> Unit:
    wide = 112 * mm
    size = _name_size(cv.name, wide, 27)
    names = [pen.fixed(cv.name, size, size * 1.15, "H1", font=paper.STRONG)]
    if cv.title:
        names.append(pen.fixed(cv.title, 15, 20, color=ACCENT, font=paper.STRONG))
    contact = [pen.fixed(text, 10, 13.5, align=2) for text in (cv.phone, cv.email, *cv.address) if text]
    return Unit(
        Stack(0, wide, tuple(names), 1), Stack(wide, WIDTH - wide, tuple(contact)), mark=_underlined, pad=2 * mm
    )


def _dated(dates: str, title: str, where: str, tasks: tuple[str, ...], pen: Pen) -> Unit:
    texts = [pen.strong(title, 1.06)] if title else []
    texts += [pen.text(where, color=paper.GREY)] if where else []
    left = Stack(0, DATES, (pen.strong(dates, color=ACCENT),) if dates else ())
    body = Stack(BODY, WIDTH - BODY, (*texts, *pen.items(tasks)), pen.size * 0.12)
    return Unit(left, body, above=pen.gap(0.75), mark=_timeline)


def _named(title: str, text: str, pen: Pen) -> Unit:
    left = Stack(0, DATES, (pen.strong(title),) if title else ())
    return Unit(left, Stack(BODY, WIDTH - BODY, (pen.text(text),) if text else ()), above=pen.gap(0.5))


def _underlined(canvas: Sheets, y: float, unit: Unit) -> None:
    canvas.setFillColor(ACCENT)
    canvas.rect(LEFT, y - 1.2, WIDTH, 2.4, stroke=0, fill=1)


def _ruled(canvas: Sheets, y: float, unit: Unit) -> None:
    canvas.setStrokeColor(paper.HAIR)
    canvas.setLineWidth(0.7)
    canvas.line(LEFT, y - 2.5, LEFT + WIDTH, y - 2.5)


def _timeline(canvas: Sheets, y: float, unit: Unit) -> None:
    first = unit.stacks[-1].texts[0].like.leading / 2 if unit.stacks[-1].texts else 0
    canvas.setStrokeColor(paper.HAIR)
    canvas.setLineWidth(0.9)
    canvas.line(LEFT + _RAIL, y - unit.below, LEFT + _RAIL, y + unit.height - first)
    if len(unit.stacks) > 1:  # not on what is left of an entry on the next page
        canvas.setFillColor(ACCENT)
        canvas.circle(LEFT + _RAIL, y + unit.height - first, 2.4, stroke=0, fill=1)


# by skills: what the person can do first, two groups side by side


def _by_skills(cv: CV, pen: Pen) -> list[Unit]:
    units = [_head_by_skills(cv, pen)]
    if cv.profile:
        units.append(Unit(Stack(0, WIDTH, (pen.text(cv.profile, 1.04),)), above=pen.gap(1.1)))

    def section(title: str, rows: list[Unit]) -> None:
        if rows:
            heading = Stack(0, WIDTH, (pen.strong(title, 1.2, "H2"),))
            units.append(Unit(heading, above=pen.gap(1.7), held=True, mark=_short_rule))
            units.extend(rows)

    section("Compétences", _grid(cv.skills, pen))
    section("Parcours", [_listed(period(e.start, e.end), e.job, _at(e.employer, e.place), e.tasks, pen)
                         for e in cv.experiences])  # fmt: skip
    section("Formation", [_listed(period(t.start, t.end), t.title, _at(t.school, t.place), (), pen)
                          for t in cv.trainings])  # fmt: skip
    return [*units, *_bottom(cv, pen)]


def _head_by_skills(cv: CV, pen: Pen) -> Unit:
    wide = WIDTH - 12 * mm
    size = _name_size(cv.name, wide, 25)
    texts = [pen.fixed(cv.name, size, size * 1.15, "H1", font=paper.STRONG)]
    if cv.title:
        texts.append(pen.fixed(cv.title, 14.5, 19, color=ACCENT, font=paper.STRONG))
    contact = f"{NBSP * 2}· ".join(filter(None, (cv.phone, cv.email, _at(*cv.address))))
    texts.append(pen.fixed(contact, 10, 15))
    return Unit(Stack(7 * mm, wide, tuple(texts), 2.5), mark=_tinted, pad=4.5 * mm)


def _grid(groups: tuple[Skills, ...], pen: Pen) -> list[Unit]:
    """Two groups on a line; one alone takes the whole width."""
    inset, gutter = 4 * mm, 10 * mm
    half = (WIDTH - gutter) / 2
    wide = half if len(groups) > 1 else WIDTH
    found = []
    for start in range(0, len(groups), 2):
        stacks = [Stack(place * (half + gutter) + inset, wide - inset,
                        (pen.strong(group.title, 1.06, color=ACCENT), *pen.items(group.items)), pen.size * 0.12)
                  for place, group in enumerate(groups[start : start + 2])]  # fmt: skip
        found.append(Unit(*stacks, above=pen.gap(0.85), mark=_barred))
    return found


def _listed(dates: str, title: str, where: str, tasks: tuple[str, ...], pen: Pen) -> Unit:
    aside = 46 * mm
    texts = [pen.strong(title, 1.03)] if title else []
    texts += [pen.text(where)] if where else []
    texts += [pen.text(f"{NBSP}· ".join(tasks), 0.95, color=paper.GREY)] if tasks else []
    right = Stack(WIDTH - aside, aside, (pen.text(dates, align=2),) if dates else ())
    return Unit(Stack(0, WIDTH - aside - 4 * mm, tuple(texts)), right, above=pen.gap(0.65))


def _bottom(cv: CV, pen: Pen) -> list[Unit]:
    """Languages, licence, interests: side by side at the foot."""
    spoken = tuple(pen.text(f"{NBSP}: ".join(filter(None, (_capital(language.name), language.level))))
                   for language in cv.languages)  # fmt: skip
    blocks = [("Langues", spoken)] if spoken else []
    blocks += [(title, (pen.text(text),)) for title, text in _others(cv)]
    if not blocks:
        return []
    gutter = 7 * mm
    shares = [1.7 if title == "Langues" else 1.0 for title, _ in blocks]
    share = (WIDTH - gutter * (len(blocks) - 1)) / sum(shares)
    stacks, x = [], 0.0
    for (title, texts), wide in zip(blocks, shares, strict=True):
        stacks.append(Stack(x, wide * share, (pen.strong(title, kind="H2", color=ACCENT), *texts), 1.5))
        x += wide * share + gutter
    return [Unit(*stacks, above=pen.gap(1.8), mark=_topped, pad=2.5 * mm)]


def _tinted(canvas: Sheets, y: float, unit: Unit) -> None:
    canvas.setFillColor(TINT)
    canvas.rect(LEFT, y, WIDTH, unit.height, stroke=0, fill=1)
    canvas.setFillColor(ACCENT)
    canvas.rect(LEFT, y, 2 * mm, unit.height, stroke=0, fill=1)


def _short_rule(canvas: Sheets, y: float, unit: Unit) -> None:
    canvas.setFillColor(ACCENT)
    canvas.rect(LEFT, y - 3.2, 14 * mm, 2, stroke=0, fill=1)


def _barred(canvas: Sheets, y: float, unit: Unit) -> None:
    canvas.setStrokeColor(paper.HAIR)
    canvas.setLineWidth(1.4)
    for stack in unit.stacks:
        x = LEFT + stack.x - 3 * mm
        canvas.line(x, y + unit.height - stack.height, x, y + unit.height - 2)


def _topped(canvas: Sheets, y: float, unit: Unit) -> None:
    canvas.setStrokeColor(paper.HAIR)
    canvas.setLineWidth(0.7)
    canvas.line(LEFT, y + unit.height, LEFT + WIDTH, y + unit.height)


_UNITS = {"chronologique": _by_dates, "competences": _by_skills}
