"""The team. Whatever touches the keys asks once more for one's own passphrase: the desk keeps no key."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from db import journal, keys, preferences, store, team
from desktop.jobs import Done, Failed, Jobs
from desktop.settings.layouts import Pile
from desktop.settings.pages import MemberForm, Newcomer
from desktop.settings.passphrases import Reveal, passphrase_field
from desktop.settings.section import Section, is_responsable
from desktop.settings.sheet import SheetPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Form, Panel, label, restyle, row
from desktop.widgets.keys import is_enter
from desktop.widgets.look import LOOK, px

_RESERVED = "Demandez au responsable : lui seul change l’équipe."
MEMBERS, NEWCOMER, PHRASE, SHEET = range(4)


class TeamSection(Section):
    title, icon, reserved = "Équipe", "users", _RESERVED
    changed = Signal()

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs, self._working, self._ticket = jobs, False, 0
        self._act: Callable[[bytes], object] | None = None
        self._done: Callable[[object, bool], None] | None = None
        self.pages = Pile(self._members_page(), self._newcomer_page(), self._phrase_page(), self._sheet_page())
        self.confirm = _Confirm()
        self.confirm.confirmed.connect(self._run)
        self.confirm.left.connect(self.show_members)
        self.column.addWidget(self.pages)
        self.column.addWidget(self.confirm)
        self.column.addStretch(1)
        LOOK.changed.connect(self._resize)
        self.show_members()

    def _members_page(self) -> Panel:
        page = Panel()
        self.list = CardList("Équipe", "Personne dans l’équipe.", flat=True)
        self.list.moved.connect(self._moved)
        self.add = KeyButton("Ajouter une personne", icon="user-plus")
        self.add.clicked.connect(self._start_newcomer)
        self.archive = KeyButton("Retirer", icon="x", kind="quiet")
        self.archive.clicked.connect(self._start_archive)
        self.phrase = KeyButton("Changer ma phrase", icon="key")
        self.phrase.clicked.connect(self._start_phrase)
        self.sheet_button = KeyButton("Nouvelle fiche de secours", icon="printer")
        self.sheet_button.clicked.connect(self._start_sheet)
        page.add(label("Qui ouvre ce guichet", "section"), self.list)
        page.column.addLayout(Flow(self.add, self.archive, self.phrase, self.sheet_button, spacing=8))
        return page

    def _newcomer_page(self) -> MemberForm:
        self.newcomer = MemberForm("Nouvelle personne")
        return self.newcomer

    def _phrase_page(self) -> Panel:
        page = Panel()
        self.mine = Form(columns=1)
        self.mine.add("passphrase", "Ma nouvelle phrase", QLineEdit(), help="Notez-la : elle ne s’affichera plus.")
        another = KeyButton("Autre phrase", icon="redo-2", kind="quiet", name="Proposer une autre phrase")
        another.clicked.connect(self._suggest)
        page.add(label("Changer ma phrase", "section"), self.mine)
        page.column.addLayout(Flow(another))
        return page

    def _sheet_page(self) -> Panel:
        page = Panel()
        self.sheet = SheetPage(framed=False)
        self.finish = KeyButton("Terminer", icon="check", kind="primary", name="Terminer : la fiche est gardée")
        self.finish.clicked.connect(self._finish_sheet)
        page.add(label("L’ancienne fiche ne vaut plus", "section"), self.sheet)
        page.column.addLayout(Flow(push=self.finish))
        return page

    def refresh(self) -> None:
        allowed = self.may_change()
        self.list.show_cards([_card(line) for line in team.members()])
        if self.list.current_id() is None:
            self.list.select_first()
        for button in (self.add, self.archive, self.sheet_button):
            button.bar("" if allowed else _RESERVED)
        self._moved("")
        self._resize()

    def forget(self) -> None:
        self.show_members()

    def show_members(self) -> None:
        """Back to the list; nothing secret stays."""
        self._ticket += 1
        self._act = self._done = None
        self._work(False)
        self.confirm.hide_and_clear()
        self.newcomer.form.fields["name"].setText("")
        self.newcomer.form.fields["passphrase"].setText("")
        self.mine.clear()
        self.sheet.forget()
        self.pages.show_page(MEMBERS)

    def keyPressEvent(self, event) -> None:
        if is_enter(event) and not self.confirm.isHidden():
            self.confirm.press()
        else:
            super().keyPressEvent(event)

    # what is asked

    def _start_newcomer(self) -> None:
        self.newcomer.reset()
        self.pages.show_page(NEWCOMER)
        self.confirm.ask("Ajouter à l’équipe")
        self._act, self._done = None, self._added
        self.newcomer.form.fields["name"].setFocus()

    def _start_archive(self) -> None:
        line = team.member(self.list.current_id() or "")
        if line is None:
            return
        if line.id == store.mediator():
            self.said.emit("Demandez à un autre responsable de vous retirer.")
            return
        self.confirm.ask(f"Retirer {line.name}")
        self._act, self._done = partial(_remove, store.place(), line.id), partial(self._archived, line.id)
        self.confirm.field.setFocus()

    def _start_phrase(self) -> None:
        self.pages.show_page(PHRASE)
        self._suggest()
        self.confirm.ask("Changer ma phrase")
        self._act, self._done = None, self._phrase_changed
        self.mine.fields["passphrase"].setFocus()

    def _start_sheet(self) -> None:
        self.confirm.ask("Faire une nouvelle fiche")
        self._act, self._done = partial(keys.new_recovery, store.place()), self._sheet_made
        self.confirm.field.setFocus()

    def _suggest(self) -> None:
        self.mine.fields["passphrase"].setText(keys.suggest())
        self.mine.fields["passphrase"].setCursorPosition(0)

    # what is done

    def _run(self, own: str) -> None:
        """Check what is typed, then one job: unlock with one's own phrase, and do it with that key."""
        if self._working:
            return
        act = self._act
        if self.pages.place() == NEWCOMER:
            act = self._add_act()
        elif self.pages.place() == PHRASE:
            act = self._phrase_act()
        if act is None:
            return
        self._work(True)
        work = partial(_with_key, store.place(), store.mediator(), own, act)
        self._jobs.run(work, partial(self._ran, self._ticket, self._done))

    def _add_act(self) -> Callable[[bytes], object] | None:
        problems = self.newcomer.problems()
        if self.newcomer.draft().name.casefold() in (line.name.casefold() for line in team.members()):
            problems["name"] = "Distinguez ce nom : il est déjà pris."
        self.newcomer.form.show_problems(problems, focus=True)
        draft = self.newcomer.draft()
        return None if problems else partial(_add, store.place(), draft)

    def _phrase_act(self) -> Callable[[bytes], object] | None:
        passphrase = str(self.mine.values()["passphrase"])
        problem = keys.passphrase_problem(passphrase)
        self.mine.show_problems({"passphrase": problem} if problem else {}, focus=True)
        return None if problem else partial(_change, store.place(), store.mediator(), passphrase)

    def _ran(self, ticket: int, done: Callable[[object, bool], None], outcome: Done | Failed) -> None:
        """The keys are changed: the file follows, even if the page was left meanwhile."""
        shown = ticket == self._ticket
        if shown:
            self._work(False)
        if isinstance(outcome, Failed):
            if not isinstance(outcome.error, keys.KeysError):
                raise outcome.error
            if shown:
                self.confirm.show_problem(str(outcome.error))
        elif store.is_open():
            done(outcome.value, shown)

    def _added(self, draft: object, shown: bool) -> None:
        assert isinstance(draft, Newcomer)
        with store.act(""):  # the slot cannot be undone, nor then the line
            team.add(draft.id, draft.name, draft.role, may_sign_mandate=draft.may_sign_mandate)
            journal.write("equipe.ajout", draft.id)
        self._back(f"{draft.name} peut ouvrir le guichet.", shown)

    def _archived(self, id: str, _value: object, shown: bool) -> None:
        with store.act(""):
            team.archive(id)
            journal.write("equipe.retrait", id)
        self._back("Personne retirée : sa phrase n’ouvre plus rien.", shown)

    def _phrase_changed(self, _value: object, shown: bool) -> None:
        with store.act(""):
            journal.write("cle.phrase_changee", store.mediator())
        self._back("Phrase changée. L’ancienne n’ouvre plus rien.", shown)

    def _sheet_made(self, code: object, shown: bool) -> None:
        with store.act(""):
            journal.write("cle.nouvelle_fiche")
        if not shown:  # whoever comes back must not find the code of somebody else
            return
        self.confirm.hide_and_clear()
        self.sheet.show_code(preferences.place().name, str(code), date.today())
        self.pages.show_page(SHEET)
        self.sheet.print_button.setFocus()

    def _finish_sheet(self) -> None:
        if self.sheet.check():
            self._back("Nouvelle fiche gardée. Détruisez l’ancienne.", True)

    def _back(self, sentence: str, shown: bool) -> None:
        if shown:
            self.show_members()
        self.refresh()
        self.said.emit(sentence)
        self.changed.emit()

    def _work(self, working: bool) -> None:
        self._working = working
        self.pages.setEnabled(not working)
        if hasattr(self, "confirm"):
            self.confirm.work(working)

    def _moved(self, _id: str) -> None:
        self.archive.setEnabled(is_responsable() and self.list.current_id() not in (None, store.mediator()))

    def _resize(self) -> None:
        self.list.setFixedHeight(max(1, min(len(self.list.cards()), 6)) * px(46) + 4)


