from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0015_newest_issues"),
        ("orgs", "0004_merged_enterprises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("state", "registered")),
                fields=["township", "-received_on", "-id"],
                name="issue_registered",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("state__in", ["assigned", "in_progress"])),
                fields=["holder", "-received_on", "-id"],
                name="issue_in_hand",
            ),
        ),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                condition=models.Q(("followed_up_on__isnull", True), ("state", "answered")),
                fields=["-received_on", "-id"],
                include=("township", "enterprise", "registered_by"),
                name="issue_to_follow_up",
            ),
        ),
    ]
