#!/usr/bin/env python3
"""Set up and start Guichet from a bare machine; standard library only.

python3 start.py             sets up what is missing and opens the desk (without a display: plays the tour)
python3 start.py test ...    the same, then the tests (what follows goes to pytest)
python3 start.py bundle      the same, then dist/guichet, the program in one folder (build.spec)
python3 start.py ARGUMENTS   the same, then `guichet ARGUMENTS`: tour DIR, selftest, --demo, letter, consolidate…
On Windows: `py start.py`. Details of a failed set-up are in build/set-up.log.
"""

from __future__ import annotations  # so that an older Python reads this far, and is told so

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
LOG = ROOT / "build" / "set-up.log"
VERSION = "{}.{}".format(*sys.version_info)
AGAIN = "py start.py" if WINDOWS else "python3 start.py"

DOORS = {  # the words that are not for the application → what they need, and the module that answers
    "test": ("requirements-test.txt", ["pytest", "-n", "auto", "--dist", "worksteal"]),
    "bundle": ("requirements-frozen.txt", ["PyInstaller", "--noconfirm", "build.spec"]),
}
LIBRARIES = {  # what Qt's wheels load, as the linker names it → the Debian package that brings it
    "GL": "libgl1",
    "EGL": "libegl1",
    "glib-2.0": "libglib2.0-0",
    "dbus-1": "libdbus-1-3",
    "fontconfig": "libfontconfig1",
    "xkbcommon": "libxkbcommon0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "cups": "libcups2",
}
STEPS = ("Collecting", "Unpacking", "Setting up")  # how pip and apt begin a line about one package
CAUSES = {  # what the log says → what the person should know; the first that matches wins
    r"No space left|Errno 28": "le disque est plein, libérez environ 1 Go",
    r"DO NOT MATCH THE HASHES": "un fichier reçu n'est pas celui attendu, prévenez les auteurs si cela se répète",
    r"sudo: (?!unable to resolve)|are you root|Permission denied": (
        "les droits manquent, demandez à la personne qui administre ce poste"
    ),
    r"Could not get lock": "une autre installation est en cours, attendez qu'elle finisse",
    r"CERTIFICATE_VERIFY": "le certificat du réseau est inconnu, demandez à la personne qui administre ce réseau",
    r"resolv|Failed to establish|[Tt]imed out|unreachable|Failed to fetch|Unable to locate|[Cc]onnection": (
        "le réseau ne répond pas, vérifiez la connexion à Internet"
    ),
    r"No matching distribution|Could not find": f"Python {VERSION} n'est pas pris en charge, installez Python 3.13",
}


def say(sentence: str, end: str = "\n") -> None:
    sys.stderr.write(sentence + end)
    sys.stderr.flush()


def cause(log: str) -> str:
    """Say in French why a step failed, from what it printed."""
    found = (words for pattern, words in CAUSES.items() if re.search(pattern, log))
    return next(found, "la cause est dans les détails")


def run(what: str, *command: str | Path) -> None:
    """Run one step: its output to the log, a dot for each package, a failure as one sentence."""
    lines = []
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "encoding": "utf-8", "errors": "replace"}
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(command, stdin=subprocess.DEVNULL, **output) as process,
    ):
        for line in process.stdout:
            lines.append(line)
            log.write(line)
            if line.startswith(STEPS):
                say(".", end="")
    if any(line.startswith(STEPS) for line in lines):
        say("")
    if process.returncode:
        raise SystemExit(f"{what} a échoué : {cause(''.join(lines))}, puis relancez « {AGAIN} » (détails : {LOG}).")


def missing_packages(find_library, has_ensurepip: bool) -> list[str]:
    """The Debian packages that this system lacks; `find_library` answers None for a library that is not there."""
    packages = [package for library, package in LIBRARIES.items() if not find_library(library)]
    return packages if has_ensurepip else [*packages, f"python{VERSION}-venv"]


