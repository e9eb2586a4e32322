"""Pages of the library of practices: search, one practice with what staff may do, proposing and mending."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from casework.models import Issue
from casework.views.acts import Act, ActsView, sent_version
from unionportal.core.common.errors import Conflict, DomainError, Forbidden, StaleVersion
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response
from visits.forms.practices import PracticeForm, PublishForm, WithdrawForm
from visits.models import Analysis, Journal, Practice, PracticeFile, PracticeMark, Reflection
from visits.practice_filters import PracticeListFilter
from visits.quarters import quarter_code, quarter_label
from visits.services.practices import (
    may_edit,
    practice_edit,
    practice_mark,
    practice_propose,
    practice_publish,
    practice_withdraw,
)
from visits.services.recommending import practice_recommend

ORDER = ("-proposed_at", "-id")
TONES = {"proposed": ("warn", "clock"), "published": ("ok", "check"), "withdrawn": ("idle", "close-circle")}


def practice_look(practice: Practice) -> dict[str, str]:
    """The state as a chip."""
    tone, icon = TONES[practice.state]
    return {"label": practice.get_state_display(), "tone": tone, "icon": icon}


def practices_whole(scope: Scope) -> QuerySet:
    """The practices a person may see, with how many found each useful and whether they did."""
    own = PracticeMark.objects.filter(practice=OuterRef("pk"), user_id=scope.user_id)
    rows = Practice.objects.visible_to(scope).select_related("category", "township", "author")
    return rows.annotate(useful=Count("marks"), is_marked=Exists(own)).defer("search_tokens")


class PracticeListView(PageView):
    action = "practice.view"
    template_name = "visits/practices/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        filters = PracticeListFilter(
            request.GET, queryset=practices_whole(request.scope).defer("search_tokens", "text"), request=request
        )
        page = keyset_page(filters.qs, request, order=ORDER, size=20)
        return self.page(
            {
                "page": page,
                "rows": [(practice, practice_look(practice)) for practice in page.items],
                "filter": filters,
                "query": request.GET.get("q", ""),
                "filters_open": any(request.GET.get(name) for name in filters.form.fields if name != "q"),
                "can_propose": request.may("practice.propose"),
            }
        )


ACTS = (
    Act(
        "withdraw",
        "撤下",
        "close-circle",
        WithdrawForm,
        lambda row, scope, version, fields: practice_withdraw(
            practice_id=row.pk, version=version, actor=scope, **fields
        ),
        lambda row, scope: allowed(scope, "practice.manage"),
        lambda row: row.state != Practice.State.WITHDRAWN,
        words="待审核的不采用，已发布的从经验库撤下；原因会告诉推荐人。",
        done="已撤下。",
        danger=True,
    ),
    Act(
        "publish",
        "发布",
        "check",
        PublishForm,
        lambda row, scope, version, fields: practice_publish(practice_id=row.pk, version=version, actor=scope),
        lambda row, scope: allowed(scope, "practice.manage"),
        lambda row: row.state == Practice.State.PROPOSED,
        words="发布后，全体干部、镇街和承办单位都能在经验库里找到它。",
        done="已发布到经验库。",
        primary=True,
    ),
)


class PracticeView(ActsView):
    action = "practice.view"
    template_name = "visits/practices/detail.html"
    acts = ACTS

    def find(self, request: HttpRequest, **where: Any) -> Practice:
        rows = practices_whole(request.scope).select_related("category", "township", "author", "proposed_by", "issue")
        return get_or_404(rows.prefetch_related("files__attachment"), pk=where["pk"])

    def address(self, subject: Practice) -> str:
        return reverse("practice", args=[subject.pk])

    def context(self, request: HttpRequest, subject: Practice) -> dict[str, Any]:
        return {
            "practice": subject,
            "look": practice_look(subject),
            "source": source_of(subject, request.scope),
            "quarter": quarter_label(subject.quarter) if subject.quarter else "",
            "sees_issue": bool(subject.issue)
            and Issue.objects.visible_to(request.scope).filter(pk=subject.issue_id).exists(),
            "can_edit": subject.state != Practice.State.WITHDRAWN and may_edit(subject, request.scope),
        }


def source_of(practice: Practice, scope: Scope) -> tuple[str, str] | None:
    """What the practice was drawn from, in words, and its address where the person may read it; None for one that was written for the library."""
    if practice.reflection_id:
        reflection = Reflection.objects.visible_to(scope).filter(pk=practice.reflection_id).first()
        return "心得", reverse("reflection", args=[reflection.pk]) if reflection else ""
    if practice.analysis_id:
        analysis = Analysis.objects.visible_to(scope).filter(pk=practice.analysis_id).select_related("unit").first()
        where = [quarter_code(analysis.quarter), analysis.unit.code] if analysis else []
        return "季分析", reverse("analysis", args=where) if where else ""
    if practice.journal_id:
        journal = Journal.objects.visible_to(scope).filter(pk=practice.journal_id).first()
        return "周记", reverse("journal-detail", args=[journal.pk]) if journal else ""
    return None


class PracticeCreateView(PageView):
    action = "practice.propose"
    template_name = "visits/practices/form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": PracticeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = PracticeForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data
            try:
                row = practice_propose(
                    uuid=given["uuid"] or uuid4(),
                    practice=form.practice_input(),
                    files=given["attachments"],
                    actor=request.scope,
                )
            except Conflict as error:
                # Sent before, then changed and sent again: say so, and let the next submit be another practice.
                form.data = {**form.data.dict(), "uuid": str(uuid4())}
                add_errors(form, error)
                return self.page({"form": form}, status=409)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, "已推荐，等区总审核。")
                return redirect("practice", pk=row.pk)
        return self.page({"form": form}, status=422)


class PracticeEditView(PageView):
    action = "practice.view"
    template_name = "visits/practices/form.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        practice = self.find(pk)
        return self.page({"form": PracticeForm(practice=practice), "practice": practice})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        practice = self.find(pk)
        form, status = PracticeForm(request.POST, request.FILES, practice=practice), 422
        conflict: list[dict[str, Any]] = []
        if form.is_valid():
            try:
                practice_edit(
                    practice_id=pk,
                    version=sent_version(request),
                    practice=form.practice_input(),
                    files=form.cleaned_data["attachments"],
                    actor=request.scope,
                )
            except StaleVersion as error:
                status, conflict = error.status, _both_sides(practice, form)
            except DomainError as error:
                add_errors(form, error)
                status = 409 if error.status == 409 else 422
            else:
                messages.success(request, "已保存。")
                return redirect("practice", pk=pk)
        return self.page({"form": form, "practice": practice, "conflict": conflict}, status=status)

    def find(self, pk: int) -> Practice:
        rows = Practice.objects.visible_to(self.request.scope).select_related("category", "township", "issue")
        practice = get_or_404(rows, pk=pk)
        if not may_edit(practice, self.request.scope):
            raise Forbidden("只有区总工作人员可以修改；推荐人在发布前也可以修改自己推荐的。")
        return practice


def _both_sides(practice: Practice, form: PracticeForm) -> list[dict[str, Any]]:
    stored, given = form.initial, form.cleaned_data
    rows = [
        (form.fields[name].label, stored[name], given[name]) for name in ("title", "summary", "text", "tags", "issue")
    ]
    rows.append(("诉求类别", str(practice.category or "不限"), str(given["category"] or "不限")))
    rows.append(("镇街", practice.place_label, str(given["township"] or "全区")))
    return [{"label": label, "theirs": now, "mine": mine, "changed": now != mine} for label, now, mine in rows]


class PracticeRecommendView(PageView):
    """One tap on a reflection, an analysis or a journal."""

    action = "practice.propose"

    def post(self, request: HttpRequest) -> HttpResponse:
        number = request.POST.get("source_id", "")
        row = practice_recommend(
            uuid=_uuid(request.POST.get("uuid", "")),
            source=request.POST.get("source", ""),
            source_id=int(number) if number.isdecimal() and len(number) < 10 else 0,
            actor=request.scope,
        )
        messages.success(request, "已推荐到经验库，等区总审核；标题和摘要可以再改。")
        return redirect("practice", pk=row.pk)


def _uuid(text: str) -> UUID:
    """The client's id; a new one without scripts or for what is none."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


class PracticeMarkView(PageView):
    """Useful, or not any more."""

    action = "practice.view"

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        useful = request.POST.get("useful") == "1"
        practice_mark(practice_id=pk, useful=useful, actor=request.scope)
        messages.success(request, "已标记有用。" if useful else "已取消标记。")
        return redirect("practice", pk=pk)


class PracticeFileView(PageView):
    """A file, to whoever reads the practice."""

    action = "practice.view"

    def get(self, request: HttpRequest, pk: int, file_id: int) -> FileResponse:
        practice = get_or_404(Practice.objects.visible_to(request.scope), pk=pk)
        file = get_or_404(PracticeFile.objects.select_related("attachment"), practice=practice, pk=file_id)
        return attachment_response(file.attachment)
