"""API sign-in: a bearer token kept only as a digest, or the browser's session."""

import hashlib

from rest_framework import authentication, exceptions
from rest_framework.request import Request

from unionportal.core.accounts.models import ApiToken, User


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class TokenAuthentication(authentication.BaseAuthentication):
    """`Authorization: Token …`."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        keyword, _, value = request.headers.get("Authorization", "").partition(" ")
        if keyword.lower() != "token":
            return None
        token = (
            ApiToken.objects.select_related("user")
            .filter(digest=token_digest(value.strip()), revoked_at__isnull=True, user__is_active=True)
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed
        request._request.user = token.user  # the scope is built from the Django request
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class SessionAuthentication(authentication.SessionAuthentication):
    """The browser's session, with CSRF."""
