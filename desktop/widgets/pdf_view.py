"""The real PDF on the screen and on the printer: one raster engine (pypdfium2) for both."""

from math import ceil

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from desktop.widgets.look import LOOK, px

POINT = 72
MILLIMETRES = 25.4  # an inch
PRINT_DPI = 300
_GAP = 10  # pixels between two pages


def page_count(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def raster(pdf: bytes, page: int, scale: float) -> QImage:
    """One page, `scale` pixels a point, in the screen's own format."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[page].render(scale=scale, prefer_bgrx=True)
        image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGB32)
        return image.copy()


def _sizes(pdf: bytes) -> list[tuple[float, float]]:
    """Width and height of each page, in points, as it is seen."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return [document.get_page_size(page) for page in range(len(document))]


def paint_on(printer, pdf: bytes, offset: tuple[float, float] = (0.0, 0.0)) -> bool:
    """Paint every page on a QPrinter, 1:1: the window of the envelope forgives nothing. False when it refuses.

    `offset`: millimetres to the right and down, for a printer that does not draw where it is told.
    """
    painter = QPainter()
    if not painter.begin(printer):
        return False
    dots = printer.resolution() / POINT
    inside = printer.pageLayout().paintRectPixels(printer.resolution())
    right, down = (length * printer.resolution() / MILLIMETRES for length in offset)
    for page in range(page_count(pdf)):
        if page:
            printer.newPage()
        image = raster(pdf, page, PRINT_DPI / POINT)
        width, height = image.width() * POINT / PRINT_DPI, image.height() * POINT / PRINT_DPI
        painter.drawImage(QRectF(right - inside.x(), down - inside.y(), width * dots, height * dots), image)
    return painter.end()


class _Paper(QWidget):
    """The pages under one another, as wide as the room allows; only those in sight are rastered."""

    def __init__(self) -> None:
        super().__init__()
        self.pdf = b""
        self.places: list[tuple[QRect, float]] = []  # and its scale
        self._pages: dict[int, QImage] = {}
        self._drawn = (b"", 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_pdf(self, pdf: bytes) -> None:
        self.pdf = pdf
        self._place()

    def resizeEvent(self, event) -> None:
        self._place()

    def _place(self) -> None:
        width = max(px(120), self.width() - 2)
        if self._drawn == (self.pdf, width):
            return
        self._drawn = (self.pdf, width)
        self.places, self._pages = [], {}
        top = 1
        for wide, tall in _sizes(self.pdf) if self.pdf else ():
            scale = width / wide
            place = QRect(1, top, width, ceil(tall * scale))
            self.places.append((place, scale))
            top += place.height() + _GAP
        self.setMinimumHeight(top - 1 or px(200))
        self.update()

    def _page(self, page: int) -> QImage:
        if page not in self._pages:
            ratio = self.devicePixelRatioF()
            self._pages[page] = raster(self.pdf, page, self.places[page][1] * ratio)
            self._pages[page].setDevicePixelRatio(ratio)
        return self._pages[page]

    def sizeHint(self) -> QSize:
        return QSize(px(320), self.minimumHeight())

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.setPen(QColor(LOOK.tokens.border))
        for page, (place, _) in enumerate(self.places):
            around = place.adjusted(-1, -1, 1, 1)
            if around.intersects(event.rect()):
                painter.drawImage(place.topLeft(), self._page(page))
                painter.drawRect(QRectF(around).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


class PdfView(QScrollArea):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._paper = _Paper()
        self.setWidget(self._paper)
        self.setWidgetResizable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_pdf(self, pdf: bytes) -> None:
        """The bar is there with the first page, so that no page comes to change the width of the others."""
        shown = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if pdf else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(shown)
        self._paper.show_pdf(pdf)

    def pdf(self) -> bytes:
        return self._paper.pdf

    def page_count(self) -> int:
        return len(self._paper.places)
