"""A sheet as the page shows it: every number a link to its rows, tables in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from unionportal.core.common import formats
from unionportal.core.common.scope import Role
from unionportal.core.params.values import value as parameter
from unionportal.reporting.analyses.judging import Others, is_few, late_share, others_of, rising, slow_units
from unionportal.reporting.analyses.sheet import CategoryRow, Column, Sheet, UnitRow
from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.rates import Rate
from unionportal.reporting.selectors import headline
from unionportal.reporting.selectors.categories import rising_least
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Figure, Part, Place
from unionportal.reporting.selectors.rows import DEFINITIONS, REPEATED, VISITS


def tiles(place: Place, sheet: Sheet) -> list[Figure]:
    """The main measures beside last quarter and the same one of last year; visits for those who may open all of them."""
    now, others = sheet.now, others_of(place, sheet)
    before = [(period, name, column.counts) for period, name, column in others]
    found = [
        headline.received_figure(place, now.counts, before),
        headline.resolved_figure(place, now.counts, before),
        replace(
            _rate(place, now, before, "resolution", "化解率"),
            remark=headline.target_words(place, now.rate("resolution")),
        ),
        headline.closing_figure(place, now.counts, before),
        _rate(place, now, before, "satisfaction", "满意率"),
        _pace(place, now, others, "median_workdays", "用时中位数（工作日）"),
        _pace(place, now, others, "p90_workdays", "用时九成值（工作日）"),
        _count(place, "open_at_end", "期末未办结", now.open_at_end, [(p, n, c.open_at_end) for p, n, c in others]),
    ]
    if place.scope.has(Role.LEADER, Role.STAFF, Role.TOWNSHIP):
        visits = _count(place, VISITS.id, VISITS.name, now.visits, [(p, n, c.visits) for p, n, c in others])
        found.insert(0, visits)
    return found


def _rate(place: Place, now: Column, before: headline.Before, rate_id: str, label: str) -> Figure:
    rate = now.rate(rate_id)
    return replace(headline.rate_figure(rate, label, place.url), standings=headline.rate_standings(place, rate, before))


def _count(place: Place, measure: str, label: str, number: int, before: Sequence[tuple[Period, str, int]]) -> Figure:
    standings = [headline.standing(place, period, name, number, then, measure) for period, name, then in before]
    hint = DEFINITIONS[measure].formula
    return Figure(measure, label, formats.count(number), place.url(measure), number, hint, standings=standings)


def _pace(place: Place, now: Column, others: Others, measure: str, label: str) -> Figure:
    """Workdays taken; those of other quarters are given as they were, because days are neither counts nor shares."""
    value = getattr(now, measure)
    standings = [
        Part(f"{name} {_days(getattr(then, measure))}", place.url(measure, period), then.timed, "idle", period.label)
        for period, name, then in others
    ]
    hint, few = DEFINITIONS[measure].formula, now.timed < headline.small_denominator()
    return Figure(measure, label, _days(value), place.url(measure), now.timed, hint, standings=standings, few=few)


def _days(value: object) -> str:
    return formats.NOTHING if value is None else str(value)


@dataclass(frozen=True, slots=True)
class RisingLine:
    """A category with more issues than last quarter; `few`: too few to say that it rises."""

    name: str
    received: Part
    before: Part
    more: int
    year_ago: Part | None
    few: bool


def rising_lines(place: Place, sheet: Sheet) -> list[RisingLine]:
    """Those that rose, the most first; those with few issues behind them."""
    rows = sorted(rising(sheet.categories), key=lambda row: (is_few(row), -row.more))
    return [_rising(place, row) for row in rows]


def _rising(place: Place, row: CategoryRow) -> RisingLine:
    def part(number: int, period: Period) -> Part:
        return Part(formats.count(number), place.url("received", period, category=row.code), number)

    return RisingLine(
        name=row.name,
        received=part(row.received, place.period),
        before=part(row.before or 0, place.period.shift(-1)),
        more=row.more,
        year_ago=None if row.year_ago is None else part(row.year_ago, place.period.year_before()),
        few=is_few(row),
    )


@dataclass(frozen=True, slots=True)
class RepeatLine:
    """An enterprise that reported several times."""

    name: str
    page_url: str
    received: Part
    repeated: Part


def repeat_lines(place: Place, sheet: Sheet) -> list[RepeatLine]:
    """The enterprises in the order of the sheet."""
    return [
        RepeatLine(
            name=row.name,
            page_url=f"/enterprises/{row.credit_code}/",
            received=_of_enterprise(place, "received", row.credit_code, row.received),
            repeated=_of_enterprise(place, REPEATED.id, row.credit_code, row.repeated),
        )
        for row in sheet.repeats
    ]


def _of_enterprise(place: Place, measure: str, code: str, number: int) -> Part:
    return Part(formats.count(number), place.url(measure, enterprise=code), number)


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A handling unit's pace; `slow`: it answers in time less often than the place as a whole, over enough issues to say so."""

    name: str
    held: Part
    late: Part
    with_deadline: int
    median: Part
    p90: Part
    in_hand: Part
    few: bool
    slow: bool


