"""Formulaires officiels: import a blank PDF once, fill it for a person, place its boxes when it has none."""

from datetime import date

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QFileDialog, QMainWindow, QWidget
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from db import drafts, letters, people, place, store
from db.schema import Letter
from desktop.documents.form_mappings import parse_mapping
from desktop.letters import form_shelf, forms_page
from desktop.letters.forms_page import FormsPage
from desktop.letters.outbox import Outbox
from desktop.widgets.form import Choice

K = Qt.Key
KEY = bytes(range(32))
AICHA = people.Draft(
    "Œuvrard-Nguyễn", "Aïcha", "Madame", phone="0600000000", email="aicha@exemple.fr", address="18 rue des Exemples",
    postcode="69100", town="Villeurbanne", informed_on=date(2026, 11, 23),
)  # fmt: skip


def drawn(path, *pages: str, number: str = "") -> str:
    """A PDF whose pages carry these words and nothing else."""
    canvas = Canvas(str(path), pagesize=(210 * mm, 297 * mm))
    for words in pages or ("Formulaire d'essai",):
        canvas.drawString(60, 800, f"{words} {number}")
        canvas.showPage()
    canvas.save()
    return str(path)


def fields(path, *pages: tuple[str, ...], value: str = "") -> str:
    """A PDF with a text field for each name of each page; « Accord » is a box to tick."""
    canvas = Canvas(str(path), pagesize=(210 * mm, 297 * mm))
    for names in pages:
        canvas.drawString(60, 800, "Formulaire d'essai")
        for i, name in enumerate(names):
            place_ = {"name": name, "tooltip": name, "x": 100, "y": 700 - 40 * i}
            if name == "Accord":
                canvas.acroForm.checkbox(size=14, **place_)
            else:
                canvas.acroForm.textfield(width=200, height=18, maxlen=1000, fieldFlags="", value=value, **place_)
        canvas.showPage()
    canvas.save()
    return str(path)


@pytest.fixture
def page(opened, qtbot):
    """The page alone, in the room of the desk."""
    window = QMainWindow()
    made = FormsPage(Outbox(window))
    window.setCentralWidget(made)
    window.resize(1248, 560)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    made.sentences = []
    made.said.connect(made.sentences.append)
    made.refresh()
    made.enter()
    QApplication.processEvents()
    yield made
    made.forget()


@pytest.fixture
def aicha(opened):
    return people.record(AICHA, date(2026, 11, 23))


def write(text: str) -> None:
    for sign in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(QApplication.focusWidget(), event)
    QApplication.processEvents()


def press(key, *modifiers) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, *modifiers)
    QApplication.processEvents()


def type_in(page, name: str, text: str) -> None:
    field = page.form.fields[name]
    field.setFocus()
    field.selectAll()
    write(text)


def words(pdf: bytes) -> str:
    if not pdf:
        return ""
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


def seen(page) -> str:
    QApplication.processEvents()
    return words(page.preview.pdf())


# importing


def test_a_form_is_imported_with_the_file_dialog_and_asks_its_own_questions(page, tmp_path):
    page.bring_in.click()
    dialog = page.findChild(QFileDialog)
    dialog.fileSelected.emit(fields(tmp_path / "demande_bourse (1).pdf", ("Nom de naissance", "Profession")))
    dialog.reject()
    (card,) = page.list.cards()
    assert card.title == "Demande bourse"
    assert page.heading.text() == "Demande bourse"
    assert list(page.form.fields) == ["person", "nom_naissance", "profession"]
    assert page.form.fields["nom_naissance"].accessibleName() == "Nom de naissance"
    assert page.sentences == ["Formulaire importé : Demande bourse."]


