"""Official forms: any PDF is read or refused in a sentence, and filled with the very letters typed, inside its boxes."""

import io
from itertools import pairwise

import pikepdf
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name, String
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from desktop.documents import forms
from desktop.documents.form_boxes import LIMIT
from desktop.documents.form_mappings import (
    BadMapping,
    Mapping,
    Spot,
    Zone,
    key_of,
    known,
    parse_mapping,
    shipped,
    write_mapping,
)  # fmt: skip
from desktop.documents.forms import BadForm
from desktop.french import NBSP

AICHA = "Mme Aïcha Œuvrard-Nguyễn"
COMB, MULTILINE, RADIO, PUSH, READ_ONLY = 1 << 24, 1 << 12, 1 << 15, 1 << 16, 1


# a form made by hand


def paper(pages: int = 1, words: str = "Formulaire d'essai") -> pikepdf.Pdf:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(595, 842), invariant=1)
    for _ in range(pages):
        canvas.drawString(60, 800, words)
        canvas.rect(40, 20, 500, 760)
        canvas.showPage()
    canvas.save()
    return pikepdf.open(buffer)


def widget(name: str, rect, kind: str = "/Tx", flags: int = 0, **more) -> dict:
    return {"T": String(name), "Rect": rect, "FT": Name(kind), "Ff": flags, "F": 4, **more}


def cross(name: str, rect, *states: str, **more) -> dict:
    drawing = {f"/{state}": Dictionary() for state in states}
    return widget(name, rect, "/Btn", AP=Dictionary(N=Dictionary(drawing)), **more)


def made(
    *widgets: dict, document: pikepdf.Pdf | None = None, page: dict | None = None, root: dict | None = None, **save
):
    """The bytes of a form with these widgets on its first page."""
    document = document or paper()
    first = document.pages[0].obj
    fields = [
        document.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Widget, **(w | {"Rect": Array(w["Rect"])})))
        for w in widgets
    ]
    if fields:
        first.Annots = Array([*first.get(Name.Annots, ()), *fields])
        document.Root.AcroForm = Dictionary(Fields=Array(fields))
    for key, value in (page or {}).items():
        first[Name(f"/{key}")] = value
    for key, value in (root or {}).items():
        document.Root[Name(f"/{key}")] = value
    buffer = io.BytesIO()
    document.save(buffer, deterministic_id="encryption" not in save, **save)
    return buffer.getvalue()


def flat(*spots: Spot) -> Mapping:
    return Mapping("Essai", spots)


def named(pdf: bytes) -> Mapping:
    return forms.automatic(forms.inspect(pdf), Mapping("Essai"))


# reading what comes out


def read(pdf: bytes, page: int = 0) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return " ".join(document[page].get_textpage().get_text_range().split())


def seen(pdf: bytes, page: int = 0) -> tuple[int, int, list[bytes]]:
    """The grey rows of a page as a person sees it, 3 pixels a point."""
    with pypdfium2.PdfDocument(pdf) as document:
        bitmap = document[page].render(scale=3, grayscale=True)
        rows = [
            bytes(bitmap.buffer[y * bitmap.stride : y * bitmap.stride + bitmap.width]) for y in range(bitmap.height)
        ]
        return bitmap.width, bitmap.height, rows


def ink(pdf: bytes, mapping: Mapping, values: dict, page: int = 0) -> Zone | None:
    """What the values add to the page, in mm from its top left corner; None when nothing."""
    wide, _, before = seen(forms.fill(pdf, mapping, {}).pdf, page)
    _, _, after = seen(forms.fill(pdf, mapping, values).pdf, page)
    rows = [y for y, (a, b) in enumerate(zip(before, after, strict=True)) if a != b]
    columns = [x for x in range(wide) if any(before[y][x] != after[y][x] for y in rows)]
    if not rows:
        return None
    unit = 25.4 / 72 / 3
    return Zone(page + 1, columns[0] * unit, rows[0] * unit, (columns[-1] - columns[0] + 1) * unit,
                (rows[-1] - rows[0] + 1) * unit)  # fmt: skip


def inside(small: Zone | None, big: Zone, slack: float = 0.15) -> bool:
    assert small is not None, "nothing was drawn"
    return (
        small.x >= big.x - slack
        and small.y >= big.y - slack
        and small.x + small.wide <= big.x + big.wide + slack
        and small.y + small.high <= big.y + big.high + slack
    )


