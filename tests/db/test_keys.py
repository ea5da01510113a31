"""Key slots: who may unlock, what is refused, how long to wait, the recovery drill. Real Argon2id, at its shortest."""

import base64
import json
import random
import re
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest

from db import keys
from db.keys import Slot

AWA = Slot("a" * 32, "Awa Diallo", "responsable")
LEO = Slot("b" * 32, "Léo Martin", "mediateur")
INES = Slot("c" * 32, "Inès Roux", "responsable")
ROOT = Path(keys.__file__).parents[1]
PHRASE = "lavande tiroir pluie castor violon"
OTHER = "girafe moulin cadran sentier opale"


class Clock:
    """Stands for the module `time`: the wall clock and the machine's uptime move only when told to."""

    CLOCK_BOOTTIME = 0
    perf_counter = staticmethod(time.perf_counter)

    def __init__(self) -> None:
        self.wall, self.up = time.time(), keys._uptime()

    def time(self) -> float:
        return self.wall

    def clock_gettime(self, _clock: int) -> float:
        return self.up

    def pass_by(self, seconds: float) -> None:
        self.wall += seconds
        self.up += seconds


@pytest.fixture(autouse=True)
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(keys, "time", clock)
    return clock


@pytest.fixture(scope="session")
def _created(tmp_path_factory) -> tuple[Path, bytes, str]:
    """Made once: each slot costs several Argon2id."""
    place = tmp_path_factory.mktemp("cles")
    return place, *keys.create(place, AWA, PHRASE)


@pytest.fixture
def made(_created, tmp_path) -> tuple[Path, bytes, str]:
    place, dek, code = _created
    for name in keys.FILES:
        (tmp_path / name).write_bytes((place / name).read_bytes())
    return tmp_path, dek, code


def nine_mistakes(place: Path, slot: Slot = AWA) -> None:
    tried = {"count": 9, "at": 0.0, "boot": "long ago", "uptime": 0.0}
    (place / keys.TRIES).write_text(json.dumps({slot.id: tried}))


def miss(place: Path, slot: Slot = AWA) -> None:
    with pytest.raises(keys.WrongSecret):
        keys.unlock(place, slot.id, "ce n’est pas la bonne phrase")


def content(place: Path) -> dict:
    return json.loads((place / keys.FILES[0]).read_bytes())["content"]


def forge(place: Path, changed: dict) -> None:
    """Write slots with a right digest, as somebody who knows the format would."""
    for name in keys.FILES:
        (place / name).write_bytes(keys._serialised(changed))


def test_a_place_is_created_by_a_responsable_and_opens_with_the_phrase(tmp_path):
    assert not keys.exists(tmp_path)
    dek, _ = keys.create(tmp_path, AWA, PHRASE)
    assert keys.exists(tmp_path)
    assert len(dek) == 32
    assert keys.slots(tmp_path) == (AWA,)
    assert keys.unlock(tmp_path, AWA.id, PHRASE) == dek


def test_two_places_have_two_keys(tmp_path):
    made = [keys.create(tmp_path / name, AWA, PHRASE) for name in ("un", "deux")]
    assert made[0][0] != made[1][0] and made[0][1] != made[1][1]


@pytest.mark.parametrize(
    ("slot", "phrase", "sentence"),
    [
        (LEO, PHRASE, "Commencez par un responsable : il en faut un."),
        (AWA, "court", "Tapez au moins 16 caractères"),
    ],
)
def test_a_place_refuses_to_begin_badly(tmp_path, slot, phrase, sentence):
    with pytest.raises(keys.Refused, match=re.escape(sentence)):
        keys.create(tmp_path, slot, phrase)
    assert not keys.exists(tmp_path)


def test_keys_are_never_made_over_others_nor_over_data(made, tmp_path_factory):
    place, dek, _ = made
    with pytest.raises(keys.Refused):
        keys.create(place, INES, OTHER)
    assert keys.unlock(place, AWA.id, PHRASE) == dek
    orphan = tmp_path_factory.mktemp("orphelin")
    (orphan / "guichet.db").write_bytes(b"x")
    with pytest.raises(keys.KeysDamaged):
        keys.create(orphan, AWA, PHRASE)


