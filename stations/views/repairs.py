"""Pages of repairs: the list with what is late, reporting one, one with its log and moves."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.acts import ActForm
from casework.views.acts import Act, ActsView
from stations.care_selectors import repair_whole
from stations.forms.repairs import AssignForm, MendForm, NoteForm, ReasonForm, RepairForm
from stations.models import Repair
from stations.presentation import shown_step
from stations.repair_workflow import BROKEN_STATES, MOVES, STATE_LABELS, STEP_LOOKS, TONES
from stations.services.repairs import may_move, repair_move, repair_open
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response

ORDER = ("due_on", "id")
FORMS: dict[str, tuple[type[ActForm], str, str]] = {
    "drop": (ReasonForm, "close-circle", "确实不需要修，或不再有这件设施时用。"),
    "send_back": (ReasonForm, "reply", "退回维修负责人重修。"),
    "assign": (AssignForm, "assign", ""),
    "mend": (MendForm, "check", "请上传修好后的照片；由别人到站看过后验收。"),
    "verify": (NoteForm, "check-circle", "看过照片或到站看过，确已修好。"),
}


def _runs(action: str, repair: Repair, actor: Scope, version: int | None, given: dict[str, Any]) -> Repair:
    return repair_move(repair_id=repair.pk, action=action, version=version, actor=actor, **given)


def _may(action: str, repair: Repair, scope: Scope) -> bool:
    return may_move(repair, MOVES[action], scope)


def _fits(action: str, repair: Repair) -> bool:
    return repair.state in MOVES[action].sources


REPAIR_ACTS = tuple(
    Act(
        action,
        MOVES[action].label,
        icon,
        form,
        partial(_runs, action),
        partial(_may, action),
        partial(_fits, action),
        words=words,
        done="已保存。",
        primary=action in ("mend", "verify"),
        danger=action == "drop",
    )
    for action, (form, icon, words) in FORMS.items()
)


def repair_look(repair: Repair) -> tuple[str, str]:
    """The state as a chip; broken past its day is late."""
    late = repair.state in BROKEN_STATES and (clock.today() - repair.due_on).days
    if late and late > 0:
        return f"{STATE_LABELS[repair.state]}，逾期 {late} 天", "late"
    return STATE_LABELS[repair.state], TONES[repair.state]


class RepairListView(PageView):
    action = "care.view"
    template_name = "stations/care/repairs.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = Repair.objects.visible_to(request.scope).select_related("station__township", "assignee")
        state = request.GET.get("state", "open")
        if state == "late":
            rows = rows.late(clock.today())
        elif state in STATE_LABELS:
            rows = rows.filter(state=state)
        elif state != "all":
            state, rows = "open", rows.open()
        if code := request.GET.get("station", ""):
            rows = rows.filter(station__code=code)
        page = keyset_page(rows, request, order=ORDER)
        return self.page(
            {
                "page": page,
                "rows": [(repair, *repair_look(repair)) for repair in page.items],
                "state": state,
                "states": [("open", "没有了结"), ("late", "已逾期"), *STATE_LABELS.items(), ("all", "全部")],
                "can_open": request.may("repair.open"),
            }
        )


class RepairCreateView(PageView):
    action = "repair.open"
    template_name = "stations/care/repair_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": RepairForm(scope=request.scope, station=request.GET.get("station", ""))})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RepairForm(request.POST, request.FILES, scope=request.scope)
        if form.is_valid():
            given = {**form.cleaned_data, "station": form.cleaned_data["station"].code}
            try:
                repair = repair_open(actor=request.scope, **given)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已报修。")
                return redirect("repair", repair_id=repair.pk)
        return self.page({"form": form}, status=422)


class RepairView(ActsView):
    action = "care.view"
    template_name = "stations/care/repair.html"
    acts = REPAIR_ACTS

    def find(self, request: HttpRequest, **where: Any) -> Repair:
        return get_or_404(repair_whole(request.scope), pk=where["repair_id"])

    def address(self, subject: Repair) -> str:
        return reverse("repair", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Repair) -> dict[str, Any]:
        label, tone = repair_look(subject)
        return {
            "repair": subject,
            "label": label,
            "tone": tone,
            "waits_for_another": subject.state == "mended" and subject.mended_by_id == request.scope.user_id,
            "timeline": [shown_step(step, STEP_LOOKS) for step in reversed(subject.steps.all())],
        }


class RepairPhotoView(PageView):
    action = "care.view"

    def get(self, request: HttpRequest, repair_id: int, photo_id: int) -> HttpResponseBase:
        repair = get_or_404(Repair.objects.visible_to(request.scope), pk=repair_id)
        return attachment_response(get_or_404(repair.photos.select_related("attachment"), pk=photo_id).attachment)
