"""Indicators: the values of the other pages, points, ranks with ties, and what a lock keeps."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.dashboard.pages import figure_links, rows_behind
from tests.evaluations.cast import Year
from tests.queries import queries_of
from tests.visits.builders import THURSDAY, logged
from unionportal.core.accounts.models import Posting
from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM
from unionportal.core.orgs.models import Unit
from unionportal.reporting.evaluations.indicators import BY_ID, Measured
from unionportal.reporting.evaluations.working import Working, workings
from unionportal.reporting.figures import rollup_rows, visit_figures
from unionportal.reporting.rollups.refresh import recompute
from unionportal.reporting.selectors.people import cadre_table
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.visiting import quota_figures
from visits.models import KeptIndicator
from visits.services import journal_submit

pytestmark = pytest.mark.django_db
TODAY = THURSDAY.date()


def of(year: Year, subject: str, name: str, *, outcomes: bool = False) -> Working:
    return next(row for row in workings(year.round, subject, TODAY, outcomes=outcomes) if row.who.name.startswith(name))


def value(working: Working, indicator: str) -> tuple[int, int]:
    line = next(line for line in working.lines if line.indicator.id == indicator)
    return int(line.measured.numerator), line.measured.denominator


def busy(year: Year) -> None:
    """Some weeks of work: visits, a journal, issues closed in time, late, and not at all; in both townships."""
    first = year.district.enterprise(1, is_key=True)
    year.district.enterprise(2, is_key=True)
    far = year.district.enterprise(3, is_key=True, township=year.fusheng)
    for weeks in (1, 2, 4):
        visit = logged(year.people["cadre"], first, TODAY - timedelta(weeks=weeks))
        if weeks < 3:
            journal = visit.journal
            journal_submit(journal_id=journal.pk, version=journal.version, actor=year.scope("cadre"))
    logged(year.people["other"], far, TODAY - timedelta(weeks=1))
    for number in range(4):
        resolved(year, "cadre", year.jishan, late=number == 0)
    registered(year, "cadre", year.jishan)
    resolved(year, "other", year.fusheng, satisfaction="dissatisfied")
    recompute()


def registered(year: Year, who: str, township: Unit) -> Issue:
    return issue_register(
        uuid=uuid4(),
        title="返还款未到账",
        description="",
        category=Category.objects.get(code="dues_refund"),
        township=township,
        received_on=TODAY - timedelta(days=30),
        actor=year.scope(who),
    )


def resolved(year: Year, who: str, township: Unit, *, late: bool = False, satisfaction: str = "satisfied") -> None:
    issue = registered(year, who, township)
    begun = THURSDAY - timedelta(days=30)
    answered = THURSDAY - timedelta(days=2 if late else 29)
    for action, actor, at, given in (
        ("assign", "staff", begun, {"unit": year.district.department}),
        ("accept", "review1", begun, {}),
        ("report", "review1", answered, {"note": "已办。"}),
        ("follow_up", "staff", answered, {"satisfaction": satisfaction}),
        ("close", "staff", answered, {"outcome": "resolved", "note": "已回访。"}),
    ):
        issue = issue_move(
            code=issue.code, action=action, version=issue.version, actor=year.scope(actor), now=at, **given
        )


def test_values_of_cadres_are_those_of_the_page_of_cadres(year: Year) -> None:
    busy(year)
    table = cadre_table(SYSTEM, Period("year", date(2024, 1, 1)), TODAY)
    assert len(table.lines) >= 2
    for line in table.lines:
        found = of(year, "cadre", str(line.cadre))
        counts = line.issues.counts
        assert value(found, "quota") == (line.quota.quota_met, line.quota.quota_weeks)
        assert value(found, "coverage") == (line.visits.key_covered, line.visits.key_total)
        assert value(found, "received")[0] == counts["received"]
        assert value(found, "resolution") == (counts["resolved"], counts["received"])
        assert value(found, "satisfaction") == (counts["satisfied"], counts["rated"])
        late = line.issues.rates["closing"]
        assert value(found, "overdue") == (late.denominator - late.numerator, late.denominator)
    mine = of(year, "cadre", "陈驻联")
    assert value(mine, "overdue") == (1, 4)
    assert value(mine, "journals") == (2, value(mine, "quota")[1])
    assert value(mine, "quota")[0] == 3


def test_values_of_townships_are_those_of_the_dashboard(year: Year) -> None:
    busy(year)
    start, townships = date(2024, 1, 1), list(Unit.objects.filter(kind="township"))
    figures = {row.unit.pk: row for row in rollup_rows(period="year", start=start, units=townships)}
    for unit in townships:
        found, counts = of(year, "township", unit.short_name), figures[unit.pk].counts
        quota = quota_figures(start=start, end=TODAY, unit=unit)
        visits = visit_figures(start=start, end=TODAY, unit=unit)
        assert value(found, "quota") == (quota.quota_met, quota.quota_weeks)
        assert value(found, "coverage") == (visits.key_covered, visits.key_total)
        assert value(found, "received")[0] == counts["received"]
        assert value(found, "resolution") == (counts["resolved"], counts["received"])
        assert value(found, "satisfaction") == (counts["satisfied"], counts["rated"])
    assert value(of(year, "township", "稽山"), "overdue") == (1, 4)


def test_every_part_with_a_link_opens_as_many_rows(year: Year) -> None:
    busy(year)
    staff = year.client("staff")
    opened = 0
    for subject, name in (("cadre", "陈驻联"), ("township", "稽山")):
        for line in of(year, subject, name).lines:
            pairs = (
                (line.numerator_url, int(line.measured.numerator)),
                (line.denominator_url, line.measured.denominator),
            )
            for url, number in pairs:
                if url and "/rows/" in url:
                    answer = staff.get(url)
                    assert answer.status_code == 200
                    assert str(answer.context["count"]) == str(number), url
                    opened += 1
    assert opened >= 14


def test_points_follow_the_rule_of_the_indicator() -> None:
    def points(indicator: str, numerator: int, denominator: int) -> Decimal | None:
        return Measured(Decimal(numerator), denominator).points(BY_ID[indicator].rule)

    assert points("quota", 47, 52) == Decimal("90.38")
    assert points("overdue", 1, 4) == Decimal("75.00")
    assert points("received", 12, 24) == Decimal("50.00")
    assert points("received", 30, 24) == Decimal("100.00")
    assert points("outcome", 88, 100) == Decimal("88.00")
    assert points("resolution", 0, 0) is None


def test_the_working_adds_up_and_gives_away_the_weight_of_what_measures_nothing(year: Year) -> None:
    busy(year)
    working = of(year, "cadre", "陈驻联")
    by = {line.indicator.id: line for line in working.lines}
    assert by["attendance"].points is None
    assert by["attendance"].value == "—"
    assert by["outcome"].points is None, "scores are not known before the lock"
    assert by["quota"].share == Decimal("23.53")  # 20 of 85
    assert working.total == sum(line.weighted for line in working.lines if line.weighted is not None)
    assert by["overdue"].few
    page = year.client("staff").get(year.url(f"cadres/{year.people['cadre'].username}/")).content.decode()
    for shown in ("折合 23.53", "1</a>/", "基数小", str(working.total)):
        assert shown in page


def test_equal_totals_share_a_rank_and_the_next_is_left_out(year: Year) -> None:
    twins = [year.district.cadre([year.district.township("330602007")], name=name) for name in ("双胞甲", "双胞乙")]
    assert twins
    firm = year.district.enterprise(1)
    logged(year.people["cadre"], firm, TODAY - timedelta(weeks=1))
    rows = [row for row in workings(year.round, "cadre", TODAY, outcomes=False) if row.rank]
    ranks = {row.who.name: (row.rank, row.tied) for row in rows}
    assert ranks["陈驻联"] == (1, False)
    assert ranks["双胞甲"] == ranks["双胞乙"] == ranks["赵富盛"] == (2, True)


def test_who_served_a_part_of_the_year_is_measured_by_it(year: Year) -> None:
    gone = year.district.cadre([], name="冯离任")
    Posting.objects.create(cadre=gone, township=year.jishan, start_on=date(2024, 1, 1), end_on=date(2024, 3, 31))
    working = of(year, "cadre", "冯离任")
    whole = of(year, "cadre", "陈驻联")
    assert value(working, "quota")[1] < value(whole, "quota")[1] / 2
    assert value(working, "received")[1] == 3 * 2
    assert value(whole, "received")[1] == 9 * 2
    assert "2024年1月1日至2024年3月31日" in working.who.note
    assert whole.who.note == ""


def test_the_lock_keeps_the_figures_and_marks_what_is_different_since(year: Year) -> None:
    busy(year)
    (paper,) = year.under_review()
    year.scored(paper, 9, 8, 7)
    year.move("lock")
    before = of(year, "cadre", "陈驻联", outcomes=True)
    assert value(before, "outcome") == (80, 100)
    assert value(of(year, "cadre", "赵富盛", outcomes=True), "outcome") == (0, 100)
    registered(year, "cadre", year.jishan)
    recompute()
    after = of(year, "cadre", "陈驻联", outcomes=True)
    assert (after.total, after.rank) == (before.total, before.rank)
    now = {line.indicator.id: line.now for line in after.lines if line.now}
    assert now["received"] == "6 件（6/18）"
    assert now["resolution"].startswith("66.67%")
    assert after.differs
    page = year.client("staff").get(year.url(f"cadres/{year.people['cadre'].username}/")).content.decode()
    assert "锁定后有变化，现为 6 件" in page


def test_a_locked_figure_opens_the_issues_it_was_locked_with(year: Year) -> None:
    busy(year)
    year.under_review()
    registered(year, "cadre", year.jishan)  # a moment before the lock: no figure has taken it up yet
    year.move("lock", without_missing=True)
    cadre = year.people["cadre"]
    with clock.at(clock.now() + timedelta(hours=1)):
        registered(year, "cadre", year.jishan)
        recompute()
        staff = year.client("staff")
        page = staff.get(year.url(f"cadres/{cadre.username}/")).content.decode()
        kept = [link for link in figure_links(page) if "evaluation=2024" in link.url]
        assert len(kept) >= 5
        for link in kept:
            assert rows_behind(staff, link.url) == (link.figure, int(link.figure)), link
        township = staff.get(year.url(f"townships/{year.jishan.code}/")).content.decode()
        of_township = [link for link in figure_links(township) if "evaluation=2024" in link.url]
        assert of_township
        for link in of_township:
            assert rows_behind(staff, link.url) == (link.figure, int(link.figure)), link
        received = next(link for link in kept if "measure=received" in link.url)
        today = rows_behind(staff, received.url.replace("&evaluation=2024", ""))[1]
        assert today == int(received.figure) + 1
        assert "明细是现在的" in page, "visits and weeks are not told as they were"
        assert staff.get(received.url.replace("evaluation=2024", "evaluation=2023")).status_code == 404


def test_kept_figures_are_never_changed(year: Year) -> None:
    year.under_review()
    year.move("lock", without_missing=True)
    assert KeptIndicator.objects.filter(cadre=year.people["cadre"]).count() == 9
    for sql in ("UPDATE visits_keptindicator SET points = 100", "DELETE FROM visits_keptindicator"):
        with pytest.raises(IntegrityError, match="immutable"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_more_cadres_and_townships_cost_no_more_queries(year: Year) -> None:
    busy(year)
    client = year.client("staff")
    few = queries_of(client, year.url())
    for number in range(6):
        Unit.objects.create(
            code=f"33060290{number}",
            kind="township",
            name=f"新{number}街道",
            short_name=f"新{number}",
            parent=year.district.district,
        )
        cadre = year.district.cadre([year.fusheng])
        logged(cadre, year.district.enterprise(3, township=year.fusheng), TODAY - timedelta(weeks=1))
    assert queries_of(client, year.url()) == few
    with CaptureQueriesContext(connection) as captured:
        workings(year.round, "cadre", clock.today(), outcomes=False)
        workings(year.round, "township", clock.today(), outcomes=False)
    assert len(captured) < 40


def test_units_asked_to_a_meeting_count_for_their_township(year: Year) -> None:
    from tests.visits.meeting_cast import moment
    from visits.services.attendance import attendance_mark
    from visits.services.groups import group_member_add, meeting_group_create
    from visits.services.meetings import meeting_close, meeting_plan, meeting_start

    staff = year.scope("staff")
    group = meeting_group_create(name="第一组", leader=year.people["leader"], actor=staff)
    for member in ({"cadre": year.people["cadre"]}, {"township": year.jishan}):
        group_member_add(group_id=group.pk, start_on=date(2024, 1, 1), actor=staff, **member)
    meeting = meeting_plan(
        uuid=uuid4(), group=group, held_on=TODAY, starts_at=moment(TODAY).time(), place="三楼", actor=staff
    )
    meeting_start(meeting_id=meeting.pk, version=None, actor=staff)
    marks = {row.pk: ("absent" if row.person_id else "present", "") for row in meeting.participants.all()}
    attendance_mark(meeting_id=meeting.pk, marks=marks, actor=staff)
    meeting_close(meeting_id=meeting.pk, version=None, actor=staff, carry_rest=True, now=moment(TODAY, 17))
    assert value(of(year, "cadre", "陈驻联"), "attendance") == (0, 1)
    assert value(of(year, "township", "稽山"), "attendance") == (1, 1)
