"""The desk's side: who we send to, and one bundle of everything not yet acknowledged.

Left at the desk: drafts, preferences, the journal, search keys, what is inside letters and scans, and whom a partner's
list of calls is about (see `rows`).
"""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import nacl.signing

from db import preferences, schema, store
from db.files import write_durably
from db.handover import container, pairing, rows
from db.handover.pairing import Pairing
from db.handover.refusal import Reason, Refused
from db.handover.rows import Row

OUTBOX = "envois"
HIGH_WATER = "dernier-envoi.json"
KEPT = 10
"""Copies kept in the outbox. Each holds all that the earlier ones held since the last acknowledgement."""
_PREVIOUS_MAX = 200


class Obstacle(Enum):
    """Why no bundle can be made; nothing is lost meanwhile."""

    UNPAIRED = "Ce poste n’est pas encore appairé. Importez le fichier du coordinateur."
    DEMONSTRATION = "La démonstration ne s’envoie jamais. Ses personnes sont inventées."


class CannotSend(Exception):
    def __init__(self, obstacle: Obstacle) -> None:
        super().__init__(obstacle.value)
        self.obstacle = obstacle


@dataclass(frozen=True)
class Bundle:
    """A sealed bundle, its copy already safe in the outbox; `rows` counts them per table, erasures included."""

    name: str
    content: bytes
    sha256: str
    organisation: str
    number: int
    since: int
    until: int
    rows: dict[str, int]
    outbox: Path


@dataclass(frozen=True)
class Sent:
    number: int
    sha256: str
    until: int


@dataclass(frozen=True)
class State:
    """Where the sending stands: this installation's identity, the last bundle number, what is acknowledged."""

    incarnation: str
    number: int = 0
    acknowledged: int = 0
    sent: tuple[Sent, ...] = ()


def pair(content: bytes) -> Pairing:
    """Remember the coordinator. Refused when the file is damaged or of another organisation."""
    found, known = pairing.read(content), paired()
    if known and (known.organisation, known.signer) != (found.organisation, found.signer):
        raise Refused(Reason.OTHER_PAIRING)
    if found != known:
        with store.translated(), schema.database.atomic():
            preferences.put("handover.pairing", asdict(found))
            preferences.put("place", {**preferences.get("place", {}), "desk": found.desk})
            _keep(_born())
            _signing_key()  # now, so that every later backup holds it
    return found


def paired() -> Pairing | None:
    known = preferences.get("handover.pairing")
    return known and Pairing(**{**known, "recipients": tuple(known["recipients"])})


def fingerprint() -> str:
    """This desk's signing key as 20 digits, for the coordinator to compare by phone."""
    return container.fingerprint(_signing_key().verify_key.encode().hex())


def state() -> State | None:
    """Where the sending stands; None before the pairing."""
    known = preferences.get("handover.state")
    return known and State(**{**known, "sent": tuple(Sent(**sent) for sent in known["sent"])})


def acknowledge(number: int, sha256: str) -> bool:
    """The coordinator holds this bundle: send only what comes after. False when it is not one of ours."""
    now = state()
    for at, sent in enumerate(now.sent if now else ()):
        if (sent.number, sent.sha256) == (number, sha256):
            kept = State(now.incarnation, now.number, max(now.acknowledged, sent.until), now.sent[at:])
            with store.translated():
                _keep(kept)
                preferences.put("handover.confirmed", date.today().isoformat())
            return True
    return False


def last_confirmed() -> date | None:
    """The day the coordinator last acknowledged a bundle; the return file that says so is still to come."""
    day = preferences.get("handover.confirmed")
    return day and date.fromisoformat(day)


def build(now: datetime) -> Bundle:
    """Seal every row changed since the last acknowledged change. Raises CannotSend, StoreError.

    Nothing new since the last bundle: that one again. The number is taken before anything may leave.
    """
    if preferences.get("demonstration"):
        raise CannotSend(Obstacle.DEMONSTRATION)
    coordinator = paired()
    if coordinator is None:
        raise CannotSend(Obstacle.UNPAIRED)
    with store.translated(), schema.database.atomic():
        standing = _unrestored(state())
        until = _last_change()
        if again := _last_bundle(coordinator, standing, until):
            return again
        bundle = _sealed(coordinator, standing, until, now)
        sent = (*standing.sent, Sent(bundle.number, bundle.sha256, until))
        _keep(State(standing.incarnation, bundle.number, standing.acknowledged, sent[-_PREVIOUS_MAX:]))
    with store.translated():
        _write_high_water(standing.incarnation, bundle.number)
        write_durably(bundle.outbox, bundle.content)
        _prune(bundle.outbox.parent)
    return bundle


