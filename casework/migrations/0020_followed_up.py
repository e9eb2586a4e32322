from django.db import migrations, models


class Migration(migrations.Migration):
    """What waits for staff after the second visit is a few of many open issues: found by an index of just these."""

    dependencies = [("casework", "0019_redone_by_number")]

    operations = [
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                fields=["-received_on", "-id"],
                condition=models.Q(("followed_up_on__isnull", False), ("state", "answered")),
                name="issue_to_close",
            ),
        ),
    ]
