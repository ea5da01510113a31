"""The demonstration place looks lived in."""

from datetime import date

from db import demonstration, dossier_lists, dossiers, place, steps, timeline


def test_each_event_of_a_dossier_has_its_own_day(tmp_path):
    today = date.today()
    demonstration.enter(tmp_path, today)
    try:
        lines = dossier_lists.lines(today)
        for line in lines:
            days = [event.at.astimezone().date() for event in timeline.events(line.id)]
            assert days[-1] == dossiers.sheet(line.id).opened_on and days[0] <= today
        assert sum(dossiers.sheet(line.id).opened_on == today for line in lines) == 1
        assert any(line.state == dossiers.CLOSED for line in lines)
        assert all(steps.of_dossier(line.id, today).path for line in lines), "a way up for each"
    finally:
        place.leave()
