"""How a dossier speaks: dates, sections, events and states in a few words."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from db import dossier_lists, dossiers, lists, steps, team, timeline
from desktop import french
from desktop.dossiers.timeline import Entry
from desktop.widgets.cards import Card

STATE_TONES = {"ouvert": "info", "attente_usager": "wait", "attente_partenaire": "info", "relance": "info",
               "proposition": "wait", "accord": "ok", dossiers.CLOSED: "plain"}  # fmt: skip
_ICONS = {"ouverture": "folder-plus", "appel": "phone", "courrier": "mail", "reponse": "inbox", "note": "notebook-pen",
          "cloture": "badge-check", "etape": "split", "mandat": "shield"}  # fmt: skip
_KINDS = {"appel": "Appel", "reponse": "Réponse", "note": "Note"}
HIDDEN = "Son référent et le responsable le lisent, personne d’autre."
_QUICK = {summary for quick in timeline.QUICK.values() for summary in quick.values()}


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


@dataclass(frozen=True)
class Dates:
    """What the lists know beside the reminders: the soonest last day of each dossier, mandates ending, payments late."""

    last: Mapping[str, date] = field(default_factory=dict, hash=False)
    mandates: Collection[str] = ()
    payments: Collection[str] = ()


def by_deadline(lines: Sequence[dossier_lists.Line], last: Mapping[str, date], today: date) -> list[dossier_lists.Line]:
    """A last day of the way up is a deadline like a reminder: the soonest of the two says where the dossier stands."""
    moved = [_sooner(line, last.get(line.id), today) for line in lines]
    return sorted(moved, key=lambda line: dossier_lists.SECTIONS.index(line.section))


def _sooner(line: dossier_lists.Line, last: date | None, today: date) -> dossier_lists.Line:
    if last is None or line.state == dossiers.CLOSED or last > today + timedelta(days=7):
        return line
    section = dossier_lists.SECTIONS[0] if last <= today else dossier_lists.SECTIONS[1]
    return replace(line, section=min(section, line.section, key=dossier_lists.SECTIONS.index))


def cards(lines: Sequence[dossier_lists.Line], today: date, dates: Dates | None = None) -> list[Card]:
    """The list: one section, counted, for each deadline that has something."""
    made: list[Card] = []
    counts = Counter(line.section for line in lines)
    section = ""
    for line in lines:
        if line.section != section:
            section = line.section
            made.append(Card(f"section {section}", f"{section} · {counts[section]}", is_section=True))
        made.append(_card(line, today, dates or Dates()))
    return made


def _card(line: dossier_lists.Line, today: date, dates: Dates) -> Card:
    last = dates.last.get(line.id)
    detail = ", ".join(part for part in (line.partner, line.kind.casefold()) if part)
    if line.state == dossiers.CLOSED:
        badge, tone = f"clos {french.day_and_month(line.closed_on)}", "ok" if line.result == "resolu" else "plain"
    elif last is not None and (line.next_on is None or last <= max(line.next_on, today)):
        badge, tone = french.day_and_month(last), "urgent"
        detail = f"{'dernière date' if last >= today else 'date passée'} · {detail}"
    elif line.section == dossier_lists.SECTIONS[2]:
        waited = (today - line.waiting_since).days if line.waiting_since else 0
        badge, tone = (f"attend {waited} j", "plain") if waited else (_later(line), "plain")
    else:
        badge, tone = due(line.next_on, line.next_at, today) if line.next_on else ("sans date", "plain")
    mark, name = "", ""
    if line.id in dates.mandates:
        mark, name = "shield", "mandat bientôt fini"
    elif line.id in dates.payments:
        mark, name = "landmark", "paiement en retard"
    return Card(
        line.id,
        "Confidentiel" if line.hidden else line.short_name,
        detail,
        badge=badge,
        tone=tone,
        mark=mark,
        mark_name=name,
    )


def soonest(near: Sequence[steps.Near]) -> dict[str, date]:
    """The first last day of each dossier; `near` comes the soonest first."""
    found: dict[str, date] = {}
    for each in near:
        found.setdefault(each.dossier, each.last)
    return found


def _later(line: dossier_lists.Line) -> str:
    return french.day_and_month(line.next_on) if line.next_on else "sans date"


def heading(sheet: dossiers.Sheet) -> str:
    """« Kaya · EDF, impayé, échéancier »."""
    return f"{sheet.last_name} · " + ", ".join(part for part in (sheet.partner_name, sheet.kind.casefold()) if part)


def facts(sheet: dossiers.Sheet) -> str:
    """« Kaya Mehmet · référence 6 044 871 209 · 412,60 € dus · accord oral · ouvert le 12/11/2026 »."""
    by = f"suivi par {team.short_name(sheet.referent_name)}" if sheet.referent_name else ""
    parts = [
        "" if sheet.hidden else sheet.person_name,
        sheet.reference and f"référence {sheet.reference}",
        f"{french.euros(sheet.amount_due)} dus" if sheet.amount_due is not None else "",
        dossiers.CONSENTS.get(sheet.consent, "").casefold(),
        _urgent(sheet),
        f"avec {sheet.other_party}" if sheet.other_party else "",
        "confidentiel" if sheet.confidential and not sheet.hidden else "",
        by,
        f"n° {sheet.number} ouvert le {french.short_date(sheet.opened_on)}",
    ]
    return " · ".join(part for part in parts if part)


def _urgent(sheet: dossiers.Sheet) -> str:
    """« coupure annoncée le 30/11/2026 »."""
    if sheet.urgent_on is None:
        return ""
    return f"coupure ou échéance le {french.short_date(sheet.urgent_on)}"


def entries(sheet: dossiers.Sheet, events: Sequence[timeline.Event], today: date) -> list[Entry]:
    """The planned step, then the events."""
    made = []
    if sheet.next_on:
        text, tone = due(sheet.next_on, "", today)
        since = timeline.waiting_since(events)
        waited = (today - since).days if since else 0
        parts = [f"prévu {weekday(sheet.next_on)}", f"pas de réponse depuis {waited} j" if waited else ""]
        title = f"{sheet.next_at} · {sheet.next_label}" if sheet.next_at else sheet.next_label
        made.append(Entry(text, "clock", title, ", ".join(p for p in parts if p), "ink2" if tone == "plain" else tone))
    return made + [_entry(event, today) for event in events]


def _entry(event: timeline.Event, today: date) -> Entry:
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
    """« Résolu en partie, 150,00 € obtenus »."""
    won = f", {french.euros(sheet.won)} obtenus" if sheet.won else ""
    return (lists.label("result", sheet.result) or "Clos") + won
