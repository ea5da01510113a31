"""The courtesy copy: one page, in two languages, marked as a copy; Arabic joined and in its own order."""

import re
import unicodedata
from datetime import date

import pypdfium2
import pytest

from desktop.documents import courtesy
from desktop.documents.courtesy import french, languages
from desktop.letters.courtesy import courtesy_copy

DAY = date(2026, 11, 23)
CODES = ["ar", "en", "pt", "tr"]
ROWS = [
    ("fait", "Une lettre à EDF : 4 paiements (312,48 €)."),
    ("apporter", "la réponse d’EDF\n- un justificatif (moins de 3 mois)"),
    ("prochaine_etape", "Appeler si rien n’est arrivé."),
    ("prochaine_date", "mardi 1er décembre à 9h30, au PIMMS (2 place Fictive, Villeurbanne)."),
    ("appeler", "Noé Fictif : 06 00 00 00 00"),
]


def copy(code: str, rows=ROWS, body: str = "") -> bytes:
    return courtesy_copy("Fiche à emporter", rows, code, DAY, body)


def signs(pdf: bytes) -> list[tuple[int, float, str]]:
    """Every sign of the page with its height and its left edge, as the eye meets them from left to right."""
    with pypdfium2.PdfDocument(pdf) as document:
        assert len(document) == 1
        text = document[0].get_textpage()
        found = [(*text.get_charbox(i, loose=True), text.get_text_range(i, 1)) for i in range(text.count_chars())]
    shown = [(round(bottom), left, plain(sign)) for left, bottom, _, _, sign in found]
    return sorted((-bottom, left, sign) for bottom, left, sign in shown if sign)


def plain(text: str) -> str:
    """Without spaces, nor the marks above and below the letters, which have no place of their own."""
    kept = (c for c in unicodedata.normalize("NFKC", text) if not unicodedata.combining(c))
    return "".join("".join(kept).replace("\u200e", "").split())


def letters(pdf: bytes) -> str:
    return "".join(sign for _, _, sign in signs(pdf))


def is_there(words: str, code: str, text: str) -> bool:
    """Arabic is met from its end, word by word."""
    return all(plain(word)[::-1] in text for word in words.split()) if code == "ar" else plain(words) in text


def fonts(pdf: bytes) -> set[str]:
    found = re.findall(rb"/FontName /\w+\+([\w-]+)", pdf)
    assert len(found) == len(re.findall(rb"/FontFile2 ", pdf)), "a font is not embedded"
    return {name.decode() for name in found}


@pytest.mark.parametrize("code", CODES)
def test_one_page_with_the_shipped_fonts_embedded_and_no_other(qapp, code):
    latin = {"SourceSans3-Regular", "SourceSans3-Bold"}
    assert fonts(copy(code)) == latin | ({"NotoNaskhArabic-Regular"} if code == "ar" else set())


@pytest.mark.parametrize("code", CODES)
def test_the_values_stay_in_french_and_in_order(qapp, code):
    text = letters(copy(code))
    for value in ("Une lettre à EDF : 4 paiements (312,48 €).", "– la réponse d’EDF", "– un justificatif (moins de 3 mois)",
                  "au PIMMS (2 place Fictive, Villeurbanne).", "Noé Fictif : 06 00 00 00 00"):  # fmt: skip
        assert plain(value) in text


@pytest.mark.parametrize("code", CODES)
def test_every_name_is_printed_in_both_languages(qapp, code):
    text = letters(copy(code))
    for name in ("titre", *(name for name, _ in ROWS)):
        assert plain(french()[name]) in text
        assert is_there(languages()[code].words[name], code, text)


@pytest.mark.parametrize("code", CODES)
def test_the_page_says_in_both_languages_that_it_is_a_copy_not_read_again(qapp, code):
    text, words = letters(copy(code)), languages()[code].words
    assert plain("Copie de courtoisie — seule la version française est envoyée · traduction à relire") in text
    notice = f"{words['copie']} {words['relire']}" if code == "ar" else f"{words['copie']} · {words['relire']}"
    assert is_there(notice.replace("—", " ") if code == "ar" else notice, code, text)


