"""The year's evaluation as three desks live it: nominated on a phone, scored blind, locked, published, certified."""

from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import Page, expect

from tests.axe import serious_findings
from tests.evaluations.cast import Year
from tests.people import District, sign_in
from visits.models import EvaluationRound, Nomination

pytestmark = pytest.mark.browser


def test_from_a_nomination_to_a_certificate(page: Page, phone: Page, district: District) -> None:
    year = Year(district)
    year.move("open")
    year.name_reviewers()

    sign_in(phone, year.people["cadre"])
    phone.goto(year.url())
    phone.get_by_role("link", name="提名合理化建议").click()
    phone.get_by_label("题目").fill("办结前电话回访一次")
    phone.get_by_label("摘要").fill("多打一个电话，少一次重办。")
    phone.get_by_label("正文").fill("办结前由驻联干部电话核实。")
    phone.get_by_label("作者").fill("陈驻联、查无此人")
    phone.locator(".submit-bar button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("没有找到“查无此人”")
    expect(phone.get_by_label("题目")).to_have_value("办结前电话回访一次")
    phone.get_by_label("作者").fill("陈驻联")
    phone.locator(".submit-bar button[type=submit]").click()
    expect(phone.locator("main")).to_contain_text("待受理")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []

    sign_in(page, year.people["staff"])
    page.goto(year.url("nominations/"))
    page.get_by_role("link", name="办结前电话回访一次").click()
    page.locator("button[data-dialog=admit]").click()
    page.locator("dialog#admit button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("已受理")
    page.goto(year.url())
    page.locator("button[data-dialog=review]").click()
    page.locator("dialog#review button[type=submit]").click()
    expect(page.locator("main")).to_contain_text("还有 3 份评分没有提交")
    assert serious_findings(page) == []

    number = Nomination.objects.get().number
    for name in ("review1", "review2", "review3"):
        phone.context.clear_cookies()
        sign_in(phone, year.people[name])
        phone.goto(year.url("reviews/"))
        phone.get_by_role("link", name="办结前电话回访一次").click()
        expect(phone.locator("main")).not_to_contain_text("陈驻联")
        if name == "review1":
            assert serious_findings(phone) == []
            assert phone.evaluate("document.documentElement.scrollWidth") <= 390
        for field in phone.locator("input[name^=points_]").all():
            field.fill("9")
        phone.locator(".submit-bar button.btn-primary").click()
        expect(phone.locator("main")).to_contain_text("已提交 1/1")

    page.goto(year.url())
    page.locator("button[data-dialog=lock]").click()
    page.locator("dialog#lock button[type=submit]").click()
    expect(page.locator("h1 + .chip, .chip").first).to_contain_text("已锁定")
    phone.goto(year.url(f"reviews/{number}/"))
    expect(phone.locator("main")).to_contain_text("评分已经锁定，不能再改")
    assert phone.locator(".submit-bar").count() == 0
    page.goto(year.url("results/"))
    page.locator("select[name=level]").select_option("1")
    page.get_by_role("button", name="记下").click()
    page.goto(year.url())
    page.locator("button[data-dialog=publish]").click()
    page.locator("dialog#publish button[type=submit]").click()
    page.goto(year.url("results/"))
    expect(page.locator("main")).to_contain_text("一等奖")
    assert serious_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="全部证书").click()
    assert download.value.suggested_filename == f"{year.round.year}年度荣誉证书.docx"
    lines = [paragraph.text for paragraph in Document(Path(download.value.path())).paragraphs]
    assert f"您的《办结前电话回访一次》在{year.round.year}年度“越工周记”评议中被评为合理化建议一等奖。" in lines
    assert EvaluationRound.objects.get().state == "published"

    phone.context.clear_cookies()
    sign_in(phone, year.people["cadre"])
    phone.goto(year.url(f"cadres/{year.people['cadre'].username}/"))
    expect(phone.locator("main")).to_contain_text("90.00 分")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    assert serious_findings(phone) == []
