"""Issues for the browser tests, in committed data: the browser's server is another process."""

from typing import Any
from uuid import uuid4

from casework.models import Category, Issue
from casework.services import issue_move, issue_register
from tests.people import District, scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common import clock


def registered(district: District, by: User, title: str = "返还款未到账", **changes: Any) -> Issue:
    """An issue received today at the district's first enterprise."""
    facts = {
        "uuid": uuid4(),
        "title": title,
        "description": "",
        "category": Category.objects.get(code="dues_refund"),
        "township": district.township(),
        "enterprise": district.enterprise(),
        "received_on": clock.today(),
        "actor": scope_of(by),
    }
    return issue_register(**{**facts, **changes})


def moved(issue: Issue, action: str, by: User, **given: Any) -> Issue:
    """One move upon the issue as it stands."""
    issue.refresh_from_db(fields=["version"])
    return issue_move(code=issue.code, action=action, version=issue.version, actor=scope_of(by), **given)
