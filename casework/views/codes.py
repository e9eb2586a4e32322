"""Public codes and the consent text, for staff."""

from uuid import UUID

import segno
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from casework.forms.public import CodeForm, ConsentForm
from casework.models import ConsentText, PublicCode
from casework.places import place_ended, places_ended
from casework.services import code_close, code_create, code_reopen, consent_publish
from unionportal.core.common import clock
from unionportal.core.common.errors import DomainError
from unionportal.core.common.pagination import keyset_page
from unionportal.core.common.views import PageView, add_errors, get_or_404
from unionportal.core.orgs.models import Enterprise


def report_address(code: PublicCode) -> str:
    """The address a poster carries, as phones reach it from outside."""
    return f"{settings.BASE_URL}{reverse('public-report', args=[code.token])}"


def qr_svg(text: str) -> SafeString:
    """A QR code as inline SVG without a size of its own. Correction level Q: a poster gets scratched."""
    drawn = segno.make(text, error="q").svg_inline(omitsize=True, border=2, svgclass="qr", lineclass=None)
    return mark_safe(drawn)


class CodeListView(PageView):
    action = "code.manage"
    template_name = "casework/code_list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        codes = PublicCode.objects.visible_to(request.scope).select_related("unit", "enterprise", "township")
        state = request.GET.get("state", "open")
        if state in ("open", "closed"):
            codes = codes.filter(closed_at__isnull=state == "open")
        page = keyset_page(codes, request, order=("-id",))
        ended = places_ended(page.items)
        for code in page.items:
            code.ended = ended.get(code.pk, "")
        return self.page({"page": page, "state": state})


class CodeCreateView(PageView):
    action = "code.manage"
    template_name = "casework/code_form.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page({"form": CodeForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        form = CodeForm(request.POST)
        if form.is_valid():
            try:
                code = code_create(owner=form.owner, actor=request.scope)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已启用“{code.place}”的维权码。")
                return redirect("code-poster", uuid=code.uuid)
        chosen = Enterprise.objects.filter(credit_code=request.POST.get("enterprise", "")).first()
        return self.page({"form": form, "chosen": chosen}, status=422)


class CodePosterView(PageView):
    """One A4 page to print and hang up, while the code is in use."""

    action = "code.manage"
    template_name = "casework/code_poster.html"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        codes = PublicCode.objects.visible_to(request.scope).select_related("unit", "enterprise", "township")
        code = get_or_404(codes, uuid=uuid)
        address = report_address(code)
        return self.page({"code": code, "ended": place_ended(code), "address": address, "qr": qr_svg(address)})


class CodeCloseView(PageView):
    action = "code.manage"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        code = code_close(uuid=uuid, actor=request.scope)
        messages.success(request, f"已停用“{code.place}”的维权码，扫码的人会看到已停用的说明。")
        return redirect("code-list")


class CodeReopenView(PageView):
    action = "code.manage"

    def post(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        code = code_reopen(uuid=uuid, actor=request.scope)
        messages.success(request, f"已重新启用“{code.place}”的维权码，原来张贴的海报仍可使用。")
        return redirect("code-list")


class ConsentView(PageView):
    """The consent text in force, its versions, and the form for the next one."""

    action = "consent.manage"
    template_name = "casework/consent.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        newest = ConsentText.objects.order_by("-effective_on", "-version")[0]
        return self._show(ConsentForm(initial={"text": newest.text, "effective_on": clock.today()}))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ConsentForm(request.POST)
        if form.is_valid():
            try:
                consent = consent_publish(actor=request.scope, **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
            else:
                messages.success(request, f"已发布第 {consent.version} 版告知内容。")
                return redirect("consent")
        return self._show(form, status=422)

    def _show(self, form: ConsentForm, status: int = 200) -> HttpResponse:
        return self.page({"form": form, "versions": ConsentText.objects.select_related("written_by")}, status=status)