def install_system_packages() -> None:
    import ctypes.util
    import importlib.util

    packages = missing_packages(ctypes.util.find_library, importlib.util.find_spec("ensurepip") is not None)
    if not packages:
        return
    names = " ".join(packages)
    if not shutil.which("apt-get"):
        raise SystemExit(f"Il manque à ce système l'équivalent de : {names} ; installez-le, puis relancez « {AGAIN} ».")
    root = os.geteuid() == 0
    if not (root or shutil.which("sudo")):
        raise SystemExit(f"Il manque des paquets : lancez « su -c 'apt-get install {names}' », puis « {AGAIN} ».")
    password = "" if root else " ; votre mot de passe peut être demandé"
    say(f"Guichet installe par apt ce qui manque pour afficher, imprimer et se préparer : {names}{password}.")
    install = f"apt-get update; apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends {names}"
    as_root = [*([] if root else ["sudo"]), "env", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
    run("L'installation des paquets", *as_root, "sh", "-c", install)


def stamp(pins: Path, python: str = VERSION, root: Path = ROOT) -> str:
    """What an environment was made from: the pins, the project's own description, the Python, the place."""
    made_from = (pins.read_bytes(), (root / "pyproject.toml").read_bytes(), python, str(root))
    return hashlib.sha256(repr(made_from).encode()).hexdigest()


def environment_fits() -> bool:
    """Is .venv whole, and made with this Python?"""
    check = f"import pip, sys; sys.exit('{{}}.{{}}'.format(*sys.version_info) != '{VERSION}')"
    try:
        return subprocess.run([PYTHON, "-c", check], capture_output=True).returncode == 0
    except OSError:
        return False


def set_up(pins: Path) -> None:
    """Make .venv hold exactly the pinned packages and this project; nothing to do when the stamp says so."""
    expected, stamped = stamp(pins), VENV / f"{pins.stem}.stamp"
    if stamped.is_file() and stamped.read_text() == expected:
        return
    LOG.parent.mkdir(exist_ok=True)
    LOG.write_text("")
    install_system_packages()
    say("Préparation de Guichet : la première fois, environ 100 Mo à télécharger et quelques minutes.")
    if not environment_fits():
        run("La création de l'environnement Python", sys._base_executable, "-m", "venv", "--clear", VENV)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "--retries", "2", "install", "--no-deps"]
    run("Le téléchargement des composants", *pip, "--require-hashes", "--only-binary", ":all:", "-r", pins)
    run("L'installation de Guichet", *pip, "--no-build-isolation", "--editable", ROOT)
    stamped.write_text(expected)


def lacks_display(environment, platform: str = sys.platform) -> bool:
    names = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return platform == "linux" and not any(environment.get(name) for name in names)


def errand(arguments: list[str], display: bool) -> list[str]:
    """What to ask of the application: the window needs a display, and the tour stands in for it."""
    if display or not set(arguments) <= {"--demo"}:
        return arguments
    tour = ROOT / "build" / "tour"
    say(f"Aucun écran n'est disponible ici : Guichet joue la visite guidée et la laisse dans {tour}.")
    return ["tour", str(tour)]


def main(arguments: list[str]) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036
        raise SystemExit(f"Guichet demande Python 3.11 ou plus récent : installez-le, puis relancez « {AGAIN} ».")
    door, *rest = arguments or [""]
    pins, module = DOORS.get(door, ("requirements.txt", []))
    try:
        set_up(ROOT / pins)
    except KeyboardInterrupt:
        raise SystemExit(f"Préparation interrompue : relancez « {AGAIN} » pour la finir.") from None
    except OSError as error:
        raise SystemExit(f"La préparation a échoué : {cause(str(error))} ({error}).") from None
    environment, display = dict(os.environ), not lacks_display(os.environ)
    if module or not display:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    if module:
        os.chdir(ROOT)
        command = [PYTHON, "-m", *module, *rest]
    else:
        # -P: never a folder that happens to be called « desktop » where the person stands
        command = [PYTHON, "-P", "-m", "desktop", *errand(arguments, display)]
    if WINDOWS:  # exec there gives the prompt back before the program ends
        raise SystemExit(subprocess.call(command, env=environment))
    os.execve(PYTHON, command, environment)


if __name__ == "__main__":
    main(sys.argv[1:])
