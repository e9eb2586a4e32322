"""The section of hardship aid of the dashboard: each figure with its words and the rows it opens. What is counted stands in `hardship.figures`.

Whoever opens it may open the files it counts, without names (docs/domain.md, "Hardship files"). Where others read, a township's small numbers are not said
(`small_numbers`).
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from hardship import figures as counts
from hardship.figures import AidLine, HardshipFigures
from hardship.money_querysets import keeps_the_books
from hardship.progress import months, register_chart
from unionportal.core.orgs.models import Unit
from unionportal.reporting.figures import RANGE
from unionportal.reporting.hardship_measures import HARDSHIP_MEASURES
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.place import Figure, Part, Place
from unionportal.reporting.selectors.row_figures import Line, Section, cut_of

HARDSHIP = Section("/dashboard/hardship/", HARDSHIP_MEASURES)
#: Measures of the table of townships.
COLUMNS = ("in_force", "taken_in", "lifted", "leads_raised", "grants", "aid", "measures_overdue")
#: Of the tables by fund and by campaign.
AID_COLUMNS = ("grants", "aid")
#: Months of the series of the register.
MONTHS = 24
#: Categories by the field that counts them.
_CATEGORIES = {code or "unsorted": name for code, name in counts.CATEGORIES.items()}


def hardship_figures(place: Place, found: HardshipFigures) -> list[Figure]:
    """The tiles; those of services for whoever reads the district's money."""

    def part(key: str, words: str, tone: str = "idle") -> Part:
        return HARDSHIP.part(place, key, words, getattr(found, key), tone=tone)

    def figure(key: str, *parts: Part, remark: str = "") -> Figure:
        return HARDSHIP.figure(place, key, getattr(found, key), *parts, remark=remark)

    services = figure(
        "orders",
        part("orders_settled", "已结算"),
        part("services_paid", "支出"),
        part("allowance_used", "已用额度"),
        part("allowance_limit", "年度额度"),
    )
    return [
        figure("in_force", *(part(key, name) for key, name in _CATEGORIES.items() if getattr(found, key))),
        figure("taken_in", part("taken_in_again", "再次建档"), part("relapsed", "返困")),
        figure("lifted", part("cleared", "清档")),
        figure(
            "leads_raised",
            part("leads_verified", "已核实"),
            part("leads_confirmed", "建档"),
            part("leads_pending", "未了结", "warn" if found.leads_pending else "idle"),
        ),
        figure("grants"),
        figure("aid"),
        *([services] if keeps_the_books(place.scope) else []),
        figure(
            "measures_set",
            part("measures_done", "已完成"),
            part("measures_overdue", "逾期", "late" if found.measures_overdue else "idle"),
        ),
        figure("reviews_due"),
    ]


def township_lines(place: Place, townships: list[Unit]) -> list[Line]:
    """Every township of the place, each number with its rows."""
    return [
        Line(
            line.township.short_name,
            [HARDSHIP.part(place, key, "", getattr(line, key), township=line.township) for key in COLUMNS],
        )
        for line in counts.by_township(cut_of(place), townships)
    ]


def fund_lines(place: Place) -> list[Line]:
    """人次 and 金额 by fund, for whoever reads the district's money."""
    return _aid_lines(place, counts.by_fund(cut_of(place)), "fund") if keeps_the_books(place.scope) else []


def campaign_lines(place: Place) -> list[Line]:
    """人次 and 金额 by campaign of the four seasons."""
    return _aid_lines(place, counts.by_campaign(cut_of(place)), "campaign") if keeps_the_books(place.scope) else []


def register(place: Place) -> dict[str, Any] | None:
    """The register at the ends of the last months up to the place's, as a chart; None where no household ever came in."""
    cut = cut_of(place)
    spans = months(cut.scope, cut.last, cut.township)
    chart = register_chart(spans, shown=MONTHS)
    if chart is not None:
        in_force, lifted = chart["series"]
        ends = [Period(MONTH, span.start) for span in spans[-MONTHS:]]
        since = [Period(RANGE, spans[0].start, end.start) for end in ends]
        in_force["links"] = [HARDSHIP.url(replace(place, period=end), "in_force") for end in ends]
        lifted["links"] = [HARDSHIP.url(replace(place, period=span), "lifted") for span in since]
    return chart


def _aid_lines(place: Place, lines: Sequence[AidLine], asked: str) -> list[Line]:
    return [
        Line(
            line.name,
            [HARDSHIP.part(place, key, "", getattr(line, key), **{asked: line.code}) for key in AID_COLUMNS],
        )
        for line in lines
    ]