def test_a_translation_somebody_signed_is_no_longer_to_be_read_again(qapp, tmp_path, monkeypatch):
    signed = courtesy.FILE.read_text("utf-8").replace('relu_par = ""', 'relu_par = "Théo Modèle"')
    (tmp_path / "courtesy.toml").write_text(signed, "utf-8")
    monkeypatch.setattr(courtesy, "FILE", tmp_path / "courtesy.toml")
    text = letters(copy("tr"))
    assert plain("seule la version française est envoyée") in text
    assert plain("traduction à relire") not in text
    assert plain(languages()["tr"].words["relire"]) not in text
    assert plain("Traduction relue par Théo Modèle") in text


def test_arabic_letters_are_joined(qapp):
    """The PDF tells which drawing stands for which letter: those of the beginning, the middle and the end of a word."""
    used = {chr(int(code, 16)) for code in re.findall(rb"<(F[BE][0-9A-F]{2})>", copy("ar"))}
    forms = {unicodedata.decomposition(sign).split(">")[0].strip("<") for sign in used}
    assert {"initial", "medial", "final"} <= forms


def test_a_french_date_keeps_its_order_in_an_arabic_line(qapp):
    """« سُلّمت يوم », then the date on its left, read from left to right."""
    found = signs(copy("ar"))
    foot = [(left, sign) for height, left, sign in found if height > found[-1][0] - 12 and left > 300]
    arabic = [left for left, sign in foot if "\u0600" < sign < "\u0700"]
    date_ = [(left, sign) for left, sign in foot if left < min(arabic)]
    assert "".join(sign for _, sign in sorted(date_)) == "23novembre2026"
    assert len(arabic) == len(plain("سُلّمت يوم"))


def test_a_row_without_a_value_disappears(qapp):
    text = letters(copy("en", [("fait", "Une lettre."), ("apporter", " \n ")]))
    assert plain("Done today") in text
    assert plain("What to bring next time") not in text


def test_what_is_typed_is_never_read_as_markup(qapp):
    text = letters(copy("en", [("fait", "<b>gras</b> & {jour} <br>")]))
    assert "<b>gras</b>&{jour}<br>" in text


@pytest.mark.parametrize("code", CODES)
def test_a_long_sheet_is_written_smaller_on_its_one_page(qapp, code):
    rows = [(name, "Une phrase assez longue pour passer à la ligne, et même deux fois. " * 5) for name, _ in ROWS]
    assert letters(copy(code, rows)).count("Unephraseassezlongue") == 25


def test_a_sheet_too_long_goes_on_a_second_page_and_stays_readable(qapp):
    pdf = copy("ar", [("fait", "Une phrase assez longue pour passer à la ligne. " * 150)])
    with pypdfium2.PdfDocument(pdf) as document:
        texts = [page.get_textpage() for page in document]
        assert len(texts) == 2
        read = [" ".join(text.get_text_range().split()) for text in texts]
        _, bottom, _, top = texts[1].get_charbox(0, loose=True)
    assert "Une phrase" in read[0] and "Une phrase" in read[1]
    assert "Remis le" in read[1] and "Remis le" not in read[0]
    assert top - bottom > 9


def test_a_translated_body_comes_first_with_its_own_title(qapp):
    text = letters(copy("en", [], "# Request to pay\n\nI ask to pay my bill\nin several payments.\n\nThank you."))
    assert text.startswith(plain("Fiche à emporter Request to pay"))
    assert plain("I ask to pay my bill in several payments.Thank you.") in text
    assert plain("Your sheet to keep") not in text


def test_a_language_that_does_not_exist_is_refused(qapp):
    with pytest.raises(LookupError):
        copy("xx")
