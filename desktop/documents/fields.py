"""What a template asks for, and how what is typed becomes a value or a sentence that says what is wrong."""

from dataclasses import dataclass
from datetime import date

from desktop.documents.content import CIVILITIES, blank, clean
from desktop.french import counted, nir, nir_problem, parse_date, parse_euros, phone, phone_problem

TYPES = (
    "texte", "texte_long", "date", "montant", "entier", "choix", "oui_non", "adresse", "telephone", "civilite", "nir",
)  # fmt: skip


class Blank(str):
    """A required value nobody has given yet: highlighted in a draft, a dotted line on paper; no comparison holds."""

    def _never(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never


class Cents(int):
    """An amount, in cents."""


@dataclass(frozen=True)
class Field:
    """One question to the mediator."""

    name: str
    type: str
    label: str
    help: str = ""
    required: bool = True
    longest: int = 120  # characters of a text
    least: int = 1  # of a whole number
    most: int = 1_000_000
    choices: tuple[str, ...] = ()
    example: str = ""
    sensitive: bool = False
    when: str = ""  # asked only then

    @property
    def blank(self) -> Blank:
        return Blank(blank(self.label, long=self.type == "texte_long"))

    @property
    def as_example(self) -> str:
        return f" Exemple : {self.example.rstrip('.')}." if self.example else ""

    def read(self, typed: object, today: date) -> object:
        """The value; « » when nothing is typed; raises ValueError with one French sentence and an example."""
        if self.type == "oui_non":
            return typed is True or str(typed).strip().casefold() in ("oui", "true", "1")
        if isinstance(typed, date):
            return typed
        text = clean("" if typed is None else str(typed), long=self.type in ("texte_long", "adresse"))
        if not text:
            return ""
        value, problem = getattr(self, f"_{self.type}", self._texte)(text, today)
        if problem:
            raise ValueError(
                problem + (f" Exemple : {self.example}." if self.example and "Exemple" not in problem else "")
            )
        return value

    def _texte(self, text: str, today: date):
        too_long = f"{counted(self.longest, 'caractère')} au plus : il y en a {len(text)}."
        return text, too_long if len(text) > self.longest else None

    def _adresse(self, text: str, today: date):
        return self._texte(", ".join(text.split("\n\n")), today)

    def _date(self, text: str, today: date):
        return (day := parse_date(text, today)), None if day else "Cette date n’existe pas."

    def _montant(self, text: str, today: date):
        cents = parse_euros(text)
        return Cents(cents or 0), None if cents else "Écrivez un montant en euros, plus grand que zéro."

    def _entier(self, text: str, today: date):
        digits = "".join(text.split())
        number = int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else -1
        between = f"Écrivez un nombre entier, de {self.least} à {self.most}."
        return number, None if self.least <= number <= self.most else between

    def _choix(self, text: str, today: date):
        return text, None if text in self.choices else f"Choisissez dans la liste : {', '.join(self.choices)}."

    def _civilite(self, text: str, today: date):
        return text, None if text in CIVILITIES else f"Choisissez dans la liste : {', '.join(CIVILITIES)}."

    def _nir(self, text: str, today: date):
        return nir(text), nir_problem(text)

    def _telephone(self, text: str, today: date):
        return phone(text), phone_problem(text)
