"""Loading twice changes nothing, loading again elsewhere gives the same, loading into a district with real work is refused."""

import pytest

from tests.databases import Database, migrated
from tests.demo.conftest import for_demo

PLAN = """
from hashlib import sha256
from unionportal.reporting.demo.plan import make_plan
plan = make_plan()
print(sha256(repr(plan).encode()).hexdigest())
of_mediation = {"open": "mediate", "sign": "mediate_end", "fail": "mediate_end"}  # what the issue's own log says of one
mediated = {case.issue.uuid: [(s.at, of_mediation[s.action]) for s in case.steps if s.action in of_mediation] for case in plan.mediations}
for issue in sorted(plan.issues, key=lambda i: i.uuid):
    steps = sorted([(s.at, s.action) for s in issue.steps] + mediated.get(issue.uuid, []))
    last = steps[-1][1] if steps else "register"
    print(issue.uuid, last, len(steps) + 1)
"""


def test_a_second_run_says_so_and_changes_nothing(demo: Database) -> None:
    before = contents(demo)
    done = demo.manage("load_demo")
    assert done.returncode == 0
    assert "已载入" in done.stdout
    assert contents(demo) == before


def contents(demo: Database) -> list[tuple[object, ...]]:
    """A fingerprint of what could change."""
    return demo.rows(
        """SELECT (SELECT md5(string_agg(code || state || outcome || version, ',' ORDER BY code)) FROM casework_issue),
        (SELECT count(*) FROM casework_issueevent), (SELECT count(*) FROM visits_visit),
        (SELECT count(*) FROM audit_auditentry), (SELECT "offset" FROM workcal_democlock)"""
    )


def test_the_plan_is_the_same_in_every_process_and_the_rows_follow_it(demo: Database) -> None:
    """Two loads can differ only by their plans: everything else is decided by the services."""
    printed = [demo.manage("shell", "-c", PLAN, PYTHONHASHSEED=seed) for seed in ("1", "2")]
    assert printed[0].returncode == 0, printed[0].stderr
    assert printed[0].stdout == printed[1].stdout
    planned = [line.split() for line in printed[0].stdout.splitlines() if line.count("-") >= 4]
    rows = demo.rows(
        """SELECT i.uuid::text, e.action, i.version::text FROM casework_issue i
        JOIN casework_issueevent e ON e.issue_id = i.id AND e.seq = i.version ORDER BY i.uuid"""
    )
    assert [list(row) for row in rows] == planned


@pytest.fixture(scope="module")
def other() -> Database:
    """An empty database with its tables."""
    return for_demo(migrated("demo_other"))


def test_a_refused_password_loads_nothing(other: Database) -> None:
    done = other.manage("load_demo", DEMO_PASSWORD="short")
    assert done.returncode != 0
    assert "DEMO_PASSWORD" in done.stderr
    assert other.one("SELECT count(*) FROM orgs_unit") == 0


def test_a_district_with_real_work_is_left_alone(other: Database) -> None:
    made = other.manage(
        "shell",
        "-c",
        "from unionportal.core.orgs.models import Unit; Unit.objects.create(code='330600', kind='city', name='市总工会', short_name='市总')",
    )
    assert made.returncode == 0, made.stderr
    done = other.manage("load_demo")
    assert done.returncode != 0
    assert "空的数据库" in done.stderr
    assert other.one("SELECT count(*) FROM orgs_unit") == 1


def test_bulk_data_are_refused_in_any_database_but_one_of_their_own(demo: Database, other: Database) -> None:
    for place in (demo, other):
        done = place.manage("seed_scale", "--issues", "100", "--visits", "100", "--months", "6")
        assert done.returncode != 0
        assert "_scale" in done.stderr
    assert demo.one("SELECT count(*) FROM casework_issue") == 925


def test_bulk_data_are_as_many_as_asked_and_counted() -> None:
    place = for_demo(migrated("demo_small_scale"))
    done = place.manage(
        "seed_scale", "--issues", "300", "--visits", "500", "--months", "12", "--townships", "30", "--categories", "20"
    )
    assert done.returncode == 0, done.stderr
    assert place.one("SELECT count(*) FROM casework_issue") == 300
    assert place.one("SELECT count(*) FROM visits_visit") == 500
    received = """SELECT sum(received) FROM reporting_rollup r JOIN orgs_unit u ON u.id = r.unit_id
        WHERE u.kind = 'district' AND category_id IS NULL"""
    assert place.one(received) == 300
    assert place.one("SELECT count(*) FROM casework_issueevent") == place.one("SELECT sum(version) FROM casework_issue")
    assert place.one("SELECT count(DISTINCT unit_id) FROM reporting_rollup") == 31
    assert place.one("SELECT count(*) FROM casework_category") == 20
    again = place.manage("seed_scale", "--issues", "1", "--visits", "1", "--months", "1")
    assert again.returncode != 0
    assert place.one("SELECT count(*) FROM casework_issue") == 300
