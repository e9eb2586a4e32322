"""Categories and their handling promise."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from casework.models import Category
from casework.services import category_create, category_update
from tests.casework.cast import Cast
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden
from unionportal.reporting.models import Rollup
from unionportal.reporting.rollups import refresh

FORM = {"name": "工会经费返还", "promise_workdays": "8", "promise_in": "workdays", "position": "10", "is_active": "on"}


def test_staff_changes_a_promise_and_running_deadlines_stay(cast: Cast) -> None:
    running = cast.issue_in("assigned")
    answer = cast.client("staff").post("/categories/dues_refund/", FORM)
    assert (answer.status_code, answer.url) == (302, "/categories/")
    assert Category.objects.get(code="dues_refund").promise_workdays == 8
    entry = AuditEntry.objects.get(action="category.update")
    assert (entry.object_id, entry.data["promise_workdays"]) == ("dues_refund", 8)
    due = running.due_on
    running.refresh_from_db()
    assert (running.due_on, running.promise_workdays) == (due, 5)
    cast.dues.refresh_from_db()
    assert cast.issue_in("assigned").promise_workdays == 8


def test_what_cannot_be_saved(cast: Cast) -> None:
    for changes, words in (
        ({"promise_workdays": "0"}, "1 到 60"),
        ({"promise_workdays": "61"}, "1 到 60"),
        ({"promise_in": "weeks"}, "有效"),
        ({"name": "欠薪"}, "已有同名的类别"),
    ):
        answer = cast.client("staff").post("/categories/dues_refund/", {**FORM, **changes})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert Category.objects.get(code="dues_refund").promise_workdays == 5


def test_only_staff(cast: Cast) -> None:
    for who in ("leader", "registrar", "clerk", "handler", "auditor"):
        assert cast.client(who).get("/categories/").status_code == 403
        assert cast.client(who).post("/categories/dues_refund/", FORM).status_code == 403
    assert "工会经费返还" in cast.client("staff").get("/categories/").content.decode()


NEW = {
    "code": "overtime_pay",
    "name": "加班费",
    "promise_workdays": "7",
    "promise_in": "calendar",
    "position": "55",
}


def test_staff_adds_a_category_below_another_and_it_can_be_chosen(cast: Cast) -> None:
    parent = Category.objects.get(code="dispute")
    answer = cast.client("staff").post("/categories/new/", {**NEW, "parent": parent.pk})
    assert (answer.status_code, answer.url) == (302, "/categories/")
    assert AuditEntry.objects.get(action="category.create").data["parent"] == "dispute"
    assert "劳动争议 › 加班费" in cast.client("registrar").get("/issues/new/").content.decode()
    issue = cast.issue(category=Category.objects.get(code="overtime_pay"))
    assert "劳动争议 › 加班费" in cast.client("registrar").get(f"/issues/{issue.code}/").content.decode()
    refresh.refresh()
    rows = Rollup.objects.filter(category__code="overtime_pay", month=date(2024, 9, 1))
    assert rows.get(unit__kind="district").received == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"code": "policy"}, "这个代码已经用过"),
        ({"code": "加班"}, "代码用小写字母"),
        ({"code": "9lives"}, "代码用小写字母"),
        ({"name": "欠薪"}, "已有同名的类别"),
        ({"name": " "}, "请填写名称"),
        ({"promise_workdays": "0"}, "1 到 60"),
        ({"parent": "999999"}, "请在一级类别中选择"),
    ],
)
def test_what_cannot_be_added(cast: Cast, changes: dict[str, str], words: str) -> None:
    before = Category.objects.count()
    answer = cast.client("staff").post("/categories/new/", {**NEW, **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Category.objects.count() == before


def test_two_levels_and_no_more(cast: Cast) -> None:
    """Neither by the form's choices nor by the service or the database."""
    staff = cast.scope("staff")
    dispute, policy = Category.objects.get(code="dispute"), Category.objects.get(code="policy")
    below = category_create(
        code="overtime_pay", name="加班费", parent=dispute, promise_workdays=7, position=1, actor=staff
    )
    with pytest.raises(FieldErrors):
        category_create(code="night_pay", name="夜班费", parent=below, promise_workdays=7, position=1, actor=staff)
    facts = {"name": "劳动争议", "promise_workdays": 7, "position": 50, "actor": staff}
    with pytest.raises(FieldErrors) as refused:
        category_update(category=dispute, parent=policy, is_active=True, **facts)
    assert "有下级" in refused.value.fields["parent"]
    with pytest.raises(FieldErrors) as refused:
        category_update(category=dispute, is_active=False, **facts)
    assert "先停用下级" in refused.value.fields["is_active"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(pk=dispute.pk).update(parent_id=dispute.pk)


def test_a_retired_category_takes_no_new_issue_and_keeps_its_own(cast: Cast) -> None:
    issue = cast.issue()
    cast.client("staff").post("/categories/dues_refund/", {**FORM, "is_active": ""})
    with pytest.raises(FieldErrors):
        cast.issue(category=Category.objects.get(code="dues_refund"), title="另一件")
    page = cast.client("registrar").get("/issues/new/").content.decode()
    assert 'value="dues_refund"' not in page
    assert cast.client("registrar").get(f"/issues/{issue.code}/").status_code == 200
    cast.client("staff").post("/categories/dues_refund/", FORM)
    assert Category.objects.get(code="dues_refund").is_active


def test_nobody_else_adds_one(cast: Cast) -> None:
    for who in ("leader", "registrar", "clerk", "handler", "auditor"):
        assert cast.client(who).post("/categories/new/", NEW).status_code == 403
        with pytest.raises(Forbidden):
            category_create(code="x", name="其他二", parent=None, promise_workdays=5, position=1, actor=cast.scope(who))
