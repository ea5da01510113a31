"""A mediation between two people: the other party, the invitation, the meeting, and how it ended."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from db import dossiers, preferences, store, team, timeline
from db.ids import now
from db.schema import Dossier, Meeting, Reminder
from desktop import french

INVITATION = "mediation-invitation"
ENDINGS = {"mediation-accord": "accord", "mediation-non-aboutie": "sans_accord"}
"""The letter that invites; those that tell how a meeting ended."""
OUTCOMES = {"accord": "Accord", "sans_accord": "Sans accord", "absent": "Une personne absente"}
PARTY_MAX = 120
PLACE_MAX = 80


@dataclass(frozen=True)
class Party:
    """The other person of the conflict; her address only when a letter needs it."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True)
class Draft:
    """A meeting as typed."""

    day: date | None = None
    time: tuple[int, int] | None = None
    place: str = ""

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, *self.time).astimezone()


@dataclass(frozen=True)
class Line:
    """`outcome` empty: still to come, or not told; `invitation`: the number of the letter filed."""

    id: str
    dossier: str
    at: datetime
    place: str
    outcome: str
    letter: str | None
    invitation: str = ""
    invited_on: date | None = None

    @property
    def words(self) -> str:
        """« mardi 24 novembre 2026 à 14:00, Maison des habitants »."""
        return f"{french.weekday_date(self.at.date())} à {french.time_of_day(self.at)}, {self.place}"


def other_party(dossier: str) -> Party:
    """Her name is the first line of what the dossier keeps, her address the rest."""
    rows = store.rows(
        f"SELECT d.other_party FROM dossier d WHERE d.id = ?2 AND {team.VISIBLE}", (store.mediator(), dossier)
    )
    name, _, address = (rows[0][0] if rows else "").partition("\n")
    return Party(name, address)


def party_problems(party: Party) -> dict[str, str]:
    found: dict[str, str] = {}
    if not party.name.strip():
        found["name"] = "Nommez l’autre personne. Exemple : Mme Julie Exemple."
    if (over := len(_party(party)) - PARTY_MAX) > 0:
        found["address" if party.address.strip() else "name"] = (
            f"Il y a {french.counted(over, 'signe')} de trop dans le nom et l’adresse ({PARTY_MAX} au plus)."
        )
    return found


def _party(party: Party) -> str:
    lines = (" ".join(line.split()) for line in (party.name, *party.address.split("\n")))
    return "\n".join(line for line in lines if line)


def name_other_party(dossier: str, party: Party) -> None:
    with store.act("Autre personne notée"):
        store.update(Dossier, dossier, other_party=_party(party))


def problems(draft: Draft, party: Party, now: datetime) -> dict[str, str]:
    """Say what is wrong, field by field; empty means the meeting may be planned."""
    found: dict[str, str] = {}
    if wrong := party_problems(party):
        found["party"] = next(iter(wrong.values()))
    if draft.day is None:
        found["day"] = f"Donnez le jour de la rencontre. Exemple : {french.short_date(now.date() + timedelta(days=7))}."
    if draft.time is None:
        found["time"] = "Donnez l’heure. Exemple : 14:30."
    if draft.day and draft.time and draft.at <= now:
        found["day"] = "Ce moment est déjà passé. Donnez un jour à venir."
    elif draft.day and draft.day > now.date() + timedelta(days=366):
        found["day"] = "Cette date est dans plus d’un an : vérifiez l’année."
    if not draft.place.strip():
        found["place"] = "Dites où. Exemple : salle du PIMMS."
    elif len(draft.place) > PLACE_MAX:
        found["place"] = (
            f"Le lieu a {french.counted(len(draft.place) - PLACE_MAX, 'signe')} de trop ({PLACE_MAX} au plus)."
        )
    return found


def warning(draft: Draft) -> str:
    """One sentence when the place is closed then; one may meet elsewhere."""
    if draft.day and draft.time and not preferences.is_open_at(draft.at.replace(tzinfo=None)):
        return f"Le lieu est fermé {french.weekday_date(draft.day)} à {french.time_of_day(draft.at)}."
    return ""


def plan(dossier: str, draft: Draft, today: date, letter: str | None = None) -> str:
    """Plan a meeting, with a reminder on the open day before; the meeting's id, which is also its reminder's."""
    with store.act(f"Rencontre prévue {_when(draft.at)}"):
        id = store.insert(Meeting, dossier=dossier, at=draft.at, place=draft.place.strip(), letter=letter)
        _remind(id, dossier, draft, today)
        timeline.tell(dossier, "rencontre", f"Rencontre prévue {_when(draft.at)}, {draft.place.strip()}")
    return id


