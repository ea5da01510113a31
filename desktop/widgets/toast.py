"""The one sentence that follows an act, with « Annuler »; spoken politely to a screen reader."""

from PySide6.QtCore import QEvent, QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QHBoxLayout, QLineEdit, QPlainTextEdit, QWidget

from desktop.widgets.buttons import KeyButton
from desktop.widgets.form import label
from desktop.widgets.look import LOOK, px


class Toast(QFrame):
    undone = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        line = QHBoxLayout(self)
        line.setContentsMargins(16, 8, 8, 8)
        line.setSpacing(16)
        self.sentence = label("")
        self.undo = KeyButton("Annuler", "Ctrl+Z", name="Annuler le dernier acte")
        self.undo.clicked.connect(self.undone)
        line.addWidget(self.sentence)
        line.addWidget(self.undo)
        self._timer = QTimer(self, singleShot=True, interval=10_000)
        self._timer.timeout.connect(self.hide)
        parent.installEventFilter(self)
        LOOK.changed.connect(self._place)
        QApplication.instance().focusChanged.connect(self._make_way)
        self.hide()

    def say(self, sentence: str, *, undoable: bool = False) -> None:
        self.sentence.setText(sentence)
        self.undo.setVisible(undoable)
        self.adjustSize()
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        event = QAccessibleAnnouncementEvent(self, sentence)
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Polite)
        QAccessible.updateAccessibility(event)

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return False

    def _make_way(self, *_: QWidget | None) -> None:
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        """At the bottom; at the top while one types where it would be."""
        parent = self.parentWidget()
        self.layout().activate()
        width = min(self.sizeHint().width(), parent.width() - 24)
        place = QRect((parent.width() - width) // 2, parent.height() - self.sizeHint().height() - px(66),
                      width, self.sizeHint().height())  # fmt: skip
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit | QPlainTextEdit | QComboBox) and parent.isAncestorOf(focus):
            typed = QRect(focus.mapTo(parent, QPoint()), focus.size())
            if typed.adjusted(0, -px(24), 0, px(24)).intersects(place):
                place.moveTop(px(8))
        self.setGeometry(place)
