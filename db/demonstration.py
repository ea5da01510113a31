"""The demonstration place: invented people, a month of plausible days. Its data is never exported."""

import random
import shutil
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

from db import (
    checklists,
    digital_space,
    dossiers,
    lists,
    money,
    notes,
    people,
    place,
    preferences,
    readings,
    store,
    team,
    timeline,
    visits,
)
from db.schema import Closing, Counter, StationSession
from desktop.instalments import instalments

KEY = b"demonstration, rien de secret ici"[:32]
MEDIATOR = "demonstration"
NAMES = (
    "Lanterne Odette", "Tournesol Rachid", "Parapluie Inès", "Girouette Marcel", "Boussole Aminata", "Marmite Paulo",
    "Coquelicot Samira", "Tambour Mehmet", "Noisette Thi-Lan", "Horloge Bernard", "Papillon Fatou", "Citronnier Louis",
    "Trottinette Léa", "Moulin Hocine", "Framboise Denise", "Cerf-Volant Youssef", "Bouteille Carla", "Tabouret Ivan",
    "Étincelle Maryam", "Pâquerette Jean", "Sifflet Awa", "Nénuphar Œdipe", "Colibri Zoé", "Arrosoir Tarek",
    "Veilleuse Anh", "Barrique Gaston", "Ficelle Nour", "Grelot Amélie", "Hublot Kevin", "Javelot Rosa",
    "Kiosque Omar", "Luciole Edith", "Manège Bilal", "Nacelle Irène", "Oreiller Sacha", "Poivrier Hawa",
    "Quenouille Yves", "Réglisse Dounia", "Sablier Victor", "Toupie Malika",
)  # fmt: skip
_FAMILY_WEIGHTS = (14, 8, 9, 12, 9, 26, 12, 7, 3)
_OUTCOMES = ("resolu", "resolu", "resolu", "resolu", "oriente", "pieces", "resolu_appel", "a_suivre")


def enter(folder: Path, today: date) -> None:
    """Open the demonstration place, made anew each day so that its month ends today."""
    if (folder / store.FILE).exists():
        try:
            place.enter(folder, KEY, MEDIATOR)
            if preferences.get("demonstration") == today.isoformat():
                return
            place.leave()
        except store.StoreError:
            pass
    shutil.rmtree(folder, ignore_errors=True)
    place.enter(folder, KEY, MEDIATOR)
    _fill(today)
    store.sign_in("", "")
    store.sign_in(MEDIATOR, preferences.place().desk)


def _fill(today: date) -> None:
    chance = random.Random(20261123)
    preferences.put("demonstration", today.isoformat())
    preferences.put("place", {"name": "PIMMS de démonstration", "town": "Villeurbanne", "desk": "D1"})
    preferences.put("idle_seconds", 0)
    store.sign_in(MEDIATOR, "D1")
    with store.act(""):
        team.add(MEDIATOR, "Nadia Réverbère", "responsable")
        team.add("demonstration-2", "Karim Belvédère")
        team.add("demonstration-3", "Zoé Passerelle", may_sign_mandate=False)
        known = [_person(name, n, today) for n, name in enumerate(NAMES)]
        posts = [digital_space.add_station(n) for n in range(1, 7)]
        digital_space.set_fault(posts[5], "Écran en panne")
        for offset in range(30, 0, -1):
            day = today - timedelta(days=offset)
            if preferences.opening(day):
                _past_day(chance, day, known, posts)
        _this_morning(chance, today, known, posts)


def _person(name: str, n: int, today: date) -> str:
    last, first = name.rsplit(" ", 1)
    draft = people.Draft(
        last, first, birth_year=1948 + n * 37 % 58, phone=f"06000000{n:02}", postcode="69100", town="Villeurbanne",
        informed_on=today - timedelta(days=20),
    )  # fmt: skip
    return people.record(draft, today)


def _demand(chance: random.Random, minutes: int | None = None) -> visits.Demand:
    family = chance.choices(lists.families(), _FAMILY_WEIGHTS)[0]
    found = chance.choice(family.precisions)
    outcome = chance.choice(_OUTCOMES)
    return visits.Demand(
        family=family.digit, theme=found.theme, subtheme=found.subtheme,
        nature=chance.choice(("information", "courrier", "en_ligne", "formulaire", "explication", "mediation", "orientation")),
        online=chance.random() < 0.3, minutes=minutes or chance.choice((5, 10, 15, 15, 30)),
        outcome="resolu" if outcome == "a_suivre" else outcome,
        referred_to="aide_sociale" if outcome == "oriente" else "",
    )  # fmt: skip


def _visit(chance: random.Random, start: datetime, minutes: int, person: str | None) -> None:
    count = chance.choice((1, 1, 1, 2))
    demands = tuple(_demand(chance) for _ in range(count))
    arrived = start - timedelta(minutes=chance.randint(0, 22))
    profile = visits.Profile(chance.choice("FFM"), chance.choice(("25-39", "40-59", "60-69", "70+")), "en_emploi")
    draft = visits.Draft(
        person=person, arrived_at=arrived, started_at=start, ended_at=start + timedelta(minutes=minutes), demands=demands,
        profile=profile if chance.random() < 0.2 else None, entry_seconds=chance.randint(8, 24),
    )  # fmt: skip
    visits.record(draft, start + timedelta(minutes=minutes))


