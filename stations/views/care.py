"""The first page of the care of stations: what is to be done, by station."""

from django.http import HttpRequest, HttpResponse

from stations.care_selectors import month_of, supplies_wanting, unchecked, warning_of
from stations.models import Keepership, Repair, SpotTask, Station
from unionportal.core.common import clock
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView

#: So many lines of each list; the rest is on the list's own page.
SHOWN = 8


class CareView(PageView):
    action = "care.view"
    template_name = "stations/care/overview.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        scope, today = request.scope, clock.today()
        month = today.replace(day=1)
        standing = Station.objects.visible_to(scope).standing().count()
        missing = unchecked(scope, today).count()
        only_missing = request.GET.get("shown", "") == "missing"
        page = keyset_page(month_of(scope, month, only_missing=only_missing), request, order=("code",))
        repairs = Repair.objects.visible_to(scope).open().select_related("station", "assignee").order_by("due_on", "pk")
        wanting = supplies_wanting(scope, today)
        kept = Keepership.objects.in_force(today).filter(user_id=scope.user_id).values_list("station_id", flat=True)
        return self.page(
            {
                "month": month,
                "today": today,
                "page": page,
                "only_missing": only_missing,
                "all": standing,
                "done": standing - missing,
                "kept": set(kept) if request.may("check.file") else set(),
                "repairs": repairs[:SHOWN],
                "repairs_open": repairs.count(),
                "repairs_late": Repair.objects.visible_to(scope).late(today).count(),
                "warnings": [warning_of(supply, today) for supply in wanting[:SHOWN]],
                "warnings_all": wanting.count(),
                "spot_tasks": list(
                    SpotTask.objects.open().filter(inspector_id=scope.user_id).select_related("station__township")
                ),
            }
        )
