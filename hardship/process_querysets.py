"""Which files on their way are waited for: a review that is near, a township that cannot review them itself."""

from __future__ import annotations

from datetime import date, timedelta

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from hardship.process import PREPARING, RENEW, Level, Step
from hardship.querysets import OfFileQuerySet
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.common.scope import Role
from unionportal.core.params.values import value


def renewal_near(today: date) -> Q:
    """Files in force whose review is due, or will be within some days (a parameter): the one rule of workbench and lists."""
    return Q(awaits=RENEW, due_on__lte=today + timedelta(days=int(value("hardship.renewal_notice_days", on=today))))


class ProcessQuerySet(OfFileQuerySet):
    def without_reviewer(self) -> ProcessQuerySet:
        """Those that wait for the township's review and whose township has no aid officer of its own, or only such as prepared the file."""
        prepared = apps.get_model("hardship", "FileStep").objects.filter(
            file=OuterRef(OuterRef("pk")),
            round=OuterRef(OuterRef("round")),
            level=Level.UNIT,
            action__in=PREPARING,
            actor=OuterRef("user"),
        )
        own = RoleGrant.objects.filter(role=Role.AID, unit=OuterRef("file__township"), user__is_active=True)
        return self.filter(awaits=Step.REVIEW).exclude(Exists(own.exclude(Exists(prepared))))
