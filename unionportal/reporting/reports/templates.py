"""Word templates of reports: uploaded by staff, tried out before they are kept, numbered, one in force; the built-in one is never gone."""

from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max

from unionportal.core.audit.services import record
from unionportal.core.common import clock
from unionportal.core.common.errors import FieldErrors, NotFound
from unionportal.core.common.policy import require
from unionportal.core.common.scope import Scope
from unionportal.core.files.services import attachment_store
from unionportal.reporting.models import ReportKind, ReportTemplate
from unionportal.reporting.reports.files import Layout
from unionportal.reporting.reports.template_check import problems_of

#: A template is text, a letterhead and perhaps an emblem.
MAX_BYTES = 5 * 1024 * 1024
BUILT_IN = 0


@transaction.atomic
def template_upload(*, kind: str, upload: UploadedFile, actor: Scope, now: datetime | None = None) -> ReportTemplate:
    """Keep a template and put it in force. Raises Forbidden, NotFound (kind), FieldErrors (`file`) with what a clerk can do about it."""
    require(actor, "report.template")
    _check_kind(kind)
    if not (upload.name or "").lower().endswith(".docx"):
        raise FieldErrors({"file": "模板要用 Word 文档（.docx）。请在 Word 或 WPS 里另存为 .docx 后再上传。"})
    if upload.size and upload.size > MAX_BYTES:
        raise FieldErrors({"file": f"模板超过 {MAX_BYTES // 1024**2} MB，请缩小里面的图片后再上传。"})
    attachment = attachment_store(upload=upload, actor=actor, now=now)
    with attachment.file.open("rb") as stream:
        problems = problems_of(kind, stream.read())
    if problems:
        raise FieldErrors({"file": "\n".join(problems)})
    _nobody_else(kind)
    newest = ReportTemplate.objects.filter(kind=kind).aggregate(newest=Max("version"))["newest"] or BUILT_IN
    ReportTemplate.objects.filter(kind=kind, is_in_force=True).update(is_in_force=False)
    made = ReportTemplate.objects.create(
        kind=kind,
        version=newest + 1,
        attachment=attachment,
        is_in_force=True,
        uploaded_by_id=actor.user_id,
        uploaded_at=now or clock.now(),
    )
    record(actor=actor, action="template.upload", object_type="report_template", object_id=kind, version=made.version)
    return made


@transaction.atomic
def template_use(*, kind: str, version: int, actor: Scope) -> None:
    """Put a version in force; 0 is the built-in one. Raises Forbidden, NotFound, FieldErrors where its words are no longer known."""
    require(actor, "report.template")
    _check_kind(kind)
    _nobody_else(kind)
    if version != BUILT_IN and (problems := problems_of(kind, layout_of(kind, version).content)):
        raise FieldErrors({"file": "\n".join(problems)})
    ReportTemplate.objects.filter(kind=kind, is_in_force=True).update(is_in_force=False)
    ReportTemplate.objects.filter(kind=kind, version=version).update(is_in_force=True)
    record(actor=actor, action="template.use", object_type="report_template", object_id=kind, version=version)


def layout_in_force(kind: str) -> Layout:
    """What Word reports of a kind are written with now."""
    found = ReportTemplate.objects.filter(kind=kind, is_in_force=True).first()
    return layout_of(kind, found.version if found else BUILT_IN)


def layout_of(kind: str, version: int) -> Layout:
    """A version's file. Raises NotFound."""
    _check_kind(kind)
    if version == BUILT_IN:
        from unionportal.reporting.reports.word import built_in_template  # the office libraries are big

        return Layout(BUILT_IN, built_in_template(kind))
    found = ReportTemplate.objects.filter(kind=kind, version=version).select_related("attachment").first()
    if found is None:
        raise NotFound
    with found.attachment.file.open("rb") as stream:
        return Layout(version, stream.read())


def _check_kind(kind: str) -> None:
    if kind not in ReportKind.values:
        raise NotFound


def _nobody_else(kind: str) -> None:
    """Of two who change a kind's template at once, the second waits: versions have no gaps and one is in force."""
    list(ReportTemplate.objects.select_for_update().filter(kind=kind).values_list("pk", flat=True))
