"""The demo's frozen months (docs/figures.md): each frozen by the timetable, and revised once before the figures of all months were published."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from unionportal.core.common import clock
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.reporting.freezing import current_freeze, differs, freezes_at, month_freeze, month_revise
from unionportal.reporting.rollups import refresh
from unionportal.reporting.rollups.periods import MONTH, months_between, period_start

#: The last working afternoon of the demo, so that every step there is stands in the revision.
REVISED_AT = datetime(2025, 1, 17, 17, 30, tzinfo=clock.SHANGHAI)
REASON = "公布累计数据前统一核定：冻结以后办结、重办和回访的诉求计入所属月份。"

Happening = tuple[datetime, Callable[[date, datetime], None], date]


def freezes(first: date) -> Iterator[Happening]:
    """Every month from that of `first` to the last whose day comes before the revision, on its own day."""
    for month in months_between(period_start(MONTH, first), period_start(MONTH, REVISED_AT.date())):
        if freezes_at(month) < REVISED_AT:
            yield freezes_at(month), _freeze, month


def revise(first: date, staff: Scope) -> None:
    """A second revision of every month in which something was recorded after its freeze."""
    with clock.at(REVISED_AT):
        for month in months_between(period_start(MONTH, first), period_start(MONTH, REVISED_AT.date())):
            frozen = current_freeze(month)
            if frozen is not None and differs(frozen):
                month_revise(month=month, reason=REASON, actor=staff)


def _freeze(month: date, at: datetime) -> None:
    refresh.refresh()  # there are no figures at all before the first, and a month without any is refused
    month_freeze(month=month, actor=SYSTEM, now=at)
