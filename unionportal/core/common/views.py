"""Base views. A page names its policy action; the base asks the policy, builds nothing twice and renders refusals in Chinese."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.db import transaction
from django.db.models import Model, QuerySet
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.generic import View

from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, NotFound

M = TypeVar("M", bound=Model)
#: Requests that have no transaction around them.
READING = ("GET", "HEAD", "OPTIONS")


class PageView(View):
    """A page for people who are signed in and whose role permits `action` (a key of the policy table).

    What is sent to it is one transaction. Asking for it has none around it: it reads, and the few services it may call bring their own.
    """

    action: str = ""
    template_name: str = ""

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Callable[..., HttpResponseBase]:
        return transaction.non_atomic_requests(super().as_view(**initkwargs))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method in READING:
            return self._answer(request, *args, **kwargs)
        with transaction.atomic():
            return self._answer(request, *args, **kwargs)

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.action:
            raise ImproperlyConfigured(f"{type(self).__name__} names no policy action")
        if not request.user.is_authenticated:
            return sign_in_first(request, stays=hasattr(self, "get"))
        try:
            if not self.permitted(request):
                raise Forbidden
            return super().dispatch(request, *args, **kwargs)
        except DomainError as error:
            return refusal(request, error)

    def http_method_not_allowed(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """An address that only takes forms, opened by hand or from a bookmark: says so, with a way back."""
        before = page_before(request)
        context = {"back": before if before not in ("/", request.get_full_path()) else ""}
        response = render(request, "errors/405.html", context, status=405)
        response["Allow"] = ", ".join(self._allowed_methods())
        return response

    def permitted(self, request: HttpRequest) -> bool:
        """Whether the person's roles permit the page's action."""
        return request.may(self.action)

    def page(self, context: dict[str, Any] | None = None, *, template: str = "", status: int = 200) -> HttpResponse:
        """Render this view's template."""
        return render(self.request, template or self.template_name, context or {}, status=status)


def sign_in_first(request: HttpRequest, *, stays: bool = True) -> HttpResponse:
    """To the sign-in page and back here; an htmx fragment is told to send the whole page there, so no login form lands in a card.

    An address that only takes forms (`stays` false) has no page to come back to: then back to the page the form was on.
    """
    response = redirect_to_login(request.get_full_path() if stays else page_before(request))
    if request.htmx:
        bounced = HttpResponse(status=401)
        bounced["HX-Redirect"] = redirect_to_login(request.htmx.current_url_abs_path or "/").url
        return bounced
    return response


def page_before(request: HttpRequest) -> str:
    """The portal's page that this request was sent from; the workbench where that is not known."""
    address = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(address, {request.get_host()}, request.is_secure()):
        return "/"
    parts = urlsplit(address)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def refusal(request: HttpRequest, error: DomainError) -> HttpResponse:
    """The page for a refusal that no form on the page could show. Undoes what the request wrote."""
    template = {403: "errors/403.html", 404: "errors/404.html", 409: "errors/409.html"}.get(
        error.status, "errors/400.html"
    )
    response = render(request, template, {"error": error}, status=error.status)
    if request.method not in READING:
        transaction.set_rollback(True)  # only now: the page itself asks the database who is reading
    return response


def get_or_404(queryset: QuerySet[M], **lookup: Any) -> M:
    """The one row, or `NotFound`: also where it exists but lies out of scope."""
    try:
        return queryset.get(**lookup)
    except (queryset.model.DoesNotExist, ValidationError, ValueError):
        raise NotFound from None


def add_errors(form: BaseForm, error: DomainError) -> None:
    """Show a service's refusal on the form: at its fields where it names them, else at the top."""
    if not isinstance(error, FieldErrors):
        form.add_error(None, error.detail)
        return
    for name, message in error.fields.items():
        form.add_error(name if name in form.fields else None, message)
