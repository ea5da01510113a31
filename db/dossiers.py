"""Partner dossiers: opened from a visit, followed to their end."""

import statistics
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta

from db import journal, lists, preferences, reminders, store
from db.ids import now
from db.schema import Demand, Dossier, DossierEvent, Person, Reminder, Visit
from db.schema import Draft as DraftRow
from desktop import french

CLOSED = "clos"
STATES = {"ouvert": "Ouvert", "attente_usager": "Attente usager", "attente_partenaire": "Attente partenaire",
          "relance": "Relancé", "proposition": "Proposition reçue", "accord": "Accord en cours", CLOSED: "Clos"}  # fmt: skip
SECTIONS = ("À relancer", "Cette semaine", "En attente d’une réponse", "Clos")
CONSENTS = {"oral": "Accord oral", "ecrit": "Accord écrit"}
QUICK = {
    "appel": {"sans_reponse": "Sans réponse", "message": "Message laissé", "transmis": "Demande transmise",
              "rappelle": "Le partenaire rappelle"},
    "reponse": {"accord": "Accord", "proposition": "Proposition", "pieces": "Pièces demandées", "refus": "Refus"},
}  # fmt: skip
"""Summaries given by one digit, for each kind of event."""
_AFTER_ANSWER = {"accord": "accord", "proposition": "proposition", "pieces": "attente_usager"}
_WAITING = ("ouvert", "attente_usager", "proposition", "accord")
KEPT_CLOSED = timedelta(days=30)
ENOUGH_ANSWERS = 3


@dataclass(frozen=True)
class Draft:
    """A dossier as typed; `amount_due` in cents."""

    person: str | None = None
    partner: str = ""
    kind: str = ""
    reference: str = ""
    subject: str = ""
    amount_due: int | None = None
    consent: str = "oral"
    visit: str | None = None


@dataclass(frozen=True)
class Line:
    id: str
    person: str
    person_name: str
    partner: str
    kind: str
    state: str
    section: str
    next_on: date | None
    next_at: str
    reminder: str | None
    reference: str = ""
    waiting_since: date | None = None
    closed_on: date | None = None
    result: str = ""
    short_name: str = ""


@dataclass(frozen=True)
class Sheet:
    """A dossier on the screen, with its planned step and what was being typed in it."""

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


@dataclass(frozen=True)
class Event:
    at: datetime
    kind: str
    summary: str
    by: str = ""


@dataclass(frozen=True)
class Delay:
    """How long a partner takes to answer; `answers` were measured, 0 when it is only the usual delay."""

    days: int
    answers: int


def problems(draft: Draft) -> dict[str, str]:
    found: dict[str, str] = {}
    if draft.person is None:
        found["person"] = "Nommez la personne : un dossier suit quelqu’un. Exemple : Benali."
    if not draft.partner:
        found["partner"] = "Choisissez le partenaire. Exemple : EDF."
    if len(draft.reference) > 40:
        found["reference"] = (
            f"La référence a {french.counted(len(draft.reference) - 40, 'signe')} de trop (40 au plus)."
        )
    if not draft.subject.strip():
        found["subject"] = "Dites l’objet en une ligne. Exemple : coupure annoncée le 30/11."
    elif len(draft.subject) > 120:
        found["subject"] = f"L’objet a {french.counted(len(draft.subject) - 120, 'signe')} de trop (120 au plus)."
    return found


def event_problem(kind: str, summary: str) -> str:
    """One sentence when the line cannot go on the timeline, else nothing."""
    if kind == "note" and not summary.strip():
        return "Écrivez la note. Exemple : attend un justificatif."
    if len(summary) > 280:
        return f"Le résumé a {french.counted(len(summary) - 280, 'signe')} de trop (280 au plus)."
    return ""


