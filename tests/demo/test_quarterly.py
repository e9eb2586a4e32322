"""The demo's quarterly texts state the figures of its rows."""

import re
from urllib.parse import quote

from tests.databases import Database
from tests.demo.conftest import Visitor


def test_reflections_and_analyses_stand_in_every_state(demo: Database) -> None:
    states = dict(demo.rows("SELECT (quarter, state)::text, count(*) FROM visits_reflection GROUP BY 1"))
    assert sum(states.values()) == 44
    assert states["(2024-10-01,draft)"] == 3
    assert demo.one("SELECT count(*) FROM visits_reflection WHERE is_late") == 2
    assert demo.one("SELECT count(*) FROM visits_analysis WHERE quarter = '2024-07-01' AND state = 'published'") == 18
    later = dict(demo.rows("SELECT state, count(*) FROM visits_analysis WHERE quarter = '2024-10-01' GROUP BY state"))
    assert later == {"published": 9, "draft": 4}
    practices = dict(demo.rows("SELECT state, count(*) FROM visits_practice GROUP BY state"))
    assert practices == {"published": 6, "proposed": 1, "withdrawn": 1}


def test_what_was_published_is_what_the_rows_were(demo: Database) -> None:
    wrong = """
        SELECT u.code, a.quarter FROM visits_analysis a JOIN orgs_unit u ON u.id = a.unit_id
        WHERE a.state = 'published' AND (a.figures #>> '{now,counts,received}')::int <> (
            SELECT count(*) FROM casework_issue i WHERE (i.township_id = u.id OR u.kind = 'district')
            AND i.received_on BETWEEN a.quarter AND a.quarter + interval '3 months' - interval '1 day')"""
    assert demo.rows(wrong) == []
    stated = "SELECT text FROM visits_analysis a JOIN orgs_unit u ON u.id = a.unit_id WHERE u.kind = 'district' AND quarter = '2024-07-01'"
    received = demo.one("SELECT count(*) FROM casework_issue WHERE received_on BETWEEN '2024-07-01' AND '2024-09-30'")
    assert f"收集录入问题诉求{received}件" in demo.one(stated)
    visits = """
        SELECT count(*) FROM visits_reflection r WHERE r.methods NOT LIKE '本季走访' || (
            SELECT count(*) FROM visits_visit v WHERE v.cadre_id = r.cadre_id AND v.visited_on BETWEEN r.quarter
            AND r.quarter + interval '3 months' - interval '1 day') || '次%%'"""
    assert demo.one(visits) == 0


def test_the_leader_reads_them(leader: Visitor) -> None:
    page = leader.page("/analyses/2024-Q3/330602/")
    assert "为发布时留存" in page
    assert re.search(r"收集录入问题诉求\d+件", page)
    assert "一次备齐" in leader.page(f"/library/?q={quote('材料')}")
