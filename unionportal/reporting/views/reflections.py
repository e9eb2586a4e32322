"""A cadre's reflection on a quarter beside the quarter's figures: one's own, and one that was handed in."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.acts import ActForm
from casework.views.acts import Act, ActsView
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError, FieldErrors, StaleVersion
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.reporting.forms import ReflectionForm, ReflectionRemarkForm, ReflectionReturnForm
from unionportal.reporting.rollups.periods import QUARTER
from unionportal.reporting.selectors.people import cadre_line
from unionportal.reporting.selectors.picker import Period
from unionportal.reporting.selectors.quarterly import quarter_asked
from visits.models import Practice, Reflection, field_of
from visits.quarters import next_quarter, quarter_code, reflection_due
from visits.services.reflections import reflection_comment, reflection_return, reflection_save, reflection_submit


def _reviews(reflection: Reflection, scope: Scope) -> bool:
    return allowed(scope, "reflection.review") and reflection.cadre_id != scope.user_id


ACTS = (
    Act(
        "return",
        "退回修改",
        "back",
        ReflectionReturnForm,
        lambda row, scope, version, fields: reflection_return(
            reflection_id=row.pk, version=version, actor=scope, **fields
        ),
        _reviews,
        lambda row: not row.is_open,
        words="退回后，驻联干部可以修改并重新提交。",
        done="已退回，等驻联干部修改后重新提交。",
    ),
    Act(
        "comment",
        "点评",
        "reply",
        ReflectionRemarkForm,
        lambda row, scope, version, fields: reflection_comment(reflection_id=row.pk, actor=scope, **fields),
        lambda row, scope: _reviews(row, scope) or row.cadre_id == scope.user_id,
        lambda row: not row.is_open,
        words="点评会告诉驻联干部，写下后不能修改。",
        done="已点评。",
        primary=True,
    ),
)


def reflections_whole(scope: Scope) -> QuerySet[Reflection]:
    """The reflections a person may read, as a page shows one."""
    rows = Reflection.objects.visible_to(scope).select_related("cadre")
    return rows.prefetch_related("remarks__author")


def reflection_context(scope: Scope, cadre: User, quarter: date, reflection: Reflection | None) -> dict[str, Any]:
    """What every page of a reflection shows: the texts, what was said, the cadre's quarter in figures."""
    today, period = clock.today(), Period(QUARTER, quarter)
    parts = [
        (field_of(Reflection, name).verbose_name, getattr(reflection, name) if reflection else "")
        for name in Reflection.PARTS
    ]
    practice = None
    if reflection is not None:
        practices = Practice.objects.visible_to(scope).exclude(state=Practice.State.WITHDRAWN)
        practice = practices.filter(reflection=reflection).first()
    return {
        "reflection": reflection,
        "cadre": cadre,
        "period": period,
        "quarter": quarter_code(quarter),
        "line": cadre_line(cadre, period, today),
        "parts": parts,
        "remarks": list(reflection.remarks.all()) if reflection else [],
        "due": reflection_due(quarter).day,
        "opens": next_quarter(quarter),
        "over": today >= next_quarter(quarter),
        "late_now": today > reflection_due(quarter).day,
        "practice": practice,
        "may_recommend": bool(reflection and not reflection.is_open and practice is None)
        and allowed(scope, "practice.propose"),
    }


