"""What a person is told, by which ways besides the portal, and how each sending went."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from unionportal.core.common.sealed_field import SealedField


class Kind(models.TextChoices):
    """What a notification is about; people choose by kind what is sent on."""

    TODO = "todo", "待我办理"
    MENTION = "mention", "提到我"
    URGE = "urge", "催办督办"
    PROGRESS = "progress", "办理进展"


class Notification(models.Model):
    """One line for one person, written in the transaction of what it tells of. Codes and names of categories only, no free text of people."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications")
    kind = models.CharField("类型", max_length=10, choices=Kind)
    text = models.CharField("内容", max_length=200)
    url = models.CharField("地址", max_length=200)
    source = models.CharField("来源", max_length=60)  # what happened, once a person: issue:YC-2024-000001:3
    made_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已读时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消息"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["user", "source"], name="notification_once"),
            models.CheckConstraint(condition=Q(url__startswith="/"), name="notification_stays_here"),
        ]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_of_user"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]


class Channel(models.Model):
    """A way besides the portal by which a person wants to hear, and of what."""

    class Way(models.TextChoices):
        MAIL = "mail", "电子邮件"
        DINGTALK = "dingtalk", "钉钉机器人"
        WECOM = "wecom", "企业微信机器人"
        FEISHU = "feishu", "飞书机器人"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="channels")
    way = models.CharField("方式", max_length=10, choices=Way)
    target = SealedField("地址", context="target_context")  # a robot's address is a secret
    kinds = ArrayField(models.CharField(max_length=10, choices=Kind), verbose_name="接收内容")
    is_active = models.BooleanField("启用", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "接收方式"
        ordering = ["way"]
        constraints = [models.UniqueConstraint(fields=["user", "way"], name="channel_once")]

    @property
    def target_context(self) -> str:
        """What the sealed target is bound to."""
        return f"notify.channel:{self.user_id}:{self.way}"


class QuietHours(models.Model):
    """A person's own quiet hours (Shanghai time, whole hours); without a row the district's parameters hold. Equal hours: none."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="quiet_hours")
    begin = models.PositiveSmallIntegerField("开始")
    end = models.PositiveSmallIntegerField("结束")

    class Meta:
        verbose_name = verbose_name_plural = "免打扰时段"
        constraints = [models.CheckConstraint(condition=Q(begin__lte=23, end__lte=23), name="quiet_hours_of_a_day")]


class Delivery(models.Model):
    """One sending of one notification by one channel; kept until it is sent or given up, whatever becomes of the broker."""

    class State(models.TextChoices):
        WAITING = "waiting", "待发送"
        SENT = "sent", "已发送"
        GIVEN_UP = "given_up", "未送达"

    notification = models.ForeignKey(Notification, models.CASCADE, related_name="deliveries")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="deliveries")
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    due_at = models.DateTimeField("下次发送")
    done_at = models.DateTimeField("完成时间", null=True, blank=True)
    error = models.CharField("原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "发送记录"
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="delivery_once"),
            models.CheckConstraint(
                condition=(Q(state="waiting") & Q(done_at__isnull=True))
                | (~Q(state="waiting") & Q(done_at__isnull=False)),
                name="delivery_done_has_time",
            ),
        ]
        indexes = [models.Index(F("due_at"), condition=Q(state="waiting"), name="delivery_due")]
