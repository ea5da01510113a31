"""Reading a PDF form: what it is, the boxes it has, and why some cannot be filled."""

import hashlib
import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name
from reportlab.lib.units import mm

from desktop.documents.form_ink import clean
from desktop.documents.form_mappings import Zone
from desktop.french import fold

LIMIT = 30 * 1024 * 1024
_HIDDEN = 2 | 32  # annotation flags: hidden, not to be viewed
_READ_ONLY, _MULTILINE, _PASSWORD, _PUSH, _COMB = 1, 1 << 12, 1 << 13, 1 << 16, 1 << 24
_WAITS = ("please wait", "message is not eventually replaced", "veuillez patienter", "message n est pas remplace")
_DAMAGED = "Ce PDF est abîmé. Téléchargez-le de nouveau."
_ODD = (pikepdf.PdfError, AttributeError, TypeError, KeyError, IndexError, RuntimeError, ValueError)


class BadForm(ValueError):
    """A PDF that cannot be filled; the message is one French sentence."""


@dataclass(frozen=True)
class Look:
    """The frame a field draws for itself, and that goes away with it."""

    line: tuple[float, ...] = ()
    paper: tuple[float, ...] = ()
    thick: float = 1
    round: bool = False


@dataclass(frozen=True)
class Box:
    """A place the PDF itself calls a field. `kind`: texte, cases, multiligne, case, choix."""

    name: str
    zone: Zone
    kind: str
    cells: int = 0  # of « cases »
    longest: int = 0
    state: str = ""  # of « case » and « choix »: what this box answers
    options: tuple[str, ...] = ()  # of a closed list
    tooltip: str = ""
    align: int = 0
    value: str = ""  # already in the file
    locked: bool = False
    look: Look = Look()


@dataclass(frozen=True)
class Inspection:
    """What a file is. `kind`: acroform, plat, xfa_statique. Zones are in mm from the top left of the page as seen."""

    kind: str
    pages: tuple[tuple[float, float], ...]  # width and height in mm
    fingerprint: str
    number: str  # printed on it: « 12669*01 »
    boxes: tuple[Box, ...] = ()

    @cached_property
    def by_name(self) -> dict[str, list[Box]]:
        found: dict[str, list[Box]] = {}
        for box in self.boxes:
            found.setdefault(box.name, []).append(box)
        return found

    @property
    def written_in(self) -> bool:
        """Somebody has already filled it."""
        return sum(bool(box.value) and box.kind in ("texte", "cases", "multiligne") for box in self.boxes) > 2


def fingerprint(pdf: bytes) -> str:
    return hashlib.sha256(pdf).hexdigest()


@lru_cache(maxsize=4)
def inspect(pdf: bytes) -> Inspection:
    """What this file is and the boxes it has; raises BadForm."""
    with opened(pdf) as document:
        sizes, text = _seen(pdf, len(document.pages))
        with reading():
            xfa = Name.XFA in document.Root.get(Name.AcroForm, Dictionary())
            waits = len(sizes) < 3 and any(words in fold(text) for words in _WAITS)
            if xfa and (waits or document.Root.get(Name.NeedsRendering)):
                raise BadForm(
                    "Ce formulaire ne s’affiche que dans Adobe Reader. Imprimez-le là en PDF, puis importez ce PDF."
                )
            boxes = [box for number, page in enumerate(document.pages, 1) for box in _page_boxes(page, number)]
    kind = "xfa_statique" if xfa else "acroform" if boxes else "plat"
    return Inspection(kind, sizes, fingerprint(pdf), _number(text), _settled(boxes))


@contextmanager
def reading() -> Iterator[None]:
    """What a damaged file may make go wrong, in one sentence."""
    try:
        yield
    except BadForm:
        raise
    except _ODD as problem:
        raise BadForm(_DAMAGED) from problem


def opened(pdf: bytes) -> pikepdf.Pdf:
    """The document, if it may be written on; raises BadForm."""
    if len(pdf) > LIMIT:
        raise BadForm("Ce fichier dépasse 30 Mo. Un formulaire est plus léger.")
    if b"%PDF-" not in pdf[:1024]:
        raise BadForm("Ce fichier n’est pas un PDF.")
    try:
        document = pikepdf.open(io.BytesIO(pdf))
    except pikepdf.PasswordError as problem:
        raise BadForm(
            "Ce PDF demande un mot de passe. Importez un formulaire qui s’ouvre sans mot de passe."
        ) from problem
    except _ODD as problem:
        raise BadForm(_DAMAGED) from problem
    try:
        refusal = _refusal(document)
    except _ODD:
        refusal = _DAMAGED
    if refusal:
        document.close()
        raise BadForm(refusal)
    return document


