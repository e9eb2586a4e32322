"""2024 with four issues, for every test of reports."""

from datetime import date, datetime
from uuid import uuid4

import pytest

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.people import District, scope_of
from unionportal.core.common import clock
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.common.scope import Scope
from unionportal.reporting.rollups.refresh import refresh


def at(month: int, day: int, year: int = 2024) -> datetime:
    return datetime(year, month, day, 10, tzinfo=SHANGHAI)


def registered(district: District, actor: Scope, month: int, category: str) -> Issue:
    with clock.at(at(month, 12)):
        return issue_register(
            uuid=uuid4(),
            title="返还款未到账",
            description="",
            category=Category.objects.get(code=category),
            township=district.township(),
            enterprise=district.enterprise(),
            received_on=date(2024, month, 12),
            actor=actor,
        )


def moved(issue: Issue, moment: datetime, actor: Scope, action: str, **fields: object) -> Issue:
    with clock.at(moment):
        return issue_move(code=issue.code, action=action, version=issue.version, actor=actor, **fields)


@pytest.fixture
def year(district: District) -> District:
    """2024 with four issues: two resolved in March and June, one explained in June, one still open in June."""
    cadre, staff = scope_of(district.cadre()), scope_of(district.staff())
    clerk = scope_of(district.township_clerk())
    for month in (3, 6):
        issue = registered(district, cadre, month, "dues_refund")
        for day, actor, action, fields in (
            (12, staff, "assign", {"unit": district.township()}),
            (13, clerk, "accept", {}),
            (14, clerk, "report", {"note": "已到账"}),
            (14, staff, "follow_up", {"satisfaction": "satisfied"}),
            (14, staff, "close", {"outcome": "resolved"}),
        ):
            issue = moved(issue, at(month, day), actor, action, **fields)
    explained = registered(district, cadre, 6, "policy")
    moved(explained, at(6, 12), staff, "close", outcome="explained", note="已当场说明")
    registered(district, cadre, 6, "training")
    with clock.at(at(7, 1)):
        refresh()
    return district
