"""Money and photos of a building project."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Sum

from stations.models import BuildProject, ProjectMoney, ProjectPhoto
from stations.models.building import SOURCE_LENGTH
from stations.services.building import MOST_MONEY
from stations.services.building_log import project_locked, project_step, require_project_changing
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, InvalidTransition
from unionportal.core.common.formats import money, zh_day
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import picture_store

MAX_PHOTOS = 9


@transaction.atomic
def project_money_add(
    *,
    uuid: UUID,
    project_id: int,
    kind: str,
    source: str,
    amount: Decimal,
    on: date,
    actor: Scope,
    paper: str = "",
    now: datetime | None = None,
) -> ProjectMoney:
    """Put down money granted or spent, also after acceptance (bills come late). A negative sum takes an entry back; no source's sum falls below zero.

    A repeat of the uuid is the first row. FieldErrors at kind, source, amount, on, paper.
    """
    moment = now or clock.now()
    project = project_locked(project_id, actor)
    if project.state == "cancelled":
        raise InvalidTransition("项目已取消，不能再登记资金。")
    if first := ProjectMoney.objects.filter(uuid=uuid, project=project).first():
        return first
    today = clock.local_date(moment)
    problems: dict[str, str] = {}
    if kind not in ProjectMoney.Kind:
        problems["kind"] = "请选择到位或支出。"
    if source not in ProjectMoney.Source:
        problems["source"] = "请选择资金来源。"
    if not amount or abs(amount) > MOST_MONEY:
        problems["amount"] = "请填写金额，最多 9999 万元。"
    elif amount < 0 and -amount > summed(project, kind, source):
        problems["amount"] = f"冲减不能超过已登记的 {money(summed(project, kind, source))} 元。"
    if on > today:
        problems["on"] = f"日期不能晚于今天（{zh_day(today)}）。"
    if len(paper.strip()) > SOURCE_LENGTH:
        problems["paper"] = f"最多 {SOURCE_LENGTH} 个字。"
    if problems:
        raise FieldErrors(problems)
    row = ProjectMoney.objects.create(
        uuid=uuid,
        project=project,
        kind=kind,
        source=source,
        amount=amount,
        on=on,
        paper=paper.strip(),
        entered_by_id=actor.user_id,
    )
    project_step(project, "money", actor, moment, kind=kind, source=source, amount=str(amount))
    return row


def summed(project: BuildProject, kind: str, source: str) -> Decimal:
    """What stands entered of a kind and source."""
    rows = project.money.filter(kind=kind, source=source)
    return rows.aggregate(total=Sum("amount", default=Decimal(0)))["total"]


@transaction.atomic
def project_photos_add(
    *, project_id: int, stage: str, photos: Sequence[UploadedFile], actor: Scope, now: datetime | None = None
) -> list[ProjectPhoto]:
    """Hang photos of a stage on a project that is not over. FieldErrors at stage, photos."""
    moment = now or clock.now()
    project = project_locked(project_id, actor)
    require_project_changing(project)
    if stage not in ProjectPhoto.Stage:
        raise FieldErrors({"stage": "请选择是建设前、建设中还是建成后。"})
    if not 1 <= len(photos) <= MAX_PHOTOS:
        raise FieldErrors({"photos": f"请选择 1 到 {MAX_PHOTOS} 张照片。"})
    rows = [
        ProjectPhoto.objects.create(
            project=project, stage=stage, attachment=picture_store(upload=photo, actor=actor, now=moment)
        )
        for photo in photos
    ]
    project_step(project, "photos", actor, moment, photos=len(rows))
    return rows
