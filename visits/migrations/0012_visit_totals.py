import django.db.models.deletion
from django.db import migrations, models

TOTAL = """
CREATE FUNCTION visits_total_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO visits_visittotal (month, township_id, number)
    SELECT date_trunc('month', visited_on::timestamp)::date, township_id, count(*) FROM added GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION visits_total_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO visits_visittotal (month, township_id, number)
    SELECT date_trunc('month', visited_on::timestamp)::date, township_id, -count(*) FROM removed GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION visits_total_moved() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO visits_visittotal (month, township_id, number) VALUES
        (date_trunc('month', OLD.visited_on::timestamp)::date, OLD.township_id, -1),
        (date_trunc('month', NEW.visited_on::timestamp)::date, NEW.township_id, 1);
    RETURN NULL;
END $$;
CREATE TRIGGER visits_visit_added AFTER INSERT ON visits_visit
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION visits_total_added();
CREATE TRIGGER visits_visit_removed AFTER DELETE ON visits_visit
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION visits_total_removed();
CREATE TRIGGER visits_visit_moved AFTER UPDATE ON visits_visit FOR EACH ROW
    WHEN ((date_trunc('month', OLD.visited_on::timestamp), OLD.township_id)
        IS DISTINCT FROM (date_trunc('month', NEW.visited_on::timestamp), NEW.township_id))
    EXECUTE FUNCTION visits_total_moved();
INSERT INTO visits_visittotal (month, township_id, number)
SELECT date_trunc('month', visited_on::timestamp)::date, township_id, count(*) FROM visits_visit GROUP BY 1, 2;
"""

TOTAL_OFF = """
DROP TRIGGER visits_visit_moved ON visits_visit; DROP FUNCTION visits_total_moved();
DROP TRIGGER visits_visit_removed ON visits_visit; DROP FUNCTION visits_total_removed();
DROP TRIGGER visits_visit_added ON visits_visit; DROP FUNCTION visits_total_added();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orgs", "0004_merged_enterprises"),
        ("visits", "0011_lists_from_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="VisitTotal",
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
                "verbose_name": "走访累计",
                "verbose_name_plural": "走访累计",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="visit_total_of_a_month")
                ],
            },
        ),
        migrations.RunSQL(TOTAL, TOTAL_OFF),
    ]
