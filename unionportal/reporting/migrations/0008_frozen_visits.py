import django.db.models.deletion
from django.db import migrations, models

# As the frozen figures of issues: never changed, whoever is connected.
IMMUTABLE = """
CREATE TRIGGER reporting_frozenvisit_immutable BEFORE UPDATE OR DELETE ON reporting_frozenvisit
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen_is_immutable();
CREATE TRIGGER reporting_frozenvisitfigures_immutable BEFORE UPDATE OR DELETE ON reporting_frozenvisitfigures
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen_is_immutable();
"""
IMMUTABLE_OFF = """
DROP TRIGGER reporting_frozenvisitfigures_immutable ON reporting_frozenvisitfigures;
DROP TRIGGER reporting_frozenvisit_immutable ON reporting_frozenvisit;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0004_merged_enterprises"),
        ("reporting", "0007_what_a_freeze_counted"),
        ("visits", "0012_visit_totals"),
    ]

    operations = [
        migrations.CreateModel(
            name="FrozenVisit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("headcount", models.PositiveSmallIntegerField(verbose_name="走访人次")),
                (
                    "enterprise",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.enterprise",
                        verbose_name="企业",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visits",
                        to="reporting.freeze",
                    ),
                ),
                (
                    "township",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="镇街",
                    ),
                ),
                (
                    "visit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="visits.visit",
                        verbose_name="走访",
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结时计入的走访",
                "verbose_name_plural": "冻结时计入的走访",
                "constraints": [models.UniqueConstraint(fields=("freeze", "visit"), name="frozen_visit_once")],
            },
        ),
        migrations.CreateModel(
            name="FrozenVisitFigures",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("visits", models.PositiveIntegerField(verbose_name="走访（家次）")),
                ("enterprise_visits", models.PositiveIntegerField(verbose_name="走访企业（家次）")),
                ("enterprises", models.PositiveIntegerField(verbose_name="走访企业（家）")),
                ("headcount", models.PositiveIntegerField(verbose_name="走访人次")),
                ("key_covered", models.PositiveIntegerField(verbose_name="覆盖重点企业")),
                ("key_total", models.PositiveIntegerField(verbose_name="在营重点企业")),
                ("quota_met", models.PositiveIntegerField(verbose_name="走访达标周次")),
                ("quota_weeks", models.PositiveIntegerField(verbose_name="应走访周次")),
                (
                    "freeze",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="visit_figures",
                        to="reporting.freeze",
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
                    ),
                ),
            ],
            options={
                "verbose_name": "冻结的走访数据",
                "verbose_name_plural": "冻结的走访数据",
                "constraints": [models.UniqueConstraint(fields=("freeze", "unit"), name="frozen_visit_figures_once")],
            },
        ),
        migrations.RunSQL(IMMUTABLE, IMMUTABLE_OFF),
    ]
