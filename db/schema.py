"""The tables. Private to db: what leaves the room is frozen dataclasses, never a live model."""

import json
from datetime import UTC, date, datetime

import apsw
from peewee import SQL, BlobField, BooleanField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField
from peewee import __exception_wrapper__ as _wrapped
from playhouse.apsw_ext import APSWDatabase
from playhouse.sqlite_ext import AutoIncrementField

from db.ids import now, uuid7

APPLICATION_ID = 0x47434854  # "GCHT"
PRAGMAS = {
    "locking_mode": "EXCLUSIVE",
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "fullfsync": 1,
    "checkpoint_fullfsync": 1,
    "secure_delete": "ON",
    "foreign_keys": "ON",
    "trusted_schema": "OFF",
    "cell_size_check": "ON",
    "mmap_size": 0,
    "temp_store": "MEMORY",
    "cache_size": -16000,
}


class CannotEncrypt(Exception):
    """The SQLite in use ignored the key: everything would be written in clear (security.md §0.3)."""


class _Rows:
    """A finished cursor: its rows are read, its statement is reset, so that nothing holds the file back."""

    def __init__(self, cursor: apsw.Cursor) -> None:
        self.connection = cursor.connection
        try:
            self.description = cursor.getdescription()
        except apsw.ExecutionCompleteError:
            self.description = None
        self._rows = iter(cursor.fetchall())

    def __iter__(self):
        return self._rows

    def fetchone(self) -> tuple | None:
        return next(self._rows, None)

    def fetchall(self) -> list[tuple]:
        return list(self._rows)

    def close(self) -> None: ...


class EncryptedDatabase(APSWDatabase):
    """One exclusive connection to a ChaCha20-Poly1305 file opened with a raw 32-byte key."""

    key: bytes = b""

    def _add_conn_hooks(self, conn) -> None:
        conn.execute("PRAGMA cipher = 'chacha20'").fetchall()
        try:
            answer = conn.execute(f'PRAGMA key = "raw:{self.key.hex()}"').fetchall()
        except apsw.SQLError as error:  # a way to the disk without a cipher
            raise CannotEncrypt from error
        if answer != [("ok",)] or conn.execute("PRAGMA cipher").fetchall() != [("chacha20",)]:
            raise CannotEncrypt
        for name, value in PRAGMAS.items():
            conn.execute(f"PRAGMA {name} = {value}").fetchall()
        super()._add_conn_hooks(conn)

    def execute_sql(self, sql, params=None) -> _Rows:
        cursor = super().execute_sql(sql, params)
        with _wrapped:
            return _Rows(cursor)


database = EncryptedDatabase(None, timeout=0, autoconnect=False)


class InstantField(TextField):
    """An aware datetime, stored as UTC text that sorts: « 2026-11-23T09:42:05.123456+00:00 »."""

    def db_value(self, value: datetime | None) -> str | None:
        return value and value.astimezone(UTC).isoformat(timespec="microseconds")

    def python_value(self, value: str | None) -> datetime | None:
        return value and datetime.fromisoformat(value).astimezone()


class DayField(TextField):
    """A local calendar day, stored as « 2026-11-23 »."""

    def db_value(self, value: date | None) -> str | None:
        return value and value.isoformat()

    def python_value(self, value: str | None) -> date | None:
        return value and date.fromisoformat(value)


class JsonField(TextField):
    def db_value(self, value: object) -> str:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

    def python_value(self, value: str | None) -> object:
        return value and json.loads(value)


class Table(Model):
    class Meta:
        database = database
        legacy_table_names = False


class Record(Table):
    """What every shared record carries; `desk` and `mediator` say where and by whom it was created."""

    id = TextField(primary_key=True, default=uuid7)
    desk = TextField()
    mediator = TextField()
    created_at = InstantField(default=now)
    changed_at = InstantField(default=now)
    removed_at = InstantField(null=True)


class ListValue(Record):
    """A value of a closed list; archived, never deleted, so that history keeps its label."""

    kind = TextField()
    code = TextField()
    label = TextField()
    position = IntegerField()
    extra = JsonField(default=dict)
    archived_at = InstantField(null=True)

    class Meta:
        indexes = ((("kind", "code"), True),)


