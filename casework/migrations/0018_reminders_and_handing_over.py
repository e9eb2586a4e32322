from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0017_lists_from_indexes")]

    operations = [
        migrations.AddField(
            model_name="mediation",
            name="soon_told_of",
            field=models.DateField(null=True, verbose_name="已提醒将到的期限"),
        ),
        migrations.AddField(
            model_name="mediation",
            name="late_told_of",
            field=models.DateField(null=True, verbose_name="已提醒逾期的期限"),
        ),
        migrations.AddField(
            model_name="paper",
            name="handed_to",
            field=models.CharField(blank=True, db_default="", max_length=60, verbose_name="移送的检察院"),
        ),
        migrations.AddField(
            model_name="paper",
            name="handed_on",
            field=models.DateField(null=True, verbose_name="移送日期"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("handed_on__isnull", True), ("handed_to", "")),
                    models.Q(
                        ("handed_on__gte", models.F("served_on")),
                        ("handed_on__isnull", False),
                        ("kind", "referral"),
                        models.Q(("handed_to", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="paper_handed_over_is_referral",
            ),
        ),
    ]
