"""The real PDF on the screen and on the printer: one raster engine (pypdfium2) for both."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from desktop.widgets.look import LOOK, px

POINT = 72
MILLIMETRES = 25.4  # an inch
PRINT_DPI = 300


def page_count(pdf: bytes) -> int:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return len(document)


def raster(pdf: bytes, page: int, scale: float) -> QImage:
    """One page, `scale` pixels a point."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[page].render(scale=scale, rev_byteorder=True, prefer_bgrx=True)
        image = QImage(bitmap.buffer, bitmap.width, bitmap.height, bitmap.stride, QImage.Format.Format_RGBX8888)
        return image.copy()


def page_width(pdf: bytes, page: int) -> float:
    """In points, as the page is seen."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        return document[page].get_width()


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
    """The pages under one another, as wide as the room allows."""

    def __init__(self) -> None:
        super().__init__()
        self.pdf = b""
        self._pages: list[QImage] = []
        self._drawn = (b"", 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def show_pdf(self, pdf: bytes) -> None:
        self.pdf = pdf
        self._draw()

    def resizeEvent(self, event) -> None:
        self._draw()

    def _draw(self) -> None:
        width = max(px(120), self.width() - 2)
        if self._drawn == (self.pdf, width):
            return
        self._drawn = (self.pdf, width)
        ratio = self.devicePixelRatioF()
        self._pages = []
        for page in range(page_count(self.pdf) if self.pdf else 0):
            image = raster(self.pdf, page, width * ratio / page_width(self.pdf, page))
            image.setDevicePixelRatio(ratio)
            self._pages.append(image)
        height = sum(round(i.height() / ratio) + 10 for i in self._pages) or px(200)
        self.setMinimumHeight(height)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(320), self.minimumHeight())

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        top = 1.0
        for image in self._pages:
            size = image.deviceIndependentSize()
            painter.drawImage(QRectF(1, top, size.width(), size.height()), image)
            painter.setPen(QColor(LOOK.tokens.border))
            painter.drawRect(QRectF(0.5, top - 0.5, size.width() + 1, size.height() + 1))
            top += size.height() + 10
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
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)

    def show_pdf(self, pdf: bytes) -> None:
        self._paper.show_pdf(pdf)

    def pdf(self) -> bytes:
        return self._paper.pdf
