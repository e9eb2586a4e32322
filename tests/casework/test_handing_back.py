"""退回: to whoever assigns, or to a unit that held it before; and who held it how long."""

from datetime import date, timedelta

import pytest

from casework.holdings import holdings
from casework.models import Issue
from casework.selectors import events_of
from tests.casework.cast import Cast
from unionportal.core.common.errors import FieldErrors


def passed_on(cast: Cast) -> Issue:
    """Held by the legal department for two workdays, then by its own desk."""
    issue = cast.issue_in("in_progress")
    return cast.move(issue, "transfer", "handler", unit=cast.desk, note="请窗口办。", now=cast.now + timedelta(days=2))


def test_back_to_an_earlier_holder_keeps_the_deadline(cast: Cast) -> None:
    issue = passed_on(cast)
    cast._person("clerk_of_desk", "handler", cast.desk)
    due = issue.due_on
    issue = cast.move(
        issue, "send_back", "clerk_of_desk", unit=cast.legal, note="材料不全。", now=cast.now.replace(day=9)
    )
    assert (issue.state, issue.holder, issue.due_on, issue.bounce_count) == ("assigned", cast.legal, due, 1)
    assert (issue.accepted_on, issue.accept_due_on) == (None, date(2024, 9, 10))
    page = cast.client("handler").get(f"/issues/{issue.code}/").content.decode()
    assert "未签收退回至权益保障部" in page


def test_without_a_unit_it_goes_to_whoever_assigns(cast: Cast) -> None:
    issue = cast.move(cast.issue_in("in_progress"), "send_back", "handler", note="不属本部门。")
    assert (issue.state, issue.holder, issue.due_on) == ("registered", None, None)


@pytest.mark.parametrize("unit", ["finance", "desk", "jishan"])
def test_only_to_who_held_it_before(cast: Cast, unit: str) -> None:
    issue = passed_on(cast)
    cast._person("clerk_of_desk", "handler", cast.desk)
    with pytest.raises(FieldErrors) as refused:
        cast.move(
            issue,
            "send_back",
            "clerk_of_desk",
            unit=getattr(cast, unit),
            note="材料不全。",
            now=cast.now.replace(day=9),
        )
    assert set(refused.value.fields) == {"unit"}
    issue.refresh_from_db()
    assert (issue.state, issue.holder) == ("assigned", cast.desk)


def test_not_to_a_unit_disabled_meanwhile(cast: Cast) -> None:
    issue = passed_on(cast)
    cast._person("clerk_of_desk", "handler", cast.desk)
    cast.legal.is_active = False
    cast.legal.save()
    with pytest.raises(FieldErrors) as refused:
        cast.move(issue, "send_back", "clerk_of_desk", unit=cast.legal, note="材料不全。", now=cast.now.replace(day=9))
    assert "已停用" in refused.value.fields["unit"]


def test_the_form_offers_earlier_holders_where_there_are_any(cast: Cast) -> None:
    first = cast.issue_in("in_progress")
    page = cast.client("handler").get(f"/issues/{first.code}/").content.decode()
    assert 'id="send_back_unit"' not in page
    cast._person("clerk_of_desk", "handler", cast.desk)
    again = passed_on(cast)
    page = cast.client("clerk_of_desk").get(f"/issues/{again.code}/").content.decode()
    assert 'id="send_back_unit"' in page
    assert "区总工会，重新交办" in page
    answer = cast.client("clerk_of_desk").post(
        f"/issues/{again.code}/send_back/", {"version": again.version, "unit": "D-LEGAL", "note": "材料不全。"}
    )
    assert answer.status_code == 302
    again.refresh_from_db()
    assert again.holder == cast.legal


def test_who_held_it_how_long(cast: Cast) -> None:
    issue = passed_on(cast)  # legal from Wednesday 4 to Friday 6, then the desk
    stays = holdings(events_of(issue), cast.now.replace(day=12))
    assert [(stay.unit, stay.workdays, stay.end is None) for stay in stays] == [
        (cast.legal, 2, False),
        (cast.desk, 4, True),
    ]
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "经手单位" in page


def test_an_answer_ends_a_stay_and_a_redo_begins_another(cast: Cast) -> None:
    issue = cast.issue_in("followed")
    issue = cast.move(issue, "redo", "staff", note="没到账。", now=cast.now.replace(day=10))
    stays = holdings(events_of(issue), cast.now.replace(day=11))
    assert [(stay.unit, stay.workdays, stay.left_by) for stay in stays] == [
        (cast.legal, 0, "report"),
        (cast.legal, 1, ""),
    ]
