"""The session ends while somebody types: every form leads through the sign-in back to itself, with what was typed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.access.sample import Sample, sample
from tests.people import PASSWORD, District, client_for
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.orgs.models import Enterprise
from unionportal.core.params.models import Parameter
from visits.models import Journal

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Typing:
    """One form: who fills it, where, what is typed by field name, the button, and what tells that nothing was stored before."""

    role: str
    address: Callable[[Sample], str]
    typed: dict[str, str]
    button: str
    stored: Callable[[Sample], bool]
    within: str = "main"


def this_week(things: Sample) -> str:
    year, week, _ = clock.today().isocalendar()
    return f"/journals/{year}-W{week}/"


def typed_journal(things: Sample) -> bool:
    return Journal.objects.filter(reflections="本周走访一家").exists()


FORMS = {
    "issue": Typing(
        "staff",
        lambda things: "/issues/new/",
        {"title": "食堂降温设备不足", "description": "车间反映", "township": "330602006", "category": "safety"},
        "登记",
        lambda things: type(things.issue).objects.filter(title="食堂降温设备不足").exists(),
    ),
    "move": Typing(
        "handler",
        lambda things: f"/issues/{things.issue.code}/#send_back",
        {"note": "不属于本部门"},
        "退回",
        lambda things: type(things.issue).objects.get(pk=things.issue.pk).state == "registered",
        within="dialog[open]",
    ),
    "account": Typing(
        "sysadmin",
        lambda things: "/accounts/new/",
        {"username": "newcomer", "display_name": "新同事"},
        "建立账号",
        lambda things: User.objects.filter(username="newcomer").exists(),
    ),
    "account-edit": Typing(
        "sysadmin",
        lambda things: f"/accounts/{things.people['keeper'].pk}/#edit",
        {"phone": "0575-00001234"},
        "保存",
        lambda things: User.objects.filter(phone="0575-00001234").exists(),
        within="dialog[open]",
    ),
    "enterprise": Typing(
        "staff",
        lambda things: f"/enterprises/{things.enterprise.credit_code}/edit/",
        {"contact_name": "张女士"},
        "保存",
        lambda things: Enterprise.objects.filter(contact_name="张女士").exists(),
    ),
    # Its address only takes the form: back to the page that the form is on.
    "parameter": Typing(
        "sysadmin",
        lambda things: "/parameters/visits.weekly_quota/",
        {"value": "2", "reason": "区总工会通知"},
        "保存",
        lambda things: Parameter.objects.filter(reason="区总工会通知").exists(),
    ),
    "journal": Typing(
        "cadre", this_week, {"reflections": "本周走访一家"}, "保存", typed_journal, within="#journal-form"
    ),
}


@pytest.fixture
def things(live_portal: Any, district: District) -> Sample:
    return sample(district)


@pytest.mark.parametrize("name", FORMS)
def test_what_was_typed_is_there_after_signing_in_again(page: Any, live_portal: Any, things: Sample, name: str) -> None:
    form = FORMS[name]
    page.set_default_timeout(15_000)
    person = things.people[form.role]
    session = client_for(person).cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": session, "url": live_portal.url}])
    page.goto(form.address(things))
    for field, text in form.typed.items():
        fill(page.locator(f"{form.within} [name={field}]"), text)

    page.context.clear_cookies(name="sessionid")
    page.locator(form.within).get_by_role("button", name=form.button, exact=True).click()
    page.wait_for_url("**/login/**")
    assert not form.stored(things)
    page.get_by_label("用户名").fill(person.username)
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login/" not in url)

    for field, text in form.typed.items():
        assert page.locator(f"{form.within} [name={field}]").input_value() == text, field
    page.locator(form.within).get_by_role("button", name=form.button, exact=True).click()
    page.locator("[data-flash=success], [data-one-time-password]").first.wait_for()
    assert form.stored(things)


def fill(field: Any, text: str) -> None:
    if field.evaluate("node => node.tagName") == "SELECT":
        field.select_option(text)
    else:
        field.fill(text)
