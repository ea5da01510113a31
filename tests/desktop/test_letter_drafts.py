"""Courriers: what a variant asks, the sentences one adds, the draft that survives, the deadline that comes back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QApplication

from db import dossiers, letters, lifts, people, place, preferences, reminders, store, visits
from desktop import french
from desktop.documents import templates
from desktop.documents.template_files import parse
from desktop.letters import writing

K = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = bytes(range(32))
MODEL = """+++
id = "essai-variantes"
code = "Z01"
version = 1
titre = "Essai des variantes"
theme = "administration"
type = "lettre"
niveau = {level}
exemplaires = 2
envoi = "recommande_ar"
resume = "Pour l’essai."
verifie_le = 2026-11-23
a_revoir_avant = 2099-11-01
sources = ["recours_gracieux"]
champs = [
  {{ nom = "allocation", type = "choix", libelle = "Allocation", choix = ["ARE", "ASS"], exemple = "ARE" }},
  {{ nom = "numero", type = "texte", libelle = "Numéro", si = "allocation == 'ARE'", exemple = "0000" }},
  {{ nom = "notification", type = "date", libelle = "Date de notification", exemple = 2026-11-20 }},
  {{ nom = "faits", type = "texte_long", libelle = "Faits", obligatoire = false, sensible = {sensitive}, exemple = "Un fait." }},
]
[delai]
source = "recours_gracieux"
depuis = "notification"
action = "Envoyer la lettre"
[[pieces]]
libelle = "copie de la décision"
[[phrases]]
libelle = "Budget"
texte = "Mon budget est joint."
[[phrases]]
libelle = "Réponse écrite"
texte = "Merci de répondre par écrit."
[objet]
texte = "essai"
[orientation]
texte = "Point-justice de l’Exemple."
[suite]
texte = "- Garder une copie."
+++
{{{{ appel }}}},

Premier paragraphe.

{{% if allocation == 'ARE' %}}
Mon numéro est {{{{ numero }}}}.
{{% endif %}}

{{% if faits %}}
{{{{ faits }}}}
{{% endif %}}

