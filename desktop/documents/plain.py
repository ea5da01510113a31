"""A letter as plain text, to paste in an on-line form or a mail: no layout, no marks, blanks in brackets."""

import re

from desktop.documents.content import BLANK, BOX, CELL, END, ITEM, LONG, MARKS, Block, Letter

_LEADS = {"items": "- ", "boxes": "☐ ", "ruled": ""}


def plain_text(letter: Letter) -> str:
    """Everything the page says, in reading order."""
    heads = [
        letter.title if letter.kind != "lettre" else "", letter.sending, _named("Objet", letter.subject),
        _named("Réf.", letter.reference),
    ]  # fmt: skip
    dated = letter.place_and_date
    parts = [
        "\n".join(letter.sender), "\n".join(letter.addressee), "" if letter.kind == "attestation" else dated,
        "\n".join(filter(None, heads)), *map(_block, letter.body), letter.closing,
        dated if letter.kind == "attestation" else "", "\n".join(letter.signatures), _listed("Pièces jointes", letter.enclosures),
        _listed("Copie à", letter.copies),
    ]  # fmt: skip
    return _bare("\n\n".join(filter(None, parts))) + "\n"


def _named(name: str, words: str) -> str:
    return f"{name} : {words}" if words else ""


def _listed(title: str, lines: tuple[str, ...]) -> str:
    return "\n".join((f"{title} :", *(f"- {line}" for line in lines))) if lines else ""


def _block(block: Block) -> str:
    if block.kind == "rows":
        return "\n".join(line.replace(CELL, " : ") for line in block.lines)
    return "\n".join(_LEADS.get(block.kind, "") + line.strip(ITEM + BOX) for line in block.lines)


def _bare(text: str) -> str:
    text = re.sub(f"{BLANK}{LONG}?(.*?){END}", r"[\1]", text)
    return "".join(c for c in text if c not in MARKS)
