"""Mandates: the written authority to act for a person. Signed or revoked in one act, never changed, never undone.

Three things are told apart. With the person at the counter, nothing is needed: she decides. An oral or written consent is
for asking and being told. Acting in her name without her takes a valid mandate; once one was revoked or has ended, even
asking stops until she signs again.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from db import journal, lists, store, team, timeline
from db.schema import Mandate
from desktop import french
from desktop.instalments import months_later

MONTHS = 1
MONTHS_MAX = 12
PAPERS = PAPER, SLIP = "mandat-partenaire", "revocation-mandat"
"""The letters that are a mandate, and its end."""
WARNED = timedelta(days=14)


class Blocked(Exception):
    """An act in the person's name is refused; the message is the reason she can be told."""


@dataclass(frozen=True)
class Draft:
    """A mandate as typed; without an end, it lasts a month. `dossier` None: any dossier with this partner."""

    person: str | None = None
    partner: str = ""
    scope: str = ""
    dossier: str | None = None
    signed_on: date | None = None
    ends_on: date | None = None
    letter: str | None = None


@dataclass(frozen=True)
class Line:
    """A mandate as it stands; `signer` is a mediator's id."""

    id: str
    person: str
    dossier: str | None
    partner: str
    scope: str
    signed_on: date
    ends_on: date
    signer: str
    signer_name: str
    letter: str | None = None
    revoked_on: date | None = None
    revocation_letter: str | None = None

    def valid(self, day: date) -> bool:
        return self.signed_on <= day <= self.ends_on and (self.revoked_on is None or day < self.revoked_on)


def may_sign(mediator: str) -> str:
    """Why this mediator may not sign a mandate, or nothing."""
    known = team.member(mediator)
    if known is None:
        return "Ouvrez le poste à votre nom pour signer un mandat."
    if not known.may_sign_mandate:
        return "Un service civique ou un stagiaire ne signe pas de mandat. Demandez à un médiateur."
    return ""


def default_end(signed_on: date) -> date:
    return months_later(signed_on, MONTHS)


def problems(draft: Draft, today: date) -> dict[str, str]:
    """Say what is wrong, field by field; empty means the mandate may be signed."""
    found: dict[str, str] = {}
    if draft.person is None:
        found["person"] = "Nommez la personne qui donne le mandat. Exemple : Benali."
    if not draft.partner:
        found["partner"] = "Choisissez le partenaire. Exemple : Eau du Grand Lyon."
    if not draft.scope.strip():
        found["scope"] = "Dites les démarches permises. Exemple : appeler au sujet de la fuite du 3 novembre."
    elif len(draft.scope) > 280:
        found["scope"] = f"L’objet a {french.counted(len(draft.scope) - 280, 'signe')} de trop (280 au plus)."
    if draft.signed_on is None:
        found["signed_on"] = f"Donnez le jour de la signature. Exemple : {french.short_date(today)}."
    elif draft.signed_on > today:
        found["signed_on"] = f"Ce jour n’est pas encore venu. Exemple : {french.short_date(today)}."
    elif draft.ends_on and draft.ends_on < draft.signed_on:
        found["ends_on"] = f"Le mandat finit avant sa signature, le {french.long_date(draft.signed_on)}."
    elif draft.ends_on and draft.ends_on > months_later(draft.signed_on, MONTHS_MAX):
        found["ends_on"] = f"Un mandat dure un an au plus. Exemple : {french.short_date(default_end(draft.signed_on))}."
    return found


def sign(draft: Draft) -> str:
    """Record the signed mandate, by whoever is at work; its id. Raises Blocked when they may not sign."""
    if reason := may_sign(store.mediator()):
        raise Blocked(reason)
    ends_on = draft.ends_on or default_end(draft.signed_on)
    letter = draft.letter or _unlinked_paper(draft.dossier)
    with store.act(""):
        id = store.insert(
            Mandate, person=draft.person, dossier=draft.dossier, partner=draft.partner, scope=draft.scope.strip(),
            signed_on=draft.signed_on, ends_on=ends_on, signer=store.mediator(), letter=letter,
        )  # fmt: skip
        _tell(draft.dossier, f"Mandat signé, valable jusqu’au {french.short_date(ends_on)}")
        journal.write("mandat.signe", id)
    store.seal()
    return id


def revoke(mandate: str, day: date, letter: str | None = None) -> None:
    """The person takes it back, with its slip if printed; at once, and for good. Raises Blocked when it already is."""
    row = Mandate.get_by_id(mandate)
    if row.revoked_on:
        raise Blocked(f"Ce mandat est déjà révoqué depuis le {french.long_date(row.revoked_on)}.")
    with store.act(""):
        store.update(Mandate, mandate, revoked_on=day, revocation_letter=letter)
        _tell(row.dossier_id, "Mandat révoqué par la personne")
        journal.write("mandat.revoque", mandate)
    store.seal()


