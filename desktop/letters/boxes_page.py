"""Placing the boxes of a form: click two corners, or type four measures, then say what goes there."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from desktop.documents import forms
from desktop.documents.form_mappings import COMMON, Mapping, Spot, Zone, key_of
from desktop.letters import form_shelf
from desktop.letters.page_board import Mark, PageBoard
from desktop.widgets.buttons import KeyButton
from desktop.widgets.cards import Card, CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, row, scrolled
from desktop.widgets.look import LOOK, px
from desktop.widgets.panes import Pane, Panes

KINDS = {"texte": "Du texte", "cases": "Un caractère par case", "multiligne": "Plusieurs lignes", "croix": "Une croix"}
OVERFLOWS = {"reduire": "Réduire, puis « Suite »", "annexe": "Page « Suite »", "bloquer": "Refuser"}
SIDES = {"x": "Gauche (mm)", "y": "Haut (mm)", "l": "Largeur (mm)", "h": "Hauteur (mm)"}
HOW = "Cliquez les deux coins d’une case sur la page, ou écrivez ses mesures. Cliquez une case pour la changer."
NOT_WRITTEN = "Les cases ne s’enregistrent pas : le dossier du lieu refuse l’écriture."


class BoxesPage(QWidget):
    closed = Signal()
    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._opened: form_shelf.Opened | None = None
        self._page, self._selected = 1, -1
        self._before: list[Mapping] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._right = self._fields_panel()
        self.panes = Panes(Pane("Page", self._board_panel(), stretch=6), Pane("Cases", self._right, stretch=5))
        column.addWidget(self.panes)

    def _board_panel(self) -> Panel:
        panel = Panel()
        self.page = Choice()
        self.page.setAccessibleName("Page")
        self.page.currentIndexChanged.connect(self._turned)
        self.smaller = KeyButton("−", name="Réduire la page")
        self.bigger = KeyButton("+", name="Agrandir la page")
        self.smaller.clicked.connect(self._zoom_out)
        self.bigger.clicked.connect(self._zoom_in)
        panel.column.addLayout(row(self.page, "|", self.smaller, self.bigger))
        self.board = PageBoard()
        self.board.drawn.connect(self._drawn)
        self.board.picked.connect(self.select)
        panel.add(self.board, stretch=1)
        return panel

    def _fields_panel(self) -> Panel:
        panel = Panel()
        self.back = KeyButton("Terminer", "Échap", "check", kind="primary", name="Terminer et revenir au formulaire")
        self.back.clicked.connect(self.closed)
        panel.column.addLayout(Flow(label("Placer les cases", "section"), push=self.back))
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(10)
        column.addWidget(label(HOW, "hint", wrap=True))
        self.form = self._make_form()
        column.addWidget(self.form)
        column.addWidget(label("Cases de la page", "label"))
        self.list = CardList("Cases de la page", "Aucune case sur cette page.", flat=True)
        self.list.setMinimumHeight(px(150))
        self.list.chosen.connect(self._chosen)
        column.addWidget(self.list, 1)
        panel.add(scrolled(inside, "La case"), stretch=1)
        self.undo = KeyButton("Annuler", icon="undo-2", kind="quiet", name="Annuler le dernier changement de case")
        self.undo.clicked.connect(self.take_back)
        self.remove = KeyButton("Retirer", icon="x", kind="quiet", name="Retirer la case")
        self.remove.clicked.connect(self.take_away)
        self.fresh = KeyButton("Nouvelle", icon="plus", kind="quiet", name="Nouvelle case")
        self.fresh.clicked.connect(self.begin)
        self.put = KeyButton("Ajouter", "Ctrl+Entrée", "check", kind="primary", name="Ajouter la case")
        self.put.clicked.connect(self.place)
        panel.column.addLayout(Flow(self.undo, self.remove, self.fresh, push=self.put))
        LOOK.changed.connect(self._shorten)
        self._shorten()
        return panel

    def _make_form(self) -> Form:
        form = Form(columns=4)
        form.add("title", "Titre du formulaire", QLineEdit(), columns=4)
        form.add("common", "Question courante", Choice(list(COMMON.items()), empty="Autre question"), columns=2)
        form.add("label", "Question à poser", QLineEdit(placeholderText="Nom de naissance"), columns=2)
        form.add("kind", "Ce que l’on écrit", Choice(list(KINDS.items())), columns=2)
        form.add("cells", "Nombre de cases", QLineEdit(placeholderText="8"), columns=2)
        form.add("value", "Réponse que la croix veut dire", QLineEdit(placeholderText="Madame"), columns=2,
                 help="Vide : une case à cocher seule.")  # fmt: skip
        form.add("overflow", "Texte trop long", Choice(list(OVERFLOWS.items())), columns=2)
        form.add("again", "Question déjà posée", Choice([
            ("suite", "Continuer la réponse"), ("copie", "Répéter la réponse"),
        ]), columns=2)  # fmt: skip
        form.add("capitals", "En majuscules", QCheckBox("Oui"), columns=2)
        for name, text in SIDES.items():
            form.add(name, text, QLineEdit(placeholderText="12,5"))
        form.fields["common"].currentIndexChanged.connect(self._common_chosen)
        form.fields["kind"].currentIndexChanged.connect(self._show_what_matters)
        form.fields["title"].editingFinished.connect(self._keep_title)
        return form

    def _shorten(self) -> None:
        """Where the room is scarce, the keys leave the buttons."""
        for button in (self.back, self.put):
            button.set_short(LOOK.narrow)

    def _name_put(self, verb: str) -> None:
        self.put.setText(verb)
        self.put.setAccessibleName(f"{verb} la case")
        self.put.updateGeometry()

    # showing

    def open(self, opened: form_shelf.Opened, page: int = 1) -> None:
        self._opened, self._before = opened, []
        count = len(opened.inspection.pages)
        self.page.offer([(str(n), f"Page {n} sur {count}") for n in range(1, count + 1)])
        self.form.fill({"title": opened.given.title})
        self._page = min(page, count)
        self.page.blockSignals(True)
        self.page.choose(str(self._page))
        self.page.blockSignals(False)
        self._show_page()
        self.begin()

    def opened(self) -> form_shelf.Opened | None:
        return self._opened

    def forget(self) -> None:
        self._opened, self._before, self._selected = None, [], -1
        self.board.show_marks((), -1)
        self.board.show_page(b"", 210, 297)
        self.list.show_cards([])
        self.form.clear()

    def enter(self) -> None:
        first = self.form.fields["label"]
        (first if first.isVisible() else self.page).setFocus()

    def _turned(self) -> None:
        self._page = int(self.page.code() or 1)
        self._show_page()
        self.begin()

    def _show_page(self) -> None:
        opened = self._opened
        if opened is None:
            return
        bare = forms.fill_page(opened.pdf, Mapping(opened.given.title), {}, self._page).pdf
        self.board.show_page(bare, *opened.inspection.pages[self._page - 1])
        self._show_marks()
        self._show_zoom()

    def _show_marks(self) -> None:
        marks, cards = [], []
        settled = len(self._opened.given.spots)
        for id, spot in enumerate(self._opened.whole.spots):
            here = [zone for zone in forms.zones(spot, self._opened.inspection) if zone.page == self._page]
            marks += [Mark(id, zone, id < settled) for zone in here]
            if here:
                cards.append(Card(str(id), spot.label, badge=spot.value or KINDS[spot.kind].lower(),
                                  tone="soft" if id < settled else "plain"))  # fmt: skip
        self.board.show_marks(marks, self._selected)
        self.list.show_cards(cards, select=str(self._selected))
        self.undo.setEnabled(bool(self._before))

    def _zoom_in(self) -> None:
        self.board.zoom(1)
        self._show_zoom()

    def _zoom_out(self) -> None:
        self.board.zoom(-1)
        self._show_zoom()

    def _show_zoom(self) -> None:
        self.bigger.setEnabled(self.board.can_zoom(1))
        self.smaller.setEnabled(self.board.can_zoom(-1))

    # one box

    def begin(self) -> None:
        """Describe a new box."""
        self._selected = -1
        self.form.fill({name: "" for name in ("common", "label", "cells", "value", *SIDES)})
        self.form.show_problems({})
        self._allow_measures(True)
        self._name_put("Ajouter")
        self.remove.setEnabled(False)
        self.list.clearSelection()
        self._show_what_matters()
        if self._opened:
            self._show_marks()

    def _chosen(self, id: str) -> None:
        self.select(int(id))

    def select(self, id: int) -> None:
        """Change this box."""
        spot = self._opened.whole.spots[id]
        self._selected = id
        zone = self._measured(spot)
        self.form.fill(
            {
                "common": spot.name if spot.name in COMMON else "", "label": spot.label, "kind": spot.kind,
                "cells": str(spot.longest or ""), "value": spot.value, "overflow": spot.overflow,
                "capitals": spot.capitals, **({n: _shown(v) for n, v in _sides(zone).items()} if zone else {}),
            }
        )  # fmt: skip
        self.form.show_problems({})
        self._allow_measures(len(spot.zones) == 1)
        self._name_put("Changer")
        self.remove.setEnabled(id < len(self._opened.given.spots))
        self._show_what_matters()
        self._show_marks()
        self.panes.bring(self._right)

    def _measured(self, spot: Spot) -> Zone | None:
        here = [zone for zone in forms.zones(spot, self._opened.inspection) if zone.page == self._page]
        return here[0] if here else None

    def _allow_measures(self, allowed: bool) -> None:
        reason = "" if allowed else "Le PDF donne lui-même cette place."
        for name in SIDES:
            self.form.fields[name].setEnabled(allowed)
            self.form.fields[name].setToolTip(reason)

    def _drawn(self, x: float, y: float, wide: float, high: float) -> None:
        if self._selected >= 0 and not self.form.fields["x"].isEnabled():
            self.begin()
        self.form.fill(dict(zip(SIDES, map(_shown, (x, y, wide, high)), strict=True)))
        self.panes.bring(self._right)
        self.form.fields["label"].setFocus()

    def _common_chosen(self) -> None:
        code = self.form.fields["common"].code()
        if code:
            self.form.fill({"label": COMMON[code]})

    def _show_what_matters(self) -> None:
        kind = self.form.fields["kind"].code()
        left_out = {"texte": ("cells", "value"), "multiligne": ("cells", "value"), "cases": ("value",),
                    "croix": ("cells", "overflow", "capitals", "again")}[kind or "texte"]  # fmt: skip
        hidden = {*left_out, *(("again",) if self._selected >= 0 else ())}
        self.form.show_only([name for name in self.form.fields if name not in hidden])

    def _keep_title(self) -> None:
        title = str(self.form.values()["title"]).strip()
        if self._opened and title and title != self._opened.given.title:
            self._keep(replace(self._opened.given, title=title))

    # acts

    def place(self) -> None:
        """Add the box described, or change the one selected."""
        if self._opened is None:
            return
        spot, problems = self._described()
        self.form.show_problems(problems, focus=bool(problems))
        if problems:
            return
        given = self._opened.given
        if self._selected < 0:
            given = _added(given, spot, str(self.form.values()["again"]))
        elif self._selected < len(given.spots):
            given = replace(given, spots=_put(given.spots, self._selected, spot))
        else:
            given = replace(given, spots=(*given.spots, spot))
        if self._keep(given):
            self.begin()
            self.form.fields["label"].setFocus()

    def take_away(self) -> None:
        given = self._opened.given
        if 0 <= self._selected < len(given.spots):
            spots = given.spots[: self._selected] + given.spots[self._selected + 1 :]
            if self._keep(replace(given, spots=spots)):
                self.begin()

    def take_back(self) -> None:
        if self._before:
            mapping = self._before.pop()
            if self._keep(mapping, remember=False):
                self.form.fill({"title": mapping.title})
                self.begin()

    def _keep(self, given: Mapping, *, remember: bool = True) -> bool:
        opened = self._opened
        try:
            form_shelf.keep(opened.id, given)
        except OSError:
            self.said.emit(NOT_WRITTEN)
            return False
        if remember:
            self._before.append(opened.given)
        whole = forms.automatic(opened.inspection, given)
        self._opened = replace(opened, given=given, whole=whole, changed=False, lost=())
        self._show_marks()
        return True

    def _described(self) -> tuple[Spot, dict[str, str]]:
        values = {name: str(value).strip() for name, value in self.form.values().items()}
        problems: dict[str, str] = {}
        kind, cells = values["kind"], values["cells"]
        if not values["label"]:
            problems["label"] = "Écrivez la question. Exemple : Nom de naissance."
        count = int(cells) if cells.isascii() and cells.isdigit() and len(cells) < 3 else 0
        old = self._opened.whole.spots[self._selected] if self._selected >= 0 else None
        if kind == "cases" and not count and not (old and (old.boxes or old.cut)):
            problems["cells"] = "Écrivez le nombre de cases. Exemple : 8."
        zones = old.zones if old else ()
        if old is None or len(old.zones) == 1:
            zone, wrong = self._zone(values)
            problems |= wrong
            zones = (zone,) if zone else ()
        same = next((s.name for s in self._opened.given.spots if s.label == values["label"]), "")
        spot = Spot(
            same or key_of(values["label"]), values["label"], kind, old.boxes if old else (), zones,
            cut=old.cut if old else (), separator=old.separator if old else "", state=_state(old),
            value=values["value"] if kind == "croix" else "", longest=count if kind == "cases" else 0,
            overflow=values["overflow"], capitals=bool(self.form.values()["capitals"]) and kind != "croix",
            help=old.help if old else "",
        )  # fmt: skip
        return spot, problems

    def _zone(self, values: dict[str, str]) -> tuple[Zone | None, dict[str, str]]:
        measures = {name: _number(values[name]) for name in SIDES}
        problems = {
            name: "Écrivez un nombre en millimètres. Exemple : 12,5."
            for name, measure in measures.items()
            if measure is None or (name in "lh" and measure < 1)
        }
        if problems:
            return None, problems
        wide, high = self._opened.inspection.pages[self._page - 1]
        if measures["x"] + measures["l"] > wide + 0.5:
            problems["l"] = f"La case sort de la page, large de {_shown(wide)} mm."
        if measures["y"] + measures["h"] > high + 0.5:
            problems["h"] = f"La case sort de la page, haute de {_shown(high)} mm."
        return Zone(self._page, measures["x"], measures["y"], measures["l"], measures["h"]), problems

    def keyPressEvent(self, event) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.place()
        else:
            super().keyPressEvent(event)


def _added(given: Mapping, spot: Spot, again: str) -> Mapping:
    """With this box: on its own, or as what follows of the one already there."""
    index = next((i for i, s in enumerate(given.spots) if s.name == spot.name and s.kind == spot.kind and s.zones), -1)
    if index < 0 or spot.kind == "croix" or again == "copie":
        return replace(given, spots=(*given.spots, spot))
    first = given.spots[index]
    cut = (*(first.cut or (first.longest,)), spot.longest) if spot.kind == "cases" else ()
    longer = replace(first, zones=first.zones + spot.zones, cut=cut, longest=0)
    return replace(given, spots=_put(given.spots, index, longer))


def _put(spots: tuple[Spot, ...], index: int, spot: Spot) -> tuple[Spot, ...]:
    return (*spots[:index], spot, *spots[index + 1 :])


def _state(old: Spot | None) -> str:
    """The answer's own name in the PDF, kept when its words are changed."""
    return (old.state or old.value) if old and old.boxes and old.kind == "croix" else ""


def _sides(zone: Zone) -> dict[str, float]:
    return {"x": zone.x, "y": zone.y, "l": zone.wide, "h": zone.high}


def _shown(measure: float) -> str:
    return f"{measure:.2f}".rstrip("0").rstrip(".").replace(".", ",")


def _number(text: str) -> float | None:
    try:
        measure = float(text.replace(",", "."))
    except ValueError:
        return None
    return measure if 0 <= measure < 2000 else None
