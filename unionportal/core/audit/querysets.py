from __future__ import annotations

from django.db import models

from unionportal.core.common.scope import Role, Scope


class AuditQuerySet(models.QuerySet):
    def visible_to(self, scope: Scope) -> AuditQuerySet:
        """The auditor reads the whole trail; nobody else any of it."""
        return self if scope.has(Role.AUDITOR) else self.none()