def _refusal(document: pikepdf.Pdf) -> str:
    root, allow = document.Root, document.allow
    allowed = allow.modify_form and allow.modify_other and allow.print_highres
    if document.is_encrypted and not document.owner_password_matched and not allowed:
        return "Ce PDF est protégé contre les modifications. Demandez un fichier libre, ou remplissez-le à la main."
    if not len(document.pages):
        return "Ce PDF n’a aucune page."
    if Name.Collection in root:
        return "Ce PDF contient d’autres fichiers. Importez seulement le formulaire."
    if Name.DocMDP in root.get(Name.Perms, Dictionary()) or any(_signed(found) for found in _fields(document)):
        return "Ce PDF est déjà signé : écrire dessus effacerait la signature. Importez un formulaire vierge."
    return ""


def _signed(found: Dictionary) -> bool:
    return found.get(Name.FT) == Name.Sig and found.get(Name.V) is not None


def _fields(document: pikepdf.Pdf) -> Iterator[Dictionary]:
    """Every field of the form, shown or not."""
    left, met = list(document.Root.get(Name.AcroForm, Dictionary()).get(Name.Fields, ())), set()
    while left:
        found = left.pop()
        if not isinstance(found, Dictionary) or (found.is_indirect and found.objgen in met):
            continue
        met.add(found.objgen)
        yield found
        left += list(found.get(Name.Kids, ()))


def _seen(pdf: bytes, count: int) -> tuple[tuple[tuple[float, float], ...], str]:
    """The size of each page and the words of the first two, as a reader sees them."""
    import pypdfium2
    import pypdfium2.raw

    try:
        with pypdfium2.PdfDocument(pdf) as document:
            sizes = tuple((round(w / mm, 2), round(h / mm, 2)) for w, h in map(document.get_page_size, range(count)))
            text = "\n".join(document[i].get_textpage().get_text_range() for i in range(min(2, count)))
            drawn = any(pypdfium2.raw.FPDFPage_CountObjects(document[i]) for i in range(count))
    except pypdfium2.PdfiumError as problem:
        raise BadForm(_DAMAGED) from problem
    if not drawn:
        raise BadForm(
            "Les pages de ce PDF sont vides, ou un programme les dessine. Imprimez-le en PDF, puis importez ce PDF."
        )
    return sizes, text


def _number(text: str) -> str:
    """« 12669*01 », as printed, near « N° » rather than elsewhere."""
    number = r"(\d{5})\s*[*✱∗＊]\s*(\d\d)(?!\d)"
    found = re.search(rf"[nN]\s?[°ºo]\s*{number}", text) or re.search(rf"(?<!\d){number}", text)
    return f"{found[1]}*{found[2]}" if found else ""


def frame(page: pikepdf.Page) -> tuple[float, float, Matrix]:
    """The size of a page as it is seen, in points, and how a point of it becomes one of the PDF."""
    media, crop = (_sides(box) for box in (page.mediabox, page.cropbox))
    x0, y0 = max(media[0], crop[0]), max(media[1], crop[1])
    x1, y1 = min(media[2], crop[2]), min(media[3], crop[3])
    if x0 >= x1 or y0 >= y1:
        x0, y0, x1, y1 = media
    wide, high = x1 - x0, y1 - y0
    turn = int(page.rotation) % 360
    if turn == 90:
        return high, wide, Matrix(0, 1, -1, 0, x1, y0)
    if turn == 180:
        return wide, high, Matrix(-1, 0, 0, -1, x1, y1)
    if turn == 270:
        return high, wide, Matrix(0, -1, 1, 0, x0, y1)
    return wide, high, Matrix(1, 0, 0, 1, x0, y0)


