"""Standard answers: kept by staff, offered to the holder filled in, inserted with and without scripts."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.models import Category, StandardAnswer
from casework.services.standard_answers import answers_for, filled, standard_answer_save
from tests.casework.cast import Cast
from tests.people import password_hash, sign_in
from unionportal.core.common.errors import FieldErrors, Forbidden

TEXT = "{企业}：您反映的事项（{编号}）已由{承办单位}受理，{期限}前答复。"
FORM = {"title": "已受理", "category": "dues_refund", "text": TEXT, "position": "10", "is_active": "on"}


def save(cast: Cast, who: str = "staff", **changes: Any) -> StandardAnswer:
    facts = {"title": "已受理", "category": cast.dues, "text": TEXT, "position": 10, "is_active": True}
    return standard_answer_save(actor=cast.scope(who), **{**facts, **changes})


def test_staff_keeps_them_and_variables_are_filled(cast: Cast) -> None:
    answer = cast.client("staff").post("/standard-answers/new/", FORM)
    assert (answer.status_code, answer.url) == (302, "/standard-answers/")
    issue = cast.issue_in("in_progress")
    words = filled(StandardAnswer.objects.get(), issue)
    assert (
        words
        == f"光典芯元微电子（演示）：您反映的事项（{issue.code}）已由权益保障部（演示）受理，2024年9月11日前答复。"
    )
    nobody = cast.issue(enterprise=None, title="个人诉求")
    assert filled(StandardAnswer.objects.get(), nobody).startswith("贵单位：")
    assert "另行通知前答复" in filled(StandardAnswer.objects.get(), nobody)


def test_its_category_comes_first_and_others_stay_away(cast: Cast) -> None:
    general = save(cast, title="通用", category=None, position=1)
    own = save(cast)
    save(cast, title="欠薪", category=Category.objects.get(code="wage_arrears"))
    save(cast, title="旧的", is_active=False)
    assert answers_for(cast.issue()) == [own, general]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": "请找{经办人}办理"}, "text"),
        ({"text": " "}, "text"),
        ({"text": "长" * 2001}, "text"),
        ({"title": " "}, "title"),
        ({"title": "题" * 41}, "title"),
    ],
)
def test_what_cannot_be_kept(cast: Cast, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        save(cast, **changes)
    assert set(refused.value.fields) == {field}
    page = cast.client("staff").post("/standard-answers/new/", {**FORM, **changes})
    assert page.status_code == 422
    assert not StandardAnswer.objects.exists()


def test_one_name_once_a_category(cast: Cast) -> None:
    first = save(cast, category=None)
    with pytest.raises(FieldErrors):
        save(cast, category=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        StandardAnswer.objects.create(title=first.title, category=None, text="另一段")
    assert save(cast, answer=first, title="改名", category=None).pk == first.pk


def test_only_staff_keeps_them(cast: Cast) -> None:
    first = save(cast)
    for who in ("leader", "registrar", "clerk", "handler", "auditor"):
        with pytest.raises(Forbidden):
            save(cast, who, title="另一个")
        assert cast.client(who).get("/standard-answers/").status_code == 403
        assert cast.client(who).post(f"/standard-answers/{first.pk}/", FORM).status_code == 403


def test_without_scripts_a_link_opens_the_form_with_the_text(cast: Cast) -> None:
    answer = save(cast)
    issue = cast.issue_in("in_progress")
    plain = cast.client("handler").get(f"/issues/{issue.code}/").content.decode()
    assert f'href="?answer={answer.pk}#report"' in plain
    page = cast.client("handler").get(f"/issues/{issue.code}/?answer={answer.pk}").content.decode()
    words = filled(answer, issue)
    assert f">\n{words}</textarea>" in page
    assert (
        words
        not in cast.client("handler").get(f"/issues/{issue.code}/?answer=x").content.decode().split("<textarea")[1]
    )


def test_a_holder_inserts_one_in_the_browser(committed_cast: Cast, page: Any) -> None:
    cast = committed_cast
    save(cast)
    cast.users["handler"].password = password_hash()
    cast.users["handler"].save()
    issue = cast.issue_in("in_progress")
    sign_in(page, cast.users["handler"])
    page.goto(f"/issues/{issue.code}/")
    page.locator("[data-dialog=report]").click()
    dialog = page.locator("#report")
    dialog.get_by_text("常用答复").click()
    dialog.get_by_role("link", name="已受理").click()
    dialog.get_by_role("button", name="反馈").click()
    page.get_by_text("前答复。").first.wait_for()
    issue.refresh_from_db()
    assert issue.events.last().note.text.startswith("光典芯元微电子（演示）：您反映的事项")
