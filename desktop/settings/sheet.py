"""The recovery sheet: seen, printed or saved, then proved kept by copying its last group."""

from datetime import date
from pathlib import Path

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPageSize, QPainter
from PySide6.QtWidgets import QDialog, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.settings.layouts import Beside
from desktop.widgets import look
from desktop.widgets.buttons import KeyButton
from desktop.widgets.file_dialog import ask_where
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, restyle
from desktop.widgets.look import LOOK, px

_READ_AS = str.maketrans("OIL", "011")


class SheetPage(QWidget):
    """`kept` once the last group has been copied from the paper; the preview hides that group."""

    kept = Signal()

    def __init__(self, *, framed: bool = True) -> None:
        super().__init__()
        self._code, self._pdf = "", b""
        self._dialog: QWidget | None = None
        self.preview = Preview()
        side = Panel() if framed else Panel(margins=(0, 0, 0, 0))
        side.setObjectName("card" if framed else "")
        self.print_button = KeyButton("Imprimer", "", "printer", name="Imprimer la fiche de secours")
        self.print_button.clicked.connect(self.print)
        self.save_button = KeyButton("Enregistrer…", "", "save", name="Enregistrer la fiche de secours")
        self.save_button.clicked.connect(self.save)
        self.by_hand = KeyButton("Copier à la main", icon="pencil", kind="quiet")
        self.by_hand.clicked.connect(self._show_code)
        self.shown_code = label("", "section", wrap=True)
        self.shown_code.hide()
        self.group = QLineEdit()
        self.group.setMaxLength(8)
        self.group.setAccessibleName("Dernier groupe du code")
        self.group.textChanged.connect(self._typed)
        self.group.installEventFilter(self)
        self.note = label("", "hint", wrap=True)
        side.add(
            label("Gardez-la au coffre", "section"),
            label("Elle ouvre tout si chacun oublie sa phrase.", wrap=True),
            label("Sans elle et sans phrase, personne ne relit rien.", wrap=True),
        )
        side.column.addLayout(Flow(self.print_button, self.save_button, self.by_hand, spacing=8))
        side.add(label("Enregistrez sur une clé, jamais sur ce poste.", "hint", wrap=True), self.shown_code)
        side.column.addSpacing(8)
        title = label("Recopiez le dernier groupe du code", "label", wrap=True)
        title.setBuddy(self.group)
        side.add(title, self.group, self.note)
        side.column.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Beside(self.preview, side, stretches=(2, 3)))
        self._resize()
        LOOK.changed.connect(self._resize)

    def _resize(self) -> None:
        self.group.setFixedWidth(px(150))

    def show_code(self, place_name: str, code: str, day: date) -> None:
        """Draw the sheet of this code; `code` is in groups, as keys gives it."""
        from desktop.documents.sheets import recovery_sheet

        self._code = code
        self._pdf = recovery_sheet(place_name, code, day)
        last = code.split("-")[-1]
        self.preview.show_page(page_image(recovery_sheet(place_name, code[: -len(last)] + "X" * len(last), day), 1.6))
        self.shown_code.hide()
        self.group.setText("")
        self.show_problem("")

    def is_kept(self) -> bool:
        """The last group was read on the paper, whatever the case and the look-alikes."""
        typed = "".join(c for c in self.group.text().upper() if c.isalnum()).translate(_READ_AS)
        return bool(self._code) and typed == self._code.split("-")[-1]

    def check(self) -> bool:
        """Say what is missing when the group is not the right one."""
        if not self.is_kept():
            self.show_problem("Recopiez les quatre derniers signes de la fiche.")
            self.group.setFocus()
        return self.is_kept()

    def show_problem(self, sentence: str) -> None:
        self.note.setText(sentence or "L’aperçu le cache : lisez-le sur la feuille.")
        restyle(self.note, "role", "error" if sentence else "hint")
        restyle(self.group, "wrong", "true" if sentence else "false")
        self.group.setAccessibleDescription(self.note.text())

    def forget(self) -> None:
        self._code, self._pdf = "", b""
        self.preview.show_page(QImage())
        self.shown_code.clear()
        self.shown_code.hide()
        self.group.setText("")
        if self._dialog is not None:
            self._dialog.close()

    def print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName("Fiche de secours")
        dialog = QPrintDialog(printer, self)
        dialog.accepted.connect(self._print_accepted)
        self._open(dialog)

    def save(self) -> None:
        name, kinds = "fiche-de-secours.pdf", "Document PDF (*.pdf)"
        self._dialog = ask_where(self, "Enregistrer la fiche de secours", name, kinds, self.write)
        self._dialog.finished.connect(self._closed)

    def write(self, path: str) -> None:
        """Save the sheet itself, with its whole code."""
        try:
            Path(path).write_bytes(self._pdf)
        except OSError:
            self.show_problem("Choisissez une autre clé : celle-ci refuse le fichier.")
            return
        self.show_problem("")
        self.note.setText(f"Fiche enregistrée : {Path(path).name}.")
        self.group.setFocus()

    def _open(self, dialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        self._dialog = dialog
        QDialog.open(dialog)  # QPrintDialog hides it behind an `open` of its own

    def _closed(self, _result: int) -> None:
        self._dialog = None
        self.group.setFocus()

    def _print_accepted(self) -> None:
        self.send(self._dialog.printer())

    def send(self, printer) -> None:
        """Paint the sheet, at 300 dots an inch, on a whole A4 page."""
        printer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
        printer.setFullPage(True)
        painter = QPainter()
        if not painter.begin(printer):
            self.show_problem("Vérifiez l’imprimante, puis recommencez.")
            return
        painter.drawImage(QRectF(painter.viewport()), page_image(self._pdf, 300 / 72))
        painter.end()
        self.note.setText("Fiche envoyée à l’imprimante.")

    def _show_code(self) -> None:
        self.shown_code.setText(self._code)
        self.shown_code.show()

    def _typed(self) -> None:
        self.show_problem("")
        if self.is_kept():
            self.note.setText("C’est le bon groupe.")
            self.kept.emit()

    def eventFilter(self, watched, event) -> bool:
        if watched is self.group and event.type() == QEvent.Type.FocusIn:
            self.shown_code.hide()  # the group is read on paper, not on the screen
        return False


class Preview(QWidget):
    """A page of paper, as large as the room allows."""

    def __init__(self) -> None:
        super().__init__()
        self._image = QImage()
        self.setAccessibleName("Aperçu de la fiche de secours")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_page(self, image: QImage) -> None:
        self._image = image
        self.update()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 340)

    def sizeHint(self) -> QSize:
        return QSize(360, 430)

    def paintEvent(self, event) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self._image.size().scaled(self.size() - QSize(2, 2), Qt.AspectRatioMode.KeepAspectRatio)
        area = QRectF((self.width() - size.width()) / 2, 1, size.width(), size.height())
        painter.drawImage(area, self._image)
        painter.setPen(look.color("border"))
        painter.drawRect(area)
        painter.end()


def page_image(pdf: bytes, scale: float) -> QImage:
    """The first page as a raster; `scale` 1 is 72 dots an inch."""
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[0].render(scale=scale, rev_byteorder=True)
        raw = bytes(bitmap.buffer)
        kind = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBA8888
        return QImage(raw, bitmap.width, bitmap.height, bitmap.stride, kind).copy()
