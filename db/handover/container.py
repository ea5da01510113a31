"""One bundle: magic · header length · header (canonical JSON) · Ed25519 signature · age ciphertext of zlib JSON Lines.

Read in three steps, so that the caller checks the desk between them: `inspect` → `verify` → `unseal`.
"""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass

import nacl.exceptions
import nacl.signing
import pyrage

from db.handover import rows
from db.handover.refusal import Reason, Refused
from db.handover.rows import Row

MAGIC = b"GCT1\r\n\x1a\n"  # CR LF, end of file, LF: a copy in text mode shows at once
FORMAT = 1
FEATURES = ("age-x25519", "zlib")
HEADER_MAX = 64 * 1024
CONTENT_MAX = 256 * 1024 * 1024
RAW_MAX = 512 * 1024 * 1024
LINE_MAX = 4 * 1024 * 1024
BLOCK = 64 * 1024
_SIGNATURE = 64
_COUNT_MAX = 2**53


@dataclass(frozen=True)
class Header:
    """`since` and `until` bound the change numbers inside; `previous` are (number, SHA-256) not yet acknowledged."""

    format: int
    features: list[str]
    schema: int
    app: str
    organisation: str
    site: str
    desk: str
    incarnation: str
    number: int
    since: int
    until: int
    previous: list[list]
    rows: dict[str, int]
    raw_size: int
    size: int
    sha256: str
    signer: str
    created: str  # information only: nothing is ever ordered by a clock

    @property
    def author(self) -> str:
        return f"{self.site}-{self.desk}-{self.incarnation}"


@dataclass(frozen=True)
class Sealed:
    header: Header
    sha256: str  # of the whole file: the bundle's identity
    ciphertext: bytes


def _matches(pattern: str) -> Callable[[object], bool]:
    compiled = re.compile(pattern, re.ASCII)
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _COUNT_MAX


_is_hash = _matches("[0-9a-f]{64}")
_CHECKS: dict[str, Callable[[object], bool]] = {
    "format": _is_count,
    "features": lambda value: isinstance(value, list) and all(map(_matches("[a-z0-9-]{1,32}"), value)),
    "schema": _is_count,
    "app": _matches("[0-9A-Za-z.+-]{1,32}"),
    "organisation": _matches("[0-9a-f]{16}"),
    "site": _matches("[A-Z0-9]{4}"),
    "desk": _matches("[A-Z0-9]{2}"),
    "incarnation": _matches("[0-9A-F]{8}"),
    "number": lambda value: _is_count(value) and 0 < value < 1_000_000,
    "since": lambda value: _is_count(value) and value > 0,
    "until": _is_count,
    "previous": lambda value: isinstance(value, list) and all(map(_is_sending, value)),
    "rows": lambda value: (
        isinstance(value, dict) and all(map(_matches("[a-z_]{1,64}"), value)) and all(map(_is_count, value.values()))
    ),
    "raw_size": _is_count,
    "size": _is_count,
    "sha256": _is_hash,
    "signer": _is_hash,
    "created": _matches("[0-9T:.+-]{10,40}"),
}


