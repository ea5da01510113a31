"""The visit being taken: who, what, what was done, what comes next. Digits answer, letters name, Entrée records."""

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from db import lists, preferences, visits
from desktop import french
from desktop.intake import steps
from desktop.intake.person_field import PersonField
from desktop.intake.step_row import StepRow
from desktop.widgets import keys
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, restyle, row, scrolled, tag
from desktop.widgets.look import LOOK, px

MOMENTS = (("0", "Maintenant"), ("15", "Il y a 15 min"), ("30", "Il y a 30 min"), ("matin", "Ce matin, 10 h"))
_BESIDE, _GAP = 48, 12
"""What stands beside the details, margins and scroll bar, and between two of them."""


class VisitPanel(Panel):
    """Emits `recorded` with the visit's id, `acted` when a person was created, `wants` to send work elsewhere."""

    recorded = Signal(str)
    acted = Signal()
    began = Signal()
    wants = Signal(str, str)

    def __init__(self) -> None:
        super().__init__(margins=(14, 10, 14, 10), spacing=6)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Visite en cours")
        self.draft: visits.Draft | None = None
        self._n, self._live, self._profile_due = 0, "family", False
        self._first_key: datetime | None = None
        self._rows: dict[str, StepRow] = {}

        self.heading = label("", "section")
        self.state = tag("", "soft")
        self.clock = label("", "clock")
        self._hints = label("1…9 répondre   a…z nommer   − revenir   + autre demande", "hint")
        self.column.addLayout(row(self.heading, self.state, "|", self._hints, 12, self.clock))

        self.person = PersonField()
        self.person.chosen.connect(self._named)
        self.person.typed.connect(self._typing)
        self.person.left.connect(self.setFocus)
        self.person.acted.connect(self.acted)
        self.column.addWidget(self.person)

        self._demands = Flow()
        self.column.addLayout(self._demands)

        inside = QWidget()
        body = QVBoxLayout(inside)
        body.setContentsMargins(0, 2, 6, 2)
        body.setSpacing(7)
        self.when = self._late_chips()
        body.addWidget(self.when)
        all_steps = (steps.FAMILY, steps.PRECISION, steps.NATURE, steps.OUTCOME, steps.FOLLOW_UP, steps.REFERRED,
                     *steps.PROFILE)  # fmt: skip
        numbers = (1, 2, 3, 4, 5, 5, 6, 7, 8)
        for number, step in zip(numbers, all_steps, strict=True):
            made = StepRow(number, step.name, step.title)
            made.answered.connect(self.answer)
            made.reopened.connect(self._reopen)
            self._rows[step.name] = made
            body.addWidget(made)
        self.details = self._make_details()
        body.addWidget(self.details)
        body.addStretch(1)
        self._answers = scrolled(inside, "Réponses")
        # Always there: a bar that comes and goes changes how many chips fit on a line, and so on.
        self._answers.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.column.addWidget(self._answers, 1)

        self.note_button = KeyButton("Note", "F4", kind="quiet")
        self.note_button.clicked.connect(self.write_note)
        self.letter_button = KeyButton("Courrier", "F6", kind="quiet")
        self.letter_button.clicked.connect(self._to_letter)
        self.more_button = KeyButton("Demande", "+", kind="quiet", name="Autre demande")
        self.more_button.clicked.connect(self.add_demand)
        self.profile_button = KeyButton("Profil", "*", kind="quiet")
        self.profile_button.clicked.connect(self.ask_profile)
        self.save = KeyButton("Enregistrer", "Entrée", "check", kind="primary", name="Enregistrer la visite")
        self.save.clicked.connect(self.record)
        self._actions, self._body = QWidget(), body
        self._actions.setLayout(
            Flow(self.note_button, self.letter_button, self.more_button, self.profile_button, spacing=2)
        )
        self._foot = row(self._actions, self.save)
        self._foot.setStretch(0, 1)
        self.column.addLayout(self._foot)
        LOOK.changed.connect(self._fit)
        self.show_nothing()

    def _fit(self) -> None:
        """Too little height: the secondary actions join what scrolls."""
        if LOOK.short:
            self._body.addWidget(self._actions)
        else:
            self._foot.insertWidget(0, self._actions, 1)
        self._foot.setAlignment(self.save, Qt.AlignmentFlag.AlignRight)
        self._fit_width()

    def _fit_width(self) -> None:
        """As many fields a line as there is room for: nothing scrolls sideways."""
        self._hints.setVisible(not LOOK.narrow and self.width() >= px(640))
        widest = max(field.minimumSizeHint().width() for field in self.details.fields.values())
        self.details.set_columns(max(1, min(4, (self.width() - _BESIDE + _GAP) // (widest + _GAP))))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit_width()

    # what is shown

    def show_nothing(self) -> None:
        """Nobody at the desk: any digit or letter starts a visit."""
        self.draft = None
        self._n, self._live, self._profile_due, self._first_key = 0, "family", False, None
        self.heading.setText("Personne au guichet")
        self.state.hide()
        self.clock.setText("")
        self.person.show_person(None)
        self._show()

    def show_visit(self, draft: visits.Draft, *, profile_due: bool = False) -> None:
        """Take this visit, where its draft had stopped."""
        self.draft = draft
        self._n, self._profile_due, self._first_key = 0, profile_due or draft.profile is not None, None
        self._live = self._first_open()
        self.heading.setText(f"Visite n° {draft.number}" if draft.number else "Nouvelle visite")
        self.state.setText("correction" if draft.correcting else "saisie tardive")
        self.state.setVisible(draft.correcting or draft.late)
        self.person.show_person(draft.person, draft.person_text)
        self.tick(datetime.now().astimezone())
        self._show()
        self.setFocus()

    def _show(self) -> None:
        draft = self.draft or visits.Draft()
        plan = steps.plan(draft, self._n, with_profile=self._profile_due)
        planned = {step.name for step in plan}
        for name, made in self._rows.items():
            made.setVisible(name in planned)
        for step in plan:
            live = step.name == self._live
            self._rows[step.name].show_state(step.options(draft, self._n), step.read(draft, self._n), live=live)
        self.when.setVisible(draft.late)
        self._answers.ensureWidgetVisible(self._rows[self._live], 0, 8)
        self._show_demands(draft)
        self._show_details(draft)
        self.save.bar("" if self.draft else "Appelez quelqu’un ou tapez un chiffre")

    def _show_demands(self, draft: visits.Draft) -> None:
        while self._demands.count():
            item = self._demands.takeAt(0)
            if item.widget():
                item.widget().hide()
                item.widget().deleteLater()
        if len(draft.demands) < 2:
            return
        for n, demand in enumerate(draft.demands):
            text = lists.theme_label(demand.theme, demand.subtheme) if demand.theme else "Nouvelle demande"
            chip = Chip(f"{n + 1} · {text}")
            chip.setChecked(n == self._n)
            chip.setProperty("n", n)
            chip.clicked.connect(self._switch)
            self._demands.addWidget(chip)

    def _make_details(self) -> Form:
        form = Form(columns=4)
        form.add("subtheme", "Sous-thème", Choice())
        form.add("organism", "Organisme", Choice())
        form.add("minutes", "Durée", Choice([(str(m), f"{m} min") for m in lists.MINUTES], empty="Selon l’horloge"))
        form.add("autonomy", "Autonomie", Choice(_pairs("autonomy"), empty="—"))
        form.add("online", "Démarche", QCheckBox("En ligne"))
        note = QLineEdit(placeholderText="Note courte, 280 signes. La personne peut la lire.")
        form.add("note", "Note", note, columns=3)
        form.add("channel", "Canal", Choice(_pairs("channel")))
        form.add("referred_by", "Orienté par", Choice(_pairs("referred_by")))
        form.add("seen_before", "Déjà venu", Choice(list(steps.YES_NO)))
        form.changed.connect(self._details_changed)
        return form

    def _show_details(self, draft: visits.Draft) -> None:
        demand = draft.demands[self._n]
        fields = self.details.fields
        theme = lists.themes().get(demand.theme)
        fields["subtheme"].offer(list(theme.subthemes.items()) if theme else [], empty="—")
        fields["organism"].offer(_organisms(demand.family), empty="—")
        self.details.fill(
            {
                "subtheme": demand.subtheme, "organism": demand.organism, "minutes": str(demand.minutes or ""),
                "autonomy": demand.autonomy, "online": demand.online, "channel": draft.channel,
                "referred_by": draft.referred_by, "seen_before": draft.seen_before,
            }
        )  # fmt: skip
        if fields["note"].text() != demand.note:
            self.details.fill({"note": demand.note})
        self.details.setEnabled(self.draft is not None)

    def _late_chips(self) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label("Quand", "label"))
        for code, text in MOMENTS:
            chip = Chip(text)
            chip.setProperty("code", code)
            chip.clicked.connect(self._set_moment)
            line.addWidget(chip)
        return made

    # what is answered

    def answer(self, name: str, code: str) -> None:
        """Write an answer and move to the next question."""
        self._touch()
        step = next(s for s in steps.plan(self.draft, self._n, with_profile=self._profile_due) if s.name == name)
        self._rows[name].show_problem("")
        self._change(step.write(self.draft, self._n, code))
        self._live = self._after(name)
        self._show()
        self.setFocus()

    def add_demand(self) -> None:
        """One more thing asked by the same person."""
        if self.draft is None or not self.draft.demands[-1].complete:
            return
        self._change(replace(self.draft, demands=(*self.draft.demands, visits.Demand())))
        self._n, self._live = len(self.draft.demands) - 1, "family"
        self._show()
        self.setFocus()

    def ask_profile(self) -> None:
        if self.draft is None:
            return
        self._profile_due = not self._profile_due
        self._live = "gender" if self._profile_due else self._first_open()
        self._show()
        self.setFocus()

    def write_note(self) -> None:
        self._touch()
        self.details.fields["note"].setFocus()

    def record(self) -> None:
        """Record, or say beside the step what is missing."""
        if self.draft is None:
            return
        moment = datetime.now().astimezone()
        draft = self.draft
        if self._profile_due and draft.profile is None:
            draft = replace(draft, profile=visits.Profile())
        if self._first_key and not draft.correcting:
            draft = replace(draft, entry_seconds=int((moment - self._first_key).total_seconds()))
        found = visits.problems(draft, moment)
        for made in self._rows.values():
            made.show_problem(found.get(made.name, ""))
        self.details.show_problems({name: text for name, text in found.items() if name in self.details.fields})
        if found:
            self._n = next((n for n, d in enumerate(draft.demands) if not d.complete and d != visits.Demand()), self._n)
            plan = steps.plan(draft, self._n, with_profile=self._profile_due)
            self._live = next((s.name for s in plan if s.name in found), self._live)
            self._show()
            return
        self.setFocus()
        id = visits.record(draft, moment)
        after = draft.demands[-1].outcome
        self.show_nothing()
        self.recorded.emit(id)
        if after == "dossier":
            self.wants.emit("dossier", id)

    def name(self, person: str) -> None:
        """The visit is for this person."""
        self.person.show_person(person)
        self._named(person)
        self.setFocus()

    def like_before(self) -> None:
        """The same answers as the last visit."""
        source = visits.last_recorded()
        if source is None:
            return
        self._touch()
        self._change(replace(self.draft, demands=source.demands, channel=source.channel))
        self._live = self._first_open()
        self._show()
        self.setFocus()

    def tick(self, moment: datetime) -> None:
        started = self.draft and self.draft.started_at
        if not started or self.draft.correcting or self.draft.late:
            self.clock.setText("")
            return
        elapsed = moment - started
        self.clock.setText(french.clock(elapsed.total_seconds()))
        restyle(self.clock, "role", "late" if elapsed > visits.FORGOTTEN else "clock")

    # keys

    def keyPressEvent(self, event) -> None:
        digit = keys.digit(event)
        if digit is not None:
            self._touch()
            if digit == 0 and self._live in ("gender", "age", "status"):
                self._skip_profile()
            else:
                self._rows[self._live].press(digit)
        elif keys.is_enter(event):
            self.record()
        elif keys.is_more(event):
            self.add_demand()
        elif event.text() == "*":
            self.ask_profile()
        elif keys.is_back(event):
            self._back()
        elif letter := keys.letter(event):
            self._touch()
            self.person.start(letter)
        elif event.key() == Qt.Key.Key_Escape and self.draft and (self.draft.correcting or self.draft.late):
            self.show_nothing()  # the visit stays as it was; a late entry is resumed by Ctrl+N
        elif event.key() == Qt.Key.Key_Escape:
            self.person.stay_anonymous()
        else:
            super().keyPressEvent(event)

    # inside

    def _touch(self) -> None:
        """The first key starts the entry clock, and a visit when nobody was called."""
        if self.draft is None:
            self.began.emit()
        self._first_key = self._first_key or datetime.now().astimezone()

    def _change(self, draft: visits.Draft) -> None:
        self.draft = draft
        if not draft.correcting:
            visits.keep_draft(draft)

    def _steps(self) -> list[str]:
        return [s.name for s in steps.plan(self.draft or visits.Draft(), self._n, with_profile=self._profile_due)]

    def _first_open(self) -> str:
        draft = self.draft or visits.Draft()
        plan = steps.plan(draft, self._n, with_profile=self._profile_due)
        return next((s.name for s in plan if not s.read(draft, self._n)), plan[-1].name)

    def _after(self, name: str) -> str:
        draft, names = self.draft, self._steps()
        plan = {s.name: s for s in steps.plan(draft, self._n, with_profile=self._profile_due)}
        later = names[names.index(name) + 1 :]
        return next((s for s in later if not plan[s].read(draft, self._n)), later[-1] if later else name)

    def _back(self) -> None:
        names = self._steps()
        place = names.index(self._live) if self._live in names else 0
        if place == 0 and self._n > 0:
            self._n -= 1
            self._live = self._steps()[-1]
        else:
            self._live = names[max(0, place - 1)]
        self._show()

    def _skip_profile(self) -> None:
        self._change(replace(self.draft, profile=visits.Profile()))
        self.record()

    def _named(self, id: str) -> None:
        if self.draft is not None:
            self._change(replace(self.draft, person=id or None, person_text=""))
            self._show()

    def _typing(self, text: str) -> None:
        if self.draft is not None:
            self._change(replace(self.draft, person=None, person_text=text))

    def _details_changed(self) -> None:
        if self.draft is None:
            return
        values = self.details.values()
        demand = {k: values[k] for k in ("subtheme", "organism", "autonomy", "online", "note")}
        demand["minutes"] = int(values["minutes"]) if values["minutes"] else None
        draft = steps.with_demand(self.draft, self._n, **demand)
        self._change(replace(draft, **{k: values[k] for k in ("channel", "referred_by", "seen_before")}))

    def _set_moment(self) -> None:
        code = self.sender().property("code")
        current = datetime.now().astimezone()
        begin = (
            current.replace(hour=10, minute=0, second=0, microsecond=0)
            if code == "matin"
            else current - timedelta(minutes=int(code))
        )
        begin = min(begin, current)
        self._change(replace(self.draft, arrived_at=begin, started_at=begin,
                             ended_at=min(current, begin + timedelta(minutes=15))))  # fmt: skip
        for chip in self.when.findChildren(Chip):
            chip.setChecked(chip.property("code") == code)
        self.setFocus()

    def _reopen(self, name: str) -> None:
        self._live = name
        self._show()
        self.setFocus()

    def _switch(self) -> None:
        self._n = self.sender().property("n")
        self._live = self._first_open()
        self._show()
        self.setFocus()

    def _to_letter(self) -> None:
        self.wants.emit("letter", (self.draft and self.draft.visit) or "")


def _pairs(kind: str) -> list[tuple[str, str]]:
    return [(v.code, v.label) for v in lists.values(kind)]


def _organisms(family: int | None) -> list[tuple[str, str]]:
    """The family's own partners first."""
    partners = lists.values("partner")
    return [(p.code, p.label) for p in sorted(partners, key=lambda p: family not in p.extra.get("families", ()))]


def profile_is_due() -> bool:
    """By sampling: one visit in n asks the three questions, when the place chose so."""
    every = int(preferences.get("profile_every", 0))
    return every > 0 and visits.next_number(datetime.now().date()) % every == 0
