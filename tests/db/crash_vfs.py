"""A disk that remembers what was flushed, and the files a power cut may leave of it.

Model (pessimistic): what was written to a file before its last flush is there; each later write or truncation may be
there, absent or torn at a 512-byte sector; a file never flushed may not exist; a deletion lasts once its folder is flushed,
which SQLite does at the first flush of a new journal.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from random import Random

import apsw

SECTOR = 512


@dataclass(frozen=True)
class Event:
    kind: str  # write · truncate · sync · delete · ack
    file: str = ""
    offset: int = 0
    data: bytes = b""
    state: object = None  # for ack: what the application has been promised


@dataclass
class Kept:
    """One file: its flushed content (None: nobody knows it exists) and what is not flushed yet."""

    content: bytes | None = None
    pending: list[Event] = field(default_factory=list)


class Disk(apsw.VFS):
    """Passes through to the real disk and records; give `vfs` to store.open.

    Each has a name of its own and lives as long as the process: the cipher keeps a pointer to it.
    """

    _all: list["Disk"] = []

    def __init__(self) -> None:
        self._all.append(self)
        name = f"crash{len(self._all)}"
        self.vfs = f"multipleciphers-{name}"
        self.base = "win32" if os.name == "nt" else "unix"
        self.events: list[Event] = []
        super().__init__(name, self.base)

    def ack(self, state: object) -> None:
        self.events.append(Event("ack", state=state))

    def xOpen(self, name, flags):
        return _File(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:
        super().xDelete(filename, syncdir)
        self.events.append(Event("delete", PurePath(filename).name, offset=int(syncdir)))


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name, flags) -> None:
        self.events = disk.events
        full = name.filename() if isinstance(name, apsw.URIFilename) else name
        self.name = PurePath(full).name if full else "(temporary)"
        super().__init__(disk.base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:
        super().xWrite(data, offset)
        self.events.append(Event("write", self.name, offset, bytes(data)))

    def xTruncate(self, size: int) -> None:
        super().xTruncate(size)
        self.events.append(Event("truncate", self.name, size))

    def xSync(self, flags: int) -> None:
        super().xSync(flags)
        self.events.append(Event("sync", self.name))


@dataclass(frozen=True)
class Cut:
    """What a power cut left: the files, the last promise, and the one that was being made (None: there was none)."""

    point: int
    files: dict[str, bytes]
    promised: object
    next: object


def cuts(
    events: list[Event], file: str, count: int, random: Random, *, since: int = 0, before: bytes | None = None
) -> Iterator[Cut]:
    """`count` states of `file` and its journals, at random points after `since` events; `before` was there at the start."""
    mine = [
        (i, e) for i, e in enumerate(events) if e.kind == "ack" or e.file in (file, f"{file}-wal", f"{file}-journal")
    ]
    first = sum(i < since for i, _ in mine)
    promises = [(n, e.state) for n, (_, e) in enumerate(mine) if e.kind == "ack"]
    disk = {} if before is None else {file: Kept(before)}
    done = 0
    for point in sorted(random.choices(range(first, len(mine) + 1), k=count)):
        for _, event in mine[done:point]:
            _record(disk, event)
        done = point
        promised = next((state for n, state in reversed(promises) if n < point), None)
        coming = next((state for n, state in promises if n >= point), None)
        yield Cut(point, _cut(disk, random), promised, coming)


def _record(disk: dict[str, Kept], event: Event) -> None:
    if event.kind == "ack":
        return
    kept = disk.setdefault(event.file, Kept())
    if event.kind == "sync":
        new = kept.content is None or any(e.kind == "delete" for e in kept.pending)
        if new and event.file.endswith(("-wal", "-journal")):
            _flush_folder(disk)
        kept.content = _applied(kept.content or b"", kept.pending)
        kept.pending = []
    elif event.kind == "delete" and event.offset:
        disk[event.file] = Kept()
    else:
        kept.pending.append(event)


def _flush_folder(disk: dict[str, Kept]) -> None:
    for kept in disk.values():
        deletions = [n for n, e in enumerate(kept.pending) if e.kind == "delete"]
        if deletions:
            kept.content, kept.pending = None, kept.pending[deletions[-1] + 1 :]


def _cut(disk: dict[str, Kept], random: Random) -> dict[str, bytes]:
    fate = random.choice(("nothing", "everything", "first", "some", "some"))
    files: dict[str, bytes] = {}
    for name, kept in disk.items():
        left = _survivors(kept.pending, fate, random)
        if kept.content is None and not left:
            if fate != "nothing" and kept.pending and random.random() < 0.5:
                files[name] = b""
            continue
        if left and left[-1].kind == "delete":
            continue
        files[name] = _applied(kept.content or b"", left)
    return files


def _survivors(pending: list[Event], fate: str, random: Random) -> list[Event]:
    if fate == "nothing":
        return []
    if fate == "everything":
        return list(pending)
    if fate == "first":
        kept = pending[: random.randint(0, len(pending))]
        return [*kept[:-1], *_torn(kept[-1], random)] if kept else []
    left: list[Event] = []
    for event in pending:
        luck = random.random()
        if luck < 0.5:
            left.append(event)
        elif luck < 0.75:
            left.extend(_torn(event, random))
    return left


def _torn(event: Event, random: Random) -> Iterator[Event]:
    """The sectors of a write that reached the disk, in any combination."""
    if event.kind != "write":
        if random.random() < 0.5:
            yield event
        return
    for start in range(0, len(event.data), SECTOR):
        if random.random() < 0.5:
            yield Event("write", event.file, event.offset + start, event.data[start : start + SECTOR])


def _applied(content: bytes, events: list[Event]) -> bytes:
    image = bytearray(content)
    for event in events:
        if event.kind == "truncate":
            del image[event.offset :]
        elif event.kind == "delete":
            image.clear()
        else:
            if len(image) < event.offset:
                image.extend(bytes(event.offset - len(image)))
            image[event.offset : event.offset + len(event.data)] = event.data
    return bytes(image)
