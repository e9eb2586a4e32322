"""Pages of checks: the list, one as it was answered with the version it was judged by, reading a self-check."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from casework.views.acts import Act, ActsView
from stations.care_selectors import check_whole, checks, grouped, newer_version
from stations.forms.checks import ReviewForm
from stations.models import StationCheck
from stations.services.checks import check_review, may_review
from unionportal.core.common import clock
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, get_or_404
from unionportal.core.files.services import attachment_response

ORDER = ("-checked_on", "-id")
LISTED = (StationCheck.Use.SELF, StationCheck.Use.SPOT)


class CheckListView(PageView):
    action = "care.view"
    template_name = "stations/care/checks.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = checks(request.scope)
        use, waits = request.GET.get("use", ""), request.GET.get("review", "") == "waiting"
        if use in LISTED:
            rows = rows.filter(use=use)
        if waits:
            rows = rows.reviewable_by(request.scope)
        if code := request.GET.get("station", ""):
            rows = rows.filter(station__code=code)
        page = keyset_page(rows, request, order=ORDER)
        uses = [("", "全部"), *((use.value, use.label) for use in LISTED)]
        can_review = request.may("check.review")
        return self.page({"page": page, "use": use, "uses": uses, "waits": waits, "can_review": can_review})


class CheckView(ActsView):
    action = "care.view"
    template_name = "stations/care/check.html"
    acts = (
        Act(
            "review",
            "审阅",
            "check",
            ReviewForm,
            lambda check, actor, version, given: check_review(check_id=check.pk, version=version, actor=actor, **given),
            may_review,
            lambda check: check.reviewed_at is None,
            words="自查结果不改；审阅意见站点管理员可以看到。",
            done="已审阅。",
            primary=True,
        ),
    )

    def find(self, request: HttpRequest, **where: Any) -> StationCheck:
        return get_or_404(check_whole(request.scope), pk=where["check_id"])

    def address(self, subject: StationCheck) -> str:
        return reverse("station-check", args=[subject.pk])

    def context(self, request: HttpRequest, subject: StationCheck) -> dict[str, Any]:
        return {"check": subject, "groups": grouped(subject), "newer": newer_version(subject, clock.today())}


class CheckPhotoView(PageView):
    action = "care.view"

    def get(self, request: HttpRequest, check_id: UUID, photo_id: int) -> HttpResponseBase:
        check = get_or_404(StationCheck.objects.visible_to(request.scope), pk=check_id)
        return attachment_response(get_or_404(check.photos.select_related("attachment"), pk=photo_id).attachment)
