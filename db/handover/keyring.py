"""The coordinator's secret keys, sealed with a passphrase; recoverable with the printed recovery identity."""

import json
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

import nacl.exceptions
import nacl.pwhash.argon2id as argon2id
import nacl.secret
import nacl.signing
import pyrage

from db.files import write_durably
from db.handover import rows
from db.handover.refusal import Reason, Refused

FILE = "coordinateur.json"
MEMORY = 256 * 1024 * 1024
PASSES = 3
SHORTEST = 12
_MEMORY_MAX = 2 * 1024 * 1024 * 1024
_CODE = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 I


@dataclass(frozen=True)
class Public:
    """`organisation` and `site` are random codes: nothing on a stick names the place."""

    organisation: str
    name: str
    site: str
    recipients: tuple[str, str]  # coordinator, recovery
    signer: str


@dataclass(frozen=True)
class Secrets:
    identity: str
    signing_seed: str
    database_key: str

    @property
    def signing_key(self) -> nacl.signing.SigningKey:
        return nacl.signing.SigningKey(bytes.fromhex(self.signing_seed))


def create(folder: Path, name: str, passphrase: str, *, memory: int = MEMORY, passes: int = PASSES) -> str:
    """Make every key of a new coordinator; the recovery identity, to print at once: it is kept nowhere."""
    _check_length(passphrase)
    if (folder / FILE).exists():
        raise Refused(Reason.ALREADY_CREATED)
    identity, recovery = pyrage.x25519.Identity.generate(), pyrage.x25519.Identity.generate()
    seed = os.urandom(32)
    public = Public(
        organisation=os.urandom(8).hex(),
        name=name,
        site="".join(_CODE[byte % len(_CODE)] for byte in os.urandom(4)),
        recipients=(str(identity.to_public()), str(recovery.to_public())),
        signer=nacl.signing.SigningKey(seed).verify_key.encode().hex(),
    )
    secrets = Secrets(str(identity), seed.hex(), os.urandom(32).hex())
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(folder, public, secrets, passphrase, memory, passes)
    return str(recovery)


def public(folder: Path) -> Public:
    return _public(_read(folder))


def unlock(folder: Path, passphrase: str) -> tuple[Public, Secrets]:
    """The keys, or Refused(WRONG_PASSPHRASE)."""
    found = _read(folder)
    try:
        lock = found["lock"]
        if not 0 < lock["memory"] <= _MEMORY_MAX:
            raise Refused(Reason.NO_COORDINATOR)
        key = _stretch(passphrase, bytes.fromhex(lock["salt"]), lock["memory"], lock["passes"])
        sealed = bytes.fromhex(found["secrets"])
        opened = nacl.secret.SecretBox(key).decrypt(sealed)
    except nacl.exceptions.CryptoError as error:
        raise Refused(Reason.WRONG_PASSPHRASE) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Reason.NO_COORDINATOR) from error
    return _public(found), Secrets(**json.loads(opened))


def recover(folder: Path, recovery: str, passphrase: str, *, memory: int = MEMORY, passes: int = PASSES) -> None:
    """Give a new passphrase to whoever holds the printed recovery identity."""
    _check_length(passphrase)
    found = _read(folder)
    try:
        opened = pyrage.decrypt(
            bytes.fromhex(found["recoverable"]), [pyrage.x25519.Identity.from_str(recovery.strip().upper())]
        )
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise Refused(Reason.WRONG_RECOVERY) from error
    except (KeyError, TypeError, ValueError) as error:
        raise Refused(Reason.NO_COORDINATOR) from error
    _write(folder, _public(found), Secrets(**json.loads(opened)), passphrase, memory, passes)


def _write(folder: Path, public: Public, secrets: Secrets, passphrase: str, memory: int, passes: int) -> None:
    salt, content = os.urandom(argon2id.SALTBYTES), rows.canonical(asdict(secrets))
    sealed = nacl.secret.SecretBox(_stretch(passphrase, salt, memory, passes)).encrypt(content)
    recoverable = pyrage.encrypt(content, _recipients(public.recipients[1:]))
    document = {
        "public": asdict(public),
        "lock": {"salt": salt.hex(), "memory": memory, "passes": passes},
        "secrets": bytes(sealed).hex(),
        "recoverable": recoverable.hex(),
    }
    write_durably(folder / FILE, json.dumps(document, ensure_ascii=False, indent=1).encode())


def _recipients(keys: Iterable[str]) -> list[pyrage.x25519.Recipient]:
    return [pyrage.x25519.Recipient.from_str(key) for key in keys]


def _check_length(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise Refused(Reason.SHORT_PASSPHRASE)


def _stretch(passphrase: str, salt: bytes, memory: int, passes: int) -> bytes:
    typed = unicodedata.normalize("NFKC", passphrase).encode(errors="replace")
    return argon2id.kdf(32, typed, salt, opslimit=passes, memlimit=memory)


def _read(folder: Path) -> dict:
    try:
        return rows.parse((folder / FILE).read_bytes(), Reason.NO_COORDINATOR)
    except OSError as error:
        raise Refused(Reason.NO_COORDINATOR) from error


def _public(found: dict) -> Public:
    try:
        return Public(**{**found["public"], "recipients": tuple(found["public"]["recipients"])})
    except (KeyError, TypeError) as error:
        raise Refused(Reason.NO_COORDINATOR) from error
