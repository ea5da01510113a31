"""How a way up speaks: each step in its time, and the facts its dates are counted from."""

from datetime import date

from db import dossiers, paths, standings
from desktop import french
from desktop.dossiers.timeline import Entry

CHECK = "délai à faire vérifier"


def entry(step: standings.Planned, next_step: standings.Planned | None, today: date) -> Entry:
    """A step as the list shows it: when, what, then its dates, its advice and its source."""
    now = next_step is not None and step.code == next_step.code
    when, icon, tone = _when(step, now)
    title = f"{step.label} (facultatif)" if step.optional else step.label
    return Entry(when, icon, title, "\n".join(filter(None, (_dates(step, today), step.note, _source(step)))), tone)


def _when(step: standings.Planned, now: bool) -> tuple[str, str, str]:
    if step.state == standings.DONE:
        return f"fait {french.day_and_month(step.done_on)}", "check", "ok"
    if step.state == standings.SKIPPED:
        return "passée", "chevron-right", "ink2"
    if step.warning or step.state == standings.PAST:
        return (
            "à vérifier" if step.state == standings.PAST else f"avant {french.day_and_month(step.last)}",
            "triangle-alert",
            "urgent",
        )
    if step.state == standings.WAITING:
        return f"dès {french.day_and_month(step.earliest)}" if step.earliest else "plus tard", "clock", "ink2"
    return ("maintenant", "play", "wait") if now else ("possible", "circle", "ink2")


def _dates(step: standings.Planned, today: date) -> str:
    if not step.pending:
        return ""
    if step.warning:
        return step.warning
    parts = []
    if step.earliest and step.earliest > today:
        parts.append(f"à partir du {french.weekday_date(step.earliest)}")
    if step.last:
        parts.append(f"au plus tard le {french.weekday_date(step.last)}")
    text = ", ".join(parts)
    return text[:1].upper() + text[1:]


def _source(step: standings.Planned) -> str:
    if not step.source or not step.pending:
        return ""
    return f"Source : {step.source}" + (f" · {CHECK}" if step.doubtful else "")


def facts(path: paths.Path, sector: str, sheet: dossiers.Sheet) -> tuple[str, ...]:
    """The fields this path needs: its date, which letter that was, what threatens, and what may hold it back."""
    wanted = ["notified_on"] if path.clock else []
    wanted += ["notice"] if len(path.notices) > 1 else []
    wanted += ["urgent_on"] if path.threat else []
    held = [fact for notice in path.notices for fact in notice.by]
    for each in paths.protections():
        if (
            (not each.sectors or sector in each.sectors)
            and (not each.partners or sheet.partner in each.partners)
            and (not each.kinds or sheet.kind in each.kinds)
        ):
            held += [*each.needs, *each.all, *each.unless, *each.unless_all]
    return (*wanted, *dict.fromkeys(held))
