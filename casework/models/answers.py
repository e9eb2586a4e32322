"""Standard answers (常用答复): wording that staff keeps for what is answered again and again."""

from django.db import models

from casework.models.issues import Category


class StandardAnswer(models.Model):
    """A text with variables such as {企业}, for one category or for all. Retired, never deleted: what was sent with it stands in the steps."""

    title = models.CharField("名称", max_length=40)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="类别")
    text = models.TextField("内容", max_length=2000)
    position = models.PositiveSmallIntegerField("排序", default=100)
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "常用答复"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(text="") & ~models.Q(title=""), name="standard_answer_filled"),
            models.UniqueConstraint(
                fields=["title", "category"],
                condition=models.Q(is_active=True),
                nulls_distinct=False,
                name="standard_answer_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title
