"""Courriers: choose a model, type what it asks for, see and keep the very page."""

import hashlib
from datetime import date, timedelta

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QLineEdit, QPlainTextEdit

from db import letters, people, place
from db.schema import Letter
from desktop import french
from desktop.documents import templates
from desktop.documents.typography import typeset
from desktop.french import fold
from desktop.widgets.form import Choice

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = bytes(range(32))
FIVE = ("H01", "I01", "B02", "G25", "W01")


def write(text: str) -> None:
    """Type any text, accents too, into what has the focus."""
    for sign in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(QApplication.focusWidget(), event)


def words(pdf: bytes) -> str:
    """What a person reads on the pages, on one line."""
    if not pdf:
        return ""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def choose(desk, hands, text: str) -> None:
    """F6, a few letters, Entrée."""
    hands.press(K.Key_F6)
    desk.letters.desk.models.filter.setFocus()
    desk.letters.desk.models.filter.selectAll()
    write(text)
    hands.press(K.Key_Return)


def template(code: str):
    return next(t for t in templates.templates() if t.code == code)


def form_of(desk):
    return desk.letters.desk.fields.form


def type_in(desk, name: str, text: str) -> None:
    field = form_of(desk).fields[name]
    field.setFocus()
    field.selectAll()
    write(text)


def write_address(desk, hands, name: str = "Organisme de l’Exemple") -> None:
    type_in(desk, "addressee", name)
    for line in ("12 rue des Exemples", "69100 Villeurbanne"):
        hands.press(K.Key_Return)
        write(line)


def fill(desk, hands, code: str) -> dict[str, str]:
    """Type in every field shown, a word of its own in each free text; what must be read on the page."""
    typed: dict[str, str] = {}
    asked = {field.name: field for field in template(code).fields}
    for place_, (name, widget) in enumerate(form_of(desk).fields.items()):
        field = asked.get(name)
        if widget.isHidden():
            continue
        widget.setFocus()
        if isinstance(widget, QCheckBox):
            hands.press(K.Key_Space)
        elif isinstance(widget, Choice):
            hands.press(K.Key_Down)
        elif field is None or field.type.startswith("texte") or field.type == "adresse":
            if isinstance(widget, QLineEdit | QPlainTextEdit):
                widget.selectAll()
            typed[name] = f"Repère{place_}Œé"
            write(typed[name] if name != "phone" else "06 12 34 56 78")
        elif field.name != "date_passage":  # known already
            write(field.example)
        if name == "addressee":
            write_address(desk, hands, typed[name])
    typed.pop("phone", None)
    return typed


def complete(desk, hands, code: str = "H01") -> None:
    """A letter with nothing missing."""
    choose(desk, hands, code)
    for name, text in (("name", "Théo Modèle"), ("address", "3 rue Fictive"), ("town", "69100 Villeurbanne")):
        if name in form_of(desk).fields:
            type_in(desk, name, text)
    if "addressee" in form_of(desk).fields:
        write_address(desk, hands)
    for field in template(code).fields:
        if field.required and field.type not in ("choix", "oui_non", "civilite"):
            type_in(desk, field.name, field.example)


@pytest.fixture
def samira(opened):
    return people.record(
        people.Draft("Bénali", "Samira", "Madame", phone="0612345678", informed_on=date.today()), date.today()
    )


@pytest.mark.parametrize("code", FIVE)
def test_each_model_carries_to_the_page_all_that_is_typed(desk, hands, code):
    choose(desk, hands, code)
    typed = fill(desk, hands, code)
    hands.press(K.Key_Return, CONTROL)
    (line,) = letters.register()
    page = fold(words(letters.bytes_of(line.id)))
    assert [name for name, text in typed.items() if fold(text) not in page] == []
    assert (line.title, line.number) == (template(code).title, f"A1-{date.today().year}-0001")


def test_a_model_is_found_by_its_title_its_code_or_a_word_inside(desk, hands):
    hands.press(K.Key_F6)
    for text, code in (
        ("ecretement", "I01"),
        ("B02", "B02"),
        ("FACTURE énergie", "H01"),
        ("emporte partenaire", "W01"),
    ):
        desk.letters.desk.models.filter.setFocus()
        desk.letters.desk.models.filter.selectAll()
        write(text)
        hands.press(K.Key_Return)
        assert desk.letters.heading.text() == template(code).title


def test_a_word_no_model_holds_says_so(desk, hands):
    hands.press(K.Key_F6)
    write("xyzzy")
    assert desk.letters.desk.models.list.cards() == ()
    assert desk.letters.desk.models.count.text() == f"0 sur {len(templates.templates())}"
    hands.press(K.Key_Return)
    assert desk.letters.heading.text() == "Choisissez un modèle"


def test_the_preview_follows_what_is_typed(desk, hands, qtbot):
    choose(desk, hands, "H01")
    type_in(desk, "reference_client", "6 001 234 567")
    qtbot.waitUntil(lambda: "6 001 234 567" in words(desk.letters.preview.pdf()))
    assert letters.register() == ()


