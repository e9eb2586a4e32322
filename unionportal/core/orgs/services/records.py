"""Collective contracts and mutual aid of an enterprise. Source: docs/domain.md, "Enterprises and organisations"."""

from datetime import date
from typing import TypeVar

from django.db import transaction

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound, StaleVersion
from unionportal.core.common.scope import Scope
from unionportal.core.orgs.models import CollectiveContract, Enterprise, MutualAid
from unionportal.core.orgs.services.reached import reached

R = TypeVar("R", CollectiveContract, MutualAid)
PEOPLE_MOST = 1_000_000
FIRST_YEAR = 1990
PEOPLE = f"请填 1 到 {PEOPLE_MOST} 的人数。"


@transaction.atomic
def contract_save(
    *,
    credit_code: str,
    kind: str,
    start_on: date,
    end_on: date,
    people: int,
    performance: str,
    actor: Scope,
    contract_id: int | None = None,
    version: int | None = None,
) -> CollectiveContract:
    """Add a collective contract, or change the one of that id. Raises NotFound, Forbidden, FieldErrors, StaleVersion."""
    enterprise = reached(credit_code, "enterprise.records", actor)
    contract = CollectiveContract(enterprise=enterprise, version=0)
    if contract_id is not None:
        contract = _kept(CollectiveContract, enterprise, contract_id, version)
    problems: dict[str, str] = {}
    if kind not in CollectiveContract.Kind.values:
        problems["kind"] = "请选择种类。"
    if performance not in CollectiveContract.Performance.values:
        problems["performance"] = "请选择履约情况。"
    if end_on <= start_on:
        problems["end_on"] = "到期日期应晚于生效日期。"
    if not 1 <= people <= PEOPLE_MOST:
        problems["people"] = PEOPLE
    same = CollectiveContract.objects.filter(enterprise=enterprise, kind=kind, start_on=start_on)
    if same.exclude(pk=contract.pk).exists():
        problems["start_on"] = "同一天生效的这种合同已经登记。"
    if problems:
        raise FieldErrors(problems)
    contract.kind, contract.start_on, contract.end_on = kind, start_on, end_on
    contract.people, contract.performance = people, performance
    contract.version += 1
    contract.save()
    record(
        actor=actor,
        action="contract.save",
        object_type="enterprise",
        object_id=enterprise.credit_code,
        kind=kind,
        start_on=start_on.isoformat(),
        state=performance,
    )
    return contract


@transaction.atomic
def mutual_aid_save(
    *,
    credit_code: str,
    year: int,
    people: int,
    actor: Scope,
    aid_id: int | None = None,
    version: int | None = None,
) -> MutualAid:
    """Add the year's mutual aid, or change the one of that id. Raises NotFound, Forbidden, FieldErrors, StaleVersion."""
    enterprise = reached(credit_code, "enterprise.records", actor)
    aid = MutualAid(enterprise=enterprise, version=0)
    if aid_id is not None:
        aid = _kept(MutualAid, enterprise, aid_id, version)
    problems: dict[str, str] = {}
    last = clock.today().year + 1
    if not FIRST_YEAR <= year <= last:
        problems["year"] = f"请填 {FIRST_YEAR} 到 {last} 之间的年份。"
    elif MutualAid.objects.filter(enterprise=enterprise, year=year).exclude(pk=aid.pk).exists():
        problems["year"] = f"{year} 年的参保人数已经登记，请修改那一条。"
    if not 1 <= people <= PEOPLE_MOST:
        problems["people"] = PEOPLE
    if problems:
        raise FieldErrors(problems)
    aid.year, aid.people = year, people
    aid.version += 1
    aid.save()
    record(
        actor=actor,
        action="mutual_aid.save",
        object_type="enterprise",
        object_id=enterprise.credit_code,
        year=year,
    )
    return aid


def _kept(model: type[R], enterprise: Enterprise, pk: int, version: int | None) -> R:
    found = model._default_manager.select_for_update().filter(enterprise=enterprise, pk=pk).first()
    if found is None:
        raise NotFound
    if found.version != version:
        raise StaleVersion
    return found
