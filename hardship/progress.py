"""How many households are in force, month by month and year by year, counted from the log: who came in, who got over the hardship, who was cleared."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import TruncMonth

from hardship.models import FileStep
from hardship.process import Step
from unionportal.core.common.formats import zh_month
from unionportal.core.common.months import shifted
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import Unit

#: What brings a household into the register (在档), and what ends that.
COMING, LEAVING = Step.APPROVE, ("lift", "clear")
#: Approved before: then the household comes back. A second application alone says nothing, it may follow a refusal.
_BEFORE = Q(Exists(FileStep.objects.filter(file=OuterRef("file"), action=COMING, seq__lt=OuterRef("seq"))))
#: What the log's steps mean for the number in force, by the column they are counted in.
COUNTED = {
    "taken_in": Q(action=COMING) & ~_BEFORE,
    "taken_in_again": Q(action=COMING) & _BEFORE,
    "lifted": Q(action="lift"),
    "cleared": Q(action="clear"),
}
#: Months shown at most.
MONTHS_SHOWN = 36


@dataclass(frozen=True, slots=True)
class Span:
    """What happened in a month or a year that begins on `start`; `at_end` of the present one is today's number."""

    start: date
    at_start: int
    taken_in: int
    taken_in_again: int
    lifted: int
    cleared: int

    @property
    def year(self) -> int:
        return self.start.year

    @property
    def at_end(self) -> int:
        return self.at_start + self.taken_in + self.taken_in_again - self.lifted - self.cleared


def months(scope: Scope, today: date, township: Unit | None = None) -> list[Span]:
    """Every month since the first household came in, as far as `today` knows, the earliest first: one query, whatever the number of files."""
    steps = FileStep.objects.visible_to(scope).filter(action__in=(COMING, *LEAVING), happened_on__lte=today)
    if township is not None:
        steps = steps.filter(file__township=township)
    counts = {name: Count("pk", filter=condition) for name, condition in COUNTED.items()}
    rows = steps.order_by().annotate(month=TruncMonth("happened_on")).values("month").annotate(**counts)
    by_month = {row["month"]: Counter({name: row[name] for name in COUNTED}) for row in rows}
    found: list[Span] = []
    month = min(by_month, default=None)
    while month is not None and month <= today:
        found.append(_span(month, found, by_month.get(month, Counter())))
        month = shifted(month, 1)
    return found


def years(scope: Scope, today: date) -> list[Span]:
    """The same months summed up by year, the latest first."""
    spans = months(scope, today)
    found: list[Span] = []
    for year in sorted({span.year for span in spans}):
        counts: Counter[str] = Counter()
        for span in spans:
            if span.year == year:
                counts.update({name: getattr(span, name) for name in COUNTED})
        found.append(_span(date(year, 1, 1), found, counts))
    return found[::-1]


def _span(start: date, before: list[Span], counts: Counter[str]) -> Span:
    at_start = before[-1].at_end if before else 0
    return Span(start, at_start, **{name: counts[name] for name in COUNTED})


def register_chart(spans: list[Span], *, shown: int = MONTHS_SHOWN) -> dict[str, Any] | None:
    """Households in the register at each month's end, and those lifted out by then, as a chart of the last `shown` months: 34 → 15. None without any."""
    lifted = accumulate(span.lifted for span in spans)
    points = list(zip(spans, lifted, strict=True))[-shown:]
    if not points:
        return None
    first, last = points[0][0].start, points[-1][0].start
    period = zh_month(first) + (f"至{zh_month(last)}" if last != first else "")
    return {
        "id": "hardship-register",
        "title": f"在档困难职工家庭，{period}（月末）",
        "kind": "line",
        "labels": [
            f"{span.start:%y}年{span.start.month}月" if not place or span.start.month == 1 else f"{span.start.month}月"
            for place, (span, _) in enumerate(points)
        ],
        "series": [
            {"name": "在档", "values": [span.at_end for span, _ in points]},
            {"name": "累计脱困", "values": [so_far for _, so_far in points], "style": "dashed"},
        ],
        "unit": "户",
        "decimals": 0,
        "table_head": "月末",
    }
