"""Visits: the queue, the visit being taken, its demands, and the journal of the day."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta

from peewee import fn

from db import drafts, journal, lists, store
from db.ids import now
from db.schema import Demand as DemandRow
from db.schema import Person, Reminder, Visit

AMBER, RED = timedelta(minutes=10), timedelta(minutes=15)
FORGOTTEN = timedelta(minutes=45)


@dataclass(frozen=True)
class Demand:
    """One thing asked, as typed; None or "" means not answered yet."""

    family: int | None = None
    theme: str = ""
    subtheme: str = ""
    nature: str = ""
    organism: str = ""
    online: bool = False
    autonomy: str = ""
    minutes: int | None = None
    outcome: str = ""
    follow_up: date | None = None
    referred_to: str = ""
    note: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.family and self.theme and self.nature and self.outcome)

    @property
    def empty(self) -> bool:
        return self == Demand(family=self.family)


@dataclass(frozen=True)
class Profile:
    """Anonymous facts, asked at most once a visit; « NC » = non communiqué."""

    gender: str = "NC"
    age: str = "NC"
    status: str = "NC"
    town: str = ""
    priority_area: str = "NC"
    written_french: str = "NC"


@dataclass(frozen=True)
class Draft:
    """A visit as typed."""

    visit: str | None = None
    number: int | None = None
    person: str | None = None
    person_text: str = ""
    channel: str = "sans_rdv"
    referred_by: str = "NC"
    seen_before: str = "NC"
    arrived_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    demands: tuple[Demand, ...] = (Demand(),)
    profile: Profile | None = None
    late: bool = False
    entry_seconds: int | None = None
    correcting: bool = False


@dataclass(frozen=True)
class Arrival:
    """Who comes in, at the shared entrance: three keys."""

    family: int | None = None
    urgency: str = "normal"
    needs: tuple[str, ...] = ()
    label: str = ""
    person: str | None = None
    triage: str = "accueil"
    structure: str = ""
    appointment_at: datetime | None = None
    channel: str = "sans_rdv"


@dataclass(frozen=True)
class Ticket:
    """One line of the queue."""

    id: str
    number: int
    state: str
    label: str
    family: int | None
    urgency: str
    needs: tuple[str, ...]
    triage: str
    arrived_at: datetime
    appointment_at: datetime | None
    started_at: datetime | None
    moved_reason: str
    calls: int


@dataclass(frozen=True)
class Line:
    """One visit of the journal."""

    id: str
    number: int
    day: date
    state: str
    arrived_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    person: str | None
    name: str
    demands: int
    theme: str
    subtheme: str
    nature: str
    outcome: str
    redirected_to: str
    cursor: str = field(default="")


def problems(draft: Draft, moment: datetime) -> dict[str, str]:
    """Say what is wrong, field by field; empty means the visit may be recorded."""
    found: dict[str, str] = {}
    demands = [d for d in draft.demands if d != Demand()] or list(draft.demands[:1])
    for demand in demands:
        for name, sentence in (
            ("family", "Choisissez un motif, de 1 à 9."),
            ("theme", "Choisissez une précision."),
            ("nature", "Dites ce qui a été fait."),
            ("outcome", "Choisissez la suite."),
        ):
            if not getattr(demand, name):
                found.setdefault(name, sentence)
        if demand.outcome == "a_suivre" and demand.follow_up is None:
            found.setdefault("follow_up", "Donnez la date de suite. Exemple : 30/11.")
        if demand.follow_up and demand.follow_up < moment.date() and not draft.correcting:
            found.setdefault("follow_up", "Cette date est passée. Exemple : demain.")
        if len(demand.note) > 280:
            found.setdefault("note", f"La note a {len(demand.note) - 280} signes de trop (280 au plus).")
    if draft.arrived_at and draft.arrived_at > moment + timedelta(minutes=1):
        found["arrived_at"] = "L’heure d’arrivée est dans le futur."
    if draft.started_at and draft.ended_at and draft.ended_at < draft.started_at:
        found["ended_at"] = "La fin est avant le début."
    return found


def next_number(day: date) -> int:
    highest = Visit.select(fn.MAX(Visit.number)).where(Visit.day == day, Visit.desk == store.desk()).scalar()
    return (highest or 0) + 1


def arrive(arrival: Arrival, moment: datetime | None = None) -> str:
    """Put somebody in the queue, or note where they were sent; the visit's id."""
    moment = moment or now()
    state = "redirected" if arrival.structure else "left" if arrival.triage == "reparti" else "waiting"
    number = next_number(moment.astimezone().date())
    what = {"waiting": "ajouté à la file", "redirected": "orienté", "left": "noté comme reparti"}[state]
    with store.act(f"N° {number} {what}"):
        return store.insert(
            Visit,
            number=number,
            day=moment.astimezone().date(),
            state=state,
            arrived_at=moment,
            ended_at=None if state == "waiting" else moment,
            triage="exterieur" if arrival.structure else arrival.triage,
            redirected_to=arrival.structure,
            family=arrival.family,
            urgency=arrival.urgency,
            needs=list(arrival.needs),
            label=arrival.label,
            person=arrival.person,
            appointment_at=arrival.appointment_at,
            channel="rdv" if arrival.urgency == "rendez_vous" else arrival.channel,
        )


