"""Who may unlock the place: one passphrase slot per mediator and one recovery sheet around a random 32-byte key (DEK).

`keys.json` and its copy hold no secret; `keys.tries.json` counts wrong passphrases. Whoever can rewrite these
files can also attack them offline: the delays only slow down somebody at the keyboard, Argon2id slows down the rest.
"""

import base64
import hashlib
import json
import math
import secrets
import time
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nacl import bindings as sodium
from nacl.exceptions import CryptoError
from nacl.exceptions import RuntimeError as NoMemory

from db.files import write_durably

FILES = ("keys.json", "keys.copy.json")
TRIES = "keys.tries.json"
DATABASE = "guichet.db"
WORDS = Path(__file__).parents[1] / "resources" / "lists" / "words.txt"
RESPONSABLE = "responsable"
ROLES = ("mediateur", RESPONSABLE)
MEMORY = 64 << 20  # bytes; Argon2id's floor here
SECONDS = 0.6  # what one unlock may cost at most on the PC where the slot was made; two thirds of it, in practice
PASSES = range(1, 21)  # accepted, and run, for Argon2id
MEMORIES = range(MEMORY, (128 << 20) + 1)
SHORTEST = 16  # characters
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_READ_AS = str.maketrans("OIL", "011")


class KeysError(Exception):
    """Its text is the sentence shown to the person."""

    sentence = ""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence or self.sentence)


class Refused(KeysError):
    """The change asked for would break a rule of the place."""


class WrongSecret(KeysError):
    sentence = "Retapez la phrase de passe : ce n’est pas la bonne."


class WrongCode(WrongSecret):
    sentence = "Recopiez le code de la feuille : il contient une erreur."


class OldCode(WrongSecret):
    sentence = "Prenez la feuille la plus récente : ce code ne vaut plus."


class KeysDamaged(KeysError):
    sentence = "Remettez keys.json depuis une copie : le fichier des clés est abîmé."


class NotWritten(KeysError):
    sentence = "Libérez de la place sur le disque, puis recommencez."


class OutOfMemory(KeysError):
    sentence = "Fermez d’autres logiciels, puis recommencez : la mémoire manque."


class TooSoon(KeysError):
    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        whole = math.ceil(seconds)
        minutes = math.ceil(seconds / 60)
        left = f"{whole} seconde{'s' * (whole > 1)}" if whole <= 60 else f"{minutes} minutes"
        super().__init__(f"Attendez {left}, puis réessayez.")


@dataclass(frozen=True)
class Slot:
    id: str  # the mediator's record id
    name: str  # shown in clear on the unlock screen
    role: str  # mediateur · responsable


def exists(place: Path) -> bool:
    return any((place / name).exists() for name in FILES)


def create(place: Path, slot: Slot, passphrase: str) -> tuple[bytes, str]:
    """A new key for a new place, its first responsable, and the recovery code to print (in groups of five)."""
    if exists(place):
        raise Refused("Ouvrez ce lieu : ses clés existent déjà.")
    if (place / DATABASE).exists():
        raise KeysDamaged
    if slot.role != RESPONSABLE:
        raise Refused("Commencez par un responsable : il en faut un.")
    dek = secrets.token_bytes(32)
    code, recovery = _recovery(dek)
    content = {"slots": [_sealed(slot, dek, passphrase)], "recovery": recovery, "mark": _mark(dek)}
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write(place, content)
    return dek, code


def slots(place: Path) -> tuple[Slot, ...]:
    """Who may unlock, for the unlock screen: no secret in it."""
    return tuple(Slot(entry["id"], entry["name"], entry["role"]) for entry in _read(place)["slots"])


def unlock(place: Path, slot_id: str, passphrase: str) -> bytes:
    """The DEK. Raises WrongSecret, TooSoon, KeysDamaged, OutOfMemory. Takes the time of one Argon2id: call it in a job."""
    content = _read(place)
    entry = _entry(content, slot_id)
    left = wait(place, slot_id)
    if left > 0:
        raise TooSoon(left)
    _count_try(place, slot_id)  # before trying, so that a killed program has still used its try
    dek = _open(entry, _stretch(passphrase, entry), WrongSecret)
    _forget_tries(place, slot_id)
    _heal(place, content)
    return dek


