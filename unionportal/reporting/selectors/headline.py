"""The tiles of the dashboard, and what has come together since the beginning (截至今日累计)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from unionportal.core.common import formats
from unionportal.core.params.values import value as parameter
from unionportal.reporting.figures import OUTCOME_IDS, Rate, visits_behind
from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.models import FrozenVisitFigures
from unionportal.reporting.rollups.periods import YEAR
from unionportal.reporting.selectors.months import Counts, Months
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Figure, Part, Place
from unionportal.reporting.selectors.rows import (
    DEFINITIONS,
    KEY_COVERED,
    KEY_MISSED,
    KEY_TOTAL,
    SO_FAR,
    VISITS,
    period_rows_url,
)
from unionportal.reporting.selectors.visit_counts import VisitCounts, visit_counts
from visits.models import Visit


def rate_of(counts: Counts, rate_id: str) -> Rate:
    """A rate over a set of counts."""
    measure = RATES_BY_ID[rate_id]
    return Rate(measure, counts[measure.numerator], counts[measure.denominator])


@dataclass(frozen=True, slots=True)
class Totals:
    """截至今日累计: everything since the first row, whatever the period of the page."""

    since: date | None
    figures: list[Figure]


def overview(place: Place, months: Months) -> tuple[list[Figure], Totals]:
    """Tiles and totals of the overview: visits, key enterprises, issues received and resolved, the two rates.

    Each beside last period, last year and the target where it has one.
    """
    others = others_of(place, months)
    visits = visit_counts(place, [period for period, _ in others])
    current = months.of(place.period)
    before = [(period, name, months.of(period)) for period, name in others]
    figures = [
        _visit_figure(place, others, visits),
        coverage_figure(place, visits.key_covered, visits.key_total),
        received_figure(place, current, before),
        resolved_figure(place, current, before),
        _resolution_figure(place, current, before, months.ever()),
        closing_figure(place, current, before),
    ]
    return figures, _totals(place, months, visits)


Before = list[tuple[Period, str, Counts]]


#: Stands behind the name of a period whose first months have no figures, wherever something is compared with it.
PARTIAL = "（未满全期）"


def named(period: Period, name: str, first: date | None) -> str:
    """What a period to compare with is called, given the first month that has figures: 上年, or 上年（未满全期）."""
    return f"{name}{PARTIAL}" if first is not None and first > period.start else name


def others_of(place: Place, months: Months) -> list[tuple[Period, str]]:
    """The periods to compare with, by name: the one before and the same of last year (one and the same for a year); those without figures are left out."""
    period = place.period
    found = [(period.shift(-1), period.before)]
    if period.kind != YEAR:
        found.append((period.year_before(), period.year_ago))
    return [(other, named(other, name, months.first)) for other, name in found if other in months]


def standing(place: Place, period: Period, name: str, now: int, then: int, measure: str, *, good: int = 0) -> Part:
    """How a count stands to that of another period; opens the rows of the other. `good`: 1 where more is better, 0 where it is neither.

    A period still running is not measured against one that is over: there the other's number is given, and said to be whole if it is.
    """
    url, title = place.url(measure, period), f"{period.label}：{formats.count(then)}"
    if place.running:
        return Part(f"{_all_of(period, name)} {formats.count(then)}", url, then, "idle", title)
    change = now - then
    if change == 0:
        return Part(f"与{name}持平", url, then, "idle", title)
    tone = "idle" if good == 0 else "ok" if change * good > 0 else "warn"
    return Part(f"较{name} {change:+,d}", url, then, tone, title)


def rate_standing(place: Place, period: Period, name: str, now: Rate, then: Rate) -> Part | None:
    """The same for a rate, in percentage points; None where either has nothing to divide by."""
    if now.value is None or then.value is None:
        return None
    url, title = place.url(now.measure.id, period), f"{period.label}：{then.text}"
    if place.running:
        return Part(f"{_all_of(period, name)} {then.text}", url, then.denominator, "idle", title)
    change = now.value - then.value
    if change == 0:
        return Part(f"与{name}持平", url, then.denominator, "idle", title)
    return Part(f"较{name} {change:+} 百分点", url, then.denominator, "ok" if change > 0 else "warn", title)


def _all_of(period: Period, name: str) -> str:
    """上月全月; a period that is not whole says so itself."""
    return name if name.endswith(PARTIAL) else f"{name}全{period.word}"


def place_visits(place: Place) -> QuerySet[Visit]:
    """The visits to the last day, in the place and the reader's reach."""
    return visits_behind(start=None, end=place.today, unit=place.township).visible_to(place.scope)


def _visit_figure(place: Place, others: list[tuple[Period, str]], visits: VisitCounts) -> Figure:
    now = visits.now
    standings = [
        standing(place, period, name, now, number, VISITS.id, good=1)
        for (period, name), number in zip(others, visits.before, strict=True)
    ]
    return Figure(
        VISITS.id,
        VISITS.name,
        formats.count(now),
        place.url(VISITS.id),
        now,
        VISITS.formula,
        parts=_visits_kept(place),
        standings=standings,
        remark=_never_frozen(place),
    )


def _visits_kept(place: Place) -> list[Part]:
    """What the freeze of the month counted, beside the live number; nothing where it is of before visits were kept."""
    kept = FrozenVisitFigures.objects.filter(freeze=place.freeze, unit=place.unit).first() if place.freeze else None
    if place.freeze is None or kept is None:
        return []
    url = period_rows_url(VISITS.id, place.period, unit=place.unit.code, known=place.freeze.revision)
    return [Part(f"冻结时 {formats.count(kept.visits)}", url, kept.visits)]


