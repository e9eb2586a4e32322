"""The lists that watch over files (提醒), and how the register has come along."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse

from hardship import codes
from hardship.models import FileMember
from hardship.personal import seen_by
from hardship.progress import months, register_chart
from hardship.selectors import file_row
from hardship.views.files import PersonalPage
from hardship.watching import ORDER, WATCHES, find_watch, latest_signals, watched
from unionportal.core.common import clock
from unionportal.core.common.errors import NotFound
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
            "chart": register_chart(spans),
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
