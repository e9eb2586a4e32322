"""Pages that read visits: list, one visit, its photos."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from casework.models import ServiceActivity
from unionportal.core.common import clock
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.scope import Role
from unionportal.core.common.views import PageView, get_or_404
from unionportal.core.files.services import attachment_response
from visits.filters import VisitFilter
from visits.forms.visits import CHECK_LABELS
from visits.models import ActivityVisit, Visit, VisitPhoto, field_of
from visits.rows import visit_rows
from visits.selectors import LIST_ORDER, issue_titles, issues_of, visit_lines, visit_with_photos
from visits.services import visit_photo_forget
from visits.services.clashes import elsewhere_at_once
from visits.sheet_selectors import closed_weeks, findings, kinds_with_checklists, sheet_views, stay_days

#: Tone and icon of a check's answer.
CHECK_LOOKS = {
    Visit.Check.GOOD: ("ok", "check"),
    Visit.Check.PROBLEM: ("warn", "warn"),
    Visit.Check.NOT_SEEN: ("idle", ""),
}


class VisitListView(PageView):
    action = "visit.view"
    template_name = "visits/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        scope = request.scope
        filters = VisitFilter(request.GET, queryset=Visit.objects.visible_to(scope), scope=scope)
        page = keyset_page(filters.qs, request, order=LIST_ORDER, lines=visit_lines)
        mine_only = not scope.district and not scope.has(Role.TOWNSHIP)
        issues = issue_titles([visit.id for visit in page.items], scope)
        checked = kinds_with_checklists.get()
        wrong = findings([visit.id for visit in page.items if visit.kind in checked])
        rows = visit_rows(page.items, issues, wrong, with_cadre=not mine_only)
        return self.page(
            {
                "page": page,
                "rows": rows,
                "filter": filters,
                "mine_only": mine_only,
                "can_export": request.may("visit.export"),
            }
        )


class VisitDetailView(PageView):
    action = "visit.view"
    template_name = "visits/detail.html"

    def get(self, request: HttpRequest, visit_id: UUID) -> HttpResponse:
        visit = get_or_404(visit_with_photos(request.scope), pk=visit_id)
        own = visit.cadre_id == request.scope.user_id
        sheet, logs = sheet_views(visit)
        link = ActivityVisit.objects.select_related("activity").filter(visit=visit).first()
        return self.page(
            {
                "visit": visit,
                "checks": check_lines(visit),
                "sheet": sheet,
                "days": stay_days(visit, logs, today=clock.today(), closed=closed_weeks(visit) if own else set()),
                "at_once": elsewhere_at_once(visit),
                "activity": link,
                "can_see_activity": link is not None and _sees(link, request),
                "issues": issues_of([visit], request.scope)[visit.pk],
                "own": own,
                "can_edit": own and visit.journal.is_open and request.may("visit.create"),
                "can_see_journal": request.may("journal.view")
                and (own or request.scope.district or not visit.journal.is_open),
                "can_see_enterprise": request.may("enterprise.view"),
            }
        )


def _sees(link: ActivityVisit, request: HttpRequest) -> bool:
    visible = ServiceActivity.objects.visible_to(request.scope)
    return request.may("activity.view") and visible.filter(pk=link.activity_id).exists()


class VisitPhotoView(PageView):
    """A photo, for whoever may see its visit."""

    action = "visit.view"

    def get(self, request: HttpRequest, visit_id: UUID, photo_id: int) -> HttpResponseBase:
        visit = get_or_404(Visit.objects.visible_to(request.scope), pk=visit_id)
        photo = get_or_404(VisitPhoto.objects.select_related("attachment"), pk=photo_id, visit=visit)
        return attachment_response(photo.attachment)


class PhotoForgetView(PageView):
    """Delete time and place of a photo of one's own."""

    action = "visit.create"

    def post(self, request: HttpRequest, visit_id: UUID, photo_id: int) -> HttpResponse:
        visit_photo_forget(visit_id=visit_id, photo_id=photo_id, actor=request.scope)
        messages.success(request, "已删除这张照片的拍摄时间和位置。")
        return redirect("visit-detail", visit_id)


def check_lines(visit: Visit) -> list[dict[str, Any]]:
    """The five checks as a page shows them."""
    return [
        {
            "label": CHECK_LABELS[name],
            "full": field_of(Visit, name).verbose_name,
            "value": getattr(visit, f"get_{name}_display")(),
            "tone": CHECK_LOOKS[getattr(visit, name)][0],
            "icon": CHECK_LOOKS[getattr(visit, name)][1],
        }
        for name in Visit.CHECKS
    ]