TEXT = widget("nom", (100, 700, 300, 716), TU=String("Nom de naissance"))


# reading a form


def test_the_boxes_of_a_form_are_found_with_their_kind_and_place():
    pdf = made(
        TEXT,
        widget("date", (100, 660, 260, 676), flags=COMB, MaxLen=8),
        widget("motif", (100, 560, 400, 640), flags=MULTILINE),
        cross("accord", (100, 530, 112, 542), "Oui", "Off"),
        cross("etat", (100, 500, 112, 512), "marié", "Off"),
        cross("etat", (200, 500, 212, 512), "veuf", "Off"),
        widget("pays", (100, 470, 260, 486), "/Ch", Opt=Array([String("France"), String("Autre")])),
        widget("imprimer", (400, 20, 500, 40), "/Btn", PUSH),
        widget("caché", (400, 60, 500, 80)) | {"F": 2},
    )
    found = forms.inspect(pdf)
    kinds = [(box.name, box.kind) for box in found.boxes]
    assert kinds == [
        ("nom", "texte"), ("date", "cases"), ("motif", "multiligne"), ("accord", "case"), ("etat", "choix"),
        ("etat", "choix"), ("pays", "texte"),
    ]  # fmt: skip
    nom, date, *_ = found.boxes
    assert (nom.tooltip, date.cells) == ("Nom de naissance", 8)
    measured = (nom.zone.x, nom.zone.y, nom.zone.wide, nom.zone.high)
    assert measured == pytest.approx((100 / mm, 126 / mm, 200 / mm, 16 / mm), abs=0.01)
    assert found.kind == "acroform"
    assert found.pages == ((209.9, 297.04),)


def test_the_questions_are_those_of_the_form():
    pdf = made(
        TEXT,
        cross("etat", (100, 500, 112, 512), "marié", "Off"),
        cross("etat", (200, 500, 212, 512), "veuf", "Off"),
        cross("accord", (100, 460, 112, 472), "Oui", "Off"),
        widget("pays", (100, 430, 260, 446), "/Ch", Opt=Array([String("France"), String("Autre")])),
    )
    asked = forms.questions(named(pdf), forms.inspect(pdf))
    assert [(q.name, q.label, q.kind, q.choices) for q in asked] == [
        ("nom_naissance", "Nom de naissance", "texte", ()),
        ("etat", "etat", "choix", ("marié", "veuf")),
        ("accord", "accord", "case", ()),
        ("pays", "pays", "choix", ("France", "Autre")),
    ]


def test_the_number_printed_beside_its_sign_is_the_one_of_the_form():
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawString(60, 700, "Joignez le formulaire 13788*01")
    canvas.drawString(60, 800, "N° 12669 * 02")
    canvas.save()
    assert forms.inspect(buffer.getvalue()).number == "12669*02"
    assert forms.inspect(made()).number == ""


def test_a_flat_file_is_a_form_to_measure():
    found = forms.inspect(made())
    assert (found.kind, found.boxes) == ("plat", ())


@pytest.mark.parametrize(("encoding", "state"), [("cp1252", "mariée"), ("utf-8", "mariée"), ("mac_roman", "Française")])
def test_the_answers_of_a_choice_are_read_in_any_encoding(encoding, state):
    escaped = "".join(f"#{byte:02x}" for byte in state.encode(encoding))
    pdf = made(cross("etat", (100, 500, 112, 512), "AAAAAA", "Off"), cross("etat", (130, 500, 142, 512), "B", "Off"))
    assert forms.inspect(pdf.replace(b"/AAAAAA", f"/{escaped}".encode())).boxes[0].state == state


# refusing


def refusal(pdf: bytes) -> str:
    with pytest.raises(BadForm) as found:
        forms.inspect(pdf)
    return str(found.value)


def locked(**allowed) -> dict:
    return {"encryption": pikepdf.Encryption(owner="x", allow=pikepdf.Permissions(**allowed))}