class Mediator(Record):
    name = TextField()
    initials = TextField()
    role = TextField()  # mediateur · responsable
    may_sign_mandate = BooleanField(default=True)
    archived_at = InstantField(null=True)


class Person(Record):
    """A named usager; exists only when a follow-up needs it."""

    civility = TextField(default="")  # Madame · Monsieur · ""
    last_name = TextField()
    first_name = TextField(default="")
    birth_year = IntegerField(null=True)
    phone = TextField(default="")
    without_phone = BooleanField(default=False)
    email = TextField(default="")
    address = TextField(default="")
    postcode = TextField(default="")
    town = TextField(default="")
    informed_on = DayField(null=True)
    notice_version = IntegerField(default=1)
    last_contact_on = DayField()
    merged_into = TextField(null=True)


class PersonKey(Table):
    """Covering search keys (folded name both ways round, phone digits); derived, never shared."""

    key = TextField()
    person = TextField()
    label = TextField()
    detail = TextField()

    class Meta:
        primary_key = CompositeKey("key", "person", "label", "detail")
        without_rowid = True
        indexes = ((("person",), False),)


class Visit(Record):
    number = IntegerField()
    day = DayField()
    state = TextField(index=True)  # waiting · open · recorded · left · redirected
    channel = TextField(default="sans_rdv")
    triage = TextField(default="accueil")
    referred_by = TextField(default="NC")
    seen_before = TextField(default="NC")
    arrived_at = InstantField()
    started_at = InstantField(null=True)
    ended_at = InstantField(null=True)
    late = BooleanField(default=False)
    entry_seconds = IntegerField(null=True)
    person = ForeignKeyField(Person, null=True, backref="visits")
    label = TextField(default="")  # what the queue shows; blanked when the visit ends
    family = IntegerField(null=True)
    urgency = TextField(default="normal")  # normal · fragile · rendez_vous
    needs = JsonField(default=list)  # pmr · enfant · interprete
    appointment_at = InstantField(null=True)
    moved_before = InstantField(null=True)
    moved_reason = TextField(default="")
    calls = IntegerField(default=0)
    called_at = InstantField(null=True)
    redirected_to = TextField(default="")
    profile_asked = BooleanField(default=False)
    gender = TextField(default="NC")
    age = TextField(default="NC")
    status = TextField(default="NC")
    town = TextField(default="")
    priority_area = TextField(default="NC")
    written_french = TextField(default="NC")

    class Meta:
        indexes = ((("day", "number"), False),)


def _default(value: str) -> list[SQL]:
    """What a column added by a migration gives to the rows written before it."""
    return [SQL(f"DEFAULT {value}")]


class Dossier(Record):
    number = TextField()
    person = ForeignKeyField(Person, backref="dossiers")
    partner = TextField()
    kind = TextField()
    reference = TextField(default="")
    subject = TextField()
    opened_on = DayField(index=True)
    consent = TextField(default="oral")
    amount_due = IntegerField(null=True)  # cents
    state = TextField(default="ouvert", index=True)
    closed_on = DayField(null=True)
    result = TextField(default="")
    visit = ForeignKeyField(Visit, null=True)
    urgency = TextField(default="normale", constraints=_default("'normale'"))  # normale · coupure
    urgent_on = DayField(null=True)
    referent = TextField(default="", constraints=_default("''"))  # a mediator's id
    protected = JsonField(default=list, constraints=_default("'[]'"))  # facts the deadlines need: cheque_energie, fsl…
    notified_on = DayField(null=True)  # the date on the letter or notice the clock starts from
    notice = TextField(default="", constraints=_default("''"))  # which letter that was, a code of the path
    path = TextField(default="", constraints=_default("''"))
    confidential = BooleanField(default=False, constraints=_default("0"))
    won = IntegerField(null=True)  # cents
    useful = TextField(default="", constraints=_default("''"))
    closing_reason = TextField(default="", constraints=_default("''"))
    other_party = TextField(default="", constraints=_default("''"))


