import django.db.models.deletion
from django.db import migrations, models

#: The same formula as stations/mercator.py. Only functions of pg_catalog, so that it may carry an index wherever it is restored.
SPOT = """
CREATE FUNCTION stations_spot(longitude numeric, latitude numeric) RETURNS point LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT point(
        longitude::float8 / 360 + 0.5,
        0.5 - ln((1 + sin(radians(latitude::float8))) / (1 - sin(radians(latitude::float8)))) / (4 * pi())
    )
$$;
"""
#: Nearest first without sorting; only stations that serve are ever looked for.
NEAREST = "CREATE INDEX station_spot ON stations_station USING gist (stations_spot(longitude, latitude)) WHERE state = 'open';"


class Migration(migrations.Migration):
    dependencies = [
        ("stations", "0001_registry"),
    ]

    operations = [
        migrations.RunSQL(SPOT, "DROP FUNCTION stations_spot(numeric, numeric)"),
        migrations.RunSQL(NEAREST, "DROP INDEX station_spot"),
        migrations.CreateModel(
            name="StationRating",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("uuid", models.UUIDField(editable=False, unique=True, verbose_name="编号")),
                ("stars", models.PositiveSmallIntegerField(verbose_name="评分")),
                ("rated_on", models.DateField(verbose_name="评价日期")),
                (
                    "station",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="stations.station",
                        verbose_name="驿站",
                    ),
                ),
            ],
            options={
                "verbose_name": "驿站评价",
                "verbose_name_plural": "驿站评价",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["station", "rated_on"], name="station_rating_days")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("stars__range", (1, 5))), name="station_rating_stars")
                ],
            },
        ),
    ]
