"""Pages of supplies: what warns over all stations one sees, and what lies at one."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from casework.views.acts import Act, ActsView
from stations.care_selectors import supplies_wanting, warning_of
from stations.forms.supplies import CountForm, RemoveForm, SupplyForm
from stations.models import Station, Supply, SupplyChange
from stations.services.log import may_keep
from stations.services.supplies import supply_add, supply_count, supply_remove
from unionportal.core.common import clock
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, get_or_404

#: Warnings one page shows; a station with more has them on its own page.
MOST = 200
CHANGES_SHOWN = 20


class SupplyWarningsView(PageView):
    action = "care.view"
    template_name = "stations/care/supply_warnings.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = supplies_wanting(request.scope, clock.today())
        warnings = [warning_of(supply, clock.today()) for supply in rows[:MOST]]
        return self.page({"warnings": warnings, "all": rows.count()})


def _keeps(station: Station, scope: Scope) -> bool:
    return station.may_change and may_keep(station, scope)


class SupplyView(ActsView):
    """What lies at a station. The list has no version: each row has its own, and the choice names the row."""

    action = "care.view"
    template_name = "stations/care/supplies.html"
    acts = (
        Act(
            "remove",
            "移出清单",
            "trash",
            RemoveForm,
            lambda s, actor, version, given: supply_remove(actor=actor, **given["supply"]),
            _keeps,
            lambda s: Supply.objects.in_stock().filter(station=s, quantity=0).exists(),
            words="只能移出已经用完的物资。",
            done="已移出。",
        ),
        Act(
            "count",
            "登记变动",
            "edit",
            CountForm,
            lambda s, actor, version, given: supply_count(actor=actor, **given.pop("supply"), **given),
            _keeps,
            lambda s: Supply.objects.in_stock().filter(station=s).exists(),
            done="已登记。",
            submit="登记",
        ),
        Act(
            "add",
            "添加物资",
            "plus",
            SupplyForm,
            lambda s, actor, version, given: supply_add(station=s.code, actor=actor, **given),
            _keeps,
            done="已添加。",
            submit="添加",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> Station:
        return get_or_404(Station.objects.visible_to(request.scope).select_related("township"), code=where["code"])

    def address(self, subject: Station) -> str:
        return reverse("supplies", args=[subject.code])

    def context(self, request: HttpRequest, subject: Station) -> dict[str, Any]:
        today = clock.today()
        rows = Supply.objects.in_stock().filter(station=subject)
        changes = SupplyChange.objects.filter(supply__station=subject).select_related("supply", "actor")
        return {
            "station": subject,
            "rows": [warning_of(supply, today) for supply in rows],
            "changes": changes[:CHANGES_SHOWN],
        }