def test_what_cannot_be_filled_is_refused_in_one_sentence():
    xfa = {"AcroForm": Dictionary(Fields=Array(), XFA=String("<xdp/>"))}
    signature = widget("sig", (100, 100, 200, 130), "/Sig", V=Dictionary(Type=Name.Sig))
    empty = pikepdf.new()
    empty.add_blank_page()
    script = {"OpenAction": Dictionary(S=Name.JavaScript, JS=String("dessine()"))}
    for pdf, word in (
        (b"bonjour", "pas un PDF"),
        (b"%PDF-1.7\nbonjour", "abîmé"),
        (made()[:900], "abîmé"),
        (made(document=paper(words="Please wait... upgrade"), root=xfa), "Adobe Reader"),
        (made(document=paper(), root=xfa | {"NeedsRendering": True}), "Adobe Reader"),
        (made(signature), "signé"),
        (made(root={"Perms": Dictionary(DocMDP=Dictionary())}), "signé"),
        (made(TEXT, **locked(modify_other=False)), "protégé"),
        (made(TEXT, **locked(modify_form=False)), "protégé"),
        (made(TEXT, encryption=pikepdf.Encryption(owner="a", user="b")), "mot de passe"),
        (made(document=empty, root=script), "vides"),
        (made(root={"Collection": Dictionary()}), "autres fichiers"),
        (b"%PDF-1.7" + b" " * LIMIT, "30 Mo"),
    ):
        sentence = refusal(pdf)
        assert word in sentence, sentence
        assert sentence.endswith(".")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_filled_or_refused_and_nothing_else(data):
    pdf = bytearray(made(TEXT, cross("accord", (100, 530, 112, 542), "Oui", "Off")))
    for place in data.draw(st.lists(st.integers(0, len(pdf) - 1), min_size=1, max_size=8)):
        pdf[place] = data.draw(st.integers(0, 255))
    try:
        mapping = named(bytes(pdf))
        forms.fill(bytes(pdf), mapping, {spot.name: "Aïcha" for spot in mapping.spots})
    except BadForm as problem:
        assert str(problem).endswith(".")


def test_a_file_without_pages_is_refused():
    document = pikepdf.new()
    buffer = io.BytesIO()
    document.save(buffer)
    assert refusal(buffer.getvalue()) in ("Ce PDF n’a aucune page.", "Ce PDF est abîmé. Téléchargez-le de nouveau.")


def test_a_locked_file_whose_owner_allows_everything_is_filled():
    pdf = made(TEXT, **locked())
    done = forms.fill(pdf, named(pdf), {"nom_naissance": AICHA}).pdf
    assert AICHA in read(done)
    assert not pikepdf.open(io.BytesIO(done)).is_encrypted


def test_an_empty_signature_box_does_not_stop_anybody():
    pdf = made(TEXT, widget("sig", (100, 100, 200, 130), "/Sig"), root={"Perms": Dictionary(UR3=Dictionary())})
    assert [box.name for box in forms.inspect(pdf).boxes] == ["nom"]


def test_a_drawn_xfa_form_is_filled_like_a_flat_one():
    form = Dictionary(Fields=Array(), XFA=String("<xdp/>"))
    pdf = made(root={"AcroForm": form})
    assert forms.inspect(pdf).kind == "xfa_statique"
    done = forms.fill(pdf, flat(Spot("nom", "Nom", zones=(Zone(1, 40, 50, 70, 6),))), {"nom": AICHA}).pdf
    assert AICHA in read(done)
    assert b"XFA" not in done


# filling


@pytest.mark.parametrize(
    ("rect", "flags"),
    [((100, 700, 300, 716), 0), ((100, 690, 180, 698), 0), ((100, 500, 300, 620), MULTILINE), ((100, 600, 160, 640), MULTILINE)],
    ids=["a line", "a low and narrow line", "a block", "a narrow block"],
)  # fmt: skip
def test_a_name_comes_back_letter_for_letter_and_stays_in_its_box(rect, flags):
    pdf = made(widget("nom", rect, flags=flags))
    mapping = named(pdf)
    done = forms.fill(pdf, mapping, {"nom": AICHA})
    assert AICHA in read(done.pdf)
    assert (done.problems, done.overflow) == ({}, {})
    assert inside(ink(pdf, mapping, {"nom": "ÊŸễgjpqẤ " + AICHA}), forms.inspect(pdf).boxes[0].zone)


def test_the_text_stands_in_the_middle_of_its_line():
    pdf = made(widget("nom", (100, 700, 300, 740)))
    box, drawn = forms.inspect(pdf).boxes[0].zone, ink(pdf, named(pdf), {"nom": "HHH"})
    assert abs((drawn.y + drawn.high / 2) - (box.y + box.high / 2)) < 0.2


