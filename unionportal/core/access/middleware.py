from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
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
        request.scope = SimpleLazyObject(lambda: scope_of(request))
        request.may = lambda action: bool(request.scope) and allowed(request.scope, action)
        return self.get_response(request)