def test_no_secret_is_in_the_files(made):
    place, dek, code = made
    miss(place)
    for file in place.iterdir():
        raw = file.read_bytes()
        for secret in (dek, PHRASE.encode(), code.encode(), code.replace("-", "").encode()):
            for form in (secret, base64.b64encode(secret)[:-2], secret.hex().encode()):
                assert form not in raw


def test_the_phrase_survives_another_keyboard(tmp_path):
    dek, _ = keys.create(tmp_path, AWA, "forêt élan çà et là, œuvre")
    assert keys.unlock(tmp_path, AWA.id, "  fore\u0302t  e\u0301lan c\u0327a\u0300 et la\u0300, œuvre ") == dek
    with pytest.raises(keys.WrongSecret):
        keys.unlock(tmp_path, AWA.id, "foret elan ca et la, oeuvre")


def test_each_slot_opens_the_same_key_with_its_own_phrase_only(made):
    place, dek, _ = made
    keys.add(place, dek, LEO, OTHER)
    assert keys.slots(place) == (AWA, LEO)
    assert keys.unlock(place, LEO.id, OTHER) == dek
    with pytest.raises(keys.WrongSecret):
        keys.unlock(place, LEO.id, PHRASE)
    with pytest.raises(keys.Refused):
        keys.add(place, dek, LEO, PHRASE)


def test_a_changed_phrase_replaces_the_former(made):
    place, dek, _ = made
    keys.change(place, dek, AWA.id, OTHER)
    assert keys.unlock(place, AWA.id, OTHER) == dek
    miss(place)


def test_another_place_s_key_changes_nothing(made):
    place, *_ = made
    before = content(place)
    for verb in (
        lambda: keys.add(place, bytes(32), LEO, OTHER),
        lambda: keys.change(place, bytes(32), AWA.id, OTHER),
        lambda: keys.new_recovery(place, bytes(32)),
    ):
        with pytest.raises(ValueError, match="not the place's"):
            verb()
    assert content(place) == before


def test_two_people_and_one_responsable_always_remain(made):
    place, dek, _ = made
    keys.add(place, dek, LEO, OTHER)
    with pytest.raises(keys.Refused, match="Ajoutez d’abord une personne"):
        keys.remove(place, LEO.id)
    keys.add(place, dek, Slot("d" * 32, "Ana", "mediateur"), OTHER)
    with pytest.raises(keys.Refused, match="Nommez d’abord un autre responsable"):
        keys.remove(place, AWA.id)
    keys.add(place, dek, INES, OTHER)
    keys.remove(place, AWA.id)
    assert AWA not in keys.slots(place)
    with pytest.raises(keys.Refused, match="Choisissez un nom de la liste"):
        keys.unlock(place, AWA.id, PHRASE)


# The recovery sheet


def test_the_recovery_drill(made):
    """Everybody has forgotten: the sheet, a new phrase, a new sheet; the old one is over."""
    place, dek, code = made
    found = keys.recover(place, code)
    assert found == dek
    keys.change(place, found, AWA.id, OTHER)
    assert keys.unlock(place, AWA.id, OTHER) == dek
    sheet = keys.new_recovery(place, found)
    with pytest.raises(keys.OldCode):
        keys.recover(place, code)
    assert keys.recover(place, sheet) == dek


def test_a_code_is_read_as_people_copy_it(made):
    place, dek, code = made
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){5}[0-9A-HJKMNP-TV-Z]{4}", code)
    for copied in (
        code.lower(),
        code.replace("-", " "),
        code.replace("-", ""),
        f"  {code.replace('-', ' - ')}\n",
        code.replace("0", "O").replace("1", "I"),
        code.lower().replace("0", "o").replace("1", "l"),
    ):
        assert keys.recover(place, copied) == dek


