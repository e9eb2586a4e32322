"""The demo reproduces the published figures from rows, and keeps to the rules it was loaded by."""

import csv
import json
import re
from io import StringIO

from stdnum.cn import uscc

from tests.dashboard.pages import figure_links
from tests.databases import Database
from tests.demo.conftest import Visitor
from unionportal.core.workcal.days import library_workday


def test_visits_issues_and_outcomes_are_the_published_ones(demo: Database) -> None:
    assert demo.one("SELECT count(*) FROM visits_visit WHERE target_kind = 'enterprise'") == 1833
    outcomes = dict(demo.rows("SELECT outcome, count(*) FROM casework_issue GROUP BY outcome"))
    assert outcomes == {"resolved": 876, "explained": 22, "unresolved": 15, "": 12}
    assert demo.one("SELECT count(*) FROM casework_issue WHERE state IN ('rejected', 'merged', 'voided')") == 0


def test_the_open_ones_stand_in_every_open_state(demo: Database) -> None:
    states = dict(demo.rows("SELECT state, count(*) FROM casework_issue WHERE state <> 'closed' GROUP BY state"))
    assert set(states) == {"registered", "assigned", "in_progress", "answered"}
    assert sum(states.values()) == 12
    late = "SELECT count(*) FROM casework_issue WHERE state = 'in_progress' AND due_on < '2025-01-20'"
    assert demo.one(late) == 1
    soon = "SELECT count(*) FROM casework_issue WHERE state = 'in_progress' AND due_on BETWEEN '2025-01-20' AND '2025-01-22'"
    assert demo.one(soon) == 4


def test_the_district_is_the_one_described(demo: Database) -> None:
    assert demo.one("SELECT count(*) FROM orgs_unit WHERE kind = 'township' AND code LIKE '330602%%'") == 17
    assert demo.one("SELECT count(DISTINCT user_id) FROM accounts_rolegrant WHERE role = 'cadre'") == 23
    assert demo.one("SELECT count(DISTINCT cadre_id) FROM visits_visit") == 23
    assert demo.one("SELECT count(DISTINCT township_id) FROM visits_visit") == 17
    visited = "SELECT count(DISTINCT e.id) FROM orgs_enterprise e JOIN visits_visit v ON v.enterprise_id = e.id WHERE e.is_key"
    assert demo.one("SELECT count(*) FROM orgs_enterprise WHERE is_key") == 87
    assert demo.one(visited) == 87


def test_enterprises_are_a_thousand_marked_as_invented_with_valid_codes(demo: Database) -> None:
    enterprises = demo.rows("SELECT credit_code, name FROM orgs_enterprise")
    assert len(enterprises) >= 1000
    assert [code for code, _ in enterprises if not uscc.is_valid(code)] == []
    assert [name for _, name in enterprises if not name.endswith("（演示）")] == []
    assert demo.one("SELECT count(*) FROM accounts_user WHERE display_name NOT LIKE '%%（演示）'") == 0


def test_nobody_works_on_a_day_off(demo: Database) -> None:
    days = "SELECT DISTINCT visited_on FROM visits_visit UNION SELECT DISTINCT (happened_at AT TIME ZONE 'Asia/Shanghai')::date FROM casework_issueevent"
    assert [day for (day,) in demo.rows(days) if not library_workday(day)] == []


def test_every_visit_lies_in_a_posting_of_its_day(demo: Database) -> None:
    outside = """
        SELECT count(*) FROM visits_visit v WHERE NOT EXISTS (
            SELECT 1 FROM accounts_posting p WHERE p.cadre_id = v.cadre_id
            AND (p.township_id = v.township_id OR p.enterprise_id = v.enterprise_id)
            AND v.visited_on >= p.start_on AND (p.end_on IS NULL OR v.visited_on <= p.end_on))"""
    assert demo.one(outside) == 0


