"""A local template and the one it was copied from: what the origin said then, says now, and what the place says.

Three texts, line by line: a paragraph or a key of a template is one line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_OWN = re.compile(r"(version|derive_de) *=")
"""Lines each copy keeps for itself."""
_NAMES = {
    "titre": "Le titre", "resume": "Le résumé", "limites": "Ce que le modèle ne couvre pas",
    "envoi": "L’envoi", "niveau": "Le niveau", "sources": "Les sources", "verifie_le": "La date de relecture",
    "a_revoir_avant": "La prochaine relecture", "expire_le": "La date de fin", "formule": "La formule de fin",
    "signatures": "Les signatures", "champs": "Les champs", "destinataire": "Le destinataire",
    "controles": "Les contrôles", "pieces": "Les pièces à joindre", "delai": "Le délai",
    "phrases": "Les phrases à ajouter", "suite": "La feuille « Et maintenant ? »", "objet": "L’objet",
    "plan": "L’échéancier", "orientation": "Vers qui orienter", "envoi_si": "L’envoi, selon les cas",
}  # fmt: skip

_HEAD = "L’en-tête"
_WORDED = ("libelle", "texte", "message", "action", "reference")
"""Keys whose value is a sentence."""


@dataclass(frozen=True)
class Passage:
    """A passage the origin changed; `start` and `end` are the lines of the local text it stands for."""

    where: str
    before: str
    today: str
    yours: str
    start: int
    end: int
    taking: tuple[str, ...]  # the lines of the origin today

    @property
    def taken(self) -> bool:
        return self.yours == self.today

    @property
    def clashes(self) -> bool:
        """Whether the place wrote its own words there."""
        return self.yours not in (self.before, self.today)


def changes(before: str, today: str, yours: str) -> tuple[Passage, ...]:
    """What the origin changed since the copy, and what the local text says in each place."""
    old, new = _shared(before), _shared(today)
    lines = yours.split("\n")
    numbers = [number for number, line in enumerate(lines) if not _OWN.match(line)]
    mine = [lines[number] for number in numbers]
    found = []
    for a, b, c in _regions(old, new, mine):
        said, says, say = ("\n".join(part).strip() for part in (old[a], new[b], mine[c]))
        if said == says:
            continue  # the place alone changed it
        start = numbers[c.start] if c.start < len(numbers) else len(lines)
        end = numbers[c.stop - 1] + 1 if c.stop > c.start else start
        where = _where(new, b.start) if new[b] else _where(old, a.start)
        found.append(Passage(where, said, says, say, start, end, tuple(new[b])))
    return tuple(found)


def replacement(yours: str, passage: Passage) -> str:
    """What stands for the lines of the passage once the origin's are taken; the place's own version stays."""
    kept = [line for line in yours.split("\n")[passage.start : passage.end] if _OWN.match(line)]
    return "".join(f"{line}\n" for line in (*kept, *passage.taking))


def plain(text: str) -> str:
    """A passage as one reads it: without the marks of the header around its words."""
    lines = (re.sub(r"^(\w+) *= *(\"?)(.*?)\2$", _value, line) for line in text.split("\n"))
    kept = [line for line in lines if not re.fullmatch(r"\[+\w+\]+|'{3}", line)]
    return "\n".join(kept).strip() or text


def _value(line: re.Match) -> str:
    return line[3] if line[1] in _NAMES or line[1] in _WORDED else line[0]


def words(before: str, after: str) -> tuple[tuple[str, bool], ...]:
    """`after` in pieces, each with whether `before` lacks it."""
    old, new = (re.findall(r"\w+|\s+|[^\w\s]", text) for text in (before, after))
    pieces = []
    for same, _, _, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if start < end:
            pieces.append(("".join(new[start:end]), same != "equal"))
    return tuple(pieces)


def seen(yours: str, derived_from: str) -> str:
    """The local text, told from which version it now comes; nothing when its origin is no longer shipped."""
    line = f'derive_de = "{derived_from}"\n' if derived_from else ""
    return re.sub(r"^derive_de *=.*\n", line, yours, count=1, flags=re.MULTILINE)


def _shared(text: str) -> list[str]:
    return [line for line in text.split("\n") if not _OWN.match(line)]


def _changed(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[slice, slice]]:
    """Where they differ; lines added or taken away among others alike begin as early as they can, as a block does."""
    a0 = b0 = 0
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        text, start, stop = (new, b1, b2) if tag == "insert" else (old, a1, a2)
        room = 0 if tag == "replace" else min(a1 - a0, b1 - b0)
        back = next((n for n in range(room) if text[start - n - 1] != text[stop - n - 1]), room)
        yield slice(a1 - back, a2 - back), slice(b1 - back, b2 - back)
        a0, b0 = a2, b2


def _regions(old: list[str], new: list[str], mine: list[str]) -> Iterator[tuple[slice, slice, slice]]:
    """Where `new` or `mine` leaves `old`: changes that touch the same lines are one region."""
    hunks = sorted(
        ((a.start, a.stop, side, b) for side, text in enumerate((new, mine)) for a, b in _changed(old, text)),
        key=lambda hunk: hunk[:3],
    )
    shift = [0, 0]  # how many lines each text is ahead of `old`
    while hunks:
        start, stop, *_ = hunks[0]
        inside = [hunks.pop(0)]
        while hunks and _touches(start, stop, *hunks[0][:2]):
            inside.append(hunks.pop(0))
            stop = max(stop, inside[-1][1])
        first = [start + ahead for ahead in shift]
        for a1, a2, side, b in inside:
            shift[side] += (b.stop - b.start) - (a2 - a1)
        last = [stop + ahead for ahead in shift]
        yield slice(start, stop), slice(first[0], last[0]), slice(first[1], last[1])


def _touches(start: int, stop: int, other: int, other_stop: int) -> bool:
    """Whether two changes share a line, or one adds where the other ends."""
    return other < stop or (other == stop and (start == stop or other == other_stop))


def _where(lines: Sequence[str], number: int) -> str:
    """What a mediator calls this place of the file."""
    marks = [i for i, line in enumerate(lines) if line == "+++"][:2]
    if len(marks) == 2 and number > marks[1]:
        return "Le texte"
    keys = []
    for line in reversed(lines[: number + 1]):
        if table := re.match(r"\[+(\w+)\]+", line):
            return _NAMES.get(table[1], _HEAD)
        if key := re.match(r"(\w+) *=", line):
            keys.append(key[1])
    return _NAMES.get(keys[0], _HEAD) if keys else _HEAD
