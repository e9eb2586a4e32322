"""Acceptance of a building project by the checklist of its level (八有 and what its level adds). Source: docs/domain.md, "Building stations"."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from stations.building_workflow import FAIL, PASS, ProjectState
from stations.models import BuildProject, CheckAnswer, ProjectPhoto, Station, StationCheck
from stations.models.building import NOTE_LENGTH
from stations.services.building_log import project_locked, project_saved
from stations.services.checks import keep_check, read_sheet
from stations.services.grades import RAISED, station_level_set
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.formats import zh_day
from unionportal.core.common.ids import payload_hash
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from visits.models import ChecklistVersion

ONLY_YES_OR_NO = "验收只能选“是”或“否”。"


def acceptance_version(project: BuildProject, today: date) -> ChecklistVersion:
    """The checklist by which the project is judged now. NotFound where staff have switched it off."""
    code = f"acceptance_{project.level}"
    found = ChecklistVersion.objects.in_force(today).filter(checklist__code=code).first()
    if found is None:
        raise NotFound(f"{project.get_level_display()}验收的检查表没有启用，请先在“检查表”里启用。")
    return found


@transaction.atomic
def project_accept(
    *,
    uuid: UUID,
    project_id: int,
    version: int | None,
    checklist: int,
    accepted_on: date,
    answers: Mapping[str, str],
    actor: Scope,
    note: str = "",
    now: datetime | None = None,
) -> StationCheck:
    """Judge a finished project. All items there: accepted, and its station rises to the level; one found missing: back to the builders.

    A repeat of the uuid is the first row. FieldErrors at checklist, accepted_on, station, note, answers.<code>.
    """
    require(actor, "building.accept")
    moment = now or clock.now()
    if first := StationCheck.objects.filter(pk=uuid, project=project_id).first():
        return first
    project = project_locked(project_id, actor, version)
    if project.state != ProjectState.FINISHED:
        raise InvalidTransition(f"项目现在是“{project.get_state_display()}”，完工后才能验收。")
    today = clock.local_date(moment)
    problems = _problems(project, accepted_on, note, today)
    problems |= {f"answers.{code}": ONLY_YES_OR_NO for code, value in answers.items() if value == "na"}
    judged, read = read_sheet(StationCheck.Use.ACCEPTANCE, checklist, answers, today, problems)
    if judged.checklist.code != f"acceptance_{project.level}":
        raise FieldErrors({"checklist": "检查表与项目的目标等级不符，请刷新后重填。"})
    check = StationCheck(
        id=uuid,
        use=StationCheck.Use.ACCEPTANCE,
        project=project,
        station=project.station,
        checked_on=accepted_on,
        checked_by_id=actor.user_id,
        filed_at=moment,
        note=note.strip(),
        payload_hash=payload_hash({"project": project.pk, "on": accepted_on, "answers": dict(answers), "note": note}),
    )
    rows = keep_check(check, judged, read, {})
    if check.findings:
        project.state = ProjectState.BUILDING
        project_saved(project, FAIL, actor, moment, missing_words(rows))
        return check
    project.state, project.accepted_on = ProjectState.ACCEPTED, accepted_on
    project_saved(project, PASS, actor, moment)
    # A renovation takes no level away, 智能化型 by one to 标杆型 included: a fall is decided for itself.
    if project.station is not None and project.level in RAISED and project.station.level != Station.Level.SMART:
        station_level_set(
            code=project.station.code,
            version=None,
            level=project.level,
            reason=f"{project.year}年建设项目验收合格",
            actor=actor,
            on=accepted_on,
            now=moment,
        )
    return check


def missing_words(rows: list[CheckAnswer]) -> str:
    """What an acceptance found missing, as far as the log has room."""
    return ("缺：" + "、".join(row.item.text for row in rows if row.is_finding))[:NOTE_LENGTH]


def _problems(project: BuildProject, accepted_on: date, note: str, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    if accepted_on > today:
        problems["accepted_on"] = f"验收日期不能晚于今天（{zh_day(today)}）。"
    if len(note.strip()) > NOTE_LENGTH:
        problems["note"] = f"最多 {NOTE_LENGTH} 个字。"
    if project.station is None:
        problems["station"] = "请先登记驿站，并在项目里选定，再验收。"
    if not project.photos.filter(stage=ProjectPhoto.Stage.AFTER).exists():
        problems["photos"] = "请先上传建成后的照片，再验收。"
    return problems
