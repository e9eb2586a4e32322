"""Short ways to a visit for the tests of visits."""

import io
from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.people import scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common.clock import SHANGHAI
from unionportal.core.orgs.models import Enterprise
from visits.models import Visit
from visits.services import IssueInput, VisitInput, visit_log

#: Thursday of ISO week 37 of 2024; its Saturday is a make-up workday.
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


def form_data(
    enterprise: Enterprise | None = None, issues: tuple[dict[str, Any], ...] = (), **facts: Any
) -> dict[str, Any]:
    """What the page of a new visit sends."""
    data = {
        "id": str(uuid4()),
        "target_kind": "enterprise",
        "enterprise": enterprise.credit_code if enterprise else "",
        "visited_on": TODAY.isoformat(),
        "mode": "on_site",
        "kind": "routine",
        "headcount": "1",
        "narrative": "车间有一百二十名职工",
        "issues-TOTAL_FORMS": str(len(issues)),
        "issues-INITIAL_FORMS": "0",
        **facts,
    }
    for number, issue in enumerate(issues):
        row = {"id": str(uuid4()), "title": "返还款未到账", "category": "dues_refund", "description": "", **issue}
        data |= {f"issues-{number}-{name}": value for name, value in row.items()}
    return data


def api_data(enterprise: Enterprise | None = None, **facts: Any) -> dict[str, Any]:
    """What a client posts to the API."""
    return {
        "id": str(uuid4()),
        "visited_on": TODAY.isoformat(),
        "kind": "routine",
        "mode": "on_site",
        "target_kind": "enterprise",
        "enterprise": enterprise.credit_code if enterprise else "",
        "checks": {"morale": "good", "employment": "problem"},
        "narrative": "车间有一百二十名职工",
        "issues": [],
        **facts,
    }


def api_issue(**facts: Any) -> dict[str, Any]:
    return {"id": str(uuid4()), "title": "返还款未到账", "description": "去年的", "category": "dues_refund", **facts}


def jpeg(name: str = "车间.jpg", colour: str = "red") -> SimpleUploadedFile:
    """A small real photo."""
    out = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")
