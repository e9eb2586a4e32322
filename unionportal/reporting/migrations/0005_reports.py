import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# Who took a report away is never unsaid.
APPEND_ONLY = """
CREATE TRIGGER reporting_reportdownload_immutable BEFORE UPDATE OR DELETE ON reporting_reportdownload
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen_is_immutable();
"""
APPEND_ONLY_OFF = "DROP TRIGGER reporting_reportdownload_immutable ON reporting_reportdownload;"


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0002_files_without_an_account"),
        ("reporting", "0004_flows_and_recomputations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Report",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[("monthly", "月报"), ("quarterly", "季度分析"), ("annual", "年度报告")],
                        max_length=10,
                        verbose_name="报告",
                    ),
                ),
                ("start", models.DateField(verbose_name="期间")),
                (
                    "format",
                    models.CharField(
                        choices=[("docx", "Word"), ("xlsx", "Excel"), ("pdf", "PDF")], max_length=4, verbose_name="格式"
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="申请时间")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "生成中"),
                            ("done", "已完成"),
                            ("failed", "未能生成"),
                            ("cancelled", "已取消"),
                        ],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("progress", models.PositiveSmallIntegerField(default=0, verbose_name="进度")),
                ("problem", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="完成时间")),
                ("template_version", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="模板版本")),
                ("as_of", models.DateTimeField(blank=True, null=True, verbose_name="统计时间")),
                ("revisions", models.JSONField(blank=True, default=dict, verbose_name="各月版次")),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
                (
                    "attachment",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.attachment",
                        verbose_name="文件",
                    ),
                ),
                (
                    "freeze",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reports",
                        to="reporting.freeze",
                        verbose_name="冻结版次",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告",
                "verbose_name_plural": "报告",
                "ordering": ["-asked_at", "-id"],
                "indexes": [
                    models.Index(fields=["-asked_at", "-id"], name="report_newest"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("freeze", "format"), name="report_of_a_freeze_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("freeze__isnull", True), ("state__in", ["waiting", "running"])),
                        fields=("kind", "start", "format", "asked_by"),
                        name="report_asked_once_at_a_time",
                    ),
                    models.CheckConstraint(condition=models.Q(("start__day", 1)), name="report_start_is_first_day"),
                    models.CheckConstraint(condition=models.Q(("progress__lte", 100)), name="report_progress_percent"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("as_of__isnull", False),
                                ("attachment__isnull", False),
                                ("progress", 100),
                                ("state", "done"),
                            ),
                            models.Q(models.Q(("state", "done"), _negated=True), ("attachment__isnull", True)),
                            _connector="OR",
                        ),
                        name="report_done_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state__in", ["waiting", "running"])),
                            models.Q(
                                models.Q(("state__in", ["waiting", "running"]), _negated=True),
                                ("finished_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="report_ended_has_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReportDownload",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="下载时间")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="downloads", to="reporting.report"
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="下载人",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告下载记录",
                "verbose_name_plural": "报告下载记录",
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ReportTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("monthly", "月报"), ("quarterly", "季度分析"), ("annual", "年度报告")],
                        max_length=10,
                        verbose_name="报告",
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(verbose_name="版本")),
                ("is_in_force", models.BooleanField(default=False, verbose_name="启用")),
                ("uploaded_at", models.DateTimeField(verbose_name="上传时间")),
                (
                    "attachment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.attachment",
                        verbose_name="文件",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "报告模板",
                "verbose_name_plural": "报告模板",
                "ordering": ["kind", "-version"],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "version"), name="report_template_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("is_in_force", True)), fields=("kind",), name="report_template_one_in_force"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="report_template_version_positive"
                    ),
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY, APPEND_ONLY_OFF),
    ]
