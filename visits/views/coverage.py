"""Coverage (走访覆盖): which key enterprises nobody answers for, or nobody called on for long."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from unionportal.core.common import clock
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView
from unionportal.core.orgs.models import Enterprise
from visits.coverage import by_township, cadres_at, key_enterprises
from visits.filters import CoverageFilter

ORDER = ("township__code", "pinyin_key", "id")
MEASURES = ("total", "unposted", "unvisited", "never")


class CoverageView(PageView):
    """/coverage/"""

    action = "coverage.view"
    template_name = "visits/coverage.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        found = key_enterprises(request.scope, today)
        filters = CoverageFilter(request.GET, queryset=found)
        page = keyset_page(filters.qs, request, order=ORDER)
        townships = by_township(found, filters.before)
        return self.page(
            {
                "filter": filters,
                "page": page,
                "rows": self.rows(page.items),
                "townships": townships,
                "sums": {name: sum(int(str(row[name])) for row in townships) for name in MEASURES},
                "gap_days": (today - filters.before).days,
                "can_post": request.may("posting.manage"),
            }
        )

    def rows(self, enterprises: list[Enterprise]) -> list[dict[str, Any]]:
        """Each enterprise with its cadres, the weeks since the last visit, and whether the reader may log one."""
        today = clock.today()
        names = cadres_at(enterprises, today)
        logs = self.request.may("visit.create")
        return [
            {
                "enterprise": enterprise,
                "cadres": names[enterprise.pk],
                "weeks": (today - enterprise.last_visit_on).days // 7 if enterprise.last_visit_on else None,
                "can_log": logs and answers_for(self.request.scope, enterprise),
            }
            for enterprise in enterprises
        ]


def answers_for(scope: Scope, enterprise: Enterprise) -> bool:
    """Whether the enterprise lies in a posting of the reader."""
    return enterprise.township_id in scope.posted_township_ids or enterprise.pk in scope.posted_enterprise_ids
