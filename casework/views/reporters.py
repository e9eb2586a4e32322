"""The reporter on an issue's page: phone for a reason, a new tracking link, the pictures sent along."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from casework.forms.public import RevealForm
from casework.models import Issue, IssuePhoto
from casework.selectors import issue_detail
from casework.services import reporter_reveal, track_link_renew
from casework.views.codes import qr_svg
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.files.services import attachment_response


class ReporterRevealView(PageView):
    """Asks for the reason, then shows the number once: the page is not kept by the browser."""

    action = "issue.view"
    template_name = "casework/reporter_reveal.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        return self._show(code, RevealForm())

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        form, phone = RevealForm(request.POST), ""
        if form.is_valid():
            try:
                phone = reporter_reveal(code=code, actor=request.scope, **form.cleaned_data)
            except FieldErrors as error:
                add_errors(form, error)
        return self._show(code, form, phone=phone, status=200 if phone else 422)

    def _show(self, code: str, form: RevealForm, *, phone: str = "", status: int = 200) -> HttpResponse:
        issue = issue_detail(self.request.scope, code)
        response = self.page({"issue": issue, "form": form, "phone": phone}, status=status)
        response["Cache-Control"] = "no-store"
        return response


class TrackLinkView(PageView):
    """A new tracking link, shown this once."""

    action = "issue.view"
    template_name = "casework/track_link.html"

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """Here after a lost session."""
        return redirect("issue-detail", code=code)

    def post(self, request: HttpRequest, code: str) -> HttpResponse:
        token = track_link_renew(code=code, actor=request.scope)
        address = f"{settings.BASE_URL}{reverse('public-track', args=[token])}"
        messages.success(request, "已发放新的查询链接，原来的链接不能再用。")
        issue = issue_detail(request.scope, code)
        response = self.page({"issue": issue, "address": address, "qr": qr_svg(address)})
        response["Cache-Control"] = "no-store"
        return response


class IssuePhotoView(PageView):
    action = "issue.view"

    def get(self, request: HttpRequest, code: str, photo_id: int) -> HttpResponseBase:
        issue = get_or_404(Issue.objects.visible_to(request.scope), code=code)
        photo = get_or_404(IssuePhoto.objects.select_related("attachment"), pk=photo_id, issue=issue)
        return attachment_response(photo.attachment)