@pytest.mark.parametrize(("align", "side"), [(0, "left"), (1, "middle"), (2, "right")])
def test_the_side_the_form_wants_is_kept(align, side):
    pdf = made(widget("nom", (100, 700, 300, 716), Q=align))
    box, drawn = forms.inspect(pdf).boxes[0].zone, ink(pdf, named(pdf), {"nom": "Noé"})
    left, right = drawn.x - box.x, box.x + box.wide - drawn.x - drawn.wide
    assert {"left": left < 2 < right, "middle": abs(left - right) < 1, "right": right < 2 < left}[side]


def letters(pdf: bytes, zone: Zone, cells: int) -> list[str]:
    """What is written in each cell of a comb."""
    with pypdfium2.PdfDocument(pdf) as document:
        page, step = document[0].get_textpage(), zone.wide * mm / cells
        top = 842 - zone.y * mm
        return [
            page.get_text_bounded(
                zone.x * mm + i * step, top - zone.high * mm, zone.x * mm + (i + 1) * step, top
            ).strip()
            for i in range(cells)
        ]


@pytest.mark.parametrize(
    ("cells", "typed", "written"),
    [
        (8, "4/3/1980", "04031980"),
        (8, "04.03.1980", "04031980"),
        (6, "4/3/1980", "040380"),
        (10, "06 00 00 00 00", "0600000000"),
        (10, "+33 6 00 00 00 00", "0600000000"),
        (15, "2 80 03 2A 218 123 45", "280032A21812345"),
        (5, "69100", "69100"),
        (14, "Œuvrard-Nguyễn", "Œuvrard-Nguyễn"),
        (9, "Le Modèle", "Le Modèle"),
    ],
)
def test_a_comb_takes_one_character_a_cell_and_numbers_lose_their_separators(cells, typed, written):
    pdf = made(widget("numero", (100, 700, 300, 714), flags=COMB, MaxLen=cells))
    done = forms.fill(pdf, named(pdf), {"numero": typed})
    assert done.problems == {}
    zone = forms.inspect(pdf).boxes[0].zone
    assert letters(done.pdf, zone, cells) == [c.strip() for c in written.ljust(cells)]
    assert inside(ink(pdf, named(pdf), {"numero": typed}), zone)


def test_an_amount_fills_its_comb_from_the_right():
    pdf = made(widget("salaire", (100, 700, 220, 714), flags=COMB, MaxLen=6, Q=2))
    done = forms.fill(pdf, named(pdf), {"salaire": "412"}).pdf
    assert letters(done, forms.inspect(pdf).boxes[0].zone, 6) == ["", "", "", "4", "1", "2"]


def test_too_many_characters_for_a_comb_is_said_and_nothing_is_cut():
    pdf = made(widget("code", (100, 700, 200, 714), flags=COMB, MaxLen=5))
    done = forms.fill(pdf, named(pdf), {"code": "691000"})
    assert done.problems == {"code": f"Il y a 5{NBSP}cases et 6{NBSP}caractères."}
    assert "6" not in read(done.pdf)


def test_a_year_of_two_figures_is_asked_again():
    pdf = made(widget("date", (100, 700, 300, 714), flags=COMB, MaxLen=8))
    assert "4 chiffres" in forms.fill(pdf, named(pdf), {"date": "4/3/80"}).problems["date"]


def test_one_answer_is_shared_between_the_boxes_of_a_date():
    pdf = made(*(widget(n, (x, 700, x + w, 716)) for n, x, w in (("j", 100, 20), ("m", 130, 20), ("a", 160, 40))))
    mapping = flat(Spot("date", "Date", "cases", boxes=("j", "m", "a"), cut=(2, 2, 4)))
    done = forms.fill(pdf, mapping, {"date": "4/3/1980"}).pdf
    boxes = {box.name: box.zone for box in forms.inspect(pdf).boxes}
    assert ["".join(letters(done, boxes[n], 2 if n != "a" else 4)) for n in "jma"] == ["04", "03", "1980"]


def test_one_figure_a_box_when_the_form_has_one_box_a_figure():
    pdf = made(*(widget(f"cp{i}", (100 + 20 * i, 700, 114 + 20 * i, 716)) for i in range(5)))
    mapping = flat(Spot("code_postal", "Code postal", "cases", boxes=tuple(f"cp{i}" for i in range(5))))
    done = forms.fill(pdf, mapping, {"code_postal": "69 100"}).pdf
    found = sorted(forms.inspect(pdf).boxes, key=lambda box: box.zone.x)
    assert ["".join(letters(done, box.zone, 1)) for box in found] == list("69100")


