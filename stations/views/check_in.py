"""`/c/<token>/`: checking in at a station by the QR of the day, without an account and without leaving anything behind."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from casework.views.public import HEADINGS, PublicView
from stations.check_in import PASS_COOKIE, new_pass, read_pass
from stations.services.check_ins import CheckInPlace, check_in, check_in_place
from unionportal.core.common.addresses import client_network
from unionportal.core.common.errors import Conflict, DomainError, InvalidTransition

#: Longer than any day; the pass itself says which day it is of.
PASS_SECONDS = 24 * 3600


class CheckInView(PublicView):
    """GET gives the phone its pass and a button; POST counts once."""

    template_name = "stations/check_in.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        place = check_in_place(token)
        response = self._show(place, "done" if "done" in request.GET else "ready")
        if read_pass(request.COOKIES.get(PASS_COOKIE, ""), place.day) is None:
            response.set_cookie(
                PASS_COOKIE,
                new_pass(place.day),
                max_age=PASS_SECONDS,
                path="/c/",
                secure=settings.SECURE_COOKIES,
                httponly=True,
                samesite="Lax",
            )
        return response

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        place = check_in_place(token)
        try:
            check_in(token=token, cookie=request.COOKIES.get(PASS_COOKIE, ""), network=client_network(request))
        except Conflict as error:
            return self._show(place, "again", error.detail, status=error.status)
        except InvalidTransition as error:
            return self._show(place, "refused", error.detail, status=error.status)
        return redirect(f"{request.path}?done=1")

    def message(self, error: DomainError) -> HttpResponse:
        """A code that opens nothing, or too many tries: the page says so under the same head."""
        context = {"step": "refused", "words": error.detail, "heading": HEADINGS.get(error.status, "没有完成")}
        return render(self.request, self.template_name, context, status=error.status)

    def _show(self, place: CheckInPlace, step: str, words: str = "", *, status: int = 200) -> HttpResponse:
        return self.page({"place": place, "step": step, "words": words}, status=status)
