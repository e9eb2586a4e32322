"""One table of month rows in place of leaves, their histogram and wide rows. Kept figures are derived: the next refresh computes them anew."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# Closings are told by an issue's own columns; only reopened issues ask the event log.
INDEXES = """
DROP INDEX reporting_stock_moves;
CREATE INDEX reporting_closings ON casework_issue
    (township_id, category_id, (date_trunc('month', closed_on::timestamp)::date))
    WHERE state = 'closed' AND reopen_count = 0;
CREATE INDEX reporting_reopened ON casework_issue (township_id, category_id) WHERE reopen_count > 0;
"""
INDEXES_OFF = """
DROP INDEX reporting_reopened;
DROP INDEX reporting_closings;
CREATE INDEX reporting_stock_moves ON casework_issueevent
    ((date_trunc('month', happened_at AT TIME ZONE 'Asia/Shanghai')::date))
    WHERE to_state = 'closed' OR from_state = 'closed';
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [
        migrations.DeleteModel(name="RollupLeaf"),
        migrations.DeleteModel(name="RollupHistogram"),
        migrations.DeleteModel(name="Rollup"),
        migrations.CreateModel(
            name="Rollup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("received", models.PositiveIntegerField(default=0, verbose_name="收集录入")),
                ("resolved", models.PositiveIntegerField(default=0, verbose_name="已化解")),
                ("explained", models.PositiveIntegerField(default=0, verbose_name="已解释")),
                ("unresolved", models.PositiveIntegerField(default=0, verbose_name="客观原因未化解")),
                ("out_of_remit", models.PositiveIntegerField(default=0, verbose_name="不属工会职责")),
                ("withdrawn", models.PositiveIntegerField(default=0, verbose_name="撤回")),
                ("assigned", models.PositiveIntegerField(default=0, verbose_name="已交办")),
                ("accepted_on_time", models.PositiveIntegerField(default=0, verbose_name="按时签收")),
                ("closed_with_deadline", models.PositiveIntegerField(default=0, verbose_name="有期限的办结")),
                ("closed_on_time", models.PositiveIntegerField(default=0, verbose_name="按时办结")),
                ("answered", models.PositiveIntegerField(default=0, verbose_name="已反馈")),
                ("followed_up", models.PositiveIntegerField(default=0, verbose_name="已回访")),
                ("rated", models.PositiveIntegerField(default=0, verbose_name="有效评价")),
                ("satisfied", models.PositiveIntegerField(default=0, verbose_name="满意和基本满意")),
                ("answered_ever", models.PositiveIntegerField(default=0, verbose_name="曾反馈")),
                ("redone", models.PositiveIntegerField(default=0, verbose_name="发回重办")),
                ("month", models.DateField(verbose_name="月份")),
                ("open_delta", models.IntegerField(default=0, verbose_name="未办结净增")),
                ("open_at_end", models.IntegerField(default=0, verbose_name="期末未办结")),
                (
                    "workdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), default=list, size=None, verbose_name="用时（工作日）"
                    ),
                ),
                (
                    "issues",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None, verbose_name="件数"
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="统计时间")),
                (
                    "category",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="casework.category",
                        verbose_name="类别",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "统计数据",
                "verbose_name_plural": "统计数据",
                "indexes": [
                    models.Index(fields=["unit", "category", "month"], name="rollup_by_unit"),
                    models.Index(
                        condition=models.Q(
                            ("category__isnull", False), ("open_at_end", 0), ("open_delta", 0), ("received", 0)
                        ),
                        fields=["month"],
                        name="rollup_empty",
                    ),
                    models.Index(
                        condition=models.Q(("category__isnull", True)), fields=["month"], name="rollup_over_all"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("month", "unit", "category"), name="rollup_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="rollup_month_is_first_day"),
                ],
            },
        ),
        migrations.RunSQL(INDEXES, INDEXES_OFF),
    ]
