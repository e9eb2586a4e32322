"""Keeping the rules of assignment, and following those that say so. Source: docs/domain.md, "Routing"."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from casework.models import Issue, RoutingRule
from casework.routing import active_rules, acts_for, loop_of, suggestion_for
from casework.services.effects import Step
from casework.services.moves import make_step
from casework.workflow import find_move
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors
from unionportal.core.common.policy import require
from unionportal.core.common.scope import SYSTEM, Scope
from unionportal.core.orgs.models import Unit

FIELDS = ("position", "category", "township", "enterprise_kind", "after", "unit", "person", "automatic", "is_active")


def rule_check(draft: RoutingRule) -> None:
    """Refuse a rule that could not be followed, that says what another says, or that sends issues round in a circle. FieldErrors."""
    problems: dict[str, str] = {}
    if draft.is_active and not Unit.objects.handling().filter(pk=draft.unit_id).exists():
        problems["unit"] = f"{draft.unit}已停用或不承办诉求，请另选。"
    if draft.person is not None and not acts_for(draft.person, draft.unit):
        problems["person"] = f"{draft.person.display_name}不在{draft.unit}，请另选或留空。"
    if draft.after_id is not None and draft.after_id == draft.unit_id:
        problems["unit"] = "不能再交回刚退回的单位。"
    if draft.after_id is not None and draft.automatic:
        problems["automatic"] = "退回的诉求由人重新交办，不能自动交办。"
    others = [rule for rule in active_rules() if rule.pk != draft.pk]
    if draft.is_active and "unit" not in problems:
        if any(_conditions(rule) == _conditions(draft) for rule in others):
            problems["category"] = "已有条件完全相同的规则，请修改那一条。"
        elif loop := loop_of(draft, others):
            way = " → ".join([str(draft.after), *(str(rule.unit) for rule in loop)])
            problems["unit"] = f"与其他规则绕成了圈：{way}。"
    if problems:
        raise FieldErrors(problems)


@transaction.atomic
def rule_save(*, rule: RoutingRule, values: dict[str, Any], actor: Scope) -> RoutingRule:
    """Add a rule (unsaved `rule`) or change one. `values` are FIELDS. FieldErrors where `rule_check` refuses."""
    require(actor, "routing.manage")
    added = rule.pk is None
    # One editor at a time: two rules could each be sound and go round together.
    list(RoutingRule.objects.select_for_update().order_by("pk").values_list("pk", flat=True))
    for name in FIELDS:
        setattr(rule, name, values[name])
    rule_check(rule)
    try:
        with transaction.atomic():
            rule.save()
    except IntegrityError:
        raise FieldErrors({"category": "已有条件完全相同的规则，请修改那一条。"}) from None
    record(
        actor=actor,
        action="routing.create" if added else "routing.update",
        object_type="routing_rule",
        object_id=rule.pk,
        unit=rule.unit.code,
        category=rule.category.code if rule.category else None,
        township=rule.township.code if rule.township else None,
        is_active=rule.is_active,
    )
    return rule


def route_new(*, issue: Issue, now: datetime) -> Issue:
    """Assign a just registered issue where a rule says so by itself; the caller holds its row. A rule that cannot be followed leaves it to
    staff, who are told why on the issue and on their workbench."""
    found = suggestion_for(issue)
    move = find_move("assign", issue.state)
    if found is None or found.problem or not found.rule.automatic or move is None:
        return issue
    step = Step(day=clock.local_date(now), unit=found.unit, person=found.person)
    return make_step(
        issue, move, step, actor=SYSTEM, happened_at=now, recorded_at=now, by="rule", rule=str(found.rule.pk)
    )


def _conditions(rule: RoutingRule) -> tuple[Any, ...]:
    return rule.category_id, rule.township_id, str(rule.enterprise_kind), rule.after_id
