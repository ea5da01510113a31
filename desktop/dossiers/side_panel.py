"""What comes next: the next reminder, to postpone in one digit, and the partner who must answer."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db import delays, dossiers, lists, partners, reminders, team, timeline
from desktop import french
from desktop.dossiers import words
from desktop.dossiers.delays import Delays, Times
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import Panel, label, scrolled, set_tone, tag


class SidePanel(QWidget):
    """`acted` when the reminder moved; `left` gives the keyboard back."""

    acted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Repousser la relance")
        self._sheet: dossiers.Sheet | None = None
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        self._inside = QWidget()
        outer.addWidget(scrolled(self._inside, "Prochaine relance"))
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._panels = follow, partner = Panel(spacing=6), Panel(spacing=6)
        follow.add(label("Prochaine relance", "section"))
        self.next = tag("", "wait")
        self.next_label = label("", wrap=True)
        follow.add(self.next, self.next_label)
        self.postpone = KeyButton("Repousser", "5", "calendar", name="Repousser la relance")
        self.postpone.clicked.connect(self.start)
        follow.add(self.postpone)
        self.delays = Delays(narrow=True)
        self.delays.chosen.connect(self._chosen)
        self.delays.left.connect(self.setFocus)
        follow.add(self.delays)
        self.hint = label("Jours fermés et fériés sautés.", "hint", wrap=True)
        follow.add(self.hint)
        column.addWidget(follow)

        self.partner = label("", "section", wrap=True)
        self.contacts = label("", wrap=True)
        self.delay = label("", "hint", wrap=True)
        partner.add(self.partner, self.contacts, self.delay)
        column.addWidget(partner)
        self._readers = Panel(spacing=6)
        self.readers = label("", "hint", wrap=True)
        self._readers.add(label("Lu par", "section"), self.readers)
        column.addWidget(self._readers)
        column.addStretch(1)

    def show_sheet(self, sheet: dossiers.Sheet, times: Times) -> None:
        self._sheet = sheet
        for panel in self._panels:
            panel.show()
        closed = sheet.state == dossiers.CLOSED
        if sheet.next_on:
            text, tone = words.due(sheet.next_on, "", times.today)
            when = words.weekday(sheet.next_on) + (f" {sheet.next_at}" if sheet.next_at else "")
            set_tone(self.next, f"{when}, {text}" if tone == "urgent" else _soon(sheet, times.today) or when, tone)
        else:
            set_tone(self.next, "Aucune relance", "plain")
        self.next_label.setText(sheet.next_label if sheet.next_on else "Le dossier est clos." if closed else "")
        self.next_label.setVisible(bool(self.next_label.text()))
        for widget in (self.postpone, self.delays, self.hint):
            widget.setVisible(not closed and not sheet.hidden)
        self.delays.offer(times)
        self.delays.set_live(False)
        if partners.partner(sheet.partner).sector == "conflit":
            self._show_person(sheet)
        else:
            self._show_partner(sheet, times.proposal.delay)
        self.readers.setText(_readers(timeline.readings(sheet.id)) if sheet.confidential else "")
        self._readers.setVisible(bool(self.readers.text()))
        self._inside.layout().activate()

    def _show_partner(self, sheet: dossiers.Sheet, delay: delays.Delay) -> None:
        self.partner.setText(f"Contact {sheet.partner_name}")
        self.contacts.setText(_contacts(sheet.partner) or "Aucun contact noté. Voyez le dernier courrier reçu.")
        days = french.counted(delay.days, "jour")
        measured = f"Délai de réponse constaté : {days}, sur {french.counted(delay.answers, 'réponse')}."
        self.delay.setText(measured if delay.answers else f"Délai de réponse habituel : {days}.")

    def _show_person(self, sheet: dossiers.Sheet) -> None:
        """Between people, there is somebody else and no partner."""
        self.partner.setText("L’autre personne")
        self.contacts.setText(sheet.other_party or ("" if sheet.hidden else "Pas encore nommée : rubrique Rencontre."))
        self.delay.setText("")

    def clear(self) -> None:
        self._sheet = None
        for shown in (self.next, self.next_label, self.partner, self.contacts, self.delay, self.readers):
            shown.setText("")
        for panel in (*self._panels, self._readers):
            panel.hide()
        self.delays.set_live(False)

    def start(self) -> None:
        """The digits postpone, until one is typed or Échap."""
        if self._sheet is not None and not self._sheet.hidden:
            self.delays.set_live(True)
            self.setFocus()

    def _chosen(self, day: date) -> None:
        reminders.plan(self._sheet.id, day)
        self._rest()
        self.acted.emit()

    def _rest(self) -> None:
        self.delays.set_live(False)
        self.left.emit()

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if self.delays.live and digit is not None:
            self.delays.press(digit)
        elif self.delays.live and keys.is_enter(event):
            self.delays.accept_proposal()
        elif self.delays.live and event.key() == Qt.Key.Key_Escape:
            self._rest()
        else:
            super().keyPressEvent(event)


def _soon(sheet: dossiers.Sheet, today: date) -> str:
    if sheet.next_on == today:
        return f"aujourd’hui {sheet.next_at}".strip()
    return ""


def _contacts(partner: str) -> str:
    """The partner's contacts by role, then the place's own for it, one a line."""
    known = [_contact(each.role, each.phone, each.hours, each.note) for each in partners.partner(partner).contacts]
    own = [v for v in lists.values("contact") if v.extra.get("partner") == partner]
    return "\n".join([*known, *(_contact(v.label, v.extra.get("phone", "")) for v in own)])


def _contact(role: str, phone: str, hours: str = "", note: str = "") -> str:
    """« Service clients 09 69 32 15 15, 8 h – 20 h »; what is missing says so."""
    said = ", ".join(part for part in (french.phone(phone), hours) if part)
    return f"{role} : {said or note or 'à compléter'}"


def _readers(found: tuple[timeline.Read, ...]) -> str:
    """The last who opened it, a line each."""
    return "\n".join(
        f"{french.short_date(read.at.astimezone().date())} {team.short_name(read.by)}" for read in found[:8]
    )
