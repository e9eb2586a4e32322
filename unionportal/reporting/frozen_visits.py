"""The visits behind a frozen month: which ones its figures counted, and what came since (docs/figures.md, "Frozen months"; decision 0043)."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import places_with_figures
from unionportal.reporting.models import Freeze, FrozenVisit, FrozenVisitFigures
from unionportal.reporting.rollups.periods import MONTH, period_end
from unionportal.reporting.rollups.sql import execute, month_of_date, rows
from unionportal.reporting.visiting import QuotaFigures, VisitFigures, copied_figures, quota_figures, visit_figures
from visits.models import Visit
from visits.quotas import weeks_by_township


def keep(freeze: Freeze) -> None:
    """Copy the month's visits, count the copies, and keep both with a freeze that has just been made."""
    execute(_COPY, {"freeze": freeze.pk, "first": freeze.month, "end": period_end(MONTH, freeze.month)})
    copied = FrozenVisit.objects.filter(freeze=freeze)
    quota = quota_figures(start=freeze.month, end=period_end(MONTH, freeze.month))
    weeks = weeks_by_township(quota.weeks)
    kept = []
    for unit in places_with_figures():
        township = _township(unit)
        theirs = quota if township is None else QuotaFigures(tuple(weeks[unit.pk]))
        kept.append(_row(unit, copied_figures(copied, township), theirs, freeze))
    FrozenVisitFigures.objects.bulk_create(kept)


def live_figures(freeze: Freeze, unit: Unit) -> FrozenVisitFigures:
    """What a freeze of the month would keep of a unit now; not saved."""
    township, span = _township(unit), {"start": freeze.month, "end": period_end(MONTH, freeze.month)}
    return _row(unit, visit_figures(unit=township, **span), quota_figures(unit=township, **span), freeze)


def differ(freeze: Freeze) -> bool:
    """Whether the month has other visits now than its freeze counted; never of a freeze from before visits were kept."""
    statement, values = _apart(*_since(freeze), freeze)
    return bool(rows(f"{statement} LIMIT 1", values))


def moved_since(freeze: Freeze) -> QuerySet[Visit]:
    """Visits of the month that its freeze did not count, or counted and that are another month's, township's, enterprise's or number of people now."""
    return Visit.objects.filter(pk__in=RawSQL(*_apart(*_since(freeze), freeze)))


def moved_between(before: Freeze, after: Freeze) -> QuerySet[Visit]:
    """The same between two revisions of a month; none where the earlier one is of before visits were kept."""
    counted_then = f"{_COPIED} AND {_KEPT_BY}"
    return Visit.objects.filter(pk__in=RawSQL(*_apart(counted_then, [after.pk, before.pk], before)))


def _since(freeze: Freeze) -> tuple[str, list[Any]]:
    return _OF_MONTH, [freeze.month, period_end(MONTH, freeze.month), freeze.pk]


def _apart(others: str, values: list[Any], freeze: Freeze) -> tuple[str, list[Any]]:
    """The ids of visits that other rows have otherwise than a freeze."""
    ids = f"SELECT coalesce(o.id, c.id) FROM ({others}) AS o FULL JOIN ({_COPIED}) AS c ON c.id = o.id WHERE NOT ({_SAME})"
    return ids, [*values, freeze.pk]


def changed_months() -> set[date]:
    """Months whose current revision counted other visits than there are now."""
    return {month for (month,) in rows(_CHANGED_MONTHS)}


def _township(unit: Unit) -> Unit | None:
    return unit if unit.kind == Unit.Kind.TOWNSHIP else None


def _row(unit: Unit, visits: VisitFigures, quota: QuotaFigures, freeze: Freeze) -> FrozenVisitFigures:
    return FrozenVisitFigures(
        freeze=freeze,
        unit=unit,
        visits=visits.visits,
        enterprise_visits=visits.enterprise_visits,
        enterprises=visits.enterprises,
        headcount=visits.headcount,
        key_covered=visits.key_covered,
        key_total=visits.key_total,
        quota_met=quota.quota_met,
        quota_weeks=quota.quota_weeks,
    )


#: What makes a visit another one for a figure; its month is told by what it is compared with.
_SAME = (
    "(o.township_id, o.enterprise_id, o.headcount) IS NOT DISTINCT FROM (c.township_id, c.enterprise_id, c.headcount)"
)
_COPIED = "SELECT visit_id AS id, township_id, enterprise_id, headcount FROM reporting_frozenvisit WHERE freeze_id = %s"
_KEPT_BY = "EXISTS (SELECT FROM reporting_frozenvisitfigures WHERE freeze_id = %s)"
_OF_MONTH = f"""
SELECT id, township_id, enterprise_id, headcount FROM visits_visit WHERE visited_on BETWEEN %s AND %s AND {_KEPT_BY}"""
_COPY = """
INSERT INTO reporting_frozenvisit (freeze_id, visit_id, township_id, enterprise_id, headcount)
SELECT %(freeze)s, id, township_id, enterprise_id, headcount FROM visits_visit WHERE visited_on BETWEEN %(first)s AND %(end)s"""
_CHANGED_MONTHS = f"""
WITH current AS (
    SELECT DISTINCT ON (month) id, month FROM reporting_freeze ORDER BY month, revision DESC
), frozen AS (
    SELECT id, month FROM current WHERE EXISTS (SELECT FROM reporting_frozenvisitfigures WHERE freeze_id = current.id)
)
SELECT DISTINCT coalesce(o.month, c.month)
FROM (
    SELECT z.month, v.id, township_id, enterprise_id, headcount FROM visits_visit v JOIN frozen z ON z.month = {month_of_date("visited_on")}
) AS o FULL JOIN (
    SELECT z.month, visit_id AS id, township_id, enterprise_id, headcount FROM reporting_frozenvisit f JOIN frozen z ON z.id = f.freeze_id
) AS c ON c.id = o.id AND c.month = o.month
WHERE NOT ({_SAME})"""
