"""What the portal does of itself when deadlines pass: once, at decent hours, whoever else runs at the same time."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from casework.models import Issue, IssueEvent, Mediation
from casework.services.mediation_parties import PartyInput
from casework.services.mediation_sweeps import remind_of_mediations
from casework.services.mediations import mediation_move, mediation_open
from casework.services.sweeps import remind_overdue, supervise_overdue
from tests.casework.cast import Cast
from tests.casework.test_two_at_once import at_once
from unionportal.celery import app
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.notify.models import Notification
from unionportal.embedded.process import wait_until


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=SHANGHAI)


def steps(issue: Issue, action: str) -> list[IssueEvent]:
    return list(IssueEvent.objects.filter(issue=issue, action=action))


def test_each_deadline_is_reminded_of_once_on_the_next_workday(cast: Cast) -> None:
    issue = cast.issue_in("assigned")  # to sign by Thursday 5, to answer by Wednesday 11 September
    assert remind_overdue(now=at(date(2024, 9, 5))) == 0
    assert remind_overdue(now=at(date(2024, 9, 6))) == 1
    for again in (at(date(2024, 9, 6), 17), at(date(2024, 9, 9)), at(date(2024, 9, 11))):
        assert remind_overdue(now=again) == 0
    cast.move(issue, "accept", "handler", now=at(date(2024, 9, 11)))
    assert remind_overdue(now=at(date(2024, 9, 12))) == 1
    assert remind_overdue(now=at(date(2024, 9, 13))) == 0
    issue.refresh_from_db()
    assert (issue.remind_count, issue.reminded_on) == (2, date(2024, 9, 12))
    first, second = steps(issue, "remind")
    assert (first.actor, first.data["clock"], second.data["clock"]) == (None, "signing", "handling")
    page = cast.client("handler").get(f"/issues/{issue.code}/").content.decode()
    for words in ("催办：逾期未签收", "催办：逾期未反馈", "系统"):
        assert words in page


def test_an_answer_not_followed_up_is_reminded_of(cast: Cast) -> None:
    issue = cast.issue_in("answered")
    assert remind_overdue(now=at(date(2024, 9, 6))) == 1
    assert steps(issue, "remind")[0].data["clock"] == "follow_up"
    cast.issue_in("followed")
    assert remind_overdue(now=at(date(2024, 9, 9))) == 0


def test_a_reminder_by_hand_counts_and_an_extension_starts_anew(cast: Cast) -> None:
    issue = cast.issue_in("wished")  # to answer by 11 September
    cast.move(issue, "remind", "staff", now=at(date(2024, 9, 12)))
    assert remind_overdue(now=at(date(2024, 9, 12), 15)) == 0
    cast.move(issue, "approve_extension", "staff", now=at(date(2024, 9, 12), 16))  # now by Saturday 14, which is worked
    assert remind_overdue(now=at(date(2024, 9, 14))) == 0
    assert remind_overdue(now=at(date(2024, 9, 18))) == 1


@pytest.mark.parametrize(
    "moment",
    [
        at(date(2024, 9, 12), 8),
        at(date(2024, 9, 12), 18),
        at(date(2024, 9, 22)),  # a Sunday
        at(date(2024, 9, 16)),  # Mid-Autumn, a Monday
    ],
)
def test_nobody_is_disturbed_outside_working_hours(cast: Cast, moment: datetime) -> None:
    issue = cast.issue_in("in_progress")
    assert remind_overdue(now=moment) == supervise_overdue(now=moment) == 0
    issue.refresh_from_db()
    assert issue.remind_count == 0


def test_a_worked_saturday_is_a_day_like_others(cast: Cast) -> None:
    cast.issue_in("in_progress")
    assert remind_overdue(now=at(date(2024, 9, 14))) == 1


def test_five_workdays_overdue_is_supervised_once(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")  # due Wednesday 11; 12, 13, 14, 18, 19 are the five workdays after it
    assert supervise_overdue(now=at(date(2024, 9, 18))) == 0
    assert supervise_overdue(now=at(date(2024, 9, 19))) == 1
    assert supervise_overdue(now=at(date(2024, 9, 20))) == 0
    issue.refresh_from_db()
    assert (issue.supervision, issue.supervised_on) == ("supervised", date(2024, 9, 19))
    assert steps(issue, "supervise")[0].actor is None


def test_a_paused_clock_is_left_alone(cast: Cast) -> None:
    cast.issue_in("paused")
    assert remind_overdue(now=at(date(2024, 9, 25))) == supervise_overdue(now=at(date(2024, 9, 25))) == 0


def test_two_sweeps_at_once_remind_once(committed_cast: Cast) -> None:
    issues = [committed_cast.issue_in("in_progress") for _ in range(5)]
    moment = at(date(2024, 9, 12))
    found = at_once(*[lambda: remind_overdue(now=moment) for _ in range(3)])
    assert sum(found) == len(issues)
    for issue in issues:
        issue.refresh_from_db()
        assert issue.remind_count == len(steps(issue, "remind")) == 1
        assert issue.version == issue.events.count()


def mediation(cast: Cast) -> Mediation:
    """Applied for on Wednesday 4, over by Thursday 19 September; the workroom mediates."""
    return mediation_open(
        uuid=uuid4(),
        issue_code=cast.issue_in("in_progress").code,
        organisation=cast.workroom,
        manner="written",
        applied_on=cast.now.date(),
        kind="pay",
        matter="加班费",
        reason="少发。",
        people=1,
        applicant=PartyInput("applicant", "陈示例"),
        respondent=PartyInput("respondent", "光典芯元微电子（演示）"),
        actor=cast.scope("staff"),
    )


def urged(source: str) -> dict[str, str]:
    return dict(Notification.objects.filter(source=source).values_list("user__username", "kind"))


def test_a_mediation_is_reminded_of_before_and_after_its_last_day(cast: Cast) -> None:
    case = mediation(cast)
    source = f"mediation:{case.number}"
    for quiet in (at(date(2024, 9, 14)), at(date(2024, 9, 17)), at(date(2024, 9, 18), 8)):  # early; a holiday; at 8
        assert remind_of_mediations(now=quiet) == 0
    assert [remind_of_mediations(now=at(date(2024, 9, 18), hour)) for hour in (9, 17)] == [1, 0]
    both = {"workroom_handler": "urge", "staff": "urge"}
    assert urged(f"{source}:soon:2024-09-19") == both
    line = Notification.objects.filter(source__contains=":soon:").first()
    assert line is not None
    assert line.text == f"调解 {case.number}（工会经费返还 · 稽山街道总工会）9月19日到期，请抓紧调解或办理延期"

    Mediation.objects.filter(pk=case.pk).update(due_on=date(2024, 9, 24), extended_days=5)  # both sides agreed
    assert [remind_of_mediations(now=at(date(2024, 9, day))) for day in (20, 23, 24)] == [0, 1, 0]
    assert [remind_of_mediations(now=at(date(2024, 9, day))) for day in (25, 26)] == [1, 0]
    assert urged(f"{source}:late:2024-09-24") == both
    assert AuditEntry.objects.filter(action="mediation.remind", object_id=case.number).count() == 3


def test_what_ends_on_days_off_is_reminded_of_before_them(cast: Cast) -> None:
    case = mediation(cast)
    Mediation.objects.filter(pk=case.pk).update(due_on=date(2024, 10, 6))  # the last but one of the National Day's week
    assert [remind_of_mediations(now=at(date(2024, 9, day))) for day in (29, 30)] == [0, 1]


def test_a_mediation_that_is_over_is_left_alone(cast: Cast) -> None:
    case = mediation(cast)
    mediation_move(
        mediation_id=case.pk, action="withdraw", day=cast.now.date(), actor=cast.scope("staff"), note="撤回。"
    )
    assert [remind_of_mediations(now=at(date(2024, 9, day))) for day in (18, 20)] == [0, 0]


def test_two_sweeps_at_once_tell_of_a_mediation_once(committed_cast: Cast) -> None:
    mediation(committed_cast)
    moment = at(date(2024, 9, 20))
    assert sum(at_once(*[lambda: remind_of_mediations(now=moment) for _ in range(3)])) == 1
    assert AuditEntry.objects.filter(action="mediation.remind").count() == 1


def test_who_answers_meanwhile_is_not_reminded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between finding the issue and marking it, the holder answers: the mark finds nothing to mark."""
    issue = cast.issue_in("in_progress")
    moment = at(date(2024, 9, 12))
    from casework.services import sweeps

    found = sweeps._candidates

    def answered_meanwhile(due: str, late):
        rows = list(found(due, late))
        if rows and Issue.objects.get(pk=issue.pk).state == "in_progress":
            cast.move(issue, "report", "handler", note="刚办好。", now=moment)
        return iter(rows)

    monkeypatch.setattr(sweeps, "_candidates", answered_meanwhile)
    assert remind_overdue(now=moment) == 0
    issue.refresh_from_db()
    assert (issue.state, issue.remind_count) == ("answered", 0)
    assert issue.version == issue.events.count()