def test_a_letter_with_blanks_is_not_filed_and_each_blank_has_its_sentence(desk, hands):
    choose(desk, hands, "H01")
    hands.press(K.Key_Return, CONTROL)
    assert letters.register() == ()
    form = form_of(desk)
    assert form.error("dette") == "À remplir : Somme à payer. Exemple : 412,60."
    assert form.error("reference_client").startswith("À remplir : Référence client.")
    assert form.error("name") == "À remplir : nom et prénom. Exemple : Aïcha Œuvrard-Nguyễn."
    assert form.error("motif") == ""
    assert QApplication.focusWidget() is form.fields["name"]


def test_a_wrong_amount_has_its_sentence_at_once(desk, hands, qtbot):
    choose(desk, hands, "H01")
    type_in(desk, "dette", "beaucoup")
    sentence = "Écrivez un montant en euros, plus grand que zéro. Exemple : 412,60."
    qtbot.waitUntil(lambda: form_of(desk).error("dette") == sentence)


def test_the_bytes_seen_printed_and_kept_are_the_same(desk, hands, tmp_path):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    hands.press(K.Key_Return, CONTROL)
    (line,) = letters.register()
    kept = letters.bytes_of(line.id)
    assert desk.letters.preview.pdf() == kept
    assert Letter.get_by_id(line.id).sha256 == hashlib.sha256(kept).hexdigest()
    desk.letters.desk.leaving.save()
    dialog = desk.letters.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "lettre.pdf"))
    dialog.reject()
    assert (tmp_path / "lettre.pdf").read_bytes() == kept
    assert len(letters.register()) == 1
    assert desk.toast.sentence.text() == "PDF enregistré."


def test_a_file_that_cannot_be_written_is_said_in_a_sentence(desk, hands, tmp_path):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    desk.letters.desk.leaving.save()
    dialog = desk.letters.findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "absent" / "lettre.pdf"))
    dialog.reject()
    assert desk.toast.sentence.text() == "Le fichier ne s’écrit pas ici. Choisissez un autre dossier."


def test_filed_twice_without_a_change_a_letter_has_one_number(desk, hands):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    hands.press(K.Key_Return, CONTROL)
    hands.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1


def test_a_change_after_filing_makes_another_letter(desk, hands):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    hands.press(K.Key_Return, CONTROL)
    type_in(desk, "partenaire", "CCAS")
    hands.press(K.Key_Return, CONTROL)
    numbers = [line.number for line in letters.register()]
    assert numbers == [f"A1-{date.today().year}-0002", f"A1-{date.today().year}-0001"]


def test_undo_takes_the_letter_out_of_the_register_and_it_can_be_filed_again(desk, hands):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    hands.press(K.Key_Return, CONTROL)
    desk.letters.desk.fields.file.setFocus()
    hands.press(K.Key_Z, CONTROL)
    assert letters.register() == ()
    assert desk.letters.desk.fields.kept.text() == "Brouillon gardé"
    hands.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1


def test_a_known_person_fills_the_sender(desk, hands, samira):
    choose(desk, hands, "H01")
    form_of(desk).fields["name"].setFocus()
    write("bena")
    hands.press(K.Key_Return)
    values = form_of(desk).values()
    assert (values["civility"], values["name"]) == ("Madame", "Samira Bénali")
    assert values["phone"].split() == ["06", "12", "34", "56", "78"]


def test_the_address_a_letter_needed_stays_on_the_file(desk, hands, samira):
    choose(desk, hands, "W01")
    choose(desk, hands, "B02")
    desk.letters.choose_person(samira)
    fill(desk, hands, "B02")
    type_in(desk, "address", "12 rue des Exemples")
    type_in(desk, "town", "69100 Villeurbanne")
    desk.letters.choose_person(samira)
    type_in(desk, "address", "12 rue des Exemples")
    type_in(desk, "town", "69100 Villeurbanne")
    hands.press(K.Key_Return, CONTROL)
    kept = people.draft(samira)
    assert (kept.address, kept.postcode, kept.town) == ("12 rue des Exemples", "69100", "Villeurbanne")


def test_a_letter_without_an_address_leaves_the_one_of_the_file(desk, hands, samira):
    people.change(samira, people.replace(people.draft(samira), address="3 allée Test", postcode="69003", town="Lyon"))
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    desk.letters.choose_person(samira)
    hands.press(K.Key_Return, CONTROL)
    kept = people.draft(samira)
    assert (kept.address, kept.postcode, kept.town) == ("3 allée Test", "69003", "Lyon")


def test_a_letter_for_another_name_never_touches_the_file_chosen_before(desk, hands, samira):
    choose(desk, hands, "B02")
    desk.letters.choose_person(samira)
    fill(desk, hands, "B02")
    hands.press(K.Key_Return, CONTROL)
    assert people.draft(samira).address == ""
    (line,) = letters.register()
    assert Letter.get_by_id(line.id).person_id is None


