"""Whose money rows a person reads: the district and its aid officers see every fund; a grant is seen with its file."""

from __future__ import annotations

from typing import Any

from django.db import models

from unionportal.core.common.errors import Forbidden
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit


def keeps_the_books(scope: Scope) -> bool:
    """Whether the person reads the district's money: leader, staff, and aid officers of the whole district (not of one township)."""
    if scope.district:
        return True
    if not scope.has(Role.AID):
        return False
    return Unit.objects.filter(pk__in=scope.aid_unit_ids, kind=Unit.Kind.DISTRICT).exists()


def require_books(scope: Scope) -> None:
    """Raise Forbidden for an aid officer of a single township: the district keeps the money."""
    if not keeps_the_books(scope):
        raise Forbidden("资金和便民服务由区总工会统一办理，请与区总工会帮扶专员联系。")


class BooksQuerySet(models.QuerySet):
    """Funds, entries, batches, campaigns, orders: all of them or none."""

    def visible_to(self, scope: Scope) -> Any:
        return self if keeps_the_books(scope) else self.none()
