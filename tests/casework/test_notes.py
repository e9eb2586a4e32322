"""Notes among colleagues: who reads them, who can be mentioned, who watches, and the files that come with them."""

from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from PIL import Image

from casework.models import InternalNote, Issue, IssueFile, Watcher
from casework.people import can_see, likely_readers
from casework.services.notes import FILES_MOST, note_add, watch_set
from tests.casework.cast import Cast
from tests.people import password_hash, sign_in
from unionportal.core.audit.models import AuditEntry
from unionportal.core.common.errors import FieldErrors, NotFound

EVERYBODY = (
    "staff",
    "leader",
    "registrar",
    "colleague",
    "outsider",
    "clerk",
    "neighbour",
    "handler",
    "workroom_handler",
    "other_handler",
    "auditor",
)


def photo() -> bytes:
    """A small picture with a camera's name in its EXIF."""
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG", exif=exif.tobytes())
    return out.getvalue()


def upload(name: str = "现场.jpg", content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, photo() if content is None else content)


def write(cast: Cast, issue: Issue, who: str, text: str, **given: Any) -> InternalNote:
    return note_add(code=issue.code, text=text, actor=cast.scope(who), now=cast.now, **given)


def test_colleagues_who_see_the_issue_read_and_answer(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    sent = cast.client("handler").post(f"/issues/{issue.code}/notes/", {"text": "企业的账户信息还缺一份。"})
    assert (sent.status_code, sent.url) == (302, f"/issues/{issue.code}/#notes")
    for who in ("staff", "leader", "registrar", "clerk", "handler"):
        assert "企业的账户信息还缺一份。" in cast.client(who).get(f"/issues/{issue.code}/").content.decode()
    issue.refresh_from_db()
    assert (issue.version, issue.events.count()) == (3, 3)  # a note is no step
    entry = AuditEntry.objects.get(action="note.write")
    assert entry.object_id == issue.code
    assert "账户" not in str(entry.data)


@pytest.mark.parametrize("who", ["outsider", "neighbour", "other_handler", "workroom_handler"])
def test_an_outsider_neither_reads_nor_writes(cast: Cast, who: str) -> None:
    issue = cast.issue_in("in_progress")
    note = write(cast, issue, "staff", "内部情况。", attachments=[upload()])
    file = note.files.get()
    client = cast.client(who)
    for answer in (
        client.post(f"/issues/{issue.code}/notes/", {"text": "我也说一句。"}),
        client.post(f"/issues/{issue.code}/watch/", {"on": "1"}),
        client.get(f"/issues/{issue.code}/people/"),
        client.get(f"/issues/{issue.code}/files/{file.attachment_id}/"),
    ):
        assert answer.status_code == 404
    with pytest.raises(NotFound):
        write(cast, issue, who, "我也说一句。")
    assert (InternalNote.objects.count(), Watcher.objects.count()) == (1, 1)


def test_notes_never_leave_by_the_api(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    write(cast, issue, "staff", "只给同事看的话。")
    assert "只给同事看的话" not in cast.client("staff").get(f"/api/v1/issues/{issue.code}/").content.decode()


@pytest.mark.parametrize("state", ["registered", "in_progress"])
def test_the_picker_knows_everybody_who_can_see_the_issue_and_nobody_else(cast: Cast, state: str) -> None:
    issue = cast.issue_in(state)
    likely = {user.username for user in likely_readers(issue)}
    for who in EVERYBODY:
        sees = cast.client(who).get(f"/issues/{issue.code}/").status_code == 200
        assert can_see(cast.users[who], issue) == sees, who
        assert (who in likely) == sees, who


def test_the_picker_finds_by_name_and_leaves_out_oneself(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    rows = cast.client("staff").get(f"/issues/{issue.code}/people/?q=hand").json()["results"]
    assert [row["id"] for row in rows] == ["handler"]
    everybody = cast.client("staff").get(f"/issues/{issue.code}/people/?q=").json()["results"]
    assert {row["id"] for row in everybody} == {"leader", "registrar", "colleague", "clerk", "handler"}


def test_a_mention_is_somebody_who_can_see_the_issue(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    rename(cast, handler="王敏", outsider="李远", clerk="王敏之")
    note = write(cast, issue, "staff", "@王敏 请补材料，抄送@王敏之、邮箱 a@b.example 不算。")
    assert {user.username for user in note.mentions.all()} == {"handler", "clerk"}
    assert write(cast, issue, "staff", "@王敏请今天办完").mentions.get().username == "handler"
    for text, words in (
        ("@李远 看一下", "看不到这条诉求"),
        ("@张三 看一下", "没有叫“张三”的人"),
    ):
        with pytest.raises(FieldErrors) as refused, transaction.atomic():
            write(cast, issue, "staff", text)
        assert words in refused.value.fields["text"]
    assert InternalNote.objects.count() == 2


def test_two_people_of_one_name_are_told_apart(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    rename(cast, handler="王敏", clerk="王敏")
    with pytest.raises(FieldErrors) as refused:
        write(cast, issue, "staff", "@王敏 看一下")
    assert "@clerk、@handler" in refused.value.fields["text"]
    assert write(cast, issue, "staff", "@clerk 看一下").mentions.get().username == "clerk"
    rows = cast.client("staff").get(f"/issues/{issue.code}/people/?q=wangmin").json()["results"]
    assert {row["insert"] for row in rows} == {"clerk", "handler"}


def rename(cast: Cast, **names: str) -> None:
    for who, name in names.items():
        cast.users[who].display_name = name
        cast.users[who].save()


def test_a_refused_note_keeps_what_was_typed(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    answer = cast.client("staff").post(f"/issues/{issue.code}/notes/", {"text": "@没有这个人 看一下"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "@没有这个人 看一下" in page
    assert "没有叫“没有这个人”的人" in page
    for text in ("", "  \r\n ", "长" * 2001):
        assert cast.client("staff").post(f"/issues/{issue.code}/notes/", {"text": text}).status_code == 422
    assert not InternalNote.objects.exists()


def test_text_of_a_note_is_never_markup(cast: Cast) -> None:
    issue = cast.issue()
    write(cast, issue, "staff", "<script>alert(1)</script>")
    assert "<script>alert(1)" not in cast.client("staff").get(f"/issues/{issue.code}/").content.decode()


def test_watching_is_once_and_can_be_ended(cast: Cast) -> None:
    issue = cast.issue()
    for _ in range(2):
        watch_set(code=issue.code, on=True, actor=cast.scope("leader"), now=cast.now)
    assert Watcher.objects.get().user == cast.users["leader"]
    assert "取消关注" in cast.client("leader").get(f"/issues/{issue.code}/").content.decode()
    cast.client("leader").post(f"/issues/{issue.code}/watch/", {"on": "0"})
    assert not Watcher.objects.exists()


def test_a_file_comes_without_what_the_camera_wrote_and_is_read_only_by_whoever_sees_the_issue(cast: Cast) -> None:
    issue = cast.issue_in("in_progress")
    sent = cast.client("handler").post(
        f"/issues/{issue.code}/notes/", {"text": "现场照片。", "attachments": [upload()]}
    )
    assert sent.status_code == 302
    address = f"/issues/{issue.code}/files/{IssueFile.objects.get().attachment_id}/"
    got = cast.client("staff").get(address)
    content = b"".join(got.streaming_content)
    assert got["Content-Type"] == "image/jpeg"
    assert b"SecretCamera" not in content
    cast.move(issue, "transfer", "staff", unit=cast.finance, note="转财务。")
    assert cast.client("handler").get(address).status_code == 404  # no longer the holder: no longer in reach
    assert cast.client("other_handler").get(address).status_code == 200
    other = cast.issue(title="另一件")
    assert cast.client("staff").get(address.replace(issue.code, other.code)).status_code == 404
    assert cast.client("staff").get(f"/issues/{issue.code}/files/{uuid4()}/").status_code == 404


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([upload("报告.pdf")], "与文件名不符"),
        ([upload("脚本.exe", b"MZ")], "不能上传这种文件"),
        ([upload("空.pdf", b"")], "空文件"),
        ([upload(f"{n}.jpg") for n in range(FILES_MOST + 1)], "一次最多"),
    ],
)
def test_a_file_that_is_not_what_it_says(cast: Cast, files: list[SimpleUploadedFile], words: str) -> None:
    issue = cast.issue()
    with pytest.raises(FieldErrors) as refused, transaction.atomic():
        write(cast, issue, "staff", "附上材料。", attachments=files)
    assert words in refused.value.fields["attachments"]
    assert not InternalNote.objects.exists()
    assert not IssueFile.objects.exists()


def test_a_colleague_is_picked_in_the_browser(committed_cast: Cast, page: Any) -> None:
    cast = committed_cast
    rename(cast, handler="王敏")
    cast.users["staff"].password = password_hash()
    cast.users["staff"].save()
    issue = cast.issue_in("in_progress")
    sign_in(page, cast.users["staff"])
    page.goto(f"/issues/{issue.code}/")
    field = page.locator("#note_text")
    field.press_sequentially("请@wangm")
    page.get_by_role("option", name="王敏").wait_for()
    field.press("Enter")
    field.press_sequentially("今天补材料")
    page.get_by_role("button", name="保存批注").click()
    page.get_by_text("提醒了王敏").wait_for()
    assert InternalNote.objects.get().text == "请@王敏 今天补材料"