def _unlinked_paper(dossier: str | None) -> str | None:
    """The last paper filed for this dossier that is no other mandate's."""
    rows = store.rows(
        "SELECT l.id FROM letter l WHERE l.dossier_id = ? AND l.template = ? AND l.removed_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM mandate m WHERE m.letter_id = l.id) ORDER BY l.id DESC LIMIT 1",
        (dossier, PAPER),
    )
    return rows[0][0] if rows else None


def paper_filed(dossier: str, template: str, letter: str) -> None:
    """Keep with the mandate the paper made after it was signed, or revoked."""
    known = of_dossier(dossier)
    if template == PAPER and (bare := next((m for m in known if m.letter is None and m.revoked_on is None), None)):
        store.update(Mandate, bare.id, letter=letter)
    if template == SLIP and (ended := next((m for m in known if m.revoked_on and m.revocation_letter is None), None)):
        store.update(Mandate, ended.id, revocation_letter=letter)


def _tell(dossier: str | None, summary: str) -> None:
    if dossier:
        timeline.tell(dossier, "mandat", summary)


_LINES = """
SELECT a.id, a.person_id, a.dossier_id, a.partner, a.scope, a.signed_on, a.ends_on, a.signer, coalesce(m.name, ''),
       a.letter_id, a.revoked_on, a.revocation_letter_id
FROM mandate a LEFT JOIN mediator m ON m.id = a.signer {join}
WHERE a.removed_at IS NULL AND {which} ORDER BY a.signed_on DESC, a.id DESC
"""


def _lines(which: str, values: tuple, join: str = "") -> tuple[Line, ...]:
    return tuple(
        Line(id, person, dossier, partner, scope, store.day(signed), store.day(ends), signer, name, letter,
             store.day(revoked), slip)
        for id, person, dossier, partner, scope, signed, ends, signer, name, letter, revoked, slip in store.rows(
            _LINES.format(which=which, join=join), values
        )
    )  # fmt: skip


def of_person(person: str) -> tuple[Line, ...]:
    """All her mandates, the last signed first."""
    return _lines("a.person_id = ?", (person,))


def of_dossier(dossier: str) -> tuple[Line, ...]:
    """Its own mandates, and those its person gave for this partner in general."""
    return _lines(
        "d.id = ? AND (a.dossier_id = d.id OR (a.dossier_id IS NULL AND a.partner = d.partner))",
        (dossier,),
        "JOIN dossier d ON d.person_id = a.person_id",
    )


def line(id: str) -> Line | None:
    return next(iter(_lines("a.id = ?", (id,))), None)


def valid_for(dossier: str, day: date) -> Line | None:
    """The mandate under which one may act that day: of several, the one that lasts longest."""
    found = [mandate for mandate in of_dossier(dossier) if mandate.valid(day)]
    return max(found, key=lambda mandate: mandate.ends_on, default=None)


def blocked(dossier: str, day: date) -> str:
    """Why one may not act in the person's name without her; nothing when a mandate is valid."""
    return _reason(of_dossier(dossier), day)


def contact_blocked(dossier: str, day: date) -> str:
    """Why even asking must stop without her: a mandate was revoked or has ended, and none replaced it."""
    known = of_dossier(dossier)
    return _reason(known, day) if known else ""


def _reason(known: tuple[Line, ...], day: date) -> str:
    if any(mandate.valid(day) for mandate in known):
        return ""
    if not known:
        return "Aucun mandat : l’accord sert à s’informer. Faites signer un mandat, ou agissez avec la personne."
    last = max(known, key=lambda mandate: (mandate.revoked_on or mandate.ends_on, mandate.signed_on))
    if last.revoked_on and last.revoked_on <= day:
        return f"Mandat révoqué le {french.long_date(last.revoked_on)} : plus aucun contact en son nom."
    if day < last.signed_on:
        return f"Le mandat ne commence que le {french.long_date(last.signed_on)}."
    return f"Mandat fini le {french.long_date(last.ends_on)} : faites-en signer un nouveau."


def warning(mandate: Line, today: date) -> str:
    """One sentence within two weeks of its end."""
    if not mandate.valid(today) or mandate.ends_on - today > WARNED:
        return ""
    left = (mandate.ends_on - today).days
    when = f"dans {french.counted(left, 'jour')}" if left else "ce soir"
    return f"Le mandat pour {lists.label('partner', mandate.partner)} finit {when}, le {french.long_date(mandate.ends_on)}."


def expiring(today: date) -> tuple[Line, ...]:
    """Mandates that end within two weeks, of open dossiers one may see or of none; the soonest first. One query."""
    found = _lines(
        "a.revoked_on IS NULL AND a.ends_on BETWEEN ?2 AND ?3 "
        f"AND (d.id IS NULL OR (d.state <> 'clos' AND {team.VISIBLE}))",
        (store.mediator(), today.isoformat(), (today + WARNED).isoformat()),
        "LEFT JOIN dossier d ON d.id = a.dossier_id",
    )
    return tuple(sorted(found, key=lambda mandate: mandate.ends_on))