def test_an_e_mail_is_parted_around_the_sign_the_form_prints():
    spot = Spot("courriel", "Courriel", zones=(Zone(1, 30, 50, 50, 6), Zone(1, 90, 50, 50, 6)), separator="@")
    done = forms.fill(made(), flat(spot), {"courriel": "aicha@exemple.fr"}).pdf
    assert ["".join(letters(done, zone, 1)) for zone in spot.zones] == ["aicha", "exemple.fr"]


def test_a_sentence_goes_on_from_one_line_to_the_next():
    spot = Spot("motif", "Motif", zones=(Zone(1, 100, 50, 40, 6), Zone(1, 30, 58, 110, 6)))
    text = "Je demande une aide pour payer la facture du mois de mars."
    done = forms.fill(made(), flat(spot), {"motif": text}).pdf
    first, second = ("".join(letters(done, zone, 1)) for zone in spot.zones)
    assert f"{first} {second}" == text
    assert first


def test_a_field_placed_twice_is_written_twice():
    pdf = made(TEXT, widget("nom", (100, 30, 300, 46), TU=String("Nom de naissance")))
    assert read(forms.fill(pdf, named(pdf), {"nom_naissance": AICHA}).pdf).count(AICHA) == 2


def test_capitals_keep_their_accents():
    pdf = made(TEXT)
    mapping = flat(Spot("nom", "Nom", boxes=("nom",), capitals=True))
    assert "AÏCHA ŒUVRARD-NGUYỄN" in read(forms.fill(pdf, mapping, {"nom": AICHA}).pdf)


def test_a_cross_is_drawn_in_its_box_and_the_others_stay_empty():
    pdf = made(
        cross("accord", (100, 530, 112, 542), "Oui", "Off"),
        cross("etat", (100, 500, 112, 512), "marié", "Off"),
        cross("etat", (200, 500, 212, 512), "veuf", "Off"),
    )
    boxes = {box.state: box.zone for box in forms.inspect(pdf).boxes}
    assert inside(ink(pdf, named(pdf), {"accord": True}), boxes["Oui"])
    assert inside(ink(pdf, named(pdf), {"etat": "veuf"}), boxes["veuf"])
    assert ink(pdf, named(pdf), {"etat": "", "accord": False}) is None
    assert ink(pdf, named(pdf), {"etat": "pacsé"}) is None


def test_the_frame_a_box_drew_for_itself_stays_on_the_page():
    colours = Dictionary(BC=Array([0, 0, 1]), BG=Array([1, 1, 1]))
    pdf = made(cross("accord", (100, 530, 120, 550), "Oui", "Off", MK=colours))
    _, _, rows = seen(forms.fill(pdf, named(pdf), {}).pdf)
    frame = rows[3 * (842 - 540)][3 * 95 : 3 * 125]
    assert sum(a != b for a, b in pairwise(frame)) >= 4


# what does not fit


LONG = "Depuis le mois de mars, je ne peux plus payer. " * 12


def test_a_long_text_shrinks_then_goes_on_another_page():
    pdf = made(widget("motif", (100, 700, 300, 714), TU=String("Motif de la demande")))
    done = forms.fill(pdf, named(pdf), {"motif_de_la_demande": LONG, "prenoms": "Aïcha"})
    assert "voir annexe" in read(done.pdf, 0)
    assert done.overflow == {"motif_de_la_demande": LONG.strip()}
    assert done.annex_pages == 1
    annex = read(done.pdf, 1)
    assert annex.startswith("Suite Essai Aïcha Motif de la demande")
    assert LONG.strip() in annex


def test_a_very_long_text_takes_as_many_pages_as_it_needs():
    pdf = made(TEXT)
    done = forms.fill(pdf, named(pdf), {"nom_naissance": LONG * 12})
    assert done.annex_pages > 1
    last = read(done.pdf, done.annex_pages)
    assert last.endswith("payer.")


def test_a_field_may_forbid_the_annex():
    pdf = made(TEXT)
    mapping = flat(Spot("nom", "Nom", boxes=("nom",), overflow="bloquer"))
    done = forms.fill(pdf, mapping, {"nom": LONG})
    assert done.problems == {"nom": "Ce texte est trop long pour la case. Raccourcissez-le."}
    assert (done.overflow, done.annex_pages) == ({}, 0)


