"""One station at a time, by digits: install somebody, lengthen, note a use or a help, end, put out of order."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from db import digital_space, lists, visits
from desktop import french
from desktop.digital_space import words
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.form import Panel, label, row, scrolled

MINUTES = (30, 45, 60)
DEFAULT = 45
FAULTS = ("Écran en panne", "Clavier ou souris", "Pas d’internet", "Ne démarre pas")
CHECKS = "Comptes et messagerie fermés.\nHistorique et téléchargements effacés.\nClé USB et papiers rendus."


@dataclass(frozen=True)
class Answer:
    """One numbered answer of a question."""

    digit: int
    text: str
    act: Callable[[], None]
    icon: str = ""
    why_not: str = ""


class StationPanel(Panel):
    """`acted` after each act; `left` when the panel closes."""

    acted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=6)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.post: digital_space.Post | None = None
        self._step, self._use = "", ""
        self._waiting: tuple[visits.Ticket, ...] = ()
        self._visit: visits.Ticket | None = None
        self._stay = ""
        self._answers: dict[int, Answer] = {}
        self.heading = label("", "section", wrap=True)
        self.who = label("", "hint", wrap=True)
        self.question = label("", "strong", wrap=True)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.close_panel)
        top = row(self.heading, self.cancel)
        top.setStretch(0, 1)
        self.column.addLayout(top)
        self.add(self.who, self.question)
        inside = QWidget()
        self._lines = QVBoxLayout(inside)
        self._lines.setContentsMargins(0, 0, 4, 0)
        self._lines.setSpacing(5)
        self.column.addWidget(scrolled(inside, "Réponses"), 1)
        self.chips: list[Chip] = []
        self.text = label("", wrap=True)
        self.error = label("", "error", wrap=True)
        self.field = QLineEdit()
        self.field.setObjectName("name")
        self.field.installEventFilter(self)
        self.go_on = KeyButton("", "Entrée", "check", kind="primary")
        self.go_on.clicked.connect(self.enter)
        self.add(self.error, self.field, self.go_on)

    # doors

    def open_post(self, post: digital_space.Post, waiting: tuple[visits.Ticket, ...], stay: str) -> None:
        """Ask what this station needs; `stay` says why nobody may stay longer, or nothing."""
        self.post, self._waiting, self._stay = post, waiting, stay
        self._visit, self._use = None, ""
        self.field.setText("")
        if post.fault:
            self._ask_repair()
        elif post.session:
            self._ask_menu()
        else:
            self._ask_use()
        self.setFocus()

    def open_for(self, post: digital_space.Post, ticket: visits.Ticket, waiting: tuple[visits.Ticket, ...]) -> None:
        """Install somebody from the queue."""
        self.open_post(post, waiting, "")
        self._take(ticket)

    def open_end(self, post: digital_space.Post) -> None:
        self.open_post(post, (), "")
        self._ask_end()

    def close_panel(self) -> None:
        self.post = None
        self.field.setText("")
        self.left.emit()

    def forget(self) -> None:
        self.post, self._visit, self._waiting = None, None, ()
        self.field.setText("")
        for shown in (self.heading, self.who, self.question):
            shown.setText("")
        self._show_answers(())

    def follow(self, posts: tuple[digital_space.Post, ...]) -> None:
        """Close when the station is no longer what the question was about."""
        if self.post is None:
            return
        now = next((post for post in posts if post.id == self.post.id), None)
        if now is None or (now.session, now.fault) != (self.post.session, self.post.fault):
            self.close_panel()

    # questions

    def _ask_use(self) -> None:
        answers = [
            Answer(n, v.label, _call(self._choose_use, v.code), words.ICONS.get(v.code, ""))
            for n, v in enumerate(lists.values("use")[:5], 1)
        ]
        if self._waiting and self._visit is None:
            first = self._waiting[0]
            text = f"n° {first.number} · {first.label or 'Anonyme'}"
            answers.append(Answer(0, text, _call(self._take, first), "users"))
        answers.append(Answer(9, "Hors service", self._ask_fault, "wrench"))
        self._ask("use", "Pour quoi faire ?", answers, "Continuer", "Nom (facultatif)")

    def _ask_time(self) -> None:
        answers = [
            Answer(n, f"{m} minutes" if m < 60 else "1 heure", _call(self._install, m))
            for n, m in enumerate(MINUTES, 1)
        ]
        self._ask("time", "Combien de temps ?", answers, f"Installer {DEFAULT} min", "Nom (facultatif)")
        self.chips[MINUTES.index(DEFAULT)].setChecked(True)
        self.who.setText(f"{lists.label('use', self._use)}. Faites accepter la charte.")

    def _ask_menu(self) -> None:
        answers = (
            Answer(1, "Ajouter 15 minutes", self._extend, "clock", self._stay),
            Answer(2, "Ajouter un usage", self._ask_more_use, "plus"),
            Answer(3, "Aide ponctuelle donnée", _call(self._support, "ponctuelle"), "circle-help"),
            Answer(4, "Accompagné tout du long", _call(self._support, "accompagne"), "users"),
            Answer(9, "Terminer", self._ask_end, "log-out"),
        )
        self._ask("menu", "Que faire ?", answers)

    def _ask_more_use(self) -> None:
        answers = [
            Answer(n, v.label, _call(self._add_use, v.code), words.ICONS.get(v.code, ""))
            for n, v in enumerate(lists.values("use")[:5], 1)
        ]
        self._ask("more", "Quel usage en plus ?", answers)

    def _ask_end(self) -> None:
        self._ask("end", "Déconnexion vérifiée ?", (), "Déconnexion vérifiée", text=CHECKS)
        self.setFocus()

    def _ask_fault(self) -> None:
        answers = [Answer(n, text, _call(self._break, text)) for n, text in enumerate(FAULTS, 1)]
        self._ask("fault", "Pourquoi hors service ?", answers, "Hors service", "Autre raison")

    def _ask_repair(self) -> None:
        self._ask("repair", self.post.fault, [Answer(1, "Remettre en service", self._repair, "check")])

    def _ask(self, step: str, question: str, answers, then: str = "", field: str = "", text: str = "") -> None:
        self._step = step
        self.heading.setText(self.post.name)
        self.who.setText(_described(self.post, self._visit))
        self.question.setText(question)
        self.setAccessibleName(f"{self.post.name}, {question}")
        self._say("")
        self._show_answers(answers, text)
        self.field.setVisible(bool(field))
        self.field.setPlaceholderText(field)
        self.field.setAccessibleName(field)
        self.go_on.setVisible(bool(then))
        self.go_on.setText(then)
        self.go_on.setAccessibleName(then)
        self.go_on.updateGeometry()

    def _show_answers(self, answers, text: str = "") -> None:
        while self._lines.count():
            widget = self._lines.takeAt(0).widget()
            if widget is not None and widget is not self.text:
                widget.hide()
                widget.deleteLater()
        self._answers = {answer.digit: answer for answer in answers}
        self.chips = []
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._lines.addWidget(self.text)
        for answer in answers:
            chip = Chip(answer.text, str(answer.digit), answer.icon)
            chip.live = not answer.why_not
            chip.setEnabled(not answer.why_not)
            chip.setToolTip(answer.why_not)
            chip.setAccessibleDescription(answer.why_not or f"Touche {answer.digit}")
            chip.clicked.connect(self._clicked)
            self._lines.addWidget(chip)
            if answer.why_not:
                self._lines.addWidget(label(answer.why_not, "hint", wrap=True))
            self.chips.append(chip)
        self._lines.addStretch(1)

    # answers

    def press(self, digit: int) -> None:
        answer = self._answers.get(digit)
        if answer is None:
            return
        if answer.why_not:
            self._say(answer.why_not)
        else:
            answer.act()

    def enter(self) -> None:
        """Entrée: the default, or the one thing this question accepts."""
        if self._step == "use":
            self._say("Choisissez un usage, de 1 à 5.")
            self.setFocus()
        elif self._step == "time":
            self._install(DEFAULT)
        elif self._step == "end":
            digital_space.finish(self.post.session)
            self._done()
        elif self._step == "fault":
            self._break(self.field.text().strip())

    def problem(self) -> str:
        return self.error.text()

    def _take(self, ticket: visits.Ticket) -> None:
        self._visit = ticket
        self.field.setText(ticket.label)
        self._ask_use()

    def _choose_use(self, use: str) -> None:
        self._use = use
        self._ask_time()

    def _install(self, minutes: int) -> None:
        name = self.field.text().strip()
        if len(name) > 60:
            self._say("Ce nom est trop long (60 signes au plus).")
            return
        name = name.title() if name.islower() else name
        visit = self._visit.id if self._visit else None
        digital_space.start(self.post.id, self._use, minutes, name, visit)
        self._done()

    def _extend(self) -> None:
        digital_space.extend(self.post.session)
        self._done()

    def _add_use(self, use: str) -> None:
        digital_space.add_use(self.post.session, use)
        self._done()

    def _support(self, support: str) -> None:
        digital_space.note_support(self.post.session, support)
        self._done()

    def _break(self, reason: str) -> None:
        if not reason:
            self._say("Dites pourquoi. Exemple : écran en panne.")
            return
        digital_space.set_fault(self.post.id, f"{reason} depuis le {french.day_and_month(date.today())}")
        self._done()

    def _repair(self) -> None:
        digital_space.set_fault(self.post.id, "")
        self._done()

    def _done(self) -> None:
        self.close_panel()
        self.acted.emit()

    def _say(self, sentence: str) -> None:
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        self.setAccessibleDescription(sentence)

    def _back(self) -> None:
        before = {"time": self._ask_use, "fault": self._ask_use, "more": self._ask_menu, "end": self._ask_menu}
        before.get(self._step, self.close_panel)()

    def _clicked(self) -> None:
        chip = self.sender()
        chip.setChecked(False)
        self.setFocus()
        self.press(int(chip.key))

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        letter = keys.letter(event)
        if digit is not None:
            self.press(digit)
        elif keys.is_enter(event):
            self.enter()
        elif event.key() == Qt.Key.Key_Escape:
            self.close_panel()
        elif keys.is_back(event):
            self._back()
        elif letter:
            if self.field.isVisibleTo(self):
                self.field.setFocus()
                self.field.setText(self.field.text() + letter)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched, event) -> bool:
        if watched is self.field and event.type() == QEvent.Type.KeyPress:
            if keys.is_enter(event):
                if self._step == "use":
                    self.setFocus()
                else:
                    self.enter()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close_panel()
                return True
        return False


def _call(act: Callable, *values: object) -> Callable[[], None]:
    return lambda: act(*values)


def _described(post: digital_space.Post, ticket: visits.Ticket | None) -> str:
    if post.session:
        return f"{words.who(post)} · {words.uses(post)}"
    return f"Visite n° {ticket.number}" if ticket else "Chiffres : répondre. Lettres : nommer."
