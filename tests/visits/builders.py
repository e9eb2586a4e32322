"""Short ways to a visit for the tests of visits."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from tests.people import scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit
from visits.services import IssueInput, VisitInput, visit_log

#: Thursday of ISO week 37 of 2024, a full week of workdays.
THURSDAY = datetime(2024, 9, 12, 15, 30, tzinfo=SHANGHAI)
TODAY = THURSDAY.date()


def visit_input(enterprise: Enterprise | None = None, **facts: Any) -> VisitInput:
    """An ordinary visit of today."""
    facts.setdefault("id", uuid4())
    facts.setdefault("visited_on", TODAY)
    if enterprise is not None:
        facts.setdefault("enterprise", enterprise.credit_code)
    return VisitInput(**facts)


def issue_input(**facts: Any) -> IssueInput:
    facts.setdefault("id", uuid4())
    facts.setdefault("title", "返还款未到账，不了解流程")
    facts.setdefault("category", "dues_refund")
    return IssueInput(**facts)


def logged(cadre: User, enterprise: Enterprise, on: date = TODAY, **facts: Any) -> Visit:
    """A visit the cadre logged on the very day."""
    now = datetime(on.year, on.month, on.day, 16, 0, tzinfo=SHANGHAI)
    visit, _ = visit_log(visit=visit_input(enterprise, visited_on=on, **facts), actor=scope_of(cadre, on=on), now=now)
    return visit
