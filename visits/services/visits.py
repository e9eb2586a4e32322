"""Log a visit, edit it until its week's journal is submitted."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from casework.models import Issue
from casework.services import issue_register
from casework.sources import Source
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import Conflict, DomainError, FieldErrors, Forbidden, NotFound, StaleVersion
from unionportal.core.common.formats import zh_day
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.common.search import bigrams
from unionportal.core.common.spelled import Spelled
from visits.models import Visit
from visits.services.checking import Checked, check_visit
from visits.services.clashes import ask_about_twin
from visits.services.inputs import VisitInput
from visits.services.journals import journal_for_day
from visits.services.photos import NOT_YOURS, attach_photos, remove_photos
from visits.services.sheets import sheet_keep

ALREADY_LOGGED = "这次走访已经提交过，内容与这次填写的不同。请打开已提交的走访修改，或刷新页面另记一次。"

_HERE = Spelled(lambda pk: Visit.objects.filter(pk=pk).order_by().values_list("pk"), pk=UUID(int=0))


@transaction.atomic
def visit_log(
    *, visit: VisitInput, actor: Scope, cadre_id: int | None = None, now: datetime | None = None
) -> tuple[Visit, bool]:
    """Log a visit with its issues and photos in one transaction; returns (visit, whether it is new).

    The id is the client's: a repeat of the same content returns the first row, other content raises `Conflict`.
    `cadre_id`: who made it, where somebody else brings it in from a workbook; the checks are the cadre's own.
    Raises `FieldErrors` for what cannot be taken, `Forbidden` to all but cadres. source: docs/domain.md, "Visits".
    """
    require(actor, "visit.create" if cadre_id is None else "visit.import")
    made_by = actor.user_id if cadre_id is None else cadre_id
    now = now or clock.now()
    fingerprint = visit.fingerprint()
    if _HERE.rows(pk=visit.id):
        return _repeat(Visit.objects.get(pk=visit.id), fingerprint, made_by), False
    checked = check_visit(visit, cadre_id=made_by, today=clock.local_date(now))
    row = Visit(id=visit.id, cadre_id=made_by, payload_hash=fingerprint, created_at=now)
    row.journal = journal_for_day(made_by, visit.visited_on)
    ask_about_twin(visit, checked.enterprise, made_by)
    _fill(row, visit, checked)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        # The same tap arrived twice at once: the other one committed first.
        first = Visit.objects.filter(pk=visit.id).first()
        if first is None:
            raise
        return _repeat(first, fingerprint, made_by), False
    if checked.sheet is not None:
        sheet_keep(row, checked.sheet, now)
    attach_photos(row, visit.photos, visit.photo_facts, actor=actor, now=now)
    issues = _register_issues(row, visit, checked, actor=actor, now=now)
    record(
        actor=actor,
        action="visit.create",
        object_type="visit",
        object_id=row.pk,
        township=checked.township.code,
        visited_on=visit.visited_on.isoformat(),
        issues=[issue.code for issue in issues],
        photos=len(visit.photos),
    )
    return row, True


@transaction.atomic
def visit_edit(
    *,
    visit_id: UUID,
    version: int,
    visit: VisitInput,
    actor: Scope,
    removed_photos: Sequence[int] = (),
    now: datetime | None = None,
) -> Visit:
    """Change an own visit while its week's journal is open.

    Issues already raised stay: `visit.issues` may add some; the target cannot change once issues stand. `visit.photos` are new ones.
    Raises `NotFound`, `Forbidden`, `Conflict` (journal submitted), `StaleVersion`, `FieldErrors`.
    """
    require(actor, "visit.create")
    now = now or clock.now()
    row = Visit.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=visit_id).first()
    if row is None:
        raise NotFound
    if row.cadre_id != actor.user_id:
        raise Forbidden(NOT_YOURS)
    # Lock order is visit, then journal, here and nowhere the other way round: submitting locks only the journal.
    journal_for_day(actor.user_id, row.visited_on, closed_as=Conflict)
    if row.version != version:
        raise StaleVersion
    kept = row.photos.exclude(pk__in=removed_photos).count()
    checked = check_visit(visit, cadre_id=actor.user_id, today=clock.local_date(now), photos_kept=kept)
    _keep_target_of_issues(row, visit, checked)
    _keep_what_hangs_on_it(row, visit, checked)
    same = (row.enterprise, row.visited_on) == (checked.enterprise, visit.visited_on)
    row.journal = journal_for_day(actor.user_id, visit.visited_on)
    if not same:  # else it was asked about when it was logged
        ask_about_twin(visit, checked.enterprise, actor.user_id)
    _fill(row, visit, checked)
    row.version += 1
    row.save()
    sheet_keep(row, checked.sheet, now)
    removed = remove_photos(row, removed_photos)
    attach_photos(row, visit.photos, visit.photo_facts, actor=actor, now=now)
    issues = _register_issues(row, visit, checked, actor=actor, now=now)
    record(
        actor=actor,
        action="visit.edit",
        object_type="visit",
        object_id=row.pk,
        version=row.version,
        issues=[issue.code for issue in issues],
        photos_added=len(visit.photos),
        photos_removed=removed,
    )
    return row


def _repeat(first: Visit, fingerprint: str, cadre_id: int) -> Visit:
    if first.cadre_id != cadre_id or first.payload_hash != fingerprint:
        raise Conflict(ALREADY_LOGGED)
    return first


def _fill(row: Visit, visit: VisitInput, checked: Checked) -> None:
    row.visited_on = visit.visited_on
    row.kind, row.mode, row.target_kind = visit.kind, visit.mode, visit.target_kind
    row.ends_on, row.began_at, row.ended_at = visit.last_day, visit.began_at, visit.ended_at
    row.enterprise, row.township = checked.enterprise, checked.township
    row.target_name = "" if visit.for_enterprise else visit.target_name.strip()
    row.met, row.headcount, row.narrative = visit.met.strip(), visit.headcount, visit.narrative.strip()
    for name in Visit.CHECKS:
        setattr(row, name, visit.checks.get(name) or Visit.Check.NOT_SEEN)
    row.search_tokens = words_of(row)


def _keep_target_of_issues(row: Visit, visit: VisitInput, checked: Checked) -> None:
    same = (row.enterprise, row.township) == (checked.enterprise, checked.township)
    if not same and Issue.objects.filter(source_kind=Issue.Source.VISIT, source_uuid=row.pk).exists():
        field = "enterprise" if visit.for_enterprise else "township"
        raise FieldErrors(
            {field: "这次走访已登记诉求，诉求随走访对象办理，不能再换对象。如确实记错，请联系区总工作人员。"}
        )


def _keep_what_hangs_on_it(row: Visit, visit: VisitInput, checked: Checked) -> None:
    """Day logs keep their days within the stay; a visit brought in from a service activity stays what it stands for."""
    last = visit.last_day
    logged = row.sheets.filter(day__isnull=False).order_by("day").values_list("day", flat=True)
    if last is None and logged:
        raise FieldErrors({"kind": f"这次蹲点已有 {len(logged)} 天的日志，不能改成别的类型。"})
    if last is not None and any(day is None or not visit.visited_on <= day <= last for day in logged):
        raise FieldErrors({"ends_on": "已有日志的日子都要在蹲点的起止日期之内。"})
    if hasattr(row, "activity_link"):
        stands_for = (row.enterprise, row.kind, row.visited_on)
        if stands_for != (checked.enterprise, visit.kind, visit.visited_on):
            raise FieldErrors({"kind": "这次走访由服务活动带入，企业、日期和走访类型不能改。"})


def _register_issues(row: Visit, visit: VisitInput, checked: Checked, *, actor: Scope, now: datetime) -> list[Issue]:
    source = Source(kind=Issue.Source.VISIT, uuid=row.pk, label=f"{zh_day(row.visited_on)}走访")
    issues = []
    for index, (wanted, category) in enumerate(zip(visit.issues, checked.categories, strict=True)):
        try:
            issue = issue_register(
                uuid=wanted.id,
                title=wanted.title.strip(),
                description=wanted.description.strip(),
                category=category,
                township=checked.township,
                enterprise=checked.enterprise,
                received_on=row.visited_on,
                source=source,
                actor=actor,
                now=now,
            )
        except FieldErrors as error:
            raise FieldErrors({f"issues.{index}.{name}": text for name, text in error.fields.items()}) from error
        except DomainError as error:
            raise FieldErrors({f"issues.{index}.id": error.detail}) from error
        issues.append(issue)
    return issues


def words_of(visit: Visit) -> list[str]:
    """What a visit is found by."""
    return bigrams(f"{visit.enterprise.name if visit.enterprise else visit.target_name}\n{visit.narrative}")