class OwnReflectionView(PageView):
    """The reader's own reflection on a quarter, also before it exists."""

    action = "reflection.write"
    template_name = "reporting/analyses/reflection.html"

    def get(self, request: HttpRequest, quarter: str) -> HttpResponse:
        start, reflection = self.find(quarter)
        return self.show(start, reflection, ReflectionForm(initial=_initial(reflection)))

    def post(self, request: HttpRequest, quarter: str) -> HttpResponse:
        start, reflection = self.find(quarter)
        form = ReflectionForm(request.POST)
        if not form.is_valid():
            return self.show(start, reflection, form, status=422)
        saving = "save_draft" in request.POST
        given = {**form.cleaned_data, "version": form.cleaned_data["version"] or 0}
        try:
            row = (reflection_save if saving else reflection_submit)(quarter=start, actor=request.scope, **given)
        except StaleVersion as error:
            return self.show_conflict(quarter, form, error)
        except FieldErrors as error:
            add_errors(form, error)
            return self.show(start, reflection, form, status=422)
        except DomainError as error:
            messages.error(request, error.detail)
            return self.show(*self.find(quarter), form, status=error.status)
        messages.success(request, "草稿已保存。" if saving else f"{row}已提交。")
        return redirect("reflection-own", quarter=quarter)

    def find(self, quarter: str) -> tuple[date, Reflection | None]:
        """The quarter of the address, and what the reader wrote on it."""
        start = quarter_asked(quarter, clock.today())
        own = reflections_whole(self.request.scope).filter(cadre_id=self.request.scope.user_id)
        return start, own.filter(quarter=start).first()

    def show(
        self, start: date, reflection: Reflection | None, form: ReflectionForm, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        form.mark_required()
        scope = self.request.scope
        cadre = User.objects.get(pk=scope.user_id)
        context |= reflection_context(scope, cadre, start, reflection)
        context |= {"own": True, "form": form if reflection is None or reflection.is_open else None}
        if reflection is not None and reflection.remarks.all() and not reflection.is_open:
            context["answer_form"] = ReflectionRemarkForm(subject=reflection, scope=scope, act="comment")
        return self.page(context, status=status)

    def show_conflict(self, quarter: str, form: ReflectionForm, error: DomainError) -> HttpResponse:
        start, newest = self.find(quarter)
        mine, stored = form.cleaned_data, _initial(newest)
        form.data = {**form.data.dict(), "version": str(stored["version"])}
        rows = [
            {
                "label": form.fields[name].label,
                "theirs": stored[name],
                "mine": mine[name],
                "changed": stored[name] != mine[name],
            }
            for name in Reflection.PARTS
        ]
        return self.show(start, newest, form, status=error.status, conflict=rows)


def _initial(reflection: Reflection | None) -> dict[str, Any]:
    if reflection is None:
        return {"version": 0, **dict.fromkeys(Reflection.PARTS, "")}
    return {"version": reflection.version, **{name: getattr(reflection, name) for name in Reflection.PARTS}}


class ReflectionView(ActsView):
    """Somebody's reflection that was handed in, with what a leader or staff may do. Its cadre is sent to the own page."""

    action = "reflection.view"
    template_name = "reporting/analyses/reflection.html"
    acts = ACTS

    def find(self, request: HttpRequest, **where: Any) -> Reflection:
        return get_or_404(reflections_whole(request.scope), pk=where["pk"])

    def address(self, subject: Reflection) -> str:
        if subject.cadre_id == self.request.scope.user_id:
            return reverse("reflection-own", args=[quarter_code(subject.quarter)])
        return reverse("reflection", args=[subject.pk])

    def get(self, request: HttpRequest, act: str = "", **where: Any) -> HttpResponse:
        reflection = self.find(request, **where)
        if act or reflection.cadre_id == request.scope.user_id:
            return redirect(f"{self.address(reflection)}{f'#{act}' if act else ''}")
        return self.show(request, reflection)

    def show(
        self,
        request: HttpRequest,
        subject: Reflection,
        *,
        refused: ActForm | None = None,
        act: str = "",
        status: int = 200,
    ) -> HttpResponse:
        """A refused answer of the cadre comes back on the own page, which has no dialogs."""
        if subject.cadre_id != request.scope.user_id:
            return super().show(request, subject, refused=refused, act=act, status=status)
        form = ReflectionForm(initial=_initial(subject)) if subject.is_open else None
        if form is not None:
            form.mark_required()
        return self.page({**self.context(request, subject), "form": form, "answer_form": refused}, status=status)

    def context(self, request: HttpRequest, subject: Reflection) -> dict[str, Any]:
        own = subject.cadre_id == request.scope.user_id
        return {"own": own, **reflection_context(request.scope, subject.cadre, subject.quarter, subject)}
