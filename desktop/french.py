"""French dates, amounts, phones and names as people write them at a counter. No Qt, no database."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from itertools import pairwise

NBSP = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août",
    "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ß": "ss"})


def fold(text: str) -> str:
    """Lower case, without accents, hyphens or apostrophes: « Nguyễn-Œuvrard » → « nguyen oeuvrard »."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(_LIGATURES)
    decomposed = unicodedata.normalize("NFKD", plain)
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.split())


def day_of_month(day: date) -> str:
    return "1er" if day.day == 1 else str(day.day)


def day_in_words(day: date) -> str:
    """« 4 décembre », for the screen, where the year is known."""
    return NBSP.join((day_of_month(day), MONTHS[day.month - 1]))


def long_date(day: date) -> str:
    """« 23 novembre 2026 », with no-break spaces."""
    return NBSP.join((day_in_words(day), str(day.year)))


def weekday_date(day: date) -> str:
    """« lundi 23 novembre 2026 »."""
    return f"{DAYS[day.weekday()]} {long_date(day)}"


def short_date(day: date) -> str:
    """« 23/11/2026 », for the screen only: a letter never writes it."""
    return day.strftime("%d/%m/%Y")


def day_and_month(day: date) -> str:
    return day.strftime("%d/%m")


def reopening(day: date, today: date) -> str:
    """The word for the next open day: tomorrow, unless the place is shut then."""
    return "Demain" if (day - today).days == 1 else "Réouverture"


def time_of_day(moment: datetime) -> str:
    """« 9:05 », local time, for the screen."""
    return f"{moment.hour}:{moment.minute:02}"


def clock(seconds: float) -> str:
    """« 06:42 » or « 1:06:42 »."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def euros(cents: int) -> str:
    """1234567 → « 12 345,67 € »."""
    sign, cents = ("-" if cents < 0 else ""), abs(cents)
    whole = f"{cents // 100:,}".replace(",", NBSP)
    return f"{sign}{whole},{cents % 100:02}{NBSP}€"


def parse_euros(text: str) -> int | None:
    """« 1 234,5 » or « 1234.50 € » → 123450 cents; None when it is not an amount."""
    compact = re.sub(r"[\s€]", "", text)
    found = re.fullmatch(r"(\d{1,9})(?:[.,](\d{1,2}))?", compact)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else None


def parse_date(text: str, today: date) -> date | None:
    """« 4/11/2026 », « 4.11.26 », « 04112026 » or « 4/11 » (the nearest year); None when impossible."""
    parts = re.findall(r"\d+", text)
    if len(parts) == 1 and len(parts[0]) in (6, 8):
        parts = [parts[0][:2], parts[0][2:4], parts[0][4:]]
    if len(parts) not in (2, 3):
        return None
    try:
        if len(parts) == 2:
            near = (parse_date(f"{text}/{today.year + more}", today) for more in (-1, 0, 1))
            return min(filter(None, near), key=lambda d: abs(d - today), default=None)
        year = int(parts[2])
        return date(year + 2000 if year < 100 else year, int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def parse_time(text: str) -> tuple[int, int] | None:
    """« 9:05 », « 9h05 », « 9 h » or « 905 » → (9, 5)."""
    found = re.fullmatch(r"\s*(\d{1,2})\s*(?:[h:.]\s*(\d{2})?|(\d{2}))?\s*", text.casefold())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or found[3] or 0)
    return (hour, minute) if hour < 24 and minute < 60 else None


def phone_digits(text: str) -> str:
    """Any way of writing a French number → its ten digits; another text → its digits as they are."""
    digits = re.sub(r"\D", "", text)
    if digits.startswith("0033"):
        digits = digits[4:]
    elif digits.startswith("33") and len(digits) >= 11:
        digits = digits[2:]
    else:
        return digits
    return digits if digits.startswith("0") else "0" + digits


def phone(text: str) -> str:
    """« 06 12 34 56 78 » by pairs with no-break spaces; a foreign number keeps its digits."""
    digits = phone_digits(text)
    if len(digits) != 10 or not digits.startswith("0"):
        return text.strip()
    return NBSP.join(digits[i : i + 2] for i in range(0, 10, 2))


def phone_problem(text: str) -> str | None:
    """One sentence with an example when a French phone number is wrong; None when it may be kept."""
    digits = phone_digits(text)
    example = "Exemple : 06 12 34 56 78."
    if not text.strip():
        return None
    if re.search(r"[^\d\s.+()/-]", text):
        return f"Un numéro s’écrit avec des chiffres. {example}"
    if text.strip().startswith("+") and not digits.startswith("0"):
        return None if 8 <= len(digits) <= 15 else f"Ce numéro étranger est incomplet. {example}"
    if not digits.startswith("0"):
        return f"Le numéro commence par 0. {example}"
    missing = 10 - len(digits)
    if missing > 0:
        return f"Il manque {missing} {plural(missing, 'chiffre')}. {example}"
    return f"Il y a {-missing} {plural(-missing, 'chiffre')} de trop. {example}" if missing < 0 else None


def plural(count: int | float, singular: str, many: str | None = None) -> str:
    """The noun agreed with its count, in French: 0 and 1 are singular."""
    return singular if abs(count) < 2 else many or singular + "s"


def counted(count: int, singular: str, many: str | None = None) -> str:
    """« 3 visites », « 1 visite »."""
    return f"{count}{NBSP}{plural(count, singular, many)}"


def minutes_ago(delta: timedelta) -> str:
    """« 18 min », « 2 h 05 »."""
    minutes = max(0, int(delta.total_seconds() // 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"


def nir(text: str) -> str:
    """« 2 85 02 69 388 123 86 », the number of the Sécurité sociale as it stands on the card."""
    compact = "".join(text.split()).upper()
    return NBSP.join(compact[a:b] for a, b in pairwise((0, 1, 3, 5, 7, 10, 13, 15)) if compact[a:b])


def nir_problem(text: str) -> str | None:
    """One sentence when it cannot be such a number: 13 signs, then its key (97 minus the rest by 97)."""
    compact = "".join(text.split()).upper()
    example = "Exemple : 2 85 02 69 388 123 86."
    if not re.fullmatch(r"[1-478]\d{4}(?:\d\d|2[AB])\d{6}(?:\d\d)?", compact):
        return f"Ce numéro a 13 signes, ou 15 avec la clé. {example}"
    digits = compact.replace("2A", "19").replace("2B", "18")
    wrong_key = len(digits) == 15 and int(digits[13:]) != 97 - int(digits[:13]) % 97
    return f"La clé ne correspond pas au numéro : relisez-le. {example}" if wrong_key else None
