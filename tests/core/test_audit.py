"""The trail: append-only for everybody, read by the auditor."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from tests.people import client_for, scope_of
from tests.queries import queries_of
from unionportal.core.accounts.services import account_update
from unionportal.core.audit.labels import ACTIONS, OBJECTS
from unionportal.core.audit.models import AuditEntry
from unionportal.core.audit.services import record
from unionportal.core.common.scope import SYSTEM, Scope

SOURCES = ("unionportal", "casework", "visits", "hardship", "stations")


@pytest.fixture
def entry(db) -> AuditEntry:
    return record(actor=SYSTEM, action="unit.create", object_type="unit", object_id="rights", kind="department")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_auditentry SET action = 'x'",
        "UPDATE audit_auditentry SET at = now() WHERE id = (SELECT max(id) FROM audit_auditentry)",
        "DELETE FROM audit_auditentry",
        "TRUNCATE audit_auditentry",
        "ALTER TABLE audit_auditentry DISABLE TRIGGER ALL",
        "DROP TRIGGER audit_auditentry_append_only ON audit_auditentry",
    ],
)
def test_the_web_role_can_neither_change_nor_remove_what_is_written(entry, statement):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == settings.DATABASE_WEB_ROLE
        with pytest.raises(DatabaseError), transaction.atomic():
            cursor.execute(statement)
    assert AuditEntry.objects.get(pk=entry.pk).action == "unit.create"


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize("statement", ["UPDATE audit_auditentry SET action = 'x'", "DELETE FROM audit_auditentry"])
def test_not_even_the_owner_can(statement):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditentry (at, action, object_type, object_id, data) VALUES (now(), 'a', 'b', 'c', '{}')"
        )
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(using="owner"):
            cursor.execute(statement)


def test_the_orm_cannot_either(entry):
    entry.action = "x"
    for attempt in (entry.save, entry.delete, AuditEntry.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.update(action="x")
    assert AuditEntry.objects.filter(action="unit.create").exists()


def test_an_entry_falls_with_the_write_it_belongs_to(district):
    user, actor = district.staff(), scope_of(district.sysadmin())

    def fail_after_saving() -> None:
        with transaction.atomic():
            account_update(user=user, display_name="改名", phone="", version=1, actor=actor)
            raise LookupError

    with pytest.raises(LookupError):
        fail_after_saving()
    assert not AuditEntry.objects.exists()


def test_the_trail_holds_no_names_or_telephone_numbers(district):
    user = district.staff(name="韩梅（演示）")
    account_update(
        user=user, display_name="韩梅梅（演示）", phone="13900001111", version=1, actor=scope_of(district.sysadmin())
    )
    entry = AuditEntry.objects.get(action="account.update")
    assert entry.data == {"changed": ["display_name", "phone"]}


def test_the_auditor_reads_it_in_chinese_and_nobody_else_reads_any(district):
    administrator = district.sysadmin(name="管系统（演示）")
    client_for(administrator).post("/accounts/new/", {"username": "chenxin", "display_name": "陈新", "phone": ""})
    page = client_for(district.auditor()).get("/audit/").content.decode()
    for words in ("管系统（演示）", "新建账号", "chenxin"):
        assert words in page
    for outsider in (administrator, district.security(), district.leader(), district.cadre()):
        assert client_for(outsider).get("/audit/").status_code == 403
        assert not AuditEntry.objects.visible_to(scope_of(outsider)).exists()


def test_the_list_is_filtered_by_person_action_object_and_day(district):
    han, li = district.staff(name="韩梅（演示）", username="hanmei"), district.staff(name="李雷（演示）")
    now = timezone.now()
    for user, action, object_type, object_id, days_ago in (
        (han, "issue.assign", "issue", "YC-2024-000001", 0),
        (han, "visit.create", "visit", "1", 10),
        (li, "issue.close", "issue", "YC-2024-000001", 20),
    ):
        AuditEntry.objects.create(
            actor=user,
            action=action,
            object_type=object_type,
            object_id=object_id,
            at=now - timedelta(days=days_ago),
        )
    client = client_for(district.auditor())

    def found(query: str) -> list[str]:
        return [entry.action for entry in client.get(f"/audit/?{query}").context["page"].items]

    assert found("") == ["issue.assign", "visit.create", "issue.close"]
    assert found("person=韩梅") == found("person=HANMEI") == ["issue.assign", "visit.create"]
    assert found("action=issue.close") == ["issue.close"]
    assert found("object_type=issue&object_id=YC-2024-000001") == ["issue.assign", "issue.close"]
    day = (now - timedelta(days=10)).date()
    assert found(f"since={day - timedelta(days=1)}&until={day + timedelta(days=1)}") == ["visit.create"]
    assert found("person=没有此人") == []


def test_paging_back_and_forth_shows_every_entry_once(district, monkeypatch):
    import unionportal.core.audit.views as views
    from unionportal.core.common.pagination import keyset_page

    for n in range(7):
        record(actor=SYSTEM, action="unit.update", object_type="unit", object_id=n)
    AuditEntry.objects.bulk_create(
        AuditEntry(action="unit.update", object_type="unit", object_id=f"same{n}", at=timezone.now().replace(year=2024))
        for n in range(4)
    )
    monkeypatch.setattr(views, "keyset_page", lambda *a, **k: keyset_page(*a, **k, size=4))
    client = client_for(district.auditor())
    seen, url = [], ""
    while url is not None:
        page = client.get(f"/audit/{url}").context["page"]
        seen += [entry.pk for entry in page.items]
        url, back = page.next_url, page.previous_url
    assert len(seen) == len(set(seen)) == 11
    assert [entry.pk for entry in client.get(f"/audit/{back}").context["page"].items] == seen[4:8]


def test_the_list_costs_the_same_at_one_and_at_twenty(district):
    client = client_for(district.auditor())
    record(actor=scope_of(district.staff()), action="unit.update", object_type="unit", object_id="a")
    few = queries_of(client, "/audit/")
    for n in range(20):
        record(actor=Scope(user_id=district.staff().pk), action="unit.update", object_type="unit", object_id=n)
    assert queries_of(client, "/audit/") == few


def test_every_action_and_object_written_in_the_code_has_a_chinese_name():
    root = Path(settings.BASE_DIR)
    calls = [
        node
        for folder in SOURCES
        for path in (root / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record"
    ]
    written: dict[str, set[str]] = {"action": set(), "object_type": set()}
    for call in calls:
        for keyword in call.keywords:
            if keyword.arg in written and isinstance(keyword.value, ast.Constant):
                written[keyword.arg].add(keyword.value.value)
    assert len(written["action"]) > 15
    assert written["action"] - set(ACTIONS) == set()
    assert written["object_type"] - set(OBJECTS) == set()


def test_every_move_of_an_issue_has_a_chinese_name():
    from casework.workflow import ACTIONS as MOVES

    assert {f"issue.{move}" for move in MOVES} - set(ACTIONS) == set()