def test_one_township_changed_hands_in_september_2024(demo: Database) -> None:
    handed = """
        SELECT t.name, old.username, new.username FROM accounts_posting a JOIN accounts_posting b
            ON b.township_id = a.township_id AND b.start_on = a.end_on + 1
        JOIN orgs_unit t ON t.id = a.township_id JOIN accounts_user old ON old.id = a.cadre_id
        JOIN accounts_user new ON new.id = b.cadre_id
        WHERE a.end_on BETWEEN '2024-09-01' AND '2024-09-30'"""
    assert demo.rows(handed) == [("斗门街道总工会", "cadre07", "cadre19")]
    after = "SELECT count(*) FROM casework_issueevent e JOIN accounts_user u ON u.id = e.actor_id WHERE u.username = 'cadre19' AND e.happened_at > '2024-09-14'"
    assert demo.one(after) > 0


def test_every_step_has_its_event_and_audit_row(demo: Database) -> None:
    assert demo.one("SELECT count(*) FROM casework_issueevent") == demo.one("SELECT sum(version) FROM casework_issue")
    audited = "SELECT count(*) FROM audit_auditentry WHERE object_type = 'issue' AND action <> 'tracker.fill'"
    assert demo.one(audited) == demo.one("SELECT count(*) FROM casework_issueevent")


def test_most_answered_issues_of_a_tracked_category_have_their_tracker_filled_in(demo: Database) -> None:
    by_category = """SELECT c.code, count(v.issue_id), count(*) FROM casework_issue i JOIN casework_category c ON c.id = i.category_id
        JOIN casework_tracker t ON t.category_id = c.id AND t.is_current LEFT JOIN casework_trackervalues v ON v.issue_id = i.id
        WHERE i.outcome = 'resolved' GROUP BY c.code"""
    found = demo.rows(by_category)
    assert len(found) == 5
    assert all(whole * 0.6 < filled < whole for _, filled, whole in found), found


def test_service_activities_answer_issues_that_were_there_anyway(demo: Database) -> None:
    states = dict(demo.rows("SELECT state, count(*) FROM casework_serviceactivity GROUP BY state"))
    assert states == {"done": 9, "planned": 1}
    assert demo.one("SELECT count(DISTINCT kind) FROM casework_serviceactivity") >= 6
    linked, answered = demo.rows("SELECT count(*), count(answer_id) FROM casework_activityissue")[0]
    assert linked >= 30
    assert answered >= 3
    assert demo.one("SELECT count(*) FROM casework_issueevent WHERE data ? 'activity'") == answered
    later = """SELECT count(*) FROM casework_activityissue l JOIN casework_issue i ON i.id = l.issue_id
        JOIN casework_serviceactivity a ON a.id = l.activity_id WHERE i.received_on > a.planned_on + 10"""
    assert demo.one(later) == 0


def test_disputes_were_mediated_within_the_days_of_the_law(demo: Database) -> None:
    found = """SELECT m.state, i.state FROM casework_mediation m JOIN casework_issue i ON i.id = m.issue_id ORDER BY m.number"""
    assert set(demo.rows(found)) == {("confirmed", "closed"), ("failed", "closed"), ("in_session", "in_progress")}
    assert demo.one("SELECT count(*) FROM casework_mediation WHERE ended_on > due_on") == 0
    assert demo.one("SELECT max(due_on)::text FROM casework_mediation WHERE ended_on IS NULL") > "2025-01-20"


def test_life_is_uneven(demo: Database) -> None:
    """Late, redone, reopened, dissatisfied: all there, none the rule."""
    late, redone, reopened, bounced, total = demo.rows(
        """SELECT count(*) FILTER (WHERE answered_on > due_on), count(*) FILTER (WHERE redo_count > 0),
        count(*) FILTER (WHERE reopen_count > 0), count(*) FILTER (WHERE bounce_count > 0), count(*) FROM casework_issue"""
    )[0]
    for number in (late, redone, reopened, bounced):
        assert 5 <= number <= total / 5
    townships = [n for (n,) in demo.rows("SELECT count(*) FROM casework_issue GROUP BY township_id")]
    assert max(townships) > 3 * min(townships)
    assert demo.one("SELECT count(DISTINCT category_id) FROM casework_issue") == 16
    quota = "SELECT count(*) FROM (SELECT DISTINCT cadre_id, date_trunc('week', visited_on) FROM visits_visit) AS weeks"
    assert demo.one(quota) < 23 * 90  # not every cadre makes a visit every week


