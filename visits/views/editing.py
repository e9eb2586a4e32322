"""Pages that write visits: log one, change one, pick the enterprise."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django_htmx.http import HttpResponseClientRedirect

from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, StaleVersion
from unionportal.core.common.formats import zh_date, zh_day
from unionportal.core.common.views import PageView, get_or_404
from unionportal.core.orgs.models import Enterprise
from visits.forms.checklists import NONE
from visits.forms.visits import (
    CHECK_LABELS,
    BaseIssueFormSet,
    VisitForm,
    initial_of,
    initial_of_new,
    issue_formset,
    show_refusal,
)
from visits.models import Sheet, Visit
from visits.picker import pick
from visits.selectors import issues_of, promise_words, visit_with_photos
from visits.services import VisitInput, visit_edit, visit_log
from visits.sheet_selectors import both_sheets, sheets_of

REFUSED = 422


class VisitWriteView(PageView):
    """What logging and changing share: one page, sent whole or (by htmx) as the inside of the form, so that chosen photos stay chosen."""

    action = "visit.create"
    template_name = "visits/form.html"
    part_template = "visits/_form_body.html"

    def bound(
        self, request: HttpRequest, initial: dict[str, Any], kept: Sheet | None = None
    ) -> tuple[VisitForm, BaseIssueFormSet]:
        who = {"cadre_id": request.scope.user_id, "today": clock.today()}
        form = VisitForm(request.POST, request.FILES, initial=initial, kept=kept, **who)
        return form, issue_formset(request.POST)

    def read(self, form: VisitForm, formset: BaseIssueFormSet) -> VisitInput | None:
        """The typed visit, or None with the errors of shape on the forms."""
        shapes = [form.is_valid(), formset.is_valid()]
        return form.visit_input(row.issue_input() for row in formset.filled) if all(shapes) else None

    def show(self, form: VisitForm, formset: BaseIssueFormSet, *, status: int = 200, **context: Any) -> HttpResponse:
        code = str(form["enterprise"].value() or "").strip()
        chosen = Enterprise.objects.select_related("township").filter(credit_code=code).first() if code else None
        today = clock.today()
        form.mark_required()
        context |= {
            "form": form,
            "formset": formset,
            "chosen": chosen,
            "chosen_label": chosen.name if chosen else code,
            "is_enterprise": form["target_kind"].value() == Visit.Target.ENTERPRISE,
            "promises": promise_words(formset.categories, today),
        }
        template = self.part_template if self.request.htmx else self.template_name
        return self.page(context, template=template, status=status)

    def go(self, visit: Visit) -> HttpResponse:
        """To the saved visit; htmx is told to load the whole page."""
        url = reverse("visit-detail", args=[visit.pk])
        return HttpResponseClientRedirect(url) if self.request.htmx else redirect(url)


class VisitCreateView(VisitWriteView):
    def get(self, request: HttpRequest) -> HttpResponse:
        today = clock.today()
        asked = request.GET
        initial = initial_of_new(today, enterprise=asked.get("enterprise", "")[:18], kind=asked.get("kind", ""))
        initial["visited_on"] = min(_day(asked.get("visited_on", "")), today)  # never a day to come
        form = VisitForm(initial=initial, cadre_id=request.scope.user_id, today=today)
        return self.show(form, issue_formset())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, formset = self.bound(request, initial_of_new(clock.today()))
        typed = self.read(form, formset)
        if typed is None:
            return self.show(form, formset, status=REFUSED)
        try:
            visit, created = visit_log(visit=typed, actor=request.scope)
        except DomainError as error:
            show_refusal(form, formset, error)
            twin = self._own_twin(typed.id) if isinstance(error, Conflict) else None
            return self.show(form, formset, status=_status(error), twin=twin)
        self._say(visit, created, len(typed.issues))
        return self.go(visit)

    def _own_twin(self, visit_id: UUID) -> Visit | None:
        """The visit saved under the same id, if it is the reader's."""
        return Visit.objects.filter(pk=visit_id, cadre_id=self.request.scope.user_id).first()

    def _say(self, visit: Visit, created: bool, issues: int) -> None:
        if not created:
            messages.info(self.request, "这次走访刚才已经提交成功，没有重复记录。")
            return
        raised = f"，登记问题诉求 {issues} 件" if issues else ""
        messages.success(self.request, f"已记录对“{visit.target_label}”的走访{raised}。")


