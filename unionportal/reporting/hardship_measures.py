"""What every figure of hardship aid means, as data. What is counted stands in `hardship.figures`."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

from hardship import figures as counts
from unionportal.core.orgs.cuts import Cut
from unionportal.reporting.definitions import Kind
from unionportal.reporting.row_measures import MONEY, RowMeasure

#: How the rows of a figure are listed.
FILE, STEP, LEAD, GRANT, ORDER, ALLOWANCE, PLAN = "file", "step", "lead", "grant", "order", "allowance", "measure"
_THERE = "期末在档的家庭，即按办理记录已审批建档、之后没有脱困或清档的"


def _measure(
    key: str, name: str, formula: str, lists: str, rows: Callable[[Cut], QuerySet], **more: Any
) -> tuple[str, RowMeasure]:
    return key, RowMeasure("hardship", key, name, formula, lists, rows, **more)


def _of_category(code: str, name: str) -> tuple[str, RowMeasure]:
    key = code or "unsorted"
    formula = f"{_THERE}；其中期末认定为{name}的。" if code else f"{_THERE}；其中按旧标准建档、没有认定三类之一的。"
    return _measure(key, name, formula, FILE, lambda cut: counts.category_rows(cut, code), kind=Kind.STOCK, unit="户")


def _step(key: str, name: str, formula: str) -> tuple[str, RowMeasure]:
    return _measure(key, name, formula, STEP, lambda cut: counts.step_rows(cut, key), unit="户次")


#: Every figure by the name its address has. Another one is a line here and a field of `HardshipFigures`.
HARDSHIP_MEASURES: dict[str, RowMeasure] = dict(
    (
        _measure("in_force", "在档困难家庭", f"{_THERE}。", FILE, counts.in_force_rows, kind=Kind.STOCK, unit="户"),
        *(_of_category(code, name) for code, name in counts.CATEGORIES.items()),
        _step("taken_in", "新建档", "审批日期在本期、第一次建档的户次。"),
        _step("taken_in_again", "再次建档", "审批日期在本期、脱困或清档后再次建档的户次。"),
        _step("lifted", "脱困", "脱困日期在本期的户次；同一户两次脱困计两次。"),
        _step("cleared", "清档", "清档日期在本期的户次。"),
        _step("relapsed", "返困", "登记返困的日期在本期的户次；审批后才计入再次建档。"),
        _measure(
            "leads_raised", "困难线索", "产生日期在本期的线索，以后怎样处理都计。", LEAD, counts.raised_rows, unit="条"
        ),
        _measure(
            "leads_verified",
            "线索已核实",
            "核实日期在本期的线索，不论何时产生。",
            LEAD,
            counts.verified_rows,
            unit="条",
        ),
        _measure(
            "leads_confirmed",
            "线索建档",
            "决定建档的日期在本期的线索，不论何时产生。",
            LEAD,
            counts.confirmed_rows,
            unit="条",
        ),
        _measure(
            "leads_pending",
            "期末未了结线索",
            "期末及以前产生、到期末当日还没有决定建档或排除的线索。",
            LEAD,
            counts.pending_rows,
            kind=Kind.STOCK,
            unit="条",
        ),
        _measure(
            "grants",
            "帮扶人次",
            "发放日期在本期、银行已发放的笔数，一人一次计一人次；后来退回的也计。",
            GRANT,
            counts.paid_rows,
            unit="人次",
        ),
        _measure(
            "aid",
            "帮扶金额",
            "发放日期在本期的金额合计，减去后来退回的；不含便民服务。",
            GRANT,
            counts.paid_rows,
            adds=counts.NET,
            unit=MONEY,
        ),
        _measure("orders", "便民服务", "接单日期在本期的服务单，已取消的不计。", ORDER, counts.ordered_rows, unit="单"),
        _measure(
            "orders_settled",
            "便民服务已结算",
            "结算日期在本期的服务单，不论何时接单。",
            ORDER,
            counts.settled_rows,
            unit="单",
        ),
        _measure(
            "services_paid",
            "便民服务支出",
            "结算日期在本期的服务单的金额合计。",
            ORDER,
            counts.settled_rows,
            adds="held",
            unit=MONEY,
        ),
        _measure(
            "allowance_used",
            "便民服务已用额度",
            "本期所在年度、有过服务单的家庭已用和占用的便民服务额度合计；没有结算的服务单也占用。",
            ALLOWANCE,
            counts.allowance_rows,
            kind=Kind.STOCK,
            adds="used",
            unit=MONEY,
        ),
        _measure(
            "allowance_limit",
            "便民服务年度额度",
            "本期所在年度、有过服务单的家庭的便民服务额度合计。",
            ALLOWANCE,
            counts.allowance_rows,
            kind=Kind.STOCK,
            adds="limit",
            unit=MONEY,
        ),
        _measure(
            "measures_set",
            "帮扶措施",
            "制定日期在本期的措施，以后完成或取消的都计。",
            PLAN,
            counts.set_rows,
            unit="项",
        ),
        _measure(
            "measures_done", "措施已完成", "完成日期在本期的措施，不论何时制定。", PLAN, counts.done_rows, unit="项"
        ),
        _measure(
            "measures_overdue",
            "措施逾期",
            "期末前已到完成期限、到期末当日还在进行的措施。",
            PLAN,
            counts.overdue_rows,
            kind=Kind.STOCK,
            unit="项",
        ),
        _measure(
            "reviews_due",
            "该复核",
            "现在在档、离复核期限不远或已超过的家庭，不论所选时间；与帮扶提醒的“该复核”相同。",
            FILE,
            counts.review_rows,
            kind=Kind.STOCK,
            unit="户",
        ),
    )
)
