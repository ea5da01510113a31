"""Liste d’appels: receive a partner's list, call its customers one after the other, give the results back."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QProgressBar, QStackedWidget, QVBoxLayout, QWidget

from db import call_lists, dossiers, lists, people, store, team
from desktop import french
from desktop.dossiers.call_import import ImportPage
from desktop.exports import tables
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.file_dialog import ask_file, ask_where
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, restyle, row, scrolled, set_tone, tag
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.person_line import PersonLine

TONES = {"a_appeler": "plain", "joint": "ok", "absent": "wait", "refus": "plain", "dossier": "info", "rien": "plain"}
OUTCOMES = tuple(call_lists.OUTCOMES)
OPEN = 5


class CallsPage(QWidget):
    """`opened` with a dossier's id, `left` to go back to the dossiers; `acted` and `said` as a room."""

    acted = Signal()
    said = Signal(str)
    opened = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._dialog: QFileDialog | None = None
        self.home, self.reception, self.calls = HomePage(), ImportPage(), CallingPage()
        self.pages = QStackedWidget()
        for page in (self.home, self.reception, self.calls):
            self.pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.home.chosen.connect(self.show_list)
        self.home.left.connect(self.left)
        self.home.receives.connect(self.choose_file)
        self.home.returns.connect(self.choose_return)
        self.home.removes.connect(self._remove)
        self.reception.received.connect(self._received)
        self.reception.left.connect(self._home)
        self.calls.left.connect(self._home)
        self.calls.acted.connect(self.acted)
        self.calls.said.connect(self.said)
        self.calls.opened.connect(self.opened)
        self.calls.returns.connect(self.choose_return)

    def refresh(self) -> None:
        """Read again what is shown."""
        if self.pages.currentWidget() is self.calls and self.calls.list_id not in _known():
            self.pages.setCurrentWidget(self.home)
        if self.pages.currentWidget() is self.calls:
            self.calls.refresh()
        elif self.pages.currentWidget() is self.home:
            self.home.refresh()

    def enter(self) -> None:
        """The keyboard goes where the work is."""
        self.refresh()
        page = self.pages.currentWidget()
        (page.list if page is not self.reception else page.form.fields["partner"]).setFocus()

    def forget(self) -> None:
        """The screen is veiled: no name stays in a widget; the notes being typed are in the encrypted file."""
        if self._dialog is not None:
            self._dialog.close()
        self.reception.clear()
        self.calls.clear()
        self.home.clear()
        self.pages.setCurrentWidget(self.home)

    def show_list(self, id: str) -> None:
        self.calls.show_list(id)
        self.pages.setCurrentWidget(self.calls)
        self.calls.enter()

    def keyPressEvent(self, event) -> None:
        """A digit or a letter that nobody here took is not for the dossiers behind."""
        if keys.digit(event) is None and not keys.letter(event):
            super().keyPressEvent(event)

    # files

    def choose_file(self) -> None:
        """Ask which file, in the dialog of the system."""
        kinds = "Listes (*.xlsx *.csv *.txt)"
        self._follow(ask_file(self, "Choisir la liste du partenaire", kinds, self.take_file))

    def take_file(self, path: str) -> None:
        """Read a list; what cannot be read says why, and nothing is taken."""
        file = Path(path)
        try:
            if file.stat().st_size > tables.SIZE_MAX:
                raise tables.Unreadable("Ce fichier est trop lourd pour une liste d’appels. Vérifiez le fichier.")
            table = tables.read(file.name, file.read_bytes())
        except tables.Unreadable as reason:
            self.home.refuse(str(reason))
            return
        except OSError:
            self.home.refuse("Ce fichier ne se lit pas. Choisissez-en un autre.")
            return
        self.home.refuse("")
        self.reception.start(file, table, date.today())
        self.pages.setCurrentWidget(self.reception)

    def choose_return(self, id: str) -> None:
        """Ask where to save what goes back to the partner."""
        sheet = call_lists.sheet(id)
        name = french.fold(f"retour {sheet.partner_name} {sheet.title}").replace(" ", "-")
        kinds, then = "Tableur (*.xlsx);;Texte (*.csv)", partial(self.write_return, id)
        self._follow(ask_where(self, "Enregistrer le fichier de retour", f"{name}.xlsx", kinds, then))

    def write_return(self, id: str, path: str) -> None:
        """The reference, the result and its day of each line: no name, no telephone, no note."""
        columns, rows = call_lists.return_rows(id)
        file = Path(path)
        csv = file.suffix.casefold() == ".csv"
        raw = tables.write_csv(columns, rows) if csv else tables.write_xlsx(call_lists.sheet(id).title, columns, rows)
        try:
            file.write_bytes(raw)
        except OSError:
            self.said.emit("Le fichier ne s’écrit pas là. Choisissez un autre endroit.")
            return
        self.said.emit(f"Fichier de retour enregistré : {file.name}.")

    def _follow(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(self._closed)
        self._dialog = dialog

    def _closed(self, _result: int) -> None:
        self._dialog = None

    # pages

    def _received(self, id: str) -> None:
        self.show_list(id)
        self.acted.emit()

    def _home(self) -> None:
        self.reception.clear()
        self.pages.setCurrentWidget(self.home)
        self.home.refresh()
        self.home.list.setFocus()

    def _remove(self, id: str) -> None:
        call_lists.remove(id)
        self.home.refresh()
        self.acted.emit()


class HomePage(Panel):
    """The lists received; each action by its digit."""

    chosen = Signal(str)
    receives = Signal()
    returns = Signal(str)
    removes = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(margins=(16, 12, 16, 12), spacing=8)
        self.leave = KeyButton("Fermer", "Échap", kind="quiet")
        self.leave.clicked.connect(self.left)
        self.column.addLayout(row(label("Listes d’appels", "section"), "|", self.leave))
        self.receive = KeyButton("Recevoir une liste", "1", "download", kind="primary")
        self.receive.clicked.connect(self.receives)
        self.give_back = KeyButton("Fichier de retour", "2", "send")
        self.give_back.clicked.connect(self._returns)
        self.remove = KeyButton("Retirer la liste", "3", "x", kind="quiet")
        self.remove.clicked.connect(self._removes)
        self.column.addLayout(Flow(self.receive, self.give_back, self.remove, spacing=8))
        self.refusal = label("", "error", wrap=True)
        self.refusal.hide()
        self.list = CardList("Listes d’appels", "Aucune liste. 1 reçoit celle d’un partenaire.")
        self.list.chosen.connect(self.chosen)
        self.add(self.refusal)
        self.add(self.list, stretch=1)
        self.note = label("", "hint", wrap=True)
        self.add(self.note)

    def refresh(self) -> None:
        sheets = call_lists.sheets()
        self.list.show_cards([_list_card(sheet) for sheet in sheets])
        if self.list.current_id() is None:
            self.list.select_first()
        for button in (self.give_back, self.remove):
            button.setEnabled(bool(sheets))
            button.describe("" if sheets else "Recevez d’abord une liste.")
        self.note.setText(f"Les noms sont effacés {call_lists.kept_days()} jours après la réception.")

    def clear(self) -> None:
        self.list.show_cards([])
        self.refuse("")

    def refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.receive.setAccessibleDescription(sentence or "Touche 1")
        if sentence:
            self.receive.setFocus()

    def _returns(self) -> None:
        if id := self.list.current_id():
            self.returns.emit(id)

    def _removes(self) -> None:
        if id := self.list.current_id():
            self.removes.emit(id)

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        button = {1: self.receive, 2: self.give_back, 3: self.remove}.get(digit)
        if button is not None:
            button.click()
        elif digit is None and event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif digit is None and not keys.letter(event):
            super().keyPressEvent(event)


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
        self.progress.setText(_progress(sheet))
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
        self.note.clear()
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
            kept = dossiers.kept_draft(f"appel:{id}")
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
            chip.updateGeometry()
        text = "Voir le dossier" if line.dossier else "Ouvrir un dossier"
        self.open_button.setText(text)
        self.open_button.setAccessibleName(text)
        self.open_button.updateGeometry()

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
        dossiers.forget_draft(f"appel:{id}")
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
            dossiers.keep_draft(f"appel:{self._line.id}", {"note": text})

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
        dossiers.forget_draft(f"appel:{self._line.id}")
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


class OpenForm(QWidget):
    """A dossier after a call, the person named: Entrée opens it. `opened` with its id."""

    opened = Signal(str)
    acted = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line: call_lists.Line | None = None
        self._note = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.heading = label("Ouvrir un dossier", "section")
        self.hint = label("", "hint", wrap=True)
        self.form = Form(columns=2)
        self.person, self.kind = PersonLine(), Choice()
        self.form.add("person", "Personne", self.person, columns=2)
        self.form.add("kind", "Type de dossier", self.kind)
        self.form.add("reference", "Référence client", QLineEdit())
        self.form.add("subject", "Objet", QLineEdit(), columns=2)
        self.person.named.connect(self._named)
        self.person.refused.connect(self._refused)
        self.person.acted.connect(self.acted)
        self.person.entered.connect(self.open_dossier)
        self.person.escaped.connect(self.left)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.save = KeyButton("Ouvrir le dossier", "Entrée", "check", kind="primary")
        self.save.clicked.connect(self.open_dossier)
        for widget in (self.heading, self.hint, self.form):
            column.addWidget(widget)
        column.addLayout(row(self.cancel, "|", self.save))

    def start(self, line: call_lists.Line, sheet: call_lists.Sheet, note: str) -> None:
        self._line, self._note = line, note
        draft = call_lists.dossier_draft(line, "")
        who = call_lists.person_draft(line)
        known = next((p.id for p in people.duplicates(who) if _same(p.id, who)), None)
        self.form.show_problems({})
        self.kind.offer([(kind, kind) for kind in lists.dossier_kinds(sheet.partner)])
        self.form.fill(
            {
                "kind": draft.kind,
                "reference": draft.reference,
                "subject": f"Liste {sheet.partner_name}, {sheet.title}"[:120],
            }
        )
        wrong = french.phone_problem(line.phone)
        self.person.show_person(known, line.name if wrong else f"{line.name} {line.phone}".strip())
        told = "Elle a déjà une fiche." if known else "Sa fiche sera créée : informez-la de ses droits au téléphone."
        if wrong:
            told += f" Le numéro de la liste ({line.phone}) est faux : demandez-le."
        self.hint.setText(told)
        self.save.setFocus()

    def clear(self) -> None:
        self._line, self._note = None, ""
        self.form.clear()
        self.person.show_person(None)

    def open_dossier(self) -> None:
        """The person's file if she has none, the dossier, and the line of the list: one act."""
        line, today = self._line, date.today()
        typed = {name: str(value).strip() for name, value in self.form.values().items()}
        draft = call_lists.dossier_draft(line, "")
        draft = replace(draft, kind=self.kind.code(), reference=typed["reference"], subject=typed["subject"])
        who = replace(people.parse(typed["person"]), informed_on=today)
        problems = dossiers.problems(replace(draft, person=self.person.person or "?"), today)
        if self.person.person is None and (wrong := people.problems(who, today)):
            problems["person"] = next(iter(wrong.values()))
        self.form.show_problems(problems, focus=True)
        if problems:
            return
        with store.act(f"Dossier {lists.label('partner', draft.partner)} ouvert après un appel"):
            person = self.person.person or people.record(who, today)
            id = call_lists.to_dossier(line.id, replace(draft, person=person), today)
            if self._note.strip():
                dossiers.add_event(id, "note", self._note.strip())
        self.clear()
        self.opened.emit(id)

    def _named(self) -> None:
        self._refused("")
        self.hint.setText("Elle a déjà une fiche.")
        self.save.setFocus()

    def _refused(self, sentence: str) -> None:
        self.form.show_problems({"person": sentence} if sentence else {})

    def keyPressEvent(self, event) -> None:
        if keys.is_enter(event):
            self.open_dossier()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _known() -> set[str]:
    return {sheet.id for sheet in call_lists.sheets()}


def _list_card(sheet: call_lists.Sheet) -> Card:
    detail = f"Reçue le {french.short_date(sheet.received_on)}, {_progress(sheet)}"
    badge, tone = (f"{sheet.to_call} à appeler", "wait") if sheet.to_call else ("terminée", "ok")
    return Card(sheet.id, f"{sheet.partner_name} · {sheet.title}", detail, badge=badge, tone=tone, icon="phone")


def _progress(sheet: call_lists.Sheet) -> str:
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


def _last(line: call_lists.Line) -> str:
    """« Absent, le 23/11 à 10:05 · Nadia R. »."""
    if line.called_at is None:
        return ""
    at = line.called_at.astimezone()
    by = f" · {team.short_name(line.called_by)}" if line.called_by else ""
    when = f"le {french.day_and_month(at.date())} à {french.time_of_day(at)}"
    return f"{call_lists.STATES[line.state]}, {when}{by}"


def _same(person: str, who: people.Draft) -> bool:
    """The same telephone and the same name, either way round."""
    known = people.draft(person)
    names = (french.fold(f"{d.last_name} {d.first_name}").split() for d in (known, who))
    return bool(who.phone) and known.phone == who.phone and sorted(next(names)) == sorted(next(names))
