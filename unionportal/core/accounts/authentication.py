"""API sign-in: a bearer token kept only as a digest, or the browser's session."""

import hashlib

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from unionportal.core.accounts.backends import SignedInBackend
from unionportal.core.accounts.models import ApiToken, User
from unionportal.core.common.spelled import Spelled, columns

_IN_FORCE = Spelled(
    lambda digest: ApiToken.objects.filter(digest=digest, revoked_at=None).order_by().values_list(*columns(ApiToken)),
    digest="?",
)


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class PasswordFirst(exceptions.APIException):
    """A password given out by the administrator must be changed, on the page, before anything else."""

    status_code = 403
    default_code = "password_change_required"
    default_detail = "正在使用管理员给的一次性密码，请先登录网页修改密码。"


class CsrfFailed(exceptions.APIException):
    """A session's request without the token of its page: nothing to do with the person's roles."""

    status_code = 403
    default_code = "csrf_failed"
    default_detail = "缺少或不符的 CSRF 校验码，请刷新页面后再试；脚本请改用令牌。"


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        keyword, _, value = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != "token":
            return None
        token = next(iter(_IN_FORCE.objects(ApiToken, digest=token_digest(value.strip()))), None)
        user = SignedInBackend().get_user(token.user_id) if token is not None else None
        if token is None or user is None:
            raise exceptions.AuthenticationFailed
        if user.must_change_password:
            raise PasswordFirst
        request._request.user = user  # the scope is built from the Django request
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with CSRF."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        found = super().authenticate(request)
        if found is not None and found[0].must_change_password:
            raise PasswordFirst
        return found

    def enforce_csrf(self, request: Request) -> None:
        try:
            super().enforce_csrf(request)
        except exceptions.PermissionDenied:
            raise CsrfFailed from None
