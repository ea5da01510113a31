"""Real printing: a private CUPS server, a queue with an office printer's margins, and the paper measured to the half millimetre."""

import contextlib
import os
import selectors
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

CUPSD = shutil.which("cupsd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
LPADMIN = shutil.which("lpadmin", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
PRINTER = Path("/usr/share/ppd/cupsfilters/Generic-PDF_Printer-PDF.ppd")
"""An office printer: it cannot draw to the edges, and its usual paper is not A4."""
PATIENCE = 60  # seconds, for a queue that never answers
SCALE = 4  # pixels a point
HALF_MILLIMETRE = 0.5 * 72 / 25.4 * SCALE

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="CUPS prints on Linux"),
    pytest.mark.skipif(not (CUPSD and LPADMIN), reason="cupsd is not here: apt-get install cups"),
    pytest.mark.skipif(not PRINTER.exists(), reason="no PDF printer description: apt-get install cups-filters"),
]

FILES = """ServerRoot {0}/etc
RequestRoot {0}/spool
CacheDir {0}/cache
StateDir {0}/state
TempDir {0}/tmp
AccessLog {0}/access
PageLog {0}/pages
ErrorLog stderr
FileDevice Yes
"""
SERVER = """Listen {0}/socket
Browsing No
WebInterface No
LogLevel info
DefaultAuthType None
<Location />
Order allow,deny
Allow all
</Location>
<Policy default>
<Limit All>
Order allow,deny
Allow all
</Limit>
</Policy>
"""
PRINT = """
import sys
from datetime import date
from pathlib import Path
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
from db import letters, place, store, team
place.enter(Path(sys.argv[1]), bytes(range(32)), "m1")
with store.act(""):
    team.add("m1", "Nadia Réverbère", "responsable")
store.sign_in("m1", "A1")
from desktop.documents import bundle, templates
from desktop.documents.content import Party
from desktop.documents.letter import render
from desktop.letters import printing
from desktop.letters.outbox import Job, Outbox
printing.keep_offset(printing.usual(), (float(sys.argv[3]), float(sys.argv[4])))
template = templates.read_template("energie-echeancier")
letter = templates.fill(template, template.example, day=date(2026, 11, 23),
    sender=Party("Théo Modèle", lines=("3 rue Fictive", "69100 Villeurbanne")),
    addressee=Party("Organisme de l’Exemple", lines=("12 rue des Exemples", "69100 Villeurbanne")))
pdf = bundle.merge([(render(letter, number="A1-2026-0001"), 2), (bundle.registered_mail_help(Party("PIMMS")), 1)])
Path(sys.argv[2]).write_bytes(pdf)
outbox = Outbox(QWidget())
sent = []
outbox.sent.connect(sent.append)
outbox.send(Job(pdf))
print(printing.usual(), len(sent))
place.leave()
"""


