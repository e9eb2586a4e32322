"""Texts of an issue as they read before a correction (更正). Codes and dates that were put right stand in the event."""

from django.db import models

from casework.models.issues import IssueEvent


class CorrectedText(models.Model):
    """A title or content that a correction replaced; kept apart from the event so that it can be redacted."""

    class Field(models.TextChoices):
        TITLE = "title", "标题"
        DESCRIPTION = "description", "诉求内容"

    event = models.ForeignKey(IssueEvent, models.PROTECT, related_name="corrected_texts", verbose_name="更正")
    field = models.CharField("栏目", max_length=12, choices=Field)
    before = models.TextField("更正前", max_length=4000, blank=True)
    redacted_at = models.DateTimeField("删改时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "更正前的文字"
        ordering = ["event", "field"]
        constraints = [
            models.UniqueConstraint(fields=["event", "field"], name="corrected_text_once"),
            models.CheckConstraint(condition=models.Q(field__in=["title", "description"]), name="corrected_text_field"),
        ]