def test_a_field_may_prefer_the_annex_to_small_letters():
    pdf = made(widget("nom", (100, 700, 200, 716)))
    text = "Aïcha Œuvrard-Nguyễn, Théo Modèle"
    small = forms.fill(pdf, flat(Spot("nom", "Nom", boxes=("nom",))), {"nom": text})
    other = forms.fill(pdf, flat(Spot("nom", "Nom", boxes=("nom",), overflow="annexe")), {"nom": text})
    assert (small.overflow, other.overflow) == ({}, {"nom": text})


def test_a_longest_text_is_counted():
    pdf = made(widget("pays", (100, 700, 200, 716), MaxLen=3))
    done = forms.fill(pdf, named(pdf), {"pays": "FRANCE"})
    assert done.problems == {"pays": f"3{NBSP}caractères au plus : il y en a 6."}


def test_a_character_without_a_drawing_is_named_and_never_replaced():
    pdf = made(TEXT)
    done = forms.fill(pdf, named(pdf), {"nom_naissance": "Aïcha 漢字"})
    assert done.problems == {"nom_naissance": "Ce signe ne s’imprime pas : 漢 字. Écrivez-le autrement."}
    assert "?" not in read(done.pdf)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_no_text_breaks_a_form_nor_leaves_its_box(text):
    pdf = made(TEXT)
    done = forms.fill(pdf, named(pdf), {"nom_naissance": text})
    zone = forms.inspect(pdf).boxes[0].zone
    with pypdfium2.PdfDocument(done.pdf) as document:
        page = document[0].get_textpage()
        for i in range(page.count_chars()):
            left, bottom, right, top = page.get_charbox(i)
            if top < 780:  # what we wrote
                assert left >= zone.x * mm - 0.5
                assert right <= (zone.x + zone.wide) * mm + 0.5
                assert bottom >= 842 - (zone.y + zone.high) * mm - 0.5
                assert top <= 842 - zone.y * mm + 0.5


# pages turned and cut


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [None, (30, 50, 565, 800)], ids=["whole", "cropped"])
def test_a_turned_or_cropped_page_is_written_where_one_sees_the_box(turn, crop):
    page = {"Rotate": turn} | ({"CropBox": Array(crop)} if crop else {})
    pdf = made(document=paper(), page=page)
    zone = Zone(1, 40, 60, 80, 8)
    drawn = ink(pdf, flat(Spot("nom", "Nom", zones=(zone,))), {"nom": AICHA})
    assert inside(drawn, zone)
    assert drawn.wide > 4 * drawn.high, "read from left to right"


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_the_box_of_a_turned_page_is_measured_as_it_is_seen(turn):
    pdf = made(widget("nom", (100, 300, 116, 500) if turn != 180 else (100, 300, 300, 316)), page={"Rotate": turn})
    box = forms.inspect(pdf).boxes[0].zone
    assert (round(box.wide * mm), round(box.high * mm)) == (200, 16)
    assert inside(ink(pdf, named(pdf), {"nom": AICHA}), box)


def test_a_page_that_leaves_its_drawing_turned_does_not_turn_ours():
    document = paper()
    document.pages[0].contents_add(b"\nq 0.5 0 0 0.5 100 100 cm q 0 1 -1 0 0 0 cm\n")
    pdf = made(document=document)
    zone = Zone(1, 40, 60, 80, 8)
    assert inside(ink(pdf, flat(Spot("nom", "Nom", zones=(zone,))), {"nom": AICHA}), zone)


# what the file keeps and loses


def test_fields_scripts_and_actions_do_not_come_out_but_links_do():
    js = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
    document = paper(2)
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 50, 90, 60]),
                      A=Dictionary(S=Name.URI, URI=String("https://exemple.fr")), AA=Dictionary(E=js))  # fmt: skip
    trap = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([50, 70, 90, 80]), A=js)
    document.pages[0].obj.Annots = Array([document.make_indirect(link), document.make_indirect(trap)])
    pdf = made(
        TEXT | {"AA": Dictionary(K=js), "V": String("Ancien")},
        document=document,
        page={"AA": Dictionary(O=js)},
        root={
            "OpenAction": js,
            "AA": Dictionary(WC=js),
            "Names": Dictionary(JavaScript=Dictionary(Names=Array([String("a"), js]))),
        },
    )
    done = forms.fill(pdf, named(pdf), {"nom_naissance": AICHA}).pdf
    with pikepdf.open(io.BytesIO(done)) as out:
        assert not {"/AcroForm", "/OpenAction", "/AA"} & set(out.Root.keys())
        kept = out.pages[0].obj.Annots
        assert [str(note.Subtype) for note in kept] == ["/Link", "/Link"]
        assert kept[0].A.URI == "https://exemple.fr"
        assert all("/JS" not in found for found in out.objects if isinstance(found, Dictionary))
    assert "Ancien" not in read(done)


