"""Pages of the spot checks: one's own tasks, the draws, a draw with everything it can be repeated from."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from stations.drawing import RULE, mark
from stations.forms.spot_checks import SpotDrawForm
from stations.models import SpotDraw, SpotTask
from stations.services.spot_checks import repeated, spot_draw
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, NotFound
from unionportal.core.common.views import PageView, add_errors, get_or_404
from visits.quarters import quarter_code, quarter_label, quarter_of, read_quarter


class SpotCheckListView(PageView):
    action = "spot_check.view"
    template_name = "stations/care/spot_checks.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        scope = request.scope
        mine = SpotTask.objects.filter(inspector_id=scope.user_id).select_related(
            "station__township", "done_by", "draw"
        )
        counted = SpotDraw.objects.annotate(
            done=Count("tasks", filter=Q(tasks__done_by__isnull=False)), given=Count("tasks")
        )
        draws = counted.select_related("drawn_by").defer("pool", "inspectors") if scope.district else ()
        this = quarter_of(clock.today())
        return self.page(
            {
                "mine": mine.order_by("done_by", "due_on", "pk"),
                "draws": [
                    (draw, quarter_label(draw.quarter), quarter_code(draw.quarter), (draw.done, draw.given))
                    for draw in draws
                ],
                "may_draw": request.may("spot_check.draw") and not SpotDraw.objects.filter(quarter=this).exists(),
                "today": clock.today(),
            }
        )


class SpotDrawCreateView(PageView):
    action = "spot_check.draw"
    template_name = "stations/care/spot_draw_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(SpotDrawForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = SpotDrawForm(request.POST)
        if form.is_valid():
            quarter = quarter_of(clock.today())
            try:
                spot_draw(quarter=quarter, actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已抽签，并通知了检查人。")
                return redirect("spot-draw", quarter=quarter_code(quarter))
        return self.show(form, status=422)

    def show(self, form: SpotDrawForm, status: int = 200) -> HttpResponse:
        return self.page({"form": form, "quarter": quarter_label(quarter_of(clock.today()))}, status=status)


class SpotDrawView(PageView):
    """A draw: what was drawn, and the same worked out anew from seed and pool while the page is read. For those who see the whole district."""

    action = "spot_check.view"
    template_name = "stations/care/spot_draw.html"

    def get(self, request: HttpRequest, quarter: str) -> HttpResponse:
        try:
            first = read_quarter(quarter)
        except ValueError:
            raise NotFound from None
        if not request.scope.district:
            raise NotFound
        draw = get_or_404(SpotDraw.objects.select_related("drawn_by"), quarter=first)
        tasks = list(draw.tasks.select_related("station__township", "inspector", "done_by"))
        again = {(each.code, each.inspector) for each in repeated(draw)}
        context: dict[str, Any] = {
            "draw": draw,
            "label": quarter_label(first),
            "rule": RULE,
            "tasks": [(task, mark(draw.seed, task.station.code)) for task in tasks],
            "done": sum(task.done_by_id is not None for task in tasks),
            "pool": [(code, township, mark(draw.seed, code)) for code, township, _ in draw.pool],
            "inspectors": [(name, mark(draw.seed, name)) for name in draw.inspectors],
            "is_same": again == {(task.station.code, task.inspector.username) for task in tasks},
        }
        return self.page(context)
