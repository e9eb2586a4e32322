"""Issues closed in a period, counted beside the cohort; and full computations asked for on a page.

Kept figures are derived: they are thrown away, and the next refresh computes them with the new columns. Frozen rows stay: what was not counted
when they were frozen is null.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The first two hold every column a cell is counted from, in the order cells are grouped and their workdays listed: a full computation reads them and
# not the issues, which are ten times as wide, and sorts nothing. The third finds what was closed in a period, and what was open at its end, for the
# figures of units and cadres that are counted when read (docs/decisions/0012).
INDEXES = """
DROP INDEX reporting_cohort, reporting_closings;
CREATE INDEX reporting_cohort ON casework_issue
    (township_id, category_id, (date_trunc('month', received_on::timestamp)::date), workdays_to_close)
    INCLUDE (id, received_on, state, outcome, accept_due_on, accepted_on, due_on, answered_on, followed_up_on, satisfaction,
        redo_count);
CREATE INDEX reporting_closings ON casework_issue
    (township_id, category_id, (date_trunc('month', closed_on::timestamp)::date))
    INCLUDE (id, closed_on, state, outcome, reopen_count) WHERE state = 'closed';
CREATE INDEX reporting_closed ON casework_issue (closed_on)
    INCLUDE (id, holder_id, registered_by_id, received_on, state, outcome, reopen_count) WHERE closed_on IS NOT NULL;
"""
INDEXES_OFF = """
DROP INDEX reporting_closed, reporting_cohort, reporting_closings;
CREATE INDEX reporting_cohort ON casework_issue
    (township_id, category_id, (date_trunc('month', received_on::timestamp)::date));
CREATE INDEX reporting_closings ON casework_issue
    (township_id, category_id, (date_trunc('month', closed_on::timestamp)::date))
    WHERE state = 'closed' AND reopen_count = 0;
"""
FLOWS = {
    "resolved_in_period": "本期办结：已化解",
    "explained_in_period": "本期办结：已解释",
    "unresolved_in_period": "本期办结：客观原因未化解",
    "out_of_remit_in_period": "本期办结：不属工会职责",
    "withdrawn_in_period": "本期办结：撤回",
}


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0003_frozen_months"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL("DELETE FROM reporting_rollup", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="rollup", name="rollup_empty"),
        *(
            migrations.AddField("rollup", name, models.PositiveIntegerField(default=0, verbose_name=label))
            for name, label in FLOWS.items()
        ),
        *(
            migrations.AddField("frozenrow", name, models.PositiveIntegerField(null=True, verbose_name=label))
            for name, label in FLOWS.items()
        ),
        migrations.AddIndex(
            model_name="rollup",
            index=models.Index(
                fields=["month"],
                name="rollup_empty",
                condition=models.Q(
                    category__isnull=False, open_at_end=0, received=0, open_delta=0, **dict.fromkeys(FLOWS, 0)
                ),
            ),
        ),
        migrations.RunSQL(INDEXES, INDEXES_OFF),
        migrations.CreateModel(
            name="Recomputation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_at", models.DateTimeField(verbose_name="发起时间")),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(null=True, verbose_name="完成时间")),
                ("changed", models.PositiveIntegerField(null=True, verbose_name="改正的统计行")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="发起人",
                    ),
                ),
            ],
            options={
                "verbose_name": "统计数据全部重算",
                "verbose_name_plural": "统计数据全部重算",
                "ordering": ["-pk"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["finished_at"],
                        condition=models.Q(finished_at=None),
                        nulls_distinct=False,
                        name="recomputation_one_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(finished_at__isnull=True)
                        | models.Q(started_at__isnull=False, changed__isnull=False),
                        name="recomputation_finished_was_started",
                    ),
                ],
            },
        ),
    ]
