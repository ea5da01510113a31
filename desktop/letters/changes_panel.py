"""What changed in the origin of a local template: before, today, and the place's words, passage by passage."""

from functools import partial
from html import escape
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QVBoxLayout, QWidget

from desktop.documents.template_changes import Passage, plain, words
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, scrolled, set_tone, tag
from desktop.widgets.look import px

_BEFORE, _TODAY, _YOURS = "Avant", "Le modèle d’origine aujourd’hui", "Votre version"


class ChangesPanel(Panel):
    """`taken` with the passages to put in the text; `seen` when there is nothing more to look at."""

    taken = Signal(tuple)
    seen = Signal()
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.passages: tuple[Passage, ...] = ()
        self.cards: list[PassageCard] = []
        self.count = tag("", "plain")
        head = row(label("Le modèle d’origine a changé", "section", wrap=True), self.count)
        head.setStretch(0, 1)
        self.column.addLayout(head)
        self.hint = label("", "hint", wrap=True)
        self.add(self.hint)
        inside = QWidget()
        self._pile = QVBoxLayout(inside)
        self._pile.setContentsMargins(0, 0, 8, 0)
        self._pile.setSpacing(10)
        self._pile.addStretch(1)
        self.add(scrolled(inside, "Passages changés"), stretch=1)
        self.take_all = KeyButton("Tout reprendre", icon="download")
        self.take_all.clicked.connect(self._take_all)
        self.close_button = KeyButton("Fermer", "Échap", "x", kind="quiet", name="Fermer la comparaison")
        self.close_button.clicked.connect(self.closed)
        self.mark = KeyButton("Marquer comme vu", icon="check", kind="primary")
        self.mark.clicked.connect(self.seen)
        self.column.addLayout(Flow(self.take_all, self.close_button, push=self.mark))

    def show_passages(self, passages: tuple[Passage, ...], *, gone: bool, reserved: str) -> None:
        """`gone` when Guichet no longer ships the origin; `reserved` says why one may only look."""
        left = [passage for passage in passages if not passage.taken]
        self.hint.setText(_said(passages, left, gone))
        set_tone(self.count, f"{len(left)} à voir" if left else "", "info")
        self.count.setVisible(bool(left))
        plain = [passage for passage in left if not passage.clashes]
        for button, possible in ((self.take_all, bool(plain)), (self.mark, True)):
            button.setEnabled(possible and not reserved)
            button.describe(reserved)
        self.take_all.setVisible(len(plain) > 1)
        if passages != self.passages:
            self._rebuild(passages)
        for card in self.cards:
            card.take.bar(reserved)

    def _rebuild(self, passages: tuple[Passage, ...]) -> None:
        focused = QApplication.focusWidget()
        at = next((i for i, card in enumerate(self.cards) if focused and card.isAncestorOf(focused)), None)
        for card in self.cards:
            card.hide()
            card.deleteLater()
        self.passages, self.cards = passages, [PassageCard(passage) for passage in passages]
        for place, card in enumerate(self.cards):
            self._pile.insertWidget(place, card)
            card.take.clicked.connect(partial(self._take, place))
        stops = (card if card.passage.taken else card.take for card in self.cards)
        for one, next_one in pairwise((*stops, self.take_all, self.close_button, self.mark)):
            QWidget.setTabOrder(one, next_one)
        if at is not None:
            self.begin(at)

    def begin(self, at: int = 0) -> None:
        """The focus on the next passage to look at, else on what ends it."""
        later = [card for card in (*self.cards[at:], *self.cards[:at]) if not card.passage.taken]
        target = later[0].take if later else self.mark
        (target if target.isEnabled() else self.close_button).setFocus()

    def _take(self, place: int) -> None:
        self.taken.emit((self.passages[place],))

    def _take_all(self) -> None:
        """Those where the place wrote nothing of its own."""
        self.taken.emit(tuple(p for p in self.passages if not p.taken and not p.clashes))


def _said(passages: tuple[Passage, ...], left: list[Passage], gone: bool) -> str:
    if gone:
        return "Guichet ne livre plus ce modèle. Votre version reste la vôtre."
    if not passages:
        return "Seul le numéro de version a changé."
    if not left:
        return "Tout est repris. Enregistrez votre texte, puis marquez comme vu."
    return (
        "En gras souligné : les mots nouveaux. Barrés : les mots partis. Votre texte ne change que si vous le demandez."
    )


class PassageCard(QFrame):
    """One passage: before and today side by side, the place's words below, and the button that takes it."""

    def __init__(self, passage: Passage) -> None:
        super().__init__()
        self.setObjectName("card")
        self.passage = passage
        before, today, yours = map(plain, (passage.before, passage.today, passage.yours))
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 10, 12, 12)
        column.setSpacing(8)
        state, tone = _state(passage)
        head = row(label(passage.where, "strong", wrap=True), tag(state, tone))
        head.setStretch(0, 1)
        column.addLayout(head)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(14)
        self._beside.addLayout(_told(_BEFORE, _marked(before, today, "s") or "Ce passage n’existait pas."), 1)
        self._beside.addLayout(_told(_TODAY, _marked(today, before, "u") or "Ce passage n’y est plus."), 1)
        column.addLayout(self._beside)
        told = _same(passage) or _marked(yours, before, "u") or "Vous avez retiré ce passage."
        column.addLayout(_told(_YOURS, told))
        self.take = KeyButton("Reprendre ce passage", icon="download", name=f"Reprendre ce passage : {passage.where}")
        note = label("Il remplace vos mots. Ctrl+Z les ramène.", "hint", wrap=True)
        foot = row(self.take, note, "|")
        foot.setStretch(1, 9)
        column.addLayout(foot)
        self.take.setVisible(not passage.taken)
        note.setVisible(passage.clashes)
        if passage.taken:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # nothing else in it takes the keys there
        self.setAccessibleName(f"{passage.where}, {state}")
        spoken = _same(passage) or yours or "Vous avez retiré ce passage."
        self.setAccessibleDescription(
            f"{_BEFORE} : {before or 'rien'}. {_TODAY} : {today or 'rien'}. {_YOURS} : {spoken}"
        )

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        wide = event.size().width() >= px(440)
        self._beside.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)


def _state(passage: Passage) -> tuple[str, str]:
    if passage.taken:
        return "Déjà repris", "ok"
    return ("Changé aussi par vous", "wait") if passage.clashes else ("Nouveau", "info")


def _same(passage: Passage) -> str:
    if passage.taken:
        return "Comme le modèle d’origine aujourd’hui."
    return "" if passage.clashes else "Comme avant."


def _told(title: str, rich: str) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(2)
    text = label("", wrap=True)
    text.setTextFormat(Qt.TextFormat.RichText)
    text.setText(rich)
    text.setAlignment(Qt.AlignmentFlag.AlignTop)
    column.addWidget(label(title, "label", wrap=True))
    column.addWidget(text)
    column.addStretch(1)
    return column


def _marked(text: str, other: str, mark: str) -> str:
    """As rich text, the words that `other` lacks struck (s), or bold and underlined (u)."""
    opened, closed = ("<s>", "</s>") if mark == "s" else ("<b><u>", "</u></b>")
    return "".join(
        f"{opened}{shown}{closed}" if differs and shown.strip() else shown
        for shown, differs in ((escape(piece).replace("\n", "<br>"), differs) for piece, differs in words(other, text))
    )
