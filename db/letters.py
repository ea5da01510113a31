"""The register of letters: number, template and version, fingerprint; the bytes only as long as retention allows."""

import hashlib
from dataclasses import asdict, dataclass, field, fields
from datetime import date, timedelta
from functools import lru_cache

from db import dossiers, drafts, journal, mandates, meetings, preferences, steps, store, timeline
from db.ids import now
from db.schema import Letter, database
from desktop import french

KEPT_DAYS = 90
COUNTED = timedelta(days=365)
"""How far back a template's use is counted."""


@lru_cache(maxsize=1024)
def _folded(title: str) -> str:
    return french.fold(title)


def _holds(number: str, title: str, name: str, wanted: str) -> bool:
    """Whether a line of the register holds every word wanted."""
    said = f"{number.casefold().replace('-', ' ')} {_folded(title)} {french.fold(name) if name.strip() else ''}"
    return all(word in said for word in wanted.split())


database.register_function(_holds, "holds", 4)


@dataclass(frozen=True)
class Entry:
    """What the register keeps of a letter, beside its bytes."""

    template: str
    template_version: int
    template_sha256: str
    title: str
    theme: str
    addressee: str = ""
    person: str | None = None
    dossier: str | None = None
    visit: str | None = None
    sensitive: bool = False
    step: str = ""  # the step of the dossier's path it takes
    sent: bool = True  # to the partner; a sheet or an attestation goes home with the person
    by_mandate: bool = False  # written and signed for her by the mediator, without her


@dataclass(frozen=True)
class Line:
    id: str
    number: str
    day: date
    title: str
    template: str
    version: int
    theme: str
    addressee: str
    person_name: str
    sha256: str
    keep_until: date | None
    kept: bool
    printed: bool


@dataclass(frozen=True)
class Draft:
    """A letter being written: every value typed, those of a variant left aside too."""

    template: str
    values: dict[str, object] = field(default_factory=dict)
    phrases: tuple[int, ...] = ()
    addition: str = ""
    large: bool = False
    person: str | None = None
    dossier: str | None = None
    visit: str | None = None
    reminder: str = ""  # the one already written for its deadline
    step: str = ""  # of the dossier's path, when begun from it


_DRAFT = frozenset(each.name for each in fields(Draft))


def next_number(day: date) -> str:
    """« A1-2026-0001 »: by desk and year; a number once given is never given again, even after Ctrl+Z."""
    return f"{store.desk()}-{day.year}-{preferences.get(_counter(day), 0) + 1:04}"


def _counter(day: date) -> str:
    return f"letters.{store.desk()}.{day.year}"


def archive(entry: Entry, number: str, pdf: bytes, pages: int, day: date) -> str:
    """Enter the letter; a sensitive one keeps neither its bytes nor whom it was for (letters.md). The letter's id.

    Raises mandates.Blocked for a letter signed in the person's name without a valid mandate.
    """
    if entry.by_mandate and entry.dossier and (reason := mandates.blocked(entry.dossier, day)):
        raise mandates.Blocked(reason)
    kept_days = kept_for()
    keep = kept_days > 0 and not entry.sensitive
    known = {} if entry.sensitive else {
        "addressee": entry.addressee, "person": entry.person, "dossier": entry.dossier, "visit": entry.visit,
    }  # fmt: skip
    with store.act(f"Courrier n° {number} rangé"):
        id = store.insert(
            Letter, number=number, template=entry.template, template_version=entry.template_version,
            template_sha256=entry.template_sha256, title=entry.title, theme=entry.theme, day=day, pages=pages,
            sha256=hashlib.sha256(pdf).hexdigest(), pdf=pdf if keep else None,
            keep_until=day + timedelta(days=kept_days) if keep else None, **known,
        )  # fmt: skip
        if entry.dossier:
            summary = f"Courrier n° {number}" + ("" if entry.sensitive else f" : {entry.title}")
            if entry.step:
                steps.mark_done(entry.dossier, entry.step, day, None if entry.sensitive else id, told=True)
            if entry.template in mandates.PAPERS:  # the partner has nothing to answer to it
                timeline.tell(entry.dossier, "mandat", summary)
            elif not entry.sent or entry.template in meetings.ENDINGS:
                timeline.tell(entry.dossier, "courrier", summary)
            else:
                due_on = dossiers.proposal(dossiers.sheet(entry.dossier), day).day
                dossiers.log(entry.dossier, "courrier", summary, due_on, present=True)
            if not entry.sensitive:
                mandates.paper_filed(entry.dossier, entry.template, id)
                meetings.paper_filed(entry.dossier, entry.template, id, day)
        preferences.put(_counter(day), preferences.get(_counter(day), 0) + 1)
        journal.write("courrier.range", id)
    return id


