"""Reports as work that takes a while: asked for, made by a worker with progress, cancelled, kept, and taken away by name.

The timetable asks too: of every freeze a monthly brief, once. Whatever is lost on the way (broker, worker) the sweep finds.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from jinja2 import TemplateError

from unionportal.core.accounts.models import User
from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.enqueue import soon_by_name
from unionportal.core.common.errors import DomainError, FieldErrors, InvalidTransition, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Role, Scope
from unionportal.core.files.models import Attachment
from unionportal.core.files.services import content_store
from unionportal.core.notify.models import Kind
from unionportal.core.notify.services import Told, tell
from unionportal.reporting.figures import current_freezes, kept_months
from unionportal.reporting.models import PERIODS, Freeze, Report, ReportDownload, ReportFormat, ReportKind
from unionportal.reporting.reports.book import report_starts
from unionportal.reporting.reports.files import Layout, ReportFile, report_file
from unionportal.reporting.reports.templates import layout_in_force
from unionportal.reporting.rollups.periods import MONTH, period_end, period_label, period_start

log = logging.getLogger(__name__)
MAKE = "reporting.make_report"
BRIEFS = "reporting.make_briefs"
#: The brief a freeze gets by itself: to work with, and to read on a phone.
BRIEF_FORMATS = (ReportFormat.WORD, ReportFormat.PDF)
#: A freeze gets its brief this long, and only where the month was not over long before: history is asked for by hand.
BRIEF_WITHIN = timedelta(days=31)
MONTH_OVER_WITHIN = timedelta(days=45)
_OPEN = (Report.State.WAITING, Report.State.RUNNING)


class Cancelled(Exception):
    """Somebody cancelled the report while it was being made."""


@transaction.atomic
def report_ask(*, kind: str, start: date, file_format: str, actor: Scope, now: datetime | None = None) -> Report:
    """Ask for a report; a worker makes it. Who asks again while it waits gets the first. Raises Forbidden, FieldErrors (`period`, `format`)."""
    require(actor, "report.make")
    if kind not in ReportKind.values:
        raise FieldErrors({"period": "请选择要生成的报告。"})
    if file_format not in ReportFormat.values:
        raise FieldErrors({"format": "请选择格式。"})
    first = period_start(PERIODS[kind], start)
    if first not in report_starts(kind):
        raise FieldErrors({"period": f"没有{period_label(PERIODS[kind], first)}的统计数据。"})
    made, is_new = Report.objects.get_or_create(
        kind=kind,
        start=first,
        format=file_format,
        freeze=None,
        asked_by_id=actor.user_id or None,
        state__in=_OPEN,
        defaults={"asked_at": now or clock.now()},
    )
    if not is_new:
        return made
    record(actor=actor, action="report.ask", object_type="report", object_id=made.pk, **_facts(made))
    soon_by_name(MAKE, str(made.pk))
    return made


@transaction.atomic
def report_cancel(*, report_id: UUID, actor: Scope, now: datetime | None = None) -> Report:
    """Stop a report that waits or is being made. Raises Forbidden, NotFound, InvalidTransition once it is finished."""
    require(actor, "report.make")
    report = Report.objects.visible_to(actor).select_for_update().filter(pk=report_id).first()
    if report is None:
        raise NotFound
    if not report.is_open:
        raise InvalidTransition("这份报告已经结束，不能取消。")
    report.state, report.finished_at = Report.State.CANCELLED, now or clock.now()
    report.save(update_fields=["state", "finished_at"])
    record(actor=actor, action="report.cancel", object_type="report", object_id=report.pk)
    return report


@transaction.atomic
def report_take(*, report_id: UUID, actor: Scope) -> Attachment:
    """The file, for somebody who may have it; that they took it is kept. Raises Forbidden, NotFound."""
    require(actor, "report.view")
    report = Report.objects.visible_to(actor).select_related("attachment").filter(pk=report_id).first()
    if report is None or report.attachment is None:
        raise NotFound
    ReportDownload.objects.create(report=report, user_id=actor.user_id)
    record(actor=actor, action="report.download", object_type="report", object_id=report.pk, **_facts(report))
    return report.attachment


def report_at_once(
    *, kind: str, start: date, file_format: str, actor: Scope, now: datetime | None = None
) -> Attachment:
    """The file of a period without waiting, for bookmarks and scripts: as of now, kept and taken by name like any other. Raises Forbidden, FieldErrors."""
    require(actor, "report.make")
    asked = now or clock.now()
    layout = layout_in_force(kind) if file_format == ReportFormat.WORD else None
    made = report_file(kind, start, file_format, layout=layout)
    report = Report(kind=kind, start=start, format=file_format, asked_by_id=actor.user_id, asked_at=asked)
    _keep(report, made, layout, asked)
    return report_take(report_id=report.pk, actor=actor)


def report_make(report_id: UUID) -> bool:
    """Make a report that waits, or one whose worker died; False where there is nothing to do. Outside a transaction, so that its progress is seen."""
    with _alone(report_id) as alone:
        if not alone or not _begin(report_id):
            return False
        report = Report.objects.get(pk=report_id)
        layout = layout_in_force(report.kind) if report.format == ReportFormat.WORD else None
        try:
            made = report_file(
                report.kind,
                report.start,
                report.format,
                layout=layout,
                progress=lambda percent: _progress(report_id, percent),
            )
            _finish(report_id, made, layout)
        except Cancelled:
            return False
        except Exception as error:
            # Whatever it is, whoever asked is told that it failed, and the log says why.
            log.exception("report %s could not be made", report_id)
            _fail(report_id, _problem(error, layout))
        return True


def due_briefs_ask(*, now: datetime | None = None) -> list[Report]:
    """A monthly brief of every fresh freeze that has none yet; the last revision of a month counts."""
    kept = kept_months()
    if kept is None:
        return []
    moment = now or clock.now()
    wanted = [one for one in current_freezes(*kept).values() if _is_fresh(one, moment)]
    return [made for freeze in wanted for file_format in BRIEF_FORMATS if (made := _brief(freeze, file_format, moment))]


def left_behind() -> list[UUID]:
    """Reports that wait or were being made, whatever became of the message that said so."""
    return list(Report.objects.filter(state__in=_OPEN).order_by("asked_at").values_list("pk", flat=True))


def _is_fresh(freeze: Freeze, moment: datetime) -> bool:
    """Not the two years a portal freezes on the day it is set up; a revision is somebody's deed and always news."""
    after_month = clock.local_date(freeze.frozen_at) - period_end(MONTH, freeze.month)
    return moment - freeze.frozen_at <= BRIEF_WITHIN and (freeze.revision > 1 or after_month <= MONTH_OVER_WITHIN)


