"""The first run: five screens, everything prefilled, nothing written in the place before the last one.

The keys and the file are made in a folder beside, which takes the place's name at the end: all, or nothing.
"""

import os
import shutil
from dataclasses import asdict
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from db import digital_space, journal, keys, lists, place, preferences, store, team
from db.files import sync_folder
from desktop.jobs import Done, Failed, Jobs
from desktop.settings.layouts import followed
from desktop.settings.pages import AroundPage, HabitsForm, Newcomer, PlacePage, TeamPage
from desktop.settings.sheet import SheetPage
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, restyle, row, set_tone, tag
from desktop.widgets.keys import is_enter

STEPS = ("Le lieu", "L’équipe", "Autour de vous", "Les postes", "La fiche de secours")
_HINTS = (
    "Cinq écrans, moins de quatre minutes. Tout se change plus tard.",
    "Deux personnes au moins. Chacune ouvre avec sa phrase.",
    "Gardez ce qui sert. Le reste se retrouve dans les réglages.",
    "Trois chiffres. Ceux-ci conviennent à la plupart des lieux.",
    "Imprimez-la maintenant : elle ne se montre qu’une fois.",
)


class Assistant(QWidget):
    """`finished(dek, slot_id)`: the place exists, is open, and the responsable is signed in."""

    finished = Signal(object, str)

    def __init__(self, jobs: Jobs, folder: Path) -> None:
        super().__init__()
        self._jobs, self._folder = jobs, folder
        self._beside = folder.with_name(f"{folder.name}-preparation")
        self._dek, self._code = b"", ""
        self._sealed: tuple[Newcomer, ...] = ()
        self._working = False
        self.place, self.team, self.around = PlacePage(), TeamPage(), AroundPage()
        self.habits, self.sheet = HabitsForm(stations=True), SheetPage()
        self.place.fill(preferences.Place(), preferences.DEFAULT_HOURS)
        self.sheet.kept.connect(self._tell)

        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 24, 12)
        column.setSpacing(8)
        self._tags = [tag(f"{number}  {name}") for number, name in enumerate(STEPS, 1)]
        column.addLayout(Flow(*self._tags, spacing=8))
        self.heading, self.hint = label("", "title"), label("", "hint", wrap=True)
        column.addWidget(self.heading)
        column.addWidget(self.hint)
        self.stack = QStackedWidget()
        habits, panel = QWidget(), Panel()
        panel.column.addLayout(row(self.habits, "|"))
        inside = QVBoxLayout(habits)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(panel)
        inside.addStretch(1)
        for page in (self.place, self.team, self.around, habits, self.sheet):
            self.stack.addWidget(followed(page))
        column.addWidget(self.stack, 1)
        self.error = label("", "error", wrap=True)
        self.error.hide()
        column.addWidget(self.error)
        self.back = KeyButton("Précédent", "Échap", "arrow-left", kind="quiet")
        self.back.clicked.connect(self.go_back)
        self.next = KeyButton("Continuer", "Entrée", "check", kind="primary")
        self.next.clicked.connect(self.go_on)
        column.addLayout(row(self.back, "|", self.next))
        self._show(0)

    def step(self) -> int:
        return self.stack.currentIndex()

    def go_back(self) -> None:
        if self.step() and not self._working:
            self._show(self.step() - 1)

    def go_on(self) -> None:
        """Check this screen; on the fourth make the keys; on the last write the place."""
        if (self._folder / store.FILE).exists():  # its keys are lost, not its data: never start over it
            self._refuse(keys.KeysDamaged())
            return
        if self._working or not self._is_right():
            return
        if self.step() == 3:
            self._prepare()
        elif self.step() == 4:
            self._found()
        else:
            self._show(self.step() + 1)

    def keyPressEvent(self, event) -> None:
        if is_enter(event):
            self.go_on()
        elif event.key() == Qt.Key.Key_Escape:
            self.go_back()
        else:
            super().keyPressEvent(event)

    def _is_right(self) -> bool:
        if self.step() == 0:
            problems = self.place.problems()
            self.place.show_problems(problems, focus=True)
            right = not problems
        elif self.step() == 1:
            right = self.team.show_problems(focus=True)
        elif self.step() == 2:
            right = self.around.show_problems(focus=True)
        elif self.step() == 3:
            problems = self.habits.problems()
            self.habits.show_problems(problems, focus=True)
            right = not problems
        else:
            right = self.sheet.check()
        return right

    def _area(self) -> QScrollArea:
        return self.stack.currentWidget()

    def _show(self, step: int) -> None:
        self.stack.setCurrentIndex(step)
        self.heading.setText(STEPS[step])
        self.hint.setText(_HINTS[step])
        for number, (made, name) in enumerate(zip(self._tags, STEPS, strict=True)):
            done = "✓" if number < step else str(number + 1)
            set_tone(made, f"{done}  {name}", "ok" if number < step else "soft" if number == step else "plain")
        self.back.setVisible(step > 0)
        self.next.setText("Ouvrir le guichet" if step == 4 else "Continuer")
        self.next.setAccessibleName(self.next.text())
        self.next.updateGeometry()
        self._say("")
        self._tell()
        self._area().verticalScrollBar().setValue(0)
        first = (
            self.place.place.fields["name"], self.team.members[0].form.fields["name"], self.around.first(),
            self.habits.fields["stations"], self.sheet.print_button,
        )[step]  # fmt: skip
        first.setFocus()

    def showEvent(self, event) -> None:
        super().showEvent(event)
        if self.step() == 0:
            self.place.place.fields["name"].setFocus()

    def _tell(self) -> None:
        """The last button waits for the proof that the sheet is kept, and says so."""
        waits = self.step() == 4 and not self.sheet.is_kept()
        self.next.describe("Recopiez d’abord le dernier groupe du code." if waits else "")
        self.next.update()

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))

    # making the place

    def _prepare(self) -> None:
        """One Argon2id a person: half a second each, off the window's thread."""
        members = self.team.team()
        if self._code and _secrets(members) == _secrets(self._sealed):
            self._sealed = members
            self._show_sheet()
            return
        self._work(True)
        self._jobs.run(partial(_seal, self._beside, members), partial(self._prepared, members))

    def _prepared(self, members: tuple[Newcomer, ...], outcome: Done | Failed) -> None:
        self._work(False)
        if isinstance(outcome, Failed):
            self._refuse(outcome.error)
            return
        again = bool(self._code)
        self._dek, self._code = outcome.value
        self._sealed = members
        self._show_sheet()
        if again:
            self._say("L’équipe a changé : imprimez cette nouvelle fiche, détruisez l’autre.")

    def _show_sheet(self) -> None:
        kept = self.sheet.group.text()
        self.sheet.show_code(self.place.place_typed().name, self._code, date.today())
        self.sheet.group.setText(kept)
        self._show(4)

    def _found(self) -> None:
        """Write everything beside, close, give the folder its name, open."""
        who = self._sealed[0].id
        settled = self.place.place_typed()
        try:
            self._say("")
            _erase(self._beside / store.FILE)
            store.open(self._beside, keys.derive(self._dek, "db"))
            with store.translated():
                preferences.put("place", asdict(settled))  # before entering: the desk signs every row
            store.close()
            place.enter(self._beside, self._dek, who)
            self._write()
            place.leave()
            _settle(self._beside, self._folder)
            place.enter(self._folder, self._dek, who)
        except (store.StoreError, keys.KeysError, OSError) as error:
            if store.is_open():
                place.leave()
            self._refuse(error)
            return
        dek, self._dek, self._code, self._sealed = self._dek, b"", "", ()
        self.team.forget()
        self.sheet.forget()
        self.finished.emit(dek, who)

    def _write(self) -> None:
        around, habits = self.around.around(), self.habits.numbers()
        with store.act(""):
            preferences.put("hours", self.place.hours_typed())
            for name in ("letters_kept_days", "profile_every"):
                preferences.put(name, habits[name])
            for member in self.team.team():
                team.add(member.id, member.name, member.role, may_sign_mandate=member.may_sign_mandate)
            write_around(around)
            for number in range(1, habits["stations"] + 1):
                digital_space.add_station(number)
            journal.write("lieu.cree")

    def _refuse(self, error: BaseException) -> None:
        if isinstance(error, OSError):
            error = store.StoreError(store.Fault.DISK_FULL if error.errno == 28 else store.Fault.UNREADABLE)
        if not isinstance(error, keys.KeysError | store.StoreError):
            raise error
        self._say(str(error))

    def _work(self, working: bool) -> None:
        self._working = working
        self.stack.setEnabled(not working)
        self.back.setEnabled(not working)
        self.next.setEnabled(not working)
        self.hint.setText("Préparation des clés, quelques secondes…" if working else _HINTS[self.step()])
        restyle(self.hint, "role", "strong" if working else "hint")