class Server:
    """A CUPS of our own, on a socket of our own; its log tells what happens."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.socket = folder, folder / "socket"
        for name in ("etc/ppd", "spool", "cache", "state", "tmp"):
            (folder / name).mkdir(parents=True)
        (folder / "etc" / "cups-files.conf").write_text(FILES.format(folder))
        (folder / "etc" / "cupsd.conf").write_text(SERVER.format(folder))
        self._said = b""
        self._process = subprocess.Popen(
            [CUPSD, "-f", "-c", f"{folder}/etc/cupsd.conf", "-s", f"{folder}/etc/cups-files.conf"],
            stderr=subprocess.PIPE,
        )
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stderr, selectors.EVENT_READ)

    def until(self, words: str) -> None:
        """Read the log until it says so."""
        while words.encode() not in self._said:
            ready = self._selector.select(PATIENCE)
            more = os.read(self._process.stderr.fileno(), 65536) if ready else b""
            if not more:
                raise AssertionError(f"CUPS never said « {words} »: {self._said[-2000:].decode(errors='replace')}")
            self._said += more
        self._said = self._said.partition(words.encode())[2]

    def stop(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE)
        self._process.stderr.close()
        self._selector.close()


@pytest.fixture
def queue() -> Iterator[tuple[Server, Path]]:
    """A queue « bureau » whose paper is a file."""
    folder = Path(tempfile.mkdtemp(prefix="cups", dir="/tmp"))  # a socket's path is short, and filters are another user
    folder.chmod(0o755)
    server = Server(folder)
    try:
        server.until("Resuming new connection processing")
        paper = folder / "papier.pdf"
        environment = os.environ | {"CUPS_SERVER": str(server.socket)}
        for words in (["-p", "bureau", "-E", "-v", f"file:{paper}", "-P", str(PRINTER)], ["-d", "bureau"]):
            subprocess.run([LPADMIN, *words], env=environment, check=True, capture_output=True, timeout=PATIENCE)
        yield server, paper
    finally:
        server.stop()
        with contextlib.suppress(OSError):
            shutil.rmtree(folder)


def print_letter(queue, tmp_path: Path, offset: tuple[float, float]) -> tuple[bytes, bytes]:
    """What was asked, and what came out of the printer."""
    server, paper = queue
    asked = tmp_path / "demande.pdf"
    environment = os.environ | {"CUPS_SERVER": str(server.socket), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [sys.executable, "-c", PRINT, str(tmp_path / "lieu"), str(asked), *map(str, offset)],
        env=environment, capture_output=True, text=True, timeout=PATIENCE, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.stdout.split() == ["bureau", "1"], done.stderr
    server.until("Job completed.")
    return asked.read_bytes(), paper.read_bytes()


def ink(page, area: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom pixel of what is drawn inside an area given in points from the top left."""
    bitmap = page.render(scale=SCALE, grayscale=True)
    pixels = bytes(bitmap.buffer)
    x0, y0, x1, y1 = (round(length * SCALE) for length in area)
    lines = [pixels[y * bitmap.stride + x0 : y * bitmap.stride + x1] for y in range(y0, y1)]
    dark = bytes(255 if value < 128 else 0 for value in range(256))
    lines = [line.translate(dark) for line in lines]
    rows = [y for y, line in enumerate(lines) if 255 in line]
    left = min(line.find(255) for line in lines if 255 in line)
    right = max(line.rfind(255) for line in lines)
    return left + x0, rows[0] + y0, right + x0, rows[-1] + y0


ADDRESS = (290, 100, 590, 230)  # where only the addressee is
WHOLE = (40, 30, 560, 810)


def test_the_letter_comes_out_of_the_queue_to_scale_and_at_its_place(queue, tmp_path):
    asked, printed = print_letter(queue, tmp_path, (0.0, 0.0))
    with pypdfium2.PdfDocument(asked) as before, pypdfium2.PdfDocument(printed) as after:
        assert len(after) == len(before) == 3  # two copies and what goes along, in one job
        for wanted, found in zip(before, after, strict=True):
            assert found.get_size() == pytest.approx(wanted.get_size(), abs=1)
            assert ink(found, WHOLE) == pytest.approx(ink(wanted, WHOLE), abs=HALF_MILLIMETRE)
        for page in (0, 1):
            assert ink(after[page], ADDRESS) == pytest.approx(ink(before[page], ADDRESS), abs=HALF_MILLIMETRE)


def test_the_offset_kept_for_a_printer_moves_what_it_prints(queue, tmp_path):
    asked, printed = print_letter(queue, tmp_path, (3.0, 5.0))
    with pypdfium2.PdfDocument(asked) as before, pypdfium2.PdfDocument(printed) as after:
        wanted, found = ink(before[0], ADDRESS), ink(after[0], ADDRESS)
    moved = [(b - a) / SCALE * 25.4 / 72 for a, b in zip(wanted, found, strict=True)]
    assert moved == pytest.approx([3.0, 5.0, 3.0, 5.0], abs=0.5)
