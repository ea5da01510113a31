"""The place's own templates as files: copied from the shipped ones, checked, brought in, put aside, beside their origin."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from db.files import write_durably
from desktop.documents import lint, sandbox, template_changes, templates
from desktop.documents.content import Party
from desktop.documents.template_files import LIMIT, BadTemplate, Template, parse
from desktop.letters.writing import folder

SENDER = Party("Aïcha Œuvrard-Nguyễn", "Madame", ("18 rue des Exemples", "69100 Villeurbanne"), "06 00 00 00 00")
ADDRESSEE = Party("Organisme de l’Exemple", lines=("18 rue Fictive", "69100 Villeurbanne"))


def check(text: str) -> list[str]:
    """Every fault of a template's text, its pages drawn; empty means it may be used."""
    try:
        return lint.lint(parse(text))
    except BadTemplate as problem:
        return [str(problem)]


def text_of(template: Template) -> str:
    if templates.is_local(template):
        return (folder() / f"{template.id}.md").read_text("utf-8")
    return _shipped(template.id)


def _shipped(id: str) -> str:
    """Nothing when it is no longer shipped."""
    found = next(templates.LETTERS.glob(f"*/{id}.md"), None)
    return found.read_text("utf-8") if found else ""


def page(template: Template) -> bytes:
    """Its page, filled with its example; raises ValueError."""
    from desktop.documents.letter import render

    sender = replace(SENDER, name="PIMMS de l’Exemple", civility="") if template.from_place else SENDER
    try:
        written = templates.fill(template, template.example, sender=sender, addressee=ADDRESSEE, day=date.today())
        return render(written, draft=True)
    except sandbox.Forbidden as problem:
        raise ValueError(str(problem)) from problem


def write(id: str, text: str) -> None:
    """Raises OSError, as all that writes here."""
    _write(folder() / f"{id}.md", text)


def copy(parent: Template) -> None:
    """A local version that stands in for the shipped one, and what its origin says today."""
    head, body = _shipped(parent.id).split("\n", 1)
    write(parent.id, f'{head}\nderive_de = "{parent.id}@{parent.version}"\n{body}')
    _write(_kept_origin(parent.id), _shipped(parent.id))


def bring(path: Path) -> Template:
    """Take a template from a file, once it is checked; raises BadTemplate, whose sentence says why not."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as problem:
        raise BadTemplate("Ce fichier n’est pas un modèle : il doit être un texte en UTF-8.") from problem
    faults = ["Un modèle tient en 64 Ko."] if len(raw) > LIMIT else check(text)
    if faults:
        raise BadTemplate(f"Le modèle n’est pas importé : {faults[0]}")
    template = parse(text)
    write(template.id, text)
    return template


def put_aside(file: str) -> str:
    """Never deleted: the shipped template comes back, the local file waits under the name returned."""
    path = folder() / file
    return path.replace(path.with_suffix(f".{date.today().isoformat()}.retire")).name


def origin(template: Template) -> tuple[str, str]:
    """What the origin said when it was copied, and what it says today; nothing when it is no longer shipped."""
    kept = _kept_origin(template.id)
    return kept.read_text("utf-8") if kept.exists() else text_of(template), _shipped(_parent_id(template))


def see(template: Template) -> str:
    """The local file follows today's origin, which is kept as such; the « id@version » it now comes from."""
    parent = templates.shipped().get(_parent_id(template))
    now = f"{parent.id}@{parent.version}" if parent else ""
    write(template.id, template_changes.seen(text_of(template), now))
    if parent:
        _write(_kept_origin(template.id), _shipped(parent.id))
    return now


def _parent_id(template: Template) -> str:
    return template.derived_from.partition("@")[0]


def _kept_origin(id: str) -> Path:
    return folder() / "origines" / f"{id}.md"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, text.encode())
