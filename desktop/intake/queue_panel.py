"""The queue: who waits, since when; three keys to add somebody at the shared entrance."""

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit, QStackedLayout, QVBoxLayout, QWidget

from db import lists, visits
from db.ids import now
from desktop import french
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, scrolled, set_tone, tag

_NEED_ICONS = {"pmr": "accessibility", "enfant": "baby", "interprete": "languages"}
_TONES = {"calm": "plain", "amber": "wait", "red": "urgent"}
LEAVE = "reparti"


class QueuePanel(QWidget):
    """`acted` after each act; `called` and `taken` with a visit's id; `closed` gives the keyboard back."""

    acted = Signal()
    called = Signal(str)
    taken = Signal(str)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._pages = QStackedLayout(self)
        self._list = self._list_page()
        self._form = ArrivalForm()
        self._form.done.connect(self._arrived)
        self._form.left.connect(self.closed)
        self._choice = _Choice()
        self._choice.left.connect(self.focus_list)
        for page in (self._list, self._form, self._choice):
            self._pages.addWidget(page)

    def _list_page(self) -> Panel:
        page = Panel()
        self.count = tag("", "soft")
        page.column.addLayout(row(label("File d’attente", "section"), "|", self.count))
        keys = (Qt.Key.Key_Delete, Qt.Key.Key_R, Qt.Key.Key_PageUp)
        self.list = CardList("File d’attente", "Personne n’attend.\nF3 pour ajouter quelqu’un.", keys=keys)
        self.list.chosen.connect(self._chosen)
        self.list.pressed_key.connect(self._key)
        page.add(self.list, stretch=1)
        hint = label("Suppr\u00a0: reparti   R\u00a0: orienter   Page↑\u00a0: devant", "hint", wrap=True)
        page.add(hint)
        self.add = KeyButton("Ajouter à la file", "F3", "user-plus")
        self.add.clicked.connect(self.open_form)
        self.call = KeyButton("Appeler", "F2", "play")
        self.call.clicked.connect(self.call_next)
        page.add(self.add, self.call)
        return page

    def refresh(self) -> None:
        moment = now()
        waiting, taken = visits.queue(), visits.open_visits()
        cards = [_card(ticket, moment) for ticket in waiting]
        if taken:
            cards.append(Card("section", "Au guichet", is_section=True))
            cards += [_card(ticket, moment) for ticket in taken]
        self.list.show_cards(cards)
        set_tone(self.count, french.counted(len(waiting), "personne"), "soft")
        self.call.setText(f"Appeler le n° {waiting[0].number}" if waiting else "Recevoir quelqu’un")
        self.call.setAccessibleName(self.call.text())
        self.call.updateGeometry()
        self.call.update()

    def show_list(self) -> None:
        self._pages.setCurrentWidget(self._list)

    def forget(self) -> None:
        """Nobody's name stays, waiting or being typed."""
        self.list.show_cards([])
        self._form.start()

    def focus_list(self) -> None:
        self.show_list()
        self.list.setFocus()

    def open_form(self) -> None:
        self._form.start()
        self._pages.setCurrentWidget(self._form)
        self._form.setFocus()

    def call_next(self) -> None:
        """The first of the queue; nobody waiting, somebody is received at once."""
        waiting = visits.queue()
        if waiting:
            visits.call(waiting[0].id)
            id = waiting[0].id
        else:
            id = visits.walk_in()
        self.acted.emit()
        self.called.emit(id)

    def _chosen(self, id: str) -> None:
        if any(ticket.id == id for ticket in visits.open_visits()):
            self.taken.emit(id)
            return
        visits.call(id)
        self.acted.emit()
        self.called.emit(id)

    def _key(self, id: str, key: int) -> None:
        if key == Qt.Key.Key_Delete:
            visits.leave(id)
            self.acted.emit()
        elif key == Qt.Key.Key_R:
            self._ask("Orienter vers", "structure", lambda code: visits.redirect(id, code))
        elif key == Qt.Key.Key_PageUp:
            self._ask(
                "Pourquoi passer devant ?",
                "move_reason",
                lambda code: visits.move_up(id, lists.label("move_reason", code)),
            )

    def _ask(self, title: str, kind: str, act) -> None:
        def answered(code: str) -> None:
            act(code)
            self.show_list()
            self.list.setFocus()
            self.acted.emit()

        self._choice.ask(title, [(v.code, v.label) for v in lists.values(kind)], answered)
        self._pages.setCurrentWidget(self._choice)
        self._choice.setFocus()

    def _arrived(self, arrival: visits.Arrival) -> None:
        visits.arrive(arrival)
        self.closed.emit()
        self.acted.emit()


