"""Voie: where the dossier stands on its way up, what protects the person, and the next letter."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import zip_longest

from PySide6.QtCore import QItemSelectionModel, QPoint
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from db import dossiers, lists, mandates, partners, paths, standings, steps
from desktop import french
from desktop.dossiers import path_words
from desktop.dossiers.ask import Ask, AskingSection, InHerName, read_day
from desktop.dossiers.section import Mark
from desktop.dossiers.timeline import Timeline
from desktop.widgets.form import Choice, label, restyle

_TONES = {"menace": "urgent", "attention": "wait", "protege": "ok"}


class Alerts(QWidget):
    """What the law says of this dossier today, a sentence each, with its source."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._said: list[tuple[QLabel, QLabel]] = []

    def show_alerts(self, alerts: Iterable[standings.Alert]) -> None:
        shown = list(alerts)
        while len(self._said) < len(shown):
            pair = label("", wrap=True), label("", "hint", wrap=True)
            pair[0].setProperty("tone", "info")  # known before it is first drawn, or its margins are lost
            for each in pair:
                self._column.addWidget(each)
            self._said.append(pair)
        for (said, source), alert in zip_longest(self._said, shown):
            said.setText(alert.text if alert else "")
            said.setVisible(alert is not None)
            restyle(said, "tone", _TONES.get(alert.tone, "info") if alert else "info")
            source.setText(f"Source : {alert.source}" if alert and alert.source else "")
            source.setVisible(bool(source.text()))
        self.setVisible(bool(shown))


