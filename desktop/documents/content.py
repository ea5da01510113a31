"""What a document says, before it is drawn: people, addresses, agreement, and the marks that blocks carry."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from desktop.french import fold

# Private characters: authors and the filling write them, nothing typed at the desk can (see `clean`).
BLANK, END, BOLD, LIGHT, CELL, ITEM, HEAD, LONG, BOX, RULE = map(chr, range(0xE000, 0xE00A))
MARKS = frozenset(map(chr, range(0xE000, 0xE00A)))

_ENDINGS = {"Monsieur": "", "Madame": "e", "Messieurs": "s", "Mesdames": "es", "Madame et Monsieur": "s"}
CIVILITIES = tuple(_ENDINGS)


def ending(civility: str) -> str:
    """The agreement of a participle: « soussigné » + e, s, es, or (e) when nothing is known."""
    return _ENDINGS.get(civility, "(e)")


def of(words: str) -> str:
    """« d’agente », « de vendeur »: « de » before a name, elided as it is said."""
    return ("d’" if fold(words)[:1] in tuple("aeiouh") else "de ") + words


def blank(label: str, long: bool = False) -> str:
    """The mark of something still to be filled in."""
    return f"{BLANK}{LONG if long else ''}{label}{END}"


def clean(text: str, long: bool = False) -> str:
    """Typed text without control, invisible or private characters; on one line unless `long`."""
    text = unicodedata.normalize("NFC", text)
    lines = ("".join(c for c in line if unicodedata.category(c)[0] != "C") for line in text.splitlines())
    lines = [" ".join(line.split()) for line in lines]
    if not long:
        return " ".join(filter(None, lines))
    return "\n\n".join(re.sub(r"^[-•–]\s+", ITEM, line) for line in lines if line)


@dataclass(frozen=True)
class Party:
    """Who writes or who receives: a person, a couple, an organism or the place itself."""

    name: str = ""
    civility: str = ""
    lines: tuple[str, ...] = ()  # the address under the name, from precise to town
    phone: str = ""
    email: str = ""
    opening: str = ""  # « Monsieur le Directeur »; empty follows the civility

    @property
    def plural(self) -> bool:
        return ending(self.civility).endswith("s")

    @property
    def appeal(self) -> str:
        return self.opening or {"Madame et Monsieur": ""}.get(self.civility, self.civility) or "Madame, Monsieur"

    @property
    def town(self) -> str:
        """« Villeurbanne », from « 69100 Villeurbanne »."""
        found = re.match(r"\d{5}\s+(.+?)(?:\s+cedex.*)?$", self.lines[-1], re.IGNORECASE) if self.lines else None
        return "" if not found else found[1].title() if found[1].isupper() else found[1]


NOBODY = Party()
LINES, COLUMNS = 6, 38  # La Poste


def _plain(line: str) -> str:
    decomposed = unicodedata.normalize("NFKD", line.replace("ł", "l").replace("Ł", "L").upper())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("Œ", "OE").replace("Æ", "AE")
    return " ".join(re.sub(r"[^\w/ ]", " ", bare).split())


def postal(party: Party) -> tuple[str, ...]:
    """The lines of the window: street and town in capitals without accents or punctuation, as La Poste reads them."""
    name = f"{party.civility} {party.name}".strip() if len(party.civility + party.name) < COLUMNS else party.name
    lines = [line for raw in (name, *party.lines) if (line := clean(raw))]
    street = next((i for i, line in enumerate(lines) if i and re.match(r"\d|(BP|CS|TSA)\b", line)), len(lines))
    return tuple(_plain(line) if i >= street else line for i, line in enumerate(lines))


def address_problems(party: Party) -> tuple[str, ...]:
    """One sentence for each rule of La Poste the address breaks; empty means it may be printed."""
    lines = postal(party)
    found = [
        f"Ligne trop longue ({len(line)} caractères, {COLUMNS} au plus) : {line}" for line in lines if len(line) > 38
    ]
    if len(lines) > LINES:
        found.append(f"L’adresse a {len(lines)} lignes : {LINES} au plus.")
    if not lines or not re.match(r"\d{5} \D", lines[-1]):
        found.append("La dernière ligne est le code postal et la ville. Exemple : 69100 VILLEURBANNE.")
    if len(lines) < 3 and not (len(lines) == 2 and "CEDEX" in lines[-1]):  # a CEDEX is one organism's own code
        found.append("Il manque le nom, la rue ou la ville.")
    return tuple(found)


@dataclass(frozen=True)
class Block:
    """One block of the body; `rows` hold two cells separated by CELL."""

    kind: Literal["text", "items", "boxes", "rows", "heading", "ruled"]  # `ruled`: empty lines to write on by hand
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Letter:
    """A filled document, typeset plain text with marks; `letter.render` escapes it and draws it."""

    template: str
    version: int
    kind: str  # lettre, attestation or fiche
    title: str
    sender: tuple[str, ...]
    addressee: tuple[str, ...]
    place_and_date: str
    sending: str
    subject: str
    reference: str
    body: tuple[Block, ...]
    closing: str
    signatures: tuple[str, ...]
    enclosures: tuple[str, ...]
    countersigned: bool = False  # handed over in person: a box for whoever receives it
    copies: tuple[str, ...] = ()  # « Copie à : »
    after: tuple[Block, ...] = ()  # « Et maintenant ? », a sheet of its own

    @property
    def texts(self) -> tuple[str, ...]:
        """Everything that will be printed, in reading order."""
        lines = (line for block in self.body for line in block.lines)
        single = (self.place_and_date, self.sending, self.subject, self.reference)
        return (
            self.title,
            *self.sender,
            *self.addressee,
            *single,
            *lines,
            self.closing,
            *self.signatures,
            *self.enclosures,
            *self.copies,
        )


_AUTHOR_MARKS = (
    (re.compile(r"\*\*(.+?)\*\*"), rf"{BOLD}\1{LIGHT}"),
    (re.compile(r"^## +", re.MULTILINE), HEAD),
    (re.compile(r"^- \[ \] +", re.MULTILINE), BOX),
    (re.compile(r"^- +", re.MULTILINE), ITEM),
    (re.compile(r"^(.+?) +:: *", re.MULTILINE), rf"\1{CELL}"),
)


def marked(source: str) -> str:
    """The author's « ** », « ## », « - » and « :: » turned into marks, before any value is known."""
    for pattern, becomes in _AUTHOR_MARKS:
        source = pattern.sub(becomes, source)
    return source
