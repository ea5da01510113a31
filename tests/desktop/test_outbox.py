"""What leaves the desk: one job for the printer, « sortie ? » answered by a digit, the register, the printer's offset."""

from datetime import date

import pypdfium2
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeyEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QApplication, QDialog

from db import letters, people, preferences
from desktop.documents import templates
from desktop.documents.letter import pages as sheets_in
from desktop.letters import printing

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def write(text: str) -> None:
    for sign in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(QApplication.focusWidget(), event)
    QApplication.processEvents()


def words(pdf: bytes) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in document)


@pytest.fixture
def letter(desk, hands):
    """An instalment letter on the screen, not all filled."""
    hands.press(K.Key_F6)
    write("H01")
    hands.press(K.Key_Return)
    desk.letters.desk.fields.form.fields["reference_client"].setText("6 001 234")
    QApplication.processEvents()
    return desk.letters.desk


def paper(desk, tmp_path):
    """The system's printer dialog, answered with a file; what was sent there."""
    dialog = desk.letters.findChild(QPrintDialog)
    target = tmp_path / "papier.pdf"
    target.unlink(missing_ok=True)
    dialog.printer().setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    dialog.printer().setOutputFileName(str(target))
    dialog.done(QDialog.DialogCode.Accepted)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    desk.window().activateWindow()  # the offscreen platform has no window manager to do it
    QApplication.processEvents()
    return target.read_bytes()


def test_ctrl_p_asks_beside_the_letter_and_makes_nothing_yet(desk, hands, letter):
    hands.press(K.Key_P, CONTROL)
    panel = letter.preview.printing
    assert panel.isVisible() and QApplication.focusWidget() is panel
    assert panel.copies == templates.read_template("energie-echeancier").copies
    hands.press(K.Key_Escape)
    assert not panel.isVisible()
    assert letters.register() == ()