def _past_day(chance: random.Random, day: date, known: list[str], posts: list[str]) -> None:
    for begin, end in preferences.opening(day):
        moment = datetime.combine(day, begin).astimezone() + timedelta(minutes=4)
        last = datetime.combine(day, end).astimezone() - timedelta(minutes=12)
        while moment < last:
            minutes = chance.choice((6, 9, 12, 14, 18, 26))
            _visit(chance, moment, minutes, chance.choice(known) if chance.random() < 0.35 else None)
            moment += timedelta(minutes=minutes + chance.randint(1, 14))
    morning = datetime.combine(day, time(9, 30)).astimezone()
    for n in range(chance.randint(3, 9)):
        begin = morning + timedelta(minutes=25 * n)
        store.insert(
            StationSession, station=chance.choice(posts[:5]), day=day, started_at=begin, planned_minutes=45,
            ended_at=begin + timedelta(minutes=chance.randint(12, 58)), uses=["demarche"], signed_out=True,
        )  # fmt: skip
    for kind, most in (("nb", 40), ("couleur", 4), ("copie", 20), ("fax_emis", 3), ("scan", 9)):
        quantity = chance.randint(0, most)
        store.insert(Counter, day=day, kind=kind, quantity=quantity, cents=digital_space.PRICES.get(kind, 0) * quantity)
    store.insert(Closing, day=day, bundle="", figures={})


def _followed(today: date, energy: str, water: str, person: str) -> None:
    """What a dossier may hold: a notice and a plan, meters that doubled, papers to bring."""
    notice = dossiers.draft_of(energy)
    dossiers.change(energy, replace(notice, notified_on=today - timedelta(days=12), protected=("cheque_energie",)))
    money.keep_plan(energy, instalments(48620, 4, today + timedelta(days=12)))
    money.ask_help(energy, "fsl", 20000, today - timedelta(days=9))
    for months, index in ((24, 1180), (18, 1226), (12, 1271), (6, 1319), (0, 1468)):
        readings.add(water, readings.Draft("eau", today - timedelta(days=30 * months + 1), index))
    file = dossiers.open_dossier(
        dossiers.Draft(person, "prefecture", "Naturalisation", "", "dossier à compléter"), today - timedelta(days=3)
    )
    checklists.start(file, "naturalisation")
    for line, days in zip(checklists.items(file), (400, 90, -20, 60, -5), strict=False):
        until = today + timedelta(days=days) if line.item.months else None
        checklists.set_item(file, "naturalisation", line.item.code, "fourni", until)


def _this_morning(chance: random.Random, today: date, known: list[str], posts: list[str]) -> None:
    current = datetime.now().astimezone()
    for back in (96, 84, 73, 61, 52, 40, 31, 19):
        start = current - timedelta(minutes=back)
        if start.date() == today:
            _visit(chance, start, chance.choice((5, 7, 9)), chance.choice([None, None, known[back % 40]]))
    for family, urgency, label, needs, minutes in (
        (6, "fragile", "M. Tambour", (), 18), (2, "normal", "", (), 9), (7, "normal", "Mme Colibri", ("enfant",), 4)
    ):  # fmt: skip
        visits.arrive(
            visits.Arrival(family, urgency, needs, label),
            max(current - timedelta(minutes=minutes), current.replace(hour=0, minute=1)),
        )
    kaya = dossiers.open_dossier(
        dossiers.Draft(known[7], "edf", "Impayé, échéancier", "6 000 000 007", "coupure annoncée, 486,20 €", 48620),
        today - timedelta(days=11),
    )
    dossiers.log(kaya, "appel", "Appel au correspondant solidarité : transmis au recouvrement", today)
    roux = dossiers.open_dossier(
        dossiers.Draft(
            known[3], "eau_grand_lyon", "Surconsommation, fuite", "00 000 001", "fuite après compteur", 31248
        ),
        today - timedelta(days=12),
    )
    timeline.tell(roux, "courrier", "Demande d’écrêtement remise en main propre")
    dossiers.open_dossier(dossiers.Draft(known[12], "sncf", "Remboursement, réclamation", "", "billet annulé"), today)
    _followed(today, kaya, roux, known[8])
    notes.write("Le photocopieur avale les feuilles : passer par le bac 2.")
    for number, use, minutes, label, back in (
        (1, "emploi", 45, "Mme Colibri", 32),
        (2, "messagerie", 30, "", 27),
        (4, "demarche", 30, "M. Hublot", 34),
    ):
        id = digital_space.start(posts[number - 1], use, minutes, label)
        store.update(StationSession, id, started_at=current - timedelta(minutes=back))
    for kind, quantity in (("nb", 14), ("copie", 6), ("fax_emis", 1), ("scan", 3)):
        digital_space.count(kind, quantity)
