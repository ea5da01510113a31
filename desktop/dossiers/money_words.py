"""How the money of a dossier speaks: figures, payments with their weekday, helps and their answers."""

from collections.abc import Sequence
from datetime import date

from db import money
from desktop import french
from desktop.instalments import Instalment
from desktop.widgets.cards import Card

FIGURES = ("due", "planned", "remaining", "asked", "obtained", "won")


def plain(cents: int | None) -> str:
    """An amount as a field shows it: « 412,60 »."""
    return "" if cents is None else french.euros(cents).removesuffix(f"{french.NBSP}€")


def figures(found: money.Money) -> dict[str, str]:
    """Each figure in words; empty when there is nothing to say."""
    made = dict.fromkeys(FIGURES, "")
    if found.due is not None:
        made["due"] = f"Dû : {french.euros(found.due)}"
    if found.payments:
        made["planned"] = f"Prévu : {french.euros(found.planned)}"
        made["remaining"] = f"Reste : {french.euros(found.remaining)}"
    if asked := sum(help.asked or 0 for help in found.helps):
        made["asked"] = f"Aides demandées : {french.euros(asked)}"
    if found.obtained:
        made["obtained"] = f"Aides obtenues : {french.euros(found.obtained)}"
    if found.won is not None:
        made["won"] = f"Gagné pour la personne : {french.euros(found.won)}"
    return made


def weekday(day: date) -> str:
    """« mar. 05/12/2026 »."""
    return f"{french.DAYS[day.weekday()][:3]}. {french.short_date(day)}"


def payments(lines: Sequence[money.PaymentLine], today: date) -> list[Card]:
    return [_payment(line, today) for line in lines]


def _payment(line: money.PaymentLine, today: date) -> Card:
    late = (today - line.due_on).days
    if line.paid_on:
        badge, tone, icon = f"payé le {french.day_and_month(line.paid_on)}", "ok", "check"
    elif late > 0:
        badge, tone, icon = f"retard {late} j", "urgent", "triangle-alert"
    else:
        badge, tone, icon = ("aujourd’hui", "wait", "circle") if late == 0 else ("à payer", "plain", "circle")
    return Card(line.id, f"{weekday(line.due_on)} · {french.euros(line.cents)}", badge=badge, tone=tone, icon=icon)


def preview(plan: Sequence[Instalment]) -> str:
    """« 4 paiements de 103,15 €, du samedi 5 décembre 2026 au vendredi 5 mars 2027. »"""
    first, last = plan[0], plan[-1]
    text = f"{french.counted(len(plan), 'paiement')} de {french.euros(first.cents)}"
    if last.cents != first.cents:
        text += f", le dernier de {french.euros(last.cents)}"
    if len(plan) == 1:
        return f"{text}, le {french.weekday_date(first.day)}."
    return f"{text}, du {french.weekday_date(first.day)} au {french.weekday_date(last.day)}."


def helps(lines: Sequence[money.HelpLine]) -> list[Card]:
    return [_help(line) for line in lines]


def _help(line: money.HelpLine) -> Card:
    asked = f", {french.euros(line.asked)}" if line.asked else ""
    title = f"{line.label}{asked} · {french.short_date(line.asked_on)}"
    if line.answered_on is None:
        return Card(line.id, title, badge="pas de réponse", tone="wait", icon="clock")
    if line.obtained:
        return Card(line.id, title, badge=f"obtenu {french.euros(line.obtained)}", tone="ok", icon="check")
    return Card(line.id, title, badge="refusé", icon="x")