_URGENCY = {"fragile": 0, "normal": 1}


def queue() -> tuple[Ticket, ...]:
    """Who waits, in the order they are called: moved up (the last first), appointment, fragile, arrival."""

    def rank(pair: tuple[datetime | None, Ticket]) -> tuple:
        moved_before, ticket = pair
        return (
            -moved_before.timestamp() if moved_before else 0,
            ticket.appointment_at is None and ticket.urgency != "rendez_vous",
            _URGENCY.get(ticket.urgency, 1),
            ticket.appointment_at or ticket.arrived_at,
        )

    return tuple(ticket for _, ticket in sorted(_tickets("waiting"), key=rank))


def open_visits() -> tuple[Ticket, ...]:
    """Visits taken and not yet recorded, the oldest first."""
    return tuple(sorted((ticket for _, ticket in _tickets("open")), key=lambda ticket: ticket.started_at))


_TICKETS = """
SELECT v.moved_before, v.id, v.number, v.state,
       coalesce(nullif(v.label, ''), trim(p.last_name || ' ' || p.first_name), ''), v.family, v.urgency, v.needs,
       v.triage, v.arrived_at, v.appointment_at, v.started_at, v.moved_reason, v.calls
FROM visit v LEFT JOIN person p ON p.id = v.person_id WHERE v.state = ? AND v.removed_at IS NULL
"""


def _tickets(state: str) -> list[tuple[datetime | None, Ticket]]:
    """Each with the moment it was moved up, if it was."""
    return [
        (
            store.instant(moved),
            Ticket(
                id, number, state, label, family, urgency, tuple(Visit.needs.python_value(needs)), triage,
                store.instant(arrived), store.instant(appointment), store.instant(started), reason, calls,
            ),
        )
        for moved, id, number, state, label, family, urgency, needs, triage, arrived, appointment, started, reason, calls
        in store.rows(_TICKETS, (state,))
    ]  # fmt: skip


def waiting_level(ticket: Ticket, moment: datetime) -> str:
    """« calm » under 10 minutes, « amber » to 15, « red » beyond."""
    waited = moment - ticket.arrived_at
    return "red" if waited > RED else "amber" if waited >= AMBER else "calm"


def call(id: str) -> None:
    """Call somebody: their visit starts, their number goes on the board."""
    row = Visit.get_by_id(id)
    with store.act(f"N° {row.number} appelé"):
        store.update(Visit, id, state="open", started_at=row.started_at or now(), calls=row.calls + 1, called_at=now())


def recall(id: str) -> None:
    """Call the same number again, because nobody came."""
    row = Visit.get_by_id(id)
    with store.act(f"N° {row.number} rappelé"):
        store.update(Visit, id, calls=row.calls + 1, called_at=now())


def called(limit: int = 4) -> tuple[int, ...]:
    """The last called numbers, newest first: all that the public board shows."""
    rows = Visit.select(Visit.number).where(Visit.called_at.is_null(False), Visit.day == date.today())
    return tuple(row.number for row in rows.order_by(Visit.called_at.desc()).limit(limit))


def walk_in(moment: datetime | None = None) -> str:
    """Somebody received at once, without the queue."""
    moment = moment or now()
    number = next_number(moment.astimezone().date())
    with store.act(f"Visite n° {number} commencée"):
        return store.insert(
            Visit, number=number, day=moment.astimezone().date(), state="open", arrived_at=moment, started_at=moment
        )


def leave(id: str) -> None:
    _end(id, "left", "reparti sans attendre", triage="reparti")


def redirect(id: str, structure: str) -> None:
    _end(id, "redirected", "orienté", triage="exterieur", redirected_to=structure)


def _end(id: str, state: str, what: str, **fields: object) -> None:
    row = Visit.get_by_id(id)
    with store.act(f"N° {row.number} {what}"):
        store.update(Visit, id, state=state, ended_at=now(), label="", **fields)


def back_to_queue(id: str) -> None:
    row = Visit.get_by_id(id)
    with store.act(f"N° {row.number} remis dans la file"):
        store.update(Visit, id, state="waiting", started_at=None, ended_at=None, redirected_to="", triage="accueil")


