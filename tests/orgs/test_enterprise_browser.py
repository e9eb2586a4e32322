"""The page of an enterprise as its people use it: the cadre adds a contact and marks a risk on a phone, the clerk sees to the rest."""

import pytest
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.people import District, sign_in
from unionportal.core.common import clock
from unionportal.core.orgs.models import RiskMark

pytestmark = pytest.mark.browser


def test_a_contact_and_a_risk_from_the_phone_reach_the_clerk(page: Page, phone: Page, district: District) -> None:
    enterprise = district.enterprise(is_key=True, union_state="own", employees=420, union_members=400)
    cadre, clerk = district.cadre(name="陈驻联"), district.township_clerk(name="钱干事")
    address = f"/enterprises/{enterprise.credit_code}/"

    sign_in(phone, cadre)
    phone.goto(address)
    phone.get_by_role("link", name="添加联系人").click()
    phone.get_by_label("姓名").fill("孙示例")
    phone.get_by_label("职务").fill("工会主席")
    phone.get_by_label("电话").fill("1380000")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("#id_phone_error")).to_contain_text("电话号码不对")
    expect(phone.get_by_label("职务")).to_have_value("工会主席")
    phone.get_by_label("电话").fill("13800000007")
    phone.get_by_role("button", name="保存").click()
    expect(phone.locator("#contacts")).to_contain_text("138****0007")
    phone.get_by_role("link", name="标记风险").click()
    phone.locator("label.pill", has_text="欠薪").click()
    phone.locator("label.pill", has_text="较重").click()
    phone.get_by_label("理由").fill("九月工资还没有发，职工已来访两次。")
    assert serious_findings(phone) == []
    phone.get_by_role("button", name="标记").click()
    expect(phone.locator("#risks")).to_contain_text("欠薪 · 较重")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    sign_in(page, clerk)
    page.goto("/enterprises/?risk=arrears")
    page.get_by_role("link", name=enterprise.name).click()
    page.get_by_role("link", name="登记合同").click()
    today = clock.today()
    page.locator("label.pill", has_text="工资专项").click()
    page.get_by_label("生效日期").fill(today.replace(month=1, day=1).isoformat())
    page.get_by_label("到期日期").fill(today.replace(month=12, day=31).isoformat())
    page.get_by_label("覆盖职工人数").fill("400")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#contracts")).to_contain_text("有效 1 份，覆盖 400 人")
    page.get_by_role("link", name="看号码").click()
    page.get_by_label("查看理由").fill("核实工资发放")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("main")).to_contain_text("13800000007")
    page.get_by_role("link", name="回到企业").click()
    page.get_by_role("link", name="解除").click()
    page.get_by_label("解除理由").fill("工资已补发，已看银行回单。")
    page.get_by_role("button", name="解除").click()
    expect(page.locator("#risks")).to_contain_text("现在没有风险标记")
    assert serious_findings(page) == []
    assert RiskMark.objects.get().lifted_by == clerk
