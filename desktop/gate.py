"""The gate: what stands before the desk while it is locked or veiled. It shows nothing of anybody, and keeps no key."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QColor, QPainter
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from db import keys, preferences, store
from db.store import Backup, Fault, StoreError
from desktop import french
from desktop.jobs import Done, Failed, Jobs
from desktop.settings.backups import BackupsBox
from desktop.settings.layouts import Beside, Pile, followed
from desktop.settings.passphrases import CODE_LENGTH, CodeField, Reveal, passphrase_field
from desktop.settings.recovery import Recovery
from desktop.widgets import keys as key_press
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, restyle, row
from desktop.widgets.look import FAMILY, LOOK, px

MISTAKES = 3
"""Wrong day codes before the whole passphrase is asked again."""
SCREEN = "ecran.ini"
_RESTORABLE = (Fault.DAMAGED, Fault.MISSING, Fault.WRONG_KEY, Fault.NO_BACKUP, Fault.FOREIGN)


class DayCode:
    """Six digits for the day, in memory only as a keyed hash; they open a veil, never a file."""

    def __init__(self) -> None:
        self.slot, self._day, self._salt, self._hash, self._left = "", date.min, b"", b"", 0

    def choose(self, code: str, slot: str) -> None:
        self.slot, self._day, self._left = slot, date.today(), MISTAKES
        self._salt = secrets.token_bytes(32)
        self._hash = self._hashed(code)

    def forget(self) -> None:
        self.__init__()

    def holds_for(self, slot: str) -> bool:
        return bool(self._hash) and self.slot == slot and self._day == date.today() and self._left > 0

    def opens(self, code: str) -> bool:
        self._left -= 1
        if hmac.compare_digest(self._hashed(code), self._hash):
            self._left = MISTAKES
            return True
        if not self._left:
            self.forget()
        return False

    def _hashed(self, code: str) -> bytes:
        return hashlib.blake2b(code.encode(), key=self._salt, digest_size=32).digest()


class Gate(QWidget):
    """`opened(dek, slot_id)` after a passphrase; `unveiled` after a day code or in the demonstration."""

    opened = Signal(object, str)
    unveiled = Signal()
    restore = Signal(object)  # the path of a backup

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs, self._folder, self._ticket = jobs, Path(), 0
        self._working, self._sentence = False, ""
        self._code = DayCode()
        self.used_recovery = False
        self.face = Face()
        self.recovery = Recovery(jobs)
        self.recovery.left.connect(self._back_to_unlock)
        self.recovery.recovered.connect(self._recovered)
        self.pages = Pile(self._unlock_page(), self._code_page(), self.recovery, self._fault_page(), self._demo_page())
        card = Panel(margins=(20, 16, 20, 16))
        card.add(self.pages)
        self._card = card
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(24, 8, 24, 8)
        column.addStretch(1)
        column.addWidget(card)
        column.addStretch(1)
        inside = Beside(self.face, right, stretches=(2, 3), spacing=0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(followed(inside, "Ouverture du guichet"))
        self._countdown = QTimer(self, interval=200)
        self._countdown.timeout.connect(self._count_down)
        self._resize()
        LOOK.changed.connect(self._resize)

    # pages

    def _unlock_page(self) -> QWidget:
        page, column = _page()
        self.heading = label("", "section")
        self.list = CardList("Qui ouvre", "Personne n’a encore de phrase ici.", flat=True)
        self.list.chosen.connect(self._named)
        self.list.moved.connect(self._moved)
        self.list.installEventFilter(self)
        self.field = passphrase_field("Phrase de passe")
        self.field.returnPressed.connect(self.open)
        self.field.textEdited.connect(self._edited)
        self.field.installEventFilter(self)
        self.reveal = Reveal(self.field)
        self.error = label("", "hint", wrap=True)
        self.button = KeyButton("Ouvrir", "Entrée", "log-in", kind="primary")
        self.button.clicked.connect(self.open)
        self.lost = KeyButton("Fiche de secours", icon="key", kind="quiet")
        self.lost.clicked.connect(self._start_recovery)
        title = label("Phrase de passe", "label")
        title.setBuddy(self.field)
        line = row(self.field, self.reveal)
        line.setStretch(0, 1)
        for item in (self.heading, self.list, title):
            column.addWidget(item)
        column.addLayout(line)
        column.addWidget(self.error)
        column.addLayout(Flow(self.lost, push=self.button, spacing=12))
        return page

    def _code_page(self) -> QWidget:
        page, column = _page()
        self.code_heading = label("", "section")
        title = label("Code du jour", "label")
        self.code_field = CodeField("Code du jour, six chiffres")
        self.code_field.textChanged.connect(self._code_typed)
        title.setBuddy(self.code_field)
        self.code_error = label("", "hint", wrap=True)
        self.whole = KeyButton("Phrase de passe", "Échap", "key", kind="quiet", name="Ouvrir par la phrase de passe")
        self.whole.clicked.connect(self._back_to_unlock)
        for item in (self.code_heading, title, self.code_field, self.code_error):
            column.addWidget(item)
        column.addLayout(Flow(self.whole))
        return page

    def _fault_page(self) -> QWidget:
        page, column = _page()
        self.fault = label("", "strong", wrap=True)
        self.backups = BackupsBox()
        self.backups.restore.connect(self.restore)
        self.again = KeyButton("Réessayer", icon="undo-2")
        self.again.clicked.connect(self._retry)
        for item in (label("Le fichier ne s’ouvre pas", "section"), self.fault, self.backups):
            column.addWidget(item)
        column.addLayout(Flow(self.again))
        return page

    def _demo_page(self) -> QWidget:
        page, column = _page()
        self.resume = KeyButton("Revenir", "Entrée", "log-in", kind="primary")
        self.resume.clicked.connect(self.unveiled)
        column.addWidget(label("Démonstration voilée", "section"))
        column.addWidget(label("Les personnes sont inventées : aucune phrase à taper.", wrap=True))
        column.addLayout(Flow(self.resume))
        return page

    # what the application asks

    def ask(self, folder: Path) -> None:
        """Locked: the whole passphrase, and no day code any more."""
        self._code.forget()
        self.used_recovery = False
        self.face.show_place("")
        self.face.show_waiting(())
        self._open_page("Ouvrir le guichet", folder, "")

    def veil(self, waiting: Sequence[int], member: str, *, code_allowed: bool = True) -> None:
        """The desk is hidden, its file still open; `member` is the slot of whoever was there."""
        self.face.show_place(preferences.place().name if store.is_open() else "")
        self.face.show_waiting(waiting)
        self._open_page("Écran voilé", store.place() if store.is_open() else self._folder, member)
        if code_allowed and self._code.holds_for(member):
            self.code_heading.setText("Écran voilé")
            self._say_code("")
            self.code_field.setText("")
            self._show(1)
            self.code_field.setFocus()

    def veil_demo(self) -> None:
        """Entrée alone comes back."""
        self._clear()
        self.face.show_waiting(())
        self._show(4)
        self.resume.setFocus()

    def show_waiting(self, numbers: Sequence[int]) -> None:
        self.face.show_waiting(numbers)

    def show_fault(self, error: Exception, backups: Sequence[Backup] = ()) -> None:
        """The file did not open: its sentence, and for damage the way back to a backup."""
        self._clear()
        restorable = isinstance(error, StoreError) and error.fault in _RESTORABLE
        self.fault.setText(str(error))
        self.backups.setVisible(restorable)
        self.backups.show_backups(backups if restorable else ())
        self._show(3)
        (self.backups.button if restorable and backups else self.again).setFocus()

    def set_day_code(self, code: str | None, slot: str = "") -> None:
        """Choose the code of the day of this mediator, or forget it."""
        if code:
            self._code.choose(code, slot)
        else:
            self._code.forget()

    def has_day_code(self, slot: str) -> bool:
        return self._code.holds_for(slot)

    # opening

    def open(self) -> None:
        slot = self.list.current_id()
        if self._working or slot is None:
            return
        if keys.wait(self._folder, slot) > 0:
            self._count_down()
            return
        if not self.field.text():
            self._say("Tapez votre phrase de passe.", wrong=True)
            self.field.setFocus()
            return
        self._work(True)
        self._ticket += 1
        work = partial(keys.unlock, self._folder, slot, self.field.text())
        self._jobs.run(work, partial(self._unlocked, self._ticket, slot))

    def _unlocked(self, ticket: int, slot: str, outcome: Done | Failed) -> None:
        if ticket != self._ticket:  # the gate was asked something else meanwhile
            return
        self._work(False)
        if isinstance(outcome, Done):
            self._let_in(outcome.value, slot)
            return
        if not isinstance(outcome.error, keys.KeysError):
            raise outcome.error
        sentence = "" if isinstance(outcome.error, keys.TooSoon) else str(outcome.error)
        self._say(sentence, wrong=True)
        self._announce(sentence)
        self.field.setFocus()
        self.field.selectAll()
        self._watch_delay()

    def _let_in(self, dek: bytes, slot: str) -> None:
        self._clear()
        if self._code.slot != slot:
            self._code.forget()
        _screen(self._folder).setValue("dernier", slot)
        self.opened.emit(dek, slot)

    def _recovered(self, dek: bytes, slot: str) -> None:
        self.used_recovery = True
        self._let_in(dek, slot)

    def _code_typed(self, text: str) -> None:
        if len(text) < CODE_LENGTH:
            return
        slot = self._code.slot
        right = self._code.opens(text)
        self.code_field.blockSignals(True)
        self.code_field.setText("")
        self.code_field.blockSignals(False)
        if right:
            self._clear()
            self.unveiled.emit()
        elif self._code.holds_for(slot):
            self._say_code("Retapez le code : ce n’est pas le bon.")
        else:
            self._back_to_unlock()
            self._say("Tapez votre phrase de passe : trois codes faux.", wrong=True)

    def _open_page(self, heading: str, folder: Path, member: str) -> None:
        self._clear()
        self._folder = folder
        try:
            slots = keys.slots(folder)
        except keys.KeysError as error:
            self.show_fault(error)
            return
        wanted = member or str(_screen(folder).value("dernier", ""))
        self.heading.setText(heading)
        self.list.show_cards([_card(place, slot) for place, slot in enumerate(slots, 1)], select=wanted)
        if self.list.current_id() is None:
            self.list.select_first()
        self._resize()
        self._show(0)
        self.list.setFocus()
        self._watch_delay()

    def _show(self, page: int) -> None:
        self.pages.show_page(page)
        self._resize()

    def _clear(self) -> None:
        """Nothing typed stays behind."""
        self._ticket += 1
        self._countdown.stop()
        self._work(False)
        self.field.setText("")
        self.reveal.setChecked(False)
        self.code_field.setText("")
        self.recovery.forget()
        self._say("")

    def _work(self, working: bool) -> None:
        self._working = working
        self.field.setReadOnly(working)
        self.list.setEnabled(not working)
        self.button.setEnabled(not working)
        self.button.setText("Ouverture…" if working else "Ouvrir")
        self.button.setAccessibleName(self.button.text())
        self.button.updateGeometry()

    # saying

    def _say(self, sentence: str, *, wrong: bool = False) -> None:
        self._sentence = sentence
        self._write_note(sentence, wrong)

    def _write_note(self, text: str, wrong: bool) -> None:
        self.error.setText(text or "Un chiffre choisit la personne. Tapez ensuite.")
        restyle(self.error, "role", "error" if wrong else "hint")
        restyle(self.field, "wrong", "true" if wrong else "false")
        self.field.setAccessibleDescription(text)

    def _say_code(self, sentence: str) -> None:
        self.code_error.setText(sentence or "Six chiffres. L’écran revient aussitôt.")
        restyle(self.code_error, "role", "error" if sentence else "hint")
        restyle(self.code_field, "wrong", "true" if sentence else "false")
        if sentence:
            self._announce(sentence)

    def _announce(self, sentence: str) -> None:
        event = QAccessibleAnnouncementEvent(self, sentence)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def _watch_delay(self) -> None:
        """Start the countdown if this person must wait, after a mistake or a restart."""
        slot = self.list.current_id()
        if slot and keys.wait(self._folder, slot) > 0:
            self._count_down()
            self._countdown.start()

    def _count_down(self) -> None:
        slot = self.list.current_id()
        left = keys.wait(self._folder, slot) if slot else 0
        if left > 0:
            self._write_note(f"{self._sentence} {keys.TooSoon(left)}".strip(), True)
            self.button.setEnabled(False)
            self.button.describe(str(keys.TooSoon(left)))
            return
        self._countdown.stop()
        self.button.setEnabled(not self._working)
        self.button.describe()
        self._write_note(self._sentence, bool(self._sentence))

    # keys and moves

    def _named(self, _id: str) -> None:
        self.field.setFocus()

    def _moved(self, _id: str) -> None:
        self._countdown.stop()
        self.button.setEnabled(not self._working)
        self.button.describe()
        self._say("")
        self._watch_delay()

    def _edited(self) -> None:
        if self._sentence and not self._countdown.isActive():
            self._say("")

    def _start_recovery(self) -> None:
        self.field.setText("")
        self._show(2)
        self.recovery.start(self._folder)

    def _back_to_unlock(self) -> None:
        self._show(0)
        self.field.setFocus()

    def _retry(self) -> None:
        self.ask(self._folder)

    def eventFilter(self, watched, event) -> bool:
        if event.type() != QEvent.Type.KeyPress:
            return False
        if watched is self.field and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.step(-1 if event.key() == Qt.Key.Key_Up else 1)
            return True
        if watched is self.list:
            digit = key_press.digit(event)
            if digit is not None:
                self._choose(digit)
                return True
            if key_press.letter(event):  # the first letter of the passphrase goes where it belongs
                self.field.setFocus()
                self.field.setText(event.text())
                return True
        return False

    def _choose(self, digit: int) -> None:
        cards = self.list.cards()
        if 1 <= digit <= len(cards):
            self.list.show_cards(cards, select=cards[digit - 1].id)
            self.field.setFocus()

    def keyPressEvent(self, event) -> None:
        page = self.pages.place()
        if event.key() == Qt.Key.Key_Escape and page == 2:
            self.recovery.go_back()
        elif event.key() == Qt.Key.Key_Escape and page == 1:
            self._back_to_unlock()
        elif key_press.is_enter(event) and page == 4:
            self.unveiled.emit()
        else:
            super().keyPressEvent(event)

    def _resize(self) -> None:
        self.list.setFixedHeight(max(1, min(len(self.list.cards()), 6)) * px(38) + 4)
        wide = self.pages.place() == 2 and self.recovery.pages.place() == 2
        self._card.setMinimumWidth(px(380))
        self._card.setMaximumWidth(px(720 if wide else 580))

    def paintEvent(self, event) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(LOOK.tokens.rail))
        painter.end()


class Face(QFrame):
    """The public half: the hour, the day, the numbers that wait. The place's name only while its file is open."""

    def __init__(self) -> None:
        super().__init__()
        self.clock, self.day, self.place = label(""), label("", wrap=True), label("", wrap=True)
        self.waiting, self.numbers = label(""), label("", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(40, 24, 24, 24)
        column.setSpacing(4)
        column.addStretch(1)
        for item in (self.place, self.clock, self.day):
            column.addWidget(item)
        column.addSpacing(24)
        column.addWidget(self.waiting)
        column.addWidget(self.numbers)
        column.addStretch(1)
        self._ticks = QTimer(self, interval=1000)
        self._ticks.timeout.connect(self._tick)
        LOOK.changed.connect(self._dress)
        self._dress()
        self._tick()
        self.show_waiting(())

    def show_place(self, name: str) -> None:
        self.place.setText(name)
        self.place.setVisible(bool(name))

    def show_waiting(self, numbers: Sequence[int]) -> None:
        shown = " · ".join(str(number) for number in numbers[:8])
        more = len(numbers) - 8
        self.waiting.setText(_waiting(len(numbers)) if numbers else "")
        self.numbers.setText(
            f"{shown} et {more} autres" if more > 1 else shown if more < 1 else f"{shown} · {numbers[8]}"
        )
        self.waiting.setVisible(bool(numbers))
        self.numbers.setVisible(bool(numbers))

    def _tick(self) -> None:
        now = datetime.now()
        self.clock.setText(french.time_of_day(now))
        day = french.weekday_date(now.date())
        self.day.setText(day[0].upper() + day[1:])

    def _dress(self) -> None:
        t = LOOK.tokens
        self.setStyleSheet(f"QLabel {{ color: {t.rail_muted}; font-family: '{FAMILY}'; font-size: {px(20)}px; }}")
        big = f"color: {t.rail_text}; font-weight: 700; font-size:"
        self.clock.setStyleSheet(f"QLabel {{ {big} {min(px(104), 150)}px; }}")
        self.place.setStyleSheet(f"QLabel {{ {big} {px(20)}px; }}")
        self.numbers.setStyleSheet(f"QLabel {{ {big} {px(30)}px; }}")

    def showEvent(self, event) -> None:
        super().showEvent(event)
        self._tick()
        self._ticks.start()

    def hideEvent(self, event) -> None:
        super().hideEvent(event)
        self._ticks.stop()


def _waiting(count: int) -> str:
    return f"{french.counted(count, 'personne')} {french.plural(count, 'attend', 'attendent')}"


def _card(place: int, slot: keys.Slot) -> Card:
    cap = str(place) if place < 10 else ""
    return Card(slot.id, slot.name, icon="shield" if slot.role == keys.RESPONSABLE else "user", cap=cap)


def _page() -> tuple[QWidget, QVBoxLayout]:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    return page, column


def _screen(folder: Path) -> QSettings:
    """What the unlock screen remembers, beside the file and outside it: who opened last. Nothing else."""
    return QSettings(str(folder / SCREEN), QSettings.Format.IniFormat)