def guess(visit: str) -> Draft:
    """The dossier a visit calls for: its person, the partner and kind of its demand not yet followed."""
    row = Visit.get_by_id(visit)
    demand = _unfollowed(visit) or (
        Demand.select().where(Demand.visit == visit, Demand.removed_at.is_null()).order_by(Demand.position).first()
    )
    if demand is None:
        return Draft(person=row.person_id, visit=visit)
    partners = [v.code for v in lists.values("partner")]
    own = [v.code for v in lists.values("partner") if demand.family in v.extra.get("families", ())]
    partner = demand.organism if demand.organism in partners else (own or [""])[0]
    theme = lists.themes().get(demand.theme)
    subject = theme.subthemes.get(demand.subtheme, theme.label) if theme else ""
    return Draft(person=row.person_id, partner=partner, kind=_kind(partner, subject), subject=subject, visit=visit)


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
    """Open it, with its first event and a reminder at the partner's usual answer delay; the dossier's id."""
    partner = lists.value("partner", draft.partner)
    count = Dossier.select().where(Dossier.opened_on >= date(today.year, 1, 1), Dossier.desk == store.desk()).count()
    number = f"{store.desk()}-{today.year}-{count + 1:04}"
    with store.act(f"Dossier {partner.label} ouvert"):
        id = store.insert(Dossier, number=number, opened_on=today, **asdict(draft))
        store.insert(DossierEvent, dossier=id, at=now(), kind="ouverture", summary="Dossier ouvert au guichet")
        store.insert(
            Reminder, dossier=id, label=f"Relancer {partner.label}",
            due_on=preferences.next_open_day(today + timedelta(days=answer_delay(draft.partner).days)),
        )  # fmt: skip
        demand = draft.visit and _unfollowed(draft.visit, partner.extra.get("families", ()))
        if demand:
            store.update(Demand, demand.id, dossier=id)
        store.update(Person, draft.person, last_contact_on=today)
        forget_draft(draft.visit or "")
        journal.write("dossier.ouvert", id)
    return id


_NEXT = """LEFT JOIN reminder r ON r.id = (
    SELECT id FROM reminder WHERE dossier_id = d.id AND done_at IS NULL AND removed_at IS NULL
    ORDER BY due_on, id LIMIT 1)"""
_SHEET = f"""
SELECT d.id, d.number, d.person_id, trim(p.last_name || ' ' || p.first_name), d.partner, d.kind, d.reference, d.subject,
       d.amount_due, d.state, d.opened_on, d.closed_on, d.result, p.last_name, d.consent, r.id, r.due_on,
       coalesce(r.due_at, ''), coalesce(r.label, ''), t.body
FROM dossier d JOIN person p ON p.id = d.person_id LEFT JOIN draft t ON t.name = 'dossier:' || d.id {_NEXT}
WHERE d.id = ?
"""


def sheet(id: str) -> Sheet:
    """One dossier, in one query."""
    found = store.rows(_SHEET, (id,))
    if not found:
        raise LookupError(id)
    (id, number, person, name, partner, kind, reference, subject, amount, state, opened, closed, result, last, consent,
     reminder_id, due, due_at, label, typed) = found[0]  # fmt: skip
    return Sheet(
        id, number, person, name, partner, lists.label("partner", partner), kind, reference, subject, amount, state,
        date.fromisoformat(opened), _day(closed), result, last, consent, reminder_id, _day(due), due_at, label,
        DraftRow.body.python_value(typed) or {},
    )  # fmt: skip


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_EVENTS = """
SELECT e.at, e.kind, e.summary, coalesce(m.name, '') FROM dossier_event e LEFT JOIN mediator m ON m.id = e.mediator
WHERE e.dossier_id = ? AND e.removed_at IS NULL ORDER BY e.at DESC, e.id DESC
"""


def events(id: str) -> tuple[Event, ...]:
    """The timeline, the newest first."""
    return tuple(Event(store.instant(at), *rest) for at, *rest in store.rows(_EVENTS, (id,)))


def waiting_since(events: Iterable[Event]) -> date | None:
    """The day of the first call or letter that nobody answered yet; `events` newest first."""
    since = None
    for event in events:
        if event.kind == "reponse":
            break
        if event.kind in ("appel", "courrier"):
            since = event.at.astimezone().date()
    return since


def reminder(id: str) -> Reminder | None:
    return (
        Reminder.select(Reminder.id, Reminder.due_on, Reminder.due_at, Reminder.label)
        .where(Reminder.dossier == id, Reminder.done_at.is_null(), Reminder.removed_at.is_null())
        .order_by(Reminder.due_on, Reminder.id)
        .namedtuples()
        .first()
    )


