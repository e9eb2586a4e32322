"""Base of the API: scope from the request, rows only through `visible_to`."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from rest_framework import generics, permissions, viewsets
from rest_framework.request import Request
from rest_framework.settings import api_settings

from unionportal.core.common.errors import DomainError
from unionportal.core.common.scope import Scope


class PolicyPermission(permissions.BasePermission):
    """Asks the policy table for the view's `policy_action`. A view without one is refused to everybody."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return bool(view.policy_action) and request._request.may(view.policy_action)


class ScopedAPI(generics.GenericAPIView):
    """The signed-in person's scope, and rows only through `visible_to`."""

    permission_classes = [permissions.IsAuthenticated, PolicyPermission]
    policy_action: str = ""
    ordering: str | tuple[str, ...] = "-id"

    @property
    def scope(self) -> Scope:
        return self.request._request.scope

    def get_queryset(self) -> QuerySet:
        return super().get_queryset().visible_to(self.scope)


class ScopedReadOnlyViewSet(ScopedAPI, viewsets.ReadOnlyModelViewSet):
    """List and detail of one model within the reader's scope."""


def refuse_unknown(request: Request, known: Iterable[str]) -> None:
    """Raises DomainError for a query parameter that is none of `known`: ignored, it would be answered with what nobody asked for."""
    every = [*known, str(api_settings.URL_FORMAT_OVERRIDE)]
    unknown = sorted(set(request.query_params) - set(every))
    if unknown:
        named = "、".join(name[:40] for name in unknown)
        raise DomainError(f"不认识的参数：{named}。可以用的有：{'、'.join(every)}。")
