"""What is to be done today, the notes between shifts, the figures since opening, the last visits."""

from datetime import date

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from db import lists, meetings, notes, reminders, statistics, team, visits
from desktop import french
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.form import Choice, Panel, label, restyle, row, scrolled, set_tone, tag
from desktop.widgets.look import LOOK, px

LAST, TODO = 6, 7
"""Lines shown before a list scrolls, or ends."""


class SidePanel(QWidget):
    acted = Signal()
    said = Signal(str)
    opened_dossier = Signal(str, str)  # the dossier, its section if one is named
    opened_visit = Signal(str)
    journal = Signal()

    def __init__(self) -> None:
        super().__init__()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        area = scrolled(inside, "Ma journée")
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self._column = column
        outer.addWidget(area)

        self.todo_count = tag("", "wait")
        self.todo = CardList("À faire aujourd’hui", "Rien à faire.", flat=True, lines=0, keys=(Qt.Key.Key_Delete,))
        self.todo.viewport().installEventFilter(self)
        self.todo.chosen.connect(self._open_reminder)
        self.todo.pressed_key.connect(self._reminder_key)
        todo = Panel(spacing=4)
        todo.column.addLayout(row(label("À faire aujourd’hui", "section"), "|", self.todo_count))
        todo.add(self.todo)
        column.addWidget(todo)

        self.notes = NotesPanel()
        self.notes.acted.connect(self.acted)
        column.addWidget(self.notes)

        figures = Panel(spacing=4)
        self.since = label("Aujourd’hui", "section")
        figures.add(self.since)
        grid = QGridLayout()
        grid.setVerticalSpacing(5)
        self._figures: dict[str, QLabel] = {}
        for line, name in enumerate(("Visites", "Demandes", "Attente médiane", "Courriers", "Impressions")):
            value = label("", "strong")
            grid.addWidget(label(name, "hint"), line, 0)
            grid.addWidget(value, line, 1, Qt.AlignmentFlag.AlignRight)
            self._figures[name] = value
        figures.column.addLayout(grid)
        column.addWidget(figures)

        last = Panel(spacing=4)
        self.journal_button = KeyButton("Journal", kind="quiet", name="Journal des visites")
        self.journal_button.clicked.connect(self.journal)
        last.column.addLayout(row(label("Dernières visites", "section"), "|", self.journal_button))
        self.last = CardList("Dernières visites", "Aucune visite aujourd’hui.", flat=True)
        self.last.chosen.connect(self.opened_visit)
        last.add(self.last)
        column.addWidget(last)
        column.addStretch(1)
        LOOK.changed.connect(self._resize)

    def refresh(self) -> None:
        today = date.today()
        lines = reminders.todo(today)
        self.todo.show_cards([_todo_card(line, today) for line in lines])
        self.todo_count.setVisible(bool(lines))
        pressing = any(line.section and line.due_on <= today for line in lines)
        set_tone(self.todo_count, str(len(lines)), "urgent" if pressing else "wait")
        self.notes.refresh()
        day = statistics.of_day(today)
        for name, text in (
            ("Visites", str(day.visits)),
            ("Demandes", str(day.demands)),
            ("Attente médiane", "—" if day.median_wait is None else f"{day.median_wait} min"),
            ("Courriers", str(day.letters)),
            ("Impressions", f"{day.pages} p."),
        ):
            self._figures[name].setText(text)
        self.last.show_cards([_visit_card(line) for line in visits.latest(today, LAST)])
        self._resize()

    def eventFilter(self, watched, event) -> bool:
        """A wider or narrower list wraps its titles otherwise."""
        if event.type() == QEvent.Type.Resize and event.size().width() != event.oldSize().width():
            self._resize()
        return False

    def _resize(self) -> None:
        shown = min(TODO, len(self.todo.cards()))
        self.todo.setFixedHeight(sum(map(self.todo.sizeHintForRow, range(shown))) + 4 if shown else px(50))
        _fit(self.last, len(self.last.cards()), 38)
        self._column.activate()

    def _open_reminder(self, id: str) -> None:
        line = _todo(id)
        if line and line.dossier:
            self.opened_dossier.emit(line.dossier, line.section)
        elif line and line.visit:
            reminders.done(id)
            self.acted.emit()
        elif meeting := meetings.line(id):
            self.opened_dossier.emit(meeting.dossier, "rencontre")

    def _reminder_key(self, id: str, key: int) -> None:
        line = _todo(id)
        if line and line.section:
            self.said.emit("Entrée ouvre le dossier : notez-y ce qui est fait.")
        elif line and key == Qt.Key.Key_Delete:
            reminders.done(id)
            self.acted.emit()