def _card(ticket: visits.Ticket, moment: datetime) -> Card:
    family = lists.family(ticket.family) if ticket.family else None
    mark = next((n for n in ("pmr", "enfant", "interprete") if n in ticket.needs), "")
    marks = {"fragile": ("circle-alert", "fragile"), "rendez_vous": ("calendar", "rendez-vous")}
    icon, name = marks.get(ticket.urgency, (_NEED_ICONS.get(mark, ""), lists.label("need", mark)))
    level = visits.waiting_level(ticket, moment)
    if ticket.state == "open":
        badge, tone = french.minutes_ago(moment - ticket.started_at), "plain"
        if moment - ticket.started_at > visits.FORGOTTEN:
            badge, tone = f"! {badge}", "wait"
    else:
        badge = french.minutes_ago(moment - ticket.arrived_at)
        tone = _TONES[level]
        badge = f"! {badge}" if level == "red" else badge
    detail = family.label if family else "Motif à demander"
    if ticket.moved_reason:
        detail = f"Devant : {ticket.moved_reason.casefold()}"
    return Card(
        ticket.id, _discreet(ticket.label) or "Anonyme", detail, str(ticket.number), badge, tone,
        family.icon if family else "message-square", icon, name,
    )  # fmt: skip


def _discreet(name: str) -> str:
    """The queue is seen by the public: « Benali Samira » shows as « B. Samira »."""
    first, *rest = name.split() or [""]
    return name if not rest or first.rstrip(".") in ("M", "Mme") else f"{first[0]}. {' '.join(rest)}"