def move_up(id: str, reason: str) -> None:
    """Call this one first; the reason is kept."""
    row = Visit.get_by_id(id)
    with store.act(f"N° {row.number} passe devant"):
        store.update(Visit, id, moved_before=now(), moved_reason=reason)


def load(id: str) -> Draft:
    """A visit as a draft: what its ticket already says, or all of it when it is corrected."""
    row = Visit.get_by_id(id)
    demands = tuple(
        Demand(**{name: getattr(found, name) for name in Demand.__dataclass_fields__ if name != "follow_up"},
               follow_up=_follow_up(id, found.position))
        for found in row.demands.where(DemandRow.removed_at.is_null()).order_by(DemandRow.position)
    )  # fmt: skip
    profile = Profile(row.gender, row.age, row.status, row.town, row.priority_area, row.written_french)
    return Draft(
        visit=id,
        number=row.number,
        person=row.person_id,
        person_text="" if row.person_id else row.label,
        channel=row.channel,
        referred_by=row.referred_by,
        seen_before=row.seen_before,
        arrived_at=row.arrived_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        demands=demands or (Demand(family=row.family),),
        profile=profile if row.profile_asked else None,
        late=row.late,
        entry_seconds=row.entry_seconds,
        correcting=row.state == "recorded",
    )


def _follow_up(visit: str, position: int) -> date | None:
    found = Reminder.get_or_none(
        Reminder.visit == visit, Reminder.detail == str(position), Reminder.removed_at.is_null()
    )
    return found and found.due_on


def minutes_for(elapsed: timedelta) -> int:
    """The list's duration nearest to the clock: 5, 10, 15, 30, 45, 60, 90 or 120 minutes."""
    minutes = elapsed.total_seconds() / 60
    return min(lists.MINUTES, key=lambda step: abs(step - minutes))


def record(draft: Draft, moment: datetime | None = None) -> str:
    """Record the visit and its demands, or correct them; the visit's id. `problems` must be empty."""
    moment = moment or now()
    demands = tuple(d for d in draft.demands if d != Demand())
    started = draft.started_at or draft.arrived_at or moment
    number = draft.number or next_number(started.astimezone().date())
    verb = "corrigée" if draft.correcting else "enregistrée"
    took = f" en {draft.entry_seconds} s" if draft.entry_seconds is not None and not draft.correcting else ""
    fields = {
        "state": "recorded",
        "person": draft.person,
        "label": "",
        "channel": draft.channel,
        "referred_by": draft.referred_by,
        "seen_before": draft.seen_before,
        "arrived_at": draft.arrived_at or started,
        "started_at": started,
        "ended_at": draft.ended_at or moment,
        "family": demands[0].family,
        "late": draft.late,
        "entry_seconds": draft.entry_seconds,
        "profile_asked": draft.profile is not None,
        **asdict(draft.profile or Profile()),
    }
    with store.act(f"Visite n° {number} {verb}{took}"):
        if draft.visit is None:
            id = store.insert(Visit, number=number, day=started.astimezone().date(), **fields)
        else:
            id = draft.visit
            store.update(Visit, id, **fields)
        _write_demands(id, demands, started, fields["ended_at"])
        if draft.person:
            latest = max(Person.get_by_id(draft.person).last_contact_on, started.astimezone().date())
            store.update(Person, draft.person, last_contact_on=latest)
        drafts.forget(f"visit:{draft.visit or 'new'}")
        journal.write("visite.corrigee" if draft.correcting else "visite.enregistree", id)
    return id


def _write_demands(visit: str, demands: tuple[Demand, ...], started: datetime, ended: datetime) -> None:
    known = {row.position: row.id for row in DemandRow.select().where(DemandRow.visit == visit)}
    elapsed = (ended - started) / max(1, len(demands))
    for position, demand in enumerate(demands, 1):
        fields = asdict(demand)
        follow_up = fields.pop("follow_up")
        fields["minutes"] = demand.minutes or minutes_for(elapsed)
        if position in known:
            store.update(DemandRow, known.pop(position), removed_at=None, **fields)
        else:
            store.insert(DemandRow, visit=visit, position=position, **fields)
        _write_reminder(visit, position, demand, follow_up)
    for leftover in known.values():
        store.update(DemandRow, leftover, removed_at=now())


def _write_reminder(visit: str, position: int, demand: Demand, due_on: date | None) -> None:
    due_on = due_on if demand.outcome == "a_suivre" else None
    row = Reminder.get_or_none(Reminder.visit == visit, Reminder.detail == str(position))
    label = lists.theme_label(demand.theme, demand.subtheme)
    if row is not None:
        store.update(Reminder, row.id, label=label, due_on=due_on or row.due_on, removed_at=None if due_on else now())
    elif due_on:
        store.insert(Reminder, visit=visit, detail=str(position), label=label, due_on=due_on)


