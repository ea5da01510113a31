"""A private X server seen from outside: when did a program's first picture reach the screen, and at what cost?"""

import mmap
import os
import subprocess
import time
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

WIDTH, HEIGHT = 1366, 768
_STEP = 53  # one pixel in so many is looked at: coprime with the width


@contextmanager
def server(folder: Path):
    """`DISPLAY` and the file that holds its pixels: reading them costs the watched program nothing."""
    read, write = os.pipe()
    started = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-nolisten", "tcp", "-fbdir", str(folder)],
        pass_fds=(write,), stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as answer:
        number = answer.readline().strip()
    try:
        yield f":{number}", folder / "Xvfb_screen0"
    finally:
        started.terminate()
        started.wait()


def _family(pid: int) -> list[int]:
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [member for child in task.read_text().split() for member in _family(int(child))]
    return found


def cpu(pid: int) -> float:
    """Seconds of processor used by a program and its children."""
    tasks = [stat for member in _family(pid) for stat in Path(f"/proc/{member}/task").glob("*/schedstat")]
    return sum(int(stat.read_text().split()[0]) for stat in tasks) / 1e9


def peak(pid: int) -> float:
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) / 1024


def watch(command: Sequence[str], environment: dict[str, str], pixels: Path) -> dict[str, float]:
    """Start, wait for the first real picture (more than five new colours), then for a quarter of a second of quiet."""
    with pixels.open("rb") as file, mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as kept:
        start = len(kept) - WIDTH * HEIGHT * 4

        def colours() -> set[int]:
            with memoryview(kept) as whole, whole[start:] as part, part.cast("I") as cells, cells[::_STEP] as some:
                return set(some.tolist())

        before = colours()
        begun = time.monotonic()
        program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while len(colours() - before) <= 5:
                assert program.poll() is None, f"{command} ended with {program.returncode}"
                assert time.monotonic() - begun < 20, f"{command} painted nothing"
                time.sleep(0.002)  # noqa: TID251
            seen = {"paint_ms": (time.monotonic() - begun) * 1e3, "paint_cpu": cpu(program.pid)}
            used, quiet = seen["paint_cpu"], time.monotonic()
            seen |= {"idle_ms": seen["paint_ms"], "idle_cpu": used}
            while time.monotonic() - quiet < 0.25:
                time.sleep(0.01)  # noqa: TID251
                if cpu(program.pid) - used > 0.001:
                    used, quiet = cpu(program.pid), time.monotonic()
                    seen |= {"idle_ms": (quiet - begun) * 1e3, "idle_cpu": used}
            seen["peak_mb"] = peak(program.pid)
        finally:
            program.kill()
            program.wait()
        while colours() != before and time.monotonic() - begun < 30:
            time.sleep(0.01)  # noqa: TID251
    return seen
