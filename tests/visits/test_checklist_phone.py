"""A safety inspection on a phone of 390 x 844: one item found wrong becomes an issue, and the draft brings the checklist back."""

from typing import Any

import pytest

from casework.models import Issue
from tests.axe import serious_findings
from tests.people import sign_in
from visits.models import Visit

pytestmark = pytest.mark.browser


@pytest.fixture
def cadre(phone: Any, district: Any) -> Any:
    phone.set_default_timeout(15_000)
    district.enterprise(1, name="光典芯元微电子（演示）", is_key=True)
    user = district.cadre(name="陈示例")
    sign_in(phone, user)
    return user


def answer(page: Any, item: str, word: str) -> None:
    page.get_by_role("radiogroup", name=item).get_by_role("radio", name=word, exact=True).tap()


def test_a_safety_inspection_with_one_finding(phone: Any, cadre: Any) -> None:
    phone.goto("/visits/new/")
    phone.get_by_role("combobox", name="走访单位").tap()
    phone.keyboard.type("gdxy")
    phone.locator("[role=option] mark").first.wait_for()
    phone.get_by_role("option").first.tap()
    phone.get_by_label("走访类型").select_option("inspection")
    phone.get_by_role("radio", name="法律体检").wait_for()
    answer(phone, "灭火器、消火栓完好有效", "否")
    assert phone.get_by_role("button", name="录入问题").count() == 1
    phone.get_by_role("button", name="录入问题").tap()
    assert phone.get_by_label("问题是什么").input_value() == "不符合：灭火器、消火栓完好有效"
    assert phone.get_by_label("类别", exact=True).input_value() == "safety"
    phone.get_by_role("button", name="其余都符合").tap()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    phone.reload()  # the draft: kind, answers and the issue row come back
    phone.get_by_text("已恢复草稿").wait_for()
    extinguishers = phone.get_by_role("radiogroup", name="灭火器、消火栓完好有效")
    extinguishers.get_by_role("radio", name="否", exact=True, checked=True).wait_for()
    assert phone.get_by_label("问题是什么").input_value() == "不符合：灭火器、消火栓完好有效"

    phone.get_by_role("button", name="提交走访").tap()
    phone.wait_for_url("**/visits/*-*-*/")
    visit = Visit.objects.get()
    found = {row.item.code: row.value for row in visit.sheets.get().answers.select_related("item")}
    assert (visit.kind, found["extinguishers"], found["exits"]) == ("inspection", "no", "yes")
    assert [(issue.title, issue.category.code) for issue in Issue.objects.select_related("category")] == [
        ("不符合：灭火器、消火栓完好有效", "safety")
    ]
    assert phone.get_by_text("不符合 1 项").is_visible()
    assert serious_findings(phone) == []


def test_the_checklist_follows_the_choice(phone: Any, cadre: Any) -> None:
    phone.goto("/visits/new/?kind=inspection")
    phone.get_by_role("radio", name="法律体检").tap()
    phone.get_by_role("radiogroup", name="工资按月足额支付").wait_for()
    phone.get_by_role("radio", name="不填").tap()
    phone.get_by_role("radiogroup", name="工资按月足额支付").wait_for(state="detached")
    phone.get_by_label("走访类型").select_option("stay")
    phone.get_by_label("蹲点到哪一天").wait_for()
    assert phone.get_by_role("radiogroup", name="参加一次主题党日").is_visible()
