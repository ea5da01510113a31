"""`guichet consolidate …`: the coordinator's door on a command line. Arguments in, French sentences out; no Qt."""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from db import store
from db.handover import consolidation, keyring
from db.handover.consolidation import Imported, Result
from db.handover.merge import Outcome
from db.handover.refusal import Refused

VARIABLE = "GUICHET_PASSPHRASE"
_OUTCOMES = (
    (Outcome.INSERTED, "nouvelles"),
    (Outcome.CHANGED, "changées"),
    (Outcome.UNCHANGED, "inchangées"),
    (Outcome.ERASED, "effacées"),
    (Outcome.BLOCKED, "refusées car déjà effacées"),
    (Outcome.DISPUTED, "en conflit"),
)
_FIELDS = {
    "civility": "civilité",
    "last_name": "nom",
    "first_name": "prénom",
    "birth_year": "année de naissance",
    "phone": "téléphone",
    "without_phone": "sans téléphone",
    "email": "courriel",
    "address": "adresse",
    "postcode": "code postal",
    "town": "commune",
    "last_contact_on": "dernier contact",
    "removed_at": "retiré le",
    "state": "état",
    "subject": "objet",
    "amount_due": "montant dû",
    "summary": "résumé",
    "note": "note",
    "body": "texte",
    "outcome": "issue",
    "theme": "thème",
}


def main(argv: Sequence[str]) -> int:
    """0 when all went well; 1 when something was refused; 2 when the command is not understood."""
    arguments = _parser().parse_args(argv)
    try:
        return arguments.run(arguments)
    except (Refused, store.StoreError) as error:
        _complain(str(error))
    except OSError as error:
        _complain(f"Fichier inaccessible : {error.filename}. Vérifiez son emplacement.")
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("guichet consolidate", description="Rassembler les envois des postes d’accueil.")
    doors = parser.add_subparsers(required=True, metavar="ACTION")

    create = _door(doors, "create", _create, "créer le dossier du coordinateur")
    create.add_argument("--organisation", required=True, help="le nom du lieu")
    pair = _door(doors, "pair", _pair, "préparer le fichier d’appairage d’un poste")
    pair.add_argument("--desk", required=True, help="le code du poste, par exemple A1")
    pair.add_argument("-o", "--output", required=True, type=Path, help="le fichier à écrire")
    bring = _door(doors, "import", _import, "importer les envois des postes")
    bring.add_argument("files", nargs="+", type=Path, metavar="FICHIER")
    bring.add_argument("--accept", action="append", default=[], help="l’empreinte vérifiée d’un nouveau poste")
    _door(doors, "report", _report, "afficher les totaux")
    _door(doors, "recover", _recover, "changer la phrase secrète avec la fiche de secours")
    return parser


def _door(doors, name: str, run: Callable[[argparse.Namespace], int], help: str) -> argparse.ArgumentParser:
    door = doors.add_parser(name, help=help)
    door.add_argument("folder", type=Path, metavar="DOSSIER")
    door.add_argument("--passphrase-file", type=Path, help="le fichier qui contient la phrase secrète")
    door.set_defaults(run=run)
    return door


def _create(arguments: argparse.Namespace) -> int:
    recovery = consolidation.create(arguments.folder, arguments.organisation, _passphrase(arguments, new=True))
    _say(f"Coordinateur créé : {arguments.organisation}.")
    _say("Imprimez cette clé de secours et mettez-la au coffre. Elle n’est gardée nulle part :")
    _say(recovery)
    return 0


def _pair(arguments: argparse.Namespace) -> int:
    content = consolidation.pair(arguments.folder, arguments.desk.upper(), _passphrase(arguments))
    arguments.output.write_bytes(content)
    _say(f"Fichier d’appairage du poste {arguments.desk.upper()} : {arguments.output}")
    _say("Portez-le sur ce poste, puis importez-le dans Guichet.")
    return 0


def _import(arguments: argparse.Namespace) -> int:
    report = consolidation.consolidate(arguments.folder, arguments.files, _passphrase(arguments), arguments.accept)
    for file in report.files:
        _show(file)
    _say(f"En tout : {report.visits} visites, {report.demands} demandes.")
    _say_conflicts(report.conflicts)
    return 1 if any(file.result is Result.REFUSED for file in report.files) else 0


def _show(file: Imported) -> None:
    _say(f"{file.name} : {file.sentence}")
    if file.fingerprint:
        _say(f"  Poste {file.desk}, empreinte {file.fingerprint}")
        _say(f'  Si le poste affiche la même : --accept "{file.fingerprint}"')
    if file.result is Result.IMPORTED:
        found = [f"{file.total(outcome)} {word}" for outcome, word in _OUTCOMES if file.total(outcome)]
        _say(f"  Poste {file.desk}, envoi n° {file.number}, lignes : {', '.join(found) or 'aucune'}.")


def _report(arguments: argparse.Namespace) -> int:
    passphrase = _passphrase(arguments)
    figures = consolidation.figures(arguments.folder, passphrase)
    _say(f"Visites : {figures.visits} · demandes : {figures.demands}")
    for desk, visits, demands in figures.per_desk:
        _say(f"  Poste {desk} : {visits} visites, {demands} demandes")
    if figures.per_theme:
        _say("Demandes par thème :")
    for label, count in figures.per_theme:
        _say(f"  {label} : {count}")
    for desk, number, at in figures.bundles:
        _say(f"Dernier envoi du poste {desk} : n° {number}, importé le {_day(at)}")
    conflicts = consolidation.conflicts(arguments.folder, passphrase)
    _say_conflicts(len({(conflict.table, conflict.id) for conflict in conflicts}))
    for conflict in conflicts:
        field = _FIELDS.get(conflict.field, conflict.field)
        _say(f"  {conflict.label}, {field} : {_quoted(conflict.shown)} (poste {conflict.shown_by}), ")
        _say(f"    ou {_quoted(conflict.other)} (poste {conflict.other_by})")
    return 0


def _recover(arguments: argparse.Namespace) -> int:
    recovery = getpass.getpass("Clé de secours : ") if sys.stdin.isatty() else sys.stdin.readline()
    keyring.recover(arguments.folder, recovery, _passphrase(arguments, new=True))
    _say("La phrase secrète est changée. Les données sont intactes.")
    return 0


def _passphrase(arguments: argparse.Namespace, *, new: bool = False) -> str:
    """From the file, else the environment, else the keyboard (twice for a new one)."""
    if arguments.passphrase_file:
        return arguments.passphrase_file.read_text(encoding="utf-8").strip("\r\n")
    if VARIABLE in os.environ:
        return os.environ[VARIABLE]
    typed = getpass.getpass("Phrase secrète du coordinateur : ")
    while new and (not typed or typed != getpass.getpass("La même, une seconde fois : ")):
        _complain("Les deux phrases diffèrent, ou sont vides. Recommencez.")
        typed = getpass.getpass("Phrase secrète du coordinateur : ")
    return typed


def _say_conflicts(count: int) -> None:
    if count:
        _say(f"Fiches en conflit : {count}. Les deux valeurs sont gardées.")


def _quoted(value: str | int | None) -> str:
    return "vide" if value in (None, "") else f"« {value} »"


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _complain(line: str) -> None:
    sys.stderr.write(f"{line}\n")