def _never_frozen(place: Place) -> str:
    """What stands beside counts of visits on a page of frozen figures."""
    return "走访为实时数据" if place.freeze else ""


def coverage_figure(place: Place, covered: int, total: int) -> Figure:
    """Key enterprises visited of all there are; those left out are a link away."""
    missed = Part(f"{total - covered} 家{place.period.this}未到", place.url(KEY_MISSED.id), total - covered, "warn")
    everyone = Part(f"重点企业 {total} 家", place.url(KEY_TOTAL.id), total)
    return Figure(
        KEY_COVERED.id,
        KEY_COVERED.name,
        f"{covered}/{total}" if total else formats.NOTHING,
        place.url(KEY_COVERED.id),
        covered,
        KEY_COVERED.formula,
        parts=[*([missed] if total > covered else []), everyone] if total else [],
        remark="，".join(filter(None, ("全部走访到" if total and total == covered else "", _never_frozen(place)))),
    )


def _standings(place: Place, measure: str, now: Counts, before: Before, good: int) -> list[Part]:
    return [
        standing(place, period, name, now[measure], then[measure], measure, good=good) for period, name, then in before
    ]


def received_figure(place: Place, now: Counts, before: Before) -> Figure:
    """收集录入 beside other periods."""
    # More issues is neither good nor bad news: no colour.
    standings = _standings(place, "received", now, before, 0)
    number = now["received"]
    url, hint = place.url("received"), DEFINITIONS["received"].formula
    return Figure("received", "收集诉求", formats.count(number), url, number, hint, standings=standings)


def resolved_figure(place: Place, now: Counts, before: Before) -> Figure:
    """已化解 beside other periods, with the other outcomes and what is in hand."""
    in_hand = now["received"] - sum(now[outcome] for outcome in OUTCOME_IDS)
    parts = [Part(f"在办 {in_hand}", place.url("in_hand"), in_hand)]
    parts += [
        Part(f"{name} {now[measure]}", place.url(measure), now[measure])
        for measure, name in (("explained", "已解释"), ("unresolved", "未化解"))
        if now[measure] or measure == "explained"
    ]
    number, url, hint = now["resolved"], place.url("resolved"), DEFINITIONS["resolved"].formula
    standings = _standings(place, "resolved", now, before, 1)
    return Figure("resolved", "已化解", formats.count(number), url, number, hint, parts=parts, standings=standings)


def rate_figure(rate: Rate, label: str, url: Callable[..., str]) -> Figure:
    """A rate with its fraction; `url` gives the rows of a measure."""
    measure = rate.measure
    fraction = tuple(
        Part(str(number), url(part), number)
        for part, number in ((measure.numerator, rate.numerator), (measure.denominator, rate.denominator))
    )
    hint = f"{measure.name} = {measure.formula}。"
    few = rate.denominator < small_denominator()
    return Figure(measure.id, label, rate.text, url(measure.id), rate.denominator, hint, fraction=fraction, few=few)


def small_denominator() -> int:
    """Rates over fewer rows than this are marked and not ranked."""
    return int(parameter("figures.small_denominator"))


def resolution_target(place: Place) -> Decimal:
    """The target of 化解率 on the period's last day."""
    return Decimal(str(parameter("figures.resolution_target", on=place.end)))


def _resolution_figure(place: Place, now: Counts, before: Before, ever: Counts) -> Figure:
    rate, total = rate_of(now, "resolution"), rate_of(ever, "resolution")
    figure = rate_figure(rate, f"化解率（{place.period.this}收集）", place.url)
    parts = (
        [Part(f"{SO_FAR} {total.text}", place.all_url("resolution"), total.denominator)] if total.denominator else []
    )
    return replace(figure, parts=parts, standings=rate_standings(place, rate, before), remark=target_words(place, rate))


def target_words(place: Place, rate: Rate) -> str:
    """How 化解率 stands to the target; "" where there is nothing to divide by."""
    if rate.value is None:
        return ""
    target = resolution_target(place)
    missing = target - rate.value
    words = f"目标 {target.normalize():f}%"
    return f"{words}，差 {missing:.2f} 百分点" if missing > 0 else f"{words}，已达到"


def closing_figure(place: Place, now: Counts, before: Before) -> Figure:
    """按时办结率 beside other periods, with what was closed late."""
    rate = rate_of(now, "closing")
    late = rate.denominator - rate.numerator
    parts = [Part(f"逾期 {late}", place.url("closed_late"), late, "late" if late else "idle")]
    figure = rate_figure(rate, "按时办结率", place.url)
    return replace(figure, parts=parts, standings=rate_standings(place, rate, before))


def rate_standings(place: Place, now: Rate, before: Before) -> list[Part]:
    """How a rate stands to those of other periods that have one."""
    found = (rate_standing(place, period, name, now, rate_of(then, now.measure.id)) for period, name, then in before)
    return [part for part in found if part is not None]


def _totals(place: Place, months: Months, visits: VisitCounts) -> Totals:
    """The district's (or township's) figures since the beginning, as the press prints them; as they are now, whatever is frozen."""
    counts = months.ever()
    rate = rate_of(counts, "resolution")

    def figure(measure: str, label: str, number: int) -> Figure:
        hint = DEFINITIONS[measure].formula.replace("本期", "累计期间")
        return Figure(measure, label, formats.count(number), place.all_url(measure), number, hint)

    hint = f"{rate.measure.name} = {rate.measure.formula}。"
    return Totals(
        since=visits.first,
        figures=[
            figure(VISITS.id, VISITS.name, visits.ever),
            figure("received", "收集录入诉求", counts["received"]),
            figure("resolved", "已化解", counts["resolved"]),
            Figure("resolution", "化解率", rate.text, place.all_url("resolution"), rate.denominator, hint),
        ],
    )
