"""A bundle that lies, in every way: refused with a sentence, nothing written, nothing else raised."""

import contextlib
import hashlib
import json
import random
import shutil
import subprocess
import zlib
from dataclasses import asdict

import nacl.signing
import pyrage
import pytest
from desks import NOW, contents, record_visit
from hypothesis import given, settings
from hypothesis import strategies as st

from db.handover import container, export, rows
from db.handover.consolidation import Result
from db.handover.refusal import Reason, Refused
from db.handover.rows import Row

KEY = nacl.signing.SigningKey(b"\7" * 32)
READER = pyrage.x25519.Identity.generate()
IDENTITY = {
    "schema": 1,
    "app": "0.1.0",
    "organisation": "0123456789abcdef",
    "site": "K7QF",
    "desk": "A1",
    "incarnation": "0A1B2C3D",
    "number": 1,
    "since": 1,
    "until": 9,
    "previous": [],
    "created": "2026-11-23T17:30:00+00:00",
}
ROW = Row("note", "a" * 32, 3, {"body": "Rappeler l’accueil", "day": "2026-11-23"})

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
)


def _seal(*content: Row, **changed: object) -> bytes:
    return container.seal(IDENTITY | changed, content, KEY, [str(READER.to_public())])


def _open(content: bytes, schema_version: int = 1) -> list[Row]:
    sealed = container.inspect(content)
    container.verify(sealed, schema_version)
    return list(container.unseal(sealed, str(READER)))


def _forge(raw: bytes, key=KEY, *, packed: bytes | None = None, **changed: object) -> bytes:
    """A bundle whose signature is right and whose content is ours to choose: a desk gone mad."""
    ciphertext = pyrage.encrypt(zlib.compress(raw) if packed is None else packed, [READER.to_public()])
    header = asdict(container.inspect(_seal(ROW)).header) | {
        "raw_size": len(raw),
        "size": len(ciphertext),
        "sha256": hashlib.sha256(ciphertext).hexdigest(),
        "signer": key.verify_key.encode().hex(),
        "rows": {"note": 1},
    }
    return _sign(rows.canonical(header | changed), ciphertext, key)


def _sign(header: bytes, ciphertext: bytes, key=KEY) -> bytes:
    signed = container.MAGIC + len(header).to_bytes(4, "big") + header
    return signed + key.sign(signed).signature + ciphertext


FIRST = rows.canonical(container._inner(IDENTITY)) + b"\n"
LINE = rows.write(ROW) + b"\n"


def _reason(content: bytes) -> Reason:
    with pytest.raises(Refused) as refused:
        _open(content)
    return refused.value.reason


def test_what_is_sealed_is_read_back():
    erased = Row("visit", "b" * 32, 9, None)
    assert _open(_seal(ROW, erased)) == [ROW, erased]
    assert _open(_forge(FIRST + LINE)) == [ROW], "the forger of these tests forges well"


def test_every_truncation_is_refused():
    content = _seal(ROW)
    assert {_reason(content[:length]) for length in range(len(content))} == {Reason.NOT_OURS, Reason.DAMAGED}


def test_every_changed_byte_is_refused():
    content = _seal(ROW)
    for at in range(len(content)):
        for flip in (1, 0x80, 0xFF):
            _reason(content[:at] + bytes([content[at] ^ flip]) + content[at + 1 :])


