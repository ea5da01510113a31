"""Writing a bundle to a USB stick so that « terminé » is true, and finding the sticks. No database: fit for a job."""

import errno
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from db.files import sync_folder, write_durably
from db.handover.export import Bundle

FOLDER = Path("GUICHET") / "ENVOIS"
MARKER = Path("GUICHET") / "ORGANISATION.TXT"
BLOCK = 64 * 1024
MARGIN = 1024 * 1024
_REMOVABLE = 2  # GetDriveTypeW
_MOUNTS = Path("/proc/mounts")


class Fault(Enum):
    """What may happen to a stick. The bundle stays in the outbox: the sentence says so, and what to do."""

    GONE = "La clé a été retirée ou ne répond plus. Rien n’est perdu : rebranchez-la et recommencez."
    FULL = "La clé est pleine. Videz sa corbeille ou prenez-en une autre. Rien n’est perdu."
    READ_ONLY = "La clé est protégée en écriture. Déverrouillez-la ou prenez-en une autre. Rien n’est perdu."
    FOREIGN = "Cette clé sert à une autre organisation. Prenez-en une autre. Rien n’est perdu."
    UNFAITHFUL = "La clé ne rend pas ce qui y est écrit. Jetez-la et prenez-en une autre. Rien n’est perdu."
    TAKEN = "Un autre envoi porte déjà ce nom. Prenez une autre clé. Rien n’est perdu."
    TOO_BIG = "Cette clé refuse un fichier de cette taille. Prenez-en une autre. Rien n’est perdu."


class NotWritten(Exception):
    """`needed` is the room to find, in bytes, when the stick is full."""

    def __init__(self, fault: Fault, needed: int = 0) -> None:
        super().__init__(fault.value)
        self.fault, self.needed = fault, needed


@dataclass(frozen=True)
class Stick:
    label: str
    path: Path
    free: int  # bytes


@dataclass(frozen=True)
class Written:
    """The file is on the stick, whole, re-read from it; `already` when it was there before."""

    path: Path
    size: int
    sha256: str
    already: bool


def write_to(folder: Path, bundle: Bundle, progress: Callable[[int, int], None] = lambda done, total: None) -> Written:
    """Write, flush, re-read, and only then name the bundle under `folder`. Raises NotWritten.

    `progress(done, total)` in bytes, after each block; what it raises cancels and leaves nothing behind.
    """
    home = folder / FOLDER
    final = home / bundle.name
    part = final.with_name(final.name + ".part")
    with _translated(len(bundle.content)):
        if not folder.is_dir():
            raise NotWritten(Fault.GONE)
        _claim(folder, bundle.organisation)
        _sweep(home)
        if final.exists():
            _compare(final, bundle.sha256, Fault.TAKEN)
            return Written(final, len(bundle.content), bundle.sha256, already=True)
        _check_room(folder, len(bundle.content))
        with _removed_on_failure(part):
            _write(part, bundle.content, progress)
            _compare(part, bundle.sha256, Fault.UNFAITHFUL)
            os.rename(part, final)
        with _removed_on_failure(final):
            for place in (home, home.parent, folder):
                sync_folder(place)
            _compare(final, bundle.sha256, Fault.UNFAITHFUL)
    return Written(final, len(bundle.content), bundle.sha256, already=False)


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _claim(folder: Path, organisation: str) -> None:
    """Make our folder, marked as ours; a marker of another organisation stops here."""
    marker = folder / MARKER
    if marker.exists():
        with open(marker, "rb") as file:
            if file.read(64).strip() != organisation.encode():
                raise NotWritten(Fault.FOREIGN)
        (folder / FOLDER).mkdir(exist_ok=True)
        return
    _check_room(folder, 0)
    (folder / FOLDER).mkdir(parents=True, exist_ok=True)
    write_durably(marker, organisation.encode() + b"\r\n")


def _sweep(home: Path) -> None:
    """Half files of a stick pulled too early."""
    for leftover in home.glob("GUICHET-*.part"):
        leftover.unlink(missing_ok=True)


def _check_room(folder: Path, size: int) -> None:
    usage = shutil.disk_usage(folder)
    if usage.total and usage.free < size + MARGIN:  # some drivers say 0 of 0: the write itself will tell
        raise NotWritten(Fault.FULL, size + MARGIN)


def _write(part: Path, content: bytes, progress: Callable[[int, int], None]) -> None:
    with open(part, "xb", buffering=0) as file:
        for at in range(0, len(content), BLOCK):
            block = memoryview(content)[at : at + BLOCK]
            while block:
                block = block[file.write(block) :]
            progress(min(at + BLOCK, len(content)), len(content))
        os.fsync(file.fileno())


def _compare(path: Path, sha256: str, fault: Fault) -> None:
    """Read it back from the stick itself, not from memory."""
    digest = hashlib.sha256()
    with open(path, "rb", buffering=0) as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        while block := file.read(BLOCK):
            digest.update(block)
    if digest.hexdigest() != sha256:
        raise NotWritten(fault)


_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def _translated(size: int) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise NotWritten(Fault.FULL, size + MARGIN) from error
        if error.errno in _READ_ONLY or getattr(error, "winerror", None) == 19:
            raise NotWritten(Fault.READ_ONLY) from error
        if error.errno == errno.EFBIG:
            raise NotWritten(Fault.TOO_BIG) from error
        raise NotWritten(Fault.GONE) from error


def removable() -> tuple[Stick, ...]:
    """Where a stick is probably plugged in, now."""
    if sys.platform == "win32":
        return tuple(_windows_drives())
    return mounted(_MOUNTS.read_text(encoding="utf-8", errors="replace")) if _MOUNTS.exists() else ()


def mounted(mounts: str) -> tuple[Stick, ...]:
    """The sticks of a Linux mount table: devices mounted under /media, /run/media or /mnt."""
    found = []
    for line in mounts.splitlines():
        device, point, *_ = (_unescaped(field) for field in line.split(" "))
        if device.startswith("/dev/") and re.match(r"/(media|run/media|mnt)(/|$)", point):
            with suppress(OSError):
                found.append(Stick(Path(point).name, Path(point), shutil.disk_usage(point).free))
    return tuple(found)


def _unescaped(field: str) -> str:
    """The kernel writes a space as « \\040 »."""
    return re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), field)


def _windows_drives() -> Iterator[Stick]:
    import ctypes

    kernel = ctypes.windll.kernel32
    letters = kernel.GetLogicalDrives()
    for at in range(26):
        root = f"{chr(ord('A') + at)}:\\"
        if not letters >> at & 1 or kernel.GetDriveTypeW(root) != _REMOVABLE:
            continue
        name = ctypes.create_unicode_buffer(261)
        with suppress(OSError):
            free = shutil.disk_usage(root).free
            kernel.GetVolumeInformationW(root, name, len(name), None, None, None, None, 0)
            yield Stick(name.value or root[:2], Path(root), free)