def write_around(around) -> None:
    """Archive the partners not kept; rename, add and archive the structures."""
    for position, value in enumerate(lists.values("partner", archived=True)):
        if value.archived == (value.code in around.partners):
            kept = value.code in around.partners
            lists.save("partner", value.code, value.label, position=position, archived=not kept)
    wanted = dict(around.structures)
    known = {value.code: value for value in lists.values("structure", archived=True)}
    for position, (code, text) in enumerate(around.structures):
        if code not in known or known[code].label != text:
            lists.save("structure", code, text, position=position)
    for position, (code, value) in enumerate(known.items()):
        if code not in wanted:
            lists.save("structure", code, value.label, position=position, archived=True)


def _secrets(members: tuple[Newcomer, ...]) -> list[tuple[str, str, str, str]]:
    """What the keys depend on."""
    return [(m.id, m.name, m.role, m.passphrase) for m in members]


def _seal(folder: Path, members: tuple[Newcomer, ...]) -> tuple[bytes, str]:
    """Make the key and its slots in a folder of preparation; the key and the code of the sheet."""
    if folder.exists():
        shutil.rmtree(folder)
    first, *others = members
    dek, code = keys.create(folder, first.slot, first.passphrase)
    for member in others:
        keys.add(folder, dek, member.slot, member.passphrase)
    return dek, code


def _erase(file: Path) -> None:
    for path in (file, file.with_name(file.name + "-wal"), file.with_name(file.name + "-shm")):
        path.unlink(missing_ok=True)


def _settle(source: Path, target: Path) -> None:
    """Give the prepared folder its name, with what the place's folder already held: a log, older backups."""
    if target.exists():
        for found in list(target.iterdir()):
            os.replace(found, source / found.name)
        target.rmdir()
    os.replace(source, target)
    sync_folder(target.parent)