def test_inserted_doubled_and_zeroed_sectors_are_refused():
    content, chance = _seal(ROW), random.Random(1)
    for _ in range(300):
        at, length = chance.randrange(len(content)), chance.choice((1, 2, 16, 512))
        for put in (chance.randbytes(length), content[at : at + length] * 2, b"\0" * length):
            changed = content[:at] + put + content[at + length :]
            if changed != content:
                _reason(changed)


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_after_the_magic_are_refused(noise):
    _reason(container.MAGIC + noise)
    _reason(noise)


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_any_signed_header_value_is_refused_or_harmless(value):
    header = asdict(container.inspect(_seal(ROW)).header)
    for name in header:
        if name == "signer" or header[name] == value:
            continue
        text = json.dumps(header | {name: value}, sort_keys=True, separators=(",", ":")).encode()
        with contextlib.suppress(Refused):
            container.inspect(_sign(text, b""))


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_any_signed_line_is_refused_or_a_row(value):
    for line in (
        value,
        {"table": value, "id": "a", "version": 1, "erased": True},
        {"table": "note", "id": "a", "version": 1, "fields": {"body": value}},
    ):
        try:
            row = rows.read(json.dumps(line).encode())
        except Refused as refused:
            assert refused.reason is Reason.INVALID_ROW
        else:
            rows.write(row)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"table":"note","id":"a","version":1,"fields":{"body":"\\ud800"}}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","version":1,"fields":{"id":"b"}}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","version":1,"fields":{"body":1}}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","version":1,"fields":{"body":null}}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","version":1,"fields":{"x\\"; DROP TABLE":"b"}}', Reason.INVALID_ROW),
        (b'{"table":"letter","id":"a","version":1,"fields":{"pdf":"JVBERi0="}}', Reason.INVALID_ROW),
        (b'{"table":"visit","id":"a","version":1,"fields":{"number":9223372036854775808}}', Reason.INVALID_ROW),
        (b'{"table":"visit","id":"a","version":1,"fields":{"number":true}}', Reason.INVALID_ROW),
        (b'{"table":"visit","id":"a","version":1,"fields":{"number":1.0}}', Reason.INVALID_ROW),
        (b'{"table":"preference","id":"a","version":1,"fields":{}}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"","version":1,"erased":true}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","version":1,"erased":false}', Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","id":"b","version":1,"erased":true}', Reason.INVALID_ROW),
        (b"[" * 100_000, Reason.INVALID_ROW),
        (b"1" * 5_000, Reason.INVALID_ROW),
        (b"NaN", Reason.INVALID_ROW),
        (b"\xff", Reason.INVALID_ROW),
        (b"", Reason.INVALID_ROW),
        (b'{"table":"note","id":"a","version":10,"erased":true}', Reason.CONTRADICTORY),
        (b'{"table":"visit","id":"a","version":1,"erased":true}', Reason.CONTRADICTORY),
    ],
    ids=lambda value: str(value)[:60],
)
def test_a_mad_line_is_refused(line, reason):
    assert _reason(_forge(FIRST + line + b"\n")) is reason


def test_contents_that_contradict_their_envelope():
    raw = FIRST + LINE
    assert (
        _reason(_forge(rows.canonical(container._inner(IDENTITY | {"desk": "B2"})) + b"\n" + LINE))
        is Reason.CONTRADICTORY
    )
    assert _reason(_forge(raw, desk="B2")) is Reason.CONTRADICTORY, "another desk's ciphertext in one's own envelope"
    assert _reason(_forge(b"")) is Reason.CONTRADICTORY
    assert _reason(_forge(raw[:-1])) is Reason.CONTRADICTORY
    assert _reason(_forge(raw + LINE)) is Reason.CONTRADICTORY
    assert _reason(_forge(raw + b"{")) is Reason.CONTRADICTORY
    assert _reason(_forge(raw, raw_size=len(raw) - 1)) is Reason.CONTRADICTORY
    assert _reason(_forge(raw, raw_size=len(raw) + 1)) is Reason.CONTRADICTORY
    assert _reason(_forge(raw, packed=zlib.compress(raw)[:-5])) is Reason.CONTRADICTORY
    assert _reason(_forge(raw, packed=zlib.compress(raw) + b"more")) is Reason.CONTRADICTORY
    assert _reason(_forge(raw, packed=b"not zlib")) is Reason.CONTRADICTORY
    assert _reason(_forge(raw, packed=b"")) is Reason.CONTRADICTORY


def test_what_this_version_does_not_know_is_refused_before_decrypting():
    assert _reason(_forge(FIRST + LINE, schema=2)) is Reason.NEWER
    assert _reason(_forge(FIRST + LINE, format=2, unheard_of="x")) is Reason.NEWER
    assert _reason(_forge(FIRST + LINE, features=["age-x25519", "zstd"])) is Reason.NEWER
    assert _open(_seal(ROW), schema_version=3) == [ROW]


def test_a_signature_by_another_key_is_refused():
    content = _seal(ROW)
    header = container.inspect(content).header
    text = rows.canonical(asdict(header))
    forged = _sign(text, container.inspect(content).ciphertext, nacl.signing.SigningKey.generate())
    assert _reason(forged) is Reason.FORGED


