"""The budget: sums typed straight down, what is left to live on, and the exact page beside it."""

from datetime import date

from PySide6.QtWidgets import QLineEdit, QWidget

from db import letters, people, preferences
from desktop import french
from desktop.documents import budget
from desktop.instalments import months_later
from desktop.letters.document_page import DocumentPage
from desktop.letters.sums import Column, Kind, Table
from desktop.widgets.form import Choice, Form, set_tone, set_value

Values = dict[str, object]
SHEETS = {"fiche": "Fiche du lieu, à son en-tête", "annexe": "Annexe à un courrier de la personne"}
_COUNTED = ("amount", "total", "monthly", "months")
_AMOUNT = Column("amount", "Somme, en euros", "0,00")
KINDS = (
    Kind("resources", "Ressources", "Ressource", "Ce qui arrive chaque mois, une fois l’impôt retiré.", (
        Column("label", "Ressource", "Salaire", 5), _AMOUNT,
        Column("months", "Certains mois seulement", "chaque mois", 4, skipped=True),
    )),
    Kind("charges", "Charges fixes", "Charge", "Ce qu’il faut payer chaque mois.", (
        Column("label", "Charge", "Loyer", 5), _AMOUNT,
    )),
    Kind("irregular", "Certains mois", "Dépense", "Ce qui ne se paie pas tous les mois : la somme à chaque fois.", (
        Column("label", "Dépense", "Assurance de la voiture", 5), _AMOUNT,
        Column("months", "Les mois", "mars, septembre", 4),
    )),
    Kind("debts", "Dettes", "Dette", "Ce qui reste à rembourser, et ce qui est versé chaque mois.", (
        Column("creditor", "À qui", "EDF", 5), Column("total", "Reste dû", "486,20"),
        Column("monthly", "Versé par mois", "80,00"),
    )),
)  # fmt: skip


class BudgetPage(DocumentPage):
    draft, heading, pane = "budget", "Budget", "Sommes"

    def _build(self) -> None:
        self.form = Form(columns=2)
        self.person = self._person_line()
        self.form.add("name", "Nom et prénom", self.person)
        self.form.add("persons", "Personnes qui vivent sur ce budget", QLineEdit(placeholderText="3"))
        self.sheet = Choice(list(SHEETS.items()))
        self.form.add("sheet", "Feuille", self.sheet)
        self.start = Choice()
        self.form.add("start", "Premier mois", self.start)
        self.form.changed.connect(self._changed)
        self.form.fields["persons"].returnPressed.connect(self._to_resources)
        self.column.addWidget(self.form)
        self.tables = {kind.name: Table(kind) for kind in KINDS}
        for table in self.tables.values():
            table.changed.connect(self._changed)
            self.column.addWidget(table)

    def _to_resources(self) -> None:
        self.tables["resources"].rows[0].fields["amount"].setFocus()

    def values(self) -> Values:
        return {**self.form.values(), **{name: table.values() for name, table in self.tables.items()}}

    def show_values(self, values: Values) -> None:
        self.start.offer(_months(date.today()))
        self.form.fill({name: values.get(name, "") for name in self.form.fields})
        if not values.get("start"):
            self.start.choose(_months(date.today())[1][0])
        self.person.show_person(None, str(values.get("name", "")))
        for name, table in self.tables.items():
            table.show_values(list(values.get(name, ())))

    def first_field(self) -> QWidget:
        return self.form.fields["persons"] if self.person.text() else self.person

    def _show_person(self, person: people.Draft) -> None:
        set_value(self.person, f"{person.first_name} {person.last_name}".strip())

    def _read(self) -> tuple[budget.Budget, dict[str, str]]:
        return budget.read(self.values())

    def problems(self) -> dict[str, str]:
        return self._read()[1]

    def field(self, name: str) -> QWidget | None:
        head, *inside = name.split(".")
        if not inside:
            return self.form.fields.get(head)
        row = self.tables[head].row_at(int(inside[0]))
        return row.fields.get(inside[1]) if row else None

    def show_problems(self, problems: dict[str, str], *, focus: bool = False) -> None:
        self.form.show_problems(problems)
        for name, table in self.tables.items():
            mine: dict[str, dict[str, str]] = {}
            for key, sentence in problems.items():
                if key.startswith(f"{name}."):
                    _, place, field = key.split(".")
                    mine.setdefault(place, {})[field] = sentence
            table.show_problems(mine)
        first = next((field for name in problems if (field := self.field(name)) is not None), None)
        if focus and first is not None:
            first.setFocus()

    def draw(self) -> None:
        super().draw()
        self._say_totals()

    def _say_totals(self) -> None:
        """The sums beside each heading, and what is left under them all."""
        read, problems = self._read()
        found = budget.totals(read)
        monthly = {"resources": found.resources, "charges": found.charges, "debts": found.payments}
        for name, cents in monthly.items():
            set_tone(self.tables[name].total, f"{french.euros(cents)} par mois", "plain")
        set_tone(self.tables["irregular"].total, f"{french.euros(found.aside)} à mettre de côté par mois", "plain")
        words = "Il manque" if found.left < 0 else "Reste à vivre :"
        day = f"{french.euros(found.per_day)} par personne et par jour"
        unread = {name.rsplit(".", 1)[0] for name in self._wrong(problems) if name.endswith(_COUNTED)}
        aside = f" · {french.counted(len(unread), 'ligne à corriger', 'lignes à corriger')}" if unread else ""
        self.summary.setText(f"{words} {french.euros(abs(found.left))} par mois · {day}{aside}")
        self.summary.show()

    def render(self, *, draft: bool = False, number: str | None = None) -> bytes:
        from desktop.documents.budget_drawing import render_budget

        place = preferences.place()
        home = tuple(filter(None, (place.name, place.address, place.town)))
        annex = self.sheet.code() == "annexe"
        return render_budget(
            self._read()[0], self.person.text(), home, date.today(), annex=annex, draft=draft, number=number
        )

    def entry(self) -> letters.Entry:
        title = "Annexe : mon budget" if self.sheet.code() == "annexe" else "Budget du foyer"
        return letters.Entry("budget", 1, "", title, "surendettement", person=self._person, sensitive=True)


def _months(today: date) -> list[tuple[str, str]]:
    """This month and the eleven that follow."""
    days = [months_later(today.replace(day=1), place) for place in range(12)]
    return [(f"{day:%Y-%m}", f"{french.MONTHS[day.month - 1]} {day.year}") for day in days]
