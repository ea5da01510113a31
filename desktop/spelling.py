"""Which words of a French text look wrong, and what they may have been. No Qt, no database.

Hunspell keeps Python's lock during a whole call, up to three quarters of a second when it proposes words: it is only
asked whether one word is right (some 15 µs), and the proposals are found here, so that no key waits behind them.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import islice, product
from math import log1p
from pathlib import Path

from desktop.french import fold
from desktop.paths import RESOURCES

FOLDER = RESOURCES / "dictionary"
MOST = 7
_LONGEST = 40  # letters; beyond, it is no word
_LETTER = r"(?:[^\W\d_]|[\u0300-\u036f])"
_WORD = re.compile(rf"{_LETTER}+(?:[-‑'’]{_LETTER}+)*")
_ELISION = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis|quoi|quel)?qu|presqu|entr)['’]", re.IGNORECASE)
_UNELIDED = re.compile(r"(qu|[cdjlmnst])(?=[aàâeéèêhiîoôuyœ])")
_ADDRESS = re.compile(r"@|://|^www\.|\w\.(?:com|eu|fr|net|org)\b", re.IGNORECASE)
_ALPHABET = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôœûü"
_ACCENTED = {"a": "aàâ", "c": "cç", "e": "eéèê", "i": "iî", "o": "oô", "u": "uû"}


@dataclass(frozen=True)
class Mistake:
    """A doubtful word, and where it stands in the text."""

    start: int
    length: int
    word: str


def available() -> bool:
    """Whether this copy has both the library and the dictionary."""
    return find_spec("hunspell") is not None and all((FOLDER / f"index.{end}").is_file() for end in ("aff", "dic"))


def check(text: str, known: frozenset[str] = frozenset()) -> list[Mistake]:
    """The doubtful words, in order; `known` holds names and personal words, in whole texts if need be."""
    if not available():
        return []
    _hunspell(FOLDER)  # loaded even for an empty text, before anybody types
    allowed = _keys((*known, *_house(FOLDER)))
    found = []
    for chunk in re.finditer(r"\S+", text):
        if _ADDRESS.search(chunk[0]) or any(c.isnumeric() for c in chunk[0]):
            continue
        for word in _WORD.finditer(text, *chunk.span()):
            if not _is_right(word[0], allowed):
                found.append(Mistake(word.start(), len(word[0]), word[0]))
    return found


def suggest(word: str, known: frozenset[str] = frozenset()) -> list[str]:
    """What the word may have been, the likeliest first."""
    if not available() or len(word) > _LONGEST:
        return []
    tail = bare(word)
    head, low = word.removesuffix(tail), tail.lower()
    sounded = frozenset(_sounded(low))
    tried = dict.fromkeys((*_accented(low), *_unelided(low), *sounded, *_edited(low)))
    found = [c for c in tried if _is_spelled(head + c)] + _in_two(low)
    near = _near(low, *_stems(FOLDER)) + _near(low, *_folded(_parts((*known, *_house(FOLDER)))))
    found += [c for c in near if len(found) < 3 or _key(c) in _usual()]
    costs = {c: min(_cost(c, low), 0.8 if c in sounded else 9) for c in found if not head or _takes_elision(c)}
    likely = [c for c in sorted(costs, key=costs.get) if costs[c] <= min(costs.values()) + 1.5]
    shaped = (head + (c[:1].upper() + c[1:] if tail[:1].isupper() else c) for c in likely)
    return [c for c in dict.fromkeys(c.replace("'", "’") for c in shaped) if c != word][:MOST]


def bare(word: str) -> str:
    """The word without what is elided before it: « l’accueil » → « accueil »."""
    return _ELISION.sub("", word, count=1) if _ELISION.match(word) else word


def _key(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold().replace("’", "'").replace("‑", "-")


def _parts(texts: Iterable[str]) -> set[str]:
    """Every word of these texts, whole and by what hyphens join."""
    words = [word for text in texts for word in _WORD.findall(text)]
    return {*words, *(part for word in words for part in re.split("[-‑]", word))}


def _keys(texts: Iterable[str]) -> set[str]:
    return {_key(word) for word in _parts(texts)}


def _is_right(word: str, allowed: set[str]) -> bool:
    tail = bare(word)
    if len(tail) == 1 or tail.isupper() or not allowed.isdisjoint((_key(word), _key(tail))):
        return True
    if _is_spelled(word) and (tail == word or _takes_elision(tail)):
        return True
    parts = re.split("[-‑]", tail)
    return len(parts) > 1 and all(_is_right(part, allowed) for part in parts)


def _is_spelled(word: str) -> bool:
    return _hunspell(FOLDER).spell(word.replace("‑", "-"))


def _takes_elision(word: str) -> bool:
    """Hunspell lets « l’maison » pass."""
    return fold(word)[:1] in tuple("aehiouy")


@cache
def _hunspell(folder: Path):
    from hunspell import Hunspell

    return Hunspell("index", hunspell_data_dir=str(folder), system_encoding="UTF-8")


@cache
def _house(folder: Path) -> tuple[str, ...]:
    """Proper nouns a reception desk writes, and the dictionary does not know."""
    file = folder / "maison.txt"
    return tuple(file.read_text("utf-8").split()) if file.is_file() else ()


@cache
def _usual() -> Counter[str]:
    """How often the shipped letters write a word: of two proposals, the likelier here."""
    texts = (file.read_text("utf-8") for file in (RESOURCES / "letters").rglob("*.md"))
    return Counter(_key(word) for text in texts for word in _WORD.findall(text))


@cache
def _stems(folder: Path) -> tuple[list[str], list[str]]:
    """The words of the dictionary as they stand in it, and without accents."""
    lines = (folder / "index.dic").read_text("utf-8").splitlines()[1:]
    words = dict.fromkeys(line.split("/")[0].strip() for line in lines)
    return _folded(word for word in words if _WORD.fullmatch(word) and _is_spelled(word))


def _folded(words: Iterable[str]) -> tuple[list[str], list[str]]:
    words = list(words)
    return words, [fold(word) for word in words]


@cache
def _sounds(folder: Path) -> tuple[tuple[str, str], ...]:
    """What French spellers take for one another, as the dictionary lists it: « f » and « ph »."""
    lines = (line.split() for line in (folder / "index.aff").read_text("utf-8").splitlines())
    return tuple((cells[1], cells[2]) for cells in lines if cells[:1] == ["REP"] and len(cells) == 3)


def _sounded(word: str) -> Iterator[str]:
    for old, new in _sounds(FOLDER):
        for found in re.finditer(re.escape(old), word):
            yield word[: found.start()] + new + word[found.end() :]


def _accented(word: str) -> Iterator[str]:
    """The word with every likely set of accents."""
    plain = "".join(c for c in unicodedata.normalize("NFD", word) if not unicodedata.combining(c))
    return map("".join, islice(product(*(_ACCENTED.get(c, c) for c in plain)), 2048))


def _unelided(word: str) -> Iterator[str]:
    """« jai » → « j’ai »."""
    if found := _UNELIDED.match(word):
        yield f"{found[1]}’{word[found.end() :]}"


def _edited(word: str) -> Iterator[str]:
    """One letter too many, missing, changed or swapped."""
    for i in range(len(word) + 1):
        left, right = word[:i], word[i:]
        yield left + right[1:]
        yield left + right[1:2] + right[:1] + right[2:]
        for letter in _ALPHABET:
            yield left + letter + right
            yield left + letter + right[1:]


def _in_two(word: str) -> list[str]:
    """Two words run together: both long, or a usual one among them."""
    pairs = ((word[:i], word[i:]) for i in range(2, len(word) - 1))
    likely = (pair for pair in pairs if min(map(len, pair)) > 3 or any(part in _usual() for part in pair))
    return [" ".join(pair) for pair in likely if all(map(_is_spelled, pair))]


def _near(word: str, words: list[str], folded: list[str]) -> list[str]:
    """Those at two letters at most, accents aside."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    most = 2 if len(word) > 4 else 1
    found = process.extract(fold(word), folded, scorer=OSA.distance, score_cutoff=most, limit=30)
    return [words[place] for _, _, place in found]


def _cost(candidate: str, word: str) -> float:
    """How unlikely a proposal is: its letters first, then accents, first letter, and whether it is usual here."""
    from rapidfuzz.distance import OSA

    plain, typed = fold(candidate).replace(" ", ""), fold(word).replace(" ", "")
    start = next((i for i, pair in enumerate(zip(plain, typed, strict=False)) if len(set(pair)) == 2), len(plain))
    apart = OSA.distance(plain, typed) + 0.3 * OSA.distance(candidate.lower(), word)
    usual = min(0.5, 0.15 * log1p(_usual()[_key(candidate)]))
    return apart + 0.5 * (start == 0) - 0.02 * start + (" " in candidate) - usual