_LINES = f"""
SELECT d.id, d.person_id, trim(p.last_name || ' ' || p.first_name), d.partner, d.kind, d.state,
       r.due_on, coalesce(r.due_at, ''), r.id, d.reference, d.closed_on, d.result,
       (SELECT min(e.at) FROM dossier_event e
        WHERE e.dossier_id = d.id AND e.removed_at IS NULL AND e.kind IN ('ouverture', 'appel', 'courrier')
          AND e.at > coalesce((SELECT max(a.at) FROM dossier_event a
                               WHERE a.dossier_id = d.id AND a.removed_at IS NULL AND a.kind = 'reponse'), '')),
       trim(p.last_name || ' ' || substr(p.first_name, 1, 1))
FROM dossier d JOIN person p ON p.id = d.person_id {_NEXT}
WHERE d.removed_at IS NULL AND (d.state <> 'clos' OR d.closed_on >= ?)
ORDER BY r.due_on IS NULL, r.due_on, r.due_at = '', r.due_at, d.closed_on DESC, p.last_name
"""


def lines(today: date, *, all_closed: bool = False) -> tuple[Line, ...]:
    """Open dossiers by deadline, then those closed in the last 30 days, or ever. One query."""
    oldest = date.min if all_closed else today - KEPT_CLOSED
    found = []
    for row in store.rows(_LINES, (oldest.isoformat(),)):
        id, person, name, partner, kind, state, due_on, due_at, reminder_id, reference, closed, result, since, short = (
            row
        )
        due = _day(due_on)
        if state == CLOSED:
            section = SECTIONS[3]
        elif due and due <= today:
            section = SECTIONS[0]
        elif due and due <= today + timedelta(days=7):
            section = SECTIONS[1]
        else:
            section = SECTIONS[2]
        found.append(
            Line(id, person, name, lists.label("partner", partner), kind, state, section, due, due_at, reminder_id,
                 reference, since and store.instant(since).date(), _day(closed), result,
                 short if short == name else f"{short}.")
        )  # fmt: skip
    return tuple(sorted(found, key=lambda line: SECTIONS.index(line.section)))


def matches(line: Line, text: str) -> bool:
    """The person, the partner, the kind or the client's reference contains each word of the text."""
    names = french.fold(f"{line.person_name} {line.partner} {line.kind}")
    reference = french.fold(line.reference).replace(" ", "")
    wanted = french.fold(text)
    return all(word in names for word in wanted.split()) or wanted.replace(" ", "") in reference


def count_due(today: date) -> int:
    """How many dossiers wait for a reminder today or are late."""
    return store.rows(
        "SELECT count(DISTINCT d.id) FROM reminder r JOIN dossier d ON d.id = r.dossier_id WHERE r.due_on <= ? "
        "AND r.done_at IS NULL AND r.removed_at IS NULL AND d.removed_at IS NULL AND d.state <> 'clos'",
        (today.isoformat(),),
    )[0][0]


def answer_delay(partner: str) -> Delay:
    """The median delay of the answers received, or the usual one while there are fewer than three."""
    rows = store.rows(
        "SELECT julianday(e.at) - julianday((SELECT max(o.at) FROM dossier_event o WHERE o.dossier_id = e.dossier_id "
        "AND o.removed_at IS NULL AND o.kind IN ('ouverture', 'appel', 'courrier') AND o.at < e.at)) "
        "FROM dossier_event e JOIN dossier d ON d.id = e.dossier_id "
        "WHERE d.partner = ? AND e.kind = 'reponse' AND e.removed_at IS NULL AND d.removed_at IS NULL",
        (partner,),
    )
    days = [row[0] for row in rows if row[0] is not None]
    if len(days) < ENOUGH_ANSWERS:
        return Delay(lists.value("partner", partner).extra.get("answer_days", 10), 0)
    return Delay(max(1, round(statistics.median(days))), len(days))


