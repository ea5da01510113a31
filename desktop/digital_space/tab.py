"""Espace numérique (F8): the stations with their clocks, who waits for one, and the quick counter."""

from datetime import date, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QStackedWidget, QVBoxLayout, QWidget

from db import digital_space, visits
from db.ids import now
from desktop import french
from desktop.digital_space.counters_panel import CountersPanel
from desktop.digital_space.station_panel import StationPanel
from desktop.digital_space.tile import Tile
from desktop.digital_space.words import COUNTER_KEYS
from desktop.widgets import keys
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.form import Panel, label, row, scrolled, set_tone, tag
from desktop.widgets.look import LOOK, px
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.room import Command, Room

COLUMNS = 3


class DigitalSpaceTab(Room):
    """Digits open a station, letters count, unless a station's question is open: then letters name."""

    title, key, icon, rail = "Espace numérique", "F8", "monitor", "Numérique"

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Espace numérique")
        self._posts: tuple[digital_space.Post, ...] = ()
        self._waiting: tuple[visits.Ticket, ...] = ()
        self._day = date.today()
        self.tiles: list[Tile] = []
        self.counters, self.station = CountersPanel(), StationPanel()
        self.side = QStackedWidget()
        self.side.addWidget(self.counters)
        self.side.addWidget(self.station)
        self.stations = self._make_stations()
        self.panes = Panes(Pane("Postes", self.stations), Pane("Compteur", self.side, 330))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.panes)
        self.counters.acted.connect(self.acted)
        self.counters.changed.connect(self._show_enter)
        self.station.acted.connect(self.acted)
        self.station.left.connect(self._close)
        LOOK.changed.connect(self._place)

    def _make_stations(self) -> QWidget:
        made = QWidget()
        column = QVBoxLayout(made)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.count = label("", "section")
        self.free, self.over = tag("", "ok"), tag("", "urgent")
        self.install = KeyButton("Attribuer un poste", "Entrée", "monitor")
        self.install.clicked.connect(self._install_first)
        column.addLayout(row(self.count, self.free, self.over, "|", self.install))
        inside = QWidget()
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 4, 0)
        below.setSpacing(8)
        self._grid = QGridLayout()
        self._grid.setSpacing(10)
        below.addLayout(self._grid, 1)
        self.none = label("Aucun poste. Ajoutez les postes dans Réglages.", "hint", wrap=True)
        self._area = scrolled(inside, "Postes")
        column.addWidget(self.none)
        column.addWidget(self._area, 1)
        self.queue_panel = Panel(margins=(14, 8, 14, 8), spacing=4)
        self.queue_count, self.next_free = tag("", "wait"), label("", "hint")
        self.queue_panel.column.addLayout(
            row(label("Attendent un poste", "section"), self.queue_count, "|", self.next_free)
        )
        self.queue = CardList("Attendent un poste", "Personne n’attend un poste.", flat=True)
        self.queue.chosen.connect(self._install_ticket)
        self.queue_panel.add(self.queue)
        below.addWidget(self.queue_panel)
        return made

    # what the window asks

    def refresh(self) -> None:
        moment = now()
        self._day = date.today()
        self._posts = digital_space.posts()
        self._waiting = tuple(t for t in visits.queue() if t.triage == "numerique")
        self.counters.refresh()
        self._show_posts(moment)
        self._show_queue(moment)
        self.station.follow(self._posts)

    def enter(self) -> None:
        (self.station if self.side.currentWidget() is self.station else self).setFocus()

    def tick(self, moment: datetime) -> None:
        """Once a second: the clocks that moved, and the words that depend on them."""
        if moment.date() != self._day:
            self.refresh()
        for tile in self.tiles:
            tile.tick(moment)
        self._show_figures(moment)

    def forget(self) -> None:
        self._posts, self._waiting = (), ()
        self._show_posts(now())
        self.queue.show_cards([])
        self.station.forget()
        self.counters.forget()
        self.side.setCurrentWidget(self.counters)

    def badge(self) -> int:
        return digital_space.over_time(now())

    def find(self) -> None:
        self.panes.bring(self.queue)
        self.queue.setFocus()

    def new(self) -> None:
        self._install_first()

    def commands(self) -> tuple[Command, ...]:
        return (Command("Attribuer un poste", self._install_first, "Ctrl+N", "monitor"),)

    # inside

    def _show_posts(self, moment: datetime) -> None:
        while len(self.tiles) > len(self._posts):
            tile = self.tiles.pop()
            self._grid.removeWidget(tile)
            tile.forget()
            tile.deleteLater()
        while len(self.tiles) < len(self._posts):
            tile = Tile()
            tile.clicked.connect(self._clicked)
            tile.more.connect(self._extend)
            tile.ended.connect(self._end)
            self.tiles.append(tile)
        for tile, post in zip(self.tiles, self._posts, strict=True):
            tile.show_post(post, moment, self._why_not())
        self.none.setVisible(not self._posts)
        self._place()
        self._show_figures(moment)

    def _place(self) -> None:
        """As many tiles a line as their words allow, three at most."""
        widest = max((tile.minimumSizeHint().width() for tile in self.tiles), default=1)
        columns = max(1, min(COLUMNS, (self._area.viewport().width() + 10) // (widest + 10)))
        if [self._grid.indexOf(tile) for tile in self.tiles] == list(
            range(len(self.tiles))
        ) and self._columns == columns:
            return
        self._columns = columns
        for tile in self.tiles:
            self._grid.removeWidget(tile)
        for place, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, place // columns, place % columns)
            tile.show()
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)

    _columns = 0

    def _show_figures(self, moment: datetime) -> None:
        busy = [post for post in self._posts if post.session]
        over = sum(post.remaining(moment).total_seconds() < 0 for post in busy)
        free = sum(post.free for post in self._posts)
        _set(self.count, french.counted(len(self._posts), "poste"))
        _set(self.free, french.counted(free, "libre") if free else "Aucun poste libre")
        set_tone(self.free, self.free.text(), "ok" if free else "plain")
        _set(self.over, french.counted(over, "dépassement"))
        self.over.setVisible(over > 0)
        left = [post.remaining(moment).total_seconds() for post in busy]
        if not left or free or not self._waiting:
            _set(self.next_free, "")
        else:
            soon = f"Prochain poste libre dans {int(min(left)) // 60} min"
            _set(self.next_free, "Un poste est en dépassement" if over else soon)

    def _show_queue(self, moment: datetime) -> None:
        self.queue.show_cards([_card(ticket, moment) for ticket in self._waiting])
        self.queue.setFixedHeight(px(40) * max(1, min(2, len(self._waiting))) + 4)
        set_tone(self.queue_count, str(len(self._waiting)), "wait")
        self.queue_count.setVisible(bool(self._waiting))
        self._show_enter()

    def _show_enter(self) -> None:
        """Entrée enters the count if there is one, else it gives a station."""
        free = self._first_free() is not None
        self.install.key = "Entrée" if free and not self.counters.counting else ""
        self.install.bar("" if free else "Aucun poste n’est libre.")
        self.install.updateGeometry()

    def _why_not(self) -> str:
        """Nobody stays longer while others wait and no station is free."""
        if not self._waiting or any(post.free for post in self._posts):
            return ""
        many = len(self._waiting)
        return f"{french.counted(many, 'personne')} {french.plural(many, 'attend', 'attendent')} un poste."

    def open_post(self, number: int) -> None:
        """Ask what the station of this number needs."""
        post = next((p for p in self._posts if p.number == number), None)
        if post is None:
            self.said.emit(f"Il n’y a pas de poste {number}.")
            return
        self._open(post)

    def _open(self, post: digital_space.Post) -> None:
        self.side.setCurrentWidget(self.station)
        self.panes.bring(self.side)
        self.station.open_post(post, self._waiting, self._why_not())

    def _close(self) -> None:
        self.side.setCurrentWidget(self.counters)
        self.panes.bring(self.stations)
        self.setFocus()

    def _clicked(self) -> None:
        self._open(self.sender().post)

    def _extend(self, id: str) -> None:
        post = next(p for p in self._posts if p.id == id)
        digital_space.extend(post.session)
        self.setFocus()
        self.acted.emit()

    def _end(self, id: str) -> None:
        post = next(p for p in self._posts if p.id == id)
        self.side.setCurrentWidget(self.station)
        self.panes.bring(self.side)
        self.station.open_end(post)

    def _first_free(self) -> digital_space.Post | None:
        return next((post for post in self._posts if post.free), None)

    def _install_first(self) -> None:
        post = self._first_free()
        if post is None:
            self.said.emit("Aucun poste n’est libre.")
        else:
            self._open(post)

    def _install_ticket(self, id: str) -> None:
        ticket = next((t for t in self._waiting if t.id == id), None)
        post = self._first_free()
        if post is None:
            self.said.emit("Aucun poste n’est libre.")
        elif ticket is not None:
            self.side.setCurrentWidget(self.station)
            self.panes.bring(self.side)
            self.station.open_for(post, ticket, self._waiting)

    def _count(self, letter: str, by: int) -> None:
        self.panes.bring(self.side)
        self.counters.change(COUNTER_KEYS[letter], by)

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event) -> None:
        digit, letter = keys.digit(event), keys.letter(event).upper()
        if self.side.currentWidget() is self.station:
            self.station.keyPressEvent(event)
        elif digit:
            self.open_post(digit)
        elif letter in COUNTER_KEYS:
            self._count(letter, -1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif keys.is_enter(event):
            if self.counters.counting:
                self.counters.settle()
            else:
                self._install_first()
        else:
            super().keyPressEvent(event)


def _card(ticket: visits.Ticket, moment: datetime) -> Card:
    waited = french.minutes_ago(moment - ticket.arrived_at)
    level = visits.waiting_level(ticket, moment)
    tone = {"calm": "plain", "amber": "wait", "red": "urgent"}[level]
    return Card(ticket.id, f"n° {ticket.number} · {ticket.label or 'Anonyme'}", badge=waited, tone=tone, icon="user")


def _set(shown, text: str) -> None:
    if shown.text() != text:
        shown.setText(text)
