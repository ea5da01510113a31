"""Mandat: who may act for the person, until when; sign, revoke, and print what goes with it."""

from datetime import date

from PySide6.QtWidgets import QLineEdit

from db import dossiers, lists, mandates, store, team
from desktop import french
from desktop.dossiers.ask import Ask, AskingSection
from desktop.dossiers.section import Mark
from desktop.widgets.cards import Card, CardList
from desktop.widgets.form import Choice, label, restyle
from desktop.widgets.look import LOOK, px


class MandateSection(AskingSection):
    title, icon = "Mandat", "shield"

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[mandates.Line, ...] = ()
        self._sheet: dossiers.Sheet | None = None
        self.state = label("", wrap=True)
        self.sign_button = self.button(1, "Signer un mandat", "pencil", self._ask_sign)
        self.paper = self.button(2, "Écrire le mandat", "printer", self._write)
        self.revoke_button = self.button(3, "Révoquer", "x", self._ask_revoke)
        self.slip = self.button(4, "Écrire la révocation", "printer", self._write_slip)
        self.reason = label("", "hint", wrap=True)
        self.sign = self.question(
            Ask(
                "mandat",
                "Mandat signé en deux exemplaires",
                "Noter le mandat",
                hint="La personne le signe devant vous.",
            ),
            self._sign,
        )
        form = self.sign.form
        form.add("scope", "Démarches permises", QLineEdit(), columns=2, help="Exemple : appeler au sujet de la fuite.")
        form.add("partner", "Auprès de", Choice())
        covers = [("dossier", "Ce dossier seulement"), ("partenaire", "Tout dossier avec lui")]
        form.add("covers", "Vaut pour", Choice(covers))
        form.add("signed_on", "Signé le", QLineEdit())
        form.add("ends_on", "Fin le", QLineEdit(), help="Vide : un mois après la signature.")
        self.revoke = self.question(
            Ask("revocation", "Révoquer ce mandat, pour de bon", "Révoquer", columns=1,
                hint="Plus aucun contact en son nom. La personne pourra en signer un autre."),
            self._revoke,
        )  # fmt: skip
        self.revoke.cancel.rename("Annuler")
        self.revoke.form.add("revoked_on", "Révoqué le", QLineEdit())
        self.list = CardList("Mandats", "Aucun mandat. La personne présente décide elle-même.")
        self.list.moved.connect(self._moved)
        self.scope = label("", wrap=True)
        for widget in (self.state, self.actions, self.reason, self.sign, self.revoke, self.list, self.scope):
            self.column.addWidget(widget)
        self.column.addStretch(1)
        LOOK.changed.connect(self._fit)

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        if sheet.state == dossiers.CLOSED:
            return None
        valid = mandates.valid_for(sheet.id, today)
        if valid is not None:
            said = mandates.warning(valid, today)
            return Mark(1, said, "wait", loud=True) if said else None
        stopped = mandates.contact_blocked(sheet.id, today)
        return Mark(1, stopped, "urgent") if stopped else None

    def refresh(self) -> None:
        today = date.today()
        self._sheet = dossiers.sheet(self.dossier)
        self.lines = mandates.of_dossier(self.dossier)
        self.list.show_cards([_card(line, today) for line in self.lines])
        if self.list.current_id() is None and self.lines:
            self.list.select_first()
        self._fit()
        valid = mandates.valid_for(self.dossier, today)
        if valid is not None:
            text = mandates.warning(valid, today) or f"Mandat valable jusqu’au {french.long_date(valid.ends_on)}."
            tone = "wait" if mandates.warning(valid, today) else "ok"
        else:
            text, tone = mandates.blocked(self.dossier, today), "urgent" if self.lines else "plain"
        self.state.setText(text)
        restyle(self.state, "tone", tone)
        refused = mandates.may_sign(store.mediator())
        for button in (self.sign_button, self.paper):
            button.bar(refused)
        self.reason.setText(refused)
        self.reason.setVisible(bool(refused))
        self._offer()

    def clear(self) -> None:
        super().clear()
        self.lines, self._sheet = (), None
        self.list.show_cards([])
        for shown in (self.state, self.scope):
            shown.setText("")

    def _chosen(self) -> mandates.Line | None:
        return next((line for line in self.lines if line.id == self.list.current_id()), None)

    def _moved(self, _id: str) -> None:
        self._offer()

    def _offer(self) -> None:
        line, today = self._chosen(), date.today()
        self.revoke_button.setVisible(bool(line and line.revoked_on is None and line.ends_on >= today))
        self.slip.setVisible(bool(line and line.revoked_on))
        self.scope.setText(line.scope if line else "")
        self.scope.setVisible(bool(line))

    def _fit(self) -> None:
        rows = max(1, min(len(self.lines), 4))
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), px(56)) + px(6))

    # what is done

    def _ask_sign(self) -> None:
        known = [(value.code, value.label) for value in lists.values("partner")]
        self.sign.form.fields["partner"].offer(known)
        today = date.today()
        values = {"scope": "", "partner": self._sheet.partner, "covers": "dossier", "ends_on": "",
                  "signed_on": french.short_date(today)}  # fmt: skip
        self.sign.form.fields["ends_on"].setPlaceholderText(french.short_date(mandates.default_end(today)))
        self.ask(self.sign, values)

    def _sign(self) -> None:
        typed, today = self.sign.values(), date.today()
        ends_on = french.parse_date(typed["ends_on"], today) if typed["ends_on"] else None
        draft = mandates.Draft(
            self._sheet.person, typed["partner"], typed["scope"], self.dossier if typed["covers"] == "dossier" else None,
            french.parse_date(typed["signed_on"], today), ends_on,
        )  # fmt: skip
        found = mandates.problems(draft, today)
        if typed["ends_on"] and ends_on is None:
            found["ends_on"] = f"Cette date n’existe pas. Exemple : {french.short_date(mandates.default_end(today))}."
        if found:
            self.sign.refuse(found)
            return
        try:
            mandates.sign(draft)
        except mandates.Blocked as reason:
            self.said.emit(str(reason))
            return
        self.said.emit("Mandat noté. Il ne s’annule pas : il se révoque.")
        self.recorded(self.sign)

    def _ask_revoke(self) -> None:
        self.ask(self.revoke, {"revoked_on": french.short_date(date.today())})

    def _revoke(self) -> None:
        line, today = self._chosen(), date.today()
        day = french.parse_date(self.revoke.values()["revoked_on"], today)
        if day is None or not line.signed_on <= day <= today:
            said = f"Donnez un jour entre la signature et aujourd’hui. Exemple : {french.short_date(today)}."
            self.revoke.refuse({"revoked_on": said})
            return
        try:
            mandates.revoke(line.id, day)
        except mandates.Blocked as reason:
            self.said.emit(str(reason))
            self.rest()
            return
        self.said.emit("Mandat révoqué. 4 écrit la révocation.")
        self.recorded(self.revoke)

    def _write(self) -> None:
        self.wants_letter.emit(self.dossier, mandates.PAPER, "")

    def _write_slip(self) -> None:
        self.wants_letter.emit(self.dossier, mandates.SLIP, "")


def _card(line: mandates.Line, today: date) -> Card:
    if line.revoked_on:
        badge, tone = f"révoqué le {french.day_and_month(line.revoked_on)}", "plain"
    elif line.ends_on < today:
        badge, tone = f"fini le {french.day_and_month(line.ends_on)}", "plain"
    else:
        badge = f"jusqu’au {french.short_date(line.ends_on)}"
        tone = "wait" if mandates.warning(line, today) else "ok"
    by = f" par {team.short_name(line.signer_name)}" if line.signer_name else ""
    detail = f"Signé le {french.short_date(line.signed_on)}{by}" + ("" if line.dossier else " · tout dossier")
    return Card(line.id, lists.label("partner", line.partner), detail, badge=badge, tone=tone)
