"""Answers to a checklist: read and judged, kept with the visit, and the day logs of a stay. Source: docs/domain.md, "Checklists"."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.models import ChecklistItem, ChecklistVersion, Sheet, SheetAnswer, Visit
from visits.models.checklists import ANSWER_LENGTH, CHOICES
from visits.services.inputs import ChecklistInput
from visits.services.journals import journal_for_day

MOST_NUMBER = Decimal(10_000_000)
OTHER_KIND = "这张检查表不属于所选的走访类型，请重新选择。"


@dataclass(frozen=True, slots=True)
class Answered:
    """A checklist with the answers that can be kept, in the order of its items."""

    checklist_version: ChecklistVersion
    answers: tuple[tuple[ChecklistItem, str], ...]


def check_sheet(wanted: ChecklistInput | None, kind: str, today: date, errors: dict[str, str]) -> Answered | None:
    """What a visit's checklist says; what is wrong goes to `errors` at checklist.version and checklist.answers.<code>.

    Any published version that has taken effect is taken: a phone may have loaded its page before the next one did.
    """
    if wanted is None:
        return None
    versions = ChecklistVersion.objects.published().filter(effective_from__lte=today, checklist__daily=False)
    version = versions.select_related("checklist").filter(pk=wanted.version).first()
    if version is None:
        errors["checklist.version"] = "没有这张检查表，请刷新页面后重选。"
        return None
    if version.checklist.kind != kind:
        errors["checklist.version"] = OTHER_KIND
        return None
    answers, problems = read_answers(version, wanted.answers, today)
    errors |= {f"checklist.answers.{code}": words for code, words in problems.items()}
    return Answered(version, answers)


def read_answers(
    version: ChecklistVersion, given: Mapping[str, str], today: date
) -> tuple[tuple[tuple[ChecklistItem, str], ...], dict[str, str]]:
    """The answers item by item, and what is wrong by item code."""
    items = list(version.items.all())
    problems = dict.fromkeys(set(given) - {item.code for item in items}, "检查表里没有这一项。")
    answers = []
    for item in items:
        text = str(given.get(item.code) or "").strip()
        if not text:
            if item.required:
                problems[item.code] = "请填写这一项。"
            continue
        try:
            answers.append((item, _READ.get(item.answer, _choice)(item, text, today)))
        except ValueError as error:
            problems[item.code] = str(error)
    return tuple(answers), problems


def sheet_keep(visit: Visit, answered: Answered | None, now: datetime) -> None:
    """Make this the visit's checklist; None takes it away. The day logs of a stay stay as they are."""
    sheet = visit.sheets.filter(day=None).first()
    if answered is None:
        if sheet is not None:
            sheet.delete()
        return
    _write(sheet or Sheet(visit=visit, version=0), answered, now)


@transaction.atomic
def day_log_save(
    *,
    visit_id: UUID,
    day: date,
    answers: Mapping[str, str],
    version: int,
    actor: Scope,
    now: datetime | None = None,
) -> Sheet:
    """Keep the log of one day of an own stay, until the journal of that day's week is handed in. `version` 0: none there yet.

    Raises NotFound, Forbidden, Conflict (journal submitted), StaleVersion, FieldErrors (at `day` or an item's code).
    """
    require(actor, "visit.create")
    moment = now or clock.now()
    today = clock.local_date(moment)
    visit = Visit.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=visit_id).first()
    if visit is None:
        raise NotFound
    if visit.cadre_id != actor.user_id:
        raise Forbidden("蹲点日志由蹲点的驻联干部本人填写。")
    if words := day_problem(visit, day, today):
        raise FieldErrors({"day": words})
    journal_for_day(actor.user_id, day, closed_as=Conflict)
    sheet = visit.sheets.select_related("checklist_version__checklist").filter(day=day).first()
    if version != (sheet.version if sheet else 0):
        raise StaleVersion
    of = sheet.checklist_version if sheet is not None else daily_version(today)
    if of is None:
        raise NotFound("还没有启用蹲点日志的检查表，请联系区总工作人员。")
    read, problems = read_answers(of, answers, today)
    if not read:
        problems.setdefault("day", "请至少填写一项。")
    if problems:
        raise FieldErrors(problems)
    sheet = sheet or Sheet(visit=visit, day=day, version=0)
    _write(sheet, Answered(of, read), moment)
    record(
        actor=actor,
        action="visit.day_log",
        object_type="visit",
        object_id=visit.pk,
        on=day.isoformat(),
        version=sheet.version,
    )
    return sheet


def day_problem(visit: Visit, day: date, today: date) -> str:
    """Why a day cannot have a log, "" if it can."""
    if visit.ends_on is None:
        return "只有蹲点才有每天的日志。"
    if not visit.visited_on <= day <= visit.ends_on:
        return f"这次蹲点从{zh_day(visit.visited_on)}到{zh_day(visit.ends_on)}，{zh_day(day)}不在其中。"
    if day > today:
        return f"{zh_day(day)}还没有到。"
    return ""


def daily_version(today: date) -> ChecklistVersion | None:
    """The log of a day of a stay as it is asked for at present."""
    return ChecklistVersion.objects.in_force(today).filter(checklist__daily=True).first()


def _write(sheet: Sheet, answered: Answered, now: datetime) -> None:
    sheet.checklist_version, sheet.filled_at = answered.checklist_version, now
    sheet.version += 1
    sheet.save()
    sheet.answers.all().delete()
    SheetAnswer.objects.bulk_create(
        SheetAnswer(sheet=sheet, item=item, value=value) for item, value in answered.answers
    )


def _choice(item: ChecklistItem, text: str, today: date) -> str:
    options = CHOICES[item.answer]
    if text not in dict(options):
        raise ValueError(f"只能选：{'、'.join(label for _, label in options)}。")
    return text


def _number(item: ChecklistItem, text: str, today: date) -> str:
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise ValueError("请填写数字。") from None
    if not number.is_finite() or not 0 <= number <= MOST_NUMBER or number != round(number, 2):
        raise ValueError("请填写不小于 0 的数字，最多两位小数。")
    return f"{number.normalize():f}"


def _day(item: ChecklistItem, text: str, today: date) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("请填写日期。") from None
    if day > today:
        raise ValueError("日期不能晚于今天。")
    return day.isoformat()


def _text(item: ChecklistItem, text: str, today: date) -> str:
    if len(text) > ANSWER_LENGTH:
        raise ValueError(f"最多 {ANSWER_LENGTH} 个字。")
    return text


_READ: dict[str, Callable[[ChecklistItem, str, date], str]] = {
    ChecklistItem.Answer.NUMBER: _number,
    ChecklistItem.Answer.TEXT: _text,
    ChecklistItem.Answer.DAY: _day,
}
