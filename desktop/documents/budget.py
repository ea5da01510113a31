"""A family's budget in whole cents: what comes in, what must be paid, what is left to live on, month by month."""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from desktop.documents.months import month_number
from desktop.french import fold, parse_euros
from desktop.instalments import months_later

YEAR = 12  # months shown
DAYS = 30  # in a month, for the daily figure
_EVERY = ("", "chaque mois", "tous les mois", "mensuel", "par mois")


@dataclass(frozen=True)
class Line:
    """An amount each time it falls due: every month, or only in `months` (1 to 12)."""

    label: str
    cents: int
    months: tuple[int, ...] = ()

    def due(self, month: int) -> int:
        return self.cents if not self.months or month in self.months else 0


@dataclass(frozen=True)
class Debt:
    """What is still owed, 0 when nobody knows, and what is paid each month."""

    creditor: str
    total: int
    monthly: int

    def payment(self, month: int) -> int:
        """What is paid in the month `month`, counted from 0; nothing once the debt is over."""
        return min(self.monthly, max(0, self.total - month * self.monthly)) if self.total else self.monthly

    @property
    def length(self) -> int:
        """In how many months it is over, 0 when it cannot be said."""
        return -(-self.total // self.monthly) if self.total and self.monthly else 0


@dataclass(frozen=True)
class Budget:
    persons: int = 1
    resources: tuple[Line, ...] = ()
    charges: tuple[Line, ...] = ()
    irregular: tuple[Line, ...] = ()  # charges of some months only
    debts: tuple[Debt, ...] = ()
    start: date = date(2026, 1, 1)  # any day of the first month


class Totals(NamedTuple):
    """All in cents."""

    resources: int  # that come every month
    charges: int
    payments: int  # of debts, in the first month
    left: int  # reste à vivre
    per_day: int  # for each person, rounded down
    owed: int
    aside: int  # to put aside each month for the charges of some months, rounded up


class Month(NamedTuple):
    """One month of the year to come: what is left to live on once its own charges are paid."""

    day: date
    cents: int
    labels: tuple[str, ...]  # what falls due in that month and not in all


def totals(budget: Budget) -> Totals:
    """The figures of an ordinary month."""
    resources, charges = _monthly(budget.resources), _monthly(budget.charges)
    payments = sum(debt.payment(0) for debt in budget.debts)
    left = resources - charges - payments
    yearly = sum(line.cents * len(line.months) for line in (*budget.charges, *budget.irregular))
    owed = sum(debt.total for debt in budget.debts)
    per_day = left // (DAYS * max(1, budget.persons))
    return Totals(resources, charges, payments, left, per_day, owed, -(-yearly // YEAR))


def _monthly(lines: tuple[Line, ...]) -> int:
    return sum(line.cents for line in lines if not line.months)


def calendar(budget: Budget) -> tuple[Month, ...]:
    """The twelve months from the first one, each with what is left."""
    return tuple(_month(budget, place) for place in range(YEAR))


def _month(budget: Budget, place: int) -> Month:
    day = months_later(budget.start.replace(day=1), place)
    charges = (*budget.charges, *budget.irregular)
    received = sum(line.due(day.month) for line in budget.resources)
    paid = sum(line.due(day.month) for line in charges) + sum(debt.payment(place) for debt in budget.debts)
    labels = tuple(line.label for line in (*budget.resources, *charges) if line.months and line.due(day.month))
    return Month(day, received - paid, labels)


# what is typed


def months(text: str) -> tuple[int, ...] | None:
    """« mars, septembre » or « 3 et 9 » → (3, 9); every month → (); None when it is something else."""
    if fold(text) in _EVERY:
        return ()
    words = [word for word in re.split(r"[\s,;/+&-]+", text.strip()) if word and fold(word) != "et"]
    found = [month_number(word) for word in words]
    return tuple(sorted(set(found))) if found and 0 not in found else None


def amount_problem(text: str) -> str:
    """One sentence with an example when this is no amount; empty when it may be counted."""
    if not text.strip() or _cents(text) is not None:
        return ""
    if re.match(r"\s*[-−–]", text):
        return "Écrivez la somme sans signe moins. Exemple : 45,00."
    if len(re.sub(r"\D", "", text)) > 9:
        return "Cette somme est trop grande. Exemple : 1 250,00."
    return "Écrivez une somme en euros. Exemple : 412,60."


def _cents(text: str) -> int | None:
    return parse_euros(re.sub(r"[.,]\s*€?\s*$", "", text))  # « 12, » while somebody types « 12,50 »


def read(values: dict[str, object]) -> tuple[Budget, dict[str, str]]:
    """The budget as far as it can be read, and one sentence for each field that cannot: « charges.0.amount »…

    A row without any amount says nothing: it is a label proposed and left alone.
    """
    found: dict[str, str] = {}
    if not str(values.get("name", "")).strip():
        found["name"] = "Écrivez le nom et le prénom."
    persons = str(values.get("persons", "")).strip()
    if not persons.isdecimal() or not 1 <= int(persons) <= 30:
        found["persons"] = "Écrivez combien de personnes vivent sur ce budget. Exemple : 3."
    lists = {name: _lines(name, values.get(name, ()), found) for name in ("resources", "charges", "irregular")}
    debts = _debts(values.get("debts", ()), found)
    if not lists["resources"] and not any(name.startswith("resources") for name in found):
        found["resources.0.amount"] = "Écrivez au moins une ressource. S’il n’y en a pas, écrivez 0."
    people = 1 if "persons" in found else int(persons)
    return Budget(people, **lists, debts=debts, start=_start(str(values.get("start", "")))), found


def _start(text: str) -> date:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return date.today().replace(day=1)


def _lines(name: str, rows, found: dict[str, str]) -> tuple[Line, ...]:
    lines = []
    for place, row in enumerate(rows):
        label, amount, when = (str(row.get(field, "")).strip() for field in ("label", "amount", "months"))
        if not amount:
            continue
        key, wrong = f"{name}.{place}", amount_problem(amount)
        if wrong:
            found[f"{key}.amount"] = wrong
            continue
        if not label:
            found[f"{key}.label"] = "Donnez un nom à cette ligne. Exemple : Loyer."
        due = months(when)
        if due is None or (name == "irregular" and not due):
            found[f"{key}.months"] = "Écrivez le ou les mois. Exemple : mars, septembre."
            continue
        lines.append(Line(label, _cents(amount) or 0, due))
    return tuple(lines)


def _debts(rows, found: dict[str, str]) -> tuple[Debt, ...]:
    debts = []
    for place, row in enumerate(rows):
        creditor, total, monthly = (str(row.get(field, "")).strip() for field in ("creditor", "total", "monthly"))
        if not (total or monthly):
            continue
        key = f"debts.{place}"
        wrong = {name: amount_problem(text) for name, text in (("total", total), ("monthly", monthly))}
        found |= {f"{key}.{name}": sentence for name, sentence in wrong.items() if sentence}
        if not creditor:
            found[f"{key}.creditor"] = "Écrivez à qui cet argent est dû. Exemple : EDF."
        if not any(wrong.values()):
            debts.append(Debt(creditor, _cents(total) or 0, _cents(monthly) or 0))
    return tuple(debts)