def test_a_file_that_cannot_be_filled_is_refused_in_a_sentence(page, tmp_path):
    wrong = tmp_path / "lettre.pdf"
    wrong.write_bytes(b"bonjour")
    for path, sentence in (
        (wrong, "Ce fichier n’est pas un PDF."),
        (fields(tmp_path / "plein.pdf", ("a", "b", "c"), value="Noé Fictif"),
         "Ce formulaire est déjà rempli. Importez un formulaire vierge."),
        (tmp_path / "absent.pdf", forms_page.UNREADABLE),
    ):  # fmt: skip
        page.bring(str(path))
        assert page.refused.text() == sentence
        assert page.refused.isVisible()
    assert page.list.cards() == ()
    page.bring(fields(tmp_path / "bon.pdf", ("Nom",)))
    assert not page.refused.isVisible()


def test_only_the_coordinator_changes_the_forms_and_every_mediator_fills_them(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance",)))
    store.sign_in("m2", "A1")
    page.refresh()
    for button in (page.bring_in, page.remove, page.place_boxes):
        assert not button.isEnabled()
        assert button.accessibleDescription() == form_shelf.RESERVED
    type_in(page, "nom_naissance", "Noé Fictif")
    assert "Noé Fictif" in seen(page)
    assert page.file.isEnabled()


def test_a_form_taken_out_leaves_the_list_and_comes_back_by_import(page, tmp_path):
    path = fields(tmp_path / "essai.pdf", ("Nom",))
    page.bring(path)
    page.remove.click()
    assert page.list.cards() == ()
    assert page.heading.text() == "Choisissez un formulaire"
    assert page.preview.pdf() == b""
    page.bring(path)
    assert [card.title for card in page.list.cards()] == ["Essai"]


def test_a_file_changed_on_the_disk_is_not_filled(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Nom",)))
    (kept,) = form_shelf.folder().glob("*.pdf")
    page.forget()
    drafts.forget("form")
    kept.write_bytes(kept.read_bytes() + b"\n% autre")
    page.refresh()
    page.choose(kept.stem)
    assert page.refused.text() == "Ce fichier a été changé depuis son import. Importez-le de nouveau."


# filling


def test_what_is_typed_is_on_the_page_at_once(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance", "Accord")))
    assert page.form.fields["nom_naissance"].hasFocus()
    write("Œuvrard-Nguyễn")
    assert "Œuvrard-Nguyễn" in seen(page)
    assert isinstance(page.form.fields["accord"], QCheckBox)
    blank = page.preview.pdf()
    page.form.fields["accord"].setFocus()
    press(K.Key_Space)
    seen(page)
    assert page.preview.pdf() != blank


def test_a_person_found_by_a_few_letters_fills_what_their_file_knows(page, tmp_path, aicha):
    page.bring(
        fields(
            tmp_path / "essai.pdf",
            ("Nom de naissance", "Prénoms", "Adresse", "Code postal", "Commune", "Téléphone", "Fait à"),
        )
    )
    page.person.setFocus()
    write("oeuvr")
    press(K.Key_Return)
    shown = seen(page)
    for text in ("Œuvrard-Nguyễn", "Aïcha", "18 rue des Exemples", "69100", "Villeurbanne", "06 00 00 00 00"):
        assert text in shown


def test_two_people_are_never_mixed_on_one_form(page, tmp_path, aicha):
    noe = people.record(people.Draft("Fictif", "Noé", informed_on=date(2026, 11, 23)), date(2026, 11, 23))
    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance", "Adresse", "Numéro de Sécurité sociale", "Motif")))
    page.choose_person(aicha)
    type_in(page, "numero_securite_sociale", "2800369388123")
    type_in(page, "motif", "Demande de bourse")
    page.choose_person(noe)
    shown = seen(page)
    assert "Fictif" in shown
    assert "Demande de bourse" in shown
    for text in ("Œuvrard", "18 rue", "2800369388123"):
        assert text not in shown
    assert page.form.values()["numero_securite_sociale"] == ""


def test_once_a_file_has_answered_the_caret_goes_to_what_is_left(page, tmp_path, aicha):
    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance", "Nom d’usage", "Commune")))
    page.person.setFocus()
    write("oeuv")
    press(K.Key_Return)
    left = page.form.fields[next(name for name, value in page.form.values().items() if not value)]
    assert QApplication.focusWidget() is left
    write("Fictif")
    press(K.Key_Return)
    assert page.person.text() == "Œuvrard-Nguyễn Aïcha" and QApplication.focusWidget() is not left


def test_the_same_person_on_another_form_is_typed_once(page, tmp_path, aicha):
    page.bring(fields(tmp_path / "un.pdf", ("Nom de naissance", "Commune")))
    page.choose_person(aicha)
    page.bring(fields(tmp_path / "deux.pdf", ("Commune", "Prénoms")))
    assert "Villeurbanne Aïcha" in seen(page)
    assert page.person.text() == "Œuvrard-Nguyễn Aïcha"


def test_each_page_has_its_fields_and_what_is_typed_stays(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance",), ("Profession",)))
    write("Théo Modèle")
    assert page.page.currentText().replace("\xa0", " ") == "Page 1 sur 2 · 1 champ"
    page.page.setFocus()
    press(K.Key_Down)
    assert list(page.form.fields) == ["person", "profession"]
    assert page.pages.text() == "Page 2 sur 2"
    type_in(page, "profession", "Jardinier")
    assert "Jardinier" in seen(page)
    page.page.setFocus()
    press(K.Key_Up)
    assert page.form.values()["nom_naissance"] == "Théo Modèle"


def test_a_text_too_long_goes_on_and_says_so(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Motif",)))
    page.form.fields["motif"].setText("Je ne peux plus payer. " * 30)
    assert "voir annexe" in seen(page)
    assert page.overflow.text() == "Suite sur une page en plus : « Motif »."
    press(K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert Letter.get().pages == 2


# leaving the desk


def test_filed_a_form_keeps_its_title_and_number_and_never_its_bytes(page, tmp_path, aicha):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",)))
    page.choose_person(aicha)
    press(K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (line,) = letters.register()
    assert (line.title, line.kept, line.addressee) == ("Demande", False, "")
    row = Letter.get_by_id(line.id)
    assert (row.theme, row.person_id, row.pdf) == ("administration", None, None)
    assert drafts.kept("form") == {}
    assert page.kept.text() == f"Rangé n° {line.number}"


def test_filed_twice_a_form_has_one_number_and_a_change_makes_another(page, tmp_path):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",)))
    page.archive()
    page.archive()
    assert len(letters.register()) == 1
    type_in(page, "nom_naissance", "Noé Fictif")
    page.archive()
    assert len(letters.register()) == 2


def test_an_entry_undone_can_be_filed_again(page, tmp_path):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",)))
    page.archive()
    store.undo()
    page.refresh()
    assert page.kept.text() == "Brouillon gardé"
    page.archive()
    assert len(letters.register()) == 1


def test_the_pdf_saved_is_the_one_filed(page, tmp_path):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",), ("Profession",)))
    write("Œuvrard-Nguyễn")
    page.save_as.click()
    dialog = page.window().findChild(QFileDialog)
    dialog.fileSelected.emit(str(tmp_path / "rempli.pdf"))
    dialog.reject()
    saved = (tmp_path / "rempli.pdf").read_bytes()
    assert "Œuvrard-Nguyễn" in words(saved)
    with pypdfium2.PdfDocument(saved) as document:
        assert len(document) == 2
    import hashlib

    assert Letter.get().sha256 == hashlib.sha256(saved).hexdigest()


def test_what_is_wrong_is_said_on_its_own_page_and_nothing_is_filed(page, tmp_path):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",), ("Profession",)))
    page.page.choose("2")
    type_in(page, "profession", "漢字")
    page.page.choose("1")
    page.archive()
    assert letters.register() == ()
    assert page.page.code() == "2"
    assert page.form.error("profession") == "Ce signe ne s’imprime pas : 漢 字. Écrivez-le autrement."
    assert page.form.fields["profession"].hasFocus()


# the veil


def test_half_a_form_survives_the_veil_and_leaves_nothing_on_the_screen(page, tmp_path, opened):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance", "Accord")))
    write("Œuvrard-Nguyễn")
    page.form.fields["accord"].setChecked(True)
    page.forget()
    assert page.preview.pdf() == b""
    assert "nom_naissance" not in page.form.fields
    place.leave()
    place.enter(opened, KEY, "m1")
    page.refresh()
    page.enter()
    assert page.heading.text() == "Demande"
    assert page.form.values()["nom_naissance"] == "Œuvrard-Nguyễn"
    assert page.form.values()["accord"] is True
    assert "Œuvrard-Nguyễn" in seen(page)


def test_no_answer_is_written_beside_the_encrypted_file(page, tmp_path, opened):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",)))
    write("Repère-unique")
    page.archive()
    assert all("Repère-unique".encode() not in file.read_bytes() for file in opened.rglob("*") if file.is_file())


def test_ctrl_n_empties_the_form_for_the_next_person(page, tmp_path, aicha):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",)))
    page.choose_person(aicha)
    page.new()
    assert page.form.values()["nom_naissance"] == ""
    assert "Œuvrard" not in seen(page)
    assert drafts.kept("form") == {}


def test_leaving_after_filing_leaves_nothing_of_the_person(page, tmp_path, aicha):
    page.bring(fields(tmp_path / "demande.pdf", ("Nom de naissance",)))
    page.choose_person(aicha)
    page.archive()
    left = []
    page.closed.connect(lambda: left.append(True))
    press(K.Key_Escape)
    assert left == [True]
    assert page.preview.pdf() == b""


# another version


def test_a_new_version_of_a_known_form_asks_to_look_at_the_boxes(page, tmp_path):
    page.bring(drawn(tmp_path / "cerfa.pdf", "N°", number="12669*02"))
    assert page.heading.text() == "Demande d’inscription sur les listes électorales"
    assert page.warning.text() == "Ce formulaire a changé : vérifiez les cases."
    assert page.warning.isVisible()
    assert page.list.cards()[0].detail == "Cerfa 12669*02 · à vérifier"
    type_in(page, "nom_naissance", "Œuvrard")
    assert "Œ U V R A R D" in " ".join(seen(page)) or "ŒUVRARD" in seen(page).replace(" ", "")
    page.right_boxes.click()
    assert not page.warning.isVisible()
    assert not page.right_boxes.isVisible()
    assert page.list.cards()[0].detail == "Cerfa 12669*02"


def test_the_boxes_a_new_version_lost_are_named(page, tmp_path):
    path = drawn(tmp_path / "petit.pdf", "N°", number="12669*03")
    page.bring(path)
    page.forget()
    drafts.forget("form")
    small = Canvas(str(tmp_path / "mini.pdf"), pagesize=(210 * mm, 60 * mm))
    small.drawString(60, 100, "N° 12669*04")
    small.save()
    page.bring(str(tmp_path / "mini.pdf"))
    assert "Cases perdues : " in page.warning.text()
    assert "Adresse" in page.warning.text()
    assert "adresse" not in page.form.fields


# placing the boxes


@pytest.fixture
def boxes(page, tmp_path):
    """The boxes page of a flat form."""
    page.bring(drawn(tmp_path / "plat.pdf", "Page un", "Page deux"))
    page.place_boxes.click()
    QApplication.processEvents()
    return page.boxes


def describe(boxes, **values) -> None:
    boxes.form.fill(values)
    boxes._show_what_matters()


def at(boxes, x: float, y: float) -> QPoint:
    unit = boxes.board.board.unit
    return QPoint(round(x * unit), round(y * unit))


def click(boxes, x: float, y: float) -> None:
    QTest.mouseClick(boxes.board.board, Qt.MouseButton.LeftButton, pos=at(boxes, x, y))


def noted():
    (file,) = form_shelf.folder().glob("*.toml")
    return parse_mapping(file.read_text(encoding="utf-8"))


def test_a_flat_form_says_to_place_its_boxes(page, tmp_path):
    page.bring(drawn(tmp_path / "plat.pdf"))
    assert "placez les cases" in page.warning.text()
    assert not page.file.isEnabled()


def test_two_clicks_and_a_question_make_a_box_that_is_filled(page, boxes):
    click(boxes, 40, 50)
    click(boxes, 120, 57)
    assert boxes.form.fields["label"].hasFocus()
    write("Nom de naissance")
    boxes.put.click()
    (spot,) = noted().spots
    assert spot.name == "nom_naissance"
    assert (spot.zones[0].x, spot.zones[0].y) == pytest.approx((40, 50), abs=0.6)
    assert (spot.zones[0].wide, spot.zones[0].high) == pytest.approx((80, 7), abs=0.9)
    boxes.back.click()
    assert list(page.form.fields) == ["person", "nom_naissance"]
    write("Œuvrard-Nguyễn")
    assert "Œuvrard-Nguyễn" in seen(page)
    assert page.file.isEnabled()


def test_a_drag_makes_a_box_too(boxes):
    board = boxes.board.board
    QTest.mousePress(board, Qt.MouseButton.LeftButton, pos=at(boxes, 20, 30))
    QTest.mouseMove(board, at(boxes, 60, 36))
    QTest.mouseRelease(board, Qt.MouseButton.LeftButton, pos=at(boxes, 60, 36))
    values = boxes.form.values()
    assert float(values["x"].replace(",", ".")) == pytest.approx(20, abs=0.6)
    assert float(values["l"].replace(",", ".")) == pytest.approx(40, abs=0.9)


def test_without_a_mouse_the_measures_are_typed(page, boxes):
    boxes.form.fields["label"].setFocus()
    write("Adresse")
    for name, text in (("x", "30"), ("y", "80,5"), ("l", "120"), ("h", "6")):
        boxes.form.fields[name].setFocus()
        write(text)
    press(K.Key_Return, Qt.KeyboardModifier.ControlModifier)
    (spot,) = noted().spots
    assert (spot.zones[0].x, spot.zones[0].y, spot.zones[0].wide, spot.zones[0].high) == (30, 80.5, 120, 6)
    press(K.Key_Escape)
    assert list(page.form.fields) == ["person", "adresse"]


def test_what_is_missing_or_wrong_has_its_sentence(boxes):
    describe(boxes, kind="cases", x="abc", y="10", l="300", h="0")
    boxes.put.click()
    assert boxes.form.error("label") == "Écrivez la question. Exemple : Nom de naissance."
    assert boxes.form.error("cells") == "Écrivez le nombre de cases. Exemple : 8."
    assert boxes.form.error("x") == "Écrivez un nombre en millimètres. Exemple : 12,5."
    assert boxes.form.error("h") == "Écrivez un nombre en millimètres. Exemple : 12,5."
    describe(boxes, label="Date", cells="8", x="10", h="6")
    boxes.put.click()
    assert boxes.form.error("l") == "La case sort de la page, large de 210 mm."
    assert noted().spots == ()


def test_a_date_in_three_groups_of_cells_is_one_question(page, boxes):
    for x, count in (("30", "2"), ("45", "2"), ("60", "4")):
        describe(boxes, label="Date de naissance", kind="cases", cells=count, x=x, y="60", l=str(5 * int(count)), h="6")
        boxes.put.click()
    (spot,) = noted().spots
    assert (spot.cut, len(spot.zones)) == ((2, 2, 4), 3)
    boxes.back.click()
    type_in(page, "date_naissance", "4/3/1980")
    assert "04031980" in seen(page).replace(" ", "")


def test_the_same_question_may_be_answered_twice(page, boxes):
    for y in ("60", "260"):
        describe(boxes, label="Nom de naissance", again="copie", x="30", y=y, l="80", h="6")
        boxes.put.click()
    boxes.back.click()
    type_in(page, "nom_naissance", "Fictif")
    assert seen(page).count("Fictif") == 2


def test_two_crosses_of_one_question_are_a_choice(page, boxes):
    for value, x in (("Madame", "30"), ("Monsieur", "50")):
        describe(boxes, label="Civilité", kind="croix", value=value, x=x, y="60", l="4", h="4")
        boxes.put.click()
    boxes.back.click()
    field = page.form.fields["civilite"]
    assert isinstance(field, Choice)
    assert [field.itemData(i) for i in range(field.count())] == ["", "Madame", "Monsieur"]


def test_a_box_is_changed_removed_and_taken_back(boxes):
    describe(boxes, label="Nom", x="30", y="60", l="80", h="6")
    boxes.put.click()
    click(boxes, 50, 63)
    assert boxes.form.values()["label"] == "Nom"
    assert boxes.put.accessibleName() == "Changer la case"
    describe(boxes, label="Nom d’usage", l="90,25", overflow="bloquer", capitals=True)
    boxes.put.click()
    (spot,) = noted().spots
    assert (spot.name, spot.zones[0].wide, spot.overflow, spot.capitals) == ("nom_usage", 90.25, "bloquer", True)
    boxes.list.setFocus()
    press(K.Key_Return)
    boxes.remove.click()
    assert noted().spots == ()
    boxes.undo.click()
    assert noted().spots == (spot,)


def test_the_second_page_has_its_own_boxes(page, boxes):
    boxes.page.setFocus()
    press(K.Key_Down)
    describe(boxes, label="Profession", x="30", y="60", l="80", h="6")
    boxes.put.click()
    assert noted().spots[0].zones[0].page == 2
    assert [card.title for card in boxes.list.cards()] == ["Profession"]
    boxes.back.click()
    assert page.pages.text() == "Page 2 sur 2"


def test_a_field_badly_named_by_the_file_takes_our_words(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Champ de texte 79",)))
    page.place_boxes.click()
    boxes = page.boxes
    boxes.list.setFocus()
    press(K.Key_Return)
    assert not boxes.form.fields["x"].isEnabled()
    describe(boxes, label="Nom de naissance")
    boxes.put.click()
    boxes.back.click()
    assert list(page.form.fields) == ["person", "nom_naissance"]
    write("Fictif")
    assert "Fictif" in seen(page)


def test_the_title_is_ours_to_choose(page, boxes):
    boxes.form.fields["title"].setFocus()
    boxes.form.fields["title"].selectAll()
    write("Demande de place en crèche")
    boxes.form.fields["label"].setFocus()
    assert noted().title == "Demande de place en crèche"
    boxes.back.click()
    assert page.heading.text() == page.list.cards()[0].title == "Demande de place en crèche"


# for everybody


def test_everything_one_can_reach_has_a_name(page, tmp_path):
    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance", "Accord")))
    nameless = []
    for _ in range(2):
        nameless += [
            widget
            for widget in page.findChildren(QWidget)
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and not widget.objectName().startswith("qt_")
            and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name).strip()
        ]  # fmt: skip
        page.open_boxes()
        QApplication.processEvents()
    assert nameless == []


def test_the_page_fits_at_every_size_of_text(page, tmp_path):
    from desktop.widgets import look

    page.bring(fields(tmp_path / "essai.pdf", ("Nom de naissance", "Accord")))
    for scale in (100, 150, 200):
        look.apply(scale=scale)
        look.LOOK.fit(1366, 689)
        for inside in (page.panes, page.boxes):
            if inside is page.boxes:
                page.open_boxes()
            QApplication.processEvents()
            assert inside.minimumSizeHint().width() <= 1248, (scale, inside)
            assert inside.minimumSizeHint().height() <= 560, (scale, inside)
            page.boxes.closed.emit()
    look.apply(scale=100)
    look.LOOK.fit(1366, 689)
