"""French micro-typography of plain text. Run it before any escaping; the only special space it writes is U+00A0."""

import re
from datetime import date
from functools import lru_cache

from desktop.french import MONTHS, NBSP, long_date

_MONTH = "|".join(MONTHS)
_UNIT = r"€|%|°C|m[³²23]|kWh|kVA|[ck]?m|kg|h|heures?|min|euros?|centimes?|jours?|mois|ans?|fois|paiements?"
_TITLE = r"M\.|MM\.|Mmes?|Mlles?|Me|Dr|n°|p\.|art\.|[Aa]rticles?|[Aa]pp?t\.?|[Bb]ât\.?"
_GAP = f"[ {NBSP}]"


def _quoted(found: re.Match[str]) -> str:
    before = found.string[: found.start()]
    inner = found[1].strip(" " + NBSP)
    return f"“{inner}”" if before.count("«") > before.count("»") else f"«{NBSP}{inner}{NBSP}»"


def _dated(found: re.Match[str]) -> str:
    try:
        return long_date(date(int(found[3]), int(found[2]), int(found[1])))
    except ValueError:
        return found[0]


def _joined(found: re.Match[str]) -> str:
    return re.sub(r"[ .]", NBSP, found[0])


_RULES = tuple(
    (re.compile(pattern), becomes)
    for pattern, becomes in (
        (r"[\u2000-\u200a\u202f\u205f\u3000]", NBSP),
        (r"[\t\r\n\f\v]+", " "),
        (rf"{_GAP}*{NBSP}{_GAP}*", NBSP),
        (r" {2,}", " "),
        (rf"{_GAP}(?=[,.)\]](?:{_GAP}|»|$))", ""),
        (r"['`´]", "’"),
        (r'"([^"]*)"', _quoted),
        (r"\.{3,}", "…"),
        (r"(?<!-)--(?!-)", "–"),
        (r"(?<![\w/-])(\d{1,2})/(\d{1,2})/(\d{4})(?![\w/-])", _dated),
        (r"\b1[eè]re\b", "1re"),
        (r"\b(\d+)i?[eè]mes?\b", r"\1e"),
        (rf"\b([01]?\d|2[0-3]){_GAP}?h{_GAP}?([0-5]\d)\b", rf"\1{NBSP}h{NBSP}\2"),
        (r"\b([01]?\d|2[0-3])h\b", rf"\1{NBSP}h"),
        (rf"«{_GAP}*(?=[^ {NBSP}])", f"«{NBSP}"),
        (rf"(?<=[^ {NBSP}]){_GAP}*»", f"{NBSP}»"),
        (rf"(?<=[^ {NBSP}]){_GAP}(?=[:;?!])", NBSP),
        (rf"(?<=[\w)\]”%€\ue001])(?=[;?!](?:{_GAP}|$))", NBSP),
        (rf"(?<=[^\W\d]|[)\]”\ue001])(?=:(?:{_GAP}|$))", NBSP),
        (r"(?<=\d) (?=\d{3}(?!\d))", NBSP),
        (rf"(?<=\d) (?=(?:{_UNIT})(?!\w))", NBSP),
        (rf"\bn{_GAP}?°{_GAP}?(?=\w)", f"n°{NBSP}"),
        (rf"(?<!\w)({_TITLE}) (?=[\dA-ZÀ-ÖØ-ÞŒŸ])", rf"\1{NBSP}"),
        (r"(?<=, )(\d{5}) (?=[A-ZÀ-ÖØ-ÞŒŸ])", rf"\1{NBSP}"),  # in a sentence; an address line stays as typed
        (rf"\b([LRD])\.{_GAP}?(?=\*?\d)", rf"\1.{NBSP}"),
        (rf"\b(\d{{1,2}}|1er) ({_MONTH})(?:{_GAP}(?=\d{{4}}\b))?", _joined),
        (r"\b0\d(?:[ .]\d\d){4}\b", _joined),
    )
)


@lru_cache(maxsize=512)
def typeset(text: str) -> str:
    """One line of French as a typographer sets it; setting it twice changes nothing more."""
    for _ in range(4):  # a rule may open the way for an earlier one
        before = text
        for pattern, becomes in _RULES:
            text = pattern.sub(becomes, text)
        text = text.strip(" " + NBSP)
        if text == before:
            break
    return text
