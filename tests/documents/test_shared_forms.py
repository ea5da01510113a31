"""Real French forms, kept out of the repository: the same letters come out of each, inside its boxes."""

import io
import os
from pathlib import Path

import pikepdf
import pypdfium2
import pypdfium2.raw as raw
import pytest
from reportlab.lib.units import mm
from reportlab.pdfbase.pdfmetrics import stringWidth

from desktop.documents import forms
from desktop.documents.form_ink import padding
from desktop.documents.form_mappings import Mapping, Spot, Zone, known, shipped
from desktop.documents.paper import REGULAR, fonts

FOLDER = Path(os.environ.get("GUICHET_FORMS", "/work/shared/forms"))
AICHA = "Mme Aïcha Œuvrard-Nguyễn"
FILES = {
    "mdph_15692-01_acroform.pdf": ("acroform", 32, "15692*01"),
    "cmuc_12504-03_acroform_comb.pdf": ("acroform", 8, "12504*03"),
    "cmuc_choix_organisme_acroform.pdf": ("acroform", 2, ""),
    "listes_electorales_12669-01_plat.pdf": ("plat", 2, "12669*01"),
    "rsa_demande_xfa.pdf": ("xfa_statique", 6, ""),
}
PERSON = {
    "nom_prenoms": "Œuvrard-Nguyễn Aïcha", "nom_naissance": "Œuvrard-Nguyễn", "nom_usage": "Modèle", "prenoms": "Aïcha Lê",
    "date_naissance": "4/3/1980", "commune_naissance": "Saint-Étienne", "departement_naissance": "42",
    "numero_securite_sociale": "2 80 03 42 218 123 45", "numero_allocataire": "0123456",
    "adresse": "18 bis rue des Exemples", "complement_adresse": "Bâtiment C, 3e étage", "code_postal": "69100",
    "commune": "Villeurbanne", "telephone": "06 00 00 00 00", "courriel": "aicha@exemple.fr",
    "fait_a": "Villeurbanne", "date_demande": "23/11/2026",
}  # fmt: skip


@pytest.fixture(scope="module", params=FILES)
def form(request) -> tuple[str, bytes]:
    path = FOLDER / request.param
    if not path.exists():
        pytest.skip(f"real forms are kept out of the repository: no {path}")
    return request.param, path.read_bytes()


def ours(pdf: bytes) -> list[tuple[int, str, tuple[float, float, float, float]]]:
    """Each character drawn in our own font: page, sign, and its place from the top left in mm."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for number, page in enumerate(document, 1):
            height, text = page.get_height(), page.get_textpage()
            for i in range(text.count_chars()):
                item = raw.FPDFText_GetTextObject(text, i)
                if item and "SourceSans3" in font_name(item) and (sign := text.get_text_range(i, 1)).strip():
                    left, bottom, right, top = text.get_charbox(i)
                    found.append((number, sign, (left / mm, (height - top) / mm, right / mm, (height - bottom) / mm)))
    return found


def font_name(item) -> str:
    font = raw.FPDFTextObj_GetFont(item)
    size = raw.FPDFFont_GetBaseFontName(font, None, 0)
    buffer = (raw.ctypes.c_char * size)()
    raw.FPDFFont_GetBaseFontName(font, buffer, size)
    return bytes(buffer).decode(errors="ignore")


def within(place, zone, slack: float = 0.2) -> bool:
    left, top, right, bottom = place
    return (
        left >= zone.x - slack and top >= zone.y - slack
        and right <= zone.x + zone.wide + slack and bottom <= zone.y + zone.high + slack
    )  # fmt: skip


def test_each_real_form_is_recognised(form):
    name, pdf = form
    found = forms.inspect(pdf)
    assert (found.kind, len(found.pages), found.number) == FILES[name]
    assert not found.written_in


def every_box(found: forms.Inspection) -> Mapping:
    """The form's own boxes; of a file that has none, those we measured."""
    if any(not box.locked for box in found.boxes):
        return forms.automatic(found, Mapping("Essai"))
    return known(found.fingerprint, found.number, shipped())[0]


def zones_of(spot: Spot, found: forms.Inspection) -> list[Zone]:
    return list(spot.zones) or [box.zone for box in found.boxes if box.name == spot.boxes[0]]


