from django.db import migrations, models

# Freezes of before: by the moment they were made, and by the definitions then in force (of which only `received` had a second version).
FILL = """
ALTER TABLE reporting_freeze DISABLE TRIGGER reporting_freeze_immutable;
UPDATE reporting_freeze f SET definitions = '{"received": 2}',
    last_step = coalesce((SELECT max(e.id) FROM casework_issueevent e WHERE e.recorded_at <= f.frozen_at), 0);
ALTER TABLE reporting_freeze ENABLE TRIGGER reporting_freeze_immutable;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0003_wrong_entries"),
        ("reporting", "0006_ranking_and_key_enterprises"),
    ]

    operations = [
        migrations.AddField(
            model_name="freeze",
            name="definitions",
            field=models.JSONField(default=dict, verbose_name="口径版本"),
        ),
        migrations.AddField(
            model_name="freeze",
            name="last_step",
            field=models.PositiveBigIntegerField(default=0, verbose_name="计入的最后一步"),
            preserve_default=False,
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