def nudged(name: str, done: Callable[[], bool]) -> bool:
    """Beat's nudge, twice; whether the work is done."""
    app.send_task(name)
    app.send_task(name)
    return done()


@pytest.mark.worker
def test_the_worker_runs_them(committed_cast: Cast, celery_worker_process) -> None:
    """Whatever hour it is outside: the business clock of the worker is set to a working morning."""
    from unionportal.core.workcal.demo_clock import start_demo_clock

    issue = committed_cast.issue_in("in_progress")
    start_demo_clock(at=at(date(2024, 9, 20)))
    # Beat nudges again and again: one that met another sweep on the same issue, or a process that has kept the hour outside for a
    # moment, leaves it to the next.
    for name, done in (
        ("casework.remind_overdue", lambda: Issue.objects.get(pk=issue.pk).remind_count > 0),
        ("casework.supervise_overdue", lambda: Issue.objects.get(pk=issue.pk).supervision == "supervised"),
    ):
        assert wait_until(partial(nudged, name, done), seconds=60, interval=0.5), celery_worker_process.log.read_text()[
            -3000:
        ]
    issue.refresh_from_db()
    assert issue.remind_count == len(steps(issue, "remind")) == len(steps(issue, "supervise")) == 1
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} >= {
        "casework.remind_overdue",
        "casework.supervise_overdue",
    }