def add(place: Path, dek: bytes, slot: Slot, passphrase: str) -> None:
    content = _read_with(place, dek)
    if any(entry["id"] == slot.id for entry in content["slots"]):
        raise Refused("Choisissez un autre nom : celui-ci a déjà sa phrase.")
    content["slots"].append(_sealed(slot, dek, passphrase))
    _write(place, content)


def change(place: Path, dek: bytes, slot_id: str, passphrase: str) -> None:
    """Give a slot another passphrase; whoever holds the DEK may do it, hence the recovery drill."""
    content = _read_with(place, dek)
    entry = _entry(content, slot_id)
    content["slots"][content["slots"].index(entry)] = _sealed(_slot(entry), dek, passphrase)
    _write(place, content)
    _forget_tries(place, slot_id)


def remove(place: Path, slot_id: str) -> None:
    """Close a slot. Its owner may keep an old copy of the files: only a new key (a later rekey) shuts that door."""
    content = _read(place)
    entry = _entry(content, slot_id)
    rest = [other for other in content["slots"] if other is not entry]
    if len(rest) < 2:
        raise Refused("Ajoutez d’abord une personne : il en faut toujours deux.")
    if not any(other["role"] == RESPONSABLE for other in rest):
        raise Refused("Nommez d’abord un autre responsable : il en faut un.")
    content["slots"] = rest
    _write(place, content)
    _forget_tries(place, slot_id)


def recover(place: Path, code: str) -> bytes:
    """The DEK from the printed sheet; then call `change` and print the sheet of `new_recovery`."""
    secret = _read_code(code)
    entry = _read(place)["recovery"]
    return _open(entry, _recovery_key(secret, entry), OldCode)


def new_recovery(place: Path, dek: bytes) -> str:
    """A new code to print; the former sheet no longer opens anything."""
    content = _read_with(place, dek)
    code, content["recovery"] = _recovery(dek)
    _write(place, content)
    return code


def derive(dek: bytes, purpose: str) -> bytes:
    """A 32-byte key for one use only: « db », « journal », « backup »…"""
    return hashlib.blake2b(purpose.encode(), key=dek, digest_size=32, person=b"guichet").digest()


# Passphrases


@cache
def words() -> tuple[str, ...]:
    return tuple(WORDS.read_text(encoding="utf-8").split())


def bits(count: int = 5) -> float:
    """How much chance `suggest(count)` holds; say it to whoever chooses the number of words."""
    return count * math.log2(len(words()))


def suggest(count: int = 5) -> str:
    """A passphrase of common French words without accents, drawn by the system's generator."""
    return " ".join(secrets.choice(words()) for _ in range(count))


def passphrase_problem(text: str) -> str | None:
    """What to do about a passphrase that is too easy to guess, with an example that may be kept as it is."""
    clean = _normal(text)
    if len(clean) < SHORTEST:
        return f"Tapez au moins {SHORTEST} caractères, par exemple : « {suggest()} »."
    if len(set(clean.casefold())) < 8 or len(set(clean.casefold().split())) < min(3, len(clean.split())):
        return f"Variez davantage, par exemple : « {suggest()} »."
    return None


def _normal(text: str) -> str:
    """The same passphrase however the keyboard composes accents and however many spaces were typed."""
    return " ".join(unicodedata.normalize("NFKC", text).split())


# Slots


def _slot(entry: dict) -> Slot:
    return Slot(entry["id"], entry["name"], entry["role"])


def _entry(content: dict, slot_id: str) -> dict:
    for entry in content["slots"]:
        if entry["id"] == slot_id:
            return entry
    raise Refused("Choisissez un nom de la liste.")


def _sealed(slot: Slot, dek: bytes, passphrase: str) -> dict:
    if problem := passphrase_problem(passphrase):
        raise Refused(problem)
    if slot.role not in ROLES:
        raise ValueError(slot.role)
    entry = {"id": slot.id, "name": slot.name, "role": slot.role, "kdf": "argon2id"}
    entry |= {"memory": MEMORY, "passes": _calibrated(), "salt": _text(secrets.token_bytes(16))}
    return _seal(entry, _stretch(passphrase, entry), dek)


