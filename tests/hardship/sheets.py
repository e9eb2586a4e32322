"""Departments' sheets for the tests of sensing, as CSV; the short way to bring one in; and reading a protected workbook."""

from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

import msoffcrypto
from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook

from hardship.models import SensedBatch
from hardship.services.sensing import BatchInput, batch_take, batch_upload, preview
from tests.hardship.cast import Cast

MEDICAL = ("姓名", "身份证号", "工作单位", "个人自付")
ROSTER = ("姓名", "身份证号", "工作单位", "镇街")


def sheet(headings: Sequence[str], *rows: Sequence[object]) -> SimpleUploadedFile:
    """A CSV file as a department sends it."""
    lines = [",".join(str(cell) for cell in line) for line in (headings, *rows)]
    return SimpleUploadedFile("名单.csv", ("\ufeff" + "\r\n".join(lines)).encode(), "text/csv")


def opened(content: bytes, password: str) -> list[list[Any]]:
    """The rows of a protected workbook, headings first."""
    book, plain = msoffcrypto.OfficeFile(BytesIO(content)), BytesIO()
    assert book.is_encrypted()
    book.load_key(password=password)
    book.decrypt(plain)
    plain.seek(0)
    return CalamineWorkbook.from_filelike(plain).get_sheet_by_index(0).to_python()


def uploaded(
    cast: Cast,
    source: str,
    headings: Sequence[str],
    *rows: Sequence[object],
    provider: str = "区医保局",
    now: datetime | None = None,
) -> SensedBatch:
    """A sheet that waits to be confirmed."""
    given = BatchInput(source, provider, "发现需要帮扶的职工", "数据共享协议（2024）3 号")
    return batch_upload(
        uuid=uuid4(), given=given, upload=sheet(headings, *rows), actor=cast.scope("staff"), now=now or cast.now
    )


def taken(
    cast: Cast,
    source: str,
    headings: Sequence[str],
    *rows: Sequence[object],
    provider: str = "区医保局",
    leave_out: bool = False,
    now: datetime | None = None,
) -> SensedBatch:
    """A sheet that was taken by the mapping its headings suggest."""
    batch = uploaded(cast, source, headings, *rows, provider=provider, now=now)
    return batch_take(
        batch_uuid=batch.uuid,
        mapping=preview(batch).mapping,
        actor=cast.scope("staff"),
        leave_out=leave_out,
        now=now or cast.now,
    )
