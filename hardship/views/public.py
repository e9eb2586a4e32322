"""The public page of a list (`/p/<token>/`), without an account: while it runs, and not a second longer."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from casework.services.limits import count_attempt
from casework.views.public import PublicView
from hardship.forms.publicity import ObjectionForm
from hardship.models import PublicityList
from hardship.services.objections import objection_submit, showing
from unionportal.core.common import clock
from unionportal.core.common.addresses import client_network
from unionportal.core.common.errors import DomainError
from unionportal.core.common.views import add_errors


class PublicityPageView(PublicView):
    """The list. Whether it shows is asked of the clock at every reading; `PublicView` keeps it out of every cache."""

    template_name = "public/publicity.html"
    message_template = "public/publicity_message.html"
    headings = {404: "没有这个公示", 410: "公示已结束", 429: "请稍后再试"}

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        listed = showing(token, clock.today())
        entries = listed.entries.filter(outcome="")
        return self.page({"listed": listed, "entries": entries, "sent": "sent" in request.GET})


class ObjectionPageView(PublicView):
    """`/p/<token>/objection/`: an objection to one of the list."""

    template_name = "public/objection.html"
    message_template = "public/publicity_message.html"
    headings = PublicityPageView.headings

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        listed = showing(token, clock.today())
        return self.show(listed, ObjectionForm(listed=listed))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        listed = showing(token, clock.today())
        count_attempt("objection", client_network(request), parameter="public.per_address_hour")
        form = ObjectionForm(request.POST, listed=listed)
        if form.is_valid():
            try:
                objection_submit(token=token, given=form.objected())
            except DomainError as error:
                if error.status != 400:
                    raise
                add_errors(form, error)
            else:
                return redirect(f"/p/{token}/?sent=1")
        return self.show(listed, form, 422)

    def show(self, listed: PublicityList, form: Any, status: int = 200) -> HttpResponse:
        return self.page({"listed": listed, "form": form}, status=status)
