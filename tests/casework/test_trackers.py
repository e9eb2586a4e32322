"""Special trackers: typed fields of a category by version, filled in on an issue, adding up."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from casework.models import Category, Issue, Tracker, TrackerField, TrackerValues
from casework.services import issue_correct
from casework.services.trackers import FieldInput, tracker_fill, tracker_set
from casework.tracker_figures import tracker_sums
from tests.casework.cast import Cast
from tests.people import password_hash, sign_in
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion

PAID = {"amount_applied": "12,000", "applied_on": "2024-09-02", "amount_paid": "11999.5"}


def fill(cast: Cast, issue: Issue, who: str = "staff", version: int = 0, **values: Any) -> TrackerValues:
    return tracker_fill(code=issue.code, version=version, values=values or PAID, actor=cast.scope(who), now=cast.now)


def sums(cast: Cast, who: str = "staff", category: str = "dues_refund", year: int | None = 2024) -> dict[str, Any]:
    """Field code -> sum, with how many were filled in."""
    row = next(r for r in tracker_sums(cast.scope(who), year=year) if r.tracker.category.code == category)
    return {"filled": row.filled, **{field.code: total for field, total, _ in row.sums}}


def define(cast: Cast, *fields: FieldInput, who: str = "staff", name: str = "返还台账") -> Tracker:
    return tracker_set(category=cast.dues, name=name, fields=fields, actor=cast.scope(who), now=cast.now)


def test_values_are_kept_by_type_and_shown(cast: Cast) -> None:
    assert set(Tracker.objects.values_list("category__code", flat=True)) == {
        "dues_refund",
        "union_building",
        "wage_arrears",
        "recruitment",
        "training",
    }
    issue = cast.issue_in("in_progress")
    kept = fill(cast, issue, "handler")
    assert kept.values == {"amount_applied": "12000.00", "applied_on": "2024-09-02", "amount_paid": "11999.50"}
    page = cast.client("registrar").get(f"/issues/{issue.code}/").content.decode()
    for words in ("经费返还台账", "12,000.00 元", "2024年9月2日", "11,999.50 元"):
        assert words in page
    entry = AuditEntry.objects.get(action="tracker.fill")
    assert entry.data["fields"] == ["amount_applied", "amount_paid", "applied_on"]
    assert "12000" not in str(entry.data)


@pytest.mark.parametrize("who", ["staff", "registrar", "colleague", "clerk", "handler"])
def test_who_works_on_it_fills_it_in(cast: Cast, who: str) -> None:
    assert fill(cast, cast.issue_in("in_progress"), who).filled_by == cast.users[who]


def test_who_does_not_may_not(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    with pytest.raises(Forbidden):
        fill(cast, issue, "leader")
    for who in ("outsider", "neighbour", "other_handler"):
        with pytest.raises(NotFound):
            fill(cast, issue, who)
        assert cast.client(who).get(f"/issues/{issue.code}/tracker/").status_code == 404
    assert not TrackerValues.objects.exists()


@pytest.mark.parametrize(
    ("category", "values", "field"),
    [
        ("dues_refund", {"amount_paid": "很多"}, "amount_paid"),
        ("dues_refund", {"amount_paid": "-1"}, "amount_paid"),
        ("dues_refund", {"amount_paid": "1.005"}, "amount_paid"),
        ("dues_refund", {"amount_paid": "NaN"}, "amount_paid"),
        ("dues_refund", {"paid_on": "2024-02-30"}, "paid_on"),
        ("dues_refund", {"paid_on": "2024-09-05"}, "paid_on"),  # tomorrow
        ("wage_arrears", {"people": "3.5"}, "people"),
        ("wage_arrears", {"people": "二十"}, "people"),
        ("union_building", {"progress": {"不存在的步骤": "2024-09-01"}}, "progress"),
        ("union_building", {"progress": {"宣传发动": "2024-09-02", "成立筹备组": "2024-09-01"}}, "progress"),
        ("union_building", {"progress": "宣传发动"}, "progress"),
    ],
)
def test_what_is_not_of_the_type_is_refused(cast: Cast, category: str, values: dict[str, Any], field: str) -> None:
    issue = cast.issue(category=Category.objects.get(code=category))
    with pytest.raises(FieldErrors) as refused:
        fill(cast, issue, **values)
    assert set(refused.value.fields) == {field}
    assert not TrackerValues.objects.exists()


def test_steps_say_how_far_it_is(cast: Cast) -> None:
    issue = cast.issue(category=Category.objects.get(code="union_building"))
    fill(cast, issue, progress={"宣传发动": "2024-08-20", "召开会员大会": "2024-09-03"}, members="640")
    page = cast.client("staff").get(f"/issues/{issue.code}/").content.decode()
    assert "召开会员大会（2024年9月3日，2/5）" in page
    assert "640 人" in page


def test_somebody_was_faster(cast: Cast) -> None:
    issue = cast.issue()
    fill(cast, issue)
    with pytest.raises(StaleVersion):
        fill(cast, issue, amount_paid="1")
    assert fill(cast, issue, version=1, amount_paid="1").values == {"amount_paid": "1.00"}
    answer = cast.client("staff").post(f"/issues/{issue.code}/tracker/", {"version": "1", "tracker-amount_paid": "2"})
    assert answer.status_code == 409
    assert 'value="2"' in answer.content.decode()


def test_an_issue_that_does_not_count_takes_none_and_leaves_the_sums(cast: Cast) -> None:
    with pytest.raises(InvalidTransition):
        fill(cast, cast.issue_in("rejected"))
    issue = cast.issue()
    fill(cast, issue)
    assert sums(cast)["amount_paid"] == Decimal("11999.50")
    cast.move(issue, "void", "staff", note="登记错误。")
    assert sums(cast) == {"filled": 0, "amount_applied": None, "amount_paid": None}


def test_sums_are_exact_by_year_and_within_reach(cast: Cast) -> None:
    for number, amount in enumerate(("0.10", "0.20", "1000000.30")):
        fill(cast, cast.issue(title=f"第{number}件"), amount_paid=amount)
    elsewhere = cast.issue(township=cast.fusheng, enterprise=cast.quarry, actor=cast.scope("staff"))
    fill(cast, elsewhere, amount_paid="5")
    before = cast.issue(received_on=date(2023, 12, 29), actor=cast.scope("staff"))
    fill(cast, before, amount_paid="7")
    cast.issue(title="没有填的")
    assert (sums(cast)["filled"], sums(cast)["amount_paid"]) == (4, Decimal("1000005.60"))
    assert sums(cast, year=None)["amount_paid"] == Decimal("1000012.60")
    assert sums(cast, "clerk")["amount_paid"] == Decimal("1000000.60")
    page = cast.client("staff").get("/trackers/?year=2024").content.decode()
    assert "1,000,005.60 元" in page
    rows = cast.client("clerk").get("/trackers/dues_refund/?year=2024").content.decode()
    assert "第2件" in rows
    assert elsewhere.code not in rows
    assert before.code not in rows


def test_another_category_takes_the_values_out_and_back(cast: Cast) -> None:
    issue = cast.issue()
    fill(cast, issue)
    facts = {"township": issue.township, "enterprise": issue.enterprise, "received_on": issue.received_on}
    facts |= {"title": issue.title, "description": issue.description, "reason": "归错类。"}
    policy = Category.objects.get(code="policy")
    issue = issue_correct(code=issue.code, version=1, category=policy, actor=cast.scope("staff"), now=cast.now, **facts)
    assert sums(cast)["filled"] == 0
    issue_correct(code=issue.code, version=2, category=cast.dues, actor=cast.scope("staff"), now=cast.now, **facts)
    assert sums(cast)["filled"] == 1


def test_a_new_version_leaves_what_was_filled_in_and_sums_go_on(cast: Cast) -> None:
    first, second = cast.issue(), cast.issue(title="另一件")
    fill(cast, first)
    tracker = define(
        cast,
        FieldInput("amount_paid", "实返金额", "money"),
        FieldInput("bank", "开户行", "choice", "", ("工行", "农行")),
    )
    assert (tracker.version, Tracker.objects.filter(category=cast.dues, is_current=True).count()) == (2, 1)
    fill(cast, second, amount_paid="0.50", bank="工行")
    assert sums(cast) == {"filled": 2, "amount_paid": Decimal("12000.00")}
    assert TrackerValues.objects.get(pk=first.pk).tracker.version == 1
    with pytest.raises(FieldErrors):
        fill(cast, second, version=1, bank="建行")
    same = [FieldInput(f.code, f.label, f.kind, f.unit, tuple(f.options)) for f in tracker.fields.all()]
    assert define(cast, *same).pk == tracker.pk


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([], "请设 1 到"),
        ([FieldInput("金额", "金额", "money")], "代码用小写字母"),
        ([FieldInput("a", "", "money")], "请写名称"),
        ([FieldInput("a", "金额", "float")], "请选择类型"),
        ([FieldInput("a", "金额", "money"), FieldInput("a", "金额二", "money")], "用了两次"),
        ([FieldInput("a", "结果", "choice", "", ("是",))], "2 到"),
        ([FieldInput("amount_paid", "到账", "text")], "换类型请用新的代码"),
    ],
)
def test_fields_that_cannot_be(cast: Cast, fields: list[FieldInput], words: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        define(cast, *fields)
    assert words in refused.value.fields["fields"]
    assert Tracker.objects.get(category=cast.dues).version == 1


def test_only_staff_sets_fields_and_the_database_holds_them(cast: Cast) -> None:
    for who in ("leader", "registrar", "clerk", "handler"):
        with pytest.raises(Forbidden):
            define(cast, FieldInput("a", "金额", "money"), who=who)
        assert cast.client(who).get("/categories/dues_refund/tracker/").status_code == 403
    tracker = Tracker.objects.get(category=cast.dues)
    for wrong in ({"code": "X"}, {"code": "x", "kind": "choice"}, {"code": "amount_paid"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            TrackerField.objects.create(**{"tracker": tracker, "label": "错", "kind": "money", "position": 9, **wrong})
    with pytest.raises(IntegrityError), transaction.atomic():
        Tracker.objects.create(category=cast.dues, version=2, name="又一本", made_at=cast.now + timedelta(1))


def test_by_hand_in_the_browser(committed_cast: Cast, page: Any) -> None:
    cast = committed_cast
    cast.users["staff"].password = password_hash()
    cast.users["staff"].save()
    issue = cast.issue()
    sign_in(page, cast.users["staff"])
    page.goto("/categories/dues_refund/tracker/")
    page.locator("#id_form-4-label").fill("开户行")
    page.locator("#id_form-4-code").fill("bank")
    page.locator("#id_form-4-kind").select_option("text")
    page.get_by_role("button", name="保存栏目").click()
    page.get_by_text("已保存“经费返还台账”").wait_for()
    page.goto(f"/issues/{issue.code}/")
    page.locator("#tracker").get_by_role("link", name="填写").click()
    page.get_by_label("到账金额").fill("120000")
    page.get_by_label("开户行").fill("示例银行")
    page.get_by_role("button", name="保存").click()
    page.locator("#tracker").get_by_text("120,000.00 元").wait_for()
    page.goto("/trackers/?year=2024")
    page.get_by_role("link", name="120,000.00 元").click()
    page.get_by_role("link", name="返还款未到账").wait_for()
