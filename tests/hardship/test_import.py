"""Households from a workbook: brought in whole or not at all, and nothing of anybody left lying in the job."""

import json
import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from hardship.models import FileMember, HardshipFile
from tests.hardship.cast import CARD, PHONE, Cast, id_number
from tests.jobs.builders import again, ask_export, ask_import, content_of, run_all, xlsx
from tests.people import client_for
from unionportal.core.jobs.models import Job
from unionportal.core.jobs.services.sweeping import PERSONAL_KEPT_FOR, files_expire

pytestmark = pytest.mark.usefixtures("committed_db")
HEADINGS = (
    "户主身份证号",
    "与户主关系",
    "姓名",
    "身份证号",
    "电话",
    "健康状况",
    "镇街",
    "主要致困原因",
    "住址",
    "银行卡号",
    "工作单位",
)
HIM, HER, OTHER = id_number(701), id_number(702), id_number(703)


def holder(number: str = HIM, **changes: str) -> tuple[str, ...]:
    given = {"name": "王示例", "phone": PHONE, "township": "稽山街道", "cause": "重特大疾病", **changes}
    return (
        number,
        "本人或户主",
        given["name"],
        number,
        given["phone"],
        "有慢性病",
        given["township"],
        given["cause"],
        "示例路 1 号",
        CARD,
        "越城示例纺织厂",
    )


def wife(number: str = HER, of: str = HIM) -> tuple[str, ...]:
    return (of, "配偶", "李示例", number, "", "健康或良好", "", "", "", "", "")


def kept(job: Job) -> str:
    """Everything the database and the store hold of a job."""
    rows = json.dumps({name: str(value) for name, value in vars(job).items()}, ensure_ascii=False)
    files = [str(stored.name) for stored in (job.source, job.result) if stored]
    return rows + "".join(text_of(default_storage.open(name).read()) for name in files)


def text_of(content: bytes) -> str:
    """What a file says, unpacked if it is a workbook."""
    if not zipfile.is_zipfile(BytesIO(content)):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


def test_a_checked_workbook_is_brought_in_and_its_upload_goes(cast: Cast) -> None:
    book = xlsx(HEADINGS, holder(), wife())
    checked = ask_import(cast.users["aid"], "hardship", book, dry_run=True)
    assert (checked["state"], checked["problems"]) == ("done", [])
    assert not HardshipFile.objects.exists()
    job = Job.objects.get()
    for secret in (HIM, HER, PHONE, CARD, "王示例"):
        assert secret not in kept(job)
    name = str(job.source.name)
    client = client_for(cast.users["aid"])
    assert client.post(f"/api/v1/imports/{checked['id']}/confirm/").status_code in (200, 201, 202)
    run_all()
    file = HardshipFile.objects.get()
    assert (file.state, file.people, file.unit_name, file.opened("card")) == ("draft", 2, "越城示例纺织厂", CARD)
    assert [member.opened("name") for member in file.members.all()] == ["王示例", "李示例"]
    assert list(Job.objects.values_list("source", flat=True)) == ["", ""]
    told = ask_import(cast.users["aid"], "hardship", again(book))
    assert told["counts"]["same"] == 2
    assert not default_storage.exists(name)


def test_what_is_wrong_is_told_without_what_was_typed(cast: Cast) -> None:
    cast.file("aid_fusheng", township=cast.fusheng, holder=cast.person(name="张别家", id_number=OTHER))
    bad = id_number(704)[:-1] + ("1" if id_number(704)[-1] != "1" else "2")
    book = xlsx(HEADINGS, holder(), wife(OTHER), wife(bad), (*wife(id_number(706), of=id_number(707)),), holder(OTHER))
    told = ask_import(cast.users["aid_jishan"], "hardship", book, dry_run=True)
    reasons = [(problem["row"], problem["column"], problem["value"]) for problem in told["problems"]]
    assert reasons == [
        (3, "身份证号", ""),
        (4, "身份证号", ""),
        (5, "户主身份证号", ""),
        (6, "户主身份证号", ""),
    ]
    job = Job.objects.get()
    assert (job.source.name, job.result.name) == ("", "")
    for secret in (HIM, OTHER, bad, "张别家", PHONE):
        assert secret not in kept(job)
    page = client_for(cast.users["aid_jishan"]).get(f"/imports/{job.pk}/").content.decode()
    assert "不显示填的内容" in page
    assert "校验位不对" in page


def test_an_upload_nobody_confirms_is_kept_a_day(cast: Cast) -> None:
    ask_import(cast.users["aid"], "hardship", xlsx(HEADINGS, holder()), dry_run=True)
    assert Job.objects.get().source.name
    assert files_expire(now=timezone.now() + PERSONAL_KEPT_FOR / 2) == 0
    assert files_expire(now=timezone.now() + PERSONAL_KEPT_FOR * 1.1) == 1
    assert not Job.objects.get().source.name


@pytest.mark.parametrize("who", ["staff", "clerk", "leader"])
def test_only_aid_officers_bring_households_in(cast: Cast, who: str) -> None:
    sent = {"kind": "hardship", "file": xlsx(HEADINGS, holder()), "dry_run": True}
    assert client_for(cast.users[who]).post("/api/v1/imports/", sent).status_code == 403


def test_a_row_outside_the_own_area_writes_nothing(cast: Cast) -> None:
    told = ask_import(cast.users["aid_jishan"], "hardship", xlsx(HEADINGS, holder(), holder(OTHER, township="富盛镇")))
    assert told["state"] == "failed"
    assert not FileMember.objects.exists()


def test_the_command_names_the_officer(cast: Cast, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "表.xlsx"
    path.write_bytes(xlsx(("建档人", *HEADINGS), ("aid_jishan", *holder()), ("aid_jishan", *wife())).read())
    call_command("import_workbook", "hardship", str(path))
    assert HardshipFile.objects.get().opened_by == cast.users["aid_jishan"]
    wrong = tmp_path / "错.xlsx"
    wrong.write_bytes(xlsx(("建档人", *HEADINGS), ("aid", *holder("330602198001010010"))).read())
    with pytest.raises(CommandError):
        call_command("import_workbook", "hardship", str(wrong))
    assert "330602198001010010" not in capsys.readouterr().out


def test_the_list_leaves_as_a_file_with_masked_names(cast: Cast) -> None:
    cast.file(holder=cast.person(name="王示例", phone=PHONE))
    told = ask_export(cast.users["staff"], "hardship")
    text = content_of(client_for(cast.users["staff"]).get(told["download"])).decode()
    assert "王**" in text
    for secret in ("王示例", PHONE, CARD):
        assert secret not in text
