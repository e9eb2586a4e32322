"""Who hears of a step of a batch: whoever has the next one, in the words of what is to be done."""

from datetime import datetime

from hardship.models import GrantBatch
from unionportal.core.accounts.models import RoleGrant
from unionportal.core.common.scope import Role, Scope
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell

#: Step -> the role that is next ("" is whoever prepared it), and what they are told.
NEXT: dict[str, tuple[str, str]] = {
    "submit": (Role.STAFF, "待复核"),
    "check": (Role.LEADER, "待审批"),
    "return": ("", "已退回，请修改"),
    "approve": ("", "已审批，可以生成银行表"),
}


def tell_next(batch: GrantBatch, action: str, actor: Scope, now: datetime) -> None:
    """Tell those who are to act now, but for the actor."""
    if action not in NEXT:
        return
    role, words = NEXT[action]
    users = {batch.prepared_by_id}
    if role:
        users = set(RoleGrant.objects.filter(role=role, user__is_active=True).values_list("user_id", flat=True))
    tell(
        [Told(user, Kind.TODO) for user in users - {actor.user_id}],
        text=f"发放批次 {batch.code}“{batch.title}”{words}。",
        url=f"/hardship/money/batches/{batch.code}/",
        source=f"batch:{batch.code}:{batch.version}",
        now=now,
    )
