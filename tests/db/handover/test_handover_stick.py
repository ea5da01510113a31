"""The stick: full, read-only, pulled, foreign, lying; the final name never holds a half."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from crash import bundle
from desks import NOW, record_visit

from db.handover import export, stick
from db.handover.stick import Fault

BUNDLE = bundle()
CRASH = Path(__file__).with_name("crash.py")


@pytest.fixture
def usb(tmp_path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    return folder


def _mounted(usb: Path, *command: str) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0 and os.path.ismount(usb)


@pytest.fixture
def small_usb(usb) -> Iterator[Path]:
    """A real volume of 2 MB."""
    if not _mounted(usb, "mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(usb)):
        pytest.skip("mounting a small volume needs to be root")
    yield usb
    subprocess.run(["umount", usb], check=True)


def _fault(folder: Path, **progress) -> Fault:
    with pytest.raises(stick.NotWritten) as refused:
        stick.write_to(folder, BUNDLE, **progress)
    return refused.value.fault


def _left(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()} - {"ORGANISATION.TXT"}


def test_what_is_written_is_there(usb):
    seen = []
    written = stick.write_to(usb, BUNDLE, lambda done, total: seen.append((done, total)))
    assert written.path.read_bytes() == BUNDLE.content
    assert written.path == usb / "GUICHET" / "ENVOIS" / BUNDLE.name
    assert (seen[0], seen[-1]) == ((stick.BLOCK, written.size), (written.size, written.size))
    assert _left(usb) == {BUNDLE.name}
    assert not written.already
    assert stick.write_to(usb, BUNDLE).already


@pytest.mark.skipif(not os.path.exists("/proc/self/fd"), reason="needs /proc to name what is flushed")
def test_it_is_flushed_before_it_is_named(usb, monkeypatch):
    """The order no pulled stick can show on these file systems: file flushed, renamed, folder flushed."""
    done, fsync, rename = [], os.fsync, os.rename

    def spy_fsync(handle: int) -> None:
        done.append(("flushed", Path(os.readlink(f"/proc/self/fd/{handle}")).name))
        fsync(handle)

    def spy_rename(source: Path, target: Path) -> None:
        done.append(("named", target.name))
        rename(source, target)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    monkeypatch.setattr(os, "rename", spy_rename)
    stick.write_to(usb, BUNDLE)
    at = done.index(("named", BUNDLE.name))
    assert done[at - 1] == ("flushed", BUNDLE.name + ".part")
    assert done[at + 1] == ("flushed", "ENVOIS")


def test_names_fit_every_stick(make_desk):
    name = make_desk("A1").build().name
    assert len(name) <= 60
    assert set(name.removesuffix(".gct")) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


def test_another_file_of_the_same_name_is_never_overwritten(usb):
    path = stick.write_to(usb, BUNDLE).path
    path.write_bytes(b"another")
    assert _fault(usb) is Fault.TAKEN
    assert path.read_bytes() == b"another"


def test_a_stick_of_another_organisation_is_left_alone(usb):
    stick.write_to(usb, BUNDLE)
    (usb / stick.MARKER).write_bytes(b"fedcba9876543210\r\n")
    before = _left(usb)
    assert _fault(usb) is Fault.FOREIGN
    assert _left(usb) == before


def test_halves_of_an_earlier_day_are_swept(usb):
    home = usb / stick.FOLDER
    home.mkdir(parents=True)
    (home / "GUICHET-K7QF-A1-0A1B2C3D-000000.gct.part").write_bytes(b"half")
    (home / (BUNDLE.name + ".part")).write_bytes(b"half")
    (home / "photo.part").write_bytes(b"not ours")
    stick.write_to(usb, BUNDLE)
    assert _left(usb) == {BUNDLE.name, "photo.part"}


def test_a_full_stick_is_said_before_writing(small_usb):
    (small_usb / "film").write_bytes(b"x" * 1_500_000)
    with pytest.raises(stick.NotWritten) as refused:
        stick.write_to(small_usb, BUNDLE)
    assert refused.value.fault is Fault.FULL
    assert refused.value.needed == stick.MARGIN or refused.value.needed == len(BUNDLE.content) + stick.MARGIN
    assert _left(small_usb) == {"film"}


def test_a_stick_that_fills_up_meanwhile(small_usb):
    def fill(done: int, total: int) -> None:
        if done == 2 * stick.BLOCK:
            (small_usb / "film").write_bytes(b"x" * shutil.disk_usage(small_usb).free)

    assert _fault(small_usb, progress=fill) is Fault.FULL
    assert _left(small_usb) == {"film"}


def test_a_read_only_stick(small_usb):
    subprocess.run(["mount", "-o", "remount,ro", small_usb], check=True)
    assert _fault(small_usb) is Fault.READ_ONLY


def test_a_stick_pulled_before_and_during(usb):
    assert _fault(usb / "gone") is Fault.GONE
    assert _fault(usb, progress=lambda done, total: shutil.rmtree(usb, ignore_errors=True)) is Fault.GONE
    assert not usb.exists()


def test_a_stick_that_lies(usb):
    """What is read back differs from what was written: a counterfeit, or a dying one."""

    def spoil(done: int, total: int) -> None:
        if done == total:
            with open(usb / stick.FOLDER / (BUNDLE.name + ".part"), "r+b") as file:
                file.seek(70_000)
                file.write(b"\0\0\0\0")

    assert _fault(usb, progress=spoil) is Fault.UNFAITHFUL
    assert _left(usb) == set()


def test_a_stick_that_lies_at_the_last_moment(usb, monkeypatch):
    rename = os.rename

    def spoil(source: Path, target: Path) -> None:
        rename(source, target)
        target.write_bytes(b"\0" * 512)

    monkeypatch.setattr(os, "rename", spoil)
    assert _fault(usb) is Fault.UNFAITHFUL
    assert _left(usb) == set(), "nothing false keeps a good name"


def test_a_file_system_that_refuses_the_size(usb):
    resource = pytest.importorskip("resource", reason="no file size limit here")
    signal = pytest.importorskip("signal")
    before, handler = resource.getrlimit(resource.RLIMIT_FSIZE), signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))
        assert _fault(usb) is Fault.TOO_BIG
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert _left(usb) == set()


def test_a_cancelled_writing_leaves_nothing(usb):
    def cancel(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stick.write_to(usb, BUNDLE, cancel)
    assert _left(usb) == set()


def test_the_outbox_keeps_a_copy_whatever_the_stick_does(make_desk, usb):
    desk = make_desk("A1")
    made = desk.build()
    with pytest.raises(stick.NotWritten):
        stick.write_to(usb / "gone", made)
    assert made.outbox.read_bytes() == made.content


def test_the_outbox_keeps_the_last_ones(make_desk):
    desk = make_desk("A1")
    with desk.opened():
        for _ in range(export.KEPT + 3):
            record_visit()
            last = export.build(NOW)
    kept = sorted(path.name for path in last.outbox.parent.iterdir())
    assert len(kept) == export.KEPT
    assert kept[-1] == last.name


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 needs fork")
class TestKilled:
    """kill -9 at every library call of the work, in a process of its own."""

    def _deaths(self, *arguments: object) -> int:
        answer = subprocess.run(
            [sys.executable, CRASH, *map(str, arguments)], capture_output=True, text=True, check=False
        )
        assert answer.returncode == 0, answer.stderr
        deaths, end = answer.stdout.split()
        assert end == "fin"
        return int(deaths)

    def test_while_writing_the_stick_no_half_has_the_final_name(self, usb):
        assert self._deaths("write", usb) > 50
        assert (usb / stick.FOLDER / BUNDLE.name).read_bytes() == BUNDLE.content

    def test_while_importing_all_or_nothing(self, make_desk, bring, coordinator):
        desk = make_desk("A1")
        with desk.opened():
            record_visit(2)
        file = desk.send()
        assert self._deaths("import", coordinator, file, desk.fingerprint()) > 10
        assert bring(file, desks=(desk,)).demands == 2

    def test_while_building_no_number_serves_twice(self, make_desk, bring):
        desk = make_desk("A1")
        with desk.opened():
            record_visit(2)
        assert self._deaths("build", desk.place, desk.key.hex()) > 10
        with desk.opened():
            record_visit(1)
        last = desk.send()
        files = sorted(last.parent.glob("*.gct"))
        report = bring(*files, desks=(desk,))
        assert [file.reason for file in report.files] == [None] * len(files)
        assert (report.visits, report.demands) == (2, 3)


class TestRealFileSystems:
    """The image of the stick, copied at the very moment « terminé » is said, holds the whole file."""

    @staticmethod
    def _image(path: Path, maker: str, *options: str) -> None:
        with open(path, "wb") as file:
            file.truncate(64 * 1024 * 1024)
        subprocess.run([maker, *options, path], check=True, capture_output=True)

    def _write_and_pull(self, usb: Path, image: Path, mount, unmount) -> None:
        mount(image)
        try:
            written = stick.write_to(usb, BUNDLE)
            assert stick.write_to(usb, BUNDLE).already
            shutil.copyfile(image, image.with_suffix(".pulled"))
        finally:
            unmount()
        mount(image.with_suffix(".pulled"))
        try:
            assert written.path.read_bytes() == BUNDLE.content
            assert _left(usb) == {BUNDLE.name}
        finally:
            unmount()

    @pytest.mark.skipif(not shutil.which("fusefat") or not shutil.which("mkfs.vfat"), reason="no FUSE driver for FAT32")
    def test_fat32(self, usb, tmp_path):
        image = tmp_path / "fat.img"
        self._image(image, "mkfs.vfat", "-F", "32")

        def mount(image: Path) -> None:
            if not _mounted(usb, "fusefat", "-o", "rw+", str(image), str(usb)):
                pytest.skip("FUSE is not allowed here")

        self._write_and_pull(usb, image, mount, lambda: subprocess.run(["fusermount", "-u", usb], check=True))

    @pytest.mark.skipif(
        not shutil.which("mount.exfat-fuse") or not shutil.which("mkfs.exfat"), reason="no FUSE driver for exFAT"
    )
    def test_exfat(self, usb, tmp_path):
        image, device = tmp_path / "exfat.img", []
        self._image(image, "mkfs.exfat")

        def mount(image: Path) -> None:
            answer = subprocess.run(["losetup", "-f", "--show", image], capture_output=True, text=True, check=False)
            if answer.returncode:
                pytest.skip("loop devices are not allowed here")
            device.append(answer.stdout.strip())
            if not _mounted(usb, "mount.exfat-fuse", device[-1], str(usb)):
                subprocess.run(["losetup", "-d", device.pop()], check=True)
                pytest.skip("FUSE is not allowed here")

        def unmount() -> None:
            subprocess.run(["fusermount", "-u", usb], check=True)
            subprocess.run(["losetup", "-d", device.pop()], check=True)

        self._write_and_pull(usb, image, mount, unmount)


def test_the_sticks_of_a_mount_table(tmp_path):
    table = (
        "/dev/vda1 / ext4 rw 0 0\n"
        "proc /mnt/proc proc rw 0 0\n"
        "/dev/sdb1 /media/accueil/CLE\\040BLEUE vfat rw 0 0\n"
        "/dev/sdc1 /run/media/accueil/B exfat rw 0 0\n"
        "/dev/sdd1 /mediatheque ext4 rw 0 0\n"
    )
    assert stick.mounted(table) == (), "none of these exists here: a stick just pulled is not listed"
    assert all(found.free >= 0 for found in stick.removable())


def test_a_plugged_stick_is_listed():
    folder = Path("/mnt") / "GUICHET ESSAI"
    try:
        folder.mkdir()
    except OSError:
        pytest.skip("/mnt is not ours to use")
    try:
        (found,) = stick.mounted(f"/dev/sdz1 {str(folder).replace(' ', chr(92) + '040')} vfat rw 0 0\n")
        assert (found.label, found.path) == ("GUICHET ESSAI", folder)
        assert found.free == pytest.approx(shutil.disk_usage(folder).free, rel=0.5)
    finally:
        folder.rmdir()
