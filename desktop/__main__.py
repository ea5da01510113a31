"""The doors: the window, and what works without it."""

import sys

COMMANDS = """guichet                     la fenêtre du poste
guichet --demo              un lieu inventé, pour apprendre
guichet tour DOSSIER        une journée jouée toute seule, avec ses images
guichet selftest            chiffrement, polices, PDF et listes en quelques secondes
guichet lint                les modèles de courrier : fautes, et dates de relecture (lint --help)
guichet letter MODÈLE …     un document sans la fenêtre (letter --help)
guichet consolidate …       le côté du coordinateur (consolidate --help)
"""


def main(arguments: list[str] | None = None) -> int:
    """Run one door; the exit code."""
    words = sys.argv[1:] if arguments is None else arguments
    door = words[0] if words else ""
    if door == "consolidate":
        from desktop import consolidate

        return consolidate.main(words[1:])
    if door in ("lint", "letter"):
        from desktop import press

        return getattr(press, door)(words[1:])
    if door == "selftest":
        from desktop import selftest

        return selftest.main()
    if door == "tour":
        from desktop import tour

        return tour.main(words[1:])
    if door in ("", "--demo"):
        from desktop import app

        return app.main(demonstration=door == "--demo")
    sys.stderr.write(COMMANDS)
    return 0 if door in ("-h", "--help") else 2


if __name__ == "__main__":
    sys.exit(main())
