"""Errors a person sees. Services raise them; pages and the API render them (one place each)."""

from collections.abc import Mapping
from typing import Any


class DomainError(Exception):
    """A refusal with an HTTP status, a stable code and a Chinese sentence."""

    status = 400
    code = "invalid"
    detail = "无法完成这项操作。"

    def __init__(self, detail: str = "", *, fields: Mapping[str, str] | None = None) -> None:
        self.detail = detail or self.detail
        self.fields = dict(fields or {})
        super().__init__(self.detail)


class FieldErrors(DomainError):
    """Input that cannot be taken; `fields` maps a field's name to what is wrong with it."""

    detail = "请检查标出的内容。"

    def __init__(self, fields: Mapping[str, str], detail: str = "") -> None:
        super().__init__(detail, fields=fields)


class NotFound(DomainError):
    """No such row, or none this reader may know of."""

    status = 404
    code = "not_found"
    detail = "没有找到，可能已删除，或不在您的查看范围内。"


class Forbidden(DomainError):
    """The row may be seen, but this role may not do this."""

    status = 403
    code = "forbidden"
    detail = "您的角色不能进行这项操作。"


class StaleVersion(DomainError):
    """Somebody else saved in between."""

    status = 409
    code = "stale_version"
    detail = "这条记录刚被别人修改过，请核对最新内容后再操作。"


class InvalidTransition(DomainError):
    """The move is not in the table for the present state."""

    status = 409
    code = "invalid_transition"
    detail = "当前状态下不能进行这一步。"


class Conflict(DomainError):
    """The same id with other content, or a fact the database refuses (overlap, duplicate)."""

    status = 409
    code = "conflict"
    detail = "与已有的记录冲突。"


class TooOften(DomainError):
    """Asked more often in an hour than is permitted."""

    status = 429
    code = "too_often"
    detail = "提交得太频繁了，请过一小时再试。"


class Gone(DomainError):
    """It was there and is closed for good or for now."""

    status = 410
    code = "gone"
    detail = "这里已经停用。"


def error_body(error: DomainError) -> dict[str, Any]:
    """What the API answers: `{code, detail, fields?}`."""
    return {"code": error.code, "detail": error.detail, **({"fields": error.fields} if error.fields else {})}
