"""入户调查: what two people saw at the household, sent from a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from hardship.models import HardshipFile, HomeSurvey, SurveyPhoto
from hardship.process import STEPS, Step, Who
from hardship.services.locking import locked_file, require_version
from hardship.services.moves import day_problem, permitted
from hardship.services.standing import standings
from hardship.services.way import Made, take_step
from hardship.workflow import State
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import picture_store

FINDINGS_LENGTH = 2000
NAME_LENGTH = 30
MOST_PEOPLE = 30
MOST_PHOTOS = 9


@dataclass(frozen=True, slots=True)
class Seen:
    """What the surveyors bring: `second_surveyor` is the name of the other one; whoever sends it is the first."""

    surveyed_on: date
    second_surveyor: str
    living: str
    people_home: int
    income_match: str
    housing_match: str
    findings: str
    has_car: bool = False
    photos: Sequence[UploadedFile] = ()


@transaction.atomic
def survey_record(
    *, uuid: UUID, code: str, seen: Seen, actor: Scope, version: int | None = None, now: datetime | None = None
) -> HomeSurvey:
    """Record the survey and move the file on. A repeat of `uuid` for the same file returns the first row.

    Raises NotFound, Forbidden, StaleVersion, InvalidTransition, FieldErrors.
    """
    require(actor, "hardship.survey")
    moment = now or clock.now()
    file = locked_file(code, actor)
    if Who.AID not in standings(file, actor):
        raise Forbidden("您不能登记这户家庭的入户调查。")
    first = HomeSurvey.objects.filter(uuid=uuid).first()
    if first is not None:
        if first.file_id != file.pk:
            raise Conflict
        return first
    require_version(file, version)
    permitted(file, Step.SURVEY, actor)
    if problems := _problems(file, seen, actor, clock.local_date(moment)):
        raise FieldErrors(problems)
    made = Made(
        Step.SURVEY,
        State.SURVEYED,
        STEPS[Step.SURVEY].level,
        seen.surveyed_on,
        data={"income_match": seen.income_match, "housing_match": seen.housing_match, "photos": len(seen.photos)},
    )
    survey = HomeSurvey(
        uuid=uuid,
        file=file,
        step=take_step(file, made, actor=actor, now=moment),
        surveyed_on=seen.surveyed_on,
        surveyor_id=actor.user_id,
        second_surveyor=seen.second_surveyor.strip(),
        living=seen.living,
        people_home=seen.people_home,
        income_match=seen.income_match,
        housing_match=seen.housing_match,
        has_car=seen.has_car,
    )
    survey.seal("findings", seen.findings.strip())
    survey.save(force_insert=True)
    for upload in seen.photos:
        _attach(survey, upload, actor, moment)
    return survey


def _problems(file: HardshipFile, seen: Seen, actor: Scope, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    if words := day_problem(file, seen.surveyed_on, today).get("day"):
        problems["surveyed_on"] = words
    second = seen.second_surveyor.strip()
    if not second:
        problems["second_surveyor"] = "入户调查须由两人进行，请填写另一名调查人。"
    elif len(second) > NAME_LENGTH:
        problems["second_surveyor"] = f"姓名最多 {NAME_LENGTH} 个字。"
    elif User.objects.filter(pk=actor.user_id, display_name=second).exists():
        problems["second_surveyor"] = "另一名调查人不能是您自己。"
    for name, choices in (
        ("living", HomeSurvey.Living),
        ("income_match", HomeSurvey.Match),
        ("housing_match", HomeSurvey.Match),
    ):
        if getattr(seen, name) not in choices.values:
            problems[name] = "请选择一项。"
    if not 0 <= seen.people_home <= MOST_PEOPLE:
        problems["people_home"] = f"请填写 0 到 {MOST_PEOPLE} 之间的人数。"
    if not seen.findings.strip():
        problems["findings"] = "请写明看到的情况。"
    elif len(seen.findings) > FINDINGS_LENGTH:
        problems["findings"] = f"最多 {FINDINGS_LENGTH} 个字。"
    if len(seen.photos) > MOST_PHOTOS:
        problems["photos"] = f"最多 {MOST_PHOTOS} 张照片，请去掉多余的。"
    return problems


def _attach(survey: HomeSurvey, upload: UploadedFile, actor: Scope, moment: datetime) -> None:
    attachment = picture_store(upload=upload, actor=actor, now=moment, personal=True)
    SurveyPhoto.objects.create(survey=survey, attachment=attachment)
