"""One dialog asks for every file of the house: in French, each of its words."""

from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QLabel, QLineEdit, QTreeView, QWidget

import desktop
from desktop.app import application
from desktop.widgets import look
from desktop.widgets.file_dialog import ask_file, ask_folder, ask_where

KINDS = "Modèles (*.md)"


@pytest.fixture
def window(qapp, qtbot):
    application()  # with Qt's own French
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(1280, 689)
    made.show()
    return made


def words(dialog) -> set[str]:
    worded = (*dialog.findChildren(QLabel), *dialog.findChildren(QAbstractButton))
    said = {widget.text().replace("&", "").replace("\xa0", " ") for widget in worded if widget.text()}
    tree = dialog.findChild(QTreeView)
    shown = [i for i in range(tree.model().columnCount()) if not tree.isColumnHidden(i)]
    return said | {tree.model().headerData(i, tree.header().orientation()) for i in shown}


def test_opening_a_file_every_word_is_french(window):
    dialog = ask_file(window, "Importer un modèle", KINDS, print)
    assert words(dialog) == {
        "Voir dans :", "Nom de fichier :", "Type de fichier :", "Ouvrir", "Annuler", "Nom", "Taille",
        "Dernière modification",
    }  # fmt: skip


def test_saving_and_choosing_a_folder_too(window):
    assert "Enregistrer" in words(ask_where(window, "Exporter le modèle", "eau.md", KINDS, print))
    assert {"Dossier :", "Choisir"} <= words(ask_folder(window, "Choisir la clé", print))


def test_the_name_is_proposed_and_an_ending_is_added_to_one_typed_without(window, tmp_path, qtbot):
    dialog = ask_where(window, "Exporter le modèle", "eau.md", KINDS, print)
    assert dialog.findChild(QLineEdit).text() == "eau.md"
    dialog.setDirectory(str(tmp_path))
    dialog.findChild(QLineEdit).setText("fuite")
    with qtbot.waitSignal(dialog.fileSelected) as chosen:
        dialog.accept()
    assert chosen.args == [QDir.fromNativeSeparators(str(tmp_path / "fuite.md"))]


def test_it_fits_the_window_whatever_the_text_size(window):
    look.apply(scale=200)
    dialog = ask_file(window, "Importer un modèle", KINDS, print)
    assert dialog.width() <= window.width() and dialog.height() <= window.height()


def test_no_room_makes_a_file_dialog_of_its_own():
    sources = {p.name: p.read_text("utf-8") for p in Path(desktop.__file__).parent.rglob("*.py")}
    assert [name for name, text in sources.items() if f"{QFileDialog.__name__}(" in text] == ["file_dialog.py"]
