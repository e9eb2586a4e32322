"""Answers to requests that never reached a view, and to faults: a page for people, `{code, detail}` for the API."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from unionportal.core.common.errors import DomainError, Forbidden, NotFound, error_body

API = "/api/"


class TooLarge(DomainError):
    """More than the server takes in one request."""

    code = "too_large"
    detail = "提交的内容太大，请分几次提交。"


class BadRequest(DomainError):
    """Nothing the server could read as a request."""

    code = "bad_request"
    detail = "地址或提交的内容不完整，请检查后再试。"


class Fault(DomainError):
    """Ours to mend, not the sender's."""

    status = 500
    code = "server_error"
    detail = "系统出了点问题，这次操作没有保存，问题已记录。请稍后再试。"


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _for_api(request):
        large = isinstance(exception, RequestDataTooBig | TooManyFieldsSent | TooManyFilesSent)
        return _json(TooLarge() if large else BadRequest())
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _for_api(request):
        return _json(Forbidden())
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _for_api(request):
        return _json(NotFound())
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if _for_api(request):
        return _json(Fault())
    # Without the request: its context processors ask the database, which may be what broke.
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came without its token: usually a session that ended while the page was open."""
    return render(request, "errors/csrf.html", status=403)


def _for_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(API)


def _json(error: DomainError) -> JsonResponse:
    return JsonResponse(error_body(error), status=error.status, json_dumps_params={"ensure_ascii": False})
