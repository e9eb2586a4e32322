from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_files_without_an_account"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attachment",
            name="is_personal",
            field=models.BooleanField(default=False, verbose_name="加密保存"),
        ),
        migrations.AddField(
            model_name="attachment",
            name="sealed_with",
            field=models.CharField(blank=True, default="", editable=False, max_length=20, verbose_name="密钥"),
            preserve_default=False,
        ),
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(
                condition=models.Q(("is_personal", True)), fields=["sealed_with"], name="attachment_personal_sealed"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachment",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_personal", True), ("sealed_with", ""), _connector="OR"),
                name="attachment_sealed_is_personal",
            ),
        ),
    ]