def _sealed(coordinator: Pairing, standing: State, until: int, now: datetime) -> Bundle:
    number, since = standing.number + 1, standing.acknowledged + 1
    identity = {
        "schema": len(store.scripts()),
        "app": _app_version(),
        "organisation": coordinator.organisation,
        "site": coordinator.site,
        "desk": coordinator.desk,
        "incarnation": standing.incarnation,
        "number": number,
        "since": since,
        "until": until,
        "previous": [[sent.number, sent.sha256] for sent in standing.sent],
        "created": now.astimezone(UTC).isoformat(timespec="seconds"),
    }
    content = container.seal(identity, _changed(since), _signing_key(), coordinator.recipients)
    return _bundle(content, container.inspect(content).header)


def _bundle(content: bytes, header: container.Header) -> Bundle:
    name = f"GUICHET-{header.author}-{header.number:06}.gct"
    return Bundle(
        name=name,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        organisation=header.organisation,
        number=header.number,
        since=header.since,
        until=header.until,
        rows=header.rows,
        outbox=_outbox() / name,
    )


def _changed(since: int) -> Iterator[Row]:
    """The rows as they are now, parents before children; a pointer without a row is an erasure."""
    for table, columns in rows.COLUMNS.items():
        names = [column.name for column in columns]
        wanted = ", ".join(f't."{name}"' for name in names)
        found = schema.database.execute_sql(
            f'SELECT c."id", c."row", t."id", {wanted} FROM "change" c LEFT JOIN "{table}" t ON t."id" = c."row" '
            'WHERE c."table" = ? AND c."id" >= ? ORDER BY c."id"',
            (table, since),
        )
        for number, id, present, *values in found:
            yield Row(table, id, number, dict(zip(names, values, strict=True)) if present is not None else None)


def _last_change() -> int:
    return schema.database.execute_sql('SELECT coalesce(max("id"), 0) FROM "change"').fetchone()[0]


def _last_bundle(coordinator: Pairing, standing: State, until: int) -> Bundle | None:
    """The last bundle, when nothing changed since and its copy is whole."""
    if not standing.sent or standing.sent[-1].until != until:
        return None
    last = standing.sent[-1]
    name = f"GUICHET-{coordinator.site}-{coordinator.desk}-{standing.incarnation}-{last.number:06}.gct"
    try:
        content = (_outbox() / name).read_bytes()
    except OSError:
        return None
    if hashlib.sha256(content).hexdigest() != last.sha256:
        return None
    header = container.inspect(content).header
    return _bundle(content, header) if header.since == standing.acknowledged + 1 else None


def _unrestored(standing: State) -> State:
    """A new incarnation when the file beside the database knows of later bundles: the database is an old backup."""
    try:
        seen = json.loads(_high_water().read_text(encoding="utf-8"))
        ahead = seen["incarnation"] != standing.incarnation or seen["number"] > standing.number
    except FileNotFoundError:
        return standing
    except (ValueError, TypeError, KeyError):
        ahead = True
    return _born() if ahead else standing


def _born() -> State:
    return State(incarnation=os.urandom(4).hex().upper())


def _keep(standing: State) -> None:
    preferences.put("handover.state", asdict(standing))


def _signing_key() -> nacl.signing.SigningKey:
    """Made once, kept in the encrypted file."""
    seed = preferences.get("handover.signing_key")
    if seed is None:
        seed = os.urandom(32).hex()
        with store.translated():
            preferences.put("handover.signing_key", seed)
    return nacl.signing.SigningKey(bytes.fromhex(seed))


def _high_water() -> Path:
    return store.place() / HIGH_WATER


def _write_high_water(incarnation: str, number: int) -> None:
    write_durably(_high_water(), json.dumps({"incarnation": incarnation, "number": number}).encode())


def _outbox() -> Path:
    folder = store.place() / OUTBOX
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _prune(outbox: Path) -> None:
    for old in sorted(outbox.glob("GUICHET-*.gct"), key=lambda path: path.stat().st_mtime_ns)[:-KEPT]:
        old.unlink()


def _app_version() -> str:
    try:
        return version("guichet")
    except PackageNotFoundError:
        return "0"
