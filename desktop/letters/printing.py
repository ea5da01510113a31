"""The printers of the desk: the one in use, and how far each draws from where it is told."""

from db import preferences, store

WINDOWS = {
    "45x100": "Longue (DL), fenêtre 45 × 100",
    "35x100": "Longue (DL), fenêtre 35 × 100",
    "c5": "C5, feuille pliée en deux",
}
STRAIGHT = (0.0, 0.0)
_WINDOW, _OFFSETS = "letters.window", "printing.offsets"


def window() -> str:
    """The envelopes the place buys."""
    found = str(preferences.get(_WINDOW, "45x100"))
    return found if found in WINDOWS else "45x100"


def keep_window(profile: str) -> None:
    preferences.put(_WINDOW, profile)


def offset(printer: str) -> tuple[float, float]:
    """Millimetres to the right and down, as measured on the ruler page."""
    right, down = preferences.get(_OFFSETS, {}).get(printer, STRAIGHT)
    return right, down


def keep_offset(printer: str, measured: tuple[float, float]) -> None:
    preferences.put(_OFFSETS, preferences.get(_OFFSETS, {}) | {printer: measured})


def printers() -> tuple[str, ...]:
    from PySide6.QtPrintSupport import QPrinterInfo

    return tuple(QPrinterInfo.availablePrinterNames())


def usual() -> str:
    """The printer this desk used last, else the system's own; « » when there is none."""
    from PySide6.QtPrintSupport import QPrinterInfo

    kept = str(preferences.get(f"printing.{store.desk()}", ""))
    return kept if kept in printers() else QPrinterInfo.defaultPrinterName()


def keep_usual(printer: str) -> None:
    if printer and printer != preferences.get(f"printing.{store.desk()}"):
        preferences.put(f"printing.{store.desk()}", printer)


def sheet_printer(name: str = ""):
    """A QPrinter that draws A4 to the edges, on one side only: a copy never starts on the back of another."""
    from PySide6.QtGui import QPageSize
    from PySide6.QtPrintSupport import QPrinter

    made = QPrinter(QPrinter.PrinterMode.HighResolution)
    if name:
        made.setPrinterName(name)
    made.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    made.setFullPage(True)
    made.setDuplex(QPrinter.DuplexMode.DuplexNone)
    made.setDocName("Courrier")
    return made
