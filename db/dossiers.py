"""Partner dossiers: opened from a visit, followed up, closed; the record itself."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta

from db import (
    delays,
    drafts,
    journal,
    lists,
    mandates,
    partners,
    paths,
    preferences,
    reminders,
    steps,
    store,
    team,
    timeline,
)
from db.ids import now
from db.schema import Demand, Dossier, Person, Reminder, Visit
from db.schema import Draft as DraftRow
from desktop import french

CLOSED = "clos"
STATES = {"ouvert": "Ouvert", "attente_usager": "Attente usager", "attente_partenaire": "Attente partenaire",
          "relance": "Relancé", "proposition": "Proposition reçue", "accord": "Accord en cours", CLOSED: "Clos"}  # fmt: skip
CONSENTS = {"oral": "Accord oral", "ecrit": "Accord écrit"}
IN_NAME = ("appel", "courrier")
"""Events that are done in the person's name when she is not there."""
_AFTER_ANSWER = {"accord": "accord", "proposition": "proposition", "pieces": "attente_usager"}
_WAITING = ("ouvert", "attente_usager", "proposition", "accord")


@dataclass(frozen=True)
class Draft:
    """A dossier as typed; `amount_due` in cents; without a path, that of its partner and kind."""

    person: str | None = None
    partner: str = ""
    kind: str = ""
    reference: str = ""
    subject: str = ""
    amount_due: int | None = None
    consent: str = "oral"
    visit: str | None = None
    urgency: str = "normale"
    urgent_on: date | None = None
    referent: str = ""
    protected: tuple[str, ...] = ()
    notified_on: date | None = None
    notice: str = ""
    path: str = ""
    confidential: bool = False
    other_party: str = ""


@dataclass(frozen=True)
class Sheet:
    """A dossier on the screen, with its planned step and what was being typed in it.

    `hidden`: confidential, for others than who reads it now; only its partner, its state and its dates are told.
    """

    id: str
    number: str
    person: str
    person_name: str
    partner: str
    partner_name: str
    kind: str
    reference: str
    subject: str
    amount_due: int | None
    state: str
    opened_on: date
    closed_on: date | None
    result: str
    last_name: str = ""
    consent: str = "oral"
    reminder: str | None = None
    next_on: date | None = None
    next_at: str = ""
    next_label: str = ""
    typed: dict = field(default_factory=dict, hash=False)
    visit: str | None = None
    urgency: str = "normale"
    urgent_on: date | None = None
    referent: str = ""
    referent_name: str = ""
    protected: tuple[str, ...] = ()
    notified_on: date | None = None
    notice: str = ""
    path: str = ""
    confidential: bool = False
    hidden: bool = False
    won: int | None = None
    useful: str = ""
    closing_reason: str = ""
    other_party: str = ""


@dataclass(frozen=True)
class Proposal:
    """The open day to follow up on, in a word; `reason`: what it must not miss; `last`: the soonest such date."""

    day: date
    word: str
    delay: delays.Delay
    last: date | None = None
    reason: str = ""


def problems(draft: Draft, today: date | None = None) -> dict[str, str]:
    """Say what is wrong, field by field; empty means the dossier may be opened, or changed."""
    today = today or date.today()
    found: dict[str, str] = {}
    if draft.person is None:
        found["person"] = "Nommez la personne : un dossier suit quelqu’un. Exemple : Benali."
    if not draft.partner:
        found["partner"] = "Choisissez le partenaire. Exemple : EDF."
    if len(draft.reference) > 40:
        found["reference"] = (
            f"La référence a {french.counted(len(draft.reference) - 40, 'signe')} de trop (40 au plus)."
        )
    elif problem := partners.reference_problem(draft.partner, draft.reference):
        found["reference"] = problem
    if not draft.subject.strip():
        found["subject"] = "Dites l’objet en une ligne. Exemple : coupure annoncée le 30/11."
    elif len(draft.subject) > 120:
        found["subject"] = f"L’objet a {french.counted(len(draft.subject) - 120, 'signe')} de trop (120 au plus)."
    if draft.amount_due is not None and draft.amount_due < 0:
        found["amount_due"] = "Écrivez un montant en euros. Exemple : 412,60."
    if draft.urgency == "coupure" and draft.urgent_on is None:
        found["urgent_on"] = "Donnez le jour de la coupure ou de l’échéance. Exemple : 30/11."
    elif draft.urgent_on and abs(draft.urgent_on - today) > timedelta(days=731):
        found["urgent_on"] = "Cette date est trop lointaine : vérifiez l’année."
    if draft.notified_on and draft.notified_on > today:
        found["notified_on"] = f"Ce jour n’est pas encore venu. Exemple : {french.short_date(today)}."
    elif draft.notified_on and today - draft.notified_on > timedelta(days=3653):
        found["notified_on"] = "Cette date a plus de dix ans : vérifiez l’année."
    if len(draft.other_party) > 120:
        found["other_party"] = f"Il y a {french.counted(len(draft.other_party) - 120, 'signe')} de trop (120 au plus)."
    return found