def test_the_list_of_deadlines(cast: Cast) -> None:
    late, soon, paused = cast.issue_in("in_progress"), cast.issue_in("in_progress"), cast.issue_in("paused")
    cast.move(soon, "extend", "handler", days=1, note="等凭证。")
    cast.move(soon, "approve_extension", "staff")
    Issue.objects.filter(pk=late.pk).update(title="甲事")
    Issue.objects.filter(pk=soon.pk).update(title="乙事")
    Issue.objects.filter(pk=paused.pk).update(title="丙事")
    with clock.at(at(date(2024, 9, 12))):
        see = {key: titles(cast, "staff", key) for key in ("all", "late", "soon", "paused", "wished", "supervised")}
        assert see == {
            "all": ["甲事", "丙事", "乙事"],
            "late": ["甲事"],
            "soon": ["乙事"],
            "paused": ["丙事"],
            "wished": [],
            "supervised": [],
        }
        assert titles(cast, "handler", "late") == ["甲事"]
        assert titles(cast, "other_handler", "all") == []
        page = cast.client("staff").get("/issues/due/").content.decode()
        assert "逾期 1 个工作日" in page
        assert "今天到期" in page


def titles(cast: Cast, who: str, standing: str) -> list[str]:
    page = cast.client(who).get("/issues/due/", {"clock": "handling", "standing": standing})
    assert page.status_code == 200
    return [issue.title for issue, _ in page.context["rows"]]


def test_overdue_in_workdays_not_days(cast: Cast) -> None:
    cast.now = at(date(2024, 9, 27))
    issue = cast.issue_in("in_progress")  # due 10 October, after seven days off
    assert remind_overdue(now=at(date(2024, 10, 10))) == 0
    assert remind_overdue(now=at(date(2024, 10, 11))) == 1
    assert timedelta(days=13) < at(date(2024, 10, 11)) - cast.now
    assert issue.due_on == date(2024, 10, 10)
