"""Structure in a PDF: what is a title, a paragraph, a list, and in which order it is read aloud.

« Balisé », and no more is claimed: ReportLab writes no structure, so the tree is written here, with its own objects.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from reportlab.pdfbase.pdfdoc import PDFArray, PDFDictionary, PDFName, PDFObjectReference, PDFStream, PDFString
from reportlab.pdfgen.canvas import Canvas

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:language><rdf:Bag><rdf:li>{lang}</rdf:li></rdf:Bag></dc:language>
<xmp:CreatorTool>Guichet</xmp:CreatorTool>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


@dataclass(eq=False)
class Element:
    """A node of the tree; it joins the tree when something of it is first drawn, so reading follows drawing."""

    kind: str  # P, H1, H2, L, LI, Lbl, LBody, Table, TR, TD
    parent: "Element | None" = None
    children: "list[Element | Mark]" = field(default_factory=list)
    said: str = ""  # read aloud in place of a drawing


@dataclass(frozen=True)
class Mark:
    """One stretch of a page, by its number on that page."""

    page: int
    number: int


class Tags:
    """The tree of one document and, page by page, which element each stretch belongs to."""

    def __init__(self) -> None:
        self.root = Element("Document")
        self.pages: dict[int, list[Element]] = {}

    def mark(self, element: Element, page: int) -> int:
        """The number of one more stretch of this element."""
        owners = self.pages.setdefault(page, [])
        mark = Mark(page, len(owners))
        owners.append(element)
        element.children.append(mark)
        while element is not self.root:
            parent = element.parent or self.root
            if element in parent.children:
                break
            parent.children.append(element)
            element = parent
        return mark.number


@contextmanager
def marked(canvas: Canvas, element: Element | None) -> Iterator[None]:
    """What is drawn inside belongs to this element; None is decoration, never read aloud."""
    tags: Tags | None = getattr(canvas, "tags", None)
    if tags is None:
        yield
        return
    kind = "/Artifact BMC"
    if element is not None:
        kind = f"/{element.kind} <</MCID {tags.mark(element, canvas.getPageNumber())}>> BDC"
    canvas.addLiteral(kind)
    yield
    canvas.addLiteral("EMC")


def write(canvas: Canvas, tags: Tags, title: str, lang: str) -> None:
    """The tree, its index by page and the metadata, added to the catalogue before the file is saved."""
    document = canvas._doc
    tree = PDFDictionary({"Type": PDFName("StructTreeRoot")})
    root = document.Reference(tree)
    references: dict[Element, PDFObjectReference] = {}

    def page(number: int) -> PDFObjectReference:
        return PDFObjectReference(f"Page{number}")

    def add(element: Element, parent: PDFObjectReference) -> PDFObjectReference:
        node = PDFDictionary({"Type": PDFName("StructElem"), "S": PDFName(element.kind), "P": parent})
        references[element] = own = document.Reference(node)
        if element.said:
            node["ActualText"] = PDFString(element.said)
        node["K"] = PDFArray(
            PDFDictionary({"Type": PDFName("MCR"), "Pg": page(child.page), "MCID": child.number})
            if isinstance(child, Mark)
            else add(child, own)
            for child in element.children
        )
        return own

    tree["K"] = add(tags.root, root)
    numbers: list[Any] = []
    for number in range(1, canvas.getPageNumber()):
        sheet = document.idToObject[f"Page{number}"]
        sheet.__NoDefault__ = [*sheet.__NoDefault__, "StructParents", "Tabs"]
        sheet.StructParents, sheet.Tabs = number - 1, PDFName("S")
        numbers += [number - 1, PDFArray(references[element] for element in tags.pages.get(number, ()))]
    tree["ParentTree"] = document.Reference(PDFDictionary({"Nums": PDFArray(numbers)}))
    tree["ParentTreeNextKey"] = len(numbers) // 2
    xmp = PDFStream(
        PDFDictionary({"Type": PDFName("Metadata"), "Subtype": PDFName("XML")}),
        _XMP.format(title=escape(title), lang=lang).encode(),
    )
    catalog = document.Catalog
    catalog.StructTreeRoot, catalog.Metadata = tree, xmp
    catalog.MarkInfo = PDFDictionary({"Marked": "true"})