def test_another_content_under_a_genuine_signature_is_refused():
    """Anyone may encrypt for the coordinator: only the signed hash ties the content to the desk."""
    content = _seal(ROW)
    size = len(container.inspect(content).ciphertext)
    forged = rows.write(Row(ROW.table, ROW.id, ROW.version, {**ROW.fields, "body": "Rappeler l’acceuil"})) + b"\n"
    other = b""
    while len(other) != size:  # age adds a random amount of grease
        other = pyrage.encrypt(zlib.compress(FIRST + forged, 6), [READER.to_public()])
    assert _reason(content[:-size] + other) is Reason.DAMAGED


def test_a_header_written_otherwise_is_refused():
    sealed = container.inspect(_seal(ROW))
    assert _open(_sign(rows.canonical(asdict(sealed.header)), sealed.ciphertext)) == [ROW]
    assert _reason(_sign(json.dumps(asdict(sealed.header)).encode(), sealed.ciphertext)) is Reason.DAMAGED


def test_an_archive_bomb_never_unfolds():
    bomb = zlib.compress(FIRST + b"\0" * 50_000_000)
    assert len(bomb) < 60_000
    unfolded = 0
    with pytest.raises(Refused):
        for block in container._inflate(bomb, 100_000):
            unfolded += len(block)
    assert unfolded <= 100_000
    assert _reason(_forge(FIRST, packed=bomb, raw_size=600 * 1024 * 1024)) is Reason.TOO_BIG
    assert _reason(_forge(FIRST, packed=bomb, raw_size=len(FIRST) + 50_000_000)) is Reason.INVALID_ROW


def test_a_bundle_for_another_coordinator_is_refused():
    content = container.seal(IDENTITY, [ROW], KEY, [str(pyrage.x25519.Identity.generate().to_public())])
    assert _reason(content) is Reason.OTHER_KEY


def test_a_large_content_is_read_block_by_block():
    many = [Row("note", f"{n:032}", 1 + n % 9, {"body": f"{n} é" * 20}) for n in range(5_000)]
    assert _open(_seal(*many)) == many


def test_the_fingerprint_is_twenty_digits():
    digits = container.fingerprint(KEY.verify_key.encode().hex())
    assert [len(group) for group in digits.split(" ")] == [5, 5, 5, 5]
    assert digits != container.fingerprint("00" * 32)


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_the_age_command_reads_our_ciphertext(tmp_path):
    (tmp_path / "key").write_text(str(READER))
    ciphertext = container.inspect(_seal(ROW)).ciphertext
    answer = subprocess.run(["age", "-d", "-i", tmp_path / "key"], input=ciphertext, capture_output=True, check=True)
    assert zlib.decompress(answer.stdout) == FIRST + LINE


def test_a_damaged_file_writes_nothing_at_the_coordinator(make_desk, bring, coordinator, tmp_path):
    desk = make_desk("A1")
    bring(desk.send(), desks=(desk,))
    with desk.opened():
        record_visit(3)
    content, held, chance = desk.build().content, contents(coordinator), random.Random(2)
    files = []
    for length in (*range(0, len(content), 97), len(content) - 1):
        files.append(content[:length])
    for _ in range(60):
        at = chance.randrange(len(content))
        files.append(content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :])
    paths = []
    for number, changed in enumerate(files):
        path = tmp_path / f"{number}.gct"
        path.write_bytes(changed)
        paths.append(path)
    report = bring(*paths, tmp_path, tmp_path / "absent.gct")
    assert {file.result for file in report.files} == {Result.REFUSED}
    assert all(file.sentence and file.reason for file in report.files)
    assert contents(coordinator) == held


def test_a_bad_row_at_the_end_takes_the_good_ones_with_it(make_desk, bring, coordinator, monkeypatch):
    desk = make_desk("A1")
    with desk.opened():
        record_visit(3)
        with monkeypatch.context() as mad:
            write = rows.write
            mad.setattr(rows, "write", lambda row: write(row).replace(b'"position":2', b'"position":"x"'))
            file = export.build(NOW).outbox
    held = contents(coordinator)
    assert bring(file, desks=(desk,)).files[0].reason is Reason.INVALID_ROW
    assert contents(coordinator) == held, "not even the key is accepted"