def test_what_the_form_itself_had_written_stays():
    pdf = made(TEXT | {"V": String("Préfecture du Rhône"), "Ff": READ_ONLY}, cross("oui", (100, 500, 112, 512), "Oui", "Off", AS=Name.Oui))  # fmt: skip
    done = forms.fill(pdf, flat(), {}).pdf
    assert "Préfecture du Rhône" in read(done)
    assert named(pdf).spots[0].name == "oui"
    pages = [seen(forms.fill(p, flat(), {}).pdf)[2] for p in (pdf, made(TEXT))]
    assert pages[0][3 * (842 - 506)] != pages[1][3 * (842 - 506)]


def test_the_same_answers_give_the_same_bytes():
    pdf = made(TEXT, widget("motif", (100, 600, 300, 616)))
    values = {"nom_naissance": AICHA, "motif": LONG}
    first, second = (forms.fill(pdf, named(pdf), values).pdf for _ in range(2))
    assert first == second
    assert first != forms.fill(pdf, named(pdf), values | {"nom_naissance": "Noé"}).pdf


def test_a_form_filled_once_may_be_filled_again():
    first = forms.fill(made(), flat(Spot("nom", "Nom", zones=(Zone(1, 40, 50, 70, 6),))), {"nom": "Aïcha"}).pdf
    second = forms.fill(first, flat(Spot("nom", "Nom", zones=(Zone(1, 40, 70, 70, 6),))), {"nom": "Noé Fictif"}).pdf
    assert "Aïcha" in read(second)
    assert "Noé Fictif" in read(second)


def test_a_page_alone_is_drawn_like_the_page_of_the_whole():
    document = paper(3)
    pdf = made(document=document)
    mapping = flat(Spot("nom", "Nom", zones=(Zone(2, 40, 60, 80, 8),)))
    whole, alone = forms.fill(pdf, mapping, {"nom": AICHA}).pdf, forms.fill_page(pdf, mapping, {"nom": AICHA}, 2).pdf
    assert seen(whole, 1) == seen(alone, 0)
    with pypdfium2.PdfDocument(alone) as document:
        assert len(document) == 1


def test_a_form_somebody_filled_is_recognised():
    rows = [widget(f"n{i}", (100, 700 - 20 * i, 300, 714 - 20 * i), V=String("Noé Fictif")) for i in range(3)]
    assert forms.inspect(made(*rows)).written_in
    assert not forms.inspect(made(*rows[:1])).written_in


# mappings


TOML = """
numero = "12345*01"
titre = "Essai"
[[champs]]
nom = "nom_naissance"
libelle = "Nom de naissance"
boite = "nom"
"""


def test_a_mapping_says_where_and_how():
    mapping = parse_mapping(TOML + 'max = 30\ndebordement = "bloquer"\nmajuscules = true\naide = "En entier."\n')
    assert mapping.spots == (
        Spot("nom_naissance", "Nom de naissance", boxes=("nom",), longest=30, overflow="bloquer", capitals=True,
             help="En entier."),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("titre = ", "ne se lit pas"),
        ('couleur = "bleu"\ntitre = "x"', "couleur"),
        ("", "titre"),
        ('titre = "x"\nnumero = "abc"', "12345*01"),
        ('titre = "x"\nempreintes = ["zz"]', "SHA-256"),
        ('titre = "x"\nchamps = 3', "[[champs]]"),
        (TOML + 'gras = true', "clé inconnue gras"),
        (TOML + 'type = "rond"', "rond"),
        (TOML + 'debordement = "couper"', "couper"),
        (TOML + "page = 1\nx = 1\ny = 1\nl = 5\nh = 5", "boite"),
        (TOML + 'max = "huit"', "« max »"),
        (TOML + "decoupe = [2, 2]", "decoupe"),
        (TOML.replace('boite = "nom"', "page = 0\nx = 1\ny = 1\nl = 5\nh = 5"), "page 1"),
        (TOML.replace('boite = "nom"', "page = 1\nx = -1\ny = 1\nl = 5\nh = 5"), "coin en haut à gauche"),
        (TOML.replace('boite = "nom"', "page = 1\nx = 1"), "millimètres"),
        (TOML.replace('boite = "nom"', 'page = 1\nx = 1\ny = 1\nl = 5\nh = 5\ntype = "cases"'), "nombre de cases"),
        (TOML.replace("nom_naissance", "Nom d'usage"), "minuscules"),
        (TOML.replace('libelle = "Nom de naissance"', ""), "libelle"),
    ],
)  # fmt: skip
def test_a_mapping_that_breaks_the_format_is_refused_in_a_sentence(text, word):
    with pytest.raises(BadMapping) as found:
        parse_mapping(text)
    assert word in str(found.value)


