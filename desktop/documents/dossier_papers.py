"""The papers still to bring, as the person takes them home: a box to tick for each, and what is already there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm

from desktop.documents import flow, paper
from desktop.documents.content import BOLD, BOX, LIGHT, clean
from desktop.documents.flow import Framed, Piece
from desktop.documents.letter import Unprintable, items, letterhead, sheets_of
from desktop.documents.paper import Sheets, Style, Text
from desktop.documents.tagging import Element
from desktop.documents.typography import typeset
from desktop.french import counted, long_date, weekday_date

TITLE = "Papiers à apporter"
_SIZES = (12, 11, 10.5)  # the largest that stays on one page; else the largest of all


@dataclass(frozen=True)
class Paper:
    """One document asked for; `why` says what is wrong with it, `help` when it is asked for or where it is found."""

    label: str
    why: str = ""
    help: str = ""


@dataclass(frozen=True)
class PapersList:
    """What one organism asks, and where the person stands with it; `notice` says what the list is worth."""

    title: str
    missing: tuple[Paper, ...] = ()
    outdated: tuple[Paper, ...] = ()
    soon: tuple[Paper, ...] = ()
    provided: tuple[Paper, ...] = ()
    notice: str = ""

    @property
    def texts(self) -> tuple[str, ...]:
        papers = (*self.missing, *self.outdated, *self.soon, *self.provided)
        return (self.title, self.notice, *(text for one in papers for text in (one.label, one.why, one.help)))


def missing_glyphs(who: str, lists: Sequence[PapersList], note: str = "") -> str:
    """The characters that cannot be printed, each once."""
    return paper.unprintable("".join(map(clean, (who, note, *(text for one in lists for text in one.texts)))))


def render_papers(
    who: str, lists: Sequence[PapersList], place: Sequence[str], day: date, *, back_on: date | None = None, note: str = ""
) -> bytes:  # fmt: skip
    """The list to take home, on as many pages as it needs. Raises Unprintable."""
    if absent := missing_glyphs(who, lists, note):
        raise Unprintable(absent)
    title = typeset(TITLE)
    canvas = Sheets(title, tagged=True)
    dated = typeset(f"{clean(who)} · {long_date(day)}")
    top = letterhead(canvas, title, tuple(typeset(clean(line)) for line in place), dated) - 2 * mm
    return sheets_of(canvas, _placed(lists, back_on, note, top), f"{title} – {dated}")


def _placed(lists: Sequence[PapersList], back_on: date | None, note: str, top: float) -> list[flow.Page]:
    for size in (*_SIZES, _SIZES[0]):
        like = Style(size, size * 1.33)
        pieces = [piece for one in lists for piece in _list(one, like)]
        pieces.append(Piece(_next(lists, back_on, note, like), 0.6 * size * mm))
        placed = flow.placed(pieces, top)
        if len(placed) == 1:
            break
    return placed


def _aside(like: Style) -> Style:
    return Style(like.size - 2, (like.size - 2) * 1.35, color=paper.GREY)


def _list(one: PapersList, like: Style) -> list[Piece]:
    title = Text(typeset(clean(one.title)), Style(15, 20, font=paper.STRONG), element=Element("H2"))
    pieces = [Piece(title, 6 * mm, held=True), Piece(Text(typeset(_summary(one)), like), 1 * mm)]
    if one.notice:
        pieces[-1] = pieces[-1]._replace(held=True)
        pieces.append(Piece(Text(typeset(clean(one.notice)), _aside(like)), 0.5 * mm))
    pieces += _boxes("Il manque", one.missing, like)
    pieces += _boxes("À refaire : la date est passée", one.outdated, like)
    pieces += _boxes("Bientôt trop anciens", one.soon, like)
    if one.provided:
        words = [_words(given) for given in one.provided]
        pieces += [_heading("Déjà donnés", like), *items(words, ["–"] * len(words), _aside(like), 3, 1, 5 * mm)]
    return pieces


def _summary(one: PapersList) -> str:
    parts = [
        counted(len(one.missing), "papier manque", "papiers manquent") if one.missing else "",
        counted(len(one.outdated), "n’est plus valable", "ne sont plus valables") if one.outdated else "",
    ]
    told = " et ".join(filter(None, parts))
    return f"{told}. Cochez à mesure." if told else "Rien ne manque aujourd’hui."


def _heading(words: str, like: Style) -> Piece:
    strong = like._replace(font=paper.STRONG)
    return Piece(Text(typeset(words), strong, element=Element("H3")), 0.4 * like.size * mm, held=True)


def _boxes(heading: str, papers: tuple[Paper, ...], like: Style) -> list[Piece]:
    if not papers:
        return []
    whole, pieces = Element("L"), [_heading(heading, like)]
    for one in papers:
        body = Element("LBody", Element("LI", whole))
        first = Text(_words(one), like._replace(indent=8 * mm), bullet=BOX, element=body)
        pieces.append(Piece(first, 0.2 * like.size * mm, held=bool(one.help)))
        if one.help:
            aside = Text(typeset(clean(one.help)), _aside(like)._replace(indent=8 * mm), element=Element("P", body))
            pieces.append(Piece(aside, 0.2 * mm))
    return pieces


def _words(one: Paper) -> str:
    label = clean(one.label)
    return typeset(f"{BOLD}{label}{LIGHT} : {clean(one.why)}" if one.why else label)


def _next(lists: Sequence[PapersList], back_on: date | None, note: str, like: Style) -> Framed:
    """What to do with the list: when to come back, and with what."""
    asked = any(one.missing or one.outdated for one in lists)
    otherwise = "Revenez dès que vous avez tout." if asked else "Revenez pour envoyer le dossier."
    back = f"Revenez le {weekday_date(back_on)}." if back_on else otherwise
    texts = [Text(typeset(back), like._replace(font=paper.STRONG))]
    texts.append(Text(typeset("Apportez les originaux avec cette feuille."), like))
    if note:
        texts.append(Text(typeset(clean(note)), like))
    return Framed(texts)
