"""Fin de journée (F12): five checks, then the file on the stick, re-read before anybody is told to pull it out."""

from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from db import closing, digital_space, journal, lists, preferences, statistics, store, visits
from db.handover import export, stick
from desktop import french
from desktop.handover.check_row import CheckRow
from desktop.jobs import Done, Failed, Jobs
from desktop.widgets.buttons import KeyButton
from desktop.widgets.file_dialog import ask_file, ask_folder
from desktop.widgets.form import Choice, Panel, label, restyle, row, scrolled, tag
from desktop.widgets.panes import Pane, Panes
from desktop.widgets.pdf_view import paint_on
from desktop.widgets.room import Command, Room

OTHER = "autre"


class HandoverTab(Room):
    _progress = Signal(int, int)
    finished = Signal(str)

    title, key, icon, rail = "Fin de journée", "F12", "sun", "Fin de journée"

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self._jobs = jobs
        self._folder: Path | None = None
        self._written = ""
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        checks, figures = self._checks_panel(), self._figures_panel()
        line.addWidget(Panes(Pane("Contrôles", checks, stretch=5), Pane("Bilan du jour", figures, stretch=2)))
        self._progress.connect(self._show_progress)

    def _checks_panel(self) -> Panel:
        panel = Panel(margins=(18, 14, 18, 14))
        self.heading = label("", "section")
        self.step = tag("", "soft")
        panel.column.addLayout(row(self.heading, "|", self.step))
        self.end_sessions = KeyButton("Libérer les postes", name="Libérer les postes, déconnexion vérifiée")
        self.end_sessions.clicked.connect(self._end_sessions)
        self.empty_queue = KeyButton("Noter leur départ")
        self.empty_queue.clicked.connect(self._empty_queue)
        self.cash = QLineEdit(placeholderText="0,00")
        self.cash.setAccessibleName("Somme comptée dans la caisse, en euros")
        self.cash.setMaximumWidth(120)
        self.cash.textChanged.connect(self._cash_typed)
        self.sticks = Choice()
        self.sticks.setAccessibleName("Clé USB ou dossier")
        self.sticks.setMinimumContentsLength(18)
        self.sticks.currentIndexChanged.connect(self._chosen)
        self.pair = KeyButton("Fichier du coordinateur…", name="Importer le fichier du coordinateur")
        self.pair.clicked.connect(self._ask_pairing)
        self.rows = {
            "visits": CheckRow(1, "Visites"),
            "queue": CheckRow(2, "File d’attente", self.empty_queue),
            "stations": CheckRow(3, "Postes", self.end_sessions),
            "cash": CheckRow(4, "Caisse", self.cash),
            "copy": CheckRow(5, "Copie sur la clé USB", self.sticks, self.pair),
            "verified": CheckRow(6, "Vérification, puis retrait de la clé"),
        }
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 4, 8, 4)
        column.setSpacing(14)
        for made in self.rows.values():
            column.addWidget(made)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Avancement de la copie")
        self.bar.hide()
        column.addWidget(self.bar)
        column.addStretch(1)
        panel.add(scrolled(inside, "Contrôles de fin de journée"), stretch=1)
        self.later = KeyButton("Fermer sans clé", kind="quiet", name="Fermer la journée sans clé, copie locale gardée")
        self.later.clicked.connect(self.close_without_stick)
        self.close_day = KeyButton("Fermer la journée", "Entrée", "check", kind="primary")
        self.close_day.clicked.connect(self.run)
        panel.column.addLayout(row(self.later, "|", self.close_day))
        return panel

    def _figures_panel(self) -> Panel:
        panel = Panel()
        panel.add(label("Bilan du jour", "section"))
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 4, 8, 4)
        self._grid.setVerticalSpacing(9)
        self._grid.setColumnStretch(0, 1)
        panel.add(scrolled(inside, "Bilan du jour"), stretch=1)
        self.print_button = KeyButton("Imprimer le bilan", "Ctrl+P", "printer")
        self.print_button.clicked.connect(self.print)
        panel.add(self.print_button)
        return panel

    # what is shown

    def refresh(self) -> None:
        self.heading.setText(f"Fin de journée, {french.weekday_date(date.today())}")
        self._list_sticks()
        self._show_figures()
        self._check()

    def enter(self) -> None:
        """Never on a button that ends something for others: Entrée would press it."""
        (self.close_day if self.close_day.isEnabled() else self.cash).setFocus()

    def tick(self, moment: datetime) -> None:
        if moment.second % 3 == 0 and not self.bar.isVisible():
            self._list_sticks()

    def forget(self) -> None:
        self.cash.setText("")

    def figures(self) -> list[tuple[str, str]]:
        """The day in lines, for the screen and for the printed sheet."""
        day = statistics.of_day(date.today())
        per_visit = f"{day.demands_per_visit:.2f}".replace(".", ",")
        lines = [
            ("Visites", str(day.visits)),
            ("Demandes", str(day.demands)),
            ("Demandes par visite", per_visit),
            ("Attente médiane", "—" if day.median_wait is None else f"{day.median_wait} min"),
            ("Repartis sans attendre", str(day.left)),
        ]
        lines += [
            (f"Orientés : {lists.label('structure', code)}", str(n)) for code, n in sorted(day.redirected.items())
        ]
        lines += [
            ("Courriers", str(day.letters)),
            ("Dossiers ouverts", str(day.dossiers)),
            ("Séances sur un poste", str(day.sessions)),
            ("Pages imprimées et copiées", str(day.pages)),
        ]
        if day.entry_seconds is not None:
            lines.append(("Saisie d’une visite (médiane)", f"{day.entry_seconds} s"))
        return lines

    def _show_figures(self) -> None:
        while self._grid.count():
            widget = self._grid.takeAt(0).widget()
            widget.hide()
            widget.deleteLater()
        lines = self.figures()
        for place, (name, value) in enumerate(lines):
            self._grid.addWidget(label(name, "hint", wrap=True), place, 0)
            self._grid.addWidget(label(value, "strong"), place, 1, Qt.AlignmentFlag.AlignRight)
        self._grid.setRowStretch(len(lines), 1)

    def _check(self) -> None:
        open_now, waiting = len(visits.open_visits()), len(visits.queue())
        day = statistics.of_day(date.today())
        self._say("visits", not open_now,
                  f"{french.counted(day.visits, 'visite enregistrée', 'visites enregistrées')}, aucune en cours",
                  f"{french.counted(open_now, 'visite')} à enregistrer. F5 pour la finir.")  # fmt: skip
        self._say("queue", not waiting, "Personne n’attend", f"{french.counted(waiting, 'personne')} dans la file")
        self.empty_queue.setVisible(bool(waiting))
        running = closing.running_sessions()
        self._say("stations", not running, "Tous les postes sont libres", f"Encore ouverts : {', '.join(running)}")
        self.end_sessions.setVisible(bool(running))
        self._check_cash()
        if not self._written:
            self._check_stick()
        self._count_done()

    def _cash_typed(self) -> None:
        """A digit in the till asks nothing of the other checks."""
        self._check_cash()
        self._count_done()

    def _count_done(self) -> None:
        done = sum(made.state == "done" for made in self.rows.values())
        self.step.setText(f"{done} sur {len(self.rows)}")

    def _say(self, name: str, good: bool, done: str, mend: str) -> None:
        self.rows[name].show_state("done" if good else "mend", done if good else mend)

    def _check_cash(self) -> None:
        expected = digital_space.takings(date.today())
        typed = self.cash.text().strip()
        counted = french.parse_euros(typed) if typed else None
        wrong = bool(typed) and counted is None
        restyle(self.cash, "wrong", "true" if wrong else "false")
        if wrong:
            self.rows["cash"].show_state("mend", "Écrivez un montant. Exemple : 6,40.")
        elif counted is None:
            self._say(
                "cash", expected == 0, "Rien à encaisser aujourd’hui", f"{french.euros(expected)} attendus : comptez"
            )
        else:
            self._say("cash", counted == expected, f"{french.euros(counted)} comptés, {french.euros(expected)} attendus",
                      f"{french.euros(counted)} comptés, {french.euros(expected)} attendus")  # fmt: skip

    def _check_stick(self) -> None:
        paired = export.paired()
        self.pair.setVisible(paired is None and not preferences.get("demonstration"))
        self.sticks.setVisible(paired is not None)
        if preferences.get("demonstration"):
            self.rows["copy"].show_state("later", export.Obstacle.DEMONSTRATION.value)
        elif paired is None:
            self.rows["copy"].show_state("mend", export.Obstacle.UNPAIRED.value)
        elif self._folder:
            self.rows["copy"].show_state("later", f"Prêt à copier sur {self._folder}")
        else:
            self.rows["copy"].show_state("later", "Branchez la clé, ou choisissez un dossier.")
        self.rows["verified"].show_state("later", "Ne retirez pas encore la clé")
        self.close_day.bar("" if paired and self._folder else "Choisissez d’abord la clé")

    def _list_sticks(self) -> None:
        found = stick.removable()
        choices = [(str(s.path), f"{s.label} · {s.free // 1_000_000} Mo libres") for s in found]
        known = [code for code, _ in choices]
        if self._folder and str(self._folder) not in known:
            choices.append((str(self._folder), str(self._folder)))
        self.sticks.offer([*choices, (OTHER, "Autre dossier…")], empty="Choisir la clé")
        if self._folder is None and len(found) == 1:
            self._folder = found[0].path
        if self._folder:
            self.sticks.blockSignals(True)
            self.sticks.choose(str(self._folder))
            self.sticks.blockSignals(False)

    def _chosen(self, *_: object) -> None:
        code = self.sticks.code()
        if code == OTHER:
            ask_folder(self, "Choisir la clé ou un dossier", self.choose_folder)
        elif code:
            self.choose_folder(code)

    def choose_folder(self, path: str) -> None:
        self._folder, self._written = Path(path), ""
        self._list_sticks()
        self._check()

    # acts

    def _end_sessions(self) -> None:
        closing.finish_sessions()
        self.acted.emit()

    def _empty_queue(self) -> None:
        closing.leave_queue()
        self.acted.emit()

    def _ask_pairing(self) -> None:
        ask_file(self, "Fichier du coordinateur", "", self.pair_with)

    def pair_with(self, path: str) -> None:
        """Take the coordinator's file; the fingerprint is read aloud by phone."""
        from db.handover.refusal import Refused

        try:
            found = export.pair(Path(path).read_bytes())
        except (Refused, OSError) as error:
            sentence = str(error) if isinstance(error, Refused) else "Ce fichier ne se lit pas. Choisissez-en un autre."
            self.rows["copy"].show_state("wrong", sentence)
            return
        store.sign_in(store.mediator(), found.desk)
        self.said.emit(f"Poste appairé. Empreinte à lire au téléphone : {export.fingerprint()}")
        self.refresh()

    def run(self) -> None:
        """Close the day, copy it on the stick, re-read it, and only then say that the stick may go."""
        if self._folder is None:
            return
        try:
            closing.close_day(date.today())
            bundle = export.build(datetime.now().astimezone())
        except (export.CannotSend, store.StoreError) as error:
            self.rows["copy"].show_state("wrong", str(error))
            return
        self.rows["copy"].show_state("later", "Copie en cours. Ne retirez pas la clé.")
        self.close_day.setEnabled(False)
        self.bar.setRange(0, max(1, len(bundle.content)))
        self.bar.setValue(0)
        self.bar.show()
        self._jobs.run(partial(stick.write_to, self._folder, bundle, self._progress.emit), self._copied)

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setValue(done)

    def _copied(self, outcome: Done | Failed) -> None:
        self.bar.hide()
        if isinstance(outcome, Failed):
            sentence = str(outcome.error) if isinstance(outcome.error, stick.NotWritten) else stick.Fault.GONE.value
            self.rows["copy"].show_state("wrong", sentence)
            self.close_day.setEnabled(True)
            return
        written = outcome.value
        self._written = written.path.name
        with store.act(""):
            journal.write("journee.envoyee")
        self.rows["copy"].show_state("done", f"{written.path.name}, {max(1, written.size // 1000)} ko")
        self.rows["verified"].show_state("done", "Relue octet par octet. Vous pouvez retirer la clé.")
        self._count_done()
        self.said.emit("Journée fermée. Vous pouvez retirer la clé.")
        self.finished.emit(str(written.path))

    def close_without_stick(self) -> None:
        """The verified local copy is made all the same; the stick will take everything tomorrow."""
        path = closing.close_day(date.today())
        self.said.emit(f"Journée fermée, copie gardée sur ce poste ({path.name}).")
        self.finished.emit("")

    def print(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        self._printer.setFullPage(True)
        self._dialog = QPrintDialog(self._printer, self)
        self._dialog.accepted.connect(self._paint)
        QDialog.open(self._dialog)  # QPrintDialog hides this one behind open(receiver, member)

    def _paint(self) -> None:
        paint_on(self._printer, self.sheet())

    def sheet(self) -> bytes:
        """The day on one page, with the journal's anchor at its foot."""
        from desktop.documents.sheets import day_sheet

        title = f"Bilan du {french.weekday_date(date.today())}"
        foot = f"{preferences.place().name} · poste {store.desk()} · sceau du journal {journal.head()[:24]}"
        return day_sheet(title, self.figures(), foot)

    def commands(self) -> tuple[Command, ...]:
        return (Command("Imprimer le bilan du jour", self.print, "", "printer"),)

    def keyPressEvent(self, event) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.close_day.isEnabled():
            self.run()
        else:
            super().keyPressEvent(event)
