"""What passers-by think of a station: a tap, without account, name or address."""

from django.db import models
from django.db.models import Q

from stations.models.registry import Station

MOST_STARS = 5


class StationRating(models.Model):
    """One tap of one phone. The id is made with the page, so that a retry is the same row; nothing says whose phone it was."""

    uuid = models.UUIDField("编号", unique=True, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, related_name="ratings", verbose_name="驿站")
    stars = models.PositiveSmallIntegerField("评分")
    rated_on = models.DateField("评价日期")

    class Meta:
        verbose_name = verbose_name_plural = "驿站评价"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(stars__range=(1, MOST_STARS)), name="station_rating_stars"),
        ]
        indexes = [models.Index(fields=["station", "rated_on"], name="station_rating_days")]
