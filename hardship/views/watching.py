"""The lists that watch over files (提醒), and how the register has come along."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse

from hardship import codes
from hardship.models import FileMember
from hardship.personal import seen_by
from hardship.selectors import file_row
from hardship.views.files import PersonalPage
from hardship.watching import ORDER, WATCHES, MonthEnd, find_watch, latest_signals, progress, watched
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.pagination import count_label, keyset_page


class WatchesView(PersonalPage):
    """/hardship/watch/: the size of every list, and the register month by month."""

    action = "watch.view"
    template_name = "hardship/watch/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        months = progress(request.scope, today)
        context = {
            "tiles": [(watch, count_label(watched(watch, request.scope, today))) for watch in WATCHES],
            "months": months,
            "chart": progress_chart(months) if months else None,
        }
        return self.page(context)


class WatchView(PersonalPage):
    """/hardship/watch/<key>/: the files on one list, the longest there first."""

    action = "watch.view"
    template_name = "hardship/watch/list.html"

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        watch, today = find_watch(key), clock.today()
        if watch is None:
            raise NotFound
        holders = Prefetch("members", FileMember.objects.filter(relation=codes.HOLDER))
        signals = Prefetch("signals", latest_signals().select_related("batch"), to_attr="shown_signals")
        files = watched(watch, request.scope, today).select_related("township").prefetch_related(holders, signals)
        page = keyset_page(files, request, order=ORDER)
        sight = seen_by(request.scope, page.items)
        context = {
            "watch": watch,
            "watches": WATCHES,
            "page": page,
            "rows": [{**file_row(file, sight), "why": watch.says(file, today)} for file in page.items],
        }
        return self.page(context)


def progress_chart(months: list[MonthEnd]) -> dict[str, Any]:
    """Households in the register at each month's end, and those lifted out by then."""
    first, last = months[0].month, months[-1].month
    period = f"{first:%Y}年{first.month}月" + (f"至{last:%Y}年{last.month}月" if last != first else "")
    return {
        "id": "hardship-progress",
        "title": f"在档困难职工家庭，{period}（月末）",
        "kind": "line",
        "labels": [
            f"{row.month:%y}年{row.month.month}月" if not place or row.month.month == 1 else f"{row.month.month}月"
            for place, row in enumerate(months)
        ],
        "series": [
            {"name": "在档", "values": [row.in_force for row in months]},
            {"name": "累计脱困", "values": [row.lifted for row in months], "style": "dashed"},
        ],
        "unit": "户",
        "decimals": 0,
        "table_head": "月末",
    }
