"""Pages of events at stations: list, planning, one event with its acts and photos."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView, sent_version
from stations.counting import Way
from stations.event_filters import EventFilter
from stations.event_flow import EVENT_MOVES, EVENT_STEP_LOOKS, EventState
from stations.forms.events import CancelForm, EventForm, RecordForm
from stations.forms.photos import PhotosForm
from stations.models import EventPhoto, StationEvent, StationEventStep
from stations.services.event_photos import event_photos_change
from stations.services.events import (
    NOT_YOURS,
    may_manage,
    station_event_cancel,
    station_event_correct,
    station_event_create,
    station_event_edit,
    station_event_hold,
)
from stations.views.asked import numbers_in
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, Forbidden, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response

ORDER = ("-planned_on", "-id")
TONES = {"planned": ("link", "calendar"), "held": ("ok", "check"), "cancelled": ("idle", "close")}


def event_look(event: StationEvent) -> dict[str, str]:
    """The state as a chip."""
    tone, icon = TONES[event.state]
    return {"label": event.get_state_display(), "tone": tone, "icon": icon}


def events_whole(scope: Scope) -> QuerySet[StationEvent]:
    """The events a person may see, as lists show them."""
    rows = StationEvent.objects.visible_to(scope)
    return rows.select_related("station__township").defer("station__search_tokens")


def event_totals(events: QuerySet[StationEvent]) -> dict[str, Any]:
    """What the held ones among them add up to, people counted and estimated apart. One query."""
    found = (
        events.filter(state=EventState.HELD)
        .order_by()
        .aggregate(
            events=Count("pk"),
            counted=Sum("attendance", filter=Q(attendance_way=Way.TALLY)),
            estimated=Sum("attendance", filter=Q(attendance_way=Way.ESTIMATE)),
            spent=Sum("cost"),
        )
    )
    return {name: value or (Decimal(0) if name == "spent" else 0) for name, value in found.items()}


def managed_or_refused(request: HttpRequest, code: str) -> StationEvent:
    """The event, for whoever keeps it."""
    event = get_or_404(events_whole(request.scope).prefetch_related("partners"), code=code)
    if not may_manage(event, request.scope):
        raise Forbidden(NOT_YOURS)
    return event


class EventListView(PageView):
    """`/stations/events/`"""

    action = "station_event.view"
    template_name = "stations/events/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = EventFilter(request.GET, queryset=events_whole(request.scope), request=request)
        page = keyset_page(filters.qs, request, order=ORDER)
        return self.page(
            {
                "page": page,
                "rows": [(event, event_look(event)) for event in page.items],
                "filter": filters,
                "totals": event_totals(filters.qs),
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
                "can_create": request.may("station_event.manage"),
            }
        )


class EventCreateView(PageView):
    """`/stations/events/new/`; `?station=` chooses one beforehand."""

    action = "station_event.manage"
    template_name = "stations/events/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": EventForm(scope=request.scope, station=request.GET.get("station", ""))})

    def post(self, request: HttpRequest) -> HttpResponse:
        form, status = EventForm(request.POST, scope=request.scope), 422
        if form.is_valid():
            try:
                event = station_event_create(
                    uuid=form.cleaned_data["uuid"],
                    station=form.cleaned_data["station"].code,
                    plan=form.wanted,
                    actor=request.scope,
                )
            except Conflict as error:
                # Sent before, then changed and sent again: say so, and let the next submit be a new event.
                data = request.POST.copy()
                data["uuid"] = str(uuid4())
                form, status = EventForm(data, scope=request.scope), 409
                add_errors(form, error)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已安排，编号 {event.code}。")
                return redirect("station-event", code=event.code)
        return self.page({"form": form}, status=status)


class EventEditView(PageView):
    """`/stations/events/<code>/edit/`"""

    action = "station_event.manage"
    template_name = "stations/events/form.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        event = managed_or_refused(request, code)
        return self.show(event, EventForm(scope=request.scope, event=event))

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        event = managed_or_refused(request, code)
        form = EventForm(request.POST, scope=request.scope, event=event)
        if not form.is_valid():
            return self.show(event, form, status=422)
        try:
            station_event_edit(code=code, version=sent_version(request) or 0, plan=form.wanted, actor=request.scope)
        except StaleVersion:
            return self.show(event, form, status=409, conflict=_both_sides(event, form))
        except DomainError as error:
            add_errors(form, error)
            return self.show(event, form, status=409 if error.status == 409 else 422)
        messages.success(request, "已保存。")
        return redirect("station-event", code=code)

    def show(self, event: StationEvent, form: EventForm, *, status: int = 200, conflict: Any = None) -> HttpResponse:
        """The page carries the version it was read at, so a second save after a conflict is a decision."""
        return self.page({"form": form, "event": event, "conflict": conflict}, status=status)


def _both_sides(event: StationEvent, form: EventForm) -> list[dict[str, Any]]:
    given = form.cleaned_data
    rows = [
        ("类型", event.get_kind_display(), dict(form.fields["kind"].choices)[given["kind"]]),
        ("名称", event.title, given["title"]),
        ("计划日期", zh_day(event.planned_on), zh_day(given["planned_on"])),
        ("合作单位", "、".join(str(one) for one in event.partners.all()), "、".join(given["partners"].splitlines())),
        ("活动安排", event.plan, given["plan"]),
    ]
    return [{"label": label, "theirs": now, "mine": mine, "changed": now != mine} for label, now, mine in rows]


EVENT_ACTS = (
    Act(
        "cancel",
        EVENT_MOVES["cancel"].label,
        "close-circle",
        CancelForm,
        lambda event, actor, version, given: station_event_cancel(
            code=event.code, version=version, reason=given["reason"], actor=actor
        ),
        may_manage,
        lambda event: event.state == EventState.PLANNED,
        words="取消后不能恢复，编号保留。",
        danger=True,
    ),
    Act(
        "correct",
        "更正登记",
        "edit",
        RecordForm,
        lambda event, actor, version, given: station_event_correct(
            code=event.code, version=version, record=RecordForm.record(given), actor=actor
        ),
        may_manage,
        lambda event: event.is_held,
        submit="保存",
        done="已更正。",
    ),
    Act(
        "hold",
        EVENT_MOVES["hold"].label,
        "check",
        RecordForm,
        lambda event, actor, version, given: station_event_hold(
            code=event.code, version=version, record=RecordForm.record(given), actor=actor
        ),
        may_manage,
        lambda event: event.state == EventState.PLANNED,
        words="参加人次单独统计，不计入驿站的服务人次，免得同一批人算两遍。",
        primary=True,
    ),
)


class EventView(ActsView):
    """`/stations/events/<code>/`"""

    action = "station_event.view"
    template_name = "stations/events/detail.html"
    acts = EVENT_ACTS
    photos_form: PhotosForm | None = None

    def find(self, request: HttpRequest, **where: Any) -> StationEvent:
        steps = Prefetch("steps", StationEventStep.objects.select_related("actor"))
        rows = events_whole(request.scope).select_related("created_by")
        return get_or_404(rows.prefetch_related("partners", "photos__attachment", steps), code=where["code"])

    def address(self, subject: StationEvent) -> str:
        return reverse("station-event", args=[subject.code])

    def context(self, request: HttpRequest, subject: StationEvent) -> dict[str, Any]:
        manages = may_manage(subject, request.scope)
        return {
            "event": subject,
            "look": event_look(subject),
            "can_edit": manages and subject.state == EventState.PLANNED,
            "can_add_photos": manages and subject.may_change,
            "photos_form": self.photos_form or PhotosForm(),
            "timeline": [_shown(step) for step in subject.steps.all()],
        }


def _shown(step: StationEventStep) -> dict[str, Any]:
    label, tone, icon = EVENT_STEP_LOOKS[step.action]
    text = f"{label}（{step.data['photos']} 张）" if "photos" in step.data else label
    return {"text": text, "at": step.at, "who": step.actor.display_name, "tone": tone, "icon": icon}


class EventPhotosView(EventView):
    """Photos sent from the event's page, and photos taken off; what is refused comes back there."""

    def get(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        return redirect(f"{reverse('station-event', args=[where['code']])}#photos")

    def post(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        event = self.find(request, **where)
        form = PhotosForm(request.POST, request.FILES)
        removed = numbers_in(request.POST.getlist("removed"))
        if form.is_valid():
            try:
                event_photos_change(
                    code=event.code, actor=request.scope, photos=form.cleaned_data["photos"], removed=removed
                )
            except FieldErrors as error:
                add_errors(form, error)
            else:
                messages.success(request, "照片已保存。")
                return redirect(f"{reverse('station-event', args=[event.code])}#photos")
        self.photos_form = form
        return self.show(request, event, status=422)


class EventPhotoView(PageView):
    """A photo, for whoever sees its event at this moment."""

    action = "station_event.view"

    def get(self, request: HttpRequest, code: str, photo_id: int) -> FileResponse:
        event = get_or_404(StationEvent.objects.visible_to(request.scope), code=code)
        photo = get_or_404(EventPhoto.objects.select_related("attachment"), pk=photo_id, event=event)
        return attachment_response(photo.attachment)
