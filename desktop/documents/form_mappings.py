"""What goes where on an official form: a TOML file per form. `resources/forms/README.md` tells the format."""

import json
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from desktop.french import fold
from desktop.paths import RESOURCES

LIMIT = 256 * 1024
KINDS = ("texte", "cases", "multiligne", "croix")
OVERFLOWS = ("reduire", "annexe", "bloquer")
COMMON = {
    "nom_prenoms": "Nom et prénoms",
    "nom_naissance": "Nom de naissance",
    "nom_usage": "Nom d’usage",
    "prenoms": "Prénoms",
    "civilite": "Civilité",
    "sexe": "Sexe",
    "date_naissance": "Date de naissance",
    "commune_naissance": "Commune de naissance",
    "departement_naissance": "Département de naissance",
    "pays_naissance": "Pays de naissance",
    "nationalite": "Nationalité",
    "situation_famille": "Situation de famille",
    "numero_securite_sociale": "Numéro de Sécurité sociale",
    "numero_allocataire": "Numéro d’allocataire",
    "adresse": "Adresse",
    "complement_adresse": "Complément d’adresse",
    "code_postal": "Code postal",
    "commune": "Commune",
    "pays": "Pays",
    "telephone": "Téléphone",
    "courriel": "Courriel",
    "fait_a": "Fait à",
    "date_demande": "Date de la demande",
}
"""The field names all our mappings share, so that a person's file fills any form."""
_FOLDED = {fold(name): key for key, name in COMMON.items()}


class BadMapping(ValueError):
    """A mapping breaks the format; the message is one French sentence."""


@dataclass(frozen=True)
class Zone:
    """A rectangle in mm, from the top left corner of the page as it is seen."""

    page: int  # the first is 1
    x: float
    y: float
    wide: float
    high: float


@dataclass(frozen=True)
class Spot:
    """One place that receives a value; spots of the same name receive the same one."""

    name: str
    label: str
    kind: str = "texte"
    boxes: tuple[str, ...] = ()  # AcroForm names, else:
    zones: tuple[Zone, ...] = ()
    cut: tuple[int, ...] = ()  # how many characters each box takes
    separator: str = ""  # or the sign that parts them, which the form already prints
    value: str = ""  # the answer a cross stands for
    state: str = ""  # its name in the PDF when it is another
    longest: int = 0
    overflow: str = "reduire"
    capitals: bool = False
    help: str = ""


@dataclass(frozen=True)
class Mapping:
    title: str
    spots: tuple[Spot, ...] = ()
    number: str = ""
    fingerprints: tuple[str, ...] = ()
    automatic: bool = False  # made from the form's own names


def key_of(label: str, taken: Iterable[str] = ()) -> str:
    """« Nom d’usage » → « nom_usage » when it is a field we know, else « nom_d_usage »; never one of `taken`."""
    wanted = fold(label)
    key = base = _FOLDED.get(wanted) or "_".join(wanted.split())[:60].strip("_") or "champ"
    count = 1
    while key in taken:
        count += 1
        key = f"{base}_{count}"
    return key


# reading

_KEYS = {
    "nom": "name", "libelle": "label", "type": "kind", "boite": "boxes", "boites": "boxes", "zones": "zones",
    "decoupe": "cut", "separateur": "separator", "valeur": "value", "etat": "state", "max": "longest",
    "debordement": "overflow", "majuscules": "capitals", "aide": "help",
}  # fmt: skip
_SIDES = {"page": "page", "x": "x", "y": "y", "l": "wide", "h": "high"}
_TYPES = {"name": str, "label": str, "kind": str, "separator": str, "value": str, "state": str, "longest": int,
          "overflow": str, "capitals": bool, "help": str}  # fmt: skip


