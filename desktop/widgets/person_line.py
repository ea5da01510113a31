"""Name somebody in one line: a few letters find them, a name and a first name make a new file.

The one subject all rooms share, hence its place among the widgets.
"""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Signal

from db import people
from desktop import french
from desktop.widgets.cards import Card
from desktop.widgets.finder import Finder

NEW = "nouvelle fiche"


class PersonLine(Finder):
    """`person` is the id chosen, or None; `named` once chosen, `refused` with a sentence, `acted` for a new file."""

    named = Signal()
    refused = Signal(str)
    acted = Signal()

    def __init__(self, hint: str = "Nom, prénom ou téléphone") -> None:
        super().__init__("Personne", _found, hint)
        self.person: str | None = None
        self.textEdited.connect(self._typing)
        self.picked.connect(self._named)

    def show_person(self, id: str | None, text: str = "") -> None:
        """Show who it is; `text` is what was being typed."""
        self.person = id if people.is_known(id) else None
        self.close_list()
        self.list.show_cards([])
        self.setText(people.line(self.person).name if self.person else text)

    def _typing(self, text: str) -> None:
        self.person = None
        self.refused.emit("")

    def _named(self, id: str) -> None:
        if id == NEW:
            draft = replace(people.parse(self.text()), informed_on=date.today())
            problems = people.problems(draft, date.today())
            if problems:
                self.refused.emit(next(iter(problems.values())))
                return
            id = people.record(draft, date.today())
            self.acted.emit()
        self.show_person(id)
        self.named.emit()


def _found(text: str) -> list[Card]:
    """Who it may be, then who it looks like, then the file to create once a first name is typed."""
    if len(french.fold(text)) < 2:
        return []
    cards = [Card(p.id, p.name, badge=p.detail, icon="user") for p in people.search(text, 6)]
    draft = people.parse(text)
    if draft.first_name:
        shown = {card.id for card in cards}
        alike = [p for p in people.duplicates(draft) if p.id not in shown]
        cards += [Card(p.id, p.name, badge=f"ressemble · {p.detail}", tone="wait", icon="users") for p in alike]
        parts = (f"{draft.last_name} {draft.first_name}", french.phone(draft.phone), str(draft.birth_year or ""))
        title = "Créer « " + " · ".join(part for part in parts if part) + " »"
        cards.append(Card(NEW, title, icon="user-plus", badge="information donnée", tone="info"))
    elif not cards:
        cards.append(Card("", "Nom inconnu. Ajoutez le prénom.", icon="circle-alert"))
    return cards
