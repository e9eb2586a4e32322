"""Sub-issues: splitting an issue, tying an issue under another, untying. Source: docs/domain.md, "Sub-issues"."""

from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from casework.models import Category, Issue, SubIssue
from casework.services.intake import issue_register
from casework.services.log import append_step
from casework.workflow import UNCOUNTED_STATES
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, Forbidden, InvalidTransition, NotFound
from unionportal.core.common.scope import Role, Scope
from unionportal.core.params.values import value

_ONE_AT_A_TIME = "casework.subissue"


@transaction.atomic
def subissue_register(
    *,
    code: str,
    uuid: UUID,
    title: str,
    description: str,
    category: Category,
    actor: Scope,
    now: datetime | None = None,
) -> Issue:
    """Register a part of an issue as an issue of its own below it; township and enterprise are the parent's. It is then assigned like any other.

    By staff and the issue's township union. Raises NotFound, Forbidden, InvalidTransition, FieldErrors, Conflict.
    """
    moment = now or clock.now()
    _one_at_a_time()
    parent = _locked(code, actor)
    if not may_split(parent, actor):
        raise Forbidden("只有区总工会和诉求所在镇街可以拆分诉求。")
    if SubIssue.objects.filter(parent=parent, child__uuid=uuid).exists():
        return Issue.objects.get(uuid=uuid)  # the same form sent twice
    _require_open_and_room(parent, below=1)
    child = issue_register(
        uuid=uuid,
        title=title,
        description=description,
        category=category,
        township=parent.township,
        enterprise=parent.enterprise,
        received_on=parent.received_on,
        actor=actor,
        now=moment,
    )
    _tie(parent, child, actor, moment)
    return child


@transaction.atomic
def subissue_tie(*, code: str, child_code: str, actor: Scope, now: datetime | None = None) -> SubIssue:
    """Put an issue that exists below another (staff). A child that is its own ancestor, has a parent already, or would lie too deep is refused."""
    moment = now or clock.now()
    if not actor.has(Role.STAFF):
        raise Forbidden("只有区总工会可以关联子诉求。")
    _one_at_a_time()
    child = Issue.objects.visible_to(actor).select_for_update(of=("self",)).filter(code=child_code.strip()).first()
    parent = _locked(code, actor)
    if child is None:
        raise FieldErrors({"child": "没有找到这个编号的诉求。"})
    above = _ancestors(parent)
    if child.pk == parent.pk or child.pk in above:
        raise FieldErrors({"child": f"{child.code} 就是这条诉求本身或它的上级，不能再作为它的子诉求。"})
    tie = SubIssue.objects.filter(child=child).select_related("parent").first()
    if tie is not None:
        raise FieldErrors({"child": f"{child.code} 已经是 {tie.parent.code} 的子诉求。"})
    if child.state in UNCOUNTED_STATES:
        raise FieldErrors({"child": f"{child.code} 已是“{child.get_state_display()}”，不能作为子诉求。"})
    _require_open_and_room(parent, below=_height(child), field="child", above=len(above))
    return _tie(parent, child, actor, moment)


@transaction.atomic
def subissue_untie(*, code: str, child_code: str, note: str, actor: Scope, now: datetime | None = None) -> Issue:
    """Undo a tie, with a reason (staff). Both issues go on by themselves."""
    moment = now or clock.now()
    if not actor.has(Role.STAFF):
        raise Forbidden("只有区总工会可以解除子诉求。")
    if not note.strip():
        raise FieldErrors({"note": "请写明解除的理由。"})
    _one_at_a_time()
    tie = SubIssue.objects.filter(parent__code=code, child__code=child_code).first()
    child = Issue.objects.select_for_update(of=("self",)).get(pk=tie.child_id) if tie else None
    parent = _locked(code, actor)
    if tie is None or child is None:
        raise FieldErrors({"child": "它已经不是这条诉求的子诉求了。"})
    tie.delete()
    append_step(
        issue=parent, action="subissue_untie", actor=actor, now=moment, data={"child": child.code}, note=note.strip()
    )
    append_step(issue=child, action="subissue_untie", actor=actor, now=moment, data={"parent": parent.code})
    return child


def may_split(issue: Issue, actor: Scope) -> bool:
    """Staff, and the township union the issue belongs to."""
    return actor.has(Role.STAFF) or (actor.has(Role.TOWNSHIP) and issue.township_id in actor.township_ids)


def _tie(parent: Issue, child: Issue, actor: Scope, now: datetime) -> SubIssue:
    tie = SubIssue.objects.create(child=child, parent=parent, tied_by_id=actor.user_id, tied_at=now)
    append_step(issue=parent, action="subissue_tie", actor=actor, now=now, data={"child": child.code})
    append_step(issue=child, action="subissue_tie", actor=actor, now=now, data={"parent": parent.code})
    return tie


def _require_open_and_room(parent: Issue, *, below: int, field: str = "title", above: int | None = None) -> None:
    if not parent.is_open:
        raise InvalidTransition(f"这条诉求现在是“{parent.get_state_display()}”，不能再有子诉求。")
    most = int(value("issues.subissue_depth", on=clock.today()))
    if (len(_ancestors(parent)) if above is None else above) + below > most:
        raise FieldErrors({field: f"子诉求最多 {most} 层，不能再往下拆。"})


def _ancestors(issue: Issue) -> list[int]:
    """Ids from the issue's parent upwards. Ends by itself: ties are made one at a time and never close a circle."""
    found: list[int] = []
    current = issue.pk
    while (up := SubIssue.objects.filter(child_id=current).values_list("parent_id", flat=True).first()) is not None:
        found.append(up)
        current = up
    return found


def _height(issue: Issue) -> int:
    """Levels a tie would add: 1 for the issue itself and one for each level below it."""
    levels, layer = 1, [issue.pk]
    while layer := list(SubIssue.objects.filter(parent_id__in=layer).values_list("child_id", flat=True)):
        levels += 1
    return levels


def _locked(code: str, actor: Scope) -> Issue:
    try:
        return (
            Issue.objects.visible_to(actor)
            .select_for_update(of=("self",))
            .select_related("township", "enterprise")
            .get(code=code)
        )
    except Issue.DoesNotExist:
        raise NotFound from None


def _one_at_a_time() -> None:
    """Ties wait for one another: two made at once could close a circle that neither sees."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_ONE_AT_A_TIME])
