"""One's own calendar: a month or a week on a page, and the feed other programs read."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_variables
from django.views.generic import View

from unionportal.core.access.scopes import build_scope
from unionportal.core.accounts.authentication import token_digest
from unionportal.core.common import clock
from unionportal.core.common.icalendar import MEDIA_TYPE, Event, write_calendar
from unionportal.core.common.months import month_end
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView
from unionportal.core.workcal.selectors import Cell, cells
from visits.models import CalendarFeed
from visits.plan_selectors import SUNDAY
from visits.schedule import MEETING_LASTS, Entry, entries
from visits.services.feeds import calendar_feed_renew, calendar_feed_revoke
from visits.views.plan import shown_week, week_context
from visits.weeks import week_code, week_of

#: How far the feed looks back and ahead.
FEED_BACK, FEED_AHEAD = timedelta(weeks=4), timedelta(weeks=26)
FEED_SECONDS = 600
UID_DOMAIN = "unionportal"


@dataclass(slots=True)
class CalendarDay:
    """A day of the grid; `outside`: of the month before or after."""

    cell: Cell
    outside: bool = False
    entries: list[Entry] = field(default_factory=list)


class CalendarView(PageView):
    """/plan/calendar/: `?month=2024-09` (default this one) or `?week=2024-W37`."""

    action = "plan.view"
    template_name = "visits/plan/calendar.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        by_week = "week" in request.GET
        context = self.week(today) if by_week else self.month(today)
        days = self.days(context["monday"], context["sunday"], None if by_week else context["first"].month)
        return self.page(
            {
                "days": days,
                "today": today,
                "by_week": by_week,
                "feed": CalendarFeed.objects.filter(user_id=request.scope.user_id).first(),
                **context,
            }
        )

    def week(self, today: date) -> dict[str, Any]:
        monday = shown_week(self.request.GET.get("week", ""), today)
        return {**week_context(monday, today), "month": f"{monday:%Y-%m}"}

    def month(self, today: date) -> dict[str, Any]:
        first = shown_month(self.request.GET.get("month", ""), today)
        last = month_end(first)
        here = today if first <= today <= last else first
        return {
            "first": first,
            "monday": week_of(first),
            "sunday": week_of(last) + SUNDAY,
            "previous": f"{first - timedelta(days=1):%Y-%m}",
            "following": f"{last + timedelta(days=1):%Y-%m}",
            "is_this_month": (first.year, first.month) == (today.year, today.month),
            "week": week_code(here),
        }

    def days(self, start: date, end: date, month: int | None) -> list[CalendarDay]:
        days = {
            cell.day: CalendarDay(cell, outside=month is not None and cell.day.month != month)
            for cell in cells(start, end)
        }
        for entry in entries(self.request.scope, start, end):
            days[entry.day].entries.append(entry)
        return list(days.values())


class FeedView(PageView):
    """/plan/calendar/feed/: give out a new address (shown once), or end the present one."""

    action = "plan.view"
    template_name = "visits/plan/feed.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"feed": CalendarFeed.objects.filter(user_id=request.scope.user_id).first()})

    @method_decorator(sensitive_variables("token", "address"))
    def post(self, request: HttpRequest) -> HttpResponse:
        if "revoke" in request.POST:
            ended = calendar_feed_revoke(actor=request.scope)
            messages.success(request, "日历订阅已停用，原来的地址不再有效。" if ended else "没有启用中的日历订阅。")
            return redirect("calendar-feed")
        token = calendar_feed_renew(actor=request.scope)
        address = request.build_absolute_uri(reverse("calendar-ics", args=[token]))
        response = self.page({"address": address})
        response["Cache-Control"] = "no-store"
        return response


class FeedFileView(View):
    """/calendar/<token>.ics: whoever has the address reads it. A wrong or ended one, and that of a disabled account, is not there."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        feed = CalendarFeed.objects.select_related("user").filter(digest=token_digest(token)).first()
        scope = build_scope(feed.user) if feed is not None else None
        if scope is None or not allowed(scope, "plan.view"):
            return HttpResponseNotFound("没有这个日历，可能已经停用。", content_type="text/plain; charset=utf-8")
        response = HttpResponse(self.content(scope), content_type=MEDIA_TYPE)
        response["Cache-Control"] = f"private, max-age={FEED_SECONDS}"
        response["X-Robots-Tag"] = "noindex"
        return response

    def content(self, scope: Scope) -> bytes:
        today, now = clock.today(), clock.now()
        found = entries(scope, today - FEED_BACK, today + FEED_AHEAD, with_visits_made=False)
        return write_calendar("越工周记", [event_of(entry, now, self.request) for entry in found])


def event_of(entry: Entry, now: datetime, request: HttpRequest) -> Event:
    """An entry as an event: what kind, and whose name; no words people typed."""
    start: date | datetime = entry.day
    if entry.starts_at is not None:
        start = datetime.combine(entry.day, entry.starts_at, clock.SHANGHAI)
    return Event(
        uid=f"{entry.key}@{UID_DOMAIN}",
        start=start,
        summary=f"{entry.label}：{entry.name}",
        stamp=entry.changed_at or now,
        url=request.build_absolute_uri(entry.url),
        lasts=MEETING_LASTS,
        sequence=entry.version,
    )


def shown_month(text: str, today: date) -> date:
    """The first day of the month asked for; this month's for anything that is none."""
    if re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", text):
        return date(int(text[:4]), int(text[5:]), 1)
    return today.replace(day=1)