def test_journals_are_in_but_for_the_current_week(demo: Database) -> None:
    waiting = "SELECT count(*), min(iso_year * 100 + iso_week) FROM visits_journal WHERE state = 'submitted'"
    assert demo.one("SELECT count(*) FROM visits_journal WHERE state = 'draft'") == 0
    assert demo.rows(waiting)[0][0] > 0
    assert demo.rows(waiting)[0][1] == 202503  # only the last week still waits to be read
    assert demo.one("SELECT max(iso_year * 100 + iso_week) FROM visits_journal") == 202503
    assert (
        demo.one(
            "SELECT count(*) FROM visits_visit v JOIN visits_journal j ON j.id = v.journal_id WHERE v.created_at > j.submitted_at"
        )
        == 0
    )


def test_every_group_met_once_a_month_and_meets_again(demo: Database) -> None:
    states = dict(demo.rows("SELECT state, count(*) FROM visits_meeting GROUP BY state"))
    assert states == {"closed": 36, "planned": 3}
    assert (
        demo.one(
            "SELECT count(*) FROM visits_agendaitem i JOIN visits_meeting m ON m.id = i.meeting_id WHERE m.state = 'planned'"
        )
        > 10
    )
    assert (
        demo.one(
            "SELECT count(*) FROM visits_agendaitem i JOIN visits_meeting m ON m.id = i.meeting_id WHERE m.state = 'closed' AND i.state = 'open'"
        )
        == 0
    )
    ends = dict(demo.rows("SELECT state, count(*) FROM visits_meetingtask GROUP BY state"))
    assert ends["done"] > ends["not_done"] > 0
    days = "SELECT held_on FROM visits_meeting UNION SELECT due_on FROM visits_meetingtask"
    assert [day for (day,) in demo.rows(days) if not library_workday(day)] == []


def test_the_year_was_evaluated_from_its_own_rows(demo: Database, leader: Visitor) -> None:
    assert demo.rows("SELECT year, state FROM visits_evaluationround") == [(2024, "published")]
    states = dict(demo.rows("SELECT state, count(*) FROM visits_nomination GROUP BY state"))
    assert states == {"admitted": 6, "refused": 1}
    assert demo.rows("SELECT ground, count(*) FROM visits_recusal GROUP BY ground") == [("unit", 1)]
    assert demo.one("SELECT count(*) FROM visits_review WHERE submitted_at IS NOT NULL") == 4 * 6 - 1
    assert demo.one("SELECT count(DISTINCT cadre_id) FROM visits_keptindicator") == 23
    assert demo.one("SELECT count(DISTINCT township_id) FROM visits_keptindicator") == 17
    received = (
        "SELECT sum(numerator) FROM visits_keptindicator WHERE indicator = 'received' AND township_id IS NOT NULL"
    )
    assert demo.one(received) == demo.one(
        "SELECT count(*) FROM casework_issue WHERE received_on BETWEEN '2024-01-01' AND '2024-12-31'"
    )
    assert "锁定后有变化" not in leader.page("/evaluations/2024/")
    results = leader.page("/evaluations/2024/results/")
    assert "并列第2名" in results
    assert results.count("一等奖") == 2
    assert "斗门街道2024年1月1日至2024年9月13日" in leader.page("/evaluations/2024/cadres/cadre07/")


def test_the_dashboard_shows_them(leader: Visitor) -> None:
    page = leader.page("/dashboard/")
    total = page[page.index('id="total-h"') :]
    shown = [text.replace(",", "") for text in re.findall(r"<b>([^<]+)</b>", total)]
    assert shown[:4] == ["1833", "925", "876", "94.70%"]
    assert "演示" in page


