"""Templates without the window: `guichet lint` checks them, `guichet letter` makes one."""

import argparse
import sys
import tomllib
from datetime import date
from pathlib import Path

from desktop.documents import references, template_files, templates
from desktop.documents.content import Party
from desktop.documents.letter import Unprintable, render
from desktop.documents.lint import glance, notes
from desktop.documents.lint import lint as faults
from desktop.documents.sandbox import Forbidden
from desktop.french import counted, long_date

VALUES = """Le fichier des valeurs, en TOML (tout est facultatif) :
  lieu = "Villeurbanne"        jour = 2026-11-23
  phrases = [1, 3]             ajout = "Un paragraphe libre."
  [expediteur]                 civilite, nom, lignes, telephone, courriel
  [destinataire]               organisme, ou nom, lignes, appel
  [champs]                     les champs du modèle ; sans eux, l’exemple du modèle
"""


def lint(words: list[str]) -> int:
    """Check templates and say which are due for review; 1 when one is at fault."""
    parser = argparse.ArgumentParser("guichet lint", description="Vérifie les modèles : noms, sources, mots, pages.")
    parser.add_argument("modeles", nargs="*", help="identifiants ou fichiers ; tous sans cela")
    parser.add_argument("--notes", action="store_true", help="dit aussi ce qui se lit mal")
    chosen = parser.parse_args(words)
    bad, today = 0, date.today()
    for template in [_read(word) for word in chosen.modeles] or templates.templates():
        found = [str(template)] if isinstance(template, Exception) else faults(template)
        name = "?" if isinstance(template, Exception) else f"{template.code} {template.id}"
        bad += bool(found)
        _say(*(f"{name} : {fault}" for fault in found))
        if chosen.notes and not isinstance(template, Exception) and not glance(template):
            _say(*(f"{name} : {note}" for note in notes(template)))
    due = [t for t in templates.templates() if templates.stale(t, today)]
    _say(*(f"À revoir : {t.code} {t.id} (avant le {long_date(t.review_before)})" for t in due))
    _say(f"{counted(bad, 'modèle en faute', 'modèles en faute')}, {len(due)} à revoir.")
    return 1 if bad else 0


def letter(words: list[str]) -> int:
    """Make one document; 2 when what is given cannot make it."""
    parser = argparse.ArgumentParser(
        "guichet letter", description="Fait un document.", epilog=VALUES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("modele", help="identifiant du modèle, ou fichier")
    parser.add_argument("--values", type=Path, metavar="FICHIER", help="les valeurs, en TOML")
    parser.add_argument("-o", "--output", type=Path, required=True, metavar="PDF")
    parser.add_argument("--draft", action="store_true", help="brouillon : les blancs sont surlignés")
    parser.add_argument("--large", action="store_true", help="gros caractères")
    parser.add_argument("--tagged", action="store_true", help="PDF balisé")
    chosen = parser.parse_args(words)
    template = _read(chosen.modele)
    if isinstance(template, Exception):
        return _refuse(str(template))
    if templates.expired(template, date.today()) and not chosen.draft:
        return _refuse("Ce modèle a expiré. Sans la fenêtre, il ne donne qu’un brouillon : ajoutez --draft.")
    try:
        given = tomllib.loads(chosen.values.read_text("utf-8")) if chosen.values else {}
        written = _written(template, given)
        pdf = render(written, draft=chosen.draft, large=chosen.large, tagged=chosen.tagged)
        chosen.output.write_bytes(pdf)
    except OSError as problem:
        return _refuse(f"Le fichier ne se lit pas ou ne s’écrit pas : {problem.filename}")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, Unprintable, Forbidden, KeyError, TypeError) as problem:
        return _refuse(f"Ces valeurs ne font pas un document : {problem}")
    wrong = templates.missing(template, given.get("champs", template.example))
    _say(*(f"{name} : {sentence}" for name, sentence in wrong.items()))
    return 0


def _written(template: template_files.Template, given: dict):
    sender, addressee = given.get("expediteur", {}), given.get("destinataire", {})
    values = given.get("champs", template.example)
    code = addressee.get("organisme", "" if "nom" in addressee else templates.organism(template, values))
    organism = references.organisms()[code] if code else None
    return templates.fill(
        template, values, place=given.get("lieu", ""), day=given.get("jour", date.today()),
        sender=Party(
            sender.get("nom", ""), sender.get("civilite", ""), tuple(sender.get("lignes", ())),
            sender.get("telephone", ""), sender.get("courriel", ""),
        ),
        addressee=Party(
            addressee.get("nom", organism.name if organism else ""),
            lines=tuple(addressee.get("lignes", organism.lines if organism else ())),
            opening=addressee.get("appel", organism.opening if organism else ""),
        ),
        phrases=[number - 1 for number in given.get("phrases", ())], addition=given.get("ajout", ""),
    )  # fmt: skip


def _read(word: str) -> template_files.Template | Exception:
    try:
        if word.endswith(".md"):
            return template_files.parse(Path(word).read_text("utf-8"))
        return templates.read_template(word)
    except (LookupError, ValueError) as problem:
        return problem
    except OSError:
        return LookupError(f"Le fichier « {word} » ne se lit pas.")


def _say(*lines: str) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


def _refuse(sentence: str) -> int:
    sys.stderr.write(f"{sentence}\n")
    return 2
