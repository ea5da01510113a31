"""How a dossier speaks: dates, sections, events and states in a few words."""

from collections.abc import Sequence
from datetime import date

from db import dossiers, lists, team
from desktop import french
from desktop.dossiers.timeline import Entry
from desktop.widgets.cards import Card

STATE_TONES = {"ouvert": "info", "attente_usager": "wait", "attente_partenaire": "info", "relance": "info",
               "proposition": "wait", "accord": "ok", dossiers.CLOSED: "plain"}  # fmt: skip
_ICONS = {"ouverture": "folder-plus", "appel": "phone", "courrier": "mail", "reponse": "inbox", "note": "notebook-pen",
          "cloture": "badge-check"}  # fmt: skip
_KINDS = {"appel": "Appel", "reponse": "Réponse", "note": "Note"}
_QUICK = {summary for quick in dossiers.QUICK.values() for summary in quick.values()}


def weekday(day: date) -> str:
    """« mar. 24/11 »."""
    return f"{french.DAYS[day.weekday()][:3]}. {french.day_and_month(day)}"


def due(day: date, at: str, today: date) -> tuple[str, str]:
    """A reminder's date in words, and its tone."""
    late = (today - day).days
    if late > 0:
        return f"retard {late} j", "urgent"
    if late == 0:
        return at or "aujourd’hui", "wait"
    return french.day_and_month(day), "plain"


def cards(lines: Sequence[dossiers.Line], today: date) -> list[Card]:
    """The list: one section for each deadline that has something."""
    made: list[Card] = []
    section = ""
    for line in lines:
        if line.section != section:
            section = line.section
            made.append(Card(f"section {section}", section, is_section=True))
        made.append(_card(line, today))
    return made


def _card(line: dossiers.Line, today: date) -> Card:
    if line.state == dossiers.CLOSED:
        badge, tone = f"clos {french.day_and_month(line.closed_on)}", "ok" if line.result == "resolu" else "plain"
    elif line.section == dossiers.SECTIONS[2]:
        waited = (today - line.waiting_since).days if line.waiting_since else 0
        badge, tone = (f"attend {waited} j", "plain") if waited else (_later(line), "plain")
    else:
        badge, tone = due(line.next_on, line.next_at, today)
    return Card(line.id, line.short_name, f"{line.partner}, {line.kind.casefold()}", badge=badge, tone=tone)


def _later(line: dossiers.Line) -> str:
    return french.day_and_month(line.next_on) if line.next_on else "sans date"


def facts(sheet: dossiers.Sheet) -> str:
    """« Kaya Mehmet · référence 6 044 871 209 · 412,60 € dus · accord oral · ouvert le 12/11/2026 »."""
    parts = [
        sheet.person_name,
        sheet.reference and f"référence {sheet.reference}",
        f"{french.euros(sheet.amount_due)} dus" if sheet.amount_due is not None else "",
        dossiers.CONSENTS.get(sheet.consent, "").casefold(),
        f"n° {sheet.number} ouvert le {french.short_date(sheet.opened_on)}",
    ]
    return " · ".join(part for part in parts if part)


def entries(sheet: dossiers.Sheet, events: Sequence[dossiers.Event], today: date) -> list[Entry]:
    """The planned step, then the events."""
    made = []
    if sheet.next_on:
        text, tone = due(sheet.next_on, "", today)
        since = dossiers.waiting_since(events)
        waited = (today - since).days if since else 0
        parts = [f"prévu {weekday(sheet.next_on)}", f"pas de réponse depuis {waited} j" if waited else ""]
        title = f"{sheet.next_at} · {sheet.next_label}" if sheet.next_at else sheet.next_label
        made.append(Entry(text, "clock", title, ", ".join(p for p in parts if p), "ink2" if tone == "plain" else tone))
    return made + [_entry(event, today) for event in events]


def _entry(event: dossiers.Event, today: date) -> Entry:
    at = event.at.astimezone()
    day = at.date()
    when = "aujourd’hui" if day == today else french.day_and_month(day)
    if day.year != today.year:
        when = french.short_date(day)
    kind = _KINDS.get(event.kind, "")
    summary = event.summary.casefold() if event.summary in _QUICK else event.summary
    title = f"{kind} : {summary}" if kind and summary else kind or summary
    by = f" · {team.short_name(event.by)}" if event.by else ""
    tone = {"reponse": "ok", "cloture": "ok"}.get(event.kind, "ink2")
    return Entry(when, _ICONS.get(event.kind, "circle"), title, french.time_of_day(at) + by, tone)


def result(sheet: dossiers.Sheet) -> str:
    return lists.label("result", sheet.result) or "Clos"