def test_codes_with_every_symbol_are_read_back():
    draw = random.Random(5)
    for secret in [bytes(16), b"\xff" * 16, *(draw.randbytes(16) for _ in range(500))]:
        assert keys._read_code(keys._write_code(secret)) == secret


def test_a_miscopied_code_is_said_to_be_miscopied(made):
    """The check leaves 1 chance in 65,536; one code and its neighbours must all be caught or, at worst, open nothing."""
    place, _, code = made
    symbols = code.replace("-", "")
    wrong = [symbols[:i] + c + symbols[i + 1 :] for i in range(29) for c in keys.ALPHABET if c != symbols[i]]
    wrong += [symbols[:i] + b + a + symbols[i + 2 :] for i, (a, b) in enumerate(pairwise(symbols)) if a != b]
    caught = 0
    for one in [*wrong, "", "U" * 29, symbols[:-1], symbols + "0", "é" * 29]:
        with pytest.raises(keys.WrongSecret) as error:
            keys.recover(place, one)
        caught += isinstance(error.value, keys.WrongCode)
    assert caught >= len(wrong)


# Delays


def test_the_delay_grows_and_the_tenth_mistake_costs_a_quarter_of_an_hour(made, clock):
    place, dek, _ = made
    due = []
    for _ in range(12):
        miss(place)
        due.append(keys.wait(place, AWA.id))
        clock.pass_by(due[-1] - 0.01)
        with pytest.raises(keys.TooSoon):
            keys.unlock(place, AWA.id, PHRASE)
        clock.pass_by(0.02)
        assert keys.wait(place, AWA.id) == 0
    assert due == pytest.approx([1, 2, 4, 8, 16, 32, 60, 60, 60, 900, 900, 900])
    assert keys.unlock(place, AWA.id, PHRASE) == dek
    assert keys.wait(place, AWA.id) == 0
    miss(place)
    assert keys.wait(place, AWA.id) == pytest.approx(1)


def test_a_try_refused_for_haste_is_neither_counted_nor_made(made):
    place, *_ = made
    miss(place)
    for _ in range(20):
        with pytest.raises(keys.TooSoon) as error:
            keys.unlock(place, AWA.id, PHRASE)
    assert error.value.seconds == pytest.approx(1)


def test_one_person_s_mistakes_do_not_keep_the_others_out(made):
    place, dek, _ = made
    keys.add(place, dek, LEO, OTHER)
    miss(place, LEO)
    assert keys.unlock(place, AWA.id, PHRASE) == dek
    assert keys.wait(place, LEO.id) > 0


def test_a_new_phrase_from_the_recovery_sheet_ends_the_wait(made):
    place, dek, code = made
    nine_mistakes(place)
    miss(place)
    keys.change(place, keys.recover(place, code), AWA.id, OTHER)
    assert keys.unlock(place, AWA.id, OTHER) == dek


def test_the_delay_survives_a_restart_of_the_program(made):
    place, *_ = made
    nine_mistakes(place)
    miss(place)
    asked = f"from db import keys; from pathlib import Path; print(keys.wait(Path({str(place)!r}), {AWA.id!r}))"
    said = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert 0 < float(said.stdout) <= 900


@pytest.mark.parametrize("shift", [-10 * 365 * 86400, -3600, 3600, 10 * 365 * 86400])
def test_moving_the_clock_changes_nothing_while_the_machine_runs(made, clock, shift):
    place, *_ = made
    nine_mistakes(place)
    miss(place)
    clock.wall += shift
    assert keys.wait(place, AWA.id) == pytest.approx(900)
    clock.pass_by(300)
    assert keys.wait(place, AWA.id) == pytest.approx(600)


