"""What a visit must satisfy before it is written. Every refusal says what is wrong, where, and what to do."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from casework.models import Category
from unionportal.core.accounts.models import Posting
from unionportal.core.accounts.selectors import is_posted
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.formats import zh_day
from unionportal.core.common.spelled import Spelled, by_ids, columns
from unionportal.core.orgs.credit_code import credit_code_problem
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.selectors import township_on
from visits.models import Visit, field_of
from visits.services.inputs import MAX_ISSUES, MAX_PHOTOS, IssueInput, VisitInput
from visits.services.sheets import Answered, check_sheet

MOST_HEADCOUNT = 999
#: An identity card or a mobile phone: neither belongs into the name of a household.
PERSONAL_NUMBER = re.compile(r"\d{17}[\dXx]|(?<!\d)1\d{10}(?!\d)")
#: The longest stay, first and last day included.
MOST_STAY_DAYS = 60
_BY_CODE = Spelled(
    lambda code: (
        Enterprise.objects.filter(credit_code=code).order_by().values_list(*columns(Enterprise, but="search_tokens"))
    ),
    code="?",
)


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows an input names, found and permitted. `categories` in the order of the input's issues."""

    enterprise: Enterprise | None
    township: Unit
    categories: list[Category]
    sheet: Answered | None = None


def check_visit(visit: VisitInput, *, cadre_id: int, today: date, photos_kept: int = 0) -> Checked:
    """The rows the visit names, or `FieldErrors` with everything that is wrong at once. source: docs/domain.md, "Visits"."""
    errors: dict[str, str] = {}
    _check_day(visit, today, errors)
    _check_hours(visit, errors)
    _check_choices(visit, errors)
    enterprise, township = _find_target(visit, errors)
    if township is not None and "visited_on" not in errors:
        _check_posting(visit, enterprise, township, cadre_id, errors)
    categories = _check_issues(visit.issues, errors)
    sheet = check_sheet(visit.checklist, visit.kind, today, errors)
    if photos_kept + len(visit.photos) > MAX_PHOTOS:
        errors["photos"] = f"一次走访最多 {MAX_PHOTOS} 张照片，请去掉多余的。"
    if errors or township is None:
        raise FieldErrors(errors)
    return Checked(enterprise=enterprise, township=township, categories=categories, sheet=sheet)


def _check_day(visit: VisitInput, today: date, errors: dict[str, str]) -> None:
    if visit.visited_on > today:
        errors["visited_on"] = f"走访日期不能晚于今天（{zh_day(today)}）。"


def _check_hours(visit: VisitInput, errors: dict[str, str]) -> None:
    """The days of a stay and the hours of any visit, where they are given."""
    last = visit.last_day
    if visit.ends_on is not None and last is None:
        errors["ends_on"] = "只有蹲点才填结束日期。"
    elif last is not None and last < visit.visited_on:
        errors["ends_on"] = "结束日期不能早于开始的那一天。"
    elif last is not None and last - visit.visited_on >= timedelta(days=MOST_STAY_DAYS):
        errors["ends_on"] = f"一次蹲点最多 {MOST_STAY_DAYS} 天，更长的请分开记录。"
    if visit.ended_at is not None and visit.began_at is None:
        errors["began_at"] = "请先填到达时间。"
    elif visit.began_at is not None and visit.ended_at is not None and visit.ended_at <= visit.began_at:
        errors["ended_at"] = "离开时间要晚于到达时间。"


def _check_choices(visit: VisitInput, errors: dict[str, str]) -> None:
    if visit.kind not in Visit.Kind.values:
        errors["kind"] = "没有这种走访类型。"
    if visit.mode not in Visit.Mode.values:
        errors["mode"] = "没有这种走访方式。"
    for name, value in visit.checks.items():
        if name not in Visit.CHECKS:
            errors[f"checks.{name}"] = "没有这一项。"
        elif value not in (*Visit.Check.values, ""):
            errors[f"checks.{name}"] = "只能选：好、有问题、未看。"
    if not 1 <= visit.headcount <= MOST_HEADCOUNT:
        errors["headcount"] = f"走访人次应在 1 到 {MOST_HEADCOUNT} 之间。"
    for name in ("met", "narrative", "target_name"):
        longest = field_of(Visit, name).max_length or 0
        if len(getattr(visit, name).strip()) > longest:
            errors[name] = f"最多 {longest} 个字。"


