"""A cadre on a phone plans a suggested visit, drags nothing, logs it from the plan and finds it done; at the desk a plan is dragged to another day."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.people import District, sign_in
from unionportal.core.common import clock
from unionportal.core.workcal.days import is_workday
from visits.models import PlannedVisit
from visits.weeks import week_of

pytestmark = pytest.mark.browser


def test_suggested_planned_and_done_by_logging_the_visit(page: Page, phone: Page, district: District) -> None:
    cadre, enterprise = district.cadre(), district.enterprise(1, is_key=True)
    district.enterprise(2)
    today = clock.today()

    sign_in(phone, cadre)
    phone.goto("/plan/")
    suggestion = phone.locator(".plan-suggested > li", has_text=enterprise.name)
    expect(suggestion).to_contain_text("还没有走访过 · 重点企业")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []
    suggestion.get_by_label("排在哪一天").select_option(today.isoformat())
    suggestion.get_by_role("button", name="排入").tap()
    if not is_workday(today):  # asked on a day off, not on any other
        phone.get_by_role("button", name="确定，就排这一天").tap()
    planned = phone.locator(f"#day-{today}", has_text=enterprise.name)
    expect(planned).to_be_visible()

    planned.get_by_role("link", name="记走访").tap()
    expect(phone.locator("[name=enterprise]")).to_have_value(enterprise.credit_code)
    phone.get_by_role("button", name="五项都好").tap()
    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    phone.goto("/plan/")
    expect(phone.locator(f"#day-{today}")).to_contain_text("已走访")
    phone.goto("/plan/calendar/")
    expect(phone.locator(".cal-day.is-today")).to_contain_text(enterprise.name)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []

    sign_in(page, cadre)
    following = week_of(today) + timedelta(days=7)
    workdays = [day for n in range(7) if is_workday(day := following + timedelta(days=n))]
    page.goto(f"/plan/?week={following.isocalendar().year}-W{following.isocalendar().week:02}")
    card = page.locator(".plan-suggested > li", has_text=district.enterprise(2).name)
    card.drag_to(page.locator(f"#day-{workdays[-1]}"))
    expect(page.locator(f"#day-{workdays[-1]}")).to_contain_text(district.enterprise(2).name)
    row = PlannedVisit.objects.get(enterprise=district.enterprise(2))
    assert row.planned_on == workdays[-1]
    page.locator(f"#day-{workdays[-1]} [data-drag]").drag_to(page.locator(f"#day-{workdays[0]}"))
    expect(page.locator(f"#day-{workdays[0]}")).to_contain_text(district.enterprise(2).name)
    assert serious_findings(page) == []
