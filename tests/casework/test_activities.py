"""Service activities: who plans them, what took place, who sees them, what they add up to."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from casework.activity_figures import activity_figures, totals
from casework.activity_flow import ACTIVITY_MOVES, ActivityState
from casework.models import ActivitySession, ActivityStep, ServiceActivity
from casework.services.activities import activity_create, activity_edit, activity_move
from casework.services.activity_enterprises import enterprises_named
from casework.services.activity_issues import issues_link
from casework.services.activity_sessions import guests_mark, session_add, session_edit, session_remove
from tests.casework.cast import Cast
from unionportal.core.accounts.models import Posting
from unionportal.core.common.errors import (
    Conflict,
    DomainError,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)

DAY = date(2024, 9, 4)


def plan(cast: Cast, who: str = "staff", **changes: Any) -> ServiceActivity:
    """A fair of 稽山, planned for the Wednesday, unless told otherwise."""
    facts = {
        "uuid": uuid4(),
        "kind": "job_fair",
        "title": "秋季用工招聘会",
        "organiser": cast.jishan,
        "township": cast.jishan,
        "planned_on": DAY,
        "actor": cast.scope(who),
    }
    return activity_create(**{**facts, **changes})


def session(cast: Cast, activity: ServiceActivity, who: str = "staff", **changes: Any) -> ActivitySession:
    facts = {"uuid": uuid4(), "held_on": DAY, "place": "街道文化中心", "actor": cast.scope(who)}
    return session_add(code=activity.code, **{**facts, **changes})


def held(cast: Cast, activity: ServiceActivity, **figures: Any) -> ServiceActivity:
    """The activity after one session, on record as held."""
    session(cast, activity, **figures)
    return activity_move(code=activity.code, action="hold", version=None, actor=cast.scope("staff"))


def test_from_plan_to_done(cast: Cast) -> None:
    activity = plan(cast, budget=Decimal("5000"))
    assert (activity.code, activity.state) == ("FW-2024-0001", "planned")
    staff = {"code": activity.code, "version": None, "actor": cast.scope("staff")}
    with pytest.raises(InvalidTransition, match="还没有举办过的场次"):
        activity_move(**staff, action="hold")
    to_come = session(cast, activity, held_on=DAY + timedelta(days=7))
    with pytest.raises(InvalidTransition, match="还没有举办过的场次"):
        activity_move(**staff, action="hold")
    first = session(cast, activity, attendance=120, cost=Decimal("3200.50"), leaflets=300)
    with pytest.raises(InvalidTransition, match="不能取消"):
        activity_move(**staff, action="cancel", text="改期")
    assert activity_move(**staff, action="hold").state == "held"
    with pytest.raises(InvalidTransition, match="至少要有一场"):
        session_remove(**staff, session_id=first.pk)
    with pytest.raises(InvalidTransition, match="没到日期的场次"):
        activity_move(**staff, action="finish", text="效果好")
    session_remove(**staff, session_id=to_come.pk)
    with pytest.raises(FieldErrors) as empty:
        activity_move(**staff, action="finish", text=" ")
    assert set(empty.value.fields) == {"summary"}
    done = activity_move(**staff, action="finish", text="达成意向 35 人。")
    assert (done.state, done.summary) == ("done", "达成意向 35 人。")
    for refused in (
        lambda: session(cast, done),
        lambda: session_edit(**staff, session_id=first.pk, held_on=DAY, place="别处"),
    ):
        with pytest.raises(InvalidTransition, match="不能再改"):
            refused()
    assert [step.action for step in done.steps.order_by("id")] == [
        "create",
        "session_add",
        "session_add",
        "hold",
        "session_remove",
        "finish",
    ]


def test_every_other_move_is_refused(cast: Cast) -> None:
    activity = held(cast, plan(cast))
    for state in ActivityState:
        words = {"done": {"summary": "好"}, "cancelled": {"cancel_reason": "改期"}}.get(state, {})
        ServiceActivity.objects.filter(pk=activity.pk).update(
            **{"state": state.value, "summary": "", "cancel_reason": "", **words}
        )
        for action, move in ACTIVITY_MOVES.items():
            if move.source != state:
                with pytest.raises(InvalidTransition):
                    activity_move(code=activity.code, action=action, version=None, actor=cast.scope("staff"), text="x")
    with pytest.raises(NotFound):
        activity_move(code=activity.code, action="reopen", version=None, actor=cast.scope("staff"))


def test_cancelling_says_why_and_frees_nothing(cast: Cast) -> None:
    first = plan(cast)
    cancelled = activity_move(code=first.code, action="cancel", version=1, actor=cast.scope("staff"), text="场地冲突")
    assert (cancelled.state, cancelled.cancel_reason) == ("cancelled", "场地冲突")
    assert plan(cast).code == "FW-2024-0002"
    with pytest.raises(InvalidTransition):
        issues_link(code=first.code, issues=[cast.issue().code], actor=cast.scope("staff"))


def test_a_retry_is_the_same_row_and_another_content_is_refused(cast: Cast) -> None:
    uuid = uuid4()
    first = plan(cast, uuid=uuid, budget=Decimal("100"))
    assert plan(cast, uuid=uuid, budget=Decimal("100.00")) == first
    with pytest.raises(Conflict):
        plan(cast, uuid=uuid, title="另一场")
    one = UUID(int=7)
    assert session(cast, first, uuid=one) == session(cast, first, uuid=one)
    assert (ServiceActivity.objects.count(), ActivitySession.objects.count()) == (1, 1)
    with transaction.atomic():  # a request whose rest fails leaves no gap
        plan(cast)
        transaction.set_rollback(True)
    assert plan(cast).code == "FW-2024-0002"


@pytest.mark.parametrize(
    ("who", "changes", "error"),
    [
        ("clerk", {}, None),
        ("clerk", {"organiser": "workroom"}, None),
        ("clerk", {"organiser": "legal"}, "organiser"),
        ("clerk", {"township": None}, "township"),
        ("clerk", {"township": "fusheng"}, "township"),
        ("staff", {"township": None, "organiser": "legal"}, None),
        ("staff", {"kind": "party"}, "kind"),
        ("staff", {"title": " "}, "title"),
        ("staff", {"title": "长" * 81}, "title"),
        ("staff", {"budget": Decimal(-1)}, "budget"),
        ("leader", {}, Forbidden),
        ("registrar", {}, Forbidden),
        ("handler", {}, Forbidden),
        ("auditor", {}, Forbidden),
    ],
)
def test_who_may_plan_what(cast: Cast, who: str, changes: dict[str, Any], error: Any) -> None:
    units = {name: getattr(cast, name) for name in ("workroom", "legal", "fusheng")}
    changes = {key: units.get(value, value) if isinstance(value, str) else value for key, value in changes.items()}
    if error is None:
        assert plan(cast, who, **changes).created_by == cast.users[who]
        return
    with pytest.raises(FieldErrors if isinstance(error, str) else error) as refused:
        plan(cast, who, **changes)
    if isinstance(error, str):
        assert set(refused.value.fields) == {error}
    assert not ServiceActivity.objects.exists()


def test_only_those_who_keep_it_change_it(cast: Cast) -> None:
    activity = plan(cast, organiser=cast.legal)
    for who, error in (
        ("handler", Forbidden),
        ("registrar", Forbidden),
        ("leader", Forbidden),
        ("neighbour", NotFound),
    ):
        with pytest.raises(error):
            session(cast, activity, who)
    whole = plan(cast, township=None)
    with pytest.raises(Forbidden):
        session(cast, whole, "clerk")  # sees it, but it is the district's
    assert session(cast, activity, "clerk").activity == activity


def test_a_change_upon_a_stale_page_is_refused(cast: Cast) -> None:
    activity = plan(cast)
    facts = {
        "kind": "training",
        "title": "电工培训",
        "organiser": cast.jishan,
        "township": cast.jishan,
        "planned_on": DAY,
    }
    activity_edit(code=activity.code, version=1, actor=cast.scope("clerk"), **facts)
    with pytest.raises(StaleVersion):
        activity_edit(code=activity.code, version=1, actor=cast.scope("staff"), **{**facts, "title": "焊工培训"})
    activity.refresh_from_db()
    assert (activity.title, activity.version) == ("电工培训", 2)


def test_a_session_keeps_to_what_can_be(cast: Cast) -> None:
    activity = plan(cast)
    for changes, fields in (
        ({"place": " "}, {"place"}),
        ({"attendance": -1}, {"attendance"}),
        ({"leaflets": 2_000_000}, {"leaflets"}),
        ({"cost": Decimal("-0.01")}, {"cost"}),
        ({"held_on": DAY + timedelta(days=1), "attendance": 5}, {"held_on"}),
    ):
        with pytest.raises(FieldErrors) as refused:
            session(cast, activity, **changes)
        assert set(refused.value.fields) == fields
    assert not ActivitySession.objects.exists()
    row = session(cast, activity, held_on=DAY + timedelta(days=1))
    with pytest.raises(StaleVersion):
        session_edit(
            code=activity.code, session_id=row.pk, version=1, held_on=DAY, place="别处", actor=cast.scope("staff")
        )


def test_enterprises_come_from_a_pasted_list(cast: Cast) -> None:
    staff = cast.scope("staff")
    named = enterprises_named([cast.plant.name, " ", cast.quarry.credit_code.lower(), cast.plant.name], staff)
    assert named == [cast.plant, cast.quarry]
    for who, line in (("staff", "没有这家公司"), ("clerk", cast.quarry.name)):
        with pytest.raises(FieldErrors, match="标出") as refused:
            enterprises_named([line], cast.scope(who))
        assert line in refused.value.fields["enterprises"]
    activity = plan(cast, enterprises=named)
    came = activity.invited.get(enterprise=cast.quarry)
    guests_mark(code=activity.code, invited_ids=[came.pk, 0], version=1, actor=staff)
    facts = {
        "kind": "job_fair",
        "title": "招聘会",
        "organiser": cast.jishan,
        "township": cast.jishan,
        "planned_on": DAY,
    }
    activity_edit(code=activity.code, version=2, actor=cast.scope("clerk"), enterprises=[], **facts)
    # The clerk does not see the neighbour's enterprise, so taking "all" off leaves it, and that it came.
    assert list(activity.invited.values_list("enterprise__name", "attended")) == [(cast.quarry.name, True)]


def test_who_sees_what(cast: Cast) -> None:
    own = plan(cast)
    whole = plan(cast, township=None, organiser=cast.finance)
    far = plan(cast, township=cast.fusheng, organiser=cast.fusheng)
    issue = cast.issue_in("in_progress")
    issues_link(code=far.code, issues=[issue.code], actor=cast.scope("staff"))
    single = cast.users["outsider"]
    Posting.objects.filter(cadre=single).delete()
    Posting.objects.create(cadre=single, enterprise=cast.quarry, start_on=date(2023, 4, 1))
    invited = plan(cast, title="石材行业", enterprises=[cast.quarry])
    for who, seen in {
        "staff": {own, whole, far, invited},
        "leader": {own, whole, far, invited},
        "clerk": {own, whole, far, invited},  # far: by its issue
        "registrar": {own, whole, far, invited},
        "neighbour": {whole, far},
        "outsider": {whole, invited},
        "handler": {far},
        "other_handler": {whole},  # its department organises
        "workroom_handler": set(),
        "auditor": set(),
    }.items():
        assert set(ServiceActivity.objects.visible_to(cast.scope(who))) == seen, who


def test_figures_are_of_what_took_place(cast: Cast) -> None:
    fair = held(cast, plan(cast), attendance=100, cost=Decimal("1000.10"), leaflets=50)
    session(cast, fair, held_on=date(2024, 8, 20), attendance=20, cost=Decimal("0.20"), leaflets=5)
    session(cast, fair, held_on=DAY + timedelta(days=9))
    session(cast, plan(cast, kind="training"), attendance=999)  # not on record as held
    far = held(cast, plan(cast, kind="legal_checkup", township=cast.fusheng, organiser=cast.fusheng), attendance=7)
    held(cast, plan(cast, kind="legal_checkup", township=None, organiser=cast.legal), attendance=3)
    everything = totals(ServiceActivity.objects.all(), DAY)
    assert (everything.activities, everything.sessions, everything.attendance) == (3, 4, 130)
    assert (everything.cost, everything.leaflets) == (Decimal("1000.30"), 55)
    august = totals(ServiceActivity.objects.all(), DAY, until=date(2024, 8, 31))
    assert (august.sessions, august.attendance) == (1, 20)
    nothing = totals(ServiceActivity.objects.none(), DAY)
    assert (nothing.sessions, nothing.cost) == (0, Decimal(0))

    rows = activity_figures(cast.scope("leader"), DAY)
    assert [(r.start, r.township, r.kind, r.figures.sessions, r.figures.attendance) for r in rows] == [
        (date(2024, 8, 1), "330602006", "job_fair", 1, 20),
        (date(2024, 9, 1), "330602006", "job_fair", 1, 100),
        (date(2024, 9, 1), "330602108", "legal_checkup", 1, 7),
        (date(2024, 9, 1), None, "legal_checkup", 1, 3),
    ]
    year = activity_figures(cast.scope("neighbour"), DAY, period="year", since=date(2024, 1, 1))
    assert [(r.start, r.township, r.figures.attendance) for r in year] == [
        (date(2024, 1, 1), far.township.code, 7),
        (date(2024, 1, 1), None, 3),
    ]


def test_the_database_refuses_what_cannot_be(cast: Cast) -> None:
    activity = held(cast, plan(cast))
    for change in (
        {"title": ""},
        {"kind": "party"},
        {"code": "FW-1"},
        {"budget": Decimal(-1)},
        {"state": "done"},
        {"state": "cancelled"},
        {"summary": "还没完成"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            ServiceActivity.objects.filter(pk=activity.pk).update(**change)
    for change in ({"cost": Decimal(-1)}, {"attendance": -1}, {"leaflets": -1}, {"place": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ActivitySession.objects.update(**change)
    for step in (lambda: ActivityStep.objects.update(action="edit"), lambda: ActivityStep.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            step()


def test_nobody_hears_of_an_activity_out_of_sight(cast: Cast) -> None:
    far = plan(cast, township=cast.fusheng, organiser=cast.fusheng)
    for call in (
        lambda: activity_move(code=far.code, action="cancel", version=None, actor=cast.scope("clerk"), text="x"),
        lambda: issues_link(code=far.code, issues=["YC-2024-000001"], actor=cast.scope("workroom_handler")),
    ):
        with pytest.raises(DomainError) as refused:
            call()
        assert isinstance(refused.value, NotFound)