def parse_mapping(text: str) -> Mapping:
    """A mapping from the text of its file; raises BadMapping."""
    if len(text) > LIMIT:
        raise BadMapping("Ce fichier de cases dépasse 256 Ko.")
    try:
        given = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise BadMapping(f"Ce fichier de cases ne se lit pas : {problem}.") from problem
    if unknown := given.keys() - {"numero", "titre", "empreintes", "champs"}:
        raise BadMapping(f"Clé inconnue : {', '.join(sorted(unknown))}.")
    title, number = given.get("titre"), given.get("numero", "")
    if not isinstance(title, str) or not title.strip():
        raise BadMapping("Il manque la clé « titre ».")
    if not isinstance(number, str) or not re.fullmatch(r"(\d{4,5}(\*\d{2})?)?", number):
        raise BadMapping("La clé « numero » s’écrit comme 12345*01.")
    prints = given.get("empreintes", [])
    if not isinstance(prints, list) or not all(isinstance(p, str) and re.fullmatch("[0-9a-f]{64}", p) for p in prints):
        raise BadMapping("La clé « empreintes » est une liste d’empreintes SHA-256, de 64 signes chacune.")
    raws = given.get("champs", [])
    if not isinstance(raws, list) or not all(isinstance(raw, dict) for raw in raws):
        raise BadMapping("Chaque champ commence par [[champs]].")
    labels: dict[str, str] = {}
    spots = []
    for raw in raws:
        spot = _spot(raw, labels)
        labels.setdefault(spot.name, spot.label)
        spots.append(spot)
    return Mapping(title.strip(), tuple(spots), number, tuple(prints))


def _spot(raw: dict[str, Any], labels: dict[str, str]) -> Spot:
    name = raw.get("nom", "?")
    where = f"Champ « {name} » :"
    if unknown := raw.keys() - _KEYS.keys() - _SIDES.keys():
        raise BadMapping(f"{where} clé inconnue {', '.join(sorted(unknown))}.")
    if not isinstance(name, str) or not re.fullmatch("[a-z0-9_]+", name):
        raise BadMapping(f"{where} le nom s’écrit en minuscules sans accent, comme date_naissance.")
    given = {_KEYS[key]: value for key, value in raw.items() if key in _KEYS}
    given["boxes"], given["zones"], given["cut"] = _boxes(raw, where), _zones(raw, where), _cut(raw, where)
    for key, kind in _TYPES.items():
        if key in given and type(given[key]) is not kind:
            french = next(word for word, own in _KEYS.items() if own == key)
            raise BadMapping(f"{where} la valeur de « {french} » n’est pas du bon genre.")
    given["label"] = given.get("label") or labels.get(name, "")
    spot = Spot(**given)
    if not spot.label:
        raise BadMapping(f"{where} il manque la clé « libelle ».")
    if spot.kind not in KINDS:
        raise BadMapping(f"{where} le type « {spot.kind} » n’existe pas. Choisissez {', '.join(KINDS)}.")
    if spot.overflow not in OVERFLOWS:
        raise BadMapping(f"{where} le débordement « {spot.overflow} » n’existe pas. Choisissez {', '.join(OVERFLOWS)}.")
    if bool(spot.boxes) == bool(spot.zones):
        raise BadMapping(f"{where} donnez « boite », ou bien « page », « x », « y », « l » et « h ».")
    if spot.longest < 0 or (spot.kind == "cases" and spot.zones and not (spot.longest or spot.cut)):
        raise BadMapping(f"{where} « max » est le nombre de cases. Exemple : 8.")
    if spot.cut and len(spot.cut) != len(spot.boxes or spot.zones):
        raise BadMapping(f"{where} « decoupe » donne un nombre par case ou par zone.")
    return spot


def _boxes(raw: dict[str, Any], where: str) -> tuple[str, ...]:
    given = raw.get("boites", [raw["boite"]] if "boite" in raw else [])
    if ("boite" in raw and "boites" in raw) or not isinstance(given, list):
        raise BadMapping(f"{where} donnez « boite », ou « boites » avec une liste.")
    if not all(isinstance(name, str) and name for name in given):
        raise BadMapping(f"{where} une boîte est le nom d’un champ du PDF.")
    return tuple(given)


