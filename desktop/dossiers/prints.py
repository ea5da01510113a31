"""The documents of a dossier: what is read from the file meets what is drawn on paper. One line adds one."""

from collections.abc import Callable
from datetime import date

from db import dossiers, money, preferences
from desktop.documents import dossier_sheets
from desktop.dossiers import papers_page, readings_page


def instalments(dossier: str) -> tuple[str, bytes]:
    """The plan of payments, as it stands today."""
    sheet, place = dossiers.sheet(dossier), preferences.place()
    payments = [
        dossier_sheets.Due(each.due_on, each.cents, each.paid_on) for each in money.of_dossier(dossier).payments
    ]
    lines = [line for line in (place.name, place.address, place.town) if line]
    pdf = dossier_sheets.instalment_sheet(
        lines, date.today(), sheet.person_name, sheet.partner_name, sheet.reference, payments
    )
    return dossier_sheets.TITLE, pdf


DOCUMENTS: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "echeancier": instalments,
    "papiers": papers_page.printed,
    "releves": readings_page.printed,
}


def document(name: str, dossier: str) -> tuple[str, bytes]:
    """Its title and its pages."""
    return DOCUMENTS[name](dossier)
