from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0016_what_waits")]

    operations = [
        migrations.AddField(
            model_name="mediation",
            name="soon_told_of",
            field=models.DateField(null=True, verbose_name="已提醒将到的期限"),
        ),
        migrations.AddField(
            model_name="mediation",
            name="late_told_of",
            field=models.DateField(null=True, verbose_name="已提醒逾期的期限"),
        ),
    ]
