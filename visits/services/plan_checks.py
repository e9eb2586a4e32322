"""What a planned visit must satisfy, and what is asked before it is taken: a day off, the same enterprise twice in a week."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from unionportal.core.accounts.selectors import is_posted
from unionportal.core.common.errors import DomainError, FieldErrors
from unionportal.core.common.formats import WEEKDAYS, zh_short
from unionportal.core.orgs.models import Enterprise
from unionportal.core.workcal.days import is_workday
from unionportal.core.workcal.selectors import cells
from visits.models import PlannedVisit, Visit
from visits.models.plans import PLAN_NOTE_LENGTH
from visits.weeks import week_of

#: Nobody plans further ahead; a day beyond is a slip of the keyboard.
FURTHEST = timedelta(days=366)
SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Question:
    """Something a person must say yes to. `key` names what exactly was agreed to: another day is asked anew."""

    key: str
    words: str


class NeedsAnswer(DomainError):
    """It can be done, but only by who was asked and said yes."""

    status = 409
    code = "needs_answer"

    def __init__(self, questions: Collection[Question]) -> None:
        super().__init__("".join(question.words for question in questions))
        self.questions = tuple(questions)


def check_words(kind: str, note: str) -> None:
    """FieldErrors at kind or note."""
    errors = {}
    if kind not in Visit.Kind.values:
        errors["kind"] = "没有这种走访类型。"
    if len(note.strip()) > PLAN_NOTE_LENGTH:
        errors["note"] = f"备注最多 {PLAN_NOTE_LENGTH} 个字。"
    if errors:
        raise FieldErrors(errors)


def check_day(day: date, today: date) -> None:
    """FieldErrors at planned_on for a day that is over, or too far ahead."""
    if week_of(day) < week_of(today):
        raise FieldErrors({"planned_on": f"{zh_short(day)}所在的一周已经过去，不能再排计划。"})
    if day < today:
        raise FieldErrors({"planned_on": f"{zh_short(day)}已经过去，请排在今天或以后。"})
    if day > today + FURTHEST:
        raise FieldErrors({"planned_on": "最多提前一年安排，请核对日期。"})


def check_posting(enterprise: Enterprise, cadre_id: int, day: date) -> None:
    """FieldErrors at enterprise where it is disabled, or lies in no posting of the cadre on the day, stand-ins included."""
    if not enterprise.is_active:
        raise FieldErrors({"enterprise": f"{enterprise.name}已停用，不能排入计划。"})
    if not is_posted(cadre_id=cadre_id, on=day, township_id=enterprise.township_id, enterprise_id=enterprise.pk):
        words = f"{enterprise.name}在{enterprise.township}，{zh_short(day)}不在您的驻联分工内。"
        raise FieldErrors({"enterprise": words})


def ask(questions: Collection[Question | None], agreed: Collection[str]) -> None:
    """Raises NeedsAnswer with every question that was not agreed to."""
    if left := [question for question in questions if question is not None and question.key not in agreed]:
        raise NeedsAnswer(left)


def day_off(day: date) -> Question | None:
    """The question about a day on which nobody works; make-up workdays are workdays."""
    if is_workday(day):
        return None
    cell = cells(day, day)[0]
    what = f"{cell.name}放假" if cell.name else f"周{WEEKDAYS[day.weekday()]}，不上班"
    return Question(f"off:{day}", f"{zh_short(day)}是{what}，确定排在这一天？")


def twice_a_week(enterprise: Enterprise, cadre_id: int, day: date, *, but: object = None) -> Question | None:
    """The question where the enterprise is in the cadre's plan of that week already. `but`: the row that is being moved."""
    monday = week_of(day)
    rows = PlannedVisit.objects.filter(cadre_id=cadre_id, enterprise=enterprise).between(monday, monday + SUNDAY)
    other = rows.exclude(pk=but).first()
    if other is None:
        return None
    there = f"周{WEEKDAYS[other.planned_on.weekday()]}（{zh_short(other.planned_on)}）"
    return Question(f"twice:{monday}", f"{enterprise.name}这一周已经排在{there}，确定再排一次？")
