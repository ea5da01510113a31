"""The calls of one list: whom to call, how it ended, and the next one comes."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from db import call_lists, drafts, team
from desktop import french
from desktop.dossiers.call_dossier import OpenForm
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, restyle, row, scrolled, set_tone, tag
from desktop.widgets.panes import Pane, Panes

TONES = {"a_appeler": "plain", "joint": "ok", "absent": "wait", "refus": "plain", "dossier": "info", "rien": "plain"}
OUTCOMES = tuple(call_lists.OUTCOMES)
OPEN = 5


class CallingPage(QWidget):
    """The customers on the left, whom to call on the right: a digit says how the call ended, and the next one comes."""

    acted = Signal()
    said = Signal(str)
    opened = Signal(str)
    returns = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.list_id = ""
        self._lines: tuple[call_lists.Line, ...] = ()
        self._line: call_lists.Line | None = None
        self._shown = ""
        people_list = Panel()
        self.title = label("", "section", wrap=True)
        self.progress = label("", "hint", wrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Appels passés")
        self.list = CardList("Personnes à appeler", "Plus personne dans cette liste.", flat=True)
        self.list.moved.connect(self._moved)
        self.list.chosen.connect(self._to_note)
        self.give_back = KeyButton("Fichier de retour", "6", "send")
        self.give_back.clicked.connect(self._returns)
        people_list.add(self.title, self.progress, self.bar)
        people_list.add(self.list, stretch=1)
        people_list.add(self.give_back)
        self.call = self._make_call()
        self.form = OpenForm()
        self.form.opened.connect(self._dossier_opened)
        self.form.acted.connect(self.acted)
        self.form.left.connect(self._rest)
        right = Panel(margins=(16, 12, 16, 12), spacing=10)
        self.leave = KeyButton("Fermer", "Échap", kind="quiet")
        self.leave.clicked.connect(self.left)
        self.rank = label("", "hint")
        right.column.addLayout(row(self.rank, "|", self.leave))
        right.add(self.call, self.form)
        right.column.addStretch(1)
        self.side = scrolled(right, "Appel")
        self.panes = Panes(Pane("Liste", people_list, 330), Pane("Appel", self.side), main=1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panes)
        self.form.hide()

    def _make_call(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.state = tag("", "plain")
        self.name = label("", "title", wrap=True)
        self.phone = label("", "clock", wrap=True)
        self.phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.facts = label("", wrap=True)
        self.last = label("", "hint", wrap=True)
        self.note = QLineEdit(placeholderText="Rappeler après 18 h")
        self.note.setAccessibleName("Note de l’appel")
        self.note.setMaxLength(400)
        self.note.textEdited.connect(self._keep_note)
        self.note.installEventFilter(self)
        self.problem = label("", "error", wrap=True)
        self.problem.hide()
        self.chips: dict[str, Chip] = {}
        for digit, (code, text) in enumerate(call_lists.OUTCOMES.items(), 1):
            chip = Chip(text, str(digit))
            chip.live = True
            chip.setProperty("outcome", code)
            chip.clicked.connect(self._clicked)
            self.chips[code] = chip
        self.open_button = KeyButton("Ouvrir un dossier", str(OPEN), "folder-plus")
        self.open_button.clicked.connect(self.open_dossier)
        note_title = label("Note, pour vous seulement", "label", wrap=True)
        note_title.setBuddy(self.note)
        column.addLayout(Flow(self.state))
        for widget in (self.name, self.phone, self.facts, self.last, note_title, self.note, self.problem):
            column.addWidget(widget)
        column.addWidget(label("Entrée revient à la liste. La note ne va pas au partenaire.", "hint", wrap=True))
        column.addWidget(label("Comment l’appel a-t-il fini ?", "label"))
        column.addLayout(Flow(*self.chips.values()))
        column.addLayout(Flow(self.open_button))
        return made

    def show_list(self, id: str) -> None:
        """Show a list, at the first customer to call."""
        self.list_id, self._shown = id, ""
        self.refresh()
        first = next((line.id for line in self._lines if line.state == call_lists.TO_CALL), None)
        if first:
            self.list.show_cards(self.list.cards(), select=first)
        elif self.list.current_id() is None:
            self.list.select_first()
        self._moved(self.list.current_id() or "")

    def enter(self) -> None:
        self.panes.bring(self.side)
        self.list.setFocus()
        if not self.list.isVisible():
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName("Appel en cours")
            self.setFocus()

    def refresh(self) -> None:
        if not self.list_id:
            return
        sheet = call_lists.sheet(self.list_id)
        self._lines = call_lists.lines(self.list_id)
        self.title.setText(f"{sheet.partner_name} · {sheet.title}")
        self.progress.setText(progress(sheet))
        self.bar.setRange(0, max(1, sheet.total))
        self.bar.setValue(sheet.total - sheet.to_call)
        self.bar.setAccessibleDescription(self.progress.text())
        self.list.show_cards(_cards(self._lines))
        if self.list.current_id() is None:
            self.list.select_first()
        self._show(self.list.current_id() or "")

    def clear(self) -> None:
        self.list_id, self._lines, self._line, self._shown = "", (), None, ""
        self.list.show_cards([])
        for shown in (self.title, self.progress, self.name, self.phone, self.facts, self.last, self.rank, self.problem):
            shown.setText("")
        self.note.setText("")
        self.form.clear()
        self._shut_form()

    # one customer

    def _moved(self, id: str) -> None:
        if id != self._shown:
            self._shut_form()
        self._show(id)

    def _show(self, id: str) -> None:
        line = next((line for line in self._lines if line.id == id), None)
        self._line = line
        self.call.setVisible(line is not None and self.form.isHidden())
        if line is None:
            return
        if id != self._shown:
            self._shown = id
            kept = drafts.kept(_draft(id))
            self.note.setText(str(kept.get("note", line.note)))
            self._refuse("")
        rank = [one.id for one in self._lines].index(id) + 1
        self.rank.setText(f"{rank} sur {len(self._lines)}")
        set_tone(self.state, call_lists.STATES[line.state], TONES[line.state])
        self.name.setText(line.name or "Sans nom")
        self.phone.setText(french.phone(line.phone) or "Pas de téléphone")
        details = [f"{name} : {text}" for name, text in line.detail.items()]
        reference = f"Référence : {line.reference}" if line.reference else ""
        self.facts.setText("\n".join(filter(None, (reference, *details))))
        self.facts.setVisible(bool(self.facts.text()))
        self.last.setText(_last(line))
        self.last.setVisible(bool(self.last.text()))
        for code, chip in self.chips.items():
            chip.setChecked(code == line.state)
        self.open_button.rename("Voir le dossier" if line.dossier else "Ouvrir un dossier")

    def outcome(self, code: str) -> None:
        """Log the call, then bring the next customer to call."""
        if self._line is None:
            return
        note = self.note.text()
        if problem := call_lists.call_problem(code, note):
            self._refuse(problem)
            self.note.setFocus()
            return
        id = self._line.id
        call_lists.log_call(id, code, note)
        drafts.forget(_draft(id))
        self._lines = call_lists.lines(self.list_id)
        following = _next(self._lines, id)
        self.list.show_cards(_cards(self._lines), select=following or id)
        self.refresh()
        self.enter()
        if following is None:
            self.said.emit("Toute la liste a été appelée.")
        self.acted.emit()

    def _refuse(self, sentence: str) -> None:
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        restyle(self.note, "wrong", "true" if sentence else "false")
        self.note.setAccessibleDescription(sentence)

    def _keep_note(self, text: str) -> None:
        if self._line is not None:
            drafts.keep(_draft(self._line.id), {"note": text})

    def _clicked(self) -> None:
        self.outcome(self.sender().property("outcome"))

    def _to_note(self, _id: str) -> None:
        self.panes.bring(self.side)
        self.note.setFocus()

    def _returns(self) -> None:
        self.returns.emit(self.list_id)

    # its dossier

    def open_dossier(self) -> None:
        """Ask for what the dossier needs, all of it filled in; the one already open is shown."""
        if self._line is None:
            return
        if self._line.dossier:
            self.opened.emit(self._line.dossier)
            return
        self.call.hide()
        self.form.show()
        self.panes.bring(self.side)
        self.form.start(self._line, call_lists.sheet(self.list_id), self.note.text())

    def _dossier_opened(self, id: str) -> None:
        drafts.forget(_draft(self._line.id))
        self._shut_form()
        self.refresh()
        self.acted.emit()
        self.opened.emit(id)

    def _rest(self) -> None:
        self._shut_form()
        self.enter()

    def _shut_form(self) -> None:
        self.form.hide()
        self.call.setVisible(self._line is not None)

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if not self.form.isHidden():
            super().keyPressEvent(event)
        elif digit is not None:
            self._digit(digit)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.list.step(1 if event.key() == Qt.Key.Key_Down else -1)
        elif letter := keys.letter(event):
            self._to_note("")
            self.note.setText(self.note.text() + letter)
            self._keep_note(self.note.text())
        else:
            super().keyPressEvent(event)

    def _digit(self, digit: int) -> None:
        if 0 < digit <= len(OUTCOMES):
            self.outcome(OUTCOMES[digit - 1])
        elif digit == OPEN:
            self.open_dossier()
        elif digit == 6:
            self._returns()

    def eventFilter(self, watched, event) -> bool:
        pressed = watched is self.note and event.type() == QEvent.Type.KeyPress
        if pressed and (keys.is_enter(event) or event.key() == Qt.Key.Key_Escape):
            self.enter()
            return True
        return False


def progress(sheet: call_lists.Sheet) -> str:
    """« 12 appelés sur 40, 3 à rappeler »."""
    done = sheet.total - sheet.counts[call_lists.TO_CALL]
    absent = sheet.counts["absent"]
    return f"{french.counted(done, 'appelé')} sur {sheet.total}" + (f", {absent} à rappeler" if absent else "")


_SECTIONS = {call_lists.TO_CALL: "À appeler", "absent": "À rappeler", "": "Appelés"}


def _cards(lines: tuple[call_lists.Line, ...]) -> list[Card]:
    """Those to call first, then those who were out, then the others."""
    made: list[Card] = []
    for state, title in _SECTIONS.items():
        group = [line for line in lines if (line.state if line.state in _SECTIONS else "") == state]
        if group:
            made.append(Card(f"section {state}", f"{title} ({len(group)})", is_section=True))
            made += [_card(line) for line in group]
    return made


def _card(line: call_lists.Line) -> Card:
    badge = "" if line.state == call_lists.TO_CALL else call_lists.STATES[line.state]
    title = line.name or line.reference or f"Ligne {line.position}"
    return Card(line.id, title, badge=badge, tone=TONES[line.state])


def _next(lines: tuple[call_lists.Line, ...], id: str) -> str | None:
    """The next never called, after this one then from the top; else the next one who was out; None at the end."""
    place = [line.id for line in lines].index(id)
    turned = lines[place + 1 :] + lines[:place]
    for state in (call_lists.TO_CALL, "absent"):
        found = next((line.id for line in turned if line.state == state), None)
        if found:
            return found
    return None


def _draft(line: str) -> str:
    return f"dossier:appel:{line}"


def _last(line: call_lists.Line) -> str:
    """« Absent, le 23/11 à 10:05 · Nadia R. »."""
    if line.called_at is None:
        return ""
    at = line.called_at.astimezone()
    by = f" · {team.short_name(line.called_by)}" if line.called_by else ""
    when = f"le {french.day_and_month(at.date())} à {french.time_of_day(at)}"
    return f"{call_lists.STATES[line.state]}, {when}{by}"
