"""What would close a gap: which townships lack what, and where one more station would reach most workers. Source: docs/domain.md, "Coverage"."""

from collections import defaultdict
from dataclasses import dataclass

from stations.coverage import Coverage, EmployerCover, TownshipCover
from stations.nearness import Nearness

#: Sites proposed, and the enterprises tried as one: those with the most workers.
MOST_SITES, MOST_TRIED = 5, 50


@dataclass(frozen=True, slots=True)
class TownshipGap:
    """A township without a station, or whose middle no circle reaches; with its enterprises and their workers out of reach."""

    cover: TownshipCover
    employers: int
    workers: int


@dataclass(frozen=True, slots=True)
class Site:
    """A station beside this enterprise would reach so many enterprises and workers that none reaches now."""

    beside: EmployerCover
    employers: int
    workers: int


def township_gaps(coverage: Coverage) -> list[TownshipGap]:
    """Those without any station first, then by the workers out of reach."""
    beyond: dict[int, list[EmployerCover]] = defaultdict(list)
    for row in coverage.employer_gaps:
        beyond[row.enterprise.township_id].append(row)
    gaps = [
        TownshipGap(row, len(beyond[row.township.pk]), _workers(beyond[row.township.pk]))
        for row in coverage.townships
        if not row.stations or (row.metres is not None and not row.within)
    ]
    return sorted(gaps, key=lambda gap: (gap.cover.stations > 0, -gap.workers, gap.cover.township.code))


def sites_for(coverage: Coverage) -> list[Site]:
    """Beside which enterprises to build, the best first: each counts only what the ones before it leave out of reach."""
    left = {row.enterprise.pk: row for row in coverage.employer_gaps}
    around = Nearness(((pk, row.point) for pk, row in left.items() if row.point), side=float(coverage.radius))
    reached = {
        row.enterprise.pk: around.within(row.point, coverage.radius)
        for row in list(left.values())[:MOST_TRIED]
        if row.point is not None
    }
    sites: list[Site] = []
    tried = dict(left)
    while reached and len(sites) < MOST_SITES:
        best = max(reached, key=lambda pk: (_workers([left[each] for each in reached[pk] if each in left]), -pk))
        found = [left.pop(pk) for pk in reached.pop(best) if pk in left]
        if not _workers(found):
            break
        sites.append(Site(tried[best], len(found), _workers(found)))
    return sites


def _workers(rows: list[EmployerCover]) -> int:
    return sum(row.workers or 0 for row in rows)
