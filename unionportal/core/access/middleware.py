import time
from collections.abc import Callable
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from unionportal.core.access.scopes import build_scope
from unionportal.core.common.policy import allowed
from unionportal.core.common.scope import Scope


def scope_of(request: HttpRequest) -> Scope | None:
    """The signed-in person's scope, built once a request."""
    return build_scope(request.user) if request.user.is_authenticated else None


class ScopeMiddleware:
    """Puts `request.scope` and `request.may(action)` on every request, lazily: a page that asks nothing pays nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = cache(lambda: scope_of(request))
        request.scope = SimpleLazyObject(known)

        def may(action: str) -> bool:
            scope = known()  # asked dozens of times a page, and the lazy object takes a detour each time
            return scope is not None and allowed(scope, action)

        request.may = may
        return self.get_response(request)


class SignedInMiddleware:
    """What holds for everybody signed in by a session: use keeps the session alive, and a password given out must be changed first."""

    KEEP_ALIVE_SECONDS = 60  # a session in use is saved this often, so that it ends by idleness and not by age
    OPEN = frozenset({"password", "logout", "login", "healthz", "readyz", "metrics"})

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or match.view_name in self.OPEN or not request.user.is_authenticated:
            return None
        if time.time() - request.session.get("kept_at", 0) > self.KEEP_ALIVE_SECONDS:
            request.session["kept_at"] = int(time.time())
        if match.route.startswith("api/"):
            return None  # scripts are refused in JSON, by the API's own authentication
        return password_first(request) if request.user.must_change_password else None


def password_first(request: HttpRequest) -> HttpResponse:
    """To the page that changes the password, and back to where the person was going."""
    address = f"{reverse('password')}?{urlencode({'next': request.get_full_path()})}"
    if request.htmx:
        response = HttpResponse(status=401)
        response["HX-Redirect"] = address
        return response
    return redirect(address)
