import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Like the log of steps: what a month was published with is never changed, whoever is connected.
IMMUTABLE = """
CREATE FUNCTION reporting_frozen_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is immutable', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER reporting_freeze_immutable BEFORE UPDATE OR DELETE ON reporting_freeze
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen_is_immutable();
CREATE TRIGGER reporting_frozenrow_immutable BEFORE UPDATE OR DELETE ON reporting_frozenrow
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen_is_immutable();
CREATE TRIGGER reporting_freezecause_immutable BEFORE UPDATE OR DELETE ON reporting_freezecause
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen_is_immutable();
"""
IMMUTABLE_OFF = """
DROP TRIGGER reporting_freezecause_immutable ON reporting_freezecause;
DROP TRIGGER reporting_frozenrow_immutable ON reporting_frozenrow;
DROP TRIGGER reporting_freeze_immutable ON reporting_freeze;
DROP FUNCTION reporting_frozen_is_immutable();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0003_wrong_entries"),
        ("orgs", "0001_initial"),
        ("reporting", "0002_month_rows"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Freeze",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="月份")),
                ("revision", models.PositiveSmallIntegerField(verbose_name="版次")),
                ("frozen_at", models.DateTimeField(verbose_name="冻结时间")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="修订原因")),
                (
                    "author",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
            ],
            options={
                "verbose_name": "月度数据冻结",
                "verbose_name_plural": "月度数据冻结",
                "ordering": ["month", "revision"],
            },
        ),
        migrations.CreateModel(
            name="FreezeCause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "freeze",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="causes", to="reporting.freeze"
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="casework.issue"
                    ),
                ),
            ],
            options={
                "verbose_name": "引起修订的诉求",
                "verbose_name_plural": "引起修订的诉求",
                "constraints": [
                    models.UniqueConstraint(fields=("freeze", "issue"), name="freeze_cause_once"),
                ],
            },
        ),
        migrations.AddField(
            model_name="freeze",
            name="issues",
            field=models.ManyToManyField(
                related_name="+", through="reporting.FreezeCause", to="casework.issue", verbose_name="引起修订的诉求"
            ),
        ),
        migrations.CreateModel(
            name="FrozenRow",
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
                    "freeze",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rows", to="reporting.freeze"
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
                "verbose_name": "冻结的统计数据",
                "verbose_name_plural": "冻结的统计数据",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("freeze", "unit", "category"), name="frozen_row_once", nulls_distinct=False
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.UniqueConstraint(fields=("month", "revision"), name="freeze_revision_once"),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.CheckConstraint(condition=models.Q(("month__day", 1)), name="freeze_month_is_first_day"),
        ),
        migrations.AddConstraint(
            model_name="freeze",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), ("revision", 1)),
                    models.Q(("revision__gt", 1), models.Q(("reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="freeze_revision_has_reason",
            ),
        ),
        migrations.RunSQL(IMMUTABLE, IMMUTABLE_OFF),
    ]
