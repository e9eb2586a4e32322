"""Reads of building: how a unit stands against targets and its year's plan, a project as its page shows it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet, Sum

from stations.building_workflow import STATE_LABELS, ProjectState
from stations.figures import ALL_DAY_THEN, as_of, level_then
from stations.models import BuildPlan, BuildProject, ProjectMoney, ProjectPhoto, ProjectStep, Station
from stations.targets import Place, Progress, Rules, Standing, Work, progress, standings
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.cuts import Cut
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value


def rules(day: date) -> Rules:
    """The targets in force on a day."""
    names = ("stations.benchmark_percent", "stations.smart_percent", "stations.benchmark_townships")
    return Rules(*(int(value(name, on=day)) for name in names))


def places(units: list[Unit], day: date) -> list[Place]:
    """Townships with the stations there were on a day, by the level and the hours they had then. One query."""
    there = as_of(Station.objects.standing_on(day), day).filter(township__in=units)
    counted = {
        row["township_id"]: row
        for row in there.order_by()
        .values("township_id")
        .annotate(
            stations=Count("pk"),
            benchmark=Count("pk", filter=level_then(Station.Level.BENCHMARK)),
            smart=Count("pk", filter=level_then(Station.Level.SMART) & ALL_DAY_THEN),
        )
    }
    none: dict[str, int] = {"stations": 0, "benchmark": 0, "smart": 0}
    return [
        Place(unit.short_name, row["stations"], row["benchmark"], row["smart"])
        for unit in units
        if unit.is_active or unit.pk in counted
        for row in [counted.get(unit.pk, none)]
    ]


@dataclass(frozen=True, slots=True)
class PlanOfUnit:
    """A unit's plan of a year (None where there is none) with its progress."""

    unit: Unit
    plan: BuildPlan | None
    rows: list[Progress]

    @property
    def lacks(self) -> int:
        """What is still to be accepted, over all numbers of the plan."""
        return sum(row.lacks for row in self.rows)


def units_of_plan(scope: Scope) -> list[Unit]:
    """The district (for whoever sees it) and the townships one sees."""
    townships = Unit.objects.townships().active()
    if not scope.district:
        townships = townships.filter(pk__in=scope.township_ids)
    district = Unit.objects.filter(kind=Unit.Kind.DISTRICT) if scope.district else Unit.objects.none()
    return [*district, *townships.order_by("code")]


def plans_of(scope: Scope, units: list[Unit], year: int) -> list[PlanOfUnit]:
    """The plans of units with the projects that stand for them; the district's counts all townships. Two queries."""
    plans = {plan.unit_id: plan for plan in BuildPlan.objects.visible_to(scope).filter(year=year, unit__in=units)}
    projects = BuildProject.objects.visible_to(scope).filter(year=year).exclude(state=ProjectState.CANCELLED)
    works = [(project.township_id, _work(project)) for project in projects.order_by("planned_on", "pk")]
    return [
        PlanOfUnit(
            unit,
            plans.get(unit.pk),
            progress(
                plans[unit.pk].numbers if unit.pk in plans else {},
                [work for township, work in works if unit.kind == Unit.Kind.DISTRICT or township == unit.pk],
            ),
        )
        for unit in units
    ]


def _work(project: BuildProject) -> Work:
    return Work(
        project.name,
        project.kind == BuildProject.Kind.NEW,
        project.level,
        project.open_all_day,
        project.state == ProjectState.ACCEPTED,
        STATE_LABELS[project.state],
    )


def standings_of(units: list[Unit], day: date) -> list[Standing]:
    """How the townships among the units stood against the targets on a day."""
    return standings(places([unit for unit in units if unit.kind == Unit.Kind.TOWNSHIP], day), rules(day))


#: What a number of the yearly plan counts, by the keys of `targets.LABELS`.
_PLANNED: dict[str, Q] = {
    "new": Q(kind=BuildProject.Kind.NEW),
    "renovated": Q(kind=BuildProject.Kind.RENOVATION),
    "benchmark": Q(level=Station.Level.BENCHMARK),
    "open_all_day": Q(open_all_day=True),
}


def accepted_rows(cut: Cut, key: str) -> QuerySet[BuildProject]:
    """The accepted projects behind a number of the plan of the cut's last year."""
    rows = BuildProject.objects.visible_to(cut.scope).filter(year=cut.last.year, state=ProjectState.ACCEPTED)
    rows = rows if cut.township is None else rows.filter(township=cut.township)
    return rows.filter(_PLANNED[key])


def project_whole(scope: Scope) -> QuerySet[BuildProject]:
    """A project with its money, photos, log and acceptances."""
    return (
        BuildProject.objects.visible_to(scope)
        .select_related("township", "station", "created_by")
        .prefetch_related(
            Prefetch("money", ProjectMoney.objects.select_related("entered_by")),
            Prefetch("photos", ProjectPhoto.objects.select_related("attachment")),
            Prefetch("steps", ProjectStep.objects.select_related("actor")),
            Prefetch("acceptances", to_attr="judged"),
        )
    )


def with_money(rows: QuerySet[BuildProject]) -> QuerySet[BuildProject]:
    """With `granted` and `spent` in yuan."""
    kinds = ProjectMoney.Kind
    sums: dict[str, Any] = {
        kind.value: Sum("money__amount", filter=Q(money__kind=kind), default=Decimal(0))
        for kind in (kinds.GRANTED, kinds.SPENT)
    }
    return rows.annotate(**sums)


def money_by_source(project: BuildProject) -> list[tuple[str, Decimal, Decimal]]:
    """(source, granted, spent) of each source that has an entry."""
    found: dict[str, list[Decimal]] = {}
    for row in project.money.all():
        sums = found.setdefault(row.source, [Decimal(0), Decimal(0)])
        sums[row.kind == ProjectMoney.Kind.SPENT] += row.amount
    labels = dict(ProjectMoney.Source.choices)
    return [(labels[source], found[source][0], found[source][1]) for source in labels if source in found]


def photos_by_stage(project: BuildProject) -> list[tuple[str, list[ProjectPhoto]]]:
    """The photos under before, while and after."""
    return [
        (str(stage.label), [photo for photo in project.photos.all() if photo.stage == stage])
        for stage in ProjectPhoto.Stage
    ]