def state_after(kind: str, answer: str, state: str) -> str:
    """Where an event leaves the dossier; `answer` is one of QUICK, or nothing."""
    if kind == "appel":
        return "attente_partenaire" if state in _WAITING else "relance"
    if kind == "reponse":
        return _AFTER_ANSWER.get(answer, "ouvert")
    return state


def add_event(id: str, kind: str, summary: str, state: str | None = None) -> None:
    """A call, a letter, an answer or a note on the timeline; `state` moves the dossier on."""
    label = {"appel": "Appel noté", "courrier": "Courrier noté", "reponse": "Réponse notée"}.get(kind, "Note ajoutée")
    with store.act(label):
        store.insert(DossierEvent, dossier=id, at=now(), kind=kind, summary=summary)
        if state:
            store.update(Dossier, id, state=state)


def log(id: str, kind: str, summary: str, due_on: date, answer: str = "") -> date:
    """An event and the date of the next reminder, in one act; the open day the reminder falls on."""
    row = Dossier.get_by_id(id)
    day = preferences.next_open_day(due_on)
    done = {"appel": "Appel noté", "reponse": "Réponse notée"}.get(kind, "Note ajoutée")
    with store.act(f"{done}, relance {french.DAYS[day.weekday()]} {french.day_and_month(day)}"):
        add_event(id, kind, summary.strip(), state_after(kind, answer, row.state))
        plan(id, day, met=kind != "note")
        forget_draft(id)
    return day


def plan(id: str, day: date, *, met: bool = False) -> None:
    """Move the dossier's reminder to this open day; `met`: the one before was honoured, a new one is written."""
    waiting = reminder(id)
    partner = lists.label("partner", Dossier.get_by_id(id).partner)
    if waiting and not met:
        if waiting.due_on != day:
            reminders.postpone(waiting.id, day)
        return
    with store.act("Relance notée"):
        for row in Reminder.select(Reminder.id).where(
            Reminder.dossier == id, Reminder.done_at.is_null(), Reminder.removed_at.is_null()
        ):
            store.update(Reminder, row.id, done_at=now())
        store.insert(Reminder, dossier=id, label=f"Relancer {partner}", due_on=day)


def close(id: str, result: str, today: date) -> None:
    with store.act(f"Dossier clos : {lists.label('result', result).casefold()}"):
        store.update(Dossier, id, state=CLOSED, result=result, closed_on=today)
        summary = f"Dossier clos : {lists.label('result', result).casefold()}"
        store.insert(DossierEvent, dossier=id, at=now(), kind="cloture", summary=summary)
        for row in Reminder.select().where(Reminder.dossier == id, Reminder.done_at.is_null()):
            store.update(Reminder, row.id, done_at=now())
        journal.write("dossier.clos", id)


def reopen(id: str, today: date) -> None:
    """Open it again, with a reminder: an open dossier always has a deadline."""
    partner = Dossier.get_by_id(id).partner
    with store.act("Dossier rouvert"):
        store.update(Dossier, id, state="ouvert", result="", closed_on=None)
        store.insert(DossierEvent, dossier=id, at=now(), kind="ouverture", summary="Dossier rouvert")
        plan(id, preferences.next_open_day(today + timedelta(days=answer_delay(partner).days)), met=True)
        journal.write("dossier.rouvert", id)


def search(text: str, limit: int = 5) -> tuple[Line, ...]:
    """Dossiers whose person, partner or reference contains the text."""
    if not french.fold(text):
        return ()
    return tuple(line for line in lines(date.today(), all_closed=True) if matches(line, text))[:limit]


def keep_draft(subject: str, values: dict[str, object]) -> None:
    """What is being typed, kept at once; `subject`: a dossier's id, a visit's id, or "" for a new dossier."""
    with store.translated():
        DraftRow.replace(
            name=f"dossier:{subject or 'new'}", mediator=store.mediator(), body=values, changed_at=now()
        ).execute()


def kept_draft(subject: str) -> dict[str, object]:
    row = DraftRow.get_or_none(DraftRow.name == f"dossier:{subject or 'new'}")
    return row.body if row else {}


def forget_draft(subject: str) -> None:
    DraftRow.delete().where(DraftRow.name == f"dossier:{subject or 'new'}").execute()
