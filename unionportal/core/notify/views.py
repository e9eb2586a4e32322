"""Pages of notifications: the list behind the bell, one line, and how one wants to hear."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.sealed import Unreadable
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.notify.forms import ChannelForm, QuietForm
from unionportal.core.notify.models import Channel, Delivery, Kind, Notification, QuietHours
from unionportal.core.notify.services import channel_set, notification_read, quiet_set
from unionportal.core.notify.targets import masked, target_of
from unionportal.core.params.values import value


class NotificationListView(PageView):
    """Own notifications, newest first. POST: all are read."""

    action = "notification.view"
    template_name = "notify/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Notification.objects.filter(user_id=request.scope.user_id)
        unread = request.GET.get("unread") == "1"
        if unread:
            rows = rows.filter(read_at=None)
        page = keyset_page(rows, request, order=("-id",))
        return self.page({"page": page, "unread": unread})

    def post(self, request: HttpRequest) -> HttpResponse:
        count = notification_read(actor=request.scope)
        messages.success(request, f"{count} 条消息已标为已读。" if count else "没有未读消息。")
        return redirect("notifications")


class NotificationOpenView(PageView):
    """To what a notification is about; it counts as read then."""

    action = "notification.view"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_or_404(Notification.objects.filter(user_id=request.scope.user_id), pk=pk)
        notification_read(actor=request.scope, pk=pk)
        return redirect(row.url)


class ChannelsView(PageView):
    """How one wants to hear besides the portal, of what, and when not."""

    action = "notification.view"
    template_name = "notify/channels.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self._context(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        way = request.POST.get("way", "")
        if way == "quiet":
            return self._quiet(request)
        if way not in Channel.Way.values:
            return redirect("channels")
        kept = Channel.objects.filter(user_id=request.scope.user_id, way=way).first()
        form = ChannelForm(request.POST, way=way, kept=_masked(kept))
        if form.is_valid():
            given = dict(form.cleaned_data)
            if "remove" in request.POST:
                given["target"] = ""
            elif not given["target"] and kept is not None:
                given["target"] = target_of(kept)
            elif not given["target"]:
                form.add_error("target", "请填写地址。")
                return self.page(self._context(request, {way: form}), status=422)
            try:
                channel_set(way=way, actor=request.scope, **given)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, f"{form.name}已{'移除' if 'remove' in request.POST else '保存'}。")
                return redirect("channels")
        return self.page(self._context(request, {way: form}), status=422)

    def _quiet(self, request: HttpRequest) -> HttpResponse:
        form = QuietForm(request.POST)
        if form.is_valid():
            try:
                quiet_set(actor=request.scope, **form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, "免打扰时段已保存。")
                return redirect("channels")
        return self.page(self._context(request, {"quiet": form}), status=422)

    def _context(self, request: HttpRequest, refused: dict[str, Any] | None = None) -> dict[str, Any]:
        refused = refused or {}
        kept = {c.way: c for c in Channel.objects.filter(user_id=request.scope.user_id)}
        own = QuietHours.objects.filter(pk=request.scope.user_id).first()
        recent = Delivery.objects.filter(channel__user_id=request.scope.user_id).exclude(error="")
        return {
            "ways": [
                {
                    "way": way,
                    "name": way.label,
                    "form": refused.get(way) or _form(way, kept.get(way)),
                    "kept": kept.get(way),
                    "masked": _masked(kept.get(way)),
                    "offered": way != Channel.Way.MAIL or bool(settings.EMAIL_HOST),
                }
                for way in Channel.Way
            ],
            "quiet": refused.get("quiet") or QuietForm(initial={"begin": own.begin, "end": own.end} if own else {}),
            "district_quiet": (value("notify.quiet_begin"), value("notify.quiet_end")),
            "failures": recent.select_related("notification", "channel").order_by("-id")[:5],
        }


def _form(way: str, kept: Channel | None) -> ChannelForm:
    initial = (
        {"kinds": kept.kinds, "is_active": kept.is_active}
        if kept
        else {"kinds": [Kind.TODO, Kind.MENTION, Kind.URGE], "is_active": True}
    )
    return ChannelForm(way=way, kept=_masked(kept), initial=initial)


def _masked(kept: Channel | None) -> str:
    if kept is None:
        return ""
    try:
        return masked(kept)
    except Unreadable:
        return "（读不出，请重新填写）"
