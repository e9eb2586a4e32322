"""What every figure means, as data. Rollups, drill-downs, API, pages and reports all read these definitions (docs/figures.md).

A count is a condition on an issue's columns, so the figure and the rows behind it come from one line. Nothing here asks
the clock: the same rows give the same figures at any hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from casework.workflow import OPEN_STATES, Outcome, Satisfaction, State
from unionportal.reporting.definitions import FIRST_DAY, Edition, Kind, RateMeasure, Versioned
from unionportal.reporting.hardship_measures import HARDSHIP_MEASURES
from unionportal.reporting.row_measures import RowMeasure
from unionportal.reporting.station_measures import STATION_MEASURES, STATION_SHARES


@dataclass(frozen=True, slots=True)
class Measure(Versioned):
    """A number of issues: id, Chinese name, formula in words, the condition an issue must meet, and its kind."""

    id: str
    name: str
    formula: str
    condition: Q
    kind: Kind = Kind.COHORT


@dataclass(frozen=True, slots=True)
class CountedMeasure(Versioned):
    """A number that a selector of its own counts when it is read: of visits, of cadres' weeks, of issues as the clock or others make them.

    `numerator` and `denominator` where it is a share.
    """

    id: str
    name: str
    formula: str
    numerator: str = ""
    denominator: str = ""
    kind: Kind = Kind.FLOW


#: Conditions are asked only of issues that count (`IssueQuerySet.counted`): rejected, merged and voided ones are in no figure.
EVERY = Q()
CLOSED = Q(state=State.CLOSED.value)
ANSWERED = Q(answered_on__isnull=False)
ASSIGNED = Q(accept_due_on__isnull=False)
CLOSED_WITH_DEADLINE = CLOSED & Q(due_on__isnull=False, answered_on__isnull=False)

RECEIVED = Measure(
    "received",
    "收集录入",
    "收集日期在本期的问题诉求件数；不予受理、已并案和已作废的不计。",
    EVERY,
    version=2,
    effective_on=date(2024, 1, 1),
    earlier=(Edition(1, FIRST_DAY, "收集日期在本期的问题诉求件数；不予受理和已并案的不计。"),),
)


OUTCOME_NAMES: dict[Outcome, str] = {
    Outcome.RESOLVED: "已化解",
    Outcome.EXPLAINED: "已解释",
    Outcome.UNRESOLVED: "客观原因未化解",
    Outcome.OUT_OF_REMIT: "不属工会职责（已转告）",
    Outcome.WITHDRAWN: "撤回",
}


def _ended(outcome: Outcome) -> Q:
    """Closed with this outcome. Only a closed issue has one (constraint `issue_closed_has_outcome`), so its state need not be asked for."""
    return Q(outcome=outcome.value)


def _outcome(outcome: Outcome, name: str) -> Measure:
    return Measure(outcome.value, name, f"收集录入中已办结、办理结果为“{name}”的件数。", _ended(outcome))


#: Counts over the issues received in a period; one column each in the rollup tables.
COUNTS: tuple[Measure, ...] = (
    RECEIVED,
    *(_outcome(outcome, name) for outcome, name in OUTCOME_NAMES.items()),
    Measure("assigned", "已交办", "收集录入中已交办（有签收期限）的件数；尚未签收的也计入。", ASSIGNED),
    Measure(
        "accepted_on_time",
        "按时签收",
        "已交办中在签收期限当日或之前签收的件数。",
        ASSIGNED & Q(accepted_on__lte=F("accept_due_on")),
    ),
    Measure(
        "closed_with_deadline", "有期限的办结", "收集录入中已办结、经反馈且有办理期限的件数。", CLOSED_WITH_DEADLINE
    ),
    Measure(
        "closed_on_time",
        "按时办结",
        "有期限的办结中，最后一次反馈在办理期限当日或之前的件数。",
        CLOSED_WITH_DEADLINE & Q(answered_on__lte=F("due_on")),
    ),
    Measure("answered", "已反馈", "收集录入中承办单位已反馈的件数。", ANSWERED),
    Measure(
        "followed_up",
        "已回访",
        "已反馈中，最后一次反馈之后已回访的件数。",
        ANSWERED & Q(followed_up_on__isnull=False),
    ),
    Measure("rated", "有效评价", "收集录入中有满意度评价的件数（以最近一次回访为准）。", ~Q(satisfaction="")),
    Measure(
        "satisfied",
        "满意和基本满意",
        "有效评价中评价为满意或基本满意的件数。",
        Q(satisfaction__in=[Satisfaction.SATISFIED.value, Satisfaction.BASICALLY.value]),
    ),
    Measure(
        "answered_ever",
        "曾反馈",
        "收集录入中反馈过至少一次的件数（含正在重办的）。",
        Q(answered_on__isnull=False) | Q(redo_count__gt=0),
    ),
    Measure("redone", "发回重办", "收集录入中被退回重办过至少一次的件数。", Q(redo_count__gt=0)),
)


def _flow(outcome: Outcome, name: str) -> Measure:
    formula = f"办结日期在本期、办理结果为“{name}”的件数，不论何时收集；重启的不计，再次办结时计入那一期。"
    return Measure(f"{outcome.value}_in_period", f"本期办结：{name}", formula, _ended(outcome), kind=Kind.FLOW)


#: Counts over the issues closed in a period, by outcome; one column each in the rollup tables.
FLOWS: tuple[Measure, ...] = tuple(_flow(outcome, name) for outcome, name in OUTCOME_NAMES.items())

#: Not columns, yet figures with rows behind them: the five outcomes together.
CLOSED_TOTAL = Measure("closed", "已办结", "收集录入中已办结的件数，五种办理结果之和。", CLOSED)
CLOSED_IN_PERIOD = Measure(
    "closed_in_period",
    "本期办结",
    "办结日期在本期的件数，不论何时收集，五种办理结果之和；与“已办结”（本期收集的）口径不同，不可混用。",
    CLOSED,
    kind=Kind.FLOW,
)
MEDIAN = Measure(
    "median_workdays",
    "办结用时中位数（工作日）",
    "收集录入中已办结诉求办结用时的中位数；件数为偶数时取中间两件的平均。",
    CLOSED & Q(workdays_to_close__isnull=False),
)
P90 = Measure(
    "p90_workdays",
    "办结用时九成值（工作日）",
    "收集录入中已办结的诉求，按用时从短到长排，排到九成（不足一件的进一）那一件的用时。",
    CLOSED & Q(workdays_to_close__isnull=False),
)
IN_HAND = Measure("in_hand", "在办", "收集录入中目前还没有办结的件数。", Q(state__in=sorted(OPEN_STATES)))
CLOSED_LATE = Measure(
    "closed_late",
    "逾期办结",
    "有期限的办结中，最后一次反馈晚于办理期限的件数。",
    CLOSED_WITH_DEADLINE & Q(answered_on__gt=F("due_on")),
)
OPEN_AT_END = Measure(
    "open_at_end",
    "期末未办结",
    "期末及以前收集、到期末当日仍未办结的件数（存量，不限本期收集）；按办结和重启的发生日期计。",
    EVERY,
    kind=Kind.STOCK,
)
#: Read by `figures.cumulative`: the cohort of everything up to the period's end.
RECEIVED_SO_FAR = Measure(
    "received_so_far", "累计收集录入", "收集日期在期末及以前的件数，其余同“收集录入”。", EVERY, kind=Kind.CUMULATIVE
)
RESOLVED_SO_FAR = Measure(
    "resolved_so_far",
    "累计已化解",
    "累计收集录入中已办结、办理结果为“已化解”的件数。",
    _ended(Outcome.RESOLVED),
    kind=Kind.CUMULATIVE,
)

RATES: tuple[RateMeasure, ...] = (
    RateMeasure("resolution", "化解率", "已化解 ÷ 收集录入", "resolved", "received"),
    RateMeasure("acceptance", "按时签收率", "按时签收 ÷ 已交办", "accepted_on_time", "assigned"),
    RateMeasure("closing", "按时办结率", "按时办结 ÷ 有期限的办结", "closed_on_time", "closed_with_deadline"),
    RateMeasure("follow_up", "回访率", "已回访 ÷ 已反馈", "followed_up", "answered"),
    RateMeasure("satisfaction", "满意率", "（满意＋基本满意）÷ 有效评价", "satisfied", "rated"),
    RateMeasure("redo", "发回重办率", "发回重办 ÷ 曾反馈", "redone", "answered_ever"),
)

#: Printed as 累计化解率; not a rate of a period.
RESOLUTION_SO_FAR = RateMeasure(
    "resolution_so_far",
    "累计化解率",
    "累计已化解 ÷ 累计收集录入",
    "resolved_so_far",
    "received_so_far",
    kind=Kind.CUMULATIVE,
)

HELD = CountedMeasure(
    "held",
    "承办",
    "收集日期在本期、目前由该单位承办的件数；同一行的其他各项都在这些诉求中计。",
    kind=Kind.COHORT,
)
OVERDUE_AT_END = CountedMeasure(
    "overdue_at_end",
    "期末超期",
    "期末未办结中，办理期限在期末当日或之前、到期末还没有反馈的件数；没有过完的期间按制表当天计。",
    kind=Kind.STOCK,
)
#: Counted when read: by today, by who holds them, by what the enterprise had before.
OF_ISSUES: tuple[CountedMeasure, ...] = (
    HELD,
    CountedMeasure("overdue", "已逾期", "此刻已交办或办理中、办理期限已过的件数，不限收集时间。", kind=Kind.STOCK),
    OVERDUE_AT_END,
    CountedMeasure(
        "repeated",
        "同类重复",
        "收集录入中，同一企业此前在规定的间隔内已有同类诉求的件数。",
        kind=Kind.COHORT,
    ),
    CountedMeasure(
        "red_list",
        "红榜",
        "本期有期限的办结全部按时、此刻没有逾期的单位和镇街；件数少的标灰，排在后面，仅供参考。",
        kind=Kind.COHORT,
    ),
)
#: Of the cases of mediation a reader sees, by the day of application (`casework.mediation_figures`).
MEDIATION: tuple[CountedMeasure, ...] = (
    CountedMeasure("mediation_cases", "调解案件", "申请日期在本期的调解件数。"),
    CountedMeasure("mediation_unfinished", "调解未结束", "调解案件中还没有结束的件数。"),
    CountedMeasure("mediation_concluded", "调解已结束", "调解案件中受理后已经结束的件数；没有受理的不计。"),
    CountedMeasure("mediation_agreed", "达成协议", "调解已结束中达成或部分达成协议的件数。"),
    CountedMeasure(
        "mediation_success", "调解成功率", "达成协议 ÷ 调解已结束", "mediation_agreed", "mediation_concluded"
    ),
    CountedMeasure("mediation_people", "调解涉及职工", "调解案件涉及的职工人数之和（人）。"),
    CountedMeasure("mediation_claimed", "调解请求金额", "调解案件的请求金额之和（元）。"),
    CountedMeasure("mediation_settled", "调解协议金额", "调解案件的协议金额之和（元）。"),
    CountedMeasure("mediation_recovered", "调解已履行金额", "调解案件已经履行的金额之和（元）。"),
)
KEY_TOTAL = CountedMeasure("key_total", "在营重点企业", "现在在营的重点企业家数。")
#: Counted from visits when read, or when a month is frozen (`visiting`); never summed over periods or places.
VISITS: tuple[CountedMeasure, ...] = (
    CountedMeasure("visits", "走访（家次）", "走访日期在本期的走访记录数（家次），对象不限。"),
    CountedMeasure("enterprise_visits", "走访企业（家次）", "本期对企业的走访记录数，同一企业多次走访分别计。"),
    CountedMeasure("enterprises", "走访企业（家）", "本期走访过的企业数，同一企业只计一次。"),
    CountedMeasure("headcount", "走访人次", "本期各次走访的走访人数之和。"),
    CountedMeasure("key_covered", "覆盖重点企业", "在营重点企业中，本期走访过至少一次的家数。"),
)
#: Key enterprises a cadre should go to next.
KEY_GAPS: tuple[CountedMeasure, ...] = (
    CountedMeasure("key_missed", "未到重点企业", "在营重点企业中，本期还没有走访过的家数。"),
    CountedMeasure(
        "key_gap",
        "久未走访的重点企业",
        "在营重点企业中，到期末（或今天）超过规定间隔没有走访的家数。",
        kind=Kind.STOCK,
    ),
)
#: Shares, key enterprises and weeks beside them; `quota_weeks` are cadres' weeks.
VISIT_SHARES: tuple[CountedMeasure, ...] = (
    KEY_TOTAL,
    CountedMeasure("coverage", "重点企业覆盖率", "覆盖重点企业 ÷ 在营重点企业", "key_covered", "key_total"),
    CountedMeasure(
        "quota_weeks",
        "应走访周次",
        "每名在任驻联干部的每一周计一次；周日在本期的周计入本期，工作日不足的周和没有分工的周不计。",
    ),
    CountedMeasure("quota_met", "走访达标周次", "应走访周次中，当周走访（家次）达到定额的周次。"),
    CountedMeasure("quota", "走访达标率", "走访达标周次 ÷ 应走访周次", "quota_met", "quota_weeks"),
)

COUNT_IDS: tuple[str, ...] = tuple(measure.id for measure in COUNTS)
FLOW_IDS: tuple[str, ...] = tuple(measure.id for measure in FLOWS)
#: Every column of the rollup tables that is a count.
COLUMN_IDS: tuple[str, ...] = (*COUNT_IDS, *FLOW_IDS)
#: Every figure that is a number of issues (or drawn from such rows), by id: what `issues_behind` can open.
MEASURES: dict[str, Measure] = {
    measure.id: measure
    for measure in (
        *COUNTS,
        CLOSED_TOTAL,
        IN_HAND,
        CLOSED_LATE,
        MEDIAN,
        P90,
        *FLOWS,
        CLOSED_IN_PERIOD,
        OPEN_AT_END,
        RECEIVED_SO_FAR,
        RESOLVED_SO_FAR,
    )
}
RATES_BY_ID: dict[str, RateMeasure] = {rate.id: rate for rate in RATES}


Definition = Measure | RateMeasure | CountedMeasure | RowMeasure


def all_definitions() -> tuple[Definition, ...]:
    """Every definition there is, those of issues first."""
    stations: tuple[Definition, ...] = (*STATION_MEASURES.values(), *STATION_SHARES.values())
    return (
        *MEASURES.values(),
        *RATES,
        RESOLUTION_SO_FAR,
        *OF_ISSUES,
        *MEDIATION,
        *VISITS,
        *VISIT_SHARES,
        *KEY_GAPS,
        *stations,
        *HARDSHIP_MEASURES.values(),
    )


#: Every definition by its id.
BY_ID: Mapping[str, Definition] = {one.id: one for one in all_definitions()}


def versions_now() -> dict[str, int]:
    """Measure -> version of everything a freeze keeps: the counts of issues, what is drawn from them, and those of visits."""
    return {one.id: one.version for one in (*MEASURES.values(), *RATES, *VISITS, *VISIT_SHARES)}


def edition(one: Definition, version: int) -> Edition:
    """What a definition said in a version."""
    return next(
        (past for past in one.earlier if past.version == version), Edition(one.version, one.effective_on, one.formula)
    )
