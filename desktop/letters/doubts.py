"""How many words of a document are doubtful, said beside its buttons; F7 goes to the next one from any field."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from db import preferences
from desktop import french
from desktop.widgets.spelled_text import KEY, SpelledText

_WORDS = "spelling.words"


class Doubts(QLabel):
    """`boxes` gives the texts of the document in their order; `room` is what holds its fields."""

    def __init__(self, room: QWidget, boxes: Callable[[], Sequence[SpelledText]]) -> None:
        super().__init__()
        self._boxes = boxes
        self._words: frozenset[str] = frozenset()  # the place writes them so
        self.setProperty("tone", "wait")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self.hide()
        room.installEventFilter(self)

    def begin(self) -> None:
        """Another document: read again the words the place has learnt."""
        self._words = frozenset(preferences.get(_WORDS, []))

    def watch(self, box: SpelledText) -> None:
        box.doubted.connect(self._count)
        box.word_added.connect(self._learn)

    def know(self, names: frozenset[str]) -> None:
        """Names typed in the document are no mistakes."""
        for box in self._boxes():
            box.set_known(names | self._words)
        self._count()  # those of another document are gone

    def _count(self, *_: int) -> None:
        count = sum(len(box.extraSelections()) for box in self._boxes())
        self.setText(f"{french.counted(count, 'doute')} · {KEY}" if count else "")
        self.setAccessibleName(f"{french.counted(count, 'mot')} à vérifier, touche {KEY}" if count else "")
        self.setToolTip(self.accessibleName())
        self.setVisible(bool(count))

    def _learn(self, word: str) -> None:
        self._words = frozenset(preferences.get(_WORDS, [])) | {word}
        preferences.put(_WORDS, sorted(self._words))

    def eventFilter(self, room: QObject, event: QEvent) -> bool:
        """The key is the window's again once no word is doubtful."""
        if event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        if QKeySequence(event.keyCombination()) != QKeySequence(KEY):
            return False
        box = next((box for box in self._boxes() if box.extraSelections()), None)
        if box is None:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            box.setFocus()
            box.next_doubt()
        return True
