"""Invented places of any size, written straight into the encrypted file: ten years in seconds."""

import hashlib
import random
import shutil
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from db import lists, partners, paths, place, schema, store, team
from db.schema import Dossier, DossierEvent, DossierStep, Mandate, Payment, Person, Reminder, database
from desktop import french

KEY = bytes(range(32))
LAST = (
    "Lefèvre",
    "Benali",
    "Étienne",
    "N’Guyen",
    "Œillet",
    "Lanterne",
    "Tournesol",
    "Parapluie",
    "Girouette",
    "Saint-Jean",
)
FIRST = ("Odette", "Rachid", "Inès", "Marcel", "Aminata", "Paulo", "Thi-Lan", "Hélène", "Jean-Noël", "Zoé")
_SOUNDS = ("ba", "be", "bri", "cha", "cor", "da", "du", "fa", "fer", "ga", "gau", "ka", "la", "le", "lou", "ma", "mar",
           "mo", "na", "nou", "pa", "pe", "ra", "rou", "sa", "sé", "ta", "tho", "va", "vi", "za")  # fmt: skip


def name(chance: random.Random) -> tuple[str, str]:
    """A family name as varied as a telephone book, and a first name."""
    last = "".join(chance.choices(_SOUNDS, k=chance.choice((2, 3, 3, 4)))).capitalize()
    first = chance.choice(FIRST) if chance.random() < 0.3 else "".join(chance.choices(_SOUNDS, k=2)).capitalize()
    return (chance.choice(LAST) if chance.random() < 0.05 else last), first


def identifier(day: date, n: int) -> str:
    """What `db.ids.uuid7` would have given on that day."""
    millis = int(datetime(day.year, day.month, day.day, 8, tzinfo=UTC).timestamp() * 1000) + n
    return f"{millis << 80 | 0x7 << 76 | 0x2 << 62 | n:032x}"


def _stamp() -> str:
    """Built places are kept between runs, until the tables or this file change."""
    parts = [script.read_bytes() for script in store.scripts()] + [Path(__file__).read_bytes()]
    return hashlib.sha256(b"".join(parts) + date.today().isoformat().encode()).hexdigest()[:12]


