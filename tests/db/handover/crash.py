"""Run by the tests in a process of its own: die by kill -9 at the Nth library call, for many N.

usage: crash.py write FOLDER | import FOLDER FILE FINGERPRINT | build PLACE KEY
Prints how many deaths there were, then « fin » ; what survives is judged by the test.
"""

import os
import signal
import sys
import traceback
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[3])]

from desks import NOW, PASSPHRASE  # noqa: E402

from db import store  # noqa: E402
from db.handover import consolidation, export, stick  # noqa: E402
from db.handover.export import Bundle  # noqa: E402


def survives(call: int, work) -> bool:
    """Whether `work` ends before its `call`-th library call, in a child killed there."""
    child = os.fork()
    if child == 0:
        left = call

        def count(frame, event, argument) -> None:
            nonlocal left
            if event in ("c_call", "c_return"):
                left -= 1
                if left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.setprofile(count)
            work()
            os._exit(0)
        finally:
            sys.setprofile(None)
            traceback.print_exc()
            os._exit(1)
    status = os.waitpid(child, 0)[1]
    assert status in (0, signal.SIGKILL), "the work failed by itself"
    return status == 0


def bundle() -> Bundle:
    import hashlib

    content = bytes(range(256)) * 1024
    return Bundle(
        name="GUICHET-K7QF-A1-0A1B2C3D-000001.gct",
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        organisation="0123456789abcdef",
        number=1,
        since=1,
        until=1,
        rows={},
        outbox=Path(),
    )


def write(folder: Path) -> None:
    known = bundle()
    call, deaths = 1, 0
    while not survives(call, lambda: stick.write_to(folder, known)):
        deaths += 1
        final = folder / stick.FOLDER / known.name
        assert not final.exists() or final.read_bytes() == known.content, f"half a file after {call} calls"
        final.unlink(missing_ok=True)
        call += 1
    sys.stdout.write(f"{deaths}\n")


def bring(folder: Path, file: str, fingerprint: str) -> None:
    call, deaths = 1, 0
    while not survives(call, lambda: consolidation.consolidate(folder, [Path(file)], PASSPHRASE, [fingerprint])):
        deaths += 1
        figures = consolidation.figures(folder, PASSPHRASE)
        assert (figures.visits, figures.demands, len(figures.bundles)) in ((0, 0, 0), (1, 2, 1)), call
        if figures.visits:
            break
        call += 23
    sys.stdout.write(f"{deaths}\n")


def build(place: Path, key: str) -> None:
    def once() -> None:
        store.open(place, bytes.fromhex(key))
        store.sign_in("m1", "A1")
        export.build(NOW)

    call, deaths = 1, 0
    while not survives(call, once):
        deaths += 1
        call += 101
    sys.stdout.write(f"{deaths}\n")


if __name__ == "__main__":
    verb, folder, *rest = sys.argv[1:]
    {"write": write, "import": bring, "build": build}[verb](Path(folder), *rest)
    sys.stdout.write("fin\n")
