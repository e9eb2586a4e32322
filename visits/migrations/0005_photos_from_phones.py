from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("visits", "0004_week_plans"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitphoto",
            name="client_id",
            field=models.UUIDField(editable=False, null=True, unique=True),
        ),
        migrations.AddField(
            model_name="visitphoto",
            name="sent_hash",
            field=models.CharField(blank=True, default="", editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="visitphoto",
            name="taken_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="拍摄时间"),
        ),
        migrations.AddField(
            model_name="visitphoto",
            name="latitude",
            field=models.DecimalField(blank=True, decimal_places=5, max_digits=7, null=True, verbose_name="纬度"),
        ),
        migrations.AddField(
            model_name="visitphoto",
            name="longitude",
            field=models.DecimalField(blank=True, decimal_places=5, max_digits=8, null=True, verbose_name="经度"),
        ),
        migrations.AddConstraint(
            model_name="visitphoto",
            constraint=models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="visit_photo_place_on_earth",
            ),
        ),
    ]
