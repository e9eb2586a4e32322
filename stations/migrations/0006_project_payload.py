from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stations", "0005_employers")]

    operations = [
        migrations.AddField(
            model_name="buildproject",
            name="payload_hash",
            field=models.CharField(default="", editable=False, max_length=64),
            preserve_default=False,
        ),
    ]