def _calibrated() -> int:
    """How many passes make an unlock last SECONDS on this PC; the best of three, as it may be busy elsewhere."""
    return min(max(round(SECONDS / min(_timed_pass() for _ in range(3))), PASSES[0]), PASSES[-1])


def _timed_pass() -> float:
    start = time.perf_counter()
    _argon2id(b"", bytes(16), 1, MEMORY)
    return time.perf_counter() - start


def _stretch(passphrase: str, entry: dict) -> bytes:
    """Argon2id, once the parameters are within bounds: a forged file must not exhaust the memory."""
    if entry["kdf"] != "argon2id" or entry["memory"] not in MEMORIES or entry["passes"] not in PASSES:
        raise KeysDamaged
    return _argon2id(_normal(passphrase).encode(), _bytes(entry["salt"]), entry["passes"], entry["memory"])


def _argon2id(secret: bytes, salt: bytes, passes: int, memory: int) -> bytes:
    try:
        return sodium.crypto_pwhash_alg(32, secret, salt, passes, memory, sodium.crypto_pwhash_ALG_ARGON2ID13)
    except NoMemory as error:
        raise OutOfMemory from error


def _seal(entry: dict, key: bytes, dek: bytes) -> dict:
    nonce = secrets.token_bytes(24)
    box = sodium.crypto_aead_xchacha20poly1305_ietf_encrypt(dek, _bound(entry), nonce, key)
    return entry | {"nonce": _text(nonce), "box": _text(box)}


def _open(entry: dict, key: bytes, wrong: type[WrongSecret]) -> bytes:
    try:
        nonce, box = _bytes(entry["nonce"]), _bytes(entry["box"])
        return sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(box, _bound(entry), nonce, key)
    except CryptoError as error:
        raise wrong from error


def _bound(entry: dict) -> bytes:
    """What the seal vouches for: everything but the name, which may be corrected, and the sealed box itself."""
    return _canonical({k: v for k, v in entry.items() if k not in ("name", "nonce", "box")})


def _mark(dek: bytes) -> str:
    return derive(dek, "mark").hex()


# The recovery sheet


def _recovery(dek: bytes) -> tuple[str, dict]:
    secret = secrets.token_bytes(16)
    entry = {"kdf": "blake2b", "salt": _text(secrets.token_bytes(16))}
    return _write_code(secret), _seal(entry, _recovery_key(secret, entry), dek)


def _recovery_key(secret: bytes, entry: dict) -> bytes:
    """128 random bits need no slow derivation."""
    if entry["kdf"] != "blake2b":
        raise KeysDamaged
    return hashlib.blake2b(_bytes(entry["salt"]), key=secret, digest_size=32, person=b"guichet-sheet").digest()


def _write_code(secret: bytes) -> str:
    number = int.from_bytes(secret + _check(secret))
    symbols = "".join(ALPHABET[number >> shift & 31] for shift in range(140, -1, -5))
    return "-".join(symbols[i : i + 5] for i in range(0, len(symbols), 5))


def _read_code(code: str) -> bytes:
    """Any case, spaces and dashes; O read as 0, I and L as 1. Raises WrongCode when the check disagrees."""
    symbols = "".join(c for c in code.upper() if c.isalnum()).translate(_READ_AS)
    if len(symbols) != 29 or not set(symbols) <= set(ALPHABET):
        raise WrongCode
    number = 0
    for symbol in symbols:
        number = number << 5 | ALPHABET.index(symbol)
    if number >> 144:
        raise WrongCode
    whole = number.to_bytes(18)
    if whole[16:] != _check(whole[:16]):
        raise WrongCode
    return whole[:16]


def _check(secret: bytes) -> bytes:
    return hashlib.blake2b(secret, digest_size=2, person=b"guichet-check").digest()


# Delays


def wait(place: Path, slot_id: str) -> float:
    """Seconds before this slot may be tried again: 1, 2, 4 … 60, then a quarter of an hour from the tenth mistake."""
    tried = _tries(place).get(slot_id)
    if not tried:
        return 0.0
    return max(0.0, _delay(tried["count"]) - _elapsed(tried))


