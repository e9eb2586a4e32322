"""As in casework 0015: a word nobody ever wrote must not be taken for one visit in two hundred."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("visits", "0008_evaluations")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE visits_visit ALTER COLUMN search_tokens SET STATISTICS 1000",
            "ALTER TABLE visits_visit ALTER COLUMN search_tokens SET STATISTICS -1",
        ),
    ]
