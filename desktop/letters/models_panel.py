"""The left pane: which model, found by a word; those at hand first, then those that serve most. Below, the other pages."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache, partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from db import letters, lifts, lists
from desktop import french
from desktop.documents import references, templates
from desktop.documents.template_files import Template
from desktop.letters.fields_panel import LEVELS
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel, label, row, set_tone, tag

MOST_USED = 6


class Filter(QLineEdit):
    """↓ goes into the list."""

    down = Signal()

    def keyPressEvent(self, event) -> None:
        if event.key() == Qt.Key.Key_Down:
            self.down.emit()
        else:
            super().keyPressEvent(event)


class ModelsPanel(Panel):
    """`chosen` with a template's id, `opened` with a page's name; `said` when a model is put at hand."""

    chosen = Signal(str)
    opened = Signal(str)
    said = Signal(str)

    def __init__(self, doors: Mapping[str, str]) -> None:
        super().__init__()
        self._used: dict[str, int] = {}
        self._stars: frozenset[str] = frozenset()
        self._current: str | None = None
        self.count = tag("", "plain")
        self.column.addLayout(row(label("Modèles", "section"), "|", self.count))
        self.filter = Filter(placeholderText="Titre, organisme, mot")
        self.filter.setAccessibleName("Chercher un modèle")
        self.filter.textChanged.connect(self._list)
        self.filter.returnPressed.connect(self._first)
        self.list = CardList("Modèles", "Aucun modèle ne porte ce mot.", lines=2, keys=(Qt.Key.Key_Asterisk,))
        self.filter.down.connect(self.list.setFocus)
        self.list.chosen.connect(self.chosen)
        self.list.pressed_key.connect(self._starred)
        self.add(self.filter)
        self.add(self.list, stretch=1)
        self.doors = {name: KeyButton(title) for name, title in doors.items()}
        for name, button in self.doors.items():
            button.clicked.connect(partial(self.opened.emit, name))
        self.column.addLayout(Flow(*self.doors.values()))

    def refresh(self, current: str | None) -> None:
        self._used, self._stars, self._current = letters.uses(date.today()), letters.stars(), current
        self._list()

    def matching(self, text: str, *, bodies: bool = True) -> list[Template]:
        """The models holding words that begin so (without `bodies`, whole words but the last); those whose title does first, then those at hand, then the most used."""
        wanted = french.fold(text)
        found = [t for t in templates.templates() if _holds(t, wanted.split(), bodies)]
        return sorted(found, key=lambda t: (wanted not in french.fold(f"{t.code} {t.title}"), *self._rank(t)))

    def _rank(self, template: Template) -> tuple[bool, int, str]:
        return template.id not in self._stars, -self._used.get(template.id, 0), template.code

    def _list(self) -> None:
        text, every = self.filter.text(), templates.templates()
        found = self.matching(text)
        cards = self._cards(found, _theme) if french.fold(text) else self._sections(every)
        self.list.show_cards(cards, select=self._current)
        if french.fold(text):
            self.list.scrollToTop()
        set_tone(self.count, f"{len(found)} sur {len(every)}", "plain")

    def _cards(self, found: Iterable[Template], words: Callable[[Template], str]) -> list[Card]:
        return [_card(template, template.id in self._stars, words(template)) for template in found]

    def _sections(self, every: tuple[Template, ...]) -> list[Card]:
        """Those at hand, the most used, then every other by theme; each model once."""
        starred = [t for t in every if t.id in self._stars]
        used = sorted((t for t in every if self._used.get(t.id) and t not in starred), key=self._rank)[:MOST_USED]
        groups = {"Favoris": starred, "Les plus utilisés": used}
        for template in sorted(every, key=lambda t: (t.theme, t.code)):
            if template not in starred and template not in used:
                groups.setdefault(_theme(template), []).append(template)
        return [
            card
            for title, group in groups.items()
            if group
            for card in (Card(f"section {title}", title, is_section=True), *self._cards(group, _kind))
        ]

    def select(self, id: str) -> None:
        """Show which model is open, wherever it was chosen."""
        self._current = id
        if all(card.id != id for card in self.list.cards()):
            self.filter.setText("")
        self.list.show_cards(self.list.cards(), select=id)

    def _first(self) -> None:
        self.list.select_first()
        if self.list.current_id():
            self.chosen.emit(self.list.current_id())

    def _starred(self, id: str, key: int) -> None:
        self.star(id)

    def star(self, id: str) -> None:
        """Put a model at hand, or away."""
        at_hand = letters.star(id)
        self.refresh(id)
        self.said.emit("Modèle mis en favori." if at_hand else "Modèle retiré des favoris.")

    def is_starred(self, id: str) -> bool:
        return id in self._stars


def _card(template: Template, starred: bool, words: str) -> Card:
    today = date.today()
    badge, tone = "", "plain"
    if templates.expired(template, today):
        badge, tone = ("prolongé", "wait") if lifts.lifted(template.sha256, today) else ("expiré", "urgent")
    elif templates.stale(template, today):
        badge, tone = "à revoir", "wait"
    elif templates.is_local(template):
        badge, tone = "version locale", "info"
    level = LEVELS.get(template.level, ("", ""))[0]
    return Card(template.id, template.title, f"{template.code} · {level or words}", badge=badge, tone=tone,
                icon="star" if starred else "", mark_name="favori" if starred else "")  # fmt: skip


def _kind(template: Template) -> str:
    return template.kind.capitalize()


def _theme(template: Template) -> str:
    return _themes().get(template.theme, template.theme)


@cache
def _themes() -> dict[str, str]:
    return lists.read("letters")["theme"]


def _holds(template: Template, words: list[str], bodies: bool) -> bool:
    said = _searched(template) if bodies else _named(template)
    ends = ["" if bodies else " "] * (len(words) - 1) + [""]
    return all(f" {word}{end}" in said for word, end in zip(words, ends, strict=True)) if words else True


@cache
def _named(template: Template) -> str:
    """The words of a model's own name, of its theme, and of those it may be sent to."""
    books = template.directory.split()  # one answers to a name by its own book: « edf » is no change of address
    names = " ".join(o.name for o in references.organisms().values() if o.directory.split()[0] in books)
    own = f"{template.code} {template.id} {template.title} {template.summary}"
    return f" {french.fold(f'{own} {_theme(template)} {template.theme} {template.directory} {names}')} "


@cache
def _searched(template: Template) -> str:
    return f"{_named(template)}{french.fold(template.body)} "
