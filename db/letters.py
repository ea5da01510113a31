"""The register of letters: number, template and version, fingerprint; the bytes only as long as retention allows."""

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from db import dossiers, journal, mandates, paths, preferences, store
from db.ids import now
from db.schema import Draft as DraftRow
from db.schema import Letter

KEPT_DAYS = 90


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
    step: str = ""  # the step of the dossier's path it was begun from
    by_mandate: bool = False  # written and signed for her by the mediator, without her


@dataclass(frozen=True)
class Line:
    id: str
    number: str
    day: date
    title: str
    addressee: str
    kept: bool
    printed: bool


def next_number(day: date) -> str:
    """« A1-2026-0001 »: by desk and year; a number once given is never given again, even after Ctrl+Z."""
    return f"{store.desk()}-{day.year}-{preferences.get(_counter(day), 0) + 1:04}"


def _counter(day: date) -> str:
    return f"letters.{store.desk()}.{day.year}"


def archive(entry: Entry, number: str, pdf: bytes, pages: int, day: date) -> str:
    """Enter the letter; a sensitive one keeps no bytes (letters.md). The letter's id.

    Raises mandates.Blocked for a letter signed in the person's name without a valid mandate.
    """
    if entry.by_mandate and entry.dossier and (reason := mandates.blocked(entry.dossier, day)):
        raise mandates.Blocked(reason)
    kept_days = int(preferences.get("letters_kept_days", KEPT_DAYS))
    keep = kept_days > 0 and not entry.sensitive
    with store.act(f"Courrier n° {number} rangé"):
        id = store.insert(
            Letter, number=number, template=entry.template, template_version=entry.template_version,
            template_sha256=entry.template_sha256, title=entry.title, theme=entry.theme, addressee=entry.addressee,
            person=entry.person, dossier=entry.dossier, visit=entry.visit, day=day, pages=pages,
            sha256=hashlib.sha256(pdf).hexdigest(), pdf=pdf if keep else None,
            keep_until=day + timedelta(days=kept_days) if keep else None,
        )  # fmt: skip
        if entry.dossier:
            summary = f"Courrier n° {number} : {entry.title}"
            partner = dossiers.sheet(entry.dossier).partner
            due_on = day + timedelta(days=dossiers.answer_delay(partner).days)
            dossiers.log(entry.dossier, "courrier", summary, due_on, present=True)
            awaited = paths.awaiting(entry.dossier, entry.template, day)
            if step := entry.step or (awaited.code if awaited else ""):
                paths.mark_done(entry.dossier, step, day, None if entry.sensitive else id, told=True)
        preferences.put(_counter(day), preferences.get(_counter(day), 0) + 1)
        journal.write("courrier.range", id)
    return id


def printed(id: str) -> None:
    """The person at the counter confirmed that the paper came out."""
    with store.act("Courrier sorti de l’imprimante"):
        store.update(Letter, id, printed_at=now())


def bytes_of(id: str) -> bytes | None:
    """The very bytes that were printed, while they are kept."""
    row = Letter.get_by_id(id)
    return row.pdf and bytes(row.pdf)


def register(after: str = "", limit: int = 200) -> tuple[Line, ...]:
    """The newest first, the page that follows the letter `after`."""
    rows = store.rows(
        "SELECT id, number, day, title, addressee, pdf IS NOT NULL, printed_at IS NOT NULL FROM letter "
        "WHERE removed_at IS NULL AND (? = '' OR id < ?) ORDER BY id DESC LIMIT ?",
        (after, after, limit),
    )
    return tuple(Line(i, n, date.fromisoformat(d), t, a, bool(k), bool(p)) for i, n, d, t, a, k, p in rows)


def keep_draft(template: str, values: dict[str, object]) -> None:
    """What is being typed, kept at once, so that a lock or a crash loses nothing."""
    keep_draft_of("letter", {"template": template, "values": values})


def kept_draft() -> tuple[str, dict[str, object]] | None:
    body = draft_of("letter")
    return body and (body["template"], body["values"])


def forget_draft() -> None:
    forget_draft_of("letter")


def keep_draft_of(name: str, body: dict[str, object]) -> None:
    """The same for another document of the tab: « cv », « budget »…"""
    with store.translated():
        DraftRow.replace(name=name, mediator=store.mediator(), body=body, changed_at=now()).execute()


def draft_of(name: str) -> dict[str, object] | None:
    row = DraftRow.get_or_none(DraftRow.name == name)
    return row and row.body


def forget_draft_of(name: str) -> None:
    DraftRow.delete().where(DraftRow.name == name).execute()
