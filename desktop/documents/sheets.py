"""Sheets of the place that are not letters: the recovery code of the safe, the summary of the day."""

from datetime import date

from reportlab.lib.units import mm

from desktop.documents import paper
from desktop.documents.content import clean
from desktop.documents.letter import letterhead
from desktop.documents.typography import typeset
from desktop.french import long_date

_GROUPS_ON_A_LINE = 4
_STEPS = (
    "Ouvrir Guichet, puis choisir « Fiche de secours ».",
    "Recopier le code, groupe par groupe. Les tirets et les espaces ne comptent pas.",
    "Choisir une nouvelle phrase de passe. Guichet imprime alors un nouveau code : ranger la nouvelle feuille, détruire celle-ci.",
)


def recovery_sheet(place_name: str, secret_groups: str, day: date) -> bytes:
    """One A4 page for the director's safe; `secret_groups` is cut in groups of five characters."""
    canvas = paper.Sheets("Code de secours")
    letterhead(canvas, "Code de secours", (typeset(clean(place_name)), "Guichet"), f"Imprimé le {long_date(day)}")
    text, listed = paper.Style(12, 17), paper.Style(12, 17, 8 * mm)
    y = paper.height(68)

    def write(words: str, like, gap: float, bullet: str = "") -> None:
        nonlocal y
        drawn = paper.Text(typeset(words), like, bullet=bullet)
        y -= drawn.wrap(paper.WIDTH, y)[1] + gap
        drawn.drawOn(canvas, paper.LEFT, y)

    write("Ce code ouvre les données de l’accueil quand toutes les phrases de passe sont perdues.", text, 0)
    write("Sans ce code et sans phrase de passe, personne ne peut les relire.", text, 0)
    code = "".join(c for c in secret_groups if c.isalnum())
    groups = [code[i : i + 5] for i in range(0, len(code), 5)]
    y -= 12 * mm
    canvas.setFillColor(paper.INK)
    canvas.setFont(paper.REGULAR, 26)
    for start in range(0, len(groups), _GROUPS_ON_A_LINE):
        y -= 16 * mm
        for i, group in enumerate(groups[start : start + _GROUPS_ON_A_LINE]):
            for j, character in enumerate(group):  # every character in a cell of its own: easier to copy
                canvas.drawCentredString(paper.LEFT + (i * 41 + j * 6.8 + 3) * mm, y, character)
    y -= 10 * mm
    write("Où le garder", paper.Style(13, 18, font=paper.STRONG), 6 * mm)
    write(
        "Dans le coffre du directeur ou de la directrice, sous enveloppe fermée. Jamais près de l’ordinateur.",
        text,
        2 * mm,
    )
    write("Ni photo, ni copie, ni courriel : celui qui lit cette feuille peut lire les données.", text, 2 * mm)
    write("Comment s’en servir", paper.Style(13, 18, font=paper.STRONG), 8 * mm)
    for number, step in enumerate(_STEPS, 1):
        write(step, listed, 2 * mm, f"{number}.")
    canvas.showPage()
    return canvas.finished()


def day_sheet(title: str, lines: list[tuple[str, str]], foot: str) -> bytes:
    """One A4 page: a title, a table of names and figures, small print at the bottom."""
    canvas = paper.Sheets(typeset(clean(title)))
    canvas.setFillColor(paper.INK)
    canvas.setFont(paper.STRONG, 20)
    canvas.drawString(paper.LEFT, paper.height(30), typeset(clean(title)))
    top = paper.height(42)
    for size in (11, 10, 9, 8, 7, 6):
        table = paper.Rows([(typeset(clean(name)), typeset(clean(value))) for name, value in lines], size)
        if top - table.wrap(paper.WIDTH, top)[1] > paper.BOTTOM:
            break
    if lines:
        table.drawOn(canvas, paper.LEFT, top - table.wrap(paper.WIDTH, top)[1])
    small = paper.Text(typeset(clean(foot)), paper.Style(8, 11, color=paper.GREY))
    small.wrap(paper.WIDTH, paper.BOTTOM)
    small.drawOn(canvas, paper.LEFT, 8 * mm)
    canvas.showPage()
    return canvas.finished()