class PathSection(AskingSection):
    title, icon = "Voie", "split"

    def __init__(self) -> None:
        super().__init__()
        self.standing: standings.Standing | None = None
        self._sheet: dossiers.Sheet | None = None
        self._chosen = ""
        self.threats, self.shields = Alerts(), Alerts()
        self.path = label("", "hint", wrap=True)
        self.step = label("", "strong", wrap=True)
        self.write = self.button(1, "Écrire la lettre proposée", "mail", self._write, kind="primary")
        self.mark_done = self.button(2, "Marquer fait", "", self._mark)
        self.facts_button = self.button(3, "Situation", "", self._ask_facts, name="Dates et situation")
        self.other = self.button(4, "Parcours", "", self._ask_path, name="Suivre un autre parcours")
        self.in_her_name = InHerName()
        self.in_her_name.changed.connect(self._offer)
        self.done_on = self.question(
            Ask("etape", "Quel jour cette étape a-t-elle été faite ?", "Marquer fait"), self._done
        )
        self.done_on.form.add("done_on", "Faite le", QLineEdit(placeholderText="23/11"))
        self.follow = self.question(
            Ask("parcours", "Suivre quel parcours ?", "Suivre ce parcours", columns=1), self._follow
        )
        self.path_choice = self.follow.form.add("path", "Parcours", Choice(), help="Les étapes déjà faites restent.")
        self._facts_path: paths.Path | None = None
        self._facts_asked: tuple = ()
        self.facts = self._make_facts(())
        self.steps = Timeline(whole=True)
        self.steps.setAccessibleName("Étapes du parcours")
        self.steps.selectionModel().currentChanged.connect(self._moved)
        for widget in (self.threats, self.step, self.actions, self.in_her_name, self.done_on, self.follow, self.facts,
                       self.shields, self.path, self.steps):  # fmt: skip
            self.column.addWidget(widget)
        self.column.addStretch(1)

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        if sheet.state == dossiers.CLOSED:
            return None
        found = steps.of_dossier(sheet.id, today).warnings
        if not found:
            return None
        return Mark(len(found), f"{found[0].label} : {french_start(found[0].warning)}", "urgent", loud=True)

    def show_dossier(self, dossier: str) -> None:
        self._chosen = ""
        self.in_her_name.forget()
        super().show_dossier(dossier)

    def refresh(self) -> None:
        today, before = date.today(), self.chosen()
        self._sheet = dossiers.sheet(self.dossier)
        self.standing = steps.of_dossier(self.dossier, today)
        if before and before.pending and self.chosen() and not self.chosen().pending:
            self._chosen = ""  # taken meanwhile, here or by its letter: on to the next one
        self._show_alerts()
        path = self.standing.path
        self.path.setText(f"Parcours : {path.label}" if path else "Aucun parcours n’est écrit pour ce type de dossier.")
        self.steps.show_entries([path_words.entry(step, self.standing.next, today) for step in self.standing.steps])
        self._prepare_facts()
        closed = self._sheet.state == dossiers.CLOSED
        self.in_her_name.show_reason("" if closed else mandates.contact_blocked(self.dossier, today))
        self._select()
        self._offer()

    def clear(self) -> None:
        super().clear()
        self.standing = self._sheet = None
        self._chosen = ""
        for shown in (self.path, self.step):
            shown.setText("")
        self.steps.show_entries(())
        self.in_her_name.forget()
        self._show_alerts()

    def press(self, digit: int) -> bool:
        return self.in_her_name.press(digit) or super().press(digit)

    def chosen(self) -> standings.Planned | None:
        """The step the buttons speak of: the one picked in the list, else the next."""
        if self.standing is None:
            return None
        return next((step for step in self.standing.steps if step.code == self._chosen), self.standing.next)

    # what is shown

    def _show_alerts(self) -> None:
        """What threatens above the step to take; what protects below it."""
        alerts = self.standing.alerts if self.standing else ()
        self.threats.show_alerts(alert for alert in alerts if alert.tone != "protege")
        self.shields.show_alerts(alert for alert in alerts if alert.tone == "protege")

    def _select(self) -> None:
        """Keep the step picked; the list forgets it when it is filled again."""
        step = self.chosen()
        if step is None:
            return
        row = [each.code for each in self.standing.steps].index(step.code)
        model = self.steps.selectionModel()
        model.blockSignals(True)
        model.setCurrentIndex(self.steps.model().index(row), QItemSelectionModel.SelectionFlag.ClearAndSelect)
        model.blockSignals(False)

    def _moved(self, current, _previous) -> None:
        if self.standing and current.isValid():
            self._chosen = self.standing.steps[current.row()].code
            self._offer()
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """The page scrolls, not the list."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if area is not None:
            place = self.steps.visualRect(self.steps.currentIndex())
            middle = self.steps.viewport().mapTo(area.widget(), QPoint(0, place.center().y()))
            area.ensureVisible(0, middle.y(), 0, place.height())

    def _offer(self) -> None:
        """What can be done about the step the buttons speak of."""
        step = self.chosen()
        closed = self._sheet is None or self._sheet.state == dossiers.CLOSED
        if step is None:
            self.step.setText("Le chemin est fait." if self.standing and self.standing.path else "")
        else:
            self.step.setText(f"Étape : {step.label}")
        self.step.setVisible(bool(self.step.text()))
        may_be_written = step is not None and (step.pending or (step.optional and step.state == standings.SKIPPED))
        self.write.setVisible(bool(not closed and may_be_written and step.letter))
        self.mark_done.setVisible(bool(not closed and step))
        redo = step is not None and step.state == standings.DONE
        self.mark_done.rename("Remettre à faire" if redo else "Marquer fait")
        self.facts_button.setVisible(bool(not closed and self._facts_asked))
        self.other.setVisible(not closed)
        self.in_her_name.bar(self.write)

    # what is done

    def _write(self) -> None:
        step = self.chosen()
        self.wants_letter.emit(self.dossier, step.letter, step.code)

    def _mark(self) -> None:
        step = self.chosen()
        if step.state == standings.DONE:
            steps.mark_undone(self.dossier, step.code)
            self.acted.emit()
            return
        self._chosen = step.code
        self.ask(self.done_on, {"done_on": french.short_date(date.today())})

    def _done(self) -> None:
        day, problem = read_day(self.done_on.values()["done_on"], date.today())
        if problem:
            self.done_on.refuse({"done_on": problem})
            return
        steps.mark_done(self.dossier, self.chosen().code, day)
        self._chosen = ""
        self.recorded(self.done_on)

    def _ask_path(self) -> None:
        suggested = paths.suggest(self._sheet.partner, self._sheet.kind)
        known = {path.code: path.label for path in (*suggested, *paths.paths().values())}
        self.path_choice.offer(list(known.items()))
        self.ask(self.follow, {"path": self.standing.path.code if self.standing.path else ""})

    def _follow(self) -> None:
        steps.choose(self.dossier, self.path_choice.code())
        self._chosen = ""
        self.recorded(self.follow)

    # the facts the dates are counted from

    def _prepare_facts(self) -> None:
        """The questions this path needs, and no other."""
        path = self.standing.path
        wanted = path_words.facts(path, partners.partner(self._sheet.partner).sector, self._sheet) if path else ()
        if (path, wanted) != (self._facts_path, self._facts_asked):
            place = self.column.indexOf(self.facts)
            self.column.removeWidget(self.facts)
            self._asks.remove(self.facts)
            self.facts.hide()
            self.facts.deleteLater()
            self._facts_path, self._facts_asked = path, wanted
            self.facts = self._make_facts(wanted)
            self.column.insertWidget(place, self.facts)

    def _make_facts(self, wanted: tuple[str, ...]) -> Ask:
        made = Ask("situation", "Dates et situation", "Enregistrer", hint="Les délais se comptent à partir d’ici.")
        path = self.standing.path if self.standing else None
        for name in wanted:
            if name == "notified_on":
                made.form.add(name, path.clock, QLineEdit(placeholderText="12/11"))
            elif name == "notice":
                choices = [(notice.code, french_start(notice.label, upper=True)) for notice in path.notices]
                made.form.add(name, "Ce courrier est", Choice(choices, empty="Je ne sais pas"))
            elif name == "urgent_on":
                field = QLineEdit(placeholderText="30/11")
                made.form.add(name, "Coupure ou échéance annoncée le", field, help="Facultatif.")
            else:
                made.form.add(name, lists.label("protected", name), QCheckBox("Oui"))
        return self.question(made, self._keep_facts)

    def _ask_facts(self) -> None:
        sheet = self._sheet
        values: dict[str, object] = {fact: fact in sheet.protected for fact in self._facts_asked}
        values |= {
            "notice": sheet.notice,
            "notified_on": _shown(sheet.notified_on),
            "urgent_on": _shown(sheet.urgent_on),
        }
        self.ask(self.facts, {name: values[name] for name in self._facts_asked})

    def _keep_facts(self) -> None:
        typed, today, found = self.facts.values(), date.today(), {}
        draft = dossiers.draft_of(self.dossier)
        for name in ("notified_on", "urgent_on"):
            if name in typed:
                day = french.parse_date(typed[name], today) if typed[name] else None
                if typed[name] and day is None:
                    found[name] = f"Cette date n’existe pas. Exemple : {french.short_date(today)}."
                draft = replace(draft, **{name: day})
        if "urgent_on" in typed:
            draft = replace(draft, urgency="coupure" if draft.urgent_on else "normale")
        if "notice" in typed:
            draft = replace(draft, notice=typed["notice"])
        ticked = {name for name in typed if typed[name] is True}
        kept = [fact for fact in draft.protected if fact not in typed]
        draft = replace(draft, protected=(*kept, *(name for name in typed if name in ticked)))
        found = {name: said for name, said in dossiers.problems(draft, today).items() if name in typed} | found
        if found:
            self.facts.refuse(found)
            return
        dossiers.change(self.dossier, draft)
        self.recorded(self.facts)


def _shown(day: date | None) -> str:
    return french.short_date(day) if day else ""


def french_start(text: str, *, upper: bool = False) -> str:
    """The sentence after a colon, or at the head of a choice."""
    return (text[0].upper() if upper else text[0].lower()) + text[1:] if text else ""
