"""The same letter by other hands: each engine lays the same words out in the same two faces, and gives the bytes of a PDF.

Peers that are no dependency of ours are looked for in the folder GUICHET_BENCH_PEERS (a site-packages), after our own path.
"""

import html
import io
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from desktop.documents import letter, templates
from desktop.documents.content import CELL, MARKS, Letter, Party
from desktop.paths import RESOURCES

FONTS = RESOURCES / "fonts" / "source-sans-3"
FILES = {"": FONTS / "SourceSans3_400Regular.ttf", "B": FONTS / "SourceSans3_700Bold.ttf"}
NAME = "Aïcha Œuvrard-Nguyễn"
Engine = Callable[[Sequence[Letter]], bytes]


class Absent(Exception):
    """This peer is not on this machine; the message says what was looked for."""


@cache
def written(count: int) -> tuple[Letter, ...]:
    """The letter « payer en plusieurs fois », with words, sums and a number of its own each time."""
    template = templates.read_template("energie-echeancier")
    addressee = Party("Énergie de l’Exemple", lines=("TSA 00000", "62978 Arras cedex 9"))
    reasons = next(field.choices for field in template.fields if field.name == "motif")

    def one(i: int) -> Letter:
        sender = Party(NAME, "Madame", (f"{i + 1} rue des Exemples", "69100 Villeurbanne"), "06 00 00 00 00")
        given = {"dette": f"{412 + i},60", "motif": reasons[i % len(reasons)], "reference_client": f"dossier {i}"}
        values = template.example | given
        return templates.fill(template, values, sender=sender, addressee=addressee, day=date(2026, 11, 23))

    return tuple(map(one, range(count)))


def _bare(text: str) -> str:
    return "".join(c for c in text.replace(CELL, " : ") if c not in MARKS)


def _parts(one: Letter) -> list[tuple[str, str]]:
    """Where each line goes: left, right, bold or body; one paragraph each."""
    body = [("body", _bare(line)) for block in one.body for line in block.lines]
    heads = [("body", one.sending), ("bold", f"Objet : {one.subject}"), ("body", f"Réf. : {one.reference}")]
    ends = [("body", one.closing), ("right", one.signatures[0]), ("body", "Pièces jointes :")]
    return [
        *(("left", line) for line in one.sender), *(("right", line) for line in one.addressee),
        ("right", one.place_and_date), *heads, *body, *ends, *(("body", f"– {line}") for line in one.enclosures),
    ]  # fmt: skip


def ours(letters: Sequence[Letter]) -> bytes:
    return letter.render(letters[0]) if len(letters) == 1 else letter.render_all(letters)


def merged(letters: Sequence[Letter]) -> bytes:
    """Ours, letter by letter, then put together: each keeps its own fonts."""
    from desktop.documents.bundle import merge

    return merge([(letter.render(one), 1) for one in letters])


@cache
def _stock() -> tuple[str, str]:
    """The two faces as ReportLab takes them by itself; under the same face name they would be ours, subsets remembered."""
    for style, path in FILES.items():
        font = TTFont(f"stock{style}", path)
        font.face.name += b"-stock"
        registerFont(font)
    return "stock", "stockB"


def canvas(letters: Sequence[Letter]) -> bytes:
    """The low-level floor: strings drawn where they are told, lines broken beforehand, nothing laid out."""
    regular, strong = _stock()
    buffer = io.BytesIO()
    drawn = Canvas(buffer, pagesize=A4, initialFontName=regular)
    for one in letters:
        y = 800
        for kind, text in _parts(one):
            for start in range(0, len(text), 90):
                drawn.setFont(strong if kind == "bold" else regular, 11)
                drawn.drawString(312 if kind == "right" else 71, y, text[start : start + 90])
                y -= 15
        drawn.showPage()
    drawn.save()
    return buffer.getvalue()


