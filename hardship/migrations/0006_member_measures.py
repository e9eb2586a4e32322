import django.db.models.deletion
from django.db import migrations, models

OF_THE_FILE = """
ALTER TABLE hardship_measure ADD CONSTRAINT hardship_measure_member_of_file
    FOREIGN KEY (member_id, file_id) REFERENCES hardship_filemember (id, file_id);
"""
OF_THE_FILE_OFF = "ALTER TABLE hardship_measure DROP CONSTRAINT hardship_measure_member_of_file;"


class Migration(migrations.Migration):
    dependencies = [
        ("hardship", "0005_privacy"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="filemember",
            constraint=models.UniqueConstraint(fields=("id", "file"), name="hardship_member_of_file"),
        ),
        migrations.AddField(
            model_name="measure",
            name="member",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="hardship.filemember",
                verbose_name="帮扶对象",
            ),
        ),
        migrations.RunSQL(OF_THE_FILE, OF_THE_FILE_OFF),
    ]
