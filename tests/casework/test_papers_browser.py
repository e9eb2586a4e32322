"""A notice as two desks live it: drafted and served at the office, signed from a phone, answered, taken out as Word."""

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from casework.models import Paper
from casework.services.paper_registers import signer_add, supervisor_add
from casework.services.papers import paper_serve, paper_sign
from tests.axe import serious_findings
from tests.casework.desk import registered
from tests.people import District, scope_of, sign_in
from unionportal.core.common import clock

pytestmark = pytest.mark.browser


def test_a_notice_from_draft_to_answer(page: Page, phone: Page, district: District) -> None:
    staff, leader = district.staff(name="王调度"), district.leader(name="何主席")
    today = clock.today()
    signer_add(user=leader, title="vice", valid_from=today, valid_to=None, actor=scope_of(staff))
    issue = registered(district, staff)

    sign_in(page, staff)
    page.goto(f"/issues/{issue.code}/")
    page.get_by_role("link", name="起草提示函").click()
    words(page)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("h1")).to_contain_text("提示函")
    paper = f"/papers/{Paper.objects.get().pk}/"

    sign_in(phone, leader)
    phone.goto(paper)
    phone.locator("button[data-dialog=sign]").click()
    phone.locator("dialog#sign button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text(f"〔{today.year}〕1号")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390

    page.goto(paper)
    page.locator("button[data-dialog=serve]").click()
    dialog = page.locator("dialog#serve")
    dialog.locator("label.pill").first.click()
    dialog.get_by_label("签收人").fill("企业人事科")
    dialog.locator("button[type=submit]").click()
    page.locator("button[data-dialog=answer]").click()
    page.locator("dialog#answer").get_by_label("答复内容").fill("三份合同均已补签。")
    page.locator("dialog#answer button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("三份合同均已补签。")
    assert serious_findings(page) == []
    with page.expect_download() as word:
        page.get_by_role("link", name="Word").click()
    text = "\n".join(paragraph.text for paragraph in Document(str(word.value.path())).paragraphs)
    assert f"〔{today.year}〕1号" in text
    assert "请在十五个工作日内补签。" in text
    page.goto("/papers/")
    expect(page.locator("tbody tr")).to_contain_text(f"〔{today.year}〕1号")


def test_a_demand_refused_goes_on_to_the_labour_authority(page: Page, phone: Page, district: District) -> None:
    staff, leader = district.staff(name="王调度"), district.leader(name="何主席")
    today = clock.today()
    signer_add(user=leader, title="vice", valid_from=today, valid_to=None, actor=scope_of(staff))
    for number in (1, 2):
        supervisor_add(
            name=f"监督员{number}（演示）",
            licence_no=f"浙监{number}",
            valid_from=today,
            valid_to=today,
            actor=scope_of(staff),
        )
    issue = registered(district, staff)

    sign_in(page, staff)
    page.goto(f"/issues/{issue.code}/")
    page.get_by_role("link", name="起草意见书").click()
    words(page)
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("main")).to_contain_text("须先由两名以上监督员调查")
    page.locator("button[data-dialog=edit]").click()
    page.get_by_label("调查日期").fill(today.isoformat())
    for number in (1, 2):
        page.locator("dialog#edit label", has_text=f"监督员{number}").click()
    page.locator("dialog#edit button[type=submit]").click()
    expect(page.get_by_role("region", name="基本情况")).to_contain_text("监督员2")
    assert serious_findings(page) == []

    demand = Paper.objects.get()
    paper_sign(paper_id=demand.pk, actor=scope_of(leader))
    paper_serve(
        paper_id=demand.pk, served_on=today, served_way="in_person", receiver="企业人事科", actor=scope_of(staff)
    )
    page.reload()
    page.locator("button[data-dialog=answer]").click()
    page.locator("dialog#answer").get_by_label("答复内容").fill("不同意补签。")
    page.locator("dialog#answer label", has_text="对方拒不改正").click()
    page.locator("dialog#answer button[type=submit]").click()
    page.get_by_role("link", name="提建议书").click()
    expect(page.locator("main")).to_contain_text(f"依据意见书 {Paper.objects.get().number_text}")
    words(page)
    page.get_by_label("主送机关").fill("区人力社保局（演示）")
    page.get_by_label("所附材料").fill("意见书副本一份")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.locator("main")).to_contain_text("区人力社保局（演示）")

    sign_in(phone, leader)
    phone.goto(f"/papers/{Paper.objects.get(kind='referral').pk}/")
    phone.locator("button[data-dialog=sign]").click()
    phone.locator("dialog#sign button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text(f"〔{today.year}〕1号")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def words(page: Page) -> None:
    page.get_by_label("事实").fill("未与 3 名职工签订书面劳动合同。")
    page.get_by_label("法律依据").fill("《中华人民共和国劳动合同法》第十条。")
    page.get_by_label("意见和建议").fill("请在十五个工作日内补签。")
