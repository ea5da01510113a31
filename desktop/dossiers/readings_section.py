"""Relevés: what the meters showed, the curve, a year at this pace, what the bill says, and what doubled."""

from datetime import date

from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget

from db import dossiers, partners, readings
from desktop import french
from desktop.dossiers import readings_page
from desktop.dossiers.ask import Ask, AskingSection
from desktop.dossiers.section import Mark
from desktop.widgets import keys
from desktop.widgets.buttons import Chip
from desktop.widgets.curve import Curve, Span
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Panel, label
from desktop.widgets.look import LOOK, px
from desktop.widgets.table import Column, PagedTable

LEAK_LETTER = "eau-ecretement-fuite"
ICONS = {"electricite": "zap", "gaz": "flame", "eau": "droplet"}
READ, BILLED = "lu", "facture"
ORIGINS = ((READ, "Lu sur le compteur"), (BILLED, "Écrit sur la facture"))
_SHOWN = 8


class _Table(PagedTable):
    """Its digits and letters are the section's."""

    def keyPressEvent(self, event) -> None:
        if keys.digit(event) is not None or keys.letter(event):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ReadingsSection(AskingSection):
    title, icon = "Relevés", "droplet"

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[readings.Line, ...] = ()
        self._meter = ""
        self._said: readings_page.Meter | None = None
        self.add = self.button(1, "Noter un relevé", "plus", self._ask_reading)
        self.print = self.button(2, "Imprimer la page", "printer", self._print)
        self.letter = self.button(3, "Écrire au service de l’eau", "mail", self._write)
        self.remove = self.button(4, "Retirer ce relevé", "x", self._remove, kind="quiet")
        self.reading = self.question(self._reading_form(), self._record)
        self.column.addWidget(self.actions)
        self.column.addWidget(self.reading)
        self._meters = QWidget()
        self.chips = {code: Chip(name, icon=ICONS[code]) for code, name in readings.METERS.items()}
        for code, chip in self.chips.items():
            chip.setProperty("meter", code)
            chip.clicked.connect(self._chosen)
        self._meters.setLayout(Flow(*self.chips.values()))
        self.column.addWidget(self._meters)
        self.alert = label("", wrap=True)
        self.alert.setProperty("tone", "urgent")
        self.todo = label("", wrap=True)
        self.words = label("", wrap=True)
        self.curve = Curve("Consommation par jour")
        self.table = _Table("Relevés du compteur", _COLUMNS, self._page)
        self.empty = Panel()
        self.empty.add(label("Aucun relevé.", "strong"), label("1 pour noter le premier.", "hint"))
        for widget in (self.empty, self.alert, self.todo, self.words, self.curve, self.table):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        LOOK.changed.connect(self._resize)

    def _reading_form(self) -> Ask:
        ask = Ask("releve", "Noter un relevé", "Noter")
        self.meter = Choice(list(readings.METERS.items()), empty="Choisissez")
        self.unit = Choice()
        ask.form.add("meter", "Compteur", self.meter)
        ask.form.add("unit", "Unité", self.unit)
        ask.form.add("day", "Relevé le", QLineEdit(placeholderText="23/11/2026"))
        ask.form.add("value", "Index", QLineEdit(placeholderText="12 345"))
        ask.form.add("origin", "D’où vient l’index", Choice(list(ORIGINS)))
        ask.form.add(
            "coefficient", "Coefficient du gaz", QLineEdit(placeholderText="11,2"), help="Celui de la facture."
        )
        ask.form.add("changed", "Nouveau compteur", QCheckBox("Compteur changé"))
        ask.typed.connect(self._offer_units)
        return ask

    def refresh(self) -> None:
        self._lines = readings.of_dossier(self.dossier) if self.dossier else ()
        known = readings.meters(self._lines)
        if self._meter not in known:
            self._meter = _first(known, self._lines)
        self._show(known)

    def show_dossier(self, dossier: str) -> None:
        if dossier != self.dossier:
            self._meter = ""
        super().show_dossier(dossier)

    def clear(self) -> None:
        super().clear()
        self._lines, self._meter = (), ""
        self._show(())

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        if sheet.state == dossiers.CLOSED:
            return None
        lines = readings.of_dossier(sheet.id)
        found = [code for code in readings.meters(lines) if readings_page.is_high(code, lines)]
        if not found:
            return None
        names = ", ".join(readings.METERS[code].casefold() for code in found)
        return Mark(len(found), f"Plus du double de la moyenne : {names}.", "urgent", loud=True)

    def _show(self, known: tuple[str, ...]) -> None:
        for code, chip in self.chips.items():
            chip.setVisible(code in known)
            chip.setChecked(code == self._meter)
        self._meters.setVisible(len(known) > 1)
        self._said = said = readings_page.meter(self._meter, self._lines) if self._meter else None
        self.empty.setVisible(said is None)
        self.alert.setText("\n".join(said.alerts) if said else "")
        self.todo.setText("\n".join(said.todo) if said else "")
        self.words.setText("\n".join(said.sentences) if said else "")
        for text in (self.alert, self.todo, self.words):
            text.setVisible(bool(text.text()))
        spans = (
            [Span(s.start, s.end, s.per_day, readings_page.HIGH if s.high else "") for s in said.spans] if said else []
        )
        self.curve.show_spans(spans, said.unit if said else "")
        self.curve.setAccessibleName(
            f"Consommation par jour, {said.name.casefold()}" if said else "Consommation par jour"
        )
        self.table.paged.reload()
        self.table.setVisible(said is not None)
        if said and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.print.bar("" if self._lines else "Notez d’abord un relevé.")
        self.remove.setVisible(said is not None)
        self.letter.setVisible(bool(said and said.code == "eau" and said.alerts))
        self._resize()

    def _page(self, after: readings_page.Row | None) -> tuple[readings_page.Row, ...]:
        return self._said.rows if self._said and after is None else ()

    def _chosen(self) -> None:
        self._meter = self.sender().property("meter")
        self._show(readings.meters(self._lines))

    def _ask_reading(self) -> None:
        today = date.today()
        code = self._meter or _guessed(self.dossier)
        same = [line for line in self._lines if line.meter == code]
        self._offer_units(code)
        self.ask(
            self.reading,
            {
                "meter": code, "unit": same[-1].unit if same else "", "day": french.short_date(today), "value": "",
                "origin": READ, "coefficient": _coefficient(same), "changed": False,
            },
        )  # fmt: skip
        self._offer_units()
        self.reading.form.fields["value" if self.meter.code() else "meter"].setFocus()

    def _offer_units(self, code: str = "") -> None:
        """What this meter needs: only gas has two units and a coefficient, only electricity two indexes."""
        code, form = code or self.meter.code(), self.reading.form
        units = readings.UNITS.get(code, ())
        self.unit.offer([(unit, unit) for unit in units], empty=None if units else "Choisissez le compteur")
        self.reading.tell("Heures creuses et pleines : tapez 8000 + 4345." if code == "electricite" else "")
        form.show_only(name for name in form.fields if code == "gaz" or name not in ("unit", "coefficient"))

    def _record(self) -> None:
        values = self.reading.values()
        today = date.today()
        typed = str(values["coefficient"])
        coefficient = readings.parse_coefficient(typed) if typed else None
        draft = readings.Draft(
            str(values["meter"]), french.parse_date(str(values["day"]), today), readings.parse_index(str(values["value"])),
            self.unit.code(), values["origin"] == BILLED, bool(values["changed"]),
            coefficient if values["meter"] == "gaz" else None,
        )  # fmt: skip
        problems = readings.problems(draft, self._lines, today)
        if typed and coefficient is None and draft.meter == "gaz":
            problems["coefficient"] = "Le coefficient se lit sur la facture, entre 7 et 15. Exemple : 11,2."
        self.reading.refuse(problems)
        if not problems:
            readings.add(self.dossier, draft)
            self._meter = draft.meter
            self.recorded(self.reading)

    def _remove(self) -> None:
        index = self.table.currentIndex()
        if not index.isValid():
            self.said.emit("Choisissez un relevé dans le tableau.")
            return
        readings.remove(self.table.row(index.row()).id)
        self.acted.emit()

    def _print(self) -> None:
        self.wants_print.emit("releves", self.dossier)

    def _write(self) -> None:
        self.wants_letter.emit(self.dossier, LEAK_LETTER, "")

    def _resize(self) -> None:
        rows = min(len(self._said.rows), _SHOWN) if self._said else 0
        self.table.setFixedHeight(px(34) * (rows + 1) + px(8))


_COLUMNS = (
    Column[readings_page.Row]("Relevé le", lambda row: row.day, 104),
    Column[readings_page.Row]("Index", lambda row: row.index, 96),
    Column[readings_page.Row]("Consommé", lambda row: row.used, 112),
    Column[readings_page.Row]("Par jour", lambda row: row.per_day, 104),
    Column[readings_page.Row]("", lambda row: row.note, 150),
)


def _guessed(dossier: str) -> str:
    """The meter this dossier is likely about: water for a water partner, else none."""
    sector = partners.partner(dossiers.sheet(dossier).partner).sector
    return "eau" if sector == "eau" else ""


def _first(known: tuple[str, ...], lines: tuple[readings.Line, ...]) -> str:
    """The meter to look at: one that doubled, else the last one read."""
    high = [code for code in known if readings_page.is_high(code, lines)]
    return high[0] if high else lines[-1].meter if lines else ""


def _coefficient(same: list[readings.Line]) -> str:
    kept = next((line.coefficient for line in reversed(same) if line.coefficient), None)
    return f"{kept / 1000:g}".replace(".", ",") if kept else ""
