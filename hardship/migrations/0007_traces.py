import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models

#: Scans taken in before they were sealed: `rotate_field_keys` seals them. Their own names go now, for they say whose they are.
PAPERS_ARE_PERSONAL = r"""
UPDATE files_attachment SET is_personal = true, name = '材料' || coalesce(lower(substring(name from '\.[A-Za-z0-9]+$')), '')
WHERE id IN (
    SELECT attachment_id FROM hardship_filepaper UNION SELECT attachment_id FROM hardship_incomeline
    UNION SELECT attachment_id FROM hardship_surveyphoto UNION SELECT attachment_id FROM hardship_grantreceipt
);
"""
#: Words that retention may take from rows that never change otherwise.
ERASED = "（已删除）"
WORDS_MAY_GO = f"""
CREATE OR REPLACE FUNCTION {{table}}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE emptied {{table}};
BEGIN
    IF TG_OP = 'UPDATE' THEN
        emptied := OLD;
        emptied.reason := '{ERASED}';
        IF OLD.reason <> '' AND NEW IS NOT DISTINCT FROM emptied THEN RETURN NEW; END IF;
    END IF;
    RAISE EXCEPTION '{{table}} is append-only' USING ERRCODE = 'restrict_violation';
END $$;
"""
NO_WORD_GOES = """
CREATE OR REPLACE FUNCTION {table}_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{table} is append-only' USING ERRCODE = 'restrict_violation'; END $$;
"""
TABLES = ("hardship_filelook", "hardship_categorydecision", "hardship_leadlook")
#: Looks of before were all reveals; their day is that of their moment.
DAYS_OF_LOOKS = """
ALTER TABLE hardship_leadlook DISABLE TRIGGER hardship_leadlook_append_only;
UPDATE hardship_leadlook SET "on" = (at AT TIME ZONE 'Asia/Shanghai')::date;
ALTER TABLE hardship_leadlook ENABLE TRIGGER hardship_leadlook_append_only;
"""
NO_SQL = migrations.RunSQL.noop


class Migration(migrations.Migration):
    dependencies = [
        ("hardship", "0006_member_measures"),
        ("files", "0003_personal_files"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(PAPERS_ARE_PERSONAL, NO_SQL),
        *(migrations.RunSQL(WORDS_MAY_GO.format(table=table), NO_WORD_GOES.format(table=table)) for table in TABLES),
        migrations.RemoveField(model_name="lead", name="name_find"),
        migrations.AddField(
            model_name="lead",
            name="erased_at",
            field=models.DateTimeField(null=True, verbose_name="个人信息删除时间"),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("erased_at__isnull", True),
                    models.Q(("id_sealed", ""), ("name_sealed", ""), ("phone_sealed", ""), ("who_sealed", "")),
                    _connector="OR",
                ),
                name="lead_erased_names_nobody",
            ),
        ),
        migrations.AddField(
            model_name="leadlook",
            name="way",
            field=models.CharField(
                choices=[("page", "打开线索"), ("name", "看到姓名"), ("reveal", "查看号码")],
                default="reveal",
                max_length=8,
                verbose_name="方式",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="leadlook",
            name="on",
            field=models.DateField(default=datetime.date(2024, 1, 1), verbose_name="日期"),
            preserve_default=False,
        ),
        migrations.RunSQL(DAYS_OF_LOOKS, NO_SQL),
        migrations.AlterField(
            model_name="leadlook",
            name="reason",
            field=models.CharField(blank=True, max_length=200, verbose_name="理由"),
        ),
        migrations.RemoveConstraint(model_name="leadlook", name="lead_look_says_why"),
        migrations.AddConstraint(
            model_name="leadlook",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("way", "reveal"), _negated=True),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="lead_look_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="leadlook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("way__in", ["page", "name"])),
                fields=("lead", "actor", "on", "way"),
                name="lead_look_once_a_day",
            ),
        ),
        migrations.AlterField(
            model_name="filelook",
            name="way",
            field=models.CharField(
                choices=[
                    ("page", "打开档案"),
                    ("name", "看到姓名"),
                    ("reveal", "查看完整信息"),
                    ("paper", "查看材料"),
                    ("export", "导出"),
                    ("print", "打印或生成文书"),
                    ("subject", "本人查阅导出"),
                ],
                max_length=8,
                verbose_name="方式",
            ),
        ),
        migrations.RemoveConstraint(model_name="filelook", name="hardship_page_look_once_a_day"),
        migrations.AddConstraint(
            model_name="filelook",
            constraint=models.UniqueConstraint(
                condition=models.Q(("way__in", ["page", "name"])),
                fields=("file", "actor", "on", "way"),
                name="hardship_name_look_once_a_day",
            ),
        ),
        migrations.AlterField(
            model_name="erasurecertificate",
            name="codes",
            field=ArrayField(base_field=models.CharField(max_length=16), size=None, verbose_name="档案和线索编号"),
        ),
    ]
