"""What goes with a letter: papers to join, the sheet the person takes home, help at the post office, the printer's ruler."""

import io
from collections.abc import Callable, Iterable, Sequence

from reportlab.lib.units import mm

from desktop.documents import flow, paper
from desktop.documents.content import BOLD, BOX, LIGHT, Letter, Party, clean
from desktop.documents.content import marked as marked_up
from desktop.documents.flow import Framed, Piece
from desktop.documents.letter import LARGE, RIGHT, WINDOWS, blocks, items, letterhead, sheets_of
from desktop.documents.paper import Sheets, Style, Text
from desktop.documents.references import Source
from desktop.documents.tagging import Element, marked
from desktop.documents.template_files import SENDINGS
from desktop.documents.templates import Deadline
from desktop.documents.typography import typeset
from desktop.french import NBSP, long_date, phone, weekday_date

SIZES = (12, 11, 10.5)  # points, for a sheet read at home
_HOW = {
    "simple": (
        "Signez le courrier à la main.",
        "Gardez-en une copie : une photo nette suffit.",
        "Mettez le courrier et les copies des pièces dans l’enveloppe.",
        "Timbrez l’enveloppe et postez-la.",
    ),
    "suivi": (
        "Signez le courrier à la main et gardez-en une copie.",
        "Mettez le courrier et les copies des pièces dans l’enveloppe.",
        "Demandez une **lettre suivie** au bureau de poste.",
        "Gardez le numéro de suivi avec la copie.",
    ),
    "recommande_ar": (
        "Signez le courrier à la main et gardez-en une copie.",
        "Mettez le courrier et les copies des pièces dans l’enveloppe.",
        "Au bureau de poste, demandez une lettre recommandée **avec avis de réception**.",
        "Gardez la preuve de dépôt : elle prouve le jour de l’envoi.",
        "Quand l’avis de réception revient, rangez-le avec la preuve de dépôt.",
    ),
    "recommande_electronique": (
        "Relisez le courrier et les pièces sur l’écran.",
        "Envoyez la lettre recommandée en ligne. Un médiateur peut vous accompagner.",
        "Enregistrez ou imprimez la preuve de dépôt, puis la preuve de réception.",
    ),
    "main_propre": (
        "Signez à la main **deux exemplaires** du courrier.",
        "Remettez un exemplaire à la personne, ou à l’accueil du service.",
        "Sur l’autre, faites écrire la date, le nom et la signature de qui le reçoit.",
        "Gardez cet exemplaire : c’est votre preuve.",
        "Si l’on refuse de signer, n’insistez pas : envoyez le courrier en recommandé.",
    ),
}
_NOT_POSTED = (
    "Relisez, datez et signez à la main.",
    "Gardez une copie : une photo nette suffit.",
    "Remettez l’original à qui vous le demande.",
)
_COPIES = "**Joignez des copies, jamais les originaux.** Les originaux restent chez vous."
_LAST_LOOK = ("Le courrier est daté et signé à la main.", "J’ai gardé une copie du courrier et de chaque pièce.")
_REGISTERED = {
    "Avant de partir": (
        "Vérifiez le courrier : la date, l’adresse, votre signature à la main.",
        "Gardez une copie du courrier signé et de chaque pièce.",
        "Mettez dans l’enveloppe le courrier et les **copies** des pièces, jamais les originaux.",
    ),
    "Au bureau de poste": (
        "Demandez une lettre recommandée **avec avis de réception**. C’est cet avis qui prouve que le courrier est arrivé.",
        "Remplissez l’imprimé en majuscules : d’abord à qui vous écrivez, ensuite vous.",
        "Donnez l’enveloppe et l’imprimé au guichet, ou suivez l’automate.",
        "Avant de partir, lisez la **preuve de dépôt** : la date et le numéro doivent s’y voir.",
    ),
    "Après l’envoi": (
        "Avec le numéro, suivez le courrier sur internet ou demandez au bureau de poste.",
        "L’avis de réception revient chez vous, daté et signé. Rangez-le avec la preuve de dépôt.",
        "Si l’enveloppe revient parce que personne ne l’a retirée, **ne l’ouvrez pas** : apportez-la à l’accueil.",
        "Si personne ne répond, revenez à l’accueil avec tous ces papiers.",
    ),
}
_KEPT = ("la copie du courrier et des pièces", "la preuve de dépôt", "l’avis de réception signé")
_KEPT_OF_A_LETTER = (
    "la copie du courrier et des pièces",
    "la preuve de l’envoi ou de la remise",
    "toute réponse, avec son enveloppe : la date y est",
)
_SURE = "N’attendez pas ce jour-là."
_DOUBTFUL = "**Date à faire vérifier** auprès du service ou d’un juriste. En attendant, faites au plus vite."