Décision du {{{{ notification|date }}}}.
"""


@pytest.fixture
def model(local_model):
    return local_model(MODEL.format(level=1, sensitive="false"))


@pytest.fixture
def sensitive(local_model):
    return local_model(MODEL.format(level=3, sensitive="true"))


@pytest.fixture
def samira(opened):
    draft = people.Draft("Bénali", "Samira", "Madame", phone="0600000000", address="3 allée Fictive", postcode="69100",
                         town="Villeurbanne", informed_on=date.today())  # fmt: skip
    return people.record(draft, date.today())


def write(text: str) -> None:
    for sign in text:
        event = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, sign)
        QApplication.sendEvent(QApplication.focusWidget(), event)
    QApplication.processEvents()


def choose(desk, hands, text: str) -> None:
    hands.press(K.Key_F6)
    desk.letters.desk.models.filter.setFocus()
    desk.letters.desk.models.filter.selectAll()
    write(text)
    hands.press(K.Key_Return)


def field(desk, name: str):
    return desk.letters.desk.fields.form.fields[name]


def type_in(desk, name: str, text: str) -> None:
    field(desk, name).setFocus()
    field(desk, name).selectAll()
    write(text)


def page(desk) -> str:
    """What is read on the preview."""
    import pypdfium2

    QApplication.processEvents()
    with pypdfium2.PdfDocument(desk.letters.preview.pdf()) as document:
        return " ".join(" ".join(sheet.get_textpage().get_text_range().split()) for sheet in document)


def finish(desk, hands, notified: str = "") -> None:
    """Type all that the essay asks, for the variant without a number."""
    choose(desk, hands, "Z01")
    for name, text in (("name", "Théo Modèle"), ("address", "3 rue Fictive"), ("town", "69100 Villeurbanne")):
        type_in(desk, name, text)
    type_in(desk, "addressee", "Organisme de l’Exemple")
    for line in ("12 rue des Exemples", "69100 Villeurbanne"):
        hands.press(K.Key_Return)
        write(line)
    field(desk, "allocation").choose("ASS")
    type_in(desk, "notification", notified or french.short_date(date.today()))


# which model


def titles(desk) -> list[str]:
    return [card.title for card in desk.letters.desk.models.list.cards()]


def test_a_model_is_found_by_the_name_of_an_organism_it_is_sent_to(desk, hands):
    choose(desk, hands, "enedis")
    assert desk.letters.desk.fields.template.directory == "energie"


def test_a_star_brings_a_model_first_for_this_mediator_only(desk, hands, opened):
    hands.press(K.Key_F6)
    hands.press(K.Key_Down)
    models = desk.letters.desk.models
    while models.list.current_id() != "eau-ecretement-fuite":
        hands.press(K.Key_Down)
    hands.press(K.Key_Asterisk)
    assert titles(desk)[:2] == ["Favoris", templates.read_template("eau-ecretement-fuite").title]
    assert "favori" in models.list.cards()[1].spoken
    desk.sleep()
    place.leave()
    place.enter(opened, KEY, "m2")
    desk.wake()
    hands.press(K.Key_F6)
    assert titles(desk)[0] != "Favoris"


def test_the_star_beside_the_title_says_whether_the_model_is_at_hand(desk, hands, qtbot):
    choose(desk, hands, "H01")
    star = desk.letters.desk.fields.star
    qtbot.mouseClick(star, Qt.MouseButton.LeftButton)
    assert star.isChecked()
    assert letters.stars() == {"energie-echeancier"}
    choose(desk, hands, "I01")
    assert not star.isChecked()
    choose(desk, hands, "H01")
    qtbot.mouseClick(star, Qt.MouseButton.LeftButton)
    assert letters.stars() == frozenset()


def test_the_models_that_serve_most_come_before_the_others(desk, hands):
    for number, id in enumerate(("eau-ecretement-fuite", "attestation-hebergement", "eau-ecretement-fuite")):
        letters.archive(letters.Entry(id, 1, "", "t", "eau"), f"A1-{number}", b"%PDF", 1, date.today())
    hands.press(K.Key_F6)
    assert titles(desk)[:3] == [
        "Les plus utilisés",
        templates.read_template("eau-ecretement-fuite").title,
        templates.read_template("attestation-hebergement").title,
    ]


def test_a_local_model_and_its_level_are_told_in_the_list_and_on_the_screen_only(desk, hands, sensitive):
    choose(desk, hands, "Z01")
    (card,) = desk.letters.desk.models.list.cards()
    assert card.badge == "version locale"
    assert "préparer, puis orienter" in card.detail
    fields = desk.letters.desk.fields
    assert fields.level.text() == "préparer, puis orienter"
    assert fields.reminder.text().endswith("Point-justice de l’Exemple.")
    assert "Point-justice" not in page(desk)


# what the variant asks


def test_only_what_the_variant_asks_is_shown_and_what_was_typed_comes_back(desk, hands, model):
    choose(desk, hands, "Z01")
    assert field(desk, "numero").isHidden()
    field(desk, "allocation").choose("ARE")
    assert field(desk, "numero").isVisible()
    type_in(desk, "numero", "4512")
    field(desk, "allocation").setFocus()
    hands.press(K.Key_Down)
    assert field(desk, "numero").isHidden()
    assert QApplication.focusWidget() is field(desk, "allocation")
    assert "4512" not in page(desk)
    hands.press(K.Key_Up)
    assert field(desk, "numero").text() == "4512"
    assert "4512" in page(desk)


def test_a_field_left_aside_never_blocks_filing(desk, hands, model):
    finish(desk, hands)
    hands.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1


def test_a_date_says_its_day_in_full(desk, hands, model):
    choose(desk, hands, "Z01")
    type_in(desk, "notification", "5/12/2026")
    assert (
        desk.letters.desk.fields.form._errors["notification"].text() == f"samedi {french.long_date(date(2026, 12, 5))}"
    )


def test_digits_add_sentences_while_the_chips_have_the_focus(desk, hands, model):
    choose(desk, hands, "Z01")
    chips = desk.letters.desk.fields.phrases.chips
    chips[0].setFocus()
    hands.top_row(2, "é")
    assert "Merci de répondre par écrit." in page(desk)
    hands.press(K.Key_Space)
    assert "Mon budget est joint." in page(desk)
    hands.press(K.Key_2)
    assert "Merci de répondre par écrit." not in page(desk)
    assert [chip.isChecked() for chip in chips] == [True, False]


def test_a_paragraph_of_ones_own_is_on_the_page_and_in_the_draft(desk, hands, model):
    choose(desk, hands, "Z01")
    desk.letters.desk.fields.addition.setFocus()
    write("Je vis seule depuis mars.")
    assert "Je vis seule depuis mars." in page(desk)
    assert letters.kept_draft().addition == "Je vis seule depuis mars."


def test_going_to_another_model_and_back_loses_nothing(desk, hands, model):
    choose(desk, hands, "Z01")
    type_in(desk, "faits", "Trois lignes écrites avec la personne.")
    choose(desk, hands, "I01")
    assert "Trois lignes" not in page(desk)
    choose(desk, hands, "Z01")
    assert field(desk, "faits").toPlainText() == "Trois lignes écrites avec la personne."


def test_enter_goes_from_field_to_field(desk, hands, model):
    choose(desk, hands, "Z01")
    write("Théo Modèle")
    seen = []
    for _ in range(4):
        hands.press(K.Key_Escape)
        hands.press(K.Key_Return)
        seen.append(QApplication.focusWidget().objectName())
    assert seen == ["civility", "address", "town", "phone"]


# whom it is for


def test_a_known_person_is_said_in_a_line_and_the_focus_goes_on(desk, hands, samira):
    choose(desk, hands, "H01")
    write("bena")
    hands.press(K.Key_Return)
    assert field(desk, "address").isHidden()
    assert field(desk, "reach").isVisible()
    assert QApplication.focusWidget() is field(desk, "organism")
    assert "3 allée Fictive" in page(desk)
    field(desk, "reach").setFocus()
    hands.press(K.Key_Space)
    assert field(desk, "address").isVisible()


def test_another_person_chosen_never_keeps_the_address_of_the_one_before(desk, hands, samira):
    noe = people.record(people.Draft("Fictif", "Noé", informed_on=date.today()), date.today())
    choose(desk, hands, "H01")
    desk.letters.choose_person(samira)
    desk.letters.choose_person(noe)
    values = desk.letters.desk.fields.form.values()
    assert (values["name"], values["address"], values["phone"]) == ("Noé Fictif", "", "")


def test_an_address_typed_by_hand_stays_when_the_file_has_none(desk, hands):
    noe = people.record(people.Draft("Fictif", "Noé", informed_on=date.today()), date.today())
    choose(desk, hands, "H01")
    type_in(desk, "address", "8 quai Inventé")
    desk.letters.choose_person(noe)
    assert field(desk, "address").text() == "8 quai Inventé"


def test_the_sheet_of_the_place_knows_its_mediator_and_finds_its_person(desk, hands, samira):
    choose(desk, hands, "W01")
    assert field(desk, "mediateur").text() == "Nadia Réverbère"
    field(desk, "personne").setFocus()
    write("bena")
    hands.press(K.Key_Return)
    assert (field(desk, "personne").text(), field(desk, "telephone").text().split()) == (
        "Samira Bénali",
        ["06"] + ["00"] * 4,
    )


def test_a_letter_from_a_dossier_knows_what_the_dossier_knows(desk, hands, samira):
    id = dossiers.open_dossier(
        dossiers.Draft(samira, "edf", "Impayé, échéancier", "6 001 234", "facture", amount_due=31248), date.today()
    )
    desk.go(desk.letters)
    desk.letters.start_for_dossier(id)
    values = desk.letters.desk.fields.form.values()
    assert desk.letters.desk.fields.template.id == "energie-echeancier"
    assert (values["organism"], values["reference_client"], values["name"]) == ("edf", "6 001 234", "Samira Bénali")
    assert values["dette"] == french.euros(31248)


def test_an_address_copied_once_serves_the_next_letter_to_that_organism(desk, hands):
    for name, sender in (("first", "Théo Modèle"), ("second", "Noé Fictif")):
        choose(desk, hands, "I01")
        desk.letters.new()
        choose(desk, hands, "I01")
        field(desk, "organism").choose("eau-grand-lyon")
        box = field(desk, "addressee")
        if name == "second":
            assert box.toPlainText().splitlines()[1:] == ["1 place de l’Essai", "69000 LYON"]
            break
        box.setFocus()
        box.setPlainText(box.toPlainText() + "\n1 place de l’Essai\n69000 LYON")
        for key, text in (("name", sender), ("address", "3 rue Fictive"), ("town", "69100 Villeurbanne")):
            type_in(desk, key, text)
        for asked in desk.letters.desk.fields.template.fields:
            if asked.required and asked.type not in ("choix", "oui_non"):
                type_in(desk, asked.name, asked.example)
        hands.press(K.Key_Return, CONTROL)
        assert len(letters.register()) == 1


# the draft


def test_everything_typed_survives_the_veil_hidden_fields_too(desk, hands, opened, model):
    choose(desk, hands, "Z01")
    field(desk, "allocation").choose("ARE")
    type_in(desk, "numero", "4512")
    field(desk, "allocation").choose("ASS")
    desk.letters.desk.fields.phrases.chips[1].click()
    desk.letters.desk.fields.addition.setPlainText("Un mot de plus.")
    desk.letters.desk.preview.bigger.click()
    desk.sleep()
    place.leave()
    place.enter(opened, KEY, "m1")
    desk.wake()
    hands.press(K.Key_F6)
    fields = desk.letters.desk.fields
    assert (fields.form.values()["allocation"], fields.form.values()["numero"]) == ("ASS", "4512")
    assert (fields.phrases.chosen(), fields.addition.toPlainText()) == ((1,), "Un mot de plus.")
    assert desk.letters.desk.preview.bigger.isChecked()
    assert "Un mot de plus." in page(desk)


def test_a_letter_begun_for_somebody_else_is_put_aside_and_taken_back(desk, hands, samira):
    choose(desk, hands, "H01")
    type_in(desk, "name", "Théo Modèle")
    type_in(desk, "reference_client", "7 777")
    visit = visits.walk_in()
    visits.keep_draft(replace(visits.load(visit), person=samira))
    desk.letters.start_for_visit(visit)
    assert desk.letters.desk.fields.form is None
    choose(desk, hands, "I01")
    desk.letters.desk.resume()
    assert field(desk, "name").text() == "Théo Modèle"
    assert field(desk, "reference_client").text() == "7 777"
    desk.letters.desk.resume()
    assert desk.letters.desk.fields.template.id == "eau-ecretement-fuite"


def test_the_clipboard_holds_the_letter_as_text_until_the_veil(desk, hands, model):
    finish(desk, hands)
    desk.letters.desk.preview.copy.click()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("Théo Modèle\n3 rue Fictive\n69100 Villeurbanne")
    assert "Objet : essai\n\nMadame, Monsieur,\n\nPremier paragraphe." in text
    assert text.rstrip().endswith("Pièces jointes :\n- copie de la décision")
    desk.sleep()
    assert QGuiApplication.clipboard().text() == ""


# the deadline


def test_filing_a_letter_with_a_deadline_brings_it_back_to_mind_and_one_undo_takes_both(desk, hands, model):
    finish(desk, hands)
    hands.press(K.Key_Return, CONTROL)
    (line,) = reminders.due(date.max)
    number = letters.register()[0].number
    assert line.label == f"Envoyer la lettre (courrier n° {number})"
    assert f"Rappel noté pour le {french.weekday_date(line.due_on)}." in desk.letters.desk.preview.deadline.text()
    desk.letters.desk.fields.file.setFocus()
    hands.press(K.Key_Z, CONTROL)
    assert (letters.register(), reminders.due(date.max)) == ((), ())
    assert "Rappel noté" not in desk.letters.desk.preview.deadline.text()


def test_the_reminder_asked_by_its_button_is_not_written_twice(desk, hands, model, qtbot):
    finish(desk, hands)
    button = desk.letters.desk.preview.remind
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert not button.isVisible()
    assert len(reminders.due(date.max)) == 1
    hands.press(K.Key_Return, CONTROL)
    assert len(reminders.due(date.max)) == 1
    desk.letters.desk.fields.file.setFocus()
    hands.press(K.Key_Z, CONTROL)
    hands.press(K.Key_Z, CONTROL)
    assert reminders.due(date.max) == ()
    assert button.isVisible()


@pytest.mark.parametrize(
    ("end", "reminded"),
    [
        (date(2027, 1, 23), date(2027, 1, 22)),  # Saturday → Friday
        (date(2026, 12, 25), date(2026, 12, 24)),  # Christmas
        (date(2026, 11, 26), date(2026, 11, 26)),
    ],
)
def test_a_deadline_on_a_closed_day_comes_back_the_open_day_before(opened, end, reminded):
    assert writing.last_open_day(end, date(2026, 11, 23)) == reminded


def test_a_deadline_already_past_is_said_and_brings_nothing_back(desk, hands, model):
    finish(desk, hands, french.short_date(date.today() - timedelta(days=200)))
    assert "est passé. Faites vérifier le délai." in desk.letters.desk.preview.deadline.text()
    hands.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1
    assert reminders.due(date.max) == ()


# what must not stay


def everything(place_folder) -> bytes:
    """Every page of the open file, deciphered, free ones too."""
    from db.schema import database

    return database.connection().serialize("main")


def test_after_a_sensitive_letter_is_filed_no_word_of_it_stays_in_the_file(desk, hands, sensitive, opened):
    secret = "Ornithorynque"
    finish(desk, hands)
    type_in(desk, "faits", f"Un {secret} fictif.")
    desk.letters.desk.fields.addition.setPlainText(f"Encore un {secret}.")
    assert secret.encode() in everything(opened)
    hands.press(K.Key_Return, CONTROL)
    (line,) = letters.register()
    assert (line.addressee, line.person_name, line.kept) == ("", "", False)
    for word in (secret, "Théo", "Organisme de l’Exemple", "12 rue des Exemples"):
        assert word.encode() not in everything(opened), word
    choose(desk, hands, "H01")
    assert secret.encode() not in everything(opened)


def test_a_model_out_of_date_makes_no_letter(desk, hands, local_model):
    text = MODEL.format(level=1, sensitive="false").replace("version = 1", "version = 1\nexpire_le = 2020-01-01", 1)
    local_model(text)
    finish(desk, hands)
    hands.press(K.Key_Return, CONTROL)
    assert letters.register() == ()
    assert desk.toast.sentence.text().startswith("Ce modèle a expiré.")
    assert "01/01/2020" in desk.letters.desk.fields.advice.text()
    hands.press(K.Key_P, CONTROL)
    assert not desk.letters.desk.preview.printing.isVisible()
    assert preferences.get(f"letters.A1.{date.today().year}", 0) == 0
    template = parse(text)
    lifts.lift(template.id, template.sha256, date.today(), "Relu ce matin.", date.today())
    hands.press(K.Key_Return, CONTROL)
    assert len(letters.register()) == 1


# what a newcomer met


def is_whole(widget) -> bool:
    return widget.visibleRegion().boundingRect() == widget.rect()


def test_the_field_entree_goes_to_comes_into_view(desk, hands):
    choose(desk, hands, "H01")
    assert not is_whole(field(desk, "premier_jour"))
    field(desk, "nombre").setFocus()
    hands.press(K.Key_Return)
    assert QApplication.focusWidget() is field(desk, "premier_jour")
    assert is_whole(field(desk, "premier_jour"))


def test_back_on_the_tab_the_first_blank_is_in_view(desk, hands, samira, qtbot):
    choose(desk, hands, "H01")
    desk.letters.choose_person(samira)
    field(desk, "addressee").setPlainText("Organisme de l’Exemple\n1 rue Fictive\n69100 Villeurbanne")
    for name in ("reference_client", "dette", "date_facture", "nombre"):
        type_in(desk, name, "4")
    desk.letters.desk.fields._scroll.verticalScrollBar().setValue(0)
    hands.press(K.Key_F5)
    hands.press(K.Key_F6)
    assert QApplication.focusWidget() is field(desk, "premier_jour")
    qtbot.waitUntil(lambda: is_whole(field(desk, "premier_jour")))


def test_the_address_of_an_organism_is_typed_right_after_its_name(desk, hands):
    choose(desk, hands, "H01")
    field(desk, "organism").choose("edf")
    field(desk, "organism").setFocus()
    hands.press(K.Key_Return)
    write("1 place de l’Essai")
    assert field(desk, "addressee").toPlainText().splitlines() == ["EDF – Service clients", "1 place de l’Essai"]


def test_f7_goes_to_the_doubtful_word_from_another_field(desk, hands, sensitive, qtbot):
    choose(desk, hands, "Z01")
    type_in(desk, "faits", "Il est tombbé ici.")
    type_in(desk, "name", "Théo Modèle")
    qtbot.waitUntil(lambda: bool(field(desk, "faits").extraSelections()))
    hands.press(K.Key_F7)
    assert QApplication.focusWidget() is field(desk, "faits")
    assert field(desk, "faits").textCursor().selectedText() == "tombbé"


def test_a_letter_to_one_organism_never_leaves_with_the_address_of_another(desk, hands):
    choose(desk, hands, "D01")
    type_in(desk, "name", "Théo Modèle")
    type_in(desk, "addressee", "Entreprise de l’Exemple")
    choose(desk, hands, "D03")
    assert field(desk, "organism").code() == "cpam-accidents"
    assert "Entreprise" not in field(desk, "addressee").toPlainText()
    assert field(desk, "name").text() == "Théo Modèle"
    choose(desk, hands, "D01")
    assert field(desk, "addressee").toPlainText() == "Entreprise de l’Exemple"


def test_another_variant_goes_to_its_own_addressee_and_keeps_the_address_typed_for_the_first(desk, hands):
    choose(desk, hands, "N01")
    form = desk.letters.desk.fields.form
    field(desk, "prestation").choose("prime d’activité")
    field(desk, "addressee").setPlainText("CAF du Rhône\n12 rue des Exemples\n69000 Lyon")
    field(desk, "prestation").choose("RSA")
    field(desk, "demande").choose("remise")
    assert form.values()["organism"] == "metropole-rsa"
    assert form.values()["addressee"].strip() == "Présidence de la Métropole de Lyon"
    assert "12 rue des Exemples" not in page(desk)
    field(desk, "prestation").choose("prime d’activité")
    assert form.values()["organism"] == "caf-rhone" and "12 rue des Exemples" in form.values()["addressee"]


def test_a_change_of_address_leaves_for_every_organism_with_its_own_number_in_one_act(desk, hands):
    choose(desk, hands, "A13")
    assert {"caf-rhone", "cpam-rhone", "sip", "edf", "banque"} <= {
        code for code, _ in writing.organisms(desk.letters.desk.fields.template)
    }
    for name, text in (
        ("name", "Théo Modèle"), ("address", "3 rue Fictive"), ("town", "69100 Villeurbanne"),
        ("reference_client", "7 654 321"), ("ancienne_adresse", "4 impasse Inventée, 69003 Lyon"),
        ("nouvelle_adresse", "18 rue des Exemples, 69100 Villeurbanne"), ("date_changement", "01/12/2026"),
    ):  # fmt: skip
        type_in(desk, name, text)
    field(desk, "addressee").setPlainText("CAF du Rhône\n12 rue des Exemples\n69000 Lyon")
    field(desk, "autres").setPlainText("cpam ; 0000001\nBanque de l’Exemple")
    assert "CPAM du Rhône" in page(desk) and "n° 0000001" in page(desk)
    made = desk.letters.desk.leaving.make(complete=True)
    assert [line.addressee for line in reversed(letters.register())] == [
        "CAF du Rhône", "CPAM du Rhône", "Banque de l’Exemple",
    ]  # fmt: skip
    assert made.number.endswith("-0001 à 0003")
    assert page(desk).count("7 654 321") == 1, "the number of one is not told to the others"
    desk.letters.outbox.came_out(made)
    assert all(line.printed for line in letters.register())
    assert store.undo().startswith("Courriers sortis") and store.undo() == "3 courriers rangés"
    assert letters.register() == ()


def test_an_addressee_chosen_against_the_variant_is_said_and_stays(desk, hands):
    choose(desk, hands, "G18")
    field(desk, "etape").choose("demande de médiation")
    field(desk, "organism").choose("france-travail")
    advice = desk.letters.desk.fields.advice
    assert "France Travail – Médiation régionale" in advice.text() and advice.isVisible()
    type_in(desk, "reference_client", "0000000 A")
    assert desk.letters.desk.fields.form.values()["organism"] == "france-travail"


def test_the_address_stays_for_another_letter_to_the_same_organism(desk, hands):
    choose(desk, hands, "H01")
    field(desk, "organism").choose("edf")
    type_in(desk, "addressee", "EDF, 1 place de l’Essai")
    choose(desk, hands, "H02")
    assert field(desk, "organism").code() == "edf"
    assert field(desk, "addressee").toPlainText() == "EDF, 1 place de l’Essai"


def test_the_sheet_to_take_home_never_gives_a_day_gone_by_as_the_one_to_remember(desk, hands, model):
    import pypdfium2

    from desktop.letters import leaving

    for notified, told in ((date.today(), True), (date.today() - timedelta(days=400), False)):
        finish(desk, hands, french.short_date(notified))
        letter = desk.letters.desk
        [sheet] = [s for s in leaving.sheets(letter.fields.template, letter.draft) if s.code == "suite"]
        with pypdfium2.PdfDocument(sheet.draw("A1-2026-0001")) as document:
            assert ("La date à retenir" in document[0].get_textpage().get_text_range()) is told


def test_tab_brings_into_view_a_field_reached_from_outside(desk, hands):
    choose(desk, hands, "H01")
    bar = desk.letters.desk.fields._scroll.verticalScrollBar()
    desk.letters.desk.models.filter.setFocus()
    bar.setValue(bar.maximum())
    assert not is_whole(field(desk, "name"))
    field(desk, "name").setFocus(Qt.FocusReason.TabFocusReason)
    assert is_whole(field(desk, "name"))


def test_a_model_of_a_long_title_shows_all_of_it(desk, hands):
    hands.press(K.Key_F6)
    found = desk.letters.desk.models.list
    heights = [found.sizeHintForIndex(found.model().index(row, 0)).height() for row in range(len(found.cards()))]
    tall = {card.id: height for card, height in zip(found.cards(), heights, strict=True)}
    assert tall["accident-cpam"] > tall["energie-echeancier"]


def shown(desk, name: str) -> str:
    """The sentence under a field."""
    return desk.letters.desk.fields.form._errors[name].text()


def test_what_to_look_at_again_is_said_under_its_field_and_no_longer_once_the_letter_goes_where_it_must(desk, hands):
    choose(desk, hands, "N01")
    field(desk, "prestation").choose("RSA")
    field(desk, "demande").choose("remise")
    assert "présidence de la Métropole" in shown(desk, "prestation")
    assert desk.letters.desk.fields.advice.isHidden(), "the letter has followed the choice"
    field(desk, "prestation").choose("prime d’activité")
    assert "Métropole" not in shown(desk, "prestation")


def test_the_doubts_of_a_letter_leave_with_it(desk, hands):
    choose(desk, hands, "D03")
    box = field(desk, "faits")
    type_in(desk, "faits", "Le tutti frutta")
    field(desk, "name").setFocus()
    box.read()
    QApplication.processEvents()
    assert desk.letters.desk.fields.doubts.text().endswith("doute · F7")
    choose(desk, hands, "H01")
    QApplication.processEvents()
    assert desk.letters.desk.fields.doubts.isHidden()


def test_whom_one_searches_a_letter_with_is_whom_it_goes_to(desk, hands):
    choose(desk, hands, "edf fois")
    assert field(desk, "organism").code() == "edf"
    assert field(desk, "addressee").toPlainText().startswith("EDF")
    choose(desk, hands, "engie fois")
    assert field(desk, "organism").code() == "edf", "somebody chosen already stays"


def test_the_caret_goes_to_an_address_still_to_be_copied(desk, hands):
    person = people.record(
        people.Draft("Modèle", "Théo", address="3 rue Fictive", postcode="69100", town="Villeurbanne",
                     informed_on=date.today()), date.today(),
    )  # fmt: skip
    choose(desk, hands, "edf fois")
    desk.letters.desk._named(person)
    assert QApplication.focusWidget() is field(desk, "addressee")
    field(desk, "addressee").appendPlainText("69999 Lyon Cedex 99")
    desk.letters.desk._named(person)
    assert QApplication.focusWidget() is field(desk, "reference_client")


def test_a_code_brings_its_town_and_is_never_left_alone(desk, hands):
    people.record(
        people.Draft("Modèle", "Théo", postcode="69100", town="Villeurbanne", informed_on=date.today()), date.today()
    )
    choose(desk, hands, "H01")
    type_in(desk, "town", "69100")
    assert field(desk, "town").text() == "69100 Villeurbanne"
    write(" Ailleurs")
    assert field(desk, "town").text() == "69100 Ailleurs"
    type_in(desk, "town", "69999")
    assert shown(desk, "town") == "Ajoutez la ville. Exemple : 69100 Villeurbanne."


def test_the_number_typed_in_a_letter_serves_the_next_one(desk, hands):
    person = people.record(people.Draft("Modèle", "Théo", informed_on=date.today()), date.today())
    choose(desk, hands, "A13")
    desk.letters.desk.choose_person(person)
    type_in(desk, "phone", "06 00 00 00 00")
    desk.letters.desk.leaving.make(complete=False)
    assert people.draft(person).phone == "0600000000"


def test_enter_and_tab_leave_the_fields_of_a_letter_for_its_sentences(desk, hands):
    choose(desk, hands, "H01")
    field(desk, "date_fsl").setFocus()
    hands.press(K.Key_Return)
    assert QApplication.focusWidget() is desk.letters.desk.fields.phrases.chips[0]


def test_half_an_address_is_no_mistake_while_one_types_it(desk, hands):
    choose(desk, hands, "H01")
    field(desk, "addressee").setFocus()
    field(desk, "addressee").setPlainText("Organisme de l’Exemple\n1 rue Fictive")
    assert "code postal" not in shown(desk, "addressee")
    type_in(desk, "reference_client", "4")
    assert "code postal" in shown(desk, "addressee")


def test_behind_a_door_the_caret_stands_after_the_name_already_known(desk, hands, samira):
    choose(desk, hands, "H01")
    desk.letters.choose_person(samira)
    desk.letters.open("budget")
    assert QApplication.focusWidget() is desk.letters.page("budget").form.fields["persons"]
