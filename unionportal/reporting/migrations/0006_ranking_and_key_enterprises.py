"""What the dashboard reads of many rows, from an index alone: the ranking of townships, and the key enterprises among thousands of others.
And room for rows that are refreshed.
"""

from django.db import migrations, models

KEY = "CREATE INDEX reporting_key ON orgs_enterprise (township_id) INCLUDE (id) WHERE is_key AND is_active"
KEY_OFF = "DROP INDEX reporting_key"
#: Room on every page for another version of a row: a refresh that moves no count of an index then leaves all indexes alone.
ROOM = "ALTER TABLE reporting_rollup SET (fillfactor = 85)"
ROOM_OFF = "ALTER TABLE reporting_rollup RESET (fillfactor)"


class Migration(migrations.Migration):
    dependencies = [
        ("reporting", "0005_reports"),
        ("orgs", "0004_merged_enterprises"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="rollup", name="rollup_over_all"),
        migrations.AddIndex(
            model_name="rollup",
            index=models.Index(
                condition=models.Q(("category__isnull", True)),
                fields=["month"],
                include=("unit", "resolved", "received"),
                name="rollup_over_all",
            ),
        ),
        migrations.RunSQL(KEY, KEY_OFF),
        migrations.RunSQL(ROOM, ROOM_OFF),
    ]
