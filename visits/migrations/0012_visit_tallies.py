import django.db.models.deletion
from django.db import migrations, models

TALLY = """
CREATE FUNCTION visits_tally_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO visits_visittally (month, township_id, number)
    SELECT date_trunc('month', visited_on::timestamp)::date, township_id, count(*) FROM added GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION visits_tally_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO visits_visittally (month, township_id, number)
    SELECT date_trunc('month', visited_on::timestamp)::date, township_id, -count(*) FROM removed GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION visits_tally_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO visits_visittally (month, township_id, number) VALUES
        (date_trunc('month', OLD.visited_on::timestamp)::date, OLD.township_id, -1),
        (date_trunc('month', NEW.visited_on::timestamp)::date, NEW.township_id, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER visits_visit_added AFTER INSERT ON visits_visit
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION visits_tally_added();
CREATE TRIGGER visits_visit_removed AFTER DELETE ON visits_visit
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION visits_tally_removed();
CREATE TRIGGER visits_visit_moved AFTER UPDATE ON visits_visit FOR EACH ROW
    WHEN ((date_trunc('month', OLD.visited_on::timestamp), OLD.township_id)
        IS DISTINCT FROM (date_trunc('month', NEW.visited_on::timestamp), NEW.township_id))
    EXECUTE FUNCTION visits_tally_moved();
INSERT INTO visits_visittally (month, township_id, number)
SELECT date_trunc('month', visited_on::timestamp)::date, township_id, count(*) FROM visits_visit GROUP BY 1, 2;
"""

TALLY_OFF = """
DROP TRIGGER visits_visit_moved ON visits_visit; DROP FUNCTION visits_tally_moved();
DROP TRIGGER visits_visit_removed ON visits_visit; DROP FUNCTION visits_tally_removed();
DROP TRIGGER visits_visit_added ON visits_visit; DROP FUNCTION visits_tally_added();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0004_merged_enterprises"),
        ("visits", "0011_lists_from_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="月份")),
                ("number", models.IntegerField(verbose_name="走访次数")),
                (
                    "township",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="镇街",
                    ),
                ),
            ],
            options={
                "verbose_name": "走访次数",
                "verbose_name_plural": "走访次数",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="visit_tally_of_a_month")
                ],
            },
        ),
        migrations.RunSQL(TALLY, TALLY_OFF),
    ]
