"""Reads of week plans: a cadre's week with what became of it, what is left over, today's visits, every cadre's week in figures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from unionportal.core.accounts.models import Posting, Substitution, User
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.formats import WEEKDAYS, zh_short
from unionportal.core.common.scope import SYSTEM, Role, Scope
from unionportal.core.workcal.selectors import Cell, cells
from visits.models import PlannedVisit, Visit
from visits.weeks import week_of

SUNDAY = timedelta(days=6)
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Item:
    """A planned visit and the visit that did it, if any; `is_carried`: it was taken over to a later week."""

    planned: PlannedVisit
    visit: Visit | None
    is_carried: bool

    @property
    def is_done(self) -> bool:
        return self.visit is not None


@dataclass(slots=True)
class PlanDay:
    """A day of a week plan."""

    cell: Cell
    items: list[Item] = field(default_factory=list)

    @property
    def day(self) -> date:
        return self.cell.day

    @property
    def is_off(self) -> bool:
        return self.cell.kind in ("holiday", "weekend")

    @property
    def weekday(self) -> str:
        return f"周{WEEKDAYS[self.day.weekday()]}"

    @property
    def note(self) -> str:
        """What a choice of days says beside the day: 中秋节，休 or 班."""
        if self.is_off:
            return f"{self.cell.name}，休" if self.cell.name else "休"
        return "调休，班" if self.cell.kind == "makeup" else ""

    @property
    def choice(self) -> str:
        """周二 9月17日（中秋节，休）."""
        return f"{self.weekday} {zh_short(self.day)}" + (f"（{self.note}）" if self.note else "")


@dataclass(frozen=True, slots=True)
class WeekPlan:
    """Seven days, from Monday."""

    monday: date
    days: tuple[PlanDay, ...]

    @property
    def items(self) -> list[Item]:
        return [item for day in self.days for item in day.items]

    @property
    def done(self) -> int:
        return sum(item.is_done for item in self.items)

    def left(self, today: date) -> list[PlanDay]:
        """The days that can still be planned for."""
        return [day for day in self.days if day.day >= today]

    def proposed(self, today: date) -> date | None:
        """The workday still to come with the fewest planned visits, the earliest of those; where only days off are left, the first of them."""
        left = self.left(today)
        best = min(left, key=lambda day: (day.is_off, len(day.items), day.day), default=None)
        return best.day if best else None


def planned_visits(scope: Scope) -> QuerySet[PlannedVisit]:
    """The planned visits a person may see, with what pages show of each."""
    return (
        PlannedVisit.objects.visible_to(scope)
        .select_related("enterprise__township", "carried_to")
        .defer("enterprise__search_tokens")
        .order_by("planned_on", "planned_at", "id")
    )


def week_plan(cadre_id: int, monday: date, scope: Scope) -> WeekPlan:
    """A cadre's week as far as the reader may see it. As many queries for one planned visit as for twenty."""
    days = {cell.day: PlanDay(cell) for cell in cells(monday, monday + SUNDAY)}
    rows = planned_visits(scope).filter(cadre_id=cadre_id).between(monday, monday + SUNDAY)
    for item in with_visits(cadre_id, monday, rows):
        days[item.planned.planned_on].items.append(item)
    return WeekPlan(monday, tuple(days.values()))


def with_visits(
    cadre_id: int, monday: date, planned: Iterable[PlannedVisit], *, until: date | None = None
) -> list[Item]:
    """The planned visits of one week (or of several, until a Sunday), each with the cadre's visit of that enterprise in its week: the first
    visit did the first plan, and so on."""
    end = until or monday + SUNDAY
    made = (
        Visit.objects.filter(cadre_id=cadre_id, enterprise__isnull=False, visited_on__range=(monday, end))
        .only("pk", "enterprise_id", "visited_on")
        .order_by("visited_on", "created_at", "id")
    )
    waiting: dict[tuple[int | None, date], list[Visit]] = {}
    for visit in made:
        waiting.setdefault((visit.enterprise_id, week_of(visit.visited_on)), []).append(visit)
    items = []
    for row in planned:
        there = waiting.get((row.enterprise_id, week_of(row.planned_on)))
        items.append(Item(row, there.pop(0) if there else None, hasattr(row, "carried_to")))
    return items


