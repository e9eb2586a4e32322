"""The beginning and the end of every write to a building project."""

from datetime import datetime

from stations.models import BuildProject, ProjectStep
from unionportal.core.audit.services import record
from unionportal.core.common.errors import Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.policy import allowed, require
from unionportal.core.common.scope import Role, Scope


def may_manage_project(project: BuildProject, scope: Scope) -> bool:
    """Staff any, a township its own."""
    if not allowed(scope, "building.manage"):
        return False
    return scope.has(Role.STAFF) or project.township_id in scope.township_ids


def project_locked(project_id: int, actor: Scope, version: int | None = None) -> BuildProject:
    """The project under its row lock, for whoever manages it. NotFound, Forbidden, StaleVersion in this order; `version` None asks for none."""
    rows = BuildProject.objects.visible_to(actor).select_for_update(of=("self",)).select_related("township", "station")
    project = rows.filter(pk=project_id).first()
    if project is None:
        raise NotFound
    require(actor, "building.manage")
    if not may_manage_project(project, actor):
        raise Forbidden("只有区总工会和项目所在镇街可以管理这个项目。")
    if version is not None and version != project.version:
        raise StaleVersion
    return project


def require_project_changing(project: BuildProject) -> None:
    """Refuse changes to a project that has ended."""
    if not project.may_change:
        raise InvalidTransition(f"项目{project.get_state_display()}，不能再改。")


def project_saved(project: BuildProject, action: str, actor: Scope, moment: datetime, note: str = "") -> BuildProject:
    """Save a change under the next version, with its step."""
    project.version += 1
    project.save()
    project_step(project, action, actor, moment, note)
    return project


def project_step(
    project: BuildProject, action: str, actor: Scope, moment: datetime, note: str = "", **data: int | str
) -> None:
    """Append to the project's log, and to the audit trail; words only to the log."""
    ProjectStep.objects.create(project=project, action=action, actor_id=actor.user_id, at=moment, note=note)
    record(
        actor=actor,
        action=f"project.{action}",
        object_type="build_project",
        object_id=project.pk,
        state=str(project.state),
        version=project.version,
        **data,
    )
