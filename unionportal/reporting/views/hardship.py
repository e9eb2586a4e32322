"""`/dashboard/hardship/`: hardship aid of the place in the period, and exactly the rows behind each of its figures. Numbers alone, no person."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from hardship import figures as counts
from hardship.models import Campaign, Fund
from unionportal.core.common.errors import NotFound
from unionportal.core.orgs.models import Unit
from unionportal.reporting import markup
from unionportal.reporting.hardship_measures import GRANT
from unionportal.reporting.row_measures import RowMeasure
from unionportal.reporting.selectors import hardship as selectors
from unionportal.reporting.selectors.hardship_listings import HARDSHIP_LISTINGS
from unionportal.reporting.selectors.months import Months
from unionportal.reporting.selectors.place import Place
from unionportal.reporting.selectors.row_figures import cut_of
from unionportal.reporting.views.dashboard import SectionView
from unionportal.reporting.views.row_lists import RowListView
from unionportal.reporting.views.sections import townships_of


class HardshipView(SectionView):
    """`/dashboard/hardship/`"""

    section = "hardship/"
    freezes = False
    template_name = "reporting/dashboard_hardship.html"
    measures = selectors.HARDSHIP.ids

    def content(self, place: Place, months: Months, units: list[Unit]) -> dict[str, Any]:
        aided = [selectors.HARDSHIP.measures[key].name for key in selectors.AID_COLUMNS]
        return {
            "tiles": markup.tiles(selectors.hardship_figures(place, counts.figures(cut_of(place)))),
            "chart": selectors.register(place),
            "funds": selectors.fund_lines(place),
            "campaigns": selectors.campaign_lines(place),
            "aid_columns": aided,
            "columns": [selectors.HARDSHIP.measures[key].name for key in selectors.COLUMNS],
            "townships": selectors.township_lines(place, townships_of(place, units)),
        }


class HardshipRowsView(RowListView):
    """The list behind a figure of hardship aid; `fund=` and `campaign=` are parts of what was paid."""

    section = selectors.HARDSHIP
    listings = HARDSHIP_LISTINGS

    def narrowed(self, measure: RowMeasure, rows: QuerySet) -> tuple[QuerySet, str]:
        for name, model in (("fund", Fund), ("campaign", Campaign)):
            if asked := self.request.GET.get(name, ""):
                part = self.part(model.objects.visible_to(self.request.scope), asked)
                if measure.lists != GRANT:
                    raise NotFound("这个指标不分资金和活动。")
                return rows.filter(**{f"batch__{name}": part}), part.name
        return rows, ""

    def part(self, known: QuerySet, asked: str) -> Any:
        """The fund or campaign of the address."""
        try:
            found = known.filter(pk=asked).first()
        except ValidationError:
            found = None
        if found is None:
            raise NotFound("没有这笔资金或这项活动，或不在您的查看范围内。")
        return found
