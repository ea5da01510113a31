"""Letters by one, by a hundred and by a thousand, apart and in one file, against other engines with the same words and faces."""

import math
import re
import time

import letter_engines
import pypdfium2
import pytest
from letter_engines import NAME, PEERS, Absent, canvas, merged, ours, written
from turns import note, turns

from desktop.french import NBSP, euros

ONE = {"platypus": 0.72, "typst": 1.3, "weasyprint": 0.1, "fpdf2": 0.25, "libreoffice": 0.05}
"""§F: 0.72 of stock platypus, here one that has `rl_accel` too; 1.3 of typst. The others: chosen here, a third above what was seen."""
KNOWN = {
    "typst": {
        "known": 2.8,
        "why": "compiled, and a paragraph met before is not set again; ours is laid out at two sizes",
    }
}
SLOW = ("weasyprint", "fpdf2", "libreoffice")
TOGETHER = {"platypus": 1.0, "weasyprint": 0.3, "fpdf2": 0.6, "libreoffice": 0.25}
"""§F for platypus. typst merges a hundred pages at a third of any ReportLab, and this file never needs that: noted, not judged."""


@pytest.fixture(params=PEERS)
def peer(request):
    """One other engine, ready to draw; skipped with a reason when it is not on this machine."""
    try:
        return request.param, PEERS[request.param]()
    except Absent as reason:
        pytest.skip(str(reason))


def checked(pdf: bytes, count: int, first: int = 0) -> int:
    """The size, once every page has the name with its accents and the number of its letter: a fast failure looks like speed."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == count
        for i, page in enumerate(document, first):
            text = " ".join(page.get_textpage().get_text_bounded().split())
            assert NAME in text, (i, text[:80])
            assert f"dossier {i}" in text
            assert euros((412 + i) * 100 + 60).replace(NBSP, " ") in text
    return len(pdf)


def spent(figure, name: str) -> float:
    """CPU, except for an engine that works in another process."""
    return figure.wall if name == "libreoffice" else figure.cpu


def test_one_letter(peer, verdict):
    name, engine = peer
    letters = written(1)
    engines = {"ours": ours, "canvas": canvas, name: engine}
    sizes = {who: checked(draw(letters), 1) for who, draw in engines.items()}
    found = turns(
        {who: (lambda draw=draw: draw(letters)) for who, draw in engines.items()}, 10 if name in SLOW else 60, warm=3
    )
    for who, figure in found.items():
        note(f"one letter beside {name}, {who}: ms wall / cpu / p95, KB",
             f"{figure.wall:.2f} / {figure.cpu:.2f} / {figure.p95:.2f}, {sizes[who] / 1e3:.1f}")  # fmt: skip
    verdict.at_most(f"one letter: ours / {name}", spent(found["ours"], name) / spent(found[name], name), ONE[name],
                    **KNOWN.get(name, {}))  # fmt: skip
    note(f"one letter beside {name}: ours / canvas", f"{found['ours'].cpu / found['canvas'].cpu:.2f}")
    verdict.say()


def test_one_letter_is_small_and_embeds_its_fonts(verdict):
    for tagged in (False, True):
        pdf = letter_engines.letter.render(written(1)[0], tagged=tagged)
        assert all(b"+" in font for font in re.findall(rb"/BaseFont /(\S+)", pdf))
        verdict.at_most(f"one letter{', tagged' if tagged else ''}: bytes / 23 KB", checked(pdf, 1) / 23_000, 1)
    verdict.say()


@pytest.mark.parametrize("count", [100, 1000])
def test_letters_one_by_one(peer, count, verdict):
    """What n letters cost when each is a file: no more a letter than one alone, whatever n."""
    name, engine = peer
    if name in SLOW and count > 100:
        pytest.skip(f"{name} would take minutes")
    letters = written(count)

    def apart(draw):
        return lambda: [draw([one]) for one in letters]

    for i in (0, count // 2, count - 1):
        for draw in (ours, engine):
            checked(draw([letters[i]]), 1, i)
    found = turns({"ours": apart(ours), name: apart(engine)}, 1 if name in SLOW or count > 100 else 3, warm=0)
    for who, figure in found.items():
        note(f"{count} letters beside {name}, {who}: ms each, wall / cpu",
             f"{figure.wall / count:.2f} / {figure.cpu / count:.2f}")  # fmt: skip
    verdict.at_most(f"{count} letters: ours / {name}", spent(found["ours"], name) / spent(found[name], name), ONE[name],
                    **KNOWN.get(name, {}))  # fmt: skip
    verdict.say()


def test_letters_in_one_file(peer, verdict):
    name, engine = peer
    letters = written(100)
    engines = {"ours": ours, "ours, merged": merged, "canvas": canvas, name: engine}
    sizes = {who: checked(draw(letters), 100) for who, draw in engines.items()}
    found = turns({who: (lambda draw=draw: draw(letters)) for who, draw in engines.items()}, 1 if name in SLOW else 5)
    for who, figure in found.items():
        note(f"100 letters in one file beside {name}, {who}: ms each, wall / cpu, KB",
             f"{figure.wall / 100:.2f} / {figure.cpu / 100:.2f}, {sizes[who] / 1e3:.0f}")  # fmt: skip
    if name in TOGETHER:
        verdict.at_most(f"100 in one file: ours / {name}", spent(found["ours"], name) / spent(found[name], name),
                        TOGETHER[name])  # fmt: skip
    else:
        note(f"100 in one file: ours / {name}", f"{spent(found['ours'], name) / spent(found[name], name):.2f}")
    verdict.say()


def test_ten_times_the_letters_in_one_file_cost_ten_times(verdict):
    spent: dict[int, list[float]] = {100: [], 1000: []}
    for _ in range(3):
        for count, times in spent.items():
            letters = written(count)
            begun = time.process_time()
            pdf = ours(letters)
            times.append(time.process_time() - begun)
            checked(pdf, count)
    slope = math.log10(sorted(spent[1000])[1] / sorted(spent[100])[1])
    verdict.at_most("letters in one file: slope from 100 to 1,000", slope, 1.05)
    verdict.say()
