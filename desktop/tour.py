"""`guichet tour DIR`: a whole desk day played through the real window by keys and clicks.

The newcomer's demonstration, the end-to-end test and the source of README's screenshot at once: numbered pictures of
every tab, the PDFs made, the handover file, and what the coordinator's side reads back. One line a step; the exit
code is 1 when a step fails.
"""

import contextlib
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

SIZE = (1366, 689)
SECRET = "coordination-essai-tournesol-lanterne"
PATIENCE = 30_000  # milliseconds a background job may take on a slow machine


def main(arguments: list[str]) -> int:
    """Play the day in the folder given, or in a new temporary one."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import qInstallMessageHandler

    qInstallMessageHandler(_qt_says)
    folder = Path(arguments[0]) if arguments else Path(tempfile.mkdtemp(prefix="guichet-tour-"))
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="guichet-lieu-") as hidden:
        failed = Tour(folder.resolve(), Path(hidden)).play()
    _say(f"{'Un pas a échoué' if failed else 'La journée est jouée'} : {folder.resolve()}")
    return 1 if failed else 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _qt_says(kind, context, text: str) -> None:
    """The offscreen platform says at each window what it cannot do."""
    if "does not support" not in text:
        sys.stderr.write(text + "\n")


def expect(truth: object, sentence: str) -> None:
    if not truth:
        raise AssertionError(sentence)


class Tour:
    """The hands and eyes of a mediator, and of the coordinator in the evening."""

    def __init__(self, out: Path, hidden: Path) -> None:
        from desktop import app

        self.app = app.application()
        self.out, self.hidden = out, hidden
        for old in out.glob("[0-9][0-9]-*.png"):
            old.unlink()
        self.stick = hidden / "cle"
        self.stick.mkdir()
        (hidden / "secret").write_text(SECRET, encoding="utf-8")
        self.guichet = app.Guichet(hidden / "lieu")
        self.window = self.guichet.window
        self.window.resize(*SIZE)
        self.window.show()
        self.window.activateWindow()
        self.guichet.start()
        self._pictures = 0
        self.passphrase = ""

    def play(self) -> bool:
        """Every step in its order; the first that fails stops the day."""
        failed = False
        for number, step in enumerate(self.steps(), 1):
            title = (step.__doc__ or step.__name__).strip().rstrip(".")
            try:
                found = step()
            except Exception as error:
                failed = True
                _say(f"{number:02} ÉCHEC {title} : {error}")
                self.picture("echec")
                traceback.print_exc()
                break
            _say(f"{number:02} bon   {title}{f' : {found}' if found else ''}")
        self.guichet.stop()
        self.window.close()
        return failed

    def steps(self) -> tuple[Callable[[], str | None], ...]:
        return (
            self.coordinator_prepares, self.first_run, self.entrance, self.six_keys, self.three_demands,
            self.known_person, self.dossier, self.undo, self.letter, self.attestation, self.digital_space, self.palette,
            self.looks, self.veil, self.journal, self.settings, self.end_of_day, self.coordinator_imports,
        )  # fmt: skip

    # hands and eyes

    def settle(self) -> None:
        for _ in range(3):
            self.app.processEvents()

    def press(self, key: str) -> None:
        """« F2 », « Ctrl+Z », « Return »: where the focus is."""
        from PySide6.QtGui import QKeySequence
        from PySide6.QtTest import QTest

        combination = QKeySequence.fromString(key)[0]
        target = self.app.focusWidget() or self.window
        QTest.keyClick(target, combination.key(), combination.keyboardModifiers())
        self.settle()

    def type(self, text: str) -> None:
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent

        for sign in text:
            target = self.app.focusWidget() or self.window
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                code = ord(sign.upper()) if sign.isascii() else 0
                self.app.sendEvent(target, QKeyEvent(kind, code, Qt.KeyboardModifier.NoModifier, sign))
            self.settle()

    def click(self, widget) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        expect(widget.isVisible() and widget.isEnabled(), f"« {widget.accessibleName()} » ne se clique pas")
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
        self.settle()

    def into(self, widget, text: str) -> None:
        """Click a field, replace what it holds."""
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        widget.setFocus(Qt.FocusReason.MouseFocusReason)
        self.settle()
        QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.type(text)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Let the window live until it is so."""
        from PySide6.QtCore import QDeadlineTimer, QEventLoop, QTimer

        deadline = QDeadlineTimer(PATIENCE)
        waking = QTimer(interval=20)
        waking.start()
        while not condition():
            expect(not deadline.hasExpired(), f"trop long : {what}")
            self.app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        waking.stop()

    def picture(self, name: str) -> None:
        self.settle()
        self._pictures += 1
        self.window.grab().save(str(self.out / f"{self._pictures:02}-{name}.png"))

    def field(self, name: str):
        """The visible field of this accessible name."""
        from PySide6.QtWidgets import QWidget

        found = [w for w in self.window.findChildren(QWidget) if w.accessibleName() == name and w.isVisible()]
        expect(found, f"le champ « {name} » manque")
        return found[0]

    def answer_file(self, path: Path) -> None:
        """Type a path in the file dialog that is open."""
        from PySide6.QtWidgets import QDialogButtonBox, QFileDialog, QLineEdit

        dialog = next(d for d in self.window.findChildren(QFileDialog) if d.isVisible())
        line = dialog.findChild(QLineEdit)
        line.setFocus()
        line.selectAll()
        self.type(str(path))
        box = dialog.findChild(QDialogButtonBox)
        buttons = [b for b in box.buttons() if box.buttonRole(b) == QDialogButtonBox.ButtonRole.AcceptRole]
        self.click(buttons[0])
        self.until(lambda: not any(d.isVisible() for d in self.window.findChildren(QFileDialog)), "le choix du fichier")
        self.window.activateWindow()
        self.until(lambda: self.app.activeWindow() is self.window and self.app.focusWidget(), "le retour au poste")

    @property
    def desk(self):
        return self.guichet.desk

    def consolidate(self, *words: object) -> tuple[int, str]:
        from desktop import consolidate

        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            code = consolidate.main([*map(str, words), "--passphrase-file", str(self.hidden / "secret")])
        return code, said.getvalue()

    # the day

    def coordinator_prepares(self) -> str:
        """Le coordinateur crée ses clés et le fichier du poste A1"""
        office = self.hidden / "coordinateur"
        code, said = self.consolidate("create", office, "--organisation", "PIMMS d’essai")
        expect(code == 0, said)
        code, said = self.consolidate("pair", office, "--desk", "A1", "-o", self.hidden / "appairage.gct")
        expect(code == 0, said)
        return "deux fichiers"

    def first_run(self) -> str:
        """Premier démarrage : cinq écrans"""
        assistant = self.guichet._assistant
        self.picture("premier-demarrage-lieu")
        self.press("Return")
        self.into(assistant.team.members[0].form.fields["name"], "Nadia Réverbère")
        self.passphrase = assistant.team.members[0].form.fields["passphrase"].text()
        self.into(assistant.team.members[1].form.fields["name"], "Karim Belvédère")
        self.picture("premier-demarrage-equipe")
        self.click(assistant.next)
        self.click(assistant.next)
        self.picture("premier-demarrage-habitudes")
        self.click(assistant.next)
        self.until(lambda: assistant.step() == 4, "les clés")
        self.picture("premier-demarrage-fiche")
        self.click(assistant.sheet.save_button)
        sheet = self.out / "fiche-de-secours-essai.pdf"
        sheet.unlink(missing_ok=True)
        self.answer_file(sheet)
        self.click(assistant.sheet.by_hand)
        self.into(assistant.sheet.group, assistant.sheet.shown_code.text().split("-")[-1].strip())
        self.click(assistant.next)
        self.until(lambda: self.desk is not None and self.desk.isVisible(), "l’ouverture du poste")
        from db import preferences

        preferences.put("idle_seconds", 0)
        self.picture("accueil")
        return f"phrase de {len(self.passphrase.split())} mots"

    def entrance(self) -> str:
        """Entrée partagée : six arrivées, au clavier"""
        from db import visits

        for keys in (("0", "1"), ("0", "1"), ("0", "2"), ("6", "Return"), ("2", "Return"), ("7", "Return")):
            self.press("F3")
            for key in keys:
                self.press(key)
        expect([t.number for t in visits.queue()] == [4, 5, 6], "la file n’est pas dans l’ordre d’arrivée")
        self.press("Shift+F2")
        self.press("End")
        self.press("Del")
        expect([t.number for t in visits.queue()] == [4, 5], "le départ n’est pas noté")
        self.picture("file-d-attente")
        return "3 orientées, 2 attendent, 1 repartie"

    def six_keys(self) -> str:
        """Une visite anonyme en six touches"""
        from db import visits

        for key in ("F2", "2", "1", "1"):
            self.press(key)
        self.picture("visite")
        self.press("Return")
        line = visits.latest(date.today())[0]
        expect((line.number, line.person, line.outcome) == (4, None, "resolu"), f"visite inattendue : {line}")
        return self.desk.toast.sentence.text()

    def three_demands(self) -> str:
        """Trois demandes dans une visite anonyme"""
        from db import visits

        self.press("F2")
        for answers in (("2", "1", "1"), ("6", "1", "5", "1"), ("7", "5", "9", "1")):
            for key in answers:
                self.press(key)
            if answers[0] != "7":
                self.press("+")
        self.picture("trois-demandes")
        self.press("Return")
        line = visits.latest(date.today())[0]
        expect((line.number, line.demands) == (5, 3), f"{line.demands} demandes")
        return "1 visite, 3 demandes"

    def known_person(self) -> str:
        """Une personne nommée en une ligne, à suivre, avec un dossier"""
        from db import people

        self.press("F2")
        self.type("Lanterne Odette 06 00 00 00 01 1958")
        self.picture("nouvelle-personne")
        self.press("Return")
        found = people.search("odet")
        expect(found and found[0].name == "Lanterne Odette", "la personne ne se retrouve pas")
        expect(people.search("06.00-00 0001"), "le téléphone ne se retrouve pas")
        for key in ("1", "1", "6", "3"):
            self.press(key)
        self.press("Return")
        self.until(lambda: self.desk.current() is self.desk.dossiers, "l’onglet Dossiers")
        return "fiche créée, dossier proposé"

    def dossier(self) -> str:
        """Le dossier EDF ouvert depuis la visite, un appel noté"""
        from db import dossier_lists

        form = self.desk.dossiers
        self.into(self.field("Référence client"), "6 000 000 001")
        self.into(self.field("Objet"), "coupure annoncée le 30/11")
        self.into(self.field("Montant dû"), "412,60")
        self.picture("dossier-nouveau")
        self.press("Ctrl+Return")
        lines = dossier_lists.lines(date.today())
        expect(len(lines) == 1 and lines[0].partner == "EDF", f"dossiers : {lines}")
        form.setFocus()
        self.picture("dossier")
        return f"prochaine relance le {lines[0].next_on:%d/%m}"

    def undo(self) -> str:
        """Ctrl+Z sur la dernière visite, puis Ctrl+Y"""
        from db import visits

        self.press("Esc")
        self.press("F5")
        before = len(visits.page(day=date.today()))
        self.press("F2")
        for key in ("9", "4", "1", "1", "Return"):
            self.press(key)
        expect(len(visits.page(day=date.today())) == before + 1, "la visite n’est pas enregistrée")
        self.press("Ctrl+Z")
        expect(len(visits.page(day=date.today())) == before, "l’annulation n’a rien fait")
        self.picture("annule")
        self.press("Return")
        expect(len(visits.page(day=date.today())) == before + 1, "ce qui était tapé est perdu")
        self.press("F7")
        return "rien de tapé n’est perdu"

    def letter(self) -> str:
        """Une demande d’échéancier, depuis le dossier, la vraie page sous les yeux"""
        from db import letters

        self.click(self.field("Écrire un courrier") if self._has("Écrire un courrier") else self.field("Courrier"))
        self.until(lambda: self.desk.current() is self.desk.letters, "l’onglet Courriers")
        tab = self.desk.letters
        fields = tab.desk.fields.form.fields
        for name, text in (
            ("address", "12 rue des Exemples"), ("town", "69100 Villeurbanne"),
            ("date_facture", "12/10"), ("nombre", "4"), ("premier_jour", "5/12"), ("addressee", "EDF – Service clients"),
        ):  # fmt: skip
            self.into(fields[name], text)
        for line in ("BP 1", "69000 LYON"):
            self.press("Return")
            self.type(line)
        self.until(lambda: tab.preview.pdf() and not tab.desk.redraw.isActive(), "l’aperçu")
        self.picture("courrier")
        self.press("Ctrl+Return")
        line = letters.register()[0]
        pdf = letters.bytes_of(line.id)
        expect(pdf == tab.preview.pdf(), "la page vue n’est pas la page gardée")
        (self.out / f"courrier-{line.number}.pdf").write_bytes(pdf)
        return f"n° {line.number}"

    def _has(self, name: str) -> bool:
        from PySide6.QtWidgets import QWidget

        return any(w.accessibleName() == name and w.isVisible() for w in self.window.findChildren(QWidget))

    def attestation(self) -> str:
        """Une attestation d’hébergement, enregistrée en PDF"""
        tab = self.desk.letters
        self.press("Ctrl+N")
        self.type("hébergement")
        self.press("Return")
        form = tab.desk.fields.form
        for field in form.template.fields:
            if field.example and field.type not in ("oui_non", "choix", "civilite"):
                self.into(form.fields[field.name], field.example)
        self.into(form.fields["name"], "Rachid Tournesol")
        self.until(lambda: not tab.desk.redraw.isActive(), "l’aperçu")
        self.picture("attestation")
        self.click(tab.desk.preview.save)
        target = self.out / "attestation.pdf"
        target.unlink(missing_ok=True)
        self.answer_file(target)
        expect(target.exists() and target.read_bytes() == tab.preview.pdf(), "le PDF n’est pas enregistré")
        return target.name

    def digital_space(self) -> str:
        """Espace numérique : le poste 3, un fax, la déconnexion vérifiée"""
        from db import digital_space

        self.press("F8")
        for key in ("3", "1", "2"):
            self.press(key)
        expect(digital_space.posts()[2].session, "le poste 3 n’est pas occupé")
        self.picture("numerique")
        self.press("F")
        self.press("Return")
        self.press("3")
        self.press("9")
        self.picture("numerique-fin")
        self.press("Return")
        expect(digital_space.posts()[2].session is None, "le poste 3 n’est pas libéré")
        expect(digital_space.counters(date.today()).get("fax_emis") == 1, "le fax n’est pas compté")
        return "1 séance"

    def palette(self) -> str:
        """Ctrl+K retrouve la personne, le dossier et l’action"""
        self.press("Ctrl+K")
        self.type("lant")
        cards = [card.title for card in self.desk.palette_box.list.cards()]
        expect("Lanterne Odette" in cards and any("EDF" in title for title in cards), f"palette : {cards}")
        self.picture("palette")
        self.press("Return")
        self.picture("fiche-personne")
        self.press("Esc")
        return f"{len(cards)} lignes"

    def looks(self) -> str:
        """Trois thèmes, et le texte à 200 %"""
        from desktop.main_window import change_look

        self.press("F5")
        for theme in ("sombre", "contraste", "clair"):
            self.press("Ctrl+K")
            self.type(f"thème {theme}")
            self.press("Return")
            self.picture(f"theme-{theme}")
        self.press("Ctrl+K")
        self.type("texte à 200")
        self.press("Return")
        for key in ("F5", "F6", "F7", "F8", "F12"):
            self.press(key)
            self.picture(f"texte-200-{key.lower()}")
        change_look(scale=100)
        self.press("F5")
        return "9 images"

    def veil(self) -> str:
        """Ctrl+L voile ; la phrase de passe rouvre, ce qui était tapé est là"""
        from db import store

        self.press("F2")
        self.press("3")
        self.press("Ctrl+L")
        expect(not store.is_open() and self.guichet.gate.isVisible(), "le voile ne ferme pas le fichier")
        self.picture("voile")
        self.type(self.passphrase)
        self.press("Return")
        self.until(lambda: store.is_open() and self.desk.isVisible(), "la réouverture")
        self.settle()
        expect(
            self.desk.intake.visit.draft and self.desk.intake.visit.draft.demands[0].family == 3, "la saisie est perdue"
        )
        for key in ("2", "1", "1", "Return"):
            self.press(key)
        return "fichier fermé, puis rouvert"

    def journal(self) -> str:
        """Le journal des visites, les numéros appelés"""
        self.press("Ctrl+J")
        self.picture("journal")
        self.press("Esc")
        self.press("F11")
        board = self.desk.intake.board
        expect(board.numbers() == (5, 4), f"numéros : {board.numbers()}")
        board.resize(*SIZE)
        board.grab().save(str(self.out / "numeros-appeles.png"))
        board.close()
        self.window.activateWindow()
        self.settle()
        return "derniers appelés : 5, 4"

    def settings(self) -> str:
        """Les réglages"""
        self.click(self.desk.rail["Réglages"])
        self.picture("reglages")
        self.press("F1")
        self.picture("aide")
        self.press("Esc")
        return ""

    def end_of_day(self) -> str:
        """Fin de journée : appairage, contrôles, copie relue"""
        self.press("F12")
        tab = self.desk.handover
        self.click(tab.pair)
        self.answer_file(self.hidden / "appairage.gct")
        if tab.empty_queue.isVisible():
            self.click(tab.empty_queue)
        self.picture("fin-de-journee")
        tab.sticks.setCurrentIndex(tab.sticks.findData("autre"))
        self.settle()
        self.answer_file(self.stick)
        self.click(tab.close_day)
        self.until(lambda: tab.rows["verified"].state == "done", "la copie")
        self.picture("cle-prete")
        (self.out / "bilan-du-jour.pdf").write_bytes(tab.sheet())
        found = sorted(self.stick.rglob("*.gct"))
        expect(len(found) == 1, f"fichiers sur la clé : {found}")
        (self.out / found[0].name).write_bytes(found[0].read_bytes())
        self.bundle = found[0]
        return found[0].name

    def coordinator_imports(self) -> str:
        """Le coordinateur importe deux fois : la seconde ne change rien"""
        from db import statistics
        from db.handover import export

        office, print_ = self.hidden / "coordinateur", export.fingerprint()
        day = statistics.of_day(date.today())
        first, said = self.consolidate("import", office, self.bundle, "--accept", print_)
        expect(first == 0, said)
        second, again = self.consolidate("import", office, self.bundle)
        expect(second == 0, again)
        _, report = self.consolidate("report", office)
        (self.out / "coordinateur.txt").write_text(f"{said}\n{again}\n{report}", encoding="utf-8")
        wanted = f"Visites : {day.visits} · demandes : {day.demands}"
        expect(wanted in report, f"{wanted} attendus, lu : {report}")
        return wanted