def kept_for() -> int:
    """How many days the pages of a letter are kept."""
    return int(preferences.get("letters_kept_days", KEPT_DAYS))


def is_filed(id: str) -> bool:
    """Whether the register still holds it: Ctrl+Z takes it out."""
    return bool(store.rows("SELECT 1 FROM letter WHERE id = ? AND removed_at IS NULL", (id,)))


def printed(id: str) -> None:
    """The person at the counter confirmed that the paper came out."""
    with store.act("Courrier sorti de l’imprimante"):
        store.update(Letter, id, printed_at=now())
        journal.write("courrier.imprime", id)


def bytes_of(id: str) -> bytes | None:
    """The very bytes that were printed, while they are kept."""
    row = Letter.get_by_id(id)
    return row.pdf and bytes(row.pdf)


_REGISTER = """
SELECT l.id, l.number, l.day, l.title, l.template, l.template_version, l.theme, l.addressee,
    trim(coalesce(p.last_name, '') || ' ' || coalesce(p.first_name, '')) AS who,
    l.sha256, l.keep_until, l.pdf IS NOT NULL, l.printed_at IS NOT NULL
FROM letter l LEFT JOIN person p ON p.id = l.person_id
WHERE l.removed_at IS NULL AND (?1 = '' OR l.id < ?1) AND (?2 = '' OR holds(
    l.number, l.title || ' ' || l.theme || ' ' || l.addressee,
    coalesce(p.last_name, '') || ' ' || coalesce(p.first_name, ''), ?2))
ORDER BY l.id DESC LIMIT ?3
"""


def register(after: str = "", limit: int = 200, text: str = "") -> tuple[Line, ...]:
    """The newest first, the page that follows the letter `after`; `text`: those holding every word of it."""
    rows = store.rows(_REGISTER, (after, french.fold(text), limit))
    return tuple(
        Line(i, n, date.fromisoformat(d), t, m, v, th, a, who, s, k and date.fromisoformat(k), bool(p), bool(o))
        for i, n, d, t, m, v, th, a, who, s, k, p, o in rows
    )


def uses(today: date) -> dict[str, int]:
    """Template → how often it served in the last year."""
    return dict(
        store.rows(
            "SELECT template, count(*) FROM letter WHERE day > ? AND removed_at IS NULL GROUP BY template",
            ((today - COUNTED).isoformat(),),
        )
    )


def stars() -> frozenset[str]:
    """The templates whoever is at work likes at hand."""
    return frozenset(preferences.get(f"letters.stars.{store.mediator()}", []))


def star(template: str) -> bool:
    """Put a template at hand, or away; whether it now is."""
    found = stars() ^ {template}
    preferences.put(f"letters.stars.{store.mediator()}", sorted(found))
    return template in found


def keep_draft(draft: Draft) -> None:
    """What is being typed, kept at once, so that a lock or a crash loses nothing."""
    drafts.keep("letter", asdict(draft))


def kept_draft() -> Draft | None:
    return _draft(drafts.kept("letter"))


def _draft(body: dict[str, object]) -> Draft | None:
    if not body:
        return None
    known = {name: value for name, value in body.items() if name in _DRAFT}
    return Draft(**known | {"phrases": tuple(known.get("phrases", ()))})


def forget_draft() -> None:
    """The letter is made: what was typed goes, from the file's log too."""
    drafts.forget("letter")
    store.rows("PRAGMA wal_checkpoint(TRUNCATE)")


def put_aside(draft: Draft, *, behind: bool = False) -> None:
    """Keep a letter begun for somebody else until it is taken back; `behind` those already there."""
    kept = _aside()
    drafts.keep(_ASIDE, {"letters": [*kept, asdict(draft)] if behind else [asdict(draft), *kept]})


def take_aside() -> Draft | None:
    """The letter last put aside."""
    kept = _aside()
    if kept:
        drafts.keep(_ASIDE, {"letters": kept[1:]})
    return _draft(kept[0]) if kept else None


_ASIDE = "letter.aside"


def _aside() -> list[dict[str, object]]:
    return drafts.kept(_ASIDE).get("letters", [])