@pytest.mark.parametrize(("asleep", "left"), [(86400, 0), (400, 500), (-86400, 860)])
def test_after_a_restart_of_the_machine_the_clock_counts_or_else_the_uptime(made, clock, asleep, left):
    """A night off frees; a clock set back meanwhile costs at most the whole delay again."""
    place, *_ = made
    nine_mistakes(place)
    clock.up = 5000
    miss(place)
    clock.wall += asleep
    clock.up = 40
    assert keys.wait(place, AWA.id) == pytest.approx(left)


@pytest.mark.skipif(sys.platform == "win32", reason="signals are POSIX")
def test_a_program_killed_while_trying_has_used_its_try(made):
    place, *_ = made
    guess = (
        "import os, sys; from pathlib import Path; from db import keys\n"
        "class Killed(BaseException): ...\n"
        "sys.setprofile(lambda frame, event, arg: os.kill(os.getpid(), 9) if frame.f_code.co_name == '_stretch' else None)\n"
        f"keys.unlock(Path({str(place)!r}), {AWA.id!r}, 'x')"
    )
    died = subprocess.run([sys.executable, "-c", guess], cwd=ROOT, capture_output=True)
    assert died.returncode == -9
    assert json.loads((place / keys.TRIES).read_bytes())[AWA.id]["count"] == 1


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b'{"a": 1}', b'{"a": {"count": "x"}}', b"\xff", b"null"])
def test_a_damaged_count_of_tries_keeps_nobody_out(made, raw):
    place, dek, _ = made
    (place / keys.TRIES).write_bytes(raw)
    assert keys.unlock(place, AWA.id, PHRASE) == dek


# Damage and forgery


def test_either_file_is_enough_and_the_other_is_repaired(made):
    place, dek, _ = made
    for name in keys.FILES:
        sound = (place / name).read_bytes()
        for damaged in (None, b"", sound[:-20]):
            (place / name).unlink() if damaged is None else (place / name).write_bytes(damaged)
            assert keys.exists(place)
            assert keys.slots(place) == (AWA,)
            assert keys.unlock(place, AWA.id, PHRASE) == dek
            assert (place / name).read_bytes() == sound


def test_any_flipped_bit_falls_back_to_the_copy(made):
    place, *_ = made
    sound = (place / keys.FILES[0]).read_bytes()
    draw = random.Random(3)
    for _ in range(400):
        raw = bytearray(sound)
        raw[draw.randrange(len(raw))] ^= 1 << draw.randrange(8)
        (place / keys.FILES[0]).write_bytes(raw)
        assert keys._read(place) == json.loads(sound)["content"]


def test_two_damaged_files_are_said(made):
    place, *_ = made
    for name in keys.FILES:
        (place / name).write_bytes(b"{}")
    for verb in (
        lambda: keys.slots(place),
        lambda: keys.unlock(place, AWA.id, PHRASE),
        lambda: keys.recover(place, made[2]),
    ):
        with pytest.raises(keys.KeysDamaged, match=r"Remettez keys\.json"):
            verb()


@pytest.mark.parametrize(
    "forged",
    [
        {"role": "mediateur"},
        {"id": "f" * 32},
        {"passes": 2},
        {"memory": keys.MEMORY + 1024},
        {"salt": base64.b64encode(bytes(16)).decode()},
        {"extra": 1},
    ],
)
def test_a_slot_changed_by_hand_no_longer_opens(made, forged):
    place, *_ = made
    changed = content(place)
    changed["slots"][0] |= forged
    forge(place, changed)
    with pytest.raises(keys.WrongSecret):
        keys.unlock(place, changed["slots"][0]["id"], PHRASE)


def test_a_box_moved_to_another_slot_does_not_open(made):
    place, dek, _ = made
    keys.add(place, dek, LEO, OTHER)
    changed = content(place)
    awa, leo = changed["slots"]
    leo |= {key: awa[key] for key in ("salt", "nonce", "box", "passes", "memory")}
    forge(place, changed)
    with pytest.raises(keys.WrongSecret):
        keys.unlock(place, LEO.id, PHRASE)


