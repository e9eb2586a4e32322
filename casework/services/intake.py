"""Registration (登记): from a visit, by hand or telephone, by import; reports without an account come through `services.public`."""

from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from casework.models import Category, Issue, IssueCounter
from casework.services.log import append_event
from casework.services.reporters import ReporterInput, keep_reporter, reporter_problems
from casework.services.routing import route_new
from casework.sources import Source
from casework.workflow import REGISTER, State
from unionportal.core.accounts.models import Posting
from unionportal.core.common import clock
from unionportal.core.common.counting import next_code
from unionportal.core.common.errors import Conflict, FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.common.spelled import Spelled
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.selectors import township_on

TITLE_LENGTH = 80
DESCRIPTION_LENGTH = 4000
_HERE = Spelled(lambda uuid: Issue.objects.filter(uuid=uuid).order_by().values_list("pk"), uuid=UUID(int=0))


@transaction.atomic
def issue_register(
    *,
    uuid: UUID,
    title: str,
    description: str,
    category: Category,
    township: Unit,
    received_on: date,
    actor: Scope,
    enterprise: Enterprise | None = None,
    source: Source | None = None,
    reporter: ReporterInput | None = None,
    now: datetime | None = None,
) -> Issue:
    """Register an issue; its number is of the year it is registered in. A repeat of `uuid` with the same content returns the first row.

    Raises Forbidden, Conflict (the uuid is taken by something else) and FieldErrors. A `source` with a uuid stands for an object whose own
    service has checked the registrar's posting; without one it is checked here. `reporter`: who called or came, kept apart.
    """
    require(actor, "issue.create")
    moment = now or clock.now()
    if reporter is not None and (problems := reporter_problems(reporter)):
        raise FieldErrors(problems)
    issue, is_new = register(
        uuid=uuid,
        title=title,
        description=description,
        category=category,
        township=township,
        received_on=received_on,
        actor=actor,
        enterprise=enterprise,
        source=source,
        moment=moment,
    )
    if is_new and reporter is not None:
        keep_reporter(issue, reporter, now=moment)
    return issue


def register(
    *,
    uuid: UUID,
    title: str,
    description: str,
    category: Category,
    township: Unit,
    received_on: date,
    actor: Scope,
    enterprise: Enterprise | None,
    source: Source | None,
    moment: datetime,
) -> tuple[Issue, bool]:
    """Registration for services that have asked the policy themselves: the issue, and whether it is new."""
    wanted = Issue(
        uuid=uuid,
        title=title.strip(),
        description=description.strip(),
        category=category,
        township=township,
        enterprise=enterprise,
        received_on=received_on,
        registered_by_id=actor.user_id or None,
        source_kind=source.kind if source else Issue.Source.HAND,
        source_uuid=source.uuid if source else None,
        source_label=source.label[:60] if source else "",
        state=State.REGISTERED,
    )
    first = _same_uuid(wanted)
    if first is not None:
        return first, False
    _check(wanted, actor=actor, today=clock.local_date(moment))
    try:
        with transaction.atomic():
            wanted.code = next_code("YC", IssueCounter, clock.local_date(moment).year, digits=6)
            wanted.fill_search()
            wanted.save(force_insert=True)
    except IntegrityError:
        # The other half of a double tap committed while this one waited for its number.
        first = _same_uuid(wanted)
        if first is None:
            raise
        return first, False
    append_event(
        issue=wanted,
        action=REGISTER,
        from_state="",
        actor=actor,
        happened_at=moment,
        recorded_at=moment,
        data={"received_on": received_on.isoformat(), "category": category.code, "township": township.code},
    )
    return route_new(issue=wanted, now=moment), True


def _same_uuid(wanted: Issue) -> Issue | None:
    if not _HERE.rows(uuid=wanted.uuid):
        return None
    first = Issue.objects.get(uuid=wanted.uuid)
    same = all(
        getattr(first, name) == getattr(wanted, name)
        for name in (
            "title",
            "description",
            "category_id",
            "township_id",
            "enterprise_id",
            "received_on",
            "registered_by_id",
            "source_uuid",
        )
    )
    if not same:
        raise Conflict("这个编号已用于另一条诉求，请刷新页面后重新登记。")
    return first


def _check(issue: Issue, *, actor: Scope, today: date) -> None:
    problems: dict[str, str] = {}
    if not issue.title:
        problems["title"] = "请写一个标题，如“返还款未到账”。"
    elif len(issue.title) > TITLE_LENGTH:
        problems["title"] = f"标题最多 {TITLE_LENGTH} 个字。"
    if len(issue.description) > DESCRIPTION_LENGTH:
        problems["description"] = f"诉求内容最多 {DESCRIPTION_LENGTH} 个字。"
    if not issue.category.is_active:
        problems["category"] = "这个类别已停用，请另选。"
    if issue.received_on > today:
        problems["received_on"] = "收集日期不能晚于今天。"
    there = township_on(issue.enterprise, issue.received_on) if issue.enterprise is not None else None
    closed = (
        not issue.township.is_active and there != issue.township
    )  # one that is gone still has what was received there
    if issue.township.kind != Unit.Kind.TOWNSHIP or closed:
        problems["township"] = "请选择镇街。"
    elif there is not None and there != issue.township:
        problems["enterprise"] = f"这家企业属于{there}，与所选镇街不符。"
    elif issue.source_uuid is None and (problem := _out_of_reach(issue, actor)):
        problems["township"] = problem
    if problems:
        raise FieldErrors(problems)


def _out_of_reach(issue: Issue, actor: Scope) -> str:
    """Why this person may not register for this township by hand; "" if they may."""
    if actor.has(Role.STAFF, "system") or issue.township_id in actor.township_ids:
        return ""
    if not actor.has(Role.CADRE):
        return "只能登记本镇街的诉求。"
    reach = Q(township_id=issue.township_id)
    if issue.enterprise_id is not None:
        reach |= Q(enterprise_id=issue.enterprise_id)
    if Posting.objects.answered_by(actor.user_id, issue.received_on).filter(reach).exists():
        return ""
    return "收集当日您未分工联系这个镇街（企业），不能登记。"
