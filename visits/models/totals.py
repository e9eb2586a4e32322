"""The number of visits a township has had in each month, so that what came together over years is not counted one by one."""

from django.db import models

from unionportal.core.orgs.models import Unit


class VisitTotal(models.Model):
    """So many visits more (or, taken back or moved elsewhere, fewer) in a township and month; its rows together are the number.

    Triggers on the visits write them, so that no way of writing a visit can miss it. Nobody waits for anybody: each transaction adds rows of its
    own, and `totals_fold` puts them together.
    """

    month = models.DateField("月份")  # its first day
    township = models.ForeignKey(Unit, models.PROTECT, db_index=False, related_name="+", verbose_name="镇街")
    number = models.IntegerField("走访次数")

    class Meta:
        verbose_name = verbose_name_plural = "走访累计"
        constraints = [models.CheckConstraint(condition=models.Q(month__day=1), name="visit_total_of_a_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.number:+}"
