"""`guichet selftest`: in seconds, without a window: is this copy of the program able to do its work?"""

import os
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path


def main() -> int:
    """One line a check; 0 when all pass."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    failed = 0
    for name, check in CHECKS.items():
        try:
            found = check()
        except Exception as error:
            failed += 1
            sys.stdout.write(f"ÉCHEC  {name} : {type(error).__name__} {error}\n")
        else:
            sys.stdout.write(f"bon    {name} : {found}\n")
    sys.stdout.write("Tout est bon.\n" if not failed else f"{failed} contrôles en échec. Réinstallez avec start.py.\n")
    return 1 if failed else 0


def _cipher() -> str:
    from db import place, store
    from db.schema import database

    with tempfile.TemporaryDirectory() as folder:
        place.enter(Path(folder), os.urandom(32), "selftest")
        cipher = database.execute_sql("PRAGMA cipher").fetchone()[0]
        place.leave()
        head = (Path(folder) / store.FILE).read_bytes()[:15]
    if head == b"SQLite format 3":
        raise ValueError("les données s’écrivent en clair")
    return cipher


def _fonts() -> str:
    from PySide6.QtGui import QFontDatabase

    from desktop import app
    from desktop.widgets.look import FAMILY

    app.application()
    if FAMILY not in QFontDatabase.families():
        raise ValueError(f"{FAMILY} manque")
    return FAMILY


def _icons() -> str:
    from desktop.paths import RESOURCES

    found = list((RESOURCES / "icons").glob("*.svg"))
    if len(found) < 40:
        raise ValueError("des icônes manquent")
    return f"{len(found)} icônes"


def _lists() -> str:
    from db import lists

    if len(lists.families()) != 9 or len(lists.themes()) != 18:
        raise ValueError("les familles ou les thèmes sont incomplets")
    return f"9 familles, 18 thèmes, {len(lists.values('partner'))} partenaires"


def _letters() -> str:
    from desktop.documents import templates
    from desktop.documents.content import Party
    from desktop.documents.letter import pages, render

    for template in templates.templates():
        letter = templates.fill(template, template.example, sender=Party("Aline Lanterne"), day=date(2026, 11, 23))
        if pages(render(letter)) > template.pages:
            raise ValueError(f"{template.code} ne tient pas sur ses pages")
    return f"{len(templates.templates())} modèles, chacun sur ses pages"


def _forms() -> str:
    import pikepdf

    from desktop.documents import form_mappings

    return f"pikepdf {pikepdf.__version__}, {len(form_mappings.shipped())} formulaires connus"


def _spelling() -> str:
    from desktop import spelling

    if not spelling.available() or [m.word for m in spelling.check("Une lettre bien ecritte.", frozenset())] != [
        "ecritte"
    ]:
        raise ValueError("le dictionnaire ne se lit pas")
    return "dictionnaire français"


def _raster() -> str:
    from desktop.documents.sheets import day_sheet
    from desktop.widgets.pdf_view import raster

    image = raster(day_sheet("Essai", [("Visites", "1")], "Guichet"), 0, 1.0)
    return f"page de {image.width()} × {image.height()} points"


def _sealing() -> str:
    import nacl.utils
    import pyrage

    key = pyrage.x25519.Identity.generate()
    if pyrage.decrypt(pyrage.encrypt(b"essai", [key.to_public()]), [key]) != b"essai":
        raise ValueError("le scellement ne se rouvre pas")
    return f"age et libsodium ({len(nacl.utils.random(32))} octets)"


CHECKS: dict[str, Callable[[], str]] = {
    "chiffrement": _cipher,
    "polices": _fonts,
    "icônes": _icons,
    "listes": _lists,
    "courriers": _letters,
    "formulaires": _forms,
    "orthographe": _spelling,
    "aperçu": _raster,
    "scellement": _sealing,
}
