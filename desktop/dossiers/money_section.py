"""Argent: what is due, the payments agreed and ticked as they are made, the helps asked and obtained, what was won."""

from dataclasses import replace
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from db import dossiers, lists, money
from desktop import french
from desktop.dossiers import money_words
from desktop.dossiers.ask import Ask, AskingSection, read_day, read_euros
from desktop.dossiers.section import Mark
from desktop.instalments import instalments, months_later
from desktop.widgets.cards import CardList
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, label, tag
from desktop.widgets.look import LOOK

SHOWN = 8
"""Lines of a list before it scrolls."""


class ShortList(CardList):
    """A list as tall as its few lines. Its digits are the section's: Espace, Entrée and Suppr act on the line."""

    def __init__(self, name: str, empty: str, *keys_taken: Qt.Key, by_key: bool = False) -> None:
        super().__init__(name, empty, flat=True, keys=keys_taken, by_key=by_key)
        LOOK.changed.connect(self.fit)

    def fit(self) -> None:
        rows = min(max(len(self.cards()), 1), SHOWN)
        self.setFixedHeight(rows * max(self.sizeHintForRow(0), 38 * LOOK.scale // 100) + 8)

    def show_cards(self, cards, select: str | None = None) -> None:
        super().show_cards(cards, select)
        self.fit()


class MoneySection(AskingSection):
    title, icon = "Argent", "landmark"

    def __init__(self) -> None:
        super().__init__()
        self.money: money.Money | None = None
        self._answered = ""
        self.figures = {name: tag("", "plain") for name in money_words.FIGURES}
        box = QWidget()
        box.setLayout(Flow(*self.figures.values(), spacing=6))
        self.plan_button = self.button(1, "Échéancier", "calendar", self._ask_plan)
        self.button(2, "Aide demandée", "send", self._ask_help)
        self.button(3, "Somme due", "pencil", self._ask_due)
        self.print_button = self.button(4, "Imprimer l’échéancier", "printer", self._print)
        self._make_asks()
        self.plan_title = label("Échéancier", "label")
        self.payments = ShortList("Paiements de l’échéancier", "", Qt.Key.Key_Space)
        self.payments.chosen.connect(self._tick)
        self.payments.pressed_key.connect(self._tick)
        self.plan_hint = label("Espace coche un paiement. Ctrl+Z annule.", "hint", wrap=True)
        self.helps_title = label("Aides", "label")
        self.helps = ShortList("Aides demandées", "", Qt.Key.Key_Delete)
        self.helps.chosen.connect(self._ask_answer)
        self.helps.pressed_key.connect(self._forget_help)
        self.helps_hint = label("Entrée note la réponse. Suppr retire l’aide.", "hint", wrap=True)
        self.nothing = label("Rien n’est noté. 1 prévoit un échéancier, 2 note une aide.", "hint", wrap=True)
        for widget in (box, self.actions, *self._asks, self.plan_title, self.payments, self.plan_hint,
                       self.helps_title, self.helps, self.helps_hint, self.nothing):  # fmt: skip
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def _make_asks(self) -> None:
        self.plan = self.question(
            Ask("echeancier", "Prévoir un échéancier", "Noter l’échéancier", columns=3), self._keep_plan
        )
        self.plan.form.add("total", "Somme à payer", QLineEdit(placeholderText="412,60"))
        self.plan.form.add("count", "Paiements", QLineEdit(placeholderText="4"))
        self.plan.form.add("first", "Le premier", QLineEdit(placeholderText="05/12/2026"))
        self.plan.typed.connect(self._preview)
        self.help = self.question(
            Ask("aide", "Aide demandée pour la personne", "Noter l’aide", columns=3), self._keep_help
        )
        self.help.form.add("kind", "Aide", Choice(empty="Choisissez"))
        self.help.form.add("asked", "Somme demandée", QLineEdit(placeholderText="200"), help="Facultatif.")
        self.help.form.add("asked_on", "Demandée le", QLineEdit())
        self.answer = self.question(Ask("reponse", "Réponse à l’aide", "Noter la réponse"), self._keep_answer)
        self.answer.form.add("obtained", "Somme obtenue", QLineEdit(placeholderText="150"), help="0 pour un refus.")
        self.answer.form.add("answered_on", "Réponse du", QLineEdit())
        self.due = self.question(Ask("somme", "Somme due aujourd’hui", "Enregistrer", columns=1), self._keep_due)
        self.due.form.add(
            "due", "Somme due", QLineEdit(placeholderText="412,60"), help="Vide si elle n’est pas connue."
        )

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        late = () if sheet.state == dossiers.CLOSED else money.of_dossier(sheet.id).late(today)
        return Mark(len(late), f"{french.counted(len(late), 'paiement')} en retard", "urgent") if late else None

    def refresh(self) -> None:
        self.money = money.of_dossier(self.dossier)
        for name, text in money_words.figures(self.money).items():
            self.figures[name].setText(text)
            self.figures[name].setVisible(bool(text))
        self.payments.show_cards(money_words.payments(self.money.payments, date.today()))
        self.helps.show_cards(money_words.helps(self.money.helps))
        for widget in (self.plan_title, self.payments, self.plan_hint, self.print_button):
            widget.setVisible(bool(self.money.payments))
        for widget in (self.helps_title, self.helps, self.helps_hint):
            widget.setVisible(bool(self.money.helps))
        self.nothing.setVisible(not self.money.payments and not self.money.helps)

    def clear(self) -> None:
        super().clear()
        self.money = None
        for figure in self.figures.values():
            figure.setText("")
        self.payments.show_cards([])
        self.helps.show_cards([])

    def enter(self) -> None:
        (self.payments if self.money and self.money.payments else self.plan_button).setFocus()

    # what is done

    def _tick(self, id: str, _key: int = 0) -> None:
        payment = next(each for each in self.money.payments if each.id == id)
        if payment.paid_on:
            money.unpay(id)
        else:
            money.pay(id, date.today())
        self.acted.emit()

    def _ask_plan(self) -> None:
        today = date.today()
        left = self.money.remaining or self.money.due
        first = self.money.next.due_on if self.money.next else months_later(today, 1)
        count = sum(payment.paid_on is None for payment in self.money.payments)
        values = {"total": money_words.plain(left), "count": str(count or ""), "first": french.short_date(first)}
        self.ask(self.plan, values)

    def _read_plan(self) -> tuple[int | None, int | None, date | None]:
        typed = self.plan.values()
        count = int(typed["count"]) if str(typed["count"]).isdecimal() else None
        return french.parse_euros(typed["total"]), count, french.parse_date(typed["first"], date.today())

    def _preview(self) -> None:
        total, count, first = self._read_plan()
        found = money.plan_problems(total, count, first, date.today())
        self.plan.tell("" if found else money_words.preview(instalments(total, count, first)))

    def _keep_plan(self) -> None:
        total, count, first = self._read_plan()
        if found := money.plan_problems(total, count, first, date.today()):
            self.plan.refuse(found)
            return
        money.keep_plan(self.dossier, instalments(total, count, first))
        self.recorded(self.plan)

    def _ask_help(self) -> None:
        kinds = [(value.code, value.label) for value in lists.values("help")]
        self.help.form.fields["kind"].offer(kinds, empty="Choisissez")
        self.ask(self.help, {"kind": "", "asked": "", "asked_on": french.short_date(date.today())})

    def _keep_help(self) -> None:
        typed, today = self.help.values(), date.today()
        asked, problem = read_euros(typed["asked"])
        day, _ = read_day(typed["asked_on"], today)
        found = money.help_problems(typed["kind"], asked, day, today)
        if problem:
            found["asked"] = problem
        if found:
            self.help.refuse(found)
            return
        money.ask_help(self.dossier, typed["kind"], asked, day)
        self.recorded(self.help)

    def _ask_answer(self, id: str) -> None:
        help = self._help(id)
        self._answered = id
        self.answer.heading.setText(f"Réponse : {help.label}")
        self.answer.name = f"reponse:{id}"
        shown = {"obtained": money_words.plain(help.obtained), "answered_on": help.answered_on or date.today()}
        self.ask(self.answer, shown | {"answered_on": french.short_date(shown["answered_on"])})

    def _help(self, id: str) -> money.HelpLine:
        return next(each for each in self.money.helps if each.id == id)

    def _keep_answer(self) -> None:
        typed, today = self.answer.values(), date.today()
        obtained, problem = read_euros(typed["obtained"])
        day, _ = read_day(typed["answered_on"], today)
        found = money.answer_problems(obtained, day, self._help(self._answered), today)
        if problem:
            found["obtained"] = problem
        if found:
            self.answer.refuse(found)
            return
        money.answer_help(self._answered, obtained, day)
        self.recorded(self.answer)

    def _forget_help(self, id: str, _key: int) -> None:
        money.forget_help(id)
        self.acted.emit()

    def _ask_due(self) -> None:
        self.ask(self.due, {"due": money_words.plain(self.money.due)})

    def _keep_due(self) -> None:
        due, problem = read_euros(self.due.values()["due"])
        if problem:
            self.due.refuse({"due": problem})
            return
        dossiers.change(self.dossier, replace(dossiers.draft_of(self.dossier), amount_due=due))
        self.recorded(self.due)

    def _print(self) -> None:
        self.wants_print.emit("echeancier", self.dossier)