class _Confirm(Panel):
    """« Votre phrase de passe », then the act."""

    confirmed = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.field = passphrase_field("Votre phrase de passe actuelle")
        self.reveal = Reveal(self.field)
        self.note = label("", "hint", wrap=True)
        self.button = KeyButton("Valider", "Entrée", "check", kind="primary")
        self.button.clicked.connect(self.press)
        self.cancel = KeyButton("Ne rien changer", icon="x", kind="quiet")
        self.cancel.clicked.connect(self.left)
        title = label("Votre phrase de passe actuelle", "label", wrap=True)
        title.setBuddy(self.field)
        line = row(self.field, self.reveal)
        line.setStretch(0, 1)
        self.add(title)
        self.column.addLayout(line)
        self.add(self.note)
        self.column.addLayout(Flow(self.cancel, push=self.button, spacing=12))

    def ask(self, verb: str) -> None:
        self.hide_and_clear()
        self.button.rename(verb)
        self.show()

    def hide_and_clear(self) -> None:
        self.field.setText("")
        self.reveal.setChecked(False)
        self.show_problem("")
        self.hide()

    def press(self) -> None:
        if not self.field.text():
            self.show_problem("Tapez votre phrase : elle prouve que c’est vous.")
            return
        self.confirmed.emit(self.field.text())

    def show_problem(self, sentence: str) -> None:
        self.note.setText(sentence or "Elle prouve que c’est bien vous.")
        restyle(self.note, "role", "error" if sentence else "hint")
        restyle(self.field, "wrong", "true" if sentence else "false")
        self.field.setAccessibleDescription(self.note.text())
        if sentence:
            self.field.setFocus()
            self.field.selectAll()

    def work(self, working: bool) -> None:
        self.button.setEnabled(not working)
        self.cancel.setEnabled(not working)
        self.field.setReadOnly(working)


def _with_key(place: Path, slot: str, passphrase: str, act: Callable[[bytes], object]) -> object:
    """In a job: the key lives as long as the act."""
    return act(keys.unlock(place, slot, passphrase))


def _add(place: Path, draft: Newcomer, dek: bytes) -> Newcomer:
    keys.add(place, dek, draft.slot, draft.passphrase)
    return draft


def _change(place: Path, slot: str, passphrase: str, dek: bytes) -> None:
    keys.change(place, dek, slot, passphrase)


def _remove(place: Path, slot: str, _dek: bytes) -> None:
    keys.remove(place, slot)


def _card(line: team.Line) -> Card:
    role = "Responsable" if line.role == keys.RESPONSABLE else "Médiateur"
    signs = "signe les mandats" if line.may_sign_mandate else "ne signe pas de mandat"
    mine = "Vous" if line.id == store.mediator() else ""
    return Card(line.id, line.name, f"{role}, {signs}", badge=mine, icon="user")
