"""Pages without an account: report by a code, follow it by the link. They work without scripts and weigh little."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import View

from casework.forms.public import RatingForm, ReportForm
from casework.models import PublicCode
from casework.services import report_submit, result_rate
from casework.services.codes import consent_in_force
from casework.services.limits import count_attempt
from casework.services.public import MOST_PHOTOS, code_by_token, reporter_by_link
from casework.tracking import track
from unionportal.core.common import clock, panels
from unionportal.core.common.addresses import client_network
from unionportal.core.common.errors import Conflict, DomainError, Gone, NotFound, TooOften
from unionportal.core.common.views import add_errors

#: Where the app that a code's place belongs to adds to the page; the subject is the PublicCode.
CODE_SLOT = "public.code"
HEADINGS = {404: "没有找到", 409: "没有保存", 410: "已经停用", 429: "请稍后再试"}


@method_decorator(never_cache, name="dispatch")
class PublicView(View):
    """A page for anybody with the link. Refusals are written without undoing the request: what it counted must stay counted."""

    template_name = ""
    message_template = "public/message.html"
    headings: Mapping[int, str] = HEADINGS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            try:
                return super().dispatch(request, *args, **kwargs)
            except NotFound:
                count_attempt("miss", client_network(request), parameter="public.misses_hour")
                raise
        except DomainError as error:
            return self.message(error)

    def message(self, error: DomainError, **more: Any) -> HttpResponse:
        """The whole page is what went wrong."""
        context = {"error": error, "heading": self.headings.get(error.status, "没有完成"), **more}
        response = render(self.request, self.message_template, context, status=error.status)
        response["X-Robots-Tag"] = "noindex"
        return response

    def page(self, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        response = render(self.request, self.template_name, context, status=status)
        response["X-Robots-Tag"] = "noindex"
        return response


class ReportView(PublicView):
    """`/r/<token>/`."""

    template_name = "public/report.html"

    def message(self, error: DomainError, **more: Any) -> HttpResponse:
        """Where a code is out of use, what its place has to say about it stands below."""
        gone = isinstance(error, Gone)
        code = PublicCode.objects.filter(token=self.kwargs["token"]).first() if gone else None
        return super().message(error, panels=panels.render(CODE_SLOT, self.request, code) if code else [], **more)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        code = code_by_token(token)
        return self._show(code, ReportForm(code=code, consent=consent_in_force(clock.today())))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        code = code_by_token(token)
        count_attempt("report", client_network(request), parameter="public.per_address_hour")
        count_attempt("code", str(code.uuid), parameter="public.per_code_hour")
        form = ReportForm(request.POST, request.FILES, code=code, consent=consent_in_force(clock.today()))
        if not form.is_valid():
            return self._again(code, form, renew="secret" in form.errors or "website" in form.errors)
        try:
            report_submit(token=token, report=form.report())
        except Conflict:
            form.add_error(None, "这份反映刚才已经提交过，内容与现在的不同。如要另外反映一件事，请再提交一次。")
            return self._again(code, form, renew=True, status=409)
        except NotFound:
            raise
        except DomainError as error:
            if error.status != 400:
                raise
            add_errors(form, error)
            return self._again(code, form)
        return redirect(f"{reverse('public-track', args=[form.cleaned_data['secret']])}?sent=1")

    def _again(self, code: PublicCode, form: ReportForm, *, renew: bool = False, status: int = 422) -> HttpResponse:
        """The form with what was typed; the consent text is the one in force now; `renew`: the next submit is a new report."""
        data = form.data.copy()
        data["consent_version"] = str(form.initial["consent_version"])
        data["website"] = ""
        if renew:
            data["secret"] = ReportForm.fresh_secret()
        form.data = data
        return self._show(code, form, status=status)

    def _show(self, code: PublicCode, form: ReportForm, status: int = 200) -> HttpResponse:
        context = {
            "code": code,
            "form": form,
            "consent": consent_in_force(clock.today()),
            "most_photos": MOST_PHOTOS,
            "panels": panels.render(CODE_SLOT, self.request, code),
        }
        return self.page(context, status=status)


class TrackView(PublicView):
    """`/t/<token>/`: how it stands; the rating is sent here too."""

    template_name = "public/track.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        return self._show(token, RatingForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        reporter_by_link(token)
        count_attempt("rate", client_network(request), parameter="public.per_address_hour")
        form = RatingForm(request.POST)
        if form.is_valid():
            try:
                result_rate(token=token, **form.cleaned_data)
            except (NotFound, TooOften):
                raise
            except DomainError as error:
                if error.status != 400:
                    return self._show(token, form, status=error.status, refusal=error.detail)
                add_errors(form, error)
            else:
                return redirect(f"{request.path}?rated=1")
        return self._show(token, form, status=422)

    def _show(self, token: str, form: RatingForm, *, status: int = 200, refusal: str = "") -> HttpResponse:
        reporter = reporter_by_link(token)
        context = {
            "track": track(reporter),
            "form": form,
            "refusal": refusal,
            "address": self.request.build_absolute_uri(self.request.path),
            "sent": "sent" in self.request.GET,
            "rated": "rated" in self.request.GET,
        }
        return self.page(context, status=status)