def _brief(freeze: Freeze, file_format: str, moment: datetime) -> Report | None:
    made, is_new = Report.objects.get_or_create(
        freeze=freeze,
        format=file_format,
        defaults={"kind": ReportKind.MONTHLY, "start": freeze.month, "asked_at": moment},
    )
    return made if is_new else None


@contextmanager
def _alone(report_id: UUID) -> Iterator[bool]:
    """Of two workers that got the same message, one makes the report. The lock goes with the worker: one that is killed blocks nobody."""
    key = int.from_bytes(report_id.bytes[:8], signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        alone = bool(cursor.fetchone()[0])
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])


def _begin(report_id: UUID) -> bool:
    return bool(Report.objects.filter(pk=report_id, state__in=_OPEN).update(state=Report.State.RUNNING, progress=0))


def _progress(report_id: UUID, percent: int) -> None:
    """Say how far it is. Raises Cancelled where nobody wants it any more."""
    if not Report.objects.filter(pk=report_id, state=Report.State.RUNNING).update(progress=percent):
        raise Cancelled


@transaction.atomic
def _finish(report_id: UUID, made: ReportFile, layout: Layout | None) -> None:
    report = Report.objects.select_for_update().get(pk=report_id)
    if report.state != Report.State.RUNNING:
        raise Cancelled
    moment = clock.now()
    _keep(report, made, layout, moment)
    _tell(report, moment)


@transaction.atomic
def _keep(report: Report, made: ReportFile, layout: Layout | None, moment: datetime) -> None:
    """The finished file, and what it is made of."""
    report.attachment = content_store(
        name=made.name, content_type=made.content_type, content=made.content, user_id=report.asked_by_id, now=moment
    )
    report.state, report.progress, report.finished_at = Report.State.DONE, 100, moment
    report.as_of, report.revisions = made.as_of, dict(made.revisions)
    report.template_version = layout.version if layout else None
    report.save()


def _tell(report: Report, moment: datetime) -> None:
    """Leaders hear of a brief once, whichever of its files is there first; who asked hears of theirs."""
    url = f"/reports/kept/{report.pk}/"
    if report.freeze is None:
        if report.asked_by_id:
            told = [Told(report.asked_by_id, Kind.PROGRESS)]
            tell(told, text=f"{report.label}已生成", url=url, source=f"report:{report.pk}", now=moment)
        return
    revision = report.freeze.revision
    leaders = User.objects.filter(is_active=True, grants__role=Role.LEADER).values_list("pk", flat=True).distinct()
    tell(
        [Told(pk, Kind.PROGRESS) for pk in leaders],
        text=f"{period_label(PERIODS[report.kind], report.start)}月报已生成（数据第{revision}版）",
        url=url,
        source=f"brief:{report.start:%Y-%m}:{revision}",
        now=moment,
    )


def _fail(report_id: UUID, problem: str) -> None:
    Report.objects.filter(pk=report_id, state=Report.State.RUNNING).update(
        state=Report.State.FAILED, problem=problem[:200], finished_at=clock.now()
    )


def _problem(error: Exception, layout: Layout | None) -> str:
    if isinstance(error, DomainError):
        return "；".join(error.fields.values()) or error.detail
    if isinstance(error, TemplateError) and layout is not None and layout.version:
        return f"自定义模板第{layout.version}版在这一期用不了。请修改模板，或恢复内置模板后重新生成。"
    return "生成时出错，请稍后重新生成；仍然不行请联系系统管理员。"


def _facts(report: Report) -> dict[str, str]:
    return {"kind": report.kind, "period": report.start.isoformat(), "format": report.format}
