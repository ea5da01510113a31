"""How the papers of a dossier speak: where each stands, what it is worth, and the list the person takes home."""

from collections.abc import Sequence
from datetime import date

from db import attachments, checklists, dossiers, preferences, timeline
from desktop import french
from desktop.widgets.cards import Card

TITLE = "Liste des papiers"
RETURNS = "Revient le {} avec ses papiers"


def state(line: checklists.Line, today: date) -> tuple[str, str, str]:
    """In words, its tone, its icon."""
    until = french.short_date(line.valid_until) if line.valid_until else ""
    if line.state == checklists.NOT_NEEDED:
        return "sans objet", "plain", "x"
    if line.state == checklists.MISSING:
        return ("facultatif", "plain", "circle") if line.item.optional else ("manque", "wait", "circle")
    if line.stale(today):
        return f"périmé le {until}", "urgent", "triangle-alert"
    if line.ends_soon(today):
        return f"finit le {until}", "wait", "clock"
    return (f"fourni, jusqu’au {until}" if until else "fourni"), "ok", "check"


def cards(lines: Sequence[checklists.Line], today: date) -> list[Card]:
    made = []
    for line in lines:
        words, tone, icon = state(line, today)
        made.append(Card(line.item.code, line.item.label, badge=words, tone=tone, icon=icon))
    return made


def detail(line: checklists.Line) -> str:
    """All there is to know of one document, its whole name first."""
    item = line.item
    parts = [
        item.label,
        f"S{_if(item.condition)[1:]}" if item.condition else "",
        f"Moins de {item.months} mois" if item.months else "",
        f"{item.note[0].upper()}{item.note[1:]}" if item.note else "",
    ]
    return ". ".join(part for part in parts if part) + "."


def _if(condition: str) -> str:
    """« si la personne vit en couple », « s’il y a des enfants »; nothing for no condition."""
    if not condition:
        return ""
    return f"s’{condition}" if condition.startswith(("il ", "ils ")) else f"si {condition}"


def scans(lines: Sequence[attachments.Line]) -> list[Card]:
    made = []
    for line in lines:
        kind = f"{attachments.KINDS.get(line.kind, line.kind)}, {attachments.megabytes(line.size)}"
        until = french.short_date(line.keep_until) if line.keep_until else ""
        badge = "effacée" if not line.kept else f"gardée jusqu’au {until}" if until else "avec le dossier"
        made.append(Card(line.id, f"{line.title} · {kind}", badge=badge, icon="file-text"))
    return made


def printed(dossier: str) -> tuple[str, bytes]:
    """What is missing or out of date, with boxes to tick: its title and its pages. Raises Unprintable."""
    from desktop.documents.dossier_papers import PapersList, render_papers

    today, sheet, place = date.today(), dossiers.sheet(dossier), preferences.place()
    lists = []
    for code in checklists.started(dossier):
        known, lines = checklists.checklist(code), checklists.items(dossier, code)
        lists.append(
            PapersList(
                known.label,
                tuple(_paper(line) for line in lines if line.state == checklists.MISSING and not line.item.optional),
                tuple(_paper(line, "n’est plus valable depuis le") for line in lines if line.stale(today)),
                tuple(_paper(line, "valable jusqu’au") for line in lines if line.ends_soon(today)),
                tuple(_paper(line) for line in lines if line.ready(today) and not line.ends_soon(today)),
                known.notice(today),
            )
        )
    where = tuple(line for line in (place.name, place.address, place.town) if line)
    return TITLE, render_papers(sheet.person_name, lists, where, today, back_on=_returns_on(dossier, today))


def _returns_on(dossier: str, today: date) -> date | None:
    """The day the person was told to come back; the reminder of the dossier may be about the partner."""
    told = RETURNS.split("{}")[0]
    days = (
        french.parse_date(event.summary, today) for event in timeline.events(dossier) if event.summary.startswith(told)
    )
    day = next(days, None)
    return day if day and day > today else None


def _paper(line: checklists.Line, why: str = ""):
    from desktop.documents.dossier_papers import Paper

    item = line.item
    told = [_if(item.condition), f"de moins de {item.months} mois" if item.months else "", item.note]
    until = f"{why} {french.long_date(line.valid_until)}" if why else ""
    given = line.state == checklists.GIVEN and not why
    return Paper(item.label, until, "" if given else " ; ".join(part for part in told if part))