def folder(visits: int, persons: int = 0, dossiers: int = 0) -> Path:
    """A place with that many visits (two a day of them waiting), people in the search keys, dossiers of the last year."""
    root = Path(tempfile.gettempdir()) / "guichet-bench"
    made = root / f"{_stamp()}-{visits}-{persons}-{dossiers}"
    if not made.exists():
        part = made.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        place.enter(part, KEY, "m1")
        team.add("m1", "Nadia Réverbère", "responsable")
        store.sign_in("m1", "A1")
        database.execute_sql("PRAGMA synchronous = OFF").fetchall()
        with database.atomic():
            if visits:
                _visits(visits, date.today())
                _around(visits // 13, date.today())
            if persons:
                _keys(persons)
            if dossiers:
                _dossiers(dossiers, date.today())
        place.leave()
        part.rename(made)
    return made


def _bulk(table: str, columns: str, rows) -> None:
    marks = ",".join("?" * (columns.count(",") + 1))
    cursor = database.connection().cursor()
    cursor.executemany(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', rows)


def _visits(count: int, today: date) -> None:
    """`count` ended visits over ten working years (or one, under 100,000), one demand each, ending today."""
    chance = random.Random(20261123)
    for table in ("visit", "demand"):
        for event in ("insert", "update", "delete"):
            database.execute_sql(f'DROP TRIGGER "{table}_{event}"')
    days = [today - timedelta(days=n) for n in range(3650 if count >= 100_000 else 365, -1, -1)]
    days = [day for day in days if day.weekday() < 5 or day == today]
    people = []
    for n in range(min(5000, count // 20)):
        last, first = name(chance)
        people.append((identifier(days[0], n), last, first))
    stamp = "2026-01-02T08:00:00.000000+00:00"
    _bulk(
        "person",
        "id, desk, mediator, created_at, changed_at, civility, last_name, first_name, phone, without_phone, email, address, "
        "postcode, town, notice_version, last_contact_on",
        ((id, "A1", "m1", stamp, stamp, "", last, first, "", 0, "", "", "69100", "", 1, today.isoformat())
         for id, last, first in people),
    )  # fmt: skip
    visit_rows, demand_rows = [], []
    share = count / len(days)
    for place_, day in enumerate(days):
        text = day.isoformat()
        for n in range(int(share * (place_ + 1)) - int(share * place_)):
            id = identifier(day, 1000 + n * 90_000 // max(1, int(share)))
            at = f"{text}T{8 + n % 9:02}:{n % 60:02}:07.123456+00:00"
            visit_rows.append(
                (id, "A1", "m1", at, at, n + 1, text, "recorded", "sans_rdv", "accueil", "NC", "NC", at, at, at, 0, 14,
                 chance.choice(people)[0] if chance.random() < 0.35 else None, "", 1 + n % 9, "normal", "[]", "", 1, "", 0,
                 "NC", "NC", "NC", "", "NC", "NC")
            )  # fmt: skip
            demand_rows.append(
                (f"{int(id, 16) + 1:032x}", "A1", "m1", at, at, id, 1, 1 + n % 9, "energie", "impaye", "information", "", 0, "",
                 10, "resolu", "", "")
            )  # fmt: skip
    visit_columns = (
        "id, desk, mediator, created_at, changed_at, number, day, state, channel, triage, referred_by, seen_before, "
        "arrived_at, started_at, ended_at, late, entry_seconds, person_id, label, family, urgency, needs, moved_reason, calls, "
        "redirected_to, profile_asked, gender, age, status, town, priority_area, written_french"
    )
    _bulk("visit", visit_columns, visit_rows)
    _bulk(
        "demand",
        "id, desk, mediator, created_at, changed_at, visit_id, position, family, theme, subtheme, nature, organism, online, "
        "autonomy, minutes, outcome, referred_to, note",
        demand_rows,
    )
    for table in ("visit", "demand"):
        database.execute_sql(f"""INSERT INTO change ("table", "row") SELECT '{table}', id FROM {table}""")
        for trigger in schema.triggers(table):
            database.execute_sql(trigger)
    assert store.rows("SELECT count(*) FROM visit") == [(count,)]


def _around(count: int, today: date) -> None:
    """What a year of visits leaves: letters with their PDF, dossiers, reminders, sessions and counters."""
    person = store.rows("SELECT id FROM person LIMIT 1")[0][0]
    stamp, pdf = "2026-01-02T08:00:00.000000+00:00", random.Random(2).randbytes(22_000)
    head = "id, desk, mediator, created_at, changed_at"

    def stamped(kind: int, n: int) -> tuple:
        return (f"{kind:08x}{n:024x}", "A1", "m1", stamp, stamp)

    def day(n: int) -> str:
        return (today - timedelta(days=1 + n % 365)).isoformat()

    letters = min(count, 3000)
    _bulk("letter", f"{head}, number, template, template_version, template_sha256, title, theme, addressee, day, pages, "
          "sha256, pdf", ((*stamped(1, n), str(n), "H01", 1, "", "Échéancier", "energie", "EDF", day(n), 1, "", pdf)
                          for n in range(letters)))  # fmt: skip
    _bulk("dossier", f"{head}, number, person_id, partner, kind, reference, subject, opened_on, consent, state, result",
          ((*stamped(2, n), str(n), person, "edf", "Impayé", "", "", day(n), "oral", "ouvert" if n < 60 else "clos", "")
           for n in range(min(count, 600))))  # fmt: skip
    _bulk(
        "reminder",
        f"{head}, due_on, due_at, label, detail, done_at",
        ((*stamped(3, n), day(n), "", "Rappeler EDF", "", stamp if n > 5 else None) for n in range(min(count, 1500))),
    )
    _bulk("station_session", f"{head}, day, started_at, planned_minutes, label, uses, support, charter_accepted, signed_out",
          ((*stamped(4, n), day(n), stamp, 45, "", "[]", "autonome", 1, 1) for n in range(min(count, 1500))))  # fmt: skip
    _bulk("counter", f"{head}, day, kind, reason, quantity, cents",
          ((*stamped(5, n), day(n), "nb", "administratif", 3, 0) for n in range(min(count, 2500))))  # fmt: skip


def _keys(count: int) -> None:
    """Names both ways round and a telephone, as `db.people` indexes them."""
    chance = random.Random(1)
    rows = []
    for n in range(count):
        last, first = name(chance)
        id, label, detail = identifier(date(2020, 1, 1), n), f"{last} {first}", f"{1930 + n % 80} · 69{n % 1000:03}"
        words = french.fold(label).split()
        rows += {(" ".join(words[i:] + words[:i]), id, label, detail) for i in range(len(words))}
        rows.append((f"06{n:08}", id, label, detail))
    rows.sort()
    database.execute_sql("DROP INDEX person_key_person")
    _bulk("person_key", "key, person, label, detail", rows)
    database.execute_sql('CREATE INDEX "person_key_person" ON "person_key" ("person")')


EVENTS = 10
"""How many lines the timeline of a dossier has."""


def _dossiers(count: int, today: date) -> None:
    """A year of dossiers of every partner, one in four still open, with its letters, its steps and its money."""
    chance = random.Random(20261124)
    known = [partner for partner in partners.partners() if lists.dossier_kinds(partner.code)]
    for n in range(count):
        age = 365 * (count - n) // count
        opened, is_open = today - timedelta(days=age), chance.random() < 0.25
        partner = chance.choice(known).code
        kind = chance.choice(lists.dossier_kinds(partner))
        path = next(iter(paths.suggest(partner, kind)), None)
        last, first = name(chance)
        person = _insert(Person, opened, last_name=last, first_name=first, last_contact_on=today)
        closed = (
            {}
            if is_open
            else {"state": "clos", "result": "resolu", "closed_on": min(today, opened + timedelta(days=30))}
        )
        id = _insert(
            Dossier, opened, number=f"A1-{n}", person=person, partner=partner, kind=kind, reference=f"6 044 {n:04}",
            subject="Ce que la personne demande", opened_on=opened, referent="m1", path=path.code if path else "",
            notified_on=today - timedelta(days=min(age + 5, chance.randrange(5, 70))) if chance.random() < 0.6 else None,
            confidential=chance.random() < 0.02, amount_due=41_260, **closed,
        )  # fmt: skip
        kinds = ("appel", "courrier", "reponse", "note", "appel", "courrier", "etape", "note")
        told = ["ouverture", *(kinds[i % len(kinds)] for i in range(EVENTS - 2)), "note" if is_open else "cloture"]
        for i, what in enumerate(told):
            at = datetime(opened.year, opened.month, opened.day, 9, tzinfo=UTC) + timedelta(
                days=min(i * 4, age), minutes=i
            )
            _insert(DossierEvent, opened, dossier=id, at=at, kind=what, summary=f"Ce qui s’est dit, {i}")
        for step in path.steps[: chance.randrange(3)] if path else ():
            _insert(DossierStep, opened, dossier=id, step=step.code, done_on=opened + timedelta(days=min(10, age)))
        done = {} if is_open else {"done_at": datetime(opened.year, opened.month, opened.day, tzinfo=UTC)}
        _insert(Reminder, opened, dossier=id, label="Relancer", due_on=today + timedelta(days=n % 40 - 10), **done)
        for month in range(3 if n % 5 == 0 else 0):
            _insert(Payment, opened, dossier=id, cents=10_315, due_on=opened + timedelta(days=30 * month))
        if n % 6 == 0:
            ends = opened + timedelta(days=60)
            _insert(Mandate, opened, person=person, dossier=id, partner=partner, scope="Dire où en est le dossier",
                    signed_on=opened, ends_on=ends, signer="m1")  # fmt: skip


def _insert(model: type[schema.Record], day: date, **fields: object) -> str:
    """One record, written on that day."""
    return store.insert(model, created_at=datetime(day.year, day.month, day.day, 8, tzinfo=UTC), **fields)
