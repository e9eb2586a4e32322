"""What workers report by the codes of the stations in the scenario 浦江, and what is made of it."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from casework.models import Category, Issue, PublicCode
from casework.services import issue_move, report_submit
from casework.services.public import Report
from casework.services.reporters import ReporterInput
from stations.models import Station
from stations.services.register import CODE_OWNER
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.workcal.days import add_workdays
from unionportal.reporting.demo.scenarios.ground import Ground
from unionportal.reporting.demo.scenarios.pujiang_words import REPORTS, TOWNSHIPS

#: Stations between those of two reports, so that they come from all over the county.
APART = 7


def report_and_answer(ground: Ground, stations: Sequence[Station]) -> None:
    """Each is reported anonymously at a station, handed to its township and closed within the week."""
    for number, (day, text, outcome) in enumerate(REPORTS):
        station, first = stations[number * APART], date.fromisoformat(day)
        issue = _reported(station, text, f"pujiang-{number}", first)
        codes = [township.place.code for township in TOWNSHIPS]
        clerk = f"township{codes.index(station.township.code) + 1:02}"
        staff, township = ground.actor("staff", on=first), ground.actor(clerk, on=first)
        if outcome == "explained":
            _move(issue, first, 1, staff, "close", outcome=outcome, note="已向反映人说明。")
            continue
        _move(issue, first, 1, staff, "assign", unit=station.township)
        _move(issue, first, 1, township, "accept")
        _move(issue, first, 2, township, "report", note="已处理好，现场看过。", answer="已处理好，您反映的情况解决了。")
        _move(issue, first, 3, staff, "follow_up", satisfaction="satisfied")
        _move(issue, first, 3, staff, "close", outcome=outcome)


def _reported(station: Station, text: str, secret: str, day: date) -> Issue:
    token = PublicCode.objects.open().get(owner_kind=CODE_OWNER, owner_uuid=station.uuid).token
    report = Report(
        secret=secret,
        category=Category.objects.get(code="station"),
        text=text,
        reporter=ReporterInput("anonymous"),
        consent_version=1,
    )
    with clock.at(_at(day, 0)):
        return report_submit(token=token, report=report)


def _move(issue: Issue, day: date, workdays: int, actor: Scope, action: str, **given: Any) -> None:
    issue.refresh_from_db(fields=["version"])
    with clock.at(_at(day, workdays)):
        issue_move(code=issue.code, action=action, version=issue.version, actor=actor, **given)


def _at(day: date, workdays: int) -> datetime:
    """Three in the afternoon, so many workdays later."""
    return datetime.combine(add_workdays(day, workdays).day, time(15, 0), tzinfo=clock.SHANGHAI)