def test_the_api_adds_up_to_them(leader: Visitor) -> None:
    rows = []
    page = "/api/v1/rollups/?period=year&unit=330602&limit=500"
    while page:
        answer = json.loads(leader.page(page))
        rows += [row for row in answer["results"] if row["category"] is None]
        page = answer["next"]
    assert sum(row["received"] for row in rows) == 925
    assert sum(row["resolved"] for row in rows) == 876
    (total,) = json.loads(leader.page("/api/v1/rollups/?period=total&unit=330602"))["results"]
    assert (total["received"], total["resolved"], total["open_at_end"]) == (925, 876, 12)
    assert total["rates"]["resolution"] == {"numerator": 876, "denominator": 925, "value": "94.70"}
    assert json.loads(leader.page(total["rows"]))["results"]


def test_the_months_of_the_api_add_up_to_them_too(leader: Visitor) -> None:
    rows = json.loads(leader.page("/api/v1/rollups/?period=month&unit=330602"))["results"]
    received, resolved = (sum(row[name] for row in rows) for name in ("received", "resolved"))
    assert (received, resolved, f"{100 * resolved / received:.2f}") == (925, 876, "94.70")
    assert (rows[-1]["start"], rows[-1]["open_at_end"]) == ("2025-01-01", 12)


def test_each_figure_of_the_total_opens_the_rows_that_sql_finds(demo: Database, leader: Visitor) -> None:
    page = leader.page("/dashboard/")
    links = figure_links(page[page.index('id="total-h"') :])[:4]
    received = "SELECT code, received_on FROM casework_issue WHERE state NOT IN ('rejected', 'merged', 'voided')"
    resolved = f"{received} AND state = 'closed' AND outcome = 'resolved'"
    visits = """SELECT v.visited_on::text || ' ' || e.name || ' ' || u.display_name FROM visits_visit v
        JOIN orgs_enterprise e ON e.id = v.enterprise_id JOIN accounts_user u ON u.id = v.cadre_id"""
    for link, figure, statement in zip(
        links, ("1833", "925", "876", "925"), (visits, received, resolved, received), strict=True
    ):
        assert link.figure == figure
        listed = leader.page(link.url)
        assert f'data-count="{figure}"' in listed
        lines = list(csv.DictReader(StringIO(leader.page(f"{link.url}&format=csv").lstrip("\ufeff"))))
        found = [line.get("编号") or f"{line['走访日期']} {line['企业']} {line['干部']}" for line in lines]
        assert sorted(found) == sorted(row[0] for row in demo.rows(statement))


def test_every_month_is_frozen_on_its_day_and_revised_once_before_the_figures_were_published(demo: Database) -> None:
    frozen = """SELECT f.revision, count(*), min(f.frozen_at)::date::text, sum(r.received), sum(r.resolved) FROM reporting_freeze f
        JOIN reporting_frozenrow r ON r.freeze_id = f.id AND r.category_id IS NULL
        JOIN orgs_unit u ON u.id = r.unit_id AND u.kind = 'district' GROUP BY f.revision ORDER BY f.revision"""
    (_, months, first_day, received, resolved), (_, revised, _, _, _) = demo.rows(frozen)
    assert (months, revised, first_day) == (21, 19, "2023-05-09")
    assert resolved < 860  # what was closed later came with the revisions
    without_causes = """SELECT count(*) FROM reporting_freeze f WHERE revision > 1
        AND NOT EXISTS (SELECT 1 FROM reporting_freezecause c WHERE c.freeze_id = f.id)"""
    assert demo.one(without_causes) == 0
    current = """SELECT sum(r.received), sum(r.resolved) FROM reporting_frozenrow r JOIN orgs_unit u ON u.id = r.unit_id AND u.kind = 'district'
        WHERE r.category_id IS NULL AND r.freeze_id IN (SELECT DISTINCT ON (month) id FROM reporting_freeze ORDER BY month, revision DESC)"""
    live = "SELECT count(*), count(*) FILTER (WHERE outcome = 'resolved') FROM casework_issue WHERE received_on < '2025-01-01'"
    assert demo.rows(current) == demo.rows(live)
    assert received == demo.rows(live)[0][0]


def test_the_pages_say_it_is_a_demo_and_which_day_it_is(leader: Visitor) -> None:
    page = leader.page("/")
    assert "演示" in page
    assert "2025" in page