def move(meeting: str, draft: Draft, today: date) -> None:
    """Another day, another place: the former reminder goes."""
    row = Meeting.get_by_id(meeting)
    with store.act(f"Rencontre déplacée {_when(draft.at)}"):
        store.update(Meeting, meeting, at=draft.at, place=draft.place.strip(), letter=None)
        Reminder.delete().where(Reminder.id == meeting).execute()
        _remind(meeting, row.dossier_id, draft, today)
        timeline.tell(row.dossier_id, "rencontre", f"Rencontre déplacée {_when(draft.at)}, {draft.place.strip()}")


def cancel(meeting: str) -> None:
    row = Meeting.get_by_id(meeting)
    with store.act("Rencontre annulée"):
        store.update(Meeting, meeting, removed_at=now())
        _reminded(meeting)
        timeline.tell(row.dossier_id, "rencontre", f"Rencontre annulée, elle était prévue {_when(row.at)}")


def invited(meeting: str, letter: str) -> None:
    """The invitation was written: it is this letter."""
    with store.act("Invitation rangée"):
        store.update(Meeting, meeting, letter=letter)


def paper_filed(dossier: str, template: str, letter: str, day: date) -> None:
    """An invitation goes with the next meeting that has none; an agreement, or its want, ends the last one held."""
    untold = [line for line in of_dossier(dossier) if not line.outcome]
    if template == INVITATION:
        bare = [line for line in untold if not line.invitation and line.at.astimezone().date() >= day]
        if bare:
            invited(bare[0].id, letter)
    elif outcome := ENDINGS.get(template):
        held = [line for line in untold if line.at.astimezone().date() <= day]
        if held:
            record_outcome(held[-1].id, outcome)
        elif outcome == "accord":
            _agreed(dossier)


def record_outcome(meeting: str, outcome: str) -> None:
    """How it ended; an agreement moves the dossier on."""
    row = Meeting.get_by_id(meeting)
    with store.act(f"Rencontre : {OUTCOMES[outcome].casefold()}"):
        store.update(Meeting, meeting, outcome=outcome)
        _reminded(meeting)
        timeline.tell(row.dossier_id, "rencontre", f"Rencontre {_when(row.at)} : {OUTCOMES[outcome].casefold()}")
        if outcome == "accord":
            _agreed(row.dossier_id)


def _agreed(dossier: str) -> None:
    if Dossier.get_by_id(dossier).state != dossiers.CLOSED:
        store.update(Dossier, dossier, state="accord")


def outcome_problem(meeting: Line, outcome: str, now: datetime) -> str:
    if outcome not in OUTCOMES:
        return "Choisissez comment la rencontre a fini. Exemple : accord."
    return "Cette rencontre n’a pas encore eu lieu." if meeting.at > now else ""


def _remind(meeting: str, dossier: str, draft: Draft, today: date) -> None:
    """On the open day before, today at the soonest; not tied to the dossier, whose calls move its own reminder."""
    before = preferences.calendar().previous(draft.day - timedelta(days=1))
    number = Dossier.get_by_id(dossier).number
    store.insert(
        Reminder, id=meeting, label=f"Rencontre {_when(draft.at)}", detail=f"Dossier {number}",
        due_on=max(before, today),
    )  # fmt: skip


def _reminded(meeting: str) -> None:
    if Reminder.get_or_none(Reminder.id == meeting, Reminder.done_at.is_null()):
        store.update(Reminder, meeting, done_at=now())


def _when(at: datetime) -> str:
    """« mar. 24/11 à 14:00 »."""
    at = at.astimezone()
    return f"{french.DAYS[at.weekday()][:3]}. {french.day_and_month(at.date())} à {french.time_of_day(at)}"


_LINES = f"""
SELECT m.id, m.dossier_id, m.at, m.place, m.outcome, m.letter_id, coalesce(l.number, ''), l.day
FROM meeting m JOIN dossier d ON d.id = m.dossier_id LEFT JOIN letter l ON l.id = m.letter_id AND l.removed_at IS NULL
WHERE m.removed_at IS NULL AND d.removed_at IS NULL AND {{which}} AND {team.VISIBLE} ORDER BY m.at, m.id
"""


def of_dossier(dossier: str) -> tuple[Line, ...]:
    """Its meetings, the oldest first; none of a confidential dossier for those who may not read it."""
    return _lines("m.dossier_id = ?2", dossier)


def line(id: str) -> Line | None:
    """A meeting, by its own id or its reminder's, which is the same."""
    return next(iter(_lines("m.id = ?2", id)), None)


def _lines(which: str, value: str) -> tuple[Line, ...]:
    return tuple(
        Line(id, dossier, store.instant(at), place, outcome, letter, number, day and date.fromisoformat(day))
        for id, dossier, at, place, outcome, letter, number, day in store.rows(
            _LINES.format(which=which), (store.mediator(), value)
        )
    )