def guess(visit: str) -> Draft:
    """The dossier a visit calls for: its person, the partner and kind of its demand not yet followed."""
    row = Visit.get_by_id(visit)
    demand = _unfollowed(visit) or (
        Demand.select().where(Demand.visit == visit, Demand.removed_at.is_null()).order_by(Demand.position).first()
    )
    if demand is None:
        return Draft(person=row.person_id, visit=visit)
    partner = _partner(demand)
    theme = lists.themes().get(demand.theme)
    subject = theme.subthemes.get(demand.subtheme, theme.label) if theme else ""
    return Draft(person=row.person_id, partner=partner, kind=_kind(partner, subject), subject=subject, visit=visit)


def _partner(demand: Demand) -> str:
    """The organism named, else the first whose themes hold this sub-theme, this theme, or whose families do."""
    known = partners.partners()
    if demand.organism in [partner.code for partner in known]:
        return demand.organism
    detailed = f"{demand.theme}.{demand.subtheme}"
    own = [p for p in known if detailed in p.themes] or [p for p in known if demand.theme in p.themes]
    own = own or [p for p in known if demand.family in p.families]
    return own[0].code if own else ""


def _unfollowed(visit: str, families: Iterable[int] = ()) -> Demand | None:
    """The first demand that asks for a dossier and has none, of these families if there is one."""
    rows = Demand.select().where(
        Demand.visit == visit, Demand.outcome == "dossier", Demand.dossier.is_null(), Demand.removed_at.is_null()
    )
    demands = list(rows.order_by(Demand.position))
    return next((d for d in demands if d.family in families), demands[0] if demands else None)


def of_visit(visit: str) -> str | None:
    """The dossier already opened for everything this visit asked, if so."""
    if _unfollowed(visit) is not None:
        return None
    row = (
        Dossier.select(Dossier.id)
        .where(Dossier.visit == visit, Dossier.removed_at.is_null())
        .order_by(Dossier.id.desc())
        .first()
    )
    return row and row.id


def _kind(partner: str, subject: str) -> str:
    """The partner's kind that shares a word with the subject, else its first."""
    if not partner:
        return ""
    words = {word for word in french.fold(subject).split() if len(word) > 3}
    kinds = lists.dossier_kinds(partner)
    return max(kinds, key=lambda kind: len(words & set(french.fold(kind).split())))


def open_dossier(draft: Draft, today: date) -> str:
    """Open it, with its first event, its path, and a reminder before what threatens; the dossier's id."""
    partner = lists.value("partner", draft.partner)
    count = Dossier.select().where(Dossier.opened_on >= date(today.year, 1, 1), Dossier.desk == store.desk()).count()
    number = f"{store.desk()}-{today.year}-{count + 1:04}"
    fields = asdict(draft) | {"path": _path(draft), "referent": draft.referent or store.mediator()}
    with store.act(f"Dossier {partner.label} ouvert"):
        id = store.insert(Dossier, number=number, opened_on=today, **fields)
        timeline.tell(id, "ouverture", "Dossier ouvert au guichet")
        store.insert(Reminder, dossier=id, label=f"Relancer {partner.label}", due_on=proposal(sheet(id), today).day)
        demand = draft.visit and _unfollowed(draft.visit, partner.extra.get("families", ()))
        if demand:
            store.update(Demand, demand.id, dossier=id)
        store.update(Person, draft.person, last_contact_on=today)
        drafts.forget(f"dossier:{draft.visit or 'new'}")
        journal.write("dossier.ouvert", id)
    return id


