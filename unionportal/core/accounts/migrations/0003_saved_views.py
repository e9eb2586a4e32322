import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_user_hinted_roles")]

    operations = [
        migrations.CreateModel(
            name="SavedView",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("list_key", models.CharField(max_length=20, verbose_name="列表")),
                ("name", models.CharField(max_length=30, verbose_name="名称")),
                ("query", models.CharField(max_length=500, verbose_name="条件")),
                ("is_default", models.BooleanField(default=False, verbose_name="默认")),
                ("is_shared", models.BooleanField(default=False, verbose_name="共享")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_views",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="所有人",
                    ),
                ),
            ],
            options={
                "verbose_name": "视图",
                "verbose_name_plural": "视图",
                "ordering": ["list_key", "name", "id"],
                "indexes": [models.Index(condition=Q(is_shared=True), fields=["list_key"], name="view_shared")],
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "list_key", "name"), name="view_name_once"),
                    models.UniqueConstraint(
                        condition=Q(is_default=True), fields=("owner", "list_key"), name="view_one_default"
                    ),
                    models.CheckConstraint(
                        condition=Q(Q(("name", ""), _negated=True), Q(("query", ""), _negated=True)),
                        name="view_has_name_and_query",
                    ),
                ],
            },
        ),
    ]