names = st.text("abcdefghij_0123456789", min_size=1, max_size=8)
words = st.text(min_size=1, max_size=12).filter(lambda text: "\x00" not in text and text.isprintable())
zones = st.builds(
    Zone, st.integers(1, 9), *[st.integers(0, 20000).map(lambda n: n / 100)] * 2, *[st.floats(0.5, 200)] * 2
)
spots = st.one_of(
    st.builds(Spot, names, words, st.sampled_from(("texte", "multiligne", "croix")), zones=st.lists(zones, min_size=1, max_size=3).map(tuple),
              value=words, overflow=st.sampled_from(("reduire", "annexe", "bloquer")), capitals=st.booleans()),
    st.builds(Spot, names, words, st.just("cases"), boxes=st.lists(words, min_size=2, max_size=2).map(tuple), cut=st.just((2, 4)), help=words),
)  # fmt: skip


@given(st.lists(spots, max_size=4).map(tuple), words.filter(str.strip))
def test_a_mapping_written_then_read_is_the_same(placed, title):
    mapping = Mapping(title.strip(), placed, "12345*01", ("a" * 64,))
    assert parse_mapping(write_mapping(mapping)) == mapping


def test_a_field_we_know_takes_its_common_name():
    assert key_of("Nom d'usage") == "nom_usage"
    assert key_of("NOM D’USAGE", taken={"nom_usage"}) == "nom_usage_2"
    assert key_of("Couleur préférée") == "couleur_preferee"
    assert key_of("***") == "champ"


def test_the_same_file_finds_its_mapping_and_the_same_number_warns():
    old, other = Mapping("A", number="12345*01", fingerprints=("a" * 64,)), Mapping("B", number="12345*02")
    assert known("a" * 64, "", (other, old)) == (old, False)
    assert known("b" * 64, "12345*03", (old, other)) == (other, True)
    assert known("b" * 64, "12345*01", (other, old)) == (old, True)
    assert known("b" * 64, "99999*01", (old, other)) == (None, False)
    assert known("b" * 64, "", (Mapping("sans numéro"),)) == (None, False)


def test_what_a_new_version_lost_is_named():
    pdf = made(TEXT)
    mapping = flat(
        Spot("nom", "Nom", boxes=("nom",)), Spot("clef", "Ancienne case", boxes=("disparue",)),
        Spot("loin", "Page absente", zones=(Zone(4, 1, 1, 9, 9),)), Spot("bas", "Hors page", zones=(Zone(1, 1, 290, 9, 9),)),
    )  # fmt: skip
    kept, lost = forms.usable(mapping, forms.inspect(pdf))
    assert [spot.name for spot in kept.spots] == ["nom"]
    assert lost == ("Ancienne case", "Page absente", "Hors page")


def test_the_boxes_a_mapping_leaves_out_are_asked_under_their_own_name():
    pdf = made(TEXT, widget("profession", (100, 600, 300, 616)), cross("accord", (100, 530, 112, 542), "Oui", "Off"))
    measured = Spot("accord_ecrit", "Accord", "croix", zones=(Zone(1, 36, 106, 4, 4),))
    given = flat(Spot("nom_naissance", "Nom", boxes=("nom",)), measured)
    whole = forms.automatic(forms.inspect(pdf), given)
    assert [spot.name for spot in whole.spots] == ["nom_naissance", "accord_ecrit", "profession"]


def test_every_shipped_mapping_is_read_and_named():
    assert {mapping.number for mapping in shipped()} >= {"12504*03", "15692*01", "12669*01", "11421*02"}
    for mapping in shipped():
        assert mapping.fingerprints
        assert {"adresse", "code_postal", "commune"} <= {spot.name for spot in mapping.spots}