def _path(draft: Draft) -> str:
    if draft.path:
        return draft.path
    found = paths.suggest(draft.partner, draft.kind)
    return found[0].code if found else ""


def proposal(sheet: Sheet, today: date, kept: date | None = None, *, answered: bool = False) -> Proposal:
    """When to follow up: at the partner's usual delay, or on the day `kept`; before a last date that comes sooner.

    `answered`: as it will be once an answer of today is noted.
    """
    calendar, delay = preferences.calendar(), delays.of_partner(sheet.partner)
    usual = kept or calendar.next(today + timedelta(days=delay.days))
    pressing = [(day, "le dernier jour") for day in steps.last_days(sheet.id, calendar, today, answered=answered)]
    pressing += [(sheet.urgent_on, "l’échéance")] if sheet.urgent_on and sheet.urgent_on >= today else []
    last, what = min(pressing, default=(None, ""))
    if last is None or last > usual:
        return Proposal(usual, "Garder" if kept else french.counted(delay.days, "jour"), delay, last)
    day = max(calendar.previous(last - timedelta(days=1)), calendar.next(today))
    reason = f"Avant {what} du" if day < last else "Date à tenir :"
    return Proposal(day, "Proposé", delay, last, f"{reason} {french.day_in_words(last)}")


def draft_of(id: str) -> Draft:
    """A dossier as it could be typed again, to correct it."""
    row = Dossier.get_by_id(id)
    found = {name: getattr(row, name) for name in Draft.__dataclass_fields__ if name not in ("person", "visit")}
    return Draft(person=row.person_id, visit=row.visit_id, **found | {"protected": tuple(row.protected)})


def change(id: str, draft: Draft) -> None:
    """Correct a dossier; another partner or kind takes its own path, and the steps taken stay."""
    before = draft_of(id)
    fields = asdict(draft)
    del fields["visit"]
    if (draft.partner, draft.kind) != (before.partner, before.kind) and draft.path == before.path:
        fields["path"] = _path(replace(draft, path=""))
    with store.act("Dossier corrigé"):
        store.update(Dossier, id, **fields)
        journal.write("dossier.corrige", id)


_SHEET = f"""
SELECT d.id, d.number, d.person_id, trim(p.last_name || ' ' || p.first_name), d.partner, d.kind, d.reference, d.subject,
       d.amount_due, d.state, d.opened_on, d.closed_on, d.result, p.last_name, d.consent, r.id, r.due_on,
       coalesce(r.due_at, ''), coalesce(r.label, ''), t.body, d.visit_id, d.urgency, d.urgent_on, d.referent,
       coalesce(m.name, ''), d.protected, d.notified_on, d.notice, d.path, d.confidential, NOT {team.VISIBLE},
       d.won, d.useful, d.closing_reason, d.other_party
FROM dossier d JOIN person p ON p.id = d.person_id LEFT JOIN draft t ON t.name = 'dossier:' || d.id
LEFT JOIN mediator m ON m.id = d.referent {reminders.NEXT}
WHERE d.id = ?2
"""