def test_a_letter_begun_from_a_visit_is_for_its_person(desk, hands, samira, qtbot):
    hands.press(K.Key_F2)
    hands.type("bena")
    hands.press(K.Key_Return)
    qtbot.mouseClick(desk.intake.visit.letter_button, Qt.MouseButton.LeftButton)
    write("H01")
    hands.press(K.Key_Return)
    assert form_of(desk).values()["name"] == "Samira Bénali"


def test_half_a_letter_survives_the_veil(desk, hands, opened):
    choose(desk, hands, "H01")
    type_in(desk, "reference_client", "6 001")
    desk.sleep()
    assert desk.letters.preview.pdf() == b""
    assert typeset.cache_info().currsize == 0, "not even the lines already set"
    place.leave()
    place.enter(opened, KEY, "m1")
    desk.wake()
    hands.press(K.Key_F6)
    assert desk.letters.heading.text() == template("H01").title
    assert form_of(desk).values()["reference_client"] == "6 001"
    assert "6 001" in words(desk.letters.preview.pdf())


def test_what_was_typed_follows_to_another_model(desk, hands):
    choose(desk, hands, "H01")
    type_in(desk, "address", "12 rue des Exemples")
    choose(desk, hands, "I01")
    assert form_of(desk).values()["address"] == "12 rue des Exemples"


def test_ctrl_n_empties_the_letter_and_its_page(desk, hands, qtbot):
    choose(desk, hands, "H01")
    type_in(desk, "reference_client", "6 001")
    qtbot.waitUntil(lambda: "6 001" in words(desk.letters.preview.pdf()))
    hands.press(K.Key_N, CONTROL)
    assert form_of(desk).values()["reference_client"] == ""
    qtbot.waitUntil(lambda: "6 001" not in words(desk.letters.preview.pdf()))
    assert letters.kept_draft() is None


def test_a_sensitive_letter_keeps_its_number_and_no_bytes(opened):
    entry = letters.Entry("t", 1, "0" * 64, "Certificat", "sante", sensitive=True)
    id = letters.archive(entry, letters.next_number(date.today()), b"%PDF secret", 1, date.today())
    assert letters.bytes_of(id) is None
    (line,) = letters.register()
    assert (line.number, line.kept) == (f"A1-{date.today().year}-0001", False)
    assert Letter.get_by_id(id).sha256 == hashlib.sha256(b"%PDF secret").hexdigest()


def test_the_register_shows_the_letters_and_escape_comes_back(desk, hands, qtbot):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    hands.press(K.Key_Return, CONTROL)
    qtbot.mouseClick(desk.letters.desk.models.doors["register"], Qt.MouseButton.LeftButton)
    model = desk.letters.page("register").table.model()
    kept_until = french.short_date(date.today() + timedelta(days=letters.KEPT_DAYS))
    version = desk.letters.desk.fields.template.version
    assert [model.index(0, column).data() for column in (0, 2, 4, 6, 7)] == [
        f"A1-{date.today().year}-0001", f"Fiche d’orientation (v{version})", "anonyme", "non", kept_until,
    ]  # fmt: skip
    table = desk.letters.page("register").table
    assert [index.row() for index in table.selectionModel().selectedRows()] == [0], "Entrée prints a row one sees"
    hands.press(K.Key_Escape)
    assert desk.letters.desk.models.list.isVisible()


def test_a_letter_no_longer_kept_says_so_when_it_is_printed_again(desk, hands, qtbot):
    entry = letters.Entry("t", 1, "", "Certificat", "sante", sensitive=True)
    letters.archive(entry, "A1-2026-0001", b"%PDF", 1, date.today())
    hands.press(K.Key_F6)
    qtbot.mouseClick(desk.letters.desk.models.doors["register"], Qt.MouseButton.LeftButton)
    hands.press(K.Key_Home)
    hands.press(K.Key_Return)
    assert desk.toast.sentence.text() == "Ce courrier n’est plus gardé. Refaites-le depuis son modèle."


def test_the_letters_of_the_day_are_counted_on_the_home_screen(desk, hands):
    choose(desk, hands, "W01")
    fill(desk, hands, "W01")
    hands.press(K.Key_Return, CONTROL)
    assert dict(desk.handover.figures())["Courriers"] == "1"


def test_filing_and_the_address_it_leaves_are_one_act(desk, hands, samira):
    choose(desk, hands, "B02")
    fill(desk, hands, "B02")
    desk.letters.choose_person(samira)
    type_in(desk, "address", "12 rue des Exemples")
    hands.press(K.Key_Return, CONTROL)
    assert desk.toast.sentence.text() == f"Courrier n° A1-{date.today().year}-0001 rangé"
    desk.letters.desk.fields.file.setFocus()
    hands.press(K.Key_Z, CONTROL)
    assert letters.register() == ()
    assert people.draft(samira).address == ""