def _delay(count: int) -> float:
    return 900.0 if count >= 10 else min(60.0, 2.0 ** (count - 1))


def _elapsed(tried: dict) -> float:
    """Seconds since the last try, whatever was done to the wall clock; after a restart, the best that is known."""
    boot, uptime = _boot(), _uptime()
    if tried["boot"] == boot and uptime >= tried["uptime"]:
        return uptime - tried["uptime"]
    return max(uptime, time.time() - tried["at"])


def _uptime() -> float:
    """Seconds since the machine started, asleep or not where the system can say it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()


def _boot() -> str:
    """Names this start of the machine; nothing where the system has no name for it (Windows, macOS)."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return ""


def _count_try(place: Path, slot_id: str) -> None:
    tries = _tries(place)
    count = tries.get(slot_id, {}).get("count", 0) + 1
    tries[slot_id] = {"count": count, "at": time.time(), "boot": _boot(), "uptime": _uptime()}
    _write_tries(place, tries)


def _forget_tries(place: Path, slot_id: str) -> None:
    tries = _tries(place)
    if tries.pop(slot_id, None):
        _write_tries(place, tries)


def _tries(place: Path) -> dict[str, dict]:
    """Nothing when missing or damaged: deleting the file would have given the same."""
    try:
        found = json.loads((place / TRIES).read_bytes())
        return {
            str(slot): {
                "count": int(t["count"]),
                "at": float(t["at"]),
                "boot": str(t["boot"]),
                "uptime": float(t["uptime"]),
            }
            for slot, t in found.items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_tries(place: Path, tries: dict[str, dict]) -> None:
    with suppress(OSError):  # a full disk must not keep people out
        write_durably(place / TRIES, _canonical(tries))


# The file and its copy


def _read(place: Path) -> dict:
    for name in FILES:
        with suppress(OSError, ValueError, TypeError, KeyError):
            return _parsed((place / name).read_bytes())
    raise KeysDamaged


def _read_with(place: Path, dek: bytes) -> dict:
    content = _read(place)
    if content["mark"] != _mark(dek):
        raise ValueError("this key is not the place's")
    return content


def _parsed(raw: bytes) -> dict:
    """The content if complete: version, digest (bit rot) and the shape of every slot. Raises ValueError, KeyError…"""
    whole = json.loads(raw)
    content = whole["content"]
    if whole["version"] != 1 or whole["digest"] != _digest(content):
        raise ValueError("damaged")
    for entry in [*content["slots"], content["recovery"]]:
        if not all(isinstance(entry[k], str) for k in ("kdf", "salt", "nonce", "box")):
            raise ValueError("damaged")
        if (len(_bytes(entry["salt"])), len(_bytes(entry["nonce"])), len(_bytes(entry["box"]))) != (16, 24, 48):
            raise ValueError("damaged")
    for entry in content["slots"]:
        if not all(isinstance(entry[k], str) for k in ("id", "name")) or entry["role"] not in ROLES:
            raise ValueError("damaged")
        if not all(isinstance(entry[k], int) for k in ("memory", "passes")):
            raise ValueError("damaged")
    return {"slots": content["slots"], "recovery": content["recovery"], "mark": str(content["mark"])}


def _write(place: Path, content: dict) -> None:
    """The first file decides; the copy is repaired at the next unlock if it cannot be written now."""
    raw = _serialised(content)
    try:
        write_durably(place / FILES[0], raw)
    except OSError as error:
        raise NotWritten from error
    with suppress(OSError):
        write_durably(place / FILES[1], raw)


def _heal(place: Path, content: dict) -> None:
    raw = _serialised(content)
    for name in FILES:
        path = place / name
        with suppress(OSError):
            if not path.exists() or path.read_bytes() != raw:
                write_durably(path, raw)


def _serialised(content: dict) -> bytes:
    whole = {"version": 1, "digest": _digest(content), "content": content}
    return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True).encode()


def _digest(content: dict) -> str:
    return hashlib.blake2b(_canonical(content), digest_size=16).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
