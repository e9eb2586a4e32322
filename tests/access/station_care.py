"""One of each thing of building and care, with people who stand near it: the keeper keeps the station, the cadre was drawn to check it."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from stations.models import (
    BuildProject,
    CheckPhoto,
    ProjectPhoto,
    Repair,
    RepairPhoto,
    Station,
    StationCheck,
)
from stations.services.building import ProjectFacts, project_move, project_propose
from stations.services.building_records import project_photos_add
from stations.services.check_inputs import CheckInput, CheckPhotoInput
from stations.services.check_photos import check_photo_add
from stations.services.checks import check_file
from stations.services.repairs import repair_move
from stations.services.spot_checks import spot_draw
from stations.services.supplies import supply_add
from tests.people import scope_of
from unionportal.core.accounts.models import User
from unionportal.core.common import clock
from visits.models import ChecklistVersion
from visits.quarters import quarter_of

Picture = Callable[[], SimpleUploadedFile]


@dataclass
class CareSample:
    """What the addresses of building and care name."""

    check: StationCheck
    check_photo: CheckPhoto
    repair: Repair
    repair_photo: RepairPhoto
    project: BuildProject
    project_photo: ProjectPhoto


def care_of(people: dict[str, User], station: Station, picture: Picture) -> CareSample:
    """At a kept station a self-check, its repair mended, supplies, this quarter's draw, and a finished project."""
    staff, keeper, today = scope_of(people["staff"]), scope_of(people["keeper"]), clock.today()
    version = ChecklistVersion.objects.in_force(today).get(checklist__code="station_self")
    answers = {"open_hours": "yes", "water": "no", "first_aid": "yes", "fire": "yes"}
    given = CheckInput(uuid4(), station.code, "self", version.pk, today, answers)
    check, _ = check_file(check=given, actor=keeper)
    photo, _ = check_photo_add(check_id=check.pk, photo=CheckPhotoInput(uuid4(), picture()), actor=keeper)
    repair = repair_move(
        repair_id=Repair.objects.get().pk, action="mend", version=None, photos=[picture()], actor=keeper
    )
    supply_add(
        uuid=uuid4(), station=station.code, kind="drink", name="瓶装水", unit="箱", quantity=1, least=2, actor=keeper
    )
    spot_draw(quarter=quarter_of(today), seed="2024", inspectors=[people["cadre"]], actor=staff)
    project = _finished(station, picture, people)
    return CareSample(check, photo, repair, repair.photos.get(), project, ProjectPhoto.objects.get(project=project))


def _finished(station: Station, picture: Picture, people: dict[str, User]) -> BuildProject:
    staff, today = scope_of(people["staff"]), clock.today()
    facts = ProjectFacts(
        year=today.year,
        township=station.township,
        kind="renovation",
        name="稽山第一驿站改造",
        budget=Decimal("20000.00"),
        planned_on=today,
        station=station,
    )
    project = project_propose(uuid=uuid4(), facts=facts, actor=staff)
    for action in ("approve", "start", "finish"):
        project = project_move(project_id=project.pk, action=action, version=None, actor=staff)
    project_photos_add(project_id=project.pk, stage="after", photos=[picture()], actor=staff)
    project.refresh_from_db()
    return project
