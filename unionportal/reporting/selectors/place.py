"""Who looks at which unit for which period, and the figures of such a page with the addresses of their rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.spelled import Spelled, columns
from unionportal.core.orgs.models import Unit
from unionportal.reporting.models import Freeze
from unionportal.reporting.rollups.periods import MONTH
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.rows import ALL, OF_VISITS, period_rows_url, rows_url

#: What these pages show as it is now, whatever is frozen.
_NEVER_FROZEN = frozenset(definition.id for definition in OF_VISITS)


@dataclass(frozen=True, slots=True)
class Part:
    """A number beside a figure, with its own rows; `title` says more than the few words do."""

    words: str
    url: str
    count: int | Decimal  # money, where the figure is a sum of it
    tone: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: the value as printed, the rows behind it and how many they are, what it means, its parts and how it stands to others."""

    id: str
    label: str
    value: str
    url: str
    count: int | Decimal
    hint: str
    parts: list[Part] = field(default_factory=list)
    fraction: tuple[Part, ...] = ()
    standings: list[Part] = field(default_factory=list)
    remark: str = ""
    tone: str = "idle"
    few: bool = False
    unit: str = ""  # where the label does not say what is counted

    @property
    def short(self) -> str:
        """The label where the period is plain already."""
        return self.label.split("（本")[0]


@dataclass(frozen=True, slots=True)
class Place:
    """A reader looking at one unit for one period. `freezes`: the current revision of each frozen month whose frozen figures are shown.

    `published`: the number of the analysis whose figures are shown as they were when it was published.
    """

    scope: Scope
    unit: Unit
    period: Period
    today: date
    freezes: Mapping[date, Freeze] = field(default_factory=dict)
    published: int | None = None

    @property
    def is_district(self) -> bool:
        return self.unit.kind == Unit.Kind.DISTRICT

    @property
    def township(self) -> Unit | None:
        return None if self.is_district else self.unit

    @property
    def name(self) -> str:
        """全区, or the township."""
        return "全区" if self.is_district else self.unit.short_name

    @property
    def end(self) -> date:
        """The last day there can be rows of."""
        return min(self.period.end, self.today)

    @property
    def running(self) -> bool:
        """Whether the period is not over yet."""
        return self.period.holds(self.today)

    @property
    def freeze(self) -> Freeze | None:
        """The freeze behind the figures of the period, which only a month can have: longer periods are shown as they are now."""
        return self.freeze_of(self.period)

    def freeze_of(self, period: Period) -> Freeze | None:
        """The same for another period of the page."""
        return self.freezes.get(period.start) if period.kind == MONTH else None

    def url(self, measure: str, period: Period | None = None, **more: Any) -> str:
        """Where the rows of a measure of this place are listed; behind a frozen or published figure those of its moment."""
        span = period or self.period
        more.setdefault("unit", self.unit.code)
        of_the_present = measure in _NEVER_FROZEN or "holder" in more
        freeze = None if of_the_present else self.freeze_of(span)
        if freeze is not None:
            more["known"] = freeze.revision
        elif self.published and not of_the_present:
            more["published"] = self.published
        return period_rows_url(measure, span, **more)

    def all_url(self, measure: str, **more: Any) -> str:
        """The same since the first row."""
        more.setdefault("unit", self.unit.code)
        return rows_url(measure, ALL, None, **more)


_OF_DISTRICT = Spelled(
    lambda: Unit.objects.filter(kind__in=[Unit.Kind.DISTRICT.value, Unit.Kind.TOWNSHIP.value]).values_list(
        *columns(Unit)
    )
)


def units_of(scope: Scope) -> list[Unit]:
    """The units whose figures a person may open, the widest first: the district and its townships, or one's own townships."""
    if scope.district:
        return sorted(_OF_DISTRICT.objects(Unit), key=lambda unit: (unit.kind != Unit.Kind.DISTRICT, unit.code))
    return list(Unit.objects.filter(pk__in=scope.township_ids).order_by("code"))


def places_of(scope: Scope) -> list[Unit]:
    """The same with the townships a cadre is posted to: whose analyses a person may open."""
    if scope.district or not scope.has(Role.CADRE):
        return units_of(scope)
    return list(Unit.objects.filter(pk__in=scope.township_ids | scope.posted_township_ids).order_by("code"))
