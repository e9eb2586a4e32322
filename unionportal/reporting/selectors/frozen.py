"""Reads for the pages of frozen months and of their revisions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from casework.models import Issue
from unionportal.core.common import formats
from unionportal.core.common.scope import Scope
from unionportal.reporting import freezing
from unionportal.reporting.figures import Figures, district, revision_figures, rollup_rows
from unionportal.reporting.measures import COUNTS, FLOWS, OPEN_AT_END, RATES
from unionportal.reporting.models import Freeze
from unionportal.reporting.rates import points
from unionportal.reporting.rollups.periods import MONTH, period_label
from unionportal.reporting.selectors.definitions import version_words
from unionportal.reporting.selectors.frozen_visits import Moved, VisitTable, moved_visits, visit_table
from unionportal.reporting.selectors.place import Part
from unionportal.reporting.selectors.rows import rows_url

#: Issues named on the page of a month; a longer list is counted.
LISTED = 50


@dataclass(frozen=True, slots=True)
class MonthLine:
    """A month with the figures that stand for it: those of its current revision, or live ones, each with its rows."""

    state: freezing.MonthState
    label: str
    received: Part
    resolved: Part
    resolution: Part


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure of the district in two states of a month, each with its rows; `before` None where there is none to compare with."""

    name: str
    before: Part | None
    after: Part
    change: str = ""


@dataclass(frozen=True, slots=True)
class FrozenMonth:
    """Everything the page of one month shows."""

    line: MonthLine
    revisions: QuerySet[Freeze]
    differences: list[Difference]
    changed: list[Issue]
    changed_count: int
    visits: VisitTable | None
    moved: Moved
    versions: str  # of the definitions the current revision was counted by


@dataclass(frozen=True, slots=True)
class FrozenRevision:
    """Everything the page of one revision shows but its list of issues: `seen` of them are within the reader's reach, `hidden` are not."""

    freeze: Freeze
    before: Freeze | None
    is_current: bool
    label: str
    figures: list[Difference]
    causes: QuerySet[Issue]
    seen: int
    hidden: int
    visits: VisitTable
    moved: Moved

    @property
    def shown(self) -> list[Difference]:
        """The figures that changed; of a first revision, which has nothing before it, all."""
        return [one for one in self.figures if one.change or self.before is None]

    @property
    def folded(self) -> list[Difference]:
        """Those that are as they were, opened on demand."""
        return [one for one in self.figures if not one.change and self.before is not None]


def frozen_months(today: date) -> list[MonthLine]:
    """Every month that is over, the newest first."""
    states = freezing.month_states(today)
    if not states:
        return []
    rows = rollup_rows(period=MONTH, start=states[-1].month, end=states[0].month, units=[district()], frozen=True)
    figures = {row.start: row for row in rows}
    return [_month_line(state, figures[state.month]) for state in states]


def _month_line(state: freezing.MonthState, figures: Figures) -> MonthLine:
    parts = [_part(figures, measure, state.freeze) for measure in ("received", "resolved", "resolution")]
    return MonthLine(state, period_label(MONTH, state.month), *parts)


def frozen_month(first: date, today: date) -> FrozenMonth:
    """One of them, with its revisions and what changed since the last."""
    state = next(state for state in freezing.month_states(today) if state.month == first)
    (figures,) = rollup_rows(period=MONTH, start=first, units=[district()], frozen=True)
    revisions = Freeze.objects.filter(month=first).select_related("author").annotate(number=Count("causes"))
    differences: list[Difference] = []
    changed: QuerySet[Issue] = Issue.objects.none()
    if state.freeze is not None and state.changed:
        (live,) = rollup_rows(period=MONTH, start=first, units=[district()])
        differences = [one for one in _compared(figures, state.freeze, live, None) if one.change]
        changed = freezing.changed_since(state.freeze)
    return FrozenMonth(
        line=_month_line(state, figures),
        revisions=revisions.order_by("-revision"),
        differences=differences,
        changed=list(changed.order_by("code")[:LISTED]),
        changed_count=changed.count(),
        visits=visit_table(state.freeze) if state.freeze else None,
        moved=moved_visits(state.freeze),
        versions=version_words(state.freeze) if state.freeze else "",
    )


def frozen_revision(freeze: Freeze, scope: Scope) -> FrozenRevision:
    """A revision of a month: its figures beside those of the one before, and the issues behind it."""
    revisions = {one.revision: one for one in Freeze.objects.filter(month=freeze.month).select_related("author")}
    before = revisions.get(freeze.revision - 1)
    figures = revision_figures(freeze, district())
    earlier = revision_figures(before, district()) if before else None
    causes = freeze.issues.all()
    visible = Issue.objects.visible_to(scope).filter(pk__in=causes.values("pk"))
    seen = visible.count()
    return FrozenRevision(
        freeze=revisions[freeze.revision],
        before=before,
        is_current=freeze.revision == max(revisions),
        label=period_label(MONTH, freeze.month),
        figures=list(_compared(earlier, before, figures, freeze)),
        causes=visible,
        seen=seen,
        hidden=causes.count() - seen,
        visits=visit_table(freeze, before),
        moved=moved_visits(before, freeze),
    )


def _compared(
    before: Figures | None, before_freeze: Freeze | None, after: Figures, after_freeze: Freeze | None
) -> Iterator[Difference]:
    """Every figure that both states have, counts before rates; what was not counted yet when a month was frozen is left out."""
    for measure in (*COUNTS, *FLOWS, OPEN_AT_END):
        then, now = before[measure.id] if before else None, after[measure.id]
        if now is None or (before is not None and then is None):
            continue
        yield Difference(
            measure.name,
            _part(before, measure.id, before_freeze) if before else None,
            _part(after, measure.id, after_freeze),
            f"{int(now) - int(then):+,d}" if then is not None and now != then else "",
        )
    for rate in RATES:
        yield Difference(
            rate.name,
            _part(before, rate.id, before_freeze) if before else None,
            _part(after, rate.id, after_freeze),
            points(before.rates[rate.id], after.rates[rate.id]) if before else "",
        )


def _part(figures: Figures, measure: str, freeze: Freeze | None) -> Part:
    """A figure of the district with its rows: those of the revision's moment, or of the present."""
    url = rows_url(measure, MONTH, figures.start, known=freeze.revision if freeze else "")
    if measure in figures.rates:
        rate = figures.rates[measure]
        return Part(rate.text, url, rate.denominator)
    count = int(figures[measure] or 0)
    return Part(formats.count(count), url, count)
