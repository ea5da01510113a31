"""Rencontre: a conflict between two people, from the invitation to what they decided, with its three papers."""

from datetime import date, datetime, timedelta

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from db import dossiers, meetings, partners, preferences
from desktop import french
from desktop.dossiers.ask import Ask, AskingSection
from desktop.dossiers.money_section import ShortList
from desktop.dossiers.section import Mark
from desktop.widgets.cards import Card
from desktop.widgets.form import label
from desktop.widgets.lines import Lines

LETTERS = {"": meetings.INVITATION, "accord": "mediation-accord", "sans_accord": "mediation-non-aboutie",
           "absent": "mediation-non-aboutie"}  # fmt: skip
"""How a meeting ended → the paper that follows."""
WRITE = {"": "Écrire l’invitation", "accord": "Écrire l’accord", "sans_accord": "Écrire la fin sans accord",
         "absent": "Écrire la fin sans accord"}  # fmt: skip
_TONES = {"": "info", "accord": "ok", "sans_accord": "plain", "absent": "wait"}


class MeetingSection(AskingSection):
    title, icon = "Rencontre", "users"

    def __init__(self) -> None:
        super().__init__()
        self._party = meetings.Party()
        self._lines: tuple[meetings.Line, ...] = ()
        self._planned = ""
        self.party = label("", wrap=True)
        self.button(1, "Autre personne", "user", self._ask_party)
        self.plan_button = self.button(2, "Prévoir une rencontre", "calendar", self._ask_plan)
        self.outcome_buttons = {
            "accord": self.button(3, "Accord", "badge-check", self._agreed),
            "sans_accord": self.button(4, "Sans accord", "x", self._disagreed),
            "absent": self.button(5, "Une personne absente", "user", self._absent),
        }
        self.letter_button = self.button(6, WRITE[""], "mail", self._write)
        self.cancel_button = self.button(7, "Annuler la rencontre", "x", self._cancel, kind="quiet")
        self.naming = self.question(Ask("partie", "L’autre personne", "Enregistrer", columns=1), self._keep_party)
        self.naming.form.add("name", "Nom", QLineEdit(placeholderText="Mme Julie Exemple"))
        self.naming.form.add("address", "Adresse", Lines(84), help="Pour l’invitation. Ctrl+Entrée enregistre.")
        self.planning = self.question(Ask("rencontre", "Prévoir une rencontre", "Prévoir", columns=4), self._keep_plan)
        self.planning.form.add("day", "Jour", QLineEdit())
        self.planning.form.add("time", "Heure", QLineEdit(placeholderText="14:30"))
        self.planning.form.add("place", "Lieu", QLineEdit(placeholderText="Salle du PIMMS"), columns=2)
        self.planning.typed.connect(self._warn)
        self.move_button = self.button(
            8, "Déplacer", "calendar", self._move_here, kind="quiet", name="Déplacer la rencontre"
        )
        self.list = ShortList("Rencontres", "Aucune rencontre. 2 prévoit la première.", Qt.Key.Key_Delete, by_key=True)
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._move_meeting)
        self.list.pressed_key.connect(self._cancel)
        self.reminder = label("La médiation n’arrête aucun délai. Elle ne convient pas s’il y a menace ou violence.",
                              "hint", wrap=True)  # fmt: skip
        for widget in (self.party, self.actions, *self._asks, self.list, self.reminder):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        if sheet.state == dossiers.CLOSED or not cls.concerns(sheet):
            return None
        moment = datetime.now().astimezone()
        waiting = [line for line in meetings.of_dossier(sheet.id) if not line.outcome]
        if not waiting:
            return None
        past = [line for line in waiting if line.at <= moment]
        words = "rencontre passée : dites comment elle a fini" if past else f"rencontre prévue {waiting[0].words}"
        if not past and not waiting[0].invitation:
            words += ", invitation à faire"
        return Mark(len(waiting), words, "wait" if past else "info")

    @classmethod
    def concerns(cls, sheet: dossiers.Sheet) -> bool:
        """Whether this dossier is a conflict between people: the section is of use there only."""
        return partners.partner(sheet.partner).sector == "conflit" or bool(sheet.other_party)

    def refresh(self) -> None:
        self._party = meetings.other_party(self.dossier) if self.dossier else meetings.Party()
        self._lines = meetings.of_dossier(self.dossier) if self.dossier else ()
        where = f", {', '.join(self._party.address.splitlines())}" if self._party.address else ""
        name = self._party.name
        self.party.setText(f"Avec {name}{where}" if name else "L’autre personne n’est pas encore nommée.")
        self.list.show_cards([_card(line) for line in reversed(self._lines)])
        if self.list.current_id() is None:
            self.list.select_first()
        self.list.setVisible(bool(self._lines))
        self._moved(self.list.current_id() or "")

    def clear(self) -> None:
        super().clear()
        self._planned = ""
        self.refresh()
        self.party.setText("")

    def _current(self) -> meetings.Line | None:
        id = self.list.current_id()
        return next((line for line in self._lines if line.id == id), None)

    def _moved(self, _id: str) -> None:
        line = self._current()
        self.letter_button.rename(WRITE[line.outcome if line else ""])
        waiting = line is not None and not line.outcome
        for button in (self.cancel_button, self.move_button):
            button.setVisible(waiting)
        for button in self.outcome_buttons.values():
            button.setVisible(waiting and line.at <= datetime.now().astimezone())
        self.plan_button.bar("" if self._party.name else "Nommez d’abord l’autre personne.")

    def _ask_party(self) -> None:
        self.ask(self.naming, {"name": self._party.name, "address": self._party.address})

    def _keep_party(self) -> None:
        typed = self.naming.values()
        party = meetings.Party(str(typed["name"]), str(typed["address"]))
        problems = meetings.party_problems(party)
        self.naming.refuse(problems)
        if not problems:
            meetings.name_other_party(self.dossier, party)
            self.recorded(self.naming)

    def _ask_plan(self) -> None:
        self._planned = ""
        day, time = _proposed(date.today())
        self._ask_meeting("rencontre", "Prévoir une rencontre", "Prévoir", day, time, preferences.place().name)

    def _move_here(self) -> None:
        self._move_meeting(self.list.current_id() or "")

    def _move_meeting(self, id: str) -> None:
        """Entrée on a meeting to come: another day, another place."""
        line = self._current()
        if line is None or line.outcome:
            return
        self._planned = id
        at = line.at.astimezone()
        self._ask_meeting(f"rencontre:{id}", "Déplacer la rencontre", "Déplacer", at.date(), f"{at:%H:%M}", line.place)

    def _ask_meeting(self, name: str, title: str, verb: str, day: date, time: str, place: str) -> None:
        self.planning.name = name
        self.planning.heading.setText(title)
        self.planning.save.rename(verb)
        self.ask(self.planning, {"day": french.short_date(day), "time": time, "place": place[: meetings.PLACE_MAX]})
        self.planning.form.fields["place"].setCursorPosition(0)

    def _draft(self) -> meetings.Draft:
        typed = self.planning.values()
        day = french.parse_date(str(typed["day"]), date.today())
        return meetings.Draft(day, french.parse_time(str(typed["time"])), str(typed["place"]))

    def _warn(self) -> None:
        self.planning.tell(meetings.warning(self._draft()))

    def _keep_plan(self) -> None:
        draft = self._draft()
        problems = meetings.problems(draft, self._party, datetime.now().astimezone())
        typed = self.planning.values()
        if typed["day"] and draft.day is None:
            problems["day"] = f"Cette date n’existe pas. Exemple : {french.short_date(_proposed(date.today())[0])}."
        if typed["time"] and draft.time is None:
            problems["time"] = "Cette heure n’existe pas. Exemple : 14:30."
        self.planning.refuse(problems)
        if problems:
            if "party" in problems:
                self.planning.tell(problems["party"])
            return
        if self._planned:
            meetings.move(self._planned, draft, date.today())
        else:
            meetings.plan(self.dossier, draft, date.today())
        self.recorded(self.planning)

    def _agreed(self) -> None:
        self._ended("accord")

    def _disagreed(self) -> None:
        self._ended("sans_accord")

    def _absent(self) -> None:
        self._ended("absent")

    def _ended(self, outcome: str) -> None:
        line = self._current()
        if problem := meetings.outcome_problem(line, outcome, datetime.now().astimezone()):
            self.said.emit(problem)
            return
        meetings.record_outcome(line.id, outcome)
        self.acted.emit()

    def _cancel(self, *_: object) -> None:
        line = self._current()
        if line is not None and not line.outcome:
            meetings.cancel(line.id)
            self.acted.emit()

    def _write(self) -> None:
        line = self._current()
        self.wants_letter.emit(self.dossier, LETTERS[line.outcome if line else ""], "")


def _proposed(today: date) -> tuple[date, str]:
    """In two weeks, at half past two or else at ten, when the place is open."""
    day = preferences.next_open_day(today + timedelta(days=14))
    afternoon = preferences.is_open_at(datetime(day.year, day.month, day.day, 14, 30))
    return day, "14:30" if afternoon else "10:00"


def _card(line: meetings.Line) -> Card:
    badge = meetings.OUTCOMES.get(line.outcome, "")
    if not badge:
        badge = "à venir" if line.at > datetime.now().astimezone() else "passée"
    tone = "wait" if badge == "passée" else _TONES[line.outcome]
    at = line.at.astimezone()
    when = f"{french.DAYS[at.weekday()][:3]}. {french.short_date(at.date())} à {french.time_of_day(at)}"
    if line.invitation:
        invitation = f"Invitation n° {line.invitation} du {french.short_date(line.invited_on)}"
    else:
        invitation = "Invitation à faire" if badge == "à venir" else "Sans invitation"
    return Card(line.id, f"{when} · {line.place}", invitation, badge=badge, tone=tone, icon="calendar")
