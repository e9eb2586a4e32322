"""The demo's week plans: a few cadres, three weeks, the one before mostly done; nobody visits more for it."""

from tests.databases import Database

PLANNED = """SELECT date_trunc('week', p.planned_on)::date::text, count(*), count(v.id)
FROM visits_plannedvisit p
LEFT JOIN LATERAL (
    SELECT id FROM visits_visit v WHERE v.cadre_id = p.cadre_id AND v.enterprise_id = p.enterprise_id
    AND date_trunc('week', v.visited_on) = date_trunc('week', p.planned_on) LIMIT 1
) v ON true
GROUP BY 1 ORDER BY 1"""


def test_three_weeks_are_planned_and_the_first_is_partly_done(demo: Database) -> None:
    rows = demo.rows(PLANNED)
    assert [week for week, *_ in rows] == ["2025-01-13", "2025-01-20", "2025-01-27"]
    assert all(planned == 13 for _, planned, _ in rows)
    done = [done for *_, done in rows]
    assert 0 < done[0] < 13
    assert done[1:] == [0, 0]
    assert demo.one("SELECT count(*) FROM visits_visit") == 1833


def test_nothing_is_planned_on_a_day_off(demo: Database) -> None:
    days = {
        str(day)
        for (day,) in demo.rows("SELECT DISTINCT planned_on FROM visits_plannedvisit WHERE planned_on > '2025-01-26'")
    }
    assert days == {"2025-01-27"}  # the only workday of that week
