"""Official forms: which answer goes in which box, and the ink laid over the pages.

The pages come out as they went in, with ink on top; fields, scripts and actions do not come out.
"""

import io
import re
from collections.abc import Iterable
from collections.abc import Mapping as Given
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import count

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desktop.documents import form_ink as ink
from desktop.documents.form_boxes import LIMIT, BadForm, Box, Inspection, fingerprint, frame, inspect, opened, reading
from desktop.documents.form_mappings import Mapping, Spot, Zone, key_of
from desktop.documents.paper import BOTTOM, GREY, INK, LEFT, REGULAR, STRONG, WIDTH, fonts, height, unprintable
from desktop.french import counted, fold

__all__ = (
    "LIMIT", "BadForm", "Filled", "Inspection", "Question", "automatic", "fill", "fill_page", "fingerprint", "inspect",
    "questions", "usable", "zones",
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One thing to ask, wherever the form wants it. `kind`: texte, cases, multiligne, case, choix."""

    name: str
    label: str
    kind: str
    choices: tuple[str, ...] = ()
    longest: int = 0
    help: str = ""
    pages: tuple[int, ...] = ()


@dataclass(frozen=True)
class Filled:
    pdf: bytes
    problems: dict[str, str] = field(default_factory=dict)  # a sentence by field; nothing of it is drawn
    overflow: dict[str, str] = field(default_factory=dict)  # what goes on in the annex, by field
    annex_pages: int = 0


# which box


def automatic(inspection: Inspection, given: Mapping) -> Mapping:
    """`given`, and every box it leaves out under the form's own names."""
    used = {(name, _answer(spot)) for spot in given.spots for name in spot.boxes}
    measured = [zone for spot in given.spots for zone in spot.zones]
    taken, named, spots = {spot.name for spot in given.spots}, {}, []
    for box in inspection.boxes:
        is_choice = box.kind == "choix"
        key = (box.name, box.state if is_choice else "")
        if box.locked or not box.name or key in used or any(_covers(zone, box.zone) for zone in measured):
            continue
        used.add(key)
        label = box.tooltip or _last_words(box.name)
        if box.name not in named:
            named[box.name] = key_of(label, taken)
            taken.add(named[box.name])
        kind = "croix" if box.kind in ("case", "choix") else box.kind
        spots.append(Spot(named[box.name], label, kind, (box.name,), value=key[1], longest=box.longest))
    return replace(given, spots=given.spots + tuple(spots))


def _covers(one: Zone, other: Zone) -> bool:
    """Two places so near that they are the same one."""
    return (
        one.page == other.page
        and abs(2 * (one.x - other.x) + one.wide - other.wide) < one.wide + other.wide
        and abs(2 * (one.y - other.y) + one.high - other.high) < one.high + other.high
    )


def _answer(spot: Spot) -> str:
    return spot.state or spot.value if spot.kind == "croix" else ""


def _last_words(name: str) -> str:
    return re.sub(r"\[\d+\]", "", name.split(".")[-1]).replace("_", " ").strip() or name


def usable(mapping: Mapping, inspection: Inspection) -> tuple[Mapping, tuple[str, ...]]:
    """What of a mapping this file still has, and the labels of what it has not."""
    kept: list[Spot] = []
    lost: dict[str, None] = {}
    for spot in mapping.spots:
        if _is_there(spot, inspection):
            kept.append(spot)
        else:
            lost[spot.label] = None
    return replace(mapping, spots=tuple(kept)), tuple(lost)


def _is_there(spot: Spot, inspection: Inspection) -> bool:
    if spot.boxes:
        return all(_named(name, spot, inspection) for name in spot.boxes)
    return all(
        zone.page <= len(inspection.pages) and _inside(zone, *inspection.pages[zone.page - 1]) for zone in spot.zones
    )


def _inside(zone: Zone, wide: float, high: float) -> bool:
    return zone.x + zone.wide <= wide + 0.5 and zone.y + zone.high <= high + 0.5


def _named(name: str, spot: Spot, inspection: Inspection) -> list[Box]:
    """The boxes of this name; of a choice, the one of this answer."""
    found = inspection.by_name.get(name, [])
    if any(box.kind == "choix" for box in found):
        return [box for box in found if box.state == _answer(spot)]
    return found


def questions(mapping: Mapping, inspection: Inspection) -> tuple[Question, ...]:
    """What to ask, in the order of the mapping; spots of the same name are one question."""
    groups: dict[str, list[Spot]] = {}
    for spot in usable(mapping, inspection)[0].spots:
        groups.setdefault(spot.name, []).append(spot)
    return tuple(_question(spots, inspection) for spots in groups.values())


def _question(spots: list[Spot], inspection: Inspection) -> Question:
    first, places = spots[0], [_places(spot, inspection) for spot in spots]
    pages = tuple(sorted({place.zone.page for found in places for place in found}))
    if first.kind == "croix":
        answers = tuple(dict.fromkeys(spot.value for spot in spots if spot.value))
        kind, answers = ("choix", answers) if len(answers) > 1 else ("case", ())
        return Question(first.name, first.label, kind, answers, help=first.help, pages=pages)
    options = next((box.options for name in first.boxes for box in _named(name, first, inspection) if box.options), ())
    longest = sum(_counts(first, places[0])) if first.kind == "cases" else first.longest
    return Question(first.name, first.label, "choix" if options else first.kind, options, longest, first.help, pages)


def zones(spot: Spot, inspection: Inspection) -> tuple[Zone, ...]:
    """Where a spot is on the pages."""
    return tuple(place.zone for place in _places(spot, inspection))


# what ink


@dataclass(frozen=True)
class _Place:
    zone: Zone
    align: int = 0
    cells: int = 0
    longest: int = 0

    @property
    def size(self) -> tuple[float, float]:
        return self.zone.wide * mm, self.zone.high * mm


@dataclass(frozen=True)
class _Stroke:
    """What is drawn in one box: runs of text, a cross, or its frame."""

    zone: Zone
    runs: tuple[ink.Run, ...] = ()
    cross: bool = False
    frame: Box | None = None


def _several(spot: Spot) -> bool:
    """The value is shared out between its boxes, instead of written in each."""
    return len(spot.boxes or spot.zones) > 1


def _places(spot: Spot, inspection: Inspection) -> list[_Place]:
    if spot.zones:
        return [_Place(zone) for zone in spot.zones]
    found = [_named(name, spot, inspection) for name in spot.boxes]
    if _several(spot):
        found = [boxes[:1] for boxes in found]
    return [_Place(box.zone, box.align, box.cells, box.longest) for boxes in found for box in boxes]


def _counts(spot: Spot, places: list[_Place]) -> list[int]:
    """How many characters each place of a comb takes."""
    if _several(spot):
        return list(spot.cut) or [place.cells or 1 for place in places]
    return [next(filter(None, (*spot.cut, places[0].cells, spot.longest)), 1)] if places else []


def _fitted(spot: Spot, text: str, places: list[_Place]) -> list[_Stroke] | None:
    """The ink of a value; None when it does not fit. Raises ValueError with a sentence."""
    smallest = ink.READABLE if spot.overflow == "annexe" else ink.SMALLEST
    if spot.kind == "cases":
        counts = _counts(spot, places)
        text = ink.figures(text, sum(counts))
        if len(text) > sum(counts):
            return None
        parts = ink.pieces(text, counts) if _several(spot) else [text] * len(places)
        counts = counts if _several(spot) else counts * len(places)
        return _strokes(
            places, [ink.comb(t, *p.size, n, p.align) for t, p, n in zip(parts, places, counts, strict=True)]
        )
    if _several(spot) and (spot.cut or spot.separator):
        parts = _parted(spot, text, len(places))
        return parts and _strokes(
            places, [ink.line(t, *p.size, p.align, smallest) for t, p in zip(parts, places, strict=True)]
        )
    if _several(spot):
        return _strokes(places, ink.flow(text, [place.size for place in places], smallest))
    if spot.kind == "multiligne":
        return _strokes(places, [ink.block(text, *place.size, place.align, smallest) for place in places])
    return _strokes(places, [ink.line(text.replace("\n", " "), *p.size, p.align, smallest) for p in places])


def _parted(spot: Spot, text: str, count: int) -> list[str] | None:
    if spot.separator:
        parts = [part.strip() for part in text.split(spot.separator, count - 1)]
        return parts + [""] * (count - len(parts))
    text = ink.figures(text, sum(spot.cut))
    return ink.pieces(text, spot.cut) if len(text) <= sum(spot.cut) else None


def _strokes(places: list[_Place], runs: list[list[ink.Run] | None] | None) -> list[_Stroke] | None:
    if runs is None or any(found is None for found in runs):
        return None
    return [_Stroke(place.zone, tuple(found)) for place, found in zip(places, runs, strict=True)]


@dataclass
class _Plan:
    strokes: list[_Stroke] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    overflow: dict[str, str] = field(default_factory=dict)


def _plan(pdf: bytes, mapping: Mapping, values: Given[str, object]) -> _Plan:
    inspection = inspect(pdf)
    mapping, _ = usable(mapping, inspection)
    plan = _Plan([_Stroke(box.zone, frame=box) for box in inspection.boxes if box.look.line or box.look.paper])
    plan.strokes += _already_there(inspection, mapping, values)
    for spot in mapping.spots:
        value = values.get(spot.name)
        if spot.kind == "croix":
            plan.strokes += [
                _Stroke(place.zone, cross=True) for place in _places(spot, inspection) if _ticked(spot, value)
            ]
        elif isinstance(value, str) and (text := ink.clean(value)):
            try:
                _write(plan, spot, text.upper() if spot.capitals else text, _places(spot, inspection))
            except ValueError as problem:
                plan.problems.setdefault(spot.name, str(problem))
    plan.overflow = {name: text for name, text in plan.overflow.items() if name not in plan.problems}
    return plan


def _ticked(spot: Spot, value: object) -> bool:
    if spot.value and isinstance(value, str):
        return value == spot.value
    return value is True or (isinstance(value, str) and fold(value) in ("oui", "true", "x"))


def _write(plan: _Plan, spot: Spot, text: str, places: list[_Place]) -> None:
    """Add the ink of a value, or « voir annexe » and the value to the annex; raises ValueError with a sentence."""
    if strange := unprintable(text.replace("\n", "")):
        raise ValueError(f"Ce signe ne s’imprime pas : {' '.join(strange)}. Écrivez-le autrement.")
    longest = spot.longest or min((place.longest for place in places if place.longest), default=0)
    if spot.kind != "cases" and longest and len(text) > longest:
        raise ValueError(f"{counted(longest, 'caractère')} au plus : il y en a {len(text)}.")
    drawn = _fitted(spot, text, places)
    if drawn is None:
        may_go_on = spot.overflow == "annexe" or (spot.overflow == "reduire" and spot.kind != "cases")
        drawn = _see_annex(places) if may_go_on else []
        if not drawn:
            raise ValueError(_too_long(spot, text, places))
        plan.overflow.setdefault(spot.name, text)
    plan.strokes += drawn


def _too_long(spot: Spot, text: str, places: list[_Place]) -> str:
    cells = sum(_counts(spot, places)) if spot.kind == "cases" else sum(spot.cut)
    count = len(ink.figures(text, cells))
    if cells and count > cells:
        return f"Il y a {counted(cells, 'case')} et {counted(count, 'caractère')}."
    return "Ce texte est trop long pour la case. Raccourcissez-le."


def _see_annex(places: list[_Place]) -> list[_Stroke]:
    """« voir annexe » in the first box that can hold it."""
    for words in ("voir annexe", "annexe"):
        for place in places:
            if runs := ink.line(words, *place.size):
                return [_Stroke(place.zone, tuple(runs))]
    return []


def _already_there(inspection: Inspection, mapping: Mapping, values: Given[str, object]) -> list[_Stroke]:
    """What the file itself had written or ticked, where nothing else is asked."""
    answered = {name for spot in mapping.spots if values.get(spot.name) for name in spot.boxes}
    strokes: list[_Stroke] = []
    for box in inspection.boxes:
        if not box.value or box.name in answered:
            continue
        if box.kind in ("case", "choix"):
            strokes.append(_Stroke(box.zone, cross=True))
        elif not unprintable(box.value.replace("\n", "")):
            spot = Spot("deja_la", box.name, box.kind, (box.name,))
            strokes += _fitted(spot, box.value, [_Place(box.zone, box.align, box.cells)]) or []
    return strokes


# on the pages


def fill(pdf: bytes, mapping: Mapping, values: Given[str, object]) -> Filled:
    """The form with these values in ink; the same values give the same bytes. Raises BadForm."""
    plan = _plan(pdf, mapping, values)
    with opened(pdf) as document, reading():
        _bare(document)
        _ink_on(document, plan.strokes)
        if not plan.overflow:
            return Filled(_saved(document), plan.problems)
        with pikepdf.open(io.BytesIO(_annex(mapping, values, plan.overflow))) as annex:
            document.pages.extend(annex.pages)
            return Filled(_saved(document), plan.problems, plan.overflow, len(annex.pages))


def fill_page(pdf: bytes, mapping: Mapping, values: Given[str, object], page: int) -> Filled:
    """One page of it, for the screen: the same ink, in a fraction of the time."""
    plan = _plan(pdf, mapping, values)
    own = [replace(s, zone=replace(s.zone, page=1)) for s in plan.strokes if s.zone.page == page]
    with reading(), pikepdf.open(io.BytesIO(_alone(pdf, page))) as document:
        _ink_on(document, own)
        return Filled(_saved(document), plan.problems, plan.overflow)


@lru_cache(maxsize=16)
def _alone(pdf: bytes, page: int) -> bytes:
    with opened(pdf) as document, pikepdf.new() as single:
        wanted = document.pages[page - 1]
        if Name.Annots in wanted.obj:
            del wanted.obj[Name.Annots]  # a link would bring the page it leads to
        single.pages.append(wanted)
        if Name.OCProperties in document.Root:
            single.Root.OCProperties = single.copy_foreign(document.make_indirect(document.Root.OCProperties))
        return _saved(single)


def _saved(document: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _bare(document: pikepdf.Pdf) -> None:
    """Take away fields, scripts and actions; links and notes of the author stay."""
    root = document.Root
    _drop(root, Name.AcroForm, Name.OpenAction, Name.AA, Name.Perms, Name.NeedsRendering)
    _drop(root.get(Name.Names, Dictionary()), Name.JavaScript)
    for page in document.pages:
        _drop(page.obj, Name.AA)
        kept = [note for note in page.obj.get(Name.Annots, ()) if isinstance(note, Dictionary) and _stays(note)]
        _drop(page.obj, Name.Annots)
        if kept:
            page.obj.Annots = Array(kept)


def _drop(holder: Dictionary, *keys: Name) -> None:
    for key in keys:
        if key in holder:
            del holder[key]


def _stays(note: Dictionary) -> bool:
    """Whether an annotation is kept; one that is not is emptied, since a structure tree may still point at it."""
    if note.get(Name.Subtype) == Name.Widget:
        _drop(note, *(Name(key) for key in note.keys() if key not in ("/Type", "/Subtype", "/Rect")))  # noqa: SIM118
        return False
    _drop(note, Name.AA)
    if note.get(Name.A, Dictionary()).get(Name.S) not in (None, Name.URI, Name.GoTo):
        _drop(note, Name.A)
    return True


def _ink_on(document: pikepdf.Pdf, strokes: Iterable[_Stroke]) -> None:
    """Draw the strokes on their pages, in one overlay that shares its font."""
    by_page: dict[int, list[_Stroke]] = {}
    for stroke in strokes:
        by_page.setdefault(stroke.zone.page, []).append(stroke)
    if not by_page:
        return
    fonts()
    buffer, frames = io.BytesIO(), []
    canvas = Canvas(buffer, invariant=1, initialFontName=REGULAR)
    for number in sorted(by_page):
        wide, high, matrix = frame(document.pages[number - 1])
        frames.append((number, matrix))
        canvas.setPageSize((wide, high))
        for stroke in by_page[number]:
            _draw(canvas, stroke, high)
        canvas.showPage()
    canvas.save()
    with pikepdf.open(buffer) as overlay:
        for (number, matrix), drawn in zip(frames, overlay.pages, strict=True):
            _lay(document, document.pages[number - 1], drawn.as_form_xobject(), matrix)


def _draw(canvas: Canvas, stroke: _Stroke, high: float) -> None:
    zone = stroke.zone
    place = zone.x * mm, high - (zone.y + zone.high) * mm, zone.wide * mm, zone.high * mm
    if stroke.frame:
        look = stroke.frame.look
        ink.draw_frame(canvas, *place, look.line, look.paper, look.thick, look.round, stroke.frame.cells)
    elif stroke.cross:
        ink.draw_cross(canvas, *place)
    else:
        ink.draw_runs(canvas, stroke.runs, *place[:2])


def _lay(document: pikepdf.Pdf, page: pikepdf.Page, drawn: pikepdf.Object, matrix: Matrix) -> None:
    """Put a drawing over a page, whatever its own content left open."""
    closing = b"\nQ" * (1 + max(0, _left_open(page)))
    if page.resources is None:
        page.obj.Resources = Dictionary()
    taken = set(page.resources.get(Name.XObject, Dictionary()).keys())
    name = next(name for name in (f"/Guichet{i}" for i in count(1)) if name not in taken)
    page.add_resource(document.copy_foreign(drawn), Name.XObject, Name(name))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(closing + b"\nq " + matrix.encode() + b" cm " + name.encode() + b" Do Q\n")


def _left_open(page: pikepdf.Page) -> int:
    """How many graphics states the page opens and never closes."""
    try:
        operators = [str(each.operator) for each in pikepdf.parse_content_stream(page, "q Q")]
    except pikepdf.PdfError:
        return 0
    return operators.count("q") - operators.count("Q")


# annex


def _annex(mapping: Mapping, values: Given[str, object], overflow: dict[str, str]) -> bytes:
    """« Suite »: each field's label and its whole text."""
    fonts()
    labels = {spot.name: spot.label for spot in reversed(mapping.spots)}
    rows = [
        ("Suite", STRONG, 18, 26, INK),
        (" · ".join(filter(None, (mapping.title, mapping.number))), REGULAR, 11, 16, INK),
        (_who(values), REGULAR, 11, 16, GREY),
    ]
    for name, text in overflow.items():
        rows += [("", REGULAR, 11, 12, INK), (labels[name], STRONG, 11, 18, INK)]
        rows += [(part, REGULAR, 11, 15, INK) for part in ink.wrapped(text, [WIDTH], 11)]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, initialFontName=REGULAR)
    y = height(25)
    for text, font, size, leading, color in rows:
        if y - leading < BOTTOM:
            canvas.showPage()
            y = height(25)
        y -= leading
        canvas.setFont(font, size)
        canvas.setFillColor(color)
        canvas.drawString(LEFT, y, text)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _who(values: Given[str, object]) -> str:
    """The person's name, so that a loose sheet finds its form again."""
    names = ("nom_prenoms",) if values.get("nom_prenoms") else ("prenoms", "nom_naissance", "nom_usage")
    name = " ".join(ink.clean(str(values[name])) for name in names if values.get(name))
    return "" if unprintable(name.replace("\n", "")) else name.replace("\n", " ")
