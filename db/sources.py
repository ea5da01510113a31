"""The rules of law behind what the desk says, from `sources.toml`, and how sure we are of each.

Read here as any list: `db` and `desktop.documents` ignore each other.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache

from db import lists
from desktop import french

SETTLED = ("lu", "établi")


@dataclass(frozen=True)
class Source:
    """One rule of law and how sure we are of it."""

    key: str
    citation: str = ""
    rule: str = ""
    status: str = "à vérifier"
    source: str = ""
    checked_on: date | None = None
    review_before: date | None = None

    def settled(self, today: date) -> bool:
        return self.status in SETTLED and self.review_before is not None and today <= self.review_before

    def line(self, today: date) -> str:
        """« article L. 115-3 du code… · établi, vérifié le 23/11/2026 »."""
        said = self.citation or self.source or "source à compléter"
        if self.checked_on is None:
            return f"{said} · à vérifier"
        stale = "" if self.review_before is None or today <= self.review_before else ", à revoir"
        return f"{said} · {self.status}, vérifié le {french.short_date(self.checked_on)}{stale}"


@cache
def sources() -> dict[str, Source]:
    return {
        key: Source(key, s.get("citation", ""), s["regle"], s["statut"], s["source"], s["lu_le"], s["a_revoir_avant"])
        for key, s in lists.read("sources").items()
    }


def source(key: str) -> Source:
    """An unknown key is never settled."""
    return sources().get(key) or Source(key)
