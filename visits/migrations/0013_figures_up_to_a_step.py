from django.db import migrations, models
from django.db.models import Q

# Those of before: by the moment they were published or locked.
FILL = """
UPDATE visits_analysis a
SET last_step = coalesce((SELECT max(e.id) FROM casework_issueevent e WHERE e.recorded_at <= a.known_at), 0)
WHERE a.known_at IS NOT NULL;
UPDATE visits_evaluationround r
SET last_step = coalesce((SELECT max(e.id) FROM casework_issueevent e WHERE e.recorded_at <= r.locked_at), 0)
WHERE r.locked_at IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0018_reminders_and_handing_over"),
        ("visits", "0012_visit_totals"),
    ]

    operations = [
        migrations.AddField(
            model_name="analysis",
            name="last_step",
            field=models.PositiveBigIntegerField(blank=True, null=True, verbose_name="计入的最后一步"),
        ),
        migrations.AddField(
            model_name="evaluationround",
            name="last_step",
            field=models.PositiveBigIntegerField(null=True, verbose_name="锁定时计入的最后一步"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="analysis", name="analysis_published_with_its_figures"),
        migrations.AddConstraint(
            model_name="analysis",
            constraint=models.CheckConstraint(
                condition=Q(
                    state="draft",
                    figures__isnull=True,
                    known_at__isnull=True,
                    last_step__isnull=True,
                    published_by__isnull=True,
                )
                | Q(
                    ~Q(text=""),
                    state="published",
                    figures__isnull=False,
                    known_at__isnull=False,
                    last_step__isnull=False,
                    published_by__isnull=False,
                ),
                name="analysis_published_with_its_figures",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluationround",
            constraint=models.CheckConstraint(
                condition=Q(locked_at__isnull=True, last_step__isnull=True)
                | Q(locked_at__isnull=False, last_step__isnull=False),
                name="evaluation_locked_at_a_step",
            ),
        ),
    ]