class DossierEvent(Record):
    dossier = ForeignKeyField(Dossier, backref="events")
    at = InstantField()
    kind = TextField()  # ouverture · appel · courrier · reponse · note · cloture
    summary = TextField()


class Demand(Record):
    visit = ForeignKeyField(Visit, backref="demands")
    position = IntegerField()
    family = IntegerField()
    theme = TextField()
    subtheme = TextField(default="")
    nature = TextField()
    organism = TextField(default="")
    online = BooleanField(default=False)
    autonomy = TextField(default="")
    minutes = IntegerField()
    outcome = TextField()
    referred_to = TextField(default="")
    note = TextField(default="")
    dossier = ForeignKeyField(Dossier, null=True)


class UnlinkedDemand(Record):
    """What a sensitive sub-theme leaves for statistics once its link to a named person is cut at day end."""

    month = TextField()
    theme = TextField()
    subtheme = TextField()


class Reminder(Record):
    due_on = DayField(index=True)
    due_at = TextField(default="")  # « 11:00 » or nothing
    label = TextField()
    detail = TextField(default="")
    dossier = ForeignKeyField(Dossier, null=True)
    visit = ForeignKeyField(Visit, null=True)
    done_at = InstantField(null=True)


class Note(Record):
    """A hand-over note between shifts; `addressee` is a mediator's id, or empty for all."""

    body = TextField()
    addressee = TextField(default="")
    day = DayField()
    read_at = InstantField(null=True)


class Letter(Record):
    number = TextField()
    template = TextField()
    template_version = IntegerField()
    template_sha256 = TextField()
    title = TextField()
    theme = TextField()
    addressee = TextField(default="")
    person = ForeignKeyField(Person, null=True)
    dossier = ForeignKeyField(Dossier, null=True)
    visit = ForeignKeyField(Visit, null=True)
    day = DayField(index=True)
    pages = IntegerField()
    sha256 = TextField()
    printed_at = InstantField(null=True)
    pdf = BlobField(null=True)
    keep_until = DayField(null=True)


class DossierStep(Record):
    """A step of the way up that was taken."""

    dossier = ForeignKeyField(Dossier, backref="steps")
    step = TextField()
    done_on = DayField()
    letter = ForeignKeyField(Letter, null=True, backref="+")


class Mandate(Record):
    """The written authority to act for a person: signed, perhaps revoked, never changed."""

    person = ForeignKeyField(Person, backref="mandates")
    dossier = ForeignKeyField(Dossier, null=True, backref="mandates")
    partner = TextField()
    scope = TextField()
    signed_on = DayField()
    ends_on = DayField()
    signer = TextField()  # a mediator's id
    letter = ForeignKeyField(Letter, null=True, backref="+")
    revoked_on = DayField(null=True)
    revocation_letter = ForeignKeyField(Letter, null=True, backref="+")


class Payment(Record):
    dossier = ForeignKeyField(Dossier, backref="payments")
    due_on = DayField(index=True)
    cents = IntegerField()
    paid_on = DayField(null=True)


class Help(Record):
    dossier = ForeignKeyField(Dossier, backref="helps")
    kind = TextField()
    asked_cents = IntegerField(null=True)
    asked_on = DayField()
    obtained_cents = IntegerField(null=True)
    answered_on = DayField(null=True)


class Reading(Record):
    """What a meter showed, or what a bill said it showed."""

    dossier = ForeignKeyField(Dossier, backref="readings")
    meter = TextField()  # electricite · gaz · eau
    day = DayField()
    value = IntegerField()
    unit = TextField()
    billed = BooleanField(default=False)
    changed = BooleanField(default=False)  # the first reading of a new meter
    coefficient = IntegerField(null=True)  # gas: thousandths of kWh for a cubic metre


class ChecklistItem(Record):
    dossier = ForeignKeyField(Dossier, backref="checklist_items")
    checklist = TextField()
    item = TextField()
    state = TextField(default="manque")  # manque · fourni · sans_objet
    valid_until = DayField(null=True)


class Attachment(Record):
    """A scanned paper, opaque; its content goes when its time is over. Last column: lists never walk over it."""

    dossier = ForeignKeyField(Dossier, backref="attachments")
    title = TextField()
    kind = TextField()
    size = IntegerField()
    sha256 = TextField()
    keep_until = DayField()
    content = BlobField(null=True)


