"""What colleagues say to each other about an issue: internal notes (内部批注), mentions, watchers, files. Never shown to a reporter."""

from django.conf import settings
from django.db import models

from casework.models.issues import Issue
from unionportal.core.files.models import Attachment


class InternalNote(models.Model):
    """A remark among colleagues; no step of the issue, so no version changes. What the reporter reads is a public answer, kept elsewhere."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="internal_notes")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="作者")
    text = models.TextField("批注", max_length=2000)
    written_at = models.DateTimeField("时间")
    redacted_at = models.DateTimeField("删改时间", null=True, blank=True)
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="NoteMention", related_name="+", verbose_name="提到"
    )

    class Meta:
        verbose_name = verbose_name_plural = "内部批注"
        ordering = ["-written_at", "-id"]
        indexes = [models.Index(fields=["issue", "-written_at"], name="note_of_issue")]
        constraints = [models.CheckConstraint(condition=~models.Q(text=""), name="note_says_something")]


class NoteMention(models.Model):
    """A person a note asks to look: somebody who could see the issue when it was written."""

    note = models.ForeignKey(InternalNote, models.CASCADE, related_name="mentioned")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["note", "user"], name="mention_once")]


class Watcher(models.Model):
    """Somebody who wants to hear of every step of an issue (关注). Heard only while they can see it."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="watchers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    since = models.DateTimeField("关注时间")

    class Meta:
        verbose_name = verbose_name_plural = "关注"
        constraints = [models.UniqueConstraint(fields=["issue", "user"], name="watch_once")]
        indexes = [models.Index(fields=["user"], name="watched_by")]


class IssueFile(models.Model):
    """A file of an issue or of one of its notes; read only through the issue, by whoever sees it then."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="files")
    note = models.ForeignKey(InternalNote, models.PROTECT, null=True, related_name="files")
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="issue_file")
    added_at = models.DateTimeField("添加时间")

    class Meta:
        verbose_name = verbose_name_plural = "诉求附件"
        ordering = ["added_at", "id"]
        indexes = [models.Index(fields=["issue", "added_at"], name="file_of_issue")]
