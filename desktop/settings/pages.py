"""What a place says of itself, page by page; the assistant asks it once, the settings change it."""

import re
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from db import keys, letters, lists, preferences
from db.ids import uuid7
from desktop import french
from desktop.settings.layouts import Beside, FormsBeside
from desktop.widgets.buttons import KeyButton
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, Form, Panel, label, restyle, row
from desktop.widgets.look import LOOK, px

ROLES = [("mediateur", "Médiateur"), (keys.RESPONSABLE, "Responsable")]
STATIONS = range(0, 41)
KEPT_DAYS = range(0, 366)
PROFILE_EVERY = range(0, 101)
_DESK = re.compile("[A-Z0-9]{2}", re.ASCII)


class PlacePage(QWidget):
    """Where we are and when we are open."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.place, self.hours = Form(columns=1), Form(columns=2)
        self.place.add("name", "Nom du lieu", QLineEdit(), help="En tête des courriers et des fiches.")
        self.place.add("town", "Commune", QLineEdit())
        self.place.add("address", "Adresse", QLineEdit(), help="Facultative. Elle figure sur les courriers.")
        self.place.add("desk", "Code de ce poste", QLineEdit(), help="Deux signes, en tête des numéros : A1, B2.")
        for number, day in enumerate(french.DAYS):
            field = QLineEdit(placeholderText="Fermé")
            self.hours.add(f"day{number}", day.capitalize(), field)
        self._resize()
        LOOK.changed.connect(self._resize)
        left, right = Panel(), Panel()
        left.add(label("Le lieu", "section"), self.place)
        right.add(
            label("Horaires d’ouverture", "section"),
            label("Écrivez 9:00-12:00, 13:30-17:30. Laissez vide un jour fermé.", "hint", wrap=True),
            self.hours,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Beside(left, right, stretches=(2, 3)))
        column.addStretch(1)
        for form in (self.place, self.hours):
            form.changed.connect(self._check)

    def _resize(self) -> None:
        for name, field in (*self.place.fields.items(), *self.hours.fields.items()):
            field.setMinimumWidth(px(186 if name.startswith("day") else 240))

    def fill(self, place: preferences.Place, hours: dict[str, list[list[str]]]) -> None:
        self.place.fill({"name": place.name, "town": place.town, "address": place.address, "desk": place.desk})
        self.hours.fill({f"day{day}": hours_text(hours.get(str(day), [])) for day in range(7)})
        self.show_problems({})

    def place_typed(self) -> preferences.Place:
        typed = {name: " ".join(str(value).split()) for name, value in self.place.values().items()}
        return preferences.Place(typed["name"], typed["address"], typed["town"], typed["desk"].upper())

    def hours_typed(self) -> dict[str, list[list[str]]]:
        """Weekday → ranges, for the days that open; only once there is no problem."""
        typed = {name[3:]: preferences.parse_hours(str(text)) for name, text in self.hours.values().items()}
        return {day: ranges for day, ranges in typed.items() if ranges}

    def problems(self) -> dict[str, str]:
        place = self.place_typed()
        found: dict[str, str] = {}
        if not place.name:
            found["name"] = "Donnez un nom à ce lieu."
        if not place.town:
            found["town"] = "Donnez la commune : elle date les courriers."
        if not _DESK.fullmatch(place.desk):
            found["desk"] = "Écrivez deux signes : A1, B2."
        found |= self._hours_problems()
        if not any(str(text).strip() for text in self.hours.values().values()):
            found["day0"] = "Ouvrez au moins un jour."
        return found

    def _hours_problems(self) -> dict[str, str]:
        typed = self.hours.values().items()
        return {name: problem for name, text in typed if (problem := preferences.hours_problem(str(text)))}

    def show_problems(self, problems: dict[str, str], *, focus: bool = False) -> None:
        self.hours.show_problems(problems, focus=focus)
        self.place.show_problems(problems, focus=focus)

    def _check(self) -> None:
        """While typing: hours are checked at once, an error already shown goes as soon as it is mended."""
        problems = self.problems()
        shown = {name for form in (self.place, self.hours) for name in form.fields if form.error(name)}
        live = self._hours_problems()
        self.show_problems({name: text for name, text in problems.items() if name in shown or name in live})
        self.changed.emit()


def hours_text(ranges: list[list[str]]) -> str:
    """[["09:00", "12:00"]] → « 9:00-12:00 »."""
    return ", ".join("-".join(end.removeprefix("0") for end in pair) for pair in ranges)


@dataclass(frozen=True)
class Newcomer:
    """Somebody of the team, and the passphrase that is kept nowhere."""

    id: str
    name: str
    role: str
    may_sign_mandate: bool
    passphrase: str

    @property
    def slot(self) -> keys.Slot:
        return keys.Slot(self.id, self.name, self.role)


class MemberForm(Panel):
    """One member of the team: name, a passphrase suggested once to be written down, the right to sign a mandate."""

    removed = Signal()

    def __init__(self, title: str, role: str = "", *, removable: bool = False) -> None:
        super().__init__(spacing=6)
        self.id, self._role = uuid7(), role
        who, secret = Form(columns=1), Form(columns=1)
        who.add("name", "Prénom et nom", QLineEdit())
        if not role:
            who.add("role", "Rôle", Choice(ROLES))
        secret.add("passphrase", "Phrase de passe", QLineEdit(), help="Notez-la : elle ne s’affichera plus.")
        self.form = FormsBeside(who, secret)
        self.signs = QCheckBox("Peut signer un mandat (jamais en service civique)")
        self.signs.setAccessibleName(self.signs.text())
        self.signs.setChecked(True)
        self.another = KeyButton("Autre phrase", icon="redo-2", kind="quiet", name="Proposer une autre phrase")
        self.another.clicked.connect(self.suggest)
        self.remove = KeyButton("Retirer", icon="x", kind="quiet", name=f"Retirer {title.lower()}")
        self.remove.clicked.connect(self.removed)
        self.remove.setVisible(removable)
        self.add(label(title, "section"), self.form)
        self.column.addLayout(Flow(self.signs, self.another, self.remove, spacing=12))
        self.form.changed.connect(self._typed)
        self._resize()
        LOOK.changed.connect(self._resize)
        self.suggest()

    def _resize(self) -> None:
        """A phrase shown once is shown whole."""
        self.form.fields["name"].setMinimumWidth(px(200))
        self.form.fields["passphrase"].setMinimumWidth(px(352))

    def suggest(self) -> None:
        self.form.fields["passphrase"].setText(keys.suggest())
        self.form.fields["passphrase"].setCursorPosition(0)

    def draft(self) -> Newcomer:
        typed = self.form.values()
        role = self._role or str(typed["role"])
        name = " ".join(str(typed["name"]).split())
        return Newcomer(self.id, name, role, self.signs.isChecked(), str(typed["passphrase"]))

    def problems(self) -> dict[str, str]:
        draft = self.draft()
        found: dict[str, str] = {}
        if not draft.name:
            found["name"] = "Écrivez un prénom et un nom."
        if problem := keys.passphrase_problem(draft.passphrase):
            found["passphrase"] = problem
        return found

    def reset(self) -> None:
        """Somebody else: another record, nothing of the former one."""
        self.id = uuid7()
        self.form.fields["name"].setText("")
        self.signs.setChecked(True)
        self.suggest()
        self.form.show_problems({})

    def _typed(self) -> None:
        problems = self.problems()
        self.form.show_problems({name: text for name, text in problems.items() if self.form.error(name)})


class TeamPage(QWidget):
    """The responsable and at least one more: two slots, always."""

    def __init__(self) -> None:
        super().__init__()
        self.members: list[MemberForm] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.more = KeyButton("Ajouter une personne", icon="user-plus")
        self.more.clicked.connect(self._grow)
        self._column.addLayout(Flow(self.more))
        self._column.addStretch(1)
        self._insert(MemberForm("Responsable", keys.RESPONSABLE))
        self._insert(MemberForm("Médiateur", "mediateur"))

    def _grow(self) -> None:
        made = MemberForm("Autre médiateur", "mediateur", removable=True)
        made.removed.connect(self._removed)
        self._insert(made)
        made.form.fields["name"].setFocus()

    def _insert(self, made: MemberForm) -> None:
        self._column.insertWidget(len(self.members), made)
        self.members.append(made)
        before = self.members[-2].remove if len(self.members) > 1 else None
        if before is not None:
            QWidget.setTabOrder(before, made.form.fields["name"])
        for first, second in zip(_stops(made), _stops(made)[1:], strict=False):
            QWidget.setTabOrder(first, second)
        QWidget.setTabOrder(made.remove, self.more)

    def _removed(self) -> None:
        gone = self.sender()
        self.members.remove(gone)
        gone.hide()
        gone.deleteLater()
        self.more.setFocus()

    def team(self) -> tuple[Newcomer, ...]:
        return tuple(member.draft() for member in self.members)

    def show_problems(self, *, focus: bool = False) -> bool:
        """Say what is wrong beside each field; True when all is well."""
        names: list[str] = []
        phrases: list[str] = []
        right = True
        for member in self.members:
            draft, problems = member.draft(), member.problems()
            if draft.name and french.fold(draft.name) in names:
                problems["name"] = "Distinguez ce nom : il est déjà pris."
            if french.fold(draft.passphrase) in phrases:
                problems.setdefault("passphrase", "Donnez à chacun sa propre phrase.")
            names.append(french.fold(draft.name))
            phrases.append(french.fold(draft.passphrase))
            member.form.show_problems(problems, focus=focus and right)
            right = right and not problems
        return right

    def forget(self) -> None:
        for member in self.members:
            member.form.fields["passphrase"].setText("")


def _stops(member: MemberForm) -> list[QWidget]:
    return [*member.form.fields.values(), member.signs, member.another, member.remove]


@dataclass(frozen=True)
class Around:
    structures: tuple[tuple[str, str], ...]  # code, label
    partners: frozenset[str]  # codes kept


class AroundPage(QWidget):
    """Who shares the entrance, and the partners one will deal with."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[_Line] = []
        left, right = Panel(), Panel()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self.more = KeyButton("Ajouter une structure", icon="plus")
        self.more.clicked.connect(self._grow)
        left.add(label("À la même entrée", "section"))
        left.add(label("On y oriente une personne d’un chiffre.", "hint", wrap=True))
        left.column.addLayout(self._lines)
        left.column.addLayout(Flow(self.more))
        left.column.addStretch(1)
        right.add(label("Partenaires à garder", "section"))
        right.add(label("Décochez ceux que vous ne voyez jamais.", "hint", wrap=True))
        self.ticks = {value.code: QCheckBox(value.label) for value in lists.values("partner")}
        for tick in self.ticks.values():
            tick.setAccessibleName(tick.text())
            tick.setChecked(True)
        right.column.addLayout(Flow(*self.ticks.values(), spacing=8))
        right.column.addStretch(1)
        for value in lists.values("structure"):
            self._insert(_Line(value.code, value.label))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(Beside(left, right, stretches=(2, 3)))
        column.addStretch(1)
        self._resize()
        LOOK.changed.connect(self._resize)

    def _resize(self) -> None:
        for tick in self.ticks.values():
            tick.setFixedWidth(max(px(258), tick.sizeHint().width()))

    def _insert(self, line: "_Line") -> None:
        self._lines.addWidget(line)
        self.lines.append(line)
        line.removed.connect(self._removed)
        QWidget.setTabOrder(line.remove, self.more)

    def _grow(self) -> None:
        self._insert(_Line("", ""))
        self.lines[-1].field.setFocus()

    def _removed(self) -> None:
        gone = self.sender()
        self.lines.remove(gone)
        gone.hide()
        gone.deleteLater()
        self.more.setFocus()

    def first(self) -> QWidget:
        """Where the keyboard begins."""
        return self.lines[0].field if self.lines else self.more

    def around(self) -> Around:
        typed = [(line.code, " ".join(line.field.text().split())) for line in self.lines]
        taken = {code for code, _ in typed if code}
        structures: list[tuple[str, str]] = []
        for code, text in typed:
            if text:
                code = code or new_code(text, taken)
                taken.add(code)
                structures.append((code, text))
        return Around(tuple(structures), frozenset(code for code, tick in self.ticks.items() if tick.isChecked()))

    def show_problems(self, *, focus: bool = False) -> bool:
        seen: set[str] = set()
        right = True
        for line in self.lines:
            folded = french.fold(line.field.text())
            line.show_problem("Retirez cette ligne : elle existe déjà." if folded and folded in seen else "")
            if folded in seen and folded and right and focus:
                line.field.setFocus()
            right = right and not (folded and folded in seen)
            seen.add(folded)
        return right


