"""The worksheet line by line, the category the rules point to, and the person who decides."""

from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from hardship import codes
from hardship.models import CategoryDecision, FileLook, HardshipFile, IncomeLine
from hardship.recommending import Recommendation, Rules, Sums, add_up, recommend, rules_on
from hardship.services import (
    category_decide,
    consent_withdraw,
    grounds_answer,
    line_add,
    line_remove,
    paper_add,
    scan_open,
)
from hardship.services.papers import consent_gaps
from tests.access.sample import photo
from tests.hardship.cast import Cast
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.files.models import Attachment
from unionportal.core.params.models import Parameter
from unionportal.core.params.values import kept_values

RULES = Rules(date(2024, 9, 4), Decimal(1200), Decimal(2), inclusive=False)
ALL_NO = dict.fromkeys(dict(codes.DISQUALIFIERS), "no")


def picture() -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (8, 8), "white").save(out, "PNG")
    return SimpleUploadedFile("工资单.png", out.getvalue(), "image/png")


def advice(income: str, people: int = 1, *, cause: str = "3", rules: Rules = RULES, **answers: str) -> Recommendation:
    sums = add_up([("wages", Decimal(income))], people)
    return recommend(sums, rules, main_cause=cause, answers={**ALL_NO, **answers})


@pytest.mark.parametrize(
    ("income", "cause", "inclusive", "category"),
    [
        ("14399.99", "3", False, "relative"),  # 1199.999 a month is 1200.00
        ("14399.00", "3", False, "deep"),
        ("14400.00", "3", False, "relative"),
        ("14400.00", "3", True, "deep"),
        ("28799.00", "3", False, "relative"),
        ("28800.00", "3", False, ""),
        ("28800.00", "3", True, "relative"),
        ("28800.00", "6", False, "sudden"),
        ("60000.00", "8", False, "sudden"),
        ("60000.00", "9", False, ""),
    ],
)
def test_the_lines_and_which_side_of_them(income: str, cause: str, inclusive: bool, category: str) -> None:
    rules = Rules(RULES.on, RULES.line, RULES.factor, inclusive)
    assert advice(income, cause=cause, rules=rules).category == category


def test_the_working_can_be_done_again_on_paper() -> None:
    sums = Sums({"wages": Decimal(60000), "transfer": Decimal(3600), "illness": Decimal(30000)}, 4)
    found = recommend(sums, RULES, main_cause="6", answers=ALL_NO)
    assert (found.category, sums.per_head) == ("deep", Decimal("700.00"))
    assert found.steps == (
        "家庭年总收入 63,600.00 元，年刚性支出 30,000.00 元",
        "（63,600.00 − 30,000.00）÷ 4 人 ÷ 12 个月 = 每人每月 700.00 元",
        "2024年9月4日的低保标准 1,200.00 元，相对困难线 1,200.00 × 2 = 2,400.00 元",
        "700.00 < 1,200.00，在低保标准以内",
    )


def test_spending_may_be_more_than_income() -> None:
    sums = Sums({"wages": Decimal(12000), "illness": Decimal(36000)}, 2)
    assert sums.per_head == Decimal("-1000.00")
    assert recommend(sums, RULES, main_cause="6", answers=ALL_NO).category == "deep"


def test_a_ground_rules_out_and_an_exception_does_not() -> None:
    assert advice("100", car="yes").category == ""
    assert "有经常使用的机动车" in advice("100", car="yes").steps[-1]
    assert advice("100", car="excepted").category == "deep"
    unchecked = recommend(add_up([], 1), RULES, main_cause="1", answers={"car": "no"})
    assert len(unchecked.open_grounds) == len(codes.DISQUALIFIERS) - 1


@pytest.mark.django_db
def test_the_rules_are_those_of_the_day() -> None:
    for key, stored in (
        ("hardship.line", 1300),
        ("hardship.relative_percent", 150),
        ("hardship.comparison", "低于或等于"),
    ):
        Parameter.objects.create(key=key, value=stored, effective_on=date(2025, 1, 1))
    kept_values.forget()
    assert rules_on(date(2024, 12, 31)) == Rules(date(2024, 12, 31), Decimal(1200), Decimal(2), inclusive=False)
    assert rules_on(date(2025, 1, 1)) == Rules(date(2025, 1, 1), Decimal(1300), Decimal("1.5"), inclusive=True)


def line(cast: Cast, file: HardshipFile, who: str = "aid", **changes: Any) -> IncomeLine:
    file.refresh_from_db()
    given = {"uuid": uuid4(), "year": 2024, "kind": "wages", "amount": Decimal(24000), "source": "wage_slip"}
    return line_add(code=file.code, version=file.version, actor=cast.scope(who), **{**given, **changes})


def test_lines_add_up_on_the_file(cast: Cast) -> None:
    file = cast.file()
    cast.member(file)
    line(cast, file, member_id=file.holder.pk)
    line(cast, file, kind="transfer", amount=Decimal("3600.50"), source="social_security")
    extra = line(cast, file, kind="illness", amount=Decimal(18000), source="medical_bill", upload=photo())
    line(cast, file, year=2023, amount=Decimal(99999))  # another year's sheet stays apart
    file.refresh_from_db()
    assert (file.income_year, file.own_monthly_income, file.other_yearly_income) == (2024, 2000, Decimal("3600.50"))
    assert (file.yearly_income, file.yearly_spending) == (Decimal("27600.50"), 18000)
    assert file.per_head == Decimal("400.02")  # 9600.50 / 2 / 12
    assert extra.attachment is not None
    line_remove(code=file.code, version=file.version, line_id=extra.pk, actor=cast.scope("aid"))
    assert not Attachment.objects.filter(pk=extra.attachment.pk).exists(), "its paper goes with it"
    file.refresh_from_db()
    assert (file.yearly_spending, file.per_head) == (0, Decimal("1150.02"))