def _is_sending(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2 and _is_count(value[0]) and _is_hash(value[1])


def seal(
    identity: dict, content: Iterable[Row], signing_key: nacl.signing.SigningKey, recipients: Iterable[str]
) -> bytes:
    """The bytes of one bundle. `identity` holds the header's fields that are known before its rows are read."""
    first = _inner(identity)
    packer, packed, raw_size, counts = zlib.compressobj(6), [], 0, {}
    for line in _lines(first, content, counts):
        raw_size += len(line)
        packed.append(packer.compress(line))
    packed.append(packer.flush())
    keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    ciphertext = pyrage.encrypt(b"".join(packed), keys)
    header = Header(
        format=FORMAT,
        features=list(FEATURES),
        rows=counts,
        raw_size=raw_size,
        size=len(ciphertext),
        sha256=hashlib.sha256(ciphertext).hexdigest(),
        signer=signing_key.verify_key.encode().hex(),
        **identity,
    )
    text = rows.canonical(asdict(header))
    signed = MAGIC + len(text).to_bytes(4, "big") + text
    return signed + signing_key.sign(signed).signature + ciphertext


def _lines(first: dict, content: Iterable[Row], counts: dict[str, int]) -> Iterator[bytes]:
    yield rows.canonical(first) + b"\n"
    for row in content:
        counts[row.table] = counts.get(row.table, 0) + 1
        yield rows.write(row) + b"\n"


def _inner(header: dict) -> dict:
    """What the first encrypted line repeats: a ciphertext cannot be put in another desk's envelope."""
    return {name: header[name] for name in ("organisation", "site", "desk", "incarnation", "number", "since", "until")}


def inspect(content: bytes) -> Sealed:
    """Magic, sizes, signature by the key the header names, header; whether that key is known is the caller's."""
    if content[: len(MAGIC)] != MAGIC:
        raise Refused(Reason.DAMAGED if content[:3] == MAGIC[:3] else Reason.NOT_OURS)
    start = len(MAGIC) + 4
    end = start + int.from_bytes(content[len(MAGIC) : start], "big")
    if len(content) > CONTENT_MAX:
        raise Refused(Reason.TOO_BIG)
    if end - start > HEADER_MAX or len(content) < end + _SIGNATURE:
        raise Refused(Reason.DAMAGED)
    found = rows.parse(content[start:end], Reason.DAMAGED)
    if not _is_hash(found.get("signer")):
        raise Refused(Reason.DAMAGED)
    try:
        key = nacl.signing.VerifyKey(bytes.fromhex(found["signer"]))
        key.verify(content[:end], content[end : end + _SIGNATURE])
    except (nacl.exceptions.CryptoError, ValueError) as error:
        raise Refused(Reason.FORGED) from error
    return Sealed(_header(found, content[start:end]), hashlib.sha256(content).hexdigest(), content[end + _SIGNATURE :])


def _header(found: dict, text: bytes) -> Header:
    if _is_count(found.get("format")) and found["format"] > FORMAT:
        raise Refused(Reason.NEWER)
    if found.keys() != _CHECKS.keys() or not all(check(found[name]) for name, check in _CHECKS.items()):
        raise Refused(Reason.DAMAGED)
    if rows.canonical(found) != text:
        raise Refused(Reason.DAMAGED)
    return Header(**found)


def verify(sealed: Sealed, schema_version: int) -> None:
    """Size and hash of the ciphertext, then whether this version can read what is inside."""
    header = sealed.header
    if header.size != len(sealed.ciphertext) or header.sha256 != hashlib.sha256(sealed.ciphertext).hexdigest():
        raise Refused(Reason.DAMAGED)
    if header.schema > schema_version or not set(header.features) <= set(FEATURES):
        raise Refused(Reason.NEWER)
    if header.raw_size > RAW_MAX:
        raise Refused(Reason.TOO_BIG)


def unseal(sealed: Sealed, identity: str) -> Iterator[Row]:
    """Its rows, one by one, decrypted with an age identity. Read to the end: the last checks come last."""
    try:
        packed = pyrage.decrypt(sealed.ciphertext, [pyrage.x25519.Identity.from_str(identity)])
    except pyrage.DecryptError as error:
        raise Refused(Reason.OTHER_KEY) from error
    header, counts = sealed.header, {}
    lines = _split(_inflate(packed, header.raw_size))
    if next(lines, b"") != rows.canonical(_inner(asdict(header))):
        raise Refused(Reason.CONTRADICTORY)
    for line in lines:
        row = rows.read(line)
        counts[row.table] = counts.get(row.table, 0) + 1
        if not header.since <= row.version <= header.until:
            raise Refused(Reason.CONTRADICTORY)
        yield row
    if counts != header.rows:
        raise Refused(Reason.CONTRADICTORY)


def _inflate(packed: bytes, size: int) -> Iterator[bytes]:
    """Block by block, never more than the declared size."""
    unpacker, left = zlib.decompressobj(), size
    slices = (packed[at : at + BLOCK] for at in range(0, len(packed), BLOCK))
    try:
        while not unpacker.eof:
            portion = unpacker.unconsumed_tail or next(slices, b"")
            block = unpacker.decompress(portion, min(BLOCK, left + 1))
            left -= len(block)
            if left < 0 or not (portion or block):
                raise Refused(Reason.CONTRADICTORY)
            yield block
    except zlib.error as error:
        raise Refused(Reason.CONTRADICTORY) from error
    if left or unpacker.unused_data or next(slices, b""):
        raise Refused(Reason.CONTRADICTORY)


def _split(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Whole lines, none longer than LINE_MAX."""
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        if len(rest) > LINE_MAX:
            raise Refused(Reason.INVALID_ROW)
        yield from whole
    if rest:
        raise Refused(Reason.CONTRADICTORY)


def fingerprint(public_key: str) -> str:
    """20 digits in groups of 5, to read aloud: « 01234 56789 01234 56789 »."""
    digits = f"{int.from_bytes(hashlib.sha256(bytes.fromhex(public_key)).digest()[:16]) % 10**20:020}"
    return " ".join(digits[at : at + 5] for at in range(0, 20, 5))