class _Line(QWidget):
    """One structure: its name and the way to take it off."""

    removed = Signal()

    def __init__(self, code: str, text: str) -> None:
        super().__init__()
        self.code = code
        self.field = QLineEdit(text, placeholderText="Nom de la structure")
        self.field.setAccessibleName("Structure à la même entrée")
        self.remove = KeyButton("", icon="x", kind="quiet", name=f"Retirer {text or 'cette structure'}")
        self.remove.clicked.connect(self.removed)
        self.note = label("", "error", wrap=True)
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        line = row(self.field, self.remove, spacing=4)
        line.setStretch(0, 1)
        column.addLayout(line)
        column.addWidget(self.note)

    def show_problem(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))
        self.field.setAccessibleDescription(sentence)
        restyle(self.field, "wrong", "true" if sentence else "false")


def new_code(text: str, taken: set[str]) -> str:
    """A code for a label of the place: « Maison du Rhône » → « maison_du_rhone »; unique among `taken`."""
    code = first = french.fold(text).replace(" ", "_")[:40] or "valeur"
    number = 2
    while code in taken:
        code, number = f"{first}_{number}", number + 1
    return code


class HabitsForm(Form):
    """Figures the place settles once; with `stations`, also how many posts there are to begin with."""

    def __init__(self, *, stations: bool = False) -> None:
        super().__init__(columns=1)
        self._bounds = {"letters_kept_days": KEPT_DAYS, "profile_every": PROFILE_EVERY}
        if stations:
            self.add(
                "stations", "Postes de l’espace numérique", QLineEdit(), help="Un poste s’ajoute plus tard en un clic."
            )
            self._bounds = {"stations": STATIONS, **self._bounds}
        self.add("letters_kept_days", "Garder le PDF des courriers, en jours", QLineEdit(),
                 help="Le registre reste ensuite. 0 : ne garder aucun PDF.")  # fmt: skip
        self.add("profile_every", "Demander le profil toutes les … visites", QLineEdit(),
                 help="Âge, statut, quartier : pour les statistiques. 0 : jamais.")  # fmt: skip
        self.fill({"stations": "6", "letters_kept_days": str(letters.KEPT_DAYS), "profile_every": "0"})
        self.changed.connect(self._check)
        self._resize()
        LOOK.changed.connect(self._resize)

    def _resize(self) -> None:
        self.setFixedWidth(px(356))

    def problems(self) -> dict[str, str]:
        return {
            name: f"Écrivez un nombre de {bounds[0]} à {bounds[-1]}."
            for name, bounds in self._bounds.items()
            if self._number(name) not in bounds
        }

    def numbers(self) -> dict[str, int]:
        """The figures typed; only once there is no problem."""
        return {name: self._number(name) for name in self._bounds}

    def _number(self, name: str) -> int:
        text = str(self.values()[name]).strip()
        return int(text) if text.isdecimal() and len(text) < 5 else -1

    def _check(self) -> None:
        self.show_problems(self.problems())
