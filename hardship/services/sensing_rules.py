"""The rules of sensing: set from a day, ended from a day, never rewritten, so that a lead's reason stays what it was."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from hardship import codes
from hardship.models import SensingRule
from hardship.sensing.rules import Comparison
from hardship.sensing.sources import SOURCES, Fact
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.exchange.kinds import BadCell
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope

BACKDATED = "生效日期不能早于今天：已经产生的线索按当时的规则。"


@transaction.atomic
def rule_add(
    *,
    source: str,
    fact: str,
    comparison: str,
    value: str,
    weight: int,
    cause: str,
    start_on: date,
    actor: Scope,
) -> SensingRule:
    """A rule from a day on, today at the earliest. Raises Forbidden, FieldErrors, Conflict where the same is in force already."""
    require(actor, "sensing.rules")
    problems: dict[str, str] = {}
    found = SOURCES.get(source)
    if found is None or found.is_roster:
        raise FieldErrors({"source": "请选择数据来源。"})
    asked = found.fact(fact) if comparison != Comparison.LISTED else None
    if comparison not in list(Comparison):
        problems["comparison"] = "请选择条件。"
    elif comparison == Comparison.LISTED:
        fact, value = "", ""
    elif asked is None:
        problems["fact"] = f"请选择“{found.label}”里的一项。"
    else:
        value = _value(asked, comparison, value, problems)
    if not 1 <= weight <= 100:
        problems["weight"] = "请填 1 到 100 之间的整数。"
    if cause not in dict(codes.CAUSES):
        problems["cause"] = "请选择致困原因。"
    if start_on < clock.today():
        problems["start_on"] = BACKDATED
    if problems:
        raise FieldErrors(problems)
    same = SensingRule.objects.filter(
        source=source, fact=fact, comparison=comparison, value=value, cause=cause, end_before__isnull=True
    )
    if same.exists():
        raise Conflict("同样条件的规则已经在用，要改权重请先停用原来的。")
    rule = SensingRule.objects.create(
        source=source,
        fact=fact,
        comparison=comparison,
        value=value,
        weight=weight,
        cause=cause,
        start_on=start_on,
        set_by_id=actor.user_id,
    )
    record(
        actor=actor,
        action="sensing.rule_add",
        object_type="sensing_rule",
        object_id=rule.pk,
        source=source,
        weight=weight,
        cause=cause,
    )
    return rule


@transaction.atomic
def rule_end(*, rule_id: int, end_before: date, actor: Scope) -> SensingRule:
    """Let a rule be in force no longer from a day on, today at the earliest. Raises Forbidden, NotFound, FieldErrors, InvalidTransition."""
    require(actor, "sensing.rules")
    rule = SensingRule.objects.select_for_update().filter(pk=rule_id).first()
    if rule is None:
        raise NotFound
    if rule.end_before is not None:
        raise InvalidTransition("这条规则已经停用。")
    if end_before < max(clock.today(), rule.start_on):
        raise FieldErrors({"end_before": "停用日期不能早于今天，也不能早于生效日期。"})
    rule.end_before = end_before
    rule.save(update_fields=["end_before"])
    record(actor=actor, action="sensing.rule_end", object_type="sensing_rule", object_id=rule.pk)
    return rule


def _value(fact: Fact, comparison: str, typed: str, problems: dict[str, str]) -> str:
    """The value to compare with as it is kept; words are compared for equality alone, numbers for order alone."""
    if fact.is_number == (comparison == Comparison.IS):
        problems["comparison"] = "数字请用“达到”或“不超过”。" if fact.is_number else "这一项只能用“为”。"
        return ""
    try:
        read = fact.read(typed.strip()) if typed.strip() else ""
    except BadCell as bad:
        problems["value"] = str(bad)
        return ""
    if read == "":
        problems["value"] = f"请填写{fact.label}。"
    return f"{read.normalize():f}" if isinstance(read, Decimal) else read
