"""Questions put into SQL once: asked with other values they answer as the queryset would."""

from datetime import date

from django.db import connection

from tests.people import District
from unionportal.core.accounts.models import Posting
from unionportal.core.audit.models import AuditEntry
from unionportal.core.audit.services import record
from unionportal.core.common.scope import SYSTEM
from unionportal.core.common.spelled import Spelled, by_ids, columns
from unionportal.core.orgs.models import Enterprise, Unit

POSTED = Spelled(
    lambda user_id, on: Posting.objects.answered_by(user_id, on).values_list("township_id", "enterprise_id"),
    user_id=-1,
    on=date.min,
)


def test_every_question_has_its_own_values(district: District) -> None:
    day = date(2024, 9, 12)
    one, other = district.cadre(), district.cadre([], [district.enterprise()])
    for person in (one, other, district.staff()):
        asked = list(Posting.objects.answered_by(person.pk, day).values_list("township_id", "enterprise_id"))
        assert POSTED.rows(user_id=person.pk, on=day) == asked
    assert POSTED.rows(user_id=one.pk, on=date(1999, 1, 1)) == []


def test_rows_come_as_objects_where_they_are_wanted(district: District) -> None:
    townships = Spelled(
        lambda kind: Unit.objects.filter(kind=kind).order_by("code").values_list(*columns(Unit)), kind="?"
    )
    assert townships.objects(Unit, kind="township") == list(Unit.objects.townships().order_by("code"))


def test_a_question_asked_again_and_again_is_planned_once(district: District) -> None:
    def prepared() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%%100%%'")
            return [text for (text,) in cursor.fetchall()]

    named = Spelled(
        lambda code: Unit.objects.filter(code=code, kind="township", name__contains="100%'").values_list("pk"), code="?"
    )
    codes = [unit.code for unit in Unit.objects.townships()]
    for code in codes * 2:
        assert named.rows(code=code) == []
    (statement,) = prepared()
    assert "$1" in statement
    assert "$2" not in statement  # what is always the same stands in the text, where a partial index sees it
    Unit.objects.filter(code=codes[0]).update(name="100%'总工会")
    assert len(named.rows(code=codes[0])) == 1


def test_rows_are_found_by_their_ids(district: District) -> None:
    one, other = district.enterprise(), district.enterprise()
    found = by_ids(Enterprise, [one.pk, None, other.pk, one.pk, 0], but="search_tokens")
    assert found == {one.pk: one, other.pk: other}
    assert found[one.pk].name == one.name
    assert found[one.pk].get_deferred_fields() == {"search_tokens"}
    assert by_ids(Unit, [None]) == {}


def test_columns_that_need_reading_are_read(district: District) -> None:
    entry = record(actor=SYSTEM, action="unit.update", object_type="unit", object_id=1, version=2)
    assert by_ids(AuditEntry, [entry.pk])[entry.pk].data == {"version": 2}