def test_the_name_is_exact_in_every_text_field_wide_enough_and_never_lost_elsewhere(form):
    _, pdf = form
    found = forms.inspect(pdf)
    mapping = every_box(found)
    asked = [s for s in mapping.spots if s.kind in ("texte", "multiligne") and not s.longest and not s.separator]
    done = forms.fill(pdf, mapping, {spot.name: AICHA for spot in asked})
    signs = [sign for sign in ours(done.pdf) if sign[0] <= len(found.pages)]
    fonts()
    exact = 0
    for spot in asked:
        zones, wanted = zones_of(spot, found), AICHA.upper() if spot.capitals else AICHA
        least = stringWidth(wanted, REGULAR, 6)
        wide = all(z.wide * mm - 2 * padding(z.wide * mm) > least and z.high * mm > 7.2 for z in zones)
        if spot.name in done.overflow or spot.name in done.problems:
            assert not wide, spot
            continue
        for zone in zones:
            written = "".join(s for page, s, place in signs if page == zone.page and within(place, zone, 0.5))
            assert wanted.replace(" ", "") in written, zone
            exact += 1
    assert exact >= 0.7 * len(asked)
    places = [zone for spot in mapping.spots for zone in zones_of(spot, found)]
    for page, sign, place in signs:
        assert any(page == zone.page and within(place, zone) for zone in places), (page, sign, place)


def test_each_comb_takes_its_letters_one_by_one(form):
    _, pdf = form
    found = forms.inspect(pdf)
    mapping = every_box(found)
    combs = [question for question in forms.questions(mapping, found) if question.kind == "cases"]
    typed = {question.name: ("Œuvrard-Nguyễn" * 4)[: question.longest] for question in combs}
    done = forms.fill(pdf, mapping, typed)
    assert done.problems == {}
    signs = ours(done.pdf)
    for spot in (spot for spot in mapping.spots if spot.name in typed):
        zones = zones_of(spot, found)
        counts = spot.cut or [next((b.cells for b in found.boxes if b.name in spot.boxes), spot.longest)] * len(zones)
        for zone, count in zip(zones, counts, strict=True):
            step = zone.wide / count
            middles = [
                (place[0] + place[2]) / 2 for page, _, place in signs if page == zone.page and within(place, zone)
            ]
            assert {int((middle - zone.x) / step) for middle in middles} == set(range(count)), spot


def test_our_mapping_of_each_form_writes_a_whole_person(form):
    _, pdf = form
    found = forms.inspect(pdf)
    mapping, changed = known(found.fingerprint, found.number, shipped())
    assert not changed
    kept, lost = forms.usable(mapping, found)
    assert (kept, lost) == (mapping, ())
    asked = forms.questions(mapping, found)
    values = PERSON | {question.name: question.choices[0] for question in asked if question.kind == "choix"}
    done = forms.fill(pdf, mapping, values)
    assert (done.problems, done.overflow) == ({}, {})
    whole = "".join(sign for _, sign, _ in ours(done.pdf)).upper()
    for name in {question.name for question in asked} & {"adresse", "commune", "code_postal", "courriel"}:
        sign = "".join(PERSON[name].split()).upper()
        assert all(part in whole for part in sign.split("@")), name
    assert "ŒUVRARD-NGUYỄN" in whole
    assert "04031980" in whole


def test_no_field_no_script_and_no_usage_right_comes_out(form):
    _, pdf = form
    with pikepdf.open(io.BytesIO(forms.fill(pdf, Mapping("Essai"), {}).pdf)) as out:
        assert not {"/AcroForm", "/OpenAction", "/AA", "/Perms"} & set(out.Root.keys())
        notes = [note for page in out.pages for note in page.obj.get("/Annots", ())]
        assert all(str(note.Subtype) == "/Link" for note in notes)
        scripts = [
            x for x in out.objects if isinstance(x, pikepdf.Dictionary) and x.get("/S") == pikepdf.Name.JavaScript
        ]
        assert scripts == []


def test_the_same_answers_give_the_same_file(form):
    _, pdf = form
    found = forms.inspect(pdf)
    mapping, _ = known(found.fingerprint, found.number, shipped())
    assert forms.fill(pdf, mapping, PERSON) == forms.fill(pdf, mapping, PERSON)