def _zones(raw: dict[str, Any], where: str) -> tuple[Zone, ...]:
    own = {key: raw[key] for key in _SIDES if key in raw}
    given = raw.get("zones", [own] if own else [])
    if ("zones" in raw and own) or not isinstance(given, list):
        raise BadMapping(f"{where} donnez une zone, ou « zones » avec une liste.")
    return tuple(_zone(zone, where) for zone in given)


def _zone(raw: object, where: str) -> Zone:
    if not isinstance(raw, dict) or raw.keys() != _SIDES.keys():
        raise BadMapping(f"{where} une zone a « page », « x », « y », « l » et « h », en millimètres.")
    page, *sides = (raw[key] for key in _SIDES)
    if type(page) is not int or page < 1 or not all(type(side) in (int, float) for side in sides):
        raise BadMapping(f"{where} une zone s’écrit avec des nombres ; la première page est la page 1.")
    x, y, wide, high = map(float, sides)
    if not (0 <= x < 2000 and 0 <= y < 2000 and 0 < wide < 2000 and 0 < high < 2000):
        raise BadMapping(f"{where} une zone se mesure en millimètres depuis le coin en haut à gauche.")
    return Zone(page, x, y, wide, high)


def _cut(raw: dict[str, Any], where: str) -> tuple[int, ...]:
    given = raw.get("decoupe", [])
    if not isinstance(given, list) or not all(type(n) is int and n > 0 for n in given):
        raise BadMapping(f"{where} « decoupe » est une liste de nombres. Exemple : [2, 2, 4].")
    return tuple(given)


# writing


def write_mapping(mapping: Mapping) -> str:
    """The text of its file; reading it gives the same mapping."""
    lines = [f"titre = {_toml(mapping.title)}"]
    if mapping.number:
        lines.insert(0, f"numero = {_toml(mapping.number)}")
    if mapping.fingerprints:
        lines.append(f"empreintes = {_toml(mapping.fingerprints)}")
    for spot in mapping.spots:
        lines += ["", "[[champs]]", *_written(spot)]
    return "\n".join(lines) + "\n"


def _written(spot: Spot) -> list[str]:
    default = {f.name: f.default for f in fields(Spot)}
    lines = [
        f"{word} = {_toml(getattr(spot, own))}"
        for word, own in _KEYS.items()
        if word not in ("boite", "boites", "zones") and getattr(spot, own) != default[own]
    ]
    if spot.boxes:
        one = len(spot.boxes) == 1
        place = [f"boite = {_toml(spot.boxes[0])}" if one else f"boites = {_toml(spot.boxes)}"]
    elif len(spot.zones) == 1:
        place = [f"{word} = {_toml(getattr(spot.zones[0], own))}" for word, own in _SIDES.items()]
    else:
        place = ["zones = [", *(f"  {_toml(zone)}," for zone in spot.zones), "]"]
    return lines[:2] + place + lines[2:]


def _toml(value: object) -> str:
    if isinstance(value, Zone):
        return "{ " + ", ".join(f"{word} = {_toml(getattr(value, own))}" for word, own in _SIDES.items()) + " }"
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    return repr(value)


# finding


@cache
def shipped() -> tuple[Mapping, ...]:
    """Our own mappings."""
    files = sorted((RESOURCES / "forms").glob("*.toml"))
    return tuple(parse_mapping(file.read_text(encoding="utf-8")) for file in files)


def known(fingerprint: str, number: str, mappings: Iterable[Mapping]) -> tuple[Mapping | None, bool]:
    """The mapping of a form, and whether the form has changed since: same number, another file."""
    mappings = tuple(mappings)
    for mapping in mappings:
        if fingerprint in mapping.fingerprints:
            return mapping, False
    base = number.split("*")[0]
    alike = [m for m in mappings if base and m.number.split("*")[0] == base]
    return (max(alike, key=lambda m: (m.number == number, m.number)), True) if alike else (None, False)
