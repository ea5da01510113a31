"""The money of a dossier: what is due, the payments agreed and made, the helps asked and obtained, what was won."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from db import journal, lists, store
from db.ids import now
from db.schema import Help, Payment
from desktop import french
from desktop.instalments import Instalment, months_later

PAYMENTS_MAX = 60


@dataclass(frozen=True)
class PaymentLine:
    id: str
    due_on: date
    cents: int
    paid_on: date | None = None


@dataclass(frozen=True)
class HelpLine:
    """`asked` None: no amount was named; `answered_on` None: no answer yet; `obtained` 0: refused."""

    id: str
    kind: str
    label: str
    asked: int | None
    asked_on: date
    obtained: int | None = None
    answered_on: date | None = None


@dataclass(frozen=True)
class Money:
    """Where the money of a dossier stands, in cents."""

    due: int | None
    payments: tuple[PaymentLine, ...]
    helps: tuple[HelpLine, ...]
    won: int | None

    @property
    def planned(self) -> int:
        return sum(payment.cents for payment in self.payments)

    @property
    def paid(self) -> int:
        return sum(payment.cents for payment in self.payments if payment.paid_on)

    @property
    def remaining(self) -> int:
        return self.planned - self.paid

    @property
    def obtained(self) -> int:
        return sum(help.obtained or 0 for help in self.helps)

    @property
    def next(self) -> PaymentLine | None:
        return next((payment for payment in self.payments if payment.paid_on is None), None)

    def late(self, today: date) -> tuple[PaymentLine, ...]:
        return late(self.payments, today)


def late(payments: Iterable[PaymentLine], today: date) -> tuple[PaymentLine, ...]:
    """Those whose day is over and that nobody ticked."""
    return tuple(payment for payment in payments if payment.paid_on is None and payment.due_on < today)


def plan_problems(total: int | None, count: int | None, first: date | None, today: date) -> dict[str, str]:
    """Say what is wrong in a plan, field by field."""
    found: dict[str, str] = {}
    if total is None or total <= 0:
        found["total"] = "Écrivez la somme à payer en euros. Exemple : 412,60."
    if count is None or not 1 <= count <= PAYMENTS_MAX:
        found["count"] = f"Le nombre de paiements va de 1 à {PAYMENTS_MAX}. Exemple : 4."
    elif total and total // count < 100:
        found["count"] = "Chaque paiement fait moins d’un euro. Prenez moins de paiements."
    if first is None:
        found["first"] = "Cette date n’existe pas. Exemple : 05/12/2026."
    elif first < today:
        found["first"] = f"Le premier paiement est passé. Exemple : {french.short_date(months_later(today, 1))}."
    elif first > months_later(today, 12):
        found["first"] = "Le premier paiement est dans plus d’un an. Vérifiez l’année."
    return found


def keep_plan(dossier: str, payments: Iterable[Instalment]) -> None:
    """Write down the plan agreed: what was paid stays, what was still to pay of the former plan goes."""
    with store.act("Échéancier noté"):
        for payment in _payments(dossier):
            if payment.paid_on is None:
                store.update(Payment, payment.id, removed_at=now())
        for payment in payments:
            store.insert(Payment, dossier=dossier, due_on=payment.day, cents=payment.cents)
        journal.write("dossier.echeancier", dossier)


def pay(payment: str, day: date) -> None:
    with store.act("Paiement coché"):
        store.update(Payment, payment, paid_on=day)


def unpay(payment: str) -> None:
    with store.act("Paiement décoché"):
        store.update(Payment, payment, paid_on=None)


def paid_problem(day: date | None, today: date) -> str:
    if day is None:
        return f"Cette date n’existe pas. Exemple : {french.short_date(today)}."
    return "Ce jour n’est pas encore venu." if day > today else ""


def help_problems(kind: str, asked: int | None, asked_on: date | None, today: date) -> dict[str, str]:
    """Say what is wrong in a help asked; the amount may be unknown."""
    found: dict[str, str] = {}
    if kind not in {value.code for value in lists.values("help")}:
        found["kind"] = "Choisissez l’aide. Exemple : FSL."
    if asked is not None and asked <= 0:
        found["asked"] = "Écrivez la somme demandée en euros, ou laissez vide. Exemple : 200."
    if problem := paid_problem(asked_on, today):
        found["asked_on"] = problem
    return found


def ask_help(dossier: str, kind: str, asked: int | None, asked_on: date) -> str:
    """A help asked for the person, FSL or another; its id."""
    with store.act(f"Aide demandée : {lists.label('help', kind)}"):
        return store.insert(Help, dossier=dossier, kind=kind, asked_cents=asked, asked_on=asked_on)


def answer_problems(obtained: int | None, answered_on: date | None, help: HelpLine, today: date) -> dict[str, str]:
    found: dict[str, str] = {}
    if obtained is None or obtained < 0:
        found["obtained"] = "Écrivez la somme obtenue en euros, 0 pour un refus. Exemple : 150."
    if problem := paid_problem(answered_on, today):
        found["answered_on"] = problem
    elif answered_on < help.asked_on:
        found["answered_on"] = f"La réponse est avant la demande du {french.short_date(help.asked_on)}."
    return found


def answer_help(help: str, obtained: int, answered_on: date) -> None:
    """What was obtained; 0 is a refusal."""
    with store.act("Aide obtenue" if obtained else "Aide refusée"):
        store.update(Help, help, obtained_cents=obtained, answered_on=answered_on)


def forget_help(help: str) -> None:
    with store.act("Aide retirée"):
        store.update(Help, help, removed_at=now())


def of_dossier(dossier: str) -> Money:
    """The whole money of a dossier, in three queries."""
    found = store.rows("SELECT amount_due, won FROM dossier WHERE id = ?", (dossier,))
    if not found:
        raise LookupError(dossier)
    due, won = found[0]
    return Money(due, _payments(dossier), _helps(dossier), won)


def _payments(dossier: str) -> tuple[PaymentLine, ...]:
    rows = store.rows(
        "SELECT id, due_on, cents, paid_on FROM payment WHERE dossier_id = ? AND removed_at IS NULL ORDER BY due_on, id",
        (dossier,),
    )
    return tuple(PaymentLine(id, date.fromisoformat(due), cents, store.day(paid)) for id, due, cents, paid in rows)


def _helps(dossier: str) -> tuple[HelpLine, ...]:
    rows = store.rows(
        "SELECT id, kind, asked_cents, asked_on, obtained_cents, answered_on FROM help "
        "WHERE dossier_id = ? AND removed_at IS NULL ORDER BY asked_on, id",
        (dossier,),
    )
    return tuple(
        HelpLine(id, kind, lists.label("help", kind), asked, date.fromisoformat(on), obtained, store.day(answered))
        for id, kind, asked, on, obtained, answered in rows
    )


def late_payments(today: date) -> tuple[tuple[str, PaymentLine], ...]:
    """Every payment whose day is over, with its dossier, the oldest first; of open dossiers only. One query."""
    rows = store.rows(
        "SELECT p.dossier_id, p.id, p.due_on, p.cents FROM payment p JOIN dossier d ON d.id = p.dossier_id "
        "WHERE p.due_on < ? AND p.paid_on IS NULL AND p.removed_at IS NULL AND d.removed_at IS NULL "
        "AND d.state <> 'clos' ORDER BY p.due_on, p.id",
        (today.isoformat(),),
    )
    return tuple((dossier, PaymentLine(id, date.fromisoformat(due), cents)) for dossier, id, due, cents in rows)


def proposed_won(money: Money) -> int | None:
    """What to offer at closing: the helps obtained; None while none was, for a remission is the mediator's to say."""
    return money.obtained or None


def won(start: date, end: date) -> int:
    """What mediation won for people in the dossiers closed between two days, both included, in cents."""
    return store.rows(
        "SELECT coalesce(sum(won), 0) FROM dossier WHERE closed_on BETWEEN ? AND ? AND removed_at IS NULL",
        (start.isoformat(), end.isoformat()),
    )[0][0]