def enclosure_list(letter: Letter, place: Party, *, large: bool = False) -> bytes:
    """The papers to join, each with a box to tick."""

    def build(size: float) -> list[Piece]:
        papers = [Piece(_text("Aucune pièce n’est à joindre à ce courrier.", size), size)]
        if letter.enclosures:
            papers = _titled("À mettre dans l’enveloppe, avec le courrier", letter.enclosures, size, BOX)
            papers.append(Piece(_text(_own(_COPIES), size), size))
        return [*_about(letter, "", size), *papers, *_titled("Avant de fermer l’enveloppe", _LAST_LOOK, size, BOX)]

    return _sheet("Pièces à joindre", place, letter.place_and_date, build, large)


def what_next(
    letter: Letter,
    place: Party,
    *,
    number: str = "",
    deadline: Deadline | None = None,
    sources: Sequence[Source] = (),
    large: bool = False,
) -> bytes:
    """« Et maintenant ? », for the person: what was written, how it leaves, the date to remember, what to keep."""
    posted = letter.kind == "lettre"
    steps, kept = (_how(letter), _KEPT_OF_A_LETTER) if posted else (_NOT_POSTED, ("la copie du document",))
    words = " ".join((*letter.texts, *(line for block in letter.after for line in block.lines)))
    cited = {s.citation: s for s in sources if s.settled and s.citation and typeset(s.citation) in words}

    def build(size: float) -> list[Piece]:
        flowing = _about(letter, number, size)
        if deadline:
            flowing.append(Piece(_reminder(deadline, size), size))
        flowing += _titled("Envoyer le courrier" if posted else "Utiliser ce document", map(_own, steps), size)
        if letter.after:
            after = [piece for block in letter.after for piece in blocks(block, size)]
            flowing += [_heading("Ensuite", size), after[0]._replace(gap=0.5 * size), *after[1:]]
        flowing += _titled("Garder ensemble", map(_own, kept), size, "–")
        flowing.append(Piece(_text(_reach(place), size), 1.4 * size))
        if cited:
            rules = " ; ".join(f"{words} (lu le {long_date(source.checked_on)})" for words, source in cited.items())
            note = typeset(f"Règles citées : {rules}. Une règle peut changer : demandez avant d’agir.")
            flowing.append(Piece(_text(note, size - 3, color=paper.GREY), 1.6 * size))
        return flowing

    return _sheet("Et maintenant ?", place, letter.place_and_date, build, large)


def registered_mail_help(place: Party, *, large: bool = False) -> bytes:
    """How to send a registered letter, step by step; no price and no delay: they change."""

    def build(size: float) -> list[Piece]:
        flowing: list[Piece] = []
        first = 1
        for title, steps in _REGISTERED.items():
            flowing += _titled(title, map(_own, steps), size, first=first)
            first += len(steps)
        kept = items(_KEPT, ["–"] * len(_KEPT), Style(size, size * 1.4), 0, 0, 5 * mm)
        together = _text(_own("**À garder ensemble, au même endroit**"), size)
        flowing.append(Piece(Framed([together, *(piece.drawn for piece in kept)]), 1.6 * size))
        return [*flowing, Piece(_text(_reach(place), size), 1.2 * size)]

    return _sheet("Envoyer en recommandé, pas à pas", place, "Avec avis de réception", build, large)


def merge(parts: Sequence[tuple[bytes, int]]) -> bytes:
    """One file to print: each part as many times as said, in order; copies share their fonts."""
    import pikepdf

    merged = pikepdf.new()
    merged.Root.Lang = paper.LANG
    opened = [(pikepdf.open(io.BytesIO(pdf)), count) for pdf, count in parts]  # kept open until the file is written
    for part, count in opened:
        for _ in range(count):
            merged.pages.extend(part.pages)
    buffer = io.BytesIO()
    merged.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _how(letter: Letter) -> Sequence[str]:
    return _HOW[next((key for key, words in SENDINGS.items() if words == letter.sending), "simple")]