class ArrivalForm(Panel):
    """Pré-accueil: motif, then urgency and needs, then Entrée; 0 sends to a structure of the building."""

    done = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=5)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Ajouter à la file")
        self.heading = label("", "section")
        self.hint = label("", "hint", wrap=True)
        self.name = QLineEdit(placeholderText="Nom (facultatif)")
        self.name.setAccessibleName("Nom, facultatif")
        self.add(self.heading, self.hint)
        self._chips: list[Chip] = []
        self._box = QWidget()
        self._lines = QVBoxLayout(self._box)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(4)
        self._lines.addStretch(1)
        self.add(scrolled(self._box), stretch=1)
        self.add(self.name)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.save = KeyButton("Ajouter", "Entrée", "check", kind="primary")
        self.save.clicked.connect(self._finish)
        self.column.addLayout(Flow(self.cancel, push=self.save))
        self.start()

    def start(self) -> None:
        self._family, self._urgency, self._needs, self._triage = None, "normal", [], "accueil"
        self.name.setText("")
        self._ask("family")

    def _ask(self, step: str) -> None:
        self._step = step
        if step == "family":
            self.heading.setText("Qui arrive ?")
            self.hint.setText("Motif de 1 à 9. 0 : autre structure.")
            options = [(str(f.digit), f.label, f.icon) for f in lists.families()] + [("0", "Autre structure", "split")]
        elif step == "urgency":
            self.heading.setText(lists.family(self._family).label)
            self.hint.setText("Tapez ce qui compte, puis Entrée.")
            values = [*lists.values("urgency"), *lists.values("need")]
            options = [(str(i), v.label, "") for i, v in enumerate(values, 1)]
            options += [("7", "Au bureau", "users"), ("8", "Espace numérique", "monitor")]
        else:
            self.heading.setText("Vers quelle structure ?")
            self.hint.setText("Le chiffre suffit.")
            options = [(str(i), v.label, "") for i, v in enumerate(lists.values("structure")[:8], 1)]
            options.append(("9", "Repart sans attendre", "log-out"))
        for chip in self._chips:
            self._lines.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips = []
        for key, text, icon in options:
            chip = Chip(text, key, icon)
            chip.live = True
            chip.clicked.connect(self._clicked)
            self._lines.insertWidget(len(self._chips), chip)
            self._chips.append(chip)
        self._tick()

    def _tick(self) -> None:
        if self._step == "urgency":
            urgencies, needs = lists.values("urgency"), lists.values("need")
            chosen = [v.code == self._urgency for v in urgencies] + [v.code in self._needs for v in needs]
            chosen += [self._triage == "bureau", self._triage == "numerique"]
            for chip, ticked in zip(self._chips, chosen, strict=True):
                chip.setChecked(ticked)

    def _clicked(self) -> None:
        self._press(int(self.sender().key))
        self.setFocus()

    def _press(self, digit: int) -> None:
        if self._step == "family":
            if digit == 0:
                self._ask("structure")
                return
            self._family = digit
            self._ask("urgency")
        elif self._step == "urgency":
            urgencies, needs = lists.values("urgency"), lists.values("need")
            if 1 <= digit <= 3:
                self._urgency = urgencies[digit - 1].code
            elif 4 <= digit <= 6:
                code = needs[digit - 4].code
                self._needs = [n for n in self._needs if n != code] + ([] if code in self._needs else [code])
            elif digit in (7, 8):
                triage = "bureau" if digit == 7 else "numerique"
                self._triage = "accueil" if self._triage == triage else triage
            self._tick()
        elif digit == 9:
            self.done.emit(visits.Arrival(triage=LEAVE))
        elif 0 < digit <= len(lists.values("structure")):
            self.done.emit(visits.Arrival(structure=lists.values("structure")[digit - 1].code))

    def _finish(self) -> None:
        if self._step == "structure":
            return
        self.done.emit(
            visits.Arrival(
                family=self._family, urgency=self._urgency, needs=tuple(self._needs), label=self.name.text().strip(),
                triage=self._triage,
            )
        )  # fmt: skip

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit is not None:
            self._press(digit)
        elif keys.is_enter(event):
            self._finish()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif keys.is_back(event):
            self._ask("family")
        elif letter := keys.letter(event):
            self.name.setFocus()
            self.name.setText(self.name.text() + letter)
        else:
            super().keyPressEvent(event)


class _Choice(Panel):
    """One question with numbered answers, in the place of the list."""

    left = Signal()

    def __init__(self) -> None:
        super().__init__(spacing=5)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.heading = label("", "section", wrap=True)
        self.add(self.heading)
        self._chips: list[Chip] = []
        self._codes: list[str] = []
        self._then = None
        self.column.addStretch(1)
        self.cancel = KeyButton("Fermer", "Échap", kind="quiet")
        self.cancel.clicked.connect(self.left)
        self.column.addLayout(row(self.cancel, "|"))

    def ask(self, title: str, choices: list[tuple[str, str]], then) -> None:
        self.heading.setText(title)
        self.setAccessibleName(title)
        for chip in self._chips:
            self.column.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips, self._codes, self._then = [], [code for code, _ in choices[:9]], then
        for place, (_, text) in enumerate(choices[:9], 1):
            chip = Chip(text, str(place))
            chip.live = True
            chip.clicked.connect(self._clicked)
            self.column.insertWidget(place, chip)
            self._chips.append(chip)

    def _clicked(self) -> None:
        self._then(self._codes[int(self.sender().key) - 1])

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit and digit <= len(self._codes):
            self._then(self._codes[digit - 1])
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