def sheet(id: str) -> Sheet:
    """One dossier, in one query; that somebody read it is told by `timeline.mark_read`."""
    found = store.rows(_SHEET, (store.mediator(), id))
    if not found:
        raise LookupError(id)
    (id, number, person, name, partner, kind, reference, subject, amount, state, opened, closed, result, last, consent,
     reminder_id, due, due_at, label, typed, visit, urgency, urgent, referent, referent_name, protected, notified,
     notice, path, confidential, hidden, won, useful, reason, other) = found[0]  # fmt: skip
    if hidden:
        return Sheet(
            id, number, "", team.HIDDEN, partner, lists.label("partner", partner), "", "", "", None, state,
            date.fromisoformat(opened), store.day(closed), result, team.HIDDEN, "", reminder_id, store.day(due), due_at,
            label, urgency=urgency, urgent_on=store.day(urgent), referent=referent, referent_name=referent_name,
            confidential=True, hidden=True,
        )  # fmt: skip
    return Sheet(
        id, number, person, name, partner, lists.label("partner", partner), kind, reference, subject, amount, state,
        date.fromisoformat(opened), store.day(closed), result, last, consent, reminder_id, store.day(due), due_at,
        label, DraftRow.body.python_value(typed) or {}, visit, urgency, store.day(urgent), referent, referent_name,
        tuple(Dossier.protected.python_value(protected)), store.day(notified), notice, path, bool(confidential), False,
        won, useful, reason, other,
    )  # fmt: skip


def state_after(kind: str, answer: str, state: str) -> str:
    """Where an event leaves the dossier; `answer` is one of `timeline.QUICK`, or nothing."""
    if kind in ("appel", "courrier"):
        return "attente_partenaire" if state in _WAITING else "relance"
    if kind == "reponse":
        return _AFTER_ANSWER.get(answer, "ouvert")
    return state


def log(id: str, kind: str, summary: str, due_on: date, answer: str = "", *, present: bool = False) -> date:
    """An event and the date of the next reminder, in one act; the open day the reminder falls on.

    `present`: the person is there and decides. Without her, Blocked is raised once her mandate was revoked or has ended.
    """
    if kind in IN_NAME and not present and (reason := mandates.contact_blocked(id, date.today())):
        raise mandates.Blocked(reason)
    row = Dossier.get_by_id(id)
    day = preferences.next_open_day(due_on)
    done = {"appel": "Appel noté", "reponse": "Réponse notée"}.get(kind, "Note ajoutée")
    with store.act(f"{done}, relance {french.DAYS[day.weekday()]} {french.day_and_month(day)}"):
        timeline.tell(id, kind, summary.strip())
        store.update(Dossier, id, state=state_after(kind, answer, row.state))
        reminders.plan(id, day, met=kind != "note")
        drafts.forget(f"dossier:{id}")
    return day


def closing_problems(result: str, useful: str = "", won: int | None = None, reason: str = "") -> dict[str, str]:
    """Say what is wrong in a closing, field by field."""
    found: dict[str, str] = {}
    if result not in {value.code for value in lists.values("result")}:
        found["result"] = "Choisissez le résultat. Exemple : résolu."
    if useful and useful not in {value.code for value in lists.values("useful")}:
        found["useful"] = "Choisissez une réponse. Exemple : oui."
    if won is not None and won < 0:
        found["won"] = "Écrivez la somme gagnée en euros, ou laissez vide. Exemple : 150."
    if len(reason) > 280:
        found["reason"] = f"Le motif a {french.counted(len(reason) - 280, 'signe')} de trop (280 au plus)."
    return found


def close(id: str, result: str, today: date, *, useful: str = "", won: int | None = None, reason: str = "") -> None:
    """End it: its result, whether it was of use, what the person won in cents, and why."""
    summary = f"Dossier clos : {lists.label('result', result).casefold()}"
    told = summary + (f", {french.euros(won)} obtenus" if won else "")
    with store.act(summary):
        store.update(
            Dossier, id, state=CLOSED, result=result, closed_on=today, useful=useful, won=won,
            closing_reason=reason.strip(),
        )  # fmt: skip
        timeline.tell(id, "cloture", told)
        for row in Reminder.select().where(Reminder.dossier == id, Reminder.done_at.is_null()):
            store.update(Reminder, row.id, done_at=now())
        journal.write("dossier.clos", id)


def reopen(id: str, today: date) -> None:
    """Open it again, with a reminder: an open dossier always has a deadline, and no result."""
    with store.act("Dossier rouvert"):
        store.update(Dossier, id, state="ouvert", result="", closed_on=None, useful="", won=None, closing_reason="")
        timeline.tell(id, "ouverture", "Dossier rouvert")
        reminders.plan(id, proposal(sheet(id), today).day, met=True)
        journal.write("dossier.rouvert", id)
