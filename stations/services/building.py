"""Building stations: the yearly plan and the projects up to the end of the work. Source: docs/domain.md, "Building stations"."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import IntegrityError, transaction

from casework.services.activities import townships_for
from stations.building_workflow import MOVES, PROPOSE, ProjectState
from stations.models import BuildPlan, BuildProject, Station
from stations.models.building import ADDRESS_LENGTH, NAME_LENGTH, NOTE_LENGTH
from stations.services.building_log import (
    may_manage_project,
    project_locked,
    project_saved,
    project_step,
    require_project_changing,
)
from stations.targets import LABELS
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import (
    Conflict,
    FieldErrors,
    Forbidden,
    InvalidTransition,
    NotFound,
    StaleVersion,
)
from unionportal.core.common.ids import payload_hash
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.orgs.models import Unit

#: The largest sum of money a field takes, in yuan, and the largest number of a plan.
MOST_MONEY, MOST_NUMBER = Decimal("99999999.99"), 999
YEARS = range(2000, 2101)
_PAYLOAD = (
    "year", "township_id", "kind", "station_id", "name", "address", "level", "open_all_day", "budget", "planned_on", "created_by_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProjectFacts:
    """What a project is to be; `station` is the one to be renovated, for a new one nothing or the one registered for it."""

    year: int
    township: Unit
    kind: str
    name: str
    budget: Decimal
    planned_on: date
    station: Station | None = None
    address: str = ""
    level: str = Station.Level.BASIC
    open_all_day: bool = False


@transaction.atomic
def build_plan_save(
    *, year: int, unit: Unit, numbers: dict[str, int], actor: Scope, note: str = "", version: int = 0
) -> BuildPlan:
    """Set what a district or a township means to build in a year; `version` 0: there is no plan yet. FieldErrors at unit, year, note or a number's key."""
    require(actor, "building.plan")
    problems: dict[str, str] = {}
    if year not in YEARS:
        problems["year"] = "年度不对。"
    if unit.kind not in (Unit.Kind.DISTRICT, Unit.Kind.TOWNSHIP):
        problems["unit"] = "计划按区或镇街制定。"
    for name in LABELS:
        if not 0 <= numbers.get(name, 0) <= MOST_NUMBER:
            problems[name] = f"请填 0 到 {MOST_NUMBER} 之间的整数。"
    if len(note.strip()) > NOTE_LENGTH:
        problems["note"] = f"最多 {NOTE_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    plan = BuildPlan.objects.select_for_update().filter(year=year, unit=unit).first()
    if version != (plan.version if plan else 0):
        raise StaleVersion
    plan = plan or BuildPlan(year=year, unit=unit, version=0)
    for name in LABELS:
        setattr(plan, name, numbers.get(name, 0))
    plan.note = note.strip()
    plan.version += 1
    try:
        with transaction.atomic():
            plan.save()
    except IntegrityError:  # somebody was faster
        raise StaleVersion from None
    record(
        actor=actor, action="build_plan.save", object_type="build_plan", object_id=plan.pk, year=year, unit=unit.code
    )
    return plan


@transaction.atomic
def project_propose(*, uuid: UUID, facts: ProjectFacts, actor: Scope, now: datetime | None = None) -> BuildProject:
    """Propose a project. A repeat of `uuid` with the same content returns the first row. Conflict, FieldErrors at the facts' names."""
    require(actor, "building.manage")
    moment = now or clock.now()
    project = BuildProject(uuid=uuid, created_by_id=actor.user_id, created_at=moment)
    _fill(project, facts, actor)
    project.payload_hash = payload_hash({name: getattr(project, name) for name in _PAYLOAD})
    if first := _same_uuid(project):
        return first
    try:
        _store(project)
    except FieldErrors:
        # Perhaps the other half of a double tap, which committed while this one waited.
        if first := _same_uuid(project):
            return first
        raise
    project_step(project, PROPOSE, actor, moment)
    return project


