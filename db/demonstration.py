"""The demonstration place: invented people, a month of plausible days. Its data is never exported."""

import random
import shutil
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
from db.schema import Closing, Counter, DossierEvent, StationSession
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


def _dossier(opened: datetime, draft: dossiers.Draft, *told: tuple[datetime, str, str]) -> str:
    """A dossier opened that day, then what happened since: when, kind and words of each event."""
    file = dossiers.open_dossier(draft, opened.date())
    for _, kind, summary in told:
        timeline.tell(file, kind, summary)
    _date(file, opened, *(at for at, *_ in told))
    return file


def _date(file: str, *moments: datetime) -> None:
    """Give the events of a dossier, the oldest first, the day and the hour they would have had."""
    rows = DossierEvent.select(DossierEvent.id).where(DossierEvent.dossier == file).order_by(DossierEvent.id)
    for row, at in zip(rows, moments, strict=True):
        store.update(DossierEvent, row.id, at=at)


def _followed(today: date, known: list[str], current: datetime) -> None:
    """Dossiers of the last weeks: a notice and a plan, meters that doubled, papers to bring, one that ended well."""
    calendar = preferences.calendar()

    def ago(days: int, at: str) -> datetime:
        return datetime.combine(calendar.previous(today - timedelta(days=days)), time.fromisoformat(at)).astimezone()

    charges = _dossier(
        ago(27, "10:05"),
        dossiers.Draft(known[29], "alliade", "Régularisation de charges", "", "charges 2025, 214,60 € demandés", 21460),
        (ago(27, "10:20"), "courrier", "Demande des justificatifs remise en main propre"),
        (ago(13, "11:10"), "reponse", "Justificatifs reçus : une erreur de relevé"),
    )
    dossiers.close(charges, "resolu", ago(9, "09:40").date(), useful="oui", won=8640)
    _date(charges, ago(27, "10:05"), ago(27, "10:20"), ago(13, "11:10"), ago(9, "09:40"))
    water = _dossier(
        ago(12, "09:25"),
        dossiers.Draft(
            known[3], "eau_grand_lyon", "Surconsommation, fuite", "00 000 001", "fuite après compteur", 31248
        ),
        (ago(12, "09:50"), "courrier", "Demande d’écrêtement remise en main propre"),
    )
    for months, index in ((24, 1180), (18, 1226), (12, 1271), (6, 1319), (0, 1468)):
        readings.add(water, readings.Draft("eau", today - timedelta(days=30 * months + 1), index))
    energy = _dossier(
        ago(11, "10:35"),
        dossiers.Draft(
            known[7], "edf", "Impayé, échéancier", "6 000 000 007", "coupure annoncée, 486,20 €", 48620,
            notified_on=today - timedelta(days=12), protected=("cheque_energie",),
        ),
        (ago(7, "09:15"), "note", "Apporte son attestation de chèque énergie"),
    )  # fmt: skip
    dossiers.log(energy, "appel", "Correspondant solidarité : transmis au recouvrement", today)
    _date(energy, ago(11, "10:35"), ago(7, "09:15"), ago(11, "11:00"))
    money.keep_plan(energy, instalments(48620, 4, today + timedelta(days=12)))
    money.ask_help(energy, "fsl", 20000, ago(9, "11:30").date())
    papers = _dossier(
        ago(3, "11:20"),
        dossiers.Draft(known[8], "prefecture", "Naturalisation, dossier", "", "dossier à compléter"),
    )
    checklists.start(papers, "naturalisation")
    for code, days in (("formulaire", 0), ("timbre", 0), ("photos", -20), ("titre_sejour", 400), ("domicile", -5),
                       ("paie", 60)):  # fmt: skip
        until = today + timedelta(days=days) if days else None
        checklists.set_item(papers, "naturalisation", code, "fourni", until)
    train = dossiers.Draft(known[12], "sncf", "Remboursement, réclamation", "", "billet annulé")
    _dossier(max(current - timedelta(minutes=31), current.replace(hour=0, minute=1)), train)


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
    _followed(today, known, current)
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
