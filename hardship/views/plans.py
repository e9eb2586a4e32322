"""Pages of the plans: every measure, one of them, the district's list of measures."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.views.acts import Act, ActsView
from hardship.forms.plans import DropForm, FinishForm, KindForm, MeasureForm
from hardship.models import FileLook, HardshipFile, Measure, MeasureKind
from hardship.personal import may_see_personal, seen_by, whom
from hardship.progress import years
from hardship.selectors import outcomes
from hardship.services.plans import measure_drop, measure_edit, measure_finish, measure_kind_save
from hardship.views.files import PersonalPage
from unionportal.core.common import clock, formats
from unionportal.core.common.errors import DomainError
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.workcal.days import workdays_left

ORDER = ("due_on", "pk")
OUTCOME_TONES = {"helped": "ok", "partly": "link", "not_helped": "warn"}


def measure_look(measure: Measure, today: date, *, personal: bool) -> dict[str, str]:
    """The state as a chip (an open one by its days, a finished one by what came of it), and whom it is for as this reader may see it."""
    look = {"label": measure.get_state_display(), "tone": "idle", "whom": whom(measure.member, personal=personal)}
    if measure.state == Measure.State.OPEN:
        left = workdays_left(measure.due_on, today)
        look |= {"label": formats.due_words(left), "tone": formats.due_tone(left)}
    elif measure.state == Measure.State.DONE:
        look |= {"label": measure.get_outcome_display(), "tone": OUTCOME_TONES[measure.outcome]}
    return look


def plan_of(file: HardshipFile, today: date, *, personal: bool) -> list[tuple[Measure, dict[str, str]]]:
    """The measures of a household and its members, as this reader sees them."""
    rows = file.measures.select_related("kind", "owner", "member")
    return [(row, measure_look(row, today, personal=personal)) for row in rows]


def _works(measure: Measure, scope: Scope) -> bool:
    return may_see_personal(scope, measure.file)


def _is_open(measure: Measure) -> bool:
    return measure.state == Measure.State.OPEN


class MeasureView(ActsView, PersonalPage):
    """/hardship/measures/<uuid>/: one measure, its result. Whoever works with the household reads names here, which is written down."""

    action = "hardship.process_view"
    template_name = "hardship/plans/measure.html"
    acts = (
        Act(
            "edit",
            "修改",
            "edit",
            MeasureForm,
            lambda m, actor, version, given: measure_edit(
                uuid=m.pk, actor=actor, version=version, measure=given["measure"]
            ),
            _works,
            _is_open,
            done="已保存。",
            submit="保存",
        ),
        Act(
            "drop",
            "取消措施",
            "close-circle",
            DropForm,
            lambda m, actor, version, given: measure_drop(uuid=m.pk, actor=actor, version=version, **given),
            _works,
            _is_open,
            done="已取消。",
            danger=True,
        ),
        Act(
            "finish",
            "登记结果",
            "check-circle",
            FinishForm,
            lambda m, actor, version, given: measure_finish(uuid=m.pk, actor=actor, version=version, **given),
            _works,
            _is_open,
            done="已登记结果。",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> Measure:
        measures = Measure.objects.visible_to(request.scope).select_related("file__township__parent__parent")
        return get_or_404(measures.select_related("kind", "owner", "member"), pk=where["uuid"])

    def address(self, subject: Measure) -> str:
        return reverse("hardship-measure", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Measure) -> dict[str, Any]:
        sees = seen_by(request.scope, [subject.file], way=FileLook.Way.PAGE).reaches(subject.file)
        return {"measure": subject, "look": measure_look(subject, clock.today(), personal=sees)}


class MeasureListView(PageView):
    """/hardship/measures/: measures in the reader's reach, the most pressing first."""

    action = "hardship.process_view"
    template_name = "hardship/plans/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        visible = Measure.objects.visible_to(request.scope)
        state = request.GET.get("state", "open")
        rows = visible.filter(state=state) if state in Measure.State.values else visible
        if request.GET.get("own"):
            rows = rows.filter(owner_id=request.scope.user_id)
        page = keyset_page(rows.select_related("file__township", "kind", "owner", "member"), request, order=ORDER)
        today = clock.today()
        return self.page(
            {
                "page": page,
                "rows": [(measure, measure_look(measure, today, personal=False)) for measure in page.items],
                "state": state,
                "own": bool(request.GET.get("own")),
                "states": [*Measure.State.choices, ("", "全部")],
                "may_list": request.may("hardship.measures"),
            }
        )


class MeasureKindListView(PageView):
    """/hardship/measures/kinds/: the district's list."""

    action = "hardship.measures"
    template_name = "hardship/plans/kinds.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"kinds": MeasureKind.objects.annotate(used=Count("measures"))})


class MeasureKindView(PageView):
    """A new line of the list, or one of it."""

    action = "hardship.measures"
    template_name = "hardship/plans/kind_form.html"

    def get(self, request: HttpRequest, code: str = "") -> HttpResponse:
        kind = self.kind(code)
        return self.page({"kind": kind, "form": KindForm(kind=kind)})

    def post(self, request: HttpRequest, code: str = "") -> HttpResponse:
        kind = self.kind(code)
        form = KindForm(request.POST, kind=kind)
        if form.is_valid():
            given = {"code": code, **form.cleaned_data}
            try:
                saved = measure_kind_save(actor=request.scope, is_new=kind is None, **given)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已保存“{saved.name}”。")
                return redirect("hardship-measure-kinds")
        return self.page({"kind": kind, "form": form}, status=422)

    def kind(self, code: str) -> MeasureKind | None:
        return get_or_404(MeasureKind.objects.all(), code=code) if code else None


class ProgressView(PageView):
    """/hardship/progress/: households in force year by year, and how the measures came out."""

    action = "hardship.process_view"
    template_name = "hardship/plans/progress.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = years(request.scope, clock.today())
        return self.page(
            {
                "years": found,
                "now": found[0].at_end if found else 0,
                "most": max((year.at_end for year in found), default=0),
                "lifted": sum(year.lifted for year in found),
                "outcomes": outcomes(request.scope, "kind"),
                "plans": outcomes(request.scope, "plan"),
            }
        )
