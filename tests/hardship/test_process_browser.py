"""From the application to in force as four desks live it, the survey on a phone at the household; a list as the public reads it."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from hardship.models import FileProcess, HardshipFile, Objection, PublicityList
from hardship.process import RENEW, Order
from hardship.services.publicity import publicity_start, settle_publicity
from tests.access.sample import photo
from tests.axe import serious_findings
from tests.hardship.cast import Cast
from tests.hardship.going import Going
from tests.people import District, sign_in
from unionportal.core.common import clock
from unionportal.core.workcal.days import add_workdays

pytestmark = pytest.mark.browser


def act(page: Page, name: str, **typed: str) -> None:
    """One move in its dialog: text by label, choices by the words on them."""
    page.locator(f"button[data-dialog={name}]").click()
    dialog = page.locator(f"dialog#{name}")
    for label, text in typed.items():
        pill = dialog.locator("label.pill", has_text=text)
        if label == "choice":
            pill.click()
        else:
            dialog.get_by_label(label).fill(text)
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".flashes")).to_contain_text("已登记")


def switch(page: Page, going: Going, who: str) -> None:
    """Somebody else sits down at the desk."""
    page.context.clear_cookies()
    sign_in(page, going.cast.users[who])


def test_from_application_to_in_force(page: Page, phone: Page, district: District) -> None:
    now = clock.now()
    past = now - timedelta(days=24)
    going = Going(Cast(district, now=past))
    with clock.at(past):
        file = going.draft()
    HardshipFile.objects.filter(pk=file.pk).update(category="deep")
    address, begun = f"/hardship/{file.code}/process/", past.date()

    sign_in(page, going.cast.users["aid_jishan"])
    page.goto(f"/hardship/{file.code}/")
    page.locator("section", has=page.get_by_role("heading", name="办理进度")).get_by_role("link", name="办理").click()
    act(page, "apply", 日期=begun.isoformat(), 申请理由="支出大，生活困难。")
    expect(page.locator("ol.steps [aria-current=step]")).to_contain_text("入户调查")
    assert serious_findings(page) == []

    sign_in(phone, going.cast.users["aid_jishan"])
    phone.goto("/")
    phone.get_by_role("link", name="入户调查").first.click()
    phone.get_by_label("调查日期").fill(begun.isoformat())
    phone.get_by_label("另一名调查人").fill("孙同行")
    phone.locator(".seg-radio label", has_text="常住").click()
    phone.get_by_label("实际居住人数").fill("3")
    for label in phone.locator(".seg-radio label", has_text="与申报一致").all():
        label.click()
    phone.get_by_label("调查情况").fill("两间平房，只有一人上班。")
    picture = photo()
    phone.get_by_label("照片", exact=False).last.set_input_files(
        {"name": "home.png", "mimeType": "image/png", "buffer": picture.read()}
    )
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="登记调查").click()
    expect(phone.locator(".flashes")).to_contain_text("已登记入户调查")
    expect(phone.locator("main")).to_contain_text("两间平房")
    expect(phone.get_by_role("link", name="入户照片 1")).to_be_visible()

    page.goto(address)
    act(page, "appraise", 日期=begun.isoformat(), 参加评议的人数="5", 同意的人数="4", 评议意见="情况属实。")
    listed = publicity_start(
        township=going.cast.jishan,
        proposed={file.code: "living"},
        starts_on=begun,
        actor=going.scope("aid_jishan"),
        now=past,
    )
    assert settle_publicity() == 1
    after = add_workdays(listed.ends_on, 1).day.isoformat()

    switch(page, going, "reviewer")
    page.goto(address)
    act(page, "review", 日期=after, 镇街工会意见="经复核，情况属实。")
    switch(page, going, "aid")
    page.goto(address)
    act(page, "check", 日期=after, choice="与申报一致")
    expect(page.locator("main")).to_contain_text("您经办过这份档案")
    switch(page, going, "leader")
    page.goto("/todo/hardship_approvals/")
    page.get_by_role("link", name=file.code).first.click()
    act(page, "approve", 日期=after, 区总工会意见="同意建档。")
    expect(page.locator(".page-title")).to_contain_text("在档帮扶")
    expect(page.locator("main")).to_contain_text("经复核，情况属实。")
    assert file.holder.opened("name") not in page.content()
    assert serious_findings(page) == []
    act(page, "lift", 日期=after, 脱困的依据="连续六个月高于低保标准。")
    expect(page.locator(".page-title")).to_contain_text("已脱困")
    assert HardshipFile.objects.get().state == "lifted"


def test_a_plan_for_one_member_is_made_carried_out_and_the_household_is_due_for_review(
    page: Page, phone: Page, district: District
) -> None:
    going = Going(Cast(district, now=clock.now()))
    file = going.cast.file_in("in_force", who="aid_jishan")
    going.cast.member(file, "aid_jishan", name="李示例妻")
    today = clock.today()
    FileProcess.objects.create(
        file=file, order=Order.PUBLIC_FIRST, applied_on=today, in_force_on=today, awaits=RENEW, due_on=today
    )
    sign_in(page, going.cast.users["aid_jishan"])
    page.goto(f"/hardship/{file.code}/process/")
    page.locator("button[data-dialog=measure]").click()
    dialog = page.locator("dialog#measure")
    dialog.get_by_label("举措").select_option("training")
    dialog.get_by_label("帮扶对象").select_option(label="配偶 李示例妻（一人一策）")
    dialog.get_by_label("完成期限").fill(today.isoformat())
    assert serious_findings(page) == []
    dialog.locator("button[type=submit]").click()
    expect(page.locator("section", has=page.locator("#plan-h"))).to_contain_text("配偶 李示例妻")
    assert serious_findings(page) == []

    sign_in(phone, going.cast.users["aid_jishan"])
    phone.goto("/")
    line = phone.locator("li", has_text="一人一策（配偶）")
    line.get_by_role("link", name="登记结果").first.click()
    dialog = phone.locator("dialog#finish")
    dialog.locator("label", has_text="见效").first.click()
    dialog.get_by_label("结果").fill("已上岗。")
    dialog.locator("button[type=submit]").click()
    expect(phone.locator(".flashes")).to_contain_text("已登记结果")
    assert serious_findings(phone) == []
    phone.goto("/hardship/watch/")
    phone.get_by_role("link", name="该复核").first.click()
    expect(phone.locator("main")).to_contain_text(f"{file.code}")
    expect(phone.locator("main")).to_contain_text("已到期")
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_list_is_put_up_and_anybody_may_object(page: Page, phone: Page, district: District) -> None:
    going = Going(Cast(district, now=clock.now()))
    file, _ = going.bring("appraised")
    sign_in(page, going.cast.users["aid_jishan"])
    page.goto("/hardship/publicity/")
    page.get_by_role("link", name="发布公示").click()
    expect(page.locator("main")).to_contain_text("王**")
    page.get_by_label("拟帮扶").select_option("medical")
    page.get_by_role("button", name="发布").click()
    expect(page.locator(".flashes")).to_contain_text("已发布公示名单，1 户")
    assert serious_findings(page) == []
    listed = PublicityList.objects.get()
    page.get_by_role("link", name="海报").click()
    expect(page.locator("article.poster")).to_contain_text("王**")
    expect(page.locator("article.poster svg")).to_be_visible()

    phone.goto(f"/p/{listed.token}/")
    expect(phone.locator("main")).to_contain_text("医疗救助")
    assert file.holder.opened("name") not in phone.content()
    assert serious_findings(phone) == []
    phone.get_by_role("link", name="提出异议").click()
    phone.get_by_label("对哪一户有异议").select_option("1")
    phone.get_by_label("有什么异议").fill("他家有两套房。")
    phone.get_by_label("匿名，不留姓名电话").check()
    assert serious_findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    phone.get_by_role("button", name="提交异议").click()
    expect(phone.locator("main")).to_contain_text("异议已收到")

    page.goto(f"/hardship/publicity/{listed.uuid}/")
    page.locator("section", has=page.get_by_role("heading", name="异议")).locator("a.todo-title").click()
    expect(page.locator("main")).to_contain_text("他家有两套房。")
    page.get_by_label("异议成立，撤下这一户").check()
    page.get_by_label("核实结论").fill("确有两套住房。")
    page.get_by_role("button", name="登记核实结论").click()
    expect(page.locator("main")).to_contain_text("异议成立")
    assert Objection.objects.get().state == "upheld"
    phone.reload()
    expect(phone.locator("main")).not_to_contain_text("王**")