def _about(letter: Letter, number: str, size: float) -> list[Piece]:
    """Which letter this sheet goes with."""
    rows = (
        ("Courrier", letter.title),
        ("À", letter.addressee[0] if letter.addressee else ""),
        ("Objet", letter.subject),
        ("Numéro", number),
    )
    return [Piece(paper.Rows([row for row in rows if row[1]], size), 0.4 * size)]


def _reminder(deadline: Deadline, size: float) -> Framed:
    """The prudent date, large; a rule nobody has confirmed says so beside it."""
    return Framed([
        _text(_own("**La date à retenir**"), size),
        _text(f"{deadline.action}{NBSP}:", size),
        _text(f"avant le {weekday_date(deadline.day)}", size * 1.4, font=paper.STRONG),
        _text(_own(_SURE if deadline.settled else _DOUBTFUL), size),
    ])  # fmt: skip


def _place_lines(place: Party) -> list[str]:
    return [typeset(clean(line)) for line in (place.name, *place.lines, phone(place.phone), place.email) if line]


def _reach(place: Party) -> str:
    name = typeset(clean(place.name)) or "accueil"
    called = f", ou appelez le {BOLD}{phone(clean(place.phone))}{LIGHT}" if place.phone else ""
    return f"Une question, une réponse reçue{NBSP}: revenez à l’accueil ({BOLD}{name}{LIGHT}){called}. Apportez tous vos papiers."


def _titled(title: str, steps: Iterable[str], size: float, mark: str = "", first: int = 1) -> list[Piece]:
    """A heading and its list: boxes to tick, the same mark before each, or numbers."""
    steps = list(steps)
    indent = {BOX: 8, "": 7}.get(mark, 5) * mm
    bullets = [mark or f"{i}." for i, _ in enumerate(steps, first)]
    between = size * (0.5 if mark == BOX else 0.25)
    return [_heading(title, size), *items(steps, bullets, Style(size, size * 1.4), size / 2, between, indent)]


def _own(words: str) -> str:
    """Our own sentence, typeset; what was typed never goes through here."""
    return typeset(marked_up(words))


def _heading(title: str, size: float) -> Piece:
    text = Text(typeset(title), Style(size * 1.1, size * 1.5, font=paper.STRONG), element=Element("H2"))
    return Piece(text, 1.5 * size, held=True)


def _text(words: str, size: float, **like) -> Text:
    return Text(words, Style(size, size * 1.4, **like))


def _sheet(title: str, place: Party, dated: str, build: Callable[[float], list[Piece]], large: bool) -> bytes:
    """A sheet of the place: the largest size that stays on one page, otherwise as many pages as it takes."""
    canvas = Sheets(title)
    top = letterhead(canvas, title, _place_lines(place), dated)
    sizes = (LARGE,) if large else SIZES
    found = [flow.placed(build(size), top - 0.5 * size) for size in sizes]
    pages = next((pages for pages in found if len(pages) == 1), found[0])
    return sheets_of(canvas, pages, f"{place.name} – {title}")


CROSS = 50  # mm from the left edge and from the top
_BESIDE = 34 * mm  # the words of the ruler page stand right of its ruler
_RULER_STEPS = (
    "Imprimez cette page à 100 % : « taille réelle », jamais « ajuster à la page ».",
    "Sur la règle du haut, mesurez de 50 à 150 : il faut 100 mm. Sinon l’imprimante agrandit ou réduit : reprenez à 1.",
    f"Mesurez de la croix au bord gauche de la feuille, puis de la croix au bord du haut. Il faut {CROSS} mm, deux fois.",
    "Écrivez les deux mesures dans Guichet, puis imprimez cette page encore une fois.",
    "Pliez sur les repères du bord gauche et mettez la feuille dans l’enveloppe. Le cadre doit rester entier dans la fenêtre, même quand la feuille glisse.",
)


