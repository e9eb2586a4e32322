"""The yearly stars of a station, and what it lost by how it was kept."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from stations.models.registry import Station

REASON_LENGTH = 200


class StarRating(models.Model):
    """The stars of a year. `proposed` and `working` are what the portal worked out when a person decided; the stars and the reason are that person's."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="star_ratings", verbose_name="驿站")
    year = models.PositiveSmallIntegerField("年度")
    stars = models.PositiveSmallIntegerField("星级")
    proposed = models.PositiveSmallIntegerField("建议星级", null=True)
    score = models.DecimalField("得分", max_digits=5, decimal_places=2, null=True)
    working = models.JSONField("计算过程")  # [[label, facts in words, points or null, most], …]
    reason = models.CharField("理由", max_length=REASON_LENGTH)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="评定人")
    decided_at = models.DateTimeField("评定时间")

    class Meta:
        verbose_name = verbose_name_plural = "星级评定"
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["station", "year"], name="stars_once_a_year"),
            models.CheckConstraint(condition=Q(stars__range=(1, 5)), name="stars_one_to_five"),
            models.CheckConstraint(condition=~Q(reason=""), name="stars_with_a_reason"),
        ]


class Downgrade(models.Model):
    """A station lost its level, stars, or its place in the register, and for what."""

    class Outcome(models.TextChoices):
        LEVEL = "level", "降低等级"
        STARS = "stars", "降低星级"
        WITHDRAWN = "withdrawn", "撤销"

    class Ground(models.TextChoices):
        CLOSED = "closed", "公示的时间不开放"
        BROKEN = "broken", "设施损坏长期不修"
        EMPTY = "empty", "没有物资"
        COMPLAINTS = "complaints", "投诉不处理"
        HARM = "harm", "造成严重后果"
        OTHER = "other", "其他"

    station = models.ForeignKey(Station, models.PROTECT, related_name="downgrades", verbose_name="驿站")
    outcome = models.CharField("处理", max_length=10, choices=Outcome)
    grounds = ArrayField(models.CharField(max_length=12, choices=Ground), verbose_name="原因")
    before = models.CharField("原来", max_length=20)
    after = models.CharField("现在", max_length=20)
    reason = models.CharField("说明", max_length=REASON_LENGTH)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="决定人")
    decided_at = models.DateTimeField("决定时间")

    class Meta:
        verbose_name = verbose_name_plural = "降级撤销"
        ordering = ["-decided_at"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="downgrade_with_a_reason"),
            models.CheckConstraint(condition=Q(grounds__len__gte=1), name="downgrade_with_a_ground"),
        ]

    @property
    def grounds_words(self) -> str:
        """The grounds in one line."""
        return "、".join(str(self.Ground(ground).label) for ground in self.grounds)
