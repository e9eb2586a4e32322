"""The charts of a report: what they show. They are drawn by `typeset/charts.typ`, as lines in a PDF and as a picture in Word."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from typing import Any

from unionportal.reporting.measures import RATES_BY_ID
from unionportal.reporting.reports.book import Book, Line, VisitedLine

#: Bars beyond this many are left to the table.
MOST_BARS = 12
_LONGEST_LABEL = 9


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart."""

    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers for `typeset/charts.typ`, and `alt`: the chart in words. `top` is where the count axis ends, after `steps` whole steps."""

    kind: str
    labels: Sequence[str]
    series: Sequence[Series]
    rates: Sequence[float | None] | None
    rate_name: str
    top: int
    steps: int
    alt: str

    def data(self) -> dict[str, Any]:
        return asdict(self)


def charts_of(book: Book) -> dict[str, Chart]:
    """Every chart an outline may ask for, by key."""
    return {
        "趋势": _trend(book.trend),
        "镇街": _bars(book.townships, "各镇街"),
        "类别": _bars(book.categories, "各类别"),
    }


def _trend(lines: Sequence[VisitedLine]) -> Chart:
    rates = [line.figures.rates["resolution"].value for line in lines]
    return _chart(
        "columns",
        lines,
        rates=[None if rate is None else float(rate) for rate in rates],
        alt="各月收集录入和已化解件数，折线为化解率："
        + "；".join(f"{_label(line)}{_numbers(line)}，化解率{line.figures.rates['resolution'].text}" for line in lines),
    )


def _bars(lines: Sequence[Line], what: str) -> Chart:
    shown = [line for line in lines if line.figures.counts["received"]][:MOST_BARS]
    alt = f"{what}收集录入和已化解件数：" + "；".join(f"{line.label}{_numbers(line)}" for line in shown)
    return _chart("bars", shown, rates=None, alt=alt)


def _chart(kind: str, lines: Sequence[Line], *, rates: Sequence[float | None] | None, alt: str) -> Chart:
    names = {"received": "收集录入", "resolved": "已化解"}
    series = [Series(name, [line.figures.counts[key] for line in lines]) for key, name in names.items()]
    top, steps = axis(max((value for one in series for value in one.values), default=0))
    labels = [_label(line) for line in lines] or ["—"]
    if not lines:
        series = [Series(one.name, [0]) for one in series]
        rates = None if rates is None else [None]
    return Chart(kind, labels, series, rates, RATES_BY_ID["resolution"].name, top, steps, alt)


def _label(line: Line) -> str:
    """Cut where it would run out of its place; January says its year."""
    if line.figures.period == "month" and line.figures.start.month == 1 and isinstance(line, VisitedLine):
        return f"{line.figures.start:%y}年1月"
    return line.label if len(line.label) <= _LONGEST_LABEL else f"{line.label[: _LONGEST_LABEL - 1]}…"


def _numbers(line: Line) -> str:
    return f"收集{line.figures.counts['received']}件、化解{line.figures.counts['resolved']}件"


def axis(highest: int) -> tuple[int, int]:
    """Where the axis ends and in how many steps: four or five of a round number, so that the rate's axis has whole percents beside them."""
    for power in count():
        wide = [factor * 10**power // 10 for factor in _ROUND if factor * 10**power % 10 == 0]
        fitting = [(width * steps, steps) for width in wide for steps in (4, 5) if width * steps >= highest]
        if fitting:
            return min(fitting)
    raise AssertionError  # count() does not end


_ROUND = (10, 15, 20, 25, 30, 40, 50, 60, 80)
