"""Sub-issues (子诉求): an issue split into parts that other units handle."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from casework.models.issues import Issue


class SubIssue(models.Model):
    """An issue's place under another one. An issue has at most one parent; a row removed is a tie undone."""

    child = models.OneToOneField(
        Issue, models.PROTECT, primary_key=True, related_name="parent_tie", verbose_name="子诉求"
    )
    parent = models.ForeignKey(Issue, models.PROTECT, related_name="child_ties", verbose_name="主诉求")
    tied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="设置人")
    tied_at = models.DateTimeField("设置时间")

    class Meta:
        verbose_name = verbose_name_plural = "子诉求"
        constraints = [models.CheckConstraint(condition=~Q(child=F("parent")), name="subissue_not_its_own_parent")]
