"""Writes to the unit tree and the enterprise register."""

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, StaleVersion
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.credit_code import credit_code_problem
from unionportal.core.orgs.models import Enterprise, Unit
from unionportal.core.orgs.names import unit_names
from unionportal.core.orgs.services.history import facts_of, history_begin, history_go_on
from unionportal.core.orgs.services.moves import move_keep

ENTERPRISE_FIELDS = (
    "name",
    "township",
    "is_key",
    "industry",
    "address",
    "contact_name",
    "contact_phone",
    "employees",
    "union_state",
    "union_members",
    "union_term_ends_on",
    "yearly_dues",
    "is_active",
)


@transaction.atomic
def unit_create(
    *,
    code: str,
    kind: str,
    name: str,
    short_name: str,
    actor: Scope,
    parent: Unit | None = None,
    replaces: Unit | None = None,
    since: date | None = None,
) -> Unit:
    """Add a unit to the tree; `replaces`: the township it is split off from, `since` that day. Raises FieldErrors for a code in use, a
    township code without 9 digits, a missing superior, a split that cannot be."""
    require(actor, "unit.manage")
    _check_unit(code=code, kind=kind, parent=parent, replaces=replaces)
    if replaces is not None and since is None:
        since = clock.today()
    names = {"name": name, "short_name": short_name or name}
    unit = Unit(code=code, kind=kind, parent=parent, replaces=replaces, since=since, **names)
    try:
        with transaction.atomic():
            unit.save()
    except IntegrityError:
        raise FieldErrors({"code": "这个代码已有单位在用。"}) from None
    record(actor=actor, action="unit.create", object_type="unit", object_id=unit.code, kind=kind)
    return unit


def _check_unit(*, code: str, kind: str, parent: Unit | None, replaces: Unit | None) -> None:
    problems: dict[str, str] = {}
    if replaces is not None and (kind, replaces.kind) != (Unit.Kind.TOWNSHIP, Unit.Kind.TOWNSHIP):
        problems["replaces"] = "只有镇街可以从另一个镇街析出。"
    if kind == Unit.Kind.TOWNSHIP and not (len(code) == 9 and code.isdigit()):
        problems["code"] = "镇街代码应为 9 位数字（统计用区划代码）。"
    if kind == Unit.Kind.CITY and parent is not None:
        problems["parent"] = "市总工会没有上级单位。"
    if kind != Unit.Kind.CITY and parent is None:
        problems["parent"] = "请选择上级单位。"
    if problems:
        raise FieldErrors(problems)


@transaction.atomic
def unit_update(*, unit: Unit, name: str, short_name: str, is_active: bool, actor: Scope) -> Unit:
    """Rename, disable or enable a unit. Its code, kind and place in the tree are history and stay."""
    require(actor, "unit.manage")
    unit = Unit.objects.select_for_update().get(pk=unit.pk)
    unit.name, unit.short_name, unit.is_active = name, short_name or name, is_active
    unit.save()
    unit_names.changed()
    record(actor=actor, action="unit.update", object_type="unit", object_id=unit.code, is_active=is_active)
    return unit


@transaction.atomic
def enterprise_create(
    *, credit_code: str, name: str, township: Unit, actor: Scope, facts_since: date | None = None, **fields: Any
) -> Enterprise:
    """Register an enterprise; `fields` as in ENTERPRISE_FIELDS. Raises FieldErrors for a wrong or used credit code.

    `facts_since`: the day from which its union facts hold, by default today.
    """
    require(actor, "enterprise.manage")
    credit_code = credit_code.strip().upper()
    _check_enterprise(credit_code=credit_code, township=township, fields=fields)
    enterprise = Enterprise(credit_code=credit_code, name=name, township=township, **fields)
    try:
        with transaction.atomic():
            enterprise.save()
    except IntegrityError:
        holder = Enterprise.objects.get(credit_code=credit_code)
        raise FieldErrors({"credit_code": f"这个代码已登记为“{holder.name}”（{holder.township}）。"}) from None
    history_begin(enterprise, since=facts_since, actor=actor)
    record(actor=actor, action="enterprise.create", object_type="enterprise", object_id=credit_code)
    return enterprise


@transaction.atomic
def enterprise_update(
    *, enterprise: Enterprise, version: int, actor: Scope, facts_since: date | None = None, **fields: Any
) -> Enterprise:
    """Change facts of an enterprise (not its credit code); changed union facts and another township go into its histories from
    `facts_since`, by default today.

    Raises StaleVersion if somebody saved in between, FieldErrors.
    """
    require(actor, "enterprise.manage")
    current = Enterprise.objects.select_for_update().get(pk=enterprise.pk)
    if current.version != version:
        raise StaleVersion
    if current.merged_into is not None:
        raise InvalidTransition(f"这家企业已并入{current.merged_into}，请改那一家。")
    fields = {name: value for name, value in fields.items() if name in ENTERPRISE_FIELDS}
    _check_enterprise(credit_code=current.credit_code, township=fields.get("township", current.township), fields=fields)
    changed = sorted(name for name, value in fields.items() if getattr(current, name) != value)
    before, old = facts_of(current), current.township
    for name, value in fields.items():
        setattr(current, name, value)
    if current.township != old:
        move_keep(current, old, on=facts_since, actor=actor, field="facts_since")
    history_go_on(current, before, since=facts_since, actor=actor)
    current.version += 1
    current.save()
    record(
        actor=actor,
        action="enterprise.update",
        object_type="enterprise",
        object_id=current.credit_code,
        changed=changed,
    )
    return current


def _check_enterprise(*, credit_code: str, township: Unit, fields: dict[str, Any]) -> None:
    problems: dict[str, str] = {}
    if problem := credit_code_problem(credit_code):
        problems["credit_code"] = problem
    if township.kind != Unit.Kind.TOWNSHIP:
        problems["township"] = "请选择镇街。"
    members, employees = fields.get("union_members"), fields.get("employees")
    if members is not None and employees is not None and members > employees:
        problems["union_members"] = "会员人数不能多于职工人数。"
    term_end: date | None = fields.get("union_term_ends_on")
    if term_end and fields.get("union_state") == Enterprise.UnionState.NONE:
        problems["union_term_ends_on"] = "未建会的企业没有届满日期。"
    dues = fields.get("yearly_dues")
    if dues is not None and dues < 0:
        problems["yearly_dues"] = "经费不能是负数。"
    if problems:
        raise FieldErrors(problems)