def platypus() -> Engine:
    """Stock ReportLab: paragraphs in a simple document (with `rl_accel`, as ours)."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

    regular, strong = _stock()
    fonts = {"left": (regular, 0), "right": (regular, 240), "body": (regular, 0), "bold": (strong, 0)}
    like = {
        kind: ParagraphStyle(kind, fontName=font, fontSize=11, leading=15, leftIndent=indent)
        for kind, (font, indent) in fonts.items()
    }

    def draw(letters: Sequence[Letter]) -> bytes:
        buffer, flow = io.BytesIO(), []
        for i, one in enumerate(letters):
            flow += [PageBreak()] * bool(i)
            for kind, text in _parts(one):
                flow += [Paragraph(html.escape(text), like[kind]), Spacer(1, 5 if kind == "body" else 0)]
        SimpleDocTemplate(buffer, pagesize=A4).build(flow)
        return buffer.getvalue()

    return draw


def typst() -> Engine:
    module = _imported("typst")
    start = '#set page(paper: "a4", margin: 25mm)\n#set text(font: "Source Sans 3", size: 11pt, lang: "fr")\n#set par(leading: 4pt)\n'
    shape = {"left": "#block(spacing: 4pt)[{}]", "right": "#block(spacing: 4pt, inset: (left: 85mm))[{}]",
             "body": "#block(spacing: 9pt)[{}]", "bold": "#block(spacing: 9pt)[*{}*]"}  # fmt: skip
    compiler = module.Compiler(font_paths=[str(FONTS)], ignore_system_fonts=True)

    def safe(text: str) -> str:
        return "".join(f"\\{c}" if c in "\\#*_$<>@`~[]=-+/'\"" else c for c in text)

    def draw(letters: Sequence[Letter]) -> bytes:
        pages = ("\n".join(shape[kind].format(safe(text)) for kind, text in _parts(one)) for one in letters)
        return compiler.compile(input=(start + "\n#pagebreak()\n".join(pages)).encode(), format="pdf")

    return draw


def weasyprint() -> Engine:
    module = _imported("weasyprint")
    from weasyprint.text.fonts import FontConfiguration

    faces = "".join(f"@font-face {{ font-family: S; font-weight: {weight}; src: url(file://{path}) }}"
                    for weight, path in (("400", FILES[""]), ("700", FILES["B"])))  # fmt: skip
    config = FontConfiguration()
    css = module.CSS(string=faces + "@page { size: A4; margin: 25mm } body { font: 11pt/15pt S } p { margin: 0 0 5pt }"
                     ".left, .right { margin: 0 } .right { padding-left: 85mm } .bold { font-weight: 700 }"
                     "section + section { break-before: page }", font_config=config)  # fmt: skip

    def draw(letters: Sequence[Letter]) -> bytes:
        return module.HTML(string=_as_html(letters)).write_pdf(stylesheets=[css], font_config=config)

    return draw


def fpdf2() -> Engine:
    module = _imported("fpdf")

    def draw(letters: Sequence[Letter]) -> bytes:
        made = module.FPDF(format="A4")
        made.set_margin(25)
        for style, path in FILES.items():
            made.add_font("S", style, path)
        for one in letters:
            made.add_page()
            for kind, text in _parts(one):
                made.set_font("S", "B" if kind == "bold" else "", 11)
                made.set_x(110 if kind == "right" else 25)
                made.multi_cell(0, 5.3, text, align="L", new_x="LMARGIN", new_y="NEXT")
                made.ln(1.7 if kind == "body" else 0.01)
        return bytes(made.output())

    return draw


def libreoffice() -> Engine:
    """One process for each file, as a program that calls it must; its own font folder shows it the two faces."""
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if not program:
        raise Absent("LibreOffice is not installed")
    home = Path(tempfile.gettempdir()) / "guichet-bench-office"
    home.mkdir(exist_ok=True)
    fonts = home / "fonts.conf"
    fonts.write_text(f"<fontconfig><dir>{FONTS}</dir><cachedir>{home}/fonts</cachedir></fontconfig>", "utf-8")
    css = ("@page { size: 21cm 29.7cm; margin: 25mm } p { font: 11pt/15pt 'Source Sans 3'; margin: 0 0 5pt }"
           ".left, .right { margin: 0 } .right { margin-left: 85mm } .bold { font-weight: bold }")  # fmt: skip

    def draw(letters: Sequence[Letter]) -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            source = Path(folder) / "lettre.html"
            text = _as_html(letters).replace("<body>", f"<style>{css}</style><body>")
            source.write_text(text.replace("</section><section><p", '<p style="page-break-before: always"'), "utf-8")
            subprocess.run([program, f"-env:UserInstallation=file://{home}", "--headless", "--infilter=HTML (StarWriter)",
                            "--convert-to", "pdf:writer_pdf_Export", "--outdir", folder, str(source)],
                           check=True, capture_output=True, timeout=120,
                           env=os.environ | {"FONTCONFIG_FILE": str(fonts)})  # fmt: skip
            return source.with_suffix(".pdf").read_bytes()

    return draw


PEERS: dict[str, Callable[[], Engine]] = {
    "platypus": platypus, "typst": typst, "weasyprint": weasyprint, "fpdf2": fpdf2, "libreoffice": libreoffice
}  # fmt: skip


def _as_html(letters: Sequence[Letter]) -> str:
    pages = ("".join(f'<p class="{kind}">{html.escape(text)}</p>' for kind, text in _parts(one)) for one in letters)
    sections = "".join(f"<section>{page}</section>" for page in pages)
    return f'<html lang="fr"><meta charset="utf-8"><title>Lettre</title><body>{sections}</body></html>'


def _imported(name: str):
    folder = os.environ.get("GUICHET_BENCH_PEERS", "")
    if folder and folder not in sys.path:
        sys.path.append(folder)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # theirs, about their own libraries
            return __import__(name)
    except (ImportError, OSError) as problem:
        raise Absent(f"{name}: {problem}; GUICHET_BENCH_PEERS names a site-packages that has it") from problem
