from django.db import migrations, models

#: Until now whoever had the same salted hash as somebody else was taken to have the password of a set-up.
MARK = """
    UPDATE accounts_user SET password_is_shared = true
    WHERE password IN (SELECT password FROM accounts_user GROUP BY password HAVING count(*) > 1)
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_substitutions")]

    operations = [
        migrations.AddField(
            model_name="user",
            name="password_is_shared",
            field=models.BooleanField(default=False, editable=False, verbose_name="密码由初始化统一给出"),
        ),
        migrations.RunSQL(MARK, migrations.RunSQL.noop),
    ]