def test_ctrl_p_and_enter_send_one_job_with_the_registered_mail_help(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    (line,) = letters.register()
    sent = paper(desk, tmp_path)
    copies = templates.read_template("energie-echeancier").copies
    assert sheets_in(sent) == copies + 1
    kept = words(letters.bytes_of(line.id))
    assert "6 001 234" in kept and line.number in kept
    assert "recommand" not in kept.replace("Lettre recommandée avec accusé de réception", "")


def test_digits_tick_what_goes_along_and_plus_and_minus_the_copies(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    panel = letter.preview.printing
    assert [chip.isChecked() for chip in panel.chips] == [False, False, True]
    for digit in (1, 2, 3):
        hands.top_row(digit, "&é\"'"[digit - 1])
    assert [chip.isChecked() for chip in panel.chips] == [True, True, False]
    while panel.copies > 1:
        hands.type("-")
    hands.type("+")
    hands.type("-")
    hands.press(K.Key_Return)
    assert sheets_in(paper(desk, tmp_path)) == 3


def test_the_choice_of_sheets_is_remembered_but_never_the_help_turned_off(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_2)
    hands.press(K.Key_3)
    hands.press(K.Key_Return)
    paper(desk, tmp_path)
    hands.press(K.Key_1)
    hands.press(K.Key_P, CONTROL)
    assert [chip.isChecked() for chip in letter.preview.printing.chips] == [False, True, True]


def test_a_ticked_sheet_has_the_focus_and_enter_still_prints(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    chip = letter.preview.printing.chips[0]
    chip.setFocus()
    hands.press(K.Key_Space)
    assert chip.isChecked()
    hands.press(K.Key_Return)
    assert len(letters.register()) == 1
    assert desk.letters.findChild(QPrintDialog).isVisible()
    desk.letters.findChild(QPrintDialog).reject()


def test_a_letter_with_blanks_prints_dotted_lines_and_keeps_its_number(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    (line,) = letters.register()
    page = words(letters.bytes_of(line.id))
    assert "......" in page and "None" not in page and "[" not in page
    desk.letters.findChild(QPrintDialog).reject()
    assert not letters.register()[0].printed


def test_only_who_saw_the_paper_says_it_is_printed(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    paper(desk, tmp_path)
    question = desk.letters.question
    assert question.isVisible() and QApplication.focusWidget() is question
    assert [line.printed for line in letters.register()] == [False]
    hands.top_row(1, "&")
    assert [line.printed for line in letters.register()] == [True]
    assert not question.isVisible()
    hands.press(K.Key_Z, CONTROL)
    assert [line.printed for line in letters.register()] == [False]


def test_paper_that_did_not_come_out_is_sent_again_the_same(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    first = sheets_in(paper(desk, tmp_path))
    hands.press(K.Key_2)
    assert [line.printed for line in letters.register()] == [False]
    assert sheets_in(paper(desk, tmp_path)) == first
    assert len(letters.register()) == 1
    hands.press(K.Key_1)
    assert [line.printed for line in letters.register()] == [True]


def test_the_question_waits_while_one_types_elsewhere(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    paper(desk, tmp_path)
    field = letter.fields.form.fields["reference_client"]
    field.setFocus()
    field.selectAll()
    write("21")
    assert field.text() == "21"
    assert desk.letters.question.isVisible()
    assert [line.printed for line in letters.register()] == [False]
    desk.letters.question.setFocus()
    hands.press(K.Key_Escape)
    assert not desk.letters.question.isVisible()


def test_behind_the_veil_no_paper_is_asked_about(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    paper(desk, tmp_path)
    desk.sleep()
    assert desk.letters.question.job is None
    assert not desk.letters.question.isVisible()


def test_f11_shows_the_very_page_large_and_comes_back(desk, hands, letter):
    pdf = desk.letters.preview.pdf()
    hands.press(K.Key_F11)
    reading = desk.letters.reading
    assert reading.isVisible() and reading.view.pdf() == pdf
    assert reading.view._paper.width() > 1.7 * 595 * 0.95
    hands.press(K.Key_Space)
    assert reading.view.verticalScrollBar().value() > 0
    hands.press(K.Key_F11)
    assert letter.isVisible() and reading.view.pdf() == b""


def test_large_print_takes_more_room_on_paper_too(desk, hands, letter, qtbot, tmp_path):
    small = sheets_in(desk.letters.preview.pdf())
    qtbot.mouseClick(letter.preview.bigger, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    large = sheets_in(desk.letters.preview.pdf())
    assert large > small
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    assert sheets_in(letters.bytes_of(letters.register()[0].id)) == large
    desk.letters.findChild(QPrintDialog).reject()


# the printer


def open_printer(desk, hands) -> None:
    hands.press(K.Key_F6)
    desk.letters.open("printer")
    QApplication.processEvents()


def test_the_envelopes_of_the_place_move_the_address(desk, hands, letter):
    def top(pdf: bytes) -> float:
        with pypdfium2.PdfDocument(pdf) as document:
            text = document[0].get_textpage()
            found = text.search("[Destinataire]").get_next()
            return document[0].get_height() - text.get_charbox(found[0])[3]

    before = top(desk.letters.preview.pdf())
    desk.letters.open("printer")
    box = desk.letters.page("printer").window_
    box.setFocus()
    hands.press(K.Key_Down)
    assert printing.window() == "35x100"
    hands.press(K.Key_Escape)
    QApplication.processEvents()
    assert top(desk.letters.preview.pdf()) > before + 15


def test_a_measure_that_is_no_measure_has_its_sentence_and_stays(desk, hands):
    open_printer(desk, hands)
    form = desk.letters.page("printer").form
    form.fields["left"].setText("beaucoup")
    form.fields["top"].setText("99")
    form.fields["top"].setFocus()
    hands.press(K.Key_Return)
    assert form.error("left") == "Écrivez une mesure en millimètres. Exemple : 51,5."
    assert form.error("top") == "C’est trop loin de 50 mm : réimprimez la règle à 100 %."
    assert form.error("printer") == "Branchez l’imprimante, puis revenez sur cette page."
    assert form.fields["left"].text() == "beaucoup"


def test_the_ruler_is_printed_and_nobody_is_asked_for_it(desk, hands, tmp_path):
    open_printer(desk, hands)
    hands.press(K.Key_P, CONTROL)
    assert "Réglage de l’imprimante" in words(desk_ruler(desk))
    paper(desk, tmp_path)
    assert not desk.letters.question.isVisible()
    assert letters.register() == ()


def desk_ruler(desk) -> bytes:
    return desk.letters.outbox._job.pdf


def test_the_offset_of_a_printer_moves_every_sheet(qapp, tmp_path, opened):
    from desktop.documents.bundle import fold_ruler
    from desktop.widgets.pdf_view import paint_on, raster

    def left_ink(offset: tuple[float, float]) -> tuple[float, float]:
        target = tmp_path / "regle.pdf"
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
        printer.setOutputFileName(str(target))
        printer.setPageSize(printing.sheet_printer().pageLayout().pageSize())
        printer.setFullPage(True)
        assert paint_on(printer, fold_ruler(), offset)
        image = raster(target.read_bytes(), 0, 4).convertToFormat(QImage.Format.Format_Grayscale8)
        shades, across = bytes(image.constBits()), image.bytesPerLine()
        rows = {y: shades[y * across : y * across + image.width()] for y in range(0, image.height(), 2)}
        dark = [
            (x, y) for y, row in rows.items() if min(row) < 120
            for x in range(0, image.width(), 2) if row[x] < 120
        ]  # fmt: skip
        millimetre = 4 * 72 / 25.4
        return min(x for x, _ in dark) / millimetre, min(y for _, y in dark) / millimetre

    straight, moved = left_ink((0.0, 0.0)), left_ink((2.0, 3.0))
    assert moved[0] - straight[0] == pytest.approx(2.0, abs=0.3)
    assert moved[1] - straight[1] == pytest.approx(3.0, abs=0.3)


def test_each_printer_keeps_its_own_offset(opened):
    printing.keep_offset("bureau", (1.5, -2.0))
    printing.keep_offset("accueil", (0.0, 4.0))
    assert (printing.offset("bureau"), printing.offset("accueil"), printing.offset("autre")) == (
        (1.5, -2.0), (0.0, 4.0), (0.0, 0.0),
    )  # fmt: skip


# the register


def test_the_register_tells_who_and_finds_by_any_word(desk, hands):
    samira = people.record(people.Draft("Bénali", "Samira", informed_on=date.today()), date.today())
    letters.archive(
        letters.Entry("t", 2, "", "Facture d’eau", "eau", "Eau publique", samira),
        "A1-2026-0001",
        b"%PDF",
        1,
        date.today(),
    )
    letters.archive(letters.Entry("u", 1, "", "Attestation", "attestations"), "A1-2026-0002", b"%PDF", 1, date.today())
    desk.go(desk.letters)
    desk.letters.open("register")
    register = desk.letters.page("register")
    model = register.table.model()
    assert [model.index(row, 4).data() for row in range(2)] == ["anonyme", "Bénali Samira"]
    hands.press(K.Key_F, CONTROL)
    write("benali eau")
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["A1-2026-0001"]
    hands.press(K.Key_Return)
    assert QApplication.focusWidget() is register.table
    hands.press(K.Key_Escape)
    assert desk.letters.desk.isVisible()


def test_a_letter_of_the_register_is_printed_again_with_the_same_bytes(desk, hands, letter, tmp_path):
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    paper(desk, tmp_path)
    hands.press(K.Key_1)
    desk.letters.open("register")
    hands.press(K.Key_Home)
    hands.press(K.Key_Return)
    assert desk.letters.outbox._job.pdf == letters.bytes_of(letters.register()[0].id)
    assert sheets_in(paper(desk, tmp_path)) == 1
    assert len(letters.register()) == 1
    assert desk.letters.question.isVisible()


def test_every_door_opens_its_page_by_a_click_and_by_the_palette(desk, hands, qtbot):
    from desktop.letters.tab import PAGES

    desk.go(desk.letters)
    for name, door in PAGES.items():
        qtbot.mouseClick(desk.letters.desk.models.doors[name], Qt.MouseButton.LeftButton)
        assert desk.letters.page(name).isVisible(), name
        desk.letters.show_desk()
        desk.go(desk.intake)
        hands.press(K.Key_K, CONTROL)
        write(door.command)
        hands.press(K.Key_Return)
        assert desk.current() is desk.letters
        assert desk.letters.page(name).isVisible(), name
        hands.press(K.Key_Escape)
        assert desk.letters.desk.isVisible(), name


def test_what_is_printed_along_stays_a_preference_of_the_place(opened):
    assert preferences.get("letters.along", []) == []


def test_an_instalment_letter_for_a_known_person_takes_fifty_keys_and_no_mouse(desk, hands, tmp_path):
    draft = people.Draft("Bénali", "Samira", "Madame", phone="0600000000", address="3 allée Fictive", postcode="69100",
                         town="Villeurbanne", informed_on=date.today())  # fmt: skip
    people.record(draft, date.today())
    hands.press(K.Key_F6)
    hands.type("edf")
    hands.press(K.Key_Return)
    hands.type("bena")
    hands.press(K.Key_Return)
    hands.press(K.Key_Tab)  # the address, by hand on the paper
    for text in ("6001234567", "312,48", "12/10", "4", "5/12"):
        hands.type(text)
        hands.press(K.Key_Return)
    hands.press(K.Key_P, CONTROL)
    hands.press(K.Key_Return)
    used = hands.count
    paper(desk, tmp_path)
    hands.press(K.Key_1)
    (line,) = letters.register()
    page = words(letters.bytes_of(line.id))
    assert line.printed and line.addressee == "EDF – Service clients"
    assert "Samira Bénali 3 allée Fictive 69100 Villeurbanne" in page
    assert page.count("78,12") == 4
    assert used + 1 <= 50


def test_the_take_home_sheet_goes_with_a_copy_in_another_language(desk, qtbot):
    from db import letters
    from desktop.documents import templates
    from desktop.letters import leaving

    template = templates.read_template("fiche-a-emporter")
    draft = letters.Draft(template.id, values={"fait": "Une lettre au fournisseur"})
    along = {sheet.code: sheet for sheet in leaving.sheets(template, draft)}
    assert {key for key in along if key.startswith("copie-")} == {"copie-ar", "copie-en", "copie-tr", "copie-pt"}
    assert "suite" not in along, "a sheet has nothing to follow"
    said = words(along["copie-tr"].draw("A1-2026-0001"))
    assert "Une lettre au fournisseur" in said and "traduction à relire" in said


def test_a_mandate_lasts_a_month_unless_one_says_otherwise(opened):
    from datetime import date

    from desktop import french
    from desktop.letters import writing

    end = french.parse_date(writing.of_place()["fin_mandat"], date.today())
    assert 28 <= (end - date.today()).days <= 31


def test_a_letter_whose_variant_is_not_chosen_is_not_printed(desk, hands):
    hands.press(K.Key_F6)
    write("C07")
    hands.press(K.Key_Return)
    hands.press(K.Key_P, CONTROL)
    assert not desk.letters.desk.preview.printing.isVisible()
    assert "Choisissez d’abord" in desk.letters.desk.fields.form.error("demande")
    assert QApplication.focusWidget() is desk.letters.desk.fields.form.fields["demande"]
    desk.letters.desk.fields.form.fields["demande"].choose("la réduire")
    QApplication.processEvents()
    hands.press(K.Key_P, CONTROL)
    assert desk.letters.desk.preview.printing.isVisible(), "the other blanks become dotted lines"


def test_the_budget_begun_for_the_person_goes_with_the_letter_as_an_annex(desk, hands, letter):
    from db import drafts
    from db import letters as register
    from desktop.letters import leaving

    template = templates.read_template("energie-echeancier")
    draft = register.Draft(template.id, values={"name": "Aïcha Modèle"})
    begun = {
        "name": "Aïcha MODELE", "persons": "2", "start": "2026-12",
        "resources": [{"label": "Salaire", "amount": "1 250"}], "charges": [{"label": "Loyer", "amount": "620"}],
    }  # fmt: skip
    assert "budget" not in {sheet.code for sheet in leaving.sheets(template, draft)}
    drafts.keep("budget", begun)
    along = {sheet.code: sheet for sheet in leaving.sheets(template, draft)}
    said = words(along["budget"].draw("A1-2026-0001"))
    assert "Annexe : mon budget" in said and "620,00 €" in said
    drafts.keep("budget", {**begun, "name": "Théo Fictif"})
    assert "budget" not in {sheet.code for sheet in leaving.sheets(template, draft)}, "never somebody else's figures"