def _todo(id: str) -> reminders.Line | None:
    return next((line for line in reminders.todo(date.today()) if line.id == id), None)


def _fit(view: CardList, lines: int, height: int) -> None:
    view.setFixedHeight(max(1, lines) * px(height) + 4)


def _todo_card(line: reminders.Line, today: date) -> Card:
    late = (today - line.due_on).days
    badge, tone = (f"retard {late} j", "urgent") if late > 0 else (line.due_at or "jour", "wait")
    detail = line.detail
    if line.section == "argent":
        return Card(line.id, line.label, detail, badge=badge, tone=tone)
    if line.section:
        badge, tone = "aujourd’hui" if late == 0 else french.day_and_month(line.due_on), "urgent"
        detail = f"{'Date passée, à vérifier' if late > 0 else 'Dernier jour'} · {detail}"
    return Card(line.id, line.label, detail, badge=badge, tone=tone)


def _visit_card(line: visits.Line) -> Card:
    ended = french.time_of_day(line.ended_at or line.arrived_at)
    if line.state == "recorded":
        text = lists.theme_label(line.theme, line.subtheme)
        more = f" +{line.demands - 1}" if line.demands > 1 else ""
    else:
        text = lists.label("structure", line.redirected_to) if line.redirected_to else "Reparti"
        more = ""
    return Card(line.id, text + more, badge=ended)


class NotesPanel(Panel):
    """Transmissions: read and archive, or write one."""

    acted = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=4)
        self.write = KeyButton("Écrire", kind="quiet", name="Écrire une transmission")
        self.write.clicked.connect(self._toggle)
        self.column.addLayout(row(label("Transmissions", "section"), "|", self.write))
        self.list = CardList("Transmissions à lire", "Rien à transmettre.", lines=3, by_key=True)
        self.list.chosen.connect(self._archive)
        self.add(self.list)
        self.body = QPlainTextEdit(placeholderText="Rappeler EDF avant 16 h")
        self.body.setAccessibleName("Texte de la transmission")
        self.body.setTabChangesFocus(True)
        self.body.setFixedHeight(px(64))
        self.error = label("", "error")
        self.to = Choice(empty="À tous")
        self.to.setAccessibleName("Destinataire de la transmission")
        self.send = KeyButton("Transmettre", "", "check")
        self.send.clicked.connect(self._send)
        self._editor = QWidget()
        inside = QVBoxLayout(self._editor)
        inside.setContentsMargins(0, 0, 0, 0)
        for widget in (self.body, self.error, self.to, self.send):
            inside.addWidget(widget)
        self.error.hide()
        self._editor.hide()
        self.add(self._editor)
        LOOK.changed.connect(self._resize)

    def refresh(self) -> None:
        unread = notes.unread()
        self.list.show_cards([Card(n.id, n.body, f"{team.short_name(n.author)} · Entrée : lu") for n in unread])
        self._resize()
        self.to.offer([(m.id, team.short_name(m.name)) for m in team.members()], empty="À tous")

    def _resize(self) -> None:
        unread = len(self.list.cards())
        _fit(self.list, min(2, unread), 104 if unread else 46)
        self.column.invalidate()
        self.updateGeometry()

    def _toggle(self) -> None:
        self._editor.setVisible(not self._editor.isVisible())
        if self._editor.isVisible():
            self.body.setFocus()

    def _archive(self, id: str) -> None:
        notes.archive(id)
        self.acted.emit()

    def _send(self) -> None:
        problem = notes.problem(self.body.toPlainText())
        self.error.setText(problem or "")
        self.error.setVisible(bool(problem))
        restyle(self.body, "wrong", "true" if problem else "false")
        if problem:
            return
        notes.write(self.body.toPlainText(), self.to.code())
        self.body.clear()
        self.to.choose("")
        self._editor.hide()
        self.acted.emit()
