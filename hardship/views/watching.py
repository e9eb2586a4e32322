"""The lists that watch over files (提醒), and how the register has come along."""

from itertools import accumulate
from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse

from hardship import codes
from hardship.models import FileMember
from hardship.personal import seen_by
from hardship.progress import MONTHS_SHOWN, Span, months
from hardship.selectors import file_row
from hardship.views.files import PersonalPage
from hardship.watching import ORDER, WATCHES, find_watch, latest_signals, watched
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
from unionportal.core.common.formats import zh_month
from unionportal.core.common.pagination import count_label, keyset_page


class WatchesView(PersonalPage):
    """/hardship/watch/: the size of every list, and the register month by month."""

    action = "watch.view"
    template_name = "hardship/watch/index.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        spans = months(request.scope, today)
        context = {
            "tiles": [(watch, count_label(watched(watch, request.scope, today))) for watch in WATCHES],
            "chart": progress_chart(spans) if spans else None,
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


def progress_chart(spans: list[Span]) -> dict[str, Any]:
    """Households in force at each month's end, and those lifted out by then; the last months, where there are many."""
    lifted = list(accumulate(span.lifted for span in spans))
    shown = list(zip(spans, lifted, strict=True))[-MONTHS_SHOWN:]
    first, last = shown[0][0].start, shown[-1][0].start
    period = zh_month(first) + (f"至{zh_month(last)}" if last != first else "")
    return {
        "id": "hardship-progress",
        "title": f"在档困难职工家庭，{period}（月末）",
        "kind": "line",
        "labels": [
            f"{span.start:%y}年{span.start.month}月" if not place or span.start.month == 1 else f"{span.start.month}月"
            for place, (span, _) in enumerate(shown)
        ],
        "series": [
            {"name": "在档", "values": [span.at_end for span, _ in shown]},
            {"name": "累计脱困", "values": [so_far for _, so_far in shown], "style": "dashed"},
        ],
        "unit": "户",
        "decimals": 0,
        "table_head": "月末",
    }