class VisitEditView(VisitWriteView):
    def get(self, request: HttpRequest, visit_id: UUID) -> HttpResponse:
        visit = self.find(visit_id)
        who = {"cadre_id": request.scope.user_id, "today": clock.today()}
        kept = sheets_of([visit]).get(visit.pk)
        form = VisitForm(initial=initial_of(visit), kept=kept, checklist="" if kept else NONE, **who)
        return self.show_edit(visit, form, issue_formset())

    def post(self, request: HttpRequest, visit_id: UUID) -> HttpResponse:
        visit = self.find(visit_id)
        form, formset = self.bound(request, initial_of(visit), sheets_of([visit]).get(visit.pk))
        typed = self.read(form, formset)
        if typed is None:
            return self.show_edit(visit, form, formset, status=REFUSED)
        removed = [int(pk) for pk in request.POST.getlist("remove_photos") if pk.isdigit()]
        try:
            saved = visit_edit(
                visit_id=visit_id,
                version=form.cleaned_data["version"] or 0,
                visit=typed,
                actor=request.scope,
                removed_photos=removed,
            )
        except StaleVersion as error:
            return self.show_conflict(visit_id, form, formset, typed, error)
        except DomainError as error:
            show_refusal(form, formset, error)
            return self.show_edit(visit, form, formset, status=_status(error))
        messages.success(request, "已保存修改。")
        return self.go(saved)

    def find(self, visit_id: UUID) -> Visit:
        """The reader's own visit in a week that is still open; else the refusal says which it is not."""
        visit = get_or_404(visit_with_photos(self.request.scope), pk=visit_id, cadre_id=self.request.scope.user_id)
        if not visit.journal.is_open:
            raise Conflict(f"{visit.journal}的周记已经提交，这次走访不能再修改。")
        return visit

    def show_edit(
        self, visit: Visit, form: VisitForm, formset: BaseIssueFormSet, *, status: int = 200, **context: Any
    ) -> HttpResponse:
        return self.show(
            form,
            formset,
            status=status,
            visit=visit,
            raised=issues_of([visit], self.request.scope)[visit.pk],
            saved_photos=list(visit.photos.all()),
            removed_photos=self.request.POST.getlist("remove_photos"),
            **context,
        )

    def show_conflict(
        self, visit_id: UUID, form: VisitForm, formset: BaseIssueFormSet, typed: VisitInput, error: DomainError
    ) -> HttpResponse:
        """Both versions side by side; sending again now writes upon the newest one."""
        newest = self.find(visit_id)
        form.data = {**form.data.dict(), "version": str(newest.version)}
        return self.show_edit(newest, form, formset, status=error.status, conflict=_both(newest, typed))


class PickerView(PageView):
    """Enterprises to choose from: JSON for the form's picker, a plain page of links for browsers without scripts."""

    action = "visit.create"
    template_name = "visits/picker.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        text = request.GET.get("q", "")[:40]
        on = _day(request.GET.get("visited_on") or request.GET.get("planned_on", ""))
        picks = pick(cadre_id=request.scope.user_id, on=on, text=text)
        if request.accepts("text/html"):
            return self.page({"picks": picks, "q": text})
        return JsonResponse({"results": picks.rows, "more": picks.more})


def _day(text: str) -> date:
    try:
        return parse_date(text) or clock.today()
    except ValueError:
        return clock.today()


def _status(error: DomainError) -> int:
    return REFUSED if isinstance(error, FieldErrors) else error.status


def _both(visit: Visit, typed: VisitInput) -> list[dict[str, Any]]:
    """The stored and the typed version, line by line."""
    enterprise = Enterprise.objects.filter(credit_code=typed.enterprise).first() if typed.enterprise else None
    pairs: list[tuple[str, str, str]] = [
        ("走访对象", visit.target_label, enterprise.name if enterprise else typed.target_name),
        ("走访日期", zh_date(visit.visited_on), zh_date(typed.visited_on)),
        ("方式", visit.get_mode_display(), str(Visit.Mode(typed.mode).label)),
        ("走访类型", visit.get_kind_display(), str(Visit.Kind(typed.kind).label)),
        ("见到的人", visit.met, typed.met),
        ("走访人次", str(visit.headcount), str(typed.headcount)),
        *(
            (
                CHECK_LABELS[name],
                getattr(visit, f"get_{name}_display")(),
                str(Visit.Check(typed.checks.get(name) or Visit.Check.NOT_SEEN).label),
            )
            for name in Visit.CHECKS
        ),
        ("走访情况", visit.narrative, typed.narrative),
        (
            "蹲点到哪一天",
            zh_day(visit.ends_on) if visit.ends_on else "",
            zh_day(typed.last_day) if typed.last_day else "",
        ),
        *both_sheets(visit, typed.checklist),
    ]
    return [{"label": label, "theirs": a, "mine": b, "changed": a != b} for label, a, b in pairs]
