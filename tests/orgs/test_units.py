"""The unit tree and its pages."""

import pytest
from django.db import IntegrityError, transaction

from tests.people import District, client_for
from unionportal.core.orgs.models import Unit

pytestmark = pytest.mark.django_db


def test_sysadmin_adds_a_workroom_below_a_township(district: District) -> None:
    sysadmin = client_for(district.sysadmin())
    answer = sysadmin.post(
        "/units/new/",
        {"code": "bazi02", "kind": "workroom", "name": "富盛八字桥工作室", "parent": district.township("330602108").pk},
    )
    assert answer.status_code == 302
    assert Unit.objects.get(code="bazi02").parent == district.township("330602108")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"code": "12", "kind": "township", "name": "某镇"}, "9 位数字"),
        ({"code": "rights", "kind": "department", "name": "又一个"}, "已有单位在用"),
    ],
)
def test_bad_units_are_refused_at_the_field(district: District, sent: dict[str, str], message: str) -> None:
    sysadmin = client_for(district.sysadmin())
    before = Unit.objects.count()
    answer = sysadmin.post("/units/new/", {**sent, "parent": district.district.pk})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert Unit.objects.count() == before


def test_staff_reads_the_tree_but_does_not_change_it(district: District) -> None:
    staff = client_for(district.staff())
    assert "稽山街道总工会" in staff.get("/units/").content.decode()
    assert staff.post("/units/new/", {"code": "x1", "kind": "department", "name": "甲"}).status_code == 403


def test_the_database_refuses_a_township_without_an_official_code(district: District) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Unit.objects.create(code="33", kind="township", name="某镇", short_name="某镇", parent=district.district)


def test_everybody_signed_in_reads_the_directory(district: District) -> None:
    for person in district.everybody().values():
        rows = client_for(person).get("/api/v1/units/?kind=township").json()["results"]
        assert [row["code"] for row in rows] == ["330602006", "330602007", "330602108"]
