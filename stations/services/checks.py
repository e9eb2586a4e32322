"""Checks of stations: filed by the keeper (自查) or a drawn inspector (抽查), read by whoever answers for the station.

Source: docs/domain.md, "Care of the stations".
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from stations.models import CheckAnswer, Keepership, SpotTask, Station, StationCheck
from stations.models.checks import NOTE_LENGTH, REMARK_LENGTH
from stations.services.check_inputs import CheckInput
from stations.services.repairs import repairs_from
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, FieldErrors, Forbidden, InvalidTransition, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from visits.models import ChecklistItem, ChecklistVersion, StationUse
from visits.models.checklists import CHOICES
from visits.services.sheets import read_answers

#: Use of a check -> what its checklist is for.
CHECKLIST_FOR = {
    StationCheck.Use.SELF: StationUse.SELF_CHECK,
    StationCheck.Use.SPOT: StationUse.SPOT_CHECK,
    StationCheck.Use.ACCEPTANCE: StationUse.ACCEPTANCE,
}
#: Answers that judge nothing.
UNJUDGED = frozenset({"not_seen", "na"})

Answers = tuple[tuple[ChecklistItem, str], ...]


@transaction.atomic
def check_file(*, check: CheckInput, actor: Scope, now: datetime | None = None) -> tuple[StationCheck, bool]:
    """File a self-check of a station one keeps, or a spot check one was drawn for; returns (check, whether it is new).

    The id is the phone's: a repeat of the same content is the first row, other content a Conflict. Every failed item opens a repair, unless one is
    open for it already. Raises Forbidden, NotFound, Conflict, FieldErrors (at station, use, checklist, checked_on, answers.<code>, remarks.<code>, note).
    """
    require(actor, "check.file")
    moment = now or clock.now()
    digest = check.hash(actor.user_id)
    if (first := _same_id(check.id, digest)) is not None:
        return first, False
    station = Station.objects.select_for_update(of=("self",)).filter(code=check.station).first()
    if station is None:
        raise FieldErrors({"station": "没有这个驿站，请刷新后重选。"})
    if (first := _same_id(check.id, digest)) is not None:  # its double came first, and this one waited for the lock
        return first, False
    today = clock.local_date(moment)
    task = _standing(check, station, actor)
    version, answers = read_sheet(check.use, check.checklist, check.answers, today, _problems(check, station, today))
    found = StationCheck(
        id=check.id,
        use=check.use,
        station=station,
        checked_on=check.checked_on,
        checked_by_id=actor.user_id,
        filed_at=moment,
        note=check.note.strip(),
        payload_hash=digest,
    )
    rows = keep_check(found, version, answers, check.remarks)
    repairs = repairs_from(found, station, [row for row in rows if row.is_finding], actor=actor, now=moment)
    if task is not None:
        task.done_by = found
        task.save(update_fields=["done_by"])
    record(
        actor=actor,
        action="check.file",
        object_type="station_check",
        object_id=found.pk,
        station=station.code,
        kind=found.use,
        edition=version.number,
        findings=found.findings,
        repairs=repairs,
    )
    return found, True


@transaction.atomic
def check_review(
    *, check_id: UUID, version: int | None, remark: str = "", actor: Scope, now: datetime | None = None
) -> StationCheck:
    """Put down that a self-check was read, with what one thinks of it. The result stays as it was judged. FieldErrors at remark."""
    require(actor, "check.review")
    rows = StationCheck.objects.visible_to(actor).select_for_update(of=("self",)).select_related("station")
    found = rows.filter(pk=check_id).first()
    if found is None:
        raise NotFound
    if not may_review(found, actor):
        raise Forbidden("只有区总工会和驿站所在镇街可以审阅自查。")
    if version is not None and version != found.version:
        raise StaleVersion
    if found.reviewed_at is not None:
        raise InvalidTransition("这次自查已经审阅过。")
    if len(remark.strip()) > REMARK_LENGTH:
        raise FieldErrors({"remark": f"最多 {REMARK_LENGTH} 个字。"})
    found.reviewed_by_id, found.reviewed_at = actor.user_id, now or clock.now()
    found.review_remark = remark.strip()
    found.version += 1
    found.save()
    record(actor=actor, action="check.review", object_type="station_check", object_id=found.pk)
    return found


def may_review(check: StationCheck, scope: Scope) -> bool:
    """Staff any self-check, a township those of its own stations."""
    if check.use != StationCheck.Use.SELF or check.station is None:
        return False
    return scope.has(Role.STAFF) or (scope.has(Role.TOWNSHIP) and check.station.township_id in scope.township_ids)


def read_sheet(
    use: str, version_id: int, answers: Mapping[str, str], today: date, problems: dict[str, str]
) -> tuple[ChecklistVersion, Answers]:
    """The version a check was judged by, and its answers. FieldErrors with `problems` and its own.

    Any published version that has taken effect is taken: a phone may have kept its page before the next one did.
    """
    rows = ChecklistVersion.objects.published().filter(effective_from__lte=today).select_related("checklist")
    version = rows.filter(pk=version_id, checklist__kind=CHECKLIST_FOR.get(StationCheck.Use(use))).first()
    if version is None:
        raise FieldErrors({"checklist": "没有这张检查表，请联网刷新后重填。", **problems})
    read, wrong = read_answers(version, answers, today)
    found = {**problems, **{f"answers.{code}": words for code, words in wrong.items()}}
    if found:
        raise FieldErrors(found)
    return version, read


def keep_check(
    check: StationCheck, version: ChecklistVersion, answers: Answers, remarks: Mapping[str, str]
) -> list[CheckAnswer]:
    """Store a check with its answers; call within a transaction."""
    rows = [
        CheckAnswer(check_of=check, item=item, value=value, remark=str(remarks.get(item.code) or "").strip())
        for item, value in answers
    ]
    check.checklist_version = version
    check.findings = sum(row.is_finding for row in rows)
    check.items_judged = sum(row.item.answer in CHOICES and row.value not in UNJUDGED for row in rows)
    try:
        with transaction.atomic():
            check.save(force_insert=True)
    except IntegrityError:
        raise Conflict("这次检查的编号已经用过，内容不同。") from None
    CheckAnswer.objects.bulk_create(rows)
    return rows


def _same_id(check_id: UUID, digest: str) -> StationCheck | None:
    first = StationCheck.objects.filter(pk=check_id).first()
    if first is not None and first.payload_hash != digest:
        raise Conflict("这次检查已经送达，内容不同。")
    return first


def _standing(check: CheckInput, station: Station, actor: Scope) -> SpotTask | None:
    """The task of a spot check; for a self-check none. Whoever may do neither hears why."""
    if check.use == StationCheck.Use.SPOT:
        tasks = SpotTask.objects.select_for_update(of=("self",)).filter(station=station, inspector_id=actor.user_id)
        task = tasks.open().order_by("due_on").first()
        if task is None:
            raise FieldErrors({"station": f"{station.name}不在您还没有完成的抽查任务里。"})
        return task
    if check.use != StationCheck.Use.SELF:
        raise FieldErrors({"use": "请选择自查或抽查。"})
    keeping = Keepership.objects.in_force(check.checked_on).filter(station=station, user_id=actor.user_id)
    if not keeping.exists():
        raise FieldErrors({"station": f"{zh_day(check.checked_on)}您不是{station.name}的管理员，不能自查。"})
    return None


def _problems(check: CheckInput, station: Station, today: date) -> dict[str, str]:
    problems: dict[str, str] = {}
    on = check.checked_on
    if on > today:
        problems["checked_on"] = f"检查日期不能晚于今天（{zh_day(today)}）。"
    elif station.opened_on is None or on < station.opened_on:
        problems["checked_on"] = f"{station.name}在{zh_day(on)}还没有启用。"
    elif station.withdrawn_on is not None and on >= station.withdrawn_on:
        problems["checked_on"] = f"{station.name}已于{zh_day(station.withdrawn_on)}撤销。"
    if len(check.note.strip()) > NOTE_LENGTH:
        problems["note"] = f"最多 {NOTE_LENGTH} 个字。"
    for code, words in check.remarks.items():
        if len(words.strip()) > REMARK_LENGTH:
            problems[f"remarks.{code}"] = f"最多 {REMARK_LENGTH} 个字。"
    return problems
