"""The workbook somebody sends: judged by its bytes before anything reads it, kept for the worker."""

import base64
import hashlib
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from unionportal.core.common import sealed
from unionportal.core.common.errors import FieldErrors
from unionportal.core.files.content import Unfit, cleaned
from unionportal.core.files.scanning import Infected, ScannerAway, scan
from unionportal.core.files.services import Uncommitted, safe_name
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.sheets import decoded


def keep_source(job: Job, upload: UploadedFile, *, personal: bool = False) -> None:
    """Check the upload and keep it as the job's source, sealed if it is `personal`; the stored file goes away again if the transaction does not commit.

    Raises FieldErrors at `file` for what is empty, too large, infected, or no workbook whatever its name says.
    """
    name = safe_name(upload.name or "")
    content = checked_content(name, upload)
    job.format = PurePosixPath(name).suffix.lower().lstrip(".")
    job.source_name, job.source_sha256 = name, hashlib.sha256(content).hexdigest()
    kept = sealed.seal(base64.b64encode(content).decode(), context=_context(job)).encode() if personal else content
    job.source.save(f"jobs/{job.pk}-source.{job.format}", ContentFile(kept), save=False)
    transaction.on_commit(Uncommitted(job.source.storage, str(job.source.name)).keep)


def source_content(job: Job, *, personal: bool) -> bytes:
    """What was uploaded. Raises FieldErrors at `file` where it is gone: a restored database comes without the files of jobs."""
    try:
        with job.source.open("rb") as stream:
            kept = bytes(stream.read())
        return base64.b64decode(sealed.unseal(kept.decode(), context=_context(job))) if personal else kept
    except (FileNotFoundError, sealed.Unreadable):
        raise FieldErrors({"file": "上传的文件已过保存期，请重新上传。"}) from None


def _context(job: Job) -> str:
    """What a sealed upload is bound to: the job it was sent to, also where another brings it in."""
    return f"jobs.source:{job.check_of_id or job.pk}"


def checked_content(name: str, upload: UploadedFile) -> bytes:
    """The bytes of an .xlsx or .csv file."""
    extension = PurePosixPath(name).suffix.lower()
    if extension not in (".xlsx", ".csv"):
        raise FieldErrors({"file": "只能导入 Excel（.xlsx）或 CSV 文件；旧的 .xls 请先另存为 .xlsx。"})
    if not upload.size:
        raise FieldErrors({"file": f"“{name}”是空文件。"})
    if upload.size > settings.UPLOAD_MAX_BYTES:
        raise FieldErrors({"file": f"“{name}”超过 {settings.UPLOAD_MAX_BYTES // 1024**2} MB，请分成几份导入。"})
    content = upload.read()
    try:
        scan(content)
        if extension == ".csv":
            decoded(content)
            return content
        upload.seek(0)
        return cleaned(extension, cast(BinaryIO, upload.file))[1]
    except Unfit as problem:
        raise FieldErrors({"file": f"“{name}”：{problem}。"}) from None
    except Infected:
        raise FieldErrors({"file": f"“{name}”含有病毒，没有保存。请先在电脑上杀毒。"}) from None
    except ScannerAway:
        raise FieldErrors({"file": "病毒检查暂时不可用，文件没有保存，请稍后再试。"}) from None