def _find_target(visit: VisitInput, errors: dict[str, str]) -> tuple[Enterprise | None, Unit | None]:
    if visit.target_kind not in Visit.Target.values:
        errors["target_kind"] = "没有这种走访对象。"
        return None, None
    if visit.for_enterprise:
        enterprise = _find_enterprise(visit, errors)
        return enterprise, township_on(enterprise, visit.visited_on) if enterprise else None
    if not visit.target_name.strip():
        errors["target_name"] = "请填写走访对象的名称。"
    elif PERSONAL_NUMBER.search(visit.target_name):
        errors["target_name"] = "请写称呼，如“装配车间老李家”，不要写身份证号或电话。"
    township = Unit.objects.townships().active().filter(code=visit.township.strip()).first()
    if township is None:
        errors["township"] = "请选择所在镇街。" if not visit.township.strip() else "没有这个镇街，请重新选择。"
    return None, township


def _find_enterprise(visit: VisitInput, errors: dict[str, str]) -> Enterprise | None:
    code = visit.enterprise.strip().upper()
    if not code:
        errors["enterprise"] = "请选择走访的企业。"
        return None
    enterprise = next(iter(_BY_CODE.objects(Enterprise, but="search_tokens", code=code)), None)
    if enterprise is None:
        errors["enterprise"] = (
            credit_code_problem(code)
            or f"台账里没有统一社会信用代码为“{code}”的企业，请核对，或请区总工作人员先登记这家企业。"
        )
        return None
    enterprise.township = by_ids(Unit, [enterprise.township_id])[enterprise.township_id]
    if not enterprise.is_active:
        errors["enterprise"] = f"{enterprise.name}已停用，请核对，或请区总工作人员在企业台账中启用。"
    if visit.township.strip() and visit.township.strip() != (there := township_on(enterprise, visit.visited_on)).code:
        errors["enterprise"] = f"{enterprise.name}属于{there}，与所填镇街不一致。"
    return enterprise


def _check_posting(
    visit: VisitInput, enterprise: Enterprise | None, township: Unit, cadre_id: int, errors: dict[str, str]
) -> None:
    """The visit must lie in a posting in force on its own day: a former cadre may still log what was done before the hand-over."""
    if is_posted(
        cadre_id=cadre_id,
        on=visit.visited_on,
        township_id=township.pk,
        enterprise_id=enterprise.pk if enterprise else None,
    ):
        return
    day = f"{visit.visited_on.month}月{visit.visited_on.day}日"
    whose = _who_answers(township, visit.visited_on)
    if enterprise is not None:
        errors.setdefault("enterprise", f"{enterprise.name}在{township}，不在您{day}的驻联分工内。{whose}")
    else:
        errors.setdefault("township", f"{township}不在您{day}的驻联分工内。{whose}")


def _who_answers(township: Unit, on: date) -> str:
    names = list(
        Posting.objects.in_force(on)
        .filter(township=township)
        .order_by("start_on", "id")
        .values_list("cadre__display_name", flat=True)[:3]
    )
    if not names:
        return f"{township}当天没有驻联干部，请联系区总工作人员安排分工。"
    return f"当天驻联{township}的是{'、'.join(names)}，请交其记录，或联系区总工作人员调整分工。"


def _check_issues(issues: tuple[IssueInput, ...], errors: dict[str, str]) -> list[Category]:
    if len(issues) > MAX_ISSUES:
        errors["issues"] = f"一次走访最多登记 {MAX_ISSUES} 个问题。"
        return []
    if not issues:
        return []
    named = by_ids(Category, (issue.category for issue in issues), key="code")
    known = {code: category for code, category in named.items() if category.is_active}
    seen = set()
    for index, issue in enumerate(issues):
        if not issue.title.strip():
            errors[f"issues.{index}.title"] = "请写明问题标题。"
        elif len(issue.title.strip()) > 80:
            errors[f"issues.{index}.title"] = "标题最多 80 个字，详细情况请写在说明里。"
        if len(issue.description.strip()) > 4000:
            errors[f"issues.{index}.description"] = "说明最多 4000 个字。"
        if issue.category not in known:
            errors[f"issues.{index}.category"] = "没有这个类别，请重新选择。" if issue.category else "请选择问题类别。"
        if issue.id in seen:
            errors[f"issues.{index}.id"] = "两个问题的编号相同。"
        seen.add(issue.id)
    return [known[i.category] for i in issues if i.category in known]
