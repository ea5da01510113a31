"""What is cut, blanked or erased when its time is over."""

from datetime import date, timedelta

from db import attachments, call_lists, lists, store
from db.ids import now
from db.schema import Demand, DossierReading, Draft, Letter, UnlinkedDemand, Visit

DRAFTS_KEPT = timedelta(days=30)
READINGS_KEPT = timedelta(days=365)


def end_day(day: date) -> int:
    """Cut the link between a named person and a sensitive sub-theme, unless a dossier needs it; how many were cut.

    The theme stays on the demand; the sub-theme goes, unlinked, to the month's count (domain.md).
    """
    cut = 0
    rows = (
        Demand.select(Demand, Visit)
        .join(Visit)
        .where(Visit.person.is_null(False), Visit.day <= day, Demand.dossier.is_null(), Demand.subtheme != "")
    )
    with store.act(""):
        for row in rows:
            if lists.is_sensitive(row.theme, row.subtheme):
                month = row.visit.day.isoformat()[:7]
                if row.removed_at is None:
                    store.insert(UnlinkedDemand, month=month, theme=row.theme, subtheme=row.subtheme)
                store.update(Demand, row.id, subtheme="", note="")
                cut += 1
        for letter in Letter.select(Letter.id).where(Letter.keep_until < day, Letter.pdf.is_null(False)):
            store.update(Letter, letter.id, pdf=None)
        attachments.purge(day)
        call_lists.purge(day)
        DossierReading.delete().where(DossierReading.created_at < now() - READINGS_KEPT).execute()
        Draft.delete().where(Draft.changed_at < now() - DRAFTS_KEPT).execute()
    return cut
