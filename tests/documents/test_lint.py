"""Every shipped template passes; each rule can fail."""

import pytest

from desktop.documents.lint import lint
from desktop.documents.template_files import parse
from desktop.documents.templates import LETTERS, read_template, templates

SOURCE = (LETTERS / "eau" / "eau-ecretement-fuite.md").read_text("utf-8")


@pytest.mark.parametrize("id", [t.id for t in templates()])
def test_a_shipped_template_is_fit_to_print(id):
    assert lint(read_template(id)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{{ volume_releve }} m³", "{{ volume }} m³", "« volume » n’est pas un champ"),
        ("client n° {{ reference_client }}", "", "« reference_client » : jamais imprimé"),
        ("{% if volume_habituel %}", "{% if echeancier %}", "Champ facultatif « volume_habituel »"),
        ('{% if source("eau_ecretement") %}', "{% if echeancier %}", "se cite dans"),
        ('sources = ["eau_ecretement", ', "sources = [", "sans être déclarée"),
        ('sources = ["eau_ecretement"', 'sources = ["inconnue", "eau_ecretement"', "« inconnue » n’existe pas"),
        ("Vous trouverez", "Répondez sous 15 jours. Vous trouverez", "« 1 »"),
        ("Vous trouverez", "Répondez sous quinze jours. Vous trouverez", "« quinze jours »"),
        ("Vous trouverez", "Le PIMMS écrit. Vous trouverez", "PIMMS"),
        ("Vous trouverez", "{{ nom * 9 }} Vous trouverez", "n’existe pas"),
        ("Vous trouverez", "漢 Vous trouverez", "ne s’imprime pas"),
        ("Vous trouverez", "Encore une phrase bien longue. " * 200 + "Vous trouverez", "pages"),
        ('exemple = "0123456789"', 'exemple = ""', "reference_client"),
        ('formule = "neutre"', 'formule = "familiere"', "familiere"),
        ('defaut = "eau-grand-lyon"', 'defaut = "inconnu"', "L’organisme"),
        ('code = "I01"', 'code = "I1"', "le code"),
        ('nom = "echeancier"', 'nom = "appel"', "déjà pris"),
        ('texte = "facture', 'texte = "' + "très " * 20 + "longue facture", "90 caractères"),
    ],
)
def test_each_fault_is_found(old, new, said):
    assert old in SOURCE
    faults = " | ".join(lint(parse(SOURCE.replace(old, new))))
    assert said in faults
