"""Espace numérique, by the keyboard, on a real place."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QFrame, QWidget

from db import digital_space, schema, statistics, store, visits
from db.ids import now
from desktop.digital_space import words
from desktop.digital_space.tab import DigitalSpaceTab

ENTER, ESCAPE, SHIFT = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def tab(show_room):
    for number in range(1, 7):
        digital_space.add_station(number)
    return show_room(DigitalSpaceTab())


def post(number: int) -> digital_space.Post:
    return digital_space.posts()[number - 1]


def sessions() -> list[schema.StationSession]:
    return list(schema.StationSession.select().order_by(schema.StationSession.id))


def test_scenario_7_by_the_keyboard(tab, keys):
    keys.type("31")
    keys.press(ENTER)
    keys.type("322")
    keys.type("33")
    keys.type("f")
    keys.press(ENTER)
    begun = now() - timedelta(minutes=35)
    schema.StationSession.update(started_at=begun).execute()
    tab.refresh()
    keys.type("39")
    assert tab.station.question.text() == "Déconnexion vérifiée ?"
    assert post(3).session is not None, "nothing ends before the check"
    keys.press(ENTER)
    (session,) = sessions()
    assert round((session.ended_at - session.started_at).total_seconds() / 60) == 35
    assert (session.uses, session.support, session.signed_out) == (["demarche", "emploi"], "ponctuelle", True)
    today = date.today()
    assert digital_space.counters(today) == {"fax_emis": 1}
    assert (statistics.of_day(today).sessions, statistics.of_day(today).pages) == (1, 0)
    assert tab.counters.rows["fax_emis"].accessibleName() == "Fax envoyé, 0\u00a0fax, rien à régler, 1 aujourd’hui"


def test_somebody_is_installed_with_a_name_in_at_most_twelve_keys(tab, keys):
    keys.type("32nguyen")
    keys.press(ENTER)
    assert keys.count + 1 <= 12, "with F8"
    assert (post(3).label, post(3).use, post(3).planned_minutes) == ("Nguyen", "emploi", 45)
    assert digital_space.counters(date.today()) == {} and not tab.counters.counting, "the n was a name"


@pytest.mark.parametrize(("digit", "minutes"), [("1", 30), ("2", 45), ("3", 60)])
def test_the_time_is_one_digit(tab, keys, digit, minutes):
    keys.type(f"14{digit}")
    assert (post(1).use, post(1).planned_minutes, post(1).label) == ("recherche", minutes, "")


def test_a_use_is_asked_for_and_escape_changes_nothing(tab, keys):
    keys.type("2")
    keys.press(ENTER)
    assert tab.station.problem() == "Choisissez un usage, de 1 à 5."
    keys.press(ESCAPE)
    assert post(2).free and tab.side.currentWidget() is tab.counters


def test_the_first_of_the_queue_sits_down_and_their_visit_is_called(tab, keys):
    visit = visits.arrive(visits.Arrival(family=7, label="M. Nguyen", triage="numerique"))
    visits.arrive(visits.Arrival(family=7, label="Mme Roux"))
    tab.refresh()
    assert [card.title for card in tab.queue.cards()] == ["n° 1 · M. Nguyen"]
    keys.type("302")
    keys.press(ENTER)
    assert (post(3).label, post(3).visit) == ("M. Nguyen", visit)
    assert [t.id for t in visits.open_visits()] == [visit] and tab.queue.cards() == ()
    assert store.undo() == "Poste 3 attribué"
    tab.refresh()
    assert len(tab.queue.cards()) == 1 and post(3).free


def test_the_queue_gives_the_first_free_station(tab, keys):
    visits.arrive(visits.Arrival(label="M. Nguyen", triage="numerique"))
    digital_space.set_fault(post(1).id, "Écran en panne")
    tab.refresh()
    tab.find()
    keys.press(ENTER)
    keys.type("1")
    keys.press(ENTER)
    assert post(2).label == "M. Nguyen"


def test_the_menu_of_a_busy_station_lengthens_and_the_end_needs_its_key(tab, keys):
    keys.type("111")
    keys.type("11")
    assert post(1).planned_minutes == 45
    tab.tiles[0].end.click()
    keys.press(ESCAPE)
    assert post(1).session is not None
    tab.tiles[0].end.click()
    keys.type("9")
    assert post(1).session is not None, "a digit does not verify"
    keys.press(ENTER)
    assert post(1).free and sessions()[0].signed_out


def test_nobody_stays_longer_while_people_wait_and_the_reason_is_said(tab, keys):
    for number in range(1, 7):
        digital_space.start(post(number).id, "autre", 30)
    visits.arrive(visits.Arrival(triage="numerique"))
    visits.arrive(visits.Arrival(triage="numerique"))
    tab.refresh()
    tile = tab.tiles[0]
    assert not tile.extend.isEnabled()
    assert tile.extend.accessibleDescription() == "2\u00a0personnes attendent un poste."
    keys.type("11")
    assert post(1).planned_minutes == 30 and tab.station.problem() == "2\u00a0personnes attendent un poste."


def test_out_of_order_with_a_reason_and_back(tab, keys):
    keys.type("69")
    keys.press(ENTER)
    assert tab.station.problem().startswith("Dites pourquoi.")
    keys.type("1")
    assert post(6).fault == f"Écran en panne depuis le {date.today():%d/%m}"
    assert tab.tiles[5].accessibleName().startswith("Poste 6, hors service")
    keys.type("61")
    assert post(6).free
    keys.type("69Souris cassee")
    keys.press(ENTER)
    assert post(6).fault.startswith("Souris cassee depuis le ")


def test_a_station_that_does_not_exist_is_said(tab, keys, qtbot):
    with qtbot.waitSignal(tab.said) as said:
        keys.type("9")
    assert said.args == ["Il n’y a pas de poste 9."]


def test_letters_count_shift_takes_back_and_enter_records_in_one_act(tab, keys):
    keys.type("iiip")
    keys.press(Qt.Key.Key_I, SHIFT)
    assert [tab.counters.rows[k].quantity for k in ("nb", "copie")] == [2, 1]
    assert tab.counters.due.text() == "0,30\u00a0€"
    assert digital_space.counters(date.today()) == {}, "not yet entered"
    keys.press(ENTER)
    assert digital_space.counters(date.today()) == {"nb": 2, "copie": 1}
    assert tab.counters.till.text() == "0,30\u00a0€" and not tab.counters.counting
    store.undo()
    tab.refresh()
    assert digital_space.counters(date.today()) == {}
    assert tab.counters.rows["nb"].quantity == 2, "the count is given back to finish"


def test_three_pages_and_a_copy_are_counted_in_six_keys(tab, keys):
    keys.type("iiip")
    keys.press(ENTER)
    assert keys.count + 1 <= 6, "with F8"
    assert digital_space.takings(date.today()) == 40


def test_nothing_is_taken_back_below_what_the_day_holds(tab, keys):
    keys.press(Qt.Key.Key_F, SHIFT)
    assert not tab.counters.counting
    digital_space.settle({"nb": 1})
    tab.refresh()
    for _ in range(3):
        keys.press(Qt.Key.Key_I, SHIFT)
    assert tab.counters.rows["nb"].quantity == -1 and tab.counters.due.text() == "À rendre 0,10\u00a0€"
    keys.press(ENTER)
    assert digital_space.counters(date.today()) == {"nb": 0}


def test_the_veil_keeps_the_count_and_hides_the_names(tab, keys):
    keys.type("31haddad")
    keys.press(ENTER)
    keys.type("ii")
    tab.forget()
    assert tab.tiles == [] and not tab.counters.counting
    assert not any("Haddad" in w.accessibleName() for w in tab.findChildren(QWidget))
    tab.refresh()
    assert tab.counters.rows["nb"].quantity == 2 and tab.tiles[2].post.label == "Haddad"


def test_enter_with_nothing_counted_gives_the_first_free_station(tab, keys):
    digital_space.start(post(1).id, "autre", 30)
    tab.refresh()
    keys.press(ENTER)
    assert tab.station.post.number == 2


def test_a_session_taken_back_closes_its_question(tab, keys):
    keys.type("111")
    keys.type("1")
    assert tab.station.question.text() == "Que faire ?"
    store.undo()
    tab.refresh()
    assert tab.side.currentWidget() is tab.counters


@pytest.mark.parametrize(
    ("seconds", "clock", "level"),
    [
        (760, ("12:40", "restantes"), "calm"),
        (301, ("05:01", "restantes"), "calm"),
        (300, ("05:00", "restantes"), "wait"),
        (0, ("00:00", "restantes"), "wait"),
        (-255, ("04:15", "de dépassement"), "urgent"),
        (3900, ("1:05:00", "restantes"), "calm"),
    ],
)
def test_the_clock_says_it_in_words_too(seconds, clock, level):
    remaining = timedelta(seconds=seconds)
    assert (words.clock(remaining), words.level(remaining)) == (clock, level)


def test_a_tick_moves_the_clock_the_words_and_the_counts(tab):
    digital_space.start(post(1).id, "demarche", 30, "M. Haddad")
    tab.refresh()
    end = post(1).started_at + timedelta(minutes=30)
    tab.tick(end - timedelta(seconds=130))
    assert tab.tiles[0].clock_text() == "02:10 restantes" and tab.over.isHidden()
    tab.tick(end + timedelta(seconds=65))
    assert tab.tiles[0].clock_text() == "01:05 de dépassement"
    assert tab.tiles[0].accessibleName() == "Poste 1, M. Haddad, Démarche en ligne, 1\u00a0minute de dépassement"
    assert tab.over.text() == "1\u00a0dépassement" and not tab.over.isHidden()


class Painted(QObject):
    """Which rectangles a widget painted."""

    def __init__(self, *watched: QWidget) -> None:
        super().__init__()
        self.rects: list[tuple[QWidget, QRect]] = []
        for widget in watched:
            widget.installEventFilter(self)

    def eventFilter(self, watched, event) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.rects.append((watched, event.region().boundingRect()))
        return False


def test_a_tick_reads_nothing_and_paints_only_what_moved(tab, monkeypatch):
    digital_space.start(post(1).id, "demarche", 45)
    digital_space.start(post(2).id, "demarche", 45)
    tab.refresh()
    start = post(1).started_at
    tab.tick(start + timedelta(seconds=60.5))
    tab.repaint()
    QApplication.processEvents()
    seen = []
    run = schema.database.execute_sql
    monkeypatch.setattr(schema.database, "execute_sql", lambda sql, *r, **k: seen.append(sql) or run(sql, *r, **k))
    painted = Painted(*tab.tiles)
    tab.tick(start + timedelta(seconds=60.6))
    QApplication.processEvents()
    assert painted.rects == [], "the same second paints nothing"
    tab.tick(start + timedelta(seconds=61.6))
    QApplication.processEvents()
    assert {tile for tile, _ in painted.rects} == set(tab.tiles[:2]) and seen == []
    assert all(rect.height() < tile.height() / 2 for tile, rect in painted.rects)


def test_the_tab_opens_with_a_fixed_number_of_queries(tab, monkeypatch):
    for number in range(7, 10):
        digital_space.add_station(number)
    for number in range(1, 8):
        digital_space.start(post(number).id, "autre", 30)
    for _ in range(5):
        visits.arrive(visits.Arrival(triage="numerique"))
    seen = []
    run = schema.database.execute_sql
    monkeypatch.setattr(schema.database, "execute_sql", lambda sql, *r, **k: seen.append(sql) or run(sql, *r, **k))
    tab.refresh()
    assert len(seen) == 6, seen  # stations, queue, prices, counters, pending, takings


def test_the_badge_counts_the_stations_over_time(tab):
    digital_space.start(post(1).id, "autre", 30)
    digital_space.start(post(2).id, "autre", 30)
    assert tab.badge() == 0
    schema.StationSession.update(started_at=now() - timedelta(minutes=31)).where(
        schema.StationSession.station == post(2).id
    ).execute()
    assert tab.badge() == 1


def test_every_focusable_widget_has_a_name_and_tiles_are_buttons(tab, keys):
    digital_space.start(post(1).id, "autre", 30)
    visits.arrive(visits.Arrival(triage="numerique"))
    tab.refresh()
    keys.type("2")
    for widget in tab.findChildren(QWidget):
        in_a_closed_list = isinstance(widget.parent(), QFrame) and isinstance(widget.parent().parent(), QComboBox)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not in_a_closed_list:
            assert widget.accessibleName(), f"{type(widget).__name__} {widget.objectName()}"


def test_the_top_row_of_an_azerty_keyboard_answers_and_writes_names(tab, keys):
    keys.top_row(3, '"')
    keys.top_row(2, "é")
    keys.type("H")
    keys.top_row(2, "é")
    keys.type("lia")
    keys.press(ENTER)
    assert (post(3).use, post(3).label) == ("emploi", "Hélia")
