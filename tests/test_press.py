"""`guichet lint` and `guichet letter`: templates without the window."""

import pypdfium2
import pytest

from desktop.__main__ import main
from desktop.documents.templates import LETTERS

VALUES = """
lieu = "Villeurbanne"
jour = 2026-11-23
ajout = "Je vis seule."
[expediteur]
civilite = "Madame"
nom = "Aïcha Œuvrard-Nguyễn"
lignes = ["18 rue des Exemples", "69100 Villeurbanne"]
[destinataire]
organisme = "edf"
lignes = ["1 place Fictive", "75000 Paris"]
[champs]
reference_client = "6 001 234 567"
dette = "412,60"
date_facture = 2026-10-12
nombre = 4
premier_jour = 2026-12-05
"""


def text(path):
    with pypdfium2.PdfDocument(path) as document:
        return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())


def test_a_letter_is_made_from_a_file_of_values(tmp_path):
    (tmp_path / "v.toml").write_text(VALUES, "utf-8")
    assert (
        main(["letter", "energie-echeancier", "--values", str(tmp_path / "v.toml"), "-o", str(tmp_path / "l.pdf")]) == 0
    )
    written = text(tmp_path / "l.pdf")
    for part in ("Aïcha Œuvrard-Nguyễn", "412,60 €", "75000 PARIS", "Je vis seule.", "103,15 €"):
        assert part in written


def test_what_is_missing_is_said_and_left_as_a_line_to_fill(tmp_path, capsys):
    (tmp_path / "v.toml").write_text('[champs]\ndette = "douze"\n', "utf-8")
    assert (
        main(["letter", "energie-echeancier", "--values", str(tmp_path / "v.toml"), "-o", str(tmp_path / "l.pdf")]) == 0
    )
    said = capsys.readouterr().out
    assert "dette : Écrivez un montant" in said and "reference_client : À remplir" in said
    assert "None" not in text(tmp_path / "l.pdf")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inconnu", "-o", "x.pdf"], "« inconnu » n’existe pas"),
        (["energie-echeancier", "--values", "/nulle/part.toml", "-o", "x.pdf"], "ne se lit pas"),
        (["energie-echeancier", "-o", "/nulle/part/x.pdf"], "ne s’écrit pas"),
    ],
)
def test_a_command_that_cannot_be_done_says_why(words, said, capsys):
    assert main(["letter", *words]) == 2
    assert said in capsys.readouterr().err


def test_an_expired_model_gives_a_draft_only(tmp_path, capsys):
    good = (LETTERS / "eau" / "eau-ecretement-fuite.md").read_text("utf-8")
    (tmp_path / "a.md").write_text(good.replace("niveau = 1", "niveau = 1\nexpire_le = 2026-01-31", 1), "utf-8")
    assert main(["letter", str(tmp_path / "a.md"), "-o", str(tmp_path / "a.pdf")]) == 2
    assert "a expiré" in capsys.readouterr().err and not (tmp_path / "a.pdf").exists()
    assert main(["letter", str(tmp_path / "a.md"), "--draft", "-o", str(tmp_path / "a.pdf")]) == 0
    assert (tmp_path / "a.pdf").exists()


def test_lint_names_the_fault_of_a_file(tmp_path, capsys):
    good = (LETTERS / "eau" / "eau-ecretement-fuite.md").read_text("utf-8")
    (tmp_path / "a.md").write_text(good.replace("Une entreprise", "{{ inconnu }} Une entreprise"), "utf-8")
    assert main(["lint", str(tmp_path / "a.md")]) == 1
    assert "« inconnu » n’est pas un champ" in capsys.readouterr().out
    assert main(["lint", "eau-ecretement-fuite"]) == 0


def test_lint_notes_a_sentence_nobody_can_read_aloud(tmp_path, capsys):
    good = (LETTERS / "eau" / "eau-ecretement-fuite.md").read_text("utf-8")
    (tmp_path / "a.md").write_text(good.replace("Une entreprise", "Encore et encore " * 10 + "une entreprise"), "utf-8")
    main(["lint", "--notes", str(tmp_path / "a.md")])
    assert "Phrase de" in capsys.readouterr().out
