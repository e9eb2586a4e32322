"""Workbooks and jobs as these tests need them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook

from tests.people import client_for, credit_code
from unionportal.core.accounts.models import User
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.services.running import job_run

ISSUE_HEADINGS = ("标题", "类别", "收集日期", "统一社会信用代码", "镇街", "诉求内容")
ENTERPRISE_HEADINGS = ("统一社会信用代码", "企业名称", "镇街", "职工人数", "会员人数", "建会情况")
VISIT_HEADINGS = (
    "驻联干部",
    "走访日期",
    "统一社会信用代码",
    "走访对象",
    "对象名称",
    "镇街",
    "职工状态是否在线",
    "走访情况",
)


def xlsx(*rows: Sequence[Any], name: str = "表.xlsx") -> SimpleUploadedFile:
    """A workbook of one sheet."""
    out = BytesIO()
    book = Workbook(out, {"default_date_format": "yyyy-mm-dd", "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return sent(out.getvalue(), name)


def sent(content: bytes, name: str) -> SimpleUploadedFile:
    """A file as a browser sends it."""
    return SimpleUploadedFile(name, content)


def again(upload: SimpleUploadedFile) -> SimpleUploadedFile:
    """The same file, to be sent once more."""
    upload.seek(0)
    return upload


def csv(*rows: Sequence[Any], encoding: str = "utf-8-sig", name: str = "表.csv") -> SimpleUploadedFile:
    """The same as CSV."""
    text = "\r\n".join(",".join(str(cell) for cell in row) for row in rows)
    return sent(text.encode(encoding), name)


def enterprise_rows(count: int, *, first: int = 100) -> list[tuple[str, ...]]:
    """Headings and so many new enterprises."""
    rows = [
        (credit_code(first + n), f"导入第{n}纺织有限公司（演示）", "稽山街道", "80", "60", "单独建会")
        for n in range(count)
    ]
    return [ENTERPRISE_HEADINGS, *rows]


def cells(content: bytes) -> list[list[Any]]:
    """The first sheet of a workbook we made."""
    return CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()


def content_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)


def run_all() -> None:
    """What a worker would do with the jobs that wait."""
    for job in Job.objects.filter(state="queued").order_by("asked_at"):
        job_run(job_id=job.pk)


def ask_import(user: User, kind: str, upload: Any, *, dry_run: bool = False) -> dict[str, Any]:
    """Send a workbook through the API, run it, and read what came of it."""
    client = client_for(user)
    asked = client.post("/api/v1/imports/", {"kind": kind, "file": upload, "dry_run": dry_run})
    assert asked.status_code == 202, asked.content.decode()
    run_all()
    return client.get(f"/api/v1/imports/{asked.json()['id']}/").json()


def ask_export(user: User, kind: str, file_format: str = "csv", **params: str) -> dict[str, Any]:
    """Ask for a list through the API, run it, and read what came of it."""
    client = client_for(user)
    wanted = {"kind": kind, "format": file_format, "params": params}
    asked = client.post("/api/v1/exports/", wanted, content_type="application/json")
    assert asked.status_code == 202, asked.content.decode()
    run_all()
    return client.get(f"/api/v1/exports/{asked.json()['id']}/").json()