class DossierReading(Record):
    """Who opened a dossier, and when: `mediator` and `created_at`, once a day each."""

    dossier = ForeignKeyField(Dossier, backref="+")


class CallList(Record):
    """A partner's list of customers to call."""

    partner = TextField()
    title = TextField()
    received_on = DayField()
    columns = JsonField(default=list)


class CallLine(Record):
    list = ForeignKeyField(CallList, backref="lines")
    position = IntegerField()
    reference = TextField(default="")
    name = TextField(default="")
    phone = TextField(default="")
    detail = JsonField(default=dict)
    state = TextField(default="a_appeler")  # a_appeler · joint · absent · refus · dossier · rien
    note = TextField(default="")
    called_at = InstantField(null=True)
    dossier = ForeignKeyField(Dossier, null=True, backref="+")


class Meeting(Record):
    """Two parties of a conflict round a table."""

    dossier = ForeignKeyField(Dossier, backref="meetings")
    at = InstantField()
    place = TextField(default="")
    outcome = TextField(default="")  # accord · sans_accord · absent
    letter = ForeignKeyField(Letter, null=True, backref="+")


class Station(Record):
    number = IntegerField()
    name = TextField()
    fault = TextField(default="")
    archived_at = InstantField(null=True)


class StationSession(Record):
    station = ForeignKeyField(Station, null=True)
    day = DayField(index=True)
    started_at = InstantField()
    planned_minutes = IntegerField()
    ended_at = InstantField(null=True)
    label = TextField(default="")  # who sits there, blanked when the session ends
    visit = ForeignKeyField(Visit, null=True)
    uses = JsonField(default=list)
    support = TextField(default="autonome")
    charter_accepted = BooleanField(default=True)
    signed_out = BooleanField(default=False)


class Counter(Record):
    """Pages, copies, scans and faxes: one row a stroke, so that two desks add up without a conflict."""

    day = DayField(index=True)
    kind = TextField()
    reason = TextField(default="administratif")
    quantity = IntegerField()
    cents = IntegerField(default=0)


class Closing(Record):
    """A day closed: what was handed over, and the anchor of the journal."""

    day = DayField()
    bundle = TextField(default="")
    figures = JsonField(default=dict)


class Draft(Table):
    """What is being typed, kept at once; never leaves the desk."""

    name = TextField(primary_key=True)
    mediator = TextField()
    body = JsonField()
    changed_at = InstantField(default=now)


class Preference(Table):
    name = TextField(primary_key=True)
    value = JsonField()


class JournalEntry(Table):
    """Write-only record of acts, chained by HMAC; `subject` is a record id, never a name."""

    id = IntegerField(primary_key=True)
    at = InstantField()
    mediator = TextField()
    act = TextField()
    subject = TextField(default="")
    mac = TextField()


class Change(Table):
    """Which row changed last, in order; no content. Filled by triggers, read by the handover."""

    id = AutoIncrementField()
    table = TextField()
    row = TextField()

    class Meta:
        indexes = ((("table", "row"), True),)


SHARED: tuple[type[Record], ...] = (
    ListValue, Mediator, Person, Visit, Dossier, DossierEvent, Demand, UnlinkedDemand, Reminder, Note,
    Letter, Station, StationSession, Counter, Closing, DossierStep, Mandate, Payment, Help, Reading, ChecklistItem,
    Attachment, DossierReading, CallList, CallLine, Meeting,
)  # fmt: skip
"""Records that travel to the coordinator, parents before children."""

LOCAL: tuple[type[Table], ...] = (PersonKey, Draft, Preference, JournalEntry, Change)
TABLES = SHARED + LOCAL


def triggers(table: str) -> tuple[str, ...]:
    """The statements that keep the change log of one shared table."""
    return tuple(
        f'CREATE TRIGGER "{table}_{event.lower()}" AFTER {event} ON "{table}" BEGIN '
        f"""INSERT OR REPLACE INTO "change" ("table", "row") VALUES ('{table}', {row}."id"); END"""
        for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    )
