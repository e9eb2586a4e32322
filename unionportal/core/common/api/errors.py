"""One shape of errors for the API."""

from typing import Any

from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from unionportal.core.common.errors import DomainError, FieldErrors, Forbidden, NotFound, error_body


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{code, detail, fields?}` with a Chinese `detail`. Undoes what the request wrote."""
    if isinstance(exc, Http404):
        exc = NotFound()
    elif isinstance(exc, exceptions.PermissionDenied):
        exc = Forbidden()
    if isinstance(exc, DomainError):
        set_rollback()
        return Response(error_body(exc), status=exc.status)
    if not isinstance(exc, exceptions.APIException):
        return None
    set_rollback()
    headers = {"WWW-Authenticate": exc.auth_header} if getattr(exc, "auth_header", None) else {}
    if isinstance(exc, exceptions.ValidationError):
        return Response(error_body(FieldErrors(_flatten(exc.detail))), status=400, headers=headers)
    code, detail = _CHINESE.get(type(exc), (str(exc.default_code), str(exc.detail)))
    return Response({"code": code, "detail": detail}, status=exc.status_code, headers=headers)


_CHINESE: dict[type[Exception], tuple[str, str]] = {
    exceptions.NotAuthenticated: ("not_authenticated", "请先登录，或在请求头中带上令牌。"),
    exceptions.AuthenticationFailed: ("authentication_failed", "令牌无效或已停用。"),
    exceptions.MethodNotAllowed: ("method_not_allowed", "不支持这种请求方法。"),
    exceptions.ParseError: ("parse_error", "请求内容不是有效的 JSON。"),
    exceptions.NotAcceptable: ("not_acceptable", "接口只提供 JSON。"),
    exceptions.UnsupportedMediaType: ("unsupported_media_type", "不支持这种内容类型。"),
    exceptions.Throttled: ("throttled", "请求太频繁，请稍后再试。"),
}


def _flatten(detail: Any, prefix: str = "") -> dict[str, str]:
    """DRF's nested messages as `issues.0.title: message`, one message a field."""
    if isinstance(detail, dict):
        flat: dict[str, str] = {}
        for key, value in detail.items():
            flat.update(_flatten(value, f"{prefix}.{key}" if prefix else str(key)))
        return flat
    if isinstance(detail, list) and detail and isinstance(detail[0], dict | list):
        flat = {}
        for index, value in enumerate(detail):
            flat.update(_flatten(value, f"{prefix}.{index}"))
        return flat
    message = detail[0] if isinstance(detail, list) and detail else detail
    return {prefix: str(message)} if message else {}