def remove(id: str) -> None:
    """Take a visit off the figures; Ctrl+Z brings it back."""
    row = Visit.get_by_id(id)
    with store.act(f"Visite n° {row.number} effacée"):
        store.update(Visit, id, removed_at=now())
        for demand in row.demands:
            store.update(DemandRow, demand.id, removed_at=now())
        for reminder in Reminder.select(Reminder.id).where(Reminder.visit == id, Reminder.removed_at.is_null()):
            store.update(Reminder, reminder.id, removed_at=now())
        journal.write("visite.effacee", id)


def last_recorded() -> Draft | None:
    """The answers of the mediator's last visit, for « comme la précédente »."""
    row = (
        Visit.select(Visit.id)
        .where(Visit.state == "recorded", Visit.removed_at.is_null(), Visit.mediator == store.mediator())
        .order_by(Visit.changed_at.desc())
        .first()
    )
    if row is None:
        return None
    source = load(row.id)
    return Draft(channel=source.channel, demands=tuple(replace(d, note="", follow_up=None) for d in source.demands))


_PAGE = """
SELECT v.id, v.number, v.day, v.state, v.arrived_at, v.started_at, v.ended_at, v.person_id,
       coalesce(p.last_name || ' ' || p.first_name, ''),
       (SELECT count(*) FROM demand d WHERE d.visit_id = v.id AND d.removed_at IS NULL),
       coalesce(d.theme, ''), coalesce(d.subtheme, ''), coalesce(d.nature, ''), coalesce(d.outcome, ''),
       v.redirected_to, v.day || v.id
FROM visit v
LEFT JOIN person p ON p.id = v.person_id
LEFT JOIN demand d ON d.visit_id = v.id AND d.position = 1 AND d.removed_at IS NULL
WHERE v.removed_at IS NULL AND v.state NOT IN ('waiting', 'open') {more}
ORDER BY {order} LIMIT ?
"""


_NEWEST = "v.day DESC, v.id DESC"


def latest(day: date, limit: int = 6) -> tuple[Line, ...]:
    """The visits of a day that ended last, the last one first."""
    rows = store.rows(_PAGE.format(more="AND v.day = ?", order="v.ended_at DESC"), (day.isoformat(), limit))
    return tuple(_line(row) for row in rows)


def of_person(person: str, limit: int = 50) -> tuple[Line, ...]:
    """A person's visits, the newest first."""
    rows = store.rows(_PAGE.format(more="AND v.person_id = ?", order=_NEWEST), (person, limit))
    return tuple(_line(row) for row in rows)


def page(after: str = "", limit: int = 200, day: date | None = None) -> tuple[Line, ...]:
    """Ended visits, the newest first, the page that follows the cursor `after`."""
    more, values = "", []
    if after:
        more, values = "AND (v.day, v.id) < (?, ?)", [after[:10], after[10:]]
    if day:
        more, values = more + " AND v.day = ?", [*values, day.isoformat()]
    rows = store.rows(_PAGE.format(more=more, order=_NEWEST), (*values, limit))
    return tuple(_line(row) for row in rows)


def _line(row: Iterable) -> Line:
    id, number, day, state, arrived, started, ended, person, name, count, *rest = row
    return Line(
        id, number, date.fromisoformat(day), state, store.instant(arrived), store.instant(started),
        store.instant(ended), person, name.strip(), count, *rest,
    )  # fmt: skip


def keep_draft(draft: Draft) -> None:
    """Keep what is being typed, at once, in the encrypted file."""
    body = asdict(draft)
    for name in ("arrived_at", "started_at", "ended_at"):
        body[name] = body[name] and body[name].isoformat()
    for demand in body["demands"]:
        demand["follow_up"] = demand["follow_up"] and demand["follow_up"].isoformat()
    drafts.keep(f"visit:{draft.visit or 'new'}", body)


def kept_draft(visit: str) -> Draft | None:
    """What was being typed for this visit before a lock or a crash."""
    body = drafts.kept(f"visit:{visit}")
    if not body:
        return None
    for name in ("arrived_at", "started_at", "ended_at"):
        body[name] = store.instant(body[name])
    body["demands"] = tuple(
        Demand(**{**d, "follow_up": d["follow_up"] and date.fromisoformat(d["follow_up"])}) for d in body["demands"]
    )
    body["profile"] = body["profile"] and Profile(**body["profile"])
    return Draft(**body)
