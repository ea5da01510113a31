"""The words of every template, kept so that a change is read before it ships: `python tests/documents/golden.py` rewrites them."""

import sys
from dataclasses import replace
from pathlib import Path

from desktop.documents import lint
from desktop.documents.content import MARKS
from desktop.documents.template_files import Template
from desktop.documents.templates import fill, shipped

FOLDER = Path(__file__).with_name("golden")
_MARKS = str.maketrans(dict.fromkeys(map(ord, MARKS), "|"))


def words(template: Template) -> str:
    """Everything the example prints, for « Madame », with every sentence added and what comes next."""
    place = replace(lint.SENDER, name="PIMMS de l’Exemple")
    own = template.kind == "fiche" or template.from_place
    written = fill(
        template, template.example, sender=place if own else replace(lint.SENDER, civility="Madame"),
        addressee=lint.ADDRESSEE, place="Villeurbanne", day=lint.DAY, phrases=range(len(template.phrases)),
    )  # fmt: skip
    after = [line for block in written.after for line in block.lines]
    lines = [*written.texts, "—", *after] if after else list(written.texts)
    return "\n".join(line.translate(_MARKS).replace("\u00a0", " ") for line in lines if line) + "\n"


def rewrite() -> None:
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for id, template in shipped().items():
        (FOLDER / f"{id}.txt").write_text(words(template), "utf-8")


if __name__ == "__main__":
    sys.exit(rewrite())