def test_bad_lines_are_told_and_change_nothing(cast: Cast) -> None:
    file = cast.file()
    stranger = cast.file().holder
    with pytest.raises(FieldErrors) as problem:
        line(cast, file, amount=Decimal("-0.01"), kind="lottery", year=2030, source="", member_id=stranger.pk)
    assert set(problem.value.fields) == {"amount", "kind", "year", "source", "member"}
    assert problem.value.fields["amount"] == "金额不能小于 0。"
    file.refresh_from_db()
    assert (file.version, file.per_head) == (1, None)
    for who in ("leader", "clerk", "staff"):
        with pytest.raises(Forbidden):
            line(cast, file, who)
    with pytest.raises(NotFound):
        line(cast, file, "aid_fusheng")
    uuid = uuid4()
    assert line(cast, file, uuid=uuid) == line(cast, file, uuid=uuid)
    with pytest.raises(StaleVersion):
        line_remove(code=file.code, version=1, line_id=IncomeLine.objects.get().pk, actor=cast.scope("aid"))
    closed = cast.file_in("lifted")
    with pytest.raises(InvalidTransition):
        line(cast, closed)


def test_a_person_decides_and_says_why_where_the_rules_point_elsewhere(cast: Cast) -> None:
    file = cast.file()

    def decide(category: str, reason: str = "") -> CategoryDecision:
        file.refresh_from_db()
        return category_decide(
            code=file.code, version=file.version, category=category, reason=reason, actor=cast.scope("aid_jishan")
        )

    with pytest.raises(Conflict, match="先填写收支明细"):
        decide("deep")
    line(cast, file, amount=Decimal(12000))
    with pytest.raises(FieldErrors) as problem:
        decide("deep")
    assert problem.value.fields["category"] == "还有 7 项不予建档情形没有核查，核查后再认定。"
    file.refresh_from_db()
    grounds_answer(code=file.code, version=file.version, answers=ALL_NO, actor=cast.scope("aid"))
    with pytest.raises(FieldErrors) as problem:
        decide("relative")
    assert problem.value.fields == {"reason": "与建议（深度困难）不同，请写明理由。"}
    decision = decide("deep")
    assert (decision.recommended, decision.per_head, decision.line, decision.factor) == ("deep", 1000, 1200, 2)
    decide("relative", "上月起有稳定工作，三个月后复核。")
    file.refresh_from_db()
    assert file.category == "relative"
    assert [row.category for row in file.category_decisions.all()] == ["relative", "deep"]


def test_consents_by_everybody_and_a_guardians_for_small_children(cast: Cast) -> None:
    file = cast.file(holder=cast.person(name="王示例"))
    child = cast.member(file, relation="2", name="王小例", id_number="", born_on=date(2015, 3, 1))

    def gaps(*, personal: bool = True) -> list[str]:
        return consent_gaps(HardshipFile.objects.get(pk=file.pk), cast.now.date(), personal=personal)

    def add(kind: str, **given: Any) -> Any:
        file.refresh_from_db()
        return paper_add(
            code=file.code,
            version=file.version,
            uuid=uuid4(),
            kind=kind,
            actor=cast.scope("aid"),
            **{"signed_on": cast.now.date(), **given},
        )

    assert gaps() == ["王示例的个人敏感信息处理同意书", "王小例的监护人同意书", "家庭经济状况核对授权书"]
    assert gaps(personal=False)[0] == "王**的个人敏感信息处理同意书"
    with pytest.raises(FieldErrors) as problem:
        add("guardian", member_id=file.holder.pk)
    assert "已满 14 周岁" in problem.value.fields["kind"]
    with pytest.raises(FieldErrors) as problem:
        add("consent", signed_on=None)
    assert set(problem.value.fields) == {"member", "signed_on"}
    own = add("consent", member_id=file.holder.pk)
    add("guardian", member_id=child.pk)
    add("authorisation")
    assert gaps() == []
    file.refresh_from_db()
    consent_withdraw(
        code=file.code, version=file.version, paper_id=own.pk, withdrawn_on=cast.now.date(), actor=cast.scope("aid")
    )
    assert gaps() == ["王示例的个人敏感信息处理同意书"]


def test_scans_are_opened_by_aid_officers_alone_and_each_look_is_written_down(cast: Cast) -> None:
    file = cast.file()
    found = line(cast, file, upload=picture()).attachment
    assert found is not None
    assert scan_open(code=file.code, attachment_id=found.pk, actor=cast.scope("aid")) == found
    look = FileLook.objects.get(way="paper")
    assert (look.file, look.actor) == (file, cast.users["aid"])
    for who, refusal in (("leader", Forbidden), ("clerk", Forbidden), ("aid_fusheng", NotFound)):
        with pytest.raises(refusal):
            scan_open(code=file.code, attachment_id=found.pk, actor=cast.scope(who))
    with pytest.raises(NotFound):
        scan_open(code=cast.file().code, attachment_id=found.pk, actor=cast.scope("aid"))
