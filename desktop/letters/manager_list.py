"""The left pane of « Mes modèles »: every template with its state, what wants attention first; one file in, one out."""

from collections.abc import Mapping
from datetime import date

from PySide6.QtCore import Signal

from db import lifts, lists
from desktop import french
from desktop.documents import templates
from desktop.documents.template_files import Template
from desktop.letters.models_panel import Filter
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Panel


class ManagerList(Panel):
    """`opened` with a template's id, or the name of a file at fault."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._refused: Mapping[str, str] = {}
        self.back = KeyButton("Revenir", "Échap", "arrow-left", kind="quiet", name="Revenir aux courriers")
        self.filter = Filter(placeholderText="Titre, thème, état")
        self.filter.setAccessibleName("Chercher un modèle à modifier")
        self.filter.textChanged.connect(self._list)
        self.filter.returnPressed.connect(self._first)
        self.list = CardList("Tous les modèles", "Aucun modèle ne porte ce mot.", lines=2)
        self.filter.down.connect(self.list.setFocus)
        self.list.moved.connect(self.opened)
        self.list.chosen.connect(self.opened)
        self.bring_in = KeyButton("Importer…", icon="download")
        self.take_out = KeyButton("Exporter…", icon="save", kind="quiet")
        self.add(self.back, self.filter)
        self.add(self.list, stretch=1)
        self.column.addLayout(Flow(self.bring_in, self.take_out))

    def show_models(self, refused: Mapping[str, str], current: str | None) -> None:
        """`refused`: each file left out, and why."""
        self._refused = refused
        self._list(select=current)

    def _list(self, _text: str = "", *, select: str | None = None) -> None:
        wanted = french.fold(self.filter.text()).split()
        themes = lists.read("letters")["theme"]
        cards = [_card(t, themes.get(t.theme, t.theme)) for t in templates.templates()]
        cards += [
            Card(name, name, sentence, badge="à réparer", tone="urgent") for name, sentence in self._refused.items()
        ]
        cards = [c for c in cards if all(word in french.fold(c.spoken) for word in wanted)]
        self.list.show_cards(sorted(cards, key=_plain), select=select)

    def _first(self) -> None:
        self.list.select_first()


def _plain(card: Card) -> bool:
    """What wants attention comes first."""
    return not card.badge and card.detail.count(" · ") < 2


def _card(template: Template, theme: str) -> Card:
    today = date.today()
    badge, tone, state = "", "plain", ""
    if templates.expired(template, today):
        badge, tone = ("prolongé", "wait") if lifts.lifted(template.sha256, today) else ("expiré", "urgent")
    elif templates.stale(template, today):
        badge, tone = "à revoir", "wait"
    if templates.parent_moved(template):
        state = " · l’origine a changé"
    elif templates.is_local(template):
        state = " · version locale"
    return Card(template.id, template.title, f"{template.code} · {theme}{state}", badge=badge, tone=tone)