def fold_ruler(offset: tuple[float, float] = (0.0, 0.0), *, window: str = "45x100") -> bytes:
    """The page that measures a printer; `offset`, in millimetres to the right and down, moves all of it."""
    canvas = Sheets("Réglage de l’imprimante")
    right, down = offset
    canvas.translate(right * mm, -down * mm)
    _at(canvas, _text("Réglage de l’imprimante", 18, font=paper.STRONG), 25 * mm, 16, "H1")
    with marked(canvas, None):
        _window(canvas, window)
        _cross(canvas)
        _rulers(canvas)
    top = 122.0
    steps = [_own(step) for step in _RULER_STEPS]
    bullets = [f"{i}." for i, _ in enumerate(steps, 1)]
    listed = items(steps, bullets, Style(11, 15.4), 0, 0, 7 * mm)
    for piece in listed:
        top = _at(canvas, piece.drawn, _BESIDE, top) + 2
    top += 10
    for label in ("De la croix au bord gauche", "De la croix au bord du haut"):
        top = _at(canvas, _text(f"{label} : {'.' * 30} mm", 12), _BESIDE, top) + 3
    shift = f"{right:g} mm vers la droite, {down:g} mm vers le bas".replace(".", ",")
    _at(canvas, _text(typeset(f"Décalage déjà appliqué : {shift}."), 9, color=paper.GREY), _BESIDE, top + 4)
    canvas.showPage()
    return canvas.finished()


def corrected(offset: tuple[float, float], left: float, top: float) -> tuple[float, float]:
    """The offset to keep, from the one already applied and the two measures of the cross, in millimetres."""
    return round(offset[0] + CROSS - left, 1), round(offset[1] + CROSS - top, 1)


def _at(canvas: Sheets, text, x: float, top: float, kind: str = "") -> float:
    """Draw it at `top`, in millimetres; its bottom, the same way."""
    if kind:
        text.element = Element(kind)
    tall = text.wrap(paper.LEFT + paper.WIDTH - x)[1]
    text.drawOn(canvas, x, paper.height(top) - tall)
    return top + tall / mm


def _window(canvas: Sheets, name: str) -> None:
    """What the window always shows, an address in it, and the folds."""
    window = WINDOWS[name]
    canvas.setStrokeColor(paper.GREY)
    canvas.setLineWidth(0.6)
    canvas.rect(100 * mm, paper.height(window.seen[1]), 90 * mm, (window.seen[1] - window.seen[0]) * mm)
    address = ("PRENOM NOM", "12 RUE DES EXEMPLES", "69100 VILLEURBANNE")
    paper.lines(canvas, address, paper.LEFT + RIGHT, paper.height(window.top), 79 * mm, 10.5, window.leading * mm)
    canvas.setStrokeColor(paper.INK)
    for fold in window.folds:
        canvas.line(3.5 * mm, paper.height(fold), 9 * mm, paper.height(fold))


def _cross(canvas: Sheets) -> None:
    x, y, arm = CROSS * mm, paper.height(CROSS), 8 * mm
    canvas.setStrokeColor(paper.INK)
    canvas.setLineWidth(0.4)
    canvas.line(x - arm, y, x + arm, y)
    canvas.line(x, y - arm, x, y + arm)
    canvas.setFillColor(paper.GREY)
    canvas.setFont(paper.REGULAR, 8)
    for i, edge in enumerate(("bord gauche", "haut"), 1):
        canvas.drawString(x + 2 * mm, y - (1 + 3.4 * i) * mm, f"{CROSS} mm du {edge}")


def _rulers(canvas: Sheets) -> None:
    """Millimetres across and down, counted from the edges of the sheet."""
    canvas.setStrokeColor(paper.INK)
    canvas.setFillColor(paper.INK)
    canvas.setLineWidth(0.25)
    canvas.setFont(paper.REGULAR, 7)
    across, down = paper.height(106), 15 * mm
    canvas.line(30 * mm, across, 200 * mm, across)
    canvas.line(down, paper.height(10), down, paper.height(287))
    for i in range(10, 288):
        long = 4 if i % 10 == 0 else 2.6 if i % 5 == 0 else 1.6
        y = paper.height(i)
        canvas.line(down, y, down + long * mm, y)
        if 30 <= i <= 200:
            canvas.line(i * mm, across, i * mm, across + long * mm)
        if i % 10 == 0:
            canvas.drawString(down + 5 * mm, y - 2.4, str(i))
            if 30 <= i <= 200:
                canvas.drawCentredString(i * mm, across + 5 * mm, str(i))