@transaction.atomic
def project_edit(
    *, project_id: int, facts: ProjectFacts, version: int | None, actor: Scope, now: datetime | None = None
) -> BuildProject:
    """Change what a project is to be, until it is accepted. FieldErrors at the facts' names."""
    project = project_locked(project_id, actor, version)
    require_project_changing(project)
    _fill(project, facts, actor)
    _store(project)
    return project_saved(project, "edit", actor, now or clock.now())


@transaction.atomic
def project_move(
    *, project_id: int, action: str, version: int | None, actor: Scope, note: str = "", now: datetime | None = None
) -> BuildProject:
    """One move of `building_workflow.MOVES`. NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors in this order."""
    move = MOVES.get(action)
    if move is None:
        raise NotFound("没有这种操作。")
    project = project_locked(project_id, actor)
    if move.staff_only and not actor.has(Role.STAFF):
        raise Forbidden(f"{move.label}由区总工会办理。")
    if version is not None and version != project.version:
        raise StaleVersion
    if project.state not in move.sources:
        raise InvalidTransition(f"项目现在是“{project.get_state_display()}”，不能{move.label}。")
    note = note.strip()
    if move.note and not note:
        raise FieldErrors({"note": "请写明原因。"})
    if len(note) > NOTE_LENGTH:
        raise FieldErrors({"note": f"最多 {NOTE_LENGTH} 个字。"})
    project.state = move.target
    return project_saved(project, action, actor, now or clock.now(), note)


def may_move_project(project: BuildProject, action: str, scope: Scope) -> bool:
    """Whether the person may make the move in some state."""
    return may_manage_project(project, scope) and (not MOVES[action].staff_only or scope.has(Role.STAFF))


def _fill(project: BuildProject, facts: ProjectFacts, actor: Scope) -> None:
    problems: dict[str, str] = {}
    name, address = facts.name.strip(), facts.address.strip()
    if facts.year not in YEARS:
        problems["year"] = "年度不对。"
    if facts.township not in townships_for(actor):
        problems["township"] = "请在您的范围内选择镇街。"
    if not name or len(name) > NAME_LENGTH:
        problems["name"] = f"名称最多 {NAME_LENGTH} 个字。" if name else "请写项目名称。"
    if len(address) > ADDRESS_LENGTH:
        problems["address"] = f"地址最多 {ADDRESS_LENGTH} 个字。"
    if facts.kind not in BuildProject.Kind:
        problems["kind"] = "请选择新建或改造。"
    if facts.level not in Station.Level:
        problems["level"] = "请选择目标等级。"
    if not 0 <= facts.budget <= MOST_MONEY:
        problems["budget"] = "预算不能是负数，也不能超过 9999 万元。"
    problems |= _station_problem(facts)
    if project.state != ProjectState.PROPOSED and (facts.year, facts.township.pk) != (
        project.year,
        project.township_id,
    ):
        problems["year"] = "立项后不能改年度和镇街；请取消后重新申报。"
    if problems:
        raise FieldErrors(problems)
    project.name, project.address, project.kind = name, address, facts.kind
    project.year, project.township, project.station = facts.year, facts.township, facts.station
    project.level, project.open_all_day = facts.level, facts.open_all_day
    project.budget, project.planned_on = facts.budget, facts.planned_on


def _station_problem(facts: ProjectFacts) -> dict[str, str]:
    if facts.station is None:
        return {"station": "改造项目请选择驿站。"} if facts.kind == BuildProject.Kind.RENOVATION else {}
    if facts.station.township_id != facts.township.pk:
        return {"station": f"{facts.station.name}不在{facts.township}。"}
    if not facts.station.may_change:
        return {"station": f"{facts.station.name}已经撤销。"}
    return {}


def _same_uuid(wanted: BuildProject) -> BuildProject | None:
    first = BuildProject.objects.filter(uuid=wanted.uuid).first()
    if first is not None and first.payload_hash != wanted.payload_hash:
        raise Conflict("这个项目刚才已经申报过，内容与现在的不同。如要另外申报一个，请再提交一次。")
    return first


def _store(project: BuildProject) -> None:
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError:
        raise FieldErrors({"station": "这个驿站本年度已经有项目。"}) from None
