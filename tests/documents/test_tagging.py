"""The structure of a saved PDF, read back by pikepdf and poppler."""

import io
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pikepdf
import pypdfium2
import pytest

from desktop.documents.content import Block, Letter, Party
from desktop.documents.letter import render
from desktop.documents.templates import fill, read_template

DAY = date(2026, 11, 23)
AICHA = Party("Aïcha Œuvrard-Nguyễn", "Madame", ("18 rue des Exemples", "69100 Villeurbanne"), "06 00 00 00 00")
SERVICE = Party("Énergie de l’Exemple", lines=("TSA 00000", "62978 Arras cedex 9"))
PLACE = Party("PIMMS de l’Exemple", lines=("1 rue Fictive", "69100 Villeurbanne"))


def filled(id: str, sender: Party = AICHA) -> Letter:
    template = read_template(id)
    return fill(template, template.example, sender=sender, addressee=SERVICE, day=DAY)


ENERGY = filled("energie-echeancier")
SENTENCES = Block("text", ("Une phrase de plus, pour voir la page suivante. " * 9,))
LETTERS = {
    "lettre": ENERGY,
    "deux pages": replace(ENERGY, body=ENERGY.body + (SENTENCES,) * 7, copies=("Un service", "Un autre")),
    "attestation": filled("attestation-hebergement"),
    "fiche": filled("fiche-orientation", PLACE),
    "main propre": replace(ENERGY, countersigned=True, body=(*ENERGY.body, Block("boxes", ("Une case", "Une autre")))),
    "lignes": replace(ENERGY, body=(*ENERGY.body, Block("ruled", ("",) * 9))),
}


def flat(text: str) -> str:
    return " ".join("".join(c for c in text if not "\ue000" <= c <= "\uf8ff").split())


def content(page: pikepdf.Page) -> list[tuple[int | None, str]]:
    """Each stretch of marked content, in drawing order: its number, None for decoration, and its operators."""
    found: list[tuple[int | None, str]] = []
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name in ("BDC", "BMC"):
            depth += 1
            assert depth == 1, "marked content is not nested"
            number = int(operands[1]["/MCID"]) if name == "BDC" else None
            assert number is not None or str(operands[0]) == "/Artifact"
            found.append((number, str(operands[0])))
        elif name == "EMC":
            depth -= 1
        else:
            painted = name in ("Tj", "TJ", "S", "f", "f*", "B", "Do")
            assert depth or not painted, f"{name} outside marked content"
    assert depth == 0
    return found


def leaves(element: pikepdf.Dictionary, path: tuple[str, ...] = ()):
    """Every stretch of the tree in reading order: path of its elements, page, number."""
    here = (*path, str(element.S).lstrip("/"))
    for child in element.K:
        if child.get("/Type") == "/MCR":
            yield here, child.Pg.objgen, int(child.MCID)
        else:
            assert child.P.objgen == element.objgen
            yield from leaves(child, here)


@pytest.mark.parametrize("name", LETTERS)
def test_every_stretch_is_in_the_tree_once_and_read_in_the_order_it_is_seen(name):
    with pikepdf.open(stream(render(LETTERS[name], number="N° 7", tagged=True))) as pdf:
        assert pdf.check_pdf_syntax() == []
        root = pdf.Root.StructTreeRoot
        assert str(root.K.S) == "/Document"
        read = list(leaves(root.K))
        drawn = [(page.obj.objgen, n) for page in pdf.pages for n, _ in content(page) if n is not None]
        assert [(page, number) for _, page, number in read] == drawn
        assert len(set(drawn)) == len(drawn)
        numbers = root.ParentTree.Nums
        for page in pdf.pages:
            index = list(numbers[::2]).index(page.StructParents)
            owners = numbers[2 * index + 1]
            kinds = [kind.lstrip("/") for number, kind in content(page) if number is not None]
            assert [str(owner.S).lstrip("/") for owner in owners] == kinds
            assert str(page.Tabs) == "/S"


@pytest.mark.parametrize("name", LETTERS)
def test_the_tree_reads_the_whole_letter_and_no_decoration(name):
    letter = LETTERS[name]
    told = said(letter)
    for line in (*letter.sender, *letter.addressee, letter.subject, letter.closing, *letter.enclosures, *letter.copies):
        assert flat(line) in told
    for block in letter.body:
        for line in block.lines:
            assert all(word in told for word in flat(line.replace("\ue004", " ")).split())
    assert "page 1/" not in told
    assert "N° 7" not in told


def test_lines_of_a_paragraph_do_not_melt_into_one_word():
    assert flat(SENTENCES.lines[0]) in said(LETTERS["deux pages"])