def _sides(rect: Array) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = map(float, rect)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _page_boxes(page: pikepdf.Page, number: int) -> Iterator[Box]:
    widgets = [note for note in page.obj.get(Name.Annots, ()) if _is_widget(note)]
    if not widgets:
        return
    wide, high, matrix = frame(page)
    seen = matrix.inverse()
    for widget in widgets:
        kind, flags = _inherited(widget, Name.FT), int(_inherited(widget, Name.Ff) or 0)
        unseen = int(widget.get(Name.F, 0)) & _HIDDEN
        if (
            unseen
            or kind not in (Name.Tx, Name.Btn, Name.Ch)
            or flags & {Name.Tx: _PASSWORD, Name.Btn: _PUSH}.get(kind, 0)
        ):
            continue
        x0, y0, x1, y1 = _sides(widget.Rect)
        (left, right), (bottom, top) = map(sorted, zip(seen.transform((x0, y0)), seen.transform((x1, y1)), strict=True))
        if right - left > 1 and top - bottom > 1 and right > 0 and top > 0 and left < wide and bottom < high:
            sides = (round(side / mm, 3) for side in (left, high - top, right - left, top - bottom))
            yield _box(widget, kind, flags, Zone(number, *sides))


def _is_widget(note: object) -> bool:
    return isinstance(note, Dictionary) and note.get(Name.Subtype) == Name.Widget and Name.Rect in note


def _box(widget: Dictionary, kind: Name, flags: int, zone: Zone) -> Box:
    box = Box(
        _full_name(widget), zone, "texte", tooltip=_words(_inherited(widget, Name.TU)), look=_look(widget),
        align=int(_inherited(widget, Name.Q) or 0), locked=bool(flags & _READ_ONLY),
    )  # fmt: skip
    if kind == Name.Btn:
        state = next((state for state in map(_state, _appearances(widget)) if state != "Off"), "Oui")
        ticked = Name.AS in widget and _state(str(widget.AS)) == state
        return replace(box, kind="case", state=state, value=state if ticked else "")
    value = _words(_inherited(widget, Name.V))
    if kind == Name.Ch:
        options = (_words(o[-1] if isinstance(o, Array) else o) for o in _inherited(widget, Name.Opt) or ())
        return replace(box, options=tuple(filter(None, options)), value=value)
    longest = int(_inherited(widget, Name.MaxLen) or 0)
    if flags & _COMB and longest:
        return replace(box, kind="cases", cells=longest, value=value)
    return replace(box, kind="multiligne" if flags & _MULTILINE else "texte", longest=longest, value=value)


def _look(widget: Dictionary) -> Look:
    given, style = widget.get(Name.MK, Dictionary()), widget.get(Name.BS, Dictionary())
    line, paper = (tuple(float(part) for part in given.get(key, ())) for key in (Name.BC, Name.BG))
    thick = float(style.get(Name.W, 1))
    return Look(line if thick else (), paper, thick, str(given.get(Name.CA, "")) == "l")


def _appearances(widget: Dictionary) -> list[str]:
    normal = widget.get(Name.AP, Dictionary()).get(Name.N)
    return list(normal.keys()) if isinstance(normal, Dictionary) else []


def _state(key: str) -> str:
    """The name of a state, whatever the encoding its author used."""
    raw = key.removeprefix("/").encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("mac_roman")


def _words(value: object) -> str:
    return clean(str(value)) if isinstance(value, pikepdf.String) else ""


def _inherited(found: Dictionary, key: Name) -> object:
    for own in _upwards(found):
        if key in own:
            return own[key]
    return None


def _full_name(found: Dictionary) -> str:
    return ".".join(reversed([part for own in _upwards(found) if (part := _words(own.get(Name.T)))]))


def _upwards(found: Dictionary) -> Iterator[Dictionary]:
    for _ in range(32):
        yield found
        if not isinstance(found := found.get(Name.Parent), Dictionary):
            return


def _settled(boxes: list[Box]) -> tuple[Box, ...]:
    """In reading order; crosses of one name and several answers are a choice."""
    states: dict[str, set[str]] = {}
    for box in boxes:
        states.setdefault(box.name, set()).add(box.state)
    known = (replace(box, kind="choix") if box.kind == "case" and len(states[box.name]) > 1 else box for box in boxes)
    return tuple(sorted(known, key=lambda b: (b.zone.page, round((b.zone.y + b.zone.high / 2) / 4), b.zone.x)))
