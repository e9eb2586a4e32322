from django.db import migrations, models


class Migration(migrations.Migration):
    """The index served thresholds of 3 and more only, and the threshold is a parameter (0 to 20)."""

    dependencies = [("casework", "0018_reminders_and_handing_over")]

    operations = [
        migrations.RemoveIndex(model_name="issue", name="issue_redone_often"),
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(condition=models.Q(("redo_count__gte", 1)), fields=["redo_count"], name="issue_redone"),
        ),
    ]