def test_titles_lists_and_tables_are_what_they_are():
    assert kinds("lettre")["H1"] == 1
    assert kinds("lettre")["TR"] == 5
    assert kinds("lettre")["TD"] == 10
    assert kinds("lettre")["LI"] == kinds("lettre")["Lbl"] == kinds("lettre")["LBody"] == 3
    assert kinds("fiche")["H1"] == 1
    assert kinds("fiche")["H2"] == sum(block.kind == "heading" for block in LETTERS["fiche"].body)
    assert kinds("attestation")["H1"] == 1
    assert kinds("main propre")["LI"] == 5


def kinds(name: str) -> dict[str, int]:
    found: dict[str, int] = {}

    def count(element) -> None:
        found[str(element.S).lstrip("/")] = found.get(str(element.S).lstrip("/"), 0) + 1
        for child in element.K:
            if child.get("/Type") != "/MCR":
                count(child)

    with pikepdf.open(stream(render(LETTERS[name], tagged=True))) as pdf:
        count(pdf.Root.StructTreeRoot.K)
    return found


def test_a_paragraph_cut_by_a_page_is_still_one_paragraph():
    with pikepdf.open(stream(render(LETTERS["deux pages"], tagged=True))) as pdf:
        pages_of = [
            {child.Pg.objgen for child in element.K if child.get("/Type") == "/MCR"}
            for element in pdf.Root.StructTreeRoot.K.K
        ]
    assert sum(len(pages) == 2 for pages in pages_of) == 1


def test_the_catalogue_gives_the_language_the_title_and_says_it_is_tagged():
    letter = replace(ENERGY, title="Électricité & gaz <payer>")
    with pikepdf.open(stream(render(letter, tagged=True))) as pdf:
        assert str(pdf.Root.Lang) == "fr-FR"
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        with pdf.open_metadata() as xmp:
            assert xmp["dc:title"] == letter.title
            assert not any("pdfua" in key for key in xmp)
        assert str(pdf.docinfo.Title) == letter.title


def test_only_the_saved_pdf_is_tagged_and_both_look_the_same():
    for letter in LETTERS.values():
        plain, tagged = render(letter), render(letter, tagged=True)
        assert b"StructTreeRoot" not in plain
        assert b"/Artifact" not in plain
        assert seen(plain) == seen(tagged)


def test_a_tagged_letter_gives_the_same_bytes_each_time():
    letter = LETTERS["deux pages"]
    assert render(letter, tagged=True) == render(letter, tagged=True)
    assert len(re.findall(rb"/ID\s*\n?\[<([0-9a-f]{32})><\1>\]", render(letter, tagged=True))) == 1


@pytest.mark.skipif(shutil.which("pdfinfo") is None, reason="poppler is not installed")
def test_poppler_reads_the_same_tree(tmp_path):
    (tmp_path / "lettre.pdf").write_bytes(render(ENERGY, tagged=True))
    ran = subprocess.run(
        ["pdfinfo", "-struct-text", str(tmp_path / "lettre.pdf")], capture_output=True, text=True, check=True
    )
    assert ran.stderr == ""
    told = flat(re.sub(r'^ *"|"$', "", ran.stdout, flags=re.MULTILINE))
    assert "H1 (block) Objet : demande de paiement en plusieurs fois" in told
    assert "L (block) LI (block) Lbl (block) 1. LBody (block) copie de la facture" in told
    assert "TR TD Total TD 412,60 €" in told


def stream(pdf: bytes) -> io.BytesIO:
    return io.BytesIO(pdf)


def said(letter: Letter) -> str:
    """What a reader of the tree says: the text of each stretch, element after element."""
    pdf = render(letter, number="N° 7", tagged=True)
    texts: dict[tuple[int, int], str] = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for index, page in enumerate(document):
            textpage = page.get_textpage()
            for item in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], textpage=textpage):
                number = pypdfium2.raw.FPDFPageObj_GetMarkedContentID(item)
                if number >= 0:
                    texts[index, number] = texts.get((index, number), "") + item.extract()
    told: list[str] = []
    with pikepdf.open(stream(pdf)) as tree:
        index_of = {page.obj.objgen: i for i, page in enumerate(tree.pages)}
        for _, page, number in leaves(tree.Root.StructTreeRoot.K):
            told.append(texts.get((index_of[page], number), ""))
    return flat(" ".join(told))


def seen(pdf: bytes) -> list[list[tuple[str, list[str]]]]:
    """What each page draws, without the marks and the spaces they end lines with: pixels hang on how pdfium rounds."""
    with pikepdf.open(stream(pdf)) as document:
        return [
            [
                (str(does), [str(with_).rstrip() for with_ in given])
                for given, does in drawn
                if str(does) not in ("BDC", "BMC", "EMC")
            ]
            for drawn in map(pikepdf.parse_content_stream, document.pages)
        ]
