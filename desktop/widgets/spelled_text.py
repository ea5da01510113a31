"""A text box that underlines doubtful words; F7 goes to the next one and proposes others, by keys alone."""

from dataclasses import dataclass
from functools import partial

import shiboken6
from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QTextEdit, QVBoxLayout, QWidget

from desktop import spelling
from desktop.french import counted
from desktop.jobs import Done, Failed, Jobs
from desktop.widgets import keys, look
from desktop.widgets.cards import Card, CardList
from desktop.widgets.form import label
from desktop.widgets.look import LOOK, px

KEY = "F7"
PAUSE = 500  # ms without a key before the text is read again
ADD, IGNORE = "8", "9"
_MODIFIERS = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_NumLock,
    Qt.Key.Key_CapsLock,
)  # fmt: skip


@dataclass(frozen=True)
class _Doubt:
    """A doubtful word; its cursor follows what is typed before it."""

    word: str
    cursor: QTextCursor

    @property
    def stands(self) -> bool:
        return self.cursor.selectedText() == self.word


class _Proposals(QFrame):
    """The words to choose from, over the window; the text box keeps the focus and the keys."""

    def __init__(self, host: QWidget, word: str) -> None:
        super().__init__(host)
        self.setObjectName("overlay")
        self.word = word
        self.list = CardList(f"Propositions pour « {word} »", "Recherche…", flat=True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(4)
        self.title = label(f"« {word} » · mot à vérifier", "label")
        self.title.setContentsMargins(10, 2, 10, 0)
        column.addWidget(self.title)
        column.addWidget(self.list)

    def show_words(self, words: list[str]) -> None:
        self.list.show_cards(
            [
                *(Card(str(digit), word, cap=str(digit)) for digit, word in enumerate(words, 1)),
                *(() if words else (Card("", "Aucune proposition", is_section=True),)),
                Card(ADD, "Ajouter au dictionnaire", badge="jamais un nom de personne", icon="plus", cap=ADD),
                Card(IGNORE, "Ignorer", icon="x", cap=IGNORE),
            ]
        )
        self.list.select_first()

    def place(self, host: QWidget, top: int, bottom: int, left: int) -> None:
        """Under the line of the word, or above it where there is more room."""
        rows = self.list.cards()
        needed = px(38) * max(1, len(rows)) - px(10) * any(card.is_section for card in rows)
        height, width = needed + self.title.sizeHint().height() + 20, min(px(440), host.width() - 8)
        under, over = host.height() - bottom - 6, top - 6
        above = height > under and over > under
        height = min(height, over if above else under)
        x = max(4, min(left, host.width() - width - 4))
        self.setGeometry(x, top - height - 2 if above else bottom + 2, width, height)
        self.show()
        self.raise_()


class SpelledText(QPlainTextEdit):
    """`known`: names and personal words; `word_added` asks the room to keep one; `doubted` says how many remain.

    Without `jobs`, the library or the dictionary, it is a plain text box.
    """

    word_added = Signal(str)
    doubted = Signal(int)

    def __init__(self, jobs: Jobs | None = None, known: frozenset[str] = frozenset(), **properties: object) -> None:
        super().__init__(**properties)
        self._description = self.accessibleDescription()
        self._jobs = jobs if jobs is not None and spelling.available() else None
        self._known, self._ignored = known, frozenset()
        self._doubts: list[_Doubt] = []
        self._shown = 0
        self._reading = self._wanted = self._is_writing = False
        self._proposals: _Proposals | None = None
        self.pause = QTimer(self, singleShot=True, interval=PAUSE)
        self.pause.timeout.connect(self.read)
        self.textChanged.connect(self._typed)
        self.cursorPositionChanged.connect(self._underline)
        LOOK.changed.connect(self._underline)

    # reading

    def set_known(self, known: frozenset[str]) -> None:
        """Other names are typed in the letter."""
        if known != self._known:
            self._known = known
            self._typed()

    def read(self) -> None:
        """Check what is typed, in the background."""
        self.pause.stop()
        if self._jobs is not None:
            text = self.toPlainText()
            self._reading = True
            self._jobs.run(partial(spelling.check, text, self._known | self._ignored), partial(self._read, text))

    def _read(self, text: str, outcome: Done | Failed) -> None:
        if not shiboken6.isValid(self):
            return
        self._reading = False
        if isinstance(outcome, Failed):
            self._jobs = None
        elif text == self.toPlainText():
            self._doubts = [self._doubt(text, mistake) for mistake in outcome.value]
            self._underline()
            if self._wanted:
                self.next_doubt()

    def _doubt(self, text: str, mistake: spelling.Mistake) -> _Doubt:
        cursor = QTextCursor(self.document())
        cursor.setPosition(_units(text[: mistake.start]))
        cursor.setPosition(cursor.position() + _units(mistake.word), QTextCursor.MoveMode.KeepAnchor)
        cursor.setKeepPositionOnInsert(True)
        return _Doubt(mistake.word, cursor)

    def _typed(self) -> None:
        if self.document().isEmpty():  # another text: nothing of the last one stays
            self._doubts, self._ignored = [], frozenset()
        self._underline()
        if self._jobs is not None:
            self.pause.start()

    def _is_unread(self) -> bool:
        return self.pause.isActive() or self._reading

    def _underline(self) -> None:
        """Every doubtful word but the one being typed."""
        here = self.textCursor().position() if self.hasFocus() and self._is_writing else -1
        form = QTextCharFormat()
        form.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        form.setUnderlineColor(look.color("urgent"))
        shown = []
        for doubt in self._doubts:
            if doubt.stands and doubt.cursor.selectionEnd() != here:
                mark = QTextEdit.ExtraSelection()
                mark.cursor, mark.format = doubt.cursor, form
                shown.append(mark)
        self.setExtraSelections(shown)
        if len(shown) != self._shown:
            self._shown = len(shown)
            self.setAccessibleDescription(self._description)
            self.doubted.emit(self._shown)

    def setAccessibleDescription(self, text: str) -> None:
        """What the form says of the field, then how many words are doubtful."""
        self._description = text
        doubts = f"{counted(self._shown, 'mot')} à vérifier, touche {KEY}." if self._shown else ""
        super().setAccessibleDescription(" ".join(filter(None, (text, doubts))))

    # going from one to the next

    def next_doubt(self) -> None:
        """Select the next doubtful word and propose others; after the last one, the first."""
        self._wanted = self._is_unread()
        if self.pause.isActive():
            self.read()
        if self._wanted:
            return
        here = self.textCursor().selectionEnd()
        standing = [doubt for doubt in self._doubts if doubt.stands]
        after = [doubt for doubt in standing if doubt.cursor.selectionStart() >= here]
        if standing:
            self._open((after or standing)[0])

    def _open(self, doubt: _Doubt) -> None:
        self.close_list()
        selected = self.textCursor()
        selected.setPosition(doubt.cursor.selectionStart())
        selected.setPosition(doubt.cursor.selectionEnd(), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(selected)
        self._come_into_view()
        self._proposals = _Proposals(self.window(), doubt.word)
        self._proposals.list.chosen.connect(self._choose)
        self._proposals.list.moved.connect(self._announce)
        self._place_list()
        work = partial(spelling.suggest, doubt.word, self._known)
        self._jobs.run(work, partial(self._propose, self._proposals))

    def _come_into_view(self) -> None:
        around = self.parentWidget()
        while around is not None:
            if isinstance(around, QScrollArea):
                around.ensureWidgetVisible(self)
            around = around.parentWidget()

    def _place_list(self) -> None:
        host = self._proposals.parentWidget()
        line = self.cursorRect()
        start = QTextCursor(self.textCursor())
        start.setPosition(start.selectionStart())
        corner = self.viewport().mapTo(host, QPoint(self.cursorRect(start).left(), line.top()))
        self._proposals.place(host, corner.y(), corner.y() + line.height(), corner.x())

    def _propose(self, proposals: _Proposals, outcome: Done | Failed) -> None:
        if shiboken6.isValid(self) and proposals is self._proposals:
            proposals.show_words(outcome.value if isinstance(outcome, Done) else [])
            self._place_list()

    def _choose(self, id: str) -> None:
        """A word by its digit, « Ajouter » or « Ignorer »."""
        word = self._proposals.word
        chosen = next((card.title for card in self._proposals.list.cards() if card.id == id), "")
        self.close_list()
        cursor = self.textCursor()
        if not chosen or cursor.selectedText() != word:
            return
        if id == ADD:
            self._known |= {spelling.bare(word)}
            self.word_added.emit(spelling.bare(word))
        elif id == IGNORE:
            self._ignored |= {spelling.bare(word)}
        else:
            self._is_writing = False
            cursor.insertText(chosen)
        cursor.setPosition(cursor.selectionEnd())
        self.setTextCursor(cursor)
        self.read()

    def is_list_open(self) -> bool:
        return self._proposals is not None

    def proposed(self) -> tuple[str, ...]:
        """The lines of the open list."""
        return tuple(card.title for card in self._proposals.list.cards()) if self._proposals else ()

    def close_list(self) -> None:
        if self._proposals is not None:
            self._proposals.hide()
            self._proposals.deleteLater()
            self._proposals = None

    def _announce(self, id: str) -> None:
        """The focus stays in the text: the line chosen is spoken."""
        card = next(card for card in self._proposals.list.cards() if card.id == id)
        event = QAccessibleAnnouncementEvent(self, f"{card.cap}, {card.spoken}")
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    # keys

    def _is_ours(self, event) -> bool:
        """F7 is the window's again once no word is doubtful."""
        pressed = QKeySequence(event.keyCombination()) == QKeySequence(KEY)
        return pressed and self._jobs is not None and (self._is_unread() or any(d.stands for d in self._doubts))

    def event(self, event) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event) -> None:
        if self._is_ours(event):
            self.next_doubt()
        elif self._proposals is None or not self._pressed_in_list(event):
            commanded = event.modifiers() & Qt.KeyboardModifier.ControlModifier
            self._is_writing = not commanded and event.text() != "" and event.text().isprintable()
            super().keyPressEvent(event)

    def _pressed_in_list(self, event) -> bool:
        """A digit, an arrow, Entrée or Échap; any other key closes the list and is typed."""
        proposals, digit = self._proposals.list, keys.digit(event)
        if digit is not None:
            self._choose(str(digit)) if any(card.id == str(digit) for card in proposals.cards()) else None
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            proposals.step(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif keys.is_enter(event):
            self._choose(proposals.current_id() or "") if proposals.cards() else None
        elif event.key() == Qt.Key.Key_Escape:
            self.close_list()
        elif event.key() not in _MODIFIERS:
            self.close_list()
            return False
        return True

    def contextMenuEvent(self, event) -> None:
        """A right click on an underlined word opens the same list."""
        place = self.cursorForPosition(event.pos()).position()
        for doubt in self._doubts:
            if doubt.stands and doubt.cursor.selectionStart() <= place <= doubt.cursor.selectionEnd():
                self._open(doubt)
                return
        super().contextMenuEvent(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self._underline()

    def focusOutEvent(self, event) -> None:
        super().focusOutEvent(event)
        self._underline()
        if self._proposals is not None and not self._proposals.underMouse():
            self.close_list()

    def showEvent(self, event) -> None:
        """The dictionary is loaded before the first word is typed."""
        super().showEvent(event)
        self._typed()

    def hideEvent(self, event) -> None:
        super().hideEvent(event)
        self.close_list()


def _units(text: str) -> int:
    """Qt counts an emoji as two."""
    return len(text) + sum(c > "\uffff" for c in text)
