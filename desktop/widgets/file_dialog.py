"""Which file, or where to save one: asked in French, as large as the text, with the keys plugged in beside.

Windows asks with its own dialog. On Linux it is Qt's everywhere, as in the bundle, which carries no other.
"""

import re
import sys
from collections.abc import Callable

from PySide6.QtCore import QDir, QSize, QStandardPaths, QStorageInfo, Qt, QUrl
from PySide6.QtWidgets import QFileDialog, QHeaderView, QTreeView, QWidget

from desktop.widgets.look import px

_PLACES = QStandardPaths.StandardLocation
_PLUGGED = ("/media/", "/run/media/")
_KIND = 2  # the column that would name a file by its type, in the words of the system


def ask_file(parent: QWidget, title: str, kinds: str, then: Callable[[str], None]) -> QFileDialog:
    """A file that exists; `kinds` as « Modèles (*.md) », `then` with its path."""
    dialog = _dialog(parent, title, kinds, then)
    dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
    dialog.open()
    return dialog


def ask_folder(parent: QWidget, title: str, then: Callable[[str], None]) -> QFileDialog:
    dialog = _dialog(parent, title, "", then)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.open()
    return dialog


def ask_where(parent: QWidget, title: str, name: str, kinds: str, then: Callable[[str], None]) -> QFileDialog:
    """Where to save, as `name` unless one says otherwise; the first of the `kinds` ends a name typed without any."""
    dialog = _dialog(parent, title, kinds, then)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    if ending := re.search(r"\*\.(\w+)", kinds):
        dialog.setDefaultSuffix(ending[1])
    dialog.selectFile(name)
    dialog.open()
    return dialog


def _dialog(parent: QWidget, title: str, kinds: str, then: Callable[[str], None]) -> QFileDialog:
    dialog = QFileDialog(parent, title, QStandardPaths.writableLocation(_PLACES.DocumentsLocation), kinds)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog, sys.platform == "linux")
    # qtbase_fr has these two without their mnemonic: Qt finds neither and shows English
    dialog.setLabelText(QFileDialog.DialogLabel.LookIn, "&Voir dans :")
    dialog.setLabelText(QFileDialog.DialogLabel.FileType, "&Type de fichier :")
    if tree := dialog.findChild(QTreeView, "treeView"):
        tree.hideColumn(_KIND)
        tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        dialog.setSidebarUrls([QUrl.fromLocalFile(place) for place in _places()])
        dialog.resize(QSize(px(820), px(480)).boundedTo(parent.window().size()))
    dialog.fileSelected.connect(then)
    return dialog


def _places() -> list[str]:
    """The usual folders, then the keys plugged in."""
    usual = (_PLACES.DocumentsLocation, _PLACES.DownloadLocation, _PLACES.DesktopLocation, _PLACES.HomeLocation)
    folders = [folder for place in usual if QDir(folder := QStandardPaths.writableLocation(place)).exists()]
    plugged = [volume.rootPath() for volume in QStorageInfo.mountedVolumes()]
    return list(dict.fromkeys([*folders, *(path for path in plugged if path.startswith(_PLUGGED))]))
