"""Papiers: what a heavy file asks for and where each document stands; the papers scanned, kept as they are."""

from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QProgressBar, QWidget

from db import attachments, checklists, dossiers, preferences
from desktop import french
from desktop.dossiers import papers_page
from desktop.dossiers.ask import Ask, AskingSection
from desktop.dossiers.money_section import ShortList
from desktop.dossiers.section import Mark
from desktop.widgets.buttons import Chip, KeyButton
from desktop.widgets.file_dialog import ask_file, ask_where
from desktop.widgets.flow import Flow
from desktop.widgets.form import Choice, label
from desktop.widgets.look import LOOK, px

ANSWERS = (checklists.MISSING, checklists.GIVEN, checklists.NOT_NEEDED)


class _Papers(ShortList):
    """As many documents as leave room for what is said of them; `entered` when the keyboard comes."""

    entered = Signal()

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.entered.emit()

    def fit(self) -> None:
        rows = min(max(len(self.cards()), 1), max(3, 8 * 100 // LOOK.scale - (LOOK.scale > 100)))
        self.setFixedHeight(rows * px(38) + px(8))


class PapersSection(AskingSection):
    title, icon = "Papiers", "list-checks"

    def __init__(self) -> None:
        super().__init__()
        self._sheet: dossiers.Sheet | None = None
        self._list, self._item, self._scan = "", "", ""
        self._lines: tuple[checklists.Line, ...] = ()
        self._file: Path | None = None
        self._dialog: QFileDialog | None = None
        self.start_button = self.button(1, "Commencer une liste", "list-checks", self._ask_start)
        self.print_button = self.button(2, "Imprimer la liste", "printer", self._print)
        self.add_button = self.button(3, "Ajouter une pièce", "scan-line", self.choose_file)
        self.back_button = self.button(4, "Date de retour", "calendar", self._ask_back)
        self.stop_button = self.button(5, "Retirer la liste", "x", self._stop, kind="quiet")
        self._make_asks()
        self._make_list()
        self._make_scans()
        self.nothing = label("Rien n’est noté. 1 commence une liste, 3 range une pièce.", "hint", wrap=True)
        for widget in (self.actions, self.refusal, *self._asks, self._which, self.progress, self.bar, self.papers,
                       self.detail, self._answers, self.papers_hint, self.notice, self.scans_title, self.scans, self.scans_hint,
                       self.nothing):  # fmt: skip
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def _make_asks(self) -> None:
        self.starting = self.question(Ask("liste", "Commencer une liste", "Commencer", columns=1), self._start)
        self.starting.form.add("checklist", "Liste", Choice())
        self.dating = self.question(
            Ask("date-papier", "Date du document", "Noter la date", hint="L’une ou l’autre. Échap : sans date."),
            self._keep_date,
        )
        self.dating.form.add("issued", "Daté du", QLineEdit(placeholderText="02/11/2026"))
        self.dating.form.add("until", "Ou valable jusqu’au", QLineEdit(placeholderText="02/02/2027"))
        self.back = self.question(
            Ask("retour", "Quand la personne revient-elle ?", "Noter la date", columns=1), self._keep_back
        )
        self.back.form.add("back_on", "Revient le", QLineEdit(), help="Jours fermés et fériés sautés.")
        self.adding = self.question(Ask("piece", "Ranger cette pièce", "Ranger"), self._keep_file)
        self.adding.form.add("title", "Titre", QLineEdit(placeholderText="Facture du 3 novembre"))
        kept = "Vide : avec le dossier, puis 30 jours."
        self.adding.form.add("keep_until", "Garder jusqu’au", QLineEdit(placeholderText="23/02/2027"), help=kept)
        self.keeping = self.question(
            Ask("garde", "Garder cette pièce jusqu’à quand ?", "Enregistrer", columns=1), self._keep_until
        )
        self.keeping.form.add("keep_until", "Garder jusqu’au", QLineEdit(placeholderText="23/02/2027"), help=kept)
        self.refusal = label("", "error", wrap=True)
        self.refusal.hide()

    def _make_list(self) -> None:
        self._which = QWidget()
        self._which_line = Flow(spacing=6)
        self._which.setLayout(self._which_line)
        self._chips: dict[str, Chip] = {}
        self.progress = label("", "strong", wrap=True)
        self.bar = QProgressBar(textVisible=False)
        self.bar.setAccessibleName("Papiers prêts")
        self.papers = _Papers("Papiers de la liste", "", Qt.Key.Key_Space, by_key=True)
        self.papers.chosen.connect(self._ask_date)
        self.papers.pressed_key.connect(self._cycle)
        self.papers.moved.connect(self._moved)
        self.papers.entered.connect(self._keep_in_sight)
        self.detail = label("", "hint", wrap=True)
        self.answers = {code: Chip(checklists.STATES[code]) for code in ANSWERS}
        for code, chip in self.answers.items():
            chip.setProperty("state", code)
            chip.clicked.connect(self._clicked)
        self.date_button = KeyButton("Date", "Entrée", "calendar", name="Date du document")
        self.date_button.clicked.connect(self._ask_date_here)
        self._answers = QWidget()
        self._answers.setLayout(Flow(*self.answers.values(), self.date_button))
        self.papers_hint = label("Espace : manque, fourni, sans objet. Entrée : la date.", "hint", wrap=True)
        self.notice = label("", "hint", wrap=True)

    def _make_scans(self) -> None:
        self.scans_title = label("Pièces rangées", "label")
        self.scans = ShortList("Pièces rangées", "", Qt.Key.Key_Space, Qt.Key.Key_Delete)
        self.scans.chosen.connect(self.choose_copy)
        self.scans.pressed_key.connect(self._scan_key)
        hint = "Entrée : enregistrer une copie, hors du coffre. Espace : durée de garde. Suppr : retirer."
        self.scans_hint = label(hint, "hint", wrap=True)

    @classmethod
    def mark(cls, sheet: dossiers.Sheet, today: date) -> Mark | None:
        if sheet.state == dossiers.CLOSED:
            return None
        found = checklists.progress(checklists.items(sheet.id), today)
        if found.complete:
            return None
        parts = [
            french.counted(found.missing, "papier manque", "papiers manquent") if found.missing else "",
            french.counted(found.stale, "papier périmé", "papiers périmés") if found.stale else "",
        ]
        words = ", ".join(filter(None, parts))
        return Mark(found.missing + found.stale, words, "urgent" if found.stale else "wait")

    def refresh(self) -> None:
        today = date.today()
        self._sheet = dossiers.sheet(self.dossier) if self.dossier else None
        begun = checklists.started(self.dossier) if self.dossier else ()
        if self._list not in begun:
            self._list = begun[0] if begun else ""
        self._lines = checklists.items(self.dossier, self._list) if self._list else ()
        self._show_lists(begun)
        self._show_progress(today)
        self.papers.show_cards(papers_page.cards(self._lines, today))
        scans = attachments.of_dossier(self.dossier) if self.dossier else ()
        self.scans.show_cards(papers_page.scans(scans))
        for shown in (self.papers, self.scans):
            if shown.current_id() is None:
                shown.select_first()
        for widget in (self.progress, self.bar, self.papers, self.detail, self._answers, self.papers_hint, self.notice,
                       self.stop_button):  # fmt: skip
            widget.setVisible(bool(self._list))
        for widget in (self.scans_title, self.scans, self.scans_hint):
            widget.setVisible(bool(scans))
        self.nothing.setVisible(not self._list and not scans)
        self.print_button.bar("" if self._list else "Commencez d’abord une liste.")
        closed = self._sheet is not None and self._sheet.state == dossiers.CLOSED
        self.back_button.bar("Rouvrez d’abord le dossier." if closed else "")
        self._moved(self.papers.current_id() or "")

    def show_dossier(self, dossier: str) -> None:
        if dossier != self.dossier:
            self._list, self._file = "", None
            self._refuse("")
        super().show_dossier(dossier)

    def clear(self) -> None:
        super().clear()
        self._list, self._item, self._scan, self._file = "", "", "", None
        if self._dialog is not None:
            self._dialog.close()
        self._refuse("")
        self.refresh()

    def enter(self) -> None:
        (self.papers if self._list else self.start_button).setFocus()

    # what is shown

    def _show_lists(self, begun: tuple[str, ...]) -> None:
        if tuple(self._chips) != begun:
            self._which_line.clear()
            self._chips = {code: Chip(checklists.checklist(code).label) for code in begun}
            for code, chip in self._chips.items():
                chip.setProperty("checklist", code)
                chip.clicked.connect(self._list_chosen)
                self._which_line.addWidget(chip)
        for code, chip in self._chips.items():
            chip.setChecked(code == self._list)
        self._which.setVisible(len(begun) > 1)

    def _show_progress(self, today: date) -> None:
        if not self._list:
            return
        found, known = checklists.progress(self._lines, today), checklists.checklist(self._list)
        words = "tout est là" if found.complete else checklists.progress_words(found)
        self.progress.setText(f"{known.label} : {words}")
        self.bar.setRange(0, max(1, found.total))
        self.bar.setValue(found.ready)
        self.bar.setAccessibleDescription(words)
        self.notice.setText(known.notice(today))

    def _moved(self, code: str) -> None:
        line = self._document(code)
        self.detail.setText(papers_page.detail(line) if line else "")
        for state, chip in self.answers.items():
            chip.setChecked(line is not None and line.state == state)
        if self.papers.hasFocus():
            self._keep_in_sight()

    def _keep_in_sight(self) -> None:
        """The list at its line, and all that is said of it."""
        self.papers.scrollTo(self.papers.currentIndex())
        self.asked.emit(self._answers)

    def _document(self, code: str) -> checklists.Line | None:
        return next((line for line in self._lines if line.item.code == code), None)

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))
        self.add_button.setAccessibleDescription(sentence or "Touche 3")

    def _list_chosen(self) -> None:
        self._list = self.sender().property("checklist")
        self.refresh()

    # the list

    def _ask_start(self) -> None:
        known = checklists.suggested(self._sheet.partner, self._sheet.kind)
        left = [one for one in known if one.code not in self._chips] or list(known)
        self.starting.form.fields["checklist"].offer([(one.code, one.label) for one in left])
        self.ask(self.starting, {"checklist": left[0].code})

    def _start(self) -> None:
        self._list = str(self.starting.values()["checklist"])
        checklists.start(self.dossier, self._list)
        self.recorded(self.starting)
        self.papers.select_first()
        self.papers.setFocus()

    def _stop(self) -> None:
        checklists.stop(self.dossier, self._list)
        self.acted.emit()

    def _cycle(self, code: str, _key: int) -> None:
        """Espace: the state that follows."""
        line = self._document(code)
        self._set(line, ANSWERS[(ANSWERS.index(line.state) + 1) % len(ANSWERS)])

    def _set(self, line: checklists.Line, state: str) -> None:
        """Where the document stands; one that ages, once given, asks its date."""
        checklists.set_item(self.dossier, self._list, line.item.code, state, line.valid_until)
        self.acted.emit()
        if state == checklists.GIVEN and line.item.months:
            self._ask_date(line.item.code)

    def _clicked(self) -> None:
        if line := self._document(self.papers.current_id() or ""):
            self._set(line, self.sender().property("state"))
        self._moved(self.papers.current_id() or "")

    def _ask_date_here(self) -> None:
        if self._document(self.papers.current_id() or ""):
            self._ask_date(self.papers.current_id())

    def _ask_date(self, code: str) -> None:
        line = self._document(code)
        self._item = code
        self.dating.name = f"date-papier:{self._list}:{code}"
        self.dating.heading.setText(f"Date : {line.item.label}")
        until = french.short_date(line.valid_until) if line.valid_until else ""
        self.ask(self.dating, {"issued": "", "until": until})
        if not line.item.months:
            self.dating.form.fields["until"].setFocus()

    def _keep_date(self) -> None:
        typed, today, line = self.dating.values(), date.today(), self._document(self._item)
        problems = {}
        issued, until = (french.parse_date(typed[name], today) for name in ("issued", "until"))
        for name, day in (("issued", issued), ("until", until)):
            if typed[name] and day is None:
                problems[name] = f"Cette date n’existe pas. Exemple : {french.short_date(today)}."
        if problem := checklists.issued_problem(issued, today):
            problems["issued"] = problem
        elif issued and not line.item.months:
            problems["issued"] = "Ce document ne vieillit pas. Donnez plutôt sa date de fin, si elle est écrite."
        if until and (problem := checklists.problem(checklists.GIVEN, until, today)):
            problems["until"] = problem
        self.dating.refuse(problems)
        if not problems:
            until = checklists.valid_until(line.item, issued) or until
            checklists.set_item(self.dossier, self._list, self._item, checklists.GIVEN, until)
            self.recorded(self.dating)
            self.papers.setFocus()

    def rest(self) -> None:
        here = next((ask for ask in self._asks if ask.isVisibleTo(self)), None)
        super().rest()
        if here is self.dating:
            self.papers.setFocus()
        elif here is self.keeping:
            self.scans.setFocus()

    def _print(self) -> None:
        self.wants_print.emit("papiers", self.dossier)

    def _ask_back(self) -> None:
        today = date.today()
        planned = self._sheet.next_on if self._sheet.next_on and self._sheet.next_on > today else None
        self.ask(self.back, {"back_on": french.short_date(planned or today + timedelta(days=7))})

    def _keep_back(self) -> None:
        today = date.today()
        day = french.parse_date(self.back.values()["back_on"], today)
        problem = ""
        if day is None:
            problem = f"Cette date n’existe pas. Exemple : {french.short_date(today + timedelta(days=7))}."
        elif day <= today:
            problem = f"Donnez un jour à venir. Exemple : {french.short_date(today + timedelta(days=7))}."
        elif (day - today).days > 730:
            problem = "Cette date est trop lointaine : vérifiez l’année."
        self.back.refuse({"back_on": problem} if problem else {})
        if not problem:
            day = preferences.next_open_day(day)
            reminded = dossiers.proposal(self._sheet, today, day).day
            dossiers.log(self.dossier, "note", papers_page.RETURNS.format(french.short_date(day)), reminded)
            self.recorded(self.back)

    # scanned papers

    def choose_file(self) -> None:
        """Ask which file, in the dialog of the system."""
        kinds = "Pièces numérisées (*.pdf *.jpg *.jpeg *.png)"
        self._follow(ask_file(self, "Choisir la pièce numérisée", kinds, self.take_file))

    def take_file(self, path: str) -> None:
        """Look at its name and size only; then ask for its title."""
        file, today = Path(path), date.today()
        try:
            size = file.stat().st_size
        except OSError:
            self._refuse("Ce fichier ne se lit pas. Choisissez-en un autre.")
            return
        title = attachments.title_of(file.name)
        problem = attachments.problems(title or "Pièce", file.name, size, today).get("file", "")
        self._refuse(problem)
        if problem:
            self.add_button.setFocus()
            return
        self._file = file
        self.adding.hint.setText(f"{file.name}, {attachments.megabytes(size)}")
        self.adding.hint.show()
        self.ask(self.adding, {"title": title, "keep_until": ""})

    def _keep_file(self) -> None:
        typed, today = self.adding.values(), date.today()
        until, problem = _read_keep(typed["keep_until"], today)
        size = self._file.stat().st_size if self._file.exists() else 0
        problems = attachments.problems(typed["title"], self._file.name, size, today, until)
        if problem:
            problems["keep_until"] = problem
        self.adding.refuse(problems)
        self._refuse(problems.get("file", ""))
        if problems:
            return
        try:
            attachments.add(self.dossier, typed["title"], self._file.name, self._file.read_bytes(), today, until)
        except attachments.Refused as reason:
            self._refuse(str(reason))
            return
        except OSError:
            self._refuse("Ce fichier ne se lit plus. Remettez la clé, puis recommencez.")
            return
        self.adding.hint.setText("")
        self._file = None
        self.recorded(self.adding)

    def choose_copy(self, id: str) -> None:
        """Ask where to save a copy of this paper."""
        line = self._kept_paper(id)
        if not line.kept:
            self.said.emit("Cette pièce a été effacée à sa date. Il n’en reste que le titre.")
            return
        self._scan = id
        self._follow(ask_where(self, "Enregistrer une copie", line.file_name, "", self.write_copy))

    def write_copy(self, path: str) -> None:
        """The very bytes that were kept."""
        content = attachments.content(self._scan)
        try:
            Path(path).write_bytes(content or b"")
        except OSError:
            self.said.emit("La copie ne s’écrit pas là. Choisissez un autre endroit.")
            return
        self.said.emit(f"Copie enregistrée : {Path(path).name}. Elle n’est plus dans le coffre.")

    def _kept_paper(self, id: str) -> attachments.Line:
        return next(line for line in attachments.of_dossier(self.dossier) if line.id == id)

    def _scan_key(self, id: str, key: int) -> None:
        if key == Qt.Key.Key_Space:
            self._ask_keep(id)
        else:
            attachments.remove(id)
            self.acted.emit()

    def _ask_keep(self, id: str) -> None:
        self._scan = id
        line = self._kept_paper(self._scan)
        self.keeping.name = f"garde:{self._scan}"
        self.keeping.heading.setText(f"Garder « {line.title} » jusqu’à quand ?")
        self.ask(self.keeping, {"keep_until": french.short_date(line.keep_until) if line.keep_until else ""})

    def _keep_until(self) -> None:
        today = date.today()
        until, problem = _read_keep(self.keeping.values()["keep_until"], today)
        line = self._kept_paper(self._scan)
        problem = problem or attachments.problems(line.title, line.file_name, 1, today, until).get("keep_until", "")
        self.keeping.refuse({"keep_until": problem} if problem else {})
        if not problem:
            attachments.keep_until(self._scan, until)
            self.recorded(self.keeping)
            self.scans.setFocus()

    def _follow(self, dialog: QFileDialog) -> None:
        dialog.finished.connect(self._closed)
        self._dialog = dialog

    def _closed(self, _result: int) -> None:
        self._dialog = None


def _read_keep(text: str, today: date) -> tuple[date | None, str]:
    """The day a paper is kept until, None for nothing typed; and the sentence when it is no day."""
    day = french.parse_date(text, today) if text else None
    wrong = f"Cette date n’existe pas. Exemple : {french.short_date(today + timedelta(days=90))}."
    return day, wrong if text and day is None else ""