def unit_lines(place: Place, sheet: Sheet) -> list[UnitLine]:
    """Slow units first, then the others by the share late; units with few issues last."""
    rows = sorted(sheet.units, key=lambda row: (row.with_deadline < headline.small_denominator(), -late_share(row)))
    slow = {row.code for row in slow_units(sheet)}
    return [_unit(place, row, row.code in slow) for row in rows]


def _unit(place: Place, row: UnitRow, slow: bool) -> UnitLine:
    def part(measure: str, words: str, count: int) -> Part:
        return Part(words, place.url(measure, holder=row.code), count)

    middle = formats.NOTHING if row.median is None else f"{row.median:g}"
    return UnitLine(
        name=row.name,
        held=part("received", formats.count(row.held), row.held),
        late=part("closed_late", formats.count(row.late), row.late),
        with_deadline=row.with_deadline,
        median=part("median_workdays", middle, row.closed),
        p90=part("p90_workdays", _days(row.p90), row.closed),
        in_hand=part("in_hand", formats.count(row.in_hand), row.in_hand),
        few=row.with_deadline < headline.small_denominator(),
        slow=slow,
    )


@dataclass(frozen=True, slots=True)
class TownshipLine:
    """A township's quarter, with the address of its own analysis."""

    name: str
    page_url: str
    received: Part
    resolved: Part
    resolution: Part
    closing: Part
    few: bool


def township_lines(place: Place, sheet: Sheet, page: str) -> list[TownshipLine]:
    """The townships of a district's sheet; `page` is the address of the quarter."""
    found = []
    for row in sheet.townships:
        resolution = Rate(RATES_BY_ID["resolution"], row.resolved, row.received)
        closing = Rate(RATES_BY_ID["closing"], row.on_time, row.with_deadline)
        few = row.received < headline.small_denominator()

        def part(measure: str, words: str, count: int, code: str = row.code) -> Part:
            return Part(words, place.url(measure, unit=code), count)

        found.append(
            TownshipLine(
                name=row.name,
                page_url=f"{page}{row.code}/",
                received=part("received", formats.count(row.received), row.received),
                resolved=part("resolved", formats.count(row.resolved), row.resolved),
                resolution=part("resolution", resolution.text, resolution.denominator),
                closing=part("closing", closing.text, closing.denominator),
                few=few,
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A measure whose value today is no longer the published one."""

    name: str
    published: str
    today: str


def differences(published: Sheet, today: Sheet) -> list[Difference]:
    """The main measures that moved since the publication, in their order."""
    then, now = _measures(published.now), _measures(today.now)
    return [Difference(name, then[name], now[name]) for name in then if then[name] != now[name]]


def _measures(column: Column) -> dict[str, str]:
    rates = {RATES_BY_ID[one].name: column.rate(one).text for one in ("resolution", "closing", "satisfaction")}
    return {
        "走访（家次）": str(column.visits),
        **{DEFINITIONS[name].name: str(number) for name, number in column.counts.items()},
        **rates,
        "用时中位数": _days(column.median_workdays),
        "用时九成值": _days(column.p90_workdays),
        "期末未办结": str(column.open_at_end),
    }


#: What an analysis counts by the definitions of all pages.
MEASURED = (
    *(
        "received",
        "resolved",
        "resolution",
        "closed_with_deadline",
        "closed_on_time",
        "closing",
        "satisfied",
        "satisfaction",
    ),
    *("median_workdays", "p90_workdays", "open_at_end", "held", "in_hand", "closed_late", "repeated"),
    *("visits", "enterprises"),
)


def own_definitions() -> list[tuple[str, str]]:
    """What the analysis' own lists mean, with the parameters in force."""
    months, least = int(parameter("analyses.repeat_months")), int(parameter("analyses.repeat_least"))
    few = headline.small_denominator()
    return [
        (
            "上升类别",
            f"本季收集件数比上季多的类别；本季不足 {rising_least()} 件的标灰，只作参考。去年同季的件数一并列出，便于看是不是季节原因。",
        ),
        (
            "多次反映企业",
            f"本季收集到 {least} 件及以上诉求的企业，或者在 {months} 个月内又有同类诉求的企业。",
        ),
        (
            "偏慢单位",
            f"有期限的办结不少于 {few} 件、按时办结率低于本页合计的承办单位；不足 {few} 件的标“基数小”，不作判断。",
        ),
    ]
