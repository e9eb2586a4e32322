"""Setting parameters: only from today on, so that what was computed under a rule stays explicable by it."""

from datetime import date

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.params.definitions import DEFINITIONS
from unionportal.core.params.models import Parameter
from unionportal.core.params.values import kept_values


@transaction.atomic
def parameter_set(*, key: str, value: object, effective_on: date, actor: Scope, reason: str = "") -> Parameter:
    """What a parameter is from a day on; a second value for the same day replaces the first. FieldErrors at value or effective_on."""
    require(actor, "parameter.manage")
    definition = DEFINITIONS.get(key)
    if definition is None:
        raise NotFound
    if effective_on < clock.today():
        raise FieldErrors({"effective_on": "生效日期不能早于今天：过去按当时的规则算出的数字不再改变。"})
    stored = definition.kind.store(definition.read(value))
    before = Parameter.objects.select_for_update().filter(key=key, effective_on=effective_on).first()
    row, _ = Parameter.objects.update_or_create(
        key=key,
        effective_on=effective_on,
        defaults={"value": stored, "reason": reason.strip(), "set_by_id": actor.user_id or None},
    )
    record(
        actor=actor,
        action="parameter.set",
        object_type="parameter",
        object_id=key,
        effective_on=str(effective_on),
        value=stored,
        replaced=before.value if before else None,
    )
    kept_values.changed()
    return row


@transaction.atomic
def parameter_withdraw(*, key: str, effective_on: date, actor: Scope) -> None:
    """Take back a value that has not come into force yet."""
    require(actor, "parameter.manage")
    row = Parameter.objects.select_for_update().filter(key=key, effective_on=effective_on).first()
    if row is None:
        raise NotFound("没有这一天的设置，可能刚被撤回。")
    if effective_on <= clock.today():
        raise FieldErrors({"effective_on": "已经生效的设置不能撤回，可以从今天起另设一个值。"})
    record(
        actor=actor,
        action="parameter.withdraw",
        object_type="parameter",
        object_id=key,
        effective_on=str(effective_on),
        value=row.value,
    )
    row.delete()
    kept_values.changed()
