"""From what was measured to points, total and rank, line by line, so that every total can be worked out again on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.urls import reverse

from unionportal.core.accounts.models import User
from unionportal.core.common import clock, formats
from unionportal.core.orgs.models import Unit
from unionportal.core.params.values import value
from unionportal.reporting.evaluations.indicators import CENT, INDICATORS, Indicator, Measured, Rule
from unionportal.reporting.evaluations.measuring import Taken, Who, take_cadres, take_townships, year_period
from unionportal.reporting.freezing import hold_the_log
from unionportal.reporting.rollups.refresh import refresh
from unionportal.reporting.selectors.people import MET, WRITTEN
from unionportal.reporting.selectors.rows import period_rows_url
from visits.evaluation_results import ranked
from visits.evaluation_workflow import CADRE, TOWNSHIP
from visits.models import EvaluationRound, KeptIndicator

#: Indicators over issues, whose rows the log gives as they were; and those over weeks, with the part of the weeks that counts for them.
OF_ISSUES = frozenset({"received", "resolution", "overdue", "satisfaction"})
OF_WEEKS = {"quota": MET, "journals": WRITTEN}


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator's working. `share` is its weight once those that measure nothing have given theirs to the others; `now` what it is today, where
    that differs from what was locked."""

    indicator: Indicator
    measured: Measured
    points: Decimal | None
    weight: int
    share: Decimal
    few: bool = False
    now: str = ""
    numerator_url: str = ""
    denominator_url: str = ""
    rows_are_todays: bool = False  # the figure was locked, its rows are not kept as they were

    @property
    def weighted(self) -> Decimal | None:
        """What it adds to the total."""
        return None if self.points is None else (self.points * self.share / 100).quantize(CENT, ROUND_HALF_UP)

    @property
    def value(self) -> str:
        """The figure as the pages print it: 94.70%, 36 件, or — where there is nothing to divide by."""
        return value_words(self.indicator, self.measured)

    @property
    def parts(self) -> bool:
        """Whether it has two parts to show."""
        return self.indicator.rule != Rule.POINTS and self.measured.denominator > 0

    @property
    def plain(self) -> str:
        """Why a part opens nothing: meetings are listed on the page of the working, a target is set; weeks are for the district."""
        return {"attendance": "below", "received": "set"}.get(self.indicator.id, "district")

    @property
    def numerator(self) -> str:
        return formats.count(self.measured.numerator)


@dataclass(frozen=True, slots=True)
class Working:
    """The working of one cadre or township. `total` None where nothing could be measured."""

    who: Who
    lines: list[Line]
    rank: int | None = None
    tied: bool = False

    @property
    def total(self) -> Decimal | None:
        """The sum of the weighted points as they are printed."""
        found = [line.weighted for line in self.lines if line.weighted is not None]
        return sum(found, Decimal()) if found else None

    @property
    def differs(self) -> bool:
        """Whether today's figures are others than those locked."""
        return any(line.now for line in self.lines)

    @property
    def rank_words(self) -> str:
        """第3名, 并列第3名, or —."""
        return formats.NOTHING if self.rank is None else f"{'并列' if self.tied else ''}第{self.rank}名"


def value_words(indicator: Indicator, measured: Measured) -> str:
    if measured.denominator == 0:
        return formats.NOTHING
    if indicator.rule == Rule.POINTS:
        return f"{measured.numerator.quantize(CENT)} 分"
    if indicator.rule == Rule.TARGET:
        return f"{formats.count(measured.numerator)} 件"
    return formats.rate({"numerator": measured.numerator, "denominator": measured.denominator})


def workings(found: EvaluationRound, subject: str, today: date, *, outcomes: bool) -> list[Working]:
    """Everybody's working, ranked: as locked where the round is, with today's figures beside those that differ; else as of today.

    `outcomes`: whether the reader may know what reviewers gave; without, a locked round is shown as it would be today, without scores.
    """
    live = live_workings(found, subject, today, outcomes=outcomes)
    if not (found.is_settled and outcomes):
        return live
    return _kept(found, subject, {work.who.pk: work for work in live})


def live_workings(found: EvaluationRound, subject: str, today: date, *, outcomes: bool) -> list[Working]:
    """The working of everybody as of today."""
    taken = (take_cadres if subject == CADRE else take_townships)(found, today, outcomes=outcomes)
    weights = {row.indicator: row.weight for row in found.weights.all() if row.subject == subject}
    few = int(value("figures.small_denominator"))
    return _ranked([_working(found, one, weights, few) for one in taken])


