"""The demo district's stations are built and cared for: every state is there to be looked at."""

from tests.databases import Database


def test_checks_repairs_and_projects_stand_in_every_state(demo: Database) -> None:
    uses = dict(demo.rows('SELECT "use", count(*) FROM stations_stationcheck GROUP BY 1'))
    assert uses == {"self": 33, "spot": 4, "acceptance": 2}
    states = dict(demo.rows("SELECT state, count(*) FROM stations_repair GROUP BY 1"))
    assert states == {"verified": 1, "mended": 1, "assigned": 1, "opened": 2}
    projects = dict(demo.rows("SELECT state, count(*) FROM stations_buildproject GROUP BY 1"))
    assert projects == {"accepted": 2, "building": 1, "approved": 1, "proposed": 1}
    assert demo.one("SELECT count(*) FROM stations_supply WHERE expires_on < DATE '2025-01-20'") == 1
    assert demo.one("SELECT count(*) FROM stations_spottask WHERE done_by_id IS NULL") > 0
