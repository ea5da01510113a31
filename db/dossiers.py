"""Partner dossiers: opened from a visit, followed to their end."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from db import journal, lists, preferences, store
from db.ids import now
from db.schema import Demand, Dossier, DossierEvent, Person, Reminder

CLOSED = "clos"
STATES = {"ouvert": "Ouvert", "attente_usager": "Attente usager", "attente_partenaire": "Attente partenaire",
          "relance": "Relancé", "proposition": "Proposition reçue", "accord": "Accord en cours", CLOSED: "Clos"}  # fmt: skip
SECTIONS = ("À relancer", "Cette semaine", "En attente d’une réponse", "Clos")


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


@dataclass(frozen=True)
class Sheet:
    """A dossier on the screen."""

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


@dataclass(frozen=True)
class Event:
    at: datetime
    kind: str
    summary: str


def problems(draft: Draft) -> dict[str, str]:
    found: dict[str, str] = {}
    if draft.person is None:
        found["person"] = "Nommez la personne : un dossier suit quelqu’un. Exemple : Benali."
    if not draft.partner:
        found["partner"] = "Choisissez le partenaire. Exemple : EDF."
    if not draft.subject.strip():
        found["subject"] = "Dites l’objet en une ligne. Exemple : coupure annoncée le 30/11."
    elif len(draft.subject) > 120:
        found["subject"] = f"L’objet a {len(draft.subject) - 120} signes de trop (120 au plus)."
    return found


def open_dossier(draft: Draft, today: date) -> str:
    """Open it, with its first event and a reminder at the partner's usual answer delay; the dossier's id."""
    partner = lists.value("partner", draft.partner)
    delay = partner.extra.get("answer_days", 10)
    count = Dossier.select().where(Dossier.opened_on >= date(today.year, 1, 1), Dossier.desk == store.desk()).count()
    number = f"{store.desk()}-{today.year}-{count + 1:04}"
    with store.act(f"Dossier {partner.label} ouvert"):
        id = store.insert(Dossier, number=number, opened_on=today, **asdict(draft))
        store.insert(DossierEvent, dossier=id, at=now(), kind="ouverture", summary="Dossier ouvert au guichet")
        store.insert(
            Reminder, dossier=id, label=f"Relancer {partner.label}",
            due_on=preferences.next_open_day(today + timedelta(days=delay)),
        )  # fmt: skip
        if draft.visit:
            for demand in Demand.select().where(Demand.visit == draft.visit, Demand.outcome == "dossier"):
                store.update(Demand, demand.id, dossier=id)
        store.update(Person, draft.person, last_contact_on=today)
        journal.write("dossier.ouvert", id)
    return id


def sheet(id: str) -> Sheet:
    row = Dossier.get_by_id(id)
    name = f"{row.person.last_name} {row.person.first_name}".strip()
    return Sheet(
        row.id, row.number, row.person_id, name, row.partner, lists.label("partner", row.partner), row.kind,
        row.reference, row.subject, row.amount_due, row.state, row.opened_on, row.closed_on, row.result,
    )  # fmt: skip


def events(id: str) -> tuple[Event, ...]:
    """The timeline, the newest first."""
    rows = DossierEvent.select().where(DossierEvent.dossier == id, DossierEvent.removed_at.is_null())
    return tuple(Event(row.at, row.kind, row.summary) for row in rows.order_by(DossierEvent.at.desc()))


def reminder(id: str) -> Reminder | None:
    return (
        Reminder.select(Reminder.id, Reminder.due_on, Reminder.due_at, Reminder.label)
        .where(Reminder.dossier == id, Reminder.done_at.is_null(), Reminder.removed_at.is_null())
        .order_by(Reminder.due_on)
        .namedtuples()
        .first()
    )


_LINES = """
SELECT d.id, d.person_id, trim(p.last_name || ' ' || p.first_name), d.partner, d.kind, d.state,
       r.due_on, coalesce(r.due_at, ''), r.id
FROM dossier d JOIN person p ON p.id = d.person_id
LEFT JOIN reminder r ON r.id = (
    SELECT id FROM reminder WHERE dossier_id = d.id AND done_at IS NULL AND removed_at IS NULL ORDER BY due_on LIMIT 1)
WHERE d.removed_at IS NULL AND (d.state <> 'clos' OR d.closed_on >= ?)
ORDER BY r.due_on IS NULL, r.due_on, p.last_name
"""


def lines(today: date) -> tuple[Line, ...]:
    """Open dossiers by deadline, then those closed in the last 30 days. One query."""
    found = []
    for row in store.rows(_LINES, ((today - timedelta(days=30)).isoformat(),)):
        id, person, name, partner, kind, state, due_on, due_at, reminder_id = row
        due = due_on and date.fromisoformat(due_on)
        if state == CLOSED:
            section = SECTIONS[3]
        elif due and due <= today:
            section = SECTIONS[0]
        elif due and due <= today + timedelta(days=7):
            section = SECTIONS[1]
        else:
            section = SECTIONS[2]
        found.append(
            Line(id, person, name, lists.label("partner", partner), kind, state, section, due, due_at, reminder_id)
        )
    return tuple(sorted(found, key=lambda line: SECTIONS.index(line.section)))


def add_event(id: str, kind: str, summary: str, state: str | None = None) -> None:
    """A call, a letter, an answer or a note on the timeline; `state` moves the dossier on."""
    label = {"appel": "Appel noté", "courrier": "Courrier noté", "reponse": "Réponse notée"}.get(kind, "Note ajoutée")
    with store.act(label):
        store.insert(DossierEvent, dossier=id, at=now(), kind=kind, summary=summary)
        if state:
            store.update(Dossier, id, state=state)


def close(id: str, result: str, today: date) -> None:
    with store.act(f"Dossier clos : {lists.label('result', result).casefold()}"):
        store.update(Dossier, id, state=CLOSED, result=result, closed_on=today)
        summary = f"Dossier clos : {lists.label('result', result).casefold()}"
        store.insert(DossierEvent, dossier=id, at=now(), kind="cloture", summary=summary)
        for row in Reminder.select().where(Reminder.dossier == id, Reminder.done_at.is_null()):
            store.update(Reminder, row.id, done_at=now())
        journal.write("dossier.clos", id)


def reopen(id: str) -> None:
    with store.act("Dossier rouvert"):
        store.update(Dossier, id, state="ouvert", result="", closed_on=None)
        store.insert(DossierEvent, dossier=id, at=now(), kind="ouverture", summary="Dossier rouvert")


def search(text: str, limit: int = 5) -> tuple[Line, ...]:
    """Dossiers whose person, partner or reference contains the text."""
    from desktop.french import fold

    wanted = fold(text)
    if not wanted:
        return ()
    references = {row.id: row.reference for row in Dossier.select(Dossier.id, Dossier.reference)}
    return tuple(
        line for line in lines(date.today())
        if wanted in fold(f"{line.person_name} {line.partner} {line.kind} {references.get(line.id, '')}")
    )[:limit]  # fmt: skip