def left_over(cadre_id: int, monday: date) -> list[PlannedVisit]:
    """What the cadre planned in the week before `monday`, did not do, and has not carried over yet."""
    return [item.planned for item in week_items(cadre_id, monday - WEEK) if not item.is_done and not item.is_carried]


def week_items(cadre_id: int, monday: date) -> list[Item]:
    """A cadre's own planned visits of a week, with what became of them. Two queries."""
    rows = planned_visits(SYSTEM).filter(cadre_id=cadre_id).between(monday, monday + SUNDAY)
    return with_visits(cadre_id, monday, rows)


def plan_text(cadre_id: int, monday: date) -> str:
    """A week's plan as lines for the journal: 周三（9月18日）光典芯元微电子（日常走访）. "" where nothing is planned."""
    rows = planned_visits(SYSTEM).filter(cadre_id=cadre_id).between(monday, monday + SUNDAY)
    return "\n".join(
        f"周{WEEKDAYS[row.planned_on.weekday()]}（{zh_short(row.planned_on)}）{row.enterprise.name}（{row.get_kind_display()}）"
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class CadreLine:
    """A cadre's week in a list."""

    cadre: User
    planned: int
    done: int


def cadre_lines(scope: Scope, monday: date) -> list[CadreLine]:
    """The cadres whose plans the reader may open in a week, by name, with how much is planned and done. Three queries for any number."""
    cadres = list(readable_cadres(scope, monday))
    rows: dict[int, list[PlannedVisit]] = {cadre.pk: [] for cadre in cadres}
    for row in planned_visits(scope).between(monday, monday + SUNDAY):
        rows.setdefault(row.cadre_id, []).append(row)
    made: dict[tuple[int, int | None], int] = {}
    for key in Visit.objects.filter(
        cadre_id__in=rows, enterprise__isnull=False, visited_on__range=(monday, monday + SUNDAY)
    ).values_list("cadre_id", "enterprise_id"):
        made[key] = made.get(key, 0) + 1
    return [CadreLine(cadre, len(rows[cadre.pk]), _done(rows[cadre.pk], made)) for cadre in cadres]


def _done(planned: list[PlannedVisit], made: dict[tuple[int, int | None], int]) -> int:
    """How many of one cadre's planned visits are done: an enterprise planned twice needs two visits."""
    wanted: dict[tuple[int, int | None], int] = {}
    for row in planned:
        key = row.cadre_id, row.enterprise_id
        wanted[key] = wanted.get(key, 0) + 1
    return sum(min(number, made.get(key, 0)) for key, number in wanted.items())


def readable_cadres(scope: Scope, monday: date) -> QuerySet[User]:
    """The cadres whose plan of a week the reader may open: district roles those posted then, a township those posted to it or to its
    enterprises, a cadre themselves and those they stand in for today."""
    sunday = monday + SUNDAY
    posted = Posting.objects.filter(Q(end_on__isnull=True) | Q(end_on__gte=monday), start_on__lte=sunday)
    reach = Q(pk__in=[])
    if scope.district:
        reach |= Q(pk__in=posted.values("cadre_id"))
    if scope.has(Role.TOWNSHIP):
        here = Q(township_id__in=scope.township_ids) | Q(enterprise__township_id__in=scope.township_ids)
        reach |= Q(pk__in=posted.filter(here).values("cadre_id"))
    if scope.has(Role.CADRE):
        reach |= Q(pk=scope.user_id) | Q(pk__in=_stood_in_for(scope.user_id))
    return User.objects.filter(reach).order_by("pinyin_key", "pk")


def readable_cadre(scope: Scope, username: str, monday: date) -> User:
    """The cadre of a plan by user name; NotFound where the reader may not open that plan."""
    found = readable_cadres(scope, monday).filter(username=username).first()
    if found is None:
        raise NotFound
    return found


def stood_in_for(user_id: int) -> QuerySet[User]:
    """The cadres the person stands in for today."""
    return User.objects.filter(pk__in=_stood_in_for(user_id)).order_by("pinyin_key", "pk")


def _stood_in_for(user_id: int) -> QuerySet:
    absent = Substitution.objects.in_force(clock.today()).filter(substitute_id=user_id)
    return absent.values("cadre_id")
