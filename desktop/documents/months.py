"""A month as people write it: its number, its name, or the first letters of its name."""

from desktop.french import MONTHS, fold

_NAMES = tuple(fold(name) for name in MONTHS)


def month_number(word: str) -> int:
    """« 3 », « 03 », « mars », « sept. » → 1 to 12; 0 when it is no month, or when two months begin so."""
    word = fold(word)
    if word.isdecimal():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= 12 else 0
    if word in _NAMES:
        return _NAMES.index(word) + 1
    found = [number for number, name in enumerate(_NAMES, 1) if len(word) >= 3 and name.startswith(word)]
    return found[0] if len(found) == 1 else 0