@pytest.mark.parametrize(
    "forged",
    [{"memory": 1 << 45}, {"memory": 8192}, {"passes": 0}, {"passes": 10**6}, {"kdf": "md5"}, {"memory": -1}],
)
def test_parameters_out_of_bounds_are_refused_before_they_are_run(made, forged):
    place, *_ = made
    changed = content(place)
    changed["slots"][0] |= forged
    forge(place, changed)
    with pytest.raises(keys.KeysDamaged):
        keys.unlock(place, AWA.id, PHRASE)


@pytest.mark.skipif(sys.platform == "win32", reason="memory limits are POSIX")
def test_too_little_memory_is_said():
    lack = (
        "import resource; from db import keys\n"
        "entry = {'kdf': 'argon2id', 'memory': keys.MEMORY, 'passes': 1, 'salt': keys._text(bytes(16))}\n"
        "used = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (used + (20 << 20),) * 2)\n"
        "try: keys._stretch('x', entry)\n"
        "except keys.OutOfMemory as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", lack], cwd=ROOT, capture_output=True, text=True)
    assert said.stdout.startswith("Fermez d’autres logiciels"), said.stderr


# Passphrases and derived keys


def test_the_calibration_stays_within_its_bounds(monkeypatch):
    monkeypatch.setattr(keys, "SECONDS", 0.5)
    passes = keys._calibrated()
    assert passes in keys.PASSES and passes > 1
    monkeypatch.setattr(keys, "SECONDS", 1000.0)
    assert keys._calibrated() == keys.PASSES[-1]


def test_the_word_list_is_easy_to_type_and_large_enough():
    words = keys.words()
    assert len(words) == len(set(words)) >= 1296
    assert all(re.fullmatch("[a-z]{4,11}", word) for word in words)
    assert keys.bits(5) > 51.7


def test_a_suggestion_is_drawn_anew_and_accepted():
    drawn = {keys.suggest() for _ in range(200)}
    assert len(drawn) == 200
    for phrase in drawn:
        assert len(phrase.split()) == 5 and set(phrase.split()) <= set(keys.words())
        assert keys.passphrase_problem(phrase) is None
    assert len({word for phrase in drawn for word in phrase.split()}) > 500


@pytest.mark.parametrize(
    "weak", ["", "   ", "motdepasse", "x" * 15, "a" * 40, "1111 1111 1111 1111 1111", "chat chat chat chat chat"]
)
def test_a_weak_phrase_is_refused_with_an_example_that_would_do(weak):
    problem = keys.passphrase_problem(weak)
    assert problem
    assert keys.passphrase_problem(re.search("« (.+) »", problem).group(1)) is None


def test_derived_keys_differ_by_purpose_and_never_change():
    dek = bytes(range(32))
    derived = [keys.derive(dek, purpose) for purpose in ("db", "journal", "backup", "draft", "mark")]
    assert len({*derived, dek}) == 6 and {len(k) for k in derived} == {32}
    assert keys.derive(dek, "db").hex() == "1df5576e90be1b2a30f218041ffde098ffd2163bc7bb6ad2fc0acd7763fdc83b"
    assert keys.derive(bytes(32), "db") != derived[0]


def test_every_sentence_is_short_and_begins_with_what_to_do():
    sentences = [cls.sentence for cls in keys.KeysError.__subclasses__() + keys.WrongSecret.__subclasses__()]
    sentences += [str(keys.TooSoon(s)) for s in (0.2, 1, 1.5, 60, 61, 900)]
    assert sentences[-6:] == [
        "Attendez 1 seconde, puis réessayez.",
        "Attendez 1 seconde, puis réessayez.",
        "Attendez 2 secondes, puis réessayez.",
        "Attendez 60 secondes, puis réessayez.",
        "Attendez 2 minutes, puis réessayez.",
        "Attendez 15 minutes, puis réessayez.",
    ]
    for sentence in filter(None, sentences):
        assert len(re.findall(r"[\w’.]+", sentence.rstrip("."))) <= 12, sentence
        assert re.match(r"\w+ez ", sentence), sentence
