"""Categories and their handling promise."""

from casework.models import Category
from tests.casework.cast import Cast
from unionportal.core.audit.models import AuditEntry

FORM = {"name": "工会经费返还", "promise_workdays": "8", "position": "10", "is_active": "on"}


def test_staff_changes_a_promise_and_running_deadlines_stay(cast: Cast) -> None:
    running = cast.issue_in("assigned")
    answer = cast.client("staff").post("/categories/dues_refund/", FORM)
    assert (answer.status_code, answer.url) == (302, "/categories/")
    assert Category.objects.get(code="dues_refund").promise_workdays == 8
    entry = AuditEntry.objects.get(action="category.update")
    assert (entry.object_id, entry.data["promise_workdays"]) == ("dues_refund", 8)
    due = running.due_on
    running.refresh_from_db()
    assert (running.due_on, running.promise_workdays) == (due, 5)
    cast.dues.refresh_from_db()
    assert cast.issue_in("assigned").promise_workdays == 8


def test_what_cannot_be_saved(cast: Cast) -> None:
    for changes, words in (
        ({"promise_workdays": "0"}, "1 到 60"),
        ({"promise_workdays": "61"}, "1 到 60"),
        ({"name": "欠薪"}, "已有同名的类别"),
    ):
        answer = cast.client("staff").post("/categories/dues_refund/", {**FORM, **changes})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert Category.objects.get(code="dues_refund").promise_workdays == 5


def test_only_staff(cast: Cast) -> None:
    for who in ("leader", "registrar", "clerk", "handler", "auditor"):
        assert cast.client(who).get("/categories/").status_code == 403
        assert cast.client(who).post("/categories/dues_refund/", FORM).status_code == 403
    assert "工会经费返还" in cast.client("staff").get("/categories/").content.decode()