def kept_figures(found: EvaluationRound) -> tuple[int, list[KeptIndicator]]:
    """What a lock keeps, within its transaction: the last step there is (no other comes until the transaction ends), and everything measured, of everybody."""
    refresh()
    last_step = hold_the_log("锁定")
    today = clock.today()
    return last_step, [
        KeptIndicator(
            round=found,
            cadre_id=work.who.pk if subject == CADRE else None,
            township_id=work.who.pk if subject == TOWNSHIP else None,
            indicator=line.indicator.id,
            numerator=line.measured.numerator,
            denominator=line.measured.denominator,
            points=line.points,
            weight=line.weight,
            few=line.few,
        )
        for subject in (CADRE, TOWNSHIP)
        for work in live_workings(found, subject, today, outcomes=True)
        for line in work.lines
    ]


def _working(found: EvaluationRound, taken: Taken, weights: Mapping[str, int], few: int) -> Working:
    lines = [
        _line(found, taken.who, indicator, taken.measured[indicator.id], weights.get(indicator.id, 0), few)
        for indicator in INDICATORS
    ]
    return Working(taken.who, _shared(lines))


def _line(found: EvaluationRound, who: Who, indicator: Indicator, measured: Measured, weight: int, few: int) -> Line:
    is_rate = indicator.rule in (Rule.SHARE, Rule.INVERTED)
    numerator_url, denominator_url = _urls(found, who, indicator)
    return Line(
        indicator,
        measured,
        measured.points(indicator.rule),
        weight,
        Decimal(weight),
        few=is_rate and 0 < measured.denominator < few,
        numerator_url=numerator_url,
        denominator_url=denominator_url,
    )


def _shared(lines: Sequence[Line]) -> list[Line]:
    """The weight of what measures nothing goes to the others, in proportion to theirs."""
    measured = sum(line.weight for line in lines if line.points is not None)
    return [
        replace(line, share=(Decimal(100 * line.weight) / measured).quantize(CENT, ROUND_HALF_UP))
        if line.points is not None and measured
        else replace(line, share=Decimal())
        for line in lines
    ]


def _ranked(rows: Sequence[Working]) -> list[Working]:
    return [replace(work, rank=rank, tied=tied) for work, rank, tied in ranked(rows, lambda work: work.total)]


def _kept(found: EvaluationRound, subject: str, live: Mapping[int, Working]) -> list[Working]:
    """Everybody's working from the locked rows; who was measured then and is not today has no present figures."""
    column = f"{subject}_id"
    rows: dict[int, dict[str, KeptIndicator]] = {}
    for row in found.kept.exclude(**{subject: None}).select_related(subject):
        rows.setdefault(getattr(row, column), {})[row.indicator] = row
    found_rows = []
    for pk, kept in rows.items():
        now = live.get(pk)
        who = now.who if now else _who(subject, next(iter(kept.values())))
        present = {line.indicator.id: line for line in now.lines} if now else {}
        lines = [
            _kept_line(found, who, indicator, kept[indicator.id], present.get(indicator.id))
            for indicator in INDICATORS
            if indicator.id in kept
        ]
        found_rows.append(Working(who, _shared(lines)))
    return _ranked(found_rows)


def _kept_line(
    found: EvaluationRound, who: Who, indicator: Indicator, row: KeptIndicator, present: Line | None
) -> Line:
    measured = Measured(row.numerator, row.denominator)
    numerator_url, denominator_url = _urls(found, who, indicator, locked=True)
    differs = present is not None and (present.measured.numerator, present.measured.denominator) != (
        row.numerator,
        row.denominator,
    )
    now = (
        present.value + (f"（{present.numerator}/{present.measured.denominator}）" if present.parts else "")
        if differs and present
        else ""
    )
    return Line(
        indicator,
        measured,
        row.points,
        row.weight,
        Decimal(row.weight),
        few=row.few,
        now=now,
        numerator_url=numerator_url,
        denominator_url=denominator_url,
        rows_are_todays=indicator.id not in OF_ISSUES and bool(numerator_url or indicator.id == "attendance"),
    )


def _who(subject: str, row: KeptIndicator) -> Who:
    whose: User | Unit | None = row.cadre if subject == CADRE else row.township
    key = getattr(whose, "username", "") or getattr(whose, "code", "")
    return Who(subject, whose.pk if whose else 0, key, getattr(whose, "short_name", "") or str(whose))


def _urls(found: EvaluationRound, who: Who, indicator: Indicator, *, locked: bool = False) -> tuple[str, str]:
    """The pages that list the rows of the two parts; "" where there is none. `locked`: issues as the log had them when the round was locked."""
    period = year_period(found.year)
    if indicator.id in OF_WEEKS:
        name, key = ("figure-weeks", who.pk) if who.subject == CADRE else ("figure-unit-weeks", who.key)
        weeks = f"{reverse(name, args=[key])}?{period.query}"
        return f"{weeks}&part={OF_WEEKS[indicator.id]}", weeks
    more: dict[str, Any] = {"cadre": who.pk} if who.subject == CADRE else {"unit": who.key}
    if locked and indicator.id in OF_ISSUES:
        more["evaluation"] = found.year
    first, second = (period_rows_url(measure, period, **more) if measure else "" for measure in indicator.rows)
    return first, second
